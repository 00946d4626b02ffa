"""The cube: every order of a snapshot with its dimensions and measures, and without a name, a number or a day.

The analyst writes it beside the mart; pages of slices read no other file. A client is a running number that means
nothing outside of this file: cells have to know of how many clients they tell. Only `analysis.slicing` reads it, and
hands out nothing but cells that are large enough (docs/adr/0031).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from dovolen.desk.analysis.models import Snapshot

if TYPE_CHECKING:
    import pyarrow as pa

    from dovolen.insight.study import Study

DIMENSIONS = (
    "month", "centre", "customer_kind", "class", "lifecycle", "rfm_segment", "category", "brand", "kind", "pay_type",
    "department", "place", "initiated_by", "outcome", "technician", "advisor", "manager", "channel", "source",
    "image_value", "potential", "weekday",
)  # fmt: skip
"""Columns of `order_facts` that orders are sliced by; of the day the month is kept."""

MEASURES = (
    "client", "counted", "cancelled", "revenue", "margin", "promise_kept", "rework", "turnaround", "satisfaction",
)  # fmt: skip

MOST_VALUES = 500
"""Values of a dimension, by number of orders; a rarer one is no dimension but a list."""

OTHER = "\x00other"
"""In place of rare values."""


def cube(study: Study) -> pa.Table:
    """One row an order: dimensions as dictionaries of text, measures as numbers, `client` as a running number.

    Rows are sorted by what they hold: their order tells nothing else.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    _ = study.rooms  # they lend the scores
    asked = ", ".join(f"CAST(f.{name} AS VARCHAR) AS {name}" for name in DIMENSIONS[1:])
    rows = study.views.fetch(_ORDERS.format(dimensions=asked))
    order = pc.sort_indices(rows, [("month", "ascending"), ("revenue", "ascending")])
    made = {"month": _months(_whole(rows["month"]))}
    made |= {name: _common(_whole(rows[name])) for name in DIMENSIONS[1:]}
    found = pa.table(made | {name: rows[name] for name in ("customer_id", *MEASURES[1:])}).take(order)
    clients = _running(_whole(found["customer_id"]))
    return found.set_column(len(DIMENSIONS), "client", clients)


_ORDERS = """
SELECT
    f.month,
    {dimensions},
    f.customer_id,
    CAST(f.counted AS TINYINT) AS counted,
    CAST(f.is_cancelled AS TINYINT) AS cancelled,
    CAST(CASE WHEN f.is_cancelled = 0 THEN f.revenue END AS BIGINT) AS revenue,
    CAST(CASE WHEN f.is_cancelled = 0 THEN f.margin END AS BIGINT) AS margin,
    CAST(f.promise_kept AS TINYINT) AS promise_kept,
    CAST(CASE WHEN f.counted = 1 THEN f.is_rework END AS TINYINT) AS rework,
    CAST(CASE WHEN f.counted = 1 THEN f.turnaround_hours END AS DOUBLE) AS turnaround,
    CAST(s.satisfaction AS SMALLINT) AS satisfaction
FROM order_facts AS f
LEFT JOIN order_scores AS s ON s.order_id = f.order_id
"""


def _whole(column: pa.ChunkedArray) -> pa.Array:
    import pyarrow as pa

    joined = column.combine_chunks()
    return joined.chunk(0) if isinstance(joined, pa.ChunkedArray) and joined.num_chunks else joined


def _months(days: pa.Array) -> pa.DictionaryArray:
    """First days of months as `2026-11`."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = days.dictionary_encode()
    return pa.DictionaryArray.from_arrays(coded.indices, pc.strftime(coded.dictionary, format="%Y-%m"))


def _common(words: pa.Array) -> pa.DictionaryArray:
    """A dimension as codes of its values, the rare ones as one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    coded = words.dictionary_encode()
    if len(coded.dictionary) <= MOST_VALUES:
        return coded
    counts = sorted(pc.value_counts(words.drop_null()).to_pylist(), key=lambda one: -one["counts"])
    rare = [one["values"] for one in counts[MOST_VALUES:]]
    return pc.if_else(pc.is_in(words, pa.array(rare, words.type)), OTHER, words).dictionary_encode()


def _running(keys: pa.Array) -> pa.Array:
    """Keys of clients as running numbers from 1; orders of nobody are each somebody's own, below zero."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    codes = pc.add(keys.dictionary_encode().indices.cast(pa.int64()), 1)
    return pc.coalesce(codes, pa.array(-1 - np.arange(len(keys))))


def file_of(snapshot: Snapshot) -> Path:
    """Where the cube of a snapshot lies."""
    scope = "house" if snapshot.centre_id is None else f"centre-{snapshot.centre_id}"
    return Path(settings.HOME.mart) / "cubes" / scope / f"{snapshot.pk}.arrow"


def keep(study: Study, snapshot: Snapshot) -> Path:
    """Write the cube of a snapshot."""
    path = file_of(snapshot)
    write(cube(study), path)
    return path


def write(made: pa.Table, path: Path) -> None:
    """Write a cube, whole or not at all."""
    import pyarrow as pa

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    with pa.OSFile(str(fresh), "wb") as file, pa.ipc.new_file(file, made.schema) as out:
        out.write_table(made)
    fresh.replace(path)


def forget(snapshot: Snapshot) -> None:
    """Take the cube of a snapshot away; figures and sheets are kept longer."""
    file_of(snapshot).unlink(missing_ok=True)
