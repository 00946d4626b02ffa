"""Clients of one table found among those of another, and columns laid beside them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray


def joined(clients: pa.Table, more: pa.Table, columns: Mapping[str, pa.DataType]) -> pa.Table:
    """`clients` with the named columns of `more`, which names a client once at most; null where it does not."""
    import pyarrow.compute as pc

    known = more["customer_id"].cast(clients["customer_id"].type).combine_chunks()
    place = pc.index_in(clients["customer_id"], value_set=known)
    for name, kind in columns.items():
        found = more[name].cast(kind).take(place) if len(known) else pa.nulls(len(clients), kind)
        clients = clients.append_column(name, found)
    return clients


def index(among: pa.Array, values: pa.Array) -> NDArray[np.int64]:
    """Place of each value among others, −1 where it is not there."""
    import pyarrow.compute as pc

    found = pc.fill_null(pc.index_in(values, value_set=among), -1)
    return np.asarray(found.to_numpy(zero_copy_only=False), np.int64)
