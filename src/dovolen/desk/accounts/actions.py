"""What is done with accounts: each leaves an event in the journal."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.hashers import check_password, make_password
from django.db import IntegrityError, transaction

from dovolen.desk.accounts import codes
from dovolen.desk.accounts.guessing import ACCOUNT, ADDRESS, PASSWORD, TooManyGuesses, forget, take
from dovolen.desk.accounts.models import Centre, Invitation, Membership, Session, Staff, folded
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Mark

LINK_LIVES = timedelta(days=3)
LAST_DIRECTOR_LOCK = "accounts.directors"


class WrongPassword(Refusal):
    """Login and password do not belong together."""

    key = "accounts.refused.wrong_password"


class PasswordNotOurs(Refusal):
    """The password asked for again is wrong."""

    key = "accounts.refused.password_not_yours"


class LoginTaken(Refusal):
    """Somebody has this login."""

    key = "accounts.refused.login_taken"


class NameTaken(Refusal):
    """Another centre has this name."""

    key = "accounts.refused.centre_name_taken"


class AlreadyOpen(Refusal):
    """The house has its director."""

    key = "accounts.refused.already_open"


class LinkSpent(Refusal):
    """The link was used, replaced, or is too old."""

    key = "accounts.refused.link_spent"


class LastDirector(Refusal):
    """Somebody has to run the house."""

    key = "accounts.refused.last_director"


class NotYours(Refusal):
    """He works where the one who asks has no say."""

    key = "accounts.refused.not_yours"


class NotAllowed(Refusal):
    """He does not hold the right at this centre."""

    key = "accounts.refused.not_allowed"


def require(by: Staff, right: str, centre: Centre | int) -> None:
    """Go on only when he holds the right at this centre. Raises: NotAllowed."""
    if not by.may(right, centre):
        raise NotAllowed


# ── The house opens ──────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_house(*, centre: Mapping[str, str], login: str, name: str, password: str, now: datetime) -> Staff:
    """Make the centre and its director on an empty base. Raises: AlreadyOpen. Leaves: `centre.opened`."""
    _, first = Mark.objects.get_or_create(name="accounts.opened", defaults={"at": now})
    if not first or Staff.objects.exists():
        raise AlreadyOpen
    place = Centre.objects.create(**centre)
    director = Staff.objects.create(login=folded(login), name=name, password=make_password(password))
    Membership.objects.create(staff=director, centre=place, role=DIRECTOR)
    journal.record("centre.opened", subject=place, by=director, at=now, centre=place)
    return director


# ── Coming in and going out ──────────────────────────────────────────────────────────────────────────────────────────


def check_log_in(*, login: str, password: str, address: str | None, now: datetime) -> Staff:
    """Whose login and password these are.

    Raises: WrongPassword, TooManyGuesses. Leaves: `staff.refused` for a known login. A try is used up before the
    password is looked at, so tries in parallel are counted too; known and unknown logins take the same time.
    """
    found = Staff.objects.filter(login=folded(login), is_active=True).first()
    try:
        take(ADDRESS, address, now=now)
        take(ACCOUNT, folded(login), now=now)
    except TooManyGuesses:
        _note_refusal(found, "too many guesses", now)
        raise
    if not _is_right(found, password):
        _note_refusal(found, "password", now)
        raise WrongPassword
    assert found is not None
    forget(ACCOUNT, found.login)
    return found


def _is_right(staff: Staff | None, password: str) -> bool:
    if staff is None or not staff.has_usable_password():
        make_password(password)  # takes as long as a check would
        return False
    return staff.check_password(password)


@transaction.atomic
def _note_refusal(staff: Staff | None, reason: str, now: datetime) -> None:
    if staff is not None:
        journal.record("staff.refused", subject=staff, by=None, at=now, reason=reason)


@transaction.atomic
def note_signed_in(*, staff: Staff, how: str, now: datetime) -> None:
    """Leave `staff.signed_in`: by password, code, recovery code or passkey."""
    Staff.objects.filter(pk=staff.pk).update(last_login=now)
    journal.record("staff.signed_in", subject=staff, by=staff, at=now, how=how)


@transaction.atomic
def note_signed_out(*, staff: Staff, now: datetime) -> None:
    """Leave `staff.signed_out`."""
    journal.record("staff.signed_out", subject=staff, by=staff, at=now)


@transaction.atomic
def end_session(*, session: Session, by: Staff, now: datetime) -> None:
    """End a session of one's own elsewhere. Leaves: `staff.session_ended`."""
    if Session.objects.filter(pk=session.pk).delete()[0]:
        journal.record("staff.session_ended", subject=by, by=by, at=now, session=session.number)


@transaction.atomic
def end_other_sessions(*, keep: str, by: Staff, now: datetime) -> int:
    """End all one's sessions but the one with this digest; gives how many. Leaves: `staff.sessions_ended`."""
    ended, _ = Session.objects.filter(staff=by).exclude(pk=keep).delete()
    journal.record("staff.sessions_ended", subject=by, by=by, at=now, n=ended)
    return ended


# ── One's own account ────────────────────────────────────────────────────────────────────────────────────────────────


def confirm(*, staff: Staff, password: str, now: datetime) -> None:
    """Ask for the password again before keys are changed. Raises: PasswordNotOurs, TooManyGuesses."""
    take(PASSWORD, staff.pk, now=now)
    if not check_password(password, staff.password):
        raise PasswordNotOurs
    forget(PASSWORD, staff.pk)


@transaction.atomic
def change_password(*, staff: Staff, password: str, keep: str, now: datetime) -> None:
    """Set one's new password and end one's other sessions. Leaves: `staff.password_changed`."""
    staff.set_password(password)
    staff.save(update_fields=["password"])
    Session.objects.filter(staff=staff).exclude(pk=keep).delete()
    journal.record("staff.password_changed", subject=staff, by=staff, at=now)


@transaction.atomic
def set_preferences(*, staff: Staff, now: datetime, **chosen: Any) -> None:
    """Set one's name, language, theme, letter keys. Leaves: `staff.preferences_set` with what changed."""
    changed = sorted(name for name, value in chosen.items() if getattr(staff, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(staff, name, chosen[name])
    staff.save(update_fields=changed)
    journal.record("staff.preferences_set", subject=staff, by=staff, at=now, changed=changed)


# ── Staff, by who manages them ───────────────────────────────────────────────────────────────────────────────────────

Places = Iterable[tuple[int, str]]
"""Pairs of a centre's number and a role."""


@dataclass(frozen=True)
class Invited:
    """Somebody invited, and the secret of his link: told once, kept nowhere."""

    staff: Staff
    token: str


@transaction.atomic
def invite(*, login: str, name: str, places: Places, by: Staff, now: datetime) -> Invited:
    """Add somebody, with a link by which he sets his password.

    Raises: LoginTaken, NotYours. Leaves: `staff.invited`.
    """
    wanted = set(places)
    _check_say(by, {centre for centre, _ in wanted})
    try:
        with transaction.atomic():
            staff = Staff.objects.create(login=folded(login), name=name, password=make_password(None))
    except IntegrityError:
        raise LoginTaken(login=login) from None
    Membership.objects.bulk_create(
        Membership(staff=staff, centre_id=centre, role=role) for centre, role in sorted(wanted)
    )
    token = _new_link(staff, by, now)
    journal.record("staff.invited", subject=staff, by=by, at=now, places=sorted(map(list, wanted)))
    return Invited(staff, token)


@transaction.atomic
def renew_link(*, staff: Staff, by: Staff, now: datetime) -> Invited:
    """A new link for somebody: he sets his password anew; the earlier link stops working.

    Raises: NotYours. Leaves: `staff.link_made`.
    """
    _check_manages(by, staff)
    token = _new_link(staff, by, now)
    journal.record("staff.link_made", subject=staff, by=by, at=now)
    return Invited(staff, token)


def _new_link(staff: Staff, by: Staff, now: datetime) -> str:
    token = codes.new_token()
    made = {"token_digest": codes.token_digest(token), "made_at": now, "made_by": by, "expires_at": now + LINK_LIVES}
    Invitation.objects.update_or_create(staff=staff, defaults=made)
    return token


@transaction.atomic
def accept(*, invitation: Invitation, password: str, now: datetime) -> Staff:
    """Set the password by a link, which is spent by it; sessions made before end.

    Raises: LinkSpent. Leaves: `staff.joined`.
    """
    spent, _ = Invitation.objects.filter(
        pk=invitation.pk, token_digest=invitation.token_digest, expires_at__gt=now
    ).delete()
    staff = Staff.objects.filter(pk=invitation.staff_id, is_active=True).first()
    if not spent or staff is None:
        raise LinkSpent
    staff.set_password(password)
    staff.save(update_fields=["password"])
    Session.objects.filter(staff=staff).delete()
    forget(ACCOUNT, staff.login)
    journal.record("staff.joined", subject=staff, by=staff, at=now)
    return staff


@transaction.atomic
def set_places(*, staff: Staff, name: str, places: Places, by: Staff, now: datetime) -> None:
    """Set somebody's name and roles. Raises: NotYours, LastDirector. Leaves: `staff.renamed`, `staff.places_set`."""
    _check_manages(by, staff)
    wanted = set(places)
    _check_say(by, {centre for centre, _ in wanted})
    if staff.name != name:
        Staff.objects.filter(pk=staff.pk).update(name=name)
        journal.record("staff.renamed", subject=staff, by=by, at=now)
    held = set(staff.memberships.values_list("centre_id", "role"))
    if held == wanted:
        return
    _lock_directors(now)
    for centre, role in sorted(held - wanted):
        staff.memberships.filter(centre_id=centre, role=role).delete()
    Membership.objects.bulk_create(
        Membership(staff=staff, centre_id=centre, role=role) for centre, role in sorted(wanted - held)
    )
    _check_director_left()
    given, taken = sorted(map(list, wanted - held)), sorted(map(list, held - wanted))
    journal.record("staff.places_set", subject=staff, by=by, at=now, given=given, taken=taken)


@transaction.atomic
def switch(*, staff: Staff, on: bool, by: Staff, now: datetime) -> None:
    """Let somebody in again, or no more: his sessions end at once. Raises: NotYours, LastDirector."""
    _check_manages(by, staff)
    _lock_directors(now)
    if not Staff.objects.filter(pk=staff.pk, is_active=not on).update(is_active=on):
        return
    if not on:
        _check_director_left()
        Session.objects.filter(staff=staff).delete()
        Invitation.objects.filter(staff=staff).delete()
    journal.record("staff.switched_on" if on else "staff.switched_off", subject=staff, by=by, at=now)


def _check_manages(by: Staff, staff: Staff) -> None:
    if not Staff.objects.manageable_by(by).filter(pk=staff.pk).exists():
        raise NotYours


def _check_say(by: Staff, centres: set[int]) -> None:
    if not centres or not centres <= by.centre_ids("manage staff"):
        raise NotYours


def _lock_directors(now: datetime) -> None:
    """Two directors who switch each other off at one moment do it one after the other."""
    Mark.objects.update_or_create(name=LAST_DIRECTOR_LOCK, defaults={"at": now})


def _check_director_left() -> None:
    if not Membership.objects.filter(role=DIRECTOR, staff__is_active=True).exists():
        raise LastDirector


# ── Centres ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_centre(*, by: Staff, now: datetime, **facts: str) -> Centre:
    """Open another centre; who opens it is its director. Raises: NameTaken. Leaves: `centre.opened`."""
    try:
        with transaction.atomic():
            centre = Centre.objects.create(**facts)
    except IntegrityError:
        raise NameTaken(name=facts["name"]) from None
    Membership.objects.create(staff=by, centre=centre, role=DIRECTOR)
    journal.record("centre.opened", subject=centre, by=by, at=now, centre=centre)
    return centre


@transaction.atomic
def change_centre(*, centre: Centre, by: Staff, now: datetime, **facts: str) -> None:
    """Change what is told of a centre. Raises: NotYours, NameTaken. Leaves: `centre.changed` with what changed."""
    if not by.may("manage centres", centre):
        raise NotYours
    before = Centre.objects.values(*facts).get(pk=centre.pk)
    changed = sorted(name for name, value in facts.items() if before[name] != value)
    if not changed:
        return
    try:
        with transaction.atomic():
            Centre.objects.filter(pk=centre.pk).update(**facts)
    except IntegrityError:
        raise NameTaken(name=facts["name"]) from None
    journal.record("centre.changed", subject=centre, by=by, at=now, centre=centre, changed=changed)
