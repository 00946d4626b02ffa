"""Grouped sufficient statistics: clients with the same history are counted once, with their number as weight.

A million clients whose days are whole have some tens of thousands of different (frequency, recency, T): the
likelihood of the group is that of one client times the weight.
"""

# ruff: noqa: N803 – T is the literature's own name.

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


class CannotFitError(ValueError):
    """These data cannot tell the parameters; the text says why."""


@dataclass(frozen=True)
class Histories:
    """Different histories in ascending order, how many clients have each, and which of them every client has."""

    frequency: Floats
    recency: Floats
    T: Floats
    weight: Floats
    index: Integers

    @property
    def n(self) -> int:
        """Clients."""
        return int(self.weight.sum())

    @cached_property
    def counts(self) -> tuple[Floats, Integers]:
        """The different frequencies, and the place of every history's own among them."""
        values, place = np.unique(self.frequency, return_inverse=True)
        return values, place

    @cached_property
    def count_weight(self) -> Floats:
        """How many clients have each of the different frequencies."""
        return np.bincount(self.counts[1], weights=self.weight).astype(np.float64)

    def thinned(self, n: int) -> Histories:
        """Every so-many-th client in the order of histories, `n` in all: enough to begin a search with."""
        places, weight = systematic(self.weight, n)
        return Histories(self.frequency[places], self.recency[places], self.T[places], weight, np.arange(len(places)))


def systematic(weight: Floats, n: int) -> tuple[Integers, Floats]:
    """A systematic sample of `n` clients out of weighted groups: places of the groups met, clients taken from each."""
    upto = np.cumsum(weight)
    taken = np.searchsorted(upto, (np.arange(n) + 0.5) * upto[-1] / n)
    places, count = np.unique(taken, return_counts=True)
    return places, count.astype(np.float64)


def distinct(*columns: Floats) -> tuple[Integers, Integers, Floats]:
    """The different rows of equally long columns: where each is first met, the place of every row, the count."""
    code = np.zeros(len(columns[0]), np.int64)
    for column in columns:
        values, place = np.unique(column, return_inverse=True)
        # Codes are made dense at every step, so that they never outgrow 64 bits.
        code = np.unique(code * len(values) + place, return_inverse=True)[1]
    _, first, place, count = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return first, place, count.astype(np.float64)


def group(*, frequency: ArrayLike, recency: ArrayLike, T: ArrayLike) -> Histories:
    """Clients as grouped histories: repeat purchases, time of the last one and time observed, both since the first.

    Raises: ValueError unless 0 ≤ recency ≤ T, frequency is whole, and recency is 0 exactly where frequency is.
    """
    x, t_x, observed = (np.atleast_1d(np.asarray(column, np.float64)) for column in (frequency, recency, T))
    if not len(x) == len(t_x) == len(observed):
        raise ValueError("frequency, recency and T differ in length")
    if not np.all(np.isfinite(x) & (x >= 0) & (x == np.floor(x))):
        raise ValueError("frequency must be whole and not negative")
    if not np.all((t_x >= 0) & (t_x <= observed) & np.isfinite(observed)):
        raise ValueError("recency must lie between 0 and T")
    if np.any((x == 0) != (t_x == 0)):
        raise ValueError("recency must be 0 exactly where frequency is 0")
    first, index, weight = distinct(x, t_x, observed)
    return Histories(x[first], t_x[first], observed[first], weight, index)
