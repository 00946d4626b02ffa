"""Reactions run once, whatever dies or sleeps; what fails rests, then parks, and holds nobody up."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from dovolen.desk.core import claims, journal
from dovolen.desk.core.models import Counter, Event, Mark, Once, Pending
from dovolen.desk.core.reacting import DIED, LEASE, Hold, first_time, react, take_over
from dovolen.desk.core.worker import TooLongError, in_time
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


class Clock:
    def __init__(self) -> None:
        self.moment = NOON

    def __call__(self) -> datetime:
        return self.moment

    def wait(self, **length: float) -> None:
        self.moment += timedelta(**length)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def happen(*kinds: str) -> list[Event]:
    subject = Counter(pk=1)
    with transaction.atomic():
        return [journal.record(kind, subject=subject, by=None, at=NOON) for kind in kinds]


def mark(event: Event, *, now: datetime) -> None:
    Mark.objects.create(name=f"event {event.pk}", at=now)


def fail(event: Event, *, now: datetime) -> None:
    Mark.objects.create(name=f"half of {event.pk}", at=now)
    raise RuntimeError("no such gateway")


def test_every_reaction_of_a_kind_runs_and_the_event_is_done(clock: Clock) -> None:
    (event,) = happen("order.ready")
    seen: list[str] = []

    handled = react({"order.ready": [mark, lambda event, now: seen.append(event.kind)]}, clock=clock)

    assert handled == 1
    assert seen == ["order.ready"]
    assert Mark.objects.get().name == f"event {event.pk}"
    assert not Pending.objects.exists()
    assert react({"order.ready": [mark]}, clock=clock) == 0


def test_an_event_that_nothing_follows_does_not_wait(clock: Clock) -> None:
    happen("order.seen", "order.seen")

    assert react({"order.ready": [mark], "order.seen": []}, clock=clock) == 2
    assert not Pending.objects.exists()


def test_a_failure_undoes_its_half_and_comes_again_after_a_pause(clock: Clock) -> None:
    (event,) = happen("order.ready")

    react({"order.ready": [mark, fail]}, clock=clock)

    pending = Pending.objects.get()
    assert not Mark.objects.exists()
    assert pending.cause.startswith("RuntimeError: no such gateway (test_reacting.py:")
    assert react({"order.ready": [mark]}, clock=clock) == 0, "it rests"
    clock.wait(seconds=1)
    assert react({"order.ready": [mark]}, clock=clock) == 1
    assert Mark.objects.get().name == f"event {event.pk}"


def test_after_five_tries_it_is_parked_with_its_cause_until_somebody_says_again(clock: Clock) -> None:
    happen("order.ready")
    tries = 0
    for _ in range(20):
        before = Pending.objects.get().tries
        react({"order.ready": [fail]}, clock=clock)
        tries += Pending.objects.get().tries - before
        clock.wait(minutes=3)

    pending = Pending.objects.get()
    assert tries == claims.MOST_TRIES == 5
    assert pending.parked_at is not None
    assert "no such gateway" in pending.cause
    assert claims.try_again(Pending.objects.filter(pk=pending.pk)) == 1
    assert react({"order.ready": [mark]}, clock=clock) == 1


def test_what_kills_its_worker_is_parked_too(clock: Clock) -> None:
    happen("order.ready")
    for _ in range(claims.MOST_TRIES):
        assert claims.take(Pending.objects.all(), now=clock(), n=1, lease=LEASE)  # and nothing more: it died
        clock.wait(minutes=1)

    react({"order.ready": [mark]}, clock=clock)

    assert Pending.objects.get().cause == DIED
    assert not Mark.objects.exists()


def test_what_a_dead_worker_held_is_free_at_once_and_only_what_it_was_at_has_failed(clock: Clock) -> None:
    events = happen("order.bad", "order.ready", "order.ready")
    said: list[Hold] = []

    class PowerCutError(BaseException):
        """No `finally` writes anything after it."""

    def die(event: Event, *, now: datetime) -> None:
        raise PowerCutError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(claims, "release", lambda rows: None)
        with pytest.raises(PowerCutError):
            react({"order.bad": [die], "order.ready": [mark]}, clock=clock, say=said.append)
    assert react({"order.ready": [mark]}, clock=clock) == 0, "all three are held"
    take_over(Hold.read(str(said[0])), how="ended with -9", now=clock())

    assert react({"order.bad": [mark], "order.ready": [mark]}, clock=clock) == 2
    bad = Pending.objects.get()
    assert bad.event_id == events[0].pk
    assert (bad.tries, bad.cause) == (1, f"{DIED}: ended with -9")
    assert said[-1] == Hold(), "nothing is held any more"


def test_who_comes_after_a_dead_worker_leaves_alone_what_another_took_meanwhile(clock: Clock) -> None:
    happen("order.ready")
    (held,) = claims.take(Pending.objects.all(), now=clock(), n=1, lease=LEASE)
    clock.wait(minutes=1)
    claims.take(Pending.objects.all(), now=clock(), n=1, lease=LEASE)

    take_over(Hold(((held.pk, held.token),)), how="hung", now=clock())

    assert Pending.objects.get().cause == ""
    assert react({"order.ready": [mark]}, clock=clock) == 0


def test_a_job_that_wants_too_much_memory_rests_and_the_worker_hears_of_it(clock: Clock) -> None:
    happen("order.bad", "order.ready")

    def want(event: Event, *, now: datetime) -> None:
        raise MemoryError

    with pytest.raises(MemoryError):
        react({"order.bad": [want], "order.ready": [mark]}, clock=clock)

    assert set(Pending.objects.values_list("kind", "tries")) == {("order.bad", 1), ("order.ready", 0)}
    assert react({"order.ready": [mark]}, clock=clock) == 1


def test_a_parked_or_resting_event_does_not_delay_others(clock: Clock) -> None:
    happen("order.bad", *["order.ready"] * 30)
    begun = time.monotonic()

    handled = [react({"order.bad": [fail], "order.ready": [mark]}, clock=clock) for _ in range(2)]

    print(f"R16: 30 events behind a failing one were done {time.monotonic() - begun:.2f} s after it began")
    assert sum(handled) == 30
    assert Pending.objects.get().kind == "order.bad"


def test_a_hanging_reaction_is_broken_off_and_the_next_starts_at_once(clock: Clock) -> None:
    happen("order.bad", "order.ready")
    begun = time.monotonic()

    handled = react(
        {"order.bad": [lambda event, now: _hang()], "order.ready": [mark]}, clock=clock, limit=lambda: in_time(0.3)
    )

    lasted = time.monotonic() - begun
    print(f"R16: hung for 0.3 s, the next was done {lasted - 0.3:.2f} s later")
    assert handled == 1
    assert Pending.objects.get().cause.startswith("TooLongError: took longer than 0.3 s")


def _hang() -> None:
    while True:
        with suppress(Exception):
            time.sleep(30)


def test_what_ends_in_time_is_left_alone() -> None:
    with in_time(5):
        pass
    with pytest.raises(TooLongError), in_time(0.05):
        time.sleep(1)


# ── Lease and fence ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_takes_what_another_holds_until_the_lease_ends(clock: Clock) -> None:
    happen("order.ready")
    (held,) = claims.take(Pending.objects.all(), now=clock(), n=5, lease=LEASE)

    assert claims.take(Pending.objects.all(), now=clock(), n=5, lease=LEASE) == []
    clock.wait(seconds=31)
    (again,) = claims.take(Pending.objects.all(), now=clock(), n=5, lease=LEASE)
    assert again.pk == held.pk
    assert again.token == held.token + 1


def test_who_slept_through_his_lease_leaves_no_trace(clock: Clock) -> None:
    happen("order.ready")

    def sleep_while_another_works(event: Event, *, now: datetime) -> None:
        raise AssertionError("must not run: the lease is gone")

    (late,) = claims.take(Pending.objects.all(), now=clock(), n=1, lease=LEASE)
    clock.wait(seconds=31)
    react({"order.ready": [mark]}, clock=clock)
    claims.give_back(late, cause="too late", now=clock())

    assert claims.mine(late).delete()[0] == 0
    assert Mark.objects.count() == 1
    assert not Pending.objects.exists()


@pytest.mark.parametrize("ahead", [timedelta(hours=2), timedelta(days=400)])
def test_a_lease_from_a_clock_that_ran_ahead_holds_nobody_up(clock: Clock, ahead: timedelta) -> None:
    happen("order.ready")
    claims.take(Pending.objects.all(), now=clock() + ahead, n=1, lease=LEASE)

    assert react({"order.ready": [mark]}, clock=clock) == 1


def test_what_was_taken_and_not_begun_is_given_back_without_a_try(clock: Clock) -> None:
    happen("order.ready", "order.ready")
    held = claims.take(Pending.objects.all(), now=clock(), n=2, lease=LEASE)

    claims.release(held)

    assert set(Pending.objects.values_list("tries", "free_at")) == {(0, claims.AT_ONCE)}


# ── Idempotence ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_occasion_is_answered_once(clock: Clock) -> None:
    (event,) = happen("order.ready")

    assert first_time(event, "tell_ready", "customer:7")
    assert not first_time(event, "tell_ready", "customer:7")
    assert first_time(event, "tell_ready", "customer:8")
    assert first_time("2026-11-20", "remind", "order:1")
    assert not first_time("2026-11-20", "remind", "order:1")
    assert Once.objects.count() == 3


def test_a_rolled_back_answer_does_not_count() -> None:
    (event,) = happen("order.ready")
    with suppress(RuntimeError), transaction.atomic():
        first_time(event, "tell_ready", "customer:7")
        raise RuntimeError

    assert first_time(event, "tell_ready", "customer:7")


@pytest.mark.django_db(transaction=True)
def test_two_threads_share_the_work_without_doing_any_twice(clock: Clock, in_threads: Callable[..., list[Any]]) -> None:
    happen(*["order.ready"] * 60)

    def work() -> int:
        return sum(react({"order.ready": [mark]}, clock=clock) for _ in range(12))

    handled = in_threads(work, work, work)

    assert sum(handled) == 60
    assert Mark.objects.count() == 60
