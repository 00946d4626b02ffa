"""Working hours as people type them, and time that is counted only while somebody works."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.desk.accounts.opening import Opening, read

MOSCOW = "Europe/Moscow"
SIX = "10-20 10-20 10-20 10-20 10-20 11-18 x"


def told(hours: str) -> str:
    week = read(hours, MOSCOW).week
    return " ".join(",".join(f"{start / 60:g}-{end / 60:g}" for start, end in day) or "x" for day in week)


def at(text: str, zone: str = MOSCOW) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


@pytest.mark.parametrize(
    ("hours", "week"),
    [
        ("", "10-20 10-20 10-20 10-20 10-20 10-20 10-20"),
        ("10–20", "10-20 10-20 10-20 10-20 10-20 10-20 10-20"),
        ("ежедневно 10-20", "10-20 10-20 10-20 10-20 10-20 10-20 10-20"),
        ("все дни с 9 до 21", "9-21 9-21 9-21 9-21 9-21 9-21 9-21"),
        ("daily 10am-8pm", "10-20 10-20 10-20 10-20 10-20 10-20 10-20"),
        ("every day from 9 to 6pm", "9-18 9-18 9-18 9-18 9-18 9-18 9-18"),
        ("круглосуточно", "0-24 0-24 0-24 0-24 0-24 0-24 0-24"),
        ("24/7", "0-24 0-24 0-24 0-24 0-24 0-24 0-24"),
        ("20:00–02:00", "20-26 20-26 20-26 20-26 20-26 20-26 20-26"),
        ("пн–пт 10–20, сб 11:00–18:00", SIX),
        ("Будни с 10 до 20, сб с 11 до 18, вс вых.", SIX),
        ("10-20 пн-пт, 11-18 сб", SIX),
        ("Mon to Fri 10:00 to 20:00, Sat 11-18, Sun closed", SIX),
        ("Понедельник – пятница: 10.00–20.00; суббота: 11.00–18.00; воскресенье: выходной", SIX),
        ("вс 10-16, пн-сб 9-21", "9-21 9-21 9-21 9-21 9-21 9-21 10-16"),
        ("10:00-19:00, вс выходной", "10-19 10-19 10-19 10-19 10-19 10-19 x"),
        ("10-20, кроме воскресенья", "10-20 10-20 10-20 10-20 10-20 10-20 x"),
        ("вт–вс 10–20", "x 10-20 10-20 10-20 10-20 10-20 10-20"),
        ("пт-пн 10-18", "10-18 x x x 10-18 10-18 10-18"),
        ("пн-пт 10-19, перерыв 14-15", "10-14,15-19 10-14,15-19 10-14,15-19 10-14,15-19 10-14,15-19 x x"),
        ("пн, ср 10-14, 15:30-20", "10-14,15.5-20 x 10-14,15.5-20 x x x x"),
    ],
)
def test_hours_are_read_as_people_type_them(hours: str, week: str) -> None:
    assert told(hours) == week
    assert read(hours, MOSCOW).is_read


@pytest.mark.parametrize("hours", ["по звонку", "10-25", "с утра до вечера", "вс выходной", "пн–пт", "?", "10:75-20"])
def test_hours_that_cannot_be_read_are_the_usual_ones_and_say_so(hours: str) -> None:
    opening = read(hours, MOSCOW)

    assert not opening.is_read
    assert opening.week == read("10-20", MOSCOW).week


@given(st.text(max_size=100))
def test_no_text_breaks_the_reading(hours: str) -> None:
    assert any(read(hours, MOSCOW).week)


def test_only_working_minutes_are_counted() -> None:
    opening = read("пн–пт 10–20, сб 11–18", MOSCOW)
    friday = at("2026-11-20 19:00")

    assert opening.minutes_between(friday, at("2026-11-20 19:35")) == 35
    assert opening.minutes_between(friday, at("2026-11-21 12:00")) == 60 + 60
    assert opening.minutes_between(friday, at("2026-11-23 10:30")) == 60 + 7 * 60 + 30
    assert opening.minutes_between(at("2026-11-21 19:00"), at("2026-11-23 09:00")) == 0


def test_a_moment_that_has_passed_counts_backwards() -> None:
    opening = read("10–20", MOSCOW)

    assert opening.minutes_between(at("2026-11-20 14:20"), at("2026-11-20 13:45")) == -35
    assert opening.minutes_between(at("2026-11-21 10:15"), at("2026-11-20 19:50")) == -25


def test_time_to_come_skips_nights_days_off_and_pauses() -> None:
    opening = read("пн–пт 10–19, перерыв 14–15", MOSCOW)

    assert opening.after(at("2026-11-20 13:30"), 60) == at("2026-11-20 15:30")
    assert opening.after(at("2026-11-20 18:30"), 60) == at("2026-11-23 10:30")
    assert opening.after(at("2026-11-20 18:00"), 60) == at("2026-11-20 19:00")
    assert opening.after(at("2026-11-21 12:00")) == at("2026-11-23 10:00")
    assert opening.after(at("2026-11-20 12:00")) == at("2026-11-20 12:00")


def test_a_night_shift_belongs_to_the_day_it_began() -> None:
    opening = read("20:00–02:00", MOSCOW)

    assert opening.is_open(at("2026-11-21 01:59"))
    assert not opening.is_open(at("2026-11-21 02:00"))
    assert opening.after(at("2026-11-21 01:30"), 60) == at("2026-11-21 20:30")
    assert opening.closes(at("2026-11-21 01:30")) == at("2026-11-21 02:00")


def test_a_day_closes_with_its_last_span() -> None:
    opening = read("пн–пт 10–14, 15–20", MOSCOW)

    assert opening.closes(at("2026-11-20 11:00")) == at("2026-11-20 20:00")
    assert opening.closes(at("2026-11-20 21:00")) == at("2026-11-23 20:00")


@pytest.mark.parametrize(
    ("zone", "night", "hours"),
    [("Europe/Berlin", "2026-03-29", 23), ("Europe/Berlin", "2026-10-25", 25), ("America/New_York", "2026-03-08", 23),
     ("America/New_York", "2026-11-01", 25), ("Asia/Yekaterinburg", "2026-03-29", 24)],
)  # fmt: skip
def test_a_day_has_as_many_hours_as_the_clocks_give_it(zone: str, night: str, hours: int) -> None:
    start = at(night, zone)

    assert read("24/7", zone).minutes_between(start, start.replace(hour=23, minute=59)) == hours * 60 - 1


def test_a_shop_opens_by_its_own_clock_before_and_after_the_clocks_change() -> None:
    opening = read("10–20", "Europe/Berlin")

    assert opening.after(at("2026-03-28 21:00", "Europe/Berlin")) == datetime(2026, 3, 29, 8, tzinfo=UTC)
    assert opening.after(at("2026-03-27 21:00", "Europe/Berlin")) == datetime(2026, 3, 28, 9, tzinfo=UTC)
    assert (
        opening.minutes_between(at("2026-03-28 10:00", "Europe/Berlin"), at("2026-03-29 20:00", "Europe/Berlin"))
        == 1200
    )


MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(UTC))


@given(MOMENTS, st.integers(1, 5000), st.sampled_from(["10–20", "пн–пт 10–14, 15–20", "20–02", "24/7", "сб 0–24"]))
def test_what_comes_after_some_minutes_is_that_far_away(moment: datetime, minutes: int, hours: str) -> None:
    opening: Opening = read(hours, "Europe/Berlin")

    later = opening.after(moment, minutes)

    assert opening.minutes_between(moment, later) == minutes
    assert opening.minutes_between(moment, later - timedelta(minutes=1)) == minutes - 1
