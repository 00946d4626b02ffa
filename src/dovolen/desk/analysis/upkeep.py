"""What the analysis does by the clock: snapshots of the day before."""

from __future__ import annotations

from datetime import datetime

from dovolen.desk.analysis import actions


def ask_nightly(*, until: datetime, now: datetime, **_: object) -> None:
    """Snapshots of the house and its centres; the analyst makes them."""
    actions.ask_nightly(until=until, now=now)
