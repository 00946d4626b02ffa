"""Single clients studied anew by what the last snapshot learnt of everybody: their rows move, the population stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from dovolen.desk.accounts.models import Centre
from dovolen.desk.analysis import actions, queries
from dovolen.desk.analysis.live import read
from dovolen.desk.analysis.models import ClientResult, RiskPoint, Snapshot
from dovolen.desk.analysis.work import columns, scores
from dovolen.desk.analysis.work.making import RISKS, risks, settings_of
from dovolen.desk.assets.models import Asset
from dovolen.desk.core import bulk, journal
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer, CustomerPlace
from dovolen.insight.engines import open_engine
from dovolen.insight.population import Population, around
from dovolen.insight.study import study


def refresh(customers: Collection[int], *, now: datetime) -> int:
    """Make the rows of these clients in the current snapshots anew, as of today; gives how many rows moved.

    Leaves: `order.scored` for each order whose score came or changed.
    """
    alive = set(Customer.objects.filter(pk__in=customers, merged_into=None).values_list("pk", flat=True))
    known = set(CustomerPlace.objects.filter(customer__in=alive).values_list("centre", flat=True))
    moved = 0
    for scope in (None, *Centre.objects.filter(pk__in=known).order_by("pk")):
        snapshot = queries.latest(scope)
        if snapshot is not None and alive:
            moved += _refresh(snapshot, alive, now)
    return moved


def _refresh(snapshot: Snapshot, customers: set[int], now: datetime) -> int:
    kept = Snapshot.objects.values_list("population", flat=True).get(pk=snapshot.pk)
    if not kept:
        return 0
    day = max(snapshot.day, actions.day_for(snapshot.centre, now=now) or snapshot.day)
    tables = around(read(snapshot.centre, day=day, customers=_with_neighbours(customers)), customers)
    engine = open_engine()
    try:
        population = Population.from_bytes(bytes(kept))
        found = study(tables, day, settings_of(snapshot), engine=engine, population=population)
        rows = [row for row in columns.rows(found, columns.clients(found)) if row[0] in customers]
        points = list(risks(found, customers))
        with transaction.atomic():
            moved = _write(snapshot, rows, points, now)
            if snapshot.centre_id is None:
                _tell(scores.write(found, snapshot, among=customers), snapshot, now)
    finally:
        engine.close()
    return moved


def _with_neighbours(customers: set[int]) -> set[int]:
    """Those whose rows say something of these: who brought the same devices, had the repair done that came again, or
    was referred by them."""
    his = RepairOrder.objects.filter(customer__in=customers)
    devices = Asset.objects.filter(Q(owner__in=customers) | Q(pk__in=his.values("asset")))
    others = RepairOrder.objects.filter(Q(asset__in=devices) | Q(rework_of__in=his) | Q(pk__in=his.values("rework_of")))
    brought = Customer.objects.filter(referred_by__in=customers, merged_into=None)
    return customers | set(others.values_list("customer", flat=True)) | set(brought.values_list("pk", flat=True))


def _write(
    snapshot: Snapshot, rows: list[tuple[Any, ...]], points: list[tuple[Any, ...]], now: datetime
) -> int:  # fmt: skip
    asked = [row[0] for row in rows]
    held = {one.customer_id: one for one in ClientResult.objects.filter(snapshot=snapshot, customer__in=asked)}
    for row in rows:
        told = dict(zip(columns.NAMES, row, strict=True))
        if (one := held.get(told["customer_id"])) is not None:
            told |= {name: getattr(one, name) for name in columns.OF_OTHERS}
        values = {name: value for name, value in told.items() if name != "customer_id"} | {"refreshed_at": now}
        ClientResult.objects.update_or_create(snapshot=snapshot, customer_id=told["customer_id"], defaults=values)
    RiskPoint.objects.filter(snapshot=snapshot, customer__in=asked).delete()
    bulk.insert(RiskPoint, RISKS, points, {"snapshot_id": snapshot.pk})
    return len(rows)


def _tell(written: list[tuple[int, int | None]], snapshot: Snapshot, now: datetime) -> None:
    orders = RepairOrder.objects.select_related("centre").in_bulk([order for order, _ in written])
    for order, score in written:
        if order in orders and score is not None:
            one = orders[order]
            journal.record(
                "order.scored", subject=one, by=None, at=now, centre=one.centre, score=score, snapshot=snapshot
            )  # fmt: skip
