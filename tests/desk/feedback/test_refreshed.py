"""What a client says is in his satisfaction and his signs of leaving at once, as a full pass has them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk import reactions
from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import actions as analysis
from dovolen.desk.analysis.models import ClientRefresh, ClientResult, OrderScore, RiskPoint, Snapshot
from dovolen.desk.analysis.work import running
from dovolen.desk.core.models import Event
from dovolen.desk.feedback import actions
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.tasks.models import Task
from tests.desk import make_analysis
from tests.desk.analysis.test_making import LONG, lived_in
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


def complained(order: RepairOrder, by: Staff, **told: Any) -> None:
    given: dict[str, Any] = {"text": "Опять не работает", "at": NOON, "now": NOON}
    actions.open_case(customer=order.customer, order=order, centre=order.centre, by=by, **(given | told))


def answered(order: RepairOrder, by: Staff, score: int, at: Any = NOON) -> None:
    actions.receive_answer(
        customer=order.customer, order=order, centre=order.centre, kind="csat", score=score, told_how="call", at=at,
        by=by, now=NOON,
    )  # fmt: skip


def react(kind: str) -> None:
    """What follows from the latest event of a kind."""
    event = Event.objects.filter(kind=kind).latest("pk")
    for reaction in reactions.REACTIONS[kind]:
        reaction(event, now=NOON)


def known(snapshot: Snapshot, order: RepairOrder) -> tuple[Any, ...]:
    """Score of the order and the client's, and his signs of leaving."""
    row = ClientResult.objects.get(snapshot=snapshot, customer=order.customer)
    points = RiskPoint.objects.filter(snapshot=snapshot, customer=order.customer)
    return (
        OrderScore.objects.as_of(snapshot).get(order=order).score, row.satisfaction, row.satisfaction_worst,
        row.p_return, sorted(points.values_list("point", "evidence", "order")),
    )  # fmt: skip


@pytest.fixture
def orders(director: Staff) -> list[RepairOrder]:
    return lived_in(director)


def test_a_complaint_is_in_score_and_risk_at_once_as_a_full_pass_has_them(
    director: Staff, orders: list[RepairOrder]
) -> None:
    complained(orders[3], director, at=NOON - timedelta(days=20))
    made = make_analysis.snapshot(by=director)
    order = orders[20]
    before = known(made, order)

    complained(order, director)
    react("case.opened")
    assert ClientRefresh.objects.get().customer == order.customer
    assert running.step(clock=lambda: LATER, lease=LONG)

    after = known(made, order)
    assert after[0] <= before[0] - 15
    assert "complaint_open" in {point for point, _, _ in after[-1]} - {point for point, _, _ in before[-1]}
    again = analysis.ask(centre=None, cause="asked", by=director, now=LATER)
    while running.step(clock=lambda: LATER, lease=LONG):
        pass
    assert known(Snapshot.objects.get(pk=again.pk), order) == after


def test_a_complaint_that_was_settled_is_a_sign_of_leaving_no_more(director: Staff, orders: list[RepairOrder]) -> None:
    order = orders[20]
    complained(order, director)
    made = make_analysis.snapshot(by=director)
    assert "complaint_open" in {point for point, _, _ in known(made, order)[-1]}
    case = order.cases.get()

    told = {"outcome": "granted", "resolution": "Переделали", "by": director, "now": NOON}
    actions.resolve_case(case=case, seen=case.version, **told)
    react("case.resolved")
    assert running.step(clock=lambda: LATER, lease=LONG)

    assert "complaint_open" not in {point for point, _, _ in known(made, order)[-1]}


def test_by_the_first_complaint_of_a_house_everybody_is_studied_anew(
    director: Staff, orders: list[RepairOrder]
) -> None:
    made = make_analysis.snapshot(by=director)
    order = orders[20]
    before = known(made, order)

    complained(order, director)
    react("case.opened")
    while running.step(clock=lambda: LATER, lease=LONG):
        pass

    latest = Snapshot.objects.published().latest("pk")
    assert latest.pk != made.pk
    assert known(latest, order)[0] <= before[0] - 15
    assert "complaint_open" in {point for point, _, _ in known(latest, order)[-1]}
    complained(orders[19], director)
    react("case.opened")
    assert not Snapshot.objects.filter(state="wanted").exists()


def test_a_low_answer_is_the_score_at_once_as_a_full_pass_has_it_and_calls_the_manager(
    director: Staff, orders: list[RepairOrder]
) -> None:
    answered(orders[3], director, 5, at=NOON - timedelta(days=20))
    made = make_analysis.snapshot(by=director)
    order = orders[20]

    answered(order, director, 1)
    react("feedback.received")
    assert running.step(clock=lambda: LATER, lease=LONG)
    react("order.scored")

    after = known(made, order)
    assert after[0] == 0
    task = Task.objects.get(order_number=order.number)
    assert (task.role, task.kind) == ("manager", "call")
    again = analysis.ask(centre=None, cause="asked", by=director, now=LATER)
    while running.step(clock=lambda: LATER, lease=LONG):
        pass
    assert known(Snapshot.objects.get(pk=again.pk), order) == after
