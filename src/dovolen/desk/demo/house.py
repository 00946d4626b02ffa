"""The house of the demo: two places and who works there, made by the same actions as a real one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dovolen.desk.accounts import actions, queries
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import DIRECTOR, MANAGER, RECEPTIONIST, TECHNICIAN
from dovolen.desk.assets import actions as assets
from dovolen.desk.demo.told import PASSWORD, told
from dovolen.desk.orders import standard as stages
from dovolen.desk.people import standard as consents


@dataclass(frozen=True)
class House:
    """The places, and everybody by login."""

    centres: list[Centre]
    staff: dict[str, Staff]

    def of(self, role: str, centre: Centre) -> list[Staff]:
        """Who holds a role at a place, in the order of the file."""
        held = [person for person in told()["staff"] if person["role"] == role]
        return [self.staff[person["login"]] for person in held if self.centres.index(centre) in person["places"]]

    @property
    def director(self) -> Staff:
        """Who runs it."""
        return next(self.staff[person["login"]] for person in told()["staff"] if person["role"] == DIRECTOR)

    def receptionist(self, centre: Centre) -> Staff:
        """Who takes in at a place."""
        return self.of(RECEPTIONIST, centre)[0]

    def technicians(self, centre: Centre) -> list[Staff]:
        """Who repairs at a place."""
        return self.of(TECHNICIAN, centre)

    def manager(self, centre: Centre) -> Staff:
        """Who manages a place."""
        return self.of(MANAGER, centre)[0]


def open_house(*, now: datetime) -> House:
    """Open both places, bring everybody in, load the ready set of the trade."""
    first, *others = (_facts(place) for place in told()["centres"])
    head, *rest = sorted(told()["staff"], key=lambda person: person["role"] != DIRECTOR)
    actions.open_house(centre=first, login=head["login"], name=head["name"], password=PASSWORD, now=now)
    for facts in others:
        actions.open_centre(by=_fresh(head["login"]), now=now, **facts)
    by_name = {centre.name: centre for centre in Centre.objects.all()}
    centres = [by_name[place["name"]] for place in told()["centres"]]
    for person in rest:
        places = [(centres[place].pk, person["role"]) for place in person["places"]]
        invited = actions.invite(
            login=person["login"], name=person["name"], places=places, by=_fresh(head["login"]), now=now
        )
        invitation = queries.invitation_of(invited.token, now=now)
        assert invitation
        actions.accept(invitation=invitation, password=PASSWORD, now=now)
    consents.ensure(now)
    stages.ensure(now)
    assets.load_set(name=told()["set"], lang="ru", by=_fresh(head["login"]), now=now)
    return House(centres, {person["login"]: _fresh(person["login"]) for person in told()["staff"]})


def _facts(place: dict[str, Any]) -> dict[str, str]:
    return {name: place[name] for name in ("name", "zone", "currency", "address", "phone", "hours")}


def _fresh(login: str) -> Staff:
    """Somebody as a new request knows him."""
    return Staff.objects.get(login=login)
