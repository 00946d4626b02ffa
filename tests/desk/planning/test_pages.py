"""Pages of the calendar as a browser meets them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.planning import actions, queries
from dovolen.desk.planning.models import Bay, Slot
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 20, tzinfo=UTC)
FRIDAY = DAY.date()
NINE_MOSCOW = DAY.replace(hour=6)


@pytest.fixture
def house() -> House:
    house = cast.full(now=timezone.now())
    Centre.objects.filter(pk=house.north.pk).update(hours="пн–пт 10–20, сб 11–18")
    return house


def signed_in(house: House, login: str) -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")
    return client


def booked(house: House, since: float, until: float, **facts: Any) -> Slot:
    """Hours on the clock of Moscow."""
    told: dict[str, Any] = {"centre": Centre.objects.get(pk=house.north.pk), "technician": house["technician.north"]}
    start = DAY - timedelta(hours=3)
    given = {"starts_at": start + timedelta(hours=since), "ends_at": start + timedelta(hours=until)}
    return actions.book(by=house.olga, now=timezone.now(), **given, **(told | facts))


def column(house: House, day: date = FRIDAY, now: datetime = NINE_MOSCOW, **which: Any) -> queries.Column:
    picture = queries.day_of(Centre.objects.get(pk=house.north.pk), day, now)
    wanted = {"kind": "technician", "name": house["technician.north"].name} | which
    return next(one for one in picture.columns if {"kind": one.kind, "name": one.name} == wanted)


def told(cells: list[queries.Cell]) -> list[str]:
    with timezone.override("Europe/Moscow"):
        return [
            f"{timezone.localtime(cell.since):%H:%M}-{timezone.localtime(cell.until):%H:%M}{'' if cell.slot else ' free'}"
            for cell in cells
        ]


def test_free_time_lies_between_slots_inside_working_hours(house: House) -> None:
    booked(house, 12, 13)
    booked(house, 13.25, 14)
    booked(house, 19, 21)

    mine = column(house)

    assert told(mine.cells) == [
        "10:00-12:00 free", "12:00-13:00", "13:15-14:00", "14:00-19:00 free", "19:00-21:00",
    ]  # fmt: skip
    assert (mine.busy_minutes, mine.open_minutes) == (60 + 45 + 120, 600)
    assert [(cell.row, cell.height) for cell in mine.cells] == [(1, 8), (9, 4), (14, 3), (17, 20), (37, 8)]


def test_what_has_passed_is_not_offered(house: House) -> None:
    assert told(column(house, now=DAY.replace(hour=12, minute=7)).cells) == ["15:15-20:00 free"]
    assert told(column(house, now=DAY.replace(hour=20)).cells) == []


def test_a_day_off_offers_nothing_and_says_so(house: House) -> None:
    sunday = date(2026, 11, 22)

    assert column(house, sunday).cells == []
    assert "закрыт" in signed_in(house, "manager.north").get("/calendar/?day=2026-11-22").content.decode()


def test_a_slot_with_a_bay_stands_in_both_columns(house: House) -> None:
    lift = actions.add_bay(centre=house.north, name="Подъёмник 1", by=house.olga, now=timezone.now())
    slot = booked(house, 12, 13, bay=lift)

    for which in ({}, {"kind": "bay", "name": "Подъёмник 1"}):
        assert [cell.slot for cell in column(house, **which).cells if cell.slot] == [slot]


def test_an_absence_of_days_fills_each_of_them(house: House) -> None:
    booked(house, 15, 24 * 3, kind="absence")

    week = queries.week_of(Centre.objects.get(pk=house.north.pk), date(2026, 11, 20))
    cells = next(row for row in week if row.name == house["technician.north"].name).cells
    assert [bool(cell.slots) for cell in cells] == [False, False, False, False, True, True, True]
    assert [cell.open_minutes for cell in cells] == [600] * 5 + [420, 0]
    assert told(column(house, date(2026, 11, 21)).cells) == ["00:00-00:00"]


@pytest.mark.parametrize("view", ["day", "week"])
def test_the_calendar_asks_as_much_for_a_full_day_as_for_an_empty_one(
    house: House, view: str, django_assert_num_queries: Any
) -> None:
    client = signed_in(house, "manager.north")
    order = make.order(by=house.olga, centre=house.north)
    for n in (0, 8):
        for place in range(n):
            booked(house, 10 + place, 11 + place, order=order, customer=order.customer)

        with django_assert_num_queries(7):  # session, person, places, centres, slots, people, bays
            page = client.get(f"/calendar/?day=2026-11-20&view={view}").content.decode()

        assert page.count(f"№\u00a0{order.number}") == n


def test_the_page_shows_the_clock_of_its_centre(house: House) -> None:
    north, south = signed_in(house, "manager.north"), signed_in(house, "director.south")
    booked(house, 12, 13)
    actions.book(centre=house.south, technician=house["technician.south"], starts_at=NINE_MOSCOW, by=house.olga,
                 ends_at=NINE_MOSCOW + timedelta(hours=1), now=timezone.now())  # fmt: skip

    assert "12:00–13:00" in north.get("/calendar/?day=2026-11-20").content.decode()
    assert "11:00–12:00" in south.get("/calendar/?day=2026-11-20").content.decode()


@pytest.mark.parametrize("day", ["", "x", "2026-13-01", "0001-01-01", "9999-12-31"])
def test_a_day_that_is_none_is_today(house: House, day: str) -> None:
    page = signed_in(house, "manager.north").get(f"/calendar/?day={day}").content.decode()

    with timezone.override("Europe/Moscow"):
        assert f'value="{timezone.localdate():%Y-%m-%d}"' in page


def test_a_centre_where_he_does_not_work_is_not_shown(house: House) -> None:
    client = signed_in(house, "manager.north")

    for path in ("/calendar/", "/calendar/slots/new/", "/calendar/bays/"):
        assert client.get(f"{path}?centre={house.south.pk}").status_code == 404
        assert client.get(f"{path}?centre=x").status_code == 404


def test_a_technician_looks_but_does_not_plan(house: House) -> None:
    client = signed_in(house, "technician.north")
    slot = booked(house, 12, 13)

    page = client.get("/calendar/?day=2026-11-20").content.decode()
    assert "12:00–13:00" in page
    assert "slots/new" not in page
    assert client.get("/calendar/slots/new/").status_code == 403
    assert client.post(f"/calendar/slots/{slot.pk}/cancellation/").status_code == 403
    assert signed_in(house, "marketer.north").get("/calendar/").status_code == 403


def form(house: House, **more: Any) -> dict[str, Any]:
    return {
        "kind": "work", "starts_at": "2026-11-20T12:00", "ends_at": "2026-11-20T13:00",
        "technician": house["technician.north"].pk,
    } | more  # fmt: skip


def test_time_is_taken_by_the_form_on_the_clock_of_the_centre(house: House) -> None:
    order = make.order(by=house.olga, centre=house.north)
    client = signed_in(house, "receptionist.north")

    answer = client.post(f"/calendar/slots/new/?centre={house.north.pk}", form(house, order=order.number))

    assert answer.headers["Location"] == f"/calendar/?centre={house.north.pk}&day=2026-11-20"
    slot = Slot.objects.get()
    assert (slot.starts_at, slot.order) == (DAY.replace(hour=9), order)


def test_who_comes_second_reads_whose_time_it_is_and_keeps_his_form(house: House) -> None:
    booked(house, 12, 13)

    page = signed_in(house, "receptionist.north").post("/calendar/slots/new/", form(house, title="Диагностика"))

    text = page.content.decode()
    assert f"{house['technician.north'].name}, 20\u00a0ноя" in text
    assert "–13:00" in text
    assert 'value="Диагностика"' in text
    assert Slot.objects.count() == 1


@pytest.mark.parametrize("number", ["999999", "0", "x", "99999999999999999999"])
def test_an_order_that_is_not_there_is_refused_at_its_field(house: House, number: str) -> None:
    page = signed_in(house, "receptionist.north").post("/calendar/slots/new/", form(house, order=number))

    assert 'id="id_order-error"' in page.content.decode()


def test_an_order_of_another_centre_is_not_there(house: House) -> None:
    order = make.order(by=house.olga, centre=house.south)

    page = signed_in(house, "receptionist.north").post("/calendar/slots/new/", form(house, order=order.number))

    assert 'id="id_order-error"' in page.content.decode()


def test_the_address_fills_the_form_in(house: House) -> None:
    person = make.person(by=house.olga, centre=house.north)
    client = signed_in(house, "receptionist.north")
    query = f"kind=booking&customer={person.pk}&technician={house['technician.north'].pk}&starts_at=2026-11-20T15:00"

    page = client.get(f"/calendar/slots/new/?{query}").content.decode()

    assert person.name in page
    assert 'value="2026-11-20T15:00"' in page
    assert 'value="2026-11-20T16:00"' in page
    client.post(f"/calendar/slots/new/?{query}", form(house, kind="booking"))
    assert Slot.objects.get().customer == person


def test_a_slot_is_moved_cancelled_and_met_by_its_pages(house: House) -> None:
    client = signed_in(house, "receptionist.north")
    slot = booked(house, 12, 13, kind="booking", title="Иванов")
    client.post(f"/calendar/slots/{slot.pk}/", form(house, ends_at="2026-11-20T14:00", version=1))
    assert Slot.objects.get().ends_at == DAY.replace(hour=11)

    client.post(f"/calendar/slots/{slot.pk}/arrival/")
    assert Slot.objects.get().arrived_at
    page = client.post(f"/calendar/slots/{slot.pk}/arrival/", follow=True).content.decode()
    assert "уже пришёл" in page

    client.post(f"/calendar/slots/{slot.pk}/cancellation/")
    assert Slot.objects.get().cancelled_at
    assert client.get(f"/calendar/slots/{slot.pk}/").status_code == 404


def test_who_saves_late_sees_both(house: House) -> None:
    slot = booked(house, 12, 13)
    actions.change_slot(slot=Slot.objects.get(), seen=1, title="Чужое", by=house.olga, now=timezone.now())

    page = signed_in(house, "manager.north").post(f"/calendar/slots/{slot.pk}/", form(house, title="Моё", version=1))

    text = page.content.decode()
    assert ("Чужое" in text, "Моё" in text, 'name="version" value="2"' in text) == (True, True, True)


def test_bays_are_added_renamed_and_switched_off(house: House) -> None:
    client = signed_in(house, "receptionist.north")
    client.post("/calendar/bays/", {"bay_name": "Подъёмник 1", "is_active": "on"})
    bay = Bay.objects.get()
    assert "Подъёмник 1" in client.get("/calendar/bays/").content.decode()
    assert "уже есть" in client.post("/calendar/bays/", {"bay_name": "Подъёмник 1"}).content.decode()

    client.post(f"/calendar/bays/{bay.pk}/", {"bay_name": "Яма"})

    bay.refresh_from_db()
    assert (bay.name, bay.is_active, bay.centre) == ("Яма", False, house.north)
    assert signed_in(house, "receptionist.south").get(f"/calendar/bays/{bay.pk}/").status_code == 404


@pytest.mark.parametrize("path", ["", "cancellation/", "arrival/"])
def test_slots_of_another_centre_are_not_there(house: House, path: str) -> None:
    slot = booked(house, 12, 13, kind="booking")

    assert signed_in(house, "manager.south").post(f"/calendar/slots/{slot.pk}/{path}").status_code == 404
    assert Slot.objects.values_list("cancelled_at", "arrived_at").get() == (None, None)
