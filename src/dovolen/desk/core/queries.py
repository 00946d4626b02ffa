"""What the pages of the house ask for."""

from __future__ import annotations

from django.db.models import F, QuerySet

from dovolen.desk.core.models import Pending, Timer

SHOWN = 200


def failed_events() -> QuerySet[Pending]:
    """Events whose reactions failed: the parked first, then those that rest, the latest first."""
    failed = Pending.objects.exclude(cause="").select_related("event")
    return failed.order_by(F("parked_at").desc(nulls_last=True), "-event_id")[:SHOWN]


def failed_timers() -> QuerySet[Timer]:
    """Timers whose last run failed."""
    return Timer.objects.exclude(cause="").order_by("name", "centre_id")
