"""The price list: what is offered where, who may change it, and that versions hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.values import NoText, OutOfRange, UnknownCode
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import PriceItem
from tests.desk import cast, make, make_ledger
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full()


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    return client


def names(items: list[PriceItem]) -> list[str]:
    return [item.name for item in items]


def test_a_line_chooses_among_items_of_its_centre_and_category(house: House) -> None:
    laptop, phone = make.category(code="laptop"), make.category(code="phone")
    make_ledger.price(by=house.olga, name="Замена матрицы", category=laptop)
    make_ledger.price(by=house.olga, name="Замена дисплея", category=phone)
    make_ledger.price(by=house.olga, name="Чистка")
    make_ledger.price(by=house.olga, name="Выезд на юг", centre=house.south)

    assert names(queries.prices_for(laptop, house.north)) == ["Замена матрицы", "Чистка"]
    assert names(queries.prices_for(None, house.north)) == ["Чистка"]
    assert names(queries.prices_for(phone, house.south)) == ["Выезд на юг", "Замена дисплея", "Чистка"]


def test_the_more_special_of_two_items_called_alike_holds(house: House) -> None:
    laptop = make.category(code="laptop")
    make_ledger.price(by=house.olga, name="Чистка", price=100_000)
    make_ledger.price(by=house.olga, name="чистка", price=150_000, category=laptop)
    make_ledger.price(by=house.olga, name="ЧИСТКА", price=120_000, centre=house.north)

    assert [item.price for item in queries.prices_for(laptop, house.north)] == [120_000]
    assert [item.price for item in queries.prices_for(laptop, house.south)] == [150_000]


@pytest.mark.parametrize("typed", ["матр", "МАТРИЦЫ зам", "vfnhbws", "  матрицы "])
def test_an_item_is_found_by_any_part_of_its_words_in_either_layout(house: House, typed: str) -> None:
    make_ledger.price(by=house.olga, name="Замена матрицы")
    make_ledger.price(by=house.olga, name="Чистка")

    assert names(queries.prices_for(None, house.north, typed)) == ["Замена матрицы"]
    assert queries.prices_for(None, house.north, "клавиатура") == []


def test_an_item_switched_off_is_offered_no_more_and_may_come_back(house: House) -> None:
    item = make_ledger.price(by=house.olga)

    actions.switch_price(item=item, on=False, by=house.olga, now=NOON)
    assert queries.prices_for(None, house.north) == []
    actions.switch_price(item=item, on=True, by=house.olga, now=NOON)

    assert names(queries.prices_for(None, house.north)) == [item.name]
    kinds = list(journal.timeline(item).order_by("id").values_list("kind", flat=True))
    assert kinds == ["price.added", "price.switched_off", "price.switched_on"]


def test_who_comes_late_is_told_and_writes_nothing(house: House) -> None:
    item = make_ledger.price(by=house.olga)
    actions.change_price(item=item, seen=1, price=400_000, by=house.olga, now=NOON)

    with pytest.raises(Stale) as stale:
        actions.change_price(item=item, seen=1, price=450_000, by=house.olga, now=NOON)

    assert [(one.theirs, one.mine) for one in stale.value.differences] == [(400_000, 450_000)]
    assert PriceItem.objects.get().price == 400_000


def test_the_same_stands_in_the_list_once(house: House) -> None:
    item = make_ledger.price(by=house.olga)
    other = make_ledger.price(by=house.olga, name="Чистка")

    with pytest.raises(actions.PriceTaken):
        make_ledger.price(by=house.olga, name=" ЗАМЕНА  матрицы")
    with pytest.raises(actions.PriceTaken):
        actions.change_price(item=other, seen=1, name="Замена матрицы", by=house.olga, now=NOON)
    actions.switch_price(item=item, on=False, by=house.olga, now=NOON)
    make_ledger.price(by=house.olga)
    with pytest.raises(actions.PriceTaken):
        actions.switch_price(item=item, on=True, by=house.olga, now=NOON)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"name": "  "}, NoText), ({"price": -1}, OutOfRange), ({"kind": "gift"}, UnknownCode),
        ({"tax_code": "18"}, UnknownCode), ({"warranty_days": 99_999}, OutOfRange), ({"cost": -5}, OutOfRange),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused(house: House, told: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        make_ledger.price(by=house.olga, **told)


def test_an_item_of_the_house_is_a_matter_of_all_its_centres(house: House) -> None:
    manager = house["manager.north"]

    make_ledger.price(by=manager, centre=house.north)
    with pytest.raises(NotAllowed):
        make_ledger.price(by=manager)
    with pytest.raises(NotAllowed):
        make_ledger.price(by=manager, centre=house.south)
    with pytest.raises(NotAllowed):
        make_ledger.price(by=house["receptionist.north"], centre=house.north)
    with pytest.raises(NotAllowed):
        actions.change_price(item=PriceItem.objects.get(), seen=1, centre=None, by=manager, now=NOON)


def test_the_page_lists_filters_and_asks_the_same_at_every_size(house: House, django_assert_num_queries: Any) -> None:
    client = signed_in(house.olga)
    make_ledger.price(by=house.olga, name="Замена матрицы")
    make_ledger.price(by=house.olga, name="Шлейф", kind="part", cost=7_654_300, centre=house.south)
    client.get("/money/prices/")

    with django_assert_num_queries(6):
        page = client.get("/money/prices/").content.decode()
    assert "Замена матрицы" in page
    assert "76\u00a0543" in page
    for n in range(20):
        make_ledger.price(by=house.olga, name=f"Работа {n}")
    with django_assert_num_queries(6):
        client.get("/money/prices/")

    found = client.get("/money/prices/", {"kind": "part", "centre": house.south.pk}).content.decode()
    assert "Шлейф" in found
    assert "Замена матрицы" not in found


def test_a_form_adds_and_changes_and_shows_why_not(house: House) -> None:
    client = signed_in(house.olga)
    told = {"kind": "labour", "name": "Пайка", "category": 0, "centre": 0, "price": "1 500,50", "norm_minutes": "1 ч"}

    assert client.post("/money/prices/new/", told).status_code == 302
    item = PriceItem.objects.get()
    assert (item.price, item.norm_minutes, item.centre, item.tax_code) == (150_050, 60, None, "")
    assert "уже есть" in client.post("/money/prices/new/", told).content.decode()
    changed = client.post(
        f"/money/prices/{item.pk}/", told | {"version": 1, "price": "1600", "initial-price": "1500,50"}
    )
    assert changed.status_code == 302
    item.refresh_from_db()
    assert (item.price, item.version) == (160_000, 2)
    client.post(f"/money/prices/{item.pk}/active/", {"on": "0"})
    assert not PriceItem.objects.get().is_active


def test_a_manager_of_one_centre_neither_sees_nor_changes_items_of_another(house: House) -> None:
    item = make_ledger.price(by=house.olga, name="Только юг", centre=house.south)
    client = signed_in(house["manager.north"])

    assert "Только юг" not in client.get("/money/prices/").content.decode()
    assert client.get(f"/money/prices/{item.pk}/").status_code == 404
    assert client.post(f"/money/prices/{item.pk}/active/", {"on": "0"}).status_code == 404
