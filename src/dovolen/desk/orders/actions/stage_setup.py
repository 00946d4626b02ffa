"""The way of orders as the house has it: its stages, their order, norms, who may move an order into them.

Nothing that an order stands in, or stood in, vanishes: a stage in use stays on, one that was used is switched off but
kept. The phase of a stage never changes: orders that stand in it have it too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.actions import ChangedMeanwhile, swap
from dovolen.desk.assets.codes import code_of
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders.models import CLIENT, CLOSED, PART, READY, WORK, RepairOrder, Stage, StageEntry
from dovolen.desk.orders.queries import stage_name
from dovolen.desk.orders.queries.setup import face_of_stage, rank
from dovolen.desk.orders.standard import CODES

RIGHT = "set up orders"
OWN_PHASES = (WORK, CLIENT, PART, READY)
"""What a stage of one's own may mean: told and handed over have actions of their own."""
NEEDED = (WORK, READY, CLOSED)
"""Phases without which no order comes to its end."""


class StageNameTaken(Refusal):
    """Another stage has this name."""

    key = "setup.refused.stage_name_taken"


class StageInUse(Refusal):
    """Orders stand in it."""

    key = "setup.refused.stage_in_use"


class StageNeeded(Refusal):
    """The last stage of a phase that every order passes."""

    key = "setup.refused.stage_needed"


class StageKept(Refusal):
    """A standard stage, or one that orders went through: it is switched off, not removed."""

    key = "setup.refused.stage_kept"


@transaction.atomic
def add_stage(*, name: str, phase: str, by: Staff, now: datetime, **told: Any) -> Stage:
    """A stage of one's own, behind the others of its rank.

    Raises: NotAllowed, StageNameTaken. Leaves: `stage.added`.
    """
    stages = _locked(by)
    if phase not in OWN_PHASES:
        raise ValueError(f"no stage of one's own is {phase}")
    _check_name(name, stages)
    stage = Stage(code=code_of(name, {one.code for one in stages}), name=name, phase=phase, **told)
    place = sum(rank(one.phase) <= rank(phase) for one in stages)
    stage.save(force_insert=True)
    _number([*stages[:place], stage, *stages[place:]])
    journal.record("stage.added", subject=stage, by=by, at=now, code=stage.code, phase=phase)
    return stage


@transaction.atomic
def change_stage(*, stage: Stage, seen: str, by: Staff, now: datetime, **told: Any) -> None:
    """Change its name, norm, movers and needs. Raises: NotAllowed, StageNameTaken, ChangedMeanwhile.

    Leaves: `stage.changed` with the names of what changed.
    """
    stages = _locked(by)
    kept = next(one for one in stages if one.pk == stage.pk)
    if (face := face_of_stage(kept)) != seen:
        raise ChangedMeanwhile(face)
    _check_name(told.get("name", ""), [one for one in stages if one.pk != kept.pk])
    changed = sorted(name for name, value in told.items() if getattr(kept, name) != value)
    if not changed:
        return
    Stage.objects.filter(pk=kept.pk).update(**{name: told[name] for name in changed})
    journal.record("stage.changed", subject=kept, by=by, at=now, code=kept.code, changed=changed)


@transaction.atomic
def move_stage(*, stage: Stage, later: bool, by: Staff, now: datetime) -> bool:
    """Let it change places with its neighbour of the same rank; says whether it had one. Leaves: `stage.placed`."""
    stages = _locked(by)
    kept = next(one for one in stages if one.pk == stage.pk)
    peers = [one for one in stages if rank(one.phase) == rank(kept.phase)]
    if not swap(peers, kept.pk, later=later):
        return False
    at = stages.index(min(peers, key=stages.index))
    _number([*stages[:at], *peers, *(one for one in stages[at:] if one not in peers)])
    journal.record("stage.placed", subject=kept, by=by, at=now, code=kept.code, later=later)
    return True


@transaction.atomic
def switch_stage(*, stage: Stage, on: bool, by: Staff, now: datetime) -> None:
    """Let orders into it no more, or again. Raises: NotAllowed, StageInUse, StageNeeded.

    Leaves: `stage.switched_on`, `stage.switched_off`.
    """
    stages = _locked(by)
    kept = next(one for one in stages if one.pk == stage.pk)
    if kept.is_active == on:
        return
    if not on:
        _check_may_go(kept, stages)
    Stage.objects.filter(pk=kept.pk).update(is_active=on)
    journal.record("stage.switched_on" if on else "stage.switched_off", subject=kept, by=by, at=now, code=kept.code)


@transaction.atomic
def remove_stage(*, stage: Stage, by: Staff, now: datetime) -> None:
    """Take away a stage of one's own that no order ever stood in. Raises: NotAllowed, StageKept.

    Leaves: `stage.removed`.
    """
    stages = _locked(by)
    kept = next((one for one in stages if one.pk == stage.pk), None)
    if kept is None:
        return
    was_used = StageEntry.objects.filter(stage=kept).exists() or RepairOrder.objects.filter(stage=kept).exists()
    if kept.code in CODES or was_used:
        raise StageKept(stage=stage_name(kept))
    journal.record("stage.removed", subject=kept, by=by, at=now, code=kept.code)
    kept.delete()


def _locked(by: Staff) -> list[Stage]:
    """All stages in their order; who else sets them up waits."""
    if not by.may(RIGHT):
        raise NotAllowed
    return list(Stage.objects.select_for_update().order_by("position", "pk"))


def _check_name(name: str, others: list[Stage]) -> None:
    if name and any(stage_name(one).casefold() == name.casefold() for one in others):
        raise StageNameTaken(name=name)


def _check_may_go(stage: Stage, stages: list[Stage]) -> None:
    n = RepairOrder.objects.open().filter(stage=stage).count()
    if n:
        raise StageInUse(stage=stage_name(stage), n=n)
    others = [one for one in stages if one.phase == stage.phase and one.is_active and one.pk != stage.pk]
    if stage.phase in NEEDED and not others:
        raise StageNeeded(stage=stage_name(stage))


def _number(stages: list[Stage]) -> None:
    for place, stage in enumerate(stages, 1):
        stage.position = 10 * place
    Stage.objects.bulk_update(stages, ["position"])
