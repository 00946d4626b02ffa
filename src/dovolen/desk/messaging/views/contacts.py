"""A contact with a client: what was said, the report of a meeting, the client's word on it."""

from __future__ import annotations

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.messaging import actions, looking, queries, shown
from dovolen.desk.messaging.forms_contacts import NO_MESSAGE, ReportForm
from dovolen.desk.messaging.models import EMAIL, REFUSED, SMS, Contact
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import SERVICE

SEE = "see customers"
REACHED_BY = {"phone": SMS, "email": EMAIL}


@may(SEE)
@require_safe
def contact(request: HttpRequest, contact: int) -> HttpResponse:
    """What was said and agreed on; the report, where it is still owed."""
    person = access.person(request)
    one = _found(person, contact)
    return _page(request, one, None if one.reported_at else _form(request, one, person))


@may(SEE)
@once
@require_POST
def contact_report(request: HttpRequest, contact: int) -> HttpResponse:
    """What was agreed on, sent to the client; to htmx, which asks while it is written, what he will read."""
    person = access.person(request)
    one = _found(person, contact)
    form = _form(request, one, person)
    if not form.is_valid() or "HX-Request" in request.headers:
        return _page(request, one, form, **_look(one, form))
    told = form.values()
    channel = told.pop("sent_by")
    try:
        one = actions.report_contact(
            contact=one, seen=form.seen, channel=channel, by=person, now=timezone.now(), **told
        )
    except Refusal as refusal:
        form.refuse(refusal)
        return _page(request, _found(person, contact), form)
    if one.report is not None and one.report.state == REFUSED:
        why = words.current().name("messaging.reason", one.report.reason)
        messages.error(request, words.say("contacts.done.refused", why=why))
    else:
        messages.success(request, words.say(f"contacts.done.{'reported' if channel == NO_MESSAGE else 'sent'}"))
    return redirect("contact", one.pk)


@may(SEE)
@require_POST
def contact_confirmation(request: HttpRequest, contact: int) -> HttpResponse:
    """The client agreed to what he was sent."""
    person = access.person(request)
    one = _found(person, contact)
    try:
        actions.confirm(contact=one, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("contacts.done.confirmed"))
    return redirect("contact", one.pk)


def _found(person: Staff, key: int) -> Contact:
    return get_object_or_404(queries.contact_of(person), pk=key)


def _form(request: HttpRequest, one: Contact, person: Staff) -> ReportForm:
    """The report, with the channels by which this client is reached; the one he was spoken with by comes first."""
    reached = {REACHED_BY[way.kind] for way in people.reached(one.customer)}
    channels = [way for way in (SMS, EMAIL) if way in reached] if person.may("send messages", one.centre_id) else []
    initial = {"version": one.version, "agreed_who": person.name, "sent_by": (*channels, NO_MESSAGE)[0]}
    return ReportForm(request.POST or None, channels=channels, initial=initial)


def _look(one: Contact, form: ReportForm) -> dict[str, Any]:
    """The message as it would go, and what the gate says of it."""
    told = form.cleaned_data
    channel = told.get("sent_by", NO_MESSAGE)
    if channel == NO_MESSAGE or not told.get("agreed"):
        return {}
    drafted = copy(one)
    drafted.agreed, drafted.agreed_who = told["agreed"], told.get("agreed_who", "")
    drafted.agreed_until = told.get("agreed_until")
    body = actions.report_text(drafted)
    aims: dict[str, Any] = {"customer": one.customer, "centre": one.centre, "purpose": SERVICE}
    return {
        "look": looking.look_by_hand(body, channel=channel, **aims),
        "stands": looking.standing(**aims, now=timezone.now())[channel],
    }


def _page(request: HttpRequest, one: Contact, form: ReportForm | None, **look: Any) -> HttpResponse:
    now = timezone.now()
    told: dict[str, Any] = {
        "contact": one, "customer": one.customer, "form": form, "picture": shown.PICTURES[one.channel],
        "what": f"{one.channel}.{one.direction}",
        "delivery": shown.delivery(one.report.state) if one.report else None,
        "is_late": one.report_due_at is not None and now > one.report_due_at,
    } | look  # fmt: skip
    return respond(request, "contacts/contact.html", told)
