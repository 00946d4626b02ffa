"""The price list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets import queries as assets
from dovolen.desk.core import access, sheets, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.money import actions, queries
from dovolen.desk.money.forms.ledger import ExportForm
from dovolen.desk.money.forms.prices import NewPriceForm, PriceFilterForm, PriceForm
from dovolen.desk.money.models import PriceItem
from dovolen.desk.money.views.rooms import PRICES, handed_over, tabs
from dovolen.insight.words import Words

COLUMNS = ("kind", "name", "category", "centre", "price", "currency", "norm", "warranty", "tax")
SHOWN = 200
"""Items on the page: more are found by their words."""


@may(PRICES)
@require_safe
def prices(request: HttpRequest) -> HttpResponse:
    """The list, found as one types."""
    person = access.person(request)
    form = _filter(request.GET, person)
    filters = form.filters()
    found = queries.price_list(person, filters)
    shown = {
        "items": found[:SHOWN], "n": len(found), "most": SHOWN, "form": form, "export": ExportForm(),
        "is_filtered": filters != queries.PriceFilters(), "query": request.GET.urlencode(),
        "may_see_costs": person.may("see costs"), "tabs": tabs(person, "prices"),
    }  # fmt: skip
    return respond(request, "money/prices.html", shown)


def _filter(told: Any, person: Staff) -> PriceFilterForm:
    return PriceFilterForm(told, centres=accounts.centres_managed_by(person, PRICES), categories=assets.categories())


@may(PRICES)
@require_POST
def prices_file(request: HttpRequest) -> HttpResponseBase:
    """The list as it is shown, to take away."""
    person, form = access.person(request), ExportForm(request.POST)
    filters = _filter(request.GET, person).filters()
    answer = handed_over(
        table="prices", form=form, right=PRICES, centre=accounts.centres_managed_by(person, PRICES)[0], n_clients=0,
        by=person, rows=lambda: _rows(queries.price_list(person, filters), words.current()), columns=COLUMNS,
    )  # fmt: skip
    return answer or redirect("prices")


def _rows(items: list[PriceItem], speaker: Words) -> Iterator[sheets.Row]:
    name = speaker.name
    for item in items:
        yield (
            name("orders.line_kind", item.kind), item.name, item.category.name if item.category else "",
            item.centre.name if item.centre else "", sheets.money(item.price, item.currency), item.currency,
            item.norm_minutes or None, item.warranty_days, name("ledger.tax", item.tax_code) if item.tax_code else "",
        )  # fmt: skip


@may(PRICES)
@once
def new_price(request: HttpRequest) -> HttpResponse:
    """A further item."""
    person = access.person(request)
    form = NewPriceForm(request.POST or None, initial={"price": None}, **_choices(person, None))
    if form.is_valid():
        facts = form.facts()
        try:
            actions.add_price(currency=_currency(person, facts["centre"]), by=person, now=timezone.now(), **facts)
        except Refusal as refusal:
            form.refuse(refusal, "name" if isinstance(refusal, actions.PriceTaken) else None)
        else:
            messages.success(request, words.say("prices.done.added"))
            return redirect("prices")
    return respond(request, "money/price.html", {"form": form, "tabs": tabs(person, "prices")})


@may(PRICES)
def price(request: HttpRequest, key: int) -> HttpResponse:
    """Change an item; who comes late sees what the other wrote."""
    person = access.person(request)
    item = get_object_or_404(queries.in_reach_of(person).select_related("category", "centre"), pk=key)
    form = PriceForm(request.POST or None, initial=PriceForm.of(item), **_choices(person, item))
    if form.is_valid():
        try:
            actions.change_price(item=item, seen=form.seen, by=person, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal, "name" if isinstance(refusal, actions.PriceTaken) else None)
        else:
            messages.success(request, words.say("prices.done.changed"))
            return redirect("prices")
    return respond(request, "money/price.html", {"form": form, "item": item, "tabs": tabs(person, "prices")})


@may(PRICES)
@require_POST
def price_active(request: HttpRequest, key: int) -> HttpResponse:
    """Offer an item no more, or again."""
    person = access.person(request)
    item = get_object_or_404(queries.in_reach_of(person).select_related("category", "centre"), pk=key)
    on = request.POST.get("on") == "1"
    try:
        actions.switch_price(item=item, on=on, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("prices.done.on" if on else "prices.done.off"))
    return redirect("prices")


def _choices(person: Staff, item: PriceItem | None) -> dict[str, Any]:
    """What may be chosen: his centres, and the whole house where he has a say at every centre of it."""
    centres = accounts.centres_managed_by(person, PRICES)
    categories = assets.categories()
    if item and item.category and item.category not in categories:
        categories.append(item.category)
    is_for_house = Centre.objects.count() == len(centres) or bool(item and item.centre is None)
    return {
        "centres": centres, "categories": categories, "is_for_house": is_for_house,
        "may_see_costs": person.may("see costs"),
        "currency": item.currency if item else _currency(person, centres[0]),
    }  # fmt: skip


def _currency(person: Staff, centre: Centre | None) -> str:
    place = centre or person.centre
    return place.currency if place else "RUB"
