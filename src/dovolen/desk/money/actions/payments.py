"""Money from clients and back to them: rows are only added, sums of accounts and payments move with them."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import MOST_MONEY, known, said, text, whole
from dovolen.desk.money.actions.accounts import held_account, hold, move, note, write_charge
from dovolen.desk.money.actions.shifts import check_drawer, held_open
from dovolen.desk.money.models import ADJUSTED, CASH, METHODS, Account, CashShift, Invoice, Payment, StatementLine
from dovolen.desk.money.queries import seller_of
from dovolen.desk.people.models import Customer

LONGEST_RECEIPT = 40


class MoreThanPaid(Refusal):
    """No more is given back than is left of a payment."""

    key = "money.refused.more_than_paid"


class IsRefund(Refusal):
    """What was given back is not given back again."""

    key = "money.refused.is_refund"


@transaction.atomic
def take_payment(  # noqa: PLR0913 – what a payment is
    *, order_number: int, centre: Centre, customer: Customer, currency: str, method: str, amount: int,
    receipt_number: str = "", by: Staff, now: datetime, invoice: Invoice | None = None,
    statement_line: StatementLine | None = None,
) -> Payment:  # fmt: skip
    """Take money for an order; before anything was charged it is a prepayment. Cash goes into the open shift.

    Raises: NotAllowed, NoOpenShift, NotItsCurrency, UnknownCode, OutOfRange, TooLong. Leaves: `money.paid`.
    """
    require(by, "take payments", centre)
    known(method, METHODS)
    whole(amount, MOST_MONEY, 1)
    receipt = text(receipt_number, LONGEST_RECEIPT)
    account = held_account(order_number, centre, customer, currency, now)
    payment = Payment.objects.create(
        account=account, entity=seller_of(centre), method=method, amount=amount,
        is_prepayment=account.due_since is None, shift=_drawer(account, method), receipt_number=receipt,
        invoice=invoice, statement_line=statement_line, at=now, by=by,
    )  # fmt: skip
    move(account, paid=amount)
    note(
        "money.paid", account, by, now, payment=payment, amount=amount, method=method,
        is_prepayment=payment.is_prepayment, has_receipt=bool(receipt),
    )  # fmt: skip
    return payment


@transaction.atomic
def refund(
    *, payment: Payment, amount: int, method: str, reason: str, receipt_number: str = "", is_owed_again: bool = False,
    by: Staff, now: datetime,
) -> Payment:  # fmt: skip
    """Give back a payment or a part of it. What it paid for is asked for no more, unless it is to be paid otherwise.

    Raises: NotAllowed, IsRefund, MoreThanPaid, NoOpenShift, NotInDrawer, NoText without a reason, UnknownCode,
    OutOfRange, TooLong. Leaves: `money.refunded`; `money.adjusted` where less is owed after it.
    """
    account = payment.account
    require(by, "refund", account.centre)
    known(method, METHODS)
    whole(amount, MOST_MONEY, 1)
    why, receipt = said(reason, 200), text(receipt_number, LONGEST_RECEIPT)
    hold(account)
    _claim(payment, amount, account)
    shift = _drawer(account, method)
    if shift:
        check_drawer(shift, amount)
    back = Payment.objects.create(
        account=account, entity=payment.entity, method=method, amount=amount, refund_of=payment, shift=shift,
        receipt_number=receipt, reason=why, at=now, by=by,
    )  # fmt: skip
    move(account, paid=-amount)
    note(
        "money.refunded", account, by, now, payment=back, refund_of=payment, amount=amount, method=method,
        has_receipt=bool(receipt),
    )  # fmt: skip
    asked_no_more = 0 if is_owed_again else min(amount, account.debt)
    if asked_no_more:
        write_charge(account, ADJUSTED, -asked_no_more, why, by, now)
    return back


def _claim(payment: Payment, amount: int, account: Account) -> None:
    """Take this much of a payment, if so much is left of it. Raises: IsRefund, MoreThanPaid."""
    if payment.refund_of_id:
        raise IsRefund
    left = Payment.objects.filter(pk=payment.pk, refunded__lte=F("amount") - amount)
    is_claimed = left.update(refunded=F("refunded") + amount)
    payment.refresh_from_db(fields=["refunded"])
    if not is_claimed:
        raise MoreThanPaid(left=words.money(payment.amount - payment.refunded, account.currency))


def _drawer(account: Account, method: str) -> CashShift | None:
    """The drawer that cash goes into or comes from, locked; none for what is no cash. Raises: NoOpenShift."""
    return held_open(account.centre, account.currency) if method == CASH else None


@transaction.atomic
def note_receipt(*, payment: Payment, number: str, by: Staff, now: datetime) -> None:
    """Write down the number of the till's receipt, or put it right.

    Raises: NotAllowed, NoText, TooLong. Leaves: `money.receipt_noted`.
    """
    account = payment.account
    require(by, "take payments", account.centre)
    receipt = said(number, LONGEST_RECEIPT)
    hold(account)
    before = Payment.objects.values_list("receipt_number", flat=True).get(pk=payment.pk)
    if before == receipt:
        return
    Payment.objects.filter(pk=payment.pk).update(receipt_number=receipt)
    payment.receipt_number = receipt
    note("money.receipt_noted", account, by, now, payment=payment, amount=payment.amount, was_known=bool(before))
