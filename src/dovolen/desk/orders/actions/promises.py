"""What the client is promised, and when the promise moves."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import known, text
from dovolen.desk.orders.actions.rows import hold_open, note, write
from dovolen.desk.orders.models import READY, REPROMISE_REASONS, TOLD, TOLD_HOW, Promise, RepairOrder

FARTHEST = timedelta(days=3 * 366)


class PromiseInPast(Refusal):
    """Nobody can promise what is over."""

    key = "orders.refused.promise_in_past"


class PromiseTooFar(Refusal):
    """Years ahead: surely a slip of the keyboard."""

    key = "orders.refused.promise_too_far"


class SamePromise(Refusal):
    """That is what is promised already."""

    key = "orders.refused.same_promise"


class ReadyAlready(Refusal):
    """It is ready: there is nothing to promise."""

    key = "orders.refused.ready_already"


@transaction.atomic
def promise(
    *, order: RepairOrder, promised_at: datetime, reason: str = "", told_how: str = "", note: str = "",
    by: Staff, now: datetime,
) -> Promise:  # fmt: skip
    """Give the client a new date. One given after the one before was broken says so for ever.

    Raises: NotAllowed, Closed, ReadyAlready, PromiseInPast, PromiseTooFar, SamePromise, UnknownCode, TooLong.
    Leaves: `order.promised` with the date before.
    """
    require(by, "promise", order.centre)
    hold_open(order)
    if order.phase in (READY, TOLD):
        raise ReadyAlready
    check_promise(promised_at, now)
    before = order.promised_at
    if before == promised_at:
        raise SamePromise
    made = Promise.objects.create(
        order=order, at=now, promised_at=promised_at, by=by, reason=known(reason, ("", *REPROMISE_REASONS)),
        told_how=known(told_how, ("", *TOLD_HOW)), note=text(note, 200), is_after_break=_is_broken(before, now),
    )  # fmt: skip
    write(order, promised_at=promised_at, first_promised_at=order.first_promised_at or promised_at)
    _leave(order, made, before)
    return made


def _leave(order: RepairOrder, made: Promise, before: datetime | None) -> None:
    note(
        "order.promised", order, made.by, made.at, promise=made, promised_at=made.promised_at, before=before,
        reason=made.reason, told_how=made.told_how, is_after_break=made.is_after_break,
    )  # fmt: skip


def check_promise(promised_at: datetime, now: datetime) -> None:
    """Raises: PromiseInPast, PromiseTooFar."""
    if promised_at <= now:
        raise PromiseInPast
    if promised_at > now + FARTHEST:
        raise PromiseTooFar


def _is_broken(before: datetime | None, now: datetime) -> bool:
    """Whether the promise before had run out when the new one was given; the order is not ready, or none is given."""
    return before is not None and now > before
