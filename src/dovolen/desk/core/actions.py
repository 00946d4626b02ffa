"""What people do to the work of the house: let a failure be tried again."""

from __future__ import annotations

from datetime import datetime

from django.db import models, transaction

from dovolen.desk.core import claims, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Pending, Timer


class NotFailed(Refusal):
    """It runs by itself, or was done meanwhile."""

    key = "core.refused.not_failed"


@transaction.atomic
def try_event_again(*, event_id: int, by: models.Model, now: datetime) -> None:
    """Let a failed event be tried at once, with all tries before it.

    Raises: NotFailed when it is done or never failed. Leaves: `failure.retried`.
    """
    failed = Pending.objects.filter(pk=event_id, tries__gt=0).exclude(cause="")
    if not claims.try_again(failed):
        raise NotFailed
    journal.record("failure.retried", subject=Pending(pk=event_id), by=by, at=now)


@transaction.atomic
def try_timer_again(*, timer_id: int, by: models.Model, now: datetime) -> None:
    """Let a failing timer go off at once.

    Raises: NotFailed when it went well meanwhile. Leaves: `failure.retried`.
    """
    if not claims.try_again(Timer.objects.filter(pk=timer_id).exclude(cause="")):
        raise NotFailed
    journal.record("failure.retried", subject=Timer(pk=timer_id), by=by, at=now)
