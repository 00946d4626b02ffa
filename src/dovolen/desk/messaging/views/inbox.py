"""The inbox: answers of clients, taken, answered, done."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
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
from dovolen.desk.messaging import actions, queries, shown
from dovolen.desk.messaging.forms_contacts import AnswerForm, GiveForm, ResultForm, TieForm
from dovolen.desk.messaging.models import EMAIL, REFUSED, Incoming
from dovolen.desk.people import phones
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer
from dovolen.desk.shell.forms import WordedForm

SEE, SEND = "see messages", "send messages"
THREAD = 12


@may(SEE)
@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """What waits, what is one's own, what came; how fast answers were met lately."""
    person, now = access.person(request), timezone.now()
    view = request.GET.get("view", "")
    view = view if view in queries.VIEWS else queries.VIEWS[0]
    page = queries.inbox(person, view, now, request.GET.get("cursor", ""))
    told = {
        "rows": page.rows, "later": page.later, "view": view, "views": queries.VIEWS, "pictures": shown.PICTURES,
        "met": queries.met_lately(person, now), "limit": queries.REACT_WITHIN, "may_send": person.may(SEND),
    }  # fmt: skip
    return respond(request, "inbox/inbox.html", told)


@may(SEE)
@require_safe
def incoming(request: HttpRequest, key: int) -> HttpResponse:
    """One answer, what was said before and since, and what can be done with it."""
    return _page(request, _found(request, key))


@may(SEE)
@require_POST
def incoming_assignee(request: HttpRequest, key: int) -> HttpResponse:
    """Take it, or let a colleague see to it."""
    one, person = _found(request, key), access.person(request)
    if "take" in request.POST:
        return _done(request, one, "taken", lambda now: actions.take_incoming(incoming=one, by=person, now=now))
    form = GiveForm(request.POST, people=_colleagues(one, person))
    if not form.is_valid():
        return _page(request, one, give=form)
    to = form.chosen
    return _done(request, one, "given", lambda now: actions.give_incoming(incoming=one, to=to, by=person, now=now))


@may(SEE)
@require_POST
def incoming_customer(request: HttpRequest, key: int) -> HttpResponse:
    """From whom it is."""
    one, person = _found(request, key), access.person(request)
    form = TieForm(request.POST)
    if not form.is_valid():
        return _page(request, one)
    told = form.cleaned_data
    customer = get_object_or_404(Customer.objects.visible_to(person), pk=told["customer"])

    def act(now: datetime) -> None:
        actions.tie_incoming(
            incoming=one, customer=customer, seen=told["version"], by=person, now=now,
            keeps_address=told["keeps_address"] and person.may("change customers"),
        )  # fmt: skip

    return _done(request, one, "tied", act)


@may(SEND)
@once
@require_POST
def incoming_answer(request: HttpRequest, key: int) -> HttpResponse:
    """Write back by the channel it came by; done with it where that is ticked."""
    one, person = _found(request, key), access.person(request)
    form = AnswerForm(request.POST, has_subject=one.channel == EMAIL)

    def act(now: datetime) -> str:
        told = form.cleaned_data
        sent = actions.answer(incoming=one, text=told["answer"], subject=told.get("subject", ""), by=person, now=now)
        if sent.state == REFUSED:
            return words.say("inbox.not_sent", why=words.current().name("messaging.reason", sent.reason))
        if told["is_done"] and one.done_at is None:
            actions.finish_incoming(incoming=one, result=words.say("inbox.result.answered"), by=person, now=now)
        return ""

    return _acted(request, one, form, "answer", "answered", act)


@may(SEE)
@once
@require_POST
def incoming_result(request: HttpRequest, key: int) -> HttpResponse:
    """How it was met; or, with `done=0`, open again."""
    one, person = _found(request, key), access.person(request)
    if request.POST.get("done") == "0":
        return _done(request, one, "reopened", lambda now: actions.reopen_incoming(incoming=one, by=person, now=now))
    form = ResultForm(request.POST)

    def act(now: datetime) -> str:
        actions.finish_incoming(incoming=one, result=form.cleaned_data["result"], by=person, now=now)
        report = queries.unconfirmed(one.customer) if one.customer else None
        if "confirms" in request.POST and report is not None:
            actions.confirm(contact=report, by=person, now=now)
        return ""

    return _acted(request, one, form, "result", "done", act)


# ── Shared ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _found(request: HttpRequest, key: int) -> Any:
    return get_object_or_404(queries.answers(access.person(request)), pk=key)


def _acted(
    request: HttpRequest, one: Incoming, form: WordedForm, name: str, done: str, act: Callable[[datetime], str]
) -> HttpResponse:
    """Do what a form is for; a refusal stands in it, what came to nothing (`act` says why) on the answer's page."""
    if form.is_valid():
        try:
            trouble = act(timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            if trouble:
                messages.error(request, trouble)
                return redirect("incoming", one.pk)
            messages.success(request, words.say(f"inbox.done.{done}"))
            return redirect("inbox")
    return _page(request, _found(request, one.pk), **{name: form})


def _done(request: HttpRequest, one: Incoming, done: str, act: Callable[[datetime], None]) -> HttpResponse:
    """Do what a button is for, and say why not where it cannot be."""
    try:
        act(timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say(f"inbox.done.{done}"))
    return redirect("incoming", one.pk)


def _colleagues(one: Incoming, person: Staff) -> list[Staff]:
    """Who may see to it: those who see messages of its centre."""
    return queries.readers([one.centre_id] if one.centre_id else person.centre_ids(SEE))


def _page(request: HttpRequest, one: Any, **forms: WordedForm) -> HttpResponse:
    person, now = access.person(request), timezone.now()
    text = request.GET.get("q", "")
    told: dict[str, Any] = {
        "incoming": one, "row": queries.row_of(one, now, person.centre), "customer": one.customer,
        "picture": shown.PICTURES[one.channel], "limit": queries.REACT_WITHIN,
        "give": GiveForm(people=_colleagues(one, person), initial={"assignee": one.assignee_id}),
        "answer": AnswerForm(has_subject=one.channel == EMAIL), "result": ResultForm(),
        "may_send": person.may(SEND, one.centre_id) if one.centre_id else person.may(SEND),
        "may_change": person.may("change customers"), "text": text,
    } | forms  # fmt: skip
    if one.customer is None:
        told["found"] = _candidates(one, person, text)
    else:
        talk = queries.talk(person, one.customer, n=THREAD)
        told |= {"said": shown.lines(talk.said), "report": queries.unconfirmed(one.customer)}
    return respond(request, "inbox/incoming.html", told)


def _candidates(one: Incoming, person: Staff, text: str) -> list[people.Similar]:
    """Who may have written: those of the number, or those of the name that was typed."""
    asked = text or one.address
    if phones.normal(asked) is not None:
        return people.similar(phone=asked, staff=person)
    return people.similar(name=text, staff=person) if text else []
