"""Pages of the shift log."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.tasks import actions
from dovolen.desk.tasks.models import Shift, ShiftNote, ShiftPerson
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def signed_in(house: House, login: str) -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")
    return client


def order(house: House, centre: Centre | None = None, **told: Any) -> RepairOrder:
    given: dict[str, Any] = {"promised_at": told["now"] + timedelta(days=2)} | told
    return make.order(by=house.olga, centre=centre or house.north, **given)


def page(client: Client, path: str = "/shift/") -> str:
    return client.get(path).content.decode().replace("\u00a0", " ")


def test_a_shift_goes_from_its_opening_to_its_hand_over(house: House) -> None:
    client, ruslan = signed_in(house, "receptionist.north"), house["technician.north"]
    assert "Открыть смену" in page(client)
    client.post("/shifts/", {"centre": house.north.pk})
    shift = Shift.objects.get()

    client.post(f"/shifts/{shift.pk}/people/", {"staff": ruslan.pk})
    client.post(f"/shifts/{shift.pk}/notes/", {"text": "Курьер был"})
    text = page(client)
    assert ruslan.name in text
    assert "Курьер был" in text
    client.post(f"/shifts/{shift.pk}/people/", {"staff": ruslan.pk, "on": "0"})
    assert ShiftPerson.objects.get(staff=ruslan).until

    client.post(f"/shifts/{shift.pk}/handover/", {"handover": "№ 24790 без батареи не выдавать"})
    assert "№ 24790 без батареи не выдавать" in page(client)
    past = page(client, f"/shifts/{shift.pk}/")
    assert "Курьер был" in past
    assert ruslan.name in past
    assert "№ 24790 без батареи не выдавать" in page(client, "/shifts/")


def test_what_came_and_went_during_a_shift_stands_in_it(house: House) -> None:
    now = timezone.now()
    shift = actions.open_shift(centre=house.north, by=house.olga, now=now - timedelta(hours=2))
    before = order(house, now=now - timedelta(hours=5))
    during = order(house, now=now - timedelta(hours=1))
    out = order(house, now=now - timedelta(hours=9))
    make.bring(out, "picked_up", by=house.olga, now=now - timedelta(minutes=5))
    south = order(house, centre=house.south, now=now - timedelta(hours=1))

    text = page(signed_in(house, "receptionist.north"))
    actions.close_shift(shift=shift, handover="", by=house.olga, now=now)
    order(house, now=now)
    past = page(signed_in(house, "receptionist.north"), f"/shifts/{shift.pk}/")

    for shown in (text, past):
        assert (f"№ {during.number}" in shown, f"№ {out.number}" in shown) == (True, True)
        assert (f"№ {before.number}" in shown, f"№ {south.number}" in shown) == (False, False)
    assert past.count("data-row") + past.count('class="dv-chip') == 2


def test_the_log_asks_the_same_for_a_long_shift_and_a_short_one(house: House, django_assert_num_queries: Any) -> None:
    now = timezone.now()
    shift = actions.open_shift(centre=house.north, by=house.olga, now=now - timedelta(hours=1))
    client = signed_in(house, "receptionist.north")
    for n in (1, 4):
        for place in range(n):
            actions.write_log(shift=shift, text="Курьер", by=house.olga, now=now)
            order(house, now=now, at=("accepted", "picked_up")[place % 2])

        with django_assert_num_queries(
            11
        ):  # session, person, places, shift 2, colleagues, people, notes, flow, orders 2
            client.get("/shift/")
        with django_assert_num_queries(4):  # session, person, places, shifts
            client.get("/shifts/")


@pytest.mark.parametrize("path", ["people/", "notes/", "handover/"])
def test_a_shift_of_another_centre_is_not_there(house: House, path: str) -> None:
    shift = actions.open_shift(centre=house.north, by=house.olga, now=timezone.now())
    client = signed_in(house, "receptionist.south")

    assert client.post(f"/shifts/{shift.pk}/{path}", {"staff": house.olga.pk, "text": "x"}).status_code == 404
    assert client.get(f"/shifts/{shift.pk}/").status_code == 404
    assert client.get(f"/shift/?centre={house.north.pk}").status_code == 404
    assert client.post("/shifts/", {"centre": house.north.pk}).status_code == 404
    assert not ShiftNote.objects.exists()
    assert Shift.objects.get().closed_at is None


def test_somebody_of_another_centre_is_not_put_on_a_shift(house: House) -> None:
    shift = actions.open_shift(centre=house.north, by=house.olga, now=timezone.now())
    client = signed_in(house, "receptionist.north")

    for wrong in (house["technician.south"].pk, "x", "", "999999"):
        assert client.post(f"/shifts/{shift.pk}/people/", {"staff": wrong}).status_code == 404


def test_a_shift_that_was_closed_meanwhile_says_so(house: House) -> None:
    shift = actions.open_shift(centre=house.north, by=house.olga, now=timezone.now())
    actions.close_shift(shift=shift, handover="", by=house.olga, now=timezone.now())

    answer = signed_in(house, "manager.north").post(f"/shifts/{shift.pk}/notes/", {"text": "поздно"}, follow=True)

    assert "уже закрыли" in answer.content.decode().replace("\u00a0", " ")


def test_the_open_shift_is_not_a_past_one(house: House) -> None:
    shift = actions.open_shift(centre=house.north, by=house.olga, now=timezone.now())

    answer = signed_in(house, "manager.north").get(f"/shifts/{shift.pk}/")

    assert answer.headers["Location"] == f"/shift/?centre={house.north.pk}"


def test_past_shifts_follow_page_by_page(house: House, monkeypatch: Any) -> None:
    from dovolen.desk.tasks import queries

    monkeypatch.setattr(queries, "PAGE", 2)
    now = timezone.now()
    for n in range(5):
        shift = actions.open_shift(centre=house.north, by=house.olga, now=now - timedelta(days=9 - n))
        actions.close_shift(shift=shift, handover=f"передача {n}", by=house.olga, now=now - timedelta(days=9 - n))
    client, seen, path = signed_in(house, "manager.north"), [], "/shifts/"

    while path:
        text = page(client, path)
        seen += [n for n in range(4, -1, -1) if f"передача {n}" in text]
        later = re.search(r'rel="next" href="([^"]+)"', text)
        path = f"/shifts/{later[1]}" if later else ""

    assert seen == [4, 3, 2, 1, 0]
