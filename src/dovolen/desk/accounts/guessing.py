"""Limits on guessing: so many tries in so long, counted in the base, the same for all processes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import F

from dovolen.desk.accounts.models import Guesses
from dovolen.desk.core.errors import Refusal


class TooManyGuesses(Refusal):
    """No more tries for now."""

    key = "accounts.refused.too_many_guesses"


@dataclass(frozen=True)
class Limit:
    """How many tries in how long, of one kind of thing."""

    name: str
    most: int
    within: timedelta

    def digest(self, of: object) -> str:
        """What is counted, told by a digest: somebody may have typed his password as his login."""
        return hashlib.sha256(f"{self.name}\0{of}".encode()).hexdigest()


ACCOUNT = Limit("account", 10, timedelta(minutes=15))
ADDRESS = Limit("address", 50, timedelta(minutes=15))
"""A whole centre may stand behind one address."""
CODE = Limit("code", 6, timedelta(minutes=15))
LINK = Limit("client_link", 30, timedelta(minutes=15))
"""Wrong keys to clients' pages from one address."""
QUESTION = Limit("question", 5, timedelta(hours=1))
"""What one client asks on his page."""
REPORT = Limit("gateway_report", 30, timedelta(minutes=15))
"""Reports to addresses of no gateway, from one host."""
PASSWORD = Limit("password", 10, timedelta(minutes=15))
"""Asked again of somebody who is in."""


def take(limit: Limit, of: object, *, now: datetime) -> None:
    """Use up one try. Raises: TooManyGuesses when none is left; then `minutes` says when there is."""
    digest = limit.digest(of)
    rows = Guesses.objects.filter(digest=digest)
    fresh = {"count": 1, "ends_at": now + limit.within}
    _, made = Guesses.objects.get_or_create(digest=digest, defaults=fresh)
    if made or rows.filter(ends_at__lte=now).update(**fresh):
        return
    if not rows.filter(count__lt=limit.most, ends_at__gt=now).update(count=F("count") + 1):
        ends_at = rows.values_list("ends_at", flat=True).first() or now
        raise _too_many(ends_at, now)


def check(limit: Limit, of: object, *, now: datetime) -> None:
    """Raises: TooManyGuesses when no try is left. Uses none up."""
    rows = Guesses.objects.filter(digest=limit.digest(of), count__gte=limit.most, ends_at__gt=now)
    ends_at = rows.values_list("ends_at", flat=True).first()
    if ends_at is not None:
        raise _too_many(ends_at, now)


def _too_many(ends_at: datetime, now: datetime) -> TooManyGuesses:
    return TooManyGuesses(minutes=max(1, -(-int((ends_at - now).total_seconds()) // 60)))


def forget(limit: Limit, of: object) -> None:
    """All tries are left again: the guess was right."""
    Guesses.objects.filter(digest=limit.digest(of)).delete()
