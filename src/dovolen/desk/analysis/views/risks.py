"""«Риски»: signs of leaving, what each of them did to returns here, whom the house may lose."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import drill
from dovolen.desk.analysis.models import ClientResult
from dovolen.desk.analysis.queries import clients as names
from dovolen.desk.analysis.views.named import named
from dovolen.desk.analysis.views.shown import RIGHT, Shown, page
from dovolen.desk.core.access import may

FIGURES = ("risk.clients", "risk.money", "chance.returned", "chance.auc", "chance.gain_recency")
PANELS = (("risk.points", 12), ("chance.compare", 6), ("chance.deciles", 6), ("chance.weights", 12),
          ("risk.returns", 12))  # fmt: skip
SHOWN = 10


@may(RIGHT)
@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """What threatens, and whom."""
    return page(request, "analysis/risks.html", "risks", keys=PANELS, figures=FIGURES, fill=_fill)


def _fill(shown: Shown) -> dict[str, Any]:
    mine = ClientResult.objects.filter(snapshot=shown.snapshot, n_risks__gt=0)
    dearest = list(names.with_names(names.ordered(mine, "risk"))[:SHOWN])
    verdict = shown.open_study.sheets.get("chance.verdict")
    told = verdict.records()[0] if verdict is not None and verdict.rows else None
    return {
        "losing": {"rows": named(shown, dearest), "n": mine.count()},
        "losing_url": drill.names({"point": names.ANY}, shown.scope_key, day=shown.day),
        "chance": shown.printer.cell(verdict, "chance_told", told) if verdict is not None and told else "",
    }  # fmt: skip
