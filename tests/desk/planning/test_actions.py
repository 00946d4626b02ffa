"""The calendar: nobody and no bay is in two places at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Event
from dovolen.desk.planning import actions
from dovolen.desk.planning.models import Bay, Slot
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def lift(house: House) -> Bay:
    return actions.add_bay(centre=house.north, name="Подъёмник 1", by=house.olga, now=NOON)


def at(hours: float) -> datetime:
    return NOON + timedelta(hours=hours)


def booked(house: House, since: float = 0, until: float = 1, **facts: Any) -> Slot:
    told: dict[str, Any] = {
        "centre": house.north,
        "by": house["manager.north"],
        "technician": house["technician.north"],
    }
    return actions.book(starts_at=at(since), ends_at=at(until), now=NOON, **(told | facts))


def test_time_is_taken_and_told_by_ids(house: House, lift: Bay) -> None:
    order = make.order(by=house.olga, centre=house.north)

    slot = booked(house, bay=lift, order=order, title="  ТО, Иванов ")

    assert (slot.title, slot.made_by) == ("ТО, Иванов", house["manager.north"])
    assert Event.objects.get(kind="slot.booked").facts == {
        "slot_kind": "work", "technician": house["technician.north"].pk, "bay": lift.pk, "order": order.pk,
        "customer": None, "starts_at": at(0).isoformat(), "ends_at": at(1).isoformat(),
    }  # fmt: skip


@pytest.mark.parametrize(("since", "until"), [(0, 1), (-1, 0.5), (0.5, 3), (0.25, 0.75), (-1, 2)])
def test_a_technician_is_not_taken_twice(house: House, since: float, until: float) -> None:
    booked(house)

    with pytest.raises(actions.Busy) as refused, timezone.override("Europe/Moscow"):
        booked(house, since, until)
    with timezone.override("Europe/Moscow"):
        assert "technician.north" in str(refused.value)
        assert "13:00" in str(refused.value)

    assert Slot.objects.count() == 1


@pytest.mark.parametrize(("since", "until"), [(-1, 0), (1, 2)])
def test_slots_may_touch(house: House, since: float, until: float) -> None:
    booked(house)

    booked(house, since, until)

    assert Slot.objects.count() == 2


def test_a_bay_is_not_taken_twice_by_different_people(house: House, lift: Bay) -> None:
    booked(house, bay=lift)

    with pytest.raises(actions.Busy) as refused:
        booked(house, technician=house["manager.north"], bay=lift)
    booked(house, technician=house["manager.north"], bay=None)

    assert "Подъёмник 1" in str(refused.value)


def test_somebody_who_is_away_cannot_work_and_who_works_is_not_away(house: House) -> None:
    booked(house, 0, 8, kind="absence")

    with pytest.raises(actions.Busy):
        booked(house, 2, 3)
    with pytest.raises(actions.Busy):
        booked(house, -2, 200, kind="absence")


def test_a_technician_of_two_centres_is_in_one_of_them(house: House) -> None:
    both = cast.joined(house, login="both", places=[(house.north.pk, "technician"), (house.south.pk, "technician")])
    booked(house, technician=both)

    with pytest.raises(actions.Busy):
        booked(house, technician=both, centre=house.south, by=house["manager.south"])


def test_a_cancelled_slot_frees_its_time_once(house: House) -> None:
    slot = booked(house)

    actions.cancel_slot(slot=slot, by=house["receptionist.north"], now=at(0.1))

    assert Event.objects.get(kind="slot.cancelled").subject_id == slot.pk
    booked(house)
    with pytest.raises(actions.Cancelled):
        actions.cancel_slot(slot=slot, by=house.olga, now=at(0.2))
    with pytest.raises(actions.Cancelled):
        actions.change_slot(slot=Slot.objects.get(pk=slot.pk), seen=2, title="x", by=house.olga, now=at(0.2))


REFUSED: list[tuple[dict[str, Any], type[Refusal]]] = [
    ({"technician": None}, actions.NobodyNamed), ({"until": 0}, actions.EndsBefore), ({"until": -1}, actions.EndsBefore),
    ({"until": 25}, actions.TooLong), ({"until": 24 * 63, "kind": "absence"}, actions.TooLong),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "refusal"), REFUSED)
def test_what_makes_no_sense_is_refused(house: House, facts: dict[str, Any], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        booked(house, **facts)

    assert not Slot.objects.exists()


def test_people_bays_and_orders_of_another_centre_are_refused(house: House) -> None:
    bay = actions.add_bay(centre=house.south, name="Стол", by=house.olga, now=NOON)
    order = make.order(by=house.olga, centre=house.south)

    for facts in ({"technician": house["technician.south"]}, {"bay": bay}, {"order": order}):
        with pytest.raises(actions.NotHere):
            booked(house, **facts)


def test_a_bay_out_of_use_takes_nothing_more(house: House, lift: Bay) -> None:
    actions.change_bay(bay=lift, is_active=False, by=house.olga, now=NOON)

    with pytest.raises(actions.NotHere):
        booked(house, bay=lift)


@pytest.mark.parametrize("login", ["technician.north", "accountant.north", "marketer.north", "manager.south"])
def test_time_is_planned_by_those_who_may_and_work_there(house: House, login: str) -> None:
    with pytest.raises(NotAllowed):
        booked(house, by=house[login])


def test_clients_are_expected_only_while_the_centre_is_open(house: House) -> None:
    Centre.objects.filter(pk=house.north.pk).update(hours="пн–пт 10–20")
    north = Centre.objects.get(pk=house.north.pk)

    with pytest.raises(actions.CentreClosed) as refused:
        booked(house, 7.5, 8.5, kind="booking", centre=north)
    assert "пн–пт 10–20" in str(refused.value)
    with pytest.raises(actions.CentreClosed):
        booked(house, 24, 25, kind="booking", centre=north)
    booked(house, 7, 8, kind="booking", centre=north)
    booked(house, 9, 10, kind="work", centre=north)


def test_a_slot_moves_unless_the_time_is_taken(house: House) -> None:
    slot = booked(house)
    booked(house, 2, 3)

    with pytest.raises(actions.Busy):
        actions.change_slot(slot=slot, seen=1, starts_at=at(1.5), ends_at=at(2.5), by=house.olga, now=NOON)
    actions.change_slot(slot=slot, seen=1, starts_at=at(0.5), ends_at=at(2), by=house.olga, now=NOON)

    assert Slot.objects.values_list("starts_at", "version").get(pk=slot.pk) == (at(0.5), 2)
    assert Event.objects.get(kind="slot.changed").facts["changed"] == ["ends_at", "starts_at"]


def test_who_moves_a_slot_from_an_old_page_sees_the_difference(house: House) -> None:
    slot = booked(house)
    actions.change_slot(slot=Slot.objects.get(), seen=1, title="Первый", by=house.olga, now=NOON)

    with pytest.raises(Stale) as refused:
        actions.change_slot(slot=slot, seen=1, title="Второй", by=house.olga, now=NOON)

    assert [(one.theirs, one.mine) for one in refused.value.differences] == [("Первый", "Второй")]


def test_a_client_arrives_once_and_only_where_one_was_expected(house: House) -> None:
    client = make.person(by=house.olga, centre=house.north)
    slot = booked(house, kind="booking", customer=client)

    actions.arrive(slot=slot, by=house["receptionist.north"], now=at(0.1))

    assert Slot.objects.get().arrived_at == at(0.1)
    assert Event.objects.get(kind="slot.arrived").facts == {"customer": client.pk}
    for wrong in (slot, booked(house, 2, 3)):
        with pytest.raises(actions.NotYet):
            actions.arrive(slot=wrong, by=house.olga, now=at(0.2))


def test_two_bays_of_a_centre_have_two_names(house: House, lift: Bay) -> None:
    with pytest.raises(actions.BayTaken):
        actions.add_bay(centre=house.north, name=" Подъёмник 1", by=house.olga, now=NOON)
    second = actions.add_bay(centre=house.north, name="Подъёмник 2", by=house.olga, now=NOON)
    with pytest.raises(actions.BayTaken):
        actions.change_bay(bay=second, name="Подъёмник 1", by=house.olga, now=NOON)
    actions.add_bay(centre=house.south, name="Подъёмник 1", by=house.olga, now=NOON)

    assert [bay.position for bay in Bay.objects.filter(centre=house.north)] == [1, 2]
    assert Event.objects.filter(kind="bay.added").count() == 3


def test_a_bay_is_renamed_with_an_event_and_not_without_need(house: House, lift: Bay) -> None:
    actions.change_bay(bay=lift, name="Яма", is_active=True, by=house.olga, now=NOON)
    actions.change_bay(bay=lift, name="Яма", by=house.olga, now=NOON)

    assert [event.facts for event in Event.objects.filter(kind="bay.changed")] == [{"changed": ["name"]}]


ROUNDS = 8


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("what", ["technician", "bay"])
def test_of_several_who_take_the_same_time_at_once_one_gets_it(house: House, what: str, in_threads: Any) -> None:
    lift = actions.add_bay(centre=house.north, name="Подъёмник 1", by=house.olga, now=NOON)
    people = [house["technician.north"], house["manager.north"], house["receptionist.north"], house["director.north"]]

    def take(n: int, place: int) -> str:
        given = {"bay": lift, "technician": people[place]} if what == "bay" else {"technician": people[0]}
        try:
            booked(house, n + place / 8, n + 0.9, by=house.olga, **given)
        except actions.Busy as refusal:
            return str(refusal)
        return ""

    for n in range(ROUNDS):
        answers = in_threads(*(lambda place=place, n=n: take(n, place) for place in range(4)))

        assert sorted(map(bool, answers)) == [False, True, True, True], n
        name = "Подъёмник 1" if what == "bay" else "technician.north"
        assert all(name in answer for answer in answers if answer)
    assert Slot.objects.count() == ROUNDS == Event.objects.filter(kind="slot.booked").count()
