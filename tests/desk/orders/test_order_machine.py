"""Orders lived at random: whatever is done or refused, in any sequence, what has to hold holds.

Hypothesis takes in, prices, approves, moves, promises, hands over and takes in again; after every step all orders are
looked at. A refused step has changed nothing. `DOVOLEN_TIMES` makes it live more lives.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from math import floor
from random import Random
from typing import Any

import hypothesis
import pytest
from django.db import transaction
from django.forms.models import model_to_dict
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Event
from dovolen.desk.orders import actions, queries, standard, upkeep
from dovolen.desk.orders.models import (
    CLOSED,
    HOLD_REASONS,
    OUTCOMES,
    READY,
    TOLD,
    DeviceSecret,
    Line,
    Promise,
    RepairOrder,
    Stage,
    StageEntry,
)  # fmt: skip
from tests.desk import make
from tests.desk.conftest import NOON, TIMES

pytestmark = pytest.mark.django_db
LIVES, STEPS = 4 * TIMES, 30
DAYS = [None, 0, 5, 30, 200]
JOBS = ("Замена матрицы", "замена  МАТРИЦЫ", "Чистка")
AFTER_THE_END = {"order.noted", "order.part_arrived", "order.part_expected", "order.part_cancelled"}

PRICES = [0, 1, 3, 999, 33_333, 1_790_000]
QUANTITIES = ["1", "0.5", "0.335", "1.005", "2", "17.999"]
chance = st.randoms(use_true_random=True)
"""Chooses within a step: Hypothesis alone would choose the plainest nearly always, and nobody would come back."""


class Orders(RuleBasedStateMachine):
    """A centre with one client, one laptop, and whatever becomes of them."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.atomic()
        self.savepoint.__enter__()
        standard.ensure(NOON)
        centre = Centre.objects.create(name="Машина")
        self.by = Staff.objects.create(login="machine", name="Машина")
        Membership.objects.create(staff=self.by, centre=centre, role="director")
        self.by = Staff.objects.get(pk=self.by.pk)
        self.stages = list(Stage.objects.all())
        self.laptop = make.asset(owner=make.person(by=self.by), centre=centre)
        self.now = NOON
        self.closed: dict[int, tuple[Any, ...]] = {}
        self.broken: dict[int, bool] = {}
        self.terms: dict[tuple[int, str], date] = {}
        self.declined: set[int] = set()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.savepoint.__exit__(None, None, None)

    # ── What may be done ─────────────────────────────────────────────────────────────────────────────────────────────

    @initialize(rnd=chance)
    def first(self, rnd: Random) -> None:
        self.taken_in(None, rnd)

    @rule(rnd=chance)
    def anything(self, rnd: Random) -> None:
        self.one_of(
            rnd, self.add_line, self.change_line, self.decide, self.move, self.move, self.move, self.tell,
            self.promise, self.promise, self.hold, self.release, self.hand_over, self.bring_to_the_end,
            self.bring_to_the_end, self.cancel, self.take_in, self.take_in, self.offer_again, self.time_passes,
            self.time_passes,
        )  # fmt: skip

    def time_passes(self, rnd: Random) -> None:
        self.now += timedelta(minutes=rnd.choice([1, 45, 60 * 9, 60 * 24 * 3, 60 * 24 * 100]))

    def one_of(self, rnd: Random, *steps: Callable[[Random], None]) -> None:
        """Do one of these."""
        step = rnd.choice(steps)
        hypothesis.note(step.__name__)
        step(rnd)

    def order(self, rnd: Random) -> RepairOrder:
        """One of the orders; an open one the most often."""
        orders = list(RepairOrder.objects.order_by("pk"))
        still_open = [order for order in orders if order.phase != CLOSED]
        return rnd.choice(still_open if still_open and rnd.random() < 0.8 else orders)

    def line(self, rnd: Random) -> Line | None:
        """A line of one of the orders."""
        lines = list(self.order(rnd).lines.all())
        return rnd.choice(lines) if lines else None

    def attempt(self, order: RepairOrder, act: Any) -> Any:
        """Do it; if it is refused, nothing of the order has changed."""
        before = picture(order)
        try:
            with transaction.atomic():
                return act(by=self.by, now=self.now)
        except (Refusal, Stale):
            assert picture(order) == before
            return None

    def take_in(self, rnd: Random) -> None:
        if RepairOrder.objects.count() < 5:
            closed = list(RepairOrder.objects.filter(phase=CLOSED))
            with suppress(actions.NotDoneHere):
                self.taken_in(rnd.choice(closed) if closed and rnd.random() < 0.8 else None, rnd)

    def taken_in(self, rework_of: RepairOrder | None, rnd: Random) -> None:
        with transaction.atomic():
            made = actions.accept(
                centre=self.by.centre, customer=self.laptop.owner, asset=self.laptop, rework_of=rework_of,
                told=actions.Told("Нет изображения", password="1234"), promised_at=self.now + timedelta(days=1),
                lines=[actions.NewLine("labour", JOBS[0], rnd.choice(PRICES), warranty_days=rnd.choice(DAYS))],
                by=self.by, now=self.now,
            )  # fmt: skip
        assert rework_of is None or made.rework_of_id == (rework_of.rework_of_id or rework_of.pk)

    def add_line(self, rnd: Random) -> None:
        order = self.order(rnd)
        told: dict[str, Any] = {
            "kind": rnd.choice(["labour", "part", "fee"]), "name": rnd.choice(JOBS), "price": rnd.choice(PRICES),
            "quantity": rnd.choice(QUANTITIES), "cost": rnd.choice([None, *PRICES]), "warranty_days": rnd.choice(DAYS),
            "norm_minutes": 7,
        }  # fmt: skip
        self.attempt(order, lambda **who: actions.add_line(order=order, **told, **who))

    def change_line(self, rnd: Random) -> None:
        if line := self.line(rnd):
            values = {"price": rnd.choice(PRICES), "quantity": rnd.choice(QUANTITIES), "name": rnd.choice(JOBS)}
            seen = line.version - (rnd.random() < 0.2)
            self.attempt(line.order, lambda **who: actions.change_line(line=line, seen=seen, **values, **who))

    def remove_line(self, rnd: Random) -> None:
        if line := self.line(rnd):
            self.attempt(line.order, lambda **who: actions.remove_line(line=line, seen=line.version, **who))

    def decide(self, rnd: Random) -> None:
        order = self.order(rnd)
        words = {key: rnd.choice(["yes", "no", "", "both"][: 3 + (rnd.random() < 0.05)]) for key in keys_of(order)}
        approved = [key for key, word in words.items() if word in ("yes", "both")]
        declined = {key: "Дорого" for key, word in words.items() if word in ("no", "both")}
        self.attempt(
            order,
            lambda **who: actions.record_approval(
                order=order, approved=approved, declined=declined, who="Марина", told_how="call", **who
            ),
        )

    def offer_again(self, rnd: Random) -> None:
        lines = list(Line.objects.filter(state="declined")) if rnd.random() < 0.9 else list(Line.objects.all())
        if lines:
            line, order = rnd.choice(lines), self.order(rnd)
            self.attempt(order, lambda **who: actions.offer_again(line=line, order=order, **who))

    def move(self, rnd: Random) -> None:
        order, stage, force = self.order(rnd), rnd.choice(self.stages), rnd.random() < 0.3
        self.attempt(order, lambda **who: actions.move(order=order, to=stage, force=force, **who))

    def tell(self, rnd: Random) -> None:
        order = self.order(rnd)
        self.attempt(order, lambda **who: actions.tell(order=order, how="call", **who))

    def promise(self, rnd: Random) -> None:
        order = self.order(rnd)
        was_broken = order.promised_at is not None and self.now > order.promised_at
        at = self.now + timedelta(hours=rnd.choice([-3, 0, 1, 24, 400]))
        made = self.attempt(order, lambda **who: actions.promise(order=order, promised_at=at, **who))
        if made:
            self.broken[made.pk] = was_broken

    def hold(self, rnd: Random) -> None:
        order, reason = self.order(rnd), rnd.choice(HOLD_REASONS)
        self.attempt(order, lambda **who: actions.hold(order=order, reason=reason, **who))

    def release(self, rnd: Random) -> None:
        order = self.order(rnd)
        self.attempt(order, lambda **who: actions.release(order=order, **who))

    def hand_over(self, rnd: Random) -> None:
        order, outcome = self.order(rnd), rnd.choice(OUTCOMES)
        self.attempt(order, lambda **who: actions.hand_over(order=order, outcome=outcome, reason="Так", **who))

    def bring_to_the_end(self, rnd: Random) -> None:
        order = self.order(rnd)
        if order.phase != CLOSED:
            make.approve(order, by=self.by, now=self.now)
            if order.phase not in (READY, TOLD):
                actions.move(order=order, to=make.stage("ready"), by=self.by, now=self.now)
            make.hand_over(order, by=self.by, now=self.now)

    def cancel(self, rnd: Random) -> None:
        order = self.order(rnd)
        self.attempt(order, lambda **who: actions.cancel(order=order, reason="Ошибка", **who))

    # ── What has to hold ─────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def everything_holds(self) -> None:
        assert upkeep.wrong_orders() == []
        orders = list(RepairOrder.objects.select_related("stage", "rework_of").order_by("pk"))
        assert [order.number for order in orders] == list(range(1, len(orders) + 1))
        lines, entries, promises = of_orders(Line), of_orders(StageEntry), of_orders(Promise)
        secrets = set(DeviceSecret.objects.values_list("order_id", flat=True))
        for order in orders:
            check_sums(order, lines[order.pk])
            check_stages(order, entries[order.pk])
            self.check_promises(order, promises[order.pk])
            assert order.rework_of is None or order.rework_of.rework_of_id is None
            assert (order.pk in secrets) == (order.phase != CLOSED)
            if order.phase == CLOSED:
                self.check_end(order, lines[order.pk])
        self.check_terms(orders, lines)
        now_declined = {line.pk for found in lines.values() for line in found if line.state == "declined"}
        closed_ones = {line.pk for order in orders if order.phase == CLOSED for line in lines[order.pk]}
        assert self.declined <= now_declined
        self.declined |= now_declined & closed_ones

    def check_promises(self, order: RepairOrder, promises: list[Promise]) -> None:
        """The row tells the first and the latest; whether one came too late is told for ever."""
        assert (order.first_promised_at, order.promised_at) == (promises[0].promised_at, promises[-1].promised_at)
        assert not promises[0].is_after_break
        for promise in promises[1:]:
            assert promise.is_after_break == self.broken[promise.pk]

    def check_end(self, order: RepairOrder, lines: list[Line]) -> None:
        """What is closed has an outcome, the client's word on every line, one last event, and stays as it is."""
        assert order.outcome
        assert all(line.state != "proposed" for line in lines)
        kinds = make.events(order)
        last = "order.cancelled" if order.outcome == "cancelled" else "order.picked_up"
        assert kinds.count("order.picked_up") + kinds.count("order.cancelled") == 1
        assert set(kinds[kinds.index(last) + 1 :]) <= AFTER_THE_END
        frozen = (model_to_dict(order), [model_to_dict(line, exclude=["offered_in"]) for line in lines])
        assert self.closed.setdefault(order.pk, frozen) == frozen

    def check_terms(self, orders: list[RepairOrder], lines: dict[int, list[Line]]) -> None:
        """The warranty of a job in a chain is never shorter than it was, and each rework of it carries it on."""
        terms: dict[tuple[int, str], date] = {}
        handed = dict(Event.objects.filter(kind="order.picked_up").values_list("subject_id", "pk"))
        for order in sorted(orders, key=lambda one: handed.get(one.pk, sys.maxsize)):  # moments may be one
            assert order.outcome == "repaired" or not any(line.warranty_until for line in lines[order.pk])
            before = dict(terms)
            for line in lines[order.pk]:
                if line.warranty_until and line.state == "approved":
                    job = (order.rework_of_id or order.pk, str(queries.job_key(line)))
                    assert line.warranty_until >= before.get(job, line.warranty_until)
                    terms[job] = max(line.warranty_until, terms.get(job, line.warranty_until))
        for job, until in self.terms.items():
            assert terms[job] >= until
        self.terms = terms


def keys_of(order: RepairOrder) -> list[int]:
    return list(order.lines.values_list("pk", flat=True))


def of_orders(model: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in model.objects.order_by("pk"):
        found[row.order_id].append(row)
    return found


def picture(order: RepairOrder) -> tuple[Any, ...]:
    """All of an order that could have changed."""
    row = RepairOrder.objects.get(pk=order.pk)
    return (
        model_to_dict(row),
        [model_to_dict(line) for line in row.lines.all()],
        row.promises.count(),
        row.stage_entries.count(),
        make.events(row),
    )


def check_sums(order: RepairOrder, lines: list[Line]) -> None:
    """The row tells what its lines come to, reckoned exactly."""
    counted = [line for line in lines if line.state != "declined"]
    for line in lines:
        assert line.amount == floor(Fraction(line.quantity) * line.price + Fraction(1, 2))
        assert (line.decided_at is None) == (line.state == "proposed")
    assert order.total == sum(line.amount for line in counted)
    assert order.n_waiting_lines == sum(line.state == "proposed" for line in counted)


def check_stages(order: RepairOrder, entries: list[StageEntry]) -> None:
    """Stays follow one another without a gap; the last one is where it stands; its phase and moments agree."""
    for earlier, later in pairwise(entries):
        assert earlier.left_at == later.entered_at
    assert entries[-1].left_at is None
    assert (entries[-1].stage_id, order.phase) == (order.stage_id, order.stage.phase)
    assert (order.ready_at is not None) == (order.phase in (READY, TOLD)) or order.phase == CLOSED
    assert order.notified_at is not None or order.phase != TOLD
    assert (order.hold_reason == "") == (order.held_since is None)
    assert order.phase != CLOSED or not order.hold_reason


@pytest.mark.endures
def test_whatever_is_done_in_any_sequence_what_has_to_hold_holds() -> None:
    run_state_machine_as_test(
        Orders,
        settings=settings(
            max_examples=LIVES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


def test_moments_never_run_backwards_even_when_the_clock_does(director: Staff) -> None:
    order = make.order(by=director)
    earlier: datetime = NOON - timedelta(minutes=3)

    actions.move(order=order, to=make.stage("repair"), by=director, now=earlier)

    first, second = StageEntry.objects.filter(order=order).order_by("pk")
    assert first.entered_at <= (first.left_at or NOON)
    assert make.facts(order, "order.stage_moved")["minutes"] == 0
    assert second.stage.code == "repair"
