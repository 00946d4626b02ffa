"""A small named cast at two centres, each made by real actions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from dovolen.desk.accounts import actions, queries
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import DIRECTOR, ROLES
from tests.desk.conftest import NOON

PASSWORD = "Zelenaya-Lampa-7"
NORTH = {"name": "Север", "zone": "Europe/Moscow", "currency": "RUB", "address": "", "phone": "", "hours": ""}
SOUTH = NORTH | {"name": "Юг", "zone": "Asia/Yekaterinburg"}


@dataclass
class House:
    """Two centres; `olga` directs both, everybody else works at one: a person of each role in the north and south."""

    north: Centre
    south: Centre
    olga: Staff
    people: dict[str, Staff] = field(default_factory=dict)

    def __getitem__(self, login: str) -> Staff:
        return Staff.objects.get(login=login)


def fresh(staff: Staff) -> Staff:
    """The person as a new request knows him."""
    return Staff.objects.get(pk=staff.pk)


def opened(*, now: datetime = NOON) -> House:
    """The house with its director."""
    olga = actions.open_house(centre=NORTH, login="olga", name="Ольга Седова", password=PASSWORD, now=now)
    south = actions.open_centre(by=fresh(olga), now=now, **SOUTH)
    return House(Centre.objects.get(name="Север"), south, fresh(olga))


def full(*, now: datetime = NOON) -> House:
    """The house with everybody: logins are role and place, as `technician.south`."""
    house = opened(now=now)
    for place, centre in (("north", house.north), ("south", house.south)):
        for role in ROLES:
            login = f"{role}.{place}"
            house.people[login] = joined(house, login=login, places=[(centre.pk, role)], now=now)
    return house


def joined(house: House, *, login: str, places: list[tuple[int, str]], now: datetime = NOON) -> Staff:
    """Somebody who was invited and came."""
    invited = actions.invite(login=login, name=f"Некто {login}", places=places, by=house.olga, now=now)
    invitation = queries.invitation_of(invited.token, now=now)
    assert invitation is not None
    return fresh(actions.accept(invitation=invitation, password=PASSWORD, now=now))


__all__ = ["DIRECTOR", "PASSWORD", "House", "fresh", "full", "joined", "opened"]
