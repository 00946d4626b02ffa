"""Managers and technicians: promises kept, comebacks, complaints, satisfaction, what each loses points for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import opened
from dovolen.desk.analysis.views.satisfaction import ORDERS, of_orders
from dovolen.desk.analysis.views.shown import RIGHT, Shown, page
from dovolen.desk.core.access import may

POSITIONS = ("technician", "advisor")
ANSWERS = ("feedback.csi_managers", "feedback.nps_managers", "feedback.csat_managers")
FIGURES = ("orders.promise_kept", "orders.rework_share", "satisfaction.mean")
ASKED = ("feedback.csi", "feedback.csi_no_low", "feedback.nps", "feedback.csat")
"""Told where clients were asked at all."""


@dataclass(frozen=True)
class Share:
    """A share with its interval and the orders it is of."""

    value: float
    interval: str
    n: int


@dataclass(frozen=True)
class Performer:
    """One person of one position; what is told of too few orders is None."""

    name: str
    url: str
    orders: int
    is_withheld: bool
    kept: Share | None
    back: Share | None
    complaints: Share | None
    score: float | None
    lost: float | None
    worst: str
    """The fact that takes most."""
    worst_url: str


@dataclass(frozen=True)
class Table:
    """All of one position."""

    position: str
    rows: list[Performer]


@may(RIGHT)
@require_safe
def performers(request: HttpRequest) -> HttpResponse:
    """Everybody who takes in and repairs, side by side; each figure opens to its orders."""
    return page(request, "analysis/performers.html", "performers", fill=_filled)


def _filled(seen: Shown) -> dict[str, Any]:
    sheets = seen.open_study.sheets
    tables = [Table(position, _performers(seen, position)) for position in POSITIONS]
    answers = [(key, 6) for key in ANSWERS if key in sheets]
    asked = [key for key in ASKED if key in seen.open_study.figures]
    return {
        "tiles": seen.tiles([*FIGURES, *asked[:3]]),
        "tables": [one for one in tables if one.rows],
        "weak": [
            of_orders(seen, f"satisfaction.facts_by_{position}", 12)
            for position in POSITIONS
            if f"satisfaction.facts_by_{position}" in sheets
        ],
        "answers": seen.panels(answers or [("feedback.csi_managers", 12)]),
        "least": seen.printer.minimum,
    }


def _performers(seen: Shown, position: str) -> list[Performer]:
    sheet = seen.open_study.sheets.get(f"satisfaction.by_{position}")
    facts = seen.open_study.sheets.get(f"satisfaction.facts_by_{position}")
    told = {(row[position], row["fact"]): row for row in facts.records()} if facts else {}
    rows = sheet.records() if sheet else []
    rows.sort(key=lambda row: (bool(row.get("withheld")), row[position] is None, -row["orders"], str(row[position])))
    return [_performer(seen, position, row, told) for row in rows]


def _performer(
    seen: Shown, position: str, row: dict[str, Any], told: dict[tuple[Any, str], dict[str, Any]]
) -> Performer:
    name, sees, fact = row[position], seen.person.may(ORDERS), row.get("fact")
    who, carried = {position: name or "none"}, {"scope": seen.scope_key, "day": seen.day}
    late = told.get((name, "delay"))
    return Performer(
        name=name or seen.printer.words.say("knowledge.performers.unnamed"),
        url=opened.orders(who, **carried) if sees else "",
        orders=row["orders"],
        is_withheld=bool(row.get("withheld")),
        kept=_share(seen, late, of_others=True),
        back=_share(seen, told.get((name, "came_back"))),
        complaints=_share(seen, told.get((name, "complaint"))),
        score=row["mean_score"],
        lost=row["lost_an_order"],
        worst=seen.printer.words.name("fact_short", fact) if fact else "",
        worst_url=opened.orders({**who, "fact": fact}, **carried) if fact and sees else "",
    )


def _share(seen: Shown, row: dict[str, Any] | None, *, of_others: bool = False) -> Share | None:
    """How many orders a fact cost points, or of how many it did not."""
    if row is None:
        return None
    value, low, high = (row[name] for name in ("share", "low", "high"))
    if of_others:
        value, low, high = 1 - value, 1 - high, 1 - low
    words = seen.printer.words
    return Share(value, f"{words.number(100 * low, 1)}–{words.share(high, 1)}", row["known"])
