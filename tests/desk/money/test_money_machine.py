"""Money lived at random: whatever is charged, paid, given back, taken off or refused, in any sequence, it adds up.

Hypothesis takes in, prices, discounts, prepays, hands over, gives back, writes off, opens and counts the drawer, takes
in again under warranty. A book of its own is kept beside the desk; after every step both say the same to the kopeck.
A refused step has moved nothing. `make endure` lives 5 000 lives of 50 steps on SQLite and 500 on PostgreSQL, `make test` a few.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from time import process_time
from typing import Any, ClassVar

import hypothesis
import pytest
from django.db import transaction
from django.db.models import QuerySet, Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.assets.models import Asset
from dovolen.desk.core.errors import Refusal
from dovolen.desk.money import actions as money
from dovolen.desk.money.models import METHODS, Account, CashShift, Payment
from dovolen.desk.money.queries import drawer_of
from dovolen.desk.orders import actions, standard, upkeep
from dovolen.desk.orders.models import CLOSED, READY, Line, RepairOrder, Stage
from tests.desk import make
from tests.desk.conftest import NOON, TIMES
from tests.desk.money.told import ACCOUNTS, ALL, HOMELESS, JOBS, LATEST, PAYMENTS, SHIFTS, told

STEPS, PARTS = 50, 4
LIVES = {"sqlite": 100, "postgres": 12} if TIMES == 1 else {"sqlite": 500 * TIMES, "postgres": 50 * TIMES}
"""Of all parts together."""
PRICES = [1, 3, 99, 33_333, 100_000, 1_790_000]
QUANTITIES = ["1", "1", "0.335", "2", "17.999"]
PERCENTS = ["0", "3", "7.5", "33.33", "100"]
TERMS = [0, 30, 180]
JOB = "Замена матрицы"
chance = st.randoms(use_true_random=True)


def one_of(rnd: Random, rows: QuerySet[Any]) -> Any:
    """Any one of them; None where there is none."""
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return rows.get(pk=rnd.choice(keys)) if keys else None


@dataclass(frozen=True)
class World:
    """What every life begins with, made once: a centre with its director, one client with one laptop."""

    centre: Centre
    by: Staff
    laptop: Asset
    ready: Stage

    @classmethod
    def made(cls) -> World:
        standard.ensure(NOON)
        centre = Centre.objects.create(name="Касса")
        by = Staff.objects.create(login="machine", name="Касса")
        Membership.objects.create(staff=by, centre=centre, role="director")
        by = Staff.objects.get(pk=by.pk)
        return cls(centre, by, make.asset(owner=make.person(by=by), centre=centre), make.stage("ready"))


@dataclass
class Page:
    """What the book says of one order."""

    due: int = 0
    paid: int = 0
    payments: dict[int, int] = field(default_factory=dict)
    """Payment → what is left of it."""


class Money(RuleBasedStateMachine):
    """A centre with one client and one laptop, a drawer, and whatever becomes of them."""

    world: ClassVar[World]
    refused: ClassVar[Counter[str]] = Counter()
    n_lives: ClassVar[int] = 0
    n_done: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        Money.n_lives += 1
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        world = deepcopy(self.world)  # nothing that one life leaves on a row in memory is seen by the next
        self.centre, self.by, self.laptop, self.ready = world.centre, world.by, world.laptop, world.ready
        self.now = NOON
        self.book: dict[int, Page] = defaultdict(Page)
        self.drawer: int | None = None
        self.counted: dict[int, tuple[Any, ...]] = {}
        """Shift → what was in it when the desk was last asked what is in it."""
        self.terms: dict[int, date] = {}
        """First order of a chain → the latest day to which the job is warranted."""
        self.warranted: dict[int, date | None] = {}
        """Line that was done → the end of its warranty."""
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
        before = told(ALL)
        try:
            with transaction.atomic():
                made = act(by=self.by, now=self.now)
        except Refusal as refusal:
            assert told(ALL) == before
            Money.refused[type(refusal).__name__] += 1
            return None
        Money.n_done += 1
        self.is_to_be_checked = True
        return made or True

    def order(self, rnd: Random, *, still_open: bool = True) -> RepairOrder:
        """One of the orders, the open ones more often."""
        orders = list(RepairOrder.objects.order_by("pk").values_list("pk", "phase"))
        wanted = [one for one in orders if (one[1] != CLOSED) == still_open]
        return RepairOrder.objects.get(pk=rnd.choice(wanted if wanted and rnd.random() < 0.85 else orders)[0])

    def time_passes(self, rnd: Random) -> None:
        self.now += timedelta(minutes=rnd.choice([1, 600, 60 * 24 * 20, 60 * 24 * 100]))

    def take_in(self, rnd: Random) -> None:
        if RepairOrder.objects.count() >= 6:
            return
        earlier = one_of(rnd, RepairOrder.objects.filter(outcome="repaired")) if rnd.random() < 0.8 else None
        about = actions.Told("Нет изображения", pay_type=rnd.choice(["customer_pay"] * 4 + ["warranty", "goodwill"]))
        lines = [actions.NewLine("labour", JOB, rnd.choice(PRICES), warranty_days=rnd.choice(TERMS))]
        self.attempt(
            lambda **who: actions.accept(
                centre=self.centre, customer=self.laptop.owner, asset=self.laptop, rework_of=earlier, told=about,
                promised_at=self.now + timedelta(days=1), lines=lines, **who,
            )
        )  # fmt: skip

    def add_line(self, rnd: Random) -> None:
        order, name = self.order(rnd), rnd.choice([JOB, "Чистка"])
        how = {"price": rnd.choice(PRICES), "quantity": rnd.choice(QUANTITIES), "warranty_days": rnd.choice(TERMS)}
        self.attempt(lambda **who: actions.add_line(order=order, kind="labour", name=name, **how, **who))

    def change_line(self, rnd: Random) -> None:
        line = one_of(rnd, Line.objects.all())
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
        how: dict[str, Any] = {"outcome": outcome, "reason": "Так", "paid": paid, "unpaid_agreed": agreed}
        if self.attempt(lambda **who: actions.hand_over(order=order, **how, **who)):
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
        payment, again = one_of(rnd, Payment.objects.select_related("account__centre")), rnd.random() < 0.3
        if payment is None:
            return
        amount = rnd.choice([1, 100, payment.amount, payment.amount - payment.refunded, payment.amount + 1])
        method = rnd.choice([payment.method, *METHODS])
        how: dict[str, Any] = {"amount": amount, "method": method, "reason": "Возврат", "is_owed_again": again}
        page = self.book[payment.account.order_number]
        if self.attempt(lambda **who: money.refund(payment=payment, **how, **who)):
            page.payments[payment.pk] -= amount
            page.paid -= amount
            assert page.payments[payment.pk] >= 0
            if not again:
                page.due -= min(amount, max(0, page.due - page.paid))
            if method == "cash":
                assert self.drawer is not None
                self.drawer -= amount

    def write_off(self, rnd: Random) -> None:
        account = one_of(rnd, Account.objects.all())
        if account is None:
            return
        amount = rnd.choice([1, account.debt, account.debt + 1])
        if self.attempt(lambda **who: money.write_off(account=account, amount=amount, reason="Так", **who)):
            self.book[account.order_number].due -= amount

    def note_receipt(self, rnd: Random) -> None:
        payment = one_of(rnd, Payment.objects.select_related("account__centre"))
        if payment is not None:
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
        accounts = {}
        for number, due, paid, charged, came in told(ACCOUNTS):
            page = self.book[number]
            assert (due, paid) == (charged, came) == (page.due, page.paid)
            accounts[number] = (due, paid)
        assert all(number in accounts for number, page in self.book.items() if page.due or page.paid)
        left = {}
        for key, amount, refunded, back in told(PAYMENTS):
            assert refunded == back <= amount
            left[key] = amount - back
        assert left == {key: rest for page in self.book.values() for key, rest in page.payments.items()}
        for (facts,) in told(LATEST, Account._meta.label_lower):
            event = json.loads(facts)
            assert (event["due"], event["paid"]) == accounts[event["order_number"]]

    def check_drawer(self) -> None:
        """The open shift holds what the book says; a closed one was counted against what it held. The desk says so too."""
        n_open = 0
        for key, is_open, expected, *counted in told(SHIFTS):
            n_open += bool(is_open)
            holds = counted[-1]
            assert 0 <= holds == (self.drawer if is_open else expected)
            if self.counted.get(key) != (is_open, *counted):
                assert drawer_of(CashShift.objects.get(pk=key)) == holds
                self.counted[key] = (is_open, *counted)
        assert n_open == (self.drawer is not None)
        assert told(HOMELESS) == []

    def check_terms(self) -> None:
        """Work done again is warranted as long as the times before at least, whatever it cost; what was given stays."""
        terms = dict(self.terms)
        for key, chain, until, is_done in told(JOBS, JOB):
            ends = day(until)
            if not is_done:
                assert ends is None
                continue
            if key not in self.warranted:
                assert chain not in self.terms or (ends is not None and ends >= self.terms[chain])
                self.warranted[key] = ends
            assert self.warranted[key] == ends
            if ends is not None:
                terms[chain] = max(ends, terms.get(chain, ends))
        self.terms = terms


def day(answer: date | str | None) -> date | None:
    """A date of the base: SQLite tells it as text."""
    return date.fromisoformat(answer) if isinstance(answer, str) else answer


@pytest.mark.endures
@pytest.mark.django_db
@pytest.mark.parametrize("part", range(1, PARTS + 1))
def test_whatever_is_done_with_money_in_any_sequence_it_adds_up(base: str, part: int) -> None:
    Money.world, Money.n_lives, Money.n_done, Money.refused = World.made(), 0, 0, Counter()
    n_lives = LIVES[base] // PARTS
    began = process_time()
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=n_lives, stateful_step_count=STEPS, deadline=None, database=None, derandomize=False,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    refused = ", ".join(f"{name} {n}" for name, n in sorted(Money.refused.items()))
    print(
        f"\nR15 {base}, part {part} of {PARTS}: {Money.n_lives} lives of {n_lives} × {STEPS} steps in"
        f" {process_time() - began:.0f} s of the processor, {Money.n_done} done, {Money.refused.total()} refused ({refused})"
    )
    assert Money.n_lives >= n_lives
    assert Money.n_done > 5 * n_lives
