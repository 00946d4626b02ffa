"""Pages of the ground floor: is it alive, how is it, what failed."""

from __future__ import annotations

import logging
import sys
from http import HTTPStatus

from django.contrib import messages
from django.db import InterfaceError, OperationalError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.views.decorators.http import require_POST

from dovolen.desk.core import actions, installation, queries
from dovolen.desk.core.access import may, person, public
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.words import language_of_browser

log = logging.getLogger("dovolen.desk")

RETRY_SECONDS = 3


@public
def health(request: HttpRequest) -> HttpResponse:
    """One word for a load balancer: 200 while this process reaches the base."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain", headers={"Cache-Control": "no-store"})


@may("run the house")
def status(request: HttpRequest) -> HttpResponse:
    """Versions, queues, workers, disk, last backup and seal."""
    return respond(request, "core/status.html", {"state": installation.state(timezone.now())})


@may("run the house")
def failures(request: HttpRequest) -> HttpResponse:
    """What failed and why, each with a button to try it again."""
    return respond(
        request, "core/failures.html", {"events": queries.failed_events(), "timers": queries.failed_timers()}
    )


@may("run the house")
@require_POST
def event_tries(request: HttpRequest, event_id: int) -> HttpResponse:
    """One more try for an event."""
    try:
        actions.try_event_again(event_id=event_id, by=person(request), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("failures")


@may("run the house")
@require_POST
def timer_tries(request: HttpRequest, timer_id: int) -> HttpResponse:
    """One more try for a timer."""
    try:
        actions.try_timer_again(timer_id=timer_id, by=person(request), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("failures")


@public
def broken(request: HttpRequest) -> HttpResponse:
    """What a person sees when something broke: 503 that tries again by itself while the base is away, else 500.

    The page asks nothing of the base and nothing of the session.
    """
    cause = sys.exc_info()[1]
    is_away = isinstance(cause, OperationalError | InterfaceError)
    why = _why(str(cause)) if is_away else "broken"
    code = HTTPStatus.SERVICE_UNAVAILABLE if is_away else HTTPStatus.INTERNAL_SERVER_ERROR
    lang = language_of_browser(request)
    with translation.override(lang):
        values = {"why": f"core.{why}", "again": RETRY_SECONDS if is_away and request.method == "GET" else None}
        page = render_to_string("core/broken.html", {**values, "lang": lang, "posted": request.method == "POST"})
    response = HttpResponse(page, status=code, headers={"Cache-Control": "no-store"})
    if is_away:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _why(told: str) -> str:
    if "is full" in told or "No space left" in told:
        return "no_room"
    return "behind" if "no such table" in told or "no such column" in told else "away"
