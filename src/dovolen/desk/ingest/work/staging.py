"""What was brought, read as canonical tables and laid down as Parquet: from here on pieces of it go into the base.

Rows lie in an order that never changes, in row groups of one batch, so that a batch is read without the rest.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.desk.ingest.models import Import
from dovolen.desk.ingest.work import folder, kept, texts
from dovolen.desk.ingest.work.queries import (
    ASSETS,
    CUSTOMERS,
    DAY,
    DOUBLE,
    FACTS,
    KEPT,
    LINES,
    MOMENT,
    ORDERS,
    PREPARED,
    as_parquet,
    literal,
)
from dovolen.desk.orders.models import ORDER_KINDS

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from dovolen.insight.schema import Tables
    from dovolen.insight.sources import SetAside

BATCH = 2_000
MOST_ASIDE = 200_000
"""Rows set aside that are kept whole; of more there is only the number."""
EXAMPLES = 3
MEMORY = "700MB"


@dataclass(frozen=True)
class Staged:
    """Rows of one import on the disk, and what was seen while they were read."""

    place: Path
    told: dict[str, Any]
    _metadata: dict[str, Any] = field(default_factory=dict)
    """Table → where its row groups lie: read once, for a million rows it is long."""

    def rows(self, table: str) -> int:
        """How many rows of a table wait."""
        return int(self.told["rows"].get(table, 0))

    def n_batches(self, table: str) -> int:
        """How many batches they make."""
        return -(-self.rows(table) // BATCH)

    def batch(self, table: str, number: int) -> list[dict[str, Any]]:
        """Rows of one batch."""
        return _rows(self.columns(table, number))

    def lines(self, number: int) -> list[dict[str, Any]]:
        """Lines of the orders of one batch."""
        groups = self.told["line_groups"]
        return _rows(self.columns("lines", groups[str(number)])) if str(number) in groups else []

    def columns(self, table: str, number: int, names: Sequence[str] | None = None) -> pa.Table:
        """Columns of one batch, all of them or these."""
        import pyarrow.parquet as pq

        place = self.place / f"{table}.parquet"
        with pq.ParquetFile(place, metadata=self._metadata.get(table)) as file:
            self._metadata[table] = file.metadata
            return file.read_row_group(number, columns=names)

    def facts(self) -> list[str]:
        """Tables that the desk keeps no room for."""
        return [name for name in FACTS if self.rows(name)]


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    """Rows of a table, column by column: most columns of a file are empty, and cost nothing so."""
    n, names = table.num_rows, table.column_names
    columns = [[None] * n if column.null_count == n else column.to_pylist() for column in table.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def staged(source: Import, clock: Callable[[], datetime]) -> Staged:
    """The rows, read anew unless they lie there for this very mapping. Raises: SchemaError."""
    place = folder.folder_of(source) / "staged"
    face = _face(source)
    told = folder.read_json(place / folder.STAGED)
    if told.get("face") == face:
        return Staged(place, told)
    place.mkdir(mode=0o700, exist_ok=True)
    return Staged(place, _stage(source, place, face, clock()))


def _face(source: Import) -> str:
    """Changes when anything does that decides about the rows."""
    chosen = {name: source.choices.get(name) for name in ("currency", "zone", "date_order", "decimal", "beside")}
    digest = source.file.digest if source.file else source.made_at.isoformat()
    told = json.dumps([digest, source.mapping, chosen, BATCH], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _stage(source: Import, place: Path, face: str, now: datetime) -> dict[str, Any]:
    aside: list[SetAside] = []
    tables = read(source, now, aside)
    base = opened(place)
    try:
        told = _lay_down(base, tables, source, place)
    finally:
        base.close()
    told |= {
        "face": face, "currency": tables.currency, "zone": tables.zone, "ignored": list(tables.ignored_columns),
        "accounts": [_account(account) for account in tables.accounts],
        "findings": _findings(tables) + told.pop("findings"),
    }  # fmt: skip
    untied = folder.read_json(place / "untied.json").get("rows", [])
    folder.write_json(place / "aside.json", {"rows": [*_aside(aside), *untied]})
    folder.write_json(place / folder.STAGED, told)
    return told


def read(source: Import, now: datetime, aside: list[SetAside]) -> Tables:
    """Canonical tables of what was brought, as people chose to read it. Raises: SchemaError."""
    from dovolen.insight import mapping as mappings
    from dovolen.insight.sources import open_read

    mapping, choices = mappings.from_toml(source.mapping), source.choices
    chosen = {name: choices[name] for name in ("date_order", "decimal") if choices.get(name)}
    zone = choices.get("zone") or source.centre.zone
    return open_read(
        kept.raws(source), folder.origin(source), replace(mapping, **chosen),
        currency=choices.get("currency") or source.centre.currency, zone=zone,
        today=source.centre.local(now).date(), aside=aside,
    )  # fmt: skip


def opened(place: Path) -> duckdb.DuckDBPyConnection:
    """A base for work on the rows; what does not fit into memory goes to the import's own folder."""
    import duckdb

    base = duckdb.connect(config={"memory_limit": MEMORY, "temp_directory": str(place / "beyond"), "threads": 2})
    base.execute("SET TimeZone = 'UTC'")
    base.execute("SET python_enable_replacements = false")
    return base


def _lay_down(base: duckdb.DuckDBPyConnection, tables: Tables, source: Import, place: Path) -> dict[str, Any]:
    """Every table as Parquet; gives counts, period, words of centres, findings of our own."""
    zone = literal(tables.zone)
    given = {name: _given(base, name, data) for name, data in tables.data.items()}
    for text in PREPARED:
        base.execute(text(given, zone=zone, group_by=_group_by(source)))
    findings = [*texts.tidy(base), *_not_kept(base, given)]
    base.execute(CUSTOMERS(given, zone=zone, group_by=()))
    base.execute(ASSETS(given, zone=zone, group_by=()))
    rows = {}
    for name, query in (("customers", "staged_customers"), ("assets", "staged_assets"), ("orders", ORDERS)):
        as_parquet(base, query, place / f"{name}.parquet", BATCH)
        rows[name] = _count(place / f"{name}.parquet")
    groups = _lines(base, place) if "lines" in given else {}
    folder.write_json(place / "untied.json", {"rows": _untied(base)})
    for name, build in FACTS.items():
        if name in given:
            as_parquet(base, build(given[name], zone), place / f"{name}.parquet", BATCH)
            rows[name] = _count(place / f"{name}.parquet")
    told = base.execute(
        f"SELECT strftime(timezone({zone}, min(accepted_at)), '{DAY}'), "
        f"strftime(timezone({zone}, max(accepted_at)), '{DAY}'), list(DISTINCT centre) FILTER (centre IS NOT NULL), "
        f"count(*) FILTER (customer_key IS NULL), strftime(timezone('UTC', max(accepted_at)), '{MOMENT}') "
        "FROM keyed_orders"
    ).fetchall()[0]
    return {
        "rows": rows, "line_groups": groups, "findings": findings, "n_lines": _number(base, "keyed_lines"),
        "n_lost_lines": _number(base, "keyed_lines WHERE order_place IS NULL"), "n_no_customer": told[3],
        "n_double": _number(base, f"({DOUBLE.format(table='customers')}) AS double"),
        "period": list(told[:2]),
        "latest": told[4],
        "centres": sorted(told[2] or []), "columns": {name: sorted(columns) for name, columns in given.items()},
    }  # fmt: skip


def _not_kept(base: duckdb.DuckDBPyConnection, given: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Findings of what is read and has no place here: columns of the four tables, kinds of orders that are not ours."""
    rows = {(name, column): f"{column} IS NOT NULL" for name, kept in KEPT.items()
            for column in sorted(given.get(name, {}).keys() - kept)}  # fmt: skip
    if "kind" in given.get("orders", {}):
        rows["orders", "kind"] = f"trim(kind) NOT IN ('', {', '.join(map(literal, ORDER_KINDS))})"
    found = []
    for (name, column), condition in rows.items():
        n, of, examples = base.execute(
            f"SELECT count(*) FILTER ({condition}), count(*), list(DISTINCT CAST({column} AS VARCHAR)) "
            f"FILTER ({condition}) FROM given_{name}"
        ).fetchall()[0]
        if n:
            told = [f"{column}: {text}"[:120] for text in sorted(examples)[:EXAMPLES]]
            found.append({
                "code": "not_kept", "table": name, "count": n, "share": round(n / of, 4), "action": "ignored",
                "examples": told,
            })  # fmt: skip
    return found


def _untied(base: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Rows that can be tied to nothing: clients and assets told twice, orders of nobody."""
    found = []
    nobody = "SELECT * FROM keyed_orders WHERE customer_key IS NULL"
    chosen = [(name, "duplicate_key", DOUBLE.format(table=name)) for name in ("customers", "assets")]
    for table, reason, query in [*chosen, ("orders", "no_customer", nobody)]:
        cursor = base.execute(f"SELECT * FROM ({query}) AS untied LIMIT {MOST_ASIDE}")
        names = [column[0] for column in cursor.description or ()]
        for row in cursor.fetchall():
            cells = {name: str(value)[:200] for name, value in zip(names, row, strict=True) if value is not None}
            hidden = ("read_place", "row", "nth", "key")
            cells = {name: value for name, value in cells.items() if name not in hidden}
            found.append({"table": table, "place": None, "reason": reason, "cells": cells})
    return found


def _number(base: duckdb.DuckDBPyConnection, rows: str) -> int:
    return int(base.execute(f"SELECT count(*) FROM {rows}").fetchall()[0][0])


def _group_by(source: Import) -> tuple[str, ...]:
    from dovolen.insight import mapping as mappings

    keys = mappings.from_toml(source.mapping).group_by
    return () if "order_id" in keys else keys


def _given(base: duckdb.DuckDBPyConnection, name: str, data: Any) -> dict[str, str]:
    """A canonical table under `given_<name>`; gives its columns with their SQL types."""
    if isinstance(data, Path):
        base.execute(f"CREATE VIEW given_{name} AS SELECT * FROM read_parquet({literal(str(data))})")
    else:
        base.register(f"given_{name}", data)
    described = base.execute(f"DESCRIBE given_{name}").fetchall()
    return {row[0]: row[1] for row in described}


def _count(place: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(place).num_rows)


def _lines(base: duckdb.DuckDBPyConnection, place: Path) -> dict[str, int]:
    """Lines in the order of their orders, those of one batch of orders in one row group; batch → row group."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    reader = base.sql(LINES).to_arrow_reader(50_000)
    groups: dict[str, int] = {}
    with pq.ParquetWriter(place / "lines.parquet", reader.schema) as writer:
        for number, part in _by_batch(reader, pa):
            groups[str(number)] = len(groups)
            writer.write_table(part, row_group_size=max(part.num_rows, 1))
    return groups


def _by_batch(reader: pa.RecordBatchReader, arrow: Any) -> Iterator[tuple[int, pa.Table]]:
    """Rows cut where another batch of orders begins."""
    import pyarrow.compute as pc

    waiting: list[pa.Table] = []
    current: int | None = None
    for piece in reader:
        rows = arrow.Table.from_batches([piece])
        numbers = pc.cast(pc.floor(pc.divide(rows["order_place"], BATCH)), arrow.int64())
        for number in sorted(pc.unique(numbers).to_pylist()):
            part = rows.filter(pc.equal(numbers, number))
            if number != current and waiting:
                yield int(current or 0), arrow.concat_tables(waiting)
                waiting = []
            current = number
            waiting.append(part)
    if waiting:
        yield int(current or 0), arrow.concat_tables(waiting)


def _account(account: Any) -> dict[str, Any]:
    return {
        "table": account.table, "rows_in": account.rows_in, "rows_used": account.rows_used,
        "asides": {aside.reason: aside.count for aside in account.asides},
    }  # fmt: skip


def _findings(tables: Tables) -> list[dict[str, Any]]:
    """What the library finds in the rows: as the report tells it, in this order."""
    from dovolen.insight import quality
    from dovolen.insight.engines.duck import DuckDB
    from dovolen.insight.facts import Views

    engine = DuckDB()
    try:
        found = quality.findings(Views(engine, tables, {}), tables)
    finally:
        engine.close()
    return [
        {
            "code": one.code, "table": one.table, "count": one.count, "action": one.action,
            "share": round(one.count / one.of, 4) if one.of else 0,
            "examples": [str(text)[:120] for text in one.examples],
        }
        for one in found
    ]  # fmt: skip


def _aside(aside: list[SetAside]) -> Iterator[dict[str, Any]]:
    """Rows that were set aside, each under the headers of its file."""
    from dovolen.desk.ingest.work.reading import shown

    for part in aside:
        for row in part.rows.slice(0, MOST_ASIDE).to_pylist():
            cells = {header: shown(row[f"c{i}"]) for i, header in enumerate(part.headers) if header}
            yield {"table": part.table, "place": row["source_row"] + 2, "reason": row["reason"], "cells": cells}
