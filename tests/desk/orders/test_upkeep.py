"""Sums of orders are checked at night: what was changed behind the actions' back is found."""

from __future__ import annotations

import logging
from typing import Any

import pytest

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.models import Mark
from dovolen.desk.orders import actions, upkeep
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.schedule import SCHEDULE
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
ODD = [
    {"kind": "labour", "name": "Пайка", "price": 33_333, "quantity": "1.005", "cost": 777, "norm_minutes": 7},
    {"kind": "part", "name": "Провод", "price": 999, "quantity": "0.335", "cost": 501},
    {"kind": "part", "name": "Клей", "price": 3, "quantity": "0.5"},
    {"kind": "fee", "name": "Выезд", "price": 1, "quantity": "99999.999", "cost": 10**9},
]


def test_what_actions_wrote_adds_up_to_the_last_half(director: Staff) -> None:
    order = make.order(by=director, lines=ODD)
    make.order(by=director)
    declined = order.lines.get(name="Провод")
    actions.record_approval(
        order=order, approved=[], declined={declined.pk: ""}, who="Анна", told_how="call", by=director, now=NOON
    )

    assert upkeep.wrong_orders() == []


@pytest.mark.parametrize("field", ["total", "n_waiting_lines", "parts_cost", "labour_cost", "norm_minutes"])
def test_a_sum_that_was_changed_by_one_is_found(director: Staff, field: str) -> None:
    wrong = make.order(by=director, lines=ODD)
    make.order(by=director, lines=ODD)

    RepairOrder.objects.filter(pk=wrong.pk).update(**{field: getattr(wrong, field) + 1})

    assert upkeep.wrong_orders() == [wrong.number]


@pytest.mark.parametrize("values", [{"amount": 1}, {"state": "declined", "decided_at": NOON}, {"quantity": 3}])
def test_a_line_that_was_changed_by_itself_is_found(director: Staff, values: Any) -> None:
    wrong = make.order(by=director, lines=ODD)

    Line.objects.filter(order=wrong, name="Пайка").update(**values)

    assert upkeep.wrong_orders() == [wrong.number]


def test_a_chain_with_two_beginnings_is_found(director: Staff) -> None:
    first = make.order(by=director, at="picked_up")
    second = make.order(by=director, customer=first.customer, rework_of=first, at="picked_up")
    third = make.order(by=director, customer=first.customer, rework_of=first)

    RepairOrder.objects.filter(pk=third.pk).update(rework_of=second)

    assert upkeep.wrong_orders() == [third.number]


def test_every_night_leaves_its_mark_and_mends_nothing(director: Staff, caplog: pytest.LogCaptureFixture) -> None:
    wrong = make.order(by=director, lines=ODD)
    RepairOrder.objects.update(total=7)

    with caplog.at_level(logging.ERROR, "dovolen.worker"):
        SCHEDULE["orders.check"].run(since=NOON, until=NOON, centre_id=0, now=NOON)

    mark = Mark.objects.get(name="orders.totals")
    assert (mark.at, mark.facts) == (NOON, {"n_wrong": 1, "numbers": [wrong.number]})
    assert f"№ {wrong.number}" in caplog.text
    assert RepairOrder.objects.get(pk=wrong.pk).total == 7
