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
    """One row an order: dimensions as dictionaries of text, measures as numbers, `client` as a running number."""
    import pyarrow as pa

    _ = study.rooms  # they lend the scores
    asked = ", ".join(
        "strftime(f.month, '%Y-%m') AS month" if name == "month" else f"CAST(f.{name} AS VARCHAR) AS {name}"
        for name in DIMENSIONS
    )
    rows = study.views.fetch(_ORDERS.format(dimensions=asked))
    return pa.table({name: _kept(rows[name], name) for name in rows.column_names})


_ORDERS = """
SELECT
    {dimensions},
    CASE
        WHEN f.customer_id IS NULL THEN -CAST(row_number() OVER (ORDER BY f.order_id) AS INTEGER)
        ELSE CAST(dense_rank() OVER (ORDER BY f.customer_id) AS INTEGER)
    END AS client,
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
ORDER BY month, f.revenue
"""


def _kept(column: pa.ChunkedArray, name: str) -> pa.Array:
    """A dimension as codes of its values, the rare ones as one; a measure as it is."""
    import pyarrow as pa
    import pyarrow.compute as pc

    whole = column.combine_chunks()
    if name not in DIMENSIONS:
        return whole
    counts = sorted(pc.value_counts(whole).to_pylist(), key=lambda one: -one["counts"])
    rare = [one["values"] for one in counts if one["values"] is not None][MOST_VALUES:]
    if rare:
        whole = pc.if_else(pc.is_in(whole, pa.array(rare, whole.type)), OTHER, whole)
    return whole.dictionary_encode()


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
