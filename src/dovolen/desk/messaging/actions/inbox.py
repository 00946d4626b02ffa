"""Answers of clients: taken, tied to a client, answered in the same channel, done."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import NotAllowed, require
from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.rights import WHOSE
from dovolen.desk.core import changes, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.messaging.actions.outbox import write
from dovolen.desk.messaging.models import REFUSED, SMS, Incoming, Message
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import SERVICE, Customer, CustomerPlace

SEE, SEND = "see messages", "send messages"


class Taken(Refusal):
    """A colleague is at it."""

    key = "inbox.refused.taken"


class DoneAlready(Refusal):
    """Somebody met it meanwhile."""

    key = "inbox.refused.done_already"


class NotDone(Refusal):
    """It waits."""

    key = "inbox.refused.not_done"


class NoResult(Refusal):
    """Who is done says how it ended."""

    key = "inbox.refused.no_result"


class NobodysAnswer(Refusal):
    """Nobody knows from whom it is."""

    key = "inbox.refused.nobodys"


class NotHere(Refusal):
    """He does not see messages of this centre."""

    key = "inbox.refused.not_here"


def _require(by: Staff, right: str, incoming: Incoming) -> None:
    """Go on only where he holds the right; an answer that belongs to no centre is everybody's who holds it anywhere."""
    if incoming.centre_id is not None:
        require(by, right, incoming.centre_id)
    elif not by.may(right):
        raise NotAllowed


@transaction.atomic
def take_incoming(*, incoming: Incoming, by: Staff, now: datetime) -> None:
    """See to an answer oneself; of two who reach for it one gets it.

    Raises: NotAllowed, Taken, DoneAlready. Leaves: `incoming.given`.
    """
    _require(by, SEE, incoming)
    if not _written(incoming, {"assignee": by}, assignee=None, done_at=None):
        _refuse(incoming)
    _tell("given", incoming, by, now, assignee=by)


def _refuse(incoming: Incoming) -> None:
    """Say why it could not be taken. Raises: Taken, DoneAlready."""
    now_is = Incoming.objects.select_related("assignee").get(pk=incoming.pk)
    if now_is.done_at is not None:
        raise DoneAlready
    raise Taken(name=now_is.assignee.name if now_is.assignee else "")


@transaction.atomic
def give_incoming(*, incoming: Incoming, to: Staff | None, by: Staff, now: datetime) -> None:
    """Let a colleague see to it, or nobody in particular. Raises: NotAllowed, NotHere, DoneAlready.

    Leaves: `incoming.given`.
    """
    _require(by, SEE, incoming)
    if to is not None and not _sees(to, incoming):
        raise NotHere(name=to.name)
    if not _written(incoming, {"assignee": to}, done_at=None):
        raise DoneAlready
    _tell("given", incoming, by, now, assignee=to)


def _sees(staff: Staff, incoming: Incoming) -> bool:
    held = Membership.objects.filter(staff=staff, staff__is_active=True, role__in=WHOSE[SEE])
    return (held.filter(centre=incoming.centre_id) if incoming.centre_id else held).exists()


@transaction.atomic
def tie_incoming(
    *, incoming: Incoming, customer: Customer, seen: int, order_number: int | None = None, keeps_address: bool = True,
    by: Staff, now: datetime,
) -> None:  # fmt: skip
    """Say from whom an answer is; the number or address becomes one of his, where that is wished.

    Raises: NotAllowed, Stale. Leaves: `incoming.tied`.
    """
    _require(by, SEE, incoming)
    people.require(by, "see customers", customer)
    centre = incoming.centre or _centre_of(customer, by)
    changes.change(incoming, seen=seen, customer=customer, order_number=order_number, centre=centre)
    if keeps_address:
        add = people.add_phone if incoming.channel == SMS else people.add_email
        name = "number" if incoming.channel == SMS else "address"
        add(customer=customer, by=by, now=now, **{name: incoming.address})
    _tell("tied", incoming, by, now, customer=customer, order_number=order_number)


def _centre_of(customer: Customer, by: Staff) -> Centre:
    """Where he was seen last, of the centres whose messages this person sees."""
    places = CustomerPlace.objects.filter(customer=customer, centre__in=by.centre_ids(SEE)).select_related("centre")
    place = places.order_by("-since", "-pk").first()
    if place is None:
        raise NotAllowed
    return place.centre


@transaction.atomic
def answer(*, incoming: Incoming, text: str, subject: str = "", by: Staff, now: datetime) -> Message:
    """Write back by the channel it came by; who answers sees to it from then on, where nobody did.

    Raises: NotAllowed, NobodysAnswer, and what `write` refuses. Leaves: `incoming.answered`, or `incoming.held_back`
    where the gate did not let it go.
    """
    _require(by, SEND, incoming)
    if incoming.customer is None or incoming.centre is None:
        raise NobodysAnswer
    _written(incoming, {"assignee": by}, assignee=None)
    message = write(
        customer=incoming.customer, centre=incoming.centre, channel=incoming.channel, text=text, subject=subject,
        order_number=incoming.order_number, purpose=SERVICE, address=incoming.address, by=by, now=now,
    )  # fmt: skip
    what = "held_back" if message.state == REFUSED else "answered"
    _tell(what, incoming, by, now, message=message, order_number=incoming.order_number)
    return message


@transaction.atomic
def finish_incoming(*, incoming: Incoming, result: str, by: Staff, now: datetime) -> None:
    """Say how an answer was met; of two who do one is the first.

    Raises: NotAllowed, NoResult, DoneAlready. Leaves: `incoming.done`.
    """
    _require(by, SEE, incoming)
    if not result.strip():
        raise NoResult
    if not _written(incoming, {"done_at": now, "done_by": by, "result": result.strip()}, done_at=None):
        raise DoneAlready
    _tell("done", incoming, by, now)


@transaction.atomic
def reopen_incoming(*, incoming: Incoming, by: Staff, now: datetime) -> None:
    """It is not done after all. Raises: NotAllowed, NotDone. Leaves: `incoming.reopened`."""
    _require(by, SEE, incoming)
    if not _written(incoming, {"done_at": None, "done_by": None}, done_at__isnull=False):
        raise NotDone
    _tell("reopened", incoming, by, now)


def _written(incoming: Incoming, values: dict[str, Any], **still: Any) -> bool:
    """Write where it still stands as it is thought to; the condition is the lock."""
    if not Incoming.objects.filter(pk=incoming.pk, **still).update(version=F("version") + 1, **values):
        return False
    for name, value in values.items():
        setattr(incoming, name, value)
    incoming.version += 1
    return True


def _tell(what: str, incoming: Incoming, by: Staff, now: datetime, **facts: Any) -> None:
    journal.record(f"incoming.{what}", subject=incoming, by=by, at=now, centre=incoming.centre, **facts)
