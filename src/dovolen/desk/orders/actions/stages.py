"""Where an order stands: its stage, who works on it, what it waits for."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed, require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import Category, StageNorm
from dovolen.desk.core import words
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import known, text
from dovolen.desk.money import queries as accounts
from dovolen.desk.orders.actions.rows import hold_open, note, require_one, write
from dovolen.desk.orders.models import (
    CLIENT,
    CLOSED,
    HOLD_REASONS,
    PART,
    READY,
    TOLD,
    TOLD_HOW,
    UNFINISHED,
    RepairOrder,
    Stage,
    StageEntry,
)  # fmt: skip
from dovolen.desk.orders.queries import ready_checklist, stage_name
from dovolen.desk.orders.queries.money import asked_for

WORKERS = ("repair", "take in")
"""Rights of which one is enough for what anybody at the bench or the desk does."""
HEARD = tuple(how for how in TOLD_HOW if how not in ("link", "not_yet"))
"""How staff and client speak; by link the client alone does."""


class MovedMeanwhile(Refusal):
    """Somebody was faster: the order stands elsewhere."""

    key = "orders.refused.moved_meanwhile"


class AlreadyThere(Refusal):
    """It stands in this stage."""

    key = "orders.refused.already_there"


class StageOff(Refusal):
    """The stage is switched off."""

    key = "orders.refused.stage_off"


class ClosedByHandOver(Refusal):
    """An order is closed by giving the asset back, not by a move."""

    key = "orders.refused.closed_by_hand_over"


class TellFirst(Refusal):
    """That the client was told is noted with how."""

    key = "orders.refused.tell_first"


class LinesWait(Refusal):
    """Lines wait for the client's word."""

    key = "orders.refused.lines_wait"


class NotChecked(Refusal):
    """The checklist before ready is not ticked off."""

    key = "orders.refused.not_checked"


class StageNotPaid(Refusal):
    """The stage is for what is paid."""

    key = "orders.refused.stage_not_paid"


class NotReady(Refusal):
    """It is not ready yet."""

    key = "orders.refused.not_ready"


class NotHeld(Refusal):
    """It waits for nothing."""

    key = "orders.refused.not_held"


class NotATechnician(Refusal):
    """He does not repair at this centre."""

    key = "orders.refused.not_a_technician"


@transaction.atomic
def move(
    *, order: RepairOrder, to: Stage, seen: Stage | None = None, by: Staff, now: datetime, force: bool = False
) -> None:
    """Move an order on, or back. `seen` is the stage that the page showed; without it, that of the given object.

    `force` passes over what a stage needs, by whoever holds "force stages". Back from ready, it has to be told anew.
    Raises: NotAllowed, Closed, MovedMeanwhile, AlreadyThere, StageOff, ClosedByHandOver, TellFirst, LinesWait,
    NotChecked, StageNotPaid.
    Leaves: `order.stage_moved`; `order.ready` when it is ready by it; `order.released` when a hold ends by it.
    """
    expected = seen.pk if seen else order.stage_id
    hold_open(order)
    if force:
        require(by, "force stages", order.centre)
    _check_mover(to, order, by)
    if order.stage_id != expected:
        raise MovedMeanwhile(stage=stage_name(order.stage))
    _check_stage(to, order)
    if not force:
        _check_needs(to, order)
    becomes_ready = to.phase == READY and order.ready_at is None
    enter(order, to, by, now, **_phase_facts(order, to, now))
    if order.hold_reason and to.phase not in (CLIENT, PART):
        _release(order, by, now)
    if becomes_ready:
        note("order.ready", order, by, now, stage=to, promised_at=order.promised_at)


def _check_mover(to: Stage, order: RepairOrder, by: Staff) -> None:
    if not may_move(by, to, order.centre_id):
        raise NotAllowed


def may_move(staff: Staff, to: Stage, centre: int) -> bool:
    """Whether he may move orders of this centre into a stage: who holds "force stages" always may."""
    if not to.movers:
        return any(staff.may(right, centre) for right in WORKERS)
    held = {place.role for place in staff.places if place.centre_id == centre}
    return bool(held & set(to.movers)) or staff.may("force stages", centre)


def _check_stage(to: Stage, order: RepairOrder) -> None:
    if to.phase == CLOSED:
        raise ClosedByHandOver
    if to.phase == TOLD:
        raise TellFirst
    if not to.is_active:
        raise StageOff(stage=stage_name(to))
    if to.pk == order.stage_id:
        raise AlreadyThere(stage=stage_name(to))


def _check_needs(to: Stage, order: RepairOrder) -> None:
    if to.needs_approval and order.n_waiting_lines:
        raise LinesWait(stage=stage_name(to), n=order.n_waiting_lines)
    if to.needs_checklist and not all(item["is_on"] for item in ready_checklist(order)):
        raise NotChecked(stage=stage_name(to))
    if to.needs_payment and (left := asked_for(order) - accounts.sums(order.number).paid) > 0:
        raise StageNotPaid(stage=stage_name(to), left=words.money(left, order.currency))


def _phase_facts(order: RepairOrder, to: Stage, now: datetime) -> dict[str, Any]:
    """Moments that a phase sets or takes back."""
    untold = {"notified_at": None, "notified_by": None, "notified_how": ""}
    if to.phase in UNFINISHED:
        return {"ready_at": None, **untold}
    return {"ready_at": order.ready_at or now, **untold}


def enter(order: RepairOrder, to: Stage, by: Staff | None, now: datetime, **values: Any) -> None:
    """Put an order that is held into a stage, on condition of the stage before. Leaves: `order.stage_moved`."""
    before, since = order.stage, order.stage_entered_at
    moved = RepairOrder.objects.filter(pk=order.pk, stage=before).update(
        stage=to, phase=to.phase, stage_entered_at=now, **values
    )
    if not moved:
        raise MovedMeanwhile(stage=stage_name(before))
    for name, value in {"stage": to, "phase": to.phase, "stage_entered_at": now, **values}.items():
        setattr(order, name, value)
    StageEntry.objects.filter(order=order, left_at=None).update(left_at=max(now, since))
    StageEntry.objects.create(
        order=order,
        stage=to,
        entered_at=now,
        by=by,
        technician=order.technician,
        norm_minutes=norm_of(to, order.category),
    )
    note("order.stage_moved", order, by, now, before=before, stage=to, phase=to.phase, minutes=_minutes(since, now))


def _minutes(since: datetime, now: datetime) -> int:
    return max(0, int((now - since).total_seconds() // 60))


def norm_of(stage: Stage, category: Category | None) -> int | None:
    """How long the stage may take for this category, in minutes."""
    own = StageNorm.objects.filter(category=category, stage=stage.code).values_list("norm_minutes", flat=True).first()
    return stage.norm_minutes if own is None else own


# ── Told ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def tell(*, order: RepairOrder, how: str, by: Staff, now: datetime) -> None:
    """Note that the client was told that it is ready: the first time counts, further ones leave their event.

    Raises: NotAllowed, Closed, NotReady, UnknownCode. Leaves: `order.told`.
    """
    require(by, "hand over", order.centre)
    hold_open(order)
    if order.phase not in (READY, TOLD):
        raise NotReady(number=order.number)
    known(how, HEARD)
    is_first = order.notified_at is None
    if is_first:
        _note_told(order, how, by, now)
    note("order.told", order, by, now, how=how, is_first=is_first)


@transaction.atomic
def tell_by_message(*, order: RepairOrder, how: str, now: datetime) -> None:
    """Note that a message told the client that it is ready, where nobody told him before.

    Raises: Closed, NotReady, UnknownCode. Leaves: `order.told`, the first time only.
    """
    hold_open(order)
    if order.phase not in (READY, TOLD):
        raise NotReady(number=order.number)
    known(how, HEARD)
    if order.notified_at is None:
        _note_told(order, how, None, now)
        note("order.told", order, None, now, how=how, is_first=True)


def _note_told(order: RepairOrder, how: str, by: Staff | None, now: datetime) -> None:
    """Into the stage of those that were told; where the house has none, it stays where it is."""
    told = {"notified_at": now, "notified_by": by, "notified_how": how}
    stage = Stage.objects.filter(phase=TOLD, is_active=True).first()
    if stage and order.phase == READY:
        enter(order, stage, by, now, **told)
    else:
        write(order, **told)


# ── Who works on it ──────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def assign(*, order: RepairOrder, technician: Staff | None, by: Staff, now: datetime) -> None:
    """Give an order to a technician, or to nobody. Who repairs may take one for himself.

    Raises: NotAllowed, Closed, NotATechnician. Leaves: `order.assigned` when it was somebody else's.
    """
    takes_himself = technician is not None and technician.pk == by.pk
    require_one(by, ("plan work", "repair") if takes_himself else ("plan work",), order.centre)
    hold_open(order)
    check_technician(technician, order.centre)
    before = order.technician_id
    if before == (technician.pk if technician else None):
        return
    write(order, technician=technician)
    StageEntry.objects.filter(order=order, left_at=None).update(technician=technician)
    note("order.assigned", order, by, now, technician=technician, before=before)


def check_technician(technician: Staff | None, centre: Centre) -> None:
    """Raises: NotATechnician unless he works and repairs at the centre; nobody is fine."""
    if technician is not None and not (technician.is_active and technician.may("repair", centre)):
        raise NotATechnician(name=technician.name)


# ── Waits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def hold(
    *, order: RepairOrder, reason: str, note: str = "", until: datetime | None = None, by: Staff, now: datetime
) -> None:
    """Say what an order waits for. A wait whose reason stays goes on since it began.

    Raises: NotAllowed, Closed, UnknownCode, TooLong. Leaves: `order.held`.
    """
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    known(reason, HOLD_REASONS)
    since = order.held_since if order.hold_reason == reason else now
    write(order, hold_reason=reason, hold_note=text(note, 200), held_since=since, held_until=until)
    _leave_held(order, by, now)


def _leave_held(order: RepairOrder, by: Staff, now: datetime) -> None:
    note("order.held", order, by, now, reason=order.hold_reason, until=order.held_until)


@transaction.atomic
def release(*, order: RepairOrder, by: Staff, now: datetime) -> None:
    """End the wait. Raises: NotAllowed, Closed, NotHeld. Leaves: `order.released`."""
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    if not order.hold_reason:
        raise NotHeld
    _release(order, by, now)


def _release(order: RepairOrder, by: Staff, now: datetime) -> None:
    reason, since = order.hold_reason, order.held_since
    write(order, hold_reason="", hold_note="", held_since=None, held_until=None)
    note("order.released", order, by, now, reason=reason, minutes=_minutes(since, now) if since else None)
