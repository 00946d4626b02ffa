"""Stages in words and in order, and what an order did in them."""

from __future__ import annotations

from typing import Any

from dovolen.desk.assets.models import BEFORE_READY, ChecklistItem
from dovolen.desk.core import words
from dovolen.desk.orders.models import CLOSED, RepairOrder, Stage, StageEntry


def stage_name(stage: Stage) -> str:
    """What a stage is called: the house's own word, else the standard one."""
    return stage.name or words.current().name("orders.stage", stage.code)


def stages(*, with_off: bool = False) -> list[Stage]:
    """The way of an order, step by step."""
    found = Stage.objects.order_by("position", "pk")
    return list(found if with_off else found.filter(is_active=True))


def standing(order: RepairOrder) -> list[StageEntry]:
    """Every stay of an order in a stage, as they followed one another."""
    return list(StageEntry.objects.filter(order=order).select_related("stage", "by", "technician"))


def ready_checklist(order: RepairOrder) -> list[dict[str, Any]]:
    """What is looked at before it may be called ready, ticked as it was kept: [{"text", "is_on"}].

    The items are those of the category today; of what was handed over, those of then.
    """
    if order.phase == CLOSED or order.category_id is None:
        return list(order.ready_checklist)
    done = {item["text"] for item in order.ready_checklist if item["is_on"]}
    items = ChecklistItem.objects.filter(category=order.category_id, moment=BEFORE_READY).order_by("position", "pk")
    return [{"text": text, "is_on": text in done} for text in items.values_list("text", flat=True)]


def count_words(order: RepairOrder) -> dict[str, int]:
    """Lines by their state."""
    counted = {"proposed": 0, "approved": 0, "declined": 0}
    for state in order.lines.values_list("state", flat=True):
        counted[state] += 1
    return counted
