"""How an order goes along, reckoned: steps, when it will really be ready, what comes next."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from dovolen.desk.accounts.opening import Opening
from dovolen.desk.orders.models import RepairOrder, Stage
from dovolen.desk.orders.queries.course import following_stage, outlook, promise_now, steps
from dovolen.desk.orders.standard import STAGES

MONDAY_NOON = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
"""Twelve o'clock in Moscow."""
HOUR = timedelta(hours=1)
WORKDAY = Opening((((10 * 60, 20 * 60),),) * 7, "Europe/Moscow")
WAY = [Stage(pk=place, position=place, **stage._asdict()) for place, stage in enumerate(STAGES, 1)]
BY_CODE = {stage.code: stage for stage in WAY}


def order(at: str, **facts: Any) -> RepairOrder:
    stage = BY_CODE[at]
    return RepairOrder(pk=1, stage=stage, phase=stage.phase, **{"accepted_at": MONDAY_NOON} | facts)


def entry(code: str, since: datetime, until: datetime | None = None, norm: int | None = None) -> Any:
    stage = BY_CODE[code]
    return SimpleNamespace(stage=stage, stage_id=stage.pk, entered_at=since, left_at=until, norm_minutes=norm)


def states(found: list[Any]) -> dict[str, str]:
    return {step.stage.code: step.state for step in found}


def test_work_is_measured_in_working_hours_and_waits_by_the_calendar() -> None:
    late = MONDAY_NOON.replace(hour=16)  # 19:00 in Moscow, an hour before the doors close
    entries = [entry("accepted", late, late + 16 * HOUR), entry("approval", late + 16 * HOUR)]

    found = steps(order("approval"), WAY, entries, WORKDAY, late + 40 * HOUR)

    spent = {step.stage.code: step.spent for step in found if step.spent}
    assert spent == {"accepted": 60 + 60, "approval": 24 * 60}


def test_steps_are_done_over_now_passed_or_ahead() -> None:
    entries = [entry("accepted", MONDAY_NOON, MONDAY_NOON + HOUR, 120), entry("diagnosis", MONDAY_NOON + HOUR, MONDAY_NOON + 6 * HOUR, 240),
               entry("parts", MONDAY_NOON + 6 * HOUR)]  # fmt: skip

    found = states(steps(order("parts"), WAY, entries, WORKDAY, MONDAY_NOON + 7 * HOUR))

    assert found == {
        "accepted": "done", "diagnosis": "over", "approval": "passed", "parts": "now", "repair": "ahead",
        "check": "ahead", "ready": "ahead", "told": "ahead", "picked_up": "ahead",
    }  # fmt: skip


def test_two_stays_in_one_stage_are_added_up() -> None:
    entries = [entry("repair", MONDAY_NOON, MONDAY_NOON + HOUR), entry("check", MONDAY_NOON + HOUR, MONDAY_NOON + 2 * HOUR),
               entry("repair", MONDAY_NOON + 2 * HOUR)]  # fmt: skip

    found = {step.stage.code: step for step in steps(order("repair"), WAY, entries, WORKDAY, MONDAY_NOON + 3 * HOUR)}

    assert found["repair"].spent == 120
    assert found["repair"].entered_at == MONDAY_NOON + 2 * HOUR


def test_a_stage_that_was_switched_off_stays_on_the_way_of_those_that_visited_it() -> None:
    gone = Stage(pk=99, code="old", position=2, phase="work", is_active=False)
    visit = SimpleNamespace(
        stage=gone, stage_id=99, entered_at=MONDAY_NOON, left_at=MONDAY_NOON + HOUR, norm_minutes=None
    )

    found = steps(order("diagnosis"), WAY, [visit], WORKDAY, MONDAY_NOON + 2 * HOUR)

    assert "old" in states(found)


def part(expected_at: datetime | None, **facts: Any) -> Any:
    return SimpleNamespace(**{"expected_at": expected_at, "arrived_at": None, "cancelled_at": None} | facts)


def reckoned(at: str, parts: list[Any], now: datetime = MONDAY_NOON, **facts: Any) -> Any:
    one = order(at, **facts)
    way = steps(one, WAY, [entry(at, now)], WORKDAY, now)
    return outlook(one, way, parts, WORKDAY, now)


def test_it_is_ready_when_its_parts_have_come_and_the_work_that_is_left_is_done() -> None:
    tomorrow = MONDAY_NOON + timedelta(days=1, hours=4)

    found = reckoned("parts", [part(tomorrow), part(MONDAY_NOON)], norm_minutes=120)

    assert found.minutes == 120 + 60  # the estimate's norm of the repair, and the check
    assert found.ready_at == tomorrow + 3 * HOUR
    assert found.part_at == tomorrow


def test_work_that_does_not_fit_today_goes_on_in_the_morning() -> None:
    evening = MONDAY_NOON + 7 * HOUR  # 19:00

    assert reckoned("check", [], evening).ready_at == evening + HOUR
    assert (
        reckoned("repair", [], evening).ready_at == evening + 15 * HOUR + 8 * HOUR
    )  # 10:00, then eight of the nine hours


@pytest.mark.parametrize(
    "gone", [{"arrived_at": MONDAY_NOON}, {"cancelled_at": MONDAY_NOON}], ids=["arrived", "cancelled"]
)
def test_parts_that_came_or_are_awaited_no_more_hold_nothing_up(gone: dict[str, Any]) -> None:
    assert reckoned("check", [part(None, **gone)]).ready_at == MONDAY_NOON + HOUR


def test_nobody_knows_when_a_part_has_no_date() -> None:
    assert reckoned("parts", [part(None), part(MONDAY_NOON)]).ready_at is None


def test_a_wait_with_an_end_holds_it_up_till_then() -> None:
    assert reckoned("check", [], held_until=MONDAY_NOON + 3 * HOUR).ready_at == MONDAY_NOON + 4 * HOUR


@pytest.mark.parametrize(
    ("promised", "ready", "code"),
    [
        (5 * HOUR, None, "far"), (3 * HOUR, None, "soon"), (HOUR, None, "late"), (-HOUR, None, "broken"),
        (5 * HOUR, 6 * HOUR, "late"), (5 * HOUR, 4 * HOUR, "far"),
    ],
)  # fmt: skip
def test_a_promise_is_judged_by_the_clock_and_by_reckoning(
    promised: timedelta, ready: timedelta | None, code: str
) -> None:
    one = order("repair", promised_at=MONDAY_NOON + promised)

    assert promise_now(one, MONDAY_NOON + ready if ready else None, WORKDAY, MONDAY_NOON).code == code


@pytest.mark.parametrize(("ready", "code"), [(0, "kept"), (1, "missed")])
def test_a_promise_is_kept_to_the_minute(ready: int, code: str) -> None:
    one = order("ready", promised_at=MONDAY_NOON, ready_at=MONDAY_NOON + timedelta(minutes=ready))

    assert promise_now(one, None, WORKDAY, MONDAY_NOON + 9 * HOUR).code == code


def test_without_a_promise_there_is_none() -> None:
    assert promise_now(order("repair"), None, WORKDAY, MONDAY_NOON).code == "none"


@pytest.mark.parametrize(
    ("at", "waiting", "parts", "following"),
    [
        ("accepted", 0, 0, "diagnosis"), ("diagnosis", 0, 0, "repair"), ("diagnosis", 1, 0, "approval"),
        ("diagnosis", 0, 1, "parts"), ("approval", 0, 1, "parts"), ("check", 0, 0, "ready"), ("told", 0, 0, "picked_up"),
        ("picked_up", 0, 0, None),
    ],
)  # fmt: skip
def test_waits_for_nobody_are_passed_over(at: str, waiting: int, parts: int, following: str | None) -> None:
    found = following_stage(order(at, n_waiting_lines=waiting), WAY, n_parts=parts)

    assert (found.code if found else None) == following
