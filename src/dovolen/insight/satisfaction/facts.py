"""What is known of the service in every order: the columns of `service_facts` as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.base import Base

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ON_CARD = (
    "delay", "promises_moved", "came_back", "came_back_late", "not_first_time", "contacts_in", "over_estimate",
    "repair_ratio", "no_word", "complaint",
)  # fmt: skip
"""Facts of the card `evidence`. Of every fact a larger value is worse."""

BESIDE = (
    "late_hours", "idle_stages", "norms_broken", "stages_at_once", "not_warned", "not_told", "parts_hours",
    "reassignments", "resolution_days", "debt", "not_repaired", "pickup_hours",
)  # fmt: skip
"""Further facts, without points in `evidence`; a learnt card may give them some."""

OF_SOURCE = ("variety", "low_repair", "class_level", "stages_unkept", "cost_ratio", "source_regular")
"""Facts of the card `source`, read only when it is asked for."""

ANSWER = "answer"
"""The client's own answer, 0–99: a value beside the facts, never one of them."""

DATED = ("came_back", "complaint", "answer", "contacts_in", "promises_moved")
"""Facts with a day of their own; of the others the day is when the order was done, else accepted."""

LABELS = ("technician", "advisor", "category", "kind")


@dataclass(frozen=True)
class Label:
    """A column of words: `codes[n]` are places in `names`, −1 = not told."""

    codes: Ints
    names: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """One row an order accepted by the day of the study and not cancelled; all arrays have n rows, ordered by day of
    acceptance, then by order_id.

    `accepted` – day since 1970-01-01; `scored` – day it was closed (pickup, else ready), nan while open;
    `centre` – codes, `centres` their names; `values` – fact → value, nan = the source cannot know it;
    `dates` – fact → day since 1970-01-01 when it became true (nan = not), for facts learnt on a day of their own.
    """

    order_id: pa.Array
    customer_id: pa.Array | None
    accepted: Ints
    scored: Floats
    centre: Ints
    centres: tuple[str, ...]
    values: Mapping[str, Floats]
    dates: Mapping[str, Floats]
    labels: Mapping[str, Label]

    def __len__(self) -> int:
        return len(self.accepted)

    def take(self, places: NDArray[np.int64] | NDArray[np.bool_]) -> Facts:
        """The orders at these places (numbers, or a mask)."""
        at = np.flatnonzero(places) if places.dtype == bool else places
        return Facts(
            self.order_id.take(pa.array(at)),
            self.customer_id.take(pa.array(at)) if self.customer_id is not None else None,
            self.accepted[at],
            self.scored[at],
            self.centre[at],
            self.centres,
            {name: values[at] for name, values in self.values.items()},
            {name: days[at] for name, days in self.dates.items()},
            {name: Label(label.codes[at], label.names) for name, label in self.labels.items()},
        )


def read(base: Base, *, source: bool = False) -> Facts:
    """The facts of every order of the base; `source` adds those of the card of that name."""
    asked = (*ON_CARD, *BESIDE, ANSWER, *(OF_SOURCE if source else ()))
    view = "source_facts" if source else "service_facts"
    table = base.views.fetch(f"SELECT * FROM {view} ORDER BY accepted_date, order_id")
    table = table.combine_chunks()
    centre = _label(table["centre"])
    return Facts(
        _array(table["order_id"]),
        _array(table["customer_id"]) if base.has("orders.customer_id") else None,
        _days(table["accepted_date"]).astype(np.int64),
        _days(table["scored_date"]),
        centre.codes,
        centre.names,
        {name: _floats(table[name]) for name in asked},
        {name: _days(table[f"{name}_date"]) for name in DATED},
        {name: _label(table[name]) for name in LABELS},
    )


def _array(column: pa.ChunkedArray) -> pa.Array:
    """One array of a column."""
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) and whole.num_chunks else whole


def _floats(column: pa.ChunkedArray) -> Floats:
    made: Floats = pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy()
    return made


def _days(column: pa.ChunkedArray) -> Floats:
    return _floats(column.cast(pa.date32()).cast(pa.int32()))


def _label(column: pa.ChunkedArray) -> Label:
    coded = _array(column.cast(pa.string())).dictionary_encode()
    codes: Ints = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    return Label(codes, tuple(coded.dictionary.to_pylist()))
