"""R5: whatever the clocks do, no timer goes off twice for one stretch and no stretch is lost."""

from __future__ import annotations

import random
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from dovolen.desk.core import claims, clock
from dovolen.desk.core.clock import Daily, Hourly, Line
from dovolen.desk.core.models import Timer
from dovolen.desk.core.reacting import first_time

BERLIN, MOSCOW, ADELAIDE = ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Moscow"), ZoneInfo("Australia/Lord_Howe")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


# ── When ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("zone", [BERLIN, MOSCOW, ADELAIDE], ids=str)
@pytest.mark.parametrize("at", [time(2, 30), time(3, 0), time(0, 0), time(23, 59)], ids=str)
def test_every_day_of_two_years_has_one_run(zone: ZoneInfo, at: time) -> None:
    moment, runs = utc(2027, 12, 31), []
    while moment < utc(2029, 1, 2):  # 29 February 2028 lies between
        moment = Daily(at).after(moment, zone)
        runs.append(moment.astimezone(zone).date())

    assert all(later - earlier == DAY for earlier, later in pairwise(runs))


def test_a_time_that_the_day_skips_comes_when_the_gap_ends() -> None:
    run = Daily(time(2, 30)).after(utc(2027, 3, 27, 12), BERLIN)

    assert run == utc(2027, 3, 28, 1, 30)
    assert f"{run.astimezone(BERLIN):%H:%M}" == "03:30"


def test_a_time_that_the_day_repeats_comes_the_first_time() -> None:
    assert Daily(time(2, 30)).after(utc(2027, 10, 30, 12), BERLIN) == utc(2027, 10, 31, 0, 30)
    assert Daily(time(2, 30)).after(utc(2027, 10, 31, 0, 30), BERLIN) == utc(2027, 11, 1, 1, 30)


def test_every_hour_has_one_run_when_the_clocks_change() -> None:
    moment, runs = utc(2027, 10, 30, 20), []
    while moment < utc(2027, 10, 31, 6):
        moment = Hourly(5).after(moment, BERLIN)
        runs.append(moment)

    assert all(later - earlier == HOUR for earlier, later in pairwise(runs))


@pytest.mark.parametrize("when", [Daily(time(8, 0)), Hourly(17)])
def test_latest_and_after_enclose_every_moment(when: Daily | Hourly) -> None:
    rng = random.Random(5)
    for _ in range(500):
        moment = utc(2027, 1, 1) + timedelta(seconds=rng.randrange(400 * 86400))
        assert when.latest(moment, BERLIN) <= moment < when.after(moment, BERLIN)
        assert when.after(when.latest(moment, BERLIN), BERLIN) == when.after(moment, BERLIN)


# ── Timers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Centre:
    """A centre with reminders due all the time; a run sends those due in its stretch, each once."""

    def __init__(self, begin: datetime, when: Daily | Hourly, zone: str = "Europe/Berlin") -> None:
        self.moment, self.zone = begin, zone
        self.stretches: list[tuple[datetime, datetime]] = []
        self.sent: list[datetime] = []
        self.due: list[datetime] = []
        self.schedule = {"remind": Line(when, self.run, at_every_centre=True)}

    def places(self) -> list[tuple[int, str]]:
        return [(1, self.zone)]

    def run(self, *, since: datetime, until: datetime, centre_id: int, now: datetime) -> None:
        self.stretches.append((since, until))
        for due in self.due:
            if since < due <= until and first_time(f"due {due}", "remind", str(centre_id)):
                self.sent.append(due)

    def tick(self) -> None:
        clock.set_timers(self.schedule, self.places(), now=self.moment)
        clock.run_due(self.schedule, self.places, clock=lambda: self.moment)


@pytest.mark.django_db
def test_stretches_follow_one_another_over_both_changes_of_the_clock() -> None:
    for begin in (utc(2027, 3, 26, 7), utc(2027, 10, 29, 7)):
        Timer.objects.all().delete()
        centre = Centre(begin, Daily(time(2, 30)))
        while centre.moment < begin + 4 * DAY:
            centre.tick()
            centre.moment += 50 * MINUTE

        assert len(centre.stretches) == 4
        assert all(earlier[1] == later[0] for earlier, later in pairwise(centre.stretches))


@pytest.mark.django_db
def test_days_at_rest_are_covered_by_one_run() -> None:
    centre = Centre(utc(2027, 1, 10, 12), Daily(time(8, 0)))
    centre.tick()
    centre.moment += 5 * DAY

    centre.tick()
    centre.tick()

    assert centre.stretches == [(utc(2027, 1, 10, 12), utc(2027, 1, 15, 7))]


@pytest.mark.django_db
@pytest.mark.parametrize("when", [Daily(time(8, 0)), Hourly(0)])
def test_clock_jumps_send_nothing_twice_and_lose_nothing(when: Daily | Hourly) -> None:
    rng = random.Random(11)
    centre = Centre(utc(2027, 10, 20), when)
    centre.due = [utc(2027, 10, 20) + timedelta(minutes=rng.randrange(14 * 1440)) for _ in range(200)]
    true_time = centre.moment
    jumps = [HOUR, -HOUR, DAY, -DAY, 400 * DAY, -3 * HOUR, timedelta(0), 30 * MINUTE]
    n_jumps = 0
    while true_time < utc(2027, 11, 5):
        for wrong in (rng.choice(jumps), timedelta(0)) if rng.random() < 0.4 else (timedelta(0),):
            n_jumps += bool(wrong)
            centre.moment = true_time + wrong
            centre.tick()
        true_time += 2 * HOUR

    twice = len(centre.sent) - len(set(centre.sent))
    lost = set(centre.due) - set(centre.sent)
    print(f"R5: {n_jumps} jumps, {len(centre.sent)} reminders: {twice} twice, {len(lost)} lost")
    assert n_jumps > 50
    assert (twice, len(lost)) == (0, 0)


@pytest.mark.django_db
def test_a_small_jump_back_does_not_run_the_day_again() -> None:
    centre = Centre(utc(2027, 1, 10, 6), Daily(time(8, 0)))
    centre.tick()
    centre.moment = utc(2027, 1, 10, 7)
    centre.tick()
    centre.moment = utc(2027, 1, 10, 6, 30)
    centre.tick()
    centre.moment = utc(2027, 1, 10, 7, 30)
    centre.tick()

    assert len(centre.stretches) == 1


@pytest.mark.django_db
def test_a_failing_timer_rests_and_tells_why_and_never_gives_up() -> None:
    def fail(**_: object) -> None:
        raise RuntimeError("no paper")

    centre = Centre(utc(2027, 1, 10, 6), Daily(time(8, 0)))
    centre.schedule = {"print": Line(Daily(time(8, 0)), fail)}
    centre.tick()
    for minutes in range(60, 600, 5):
        centre.moment = utc(2027, 1, 10, 6) + minutes * MINUTE
        centre.tick()

    timer = Timer.objects.get()
    assert timer.tries > claims.MOST_TRIES
    assert timer.parked_at is None
    assert timer.cause.startswith("RuntimeError: no paper")
    centre.schedule = {"print": Line(Daily(time(8, 0)), centre.run)}
    claims.try_again(Timer.objects.all())
    centre.tick()
    assert len(centre.stretches) == 1
    assert Timer.objects.get().cause == ""


@pytest.mark.django_db
def test_timers_follow_the_schedule_and_the_centres() -> None:
    def run(**_: object) -> None: ...

    both = {"sweep": Line(Hourly(), run), "remind": Line(Daily(time(9, 0)), run, at_every_centre=True)}
    clock.set_timers(both, [(1, "Europe/Moscow"), (2, "Asia/Omsk")], now=utc(2027, 1, 10))
    assert {(timer.name, timer.centre_id, timer.next_at.hour) for timer in Timer.objects.all()} == {
        ("sweep", 0, 1), ("remind", 1, 6), ("remind", 2, 3),
    }  # fmt: skip

    clock.set_timers({"remind": both["remind"]}, [(1, "Asia/Omsk")], now=utc(2027, 1, 10))
    assert {(timer.name, timer.centre_id, timer.next_at.hour) for timer in Timer.objects.all()} == {("remind", 1, 3)}


@pytest.mark.django_db
def test_a_long_timer_runs_outside_of_any_transaction_and_is_done_after_it() -> None:
    seen: list[datetime] = []

    def run(*, until: datetime, **_: object) -> None:
        assert Timer.objects.get().done_until < until
        seen.append(until)

    centre = Centre(utc(2027, 1, 10, 6), Daily(time(8, 0)))
    centre.schedule = {"backup": Line(Daily(time(8, 0)), run, apart=True)}
    centre.tick()
    centre.moment += DAY
    centre.tick()

    assert [Timer.objects.get().done_until] == seen
