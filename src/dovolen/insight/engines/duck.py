"""DuckDB inside the process: the engine whose dialect the views are written in, so their text runs as it is."""

from __future__ import annotations

import re
import shutil
import tempfile
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import duckdb
import pyarrow as pa

from dovolen.insight.engines.rows import canonical, kinds
from dovolen.insight.engines.text import name_literal, text_literal

_SETTINGS = {
    "TimeZone": "UTC",
    "preserve_insertion_order": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,  # a view name never falls back on a Python variable
}

MEMORY = 700
"""Megabytes; rows beyond it go to disk: a study of a million orders fits in a laptop."""

_Made = TypeVar("_Made")

_QUANTILE = re.compile(r"quantile_cont\((\w+), (CAST\([\d.e-]+ AS DOUBLE\)|[\d.]+)\)")

_MACROS = (
    # A naive time is UTC, as the session's zone is.
    "CREATE TEMP MACRO day_in_zone(moment, zone) AS CAST(timezone(zone, CAST(moment AS TIMESTAMPTZ)) AS DATE)",
)


class DuckDB:
    """An in-memory base in UTC; Parquet is read in place, Arrow rows are read where they lie."""

    name = "duckdb"

    def __init__(self, memory: int | None = None) -> None:
        """`memory`: megabytes before rows go to disk."""
        self._base = duckdb.connect(":memory:")
        beyond_memory = tempfile.mkdtemp(prefix="dovolen-")  # clients' rows: nobody else may read the folder
        self._clean = weakref.finalize(self, shutil.rmtree, beyond_memory, ignore_errors=True)
        limits = {"temp_directory": beyond_memory, "memory_limit": f"{memory or MEMORY}MB"}
        for setting, value in (_SETTINGS | limits).items():
            self._base.execute(f"SET {setting} = {text_literal(value) if isinstance(value, str) else value}")
        for macro in _MACROS:
            self._base.execute(macro)
        self._kinds: dict[str, str] = {}

    def load(self, table: str, data: pa.Table | Path | str) -> None:
        """Give `data` the name `table`: Arrow rows, a Parquet file or folder, or the name of a relation."""
        if isinstance(data, pa.Table):
            source = name_literal(f"arrow_{table}")
            self._base.register(f"arrow_{table}", data)
        elif isinstance(data, Path):
            source = f"read_parquet([{', '.join(map(text_literal, parquet_files(data)))}])"
        else:
            source = name_literal(data)
        self._make("VIEW", table, f"SELECT * FROM {source}")

    def create(self, view: str, sql: str, *, keep: bool) -> None:
        """Name the result of `sql` `view`; `keep` computes it once, now."""
        self._make("TABLE" if keep else "VIEW", view, _quantiles_at_once(sql))

    def fetch(self, sql: str) -> pa.Table:
        """The rows of `sql`."""
        return canonical(self._within_memory(lambda: self._base.sql(sql).to_arrow_table()))

    def columns(self, table: str) -> dict[str, str]:
        """Canonical kind of each column of `table`."""
        return kinds(self._base.sql(f"SELECT * FROM {name_literal(table)} LIMIT 0").to_arrow_table().schema)

    def close(self) -> None:
        """Free the memory and the disk."""
        self._base.close()
        self._clean()

    def _make(self, kind: str, name: str, sql: str) -> None:
        """Make a view or table in place of what bears the name; a table is not replaced by a view unless dropped."""
        if self._kinds.get(name, kind) != kind:
            self._base.execute(f"DROP {self._kinds[name]} {name_literal(name)}")
        making = f"CREATE OR REPLACE TEMP {kind} {name_literal(name)} AS {sql}"
        self._within_memory(lambda: self._base.execute(making))
        self._kinds[name] = kind

    def _within_memory(self, run: Callable[[], _Made]) -> _Made:
        """What `run` gives; what can neither fit nor go to disk is given the machine's memory and run again."""
        try:
            return run()
        except duckdb.OutOfMemoryException:
            self._base.execute("RESET memory_limit")
            return run()


def _quantiles_at_once(sql: str) -> str:
    """`sql` with the quantiles of one column taken from one list: each aggregate of its own would copy the column."""
    asked: dict[str, list[str]] = {}
    for column, share in _QUANTILE.findall(sql):
        asked.setdefault(column, []).append(share)

    def from_list(found: re.Match[str]) -> str:
        column, share = found.groups()
        shares = asked[column]
        if len(shares) == 1:
            return found[0]
        return f"quantile_cont({column}, [{', '.join(shares)}])[{shares.index(share) + 1}]"

    return _QUANTILE.sub(from_list, sql)


def parquet_files(path: Path) -> list[str]:
    """The Parquet file at `path`, or every one in that folder, sorted.

    Raises: FileNotFoundError when there is none.
    """
    files = sorted(path.rglob("*.parquet")) if path.is_dir() else [path]
    if not files or not files[0].exists():
        raise FileNotFoundError(f"no Parquet file at {path}")
    return [str(file) for file in files]
