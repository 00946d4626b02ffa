"""The last step of a cascade: where no message reaches a client, somebody calls him."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from dovolen.desk.accounts.models import Centre, Membership
from dovolen.desk.core.models import Event
from dovolen.desk.core.reacting import react
from dovolen.desk.messaging.models import Message
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.reactions import REACTIONS
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make, make_messaging
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    house = cast.full()
    Centre.objects.update(hours="пн–пт 10–20")
    make_messaging.house()
    return house


def unreached(house: House, notice: str = "order.ready", **told: Any) -> tuple[RepairOrder, Message]:
    """An order whose client agreed to no messages, and what was to be told him."""
    manager = house["manager.north"]
    client = make_messaging.client(by=manager, agreed=(), phone="")
    order = make.order(by=manager, customer=client, centre=Centre.objects.get(name="Север"), **told)
    given = {"notice": notice, "order_number": order.number}
    return order, make_messaging.queued(client, by=manager, **given)


def follow() -> None:
    while react({"message.undeliverable": REACTIONS["message.undeliverable"]}, clock=lambda: NOON):
        pass


def test_who_cannot_be_reached_is_called_by_the_desk_with_the_words_that_did_not_arrive(house: House) -> None:
    order, message = unreached(house)
    assert message.state == "refused"

    follow()

    task = Task.objects.get(kind="call")
    assert (task.customer, task.order_number, task.role, task.assignee) == (
        order.customer,
        order.number,
        "receptionist",
        None,
    )
    assert task.due_at == datetime.fromisoformat("2026-11-20T12:30+03:00")
    assert "Acer Swift 3" in task.note
    assert "https://" not in task.note


def test_a_house_without_receptionists_leaves_the_call_to_who_took_the_order_in(house: House) -> None:
    Membership.objects.filter(role="receptionist").delete()
    order, _ = unreached(house)

    follow()

    assert Task.objects.get(kind="call").assignee == order.accepted_by


def test_where_nobody_of_the_desk_is_left_anybody_may_call(house: House) -> None:
    unreached(house)
    Membership.objects.filter(role__in=["receptionist", "manager"]).delete()

    follow()

    task = Task.objects.get(kind="call")
    assert (task.assignee, task.role) == (None, "")


@pytest.mark.parametrize(
    ("notice", "at"), [("order.accepted", "accepted"), ("order.ready", "picked_up")], ids=["ends in no call", "is over"]
)
def test_nobody_is_called_about_what_needs_no_call(house: House, notice: str, at: str) -> None:
    unreached(house, notice, at=at)
    assert Event.objects.filter(kind="message.undeliverable").exists()

    follow()

    assert not Task.objects.filter(kind="call").exists()


def test_one_message_asks_for_one_call_however_often_its_event_is_seen(house: House) -> None:
    unreached(house)
    event = Event.objects.get(kind="message.undeliverable")

    for reaction in REACTIONS["message.undeliverable"] * 2:
        reaction(event, now=NOON)

    assert Task.objects.filter(kind="call").count() == 1
