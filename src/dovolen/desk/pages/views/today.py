"""The first page after the log-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts import queries
from dovolen.desk.core import access
from dovolen.desk.core.access import SIGNED_IN, may
from dovolen.desk.core.answers import respond


@may(SIGNED_IN)
@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Where one works, and what makes the house safe and full."""
    person = access.person(request)
    shown = {"now": timezone.now(), "places": person.places, "steps": queries.first_steps(person)}
    return respond(request, "pages/home.html", shown)
