"""Categories and assets for tests, made by real actions."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.assets import actions
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.people.models import Customer
from tests.desk import cast
from tests.desk.cast import House
from tests.desk.conftest import NOON

_serials = count(1)
LAPTOP = {"code": "laptop", "name": "Ноутбук", "uses_password": True}
PHONE = {"code": "phone", "name": "Телефон", "icon": "device-mobile", "identifier": "imei", "uses_password": True}
CAR = {"code": "car", "name": "Автомобиль", "icon": "car", "identifier": "vin", "uses_plate": True,
       "uses_odometer": True}  # fmt: skip


def crew(*logins: str) -> House:
    """A house of two centres with its director `olga` and those named by role and place, as `technician.south`."""
    house = cast.opened()
    for login in logins:
        role, place = login.split(".")
        centre = house.north if place == "north" else house.south
        house.people[login] = cast.joined(house, login=login, places=[(centre.pk, role)])
    return house


def category(code: str = "laptop") -> Category:
    """The category of this code: laptop, phone or car, with nothing hanging on it."""
    told: dict[str, Any] = next(kind for kind in (LAPTOP, PHONE, CAR) if kind["code"] == code)
    return Category.objects.get_or_create(code=code, defaults=told)[0]


def asset(
    *, owner: Customer | None = None, centre: Centre, code: str = "laptop", now: datetime = NOON, **facts: Any
) -> Asset:
    """An asset that its director entered at a centre: an ASUS with a serial number of its own, where not told else."""
    told = {"brand": "ASUS", "model": "VivoBook 15", "serial_number": f"SN{next(_serials):06}"} | facts
    return actions.add_asset(category=category(code), owner=owner, centre=centre, by=head(centre), now=now, **told)


def head(centre: Centre) -> Staff:
    """A director of the centre."""
    place = Membership.objects.filter(centre=centre, role=DIRECTOR).select_related("staff").order_by("pk").first()
    assert place is not None, "the centre has a director"
    return place.staff
