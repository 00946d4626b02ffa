"""Labels of orders: what clients said or did afterwards, and what was known of the service by then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.rooms import Base
from dovolen.insight.satisfaction.facts import Facts

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

KINDS = ("survey", "complaint", "return")
"""The nearest to what a client felt first."""

MOST = 50_000
"""Labelled orders of one kind that are judged or learnt of; of more that many, evenly spaced in time."""

WHEN_READY = ("late_hours", "not_told", "not_warned", "over_estimate", "not_repaired", "pickup_hours", "came_back_late")
"""Facts that nobody knows of an order which is still open."""

LATER = {"came_back": ("came_back", "came_back_late"), "complaint": ("complaint", "resolution_days")}
"""A fact with a day of its own → the facts that are not known before that day."""


@dataclass(frozen=True)
class Labels:
    """One kind of label over orders (n rows): `good` is 1 or 0, nan where there is none.

    `day` – day since 1970-01-01 up to which facts may be used to foretell the label; `apart` – the orders that may be
    judged together: of returns one a client, drawn by lot, for a regular's twenty returns are one habit. `was_open` –
    orders not ready by that day, with their `delay` and share of time in repair as they then stood.
    """

    kind: str
    good: Floats
    day: Floats
    apart: Mask
    was_open: Mask | None = None
    delay: Floats | None = None
    time_share: Floats | None = None

    @property
    def places(self) -> NDArray[np.int64]:
        """Labelled orders that may be judged together, in the order they were closed; at most 50,000."""
        found = np.flatnonzero(self.apart & ~np.isnan(self.good))
        found = found[np.argsort(self.day[found], kind="stable")]
        if len(found) <= MOST:
            return found
        return found[np.linspace(0, len(found) - 1, MOST).astype(np.int64)]

    @property
    def rarer(self) -> int:
        """Orders of the rarer kind."""
        good = self.good[self.places]
        return int(min((good == 1).sum(), (good == 0).sum()))


def read(base: Base, facts: Facts) -> list[Labels]:
    """The kinds of labels that this base has, one array each over all orders of `facts`."""
    found = []
    if base.has("feedback.score") and len(facts):
        found.append(_survey(base, facts))
    if base.has("cases.kind") and len(facts):
        found.append(_complaint(facts))
    if base.has("orders.customer_id") and len(facts):
        found.append(_return(base, facts))
    return [labels for labels in found if len(labels.places)]


def as_known(facts: Facts, labels: Labels, places: NDArray[np.int64]) -> Facts:
    """The labelled orders at `places` as they stood at the end of the label's day: what came later is not known."""
    known, day = facts.take(places), labels.day[places]
    values = dict(known.values)
    for name, days in known.dates.items():
        later = days > day
        for fact in LATER.get(name, (name,)):
            if fact in values and later.any():
                # A fact that cannot be known here stays unknown.
                values[fact] = np.where(later & ~np.isnan(values[fact]), 0.0, values[fact])
    if labels.was_open is not None and labels.delay is not None and labels.time_share is not None:
        is_open = labels.was_open[places]
        for fact in WHEN_READY:
            values[fact] = np.where(is_open, np.nan, values[fact]) if fact in values else np.full(len(day), np.nan)
        if "delay" in values:
            values["delay"] = np.where(is_open, labels.delay[places], values["delay"])
        if "repair_ratio" in values:
            so_far = values["repair_ratio"] * labels.time_share[places]
            # Less than the usual time tells nothing while the order is open.
            values["repair_ratio"] = np.where(is_open, np.where(so_far > 1, so_far, np.nan), values["repair_ratio"])
    return replace(known, values=values)


def _survey(base: Base, facts: Facts) -> Labels:
    table = base.views.fetch("SELECT order_id, answer_date, satisfied, was_open, delay, time_share FROM label_answers")
    day = table["answer_date"].cast(pa.int32())
    rest = (table[name] for name in ("satisfied", "was_open", "delay", "time_share"))
    at, good, was_open, delay, share = _placed(facts, table["order_id"], (day, *rest))
    return Labels("survey", good, at, np.ones(len(facts), bool), was_open == 1, delay, share)


def _complaint(facts: Facts) -> Labels:
    """Complaints after the order was closed; one made earlier is a fact of the service, and the order is left out."""
    complained = facts.dates["complaint"] > facts.scored
    earlier = facts.dates["complaint"] <= facts.scored
    told = ~np.isnan(facts.scored) & ~earlier
    good = np.where(told, np.where(complained, 0.0, 1.0), np.nan)
    return Labels("complaint", good, facts.scored, np.ones(len(facts), bool))


def _return(base: Base, facts: Facts) -> Labels:
    """Returns within the horizon; a comeback for the same fault is a failure and no loyalty."""
    table = base.views.fetch("SELECT order_id, returned FROM label_returns")
    (good,) = _placed(facts, table["order_id"], (table["returned"],))
    good = np.where((facts.values["came_back"] > 0) & ~np.isnan(good), 0.0, good)
    good = np.where(np.isnan(facts.scored), np.nan, good)
    return Labels("return", good, facts.scored, _one_a_client(facts, ~np.isnan(good)))


def _placed(facts: Facts, orders: pa.ChunkedArray, columns: Sequence[pa.ChunkedArray]) -> list[Floats]:
    """Columns by order laid on the rows of `facts`, nan where there is none."""
    place = pc.index_in(orders.cast(facts.order_id.type), value_set=facts.order_id)
    known = pc.is_valid(place).to_numpy(zero_copy_only=False).astype(bool)
    at = pc.fill_null(place, 0).to_numpy(zero_copy_only=False)[known]
    laid = []
    for column in columns:
        made = np.full(len(facts), np.nan)
        made[at] = column.cast(pa.float64()).to_numpy()[known]
        laid.append(made)
    return laid


def _one_a_client(facts: Facts, told: Mask) -> Mask:
    """One of the labelled orders of each client, by lot that falls the same way every time."""
    chosen = np.zeros(len(facts), bool)
    if facts.customer_id is None:
        return chosen
    client = pc.fill_null(facts.customer_id.dictionary_encode().indices, -1).to_numpy(zero_copy_only=False)
    drawn = np.random.default_rng(len(facts)).permutation(np.flatnonzero(told & (client >= 0)))
    chosen[drawn[np.unique(client[drawn], return_index=True)[1]]] = True
    return chosen
