"""The common subset, one question a row: what each engine must answer."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dovolen.insight.engines import Engine, written
from dovolen.insight.engines.rows import without_zone

D = date

ROWS = """(
    SELECT 1 AS id, 'a' AS word, 10 AS amount, CAST('2026-01-31' AS DATE) AS day
    UNION ALL SELECT 2, 'a', 20, CAST('2026-02-01' AS DATE)
    UNION ALL SELECT 3, 'B', NULL, CAST(NULL AS DATE)
    UNION ALL SELECT 4, NULL, 20, CAST('1969-12-31' AS DATE)
) AS t"""
NONE = f"(SELECT * FROM {ROWS} WHERE id > 9) AS n"


def moment(text: str, zone: str) -> str:
    return f"day_in_zone(CAST('{text}' AS TIMESTAMP), '{zone}')"


PROBES: dict[str, tuple[str, Any]] = {
    "whole numbers divide with a point": ("SELECT 7 / 2", 3.5),
    "a sum of whole numbers is whole": (f"SELECT SUM(amount) FROM {ROWS}", 50),
    "a sum of nothing is null": (f"SELECT SUM(amount) FROM {NONE}", None),
    "a count of nothing is 0": (f"SELECT COUNT(*) + COUNT(amount) FROM {NONE}", 0),
    "the largest of nothing is null": (f"SELECT MAX(amount) FROM {NONE}", None),
    "different values leave nulls out": (f"SELECT COUNT(DISTINCT amount) FROM {ROWS}", 2),
    "a count may be taken from a smaller one": (f"SELECT COUNT(amount) - COUNT(*) FROM {ROWS}", -1),
    "a mean is a number with a point": (f"SELECT AVG(CAST(amount AS DOUBLE)) FROM {ROWS}", 50 / 3),
    "a quantile lies between values": (f"SELECT quantile_cont(amount, 0.25) FROM {ROWS}", 15.0),
    "a quantile of ties is the tie": (f"SELECT quantile_cont(amount, 0.9) FROM {ROWS}", 20.0),
    "a quantile of nothing is null": (f"SELECT quantile_cont(amount, 0.5) FROM {NONE}", None),
    "half is rounded to even down": ("SELECT CAST(5 / 2 AS BIGINT)", 2),
    "half is rounded to even up": ("SELECT CAST(7 / 2 AS BIGINT)", 4),
    "half of a column too": (
        f"SELECT CAST(SUM(CAST(x AS BIGINT)) AS BIGINT) FROM (SELECT amount / 4 AS x FROM {ROWS}) AS h",
        12,
    ),
    "a large whole number is not rounded": (
        "SELECT CAST(x AS BIGINT) FROM (SELECT 9007199254740993 AS x) AS l",
        9007199254740993,
    ),
    "a sum of numbers with a point keeps it": (
        f"SELECT SUM(CASE WHEN id < 3 THEN CAST(amount AS DOUBLE) / 100 END) FROM {ROWS}",
        0.3,
    ),
    "an order by the name of what is given": (
        f"SELECT coalesce(word, 'Z') AS word FROM {ROWS} GROUP BY coalesce(word, 'Z') ORDER BY word DESC LIMIT 1",
        "a",
    ),
    "whole division leaves the point off": ("SELECT 7 // 2", 3),
    "days between dates": ("SELECT date_diff('day', CAST('2024-02-28' AS DATE), CAST('2024-03-01' AS DATE))", 2),
    "days back are negative": ("SELECT date_diff('day', CAST('2026-01-02' AS DATE), CAST('2026-01-01' AS DATE))", -1),
    "days from before 1970": (f"SELECT date_diff('day', MIN(day), MAX(day)) FROM {ROWS}", 20486),
    "a month starts on its first": (
        "SELECT CAST(date_trunc('month', CAST('2024-02-29' AS DATE)) AS DATE)",
        D(2024, 2, 1),
    ),
    "a quarter starts in its month": (
        "SELECT CAST(date_trunc('quarter', CAST('2024-06-30' AS DATE)) AS DATE)",
        D(2024, 4, 1),
    ),
    "a week starts on Monday": ("SELECT CAST(date_trunc('week', CAST('2026-01-04' AS DATE)) AS DATE)", D(2025, 12, 29)),
    "a year starts in January": ("SELECT CAST(date_trunc('year', CAST('1969-07-01' AS DATE)) AS DATE)", D(1969, 1, 1)),
    "the month is a number": ("SELECT CAST(EXTRACT(MONTH FROM CAST('2026-11-22' AS DATE)) AS BIGINT)", 11),
    "seconds from 1970 keep their fraction": (
        "SELECT epoch(CAST('2026-01-01 00:00:00.250' AS TIMESTAMP))",
        1767225600.25,
    ),
    "a moment keeps its microseconds": (
        "SELECT CAST('1969-12-31 23:59:59.000001' AS TIMESTAMP)",
        datetime(1969, 12, 31, 23, 59, 59, 1),
    ),
    "seconds between moments": (
        "SELECT epoch(CAST('2026-01-01 00:01:30' AS TIMESTAMP)) - epoch(CAST('2026-01-01 00:00:00' AS TIMESTAMP))",
        90.0,
    ),
    "midnight in Moscow is 21:00 of UTC": (f"SELECT {moment('2026-01-01 21:00:00', 'Europe/Moscow')}", D(2026, 1, 2)),
    "a second earlier is the day before": (f"SELECT {moment('2026-01-01 20:59:59', 'Europe/Moscow')}", D(2026, 1, 1)),
    "in summer Berlin is two hours on": (f"SELECT {moment('2026-06-30 22:00:00', 'Europe/Berlin')}", D(2026, 7, 1)),
    "in winter one": (f"SELECT {moment('2026-01-30 22:59:59', 'Europe/Berlin')}", D(2026, 1, 30)),
    "the night clocks go forward": (f"SELECT {moment('2026-03-28 23:00:00', 'Europe/Berlin')}", D(2026, 3, 29)),
    "the evening after it": (f"SELECT {moment('2026-03-29 22:00:00', 'Europe/Berlin')}", D(2026, 3, 30)),
    "the night clocks go back": (f"SELECT {moment('2026-10-24 22:00:00', 'Europe/Berlin')}", D(2026, 10, 25)),
    "the evening after that": (f"SELECT {moment('2026-10-25 22:30:00', 'Europe/Berlin')}", D(2026, 10, 25)),
    "Moscow had another clock in 2010": (f"SELECT {moment('2010-07-01 20:00:00', 'Europe/Moscow')}", D(2010, 7, 2)),
    "an hour of half": (f"SELECT {moment('2026-01-01 18:30:00', 'Asia/Kolkata')}", D(2026, 1, 2)),
    "west of Greenwich": (f"SELECT {moment('2026-01-01 04:59:59', 'America/Bogota')}", D(2025, 12, 31)),
    "the greatest leaves nulls out": (f"SELECT SUM(greatest(amount, 15)) FROM {ROWS}", 70),
    "the least too": (f"SELECT SUM(least(amount, 15)) FROM {ROWS}", 55),
    "coalesce of mixed numbers": (f"SELECT coalesce(quantile_cont(amount, 0.5), 180) FROM {NONE}", 180.0),
    "text with a null is null": (f"SELECT COUNT(word || '!') FROM {ROWS}", 3),
    "texts are joined": (f"SELECT MAX('n=' || CAST(amount AS VARCHAR) || ';') FROM {ROWS}", "n=20;"),
    "texts compare by their bytes": (f"SELECT MIN(word) FROM {ROWS}", "B"),
    "a length counts letters": ("SELECT length('ёж')", 2),
    "a piece counts letters": (f"SELECT substr(word || 'ёжик', 2, 2) FROM {ROWS} WHERE id = 1", "ёж"),
    "spaces are trimmed, pieces replaced": ("SELECT replace(trim('  a b '), ' ', '-')", "a-b"),
    "a floor is a number with a point": (f"SELECT floor(MIN(amount) / 4) FROM {ROWS}", 2.0),
    "a date is written ISO": ("SELECT CAST(CAST('2026-01-02' AS DATE) AS VARCHAR)", "2026-01-02"),
    "nothing is distinct from something": (f"SELECT COUNT(*) FROM {ROWS} WHERE word IS DISTINCT FROM 'a'", 2),
    "null is in no list": (f"SELECT COUNT(*) FROM {ROWS} WHERE word NOT IN ('a')", 1),
    "between takes both ends": (f"SELECT COUNT(*) FROM {ROWS} WHERE amount BETWEEN 10 AND 20", 3),
    "a comparison is a flag": ("SELECT 1 = 1 AS flag", True),
    "a comparison with null is null": (
        f"SELECT MAX(CASE WHEN amount > 5 THEN 1 ELSE 0 END) FROM {ROWS} WHERE id = 3",
        0,
    ),
    "a CASE without ELSE is null": (f"SELECT CASE WHEN id > 9 THEN 1 END FROM {ROWS} WHERE id = 1", None),
    "the first has nothing before it": (
        f"SELECT COUNT(*) FROM (SELECT LAG(day) OVER (ORDER BY id) AS before FROM {ROWS}) AS w WHERE before IS NULL",
        2,
    ),
    "nulls stand last": (f"SELECT id FROM {ROWS} ORDER BY amount, id DESC LIMIT 1", 1),
    "nulls stand last downwards too": (f"SELECT id FROM {ROWS} ORDER BY amount DESC, id LIMIT 1", 2),
    "nulls stand last in a window": (
        f"SELECT place FROM (SELECT id, ROW_NUMBER() OVER (ORDER BY amount DESC, id) AS place FROM {ROWS}) AS w WHERE id = 3",
        4,
    ),
    "a running sum takes rows so far": (
        f"SELECT MAX(s) FROM (SELECT SUM(amount) OVER (ORDER BY id ROWS UNBOUNDED PRECEDING) AS s FROM {ROWS}) AS w",
        50,
    ),
    "a left join leaves nulls": (
        f"SELECT COUNT(b.amount) FROM {ROWS} LEFT JOIN (SELECT 1 AS id, 5 AS amount) AS b ON b.id = t.id",
        1,
    ),
    "a join on an inequality": (f"SELECT COUNT(*) FROM {ROWS} JOIN (SELECT 2 AS upto) AS u ON t.id <= u.upto", 2),
    "a union takes equals once": ("SELECT COUNT(*) FROM (SELECT 1 AS x UNION SELECT 1 AS x) AS u", 1),
    "values make rows": ("SELECT SUM(x) FROM (VALUES (1, 'a'), (2, 'b')) AS v(x, y)", 3),
    "a name given to a sum may be the column's": (
        f"SELECT SUM(amount) AS amount FROM {ROWS} GROUP BY word HAVING SUM(amount) = 30",
        30,
    ),
    "a quote, a backslash, a percent": (written("SELECT $text", {"text": "О'Нил \\n 5%"}), "О'Нил \\n 5%"),
    "a parameter of each kind": (
        written(
            "SELECT CASE WHEN $day = CAST('2026-01-02' AS DATE) AND $yes AND $none IS NULL THEN $share + $whole END",
            {"day": D(2026, 1, 2), "yes": True, "none": None, "share": 0.1, "whole": -2},
        ),
        -1.9,
    ),
    "the earliest day one can write": (
        written("SELECT COUNT(*) FROM " + ROWS + " WHERE day > $day", {"day": D(1, 1, 1)}),
        3,
    ),
}


@pytest.mark.parametrize("question", PROBES)
def test_every_engine_answers_alike(question: str, engine: Engine) -> None:
    sql, answer = PROBES[question]

    [row] = engine.fetch(sql).to_pylist()
    [found] = row.values()

    assert type(found) is type(answer)
    assert math.isclose(found, answer, rel_tol=1e-9) if isinstance(answer, float) else found == answer


BASE = pa.table(
    {
        "id": [1, 2, 3],
        "word": ['ы, "q"\n', None, ""],
        "at": pa.array(
            [datetime(2026, 1, 1, 22, tzinfo=UTC), None, datetime(1960, 1, 1, 0, 0, 0, 5, tzinfo=UTC)],
            pa.timestamp("us", tz="UTC"),
        ),
        "share": [0.1, None, 1e300],
        "flag": [True, False, None],
        "day": [D(2026, 1, 1), None, D(1950, 1, 1)],
        "few": pa.array([1, None, 2], pa.int32()),
    }
)
KINDS = {"id": "int", "word": "text", "at": "moment", "share": "number", "flag": "flag", "day": "date", "few": "int"}


def test_rows_come_back_as_they_went(engine: Engine) -> None:
    engine.load("there_and_back", BASE)

    found = engine.fetch("SELECT * FROM there_and_back ORDER BY id")

    wanted = without_zone(BASE) if engine.name == "clickhouse" else BASE
    assert found.to_pylist() == wanted.to_pylist()
    assert engine.columns("there_and_back") == KINDS


def test_parquet_is_read_from_a_file_and_from_a_folder(engine: Engine, tmp_path: Path) -> None:
    for part in range(2):
        pq.write_table(BASE, tmp_path / f"part-{part}.parquet")

    engine.load("one_file", tmp_path / "part-0.parquet")
    engine.load("a_folder", tmp_path)

    assert engine.fetch("SELECT COUNT(*) AS n, SUM(id) AS ids FROM one_file").to_pylist() == [{"n": 3, "ids": 6}]
    assert engine.fetch("SELECT COUNT(*) AS n, SUM(id) AS ids FROM a_folder").to_pylist() == [{"n": 6, "ids": 12}]
    assert engine.columns("a_folder") == KINDS


def test_a_table_of_the_engine_gets_a_second_name(engine: Engine) -> None:
    engine.load("first_name", BASE)

    engine.load("second_name", "first_name")

    assert engine.fetch("SELECT MAX(word) AS word FROM second_name").to_pylist() == [{"word": 'ы, "q"\n'}]


def test_texts_compare_by_their_bytes_and_have_small_letters(engine: Engine) -> None:
    engine.load("spelled", pa.table({"word": ["Ёж", "ёж", "Б", "a", "B"]}))

    found = engine.fetch("SELECT word, lower(word) AS small FROM spelled ORDER BY word").to_pydict()

    assert found["word"] == ["B", "a", "Ёж", "Б", "ёж"]
    assert found["small"] == ["b", "a", "ёж", "б", "ёж"]


@pytest.mark.parametrize("keep", [False, True])
def test_a_view_may_be_made_again(engine: Engine, *, keep: bool) -> None:
    engine.load("rows_of_it", BASE)
    engine.create("made", "SELECT id FROM rows_of_it", keep=not keep)

    engine.create("made", "SELECT id + 1 AS id FROM rows_of_it", keep=keep)

    assert engine.fetch("SELECT MAX(id) AS id FROM made").to_pylist() == [{"id": 4}]


def test_an_empty_result_keeps_its_columns(engine: Engine) -> None:
    engine.load("to_be_empty", BASE)

    found = engine.fetch("SELECT id, word, day FROM to_be_empty WHERE id > 9")

    assert found.num_rows == 0
    assert found.schema.types == [pa.int64(), pa.string(), pa.date32()]
