"""Cases: the list by the nearest limit, one of them with what happened, what is done about it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.core.paging import addresses
from dovolen.desk.core.templatetags.words import when
from dovolen.desk.feedback import actions, queries
from dovolen.desk.feedback.forms import CaseFilterForm, ReplyForm, ResolutionForm
from dovolen.desk.feedback.limits import BY_LAW, LIMITS
from dovolen.desk.feedback.models import RECORD, SEE, SETTLE, Case
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer
from dovolen.desk.shell.forms import WordedForm


@may(SEE)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """Open cases by their nearest limit, or those that were settled, the latest first."""
    person, now = access.person(request), timezone.now()
    form = CaseFilterForm(request.GET)
    asked = form.filter(request.GET.get("view", ""))
    page = queries.cases_page(person, asked, request.GET.get("cursor", ""))
    rows = [(one, queries.clock_of(one, now)) for one in page.rows]
    shown = {
        "page": page, "rows": rows, "form": form, "view": asked.view, "views": queries.VIEWS,
        "is_filtered": asked != queries.CaseFilter(view=asked.view), "most": words.current().number(queries.COUNTED),
        "with_centre": len(person.centre_ids(SEE)) > 1, "may_settle": person.may(SETTLE),
    }  # fmt: skip
    return respond(request, "feedback/cases.html", shown | addresses(request.GET, page))


@may(SEE)
@require_safe
def case(request: HttpRequest, key: int) -> HttpResponse:
    """One case: what was told, what was answered, how it ended, what is to be done until when."""
    return _page(request, _found(request, key))


@may(SETTLE)
@require_POST
def case_owner(request: HttpRequest, key: int) -> HttpResponse:
    """Take it."""
    one, person = _found(request, key), access.person(request)
    try:
        actions.take_case(case=one, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, words.say("cases.done.taken"))
    return redirect("case", one.pk)


@may(SETTLE)
@once
@require_POST
def case_replies(request: HttpRequest, key: int) -> HttpResponse:
    """What the client was told and offered."""
    one, person = _found(request, key), access.person(request)
    form = ReplyForm(request.POST)

    def act(now: datetime) -> None:
        told = form.cleaned_data
        actions.reply_to_case(case=one, channel=told["reply_by"], text=told["reply"], by=person, now=now)

    return _acted(request, one, form, "reply", "replied", act)


@may(SETTLE)
@once
@require_POST
def case_resolution(request: HttpRequest, key: int) -> HttpResponse:
    """How it ended."""
    one, person = _found(request, key), access.person(request)
    form = ResolutionForm(request.POST)

    def act(now: datetime) -> None:
        actions.resolve_case(case=one, seen=form.seen, by=person, now=now, **form.values())

    return _acted(request, one, form, "resolution", "resolved", act)


@may(SEE)
@require_safe
def customer_feedback(request: HttpRequest, customer: int) -> HttpResponse:
    """What a client complained of and answered: a part of his card, and a page of its own where there is no script."""
    person, now = access.person(request), timezone.now()
    one = get_object_or_404(Customer.objects.visible_to(person), pk=customer)
    told = [(case, queries.clock_of(case, now)) for case in queries.of_customer(one, person)]
    shown = {
        "customer": one,
        "cases": told,
        "answers": queries.answers_of(one, person),
        "may_record": person.may(RECORD),
    }
    return respond(request, "feedback/client.html", shown)


def _acted(
    request: HttpRequest, one: Case, form: WordedForm, name: str, done: str, act: Callable[[datetime], None]
) -> HttpResponse:
    """Do what a form is for; a refusal stands in it, with what was typed."""
    if form.is_valid():
        try:
            act(timezone.now())
        except Refusal as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, words.say(f"cases.done.{done}"))
            return redirect("case", one.pk)
    return _page(request, _found(request, one.pk), **{name: form})


def _found(request: HttpRequest, key: int) -> Case:
    return get_object_or_404(queries.case_of(access.person(request)), pk=key)


def _page(request: HttpRequest, one: Case, **forms: WordedForm) -> HttpResponse:
    person, now = access.person(request), timezone.now()
    told: dict[str, Any] = {
        "case": one, "customer": one.customer, "clock": queries.clock_of(one, now), "events": _events(one),
        "is_by_law": one.claim in BY_LAW, "days": LIMITS[one.claim], "phone": people.main_phone(one.customer),
        "reply": ReplyForm(), "resolution": ResolutionForm(initial={"version": one.version}),
        "may_settle": person.may(SETTLE, one.centre_id), "may_write": person.may("send messages", one.centre_id),
    } | forms  # fmt: skip
    return respond(request, "feedback/case.html", told)


def _events(one: Case) -> list[dict[str, Any]]:
    """What happened, the latest first, as the timeline shows it."""
    say = words.current()
    recorded = words.say("cases.event.opened", kind=say.name("cases.kind", one.kind))
    happened = [_event("flag", recorded, one.opened_at, one.opened_by.name, one.text)]
    for reply in one.replies.select_related("by"):
        how = say.name("cases.channel", reply.channel)
        happened.append(
            _event("message", words.say("cases.event.replied", how=how), reply.at, reply.by.name, reply.text)
        )
    if one.resolved_at is not None and one.resolved_by is not None:
        fact = words.say("cases.event.resolved", outcome=say.name("cases.outcome", one.outcome))
        happened.append(_event("circle-check", fact, one.resolved_at, one.resolved_by.name, one.resolution))
    return happened[::-1]


def _event(picture: str, fact: str, at: datetime, who: str, text: str) -> dict[str, Any]:
    return {"picture": picture, "fact": fact, "about": f"{when(at)}, {who}", "text": text}
