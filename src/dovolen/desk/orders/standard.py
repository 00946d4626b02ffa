"""Stages that every house begins with. They may be renamed, moved and switched off, but stay."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from dovolen.desk.orders.models import CLIENT, CLOSED, PART, READY, TOLD, WORK, Stage

DAY = 24 * 60


class Standard(NamedTuple):
    """A stage as it is at first."""

    code: str
    phase: str
    norm_minutes: int | None = None
    needs_approval: bool = False
    needs_checklist: bool = False


STAGES = (
    Standard("accepted", WORK, 2 * 60),
    Standard("diagnosis", WORK, 4 * 60),
    Standard("approval", CLIENT, DAY),
    Standard("parts", PART, 5 * DAY),
    Standard("repair", WORK, 8 * 60, needs_approval=True),
    Standard("check", WORK, 60),
    Standard("ready", READY, 60, needs_checklist=True),
    Standard("told", TOLD, 3 * DAY),
    Standard("picked_up", CLOSED),
)
"""The way of an order: what has a norm is told when it stands longer."""
CODES = tuple(stage.code for stage in STAGES)


def ensure(now: datetime) -> None:  # noqa: ARG001 – every app's `ensure` is called alike
    """Make the standard stages that are missing; those that are there stay as the house has them."""
    held = set(Stage.objects.filter(code__in=CODES).values_list("code", flat=True))
    missing = [
        Stage(position=10 * place, **stage._asdict()) for place, stage in enumerate(STAGES, 1) if stage.code not in held
    ]
    if missing:
        Stage.objects.bulk_create(missing, ignore_conflicts=True)
