"""What pages of accounts show."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from dovolen.desk.accounts import codes
from dovolen.desk.accounts.models import Centre, Invitation, Membership, Session, Staff


def is_house_empty() -> bool:
    """Whether nobody was made yet: the first-run page stands open."""
    return not Staff.objects.exists()


def invitation_of(token: str, *, now: datetime) -> Invitation | None:
    """The invitation of a link that still works."""
    return (
        Invitation.objects.select_related("staff")
        .filter(token_digest=codes.token_digest(token), expires_at__gt=now, staff__is_active=True)
        .first()
    )


def colleagues(staff: Staff) -> list[Staff]:
    """Everybody he may see, the active first, each with `shown_places`: his roles where the one who asks has a say."""
    people = list(Staff.objects.visible_to(staff).select_related("invitation").order_by("-is_active", "name", "pk"))
    held = Membership.objects.filter(staff__in=people, centre__in=staff.centre_ids("see staff"))
    by_person: dict[int, dict[Centre, list[str]]] = {}
    for place in held.select_related("centre").order_by("centre__name", "centre_id", "role"):
        by_person.setdefault(place.staff_id, {}).setdefault(place.centre, []).append(place.role)
    for person in people:
        person.shown_places = list(by_person.get(person.pk, {}).items())  # type: ignore[attr-defined]
    return people


def sessions_of(staff: Staff, *, now: datetime) -> list[Session]:
    """One's sessions that still hold, the latest used first."""
    return list(Session.objects.visible_to(staff).filter(expire_date__gt=now).order_by("-seen_at", "number"))


def centres_managed_by(staff: Staff, right: str = "manage staff") -> list[Centre]:
    """Centres where he has a right, by name."""
    return list(Centre.objects.filter(pk__in=staff.centre_ids(right)).order_by("name", "pk"))


def people_at(centres: Iterable[int], role: str | None = None) -> list[Staff]:
    """Who works at some centres, by name; of a role, where one is named."""
    held = Membership.objects.filter(centre__in=centres, **({"role": role} if role else {}))
    return list(Staff.objects.filter(pk__in=held.values("staff"), is_active=True).order_by("name", "pk"))
