"""What a client said, written down from his card or from one of his orders."""

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
from dovolen.desk.feedback import actions
from dovolen.desk.feedback.forms import AnswerForm, CaseForm, ToldForm
from dovolen.desk.feedback.models import RECORD
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.spoken_of import spoken_of
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer


@may(RECORD)
@once
def customer_cases(request: HttpRequest, customer: int) -> HttpResponse:
    """Write down a complaint; `order` in the address names the order that it is about."""
    person = access.person(request)
    one = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    form, back = _form(CaseForm, request, person, one)
    if form.is_valid():
        try:
            case = actions.open_case(customer=one, by=person, now=timezone.now(), **form.facts())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("cases.done.opened", at=when(case.due_at)))
            return _go(request, back)
    return _page(request, "feedback/new_case.html", one, form, back)


@may(RECORD)
@once
def customer_answers(request: HttpRequest, customer: int) -> HttpResponse:
    """Write down how he scored the service; `order` in the address names the order that he speaks of."""
    person = access.person(request)
    one = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    form, back = _form(AnswerForm, request, person, one)
    if form.is_valid():
        try:
            actions.receive_answer(customer=one, by=person, now=timezone.now(), **form.facts())
        except actions.OffScale as refusal:
            form.refuse(refusal, "score")
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say("answers.done.received"))
            return _go(request, back)
    return _page(request, "feedback/new_answer.html", one, form, back)


def _form(kind: Any, request: HttpRequest, person: Staff, customer: Customer) -> tuple[Any, str]:
    """The form with the orders that it may be about, the one that was asked for chosen; and where one came from."""
    number = people.key_of(request.GET.get("order", ""))
    orders = spoken_of(person, customer, number, now=timezone.now())
    asked = next((order for order in orders if number and order.number == number), None)
    centres = accounts.centres_managed_by(person, RECORD)
    initial: dict[str, Any] = {"order": asked.pk if asked else None, "centre": _centre(person, asked)}
    back = reverse("order", args=[asked.number]) if asked else reverse("customer", args=[customer.pk])
    return kind(request.POST or None, centres=centres, orders=orders, initial=initial), back


def _centre(person: Staff, asked: RepairOrder | None) -> int | None:
    if asked is not None:
        return asked.centre_id
    return person.centre.pk if person.centre else None


def _page(request: HttpRequest, template: str, customer: Customer, form: ToldForm, back: str) -> HttpResponse:
    shown = {"customer": customer, "form": form, "back": back, "action": request.get_full_path()}
    return respond(request, template, shown)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    if "HX-Request" in request.headers:
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)
