"""Phones and e-mail addresses of a client."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.once import once
from dovolen.desk.people import actions
from dovolen.desk.people.forms import EmailForm, PhoneChangeForm, PhoneForm
from dovolen.desk.people.models import Customer
from dovolen.desk.people.views.seen import CHANGE, customer_of


@may(CHANGE)
@once
def phones(request: HttpRequest, customer: int) -> HttpResponse:
    """How he is reached; a further number."""
    one, form = customer_of(request, customer, CHANGE), PhoneForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        actions.add_phone(
            customer=one, number=data["number"], relation=data["relation"], note=data["phone_note"],
            by=access.person(request), now=timezone.now(),
        )  # fmt: skip
        messages.success(request, words.say("people.done.phone"))
        return redirect("customer_phones", one.pk)
    return _page(request, one, phone_form=form)


@may(CHANGE)
@require_POST
@once
def emails(request: HttpRequest, customer: int) -> HttpResponse:
    """A further address."""
    one, form = customer_of(request, customer, CHANGE), EmailForm(request.POST)
    if form.is_valid():
        address = form.cleaned_data["address"]
        actions.add_email(customer=one, address=address, by=access.person(request), now=timezone.now())
        messages.success(request, words.say("people.done.email"))
        return redirect("customer_phones", one.pk)
    return _page(request, one, email_form=form)


def _page(request: HttpRequest, one: Customer, **forms: Any) -> HttpResponse:
    phones = [(phone, _change_form(phone)) for phone in one.phones.all()]
    shown = {"customer": one, "phones": phones, "emails": one.emails.all()}
    shown |= {"phone_form": PhoneForm(), "email_form": EmailForm()} | forms
    return respond(request, "people/phones.html", shown)


def _change_form(phone: Any) -> PhoneChangeForm:
    told = {"relation": phone.relation, "phone_note": phone.note}
    return PhoneChangeForm(initial=told, auto_id=f"phone-{phone.pk}-%s")


@may(CHANGE)
@require_POST
def phone(request: HttpRequest, customer: int, phone: int) -> HttpResponse:
    """One number: made the main one, said whose it is, or forgotten."""
    one = customer_of(request, customer, CHANGE)
    number = get_object_or_404(one.phones.select_related("customer"), pk=phone)
    told: dict[str, Any] = {"phone": number, "by": access.person(request), "now": timezone.now()}
    form = PhoneChangeForm(request.POST)
    if "is_main" in request.POST:
        actions.set_main_phone(**told)
    elif "is_gone" in request.POST:
        actions.remove_phone(**told)
        messages.success(request, words.say("people.done.phone_gone"))
    elif form.is_valid():
        actions.change_phone(**told, relation=form.cleaned_data["relation"], note=form.cleaned_data["phone_note"])
    return redirect("customer_phones", one.pk)


@may(CHANGE)
@require_POST
def email(request: HttpRequest, customer: int, email: int) -> HttpResponse:
    """One address: made the main one, or forgotten."""
    one = customer_of(request, customer, CHANGE)
    told: dict[str, Any] = {
        "email": get_object_or_404(one.emails.select_related("customer"), pk=email),
        "by": access.person(request),
        "now": timezone.now(),
    }
    if "is_main" in request.POST:
        actions.set_main_email(**told)
    elif "is_gone" in request.POST:
        actions.remove_email(**told)
        messages.success(request, words.say("people.done.email_gone"))
    return redirect("customer_phones", one.pk)
