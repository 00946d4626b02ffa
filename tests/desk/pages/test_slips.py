"""What follows from a low score, a slip on a good client, a second visit to one technician; classes set by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.analysis import slips
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.models import Event
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def client(house: House) -> Customer:
    return make.person(by=house["receptionist.north"])


def scored(
    house: House, client: Customer, score: int, lost: str = "", client_class: str = "one_off", **more: Any
) -> Event:
    snapshot = make_analysis.published(**more.pop("meta", {}))
    make_analysis.known(snapshot, client, client_class=client_class)
    order = make.order(by=house["manager.north"], customer=client)
    make_analysis.scored(snapshot, order, score, lost=lost, **more)
    journal.record("order.scored", subject=order, by=None, at=NOON, centre=house.north, score=score, snapshot=snapshot)
    return Event.objects.get(kind="order.scored", subject_id=order.pk)


def test_a_low_score_gives_the_manager_a_call_to_make(house: House, client: Customer) -> None:
    event = scored(house, client, 38, "delay contacts_in")

    slips.see_to_low_score(event, now=NOON)

    task = Task.objects.get()
    assert (task.role, task.kind, task.customer, task.centre) == ("manager", "call", client, house.north)
    assert "38" in task.title
    assert task.note


def test_a_low_score_is_seen_to_once_an_order(house: House, client: Customer) -> None:
    event = scored(house, client, 38)
    for _ in range(2):
        slips.see_to_low_score(event, now=NOON)

    assert Task.objects.count() == 1


@pytest.mark.parametrize(("score", "cut", "n"), [(49, 49, 1), (50, 49, 0), (50, 60, 1)])
def test_the_cut_of_the_settings_says_what_is_low(house: House, client: Customer, score: int, cut: int, n: int) -> None:
    event = scored(house, client, score, meta={"config": {"offer_cut": cut}})

    slips.see_to_low_score(event, now=NOON)

    assert Task.objects.count() == n


def test_a_score_of_which_little_is_known_troubles_nobody(house: House, client: Customer) -> None:
    event = scored(house, client, 20, is_unsure=True)

    slips.see_to_low_score(event, now=NOON)

    assert not Task.objects.exists()


def test_an_order_of_long_ago_troubles_nobody(house: House, client: Customer) -> None:
    event = scored(house, client, 20)

    slips.see_to_low_score(event, now=NOON + slips.YOUNG + timedelta(days=1))

    assert not Task.objects.exists()


@pytest.mark.parametrize(("client_class", "n"), [("regular", 1), ("intermediary", 1), ("one_off", 0)])
def test_a_slip_on_a_good_client_goes_to_the_manager_although_the_score_is_high(
    house: House, client: Customer, client_class: str, n: int
) -> None:
    event = scored(house, client, 87, "delay", client_class)

    slips.see_to_low_score(event, now=NOON)

    assert Task.objects.count() == n


def test_a_good_client_is_called_sooner(house: House, client: Customer) -> None:
    other = make.person(by=house["receptionist.north"], name="Другой")
    for who, client_class in ((client, "regular"), (other, "one_off")):
        slips.see_to_low_score(scored(house, who, 20, client_class=client_class), now=NOON)

    due = {task.customer_id: task.due_at for task in Task.objects.all()}
    assert due[client.pk] < due[other.pk]


def test_a_class_set_by_hand_wins_with_who_and_when(house: House, client: Customer) -> None:
    people.set_class(customer=client, client_class="regular", seen=client.version, by=house["manager.north"], now=NOON)

    client.refresh_from_db()
    assert (client.class_hand, client.class_hand_by, client.class_hand_at) == ("regular", house["manager.north"], NOON)
    assert slips.class_of(client, make_analysis.published()) == "regular"


def test_a_class_is_left_to_the_rule_again(house: House, client: Customer) -> None:
    for one in ("regular", ""):
        people.set_class(customer=client, client_class=one, seen=client.version, by=house["manager.north"], now=NOON)

    client.refresh_from_db()
    assert (client.class_hand, client.class_hand_by) == ("", None)
    assert journal.timeline(client).filter(kind="customer.class_set").count() == 2


def test_who_may_not_set_classes_is_refused(house: House, client: Customer) -> None:
    for login in ("receptionist.north", "manager.south"):
        with pytest.raises(NotAllowed):
            people.set_class(customer=client, client_class="regular", seen=client.version, by=house[login], now=NOON)


def test_there_are_three_classes(house: House, client: Customer) -> None:
    with pytest.raises(people.NoSuchClass):
        people.set_class(customer=client, client_class="best", seen=client.version, by=house["manager.north"], now=NOON)


def test_of_two_who_set_a_class_from_one_page_the_second_sees_the_first(house: House, client: Customer) -> None:
    seen, manager = client.version, house["manager.north"]
    people.set_class(customer=client, client_class="regular", seen=seen, by=manager, now=NOON)

    with pytest.raises(Stale):
        people.set_class(customer=client, client_class="intermediary", seen=seen, by=manager, now=NOON)


# ── Whose client he is ───────────────────────────────────────────────────────────────────────────────────────────────


def handed_over(house: House, client: Customer, technician: str = "technician.north") -> RepairOrder:
    order = make.order(
        by=house["manager.north"], customer=client, at="picked_up", lines=make.price_list, technician=house[technician]
    )
    for event in Event.objects.filter(kind="order.picked_up", subject_id=order.pk):
        slips.attach_technician(event, now=NOON)
    client.refresh_from_db()
    return order


def test_the_second_visit_to_one_technician_attaches_the_client_to_him(house: House, client: Customer) -> None:
    handed_over(house, client)
    assert client.technician is None

    handed_over(house, client)

    assert client.technician == house["technician.north"]
    event = journal.timeline(client).get(kind="customer.attached")
    assert (event.by_id, event.facts["technician"]) == (None, house["technician.north"].pk)


def test_what_somebody_chose_stays(house: House, client: Customer) -> None:
    manager = house["manager.north"]
    for chosen in (house["technician.north"], None):
        people.choose_technician(customer=client, technician=chosen, seen=client.version, by=manager, now=NOON)

    handed_over(house, client)
    handed_over(house, client)

    assert client.technician is None


def test_who_repairs_elsewhere_is_no_technician_of_his(house: House, client: Customer) -> None:
    with pytest.raises(people.NoTechnicianHere):
        people.choose_technician(
            customer=client,
            technician=house["technician.south"],
            seen=client.version,
            by=house["manager.north"],
            now=NOON,
        )
