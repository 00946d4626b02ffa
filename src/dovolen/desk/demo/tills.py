"""Money of the demo: accounts and payments of the history, the drawers of both places counted every evening."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core.models import Counter
from dovolen.desk.demo import bulk
from dovolen.desk.demo.bills import Bill, Move
from dovolen.desk.demo.house import House
from dovolen.desk.demo.ledger import Ledger
from dovolen.desk.demo.told import told
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import (
    ADJUSTED,
    CASH,
    CHARGED,
    TAKEN_OUT,
    TRANSFER,
    Account,
    CashMove,
    CashShift,
    Charge,
    LegalEntity,
    Payment,
)

FLOAT = 500_000
"""Left in the drawer for change, kopecks."""
COLLECTED_FROM = 3_000_000
"""More than this is taken to the bank in the evening."""
DIFFERS = 1 / 45
SHIFT = "cash_shift"
"""Kind of the counter that numbers the shifts of a centre."""

Step = tuple[datetime, Callable[[datetime], None]]


# ── The history, written at once ─────────────────────────────────────────────────────────────────────────────────────


def write(bills: list[Bill], house: House, entity: LegalEntity, ledger: Ledger, *, until: datetime) -> None:
    """Accounts, charges, payments and shifts of finished orders, with their events."""
    paid = [Paid.of(bill, entity) for bill in bills if bill.is_asked]
    bulk.write([one.account for one in paid])
    bulk.write([charge for one in paid for charge in one.charges])
    drawers = {centre.pk: _drawers(centre, paid, house, until) for centre in house.centres}
    bulk.write([drawer.shift for held in drawers.values() for drawer in held])
    bulk.write([drawer.move for held in drawers.values() for drawer in held if drawer.move])
    _number_receipts(paid)
    bulk.write([payment for one in paid for payment in one.payments if payment.refund_of is None])
    bulk.write([payment for one in paid for payment in one.payments if payment.refund_of is not None])
    for centre in house.centres:
        Counter.objects.create(kind=SHIFT, centre_id=centre.pk, year=0, last=len(drawers[centre.pk]))
    for one in paid:
        one.tell(ledger)
    for held in drawers.values():
        for drawer in held:
            drawer.tell(ledger)


@dataclass
class Paid:
    """Rows of one order's money."""

    bill: Bill
    account: Account
    charges: list[Charge] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)

    @staticmethod
    def of(bill: Bill, entity: LegalEntity) -> Paid:
        """The rows, without their keys."""
        order = bill.order
        account = Account(
            order_number=order.number, centre=order.centre, customer=order.customer, currency=order.currency,
            opened_at=min([bill.at, *(move.at for move in bill.moves)]), due_since=bill.at, due_on=bill.due_on,
        )  # fmt: skip
        one = Paid(bill, account)
        one._charge(CHARGED, order.total, bill.at, order.picked_up_by)
        for move in bill.moves:
            one._pay(move, entity)
        return one

    def _charge(self, kind: str, amount: int, at: datetime, by: Staff | None, reason: str = "") -> None:
        self.charges.append(Charge(account=self.account, kind=kind, amount=amount, at=at, by=by, reason=reason))
        self.account.due += amount

    def _pay(self, move: Move, entity: LegalEntity) -> None:
        first = self.payments[-1] if move.is_refund else None
        payment = Payment(
            account=self.account, entity=entity, method=move.method, amount=move.amount, refund_of=first, at=move.at,
            by=move.by, is_prepayment=move.is_prepayment, reason=move.reason,
        )  # fmt: skip
        self.payments.append(payment)
        self.account.paid += -move.amount if first else move.amount
        if first:
            first.refunded += move.amount
            self._charge(ADJUSTED, -move.amount, move.at, move.by, move.reason)

    def tell(self, ledger: Ledger) -> None:
        """Events of the account in order of time, each with its sums after it."""
        rows: list[Any] = sorted([*self.payments, *self.charges], key=lambda row: (row.at, isinstance(row, Payment)))
        account, due, paid = self.account, 0, 0
        for row in rows:
            facts: dict[str, Any] = {"amount": abs(row.amount)}
            if isinstance(row, Charge):
                due += row.amount
                kind = "money.charged" if row.kind == CHARGED else "money.adjusted"
            else:
                paid += -row.amount if row.refund_of else row.amount
                kind = "money.refunded" if row.refund_of else "money.paid"
                facts |= {"payment": row.pk, "method": row.method, "has_receipt": bool(row.receipt_number)}
                facts |= {"refund_of": row.refund_of.pk} if row.refund_of else {"is_prepayment": row.is_prepayment}
            ledger.note(
                kind, subject=account, by=row.by, at=row.at, centre=account.centre, currency=account.currency,
                order_number=account.order_number, due=due, paid=paid, **facts,
            )  # fmt: skip


def _number_receipts(paid: list[Paid]) -> None:
    """What goes through a till has the number of its receipt, one after another at each place."""
    last: dict[int, int] = {}
    through_till = [pay for one in paid for pay in one.payments if pay.method != TRANSFER]
    for payment in sorted(through_till, key=lambda pay: pay.at):
        centre = payment.account.centre_id
        last[centre] = last.get(centre, 0) + 1
        payment.receipt_number = f"{last[centre]:06d}"


@dataclass
class Drawer:
    """A shift of the history and what was taken to the bank at its end."""

    shift: CashShift
    move: CashMove | None = None

    def tell(self, ledger: Ledger) -> None:
        """Its events."""
        shift = self.shift
        common: dict[str, Any] = {"subject": shift, "centre": shift.centre, "currency": shift.currency}
        ledger.note(
            "cash.opened", by=shift.opened_by, at=shift.opened_at, number=shift.number, opening=shift.opening, **common
        )
        assert shift.closed_at
        if self.move:
            move = self.move
            ledger.note("cash.moved", by=move.by, at=move.at, move=move.pk, way=move.kind, amount=move.amount, **common)
        assert shift.expected is not None
        assert shift.counted is not None
        ledger.note(
            "cash.closed", by=shift.closed_by, at=shift.closed_at, expected=shift.expected, counted=shift.counted,
            difference=shift.counted - shift.expected, **common,
        )  # fmt: skip


def _drawers(centre: Centre, paid: list[Paid], house: House, until: datetime) -> list[Drawer]:
    """The shifts of a place, a day each, and its cash in them."""
    cash: dict[date, list[Payment]] = {}
    for payment in (pay for one in paid if one.account.centre_id == centre.pk for pay in one.payments):
        if payment.method == CASH:
            cash.setdefault(centre.local(payment.at).date(), []).append(payment)
    by, left = house.receptionist(centre), FLOAT
    held: list[Drawer] = []
    for day in sorted(cash):
        drawer = _drawer(centre, day, cash[day], by, left, until)
        drawer.shift.number = len(held) + 1
        held.append(drawer)
        assert drawer.shift.counted is not None
        left = drawer.shift.counted
    return held


def _drawer(centre: Centre, day: date, cash: list[Payment], by: Staff, opening: int, until: datetime) -> Drawer:
    chance = random.Random(day.toordinal() * 7 + centre.pk)
    spans = Opening.of(centre).on(day)
    moments = sorted(payment.at for payment in cash)
    opened_at = min([moments[0] - timedelta(minutes=5), *(starts for starts, _ in spans)])
    closed_at = min(max([moments[-1] + timedelta(minutes=10), *(ends for _, ends in spans)]), until)
    shift = CashShift(
        centre=centre, currency=centre.currency, opened_at=opened_at, opened_by=by, opening=opening,
        closed_at=closed_at, closed_by=by,
    )  # fmt: skip
    for payment in cash:
        payment.shift = shift
    held = opening + sum(payment.amount for payment in cash)
    move = None
    if held > COLLECTED_FROM:
        move = CashMove(
            shift=shift, kind=TAKEN_OUT, amount=held - FLOAT, reason=told()["cash"]["collected"],
            at=closed_at - timedelta(minutes=3), by=by,
        )  # fmt: skip
        held = FLOAT
    shift.expected = shift.counted = held
    if chance.random() < DIFFERS:
        shift.counted += chance.choice((-5_000, -1_000, 2_000))
        shift.note = chance.choice(told()["cash"]["differences"])
    return Drawer(shift, move)


# ── The living days ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class Till:
    """The drawer of a place in the living days: opened every morning, counted every evening; today's is open."""

    centre: Centre
    house: House
    since: datetime

    def steps(self, now: datetime) -> Iterator[Step]:
        """Mornings and evenings up to now."""
        opening, day = Opening.of(self.centre), self.centre.local(self.since).date()
        while day <= self.centre.local(now).date():
            spans = opening.on(day)
            if spans and spans[-1][1] > self.since:
                yield max(spans[0][0], self.since), self.open
                yield spans[-1][1] + timedelta(minutes=40), self.close
            day += timedelta(days=1)

    @property
    def by(self) -> Staff:
        """Who keeps it."""
        return self.house.receptionist(self.centre)

    def open(self, now: datetime) -> None:
        """With what was counted the evening before."""
        latest = CashShift.objects.filter(centre=self.centre).order_by("-number").first()
        opening = latest.counted if latest and latest.counted is not None else FLOAT
        actions.open_shift(centre=self.centre, opening=opening, by=self.by, now=now)

    def close(self, now: datetime) -> None:
        """What is too much goes to the bank; the rest is counted."""
        shift = queries.open_shift_of(self.centre)
        assert shift
        held = queries.drawer_of(shift)
        if held > COLLECTED_FROM:
            reason = told()["cash"]["collected"]
            actions.move_cash(
                shift=shift,
                kind=TAKEN_OUT,
                amount=held - FLOAT,
                reason=reason,
                by=self.by,
                now=now - timedelta(minutes=3),
            )
        actions.close_shift(shift=shift, counted=queries.drawer_of(shift), by=self.by, now=now)
