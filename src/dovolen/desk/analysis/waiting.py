"""Whether the analyst is wanted, as workers ask once a second: without the engine it works with."""

from __future__ import annotations

from datetime import UTC, datetime

from dovolen.desk.analysis import actions


def has_work() -> bool:
    """Whether a snapshot or a client waits."""
    return actions.has_work(now=datetime.now(UTC))
