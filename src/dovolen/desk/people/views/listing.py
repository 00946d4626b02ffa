"""The list of clients, and somebody new."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.core.paging import addresses
from dovolen.desk.people import actions, phones, queries
from dovolen.desk.people.forms import FilterForm, NewCompanyForm, NewForm, NewPersonForm
from dovolen.desk.people.models import COMPANY, PERSON, Customer
from dovolen.desk.people.views.seen import CHANGE, SEE


@may(SEE)
@require_safe
def customers(request: HttpRequest) -> HttpResponse:
    """Clients, the latest served first; found as one types."""
    person = access.person(request)
    form = FilterForm(request.GET)
    filters = form.filters()
    page = queries.customers_page(person, filters, request.GET.get("cursor", ""))
    shown = {
        "page": page, "form": form, "filters": filters, "is_filtered": filters != queries.Filters(order=filters.order),
        "most": words.current().number(queries.COUNTED), "may_change": person.may(CHANGE),
        "intake": _intake_of(person),
    }  # fmt: skip
    return respond(request, "people/customers.html", shown | addresses(request.GET, page))


def _intake_of(person: Any) -> str:
    """Where an order is taken in, for those who may; the page stands above this app."""
    return reverse("intake") if person.may("take in") else ""


@may(CHANGE)
@once
def new_customer(request: HttpRequest) -> HttpResponse:
    """Enter a person or a company; those who are like him are shown first."""
    person = access.person(request)
    kind = COMPANY if request.GET.get("kind") == COMPANY else PERSON
    centres = accounts.centres_managed_by(person, CHANGE)
    form = _form_of(kind)(request.POST or None, centres=centres)
    alike: dict[str, Any] = {"alike": [], "elsewhere": [], "is_asked": True}
    if form.is_valid():
        alike = _alike(request, form.cleaned_data["name"], form.cleaned_data["phone"])
        if request.POST.get("is_other") or not _is_known(alike):
            made = _enter(form, centres, request)
            if made is not None:
                messages.success(request, words.say("people.done.added"))
                return redirect("customer", made.pk)
    return respond(request, "people/new_customer.html", {"form": form, "kind": kind} | alike)


def _form_of(kind: str) -> type[NewForm]:
    return NewCompanyForm if kind == COMPANY else NewPersonForm


def _enter(form: Any, centres: list[Centre], request: HttpRequest) -> Customer | None:
    """The new client; none where the action refused, which the form then says."""
    centre = next(one for one in centres if one.pk == form.cleaned_data["centre"])
    add: Any = actions.add_company if isinstance(form, NewCompanyForm) else actions.add_person
    try:
        made: Customer = add(**form.facts(), centre=centre, by=access.person(request), now=timezone.now())
    except actions.BadRequisites as refusal:
        form.mark(refusal.problems)
    except (actions.NoName, actions.BadPhone, actions.BadEmail) as refusal:
        form.refuse(refusal)
    else:
        return made
    return None


@may(CHANGE)
@require_safe
def alike(request: HttpRequest) -> HttpResponse:
    """Who is like the one being typed: a part of the page of somebody new."""
    name, phone = request.GET.get("name", "")[:200], request.GET.get("phone", "")[: phones.LONGEST]
    return respond(request, "people/alike.html", _alike(request, name, phone))


def _alike(request: HttpRequest, name: str, phone: str) -> dict[str, Any]:
    person, number = access.person(request), phones.normal(phone)
    return {
        "alike": queries.similar(name=name, phone=phone, staff=person),
        "elsewhere": queries.known_elsewhere(number, person) if number else [],
        "number": number or "",
        "centre": person.centre.pk,
    }


def _is_known(alike: dict[str, Any]) -> bool:
    """Somebody with this phone, or with all of this name."""
    return bool(alike["elsewhere"]) or any({"phone", "name"} & set(one.reasons) for one in alike["alike"])


@may(CHANGE)
@require_POST
def place(request: HttpRequest) -> HttpResponse:
    """Somebody known at another centre, named by a number of his, is known here as well."""
    person = access.person(request)
    number = request.POST.get("number", "")
    known = Customer.objects.filter(merged_into=None, phones__number=number)
    customer = get_object_or_404(known, pk=queries.key_of(request.POST.get("customer", "")))
    own = Centre.objects.filter(pk__in=person.centre_ids(CHANGE))
    centre = get_object_or_404(own, pk=queries.key_of(request.POST.get("centre", "")))
    actions.share(customer=customer, centre=centre, number=number, by=person, now=timezone.now())
    messages.success(request, words.say("people.done.shared"))
    return redirect("customer", customer.pk)
