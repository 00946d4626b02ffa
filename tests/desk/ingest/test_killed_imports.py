"""R17: the importer is killed anywhere in the middle; the next one goes on, nothing is there twice, nothing is missing."""

from __future__ import annotations

import random
import signal
import subprocess
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db.models import Count, Sum

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.core.home import Home
from dovolen.desk.core.models import Counter, Event, Findable
from dovolen.desk.ingest import actions
from dovolen.desk.ingest.models import AT_WORK, CHECKED, DONE, MAPPED, UNDONE, Import, ImportedRow, RejectedRow
from dovolen.desk.orders.models import Line, PastOrder, RepairOrder
from dovolen.desk.people.models import Customer, CustomerPlace, Phone
from tests.desk import make_imports
from tests.desk.conftest import TIMES
from tests.desk.processes import Installation, kill

pytestmark = pytest.mark.endures

KILLS = 3 * TIMES
"""On each engine; thirty in `make endure`."""
CLIENTS, ORDERS = 150, 100 + 260 * KILLS
IMPORTER = ("-m", "tests.desk.ingest.importer_under_test")
PATIENCE = 200 + 20 * KILLS
WHEN = (0.02, 0.3)
"""Seconds after an importer took the import; twice as many after each that had no time to leave anything behind."""


def director() -> Staff:
    centre = Centre.objects.create(name="Сервис на Ленина", zone="Europe/Moscow")
    staff = Staff.objects.create(login="director", name="Игорь Мельник")
    Membership.objects.create(staff=staff, centre=centre, role="director")
    return staff


class Killed:
    """Importers one after another: each is cut off at another moment of its work, the next begins."""

    def __init__(self, installation: Installation, seed: int) -> None:
        self._installation, self._rng = installation, random.Random(seed)
        self._process: subprocess.Popen[str] | None = None
        self.n = 0

    def until(self, source: Import, state: str, *, kills: int) -> Import:
        """Work on until the import is in that state; the first so many importers die in the middle of it."""
        latest = time.monotonic() + PATIENCE
        self.end()
        while (found := Import.objects.get(pk=source.pk)).state != state:
            assert found.state in AT_WORK, found.refusal
            assert time.monotonic() < latest, f"{found.state} {found.progress} {found.cause}"
            died = self._process.poll() if self._process else None
            if died == -signal.SIGKILL:
                self.n, kills = self.n + 1, kills - 1
            if died is not None or self._process is None:
                self.end()
                delay = self._rng.uniform(*WHEN) * 2**found.tries if kills else 0.0
                self._process = self._installation.start(*IMPORTER, str(delay))
            time.sleep(0.02)
        return found

    def end(self) -> None:
        """Nobody works any more."""
        if self._process:
            kill(self._process)
            self._process = None


def facts() -> dict[str, Any]:
    """What an import made, and what must not be there twice."""
    return {
        "clients": Customer.objects.count(),
        "phones": Phone.objects.count(),
        "places": CustomerPlace.objects.count(),
        "orders": RepairOrder.objects.count(),
        "past": PastOrder.objects.count(),
        "found_by": Findable.objects.count(),
        "keys": ImportedRow.objects.count(),
        "rejected": RejectedRow.objects.count(),
        "revenue": PastOrder.objects.aggregate(sum=Sum("revenue"))["sum"] or 0,
        "counted": Customer.objects.aggregate(sum=Sum("n_orders"))["sum"] or 0,
    }


def doubles() -> int:
    """Old numbers, phones and keys that stand there more than once."""
    found = 0
    for model, fields in ((PastOrder, ["number"]), (Phone, ["number"]), (ImportedRow, ["table", "key"])):
        found += model.objects.order_by().values(*fields).annotate(n=Count("pk")).filter(n__gt=1).count()
    return found


def test_a_killed_import_goes_on_and_makes_nothing_twice(installed: Installation, settings: Any) -> None:
    settings.HOME = Home(installed.home)
    settings.HOME.files.mkdir(exist_ok=True)
    by = director()
    content = make_imports.orders_file(ORDERS, CLIENTS) + "X1;K0001;Клиент;;вчера;;;;1\n".encode()
    source = make_imports.brought(content, by=by, now=datetime.now(UTC))
    hands = Killed(installed, seed=17)
    try:
        hands.until(source, MAPPED, kills=KILLS // 10)
        actions.ask_check(source=Import.objects.get(pk=source.pk), by=by, now=datetime.now(UTC))
        hands.until(source, CHECKED, kills=KILLS // 10)
        actions.ask_load(source=Import.objects.get(pk=source.pk), by=by, now=datetime.now(UTC))
        loaded = hands.until(
            source, DONE, kills=KILLS - hands.n
        )  # with those that reading and check were too quick for
        made = facts()
        n_loading, twice = hands.n, doubles()
        actions.ask_undo(source=loaded, by=by, now=datetime.now(UTC))
        hands.until(source, UNDONE, kills=max(KILLS // 10, 1))
    finally:
        hands.end()

    print(f"R17: {n_loading} kills of the import, {hands.n - n_loading} of its undoing; {twice} twice; {made}")
    assert n_loading == KILLS
    assert twice == 0
    assert made == {
        "clients": CLIENTS, "phones": CLIENTS, "places": CLIENTS, "orders": ORDERS, "past": ORDERS,
        "found_by": CLIENTS + ORDERS, "keys": CLIENTS + ORDERS, "rejected": 1, "revenue": ORDERS * 150_000,
        "counted": ORDERS,
    }  # fmt: skip
    assert Counter.objects.get(kind="order").last == ORDERS
    assert Event.objects.filter(kind="import.loaded").count() == 1
    assert set(facts().values()) == {0}
    assert not Line.objects.exists()
