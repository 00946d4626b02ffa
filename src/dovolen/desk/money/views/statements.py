"""Bank statements: read in, shown with what would be booked, booked."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import access, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.once import once
from dovolen.desk.money import actions, queries
from dovolen.desk.money.forms.statements import IGNORE, LATER, OTHER, DecisionForm, UploadForm
from dovolen.desk.money.matching import key_of
from dovolen.desk.money.models import Statement, StatementLine
from dovolen.desk.money.views.rooms import STATEMENTS, tabs


class NoSuchBill(Refusal):
    """No open bill of this number."""

    key = "statements.refused.no_such_bill"


class TwoSuchBills(Refusal):
    """Several open bills of this number."""

    key = "statements.refused.two_such_bills"


@may(STATEMENTS)
@once
def statements(request: HttpRequest) -> HttpResponse:
    """Those that were read in, and a further one."""
    person = access.person(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            made = actions.import_statement(data=upload.read(), name=upload.name, by=person, now=timezone.now())
        except Refusal as refusal:
            form.refuse(refusal, "file")
        else:
            return redirect("statement", made.pk)
    shown = {"form": form, "statements": queries.latest_statements(person), "tabs": tabs(person, "statements")}
    return respond(request, "money/statements.html", shown)


@may(STATEMENTS)
@once
def statement(request: HttpRequest, key: int) -> HttpResponse:
    """What of a statement waits, with what it may be for; what is chosen is booked line by line."""
    person = access.person(request)
    one = _seen(person, key)
    forms = [DecisionForm(request.POST or None, waiting=waiting) for waiting in queries.waiting(one, person)]
    if request.method == "POST":
        done = [form for form in forms if form.is_valid() and _decide(form, one, person)]
        wrong = any(form.errors for form in forms)
        if done:
            messages.success(request, words.current().count("statements.done.decided", len(done)))
        if not wrong:
            return redirect("statement", one.pk)
        forms = [form for form in forms if form not in done]
    shown = {
        "statement": one, "forms": forms, "decided": queries.decided(one), "facts": queries.facts_of(one),
        "tabs": tabs(person, "statements"),
    }  # fmt: skip
    return respond(request, "money/statement.html", shown)


@may(STATEMENTS)
@require_POST
def statement_line(request: HttpRequest, key: int) -> HttpResponse:
    """What was left alone waits again."""
    person = access.person(request)
    held = StatementLine.objects.filter(statement__in=queries.statements_seen_by(person).values("pk"))
    line = get_object_or_404(held.select_related("statement__entity"), pk=key)
    try:
        actions.reconsider_line(line=line, by=person, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("statement", line.statement_id)


def _seen(person: Staff, key: int) -> Statement:
    held = Statement.objects.filter(pk__in=queries.statements_seen_by(person).values("pk"))
    return get_object_or_404(held.select_related("entity", "by", "file"), pk=key)


def _decide(form: DecisionForm, one: Statement, person: Staff) -> bool:
    """Do what was chosen for a line; whether something was. A refusal stands at the line."""
    choice, detail = form.cleaned_data["choice"], form.cleaned_data["detail"].strip()
    line, now = form.waiting.line, timezone.now()
    line.statement = one
    if choice == LATER:
        return False
    try:
        if choice == IGNORE:
            actions.ignore_line(line=line, reason=detail, by=person, now=now)
        else:
            shares = _named(one, person, detail, line) if choice == OTHER else _offered(form, choice)
            reason = words.say("statements.by_hand") if choice == OTHER else _why(form, choice)
            actions.book_line(line=line, shares=shares, reason=reason, by=person, now=now)
    except Refusal as refusal:
        form.refuse(refusal)
        return False
    return True


def _offered(form: DecisionForm, choice: str) -> list[tuple[Any, int]]:
    return next(offer.bills for offer in form.waiting.offers if offer.proposal.name == choice)


def _why(form: DecisionForm, choice: str) -> str:
    offer = next(offer for offer in form.waiting.offers if offer.proposal.name == choice)
    return ", ".join(words.current().name("statements.sign", sign) for sign in offer.proposal.reasons)


def _named(one: Statement, person: Staff, number: str, line: StatementLine) -> list[tuple[Any, int]]:
    """The open bill of a number that was typed. Raises: NoSuchBill, TwoSuchBills."""
    bills = queries.open_bills(one.entity, person.centre_ids(STATEMENTS))
    found = [bill for bill in bills if number and key_of(bill.number) == key_of(number)]
    if not found:
        raise NoSuchBill
    if len(found) > 1:
        raise TwoSuchBills
    return [(found[0], line.amount)]
