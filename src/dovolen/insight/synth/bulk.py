"""Orders alone, by the million, for measuring: written in pieces so that memory stays bounded."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from dovolen.insight.synth.draws import Floats, Ints, integers, moments, stream, words
from dovolen.insight.synth.hours import MINUTE

PIECE = 1_000_000
"""Rows made and written at a time."""
DAYS = 3 * 365
CENTRES = tuple(f"Филиал {n}" for n in range(1, 9))
TECHNICIANS = tuple(f"Мастер {n}" for n in range(1, 101))
SCHEMA = pa.schema(
    [
        ("order_id", pa.int64()),
        ("customer_id", pa.int64()),
        ("centre", pa.string()),
        ("accepted_date", pa.date32()),
        ("promised_at", pa.timestamp("us", tz="UTC")),
        ("ready_at", pa.timestamp("us", tz="UTC")),
        ("revenue", pa.int64()),
        ("technician", pa.string()),
    ]
)


def orders_only(rows: int, customers: int, seed: int, out: Path, *, until: date = date(2026, 6, 30)) -> Path:
    """Write `rows` canonical orders of at most `customers` clients to the Parquet file `out`, by day; its path.

    How often a client comes has a heavy tail: a hundredth of them brings a fifth of the orders.
    """
    rng = stream(seed, "bulk")
    # Bounded below 1: the largest client of a million has some thousands of orders, not a third of all.
    weight = rng.random(customers) ** -0.55
    edges = np.cumsum(weight)
    last_day = (until - date(1970, 1, 1)).days
    with pq.ParquetWriter(out, SCHEMA, compression="zstd") as file:
        for start in range(0, rows, PIECE):
            numbers = np.arange(start, min(rows, start + PIECE))
            day = last_day - DAYS + 1 + numbers * DAYS // rows
            file.write_table(_piece(numbers, day, edges, rng))
    return out


def _piece(numbers: Ints, day: Ints, edges: Floats, rng: np.random.Generator) -> pa.Table:
    size = len(numbers)
    accepted = (day * 1440 + 7 * 60 + rng.integers(0, 600, size)) * MINUTE
    promised = accepted + rng.integers(2, 200, size) * 30 * MINUTE
    ready = accepted + np.floor((promised - accepted) // MINUTE * 1.4 * rng.random(size)).astype(np.int64) * MINUTE
    revenue = np.floor(np.clip(3900 * np.exp(0.65 * rng.standard_normal(size)), 300, 90_000)).astype(np.int64) * 100
    return pa.table(
        {
            "order_id": integers(numbers + 1),
            "customer_id": integers(np.searchsorted(edges, rng.random(size) * edges[-1]) + 1),
            "centre": words(CENTRES, rng.integers(0, len(CENTRES), size)),
            "accepted_date": pa.array(day.astype("int32"), pa.int32()).cast(pa.date32()),
            "promised_at": moments(promised),
            "ready_at": moments(ready),
            "revenue": integers(revenue),
            "technician": words(TECHNICIANS, rng.integers(0, len(TECHNICIANS), size)),
        },
        schema=SCHEMA,
    )
