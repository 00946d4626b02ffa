"""Scores of orders with their points: only what changed since the snapshot before is written, the former kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.compute as pc
from django.db import transaction

from dovolen.desk.analysis.models import OrderScore, Snapshot
from dovolen.desk.analysis.reading import rows, whole
from dovolen.desk.analysis.work.points_text import texts
from dovolen.desk.analysis.work.writing import hold
from dovolen.desk.core import bulk
from dovolen.desk.orders.models import RepairOrder
from dovolen.insight.study import Study

AT_ONCE = 5_000
"""Scores a transaction: a client's orders lie far apart, so that few at a time write the same pages of the index over
and over."""

NAMES = (
    "order_id", "customer_id", "score", "score_from", "card_score", "coverage", "is_unsure", "score_before",
    "rescored_on", "scored_on", "accepted_on", "lost", "points", "card", "card_version",
)  # fmt: skip

_CHANGED = """
SELECT s.order_id FROM scored AS s LEFT JOIN former AS f ON f.order_id = s.order_id
WHERE s.customer_id IS NOT NULL AND (f.order_id IS NULL
   OR s.satisfaction IS DISTINCT FROM f.score OR coalesce(s.satisfaction_from, '') <> coalesce(f.score_from, '')
   OR s.rescored_date IS DISTINCT FROM f.rescored_on OR s.scored_date IS DISTINCT FROM f.scored_on
   OR s.card <> f.card OR s.card_version <> f.card_version)"""

_COLUMNS = (
    "order_id", "customer_id", "satisfaction", "satisfaction_from", "card_score", "coverage", "low_confidence",
    "satisfaction_before", "rescored_date", "scored_date", "accepted_date", "lost", "points", "card", "card_version",
)  # fmt: skip
"""Columns of orders.parquet and of `points_text`, for each of `NAMES`."""
_INSTEAD = {"satisfaction_from": "", "low_confidence": False}
"""In place of what is not known, where the base has no null."""


class Scores:
    """Writes scores that are new or changed, piece by piece as a study tells them. `among`: of these clients alone."""

    def __init__(self, snapshot: Snapshot, *, among: set[int] | None = None) -> None:
        self.written: list[tuple[int, int | None]] = []
        """Order and score of each; of a whole base nobody asks for them."""
        self._snapshot, self._among = snapshot, among
        self._base = duckdb.connect(":memory:")
        self._base.execute("SET TimeZone = 'UTC'")
        self._base.register("former", _former(among))

    def take(self, scored: pa.Table, points: pa.Table) -> None:
        """Some orders with all of their points. Raises: Lost."""
        for piece in _pieces(self._base, scored, points, self._among):
            written = _write(piece, self._snapshot)
            self.written += written if self._among is not None else []


def write(study: Study, snapshot: Snapshot, *, among: set[int]) -> list[tuple[int, int | None]]:
    """Scores of these clients; gives order and score of each that came or changed. Raises: Lost."""
    files, into = study.files(), Scores(snapshot, among=among)
    if {"orders", "points"} <= files.keys():
        for scored, points in zip(files["orders"](), files["points"](), strict=True):
            into.take(scored, points)
    return into.written


def _former(among: set[int] | None) -> pa.Table:
    latest = OrderScore.objects.filter(superseded_by=None)
    kinds = {
        "order_id": "int", "score": "int", "score_from": "text", "rescored_on": "day", "scored_on": "day",
        "card": "text", "card_version": "text",
    }  # fmt: skip
    return whole(latest, **kinds) if among is None else rows(latest.filter(customer__in=among), **kinds)


def _pieces(
    base: duckdb.DuckDBPyConnection, scored: pa.Table, points: pa.Table, among: set[int] | None
) -> Iterator[list[tuple[Any, ...]]]:
    if "customer_id" not in scored.column_names:
        return
    if among is not None:
        scored = _of(scored, "customer_id", pa.array(sorted(among), scored["customer_id"].type))
    base.register("scored", scored)
    changed = base.sql(_CHANGED).to_arrow_table()["order_id"].combine_chunks()
    if len(changed):
        found = _rows(_of(scored, "order_id", changed), _of(points, "order_id", changed))
        for start in range(0, len(found), AT_ONCE):
            yield found[start : start + AT_ONCE]


def _of(rows: pa.Table, column: str, keys: pa.Array) -> pa.Table:
    return rows.filter(pc.is_in(rows[column], value_set=keys))


def _rows(scored: pa.Table, points: pa.Table) -> list[tuple[Any, ...]]:
    """Values in the order of `NAMES`, days as text."""
    told = texts(points)
    at = pc.index_in(scored["order_id"], value_set=told["order_id"].combine_chunks())
    whole = scored.append_column("lost", told["lost"].take(at)).append_column("points", told["points"].take(at))
    return list(zip(*(_values(whole[name], name) for name in _COLUMNS), strict=True))


def _values(column: pa.ChunkedArray, name: str) -> list[Any]:
    told = column.cast(pa.string()) if pa.types.is_date(column.type) else column
    values: list[Any] = (pc.fill_null(told, _INSTEAD[name]) if name in _INSTEAD else told).to_pylist()
    return values


@transaction.atomic
def _write(piece: list[tuple[Any, ...]], snapshot: Snapshot) -> list[tuple[int, int | None]]:
    """The former version learns who superseded it in the transaction in which the new one comes."""
    hold(snapshot)
    keys = [row[0] for row in piece]
    there = dict(RepairOrder.objects.filter(pk__in=bulk.among(keys)).values_list("pk", "customer_id"))
    kept = [(row[0], there[row[0]], *row[2:]) for row in piece if row[0] in there]
    _supersede(keys, snapshot)
    bulk.insert(OrderScore, NAMES, kept, {"snapshot_id": snapshot.pk})
    return [(row[0], row[2]) for row in kept]


def _supersede(orders: list[int], snapshot: Snapshot) -> None:
    """Former versions of these orders; one that this snapshot wrote goes, a refresh after it brings another.

    All versions are asked for and told apart here: asked for those that nothing superseded, SQLite reads the index of
    these, which are as many as the orders of the base.
    """
    versions: Iterable[tuple[int, int, int | None]] = OrderScore.objects.filter(
        order__in=bulk.among(orders)
    ).values_list("pk", "snapshot", "superseded_by")
    standing = [(key, made_by) for key, made_by, later in versions if later is None]
    own = [key for key, made_by in standing if made_by == snapshot.pk]
    former = [key for key, made_by in standing if made_by != snapshot.pk]
    if own:
        OrderScore.objects.filter(pk__in=own).delete()
    if former:
        OrderScore.objects.filter(pk__in=former).update(superseded_by=snapshot)
