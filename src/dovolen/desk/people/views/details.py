"""What is known of a client: details, requisites, whether he is blocked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.changes import Stale
from dovolen.desk.people import actions
from dovolen.desk.people.forms import REQUISITES, BlockForm, DetailsForm, RequisitesForm
from dovolen.desk.people.models import Requisites
from dovolen.desk.people.views.seen import BLOCK, CHANGE, customer_of


@may(CHANGE)
def details(request: HttpRequest, customer: int) -> HttpResponse:
    """Change what is known of him; who comes late sees what the other wrote."""
    person, one = access.person(request), customer_of(request, customer, CHANGE)
    form = DetailsForm(
        request.POST or None, initial=DetailsForm.of(one), managers=accounts.people_at(person.centre_ids(CHANGE)),
        seen_by=person, customer=one,
    )  # fmt: skip
    if form.is_valid():
        try:
            actions.change_customer(customer=one, seen=form.seen, by=person, now=timezone.now(), **form.values())
        except (Stale, actions.NoName) as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("people.done.changed"))
            return redirect("customer", one.pk)
    return respond(request, "people/details.html", {"customer": one, "form": form})


@may(CHANGE)
def requisites(request: HttpRequest, customer: int) -> HttpResponse:
    """What papers say of a company."""
    person, one = access.person(request), customer_of(request, customer, CHANGE)
    kept = Requisites.objects.filter(customer=one).values(*REQUISITES).first() or {"legal_name": one.name}
    form = RequisitesForm(request.POST or None, initial=kept)
    if form.is_valid():
        try:
            actions.set_requisites(customer=one, values=form.values(), by=person, now=timezone.now())
        except actions.BadRequisites as refusal:
            form.mark(refusal.problems)
        else:
            messages.success(request, words.say("people.done.requisites"))
            return redirect("customer", one.pk)
    return respond(request, "people/requisites.html", {"customer": one, "form": form})


@may(BLOCK)
def block(request: HttpRequest, customer: int) -> HttpResponse:
    """Block him with a reason, or let him in again."""
    person, one = access.person(request), customer_of(request, customer, BLOCK)
    form = BlockForm(request.POST or None)
    if request.POST.get("is_over"):
        actions.unblock(customer=one, by=person, now=timezone.now())
        messages.success(request, words.say("people.done.unblocked"))
        return redirect("customer", one.pk)
    if form.is_valid():
        actions.block(customer=one, reason=form.cleaned_data["reason"], by=person, now=timezone.now())
        messages.success(request, words.say("people.done.blocked"))
        return redirect("customer", one.pk)
    return respond(request, "people/block.html", {"customer": one, "form": form})
