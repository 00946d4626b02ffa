"""How fast a gateway is fed, and when it is left in peace: kept in the base, so that all workers together hold it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import transaction

from dovolen.desk.core.models import Mark
from dovolen.desk.messaging.gateways import Unreachable
from dovolen.desk.messaging.models import Gateway

SAVED = timedelta(seconds=1)
"""What was not sent is made up for at most this long."""
RESTS = tuple(timedelta(seconds=seconds) for seconds in (1, 2, 5, 15, 30))
"""After the first failure in a row, the second, …; then always the last."""


def room(gateway: Gateway, now: datetime) -> int:
    """How many messages it may be given now. Locks its row: stands in the transaction that gives them."""
    mark = _mark(gateway, now)
    if _rests(mark, now):
        return 0
    return int((now - _since(mark, now)) / timedelta(seconds=1) * gateway.per_second)


def is_resting(gateway: Gateway, now: datetime) -> bool:
    """Whether it is left in peace now."""
    mark = Mark.objects.filter(pk=_name(gateway)).first()
    return mark is not None and _rests(mark, now)


def use(gateway: Gateway, n: int, now: datetime) -> None:
    """So many of them were given."""
    mark = _mark(gateway, now)
    used = timedelta(seconds=n / max(1, gateway.per_second))
    Mark.objects.filter(pk=mark.pk).update(at=_since(mark, now) + used)


@transaction.atomic
def rest(gateway: Gateway, error: Unreachable, *, now: datetime) -> None:
    """It was not reached: leave it in peace for a while, longer each time, and say so on the page of the house."""
    mark = _mark(gateway, now)
    n = int(mark.facts.get("n_failures", 0))
    pause = RESTS[-1] if error.is_permanent else RESTS[min(n, len(RESTS) - 1)]
    told = {"n_failures": n + 1, "rests_until": (now + pause).isoformat()}
    Mark.objects.filter(pk=mark.pk).update(facts=told)
    _show(gateway, now, is_well=False, detail=error.detail)


def well(gateway: Gateway, *, now: datetime) -> None:
    """It took what it was given."""
    if Mark.objects.filter(pk=_name(gateway)).exclude(facts={}).update(facts={}):
        _show(gateway, now, is_well=True, detail="")


def _show(gateway: Gateway, now: datetime, **facts: Any) -> None:
    told = {"name": gateway.name, **facts}
    Mark.objects.update_or_create(name=f"gateway.{gateway.pk}", defaults={"at": now, "facts": told})


def _name(gateway: Gateway) -> str:
    return f"sending.{gateway.pk}"


def _mark(gateway: Gateway, now: datetime) -> Mark:
    """Its row: `at` is the moment up to which its rate is used up."""
    begun = {"at": now - SAVED, "facts": {}}
    mark, is_new = Mark.objects.select_for_update().get_or_create(name=_name(gateway), defaults=begun)
    if is_new:
        _show(gateway, now, is_well=True, detail="")
    return mark


def _since(mark: Mark, now: datetime) -> datetime:
    """From when on it was given nothing; a clock that ran ahead is forgotten."""
    return min(now, max(mark.at, now - SAVED))


def _rests(mark: Mark, now: datetime) -> bool:
    return now < _moment(mark.facts.get("rests_until"), now)


def _moment(text: str | None, now: datetime) -> datetime:
    until = datetime.fromisoformat(text) if text else datetime.min.replace(tzinfo=UTC)
    return until if until < now + 2 * RESTS[-1] else now
