"""Engines that run the views: one text in the DuckDB dialect, the same rows from each, to the last client."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

import pyarrow as pa

from dovolen.insight.engines.text import ParameterError, Value, written

__all__ = ["Engine", "EngineError", "ParameterError", "Value", "open_engine", "written"]


class EngineError(ValueError):
    """An address no engine answers to. The text is meant for the person who gave it."""


class Engine(Protocol):
    """A place where views are made and read. Texts are in the DuckDB dialect's common subset."""

    name: str

    def load(self, table: str, data: pa.Table | Path | str) -> None:
        """Give `data` the name `table`: Arrow rows, a Parquet file or folder, or what the engine itself sees."""

    def create(self, view: str, sql: str, *, keep: bool) -> None:
        """Name the result of `sql` `view`; `keep` computes it once, now."""

    def fetch(self, sql: str) -> pa.Table:
        """The rows of `sql`."""

    def columns(self, table: str) -> dict[str, str]:
        """Canonical kind of each column of `table`."""

    def close(self) -> None:
        """Drop what this session made."""


def open_engine(url: str | None = None, *, memory: int | None = None) -> Engine:
    """The engine at `url`: DuckDB inside the process without one, else postgres://, spark://, clickhouse:// or chdb://.

    `memory`: megabytes that DuckDB holds before rows go to disk; other engines are told by their own settings.

    Raises: EngineError for another address, when the engine's driver is not installed, or when it does not answer.
    """
    if not url:
        return _duckdb("", memory)
    scheme, separator, _ = url.partition("://")
    opener = _OPENERS.get(scheme)
    if not separator or opener is None:
        raise EngineError(f"{url}: give spark://, clickhouse://, chdb:// or postgres://")
    try:
        return opener(url)
    except ModuleNotFoundError as missing:
        raise EngineError(f"{scheme}:// needs {missing.name}, which is not installed") from missing
    except ConnectionError as silence:
        raise EngineError(str(silence)) from silence


# Each driver is imported only when asked for: start-up of the common case stays light.
def _duckdb(_: str, memory: int | None = None) -> Engine:
    from dovolen.insight.engines.duck import DuckDB

    return DuckDB(memory)


def _postgres(url: str) -> Engine:
    from dovolen.insight.engines.postgres import Postgres

    return Postgres(url)


def _spark(url: str) -> Engine:
    from dovolen.insight.engines.spark import Spark

    return Spark(url)


def _clickhouse(url: str) -> Engine:
    from dovolen.insight.engines.clickhouse import ClickHouse

    return ClickHouse(url)


_OPENERS: dict[str, Callable[[str], Engine]] = {
    "duckdb": _duckdb,
    "postgres": _postgres,
    "postgresql": _postgres,
    "spark": _spark,
    "clickhouse": _clickhouse,
    "chdb": _clickhouse,
}
