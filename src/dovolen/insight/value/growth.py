"""Who could grow: devices he has and does not bring, services that clients like him use, things bought together."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.rooms import Base
from dovolen.insight.stats import baskets, intervals
from dovolen.insight.value.joined import index

LEVELS = ("group", "kind", "name")
"""What a service is called, in order of preference for advice to a client: fewer and broader names first."""
LEAST_ITEMS = 3
"""Different services without which a level tells nothing."""
LEAST_LIFT = 1.2
"""How much oftener than by chance two things go together, for the pair to be worth a word."""
LIKED = 0.3
"""Share of clients like him who use a service, from which on it is offered to one who does not."""
PAIRS = 200
"""Pairs of a level that are listed at most."""
Flags = NDArray[np.bool_]


class Growth:
    """Services by client, pairs of them, devices not brought."""

    def __init__(self, base: Base) -> None:
        self._base = base

    @cached_property
    def levels(self) -> tuple[str, ...]:
        """Levels with enough different services bought by enough clients."""
        if not self._base.has("orders.customer_id"):
            return ()
        if not (self._base.given("lines") or self._base.has("orders.kind")):
            return ()
        found = dict(
            self._base.views.rows("SELECT level, COUNT(DISTINCT item) AS items FROM value_items GROUP BY level")
        )
        return tuple(level for level in LEVELS if found.get(level, 0) >= LEAST_ITEMS)

    # Bought together

    def pairs(self) -> Sheet | None:
        """Pairs whose lift is above one beyond chance, both ways, by how many clients may be offered the second."""
        if not self.levels:
            return None
        found = self._base.views.rows(
            "SELECT level, item_a, item_b, n_both, n_a, n_b, n_all FROM value_pairs WHERE n_both >= $minimum "
            "ORDER BY level, n_both DESC, item_a, item_b"
        )
        found = [row for row in found if row[0] in self.levels]
        if not found:
            return None
        both, first, second, whole = (np.array([row[place] for row in found]) for place in (3, 4, 5, 6))
        # So many pairs are looked at that some exceed chance by chance: each is asked for more.
        lift = baskets.lift(both, first, second, whole, level=1 - 0.05 / len(found))
        rows = []
        for place in np.flatnonzero((lift.low > 1) & (lift.value >= LEAST_LIFT)):
            level, a, b, n, n_a, n_b, n_all = found[place]
            for one, other, of in ((a, b, n_a), (b, a, n_b)):
                told = (n / n_all, n / of, *intervals.wilson(n, of))
                spread = (float(lift.value[place]), float(lift.low[place]), float(lift.high[place]))
                rows.append((level, one, other, n, *told, *spread, of - n))
        rows.sort(key=lambda row: (LEVELS.index(row[0]), -row[5] * row[11], row[1], row[2]))
        best = [row for level in self.levels for row in [row for row in rows if row[0] == level][:PAIRS]]
        columns = (
            ("item_level", "word"),
            ("item", "text"),
            ("with_item", "text"),
            ("both_clients", "clients"),
            ("support", "share"),
            ("confidence", "share"),
            ("low", "share"),
            ("high", "share"),
            ("lift", "ratio"),
            ("lift_low", "ratio"),
            ("lift_high", "ratio"),
            ("without_second", "clients"),
        )
        return sheet("value.pairs", columns, best, n=int(whole.max()))

    # Devices and services that are missing

    @cached_property
    def _clients(self) -> dict[str, NDArray[Any]]:
        found = self._base.views.fetch(
            "SELECT v.customer_id, f.name, coalesce(f.kind, 'unknown') AS kind, coalesce(f.class, 'unknown') AS class, "
            "f.lifecycle, v.revenue, v.assets_owned, v.assets_served "
            "FROM value_clients AS v JOIN customer_facts AS f ON f.customer_id = v.customer_id "
            "WHERE v.n_orders > 0 ORDER BY v.customer_id"
        )
        return {name: found[name].to_numpy(zero_copy_only=False) for name in found.column_names}

    @cached_property
    def _missing(self) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], list[str]]:
        """For each client: place of the service to offer (−1 = none), share of clients like him who use it, of how
        many; and the names of the services."""
        clients = len(self._clients["customer_id"])
        none = np.full(clients, -1), np.zeros(clients), np.zeros(clients, np.int64)
        if not self.levels:
            return (*none, [])
        rows = self._base.views.fetch(
            "SELECT customer_id, item FROM value_items WHERE level = $level ORDER BY item, customer_id",
            level=self.levels[0],
        )
        items = rows["item"].combine_chunks().dictionary_encode()
        ids = rows["customer_id"].combine_chunks()
        known = index(pa.array(self._clients["customer_id"], ids.type), ids)  # engines sort texts each in its own way
        used = np.zeros((clients, len(items.dictionary)), bool)
        used[known, items.indices.to_numpy()] = True
        return (*_offered(used, self._alike, self._base.config.minimum), items.dictionary.to_pylist())

    @cached_property
    def _alike(self) -> NDArray[Any]:
        """Number of the group of each client: his kind and class."""
        names = np.char.add(np.char.add(self._clients["kind"].astype(str), " "), self._clients["class"].astype(str))
        return np.unique(names, return_inverse=True)[1]

    @cached_property
    def _brings_his_own(self) -> Flags:
        """An intermediary's devices are other people's: they do not come back to him."""
        return np.asarray(self._clients["class"] != "intermediary")

    def figures(self) -> list[Figure]:
        """Of devices owned by clients who have been served, the share not brought for a year."""
        if not self._base.has("assets.customer_id", "orders.asset_id"):
            return []
        his = self._brings_his_own
        owned, served = (int(self._clients[name][his].sum()) for name in ("assets_owned", "assets_served"))
        key, few = "value.assets_unserved", owned < self._base.config.minimum
        if few:
            return [Figure(key, None, "share", n=owned, few=True, rule=f"rule.{key}")]
        low, high = intervals.wilson(owned - served, owned)
        return [Figure(key, (owned - served) / owned, "share", n=owned, low=low, high=high, rule=f"rule.{key}")]

    def names(self) -> Sheet | None:
        """Clients with devices not brought for a year or a service never used, in the base, most revenue first."""
        if not self._base.has("orders.customer_id"):
            return None
        clients, (place, share, n, items) = self._clients, self._missing
        idle = clients["assets_owned"] - clients["assets_served"]
        owned = self._base.has("assets.customer_id", "orders.asset_id")
        in_base = np.isin(clients["lifecycle"].astype(str), ("new", "returned", "loyal", "active"))
        # One idle device of one is a matter of coming back; several, some of them brought, of growing.
        more = owned & self._brings_his_own & (clients["assets_served"] > 0) & (idle > 0)
        found = np.flatnonzero(in_base & ((place >= 0) | more))
        revenue = np.nan_to_num(clients["revenue"].astype(float))
        found = found[np.lexsort((found, -revenue[found]))]
        rows = [
            (
                _plain(clients["customer_id"][one]),
                clients["name"][one],
                int(revenue[one]) if self._base.has("orders.revenue") else None,
                int(clients["assets_owned"][one]) if owned else None,
                int(clients["assets_served"][one]) if owned else None,
                items[place[one]] if place[one] >= 0 else None,
                float(share[one]) if place[one] >= 0 else None,
                int(n[one]) if place[one] >= 0 else None,
            )
            for one in found
        ]
        columns = (
            ("customer_id", "id"),
            ("name", "text"),
            ("revenue", "money"),
            ("assets_owned", "count"),
            ("assets_served", "count"),
            ("offer", "text"),
            ("alike_share", "share"),
            ("alike", "clients"),
        )
        return sheet("value.growth", columns, rows, n=len(rows))


def _offered(used: Flags, alike: NDArray[Any], minimum: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """For each client the service he has never used that most of the other clients of his group use."""
    groups = int(alike.max(initial=-1)) + 1
    n = np.bincount(alike, minlength=groups)
    users = np.stack([np.bincount(alike, weights=used[:, item], minlength=groups) for item in range(used.shape[1])], 1)
    share = np.asarray(users / np.maximum(n, 1)[:, None], np.float64)
    share[n < minimum] = 0
    his = np.where(used, -1.0, share[alike])
    place = his.argmax(axis=1)
    most = his[np.arange(len(his)), place]
    return np.where(most >= LIKED, place, -1), most, n[alike]


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
