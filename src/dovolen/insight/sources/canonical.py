"""Foreign rows read as canonical rows: every row used, or set aside with its reason; every unread value counted."""

from __future__ import annotations

import pyarrow as pa

from dovolen.insight.mapping import AMOUNT
from dovolen.insight.schema import ARROW, TABLES, Account, Aside, Finding, SchemaError
from dovolen.insight.sources import values
from dovolen.insight.sources.reader import Reader, SetAside

_EXAMPLES = 5
_SQL_TYPES = {
    "moment": "TIMESTAMPTZ",
    "date": "DATE",
    "money": "BIGINT",
    "int": "BIGINT",
    "number": "DOUBLE",
    "flag": "BOOLEAN",
}


def parse(reader: Reader, *, amount: str | None, into: str, needed: str | None = None) -> Account:
    """Read the table into the temporary table `into` (with `source_row`); rows set aside are left out and counted.

    `amount` is the column where something unreadable makes the row useless, `needed` the key it cannot do without.
    """
    reader.read()
    whole = f"{into}_read"
    reason = f"CASE WHEN {needed} IS NULL THEN 'no_key' END" if needed else reader.reason(amount)
    reader.base.execute(f"CREATE TEMP TABLE {whole} AS SELECT *, {reason} AS reason FROM ({_typed(reader)})")
    _refuse_if_unread(reader, whole, amount)
    reader.findings += _unread_values(reader, whole, amount) + _more_decimals(reader, whole)
    asides = (*reader.raw.asides, *_asides(reader, whole))
    keep_aside(reader, f"SELECT source_row, reason FROM {whole} WHERE reason IS NOT NULL")
    kept = ", ".join(f'"{column}"' for column in [*reader.columns, "source_row"])
    reader.base.execute(f"CREATE TEMP TABLE {into} AS SELECT {kept} FROM {whole} WHERE reason IS NULL")
    reader.base.execute(f"DROP TABLE {whole}")
    used = reader.raw.rows_in - sum(aside.count for aside in asides)
    return Account(reader.table, reader.raw.rows_in, used, asides)


def _typed(reader: Reader) -> str:
    """Every column in its type; beside it whether something is written there, and whether it has too many decimals."""
    chosen = [f'{_cast(reader.kind(column), sql)} AS "{column}"' for column, sql in reader.columns.items()]
    chosen += [f"{sql} AS filled_{column}" for column, sql in reader.filled.items()]
    chosen += [f"{sql} AS odd_{column}" for column, sql in reader.odd.items()]
    return f"SELECT {', '.join([*chosen, 'source_row'])} FROM {reader.view}"


def _cast(kind: str, sql: str) -> str:
    return f"CAST({sql} AS {_SQL_TYPES[kind]})" if kind in _SQL_TYPES else sql


def _counts(reader: Reader, whole: str, conditions: list[str]) -> list[int]:
    sums = ", ".join(f"coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)" for condition in conditions)
    rows = reader.base.execute(f"SELECT {sums} FROM {whole}").fetchall() if conditions else [()]
    return [int(count) for count in rows[0]]


def _refuse_if_unread(reader: Reader, whole: str, amount: str | None) -> None:
    """Raises SchemaError when most filled cells of the date or the amount cannot be read: it is the wrong column."""
    for column in ("accepted_at", "accepted_date", amount):
        if column is None or column not in reader.filled:
            continue
        filled, unread = _counts(reader, whole, [f"filled_{column}", reader.unread(column)])
        if unread * 2 > filled:
            names = ", ".join(reader.part.columns[column])
            said = ", ".join(_cells(reader, whole, column))
            key = "error.not_amounts" if column == amount else "error.not_dates"
            raise SchemaError(key, {"column": names, "count": unread, "of": filled, "examples": said})


def _cells(reader: Reader, whole: str, column: str) -> list[str]:
    """A few unreadable cells of a column, as written."""
    rows = f"SELECT source_row FROM {whole} WHERE {reader.unread(column)}"
    cells = f"SELECT DISTINCT {reader.cell(column)} FROM {reader.view} WHERE source_row IN ({rows})"
    return [str(row[0])[:80] for row in reader.base.execute(f"{cells} ORDER BY 1 LIMIT {_EXAMPLES}").fetchall()]


def _unread_values(reader: Reader, whole: str, amount: str | None) -> list[Finding]:
    """Values that could not be read in columns that a row can do without."""
    checked = [column for column in reader.filled if column not in {"accepted_at", "accepted_date", amount}]
    found = []
    for column, count in zip(checked, _counts(reader, whole, [*map(reader.unread, checked)]), strict=True):
        if count:
            header = ", ".join(reader.part.columns[column])
            said = tuple(f"{header}: {cell}" for cell in _cells(reader, whole, column))
            found.append(Finding("unread_values", reader.table, count, reader.raw.rows_in, said, "emptied"))
    return found


def _more_decimals(reader: Reader, whole: str) -> list[Finding]:
    """Amounts with more decimals than the currency has."""
    odd = " OR ".join(f"odd_{column}" for column in reader.odd)
    count = _counts(reader, whole, [odd])[0] if odd else 0
    if not count:
        return []
    rows = reader.base.execute(f"SELECT source_row FROM {whole} WHERE {odd} ORDER BY 1 LIMIT {_EXAMPLES}").fetchall()
    said = as_written(reader, [row[0] for row in rows])
    return [Finding("more_decimals", reader.table, count, reader.raw.rows_in, said, "half_even")]


def keep_aside(reader: Reader, chosen: str) -> None:
    """Hand over all rows that `chosen` (source_row, reason) sets aside, where somebody wants them."""
    if reader.aside is None:
        return
    rows = reader.base.sql(
        f"SELECT chosen.reason, given.* FROM ({chosen}) AS chosen JOIN {reader.view} AS given USING (source_row) "
        "ORDER BY source_row"
    ).to_arrow_table()
    if rows.num_rows:
        reader.aside.append(SetAside(reader.table, reader.raw.headers, rows))


def _row(reader: Reader) -> str:
    """A row as the source wrote it, its most telling cells first."""
    wanted = ("order_id", "customer_id", "accepted_at", "accepted_date", "name", "quantity", AMOUNT, "revenue")
    columns = [column for column in wanted if column in reader.part.columns] or list(reader.part.columns)[:4]
    return f"concat_ws(' | ', {', '.join(reader.cell(column) for column in columns)})"


def _asides(reader: Reader, whole: str) -> list[Aside]:
    rows = reader.base.execute(
        f"SELECT reason, count(*) FROM {whole} WHERE reason IS NOT NULL GROUP BY 1 ORDER BY 1"
    ).fetchall()
    return [Aside(reason, count, _set_aside(reader, whole, reason)) for reason, count in rows]


def _set_aside(reader: Reader, whole: str, reason: str) -> tuple[str, ...]:
    chosen = f"SELECT source_row FROM {whole} WHERE reason = {values.literal(reason)} ORDER BY 1 LIMIT {_EXAMPLES}"
    return as_written(reader, [row[0] for row in reader.base.execute(chosen).fetchall()])


def as_written(reader: Reader, rows: list[int]) -> tuple[str, ...]:
    """The first few of these rows as the source wrote them."""
    places = ", ".join(map(str, sorted(rows)[:_EXAMPLES])) or "-1"
    said = reader.base.execute(
        f"SELECT {_row(reader)} FROM {reader.view} WHERE source_row IN ({places}) ORDER BY source_row"
    ).fetchall()
    return tuple(str(row[0])[:120] for row in said)


def canonical(rows: pa.Table, table: str) -> pa.Table:
    """Rows with canonical Arrow types, columns in canonical order."""
    chosen = [column for column in TABLES[table].columns if column.name in rows.column_names]
    types = [rows.schema.field(c.name).type if c.kind == "id" else ARROW[c.kind] for c in chosen]
    return rows.select([c.name for c in chosen]).cast(
        pa.schema([pa.field(c.name, t) for c, t in zip(chosen, types, strict=True)])
    )
