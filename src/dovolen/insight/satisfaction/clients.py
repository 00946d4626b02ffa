"""The satisfaction of a client: the mean of his orders, the newer the heavier, his worst of three and his latest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.satisfaction.scores import Scores, whole

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class ClientScores:
    """A row a client (of a category, where there are `categories`) with a scored order.

    `mean` – weights halve every half-life of days; `worst3`, `latest` – of the last three orders and the last;
    `coverage` – weighted like the mean; `orders` – how many were scored.
    """

    customer_id: pa.Array
    mean: Floats
    worst3: Floats
    latest: Floats
    coverage: Floats
    orders: Ints
    categories: pa.Array | None = None

    def __len__(self) -> int:
        return len(self.mean)


def client_scores(made: Scores, asof: float, half_life: float, *, by_category: bool = False) -> ClientScores:
    """Clients of the closed, scored orders; without clients nobody."""
    facts = made.facts
    if facts.customer_id is None:
        return ClientScores(pa.array([], pa.int64()), *(np.empty(0),) * 4, np.empty(0, np.int64))
    coded = facts.customer_id.dictionary_encode()
    client = pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    category = facts.labels["category"]
    width = len(category.names) + 1
    group = client * width + category.codes + 1 if by_category else client
    rows = np.flatnonzero(made.counts & (client >= 0))
    # Orders of a client stand together, the latest last.
    rows = rows[np.lexsort((rows, made.day[rows], group[rows]))]
    found = _grouped(group[rows], made.satisfaction[rows], made.made.coverage[rows], asof - made.day[rows], half_life)
    of_client = found.key // width if by_category else found.key
    ids = coded.dictionary.take(pa.array(of_client))
    names = pa.array([None, *category.names], pa.string()).take(pa.array(found.key % width)) if by_category else None
    return ClientScores(ids, found.mean, found.worst3, found.latest, found.coverage, found.orders, names)


@dataclass(frozen=True)
class _Groups:
    key: Ints
    mean: Floats
    worst3: Floats
    latest: Floats
    coverage: Floats
    orders: Ints


def _grouped(group: Ints, score: Floats, coverage: Floats, age: Floats, half_life: float) -> _Groups:
    """Groups of rows that stand together, the latest last."""
    is_last = np.append(group[1:] != group[:-1], True) if len(group) else np.empty(0, bool)
    last = np.flatnonzero(is_last)
    orders = np.diff(last, prepend=-1)
    # Of a client long gone every weight may vanish: only their ratio tells, so the latest weighs one.
    weight = 0.5 ** ((np.maximum(age, 0) - np.repeat(np.maximum(age[last], 0), orders)) / max(half_life, 1))
    place = np.cumsum(is_last) - is_last
    total = np.bincount(place, weight, minlength=len(last))
    mean = np.bincount(place, weight * score, minlength=len(last)) / total if len(last) else np.empty(0)
    covered = np.bincount(place, weight * coverage, minlength=len(last)) / total if len(last) else np.empty(0)
    worst = score[last].copy()
    for back in (1, 2):
        has = orders > back
        worst[has] = np.minimum(worst[has], score[last[has] - back])
    return _Groups(group[last], mean, worst, score[last], covered, orders.astype(np.int64))


def offered(found: ClientScores) -> pa.Table:
    """What other rooms are lent."""
    return pa.table(
        {
            "customer_id": found.customer_id,
            "satisfaction": pa.array(found.mean),
            "satisfaction_worst3": whole(found.worst3),
            "satisfaction_latest": whole(found.latest),
            "n_scored": pa.array(found.orders),
        }
    )


def eligible(found: ClientScores, cut: float) -> NDArray[np.bool_]:
    """Who may be sent offers: above the cut in his latest order and on average."""
    return np.asarray((found.latest > cut) & (found.mean > cut))


def columns(found: ClientScores, cut: float) -> pa.Table:
    """The columns of customers.parquet."""
    return pa.table(
        {
            "customer_id": found.customer_id,
            "satisfaction": pa.array(np.round(found.mean, 2)),
            "satisfaction_worst3": whole(found.worst3),
            "satisfaction_latest": whole(found.latest),
            "satisfaction_coverage": pa.array(np.round(found.coverage, 4)),
            "eligible_for_offers": pa.array(eligible(found, cut)),
        }
    )


def by_category(found: ClientScores, overall: ClientScores, cut: float) -> pa.Table:
    """A row a client and category: offers of that category need his latest order in it and his mean above the cut."""
    at = pc.index_in(found.customer_id, value_set=overall.customer_id).to_numpy(zero_copy_only=False)
    may = (found.latest > cut) & (overall.mean[at.astype(np.int64)] > cut) if len(found) else np.empty(0, bool)
    return pa.table(
        {
            "customer_id": found.customer_id,
            "category": found.categories if found.categories is not None else pa.nulls(len(found), pa.string()),
            "satisfaction": pa.array(np.round(found.mean, 2)),
            "satisfaction_worst3": whole(found.worst3),
            "satisfaction_latest": whole(found.latest),
            "orders": pa.array(found.orders),
            "eligible_for_offers": pa.array(may),
        }
    )
