"""Money at the desk: what an order is paid, and what it still has to be."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Sum

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.money import actions as money
from dovolen.desk.money import queries as accounts
from dovolen.desk.money.models import Payment
from dovolen.desk.orders.actions.rows import hold_row
from dovolen.desk.orders.models import APPROVED, CLOSED, Line, RepairOrder
from dovolen.desk.orders.queries.money import PAID_BY_CLIENT, asked_for


class NotPaid(Refusal):
    """It is not paid, and nobody who may has agreed to a debt."""

    key = "orders.refused.not_paid"


class NothingToPay(Refusal):
    """Nothing is to be paid for it any more."""

    key = "orders.refused.nothing_to_pay"


class MoreThanRemains(Refusal):
    """More than what is left to pay: surely a slip of the keyboard."""

    key = "orders.refused.more_than_remains"


@dataclass(frozen=True)
class Paid:
    """Money that a client puts on the desk."""

    method: str
    amount: int
    receipt_number: str = ""


@transaction.atomic
def pay(*, order: RepairOrder, paid: Paid, by: Staff, now: datetime) -> Payment:
    """Take money for an order: a prepayment before it is handed over, what it owes afterwards and no more than that.

    Raises: NothingToPay, MoreThanRemains and what `money.take_payment` refuses. Leaves: `money.paid`.
    """
    hold_row(order)
    if order.phase == CLOSED:
        debt = accounts.sums(order.number).debt
        if not debt:
            raise NothingToPay
        if paid.amount > debt:
            raise MoreThanRemains(left=words.money(debt, order.currency))
    elif order.pay_type != PAID_BY_CLIENT:
        raise NothingToPay
    return _take(order, paid, by, now)


def agreed_sum(order: RepairOrder) -> int:
    """What would be asked for if it were given back now: what the client agreed to, where he pays."""
    if order.pay_type != PAID_BY_CLIENT:
        return 0
    return int(Line.objects.filter(order=order, state=APPROVED).aggregate(sum=Sum("amount", default=0))["sum"])


def left_at_hand_over(order: RepairOrder) -> int:
    """What would be left to pay then, less what is paid."""
    return max(0, agreed_sum(order) - accounts.sums(order.number).paid)


def settle(
    order: RepairOrder, paid: Paid | None, *, unpaid_agreed: bool, due_on: date | None, by: Staff, now: datetime
) -> int:
    """Charge an order that is handed over and take what is paid there and then; gives the debt, that is agreed to.

    Raises: NotPaid, MoreThanRemains and what `money.take_payment` refuses. Leaves: `money.charged`, `money.paid`.
    """
    account = money.charge(
        order_number=order.number, centre=order.centre, customer=order.customer, currency=order.currency,
        amount=asked_for(order), due_on=due_on if unpaid_agreed else None, by=by, now=now,
    )  # fmt: skip
    debt = account.debt if account else 0
    if paid and paid.amount > debt:
        raise MoreThanRemains(left=words.money(debt, order.currency))
    if paid and paid.amount:
        _take(order, paid, by, now)
        debt -= paid.amount
    if debt and not (unpaid_agreed and by.may("hand over unpaid", order.centre)):
        raise NotPaid(debt=words.money(debt, order.currency))
    return debt


def _take(order: RepairOrder, paid: Paid, by: Staff, now: datetime) -> Payment:
    return money.take_payment(
        order_number=order.number, centre=order.centre, customer=order.customer, currency=order.currency,
        method=paid.method, amount=paid.amount, receipt_number=paid.receipt_number, by=by, now=now,
    )  # fmt: skip
