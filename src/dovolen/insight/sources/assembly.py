"""Canonical tables put together: each part of the mapping read, lines grouped, clients joined, accounts balanced."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import duckdb
import pyarrow as pa

from dovolen.insight.mapping import AMOUNT, Mapping, TableMapping
from dovolen.insight.schema import TABLES, Account, Aside, Finding, SchemaError, Tables
from dovolen.insight.sources import alike, grouping, phones_below, proven
from dovolen.insight.sources.canonical import as_written, canonical, keep_aside, parse
from dovolen.insight.sources.choice import table_of
from dovolen.insight.sources.reader import Reader, SetAside, Setting
from dovolen.insight.sources.reading import Raw
from dovolen.insight.sources.settings import check_currency, check_zone, currencies_seen

_MONEY = ("revenue", AMOUNT, "price", "estimate", "debt", "discount", "parts_cost", "labour_cost", "amount", "cost")


def setting_of(
    raws: list[Raw], mapping: Mapping, *, currency: str | None, zone: str | None, today: date | None
) -> tuple[Setting, tuple[str, str]]:
    """Currency and zone with where each is from. Raises SchemaError for two currencies or unknown names."""
    seen: set[str] = set()
    for part in mapping.tables.values() if not mapping.layout else ():
        raw = table_of(raws, part)
        headers = tuple(header for column in _MONEY for header in part.columns.get(column, ()) if header in raw.headers)
        seen |= set(currencies_seen(raw, headers))
    if len(seen) > 1:
        raise SchemaError("error.two_currencies", {"currencies": ", ".join(sorted(seen))})
    header = next(iter(seen), "")
    choices = [(currency or "", "given"), (header, "header"), (mapping.currency, "mapping"), ("RUB", "default")]
    if mapping.currency and not mapping.preset:
        choices[1], choices[2] = choices[2], choices[1]
    found, told = next((code.upper(), where) for code, where in choices if code)
    check_currency(found)
    check_zone(zone or mapping.zone)
    zone_from = "given" if zone else "mapping" if mapping.zone else "default"
    return Setting(mapping, found, zone or mapping.zone or "Europe/Moscow", today), (told, zone_from)


class Assembly:
    """One reading of one source; the base it works in is its own and is closed at the end."""

    def __init__(
        self, raws: list[Raw], setting: Setting, source: str | Path, aside: list[SetAside] | None = None
    ) -> None:
        self.raws, self.setting, self.source, self.aside = raws, setting, source, aside
        self.mapping = setting.mapping
        self.data: dict[str, pa.Table] = {}
        self.accounts: list[Account] = []
        self.findings: list[Finding] = []
        self.base = duckdb.connect(config={"enable_external_access": False, "autoload_known_extensions": False})
        self.base.execute("SET TimeZone = 'UTC'")
        self.base.execute("SET python_enable_replacements = false")
        self.views: dict[int, str] = {}

    def tables(self) -> Tables:
        """Everything the mapping names."""
        try:
            if self.mapping.layout == "phones_below":
                self.data["customers"], account = phones_below.read(self.raws[0])
                self.accounts.append(account)
            elif self.mapping.group_by:
                self._lines()
            elif "orders" in self.mapping.tables:
                self._plain("orders")
            for name in self.mapping.tables:
                if name not in {"orders", "lines"} and not self.mapping.layout:
                    self._beside(name)
            if "lines" in self.mapping.tables and not self.mapping.group_by:
                self._plain("lines")
            self._spellings()
        finally:
            self.base.close()
        self._check_something_left()
        return Tables(
            self.data, accounts=tuple(self.accounts), findings=tuple(self.findings), ignored_columns=self._ignored()
        )

    def _reader(self, table: str, part: TableMapping) -> Reader:
        raw = table_of(self.raws, part)
        if id(raw) not in self.views:
            view = f"raw_{len(self.views)}"
            rows = raw.rows.append_column("source_row", pa.array(range(raw.rows.num_rows), pa.int64()))
            self.base.register(view, rows)
            self.views[id(raw)] = view
        return Reader(self.base, raw, self.views[id(raw)], self.setting, table, part, aside=self.aside)

    def _plain(self, table: str) -> None:
        """A table whose rows are what they should be: one an order, one a line."""
        part = self.mapping.tables[table]
        raw = table_of(self.raws, part)
        if (
            part.file
            and self.mapping.name == "canonical"
            and proven.has_canonical_types(pa.schema(self._named_fields(raw)), table)
        ):
            self.data[table] = canonical(raw.rows.rename_columns(list(raw.headers)), table)
            self.accounts.append(Account(table, raw.rows_in, raw.rows_in))
            return
        reader = self._reader(table, part)
        amount = "revenue" if table == "orders" else AMOUNT if AMOUNT in part.columns else "price"
        account = parse(reader, amount=amount if amount in part.columns else None, into=table)
        self._keep(table, table, account, reader)

    @staticmethod
    def _named_fields(raw: Raw) -> list[pa.Field]:
        return [pa.field(header, field.type) for header, field in zip(raw.headers, raw.rows.schema, strict=True)]

    def _lines(self) -> None:
        """Lines, and the orders grouped out of them."""
        orders, lines = self.mapping.tables["orders"], self.mapping.tables["lines"]
        both = TableMapping(
            columns={**orders.columns, **lines.columns},
            file=lines.file or orders.file,
            values={**orders.values, **lines.values},
        )
        reader = self._line_reader(both, lines)
        account = parse(reader, amount=AMOUNT if AMOUNT in both.columns else None, into="lines")
        columns = set(reader.columns)
        account = self._without_spoiled(reader, account)
        order_columns = {
            column for column in columns if TABLES["orders"].column(column) and column not in lines.columns
        }
        grouping.orders_of_lines(self.base, "lines", columns, self.mapping.group_by, order_columns)
        self._keep("lines", "grouped_lines", account, reader)
        self.data["orders"] = self._rows("grouped_orders", "orders")
        made = self.data["orders"].num_rows
        self.accounts.append(Account("orders", made, made))
        self.base.execute("CREATE TEMP VIEW orders AS SELECT * FROM grouped_orders")

    def _without_spoiled(self, reader: Reader, account: Account) -> Account:
        """The account after lines with a spoiled amount have been set aside."""
        spoiled = grouping.take_spoiled(self.base, "lines", set(reader.columns))
        if not spoiled:
            return account
        places = ", ".join(f"({place})" for place in spoiled)
        keep_aside(reader, f"SELECT source_row, 'spoiled_amount' AS reason FROM (VALUES {places}) AS t(source_row)")
        aside = Aside("spoiled_amount", len(spoiled), as_written(reader, spoiled))
        return replace(account, rows_used=account.rows_used - aside.count, asides=(*account.asides, aside))

    def _line_reader(self, both: TableMapping, lines: TableMapping) -> Reader:
        """A reader of rows that hold columns of lines and of orders together."""
        reader = self._reader("lines", both)
        reader.owner = {column: "lines" if column in lines.columns else "orders" for column in both.columns}
        return reader

    def _beside(self, table: str) -> None:
        """Clients, assets and all that stands beside orders; from the orders' own rows one row is left a key."""
        part = self.mapping.tables[table]
        reader = self._reader(table, part)
        key = TABLES[table].key[0] if len(TABLES[table].key) == 1 else None
        own = bool(part.file) or "orders" not in self.mapping.tables
        account = parse(reader, amount=None, into=table, needed=key if own else None)
        columns = list(reader.columns)
        if key and not own:
            self.base.execute(f"DELETE FROM {table} WHERE {key} IS NULL")
            grouping.one_row_each(self.base, table, key, columns)
        if table == "customers":
            self._companies(columns)
        if key and not own:
            made = int(self.base.execute(f"SELECT count(*) FROM {table}").fetchall()[0][0])
            account = Account(table, made, made)
        self._keep(table, table, account, reader)

    def _spellings(self) -> None:
        """Spellings of identifiers: by the source's own keys where it has them, else by the identifiers."""
        part = self.mapping.tables.get("customers")
        if self.mapping.alike and part:
            wanted = {part.columns["customer_id"][0], *self.mapping.alike.values()}
            orders = self.mapping.tables.get("orders", part)
            reader = self._reader("orders", orders)
            if not wanted <= set(reader.raw.headers):
                reader = self._reader("customers", part)
            key = part.columns["customer_id"][0]
            self.findings += alike.by_headers(self.base, reader.raw, reader.view, key, dict(self.mapping.alike))
        elif "orders" in self.data and "customer_id" in self.data["orders"].column_names:
            ids = self.data["orders"].select(["customer_id"])
            if pa.types.is_string(ids.schema.field(0).type):
                self.base.register("identifiers", ids)
                self.findings += alike.by_spelling(self.base, "identifiers")

    def _companies(self, columns: list[str]) -> None:
        if self.mapping.companies and "kind" not in columns:
            self.base.execute("ALTER TABLE customers ADD COLUMN kind VARCHAR")
        for column, words in self.mapping.companies.items():
            grouping.companies_by_orders(self.base, "customers", "orders", column, words)

    def _keep(self, table: str, rows: str, account: Account, reader: Reader) -> None:
        self.data[table] = self._rows(rows, table)
        self.accounts.append(account)
        self.findings += reader.findings

    def _rows(self, rows: str, table: str) -> pa.Table:
        return canonical(self.base.sql(f"SELECT * FROM {rows}").to_arrow_table(), table)

    def _check_something_left(self) -> None:
        main = self.accounts[0] if self.accounts else None
        if main and main.rows_in and not main.rows_used:
            reasons = ", ".join(f"{aside.reason} {aside.count}" for aside in main.asides)
            raise SchemaError("error.all_set_aside", {"count": main.rows_in, "reasons": reasons})

    def _ignored(self) -> tuple[str, ...]:
        """Headers of the tables read that mean nothing here."""
        used: dict[str, set[str]] = {}
        for part in self.mapping.tables.values():
            raw = table_of(self.raws, part)
            used.setdefault(raw.name, set()).update(header for headers in part.columns.values() for header in headers)
        if self.mapping.returns:
            for headers in used.values():
                headers.add(self.mapping.returns.column)
        by_name = {raw.name: raw for raw in self.raws}
        return tuple(
            header
            for name, headers in used.items()
            for header in by_name[name].headers
            if header and header not in headers
        )
