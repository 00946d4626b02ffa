"""Thresholds from labelled pairs, and what they are worth on others."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


@dataclass(frozen=True)
class Thresholds:
    """Points from which a pair is joined by machine, and from which a person is asked."""

    automatic: float = 40
    review: float = 28


EVERYTHING = Thresholds(automatic=inf, review=0)
"""Nothing is joined and every pair with more for than against is listed: what tuning looks at."""


@dataclass(frozen=True)
class Quality:
    """Pairs said to be one client, those of them that are, and those there are."""

    said: int
    right: int
    true: int

    @property
    def precision(self) -> float:
        """Share of the pairs said that are right; 1 when none was said."""
        return self.right / self.said if self.said else 1.0

    @property
    def recall(self) -> float:
        """Share of the true pairs that were said; 1 when there are none."""
        return self.right / self.true if self.true else 1.0


def tune(
    pairs: pa.Table, entity: Mapping[Any, Any], *, precision: float = 0.99, review: float = 28, part: int | None = None
) -> Thresholds:
    """The lowest automatic threshold that keeps the precision on these labels.

    Needs: the pairs of `find(…, thresholds=EVERYTHING)`, and the true entity of every customer. `part` looks at one
    half only. Fewer than 100 pairs above a threshold prove nothing about it. Without a threshold that keeps the
    precision: infinity, nothing is joined.
    """
    known = _part(pairs.filter(pc.field("may_join")), entity, part)
    points = np.asarray(known["score"], np.int64)
    same = _same(known, entity)
    best: float = inf
    for threshold in range(int(points.max(initial=0)), int(review) - 1, -1):
        above = points >= threshold
        if above.sum() >= 100 and same[above].mean() >= precision:
            best = threshold
    return Thresholds(automatic=best, review=review)


def quality(pairs: pa.Table, entity: Mapping[Any, Any], *, part: int | None = None) -> Quality:
    """What pairs (`id_a`, `id_b`) said to be one client are worth by these labels, or on one half of them."""
    known = _part(pairs, entity, part)
    sizes = Counter(said for said in entity.values() if part is None or half(said) == part)
    true = sum(size * (size - 1) // 2 for size in sizes.values())
    return Quality(known.num_rows, int(_same(known, entity).sum()), true)


def half(entity: Any) -> int:
    """Which half a true entity belongs to, 0 or 1: by a hash, so that it stays there whatever else the base holds."""
    return hashlib.sha256(str(entity).encode()).digest()[0] % 2


def _part(pairs: pa.Table, entity: Mapping[Any, Any], part: int | None) -> pa.Table:
    """Pairs of one half: that of the first customer's entity, so that a false pair between halves counts once."""
    if part is None:
        return pairs
    return pairs.filter(pa.array([half(entity[one]) == part for one in pairs["id_a"].to_pylist()], pa.bool_()))


def _same(pairs: pa.Table, entity: Mapping[Any, Any]) -> np.ndarray[Any, np.dtype[np.bool_]]:
    both = zip(pairs["id_a"].to_pylist(), pairs["id_b"].to_pylist(), strict=True)
    return np.array([entity[one] == entity[other] for one, other in both], bool)
