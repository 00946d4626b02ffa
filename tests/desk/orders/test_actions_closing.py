"""An order ends: given back, warranty, declined work, password gone; reworks neither reset nor lose a warranty."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.money import queries as money
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import DeviceSecret, Line, RepairOrder, Stage, StageEntry
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)
JOB: dict[str, Any] = {"kind": "labour", "name": "Замена матрицы", "price": 380_000, "warranty_days": 180}


def term(order: RepairOrder, name: str = "Замена матрицы") -> date | None:
    return order.lines.get(name=name).warranty_until


def test_handed_over_it_is_closed_with_who_when_and_outcome(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list, password="1234")
    actions.hold(order=order, reason="client", by=director, now=NOON)

    make.hand_over(order, receiver=" Сын ", by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.stage.code, kept.phase, kept.outcome, kept.receiver) == ("picked_up", "closed", "repaired", "Сын")
    assert (kept.picked_up_at, kept.picked_up_by, kept.hold_reason) == (LATER, director, "")
    assert StageEntry.objects.get(order=order, left_at=None).stage.code == "picked_up"
    assert not DeviceSecret.objects.exists()
    facts = make.facts(order, "order.picked_up")
    assert (facts["outcome"], facts["total"], facts["ready_at"]) == ("repaired", kept.total, NOON.isoformat())
    with pytest.raises(actions.NoPassword):
        actions.reveal_password(order=order, by=director, now=LATER)


def test_a_warranty_begins_on_the_centres_own_day(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=[JOB, {"kind": "fee", "name": "Срочно", "price": 1}])
    half_past_midnight_in_moscow = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)

    make.hand_over(order, by=director, now=half_past_midnight_in_moscow)

    assert term(order) == date(2026, 11, 21) + timedelta(days=180)
    assert term(order, "Срочно") is None


def test_repaired_is_given_back_when_ready_and_with_the_clients_word_on_every_line(director: Staff) -> None:
    with pytest.raises(actions.NotReady):
        actions.hand_over(order=make.order(by=director, at="check"), outcome="repaired", by=director, now=NOON)
    order = make.order(by=director, at="ready")
    actions.add_line(order=order, kind="fee", name="Пакет", price=100, by=director, now=NOON)
    with pytest.raises(actions.LinesWait):
        actions.hand_over(order=order, outcome="repaired", by=director, now=NOON)

    assert RepairOrder.objects.get(pk=order.pk).phase == "ready"


@pytest.mark.parametrize("at", ["accepted", "approval", "parts", "repair", "ready", "told"])
@pytest.mark.parametrize(("outcome", "again"), [("declined", True), ("no_fault_found", True), ("beyond_repair", False)])
def test_unrepaired_it_is_given_back_from_any_stage(director: Staff, at: str, outcome: str, again: bool) -> None:
    order = make.order(by=director, at=at)
    waiting = actions.add_line(order=order, by=director, now=NOON, **JOB)

    actions.hand_over(order=order, outcome=outcome, reason="Дорого", by=director, now=LATER)

    kept, line = RepairOrder.objects.get(pk=order.pk), Line.objects.get(pk=waiting.pk)
    assert (kept.phase, kept.outcome, kept.outcome_reason) == ("closed", outcome, "Дорого")
    assert (kept.total, kept.n_waiting_lines) == (0, 0)
    assert (line.state, line.decline_reason, line.warranty_until) == ("declined", "Дорого", None)
    assert (line.offer_again_on is not None) is again


def test_what_was_agreed_stays_to_be_paid_though_unrepaired(director: Staff) -> None:
    order = make.order(by=director, lines=[{"kind": "labour", "name": "Диагностика", "price": 100_000}])
    make.approve(order, by=director)
    actions.add_line(order=order, by=director, now=NOON, **JOB)

    make.hand_over(order, outcome="declined", by=director, now=LATER)

    assert RepairOrder.objects.get(pk=order.pk).total == 100_000
    assert money.sums(order.number) == money.Sums(due=100_000, paid=100_000)
    assert term(order, "Диагностика") is None


def test_a_second_hand_over_is_refused(director: Staff) -> None:
    order = make.order(by=director, at="told")
    old_page = RepairOrder.objects.get(pk=order.pk)
    actions.hand_over(order=order, outcome="repaired", by=director, now=NOON)

    with pytest.raises(actions.Closed):
        actions.hand_over(order=old_page, outcome="declined", by=director, now=LATER)
    with pytest.raises(actions.Closed):
        actions.cancel(order=old_page, reason="Ошибка", by=director, now=LATER)

    assert RepairOrder.objects.get(pk=order.pk).outcome == "repaired"


def test_an_outcome_is_a_known_one_and_cancelling_is_its_own_deed(director: Staff) -> None:
    order = make.order(by=director, at="ready")

    for outcome in ("cancelled", "", "lost"):
        with pytest.raises(actions.UnknownCode):
            actions.hand_over(order=order, outcome=outcome, by=director, now=NOON)
    for text in ({"reason": "я" * 201}, {"receiver": "я" * 121}):
        with pytest.raises(actions.TooLong):
            actions.hand_over(order=order, outcome="repaired", by=director, now=NOON, **text)
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN))
    with pytest.raises(NotAllowed):
        actions.hand_over(order=order, outcome="repaired", by=mechanic, now=NOON)
    with pytest.raises(NotAllowed):
        actions.cancel(order=order, reason="Ошибка", by=mechanic, now=NOON)


def test_cancelled_with_a_reason_what_was_proposed_is_kept(director: Staff) -> None:
    order = make.order(by=director, lines=[JOB], password="1234")

    with pytest.raises(actions.NoText):
        actions.cancel(order=order, reason=" ", by=director, now=LATER)
    actions.cancel(order=order, reason="Приняли дважды", by=director, now=LATER)

    kept = RepairOrder.objects.get(pk=order.pk)
    assert (kept.phase, kept.outcome, kept.outcome_reason, kept.total) == ("closed", "cancelled", "Приняли дважды", 0)
    assert make.events(order)[-1] == "order.cancelled"
    assert "order.picked_up" not in make.events(order)
    assert not DeviceSecret.objects.exists()


def test_without_a_stage_for_it_nothing_is_handed_over(director: Staff) -> None:
    order = make.order(by=director)
    entry = Stage.objects.filter(phase="closed")
    entry.update(phase="work")

    with pytest.raises(actions.NoClosedStage):
        actions.cancel(order=order, reason="Ошибка", by=director, now=NOON)

    assert order.stage.code == "accepted"


# ── The chain ────────────────────────────────────────────────────────────────────────────────────────────────────────


def again(first: RepairOrder, director: Staff, when: datetime, *jobs: dict[str, Any]) -> RepairOrder:
    """A rework taken in and handed over at a moment."""
    return make.order(
        by=director, customer=first.customer, asset=first.asset, rework_of=first, lines=jobs, at="picked_up",
        promised_at=None, now=when,
    )  # fmt: skip


def test_work_done_again_keeps_the_term_it_had_where_that_is_longer(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB], at="picked_up")

    rework = again(first, director, NOON + timedelta(days=10), JOB | {"warranty_days": 30, "name": " замена  МАТРИЦЫ "})

    assert rework.lines.get().warranty_until == term(first) == date(2026, 11, 20) + timedelta(days=180)


def test_work_done_again_has_its_own_term_where_that_is_longer(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB], at="picked_up")

    rework = again(first, director, NOON + timedelta(days=100), JOB)

    assert term(rework) == date(2026, 11, 20) + timedelta(days=280)
    assert term(first) == date(2026, 11, 20) + timedelta(days=180)


def test_a_rework_without_a_term_of_its_own_does_not_lose_the_warranty(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB], at="picked_up")

    rework = again(first, director, NOON + timedelta(days=10), JOB | {"warranty_days": 0})

    assert term(rework) == term(first)


def test_through_the_whole_chain_the_longest_term_of_the_job_holds(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB | {"warranty_days": 10}], at="picked_up")
    second = again(first, director, NOON + timedelta(days=5), JOB | {"warranty_days": 300})

    third = again(second, director, NOON + timedelta(days=20), JOB | {"warranty_days": 30})

    assert third.rework_of == first
    assert term(third) == term(second) == date(2026, 11, 25) + timedelta(days=300)


def test_another_job_or_another_kind_takes_no_term_over(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB], at="picked_up")

    rework = again(
        first, director, NOON + timedelta(days=10), JOB | {"name": "Чистка", "warranty_days": 0},
        JOB | {"kind": "part", "warranty_days": 0},
    )  # fmt: skip

    assert [line.warranty_until for line in rework.lines.all()] == [None, None]


def test_what_still_has_a_warranty_is_told_the_longest_first(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    short = {"kind": "part", "name": "Кабель", "price": 1, "warranty_days": 5}
    order = make.order(by=director, asset=laptop, lines=[short, JOB], at="picked_up")
    make.order(by=director, asset=laptop, lines=[JOB], at="repair")
    last_day = date(2026, 11, 25)

    assert [line.name for line in queries.warranty_of(laptop, last_day)] == ["Замена матрицы", "Кабель"]
    assert [line.name for line in queries.warranty_of(laptop, last_day + timedelta(days=1))] == ["Замена матрицы"]
    assert queries.warranty_of(laptop, date(2030, 1, 1)) == []
    assert [line.order for line in queries.warranty_of(laptop, last_day)] == [order, order]


def test_a_chain_reads_from_its_first_order_whichever_is_asked(director: Staff) -> None:
    first = make.order(by=director, lines=[JOB], at="picked_up")
    second = again(first, director, NOON + timedelta(days=5), JOB)
    third = again(second, director, NOON + timedelta(days=9), JOB)
    alone = make.order(by=director)

    for order in (first, second, third):
        assert queries.chain_of(order) == [first, second, third]
        assert queries.first_of(order) == first
    assert (queries.chain_of(alone), queries.first_of(alone)) == ([alone], alone)


def test_declined_work_waits_with_client_and_asset_until_it_is_offered(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    order = make.order(by=director, asset=laptop, lines=[JOB])
    actions.hand_over(order=order, outcome="declined", by=director, now=NOON)
    broken = make.order(by=director, asset=laptop, lines=[JOB])
    actions.hand_over(order=broken, outcome="beyond_repair", by=director, now=NOON)

    (found,) = queries.declined_of(laptop)
    assert (found.order, queries.declined_of(order.customer)) == (order, [found])

    actions.offer_again(line=found, order=make.order(by=director, asset=laptop), by=director, now=LATER)
    assert queries.declined_of(laptop) == []
