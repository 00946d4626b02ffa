"""Bills: which are open, overdue, paid, and by what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from dovolen.desk.accounts.models import Staff
from dovolen.desk.money.models import Invoice, LegalEntity, Payment

OPEN, OVERDUE, PAID, CANCELLED, ALL = "", "overdue", "paid", "cancelled", "all"
INVOICE_STATES = (OPEN, OVERDUE, PAID, CANCELLED, ALL)
PAGE = 50
ROUBLES = "RUB"
"""What accounts in statements of banks are in."""


@dataclass(frozen=True)
class InvoicesPage:
    """Bills of a page, each with `received`, `left` and `standing`; the cursor of the next, empty on the last."""

    rows: list[Invoice]
    later: str = ""


def invoices_page(staff: Staff, state: str, *, today: date, cursor: str = "", size: int = PAGE) -> InvoicesPage:
    """Bills of the centres whose ledger he sees, the latest first."""
    found = with_received(Invoice.objects.filter(centre__in=staff.centre_ids("see the ledger"))).filter(
        _condition(state, today)
    )
    if cursor.isascii() and cursor.isdigit():
        found = found.filter(pk__lt=int(cursor[:18]))
    rows: list[Any] = list(found.select_related("customer", "centre", "entity").order_by("-pk")[: size + 1])
    for row in rows[:size]:
        row.left, row.standing = max(0, row.amount - row.received), standing(row, today)
    return InvoicesPage(rows[:size], str(rows[size - 1].pk) if len(rows) > size else "")


def with_received(bills: QuerySet[Invoice]) -> Any:
    """Bills, each with what was `received` on it and not given back."""
    paid = Payment.objects.filter(invoice=OuterRef("pk"), refund_of=None).order_by().values("invoice")
    kept = paid.annotate(kept=Sum(F("amount") - F("refunded"))).values("kept")
    return bills.annotate(received=Coalesce(Subquery(kept, output_field=IntegerField()), 0))


def open_bills(entity: LegalEntity, centres: set[int]) -> list[Any]:
    """Bills in roubles in the name of an entity that still wait for money, at these centres, the latest first."""
    held = Invoice.objects.filter(entity=entity, cancelled_at=None, centre__in=centres, currency=ROUBLES)
    found = with_received(held)
    rows = found.filter(received__lt=F("amount")).select_related("customer__requisites", "centre").order_by("-pk")
    return list(rows)


def standing(bill: Any, today: date) -> str:
    """How a bill stands: paid, cancelled, overdue, else open."""
    if bill.cancelled_at:
        return CANCELLED
    if bill.received >= bill.amount:
        return PAID
    return OVERDUE if bill.due_on and bill.due_on < today else "open"


def _condition(state: str, today: date) -> Q:
    waits = Q(cancelled_at=None, received__lt=F("amount"))
    return {
        OPEN: waits, OVERDUE: waits & Q(due_on__lt=today), PAID: Q(cancelled_at=None, received__gte=F("amount")),
        CANCELLED: Q(cancelled_at__isnull=False), ALL: Q(),
    }[state]  # fmt: skip
