"""R18: eight people take in and move orders, eight read lists, on one SQLite base; nobody is told that it is locked."""

from __future__ import annotations

import threading
import time
from collections import Counter
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.db import connections
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import sealing
from dovolen.desk.orders import upkeep
from dovolen.desk.orders.models import RepairOrder, Stage
from tests.desk import make
from tests.desk.conftest import TIMES

WRITERS = READERS = 8
SECONDS = 3 * TIMES
READ = ("/orders/", "/orders/board/", "/customers/", "/")

pytestmark = pytest.mark.endures


@pytest.mark.base("sqlite")
@pytest.mark.django_db(transaction=True)
def test_eight_who_write_and_eight_who_read_are_never_told_to_wait(director: Staff) -> None:
    make.stage("accepted")
    diagnosis, accepted = Stage.objects.get(code="diagnosis"), Stage.objects.get(code="accepted")
    term = (timezone.now() + timedelta(days=2)).isoformat()
    facts = {
        "customer": "new", "asset": "new", "category": make.category("laptop").pk, "model": "ASUS VivoBook", "term": term,
    }  # fmt: skip
    until, codes, numbers, slowest = time.monotonic() + SECONDS, Counter[int](), count(1), [0.0]
    lock = threading.Lock()

    def asked(client: Client, method: str, page: str, told: dict[str, Any] | None = None) -> Any:
        begun = time.monotonic()
        answer = getattr(client, method)(page, told)
        with lock:
            codes[answer.status_code] += 1
            slowest[0] = max(slowest[0], time.monotonic() - begun)
        return answer

    def write(client: Client) -> None:
        mark = f"client {next(numbers)}"
        told = {**facts, "name": mark, "fault_text": mark, "once": f"form-{mark.replace(' ', '-')}"}
        number = asked(client, "post", "/intake/", told)["Location"].split("/")[2]
        asked(client, "post", f"/orders/{number}/stage/", {"stage": diagnosis.pk, "seen": accepted.pk})

    def read(client: Client) -> None:
        for page in READ:
            asked(client, "get", page)

    problems: list[str] = []

    def repeat(step: Any) -> None:
        client = Client()
        client.force_login(director)
        try:
            step(client)  # once at least, however slow the machine
            while time.monotonic() < until:
                step(client)
        except Exception as problem:  # told at the end
            problems.append(repr(problem))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=repeat, args=[step]) for step in [write] * WRITERS + [read] * READERS]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    n = RepairOrder.objects.count()
    print(f"R18: {n} orders taken in, {dict(codes)} answers, the slowest {slowest[0]:.2f} s")
    assert problems == []
    assert set(codes) == {200, 302}
    assert n >= WRITERS
    assert RepairOrder.objects.filter(stage=diagnosis).count() == n
    assert upkeep.wrong_orders() == []
    assert sealing.verify().flaws == ()
