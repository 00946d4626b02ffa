"""Where sessions live: in the base, each known by whose it is, so that a person can see and end his own."""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

from dovolen.desk.accounts.models import Session

IDLE = timedelta(hours=12)
"""A browser left alone for longer than a shift asks to log in again."""
SEEN_EVERY = timedelta(minutes=5)
FACTS = ("address", "browser", "number", "started_at")


class SessionStore(DatabaseStore):
    """Django's store with the digest of the key in the base, and an end for idle browsers."""

    seen_at: datetime | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """The table."""
        return Session

    @staticmethod
    def digest(key: str | None) -> str:
        """What the base keeps of a key."""
        return hashlib.sha256((key or "").encode()).hexdigest()

    def _get_session_from_db(self) -> Session | None:
        now = timezone.now()
        kept = {"expire_date__gt": now, "seen_at__gt": now - IDLE}
        found = Session.objects.filter(session_key=self.digest(self.session_key), **kept).first()
        if found is None:
            self._session_key = None
            return None
        self.seen_at = found.seen_at
        return found

    def exists(self, session_key: str) -> bool:
        """Whether there is a session of this key."""
        return Session.objects.filter(session_key=self.digest(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """The row of this session."""
        now = timezone.now()
        started = data.get("started_at")
        return Session(
            session_key=self.digest(self._get_or_create_session_key()),  # type: ignore[attr-defined]
            session_data=self.encode(data),
            expire_date=self.get_expiry_date(),
            number=uuid.UUID(data["number"]) if data.get("number") else uuid.uuid4(),
            staff_id=data.get(SESSION_KEY),
            address=data.get("address"),
            browser=data.get("browser", ""),
            started_at=datetime.fromisoformat(started) if started else now,
            seen_at=now,
        )

    def cycle_key(self) -> None:
        """The same session under a new key: for a moment there are two rows, so the new one has a number of its own."""
        if "number" in self:
            self["number"] = str(uuid.uuid4())
        super().cycle_key()

    def delete(self, session_key: str | None = None) -> None:
        """End it."""
        if (key := session_key or self.session_key) is not None:
            Session.objects.filter(session_key=self.digest(key)).delete()

    def note_seen(self, now: datetime) -> None:
        """Remember that the browser is in use; written at most once in some minutes."""
        if self.session_key and self.seen_at and now - self.seen_at > SEEN_EVERY:
            Session.objects.filter(session_key=self.digest(self.session_key)).update(seen_at=now)


def describe(store: Any, *, address: str | None, browser: str, now: datetime) -> None:
    """Write into a new session what its owner will know it by."""
    values = (address, browser[:200], str(uuid.uuid4()), now.isoformat())
    for name, value in zip(FACTS, values, strict=True):
        store[name] = value
