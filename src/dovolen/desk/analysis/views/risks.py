"""«Риски»: signs of leaving, what each of them did to returns here, whom the house may lose."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis.views.shown import RIGHT, page
from dovolen.desk.core.access import may

FIGURES = ("risk.clients", "risk.money", "chance.auc", "chance.returned", "chance.foretold")
PANELS = (("risk.points", 12), ("chance.verdict", 12), ("chance.compare", 6), ("chance.deciles", 6))


@may(RIGHT)
@require_safe
def risks(request: HttpRequest) -> HttpResponse:
    """What threatens, and whom."""
    return page(request, "analysis/risks.html", "risks", keys=PANELS, figures=FIGURES)
