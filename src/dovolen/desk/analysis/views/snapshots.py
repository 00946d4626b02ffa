"""Snapshots of the base: kept ones, a new one on demand."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis.views.shown import RIGHT, page
from dovolen.desk.core.access import may


@may(RIGHT)
@require_safe
def snapshots(request: HttpRequest) -> HttpResponse:
    """Kept snapshots."""
    return page(request, "analysis/snapshots.html", "snapshots")
