"""The screen of the waiting room: numbers not in full, no names, each in his centre, pages that take turns."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Asset
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries.display import READY_ROWS, TURN_SECONDS, WORK_ROWS, display, masked
from dovolen.desk.orders.queries.stages import stages
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.conftest import NOON


@pytest.fixture
def house(db: None) -> House:
    return cast.full()


@pytest.fixture
def manager(house: House) -> Staff:
    return house["manager.north"]


@pytest.mark.parametrize(
    ("plate", "number", "shown"),
    [
        ("К482МН77", 24817, ("", "К\u00a0482", "••\u00a077")), ("a123bc 777", 1, ("", "A\u00a0123", "••\u00a0777")),
        ("", 24817, ("№\u00a0••", "817", "")), ("", 42, ("№", "42", "")), ("7 ABC", 10042, ("№\u00a0••", "042", "")),
    ],
)  # fmt: skip
def test_a_number_is_shown_so_that_its_owner_knows_it(plate: str, number: int, shown: tuple[str, str, str]) -> None:
    found = masked(RepairOrder(number=number, asset=Asset(plate=plate)))

    assert (found.before, found.shown, found.after) == shown
    assert masked(RepairOrder(number=number)).after == ""


@pytest.mark.django_db
def test_the_screen_shows_no_name_no_phone_and_nothing_that_was_told(client: Any, manager: Staff) -> None:
    person = make.person(by=manager, name="Карпова Марина", phone="+79972000001")
    device = make.asset(centre=manager.places[0].centre, owner=person, serial_number="SN1234567", plate="К482МН77")
    make.order(by=manager, customer=person, asset=device, at="ready", fault_text="Утопили в ванне", shelf="А-12")
    client.force_login(manager)

    page = client.get(f"/display/{manager.places[0].centre_id}/").content.decode()

    assert "К\u00a0482" in page
    assert "А-12" in page
    for secret in ("Карпова", "Марина", "997", "К482МН77", "SN1234567", "Утопили"):
        assert secret not in page, secret


@pytest.mark.django_db
def test_ready_ones_come_latest_first_and_work_by_promise(manager: Staff) -> None:
    ready = [make.order(by=manager, at="ready", now=NOON + timedelta(minutes=place)) for place in range(2)]
    told = make.order(by=manager, at="told", now=NOON - timedelta(hours=1))
    late, soon = (make.order(by=manager, promised_at=NOON + timedelta(hours=hours)) for hours in (9, 3))
    make.order(by=manager, at="picked_up")
    make.order(by=manager, place="on_site")

    shown = display(manager.places[0].centre, stages(), NOON)

    assert [row.order.pk for row in shown.ready] == [ready[1].pk, ready[0].pk, told.pk]
    assert [row.order.pk for row in shown.work] == [soon.pk, late.pk]


@pytest.mark.django_db
def test_a_promise_moved_to_later_is_marked(manager: Staff) -> None:
    order = make.order(by=manager)
    kept = make.order(by=manager)
    actions.promise(order=order, promised_at=NOON + timedelta(days=5), reason="part_late", by=manager, now=NOON)

    moved = {row.order.pk: row.is_moved for row in display(manager.places[0].centre, stages(), NOON).work}

    assert moved == {order.pk: True, kept.pk: False}


@pytest.mark.django_db
def test_what_does_not_fit_takes_its_turn(manager: Staff) -> None:
    for _ in range(READY_ROWS + 1):
        make.order(by=manager, at="ready")
    for _ in range(WORK_ROWS + 2):
        make.order(by=manager)
    centre = manager.places[0].centre

    turns = [display(centre, stages(), NOON + timedelta(seconds=TURN_SECONDS * turn)) for turn in range(2)]

    assert {row.order.pk for turn in turns for row in turn.ready} == set(
        RepairOrder.objects.filter(phase="ready").values_list("pk", flat=True)
    )
    assert [len(turn.work) for turn in turns] == [WORK_ROWS, WORK_ROWS]
    assert len({row.order.pk for turn in turns for row in turn.work}) == WORK_ROWS + 2
    assert {(turn.n_ready, turn.n_work) for turn in turns} == {(READY_ROWS + 1, WORK_ROWS + 2)}


@pytest.mark.parametrize("n", [1, 6])
@pytest.mark.django_db
def test_the_screen_takes_the_same_few_queries_at_every_size(
    client: Any, manager: Staff, n: int, django_assert_num_queries: Any
) -> None:
    for _ in range(n):
        make.order(by=manager, at="ready", lines=make.price_list)
        make.order(by=manager, at="repair", lines=make.price_list)
    client.force_login(manager)

    with django_assert_num_queries(9):
        answer = client.get(f"/display/{manager.places[0].centre_id}/")

    assert answer.status_code == 200
    assert "Замена матрицы" in answer.content.decode().replace("\u00a0", " ")


@pytest.mark.django_db
def test_the_screen_of_another_centre_is_not_there(client: Any, house: House, manager: Staff) -> None:
    client.force_login(manager)

    assert client.get(f"/display/{house.south.pk}/").status_code == 404
    assert client.get("/display/999/").status_code == 404
    client.force_login(house["accountant.north"])
    assert client.get(f"/display/{house.north.pk}/").status_code == 200


@pytest.mark.django_db
def test_an_empty_screen_says_so(client: Any, house: House, manager: Staff) -> None:
    client.force_login(manager)

    page = client.get(f"/display/{house.north.pk}/").content.decode().replace("\u00a0", " ")

    assert "Пока ничего не готово" in page
    assert "Сейчас в работе ничего нет" in page


@pytest.mark.django_db
def test_who_works_at_several_centres_chooses_a_screen(client: Any, house: House, manager: Staff) -> None:
    client.force_login(manager)
    assert client.get("/display/").url == f"/display/{house.north.pk}/"

    client.force_login(house.olga)
    page = client.get("/display/").content.decode()

    assert all(f"/display/{place.pk}/" in page for place in (house.north, house.south))
