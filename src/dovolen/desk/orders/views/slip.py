"""The slip: what the client takes away, and the label on his device."""

from __future__ import annotations

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.orders.models import DECLINED, RepairOrder


@may("see orders")
@require_safe
@never_cache
def slip(request: HttpRequest, number: int) -> HttpResponse:
    """The printed page of an intake; the phone is there only for those who may see clients."""
    person = access.person(request)
    seen = RepairOrder.objects.visible_to(person).select_related(
        "centre", "customer", "asset__category", "accepted_by", "rework_of"
    )
    order = get_object_or_404(seen, number=number)
    may_see = person.may("see customers", order.centre)
    url = request.build_absolute_uri(reverse("order", args=[order.number]))
    shown = {
        "order": order, "qr": _qr(url), "may_take_in": person.may("take in"),
        "may_issue": person.may("issue papers", order.centre_id),
        "lines": list(order.lines.exclude(state=DECLINED).order_by("position", "pk")),
        "phone": order.customer.phones.order_by("-is_main", "pk").first() if may_see else None,
        "prints": request.GET.get("print") == "1",
    }  # fmt: skip
    return respond(request, "orders/slip.html", shown)


def _qr(text: str) -> SafeString:
    drawing = segno.make(text, micro=False, error="m")
    return mark_safe(drawing.svg_inline(omitsize=True, border=0, svgclass="dv-qr", lineclass="dv-qr-line"))
