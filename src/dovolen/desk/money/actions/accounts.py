"""What an order owes: charged when it is handed over, written off when nobody will pay it.

Sums of an account move only by `F` on its own row, with the rows that make them up in the same transaction.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import MOST_MONEY, said, text, whole
from dovolen.desk.money.models import ADJUSTED, CHARGED, WRITTEN_OFF, Account, Charge
from dovolen.desk.people.models import Customer


class NotItsCurrency(Refusal):
    """An order is charged and paid in one money."""

    key = "money.refused.not_its_currency"


class MoreThanDebt(Refusal):
    """No more is written off than is still owed."""

    key = "money.refused.more_than_debt"


@transaction.atomic
def charge(  # noqa: PLR0913 – what a charge is
    *, order_number: int, centre: Centre, customer: Customer, currency: str, amount: int, by: Staff, now: datetime,
    reason: str = "", due_on: date | None = None,
) -> Account | None:  # fmt: skip
    """Ask this much for an order, by `due_on` where that was agreed. Whoever calls it has looked at the right.

    Nothing to ask for makes no account. Raises: NotItsCurrency, OutOfRange, TooLong. Leaves: `money.charged`.
    """
    whole(amount, MOST_MONEY)
    if not amount:
        return Account.objects.filter(order_number=order_number).first()
    account = held_account(order_number, centre, customer, currency, now)
    write_charge(account, CHARGED, amount, text(reason, 200), by, now)
    if due_on:
        Account.objects.filter(pk=account.pk).update(due_on=due_on)
        account.due_on = due_on
    return account


@transaction.atomic
def write_off(*, account: Account, amount: int, reason: str, by: Staff, now: datetime) -> None:
    """Ask no more for what is still owed, or for a part of it.

    Raises: NotAllowed, MoreThanDebt, NoText without a reason, OutOfRange, TooLong. Leaves: `money.written_off`.
    """
    require(by, "refund", account.centre_id)
    whole(amount, MOST_MONEY, 1)
    why = said(reason, 200)
    hold(account)
    if amount > account.debt:
        raise MoreThanDebt(debt=words.money(account.debt, account.currency))
    write_charge(account, WRITTEN_OFF, -amount, why, by, now)


# ── The row and what moves it ────────────────────────────────────────────────────────────────────────────────────────


def held_account(order_number: int, centre: Centre, customer: Customer, currency: str, now: datetime) -> Account:
    """The account of an order, opened when first asked for, locked until the transaction ends.

    Raises: NotItsCurrency.
    """
    first = {"centre": centre, "customer": customer, "currency": currency, "opened_at": now}
    account, _ = Account.objects.get_or_create(order_number=order_number, defaults=first)
    hold(account)
    if account.currency != currency:
        raise NotItsCurrency(currency=account.currency)
    return account


def hold(account: Account) -> None:
    """The same object, read anew and locked until the transaction ends."""
    account.refresh_from_db(from_queryset=Account.objects.select_for_update(no_key=True))


def move(account: Account, **by: int) -> None:
    """Add to sums of an account that is held."""
    changes: dict[str, Any] = {name: F(name) + amount for name, amount in by.items()}
    Account.objects.filter(pk=account.pk).update(**changes)
    for name, amount in by.items():
        setattr(account, name, getattr(account, name) + amount)


EVENTS = {CHARGED: "money.charged", ADJUSTED: "money.adjusted", WRITTEN_OFF: "money.written_off"}


def write_charge(account: Account, kind: str, amount: int, reason: str, by: Staff, now: datetime) -> None:
    """A row of what is owed, its sum and its event."""
    Charge.objects.create(account=account, kind=kind, amount=amount, reason=reason, at=now, by=by)
    move(account, due=amount)
    if kind == CHARGED:
        Account.objects.filter(pk=account.pk).update(due_since=Coalesce("due_since", now))
        account.due_since = account.due_since or now
    note(EVENTS[kind], account, by, now, amount=abs(amount))


def note(kind: str, account: Account, by: Staff, now: datetime, **facts: Any) -> None:
    """Leave an event of an account, with its sums after it."""
    journal.record(
        kind, subject=account, by=by, at=now, centre=account.centre, order_number=account.order_number,
        currency=account.currency, due=account.due, paid=account.paid, **facts,
    )  # fmt: skip
