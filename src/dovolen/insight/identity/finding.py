"""Pairs and clusters of clients that are one: `find`."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dovolen.insight.identity import blocks, clusters
from dovolen.insight.identity.pairs import Scored, joined, score
from dovolen.insight.identity.reasons import REASON, reasons
from dovolen.insight.identity.records import Flags, Ints, Records, read
from dovolen.insight.identity.tuning import EVERYTHING, Quality, Thresholds, half, quality, tune

__all__ = ["EVERYTHING", "Duplicates", "Quality", "Thresholds", "find", "half", "quality", "tune"]

DEFAULT = Thresholds()

PIECE = 250_000
"""Pairs scored at once: memory stays bounded."""


@dataclass(frozen=True)
class Duplicates:
    """Who stands in the base twice.

    `pairs`: id_a, id_b, score, decision (`automatic`, `review`), may_join (nothing but points could forbid it), reasons
    (list of fact, value_a, value_b, points that sum to the score), best first. `clusters`: cluster (its smallest
    customer_id), customer_id; only clients who have a double, every pair of a cluster free of contradiction.
    `compared` pairs of clients were looked at; `too_large` blocks (one number for half the town) were not.
    """

    pairs: pa.Table
    clusters: pa.Table
    thresholds: Thresholds
    compared: int
    too_large: int

    def joined(self) -> pa.Table:
        """Every pair inside a cluster: id_a, id_b."""
        members: dict[object, list[object]] = {}
        for cluster, customer in zip(
            *(self.clusters[name].to_pylist() for name in ("cluster", "customer_id")), strict=True
        ):
            members.setdefault(cluster, []).append(customer)
        both = [(one, two) for of in members.values() for place, one in enumerate(of) for two in of[place + 1 :]]
        kind = self.clusters["customer_id"].type
        return pa.table(
            {name: pa.array([pair[side] for pair in both], kind) for side, name in enumerate(("id_a", "id_b"))}
        )


def find(customers: pa.Table, assets: pa.Table | None = None, *, thresholds: Thresholds = DEFAULT) -> Duplicates:
    """Pairs and clusters of clients that are one. The same answer whatever the order of the rows.

    Needs: customer_id. Reads where given: kind, name (or surname, given_name, patronymic), phones, emails, address,
    place, postcode, birth_date, tax_number; of assets customer_id, plate, serial_number.
    """
    records = read(customers, assets)
    left, right, too_large = blocks.pairs(records)
    scored = _alike(records, left, right, min(thresholds.review, thresholds.automatic))
    points = scored.score
    may_join = ~(scored.contradicts | scored.unnamed)
    listed = _best_first(points, np.arange(len(points)))
    chosen = listed[(points[listed] >= thresholds.automatic) & may_join[listed]]
    cluster, holds = clusters.join(records, scored.left[chosen], scored.right[chosen], points[chosen])
    automatic = np.zeros(len(points), bool)
    automatic[chosen[holds]] = True
    table = _pairs(records, scored, listed, automatic, may_join)
    return Duplicates(table, _clusters(records, cluster), thresholds, len(left), too_large)


def _alike(records: Records, left: Ints, right: Ints, least: float) -> Scored:
    """The pairs of at least so many points, scored piece by piece: of a hundred compared one is kept."""
    parts = []
    for begin in range(0, max(len(left), 1), PIECE):
        part = score(records, left[begin : begin + PIECE], right[begin : begin + PIECE])
        parts.append(part.only(np.flatnonzero(part.score >= least)))
    return joined(parts)


def _best_first(points: Ints, places: Ints) -> Ints:
    """Places by points, then by the clients' order, which the pairs already have."""
    return np.asarray(places[np.argsort(-points[places], kind="stable")], np.int64)


def _pairs(records: Records, scored: Scored, listed: Ints, automatic: Flags, may_join: Flags) -> pa.Table:
    decision = np.where(automatic[listed], "automatic", "review")
    return pa.table(
        {
            "id_a": records.ids.take(pa.array(scored.left[listed])),
            "id_b": records.ids.take(pa.array(scored.right[listed])),
            "score": pa.array(scored.score[listed]),
            "decision": pa.array(decision.tolist(), pa.string()),
            "may_join": pa.array(may_join[listed]),
            "reasons": pa.array(reasons(records, scored, listed), pa.list_(REASON)),
        }
    )


def _clusters(records: Records, cluster: Ints) -> pa.Table:
    sizes = np.bincount(cluster, minlength=len(records))
    rows = np.flatnonzero(sizes[cluster] > 1)
    rows = rows[np.argsort(cluster[rows], kind="stable")]
    return pa.table(
        {"cluster": records.ids.take(pa.array(cluster[rows])), "customer_id": records.ids.take(pa.array(rows))}
    )
