"""How an order goes along: its steps against their norms, its promise against the clock. Pure: no query, no clock."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from dovolen.desk.accounts.opening import Opening
from dovolen.desk.orders.models import CLIENT, CLOSED, PART, TOLD, UNFINISHED, WORK, AwaitedPart, RepairOrder, Stage
from dovolen.desk.orders.queries.promises import PromiseState, promise_state

WAITED = (CLIENT, PART, TOLD)
"""Phases in which others are waited for: they last by the calendar, all others by the working hours of the centre."""
DONE, OVER, NOW, PASSED, AHEAD = "done", "over", "now", "passed", "ahead"

HALF_HOUR = timedelta(minutes=30)
NONE, KEPT, MISSED = "none", "kept", "missed"


@dataclass(frozen=True)
class Step:
    """A stage on the way of an order."""

    stage: Stage
    state: str
    entered_at: datetime | None = None
    spent: int = 0
    norm: int | None = None

    @property
    def is_over(self) -> bool:
        """Whether it took longer than its norm."""
        return self.norm is not None and self.spent > self.norm

    @property
    def part(self) -> float:
        """How much of its norm is spent, 0 without one."""
        return self.spent / self.norm if self.norm else 0.0


def lasted(phase: str, since: datetime, until: datetime, opening: Opening) -> int:
    """Minutes that a stage took: of the calendar where others are waited for, else of the working time."""
    if phase in WAITED:
        return int((until - since).total_seconds() // 60)
    return opening.minutes_between(since, until)


def steps(
    order: RepairOrder, stages: Sequence[Any], entries: Iterable[Any], opening: Opening, now: datetime
) -> list[Step]:
    """Stages in their order, the one where it stands now marked; several stays in one stage are added up.

    `stages` are the active ones, each with the `norm` of the order's category; a stage that was visited and switched
    off since is shown as well.
    """
    visits: dict[int, list[Any]] = {}
    for entry in entries:
        visits.setdefault(entry.stage_id, []).append(entry)
    shown = {stage.pk: stage for stage in stages}
    for entered in visits.values():
        shown.setdefault(entered[0].stage_id, entered[0].stage)
    way = sorted(shown.values(), key=lambda stage: (stage.position, stage.pk))
    return [_step(order, stage, visits.get(stage.pk, []), opening, now) for stage in way]


def _step(order: RepairOrder, stage: Stage, visits: Sequence[Any], opening: Opening, now: datetime) -> Step:
    norm = getattr(stage, "norm", stage.norm_minutes)
    if not visits:
        is_behind = order.phase == CLOSED or stage.position < order.stage.position
        return Step(stage, PASSED if is_behind else AHEAD, norm=norm)
    spent = sum(lasted(stage.phase, visit.entered_at, visit.left_at or now, opening) for visit in visits)
    latest = visits[-1]
    norm = latest.norm_minutes if latest.norm_minutes is not None else norm
    made = Step(stage, DONE, latest.entered_at, spent, norm)
    if stage.pk == order.stage_id and order.phase != CLOSED:
        return Step(stage, NOW, latest.entered_at, spent, norm)
    return Step(stage, OVER, latest.entered_at, spent, norm) if made.is_over and stage.phase != CLOSED else made


@dataclass(frozen=True)
class Outlook:
    """When an order will really be ready, reckoned from parts on their way and the norms of what is left to do."""

    ready_at: datetime | None
    """None while a part has no date."""
    part_at: datetime | None
    minutes: int
    """Working minutes that are left."""


def outlook(
    order: RepairOrder, way: Sequence[Step], parts: Iterable[AwaitedPart], opening: Opening, now: datetime
) -> Outlook:
    """The earliest moment when it may be ready: parts first, then the work that is left, in working hours."""
    underway = [part for part in parts if part.arrived_at is None and part.cancelled_at is None]
    minutes = sum(_left(order, step) for step in way if step.stage.phase == WORK)
    part_at = max((part.expected_at for part in underway if part.expected_at), default=None)
    if any(part.expected_at is None for part in underway):
        return Outlook(None, part_at, minutes)
    start = max(filter(None, [now, part_at, order.held_until]))
    return Outlook(_half_hour(opening.after(start, minutes)), part_at, minutes)


def _half_hour(moment: datetime) -> datetime:
    """The next full half hour: nobody is promised a minute."""
    return moment + (datetime.min.replace(tzinfo=moment.tzinfo) - moment) % HALF_HOUR


def _left(order: RepairOrder, step: Step) -> int:
    """What a step still takes: all of its norm ahead, the rest of it now. The estimate's norm is that of the repair."""
    norm = order.norm_minutes if step.stage.code == "repair" and order.norm_minutes else step.norm or 0
    if step.state == AHEAD:
        return norm
    return max(0, norm - step.spent) if step.state == NOW else 0


@dataclass(frozen=True)
class PromiseNow:
    """How a promise stands."""

    code: str
    """One of the states of `promises`; `kept` or `missed` once the order is ready; `none` without a promise."""
    state: PromiseState | None = None
    """The clock of an unfinished order."""
    gone: int = 0
    """How much of the time promised is over, per cent."""


def promise_now(order: RepairOrder, ready_at: datetime | None, opening: Opening, now: datetime) -> PromiseNow:
    """How the promise stands; `ready_at` is when it will really be ready, by reckoning."""
    promised = order.promised_at
    is_untold = order.is_past and order.ready_at is None and order.picked_up_at is None
    if promised is None or is_untold:
        return PromiseNow(NONE)
    if order.phase not in UNFINISHED:
        done = order.ready_at or order.picked_up_at or now
        return PromiseNow(KEPT if done <= promised else MISSED, gone=100)
    whole = max(1.0, (promised - order.accepted_at).total_seconds())
    gone = 100 * (now - order.accepted_at).total_seconds() / whole
    state = promise_state(promised, opening=opening, now=now, waits_until=ready_at)
    return PromiseNow(state.code, state, int(min(100, max(0, gone))))


def following_stage(order: RepairOrder, stages: Sequence[Stage], *, n_parts: int) -> Stage | None:
    """Where the order goes next: waits for nobody are passed over, the last step is the hand-over, which is its own."""
    ahead = [stage for stage in stages if stage.position > order.stage.position and stage.is_active]
    for stage in ahead:
        if stage.phase == CLIENT and not order.n_waiting_lines:
            continue
        if stage.phase == PART and not n_parts:
            continue
        return stage
    return None
