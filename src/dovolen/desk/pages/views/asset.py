"""The card of an asset: what it went through, whoever owned it; what is under warranty; whose it is and was."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets import queries as assets
from dovolen.desk.assets.models import Asset
from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders import queries as orders
from dovolen.desk.orders.models import CLOSED, Line, RepairOrder

MOST = 50
"""Orders on the card; the rest is told to be there."""


@may("see assets")
@require_safe
def asset(request: HttpRequest, asset: int) -> HttpResponse:
    """Everything the house knows of one device or vehicle."""
    person, now = access.person(request), timezone.now()
    visible = Asset.objects.visible_to(person).select_related("category", "owner")
    found = get_object_or_404(visible, pk=asset)
    history = list(_orders_of(found, person)[: MOST + 1])
    centres = person.centre_ids("see orders")
    shown = {
        "asset": found,
        "open": [order for order in history if order.phase != CLOSED],
        "closed": [order for order in history if order.phase == CLOSED][:MOST],
        "is_cut": len(history) > MOST,
        "most": MOST,
        "warranty": _here(orders.warranty_of(found, timezone.localdate(now)), centres),
        "declined": _here(orders.declined_of(found), centres) if person.may("record approval") else [],
        "owners": assets.asset_history(found),
        "own_fields": assets.own_fields(found),
        "may_change": Asset.objects.visible_to(person, "change assets").filter(pk=found.pk).exists(),
        "may_take_in": person.may("take in"),
        "may_see_customers": person.may("see customers"),
        "may_change_owner": person.may("change customers"),
    }
    return respond(request, "pages/asset.html", shown)


def _orders_of(asset: Asset, person: Staff) -> QuerySet[RepairOrder]:
    """Its orders that he may see, the latest first."""
    found = RepairOrder.objects.visible_to(person).filter(asset=asset)
    return found.select_related("customer", "stage", "centre").order_by("-accepted_at", "-pk")


def _here(lines: list[Line], centres: set[int]) -> list[Line]:
    """Lines of orders that he may see."""
    return [line for line in lines if line.order.centre_id in centres]
