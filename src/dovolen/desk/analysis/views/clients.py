"""Names behind a figure: clients of a snapshot by filters, page by page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis.views.shown import RIGHT, page
from dovolen.desk.core.access import may


@may(RIGHT)
@require_safe
def clients(request: HttpRequest) -> HttpResponse:
    """The list."""
    return page(request, "analysis/clients.html", "clients")
