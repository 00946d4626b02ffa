"""What the page of an order shows of its money: asked, paid, left, and every payment with what went back of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from dovolen.desk.money.models import Payment
from dovolen.desk.orders.models import CANCELLED, CLOSED, RepairOrder

PAID_BY_CLIENT = "customer_pay"


@dataclass(frozen=True)
class Paying:
    """The money of one order as it stands."""

    asked: int = 0
    """What the client is to pay: as the estimate stands, and once it was handed over, as charged."""
    paid: int = 0
    is_charged: bool = False
    is_over: bool = False
    """It was handed over or cancelled: nothing more will be charged."""
    payments: list[Payment] = field(default_factory=list)
    """The earliest first; what was given back too."""
    less: int = 0
    """What is asked no more of what was charged: written off, or given back."""

    @property
    def left(self) -> int:
        """What is still to be paid."""
        return max(0, self.asked - self.paid)

    @property
    def over(self) -> int:
        """What was paid too much: to be given back once nothing more will be charged."""
        return max(0, self.paid - self.asked) if self.is_over else 0

    @property
    def prepaid(self) -> int:
        """What was paid before anything was due, less what went back of it."""
        return sum(one.amount - one.refunded for one in self.payments if one.is_prepayment)

    @property
    def n_without_receipt(self) -> int:
        """Payments at the desk whose receipt nobody wrote down."""
        return sum(one.asks_receipt and not one.receipt_number for one in self.payments)


def asked_for(order: RepairOrder) -> int:
    """What an order comes to for its client as it stands, minor units."""
    return order.total if order.pay_type == PAID_BY_CLIENT and order.outcome != CANCELLED else 0


def paying_of(order: RepairOrder) -> Paying:
    """The money of an order taken from `page.orders_of`, in one query."""
    payments = Payment.objects.filter(account__order_number=order.number).select_related("by", "shift", "account")
    due, paid, since = order.account_due, order.account_paid, order.account_since  # type: ignore[attr-defined]
    is_over = order.phase == CLOSED
    return Paying(
        asked=(due or 0) if is_over else asked_for(order),
        paid=paid or 0,
        is_charged=since is not None,
        is_over=is_over,
        payments=list(payments.order_by("at", "pk")),
        less=-(order.account_less or 0),  # type: ignore[attr-defined]
    )
