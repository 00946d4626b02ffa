"""Bills: issued when their paper is drawn up, paid by transfers, cancelled when nothing was paid on them."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.money.actions.accounts import NotItsCurrency
from dovolen.desk.money.models import Invoice, LegalEntity
from dovolen.desk.people.models import Customer

ISSUE, CANCEL = "issue papers", "void papers"


class NothingToBill(Refusal):
    """A bill of nothing is no bill."""

    key = "ledger.refused.nothing_to_bill"


class InvoicePaid(Refusal):
    """Something was paid on it and not given back."""

    key = "ledger.refused.invoice_paid"


class InvoiceCancelled(Refusal):
    """It was cancelled before."""

    key = "ledger.refused.invoice_cancelled"


@transaction.atomic
def issue_invoice(  # noqa: PLR0913 – what a bill is
    *, number: str, entity: LegalEntity, centre: Centre, customer: Customer, order_number: int, amount: int,
    currency: str, by: Staff, now: datetime, due_on: date | None = None,
) -> Invoice:  # fmt: skip
    """Bill an order under the number of its paper. Raises: NotAllowed, NothingToBill, NotItsCurrency.

    Leaves: `invoice.issued`.
    """
    require(by, ISSUE, centre)
    if amount <= 0:
        raise NothingToBill
    if currency != centre.currency:
        raise NotItsCurrency(currency=centre.currency)
    invoice = Invoice.objects.create(
        number=number, entity=entity, centre=centre, customer=customer, order_number=order_number, amount=amount,
        currency=currency, issued_at=now, issued_by=by, due_on=due_on,
    )  # fmt: skip
    journal.record(
        "invoice.issued", subject=invoice, by=by, at=now, centre=centre, number=number, order_number=order_number,
        entity=entity, customer=customer, amount=amount, currency=currency, due_on=due_on,
    )  # fmt: skip
    return invoice


@transaction.atomic
def cancel_invoice(*, invoice: Invoice, by: Staff, now: datetime) -> None:
    """Ask for its money no more. Raises: NotAllowed, InvoiceCancelled, InvoicePaid. Leaves: `invoice.cancelled`."""
    require(by, CANCEL, invoice.centre_id)
    claimed = Invoice.objects.filter(pk=invoice.pk, cancelled_at=None).update(cancelled_at=now)
    if not claimed:
        raise InvoiceCancelled
    if any(payment.amount > payment.refunded for payment in invoice.payments.filter(refund_of=None)):
        raise InvoicePaid
    invoice.cancelled_at = now
    journal.record(
        "invoice.cancelled", subject=invoice, by=by, at=now, centre=invoice.centre, number=invoice.number,
        order_number=invoice.order_number,
    )  # fmt: skip
