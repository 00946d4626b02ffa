"""In whose name the house sells."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.money import actions, queries
from dovolen.desk.money.forms.sellers import EntityFields, EntityForm, NewEntityForm, rates
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.money.views.rooms import ENTITIES, tabs
from dovolen.desk.people.actions import BadRequisites
from dovolen.desk.people.queries import key_of


@may(ENTITIES)
@require_safe
def sellers(request: HttpRequest) -> HttpResponse:
    """Who sells where, and at what tax."""
    person = access.person(request)
    shown = {
        "places": queries.who_sells_where(person), "entities": list(queries.entities(person)), "rates": rates(),
        "tabs": tabs(person, "sellers"),
    }  # fmt: skip
    return respond(request, "money/sellers.html", shown)


@may(ENTITIES)
@once
def new_entity(request: HttpRequest) -> HttpResponse:
    """A further company or entrepreneur."""
    form = NewEntityForm(request.POST or None, today=timezone.localdate())
    if form.is_valid():
        try:
            actions.add_entity(by=access.person(request), now=timezone.now(), **form.facts())
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, words.say("sellers.done.added"))
            return redirect("sellers")
    return _page(request, form, None)


@may(ENTITIES)
def entity(request: HttpRequest, key: int) -> HttpResponse:
    """Change what is told of one."""
    one = get_object_or_404(queries.entities(access.person(request)), pk=key)
    form = EntityForm(request.POST or None, initial=EntityForm.of(one), today=timezone.localdate())
    if form.is_valid():
        try:
            actions.change_entity(
                entity=one, seen=form.seen, by=access.person(request), now=timezone.now(), **form.facts()
            )
        except Refusal as refusal:
            _refuse(form, refusal)
        else:
            messages.success(request, words.say("sellers.done.changed"))
            return redirect("sellers")
    return _page(request, form, one)


def _refuse(form: EntityFields, refusal: Refusal) -> None:
    if isinstance(refusal, BadRequisites):
        form.mark(refusal.problems)
    else:
        form.refuse(refusal, FIELDS.get(type(refusal)))


FIELDS: dict[type[Refusal], str] = {actions.EntityTaken: "name", actions.NotOfRegime: "tax_code"}


def _page(request: HttpRequest, form: EntityFields, one: LegalEntity | None) -> HttpResponse:
    shown = {"form": form, "entity": one, "rates": rates(), "tabs": tabs(access.person(request), "sellers")}
    return respond(request, "money/seller.html", shown)


@may(ENTITIES)
@require_POST
def entity_active(request: HttpRequest, key: int) -> HttpResponse:
    """Sell in its name no more, or again."""
    one, on = get_object_or_404(queries.entities(access.person(request)), pk=key), request.POST.get("on") == "1"
    try:
        actions.switch_entity(entity=one, on=on, by=access.person(request), now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("sellers.done.on" if on else "sellers.done.off"))
    return redirect("sellers")


@may(ENTITIES)
@require_POST
def centre_seller(request: HttpRequest, key: int) -> HttpResponse:
    """In whose name a centre sells from now on."""
    person = access.person(request)
    place = get_object_or_404(Centre.objects.filter(pk__in=person.centre_ids(ENTITIES)), pk=key)
    one = get_object_or_404(queries.entities(person), pk=key_of(request.POST.get("entity", "")))
    try:
        actions.set_seller(centre=place, entity=one, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("sellers.done.set", centre=place.name, name=one.name))
    return redirect("sellers")
