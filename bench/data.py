"""Orders for the benchmarks: canonical Parquet of any size, the same bytes for the same size and seed."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq

PART = 1_000_000
FIRST_DAY = np.datetime64("2021-01-01")
DAYS = 1461


def write_orders(path: Path, *, rows: int, customers: int, seed: int = 1) -> None:
    """`rows` orders of `customers` clients in order of acceptance; few clients come often, most come rarely."""
    random = np.random.default_rng(seed)
    activity = random.pareto(1.5, customers) + 0.2
    cumulative = np.cumsum(activity / activity.sum())
    path.parent.mkdir(parents=True, exist_ok=True)
    writer = None
    for start in range(0, rows, PART):
        part = _part(random, cumulative, start=start, count=min(PART, rows - start), rows=rows)
        writer = writer or pq.ParquetWriter(path, part.schema, compression="zstd")
        writer.write_table(part)
    if writer:
        writer.close()


def _part(
    random: np.random.Generator, cumulative: npt.NDArray[np.float64], *, start: int, count: int, rows: int
) -> pa.Table:
    """`count` consecutive orders: three columns that RFM reads and five that it must not."""
    number = np.arange(start, start + count)
    customer = np.searchsorted(cumulative, random.random(count) * cumulative[-1])
    day = (number * DAYS // rows).astype("timedelta64[D]")
    revenue = np.round(np.exp(random.normal(8.2, 1.0, count))).astype(np.int64) * 100
    centre = pa.DictionaryArray.from_arrays(
        pa.array(random.integers(0, 7, count), pa.int32()), pa.array([f"Centre {place}" for place in range(1, 8)])
    )
    return pa.table(
        {
            "order_id": number + 1,
            "customer_id": customer.astype(np.int64) + 1,
            "accepted_date": pa.array(FIRST_DAY + day, pa.date32()),
            "revenue": revenue,
            "asset_id": customer * 4 + random.integers(0, 4, count),
            "centre": centre.cast(pa.string()),
            "parts_cost": revenue * random.integers(20, 60, count) // 100,
            "labour_cost": revenue * random.integers(10, 30, count) // 100,
        }
    )


if __name__ == "__main__":
    write_orders(Path(sys.argv[1]), rows=int(sys.argv[2]), customers=int(sys.argv[3]))
