"""What the screen of the waiting room shows: numbers not in full, no names, nothing that was told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F, Prefetch

from dovolen.desk.accounts.models import Centre
from dovolen.desk.assets.models import LABOUR
from dovolen.desk.orders.models import APPROVED, CLIENT, PART, READY, TOLD, UNFINISHED, WORK, Line, RepairOrder, Stage

READY_ROWS, WORK_ROWS, MOST = 5, 7, 70
TURN_SECONDS = 15
"""So long one page stands when there are several."""
PLATE = re.compile(r"([A-ZА-Я])\s*(\d{3})\s*[A-ZА-Я]{2}\s*(\d{2,3})", re.IGNORECASE)
HIDDEN = "••"


@dataclass(frozen=True)
class Number:
    """A number of which its owner knows his own: «К 482 •• 77», «№ •• 817»."""

    before: str
    shown: str
    after: str = ""


@dataclass(frozen=True)
class Shown:
    """A row of the screen."""

    order: RepairOrder
    number: Number
    work: str
    """The first agreed job."""
    steps: list[str]
    """One a stage of the way: done, now, waits, or nothing yet."""

    @property
    def is_moved(self) -> bool:
        """Whether the promise was moved to a later time."""
        order = self.order
        return bool(order.promised_at and order.first_promised_at and order.promised_at > order.first_promised_at)


@dataclass(frozen=True)
class Display:
    """What stands on the screen now, and how many more take their turn."""

    ready: list[Shown]
    work: list[Shown]
    n_ready: int
    n_work: int


def masked(order: RepairOrder) -> Number:
    """The number by which he knows it: that of the plate, else the end of the order's own."""
    plate = PLATE.fullmatch(order.asset.plate.strip()) if order.asset else None
    if plate:
        return Number("", f"{plate[1].upper()}\u00a0{plate[2]}", f"{HIDDEN}\u00a0{plate[3]}")
    digits = str(order.number)
    return Number(f"№\u00a0{HIDDEN}" if len(digits) > 3 else "№", digits[-3:])


def display(centre: Centre, stages: list[Stage], now: datetime) -> Display:
    """The screen of a centre in two queries; what does not fit takes its turn."""
    jobs = Prefetch("lines", Line.objects.filter(kind=LABOUR, state=APPROVED).order_by("position", "pk"), "jobs")
    here = RepairOrder.objects.filter(centre=centre, place="workshop").open()
    listed = here.select_related("asset", "category", "stage").prefetch_related(jobs)
    ready = list(listed.filter(phase__in=(READY, TOLD)).order_by("-ready_at", "-pk")[:MOST])
    work = list(listed.filter(phase__in=UNFINISHED).order_by(F("promised_at").asc(nulls_last=True), "pk")[:MOST])
    way = [stage for stage in stages if stage.phase in (WORK, READY)]
    return Display(
        [_shown(order, way) for order in _turn(ready, READY_ROWS, now)],
        [_shown(order, way) for order in _turn(work, WORK_ROWS, now)],
        len(ready),
        len(work),
    )


def _turn(orders: list[RepairOrder], size: int, now: datetime) -> list[RepairOrder]:
    """The page whose turn it is; the last one is as full as the others."""
    n_pages = max(1, -(-len(orders) // size))
    start = size * (int(now.timestamp() // TURN_SECONDS) % n_pages)
    start = max(0, min(start, len(orders) - size))
    return orders[start : start + size]


def _shown(order: RepairOrder, way: list[Stage]) -> Shown:
    jobs = order.jobs  # type: ignore[attr-defined]
    passed = [stage.position <= order.stage.position for stage in way]
    steps = ["done" if is_passed else "" for is_passed in passed]
    if order.phase in (CLIENT, PART) and any(passed):
        steps[sum(passed) - 1] = "waits"
    return Shown(order, masked(order), jobs[0].name if jobs else "", steps)
