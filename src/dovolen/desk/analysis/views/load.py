"""What lies ahead: orders and norm-hours to come, the queue, the days to clear it – and how wrong that may be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Membership
from dovolen.desk.analysis.views.shown import RIGHT, Lack, Shown, page
from dovolen.desk.core import words
from dovolen.desk.core.access import may
from dovolen.desk.orders.queries.lists import NOBODY

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card

FIGURES = ("forecast.orders", "forecast.norm_hours", "queue.orders", "queue.hours", "queue.days")
SPARE = ("queue.days_with_arrivals", "queue.spare_hours", "queue.spare_orders")
"""How the queue goes on with new orders: in days where it becomes shorter, else what is lacking a day."""
AHEAD = (("forecast.weeks", 12), ("forecast.days", 7), ("forecast.weekdays", 5))
CHECKED = (("forecast.backtest", 12),)
CHECKS = ("forecast.error", "forecast.error_weeks", "forecast.gain", "forecast.held_days", "forecast.held_weeks")
PRICES = (("price.orders", 12), ("price.revenue", 12))
QUEUE = "queue.technicians"


@may(RIGHT)
@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """Forecast, queue, days to clear; rows of the queue open to the orders in it."""
    return page(request, "analysis/load.html", "load", fill=_filled)


def _filled(seen: Shown) -> dict[str, Any]:
    prices = [(key, wide) for key, wide in PRICES if key in seen.open_study.sheets]
    spare = next((key for key in SPARE if key in seen.open_study.figures), SPARE[0])
    return {
        "tiles": seen.tiles([*FIGURES, spare]),
        "ahead": seen.panels(AHEAD),
        "queue": [_queue(seen), seen.panel("queue.warranties", 5)],
        "checked": seen.panels(CHECKED),
        "checks": seen.tiles(CHECKS),
        "prices": seen.panels(prices),
        "sees_orders": seen.person.may("see orders"),
    }


def _queue(seen: Shown) -> Card | Lack:
    """The queue by technician, each leading to his open orders."""
    found = seen.panel(QUEUE, 7)
    if isinstance(found, Lack) or not seen.person.may("see orders"):
        return found
    keys: dict[Any, Any] = {**_technicians(seen), None: NOBODY}
    told = [record.get("technician") for record in found.panel.table.records]
    rows = [
        replace(
            row, url=f"{reverse('orders')}?technician={keys[name]}" if name in keys else "", cells=_cells(row, name)
        )
        for row, name in zip(found.rows, told, strict=True)
    ]
    return replace(found, rows=rows)


def _cells(row: Any, name: str | None) -> list[Any]:
    """Orders that nobody has taken are nobody's, not hidden."""
    first, *rest = row.cells
    return row.cells if name else [replace(first, text=words.say("lists.nobody")), *rest]


def _technicians(seen: Shown) -> dict[str, int]:
    """Keys of those at his centres by name; names that two of them bear lead nowhere."""
    here = Membership.objects.filter(centre__in=seen.person.centre_ids("see orders"), staff__is_active=True)
    found: dict[str, set[int]] = {}
    for name, key in here.values_list("staff__name", "staff_id"):
        found.setdefault(name, set()).add(key)
    return {name: keys.pop() for name, keys in found.items() if len(keys) == 1}
