"""Where clients come from: what each source brings, what a new client costs there, and who they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import drill
from dovolen.desk.analysis.queries.clients import UNTOLD
from dovolen.desk.analysis.views.shown import RIGHT, Lack, Shown, page
from dovolen.desk.core.access import may

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card

COST = "value.acquisition"
OTHERS = ("channel", "department", "initiated_by")
"""How orders came, beside from where clients did."""


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
    card = drill.linked(found, seen.printer, seen.scope_key, day=seen.day)
    return _with_names(seen, card, "value") if dimension == "source" else card


def _cost(seen: Shown) -> Card | Lack:
    found = seen.panel(COST, 12)
    return found if isinstance(found, Lack) else _with_names(seen, found, "source")


def _with_names(seen: Shown, card: Card, column: str) -> Card:
    """Rows lead to the clients of their source, those of none too."""
    told = zip(card.rows, card.panel.table.records, strict=True)
    rows = [
        replace(row, url=drill.names({"source": record[column] or UNTOLD}, seen.scope_key, day=seen.day))
        for row, record in told
    ]
    return replace(card, rows=rows)
