"""Money lived at random: whatever is charged, paid, given back, taken off or refused, in any sequence, it adds up.

Hypothesis takes in, prices, discounts, prepays, hands over, gives back, writes off, opens and counts the drawer, takes
in again under warranty. A book of its own is kept beside the desk; after every step both say the same to the kopeck.
A refused step has moved nothing. `DOVOLEN_TIMES=84` lives 5 000 lives of 50 steps, which takes most of an hour; `make endure` 600.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from typing import Any, ClassVar

import hypothesis
import pytest
from django.db import transaction
from django.db.models import F, Max, Q, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Event
from dovolen.desk.money import actions as money
from dovolen.desk.money.models import METHODS, Account, CashShift, Charge, Payment
from dovolen.desk.money.queries import drawer_of
from dovolen.desk.orders import actions, queries, standard, upkeep
from dovolen.desk.orders.models import CLOSED, READY, Line, RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON, TIMES

STEPS = 50
LIVES = {"sqlite": 60 * TIMES, "postgres": 6 * TIMES}
PRICES = [1, 3, 99, 33_333, 100_000, 1_790_000]
QUANTITIES = ["1", "1", "0.335", "2", "17.999"]
PERCENTS = ["0", "3", "7.5", "33.33", "100"]
TERMS = [0, 30, 180]
JOB = "Замена матрицы"
chance = st.randoms(use_true_random=True)


@dataclass
class Page:
    """What the book says of one order."""

    due: int = 0
    paid: int = 0
    payments: dict[int, int] = field(default_factory=dict)
    """Payment → what is left of it."""


class Money(RuleBasedStateMachine):
    """A centre with one client and one laptop, a drawer, and whatever becomes of them."""

    refused: ClassVar[Counter[str]] = Counter()
    n_done: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        standard.ensure(NOON)
        self.centre = Centre.objects.create(name="Касса")
        by = Staff.objects.create(login="machine", name="Касса")
        Membership.objects.create(staff=by, centre=self.centre, role="director")
        self.by = Staff.objects.get(pk=by.pk)
        self.laptop = make.asset(owner=make.person(by=self.by), centre=self.centre)
        self.ready = make.stage("ready")
        self.now = NOON
        self.book: dict[int, Page] = defaultdict(Page)
        self.drawer: int | None = None
        self.terms: dict[int, date] = {}
        self.is_to_be_checked = True

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # ── What may be done ─────────────────────────────────────────────────────────────────────────────────────────────

    @initialize(rnd=chance)
    def first(self, rnd: Random) -> None:
        self.take_in(rnd)

    @rule(rnd=chance)
    def anything(self, rnd: Random) -> None:
        step = rnd.choice((
            self.take_in, self.add_line, self.change_line, self.discount, self.discount, self.approve, self.pay, self.pay,
            self.pay, self.hand_over, self.hand_over, self.hand_over, self.cancel, self.refund, self.refund, self.refund,
            self.write_off, self.open_shift, self.open_shift, self.close_shift, self.move_cash, self.note_receipt,
            self.time_passes,
        ))  # fmt: skip
        hypothesis.note(step.__name__)
        step(rnd)

    def attempt(self, act: Callable[..., Any]) -> Any:
        """Do it; if it is refused, no row and no sum has moved."""
        before = rows()
        try:
            with transaction.atomic():
                made = act(by=self.by, now=self.now)
        except Refusal as refusal:
            assert rows() == before
            Money.refused[type(refusal).__name__] += 1
            return None
        Money.n_done += 1
        self.is_to_be_checked = True
        return made or True

    def order(self, rnd: Random, *, still_open: bool = True) -> RepairOrder:
        """One of the orders, the open ones more often."""
        orders = list(RepairOrder.objects.order_by("pk"))
        wanted = [one for one in orders if (one.phase != CLOSED) == still_open]
        return rnd.choice(wanted if wanted and rnd.random() < 0.85 else orders)

    def time_passes(self, rnd: Random) -> None:
        self.now += timedelta(minutes=rnd.choice([1, 600, 60 * 24 * 20, 60 * 24 * 100]))

    def take_in(self, rnd: Random) -> None:
        if RepairOrder.objects.count() >= 6:
            return
        closed = list(RepairOrder.objects.filter(outcome="repaired"))
        earlier = rnd.choice(closed) if closed and rnd.random() < 0.8 else None
        told = actions.Told("Нет изображения", pay_type=rnd.choice(["customer_pay"] * 4 + ["warranty", "goodwill"]))
        lines = [actions.NewLine("labour", JOB, rnd.choice(PRICES), warranty_days=rnd.choice(TERMS))]
        self.attempt(
            lambda **who: actions.accept(
                centre=self.centre, customer=self.laptop.owner, asset=self.laptop, rework_of=earlier, told=told,
                promised_at=self.now + timedelta(days=1), lines=lines, **who,
            )
        )  # fmt: skip

    def add_line(self, rnd: Random) -> None:
        order, name = self.order(rnd), rnd.choice([JOB, "Чистка"])
        told = {"price": rnd.choice(PRICES), "quantity": rnd.choice(QUANTITIES), "warranty_days": rnd.choice(TERMS)}
        self.attempt(lambda **who: actions.add_line(order=order, kind="labour", name=name, **told, **who))

    def change_line(self, rnd: Random) -> None:
        line = rnd.choice(list(Line.objects.all()))
        values = {"price": rnd.choice(PRICES), "quantity": rnd.choice(QUANTITIES)}
        self.attempt(lambda **who: actions.change_line(line=line, seen=line.version, **values, **who))

    def discount(self, rnd: Random) -> None:
        order = self.order(rnd)
        lines = list(order.lines.all())
        how: dict[str, Any] = rnd.choice([{"percent": Decimal(rnd.choice(PERCENTS))}, {"amount": rnd.choice(PRICES)}])
        line = rnd.choice(lines) if lines and rnd.random() < 0.5 else None
        reason = rnd.choice(["Постоянный клиент"] * 5 + [""])
        self.attempt(lambda **who: actions.give_discount(order=order, line=line, reason=reason, **how, **who))

    def approve(self, rnd: Random) -> None:
        order = self.order(rnd)
        asked = list(order.lines.filter(state="proposed").values_list("pk", flat=True))
        no = [key for key in asked if rnd.random() < 0.15]
        self.attempt(
            lambda **who: actions.record_approval(
                order=order, approved=set(asked) - set(no), declined=dict.fromkeys(no, "Дорого"), who="Анна",
                told_how="call", **who,
            )
        )  # fmt: skip

    def pay(self, rnd: Random) -> None:
        order = self.order(rnd, still_open=rnd.random() < 0.6)
        amount = rnd.choice([0, 1, 5_000, 33_333, actions.left_at_hand_over(order) or 7])
        paid = actions.Paid(rnd.choice(METHODS), amount, rnd.choice(["", "0117"]))
        page, was_closed = self.book[order.number], order.phase == CLOSED
        made = self.attempt(lambda **who: actions.pay(order=order, paid=paid, **who))
        if made:
            assert not was_closed or paid.amount <= page.due - page.paid
            self.took(page, made)

    def took(self, page: Page, payment: Payment) -> None:
        page.paid += payment.amount
        page.payments[payment.pk] = payment.amount
        if payment.method == "cash":
            assert self.drawer is not None
            self.drawer += payment.amount

    def hand_over(self, rnd: Random) -> None:
        order = self.order(rnd)
        outcome = rnd.choice(["repaired"] * 4 + ["declined", "no_fault_found"])
        if outcome == "repaired" and order.phase not in (READY, CLOSED) and rnd.random() < 0.9:
            make.approve(order, by=self.by, now=self.now)
            actions.move(order=order, to=self.ready, by=self.by, now=self.now)
        left = actions.left_at_hand_over(order)
        amount = rnd.choice([left, left, left, left + 1, left // 2, 0])
        paid = actions.Paid(rnd.choice(METHODS), amount) if amount else None
        agreed = rnd.random() < 0.3
        told: dict[str, Any] = {"outcome": outcome, "reason": "Так", "paid": paid, "unpaid_agreed": agreed}
        if self.attempt(lambda **who: actions.hand_over(order=order, **told, **who)):
            page = self.book[order.number]
            approved = order.lines.filter(state="approved").aggregate(sum=Sum("amount", default=0))["sum"]
            page.due += approved if order.pay_type == "customer_pay" else 0
            if paid:
                self.took(page, Payment.objects.order_by("-pk")[0])
            assert agreed or page.paid >= page.due

    def cancel(self, rnd: Random) -> None:
        if rnd.random() < 0.3:
            order = self.order(rnd)
            self.attempt(lambda **who: actions.cancel(order=order, reason="Ошибка", **who))

    def refund(self, rnd: Random) -> None:
        payments = list(Payment.objects.select_related("account__centre"))
        if not payments:
            return
        payment, again = rnd.choice(payments), rnd.random() < 0.3
        amount = rnd.choice([1, 100, payment.amount, payment.amount - payment.refunded, payment.amount + 1])
        method = rnd.choice([payment.method, *METHODS])
        told: dict[str, Any] = {"amount": amount, "method": method, "reason": "Возврат", "is_owed_again": again}
        page = self.book[payment.account.order_number]
        if self.attempt(lambda **who: money.refund(payment=payment, **told, **who)):
            page.payments[payment.pk] -= amount
            page.paid -= amount
            assert page.payments[payment.pk] >= 0
            if not again:
                page.due -= min(amount, max(0, page.due - page.paid))
            if method == "cash":
                assert self.drawer is not None
                self.drawer -= amount

    def write_off(self, rnd: Random) -> None:
        accounts = list(Account.objects.all())
        if not accounts:
            return
        account = rnd.choice(accounts)
        amount = rnd.choice([1, account.debt, account.debt + 1])
        if self.attempt(lambda **who: money.write_off(account=account, amount=amount, reason="Так", **who)):
            self.book[account.order_number].due -= amount

    def note_receipt(self, rnd: Random) -> None:
        payments = list(Payment.objects.select_related("account__centre"))
        if payments:
            payment = rnd.choice(payments)
            self.attempt(lambda **who: money.note_receipt(payment=payment, number="0118", **who))

    def open_shift(self, rnd: Random) -> None:
        opening = rnd.choice([0, 500_000])
        if self.attempt(lambda **who: money.open_shift(centre=self.centre, opening=opening, **who)):
            assert self.drawer is None
            self.drawer = opening

    def close_shift(self, rnd: Random) -> None:
        shift = CashShift.objects.order_by("-pk").first()
        if shift is None or rnd.random() < 0.5:
            return
        counted = rnd.choice([self.drawer or 0, 5])
        note = rnd.choice(["", "Сдача"])
        if self.attempt(lambda **who: money.close_shift(shift=shift, counted=counted, note=note, **who)):
            assert self.drawer == shift.expected
            assert note or counted == self.drawer
            self.drawer = None

    def move_cash(self, rnd: Random) -> None:
        shift = CashShift.objects.order_by("-pk").first()
        if shift is None:
            return
        kind, amount = rnd.choice(["in", "out"]), rnd.choice([1, 33_333, 10**9])
        if self.attempt(lambda **who: money.move_cash(shift=shift, kind=kind, amount=amount, reason="Размен", **who)):
            assert self.drawer is not None
            self.drawer += amount if kind == "in" else -amount

    # ── What has to hold ─────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def it_adds_up(self) -> None:
        if not self.is_to_be_checked:  # what was refused has moved nothing: that was looked at
            return
        self.is_to_be_checked = False
        assert upkeep.wrong_orders() == []
        self.check_accounts()
        self.check_drawer()
        self.check_terms()

    def check_accounts(self) -> None:
        """Rows make up their sums, the book says the same, the journal too."""
        charged = dict(Charge.objects.order_by().values_list("account").annotate(Sum("amount")))
        paid: dict[int, int] = defaultdict(int)
        for one in Payment.objects.all():
            paid[one.account_id] += -one.amount if one.refund_of_id else one.amount
        accounts = {one.order_number: one for one in Account.objects.all()}
        for number, account in accounts.items():
            page = self.book[number]
            assert (
                (account.due, account.paid) == (charged.get(account.pk, 0), paid[account.pk]) == (page.due, page.paid)
            )
        assert all(number in accounts for number, page in self.book.items() if page.due or page.paid)
        returned = Payment.objects.filter(refund_of=None).annotate(back=Sum("refunds__amount", default=0))
        assert not returned.exclude(refunded=F("back")).exists()
        assert not returned.filter(back__gt=F("amount")).exists()
        for event in latest_events():
            account = accounts[event.facts["order_number"]]
            assert (event.facts["due"], event.facts["paid"]) == (account.due, account.paid)

    def check_drawer(self) -> None:
        """The open shift holds what the book says; a closed one was counted against what it held."""
        for shift in CashShift.objects.all():
            assert drawer_of(shift) >= 0
            assert drawer_of(shift) == (self.drawer if shift.closed_at is None else shift.expected)
        assert (self.drawer is not None) == CashShift.objects.filter(closed_at=None).exists()
        assert not Payment.objects.filter(Q(method="cash") & Q(shift=None)).exists()

    def check_terms(self) -> None:
        """Work done again is warranted as long as the first time at least, whatever it cost."""
        chains: dict[int, date] = {}
        found = Line.objects.filter(name=JOB, warranty_until__isnull=False).select_related("order")
        for line in found:
            assert line.warranty_until is not None
            assert line.state == "approved"
            chain = line.order.rework_of_id or line.order_id
            chains[chain] = max(line.warranty_until, chains.get(chain, line.warranty_until))
        for chain, until in self.terms.items():
            assert chains[chain] >= until
        for order in RepairOrder.objects.filter(outcome="repaired", rework_of__isnull=False):
            under = queries.job_key(Line(kind="labour", name=JOB))
            done = [one for one in order.lines.filter(state="approved") if queries.job_key(one) == under]
            assert all(one.warranty_until for one in done) or chains.get(order.rework_of_id or 0) is None
        self.terms = chains


def rows() -> tuple[Any, ...]:
    """All of money that could have moved."""
    moved = Account.objects.aggregate(Sum("due"), Sum("paid"), Sum("payments__amount"), Sum("payments__refunded"))
    return (*moved.values(), Event.objects.aggregate(Max("pk"))["pk__max"])


def latest_events() -> list[Event]:
    """The last thing that the journal says of each account."""
    found = Event.objects.filter(subject_kind=Account._meta.label_lower).order_by("id")
    return list({event.subject_id: event for event in found}.values())


@pytest.mark.endures
@pytest.mark.django_db
def test_whatever_is_done_with_money_in_any_sequence_it_adds_up(base: str) -> None:
    Money.n_done, Money.refused = 0, Counter()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=LIVES[base], stateful_step_count=STEPS, deadline=None, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    told = ", ".join(f"{name} {n}" for name, n in sorted(Money.refused.items()))
    print(
        f"\nR15 {base}: {LIVES[base]} lives × {STEPS} steps, {Money.n_done} done, {Money.refused.total()} refused ({told})"
    )
    assert Money.n_done > 5 * LIVES[base]
