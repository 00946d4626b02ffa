"""R1: web processes are killed while devices are taken in, orders move and are paid; what was acknowledged is there,
once, whole, and adds up.

Clients repeat what was not answered, with the same key, as people press again. What they were told is written to a file
outside and synced before the next request; an auditor compares it with the base.
"""

from __future__ import annotations

import json
import os
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import psutil
import pytest
from django.db import connection
from django.db.models import Count, F, Q, Sum
from django.test import Client
from django.utils import timezone

from dovolen.desk.core import sealing
from dovolen.desk.core.models import Event, Findable
from dovolen.desk.money.models import Account, CashShift, Payment
from dovolen.desk.money.queries import drawer_of
from dovolen.desk.orders import upkeep
from dovolen.desk.orders.models import RepairOrder, Stage, StageEntry
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_money
from tests.desk.conftest import TIMES
from tests.desk.core.test_serving import answers, free_port, tree, until
from tests.desk.processes import Installation, ended

KILLS, CLIENTS, PROCESSES = 4 * TIMES, 4, 2
SEED = 11
WAY = ("diagnosis", "repair")
PAID = {"cash": 123_457, "card": 70_001}
"""What each order is prepaid, in kopecks."""
CSRF = "a" * 32
PATIENCE = 60.0
OPENING = 500_000

pytestmark = pytest.mark.endures


@dataclass
class Outside:
    """What clients were told, in a file of their own."""

    path: Path
    lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, **told: Any) -> None:
        with self.lock, self.path.open("a") as file:
            file.write(json.dumps(told) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines()]


@dataclass
class Person:
    """Somebody at a browser who takes in and moves orders until told to stop, and presses again when nothing comes."""

    port: int
    cookie: str
    outside: Outside
    stop: threading.Event
    facts: dict[str, str]
    stages: dict[str, int]
    name: str
    repeats: int = 0
    strange: Counter[int] = field(default_factory=Counter)

    def work(self) -> None:
        number = 0
        while not self.stop.is_set():
            number += 1
            mark = f"{self.name}-{number}"
            place = self.send("/intake/", mark, {**self.facts, "fault_text": mark, "name": f"Клиент {mark}"})
            if place is None:
                return
            order = int(place.split("/")[2])
            self.outside.note(what="intake", mark=mark, number=order)
            before = self.stages["accepted"]
            for code in WAY:
                moved = {"stage": str(self.stages[code]), "seen": str(before)}
                if self.send(f"/orders/{order}/stage/", f"{mark}-{code}", moved) is None:
                    return
                self.outside.note(what="stage", number=order, stage=self.stages[code])
                before = self.stages[code]
            for method, amount in PAID.items():
                receipt = f"{mark}-{method}"
                told = {"method": method, "amount": f"{amount / 100:.2f}", "receipt_number": receipt}
                if self.send(f"/orders/{order}/payments/new/", receipt, told) is None:
                    return
                self.outside.note(what="payment", number=order, receipt=receipt, amount=amount)

    def send(self, page: str, key: str, told: dict[str, str]) -> str | None:
        """The address that a form leads to; sent again with the same key until somebody answers."""
        body = urlencode({**told, "once": f"form-{key}", "csrfmiddlewaretoken": CSRF})
        latest = time.monotonic() + PATIENCE
        while time.monotonic() < latest:
            status, place = self._ask(page, body)
            if status == 302:
                return place
            if status not in (0, 503):
                self.strange[status] += 1
                return None
            self.repeats += 1
            time.sleep(0.02)
        self.strange[0] += 1
        return None

    def _ask(self, page: str, body: str) -> tuple[int, str]:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Cookie": self.cookie}
        line = HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            line.request("POST", page, body, headers)
            answer = line.getresponse()
            answer.read()
            return answer.status, answer.headers.get("Location", "")
        except (OSError, HTTPException):
            return 0, ""
        finally:
            line.close()


def test_what_was_acknowledged_outlives_killed_pages(installed: Installation, tmp_path: Path) -> None:
    house = cast.full(now=timezone.now())
    make.stage("accepted")
    for centre in (house.north, house.south):
        make_money.shift(by=cast.fresh(house.olga), centre=centre, opening=OPENING, now=timezone.now())
    outside, stop, port = Outside(tmp_path / "told.jsonl"), threading.Event(), free_port()
    outside.path.touch()
    people = [person(house, n, port, outside, stop) for n in range(CLIENTS)]
    server = installed.start("-m", "dovolen", "serve", "--port", str(port), "--processes", str(PROCESSES))
    with ended(server), at_work(people, stop):
        until(lambda: answers(port))
        kills = kill_pages(server, port, outside)
        n = len(outside.read())
        until(lambda: len(outside.read()) > n + CLIENTS)
        stop.set()
        for thread in threading.enumerate():
            if thread.name.startswith("person"):
                thread.join(PATIENCE)
        server.terminate()
        server.wait(30)

    found = audit(outside.read())
    repeats = sum(one.repeats for one in people)
    strange = sum((one.strange for one in people), Counter())
    print(f"R1 {connection.vendor}: {kills} kills (seed {SEED}), {repeats} sent again, {found}")
    assert kills == KILLS
    assert not strange
    assert found.n_intakes > CLIENTS
    assert found.n_payments > CLIENTS
    assert (found.lost, found.twice, found.half) == (0, 0, 0)
    assert found.flaws == ()


def person(house: cast.House, n: int, port: int, outside: Outside, stop: threading.Event) -> Person:
    staff = house[("receptionist.north", "manager.north", "receptionist.south", "manager.south")[n % 4]]
    client = Client()
    client.force_login(staff)
    kind = make.category("laptop")
    term = timezone.now() + timedelta(days=2)
    facts = {
        "customer": "new", "asset": "new", "category": str(kind.pk), "model": "Lenovo IdeaPad 5", "term": term.isoformat(),
        "consent_processing": "1", "consent_service": "1",
    }  # fmt: skip
    cookie = f"sessionid={client.cookies['sessionid'].value}; csrftoken={CSRF}"
    stages = dict(Stage.objects.values_list("code", "pk"))
    return Person(port, cookie, outside, stop, facts, stages, f"person{n}")


@contextmanager
def at_work(people: list[Person], stop: threading.Event) -> Iterator[None]:
    threads = [threading.Thread(target=one.work, name=one.name, daemon=True) for one in people]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()


def kill_pages(server: Any, port: int, outside: Outside) -> int:
    """Kill one web process or all, at moments of chance while people are at work."""
    rng, kills = random.Random(SEED), 0
    for _ in range(KILLS):
        n = len(outside.read())
        until(lambda n=n: len(outside.read()) >= n + 8, PATIENCE)  # type: ignore[misc]
        time.sleep(rng.uniform(0, 0.1))
        pages = web_processes(server)
        for one in pages if rng.random() < 0.5 else rng.sample(pages, 1):
            one.kill()
        kills += 1
        until(lambda: answers(port), PATIENCE)
    return kills


def web_processes(server: Any) -> list[psutil.Process]:
    """Processes that answer pages: children of the server that are no workers of events."""

    def found() -> list[psutil.Process]:
        return [one for one in tree(server) if "dovolen" in " ".join(cmdline(one)) and not is_worker(one)]

    until(found)
    return found()


def cmdline(one: psutil.Process) -> list[str]:
    try:
        return one.cmdline()
    except psutil.Error:
        return []


def is_worker(one: psutil.Process) -> bool:
    return "dovolen.desk.commands.one_worker" in cmdline(one)


@dataclass(frozen=True)
class Found:
    """What the auditor says."""

    n_intakes: int
    n_moves: int
    n_payments: int
    n_orders: int
    lost: int
    twice: int
    half: int
    flaws: tuple[str, ...]


def audit(told: list[dict[str, Any]]) -> Found:
    """Compare what people were told with what the base holds."""
    connection.close()
    orders = list(RepairOrder.objects.order_by("number"))
    by_mark = Counter(order.fault_text for order in orders)
    numbers = {order.fault_text: order.number for order in orders}
    intakes = [entry for entry in told if entry["what"] == "intake"]
    moves = [entry for entry in told if entry["what"] == "stage"]
    keys = {order.number: order.pk for order in orders}
    moved = Counter(
        (event.subject_id, event.facts["stage"]) for event in Event.objects.filter(kind="order.stage_moved")
    )
    lost = sum(numbers.get(entry["mark"]) != entry["number"] for entry in intakes)
    lost += sum(not moved[keys.get(entry["number"], 0), entry["stage"]] for entry in moves)
    twice = sum(n > 1 for n in by_mark.values()) + sum(n > 1 for n in moved.values())
    payments = [entry for entry in told if entry["what"] == "payment"]
    kept = Counter(Payment.objects.values_list("account__order_number", "receipt_number", "amount"))
    lost += sum(not kept[entry["number"], entry["receipt"], entry["amount"]] for entry in payments)
    twice += sum(n > 1 for n in kept.values())
    flaws = (*_flaws(), *_wrong_sums())
    return Found(len(intakes), len(moves), len(payments), len(orders), lost, twice, _half_made(orders), flaws)


def _wrong_sums() -> list[str]:
    """Accounts, drawers and the journal that tell something else than the payments."""
    sums = Account.objects.annotate(sum=Sum("payments__amount", default=0))
    wrong = [f"account of {one.order_number}" for one in sums.exclude(paid=F("sum"), due=0)]
    for shift in CashShift.objects.all():
        cash = Payment.objects.filter(shift=shift).count() * PAID["cash"]
        wrong += [f"drawer {shift.pk}"] * (drawer_of(shift) != OPENING + cash)
    said = Counter(event.facts["payment"] for event in Event.objects.filter(kind="money.paid"))
    return wrong + [f"payment {key}" for key in Payment.objects.values_list("pk", flat=True) if said[key] != 1]


def _half_made(orders: list[RepairOrder]) -> int:
    """Orders that lack a row of what makes one; clients without an order; numbers with a gap."""
    whole = (
        RepairOrder.objects.annotate(
            n_now=Count("stage_entries", filter=Q(stage_entries__left_at=None), distinct=True),
            n_promises=Count("promises", distinct=True),
        )
        .filter(n_now=1, n_promises=1, customer__n_orders=1, asset__ownerships__customer=F("customer"))
        .values_list("pk", flat=True)
    )
    accepted = Counter(Event.objects.filter(kind="order.accepted").values_list("subject_id", flat=True))
    found = set(Findable.objects.filter(kind="order").values_list("subject_id", flat=True))
    half = sum(order.pk not in set(whole) or accepted[order.pk] != 1 or order.pk not in found for order in orders)
    half += abs(Customer.objects.count() - len(orders))
    half += [order.number for order in orders] != list(range(1, len(orders) + 1))
    return half + StageEntry.objects.filter(left_at__lt=F("entered_at")).count()


def _flaws() -> tuple[str, ...]:
    flaws = [*sealing.verify().flaws, *map(str, upkeep.wrong_orders())]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA integrity_check")
            flaws += [line for (line,) in cursor.fetchall() if line != "ok"]
    connection.check_constraints()
    return tuple(flaws)
