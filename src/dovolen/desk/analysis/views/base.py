"""«База»: who the clients are, how the base changed, what each direction of RFM says."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis.views.shown import RIGHT, page
from dovolen.desk.core.access import may

FIGURES = ("base.in_base", "promise.kept", "satisfaction.mean", "retention.one_year", "risk.money", "feedback.nps")
PANELS = (("cascade.steps", 7), ("rfm.cells", 5))


@may(RIGHT)
@require_safe
def base(request: HttpRequest) -> HttpResponse:
    """The base as a whole."""
    return page(request, "analysis/base.html", "base", keys=PANELS, figures=FIGURES)
