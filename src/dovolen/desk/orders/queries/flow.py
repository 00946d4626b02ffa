"""What comes in and goes out: the day in figures, parts due, what went through a stretch of time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.models import Event
from dovolen.desk.orders.models import CLOSED, WORK, RepairOrder

USUAL_DAYS = 28
LEAST = 20
"""Orders of the past under which nothing is called usual."""


@dataclass(frozen=True)
class Flow:
    """A stretch of time in figures."""

    n_in: int
    n_out: int
    n_ready: int
    n_kept: int
    """Of those handed over: ready by the first promise."""
    n_late: int
    queue_minutes: int = 0
    """Norm of what is in work now."""
    n_earlier: int = 0
    """Taken in during the four weeks before."""

    def usual(self, working_days: int) -> int | None:
        """How many are taken in on a usual day; None where too few came to say."""
        return round(self.n_earlier / working_days) if self.n_earlier >= LEAST and working_days else None


def flow(centres: Iterable[Centre | int], since: datetime, until: datetime) -> Flow:
    """What came in and went out at some centres, in one query."""
    orders = RepairOrder.objects.filter(centre=OuterRef("pk"))
    out = orders.filter(picked_up_at__gte=since, picked_up_at__lt=until)
    late = Q(ready_at__gt=F("first_promised_at")) | Q(ready_at=None, picked_up_at__gt=F("first_promised_at"))
    before = orders.filter(accepted_at__gte=since - timedelta(days=USUAL_DAYS), accepted_at__lt=since)
    counted = {
        "n_in": _n(orders.filter(accepted_at__gte=since, accepted_at__lt=until)),
        "n_out": _n(out),
        "n_promised": _n(out.exclude(first_promised_at=None)),
        "n_late": _n(out.filter(late)),
        "n_ready": _n_ready(since, until),
        "queue": _sum(orders.exclude(phase=CLOSED).filter(phase=WORK), "norm_minutes"),
        "n_earlier": _n(before),
    }
    rows = Centre.objects.filter(pk__in=list(centres)).annotate(**counted).values_list(*counted)
    sums = [sum(value or 0 for value in column) for column in zip(*rows, strict=True)] or [0] * len(counted)
    found = dict(zip(counted, sums, strict=True))
    return Flow(
        found["n_in"], found["n_out"], found["n_ready"], found["n_promised"] - found["n_late"], found["n_late"],
        found["queue"], found["n_earlier"],
    )  # fmt: skip


def _n_ready(since: datetime, until: datetime) -> Subquery:
    """Orders that became ready, by the journal: it is sorted by kind and moment, orders are not by when they were."""
    told = Event.objects.filter(kind="order.ready", at__gte=since, at__lt=until, centre_id=OuterRef("pk"))
    return Subquery(told.order_by().values("centre_id").annotate(n=Count("subject_id", distinct=True)).values("n"))


def _n(orders: QuerySet[RepairOrder]) -> Subquery:
    return Subquery(orders.order_by().values("centre").annotate(n=Count("pk")).values("n"))


def _sum(orders: QuerySet[RepairOrder], what: str) -> Subquery:
    return Subquery(orders.order_by().values("centre").annotate(sum=Sum(what)).values("sum"))


def went_through(centre: Centre | int, since: datetime, until: datetime, most: int = 50) -> list[RepairOrder]:
    """Orders taken in or handed over during a stretch of time, the latest first."""
    told = RepairOrder.objects.select_related("customer", "asset", "accepted_by", "picked_up_by", "stage")
    came = told.filter(centre=centre, accepted_at__gte=since, accepted_at__lt=until).order_by("-accepted_at", "-pk")
    went = told.filter(centre=centre, picked_up_at__gte=since, picked_up_at__lt=until).order_by("-picked_up_at", "-pk")
    both = {order.pk: order for order in [*came[:most], *went[:most]]}
    return sorted(both.values(), key=lambda order: (order.picked_up_at or order.accepted_at, order.pk), reverse=True)[
        :most
    ]


def handed_over(staff: Staff, since: datetime, most: int = 50) -> list[RepairOrder]:
    """Orders handed over since a moment at the centres he sees, the latest first."""
    out = RepairOrder.objects.visible_to(staff).filter(picked_up_at__gte=since)
    told: QuerySet[Any] = out.select_related("customer", "asset", "picked_up_by", "centre")
    return list(told.order_by("-picked_up_at", "-pk")[:most])
