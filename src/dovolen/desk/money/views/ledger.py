"""The ledger: of a centre, of a client, and who owes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from heapq import merge
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import access, sheets, words
from dovolen.desk.core.access import may
from dovolen.desk.core.answers import respond
from dovolen.desk.money import actions, queries
from dovolen.desk.money.forms.ledger import ExportForm, PeriodForm, shortcuts
from dovolen.desk.money.models import METHODS, Account, Charge, Payment
from dovolen.desk.money.views.rooms import LEDGER, SEE, centre_asked, handed_over, tabs
from dovolen.desk.people.models import Customer
from dovolen.insight.words import Words

OPERATIONS = 200
"""Of one day, on its page."""
YEAR = timedelta(days=365)
AT_ONCE = 2_000
OF_CENTRE = ("at", "order", "client", "sort", "method", "charged", "paid", "receipt", "note", "by")
OF_CLIENT = ("at", "order", "sort", "method", "charged", "paid", "balance", "receipt", "note")
OF_DEBTS = ("client", "order", "centre", "debt", "currency", "since", "until")


# ── A centre ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@may(LEDGER)
@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """What a centre took, day by day."""
    return _ledger(request, None)


@may(LEDGER)
@require_POST
def ledger_file(request: HttpRequest) -> HttpResponseBase:
    """Every operation of the period, to take away."""
    centre, _ = centre_asked(request, LEDGER)
    period = PeriodForm(request.POST).period(_this_month(centre))
    n_clients = _n_clients(centre, period)
    form = ExportForm(request.POST, is_of_many=n_clients > actions.MANY_CLIENTS)
    answer = handed_over(
        table="ledger", form=form, right=LEDGER, centre=centre, n_clients=n_clients, by=access.person(request),
        rows=lambda: _operations(centre, period, words.current()), columns=OF_CENTRE,
    )  # fmt: skip
    return answer or _ledger(request, form)


def _ledger(request: HttpRequest, refused: ExportForm | None) -> HttpResponse:
    centre, centres = centre_asked(request, LEDGER)
    with timezone.override(ZoneInfo(centre.zone)):
        usual = _this_month(centre)
        form = PeriodForm(request.POST or request.GET or None, initial=vars(usual))
        period = form.period(usual) if form.is_bound else usual
        day = _day(request.GET.get("day", ""))
        is_of_many = _n_clients(centre, period) > actions.MANY_CLIENTS
        shown = {
            "centre": centre, "centres": centres, "period": period, "form": _shown(form, period), "methods": METHODS,
            "ledgers": queries.centre_ledger(centre, period), "day": day,
            "operations": _of_day(centre, day) if day else [],
            "shortcuts": _addresses(shortcuts(timezone.localdate()), period, {"centre": centre.pk}),
            "export": refused or ExportForm(is_of_many=is_of_many), "is_of_many": is_of_many,
            "many": actions.MANY_CLIENTS, "tabs": tabs(access.person(request), "ledger"),
        }  # fmt: skip
        return respond(request, "money/ledger.html", shown)


def _shown(form: PeriodForm, period: queries.Period) -> PeriodForm:
    """The form with the period that is shown; what was typed wrongly stays."""
    return form if form.errors else PeriodForm(initial=vars(period))


def _this_month(centre: Centre) -> queries.Period:
    today = centre.local(timezone.now()).date()
    return queries.Period(today.replace(day=1), today)


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year < 2100 else None


def _addresses(periods: list[tuple[str, queries.Period]], current: Any, more: dict[str, Any]) -> list[dict[str, Any]]:
    return [
        {"name": name, "url": f"?{urlencode(more | vars(period))}", "is_current": period == current}
        for name, period in periods
    ]


def _n_clients(centre: Centre, period: queries.Period) -> int:
    return queries.n_clients(queries.payments_of(centre, period), actions.MANY_CLIENTS)


def _of_day(centre: Centre, day: date) -> list[Payment]:
    of_day = queries.payments_of(centre, queries.Period(day, day))
    return list(of_day.select_related("account__customer", "invoice", "by")[:OPERATIONS])


def _operations(centre: Centre, period: queries.Period, speaker: Words) -> Iterator[sheets.Row]:
    """Charges and payments in order of time, read piece by piece."""
    since, until = period.moments(centre.zone)
    charges = Charge.objects.filter(account__centre=centre, at__gte=since, at__lt=until).order_by("at", "pk")
    payments = queries.payments_of(centre, period).select_related("account__customer", "invoice", "by")
    name = speaker.name
    both: list[Any] = [charges.select_related("account__customer", "by"), payments]
    for one in merge(*(rows.iterator(AT_ONCE) for rows in both), key=lambda row: row.at):
        account = one.account
        head = (centre.local(one.at), account.order_number, account.customer.name)
        sum_ = sheets.money(one.amount, account.currency)
        by = one.by.name if one.by else ""
        if isinstance(one, Charge):
            yield (*head, name("ledger.charge", one.kind), "", sum_, None, "", one.reason, by)
        else:
            sort = "refund" if one.refund_of_id else "prepayment" if one.is_prepayment else "payment"
            note = one.reason or (one.invoice.number if one.invoice else "")
            yield (
                *head, name("ledger.sort", sort), name("ledger.method", one.method), None,
                -sum_ if one.refund_of_id else sum_, one.receipt_number, note, by,
            )  # fmt: skip


# ── A client ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@may(SEE)
@require_safe
def client_ledger(request: HttpRequest, customer: int) -> HttpResponse:
    """What a client owed and paid."""
    person = access.person(request)
    one = _client(request, customer)
    today = timezone.localdate()
    usual = queries.Period(today - YEAR, today)
    form = PeriodForm(request.GET or None, initial=vars(usual))
    period = form.period(usual) if form.is_bound else usual
    shown = {
        "customer": one, "period": period, "form": _shown(form, period), "export": ExportForm(),
        "ledgers": queries.client_ledger(one, person, period), "may_see_client": person.may("see customers"),
        "shortcuts": _addresses([*shortcuts(today)[2:], ("whole_year", usual)], period, {}),
        "tabs": tabs(person, ""),
    }  # fmt: skip
    return respond(request, "money/ledger_client.html", shown)


@may(SEE)
@require_POST
def client_ledger_file(request: HttpRequest, customer: int) -> HttpResponseBase:
    """A client's ledger to take away."""
    person, one = access.person(request), _client(request, customer)
    today = timezone.localdate()
    period = PeriodForm(request.POST).period(queries.Period(today - YEAR, today))
    centre, _ = centre_asked(request, SEE)
    answer = handed_over(
        table="client", form=ExportForm(request.POST), right=SEE, centre=centre, n_clients=1, by=person,
        rows=lambda: _entries(queries.client_ledger(one, person, period), centre, words.current()), columns=OF_CLIENT,
    )  # fmt: skip
    return answer or client_ledger(request, customer)


def _client(request: HttpRequest, key: int) -> Customer:
    """A client of his, or one who has money at his centres."""
    person = access.person(request)
    seen = Customer.objects.filter(merged_into=None, places__centre__in=person.centre_ids(SEE)).distinct()
    return get_object_or_404(seen, pk=key)


def _entries(ledgers: list[queries.ClientSheet], centre: Centre, speaker: Words) -> Iterator[sheets.Row]:
    name = speaker.name
    for sheet in ledgers:
        for entry in sheet.entries:
            is_charge = entry.sort == "charge"
            sum_ = sheets.money(entry.amount, sheet.currency)
            yield (
                centre.local(entry.at), entry.order_number,
                name("ledger.charge", entry.code) if is_charge else name("ledger.sort", entry.sort),
                "" if is_charge else name("ledger.method", entry.code), sum_ if is_charge else None,
                None if is_charge else -sum_, sheets.money(entry.balance, sheet.currency), entry.receipt_number,
                entry.note,
            )  # fmt: skip


# ── Who owes ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@may(LEDGER)
@require_safe
def debts(request: HttpRequest) -> HttpResponse:
    """Orders that still owe, the oldest first."""
    return _debts(request, None)


@may(LEDGER)
@require_POST
def debts_file(request: HttpRequest) -> HttpResponseBase:
    """Who owes, to take away."""
    person = access.person(request)
    centre, _ = centre_asked(request, LEDGER)
    found = queries.indebted(person, centre)
    n_clients = found.order_by().values("customer").distinct()[: actions.MANY_CLIENTS + 1].count()
    form = ExportForm(request.POST, is_of_many=n_clients > actions.MANY_CLIENTS)
    answer = handed_over(
        table="debts", form=form, right=LEDGER, centre=centre, n_clients=n_clients, by=person,
        rows=lambda: _owing(found, centre),
        columns=OF_DEBTS,
    )  # fmt: skip
    return answer or _debts(request, form)


def _owing(accounts: QuerySet[Account], centre: Centre) -> Iterator[sheets.Row]:
    for one in accounts.select_related("customer", "centre").iterator(AT_ONCE):
        yield (
            one.customer.name, one.order_number, one.centre.name, sheets.money(one.debt, one.currency), one.currency,
            centre.local(one.due_since).date() if one.due_since else None, one.due_on,
        )  # fmt: skip


def _debts(request: HttpRequest, refused: ExportForm | None) -> HttpResponse:
    person = access.person(request)
    centre, centres = centre_asked(request, LEDGER)
    page = queries.debtors(person, centre, request.GET.get("cursor", ""))
    n_clients = sum(n for _, _, n in page.totals)
    is_of_many = n_clients > actions.MANY_CLIENTS
    shown = {
        "page": page, "centre": centre, "centres": centres, "today": centre.local(timezone.now()).date(),
        "later": f"?{urlencode({'centre': centre.pk, 'cursor': page.later})}" if page.later else "",
        "may_call": person.may("see tasks"), "export": refused or ExportForm(is_of_many=is_of_many),
        "is_of_many": is_of_many, "many": actions.MANY_CLIENTS, "tabs": tabs(person, "debts"),
    }  # fmt: skip
    return respond(request, "money/debts.html", shown)
