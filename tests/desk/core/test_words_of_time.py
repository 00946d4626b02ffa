"""Stretches of time and moments to come, as people read them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone, translation

from dovolen.desk.core.templatetags.words import lasting, short_day, when, when_due, when_told


@pytest.mark.parametrize(
    ("minutes", "russian", "english"),
    [
        (0, "0\u00a0мин", "0\u00a0min"), (35, "35\u00a0мин", "35\u00a0min"), (-35, "−35\u00a0мин", "−35\u00a0min"),
        (70, "1\u00a0ч\u00a010\u00a0мин", "1\u00a0h\u00a010\u00a0min"), (120, "2\u00a0ч", "2\u00a0h"), (26 * 60 + 5, "26\u00a0ч", "26\u00a0h"),
        (3 * 1440, "3\u00a0дня", "3\u00a0days"), (5 * 1440, "5\u00a0дней", "5\u00a0days"),
        (round(4.9 * 1440), "4,9\u00a0дня", "4.9\u00a0days"), (21 * 1440, "21\u00a0день", "21\u00a0days"),
        (10.7 * 1440, "10,7\u00a0дня", "10.7\u00a0days"),
    ],
)  # fmt: skip
def test_a_stretch_is_told_in_the_unit_it_is_thought_in(minutes: float, russian: str, english: str) -> None:
    assert lasting(minutes) == russian
    with translation.override("en"):
        assert lasting(minutes) == english


def test_a_moment_to_come_has_its_weekday_unless_it_is_today() -> None:
    with timezone.override("Europe/Moscow"):
        later = timezone.localtime().replace(hour=12, minute=0) + timedelta(days=9)
        told = when_due(later)

        assert told.split(", ")[0] == ["пн", "вт", "ср", "чт", "пт", "сб", "вс"][later.weekday()]
        assert ", " not in when_due(timezone.now())
    assert when_due(None) == ""
    assert when_due(datetime(2020, 5, 12, 9, 0, tzinfo=UTC)).startswith("вт, 12\u00a0мая\u00a02020")


def test_a_day_of_this_year_needs_no_year() -> None:
    with timezone.override("Europe/Moscow"):
        today = timezone.localdate()
        year = str(today.year)

        assert short_day(today).startswith(f"{today.day}\u00a0")
        assert year not in short_day(timezone.now())
    assert short_day(datetime(2020, 5, 12, 22, 0, tzinfo=UTC).date()) == "12\u00a0мая\u00a02020"
    assert short_day(None) == ""


def test_clients_are_told_today_and_tomorrow_in_words_and_other_days_by_their_date() -> None:
    now = timezone.now()
    with timezone.override("Europe/Moscow"):
        at = f"{timezone.localtime(now):%H:%M}"
        before, later = now - timedelta(days=3), now + timedelta(days=5)
        told = [when_told(moment) for moment in (before, now, now + timedelta(days=1), later)]
        expected = [when(before), f"сегодня, {at}", f"завтра, {at}", when_due(later)]

    assert told == expected
    assert when_told(None) == ""
