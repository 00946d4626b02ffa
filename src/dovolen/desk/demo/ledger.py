"""The journal of a history that is brought in as a whole: events in order of time, sealed, with nothing to react to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import models

from dovolen.desk.core import journal
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.demo import bulk


class Ledger:
    """Events as they are thought of; written together."""

    def __init__(self) -> None:
        self._events: list[tuple[datetime, int, Event, Mapping[str, str]]] = []

    def note(
        self,
        kind: str,
        *,
        subject: models.Model,
        by: models.Model | None,
        at: datetime,
        centre: models.Model | None = None,
        private: Mapping[str, str] | None = None,
        **facts: object,
    ) -> None:
        """What `journal.record` takes."""
        event = journal.drawn_up(kind, subject=subject, by=by, at=at, centre=centre, private=private, facts=facts)
        self._events.append((at, len(self._events), event, private or {}))

    def write(self) -> int:
        """Write all in order of time; gives how many."""
        told = sorted(self._events, key=lambda entry: entry[:2])
        bulk.write([event for _, _, event, _ in told])
        bulk.write(
            [
                PrivateFact(event=event, name=name, value=value)
                for _, _, event, private in told
                for name, value in private.items()
            ],
        )
        self._events.clear()
        return len(told)
