"""What follows from events of orders, as the worker does it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.core.models import Event, Pending
from dovolen.desk.core.reacting import react
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.reactions import REACTIONS
from dovolen.desk.tasks.models import Task
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def works_off() -> None:
    while react(REACTIONS, clock=lambda: NOON):
        pass


def waiting(director: Any, **told: Any) -> tuple[RepairOrder, Any]:
    order = make.order(by=director, at="parts", lines=make.price_list, **told)
    return order, actions.await_part(order=order, name="Матрица", by=director, now=NOON)


def test_the_last_part_that_came_is_a_task_for_the_technician(director: Any) -> None:
    denis = make.staff("denis", (director.centre, "technician"))
    order, part = waiting(director, technician=denis)

    actions.part_arrived(part=part, by=director, now=NOON)
    works_off()

    task = Task.objects.get()
    assert (task.assignee, task.role, task.order_number, task.made_by) == (denis, "", order.number, None)
    assert task.title == f"Деталь пришла, можно продолжать №\u00a0{order.number}: Матрица"
    assert task.due_at == NOON + timedelta(hours=2)
    assert not Pending.objects.exists()


def test_without_a_technician_it_is_for_whoever_repairs(director: Any) -> None:
    _, part = waiting(director)

    actions.part_arrived(part=part, by=director, now=NOON)
    works_off()

    assert Task.objects.get().role == "technician"


def test_while_another_part_is_awaited_there_is_nothing_to_do_yet(director: Any) -> None:
    order, part = waiting(director)
    actions.await_part(order=order, name="Шлейф", by=director, now=NOON)

    actions.part_arrived(part=part, by=director, now=NOON)
    works_off()

    assert not Task.objects.exists()


def test_an_event_that_is_worked_off_again_makes_no_second_task(director: Any) -> None:
    order, part = waiting(director)
    actions.part_arrived(part=part, by=director, now=NOON)
    event = Event.objects.get(kind="order.part_arrived", subject_id=order.pk)
    works_off()

    Pending.objects.create(event=event, kind=event.kind)
    works_off()

    assert Task.objects.count() == 1
