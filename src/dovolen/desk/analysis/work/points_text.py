"""Points of many orders as the text their scores are kept with: whole columns at a time, no value a Python object."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

Ints = NDArray[np.int64]
DIGITS = 4
"""After the point, of values and points."""
NOTHING = "null"
NO_BIN = -2


def texts(points: pa.Table) -> pa.Table:
    """A row an order: `order_id`, `points` (JSON as `OrderScore.points` has it), `lost` (as `OrderScore.lost`).

    `points`: rows of points.parquet, those of an order one after another, in the order in which they are told.
    """
    rows = points.combine_chunks()
    order = rows["order_id"].to_numpy()
    first = np.flatnonzero(np.r_[True, order[1:] != order[:-1]]) if len(rows) else np.zeros(0, np.int64)
    told = _joined(
        '["', _text(rows["fact"]), '",', _number(rows["value"]), ",", _day(rows["at"]), ",", _number(rows["bin"]), ",",
        _number(rows["points"]), "]",
    )  # fmt: skip
    listed = pc.binary_join(_lists(np.r_[first, len(rows)], told), ",")
    return pa.table(
        {
            "order_id": rows["order_id"].take(pa.array(first)),
            "points": _joined("[", listed, "]"),
            "lost": _lost(rows, first),
        }
    )


def _lost(rows: pa.Table, first: Ints) -> pa.Array:
    """Facts that took points and are known, the dearest first, by blanks."""
    taken = rows["points"].to_numpy()
    place = pc.fill_null(rows["bin"], NO_BIN).to_numpy()
    at = np.flatnonzero((taken < 0) & (place >= 0))
    group = np.searchsorted(first, at, side="right") - 1
    ranked = np.lexsort((at, taken[at], group))
    ends = np.searchsorted(group[ranked], np.arange(len(first) + 1))
    return pc.binary_join(_lists(ends, _text(rows["fact"]).take(pa.array(at[ranked]))), " ")


def _lists(ends: Ints, values: pa.Array) -> pa.ListArray:
    return pa.ListArray.from_arrays(pa.array(ends.astype(np.int32)), values)


def _text(column: pa.ChunkedArray) -> pa.Array:
    whole = column.cast(pa.string()).combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) and whole.num_chunks else whole


def _number(column: pa.ChunkedArray) -> pa.Array:
    rounded = pc.round(column, DIGITS) if pa.types.is_floating(column.type) else column
    return pc.fill_null(_text(rounded), NOTHING)


def _day(column: pa.ChunkedArray) -> pa.Array:
    return pc.fill_null(_joined('"', _text(column), '"'), NOTHING)


def _joined(*parts: pa.Array | str) -> pa.Array:
    return pc.binary_join_element_wise(*parts, "")
