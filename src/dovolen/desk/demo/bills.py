"""What each order of the history owed and how it was paid: thought of here, written by `tills`."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from dovolen.desk.accounts.models import Staff
from dovolen.desk.money.models import CARD, CASH, FAST, TRANSFER
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.money import PAID_BY_CLIENT
from dovolen.desk.people.models import COMPANY

PERSONS_PAY = (CARD, CARD, CARD, CARD, CASH, CASH, FAST, FAST)
TERM = timedelta(days=10)
"""Companies pay within it; some a little later, a few not at all."""
PREPAYS_FROM, PREPAYS, REFUNDED, NEVER_PAID, PAYS_A_PART = 600_000, 0.15, 0.004, 0.012, 0.02


@dataclass
class Move:
    """Money that came, or went back."""

    at: datetime
    method: str
    amount: int
    by: Staff
    is_prepayment: bool = False
    is_refund: bool = False
    reason: str = ""


@dataclass
class Bill:
    """An order's money: asked for at hand-over, paid before, then or later."""

    order: RepairOrder
    at: datetime
    moves: list[Move] = field(default_factory=list)
    due_on: date | None = None

    @property
    def debt_then(self) -> int:
        """What was owed when the client left with his device."""
        if not self.is_asked:
            return 0
        return self.order.total - sum(move.amount for move in self.moves if move.at <= self.at)

    @property
    def is_asked(self) -> bool:
        """Whether the client has anything to pay."""
        return self.order.pay_type == PAID_BY_CLIENT and self.order.total > 0


def method_of(order: RepairOrder, chance: random.Random) -> str:
    """How the client of an order pays."""
    return TRANSFER if order.customer.kind == COMPANY else chance.choice(PERSONS_PAY)


def think_of(order: RepairOrder, key: int, *, agreed_at: datetime | None, now: datetime, reasons: list[str]) -> Bill:
    """How a finished order was paid, by chance of its own; nothing where nobody is asked to pay."""
    assert order.picked_up_at
    assert order.picked_up_by
    chance, at, by = random.Random(key * 31 + 7), order.picked_up_at, order.picked_up_by
    bill = Bill(order, at)
    if not bill.is_asked:
        return bill
    left, method = order.total, method_of(order, chance)
    prepaid_at = agreed_at + timedelta(minutes=4) if agreed_at else at
    if prepaid_at < at and left >= PREPAYS_FROM and chance.random() < PREPAYS:
        part = left * chance.randrange(3, 6) // 10 // 10_000 * 10_000
        bill.moves.append(Move(prepaid_at, CARD, part, order.accepted_by, is_prepayment=True))
        left -= part
    if method == TRANSFER:
        _transfer(bill, left, chance, now)
    else:
        bill.moves.append(Move(at, method, left, by))
        _refund(bill, chance, now, reasons)
    return bill


def _transfer(bill: Bill, left: int, chance: random.Random, now: datetime) -> None:
    """A company pays within its term, late, in part, or not yet."""
    bill.due_on = bill.order.centre.local(bill.at + TERM).date()
    late = timedelta(days=chance.randrange(10, 25) if chance.random() < 0.1 else chance.randrange(1, 10))
    at, fate = bill.at + late, chance.random()
    if at >= now or fate < NEVER_PAID:
        return
    amount = left // 2 if fate < NEVER_PAID + PAYS_A_PART else left
    bill.moves.append(Move(at, TRANSFER, amount, bill.order.accepted_by))


def _refund(bill: Bill, chance: random.Random, now: datetime, reasons: list[str]) -> None:
    """Sometimes a part goes back by the way it came."""
    paid, at = bill.moves[-1], bill.at + timedelta(days=chance.randrange(1, 6))
    if paid.method != CASH and chance.random() < REFUNDED and at < now:
        back = max(1, paid.amount * chance.randrange(10, 30) // 100 // 1000) * 1000
        bill.moves.append(
            Move(at, paid.method, min(back, paid.amount), paid.by, is_refund=True, reason=chance.choice(reasons))
        )
