"""A conversation with a client, noted from his card or from one of his orders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.core.templatetags.words import when
from dovolen.desk.messaging import actions
from dovolen.desk.messaging.forms_contacts import ContactForm
from dovolen.desk.messaging.models import Contact
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.spoken_of import named, spoken_of
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer

SEE = "see customers"


@may(SEE)
@once
def customer_contacts(request: HttpRequest, customer: int) -> HttpResponse:
    """Note what was said; `order` in the address names the order that it was about."""
    person = access.person(request)
    one = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    number = people.key_of(request.GET.get("order", ""))
    orders = spoken_of(person, one, number, now=timezone.now())
    asked = next((order for order in orders if str(order.number) == request.GET.get("order")), None)
    form = _form(request, person, orders, asked)
    back = reverse("order", args=[asked.number]) if asked else reverse("customer", args=[one.pk])
    if form.is_valid():
        try:
            contact = actions.add_contact(customer=one, by=person, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            return _noted(request, contact, back)
    shown = {"customer": one, "form": form, "back": back, "action": request.get_full_path()}
    return respond(request, "contacts/new.html", shown)


def _form(request: HttpRequest, person: Staff, orders: list[RepairOrder], asked: RepairOrder | None) -> ContactForm:
    centres = accounts.centres_managed_by(person, SEE)
    initial: dict[str, Any] = {"order": asked.number if asked else None}
    if asked is not None:
        initial["centre"] = asked.centre_id
    elif person.centre is not None:
        initial["centre"] = person.centre.pk
    choices = [(order.number, named(order)) for order in orders]
    return ContactForm(request.POST or None, centres=centres, orders=choices, initial=initial)


def _noted(request: HttpRequest, contact: Contact, back: str) -> HttpResponse:
    """Say that it is kept; after a meeting go on to its report."""
    url = back
    if contact.report_due_at is None:
        messages.success(request, words.say("contacts.done.added"))
    else:
        messages.success(request, words.say("contacts.done.added_meeting", until=when(contact.report_due_at)))
        url = reverse("contact", args=[contact.pk])
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
