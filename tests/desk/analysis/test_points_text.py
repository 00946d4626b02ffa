"""Points of orders as text: JSON that says what the columns said, and what took points, the dearest first."""

from __future__ import annotations

import json
from datetime import date

import pyarrow as pa

from dovolen.desk.analysis.work.points_text import texts

DAY = date(2026, 2, 28)
KINDS = {
    "order_id": pa.int64(), "fact": pa.string(), "value": pa.float64(), "at": pa.date32(), "bin": pa.int64(),
    "points": pa.float64(),
}  # fmt: skip
ROWS = [
    (7, "base", None, DAY, None, 99.0),
    (7, "delay", 1.23456, DAY, 2, -12.5),
    (7, "complaint", 1.0, None, 1, -30.0),
    (7, "contacts_in", None, None, -1, -0.84),
    (3, "base", None, DAY, None, 99.0),
    (3, "debt", 0.0, DAY, None, 0.0),
    (5, "base", None, DAY, None, 40.0),
    (5, "delay", 3e-05, DAY, 1, -2.0),
    (5, "came_back", 1.0, DAY, 1, -2.0),
]


def table(rows: list[tuple[object, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(KINDS)
    return pa.table({name: pa.array(values, kind) for (name, kind), values in zip(KINDS.items(), columns, strict=True)})


def test_each_order_has_its_points_as_json_in_the_order_they_came() -> None:
    told = texts(table(ROWS)).to_pylist()

    assert [one["order_id"] for one in told] == [7, 3, 5]
    assert json.loads(told[0]["points"]) == [
        ["base", None, "2026-02-28", None, 99],
        ["delay", 1.2346, "2026-02-28", 2, -12.5],
        ["complaint", 1, None, 1, -30],
        ["contacts_in", None, None, -1, -0.84],
    ]
    assert json.loads(told[1]["points"]) == [["base", None, "2026-02-28", None, 99], ["debt", 0, "2026-02-28", None, 0]]
    assert json.loads(told[2]["points"])[1] == ["delay", 0, "2026-02-28", 1, -2]


def test_known_facts_that_took_points_stand_by_their_price_then_as_they_came() -> None:
    told = texts(table(ROWS))["lost"].to_pylist()

    assert told == ["complaint delay", "", "delay came_back"]


def test_pieces_put_together_are_read_as_one_table() -> None:
    parts = pa.concat_tables([table(ROWS[:2]), table(ROWS[2:])])

    assert texts(parts).equals(texts(table(ROWS)))


def test_no_points_are_no_orders() -> None:
    assert len(texts(table([]))) == 0
