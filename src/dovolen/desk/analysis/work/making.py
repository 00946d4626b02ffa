"""One snapshot: the live base read, studied, written, and published by a single conditional update."""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction

from dovolen.desk.analysis import actions, cube
from dovolen.desk.analysis.actions.settings import VALUES
from dovolen.desk.analysis.live import read
from dovolen.desk.analysis.models import (
    DONE,
    PREVIEW,
    RUNNING,
    ClientResult,
    RiskPoint,
    Snapshot,
    StudyFigure,
    StudySheet,
)
from dovolen.desk.analysis.packing import packed, plain
from dovolen.desk.analysis.work import columns, mart, scores
from dovolen.desk.analysis.work.memory import of_studies
from dovolen.desk.analysis.work.writing import Lost, beside, hold, insert, mark
from dovolen.desk.core import claims, journal
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from dovolen.insight.config import Config, from_values
from dovolen.insight.engines import open_engine
from dovolen.insight.results import Sheet
from dovolen.insight.risk import listed
from dovolen.insight.study import Study, study

NAMES_KEPT = 1_000
"""Rows of a list of names; who wants all asks the rows of clients."""
LONGEST_NOTE = 200
RISKS = ("customer_id", "point", "evidence", "order_id", "seen_on", "expires_on")

Clock = Callable[[], datetime]


def make(snapshot: Snapshot, *, clock: Clock) -> None:
    """Make a snapshot that is ours and publish it. Raises: Lost; SchemaError where the base cannot be studied."""
    _begin_anew(snapshot)
    tables = read(snapshot.centre, day=snapshot.day)
    engine = open_engine(memory=of_studies())
    try:
        found = study(tables, snapshot.day, settings_of(snapshot), engine=engine)
        known = columns.clients(found)
        with beside() as writer:
            writer.do(partial(_write_clients, snapshot, columns.rows(found, known)))
            if snapshot.cause != PREVIEW:
                writer.do(partial(_write_risks, snapshot, list(risks(found))))
                cube.keep(found, snapshot)
                mart.write(found, known, snapshot, writer=writer, take=_scores_into(snapshot))
            _write_results(found, snapshot)
        _publish(found, snapshot, clock(), n_orders=len(tables.data["orders"]))  # type: ignore[arg-type]
    finally:
        engine.close()
    if snapshot.cause != PREVIEW:
        mart.show_latest(snapshot)


def _scores_into(snapshot: Snapshot) -> mart.Taken:
    """Scores are kept once, by snapshots of the whole house."""
    return scores.Scores(snapshot).take if snapshot.centre_id is None else lambda scored, points: None


def settings_of(snapshot: Snapshot) -> Config:
    """The settings a snapshot is made with: those a preview tries, else its version, else the defaults."""
    if VALUES in snapshot.meta:
        return from_values(snapshot.meta[VALUES])
    return from_values(snapshot.config.values if snapshot.config else {})


def risks(found: Study, among: set[int] | None = None) -> Iterator[tuple[Any, ...]]:
    """Points of risk of every client with evidence, in the order of `RISKS`."""
    _ = found.rooms  # they lend the views what these rows are read from
    for row in found.views.fetch(listed.TEXT).to_pylist():
        if among is None or row["customer_id"] in among:
            told = listed.evidence(row["point"], row["value"], row["n_evidence"])
            days = [row[name] and row[name].isoformat() for name in ("seen_date", "expires_date")]
            yield (row["customer_id"], row["point"], told[:LONGEST_NOTE], row["order_id"], *days)


def _write_clients(snapshot: Snapshot, rows: Iterator[tuple[Any, ...]]) -> None:
    insert(snapshot, ClientResult, columns.NAMES, rows, known={"customer_id": Customer})


def _write_risks(snapshot: Snapshot, rows: list[tuple[Any, ...]]) -> None:
    insert(snapshot, RiskPoint, RISKS, rows, known={"customer_id": Customer, "order_id": RepairOrder})


def _begin_anew(snapshot: Snapshot) -> None:
    """What somebody before us wrote and did not publish goes; former scores stand again."""
    for model in (StudyFigure, StudySheet):
        model.objects.filter(snapshot=snapshot).delete()
    actions.drop_unpublished(snapshot)


@transaction.atomic
def _write_results(found: Study, snapshot: Snapshot) -> None:
    figures = [
        StudyFigure(
            snapshot=snapshot, key=one.key, value=plain(one.value), unit=one.unit, n=one.n, low=plain(one.low),
            high=plain(one.high), level=one.level, rule=one.rule, since=one.since, until=one.until, few=one.few,
            note=one.note[:LONGEST_NOTE],
        )
        for one in found.figures.values()
    ]  # fmt: skip
    sheets = [_sheet(snapshot, one) for one in found.sheets.values()]
    hold(snapshot)
    StudyFigure.objects.bulk_create(figures)
    StudySheet.objects.bulk_create(sheets)


def _sheet(snapshot: Snapshot, one: Sheet) -> StudySheet:
    names = "customer_id" in dict(one.columns)
    kept = one.rows[:NAMES_KEPT] if names else one.rows
    return StudySheet(
        snapshot=snapshot, key=one.key, columns=[list(column) for column in one.columns], rows=packed(kept),
        n_rows=len(kept), n=one.n, rule=one.rule, since=one.since, until=one.until, note=one.note[:LONGEST_NOTE],
        cut=one.cut + len(one.rows) - len(kept),
    )  # fmt: skip


def _publish(found: Study, snapshot: Snapshot, moment: datetime, *, n_orders: int) -> None:
    """From this update on everybody sees it. Raises: Lost. Leaves: `snapshot.published`."""
    n_customers = ClientResult.objects.filter(snapshot=snapshot).count()
    values = {
        "meta": plain(found.meta), "impossible": [list(one) for one in found.impossible],
        "population": found.population().to_bytes() if snapshot.cause != PREVIEW else None,
        "peak_memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024, "done_at": moment,
        "n_customers": n_customers, "n_orders": n_orders,
    }  # fmt: skip
    with transaction.atomic():
        if not claims.mine(snapshot).filter(state=RUNNING).update(state=DONE, free_at=claims.AT_ONCE, **values):
            raise Lost
        journal.record(
            "snapshot.published", subject=snapshot, by=None, at=moment, centre=snapshot.centre, day=snapshot.day,
            cause=snapshot.cause, n_clients=n_customers, n_orders=n_orders,
        )  # fmt: skip


__all__ = ["NAMES_KEPT", "make", "mark", "risks", "settings_of"]
