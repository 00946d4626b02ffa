"""Write to a client: from his card, or from one of his orders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.messaging import actions, looking
from dovolen.desk.messaging.forms import WriteForm
from dovolen.desk.messaging.models import EMAIL, PURPOSES, QUEUED, SENT_BY_GATEWAY, SMS, Message
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import SERVICE, Customer

SEND = "send messages"
MOST_ORDERS = 12


@may(SEND)
@once
def customer_messages(request: HttpRequest, customer: int) -> HttpResponse:
    """The words, and what they will be before they are sent; asked to `look`, it sends nothing."""
    person = access.person(request)
    one = get_object_or_404(Customer.objects.visible_to(person, SEND), pk=customer)
    form = _form(request, person, one)
    is_looking = "look" in request.POST or "HX-Request" in request.headers
    if request.method == "POST" and not is_looking and form.is_valid():
        try:
            message = _send(form, one, person)
        except Refusal as refusal:
            form.refuse(refusal, "text")
        else:
            return _sent(request, message)
    return _page(request, one, form)


def _form(request: HttpRequest, person: Staff, customer: Customer) -> WriteForm:
    orders = RepairOrder.objects.visible_to(person).filter(customer=customer).order_by("-accepted_at", "-pk")
    numbers = list(orders.values_list("number", "centre")[:MOST_ORDERS])
    asked = next((pair for pair in numbers if str(pair[0]) == request.GET.get("order", "")), (None, None))
    known = set(customer.places.values_list("centre", flat=True))
    centres = [one for one in accounts.centres_managed_by(person, SEND) if one.pk in known]
    home = person.centre.pk if person.centre and person.centre.pk in known else centres[0].pk
    initial = {"channel": _first_channel(customer), "purpose": SERVICE, "order": asked[0], "centre": asked[1] or home}
    named = [(number, words.say("messages.order", number=number)) for number, _ in numbers]
    return WriteForm(request.POST or None, centres=centres, orders=named, initial=initial)


def _first_channel(customer: Customer) -> str:
    return SMS if customer.phones.exists() or not customer.emails.exists() else EMAIL


def _send(form: WriteForm, customer: Customer, person: Staff) -> Message:
    data = form.cleaned_data
    return actions.write(
        customer=customer, centre=form.centre_chosen, channel=data["channel"], text=data["text"],
        subject=data["subject"], order_number=data.get("order"), purpose=data["purpose"], by=person,
        now=timezone.now(),
    )  # fmt: skip


def _sent(request: HttpRequest, message: Message) -> HttpResponse:
    if message.state == QUEUED:
        messages.success(request, words.say("messages.done.written"))
    else:
        messages.error(request, words.say("messages.done.refused"))
    return redirect("message", message.pk)


def _page(request: HttpRequest, customer: Customer, form: WriteForm) -> HttpResponse:
    channel = form.typed("channel") if form.typed("channel") in SENT_BY_GATEWAY else SMS
    purpose = form.typed("purpose") if form.typed("purpose") in PURPOSES else SERVICE
    centre = form.centre_chosen
    stands = looking.standing(customer, centre, purpose, timezone.now())
    told: dict[str, Any] = {
        "customer": customer, "form": form, "stands": stands.get(channel), "purpose": purpose,
        "look": looking.look_by_hand(
            form.typed("text"), subject=form.typed("subject"), customer=customer, centre=centre, channel=channel,
            purpose=purpose,
        ),
    }  # fmt: skip
    return respond(request, "messaging/write.html", told)
