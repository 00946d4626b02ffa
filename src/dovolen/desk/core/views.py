"""Pages of the ground floor: is it alive, how is it, what failed."""

from __future__ import annotations

from django.contrib import messages
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.core import actions, installation, queries
from dovolen.desk.core.access import may, person, public
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal


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
