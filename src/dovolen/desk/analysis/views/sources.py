"""Where clients come from: what each source brings, what a new client costs there, and who they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import drill
from dovolen.desk.analysis.models import ClientResult
from dovolen.desk.analysis.queries.sources import UNKNOWN, clients_of
from dovolen.desk.analysis.views.shown import RIGHT, Lack, Shown, page
from dovolen.desk.core import words
from dovolen.desk.core.access import may

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card

CUSTOMERS = "see customers"
COST = "value.acquisition"
OTHERS = ("channel", "department", "initiated_by")
"""How orders came, beside from where clients did."""
TEXT_LENGTH = 60
ENOUGH = 0.5
"""Of the card's weight, for a score to be told."""


@may(RIGHT)
@require_safe
def sources(request: HttpRequest) -> HttpResponse:
    """Sources side by side; each opens to its clients."""
    return page(
        request, "analysis/sources.html", "sources", figures=("value.acquisition_cost",), fill=_filled,
    )  # fmt: skip


def _filled(seen: Shown) -> dict[str, Any]:
    others = [card for one in OTHERS if (card := _slice(seen, one, 6))]
    return {"by_source": _slice(seen, "source", 12), "cost": _cost(seen), "others": others}


def _slice(seen: Shown, dimension: str, wide: int) -> Card | None:
    """One dimension of the slices; rows of the source lead to its clients."""
    from dovolen.insight.panels import slice_of

    sheet = seen.open_study.sheets.get("slices")
    found = slice_of(sheet, dimension, seen.printer, wide=wide) if sheet else None
    if found is None:
        return None
    card = drill.linked(found, seen.printer, seen.scope_key)
    return _with_names(seen, card, "value") if dimension == "source" else card


def _cost(seen: Shown) -> Card | Lack:
    found = seen.panel(COST, 12)
    return found if isinstance(found, Lack) else _with_names(seen, found, "source")


def _with_names(seen: Shown, card: Card, column: str) -> Card:
    if not seen.person.may(CUSTOMERS):
        return card
    told = zip(card.rows, card.panel.table.records, strict=True)
    return replace(card, rows=[replace(row, url=address(record[column], seen.query)) for row, record in told])


def address(source: str | None, more: str = "", cursor: str = "") -> str:
    """The clients of a source; None: of whom it is not known."""
    query = drill.address(source=source or UNKNOWN, cursor=cursor)
    return f"{reverse('source_clients')}?{'&'.join(filter(None, [query, more]))}"


@may(RIGHT)
@require_safe
def source_clients(request: HttpRequest) -> HttpResponse:
    """Clients of one source, the most revenue first."""
    source = request.GET.get("source", UNKNOWN).replace("\x00", "")[:TEXT_LENGTH]
    told = words.say("knowledge.sources.unknown") if source == UNKNOWN else source
    return page(
        request, "analysis/source_clients.html", "sources", fill=lambda seen: _names(seen, source), source=told,
    )  # fmt: skip


def _names(seen: Shown, source: str) -> dict[str, Any]:
    from dovolen.insight.cells import ICONS

    assert seen.snapshot is not None
    found = clients_of(source, seen.snapshot, seen.person, seen.request.GET.get("cursor", ""))
    return {
        "rows": [{"one": row, "shape": ICONS.get(row.state), "score": _score(row)} for row in found.rows],
        "later": address(source, seen.query, found.later) if found.later else "",
        "currency": seen.study.meta["currency"],
    }


def _score(row: ClientResult) -> int | None:
    """Rounded as the card of a client says it; None where too little is known of his orders."""
    sure = row.satisfaction is not None and (row.satisfaction_coverage or 0) >= ENOUGH
    return round(row.satisfaction) if sure and row.satisfaction is not None else None
