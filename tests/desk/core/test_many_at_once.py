"""R18: eight write and eight read one SQLite base; nobody is told that it is locked."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from django.db import OperationalError, connection, connections, transaction

from dovolen.desk.core import journal, sealing
from dovolen.desk.core.models import Counter, Event, Pending
from dovolen.desk.core.numbers import next_number
from dovolen.desk.core.reacting import react
from dovolen.desk.core.sqlite.base import Turns
from dovolen.desk.core.worker import now
from tests.desk.conftest import NOON, TIMES

WRITERS = READERS = 8
SECONDS = 3 * TIMES


@pytest.mark.endures
@pytest.mark.base("sqlite")
@pytest.mark.django_db(transaction=True)
def test_eight_writers_and_eight_readers_never_find_the_base_locked() -> None:
    until, told, counts = time.monotonic() + SECONDS, list[str](), {"written": 0, "read": 0, "reacted": 0}
    slowest = [0.0]

    def write() -> None:
        begun = time.monotonic()
        with transaction.atomic():
            subject = Counter(pk=next_number("order", Counter(pk=1), 2026))
            Event.objects.filter(kind="order.accepted").count()
            journal.record("order.accepted", subject=subject, by=None, at=NOON)
        slowest[0] = max(slowest[0], time.monotonic() - begun)

    def read() -> None:
        list(Event.objects.order_by("-id")[:20])
        Pending.objects.count()

    def work() -> None:
        react({"order.accepted": [lambda event, now: None]}, clock=now)
        sealing.seal(now=now())

    def repeat(name: str, step: Any) -> None:
        while time.monotonic() < until:
            try:
                step()
                counts[name] += 1
            except OperationalError as error:
                told.append(str(error))
        connections.close_all()

    steps = [("written", write)] * WRITERS + [("read", read)] * READERS + [("reacted", work)]
    threads = [threading.Thread(target=repeat, args=step) for step in steps]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    numbers = Counter.objects.get().last
    print(
        f"R18 on SQLite {connection.Database.sqlite_version}: {counts['written']} writes by {WRITERS}, {counts['read']} reads by "
        f"{READERS} in {SECONDS} s, slowest write {slowest[0]:.2f} s: {len(told)} times locked"
    )
    assert not told
    assert numbers == Event.objects.count() == counts["written"]
    assert sealing.verify().flaws == ()


@pytest.mark.base("sqlite")
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("statement", ["BEGIN IMMEDIATE", "UPDATE core_counter SET last = last + 1"])
def test_a_writer_waits_for_the_one_before_it_and_no_longer_than_its_patience(statement: str) -> None:
    other = connection.copy()
    with other.cursor() as holder, connection.cursor() as cursor:
        holder.execute("BEGIN IMMEDIATE")
        cursor.patience = 0.05
        with pytest.raises(OperationalError, match="locked"):
            cursor.execute(statement)

        cursor.patience = 20
        threading.Timer(0.05, holder.execute, ["ROLLBACK"]).start()
        cursor.execute(statement)
        if connection.connection.in_transaction:
            cursor.execute("ROLLBACK")
    other.close()


def test_turns_come_in_the_order_of_asking() -> None:
    turns, came = Turns(), list[int]()

    def ask(number: int) -> None:
        with turns.mine(time.monotonic() + 20) as has_come:
            assert has_come
            came.append(number)

    with turns.mine(time.monotonic()):
        with turns.mine(time.monotonic() + 0.01) as has_come:
            assert not has_come
        threads = [threading.Thread(target=ask, args=[number]) for number in range(5)]
        for waiting, thread in enumerate(threads, 1):
            thread.start()
            while len(turns) < waiting:
                time.sleep(0.001)
    for thread in threads:
        thread.join()

    assert came == [0, 1, 2, 3, 4]


@pytest.mark.base("sqlite")
@pytest.mark.django_db
def test_the_sqlite_at_work_is_safe() -> None:
    with connection.cursor() as cursor:
        told = {
            name: cursor.execute(f"PRAGMA {name}").fetchone()[0]
            for name in ("journal_mode", "synchronous", "foreign_keys", "trusted_schema", "busy_timeout")
        }

    assert told == {
        "journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "trusted_schema": 0, "busy_timeout": 0,
    }  # fmt: skip
    assert connection.Database.sqlite_version_info >= (3, 51, 3)
