"""What earlier orders teach: how long such a repair takes, what it costs, which date will be kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import quantiles
from typing import Any

from django.db.models import F, QuerySet

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.assets.models import Category
from dovolen.desk.core.search import folded
from dovolen.desk.orders.models import REPAIRED, RepairOrder

LEAST = 20
"""Below so many orders nothing is said."""
LOOKED_AT = 400
"""The latest of a category: enough for a quantile, and one quick read."""
YEAR = timedelta(days=365)
STEM = 5


@dataclass(frozen=True)
class Similar:
    """Repairs like this one: hours and price of a quarter, a half, three quarters of them."""

    n: int
    alike_by: str
    """"model" (and fault), "fault", or "category"."""
    hours: tuple[float, float, float]
    price: tuple[int, int, int]


@dataclass(frozen=True)
class Option:
    """A date that may be promised, and in what share of like repairs it would have been kept."""

    at: datetime
    share: float | None
    n: int


def similar_repairs(
    category: Category, *, fault: str = "", model: str = "", centre: Centre, now: datetime
) -> Similar | None:
    """What repairs like this took and cost here within a year: of the model and fault, else of the fault, else of the
    category – the narrowest with 20 of them; none where even those are few."""
    rows: list[Any] = list(
        _finished(category, centre, now).values_list("accepted_at", "ready_at", "total", "fault_text", "asset__model")
    )
    stems = _stems(fault)
    with_fault = [row for row in rows if stems & _stems(row[3])] if stems else []
    with_model = [row for row in with_fault or rows if model and folded(row[4] or "") == folded(model)]
    for alike_by, found in (("model", with_model), ("fault", with_fault), ("category", rows)):
        if len(found) >= LEAST:
            hours = quantiles([(row[1] - row[0]).total_seconds() / 3600 for row in found], n=4, method="inclusive")
            price = quantiles([row[2] for row in found], n=4, method="inclusive")
            low, middle, high = (round(value) for value in price)
            return Similar(len(found), alike_by, (hours[0], hours[1], hours[2]), (low, middle, high))
    return None


def promise_options(centre: Centre, category: Category | None, norm_minutes: int = 0, *, now: datetime) -> list[Option]:
    """Dates to choose from, each in working hours: half, eight of ten and 19 of 20 like repairs were ready by then.

    Like are finished repairs of the category within a year, of about as much work where there are 20 of those.
    Where even the category has few, one date by the category's own term, without a share.
    """
    opening = Opening.of(centre)
    rows = _like_work(_worked(category, centre, now), norm_minutes)
    if len(rows) < LEAST:
        hours = category.turnaround_hours if category else 48
        return [Option(_full_hour(opening, now + timedelta(hours=hours), centre), None, len(rows))]
    minutes = sorted(opening.minutes_between(row[0], row[1]) for row in rows)
    ways = [_option(opening, now, minutes, share, centre) for share in (0.5, 0.8, 0.95)]
    return list({option.at: option for option in ways}.values())


def _option(opening: Opening, now: datetime, minutes: Sequence[int], share: float, centre: Centre) -> Option:
    wanted = minutes[min(len(minutes) - 1, int(share * len(minutes)))]
    at = _full_hour(opening, opening.after(now, wanted), centre)
    given = opening.minutes_between(now, at)
    return Option(at, sum(value <= given for value in minutes) / len(minutes), len(minutes))


def _full_hour(opening: Opening, moment: datetime, centre: Centre) -> datetime:
    """The next full hour of the centre's clock at which it is open."""
    local = centre.local(moment)
    full = local.replace(minute=0, second=0, microsecond=0)
    rounded = moment + (full + timedelta(hours=1) - local if full != local else timedelta(0))
    return rounded if opening.is_open(rounded) else opening.after(rounded, 60)


def _worked(category: Category | None, centre: Centre, now: datetime) -> list[Any]:
    if category is None:
        return []
    return list(_finished(category, centre, now).values_list("accepted_at", "ready_at", "norm_minutes"))


def _like_work(rows: list[Any], norm_minutes: int) -> list[Any]:
    """Those with half to twice as much work, where they are enough."""
    if not norm_minutes:
        return rows
    like = [row for row in rows if norm_minutes / 2 <= row[2] <= norm_minutes * 2]
    return like if len(like) >= LEAST else rows


def _finished(category: Category, centre: Centre, now: datetime) -> QuerySet[RepairOrder]:
    found = RepairOrder.objects.filter(
        centre=centre, category=category, outcome=REPAIRED, accepted_at__gte=now - YEAR, accepted_at__lt=now,
        ready_at__gte=F("accepted_at"), rework_of=None,
    )  # fmt: skip
    return found.order_by("-accepted_at", "-pk")[:LOOKED_AT]


def _stems(text: str) -> set[str]:
    """Words of a fault without their endings: «не включается» and «включался» share one."""
    return {word[:STEM] for word in folded(text).split() if len(word) > 3}
