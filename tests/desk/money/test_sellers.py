"""In whose name is sold: requisites by their control digits, rates by regime and day."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.test import Client

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.changes import Stale
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.people.actions import BadRequisites
from tests.desk import cast, make_ledger
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATE_2025 = datetime(2025, 12, 31, 12, tzinfo=UTC)


@pytest.fixture
def house() -> House:
    return cast.full()


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    return client


def test_a_centre_sells_in_the_name_that_was_set_last(house: House) -> None:
    first = make_ledger.entity(by=house.olga, centres=(house.north, house.south))
    second = make_ledger.entity(by=house.olga, centres=(house.south,), name="Второй", account="", corr_account="")

    assert queries.seller_of(house.north) == first
    assert queries.seller_of(house.south) == second


@pytest.mark.parametrize(
    ("field", "value", "problem"),
    [
        ("tax_number", "7600000004", "digits"), ("ogrn", "1247600000008", "digits"), ("kpp", "12", "digits"),
        ("account", "40702810400000000017", "bank"), ("corr_account", "30101810100000000998", "bank"),
        ("bik", "", "no_bik"),
    ],
)  # fmt: skip
def test_requisites_are_judged_by_their_control_digits(house: House, field: str, value: str, problem: str) -> None:
    with pytest.raises(BadRequisites) as refused:
        make_ledger.entity(by=house.olga, **{field: value})

    assert problem in refused.value.problems.values()


@pytest.mark.parametrize(
    ("regime", "code", "at", "is_sound"),
    [
        ("osn", "22", NOON, True), ("osn", "20", NOON, False), ("osn", "20", LATE_2025, True),
        ("osn", "22", LATE_2025, False), ("usn", "none", NOON, True), ("usn", "5", NOON, False),
        ("usn_7", "7", NOON, True), ("npd", "22", NOON, False),
    ],
)  # fmt: skip
def test_a_rate_is_one_that_the_regime_may_write_on_that_day(
    house: House, regime: str, code: str, at: datetime, is_sound: bool
) -> None:
    if is_sound:
        assert make_ledger.entity(by=house.olga, regime=regime, tax_code=code, now=at).tax_code == code
    else:
        with pytest.raises(actions.NotOfRegime):
            make_ledger.entity(by=house.olga, regime=regime, tax_code=code, now=at)


def test_a_name_is_taken_once_and_late_changes_are_told(house: House) -> None:
    entity = make_ledger.entity(by=house.olga)
    with pytest.raises(actions.EntityTaken):
        make_ledger.entity(by=house.olga)
    told = make_ledger.ENTITY | {"phone": "+7 997 200-00-09"}
    actions.change_entity(entity=entity, seen=1, by=house.olga, now=NOON, **told)

    with pytest.raises(Stale):
        actions.change_entity(entity=entity, seen=1, by=house.olga, now=NOON, **make_ledger.ENTITY)


def test_who_sells_is_not_switched_off_and_who_is_off_does_not_sell(house: House) -> None:
    entity = make_ledger.entity(by=house.olga, centres=(house.north,))
    idle = make_ledger.entity(by=house.olga, centres=(), name="Второй")

    with pytest.raises(actions.EntitySells):
        actions.switch_entity(entity=entity, on=False, by=house.olga, now=NOON)
    actions.switch_entity(entity=idle, on=False, by=house.olga, now=NOON)
    with pytest.raises(actions.EntityOff):
        actions.set_seller(centre=house.north, entity=idle, by=house.olga, now=NOON)


def test_who_changes_a_seller_has_a_say_wherever_it_sells(house: House) -> None:
    entity = make_ledger.entity(by=house.olga, centres=(house.north, house.south))
    accountant = house["accountant.north"]

    with pytest.raises(NotAllowed):
        actions.change_entity(entity=entity, seen=1, by=accountant, now=NOON, **make_ledger.ENTITY)
    with pytest.raises(NotAllowed):
        actions.switch_entity(entity=entity, on=False, by=accountant, now=NOON)
    with pytest.raises(NotAllowed):
        actions.set_seller(centre=house.south, entity=entity, by=accountant, now=NOON)
    with pytest.raises(NotAllowed):
        make_ledger.entity(by=house["manager.north"], name="Чужой", centres=())


def test_pages_add_change_and_choose_a_seller(house: House) -> None:
    client = signed_in(house.olga)

    wrong = client.post("/money/sellers/new/", make_ledger.ENTITY | {"tax_number": "7600000004"}).content.decode()
    assert "ИНН" in wrong
    assert not LegalEntity.objects.exists()
    assert client.post("/money/sellers/new/", make_ledger.ENTITY).status_code == 302
    entity = LegalEntity.objects.get()
    client.post(f"/money/centres/{house.north.pk}/seller/", {"entity": entity.pk})
    assert queries.seller_of(house.north) == entity
    page = client.get("/money/sellers/").content.decode()
    assert "НК РФ ст. 164" in page
    told = make_ledger.ENTITY | {"version": 1, "phone": "+7 997 200-00-09", "initial-phone": ""}
    assert client.post(f"/money/sellers/{entity.pk}/", told).status_code == 302
    entity.refresh_from_db()
    assert (entity.phone, entity.version) == ("+7 997 200-00-09", 2)
    client.post(f"/money/sellers/{entity.pk}/active/", {"on": "0"})
    entity.refresh_from_db()
    assert entity.is_active
