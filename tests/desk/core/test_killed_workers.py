"""R2 in small: workers are killed in the middle of reactions; nothing is lost, nothing done twice, nothing half made."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Callable

import pytest
from django.db import transaction

from dovolen.desk.core import journal, sealing
from dovolen.desk.core.models import Counter, Event, Mark, Pending
from tests.desk.conftest import NOON, TIMES
from tests.desk.processes import Installation, ended, kill

EVENTS, KILLS = 100 * TIMES, 6 * TIMES
WORKER = ("-m", "tests.desk.core.worker_under_test")


def happen(n: int) -> None:
    with transaction.atomic():
        for number in range(1, n + 1):
            counter = Counter.objects.create(kind="effect", centre_id=number, year=2026)
            journal.record("test.happened", subject=counter, by=None, at=NOON, n=number)


@pytest.mark.endures
def test_killed_workers_lose_nothing_and_repeat_nothing(installed: Installation) -> None:
    happen(EVENTS)
    rng, kills = random.Random(3), 0
    workers = [installed.start(*WORKER) for _ in range(2)]
    latest = time.monotonic() + 120
    with ended(*workers):
        while Pending.objects.exists() and time.monotonic() < latest:
            done = Mark.objects.count()
            if kills < KILLS and done >= (kills + 1) * EVENTS / (KILLS + 2):
                victim = rng.randrange(2)
                kill(workers[victim])
                workers[victim] = installed.start(*WORKER)
                kills += 1
            time.sleep(0.01)
        for worker in workers:
            kill(worker)

    effects = list(Counter.objects.filter(kind="effect").values_list("last", flat=True))
    lost, twice = effects.count(0), sum(effect > 1 for effect in effects)
    half = EVENTS - Mark.objects.count()
    print(f"R2: {kills} kills, {EVENTS} events: {lost} lost, {twice} twice, {half} half made")
    assert kills == KILLS
    assert (lost, twice, half) == (0, 0, 0)
    assert Event.objects.count() == EVENTS


def test_a_worker_told_to_stop_finishes_and_leaves(installed: Installation) -> None:
    happen(20)
    worker = installed.start(*WORKER)
    with ended(worker):
        _until(lambda: not Pending.objects.exists() and not Event.objects.filter(seal=None).exists())
        worker.terminate()
        assert worker.wait(10) == 0

    assert Mark.objects.count() == 20
    assert sealing.verify().n_events == 20


def _until(holds: Callable[[], bool], seconds: float = 30) -> None:
    latest = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < latest
        time.sleep(0.05)


def test_two_workers_share_the_work(installed: Installation) -> None:
    happen(EVENTS)
    workers: list[subprocess.Popen[str]] = [installed.start(*WORKER) for _ in range(2)]
    with ended(*workers):
        _until(lambda: not Pending.objects.exists(), 60)

    assert set(Counter.objects.filter(kind="effect").values_list("last", flat=True)) == {1}
    assert Mark.objects.count() == EVENTS
