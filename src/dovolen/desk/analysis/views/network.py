"""The network: centres side by side, what is usual among them, clients they share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis.drill import names
from dovolen.desk.analysis.kept_back import is_about_costs
from dovolen.desk.analysis.models import RIGHT, StudyFigure
from dovolen.desk.analysis.queries.network import Network, Side, network, shared
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond

if TYPE_CHECKING:
    from dovolen.insight.cells import Printer

MORE, LESS, NEITHER = "more", "less", ""
MEASURES = {
    "base.in_base": NEITHER, "base.orders": NEITHER, "base.revenue": NEITHER, "orders.average_order": NEITHER,
    "value.profitability": MORE, "orders.promise_kept": MORE, "orders.turnaround": LESS, "orders.rework_share": LESS,
    "satisfaction.mean": MORE, "feedback.nps": MORE, "base.repeat_share": MORE, "base.quarter_change": MORE,
    "retention.one_year": MORE, "risk.money": NEITHER,
}  # fmt: skip
"""Figures of the page, and which way each is better."""
SIZES = ("money", "clients", "orders", "visits", "count")
COSTS = "see costs"


@dataclass(frozen=True)
class Place:
    """A figure of one centre; it `stands` better or worse than usual where its interval tells, else empty."""

    text: str
    under: str
    stands: str
    is_few: bool


@dataclass(frozen=True)
class Row:
    """A figure across the centres."""

    title: str
    rule: str
    places: list[Place | None]
    usual: str


@may(RIGHT)
@require_safe
def network_page(request: HttpRequest) -> HttpResponse:
    """Centres that the reader may look at, side by side."""
    person = access.person(request)
    found = network(person, tuple(MEASURES))
    told = [side for side in found.sides if side.snapshot is not None]
    pairs = [(pair, names({"also": pair.other.key}, pair.one.key)) for pair in shared(told)]
    context: dict[str, Any] = {
        "sides": found.sides, "told": told, "n_centres": found.n_centres, "is_one": Centre.objects.count() < 2,
        "rows": _rows(found, person) if told else [], "pairs": pairs, "usual": bool(found.usual),
    }  # fmt: skip
    return respond(request, "analysis/network.html", context)


def _rows(found: Network, person: Any) -> list[Row]:
    made = []
    printers = {side.key: _printer(side) for side in found.sides if side.snapshot is not None}
    say = words.current()
    for key, better in MEASURES.items():
        places = [
            _place(side, key, better, found.usual.get(key), printers.get(side.key), person) for side in found.sides
        ]
        if all(place is None for place in places):
            continue
        figure = next(side.figures[key] for side in found.sides if key in side.figures)
        printer = next(iter(printers.values()))
        closed = is_about_costs(key) and not all(person.may(COSTS, int(side.key)) for side in found.sides)
        usual = None if closed else found.usual.get(key)
        told = "" if usual is None else _printed(_rounded(usual, figure.unit), figure.unit, printer)
        made.append(Row(say.name("figure", key), printer.rule(figure.rule), places, told))
    return made


def _place(
    side: Side, key: str, better: str, usual: float | None, printer: Printer | None, person: Any
) -> Place | None:
    figure = side.figures.get(key)
    if figure is None or printer is None or (is_about_costs(key) and not person.may(COSTS, int(side.key))):
        return None
    if figure.few or figure.value is None:
        return Place(words.say("ui.few"), "", "", is_few=True)
    under = [] if figure.n is None else [words.say("ui.n", n=printer.words.number(figure.n))]
    if figure.low is not None and figure.high is not None:
        under.insert(0, _between(figure.low, figure.high, figure.unit, printer))
    return Place(
        _printed(figure.value, figure.unit, printer), " · ".join(under), _stands(figure, better, usual), is_few=False
    )


def _stands(figure: StudyFigure, better: str, usual: float | None) -> str:
    """Better or worse than usual, where the whole interval lies on one side."""
    if not better or usual is None or figure.low is None or figure.high is None:
        return ""
    if figure.low <= usual <= figure.high:
        return ""
    return "better" if (figure.low > usual) == (better == MORE) else "worse"


def _printer(side: Side) -> Printer:
    from dovolen.insight.cells import Printer

    assert side.snapshot is not None
    return Printer(words.current(), side.snapshot.meta)


def _rounded(usual: float, unit: str) -> float:
    """A size in two digits: the median of an odd number of centres is what one of them has."""
    if unit not in SIZES or not usual:
        return usual
    return float(f"{usual:.1e}")


def _between(low: float, high: float, unit: str, printer: Printer) -> str:
    """«82,7–91,4 %»: the unit once, where it stands behind."""
    least, most = (_printed(end, unit, printer) for end in (low, high))
    behind = re.search(r"\u00a0?[^\d.,\u00a0]+$", most)
    return f"{least.removesuffix(behind[0]) if behind else least}–{most}"


def _printed(value: Any, unit: str, printer: Printer) -> str:
    return printer.value(round(value) if unit == "money" else value, unit)
