"""How the columns of one foreign table are read as canonical ones: an SQL expression each."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

import duckdb
import pyarrow as pa

from dovolen.insight.currencies import minor_units
from dovolen.insight.mapping import AMOUNT, CLOSED, Mapping, TableMapping
from dovolen.insight.schema import TABLES, Finding
from dovolen.insight.sources import dates, values
from dovolen.insight.sources.reading import Raw

_OLDEST, _LATEST = date(1950, 1, 1), date(2100, 1, 1)


@dataclass(frozen=True)
class Setting:
    """What holds for the whole source: its mapping, currency, zone and today's date."""

    mapping: Mapping
    currency: str
    zone: str
    today: date | None = None


@dataclass(frozen=True)
class SetAside:
    """Rows of one foreign table that were set aside: `rows` holds source_row, reason and the cells c0, c1, …"""

    table: str
    headers: tuple[str, ...]
    rows: pa.Table


@dataclass
class Reader:
    """Reads one foreign table as a canonical one: SQL expressions by canonical column, and what was seen on the way."""

    base: duckdb.DuckDBPyConnection
    raw: Raw
    view: str
    setting: Setting
    table: str
    part: TableMapping
    columns: dict[str, str] = field(default_factory=dict)
    filled: dict[str, str] = field(default_factory=dict)
    odd: dict[str, str] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    owner: dict[str, str] = field(default_factory=dict)
    aside: list[SetAside] | None = None
    """Where every row that is set aside goes as it was written; without it a few examples are enough."""

    def read(self) -> None:
        """Expressions for every mapped column."""
        for column in self.part.columns:
            self._read_column(column)

    def cell(self, column: str) -> str:
        """The first filled of the headers a column is mapped to, as text; a phone among several keys is tidied."""
        phones = (
            set(self.setting.mapping.tables["customers"].columns.get("phones", ()))
            if "customers" in self.setting.mapping.tables
            else set()
        )
        headers = [header for header in self.part.columns[column] if header in self.raw.headers]
        cells = []
        for header in headers:
            word = self._text(header)
            key = column.endswith("_id") and len(headers) > 1
            cells.append(values.phone(word) if key and header in phones else values.text(word) if key else word)
        return cells[0] if len(cells) == 1 else f"coalesce({', '.join(cells)})"

    def _cells(self, column: str) -> list[str]:
        """Every header a column is mapped to, as text."""
        return [self._text(header) for header in self.part.columns[column] if header in self.raw.headers]

    def _text(self, header: str) -> str:
        name = self.raw.column(header)
        return name if pa.types.is_string(self.raw.kind(header)) else f"CAST({name} AS VARCHAR)"

    def kind(self, column: str) -> str:
        """Kind of a canonical column; the total of a line is money."""
        if column == AMOUNT:
            return "money"
        found = TABLES[self.owner.get(column, self.table)].column(column) or TABLES["orders"].column(column)
        return found.kind if found else "text"

    def _single(self, column: str) -> tuple[str, pa.DataType] | None:
        """The raw column and its type where one header is mapped and is not text."""
        headers = self.part.columns[column]
        if len(headers) == 1 and not pa.types.is_string(kind := self.raw.kind(headers[0])):
            return self.raw.column(headers[0]), kind
        return None

    def _read_column(self, column: str) -> None:
        kind = self.kind(column)
        if kind in {"moment", "date"}:
            self._read_date(column, kind)
        elif kind in {"money", "number", "int"}:
            self._read_number(column, kind)
        elif kind == "id":
            self._read_identifier(column)
        elif kind == "flag":
            self.columns[column] = values.flag(self.cell(column))
        else:
            self._read_words(column)

    def _read_identifier(self, column: str) -> None:
        single = self._single(column)
        if single and pa.types.is_integer(single[1]):
            self.columns[column] = f"CAST({single[0]} AS BIGINT)"
        else:
            self.columns[column] = values.identifier(self.cell(column))

    def _read_words(self, column: str) -> None:
        words = {**self.part.values.get(column, {})}
        ours = CLOSED.get(f"{self.owner.get(column, self.table)}.{column}", ())
        closed = bool(ours)
        words |= {word: word for word in ours}
        # In a closed list a header with a word of its own (a free verdict) gives way to the next one (a status).
        cells = self._cells(column) if closed else [self.cell(column)]
        self.columns[column] = f"coalesce({', '.join(values.chosen(cell, words, closed=closed) for cell in cells)})"
        if closed:
            self.filled[column] = f"({values.text(self.cell(column))}) IS NOT NULL"

    def _read_number(self, column: str, kind: str) -> None:
        single = self._single(column)
        if single:
            exact = f"TRY_CAST({single[0]} AS DECIMAL(28, 8))"
            filled = f"{single[0]} IS NOT NULL"
        else:
            cell = self.cell(column)
            exact = values.number(cell, self._decimal(cell, kind))
            filled = f"({values.text(cell)}) IS NOT NULL"
        if kind == "money":
            exact = self._signed(column, exact)
            if not single or not pa.types.is_integer(single[1]):
                scaled = f"({exact}) * {minor_units(self.setting.currency)}"
                self.odd[column] = f"{scaled} <> round_even({scaled}, 0)"
            self.columns[column] = values.minor(f"({exact})", self.setting.currency)
        else:
            self.columns[column] = f"CAST({exact} AS {'DOUBLE' if kind == 'number' else 'BIGINT'})"
        self.filled[column] = filled

    def _signed(self, column: str, exact: str) -> str:
        """The amount, negative on a row marked as a return."""
        returns = self.setting.mapping.returns
        if not returns or column not in {"revenue", AMOUNT} or returns.column not in self.raw.headers:
            return exact
        words = values.literals(tuple(word.strip().lower() for word in returns.words))
        return f"CASE WHEN lower(trim({self._text(returns.column)})) IN ({words}) THEN -abs({exact}) ELSE {exact} END"

    def _decimal(self, cell: str, kind: str) -> str:
        if self.setting.mapping.decimal:
            return self.setting.mapping.decimal
        row = self.base.execute(f"SELECT {values.decimals_seen(cell)} FROM {self.view}").fetchall()[0]
        commas, points, comma_groups, point_groups = (int(count) for count in row)
        return values.decimal_mark(commas, points, comma_groups, point_groups if kind == "money" else 0)

    def _read_date(self, column: str, kind: str) -> None:
        moment, day, filled, has_time = self._moments(column)
        target = column.removesuffix("_at") + "_date" if column.endswith("_at") else ""
        if kind == "date":
            self.columns[column] = day
        elif column == "accepted_at":
            self.columns[target] = day
            if has_time:
                self.columns[column] = moment
        else:
            self.columns[column] = (
                f"coalesce({moment}, timezone({values.literal(self.setting.zone)}, CAST({day} AS TIMESTAMP)))"
            )
        self.filled[column] = filled

    def _moments(self, column: str) -> tuple[str, str, str, bool]:
        """SQL of the UTC moment (null where no time is known), the local day, "is filled"; and whether times occur."""
        zone = values.literal(self.setting.zone)
        single = self._single(column)
        if single:
            name, kind = single
            filled = f"{name} IS NOT NULL"
            if pa.types.is_date(kind):
                return "CAST(NULL AS TIMESTAMPTZ)", f"CAST({name} AS DATE)", filled, False
            if pa.types.is_timestamp(kind) and kind.tz:
                return f"CAST({name} AS TIMESTAMPTZ)", f"CAST(timezone({zone}, {name}) AS DATE)", filled, True
            if pa.types.is_timestamp(kind):
                timed = self._any(f"CAST({name} AS TIME) <> TIME '00:00:00'")
                return f"timezone({zone}, CAST({name} AS TIMESTAMP))", f"CAST({name} AS DATE)", filled, timed
        return self._written_moments(column, zone)

    def _written_moments(self, column: str, zone: str) -> tuple[str, str, str, bool]:
        cell = self.cell(column)
        read = dates.reading(self.base, self.view, cell, order=self.setting.mapping.date_order)
        if read.ambiguous:
            self.findings.append(
                Finding(
                    "ambiguous_dates",
                    self.table,
                    self.raw.rows_in,
                    self.raw.rows_in,
                    self.part.columns[column],
                    "day_first",
                )
            )
        timed = read.has_time and self._any(
            f"CAST({read.local} AS TIME) <> TIME '00:00:00' OR ({read.aware}) IS NOT NULL"
        )
        moment = f"coalesce(timezone({zone}, {read.local}), {read.aware})"
        day = f"CAST(coalesce({read.local}, timezone({zone}, {read.aware}), {read.day}) AS DATE)"
        return moment, day, read.filled, timed

    def _any(self, condition: str) -> bool:
        return self.base.execute(f"SELECT 1 FROM {self.view} WHERE {condition} LIMIT 1").fetchall() != []

    def unread(self, column: str) -> str:
        """SQL, over rows once read, of "something is written there, and it could not be read"."""
        result = "accepted_date" if column == "accepted_at" else column
        return f'filled_{column} AND "{result}" IS NULL'

    def reason(self, amount: str | None) -> str:
        """SQL, over rows once read, of the code for which a row is set aside, or null."""
        cases = []
        if "accepted_date" in self.columns:
            source = next(column for column in ("accepted_at", "accepted_date") if column in self.part.columns)
            cases += [f"WHEN {self.unread(source)} THEN 'bad_date'", "WHEN accepted_date IS NULL THEN 'no_date'"]
            cases.append(f"WHEN accepted_date < DATE '{_OLDEST}' OR accepted_date > DATE '{_LATEST}' THEN 'bad_date'")
            if self.setting.today:
                cases.append(f"WHEN accepted_date > DATE '{self.setting.today}' THEN 'future_date'")
        if amount in self.filled:
            cases.append(f"WHEN {self.unread(amount)} THEN 'bad_amount'")
        return f"CASE {' '.join(cases)} END" if cases else "CAST(NULL AS VARCHAR)"
