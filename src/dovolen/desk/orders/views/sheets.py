"""A form of an order: a page of its own without script, a dialog over the order with it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse

from dovolen.desk.core import access, words
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.page import flags, orders_of
from dovolen.desk.shell.forms import WordedForm


def found(request: HttpRequest, number: int, *rights: str) -> RepairOrder:
    """The order of a number, for who may do one of these with it (names of `page.flags`).

    Raises: Http404 where he does not see it, PermissionDenied where he sees it only.
    """
    person = access.person(request)
    order: RepairOrder = get_object_or_404(orders_of(person), number=number)
    if rights and not any(flags(person, order)[right] for right in rights):
        raise PermissionDenied(rights[0])
    return order


def seen(request: HttpRequest, number: int) -> RepairOrder:
    """The bare row of a number, for who sees it."""
    return get_object_or_404(RepairOrder.objects.visible_to(access.person(request)), number=number)


def sheet(
    request: HttpRequest, order: RepairOrder, name: str, form: WordedForm, act: Callable[[], object],
    template: str = "orders/form.html", **shown: Any,
) -> HttpResponse:  # fmt: skip
    """Show a form; sent and sound, do what it is for, and go back to the order. A refusal stands in the form."""
    if request.method == "POST" and form.is_valid():
        try:
            act()
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return done(request, order, name)
    heading = {
        "name": name,
        "title": words.say(f"order_page.sheet.{name}"),
        "act": words.say(f"order_page.act.{name}"),
    }
    return respond(request, template, {"order": order, "form": form, **heading, **shown})


def done(request: HttpRequest, order: RepairOrder, name: str) -> HttpResponse:
    """Back to the order, saying what was done."""
    messages.success(request, words.say(f"order_page.done.{name}"))
    return back(request, order)


def attempt(request: HttpRequest, order: RepairOrder, name: str, act: Callable[[], object]) -> HttpResponse:
    """Do at once what a button of the order page is for; why it was not done is said on that page."""
    try:
        act()
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return back(request, order)
    return done(request, order, name)


def back(request: HttpRequest, order: RepairOrder) -> HttpResponse:
    """To the order; htmx is told to go there itself."""
    url = reverse("order", args=[order.number])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
