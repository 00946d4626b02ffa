"""The gallery of components."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.pages.samples import SAMPLES


@may("run the house")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with a sample, in both themes."""
    return respond(request, "pages/gallery.html", {"samples": SAMPLES, "themes": ("light", "dark")})
