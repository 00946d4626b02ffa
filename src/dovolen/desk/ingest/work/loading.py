"""The load: batch after batch, each in one transaction with the cursor; killed anywhere, it goes on at the next."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts import actions as accounts
from dovolen.desk.accounts.models import Centre
from dovolen.desk.core import journal
from dovolen.desk.ingest.actions.asking import NEW, check_currency
from dovolen.desk.ingest.models import ASSETS, CUSTOMERS, DONE, ORDERS, Import
from dovolen.desk.ingest.work import assets, customers, facts, folder, orders
from dovolen.desk.ingest.work.plans import Plan, Work, newest, reject
from dovolen.desk.ingest.work.running import LEASE, finish, mark
from dovolen.desk.ingest.work.staging import BATCH, Staged, staged
from dovolen.desk.orders.models import RepairOrder

FACTS = "facts"
BREATH = 0.004
"""Between two batches, seconds: pages that wait for their turn to write get it."""


@dataclass(frozen=True)
class Steps:
    """What is done with a batch of a table: planned, worked out before the base is locked, written."""

    plan: Callable[[Work, int], Plan]
    write: Callable[[Work, Plan, int], None]
    tell: Callable[[Work, Plan], None] | None = None


STEPS = {
    CUSTOMERS: Steps(customers.plan, customers.write, customers.tell),
    ASSETS: Steps(assets.plan, assets.write),
    ORDERS: Steps(orders.plan, orders.write),
}


def load(source: Import, clock: Callable[[], datetime]) -> None:
    """Write what was checked. Raises: SchemaError, OtherCurrency, Lost."""
    rows = staged(source, clock)
    if not source.progress:
        _begin(source, rows, clock())
    centres = {word: int(key) for word, key in source.choices.get("centres", {}).items()}
    by = source.loaded_by or source.made_by
    work = Work(source, rows, by, clock(), dry=False, centres=centres)
    for table in STEPS:
        while (done := source.progress[table][0]) < rows.rows(table):
            _batch(work, table, done // BATCH, clock)
            time.sleep(BREATH)
        if table == CUSTOMERS and work.gave(CUSTOMERS, "referred_by"):
            _tie_referred(work, clock)
    _facts(work, clock)
    told = {table: done for table, (done, _) in source.progress.items()}
    finish(source, DONE, clock(), kind="import.loaded", told=told, done_at=clock())
    folder.drop_rows(source)


@transaction.atomic
def _begin(source: Import, rows: Staged, now: datetime) -> None:
    """Centres that are new, the currency of an empty house, rows that reading set aside; the cursor at nought."""
    check_currency(rows.told["currency"])
    by = source.loaded_by or source.made_by
    _reckon_in(source, rows, now)
    centres: dict[str, int] = {}
    for word, chosen in source.choices.get("centres", {}).items():
        if chosen != NEW:
            centres[word] = int(chosen)
            continue
        known = Centre.objects.filter(name=word[:80]).first()
        centre = known or accounts.open_centre(
            name=word[:80], zone=rows.told["zone"], currency=rows.told["currency"], by=by, now=now
        )
        centres[word] = centre.pk
    work = Work(source, rows, by, now, dry=False)
    told = json.loads((rows.place / "aside.json").read_text("utf-8"))["rows"]
    reject(work, [(row["table"][:10], row["place"], row["reason"], row["cells"]) for row in told])
    totals = {table: [0, rows.rows(table)] for table in (CUSTOMERS, ASSETS, ORDERS)}
    totals[FACTS] = [0, sum(rows.rows(name) for name in rows.facts())]
    mark(source, progress=totals, choices={**source.choices, "centres": centres}, free_at=now + LEASE)


def _reckon_in(source: Import, rows: Staged, now: datetime) -> None:
    """A house without orders takes the currency and zone of its first import."""
    wanted = {"currency": rows.told["currency"], "zone": rows.told["zone"]}
    if RepairOrder.objects.exists():
        return
    by = source.loaded_by or source.made_by
    for centre in Centre.objects.exclude(**wanted):
        Centre.objects.filter(pk=centre.pk).update(**wanted)
        journal.record("centre.changed", subject=centre, by=by, at=now, centre=centre, changed=sorted(wanted))
        if centre.pk == source.centre_id:
            source.centre.currency, source.centre.zone = wanted["currency"], wanted["zone"]


def _batch(work: Work, table: str, number: int, clock: Callable[[], datetime]) -> None:
    """Planned before the base is locked, and again where somebody was faster or rows of the desk are concerned."""
    steps = STEPS[table]
    seen = newest()
    ahead = None if work.knows_keys else steps.plan(work, number)
    if ahead and ahead.is_all_new and steps.tell:
        steps.tell(work, ahead)
    with transaction.atomic():
        plan = ahead if ahead and ahead.is_all_new and newest() == seen else steps.plan(work, number)
        steps.write(work, plan, number)
        done = min((number + 1) * BATCH, work.staged.rows(table))
        _move(work, table, done, clock())
        journal.record(
            "import.rows_loaded", subject=work.source, by=work.by, at=work.now, centre=work.source.centre,
            table=table, batch=number, numbers=plan.numbers,
        )  # fmt: skip


def _move(work: Work, table: str, done: int, now: datetime) -> None:
    """The cursor, in the transaction of its rows. Raises: Lost."""
    progress: dict[str, Any] = {**work.source.progress, table: [done, work.source.progress[table][1]]}
    mark(work.source, progress=progress, free_at=now + LEASE, tries=0)


def _tie_referred(work: Work, clock: Callable[[], datetime]) -> None:
    """After all of them are there: who brought somebody may stand below him in the file."""
    for number in range(work.staged.n_batches(CUSTOMERS)):
        with transaction.atomic():
            customers.tie_referred(work, number)
            mark(work.source, free_at=clock() + LEASE)
        time.sleep(BREATH)


def _facts(work: Work, clock: Callable[[], datetime]) -> None:
    """Tables without room of their own, one after another under one cursor."""
    before = 0
    for table in work.staged.facts():
        n = work.staged.rows(table)
        while (done := work.source.progress[FACTS][0] - before) < n:
            number = done // BATCH
            with transaction.atomic():
                facts.write(work, table, number)
                _move(work, FACTS, before + min((number + 1) * BATCH, n), clock())
            time.sleep(BREATH)
        before += n
