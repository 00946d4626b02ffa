"""What the pages on which the way of orders is set up show."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from django.db.models import Count

from dovolen.desk.assets.queries import face
from dovolen.desk.core import words
from dovolen.desk.orders.models import CLOSED, READY, TOLD, RepairOrder, Stage, StageEntry
from dovolen.desk.orders.queries.stages import stage_name
from dovolen.desk.orders.standard import CODES

RANKED = {READY: 1, TOLD: 2, CLOSED: 3}

NEEDS = ("needs_approval", "needs_checklist", "needs_payment")
"""What a stage may ask for before an order comes into it."""


@dataclass
class StageRow:
    """A stage on the page that lists them."""

    stage: Stage
    name: str
    n_orders: int
    is_own: bool
    may_go_up: bool = False
    may_go_down: bool = False

    @property
    def said(self) -> list[str]:
        """What is particular to it, in words: who moves orders here, what they need for it."""
        speaker = words.current()
        told = [f"setup.{name}" for name in NEEDS if getattr(self.stage, name)]
        if self.stage.phase in (TOLD, CLOSED):
            return [speaker.say(f"setup.stage_{self.stage.phase}_note")]
        movers = ", ".join(speaker.name("accounts.role", role) for role in self.stage.movers)
        return ([speaker.say("setup.moved_by", who=movers)] if movers else []) + [speaker.say(key) for key in told]


def stage_rows() -> list[StageRow]:
    """Every stage in its order, with how many open orders stand in it and where it may move."""
    counted = RepairOrder.objects.exclude(phase=CLOSED).order_by().values_list("stage").annotate(n=Count("pk"))
    n_orders = dict(counted)
    stages = Stage.objects.order_by("position", "pk")
    rows = [StageRow(one, stage_name(one), n_orders.get(one.pk, 0), one.code not in CODES) for one in stages]
    for above, below in pairwise(rows):
        above.may_go_down = below.may_go_up = rank(above.stage.phase) == rank(below.stage.phase)
    return rows


def rank(phase: str) -> int:
    """How far along the way a phase stands: ready comes after all work, then told, then handed over."""
    return RANKED.get(phase, 0)


def is_removable(stage: Stage) -> bool:
    """Whether it is one of the house's own that no order ever stood in."""
    return stage.code not in CODES and not StageEntry.objects.filter(stage=stage).exists()


def face_of_stage(stage: Stage) -> str:
    """A mark of what is told of a stage: another as soon as something of it changes."""
    told = (stage.name, stage.norm_minutes, stage.movers, *(getattr(stage, name) for name in NEEDS))
    return face(list(told))
