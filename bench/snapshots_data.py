"""A desk with the orders of `synth.orders_only`, to measure snapshots: python bench/snapshots_data.py CLIENTS ORDERS.

The base is that of DOVOLEN_HOME and DATABASE_URL, empty before. Each order has two lines, four stays in stages and a
promise; all but the latest are handed over.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
import django

django.setup()
import duckdb  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, models, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from dovolen.desk.accounts.models import Centre  # noqa: E402
from dovolen.desk.assets.models import Asset, Category  # noqa: E402
from dovolen.desk.core import bulk, installation  # noqa: E402
from dovolen.desk.demo.house import open_house  # noqa: E402
from dovolen.desk.orders.models import Line, Promise, RepairOrder, Stage, StageEntry  # noqa: E402
from dovolen.desk.people.models import Customer, CustomerPlace, Phone  # noqa: E402
from dovolen.insight.synth import orders_only  # noqa: E402
from dovolen.insight.synth.people import names  # noqa: E402

OPEN_DAYS = 3
BATCH = 50_000


def main() -> None:
    clients, orders = (int(text) for text in sys.argv[1:3])
    begun = time.monotonic()
    installation.migrate()
    house = open_house(now=timezone.now() - timedelta(days=4 * 365))
    told = {
        "by": house.staff["receptionist"].pk, "technician": house.staff["technician"].pk,
        "centre": Centre.objects.order_by("pk")[0].pk, "category": Category.objects.get(code="laptop").pk,
        **{f"stage_{code}": pk for code, pk in Stage.objects.values_list("code", "pk")},
    }  # fmt: skip
    base = _drawn(clients, orders)
    indexes = _without_indexes()
    for model, statement in _rows(told).items():
        n = 0
        for columns, piece in _pieces(base, statement):
            with transaction.atomic():
                bulk.insert(model, columns, piece)
            n += len(piece)
        print(f"    {model.__name__:<16}{n:>10,} rows {time.monotonic() - begun:7.1f} s", flush=True)
    with connection.cursor() as cursor:
        for statement in indexes:
            cursor.execute(statement)
        for statement in connection.ops.sequence_reset_sql(no_style(), list(_rows(told))):
            cursor.execute(statement)
    installation.keep_statistics()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _without_indexes() -> list[str]:
    """On SQLite indexes are made after the rows, ten times faster; gives the statements that make them."""
    if connection.vendor != "sqlite":
        return []
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA cache_size = -500000")
        cursor.execute("PRAGMA synchronous = OFF")
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE '%ON \"orders_%'")
        found = cursor.fetchall()
        for name, _ in found:
            cursor.execute(f'DROP INDEX "{name}"')
    return [sql for _, sql in found]


def _drawn(clients: int, orders: int) -> duckdb.DuckDBPyConnection:
    """The orders in memory, the latest of them today."""
    base = duckdb.connect(":memory:")
    base.execute("SET TimeZone = 'UTC'")
    lists = names()["male"]
    for table in ("surname", "first"):
        rows = ", ".join(f"({place}, '{name}')" for place, name in enumerate(lists[table]))
        base.execute(f"CREATE TABLE {table} AS SELECT * FROM (VALUES {rows}) AS t(i, name)")
    base.execute(
        f"CREATE MACRO n_surname() AS {len(lists['surname'])}; CREATE MACRO n_first() AS {len(lists['first'])}"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = orders_only(orders, clients, 1, Path(folder) / "orders.parquet", until=datetime.now(UTC).date())
        base.execute(f"""
CREATE TABLE drawn AS SELECT order_id AS id, customer_id, promised_at - to_minutes(60) * 24 AS accepted_at, promised_at,
    ready_at, least(ready_at + to_hours(order_id % 60), now()) AS picked_up_at, revenue,
    accepted_date > current_date - {OPEN_DAYS} AS is_open,
    customer_id * 2 + order_id % 2 AS asset_id
FROM (SELECT * REPLACE (least(promised_at, ready_at) AS promised_at) FROM '{path}')""")
    return base


def _rows(told: dict[str, int]) -> dict[type[models.Model], str]:
    by, technician, centre, category = (told[name] for name in ("by", "technician", "centre", "category"))
    picked_up, repair = told["stage_picked_up"], told["stage_repair"]
    moment = "strftime(({}), '%Y-%m-%d %H:%M:%S')"
    created = moment.format("SELECT min(accepted_at) FROM drawn")
    stay = (
        "SELECT id AS order_id, {stage} AS stage_id, {at} AS entered_at, {left_at} AS left_at, "
        f"{by} AS by_id, {technician} AS technician_id, 480 AS norm_minutes FROM drawn WHERE {{which}}"
    )
    accepted, promised, ready, given = (
        moment.format(name) for name in ("accepted_at", "promised_at", "ready_at", "picked_up_at")
    )
    begun = moment.format("accepted_at + to_minutes(90)")
    stays = (
        (told["stage_accepted"], accepted, begun, "TRUE"), (repair, begun, ready, "NOT is_open"),
        (repair, begun, "NULL", "is_open"), (told["stage_ready"], ready, given, "NOT is_open"),
        (picked_up, given, "NULL", "NOT is_open"),
    )  # fmt: skip
    return {
        Customer: f"""
SELECT c.id, 'person' AS kind, s.name || ' ' || f.name AS name, lower(s.name || ' ' || f.name) AS name_key,
    ['сайт', 'карта', 'знакомые', ''][1 + c.id % 4] AS source, {created} AS created_at, {by} AS created_by_id
FROM (SELECT DISTINCT customer_id AS id FROM drawn) AS c
JOIN surname AS s ON s.i = c.id * 7 % n_surname() JOIN first AS f ON f.i = c.id * 13 % n_first()""",
        CustomerPlace: f"SELECT DISTINCT customer_id, {centre} AS centre_id, {created} AS since FROM drawn",
        Phone: """SELECT DISTINCT customer_id, '+7997' || (2000000 + (customer_id * 1234577) % 4000000) AS number,
    TRUE AS is_main FROM drawn""",
        Asset: f"""
SELECT DISTINCT asset_id AS id, {category} AS category_id, customer_id AS owner_id, 'Lenovo' AS brand,
    'IdeaPad ' || (100 + asset_id % 400) AS model, 'SN' || (10000000 + asset_id) AS serial_number,
    'SN' || (10000000 + asset_id) AS serial_key, {created} AS created_at FROM drawn""",
        RepairOrder: f"""
SELECT id, id AS number, {centre} AS centre_id, customer_id, asset_id, {category} AS category_id, 'RUB' AS currency,
    CASE WHEN is_open THEN {repair} ELSE {picked_up} END AS stage_id,
    CASE WHEN is_open THEN 'work' ELSE 'closed' END AS phase, {begun} AS stage_entered_at,
    {technician} AS technician_id, {accepted} AS accepted_at, {by} AS accepted_by_id, {promised} AS first_promised_at,
    {promised} AS promised_at, CASE WHEN NOT is_open THEN {ready} END AS ready_at,
    CASE WHEN NOT is_open THEN {given} END AS picked_up_at, CASE WHEN NOT is_open THEN {by} END AS picked_up_by_id,
    CASE WHEN is_open THEN '' ELSE 'repaired' END AS outcome, 'Не включается' AS fault_text,
    revenue AS estimate, revenue AS total, revenue // 4 AS parts_cost, revenue // 5 AS labour_cost, 90 AS norm_minutes
FROM drawn""",
        Line: " UNION ALL ".join(
            f"SELECT id AS order_id, {place} AS position, '{kind}' AS kind, '{name}' AS name, revenue // 2 AS price, "
            f"revenue // {share} AS cost, revenue // 2 AS amount, {norm} AS norm_minutes, 'approved' AS state, "
            f"{accepted} AS decided_at, {accepted} AS made_at FROM drawn"
            for place, kind, name, share, norm in ((1, "labour", "Замена матрицы", 5, 90), (2, "part", "Матрица", 4, 0))
        ),
        StageEntry: " UNION ALL ".join(
            stay.format(stage=stage, at=at, left_at=left, which=which) for stage, at, left, which in stays
        ),
        Promise: f"SELECT id AS order_id, {accepted} AS at, {promised} AS promised_at, {by} AS by_id FROM drawn",
    }  # fmt: skip


def _pieces(base: duckdb.DuckDBPyConnection, statement: str) -> Iterator[tuple[list[str], list[tuple[Any, ...]]]]:
    found = base.cursor().execute(statement)
    columns = [column[0] for column in found.description]
    while piece := found.fetchmany(BATCH):
        yield columns, piece


if __name__ == "__main__":
    main()
