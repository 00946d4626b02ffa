"""The intake as the desk does it: client, device, consents and order come together, or nothing does."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.assets import actions as assets
from dovolen.desk.assets.models import Asset, AssetPlace, Ownership
from dovolen.desk.core.models import Event
from dovolen.desk.orders import actions, pictures
from dovolen.desk.orders.actions import KnownElsewhere, NewAsset, NewCompany, NewPerson
from dovolen.desk.orders.models import Line, Photo, RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Consent, Customer, CustomerPlace, Requisites
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(days=100)
NOBODY = NewPerson("Карпова Марина", "8 (997) 201-55-01")


def taken(by: Staff, **values: Any) -> RepairOrder:
    """A device taken in by somebody, where not told otherwise for a new client."""
    make.stage("accepted")
    given = {
        "centre": by.centre, "customer": NOBODY, "asset": None, "told": actions.Told("Не включается"),
        "promised_at": NOON + timedelta(days=2), "by": by, "now": NOON,
    }  # fmt: skip
    return actions.take_in(**given | values)


def kinds() -> list[str]:
    """What the journal tells, in its order."""
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def new_laptop(serial: str = "N4NRCV05H63417C") -> NewAsset:
    return NewAsset(make.category(), "TUF Gaming A15", brand="ASUS", serial_number=serial)


def test_a_known_client_with_a_known_device_makes_an_order_and_nothing_else(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    before = kinds()

    order = taken(director, customer=laptop.owner, asset=laptop)

    assert kinds()[len(before) :] == ["order.accepted"]
    assert (order.customer, order.asset, order.category) == (laptop.owner, laptop, laptop.category)
    assert (Customer.objects.count(), Asset.objects.count()) == (1, 1)


def test_a_new_client_with_a_new_device_is_entered_with_them_and_what_he_agreed_to(director: Staff) -> None:
    order = taken(director, asset=new_laptop(), consents=["processing", "service"])

    made = ["customer.added", "asset.added", "customer.consent_given", "customer.consent_given", "order.accepted"]
    assert kinds() == made
    assert [phone.number for phone in order.customer.phones.all()] == ["+79972015501"]
    assert order.asset is not None
    assert (str(order.asset), order.asset.owner) == ("ASUS TUF Gaming A15", order.customer)
    agreed = Consent.objects.order_by("id").values_list("purpose", "is_given", "proof")
    assert list(agreed) == [("processing", True, "in_person"), ("service", True, "in_person")]
    assert (order.customer.n_orders, order.customer.latest_order_at) == (0, None)
    order.customer.refresh_from_db()
    assert (order.customer.n_orders, order.customer.latest_order_at) == (1, NOON)


def test_nothing_is_agreed_to_unless_it_was_said(director: Staff) -> None:
    taken(director, asset=new_laptop())

    assert not Consent.objects.exists()


def test_a_company_is_entered_with_its_tax_number_and_who_came(director: Staff) -> None:
    order = taken(director, customer=NewCompany("ООО «Линия»", "+7 997 201-55-02", "Анна", "7707083893"))

    assert order.customer.kind == "company"
    assert Requisites.objects.get(customer=order.customer).tax_number == "7707083893"
    assert order.customer.phones.get().note == "Анна"


def test_a_client_of_another_centre_becomes_known_here_by_his_whole_number() -> None:
    house = cast.full()
    theirs = make.person(by=house["director.north"], phone="+7 997 201-55-03")
    here = house["receptionist.south"]

    order = taken(here, customer=KnownElsewhere(theirs, "+79972015503"), now=NOON)

    assert order.customer == theirs
    assert set(CustomerPlace.objects.filter(customer=theirs).values_list("centre", flat=True)) == {
        house.north.pk, house.south.pk,
    }  # fmt: skip
    assert kinds()[-2:] == ["customer.shared", "order.accepted"]


def test_a_client_of_another_centre_is_not_had_by_a_wrong_number() -> None:
    house = cast.full()
    theirs = make.person(by=house["director.north"], phone="+7 997 201-55-03")
    before = kinds()

    with pytest.raises(people.NotHisNumber):
        taken(house["receptionist.south"], customer=KnownElsewhere(theirs, "+79972015504"))

    assert kinds() == before
    assert not RepairOrder.objects.exists()


def test_a_device_of_another_owner_stays_his_unless_it_was_said(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    wife = make.person(by=director, name="Карпова Анна")

    order = taken(director, customer=wife, asset=laptop)

    assert (order.customer, order.asset) == (wife, laptop)
    assert Asset.objects.get().owner == laptop.owner
    assert "asset.owner_changed" not in kinds()


def test_a_device_goes_over_to_who_brought_it_when_that_was_said(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    buyer = make.person(by=director, name="Купил Борис")

    taken(director, customer=buyer, asset=laptop, becomes_owner=True)

    assert Asset.objects.get().owner == buyer
    assert Ownership.objects.get(until=None).customer == buyer
    assert kinds()[-2:] == ["asset.owner_changed", "order.accepted"]


def test_a_serial_number_that_the_house_knows_is_that_device_wherever_it_was() -> None:
    house = cast.full()
    theirs = make.asset(
        owner=make.person(by=house["director.north"]), centre=house.north, serial_number="n4nrcv 05h63417c"
    )

    order = taken(house["receptionist.south"], asset=new_laptop())

    assert order.asset == theirs
    assert Asset.objects.count() == 1
    assert AssetPlace.objects.filter(asset=theirs, centre=house.south).exists()
    assert Asset.objects.get().owner == theirs.owner


def test_a_car_without_a_number_of_its_own_is_known_by_its_plate(director: Staff) -> None:
    car = make.asset(
        owner=make.person(by=director), centre=director.centre, code="car", serial_number="", plate="А123ВС77"
    )

    order = taken(director, asset=NewAsset(make.category("car"), "Rio", plate="a 123 bc 77"))
    other = taken(director, customer=NewPerson("Другой"), asset=NewAsset(make.category("car"), "Rio"))

    assert order.asset == car
    assert other.asset != car


def test_a_device_that_was_said_to_be_gone_is_back(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    assets.mark_left(asset=laptop, reason="sold", by=director, now=NOON)

    taken(director, customer=laptop.owner, asset=laptop)

    assert Asset.objects.get().left_at is None
    assert kinds()[-2:] == ["asset.came_back", "order.accepted"]


def test_what_the_odometer_shows_is_told_of_the_order_and_of_the_car(director: Staff) -> None:
    car = make.asset(owner=make.person(by=director), centre=director.centre, code="car", odometer=10)

    order = taken(director, customer=car.owner, asset=car, told=actions.Told("Стук", odometer=120_500))

    assert (order.odometer, Asset.objects.get().odometer) == (120_500, 120_500)


def test_work_declined_before_goes_into_this_estimate_once(director: Staff) -> None:
    earlier = make.order(by=director, lines=make.price_list, asset=make.asset(
        owner=make.person(by=director), centre=director.centre
    ))  # fmt: skip
    lines = list(earlier.lines.all())
    actions.record_approval(
        order=earlier, approved=[lines[0].pk], declined={lines[1].pk: "дорого"}, who="Клиент", told_how="call",
        by=director, now=NOON,
    )  # fmt: skip

    order = taken(director, customer=earlier.customer, asset=earlier.asset, offered=[lines[1]], now=NOON)

    assert [line.name for line in order.lines.all()] == ["Матрица NE160QDM"]
    assert Line.objects.get(pk=lines[1].pk).offered_in == order
    with pytest.raises(actions.NotDeclined):
        taken(director, customer=earlier.customer, asset=earlier.asset, offered=[lines[1]], now=NOON)


def test_a_repair_that_is_done_again_points_at_the_first(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    first = make.order(by=director, at="picked_up", asset=laptop)
    again = make.order(by=director, at="picked_up", asset=laptop, rework_of=first)

    order = taken(director, customer=laptop.owner, asset=laptop, rework_of=again)

    assert order.rework_of == first


def test_photos_taken_at_the_desk_come_with_the_order(director: Staff) -> None:
    picture = pictures.drawn(make.photo())

    order = taken(director, photos=[(picture, "IMG_1.HEIC"), (picture, "IMG_2.JPG")])

    assert Photo.objects.filter(order=order).count() == 2
    assert kinds()[-3:] == ["order.accepted", "order.photo_added", "order.photo_added"]


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"promised_at": NOON - timedelta(hours=1)}, actions.PromiseInPast),
        ({"customer": NewPerson("  ", "")}, people.NoName),
        ({"customer": NewPerson("Карпова", "12")}, people.BadPhone),
        ({"customer": NewCompany("ООО «Линия»", tax_number="7707083894")}, people.BadRequisites),
        ({"lines": [actions.NewLine("labour", "", 1)]}, actions.NoText),
        ({"told": actions.Told("x", pay_type="free")}, actions.UnknownCode),
    ],
)
def test_what_is_refused_leaves_nothing_behind(director: Staff, values: dict[str, Any], refusal: type) -> None:
    make.stage("accepted")
    make.category()

    with pytest.raises(refusal):
        taken(director, **{"asset": new_laptop(), "consents": ["service"]} | values)

    assert kinds() == []
    assert not Customer.objects.exists()
    assert not Asset.objects.exists()
    assert not RepairOrder.objects.exists()


def test_only_who_takes_in_at_this_centre_takes_in() -> None:
    house = cast.full()
    both = make.staff("both", (house.north, "technician"), (house.south, DIRECTOR))

    for somebody in (house["technician.north"], house["receptionist.south"], both):
        with pytest.raises(NotAllowed):
            taken(somebody, centre=house.north)

    assert taken(both, centre=house.south).centre == house.south


def test_two_desks_enter_one_serial_number_and_it_is_one_device(house_of_two: House) -> None:
    first = taken(house_of_two["receptionist.north"], asset=new_laptop())
    second = taken(house_of_two["receptionist.north"], customer=NewPerson("Другой"), asset=new_laptop())

    assert first.asset == second.asset
    assert [first.number, second.number] == [1, 2]


@pytest.fixture
def house_of_two() -> House:
    return cast.full()
