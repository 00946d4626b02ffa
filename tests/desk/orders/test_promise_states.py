"""The clock of a promise: its state and what it says."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dovolen.desk.accounts.opening import read
from dovolen.desk.orders.queries.promises import promise_state

HOURS = read("пн–пт 10–20, сб 11–18", "UTC")
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("promised", "code", "text"),
    [
        ("2026-11-20 11:25", "broken", "−35 мин"),
        ("2026-11-19 19:50", "broken", "−2 ч 10 мин"),
        ("2026-11-16 12:00", "broken", "−4 дня"),
        ("2026-11-20 12:00", "late", "0 мин"),
        ("2026-11-20 13:00", "late", "1 ч"),
        ("2026-11-20 13:10", "soon", "1 ч 10 мин"),
        ("2026-11-20 16:00", "soon", "4 ч"),
        ("2026-11-20 16:01", "far", "4 ч 1 мин"),
        ("2026-11-21 11:00", "far", "23 ч"),
        ("2026-11-24 16:48", "far", "4,2 дня"),
        ("2026-11-19 20:00", "broken", "−2 ч"),
        ("2026-11-20 09:00", "broken", "−2 ч"),
        ("2026-12-06 12:00", "far", "16 дней"),
    ],
)
def test_a_promise_is_as_near_as_its_working_hours(promised: str, code: str, text: str) -> None:
    state = promise_state(datetime.fromisoformat(promised + "+00:00"), opening=HOURS, now=NOON)

    assert (state.code, state.text.replace("\u00a0", " ")) == (code, text)


def test_while_the_doors_are_shut_the_calendar_counts() -> None:
    night = datetime(2026, 11, 20, 23, tzinfo=UTC)

    broken = promise_state(datetime(2026, 11, 20, 21, 15, tzinfo=UTC), opening=HOURS, now=night)
    early = promise_state(datetime(2026, 11, 21, 9, tzinfo=UTC), opening=HOURS, now=night)

    assert (broken.code, broken.text) == ("broken", "−1\u00a0ч\u00a045\u00a0мин")
    assert (early.code, early.text) == ("late", "10\u00a0ч")


def test_the_night_does_not_count() -> None:
    evening = datetime(2026, 11, 20, 19, 30, tzinfo=UTC)

    state = promise_state(datetime(2026, 11, 21, 12, tzinfo=UTC), opening=HOURS, now=evening)

    assert (state.code, state.minutes, state.text) == ("soon", 90, "1\u00a0ч\u00a030\u00a0мин")


@pytest.mark.parametrize("why", [{"needs_minutes": 481}, {"waits_until": datetime(2026, 11, 20, 20, 1, tzinfo=UTC)}])
def test_a_promise_that_cannot_be_kept_is_late_long_before(why: dict[str, Any]) -> None:
    promised = datetime(2026, 11, 20, 20, tzinfo=UTC)

    assert promise_state(promised, opening=HOURS, now=NOON).code == "far"
    assert promise_state(promised, opening=HOURS, now=NOON, **why).code == "late"
