"""What is known of the service in every order: the columns of `service_facts` as arrays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.facts import Views
from dovolen.insight.rooms import Base

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

FROM = {
    "contacts": ("contacts_in", "no_word", "not_warned"),
    "stages": ("idle_stages", "norms_broken", "stages_at_once", "parts_hours", "reassignments", "stages_unkept"),
    "cases": ("complaint", "resolution_days"),
    "feedback": (ANSWER,),
}
"""Tables without which a fact is known of no order; such a fact is not asked for."""

LABELS = ("slow_stage", "technician", "advisor", "category", "kind")
"""Words of an order; `slow_stage` = where it stood longest beyond the norm."""


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


_READ: WeakKeyDictionary[Views, dict[bool, Facts]] = WeakKeyDictionary()


def read(base: Base, *, source: bool = False) -> Facts:
    """The facts of every order of the base, read once; `source` adds those of the card of that name."""
    known = _READ.setdefault(base.views, {})
    if source not in known:
        known[source] = _read(base, source=source)
    return known[source]


def _read(base: Base, *, source: bool) -> Facts:
    wanted = (*ON_CARD, *BESIDE, ANSWER, *(OF_SOURCE if source else ()))
    unknown = {name for table, names in FROM.items() if not base.given(table) for name in names}
    asked = [name for name in wanted if name not in unknown]
    dated = [name for name in DATED if name not in unknown]
    ids = ("order_id", "customer_id", "accepted_date", "scored_date", "centre", *LABELS)
    columns = ", ".join((*ids, *asked, *(f"{name}_date" for name in dated)))
    table = base.views.fetch(f"SELECT {columns} FROM {'source_facts' if source else 'service_facts'}")
    given = dict(zip(table.column_names, table.columns, strict=True))
    del table  # each column is freed once it is read: a million orders are a third of a gigabyte
    keys = pa.table({name: given[name] for name in ("accepted_date", "order_id")})
    order = pc.sort_indices(keys, [("accepted_date", "ascending"), ("order_id", "ascending")])

    def column(name: str) -> pa.Array:
        return _array(given.pop(name)).take(order)

    centre = _label(column("centre"))
    never = np.broadcast_to(np.nan, len(order))
    return Facts(
        column("order_id"),
        column("customer_id") if base.has("orders.customer_id") else None,
        _days(column("accepted_date")).astype(np.int64),
        _days(column("scored_date")),
        centre.codes,
        centre.names,
        {name: _floats(column(name)) for name in asked} | dict.fromkeys(unknown, never),
        {name: _days(column(f"{name}_date")) if name in dated else never for name in DATED},
        {name: _label(column(name)) for name in LABELS},
    )


def _array(column: pa.ChunkedArray) -> pa.Array:
    """One array of a column."""
    whole = column.combine_chunks()
    return whole.chunk(0) if isinstance(whole, pa.ChunkedArray) and whole.num_chunks else whole


def _floats(column: pa.Array) -> Floats:
    if len(column) and column.null_count == len(column):
        return np.broadcast_to(np.nan, len(column))  # what no order tells needs no memory
    made: Floats = pc.fill_null(column.cast(pa.float64()), float("nan")).to_numpy(zero_copy_only=False)
    return made


def _days(column: pa.Array) -> Floats:
    return _floats(column.cast(pa.date32()).cast(pa.int32()))


def _label(column: pa.Array) -> Label:
    coded = column.cast(pa.string()).dictionary_encode()
    codes: NDArray[np.int32] = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)
    return Label(codes.astype(np.int32), tuple(coded.dictionary.to_pylist()))
