"""The screen of the waiting room."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders import queries
from dovolen.desk.orders.queries.display import Shown
from dovolen.desk.orders.queries.display import display as screen

RIGHT = "see shelf and queue"


@may(RIGHT)
@require_safe
def displays(request: HttpRequest) -> HttpResponse:
    """The screens of his centres; where there is one, that."""
    places = list(Centre.objects.filter(pk__in=access.person(request).centre_ids(RIGHT)).order_by("name", "pk"))
    if len(places) == 1:
        return redirect("display", places[0].pk)
    return respond(request, "orders/displays.html", {"places": places})


@may(RIGHT)
@require_safe
@never_cache
def display(request: HttpRequest, centre: int) -> HttpResponse:
    """What is ready and what is worked on at a centre."""
    place = get_object_or_404(Centre, pk=centre, pk__in=access.person(request).centre_ids(RIGHT))
    now = timezone.now()
    with timezone.override(place.zone):
        found = screen(place, queries.stages(), now)
        opening = Opening.of(place)
        shown = {
            "place": place,
            "now": now,
            "found": found,
            "ready": [_row(row, now) for row in found.ready],
            "work": [_row(row, now) for row in found.work],
            "closes": opening.closes(now) if opening.is_open(now) else None,
            "opens": opening.after(now),
        }
        return respond(request, "orders/display.html", shown)


def _row(row: Shown, now: datetime) -> dict[str, object]:
    order, asset = row.order, row.order.asset
    what = str(asset) if asset else (order.category.name if order.category else "")
    return {
        "row": row,
        "order": order,
        "what": ", ".join(filter(None, [what, asset.colour if asset else ""])),
        "due": bool(order.promised_at and order.promised_at > now),
        "stage": queries.stage_name(order.stage).lower(),
    }
