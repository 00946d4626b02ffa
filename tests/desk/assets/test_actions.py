"""What is done with assets: each action's row and event, each refusal with its reason."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets import actions, queries
from dovolen.desk.assets.models import Asset, CategoryField
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.models import Event
from dovolen.desk.people.models import Customer
from tests.desk import cast, make_assets
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=1)


@pytest.fixture
def house() -> House:
    return make_assets.crew("receptionist.north", "technician.south")


@pytest.fixture
def receptionist(house: House) -> Staff:
    return house.people["receptionist.north"]


def client(name: str = "Анна Кравцова") -> Customer:
    return Customer.objects.create(name=name, name_key=name.casefold(), created_at=NOON)


def latest(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("id")


def test_an_asset_is_entered_with_its_owner_and_seen_where_it_was_brought(house: House, receptionist: Staff) -> None:
    anna = client()

    made = actions.add_asset(
        category=make_assets.category("car"), owner=anna, brand="Kia", model="Rio", serial_number="z94 cb41-aber123456",
        plate="а123вс 77", centre=house.north, by=receptionist, now=NOON,
    )  # fmt: skip

    kept = Asset.objects.get()
    assert (kept.serial_key, kept.plate_key, kept.owner) == ("Z94CB41ABER123456", "A123BC77", anna)
    assert [(row.customer, row.since, row.until) for row in queries.asset_history(kept)] == [(anna, NOON, None)]
    assert list(Asset.objects.visible_to(receptionist)) == [kept]
    assert not Asset.objects.visible_to(house.people["technician.south"]).exists()
    event = latest("asset.added")
    assert (event.subject_id, event.centre_id, event.facts) == (
        made.pk,
        house.north.pk,
        {"category": "car", "owner": anna.pk},
    )


def test_an_asset_may_have_no_owner_and_no_number(house: House, receptionist: Staff) -> None:
    one = make_assets.asset(centre=house.north, serial_number="")
    two = make_assets.asset(centre=house.north, serial_number=" - ")

    assert (one.serial_key, two.serial_key) == ("", "")
    assert not queries.asset_history(one)


def test_one_serial_number_is_one_asset_of_its_category(house: House) -> None:
    first = make_assets.asset(centre=house.north, serial_number="С02-XK")

    with pytest.raises(actions.SerialTaken) as refused:
        make_assets.asset(centre=house.south, serial_number="c02xk")

    assert refused.value.asset == first
    assert str(first) in str(refused.value)
    assert make_assets.asset(centre=house.north, code="phone", serial_number="c02xk").pk


@pytest.mark.django_db(transaction=True)
@pytest.mark.base("postgres")
def test_of_two_who_enter_one_number_at_once_one_is_told_who_has_it(in_threads: Callable[..., list[Any]]) -> None:
    house = cast.opened()
    category, by = make_assets.category(), make_assets.head(house.north)
    told = {"category": category, "owner": None, "model": "X", "serial_number": "ONE", "centre": house.north}

    def enter() -> str:
        try:
            actions.add_asset(**told, by=by, now=NOON)
        except actions.SerialTaken:
            return "taken"
        return "made"

    assert sorted(in_threads(enter, enter)) == ["made", "taken"]
    assert Asset.objects.count() == 1


def test_who_may_not_change_assets_there_enters_none(house: House) -> None:
    with pytest.raises(NotAllowed):
        actions.add_asset(
            category=make_assets.category(), owner=None, model="X", centre=house.south,
            by=house.people["receptionist.north"], now=NOON,
        )  # fmt: skip
    with pytest.raises(NotAllowed):
        actions.change_asset(
            asset=make_assets.asset(centre=house.north),
            seen=1,
            by=house.people["technician.south"],
            now=NOON,
            model="Y",
        )


def test_what_is_told_of_an_asset_changes_with_the_keys_it_is_found_by(house: House, receptionist: Staff) -> None:
    asset = make_assets.asset(centre=house.north, serial_number="ONE")

    actions.change_asset(asset=asset, seen=1, by=receptionist, now=LATER, model="Zenbook", serial_number="two")

    assert queries.by_serial(None, "TWO").get() == asset
    assert not queries.by_serial(None, "ONE").exists()
    assert latest("asset.changed").facts == {"changed": ["model", "serial_key", "serial_number"]}


def test_nothing_changed_leaves_no_event(house: House, receptionist: Staff) -> None:
    asset = make_assets.asset(centre=house.north)

    actions.change_asset(asset=asset, seen=1, by=receptionist, now=LATER, model=asset.model)

    assert not Event.objects.filter(kind="asset.changed").exists()


def test_who_saves_from_an_old_page_sees_what_changed(house: House, receptionist: Staff) -> None:
    asset = make_assets.asset(centre=house.north)
    actions.change_asset(asset=asset, seen=1, by=receptionist, now=LATER, model="Zenbook")

    with pytest.raises(Stale) as refused:
        actions.change_asset(asset=asset, seen=1, by=receptionist, now=LATER, model="ROG")

    assert [(told.field, told.theirs, told.mine) for told in refused.value.differences] == [("model", "Zenbook", "ROG")]


def test_a_number_of_another_asset_is_not_given_to_a_second(house: House, receptionist: Staff) -> None:
    make_assets.asset(centre=house.north, serial_number="ONE")
    second = make_assets.asset(centre=house.north, serial_number="TWO")

    with pytest.raises(actions.SerialTaken):
        actions.change_asset(asset=second, seen=1, by=receptionist, now=LATER, serial_number="one")

    assert Asset.objects.get(pk=second.pk).serial_number == "TWO"


def test_own_fields_are_those_of_the_category(house: House, receptionist: Staff) -> None:
    asset = make_assets.asset(centre=house.north)
    ours = CategoryField.objects.create(category=asset.category, name="Диагональ")
    theirs = CategoryField.objects.create(category=make_assets.category("phone"), name="Память")

    actions.change_asset(asset=asset, seen=1, by=receptionist, now=LATER, fields={str(ours.pk): "15,6″"})
    with pytest.raises(actions.NotOfThisCategory):
        actions.change_asset(asset=asset, seen=2, by=receptionist, now=LATER, fields={str(theirs.pk): "128"})

    assert [(one.field.name, one.value) for one in queries.own_fields(asset)] == [("Диагональ", "15,6″")]


def test_an_asset_changes_hands_and_keeps_its_history(house: House, receptionist: Staff) -> None:
    anna, boris = client(), client("Борис Яшин")
    asset = make_assets.asset(owner=anna, centre=house.north)

    actions.change_owner(asset=asset, owner=boris, by=receptionist, now=LATER)

    told = [(row.customer, row.since, row.until) for row in queries.asset_history(asset)]
    assert told == [(boris, LATER, None), (anna, NOON, LATER)]
    assert list(queries.assets_of(boris.pk)) == [asset]
    assert latest("asset.owner_changed").facts == {"before": anna.pk, "after": boris.pk}


def test_the_owner_it_has_already_changes_nothing(house: House, receptionist: Staff) -> None:
    anna = client()
    asset = make_assets.asset(owner=anna, centre=house.north)

    actions.change_owner(asset=asset, owner=anna, by=receptionist, now=LATER)

    assert not Event.objects.filter(kind="asset.owner_changed").exists()


def test_of_two_new_owners_the_second_is_refused(house: House, receptionist: Staff) -> None:
    anna, boris = client(), client("Борис Яшин")
    asset = make_assets.asset(centre=house.north)
    same = Asset.objects.get(pk=asset.pk)
    actions.change_owner(asset=asset, owner=anna, by=receptionist, now=LATER)

    with pytest.raises(actions.OwnerChanged):
        actions.change_owner(asset=same, owner=boris, by=receptionist, now=LATER)

    assert Asset.objects.get().owner == anna


def test_an_asset_leaves_and_comes_back_each_once(house: House, receptionist: Staff) -> None:
    asset = make_assets.asset(centre=house.north)

    for _ in range(2):
        actions.mark_left(asset=asset, reason="sold", by=receptionist, now=LATER)
    assert Asset.objects.get().left_reason == "sold"
    for _ in range(2):
        actions.come_back(asset=asset, by=receptionist, now=LATER)

    assert Asset.objects.get().left_at is None
    kinds = (
        Event.objects.filter(kind__in=["asset.left", "asset.came_back"]).order_by("id").values_list("kind", flat=True)
    )
    assert list(kinds) == ["asset.left", "asset.came_back"]


def test_another_centre_sees_an_asset_from_when_it_had_it(house: House) -> None:
    asset = make_assets.asset(centre=house.north)
    theirs = house.people["technician.south"]

    for _ in range(2):
        actions.note_at(asset=asset, centre=house.south, now=LATER)

    assert list(Asset.objects.visible_to(theirs)) == [asset]


def test_a_plate_is_found_however_it_is_typed(house: House, receptionist: Staff) -> None:
    car = make_assets.asset(centre=house.north, code="car", plate="А 123 ВС 77")

    assert queries.by_plate("a123bc77rus").visible_to(receptionist).get() == car
    assert not queries.by_plate("").exists()
    assert not queries.by_serial(None, "-").exists()


def test_models_met_before_are_offered_the_most_frequent_first(house: House) -> None:
    for model in ("Rio", "Rio", "Rio X", "Sorento"):
        make_assets.asset(centre=house.north, code="car", brand="Kia", model=model, serial_number="")

    assert queries.known_models(make_assets.category("car"), "ri") == [("Kia", "Rio"), ("Kia", "Rio X")]
    assert queries.known_models(make_assets.category("car"), " ") == []
