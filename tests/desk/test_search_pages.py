"""Search on pages: what is found, by how many queries, and that nobody finds what he may not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from dovolen.desk.accounts.rights import ROLES
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House


@dataclass
class There:
    """A client with a device and an order in the north, another one in the south."""

    house: House
    order: Any
    other: Any


@pytest.fixture
def there(db: None) -> There:
    house = cast.full()
    made = []
    for place, name, phone, serial in (
        ("north", "Карпова Марина", "+79972000001", "SN1234567"), ("south", "Карпов Пётр", "+79972000002", "SN7654321"),
    ):  # fmt: skip
        manager = house[f"manager.{place}"]
        person = make.person(by=manager, name=name, phone=phone)
        device = make.asset(
            centre=manager.places[0].centre,
            owner=person,
            brand="Lenovo",
            model="IdeaPad",
            serial_number=serial,
        )
        made.append(make.order(by=manager, customer=person, asset=device))
    return There(house, *made)


def found(client: Any, staff: Any, text: str) -> str:
    client.force_login(staff)
    answer = client.get("/search/found/", {"q": text}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def keys(page: str) -> list[str]:
    return [part.split('"')[0] for part in page.split('id="found-')[1:] if not part.startswith("all")]


@pytest.mark.parametrize("text", ["карп", "КАРПОВА", "0001", "997 200-00-01", "SN123", "ideapad", "rfhg", "дутщмщ"])
@pytest.mark.django_db
def test_a_client_a_device_and_an_open_order_are_found_as_one_types(there: There, client: Any, text: str) -> None:
    page = found(client, there.house["receptionist.north"], text)

    assert f"order-{there.order.pk}" in keys(page)
    assert f"order-{there.other.pk}" not in keys(page)
    assert "Пётр" not in page


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.django_db
def test_nobody_finds_what_he_may_not_see(there: There, client: Any, role: str) -> None:
    staff, order, other = there.house[f"{role}.north"], there.order, there.other
    texts = ("карп", "9972000002", "SN7654321", "ideapad", str(other.number), "lenovo sn")

    pages = [found(client, staff, text) for text in texts]
    pages += [str(client.get("/search/", {"q": text}).content.decode()) for text in texts]

    assert not [page for page in pages if "Пётр" in page or "200-00-02" in page or f"order-{other.pk}" in page]
    client_found = [f"customer-{order.customer_id}" in keys(page) for page in pages]
    assert any(client_found) == staff.may("see customers")
    assert any(f"asset-{order.asset_id}" in keys(page) for page in pages) == staff.may("see assets")
    assert any(f"order-{order.pk}" in keys(page) for page in pages) == staff.may("see orders")


@pytest.mark.django_db
def test_a_technician_finds_the_device_but_not_whose_phone_it_is(there: There, client: Any) -> None:
    technician = there.house["technician.north"]

    assert keys(found(client, technician, "9972000001")) == []
    page = found(client, technician, "SN1234567")
    assert keys(page) == [f"order-{there.order.pk}", f"asset-{there.order.asset_id}"]
    assert "997 200" not in page


@pytest.mark.parametrize("n", [1, 7])
@pytest.mark.django_db
def test_a_search_takes_the_same_few_queries_however_much_is_found(
    there: There, client: Any, n: int, django_assert_num_queries: Any
) -> None:
    manager = there.house["manager.north"]
    for place in range(n):
        person = make.person(by=manager, name=f"Зимин Олег {place}", phone=f"+7997300000{place}")
        device = make.asset(centre=manager.places[0].centre, owner=person, brand="Zimin", serial_number=f"ZIMIN{place}")
        make.order(by=manager, customer=person, asset=device)
    client.force_login(manager)

    with django_assert_num_queries(10):
        page = client.get("/search/found/?q=zimin").content.decode()
    with django_assert_num_queries(10):
        client.get("/search/?q=zimin")

    assert page.count('id="found-order') == min(n, 5)


@pytest.mark.django_db
def test_search_says_what_to_type_and_when_there_is_nothing(there: There, client: Any) -> None:
    client.force_login(there.house["manager.north"])

    assert "Достаточно части" in client.get("/search/").content.decode().replace("\u00a0", " ")
    nothing = client.get("/search/", {"q": "<b>фыва</b>"}).content.decode().replace("\u00a0", " ")
    assert "ничего нет" in nothing
    assert "<b>фыва" not in nothing
    assert keys(found(client, there.house["manager.north"], "'; DROP TABLE core_word; --")) == []
    assert keys(found(client, there.house["manager.north"], "")) == []


@pytest.mark.django_db
def test_a_number_finds_its_order_first(there: There, client: Any) -> None:
    page = found(client, there.house["manager.north"], str(there.order.number))

    assert keys(page)[0] == f"order-{there.order.pk}"


@pytest.mark.django_db
def test_what_is_found_bears_its_score_for_who_sees_clients(there: There, client: Any) -> None:
    told = {"satisfaction": 38.4, "satisfaction_coverage": 0.9}
    make_analysis.known(make_analysis.published(centre=there.house.north), there.order.customer, **told)

    for login, is_told in (("receptionist.north", True), ("technician.north", False)):
        client.force_login(there.house[login])
        page = client.get("/search/", {"q": "ideapad"}).content.decode()
        assert ("<b>38</b>" in page) is is_told
    assert "<b>38</b>" in found(client, there.house["receptionist.north"], "карпова")
