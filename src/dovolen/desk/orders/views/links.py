"""The client's key to the page of his order: shown to whoever writes to clients, made, taken back."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from dovolen.desk.core import access, site
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.telling import page_of
from dovolen.desk.orders.views import sheets

RIGHT = "send messages"


@may(RIGHT)
@never_cache
@once
def link(request: HttpRequest, number: int) -> HttpResponse:
    """The key in force with the address to hand on; sent, one is made where there is none."""
    order = _order(request, number)
    now = timezone.now()
    if request.method == "POST":
        actions.link_of(order, now=now, by=access.person(request))
    found = queries.link_of_order(order)
    path = page_of(order, now) if found else ""
    shown = {"order": order, "link": found, "path": path, "address": site.url(path)}
    return respond(request, "orders/link.html", shown)


@may(RIGHT)
@require_POST
def link_removal(request: HttpRequest, number: int) -> HttpResponse:
    """Take the key back: its page is gone at once."""
    order = _order(request, number)
    by = access.person(request)
    return sheets.attempt(
        request, order, "link_removal", lambda: actions.revoke_link(order=order, by=by, now=timezone.now())
    )


def _order(request: HttpRequest, number: int) -> RepairOrder:
    order = sheets.found(request, number)
    if not access.person(request).may(RIGHT, order.centre_id):
        raise PermissionDenied(RIGHT)
    return order
