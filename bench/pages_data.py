"""A desk with so many clients and orders, written by SQL alone: python bench/pages_data.py CLIENTS ORDERS.

The base is that of DOVOLEN_HOME and DATABASE_URL, empty before. Staff, stages and the trade are made by actions; of the
orders the latest stand open, the others were handed over during four years.
"""

from __future__ import annotations

import os
import sys
import time
from datetime import timedelta

os.environ["DJANGO_SETTINGS_MODULE"] = "dovolen.desk.settings"
import django

django.setup()
from django.apps import apps  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.utils import timezone  # noqa: E402

from dovolen.desk.assets.models import Category  # noqa: E402
from dovolen.desk.core import installation  # noqa: E402
from dovolen.desk.demo.house import House, open_house  # noqa: E402
from dovolen.desk.orders.models import Stage  # noqa: E402
from dovolen.insight.synth.people import names  # noqa: E402

OPEN = 300
YEARS_MINUTES = 4 * 365 * 24 * 60
OPEN_STAGES = ("accepted", "diagnosis", "approval", "parts", "repair", "repair", "check", "ready", "told", "told")
MAC = "0" * 64
NEW = """
CREATE TABLE bench_n (i bigint PRIMARY KEY);
CREATE TABLE bench_name (i bigint PRIMARY KEY, name text, name_key text);
"""

# {m:…} is a moment so many minutes before now, {j:…} a JSON value, {yes} and {no} truth.
ROWS = {
    "clients": """
INSERT INTO people_customer (id, kind, name, name_key, address, source, regular_mark, created_at, created_by_id,
    class_hand, blocked_reason, n_orders, version)
SELECT n.i, 'person', a.name || ' ' || b.name, a.name_key || ' ' || b.name_key, '', 'сайт', {no},
    {m:({clients} - n.i) * {span} / {clients} + 14400}, {by}, '', '', 0, 1
FROM bench_n AS n JOIN bench_name AS a ON a.i = n.i * 7 % {names} JOIN bench_name AS b ON b.i = n.i * 13 % {names}
WHERE n.i <= {clients}""",
    "places of clients": """
INSERT INTO people_customerplace (customer_id, centre_id, since)
SELECT i, 1 + i % 2, {m:14400} FROM bench_n WHERE i <= {clients}""",
    "phones": """
INSERT INTO people_phone (customer_id, number, relation, note, is_main)
SELECT i, '+7997' || (2000000 + (i * 1234577) % 4000000), 'own', '', {yes} FROM bench_n WHERE i <= {clients}""",
    "consents": """
INSERT INTO people_consent (customer_id, purpose, channel, is_given, at, by_id, proof, note)
SELECT i, 'service', 'any', {yes}, {m:14400}, {by}, 'paper', '' FROM bench_n WHERE i <= {clients}""",
    "devices": """
INSERT INTO assets_asset (id, category_id, owner_id, brand, model, serial_number, serial_key, plate, plate_key, colour,
    fields, left_reason, created_at, created_by_id, version)
SELECT i, {category}, 1 + i % {clients}, 'Lenovo', 'IdeaPad ' || (100 + i % 400), 'SN' || (10000000 + i),
    'SN' || (10000000 + i), '', '', '', {j:'{o}{c}'}, '', {m:14400}, {by}, 1
FROM bench_n WHERE i <= {devices}""",
    "places of devices": """
INSERT INTO assets_assetplace (asset_id, centre_id, since)
SELECT i, 1 + (1 + i % {clients}) % 2, {m:14400} FROM bench_n WHERE i <= {devices}""",
    "owners": """
INSERT INTO assets_ownership (asset_id, customer_id, since)
SELECT i, 1 + i % {clients}, {m:14400} FROM bench_n WHERE i <= {devices}""",
    "closed orders": """
INSERT INTO orders_repairorder (id, number, centre_id, customer_id, asset_id, category_id, kind, pay_type, place,
    currency, stage_id, phase, stage_entered_at, technician_id, shelf, accepted_at, accepted_by_id, first_promised_at,
    promised_at, ready_at, notified_at, notified_by_id, notified_how, picked_up_at, picked_up_by_id, receiver, outcome,
    outcome_reason, fault_text, condition, accessories, checklist, ready_checklist, diagnosis, estimate, hold_reason,
    hold_note, total, n_waiting_lines, parts_cost, labour_cost, norm_minutes, is_past, version)
SELECT i, i, 1 + (1 + d % {clients}) % 2, 1 + d % {clients}, d, {category}, 'repair', 'customer_pay', 'workshop', 'RUB',
    {picked_up}, 'closed', {m:ago}, {technician}, '', {m:ago + 4000}, {by}, {m:ago + 1200}, {m:ago + 1200},
    {m:ago + 1500}, {m:ago + 1400}, {by}, 'call', {m:ago}, {by}, '', 'repaired', '', 'Не включается', 'потёртости',
    'зарядное устройство', {j:'[]'}, {j:'[]'}, '', 500000, '', '', 500000, 0, 100000, 100000, 90, {no}, 3
FROM (SELECT i, 1 + i * 7919 % {devices} AS d, ({orders} - i) * {span} / {orders} + 10080 AS ago
      FROM bench_n WHERE i <= {closed}) AS told""",
    "open orders": """
INSERT INTO orders_repairorder (id, number, centre_id, customer_id, asset_id, category_id, kind, pay_type, place,
    currency, stage_id, phase, stage_entered_at, technician_id, shelf, accepted_at, accepted_by_id, first_promised_at,
    promised_at, ready_at, notified_at, notified_by_id, notified_how, receiver, outcome, outcome_reason, fault_text,
    condition, accessories, checklist, ready_checklist, diagnosis, estimate, hold_reason, hold_note, total,
    n_waiting_lines, parts_cost, labour_cost, norm_minutes, is_past, version)
SELECT told.i, told.i, 1 + (1 + d % {clients}) % 2, 1 + d % {clients}, d, {category}, 'repair', 'customer_pay',
    'workshop', 'RUB', stage.id, stage.phase, {m:ago}, {technician}, 'А-1', {m:ago + 600}, {by}, {m:ago - 1400},
    {m:ago - 1400},
    CASE WHEN stage.phase IN ('ready', 'told') THEN {m:ago} END, CASE WHEN stage.phase = 'told' THEN {m:ago} END,
    CASE WHEN stage.phase = 'told' THEN {by} END, CASE WHEN stage.phase = 'told' THEN 'call' ELSE '' END, '', '', '',
    'Не включается', 'потёртости', 'зарядное устройство', {j:'[]'}, {j:'[]'}, '', 500000, '', '', 500000, 0, 100000,
    100000, 90, {no}, 3
FROM (SELECT i, 1 + i * 7919 % {devices} AS d, ({orders} - i) * 12 AS ago FROM bench_n
      WHERE i > {closed} AND i <= {orders}) AS told
JOIN bench_stage ON bench_stage.i = told.i % {open_stages}
JOIN orders_stage AS stage ON stage.code = bench_stage.code""",
    "stays in stages": """
INSERT INTO orders_stageentry (order_id, stage_id, entered_at, left_at, by_id, technician_id)
SELECT id, {accepted}, accepted_at, stage_entered_at, {by}, {technician} FROM orders_repairorder
UNION ALL SELECT id, stage_id, stage_entered_at, NULL, {by}, {technician} FROM orders_repairorder""",
    "promises": """
INSERT INTO orders_promise (order_id, at, promised_at, by_id, reason, told_how, note, is_after_break)
SELECT id, accepted_at, promised_at, {by}, '', 'in_person', '', {no} FROM orders_repairorder""",
    "lines": """
INSERT INTO orders_line (order_id, position, kind, name, quantity, price, cost, discount, discount_reason, tax_code,
    amount, norm_minutes, technician_id, warranty_days, state, decided_at, decline_reason, made_at, made_by_id, version)
SELECT o.id, l.i, CASE l.i WHEN 1 THEN 'labour' ELSE 'part' END,
    CASE l.i WHEN 1 THEN 'Замена матрицы' ELSE 'Матрица' END,
    1, 250000, 100000, 0, '', '', 250000, CASE l.i WHEN 1 THEN 90 ELSE 0 END, {technician}, 90, 'approved',
    o.accepted_at, '', o.accepted_at, {by}, 2
FROM orders_repairorder AS o CROSS JOIN (SELECT i FROM bench_n WHERE i <= 2) AS l""",
    "parts on their way": """
INSERT INTO orders_awaitedpart (order_id, name, supplier, ordered_at, promised_at, expected_at, by_id)
SELECT id, 'Матрица', 'Склад', {m:2000}, {m:-1000}, {m:-1000}, {by} FROM orders_repairorder WHERE phase = 'part'""",
    "events": """
INSERT INTO core_event (kind, subject_kind, subject_id, by_id, centre_id, at, facts, salt, mac, seal_id)
SELECT 'order.accepted', 'orders.repairorder', id, {by}, centre_id, accepted_at,
    {j:'{o}"number": ' || number || ', "total": 0, "n_lines": 0, "stage": {accepted}{c}'}, 'salt', '{mac}', 1
FROM orders_repairorder
UNION ALL SELECT 'order.stage_moved', 'orders.repairorder', id, {by}, centre_id, stage_entered_at,
    {j:'{o}"before": {accepted}, "stage": ' || stage_id || ', "phase": "' || phase || '", "minutes": 90{c}'}, 'salt',
    '{mac}', 1 FROM orders_repairorder
UNION ALL SELECT 'order.picked_up', 'orders.repairorder', id, {by}, centre_id, picked_up_at,
    {j:'{o}"outcome": "repaired", "total": 500000{c}'}, 'salt', '{mac}', 1
FROM orders_repairorder WHERE phase = 'closed'""",
    "events of clients": """
INSERT INTO core_event (kind, subject_kind, subject_id, by_id, at, facts, salt, mac, seal_id)
SELECT 'customer.added', 'people.customer', id, {by}, created_at, {j:'{o}"sort": "person"{c}'}, 'salt', '{mac}', 1
FROM people_customer""",
    "what clients are found by": """
INSERT INTO core_findable (kind, subject_id, text)
SELECT 'customer', c.id, ' ' || c.name_key || ' | ' || substr(p.number, 2) || ' '
FROM people_customer AS c JOIN people_phone AS p ON p.customer_id = c.id ORDER BY c.id""",
    "what devices are found by": """
INSERT INTO core_findable (kind, subject_id, text)
SELECT 'asset', id, ' lenovo ' || lower(model) || ' | ' || lower(serial_number) || ' ' FROM assets_asset ORDER BY id""",
    "what orders are found by": """
INSERT INTO core_findable (kind, subject_id, text)
SELECT 'order', o.id, ' ' || o.number || ' | lenovo ' || lower(a.model) || ' | ' || lower(a.serial_number) || ' '
FROM orders_repairorder AS o JOIN assets_asset AS a ON a.id = o.asset_id ORDER BY o.id""",
    "counts of clients": """
UPDATE people_customer SET
    n_orders = (SELECT count(*) FROM orders_repairorder AS o WHERE o.customer_id = people_customer.id),
    latest_order_at = (SELECT max(o.accepted_at) FROM orders_repairorder AS o
        WHERE o.customer_id = people_customer.id)""",
    "the counter": "INSERT INTO core_counter (kind, centre_id, year, last) VALUES ('order', 0, 0, {orders})",
}


def main() -> None:
    clients, orders = (int(text) for text in sys.argv[1:3])
    begun = time.monotonic()
    installation.migrate()
    house = open_house(now=timezone.now() - timedelta(days=4 * 365))
    with transaction.atomic():
        _around(max(orders, clients * 2))
        for what, statement in ROWS.items():
            _do(statement, clients, orders, house)
            print(f"    {what:<28}{time.monotonic() - begun:7.1f} s", flush=True)
        _do("DROP TABLE bench_n; DROP TABLE bench_name; DROP TABLE bench_stage", clients, orders, house)
        _set_sequences()
    installation.keep_statistics()  # as every night
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA wal_checkpoint(TRUNCATE)")


def _around(n: int) -> None:
    """Numbers, names and the seal that events bear."""
    lists = names()
    told = [*lists["male"]["surname"], *lists["male"]["first"]]
    with connection.cursor() as cursor:
        for statement in filter(str.strip, NEW.split(";")):
            cursor.execute(statement)
        numbers = "SELECT * FROM generate_series(1, %s)"
        if connection.vendor == "sqlite":
            numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %s) SELECT i FROM n"
        cursor.execute(f"INSERT INTO bench_n {numbers}", [n])
        rows = [(i, name, name.casefold().replace("ё", "е")) for i, name in enumerate(told)]
        cursor.executemany("INSERT INTO bench_name VALUES (%s, %s, %s)", rows)
        cursor.execute("CREATE TABLE bench_stage (i integer PRIMARY KEY, code text)")
        cursor.executemany("INSERT INTO bench_stage VALUES (%s, %s)", list(enumerate(OPEN_STAGES)))
        cursor.execute(
            "INSERT INTO core_seal (number, at, n_events, total, mac) VALUES (1, %s, 1, 1, %s)",
            [connection.ops.adapt_datetimefield_value(timezone.now()), MAC],
        )


class _Moment:
    """`{m:expression}`: so many minutes before now."""

    def __format__(self, minutes: str) -> str:
        at = f"{int(time.time())} - ({minutes}) * 60"
        if connection.vendor == "sqlite":
            return f"strftime('%Y-%m-%d %H:%M:%S', {at}, 'unixepoch')"
        return f"to_timestamp({at})"


class _Json:
    """`{j:expression}`: a JSON value."""

    def __format__(self, text: str) -> str:
        return text if connection.vendor == "sqlite" else f"({text})::jsonb"


def _do(statement: str, clients: int, orders: int, house: House) -> None:
    stages = dict(Stage.objects.values_list("code", "pk"))
    values = {
        "clients": clients, "orders": orders, "closed": orders - OPEN, "devices": clients * 6 // 5,
        "names": sum(len(names()["male"][part]) for part in ("surname", "first")), "span": YEARS_MINUTES,
        "by": house.staff["receptionist"].pk, "technician": house.staff["technician"].pk,
        "category": Category.objects.get(code="laptop").pk, "accepted": stages["accepted"],
        "picked_up": stages["picked_up"], "open_stages": len(OPEN_STAGES), "mac": MAC,
        "yes": "(1 = 1)", "no": "(1 = 0)", "m": _Moment(), "j": _Json(), "o": "{", "c": "}",
    }  # fmt: skip
    with connection.cursor() as cursor:
        for part in statement.split(";"):
            cursor.execute(part.format(**values))


def _set_sequences() -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)


if __name__ == "__main__":
    main()
