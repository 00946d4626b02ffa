"""Dirt as real exports have it, in known numbers, for the page on data quality."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight.synth.draws import Flags, Ints, stream

Rows = dict[str, pa.Table]


def spoiled(tables: Rows, seed: int) -> Rows:
    """The same tables with amounts a hundredfold, orders twice, without client, ready too early, and clients twice."""
    rng = stream(seed, "flaws")
    orders, count = tables["orders"], tables["orders"].num_rows
    orders = _with(orders, "revenue", pc.multiply(orders["revenue"], 100), _some(count, 0.0005, rng))
    orders = _with(orders, "customer_id", pa.scalar(None, pa.int64()), _some(count, 0.004, rng))
    early = pc.subtract(orders["accepted_at"], pa.scalar(86_400_000_000, pa.duration("us")))
    orders = _with(orders, "ready_at", early, _some(count, 0.002, rng))
    twice = np.flatnonzero(_some(count, 0.002, rng))
    orders = pa.concat_tables([orders, orders.take(pa.array(twice))])
    return {**tables, "orders": orders, "customers": _written_twice(tables["customers"], rng)}


def _some(count: int, share: float, rng: np.random.Generator) -> Flags:
    """A share of the rows, at least two."""
    flags = np.zeros(count, bool)
    flags[rng.choice(count, min(count, max(2, round(count * share))), replace=False)] = True
    return flags


def _with(table: pa.Table, column: str, value: pa.ChunkedArray | pa.Scalar, where: Flags) -> pa.Table:
    place = table.schema.get_field_index(column)
    return table.set_column(place, column, pc.if_else(pa.array(where), value, table[column]))


def _written_twice(customers: pa.Table, rng: np.random.Generator) -> pa.Table:
    """Some clients stand in the base again under a new number, their phone typed in another way."""
    count = customers.num_rows
    again: Ints = np.flatnonzero(_some(count, 0.004, rng))
    copies = customers.take(pa.array(again))
    typed = pc.replace_substring_regex(copies["phones"], r"^\+7(\d{3})(\d{3})(\d{2})(\d{2})$", r"8 (\1) \2-\3-\4")
    numbers = pa.array(np.arange(count + 1, count + 1 + len(again)), pa.int64())
    copies = copies.set_column(0, "customer_id", numbers)
    copies = copies.set_column(copies.schema.get_field_index("phones"), "phones", typed)
    return pa.concat_tables([customers, copies])
