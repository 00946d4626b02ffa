"""The list of orders, and the views of it that somebody keeps."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.orders import queries
from dovolen.desk.orders.actions import filters
from dovolen.desk.orders.models import SavedFilter
from dovolen.desk.orders.queries.lists import MOST_COUNTED, OrderFilter, OrderRow, orders_page
from dovolen.desk.orders.views.choices import selects, sentence
from dovolen.desk.orders.views.shown import chip_of

ROUTES = {
    "tell": "order_told", "hand_over": "order_pickup", "approve": "order_approval", "promise": "order_promise",
    "open": "order",
}  # fmt: skip
PAGES = {"orders": "orders", "board": "board"}
"""Page of a view → its address."""


@may("see orders")
@require_safe
def orders(request: HttpRequest) -> HttpResponse:
    """Orders, asked for by a sentence."""
    person, now = access.person(request), timezone.now()
    asked = OrderFilter.of(request.GET)
    page = orders_page(asked, person, now, request.GET.get("cursor", ""))
    chosen = selects(asked, person, queries.stages())
    shown = {
        "asked": asked,
        "selects": chosen,
        "page": page,
        "rows": [row_shown(row) for row in page.rows],
        "most": MOST_COUNTED,
        "has_many_centres": len(person.centre_ids("see orders")) > 1,
        "is_closed": asked.state == "closed",
        "earlier": _address(asked, page.earlier),
        "later": _address(asked, page.later),
    }
    return respond(request, "orders/list.html", shown | saved_shown(person, "orders", asked, sentence(asked, chosen)))


def row_shown(row: OrderRow) -> dict[str, Any]:
    """A row in words and shapes."""
    order = row.order
    kind = order.category.name if order.category else words.say("lists.no_device")
    return {
        "order": order,
        "what": str(order.asset) if order.asset else kind,
        "chip": chip_of(order),
        "promise": row.promise,
        "act": words.say(f"lists.act.{row.act}"),
        "is_step": row.act != "open",
        "url": address(ROUTES[row.act], order.number),
        "open_url": address("order", order.number),
    }


@lru_cache(maxsize=4096)
def address(route: str, number: int) -> str:
    """Where a page of an order lies; lists and boards name the same ones again and again."""
    return reverse(route, args=[number])


def saved_shown(person: Staff, page: str, asked: OrderFilter, said: str) -> dict[str, Any]:
    """The views that he keeps of a page, and whether this one is one of them."""
    kept = list(SavedFilter.objects.filter(staff=person, page=page))
    here = asked.query
    return {
        "saved_page": page,
        "saved_url": reverse(PAGES[page]),
        "saved": [{"row": one, "is_current": one.query == here} for one in kept],
        "is_saved": any(one.query == here for one in kept),
        "sentence": said,
    }


def _address(asked: OrderFilter, cursor: str) -> str:
    if not cursor:
        return ""
    return "?" + "&".join(filter(None, [asked.query, f"cursor={cursor.replace('+', '%2B')}"]))


@may("see orders")
@require_POST
@once
def saved_filters(request: HttpRequest) -> HttpResponse:
    """Keep a view under a name."""
    page = request.POST.get("page", "")
    page = page if page in PAGES else "orders"
    query = OrderFilter.of(request.POST).query
    try:
        filters.save_filter(
            page=page, name=request.POST.get("name", ""), query=query, by=access.person(request), now=timezone.now()
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("lists.done.saved"))
    return redirect(f"{reverse(PAGES[page])}{f'?{query}' if query else ''}")


@may("see orders")
@require_POST
def saved_filter_removal(request: HttpRequest, key: int) -> HttpResponse:
    """Keep a view no more."""
    kept = get_object_or_404(SavedFilter, pk=key, staff=access.person(request))
    filters.drop_filter(kept=kept, by=access.person(request), now=timezone.now())
    messages.success(request, words.say("lists.done.dropped", name=kept.name))
    return redirect(PAGES.get(kept.page, "orders"))
