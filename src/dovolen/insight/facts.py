"""Facts: the views of `sql/`, made on an engine when first asked for, over canonical tables."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import pyarrow as pa

from dovolen.insight.conform import conform, id_types
from dovolen.insight.engines import Engine, Value, written
from dovolen.insight.schema import TABLES, Tables

NEVER = date(2199, 12, 31)
"""A day after every day: the latest that all engines can write."""

_NAMES = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_0-9]+)")
_KEEP = re.compile(r"^-- Keep\.$", re.MULTILINE)


def definitions() -> dict[str, str]:
    """The text of every view by name."""
    return dict(_definitions())


@cache
def _definitions() -> dict[str, str]:
    folder = files("dovolen.insight").joinpath("sql")
    return {file.name[:-4]: file.read_text("utf-8") for file in folder.iterdir() if file.name.endswith(".sql")}


def stands_on(sql: str) -> list[str]:
    """Names that `sql` reads from, comments left out, in the order they are met."""
    code = "\n".join(line for line in sql.splitlines() if not line.lstrip().startswith("--"))
    return list(dict.fromkeys(_NAMES.findall(code)))


class Views:
    """The flow of data on one engine: `fetch` a query and every view it needs is made first, once."""

    def __init__(self, engine: Engine, tables: Tables, params: Mapping[str, Value]) -> None:
        self.engine = engine
        self._params = dict(params)
        self._texts = definitions()
        self._offered: dict[str, Callable[[], pa.Table]] = {}
        self._own: dict[str, dict[str, Value]] = {}
        self._made: set[str] = set()
        self._tables = tables
        self._given: dict[str, dict[str, str]] = {}

    def fetch(self, sql: str, **params: Value) -> pa.Table:
        """The rows of `sql` (DuckDB dialect; `$name` is written in as a checked literal)."""
        for name in stands_on(sql):
            self.need(name)
        return self.engine.fetch(written(sql, {**self._params, **params}))

    def rows(self, sql: str, **params: Value) -> list[tuple[Any, ...]]:
        """`fetch` as plain Python rows; whole decimals come as int."""
        table = self.fetch(sql, **params)
        columns = [[_plain(value) for value in column.to_pylist()] for column in table.columns]
        return list(zip(*columns, strict=True))

    def row(self, sql: str, **params: Value) -> dict[str, Any]:
        """The single row of `sql` by column name."""
        table = self.fetch(sql, **params)
        return {name: _plain(table[name][0].as_py()) for name in table.column_names}

    def need(self, name: str) -> None:
        """Make the view or canonical table `name`, and what it stands on, unless it is there."""
        if name in self._made:
            return
        self._made.add(name)
        if name in TABLES:
            self._conform(name)
        elif name in self._offered:
            self.engine.load(name, self._offered[name]())
        elif name in self._texts:
            self._create(name, self._texts[name])

    def given(self, table: str) -> Mapping[str, str]:
        """Canonical columns of `table` that the source really gave, each with its kind; none without the table."""
        if table not in self._tables.data:
            return {}
        if table not in self._given:
            self.engine.load(f"given_{table}", self._tables.data[table])
            columns = self.engine.columns(f"given_{table}")
            self._given[table] = {name: kind for name, kind in columns.items() if TABLES[table].column(name)}
        return self._given[table]

    def put(self, name: str, rows: pa.Table) -> None:
        """Give `name` these rows; a view of that name is not made."""
        self.engine.load(name, rows)
        self._made.add(name)

    def use(self, name: str, text_of: str) -> None:
        """Make the view `name` of another view's text."""
        self._texts[name] = self._texts[text_of]

    def offer(self, name: str, make: Callable[[], pa.Table]) -> None:
        """Promise rows under `name`; `make` is called when a view first needs them."""
        self._offered[name] = make

    def again(self, names: tuple[str, ...], suffix: str, **params: Value) -> None:
        """Offer the views `names` once more under `name + suffix`, with other parameters.

        They read each other's new copies and everything else as it is; they are made when needed, as all views.
        """
        copied = re.compile(rf"\b((?:FROM|JOIN)\s+)({'|'.join(names)})\b")
        for name in names:
            self._texts[name + suffix] = copied.sub(rf"\g<1>\g<2>{suffix}", self._texts[name])
            self._own[name + suffix] = params

    def settle(self, **params: Value) -> None:
        """Give parameters that views not made yet are still waiting for."""
        self._params |= params

    def _create(self, name: str, text: str) -> None:
        for other in stands_on(text):
            self.need(other)
        self.engine.create(name, written(text, self._params | self._own.get(name, {})), keep=bool(_KEEP.search(text)))

    def _conform(self, table: str) -> None:
        ids = id_types({name: self.given(name) for name in self._tables.data})
        day: dict[str, Value] = {"zone": self._tables.zone, "today": self._tables.today or NEVER}
        text = written(conform(table, self.given(table), ids), day)
        self.engine.create(table, text, keep=False)


def _plain(value: Any) -> Any:
    """Sums of whole numbers come as decimals from some engines."""
    return int(value) if isinstance(value, Decimal) else value
