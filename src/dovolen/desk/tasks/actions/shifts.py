"""The shift log: a shift opens, people come and go, notes are written, it closes with a hand-over."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.tasks.actions.tasks import NotHere
from dovolen.desk.tasks.models import Shift, ShiftNote, ShiftPerson

RIGHT = "keep the shift log"


class ShiftOpen(Refusal):
    """One shift at a time is open at a centre."""

    key = "shift.refused.open"


class ShiftClosed(Refusal):
    """It was closed meanwhile."""

    key = "shift.refused.closed"


class AlreadyOn(Refusal):
    """He is on this shift."""

    key = "shift.refused.already_on"


class NotOn(Refusal):
    """He is not on this shift."""

    key = "shift.refused.not_on"


class NothingToNote(Refusal):
    """A note has words."""

    key = "shift.refused.nothing_to_note"


@transaction.atomic
def open_shift(*, centre: Centre, by: Staff, now: datetime) -> Shift:
    """Open the shift of a centre; who opens it is on it.

    Raises: NotAllowed, ShiftOpen. Leaves: `shift.opened`, `shift.joined`.
    """
    require(by, RIGHT, centre)
    try:
        with transaction.atomic():
            shift = Shift.objects.create(centre=centre, opened_at=now, opened_by=by)
    except IntegrityError:
        raise ShiftOpen from None
    journal.record("shift.opened", subject=shift, by=by, at=now, centre=centre)
    join(shift=shift, staff=by, by=by, now=now)
    return shift


@transaction.atomic
def join(*, shift: Shift, staff: Staff, by: Staff, now: datetime) -> None:
    """Put somebody of the centre on an open shift.

    Raises: NotAllowed, ShiftClosed, NotHere, AlreadyOn. Leaves: `shift.joined`.
    """
    _hold(shift, by)
    if not staff.memberships.filter(centre=shift.centre_id).exists():
        raise NotHere(name=staff.name)
    try:
        with transaction.atomic():
            ShiftPerson.objects.create(shift=shift, staff=staff, since=now)
    except IntegrityError:
        raise AlreadyOn(name=staff.name) from None
    journal.record("shift.joined", subject=shift, by=by, at=now, centre=shift.centre, staff=staff)


@transaction.atomic
def leave(*, shift: Shift, staff: Staff, by: Staff, now: datetime) -> None:
    """Somebody goes before the shift ends. Raises: NotAllowed, ShiftClosed, NotOn. Leaves: `shift.left`."""
    _hold(shift, by)
    if not ShiftPerson.objects.filter(shift=shift, staff=staff, until=None).update(until=now):
        raise NotOn(name=staff.name)
    journal.record("shift.left", subject=shift, by=by, at=now, centre=shift.centre, staff=staff)


@transaction.atomic
def write_log(*, shift: Shift, text: str, by: Staff, now: datetime) -> ShiftNote:
    """Write a line into the log. Raises: NotAllowed, ShiftClosed, NothingToNote. Leaves: `shift.noted`."""
    _hold(shift, by)
    if not text.strip():
        raise NothingToNote
    made = ShiftNote.objects.create(shift=shift, text=text.strip(), at=now, by=by)
    journal.record("shift.noted", subject=shift, by=by, at=now, centre=shift.centre, note=made)
    return made


@transaction.atomic
def close_shift(*, shift: Shift, handover: str, by: Staff, now: datetime) -> None:
    """Close the shift with what the next one has to know; everybody on it goes.

    Raises: NotAllowed, ShiftClosed. Leaves: `shift.closed` with how many were on it.
    """
    require(by, RIGHT, shift.centre_id)
    closed = {"closed_at": now, "closed_by": by, "handover": handover.strip()}
    if not Shift.objects.filter(pk=shift.pk, closed_at=None).update(**closed):
        raise ShiftClosed
    for name, value in closed.items():
        setattr(shift, name, value)
    n_people = ShiftPerson.objects.filter(shift=shift, until=None).update(until=now)
    journal.record("shift.closed", subject=shift, by=by, at=now, centre=shift.centre, n_people=n_people)


def _hold(shift: Shift, by: Staff) -> None:
    """Go on only on an open shift, which nobody closes until this transaction ends."""
    require(by, RIGHT, shift.centre_id)
    if not Shift.objects.select_for_update(no_key=True).filter(pk=shift.pk, closed_at=None).exists():
        raise ShiftClosed
