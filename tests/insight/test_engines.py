"""Literals, addresses and the engine inside the process."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from dovolen.insight.engines import EngineError, ParameterError, Value, duck, open_engine, written
from dovolen.insight.engines.duck import DuckDB


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (date(2018, 12, 31), "CAST('2018-12-31' AS DATE)"),
        (5, "5"),
        (-5, "(-5)"),
        (0.1, "CAST(0.1 AS DOUBLE)"),
        (1e300, "CAST(1e+300 AS DOUBLE)"),
        (1 / 3, "CAST(0.3333333333333333 AS DOUBLE)"),
        ("О'Нил", "'О''Нил'"),
        (True, "TRUE"),
        (None, "NULL"),
    ],
)
def test_a_value_becomes_a_literal(value: Value, text: str) -> None:
    assert written("SELECT $value", {"value": value}) == f"SELECT {text}"


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), 2**63, "a\nb", "a\x00", "\ud800", datetime(2026, 1, 1, tzinfo=UTC), [1], b"x"]
)
def test_what_cannot_be_written_is_refused(value: Value) -> None:
    with pytest.raises(ParameterError):
        written("SELECT $value", {"value": value})


def test_a_name_without_a_value_is_refused() -> None:
    with pytest.raises(ParameterError, match=r"no value for \$asof; given: compare"):
        written("SELECT $asof", {"compare": 1})


def test_names_are_whole_words_outside_texts_and_comments() -> None:
    text = "-- $none\nSELECT $cut, $cut_1, 'it''s $cut', \"$cut\" /* $none */"

    found = written(text, {"cut": 1, "cut_1": 2})

    assert found == "-- $none\nSELECT 1, 2, 'it''s $cut', \"$cut\" /* $none */"


def test_a_value_is_not_read_for_names_again() -> None:
    assert written("SELECT $a, $b", {"a": "$b", "b": 2}) == "SELECT '$b', 2"


@pytest.mark.parametrize("address", ["oracle://host", "orders", "", "file:///etc"])
def test_an_address_nobody_answers_is_told(address: str) -> None:
    if address == "":
        assert open_engine(address).name == "duckdb"
        return
    with pytest.raises(EngineError, match="give spark://, clickhouse://, chdb:// or postgres://"):
        open_engine(address)


def test_a_driver_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyspark", None)
    monkeypatch.delitem(sys.modules, "dovolen.insight.engines.spark", raising=False)

    with pytest.raises(EngineError, match="spark:// needs pyspark"):
        open_engine("spark://local[2]")


def test_a_server_that_does_not_answer_is_told() -> None:
    with pytest.raises(EngineError, match="PostgreSQL does not answer") as refused:
        open_engine("postgres://user:secret@127.0.0.1:1/base")

    assert "secret" not in str(refused.value)


def test_the_engine_inside_the_process_starts_without_the_others() -> None:
    code = (
        "import sys; from dovolen.insight.engines import open_engine; open_engine().fetch('SELECT 1 AS one'); "
        "print(sorted({'sqlglot', 'pyspark', 'psycopg', 'chdb', 'pandas'} & set(sys.modules)))"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"


def test_a_missing_parquet_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no Parquet file"):
        open_engine().load("orders", tmp_path / "orders.parquet")


def test_a_python_variable_is_no_table() -> None:
    hidden = pa.table({"x": [1]})

    with pytest.raises(Exception, match="hidden does not exist"):
        open_engine().fetch("SELECT * FROM hidden")

    assert hidden.num_rows == 1


def test_columns_have_spaces_and_quotes() -> None:
    engine = open_engine()
    engine.load('odd "name"', pa.table({'a "b" c': [1]}))

    assert engine.columns('odd "name"') == {'a "b" c': "int"}


def test_rows_beyond_memory_lie_in_a_private_folder_that_goes_with_the_engine() -> None:
    engine = DuckDB()
    folder = Path(engine.fetch("SELECT current_setting('temp_directory') AS folder")["folder"][0].as_py())

    assert folder.stat().st_mode & 0o777 == 0o700
    engine.close()
    assert not folder.exists()


def test_what_cannot_go_to_disk_is_given_the_memory_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(duck._SETTINGS, "memory_limit", "30MB")
    engine = DuckDB()

    found = engine.fetch("SELECT len(list(i)) AS n FROM range(5000000) AS t(i)")

    assert found["n"].to_pylist() == [5_000_000]
    engine.close()
