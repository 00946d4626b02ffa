"""From pairs to clients: clusters in which no two records contradict each other."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from dovolen.insight.identity.pairs import score
from dovolen.insight.identity.records import Flags, Ints, Records

LARGEST = 200
"""Records of a chain whose every pair is compared; of a longer one only what was compared before is known."""


MARGIN = 6
"""Points by which one of two rival pairs must lead: "Иванов И. И." is nearer to neither Иван nor Игорь."""

Rows = dict[int, set[int]]


def join(records: Records, left: Ints, right: Ints, points: Ints) -> tuple[Ints, Flags]:
    """Clusters made of the given pairs, best first: the smallest row of each row's cluster, and which pairs hold.

    A pair is refused when it would bring two records together that contradict each other, whatever chain led there;
    and when one of its records fits another, contradicting one as well.
    """
    forbidden = _forbidden(records, _chains(len(records), left, right))
    rivals = _rivals(left, right, points, forbidden)
    cluster = np.arange(len(records), dtype=np.int64)
    members: Rows = {}
    for one, other, doubtful in zip(left.tolist(), right.tolist(), rivals.tolist(), strict=True):
        first, second = sorted((int(cluster[one]), int(cluster[other])))
        mine, theirs = members.setdefault(first, {first}), members.setdefault(second, {second})
        if doubtful or first == second or any(forbidden.get(row, set()) & theirs for row in mine):
            continue
        mine |= members.pop(second)
        cluster[list(theirs)] = first
    return cluster, np.asarray(cluster[left] == cluster[right], bool)


def _rivals(left: Ints, right: Ints, points: Ints, forbidden: Rows) -> Flags:
    """Pairs one record of which fits a third about as well, that contradicts the other."""
    fits: dict[int, dict[int, int]] = {}
    for one, other, worth in zip(left.tolist(), right.tolist(), points.tolist(), strict=True):
        if one in forbidden or other in forbidden:
            fits.setdefault(one, {})[other] = worth
            fits.setdefault(other, {})[one] = worth
    return np.array(
        [
            any(
                fits[shared].get(third, 0) >= max(worth - MARGIN, 1)
                for mine, shared in ((one, other), (other, one))
                for third in forbidden.get(mine, ())
                if shared in fits
            )
            for one, other, worth in zip(left.tolist(), right.tolist(), points.tolist(), strict=True)
        ],
        bool,
    )


def _chains(count: int, left: Ints, right: Ints) -> list[list[int]]:
    """Rows connected by pairs, three or more of them."""
    root = list(range(count))

    def top(row: int) -> int:
        while root[row] != row:
            root[row] = root[root[row]]
            row = root[row]
        return row

    for one, other in zip(left.tolist(), right.tolist(), strict=True):
        first, second = sorted((top(one), top(other)))
        root[second] = first
    chains: dict[int, list[int]] = {}
    for row in np.unique(np.concatenate([left, right])).tolist():
        chains.setdefault(top(row), []).append(row)
    return [rows for rows in chains.values() if len(rows) > 2]


def _forbidden(records: Records, chains: list[list[int]]) -> Rows:
    """For each row of a chain the rows it contradicts."""
    codes = [code for rows in chains for code in _all_pairs(rows, len(records))]
    if not codes:
        return {}
    every = np.unique(np.array(codes, np.int64))
    left, right = every // len(records), every % len(records)
    apart = score(records, left, right).contradicts
    forbidden: Rows = {}
    for one, other in zip(left[apart].tolist(), right[apart].tolist(), strict=True):
        forbidden.setdefault(one, set()).add(other)
        forbidden.setdefault(other, set()).add(one)
    return forbidden


def _all_pairs(rows: list[int], count: int) -> Iterator[int]:
    """Every pair of a chain; in a very long one those of neighbours."""
    for place, row in enumerate(rows):
        for other in rows[place + 1 : place + LARGEST]:
            yield row * count + other
