"""The drawer of a centre: opened with a count, closed with a count, and all that went in and out between."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.numbers import next_number
from dovolen.desk.core.values import MOST_MONEY, known, said, text, whole
from dovolen.desk.money.models import PUT_IN, TAKEN_OUT, CashMove, CashShift
from dovolen.desk.money.queries import drawer_of

RIGHT = "keep cash"


class NoOpenShift(Refusal):
    """Cash is taken and given while a shift is open."""

    key = "money.refused.no_open_shift"


class ShiftOpen(Refusal):
    """A centre has one drawer."""

    key = "money.refused.shift_open"


class ShiftClosed(Refusal):
    """It was counted and closed."""

    key = "money.refused.shift_closed"


class NotInDrawer(Refusal):
    """There is not so much in the drawer."""

    key = "money.refused.not_in_drawer"


class DifferenceUnsaid(Refusal):
    """A difference is explained by whoever counted."""

    key = "money.refused.difference_unsaid"


@transaction.atomic
def open_shift(*, centre: Centre, opening: int, by: Staff, now: datetime) -> CashShift:
    """Open the drawer with what was counted in it. Raises: NotAllowed, ShiftOpen, OutOfRange. Leaves: `cash.opened`."""
    require(by, RIGHT, centre)
    whole(opening, MOST_MONEY)
    number = next_number("cash_shift", centre, 0)  # whoever opens at the same time waits here
    if CashShift.objects.filter(centre=centre, closed_at=None).exists():
        raise ShiftOpen
    shift = CashShift.objects.create(
        centre=centre, number=number, currency=centre.currency, opened_at=now, opened_by=by, opening=opening
    )
    _note("cash.opened", shift, by, now, number=number, opening=opening)
    return shift


@transaction.atomic
def move_cash(*, shift: CashShift, kind: str, amount: int, reason: str, by: Staff, now: datetime) -> CashMove:
    """Put money into the drawer or take it out, other than by clients.

    Raises: NotAllowed, ShiftClosed, NotInDrawer, NoText without a reason, UnknownCode, OutOfRange, TooLong.
    Leaves: `cash.moved`.
    """
    require(by, RIGHT, shift.centre)
    known(kind, (PUT_IN, TAKEN_OUT))
    whole(amount, MOST_MONEY, 1)
    why = said(reason, 200)
    _hold(shift)
    if kind == TAKEN_OUT:
        check_drawer(shift, amount)
    made = CashMove.objects.create(shift=shift, kind=kind, amount=amount, reason=why, at=now, by=by)
    _note("cash.moved", shift, by, now, move=made, way=kind, amount=amount)
    return made


@transaction.atomic
def close_shift(*, shift: CashShift, counted: int, note: str = "", by: Staff, now: datetime) -> CashShift:
    """Close the drawer with what was counted in it; a difference to what should be there is explained.

    Raises: NotAllowed, ShiftClosed, DifferenceUnsaid, OutOfRange, TooLong. Leaves: `cash.closed`.
    """
    require(by, RIGHT, shift.centre)
    whole(counted, MOST_MONEY)
    told = text(note, 300)
    _hold(shift)
    expected = drawer_of(shift)
    if counted != expected and not told:
        difference = words.money(counted - expected, shift.currency)
        raise DifferenceUnsaid(difference=difference, expected=words.money(expected, shift.currency))
    closed = {"closed_at": now, "closed_by": by, "expected": expected, "counted": counted, "note": told}
    CashShift.objects.filter(pk=shift.pk, closed_at=None).update(**closed)
    for name, value in closed.items():
        setattr(shift, name, value)
    _note("cash.closed", shift, by, now, expected=expected, counted=counted, difference=counted - expected)
    return shift


# ── The drawer, held ─────────────────────────────────────────────────────────────────────────────────────────────────


def held_open(centre: Centre, currency: str) -> CashShift:
    """The open shift of a centre, locked: nobody closes it before this transaction ends. Raises: NoOpenShift."""
    found = CashShift.objects.select_for_update(no_key=True).filter(centre=centre, currency=currency, closed_at=None)
    shift = found.first()
    if shift is None:
        raise NoOpenShift(centre=centre.name)
    return shift


def check_drawer(shift: CashShift, amount: int) -> None:
    """Whether a drawer that is held has this much. Raises: NotInDrawer."""
    held = drawer_of(shift)
    if amount > held:
        raise NotInDrawer(held=words.money(held, shift.currency))


def _hold(shift: CashShift) -> None:
    shift.refresh_from_db(from_queryset=CashShift.objects.select_for_update(no_key=True))
    if shift.closed_at:
        raise ShiftClosed(number=shift.number)


def _note(kind: str, shift: CashShift, by: Staff, now: datetime, **facts: Any) -> None:
    journal.record(kind, subject=shift, by=by, at=now, centre=shift.centre, currency=shift.currency, **facts)
