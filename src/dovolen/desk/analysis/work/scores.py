"""Scores of orders with their points: only what changed since the snapshot before is written, the former kept."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import duckdb
import pyarrow as pa
from django.db import transaction

from dovolen.desk.analysis.models import OrderScore, Snapshot
from dovolen.desk.analysis.reading import rows
from dovolen.desk.analysis.work.writing import BATCH, hold, one_of
from dovolen.desk.core import bulk
from dovolen.desk.orders.models import RepairOrder
from dovolen.insight.study import Study

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

_TOLD = """
WITH changed AS (SELECT order_id FROM changed_orders),
told AS (
    SELECT p.order_id,
        '[' || string_agg('["' || p.fact || '",' || coalesce(CAST(round(p.value, 4) AS VARCHAR), 'null') || ','
            || coalesce('"' || strftime(p."at", '%Y-%m-%d') || '"', 'null') || ','
            || coalesce(CAST(p.bin AS VARCHAR), 'null') || ',' || CAST(round(p.points, 4) AS VARCHAR) || ']',
            ',' ORDER BY p.n) || ']' AS points,
        string_agg(p.fact, ' ' ORDER BY p.points, p.n) FILTER (p.points < 0 AND p.bin >= 0) AS lost
    FROM points AS p WHERE p.order_id IN (SELECT order_id FROM changed) GROUP BY p.order_id
)
SELECT s.order_id, s.customer_id, s.satisfaction, coalesce(s.satisfaction_from, ''), s.card_score, s.coverage,
    coalesce(s.low_confidence, FALSE), s.satisfaction_before, strftime(s.rescored_date, '%Y-%m-%d'),
    strftime(s.scored_date, '%Y-%m-%d'), strftime(s.accepted_date, '%Y-%m-%d'), coalesce(t.lost, ''),
    coalesce(t.points, '[]'), s.card, s.card_version
FROM scored AS s JOIN changed AS c ON c.order_id = s.order_id LEFT JOIN told AS t ON t.order_id = s.order_id"""


class Scores:
    """Writes scores that are new or changed, piece by piece as a study tells them. `among`: of these clients alone."""

    def __init__(self, snapshot: Snapshot, *, among: set[int] | None = None) -> None:
        self.written: list[tuple[int, int | None]] = []
        """Order and score of each."""
        self._snapshot, self._among = snapshot, among
        self._base = duckdb.connect(":memory:")
        self._base.execute("SET TimeZone = 'UTC'")
        self._base.register("former", _former(among))

    def take(self, scored: pa.Table, points: pa.Table) -> None:
        """Some orders with all of their points. Raises: Lost."""
        for piece in _pieces(self._base, scored, points, self._among):
            self.written += _write(piece, self._snapshot)


def write(study: Study, snapshot: Snapshot, *, among: set[int]) -> list[tuple[int, int | None]]:
    """Scores of these clients; gives order and score of each that came or changed. Raises: Lost."""
    files, into = study.files(), Scores(snapshot, among=among)
    if {"orders", "points"} <= files.keys():
        for scored, points in zip(files["orders"](), files["points"](), strict=True):
            into.take(scored, points)
    return into.written


def _former(among: set[int] | None) -> pa.Table:
    latest = OrderScore.objects.filter(superseded_by=None)
    latest = latest if among is None else latest.filter(customer__in=among)
    return rows(
        latest, order_id="int", score="int", score_from="text", rescored_on="day", scored_on="day", card="text",
        card_version="text",
    )  # fmt: skip


def _pieces(
    base: duckdb.DuckDBPyConnection, scored: pa.Table, points: pa.Table, among: set[int] | None
) -> Iterator[list[tuple[Any, ...]]]:
    if "customer_id" not in scored.column_names:
        return
    if among is not None:
        import pyarrow.compute as pc

        mine = pc.is_in(scored["customer_id"], value_set=pa.array(sorted(among), scored["customer_id"].type))
        scored = scored.filter(mine)
    base.register("scored", scored)
    base.register("changed_orders", base.sql(_CHANGED).to_arrow_table())
    base.register("points", points.append_column("n", pa.array(range(len(points)), pa.int64())))
    found = base.sql(_TOLD).fetchall()
    for start in range(0, len(found), BATCH):
        yield found[start : start + BATCH]


@transaction.atomic
def _write(piece: list[tuple[Any, ...]], snapshot: Snapshot) -> list[tuple[int, int | None]]:
    """The former version learns who superseded it in the transaction in which the new one comes."""
    hold(snapshot)
    keys = [row[0] for row in piece]
    there = dict(RepairOrder.objects.filter(pk__in=one_of(keys)).values_list("pk", "customer_id"))
    kept = [(row[0], there[row[0]], *row[2:]) for row in piece if row[0] in there]
    _supersede(keys, snapshot)
    bulk.insert(OrderScore, NAMES, kept, {"snapshot_id": snapshot.pk})
    return [(row[0], row[2]) for row in kept]


def _supersede(orders: list[int], snapshot: Snapshot) -> None:
    """Former versions of these orders; one that this snapshot wrote goes, a refresh after it brings another.

    All versions are asked for and told apart here: asked for those that nothing superseded, SQLite reads the index of
    these, which are as many as the orders of the base.
    """
    versions: Iterable[tuple[int, int, int | None]] = OrderScore.objects.filter(order__in=one_of(orders)).values_list(
        "pk", "snapshot", "superseded_by"
    )
    standing = [(key, made_by) for key, made_by, later in versions if later is None]
    own = [key for key, made_by in standing if made_by == snapshot.pk]
    former = [key for key, made_by in standing if made_by != snapshot.pk]
    if own:
        OrderScore.objects.filter(pk__in=own).delete()
    if former:
        OrderScore.objects.filter(pk__in=former).update(superseded_by=snapshot)
