"""The analyst is killed while it makes snapshots: nobody ever sees half of one, and another makes it whole."""

from __future__ import annotations

import random
import time
from datetime import timedelta

import pytest
from django.utils import timezone

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.analysis import actions, queries
from dovolen.desk.analysis.models import (
    ASKED,
    DONE,
    FAILED,
    RUNNING,
    WANTED,
    ClientResult,
    OrderScore,
    Snapshot,
    StudyFigure,
    StudySheet,
)
from dovolen.desk.orders.models import RepairOrder
from tests.desk import make
from tests.desk.conftest import TIMES
from tests.desk.processes import Installation, ended, kill

KILLS = TIMES
SEED = 17
ORDERS = 22
LEASE = 3
PATIENCE = 120.0
ANALYST = f"""
import os, time
os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
import django
django.setup()
from datetime import timedelta
from dovolen.desk.analysis.work import running
print("begun", flush=True)
while True:
    running.step(lease=timedelta(seconds={LEASE})) or time.sleep(0.1)
"""

pytestmark = pytest.mark.endures


def _director() -> Staff:
    centre = Centre.objects.create(name="Сервис на Ленина")
    staff = Staff.objects.create(login="director", name="Игорь Мельник")
    Membership.objects.create(staff=staff, centre=centre, role=DIRECTOR)
    return staff


def _half_made(n_clients: int, n_orders: int) -> list[str]:
    """What is wrong with snapshots that somebody may see; of former ones of the same day the rows have gone."""
    wrong = []
    for seen in Snapshot.objects.published().filter(has_rows=True):
        clients = ClientResult.objects.filter(snapshot=seen).count()
        scores = list(OrderScore.objects.as_of(seen).values_list("order", flat=True))
        if clients != n_clients:
            wrong.append(f"{seen.pk}: {clients} clients of {n_clients}")
        if len(scores) != n_orders or len(set(scores)) != n_orders:
            wrong.append(f"{seen.pk}: {len(scores)} scores of {len(set(scores))} orders, not {n_orders}")
        tables = (StudyFigure, StudySheet)
        wrong += [f"{seen.pk}: no {one.__name__}" for one in tables if not one.objects.filter(snapshot=seen).exists()]
    return wrong


def _state(asked: Snapshot) -> str:
    return Snapshot.objects.values_list("state", flat=True).get(pk=asked.pk)


def _ask(by: Staff) -> Snapshot:
    return actions.ask(centre=None, cause=ASKED, by=by, now=timezone.now())


def test_a_killed_analyst_leaves_no_half_snapshot_and_the_next_one_finishes_it(installed: Installation):
    chance = random.Random(SEED)
    director = _director()
    now = timezone.now()
    for n in range(ORDERS):
        make.order(by=director, at="picked_up", now=now - timedelta(days=ORDERS - n))
    orders, clients = RepairOrder.objects.count(), RepairOrder.objects.values("customer").distinct().count()
    asked, wrong, struck = _ask(director), [], 0

    def anew() -> Snapshot:
        """One that is to be made: the one asked for, another where it is finished or was given up after many kills."""
        return _ask(director) if _state(asked) in (DONE, FAILED) else asked

    for _ in range(KILLS):
        asked = anew()
        process = installed.start("-c", ANALYST)
        with ended(process):
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            until = time.monotonic() + PATIENCE
            while _state(asked) == WANTED and time.monotonic() < until:
                time.sleep(0.05)
            time.sleep(chance.uniform(0, 4))
            struck += _state(asked) == RUNNING
            kill(process)
        wrong += _half_made(clients, orders)

    process = installed.start("-c", ANALYST)
    with ended(process):
        until = time.monotonic() + PATIENCE
        while _state(asked) != DONE and time.monotonic() < until:
            asked = anew()
            time.sleep(0.2)
    wrong += _half_made(clients, orders)

    engine = "postgres" if installed.url else "sqlite"
    print(f"R17 analyst {engine}: {KILLS} kills: {struck} while it made one, {len(wrong)} half snapshots seen")
    assert not wrong
    seen = queries.latest(None)
    assert seen is not None
    assert seen.pk == asked.pk
