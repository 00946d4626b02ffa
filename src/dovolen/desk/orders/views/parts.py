"""Parts on their way for an order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.assets.models import PART
from dovolen.desk.core import access
from dovolen.desk.core.access import may
from dovolen.desk.core.once import once
from dovolen.desk.orders import actions
from dovolen.desk.orders.forms.order import PartDateForm, PartForm
from dovolen.desk.orders.models import DECLINED, AwaitedPart
from dovolen.desk.orders.views import sheets


@may("see orders")
@once
def new_part(request: HttpRequest, number: int) -> HttpResponse:
    """Note a part that was ordered; from its line it takes the name."""
    order = sheets.found(request, number, "work")
    lines = list(order.lines.filter(kind=PART).exclude(state=DECLINED).order_by("position", "pk"))
    chosen = next((line for line in lines if str(line.pk) == request.GET.get("line")), None)
    first = {"line": chosen.pk, "name": chosen.name} if chosen else {}
    form = PartForm(request.POST or None, lines=lines, initial=first)

    def act() -> None:
        actions.await_part(order=order, by=access.person(request), now=timezone.now(), **form.facts())

    return sheets.sheet(request, order, "new_part", form, act)


@may("see orders")
def part(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """When a part is expected now."""
    order = sheets.found(request, number, "repair", "take_in")
    one = get_object_or_404(AwaitedPart, pk=key, order=order)
    form = PartDateForm(request.POST or None, initial={"expected_at": one.expected_at})

    def act() -> None:
        expected_at = form.cleaned_data["expected_at"]
        actions.expect_part(part=one, expected_at=expected_at, by=access.person(request), now=timezone.now())

    return sheets.sheet(request, order, "part", form, act, template="orders/part.html", part=one)


@may("see orders")
@require_POST
def part_arrival(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """It is here."""
    return _at_once(request, number, key, "part_arrival", actions.part_arrived)


@may("see orders")
@require_POST
def part_removal(request: HttpRequest, number: int, key: int) -> HttpResponse:
    """It is not awaited any more."""
    return _at_once(request, number, key, "part_removal", actions.cancel_part)


def _at_once(request: HttpRequest, number: int, key: int, name: str, action: Callable[..., Any]) -> HttpResponse:
    order = sheets.found(request, number, "repair", "take_in")
    one = get_object_or_404(AwaitedPart, pk=key, order=order)
    by = access.person(request)
    return sheets.attempt(request, order, name, lambda: action(part=one, by=by, now=timezone.now()))
