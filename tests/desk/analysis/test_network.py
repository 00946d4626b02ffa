"""Centres side by side: figures of one's own centres, a median that gives nobody away, clients two centres share."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts import actions as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.analysis.queries.network import network, shared
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
KEY, MARGIN = "orders.promise_kept", "value.profitability"


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


def read(staff: Staff) -> str:
    answer = signed_in(staff).get("/network/")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def told(centre: Centre, share: float | None, **more: Any) -> Snapshot:
    made = make_analysis.published(centre=centre)
    make_analysis.figure(made, KEY, share, "share", n=100, **more)
    return made


def further(house: House, n: int) -> list[Centre]:
    """Centres where only Olga works."""
    return [
        accounts.open_centre(by=cast.fresh(house.olga), now=timezone.now(), **cast.NORTH | {"name": f"Ещё {place}"})
        for place in range(n)
    ]


def test_who_holds_the_right_at_one_centre_sees_that_one_alone(house: House) -> None:
    told(house.north, 0.811)
    told(house.south, 0.622)

    text = read(house["manager.north"])

    assert "81,1 %" in text
    assert "62,2 %" not in text
    assert "Юг" not in text


def test_who_holds_it_everywhere_sees_them_side_by_side(house: House) -> None:
    told(house.north, 0.811)
    told(house.south, 0.622)

    text = read(house.olga)

    assert "81,1 %" in text
    assert "62,2 %" in text


def test_of_two_centres_there_is_no_median(house: House) -> None:
    told(house.north, 0.8)
    told(house.south, 0.6)

    assert network(house.olga, [KEY]).usual == {}


def test_a_median_needs_three_centres_that_the_reader_does_not_see(house: House) -> None:
    told(house.north, 0.8)
    manager = house["manager.north"]
    others = [house.south, *further(house, 2)]

    for place, centre in enumerate(others):
        assert network(manager, [KEY]).usual == {}
        told(centre, 0.6 + place / 100)

    assert network(manager, [KEY]).usual == {KEY: pytest.approx(0.615)}


def test_who_sees_every_centre_gets_the_median_of_three(house: House) -> None:
    for centre, share in zip([house.north, house.south, *further(house, 1)], (0.9, 0.5, 0.7), strict=True):
        told(centre, share)

    assert network(cast.fresh(house.olga), [KEY]).usual == {KEY: 0.7}


def test_centres_of_too_few_cases_are_not_in_the_median(house: House) -> None:
    for centre, share in zip([house.north, house.south, *further(house, 1)], (0.9, 0.5, None), strict=True):
        told(centre, share)

    assert network(cast.fresh(house.olga), [KEY]).usual == {}


def test_sums_among_what_is_usual_are_rounded_so_that_they_are_no_ones(house: House) -> None:
    for place, centre in enumerate([house.north, house.south, *further(house, 1)]):
        made = make_analysis.published(centre=centre)
        make_analysis.figure(made, "base.revenue", 123_456_700 + 1_000_000 * place, "money")

    text = read(cast.fresh(house.olga))

    assert "1 244 567 ₽" in text
    assert text.count("1 244 567 ₽") == 1
    assert "1 200 000 ₽" in text


def test_money_of_several_currencies_has_no_median(house: House) -> None:
    for place, centre in enumerate([house.north, house.south, *further(house, 1)]):
        made = make_analysis.published(centre=centre, currency=["RUB", "RUB", "KZT"][place])
        make_analysis.figure(made, "base.revenue", 1000 + place, "money")

    assert network(cast.fresh(house.olga), ["base.revenue"]).usual == {}


def test_a_sign_stands_where_the_whole_interval_is_on_one_side(house: House) -> None:
    ends = [(0.85, 0.95), (0.45, 0.55), (0.55, 0.85)]
    for centre, share, (low, high) in zip(
        [house.north, house.south, *further(house, 1)], (0.9, 0.5, 0.7), ends, strict=True
    ):
        told(centre, share, low=low, high=high)

    text = read(cast.fresh(house.olga))

    assert "85,0–95,0 %" in text
    assert text.count("лучше обычного") == 2  # once for eyes, once for ears
    assert text.count("хуже обычного") == 2


def test_margin_is_for_who_sees_costs(house: House) -> None:
    made = told(house.north, 0.8)
    make_analysis.figure(made, MARGIN, 0.377, "share")

    assert "37,7 %" in read(house["manager.north"])
    assert "37,7 %" not in read(house["marketer.north"])


def served(snapshot: Snapshot, *customers: Any) -> None:
    for customer in customers:
        make_analysis.known(snapshot, customer, n_orders=2)


def test_shared_clients_are_those_whom_both_have_served(house: House) -> None:
    one, two, three = (make.person(by=house.olga, name=f"Клиент {n}", centre=house.north) for n in "абв")
    north, south = told(house.north, 0.8), told(house.south, 0.6)
    served(north, one, two)
    served(south, two)
    make_analysis.known(south, three, n_orders=0)
    make_analysis.known(north, three, n_orders=4)

    [pair] = shared(network(house.olga, [KEY]).sides)

    assert (pair.clients, pair.of_one, pair.of_other) == (1, 3, 1)
    assert shared(network(house["manager.north"], [KEY]).sides) == []


def test_shared_clients_lead_to_their_names_for_who_sees_both_centres(house: House) -> None:
    one, two = (make.person(by=house.olga, name=f"Клиент {n}", centre=house.north) for n in "аб")
    north, south = told(house.north, 0.8), told(house.south, 0.6)
    served(north, one, two)
    served(south, two)

    page = signed_in(house.olga).get("/network/").content.decode()
    address = f"/base/clients/?also={house.south.pk}&amp;scope={house.north.pk}"
    assert address in page
    names = signed_in(house.olga).get(address.replace("&amp;", "&")).content.decode().replace("\u00a0", " ")
    assert ("Клиент б" in names, "Клиент а" in names, "заказы и в центре «Юг»" in names) == (True, False, True)

    of_one = signed_in(house["manager.north"]).get(address.replace("&amp;", "&")).content.decode()
    assert ("Клиент а" in of_one, "«Юг»" in of_one) == (True, False)


def test_the_page_asks_the_same_few_queries_however_many_centres(house: House, django_assert_num_queries: Any) -> None:
    told(house.north, 0.8)
    told(house.south, 0.7)
    client = signed_in(house.olga)
    client.get("/network/")

    with django_assert_num_queries(9):
        client.get("/network/")
    for centre in further(house, 3):
        told(centre, 0.5)
    with django_assert_num_queries(9):
        client.get("/network/")


def test_a_house_of_one_centre_says_that_there_is_nothing_to_compare() -> None:
    director = accounts.open_house(
        centre=cast.NORTH, login="olga", name="Ольга Седова", password=cast.PASSWORD, now=timezone.now()
    )

    assert "Центр один" in read(cast.fresh(director))


def test_without_snapshots_the_page_says_how_they_come(house: House) -> None:
    assert "Снимков центров ещё нет" in read(house.olga)
