"""The first page after the log-in, and the gallery."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts import queries
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.answers import respond
from dovolen.desk.pages.samples import SAMPLES


@may(SIGNED_IN)
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Where one works, and what makes the house safe and full."""
    person: Any = request.user
    shown = {"now": timezone.now(), "places": person.places, "steps": queries.first_steps(person)}
    return respond(request, "pages/home.html", shown)


@may("run the house")
@require_safe
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with a sample, in both themes."""
    return respond(request, "pages/gallery.html", {"samples": SAMPLES, "themes": ("light", "dark")})
