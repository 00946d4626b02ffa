"""Cubes for tests: written as the analyst writes them, of few plain rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from dovolen.desk.analysis import cube
from dovolen.desk.analysis.models import Snapshot

NUMBERS = {
    "client": pa.int32(), "counted": pa.int8(), "cancelled": pa.int8(), "revenue": pa.int64(), "margin": pa.int64(),
    "promise_kept": pa.int8(), "rework": pa.int8(), "turnaround": pa.float64(), "satisfaction": pa.int16(),
}  # fmt: skip
USUAL = {"counted": 1, "cancelled": 0, "revenue": 100_000, "margin": 40_000, "promise_kept": 1, "rework": 0}


def table(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Orders of a cube; what is not told is usual, each order has its own client."""
    told = [{"client": place, **USUAL, **row} for place, row in enumerate(rows)]
    made = {
        name: pa.array([row.get(name) for row in told], pa.string()).dictionary_encode() for name in cube.DIMENSIONS
    }
    return pa.table(
        {**made, **{name: pa.array([row.get(name) for row in told], kind) for name, kind in NUMBERS.items()}}
    )


def orders(n: int, **told: Any) -> list[dict[str, Any]]:
    """The same order n times, each time of another client."""
    return [dict(told) for _ in range(n)]


def cubed(snapshot: Snapshot, rows: Sequence[dict[str, Any]]) -> None:
    """Lay the cube of a snapshot where pages read it."""
    cube.write(table(rows), cube.file_of(snapshot))
