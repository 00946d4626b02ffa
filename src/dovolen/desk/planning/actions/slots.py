"""Slots of the calendar: nobody and no bay is in two places at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.core import changes, journal, words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.templatetags.words import when
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from dovolen.desk.planning.models import ABSENCE, BOOKING, WORK, Bay, Slot

RIGHT = "plan work"
LONGEST = {WORK: timedelta(hours=24), BOOKING: timedelta(hours=24), ABSENCE: timedelta(days=62)}


class NobodyNamed(Refusal):
    """A slot is somebody's time, or a bay's."""

    key = "planning.refused.nobody_named"


class EndsBefore(Refusal):
    """It ends before it begins."""

    key = "planning.refused.ends_before"


class TooLong(Refusal):
    """Surely a slip of the keyboard."""

    key = "planning.refused.too_long"


class NotHere(Refusal):
    """The technician, the bay or the order belongs to another centre."""

    key = "planning.refused.not_here"


class CentreClosed(Refusal):
    """No client is expected when nobody is there."""

    key = "planning.refused.centre_closed"


class Busy(Refusal):
    """The time is taken: whose it is, from when to when."""

    key = "planning.refused.busy"

    def __init__(self, *, name: str, since: datetime, until: datetime) -> None:
        self.since, self.until = since, until
        super().__init__(name=name)

    def __str__(self) -> str:
        is_one_day = timezone.localdate(self.since) == timezone.localdate(self.until)
        until = f"{timezone.localtime(self.until):%H:%M}" if is_one_day else when(self.until)
        return words.say(self.key, **self.values, since=when(self.since), until=until)


class Cancelled(Refusal):
    """Somebody cancelled it meanwhile."""

    key = "planning.refused.cancelled"


class NotYet(Refusal):
    """Only somebody who was expected arrives, and only once."""

    key = "planning.refused.not_expected"


@transaction.atomic
def book(  # noqa: PLR0913 – all that makes a slot
    *, centre: Centre, kind: str = WORK, technician: Staff | None = None, bay: Bay | None = None,
    order: RepairOrder | None = None, customer: Customer | None = None, title: str = "", starts_at: datetime,
    ends_at: datetime, by: Staff, now: datetime,
) -> Slot:  # fmt: skip
    """Take time of a technician, of a bay, or of both.

    Of several who take the same time at once one gets it.
    Raises: NotAllowed, NobodyNamed, EndsBefore, TooLong, NotHere, CentreClosed, Busy. Leaves: `slot.booked`.
    """
    require(by, RIGHT, centre)
    if order is not None and order.centre_id != centre.pk:
        raise NotHere(name=str(order))
    slot = Slot(
        centre=centre, kind=kind, technician=technician, bay=bay, order=order, customer=customer, title=title.strip(),
        starts_at=starts_at, ends_at=ends_at, made_at=now, made_by=by,
    )  # fmt: skip
    _claim(slot)
    slot.save(force_insert=True)
    journal.record("slot.booked", subject=slot, by=by, at=now, centre=centre, **_facts(slot))
    return slot


@transaction.atomic
def change_slot(*, slot: Slot, seen: int, by: Staff, now: datetime, **values: Any) -> None:
    """Move a slot, give it to somebody else, to another bay, name it anew.

    Raises: NotAllowed, Cancelled, Stale and what `book` refuses. Leaves: `slot.changed` with the fields.
    """
    require(by, RIGHT, slot.centre_id)
    if slot.cancelled_at is not None:
        raise Cancelled
    wanted = Slot(pk=slot.pk, centre=slot.centre, kind=slot.kind)
    for name in ("technician", "bay", "starts_at", "ends_at"):
        setattr(wanted, name, values.get(name, getattr(slot, name)))
    _claim(wanted)
    changed = changes.change(slot, seen=seen, **values)
    if changed:
        journal.record("slot.changed", subject=slot, by=by, at=now, centre=slot.centre, changed=changed, **_facts(slot))


@transaction.atomic
def cancel_slot(*, slot: Slot, by: Staff, now: datetime) -> None:
    """Free the time again. Raises: NotAllowed, Cancelled. Leaves: `slot.cancelled`."""
    require(by, RIGHT, slot.centre_id)
    _once(slot, {"cancelled_at": now}, Cancelled)
    journal.record("slot.cancelled", subject=slot, by=by, at=now, centre=slot.centre, slot_kind=slot.kind)


@transaction.atomic
def arrive(*, slot: Slot, by: Staff, now: datetime) -> None:
    """The client who was expected is here. Raises: NotAllowed, NotYet. Leaves: `slot.arrived`."""
    require(by, RIGHT, slot.centre_id)
    if slot.kind != BOOKING:
        raise NotYet
    _once(slot, {"arrived_at": now}, NotYet, arrived_at=None)
    journal.record("slot.arrived", subject=slot, by=by, at=now, centre=slot.centre, customer=slot.customer_id)


def _once(slot: Slot, written: Mapping[str, Any], refusal: type[Refusal], **still: Any) -> None:
    found = Slot.objects.filter(pk=slot.pk, cancelled_at=None, **still)
    if not found.update(version=F("version") + 1, **written):
        raise refusal
    for name, value in written.items():
        setattr(slot, name, value)


def _facts(slot: Slot) -> dict[str, Any]:
    return {
        "slot_kind": slot.kind, "technician": slot.technician_id, "bay": slot.bay_id, "order": slot.order_id,
        "customer": slot.customer_id, "starts_at": slot.starts_at, "ends_at": slot.ends_at,
    }  # fmt: skip


# ── One at a time ────────────────────────────────────────────────────────────────────────────────────────────────────


def _claim(slot: Slot) -> None:
    """Make sure that the time may be taken; nobody else takes time of the same person or bay meanwhile."""
    if slot.technician is None and slot.bay is None:
        raise NobodyNamed
    if slot.ends_at <= slot.starts_at:
        raise EndsBefore
    if slot.ends_at - slot.starts_at > LONGEST[slot.kind]:
        raise TooLong
    _check_here(slot)
    if slot.kind == BOOKING and not _is_open(slot):
        raise CentreClosed(hours=slot.centre.hours)
    _wait_for_turn(slot)
    _check_free(slot)


def _check_here(slot: Slot) -> None:
    if slot.bay is not None and (slot.bay.centre_id != slot.centre_id or not slot.bay.is_active):
        raise NotHere(name=slot.bay.name)
    person = slot.technician
    if person is not None and not Membership.objects.filter(staff=person, centre=slot.centre).exists():
        raise NotHere(name=person.name)


def _is_open(slot: Slot) -> bool:
    opening = Opening.of(slot.centre)
    length = (slot.ends_at - slot.starts_at) // timedelta(minutes=1)
    return opening.minutes_between(slot.starts_at, slot.ends_at) == length


def _wait_for_turn(slot: Slot) -> None:
    """On PostgreSQL the rows of the person and the bay are the lock; SQLite lets one writer in at a time anyway."""
    if slot.technician_id is not None:
        list(Staff.objects.select_for_update(no_key=True).filter(pk=slot.technician_id).values_list("pk"))
    if slot.bay_id is not None:
        list(Bay.objects.select_for_update(no_key=True).filter(pk=slot.bay_id).values_list("pk"))


def _check_free(slot: Slot) -> None:
    same = Q(pk=None)
    if slot.technician_id is not None:
        same |= Q(technician=slot.technician_id)
    if slot.bay_id is not None:
        same |= Q(bay=slot.bay_id)
    meets = Slot.objects.filter(same, starts_at__lt=slot.ends_at, ends_at__gt=slot.starts_at, cancelled_at=None)
    taken = meets.exclude(pk=slot.pk).select_related("technician", "bay").order_by("starts_at", "pk").first()
    if taken is None:
        return
    is_person = taken.technician_id is not None and taken.technician_id == slot.technician_id
    whose = taken.technician if is_person else taken.bay
    raise Busy(name=str(whose), since=taken.starts_at, until=taken.ends_at)
