"""From a table of client-days to what models of repeat buying ask: frequency, recency, T, mean spend.

Source of the statistics: Fader, Hardie & Lee 2005 (10.1287/mksc.1040.0098), section 4; mean spend of the repeat days
alone: Fader & Hardie, note 025. The unit of time is the week, counted from whole days.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
WEEK = 7.0


@dataclass(frozen=True)
class Buyers:
    """One entry a client, in the order of `customer`."""

    customer: NDArray[Any]
    first: Integers  # days since 1970-01-01
    frequency: Integers  # days with a purchase after the first one
    recency: Floats  # weeks from the first to the last, 0 when there was but one
    T: Floats  # weeks from the first to the day asked about
    monetary: Floats  # mean of the repeat days' sums, nan where there is none

    def only(self, kept: NDArray[Any]) -> Buyers:
        """The clients that `kept` (mask or positions) names."""
        columns = (self.customer, self.first, self.frequency, self.recency, self.T, self.monetary)
        return Buyers(*(column[kept] for column in columns))


def day_number(day: ArrayLike) -> Integers:
    """Days since 1970-01-01, from dates or datetime64."""
    return np.asarray(day, dtype="datetime64[D]").astype(np.int64)


def buyers(customer: ArrayLike, day: ArrayLike, *, asof: str, money: ArrayLike | None = None) -> Buyers:
    """The clients seen by the end of `asof`, with the statistics of that day.

    Needs: one entry a purchase or more (several on a client's day count once, their `money` is summed).
    """
    numbers, end = day_number(day), int(day_number(asof))
    seen = numbers <= end
    names, codes = np.unique(np.asarray(customer)[seen], return_inverse=True)
    code, date, total = _once_a_day(codes, numbers[seen], None if money is None else np.asarray(money)[seen])
    start = np.flatnonzero(np.diff(code, prepend=-1))
    length = np.diff(start, append=len(code))
    first, last, frequency = date[start], date[start + length - 1], length - 1
    spent = np.add.reduceat(total, start) - total[start] if len(start) else np.empty(0)
    mean = np.where(frequency > 0, spent / np.maximum(frequency, 1), np.nan)
    if money is None:
        mean = np.full(len(names), np.nan)
    return Buyers(names, first, frequency, (last - first) / WEEK, (end - first) / WEEK, mean)


def _once_a_day(codes: Integers, numbers: Integers, money: NDArray[Any] | None) -> tuple[Integers, Integers, Floats]:
    """Client code, day and sum of every client-day, ordered by client and day."""
    if not len(codes):
        return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0)
    origin = int(numbers.min())
    span = int(numbers.max()) - origin + 1
    keys, place = np.unique(codes * span + (numbers - origin), return_inverse=True)
    total = np.zeros(len(keys)) if money is None else np.bincount(place, weights=money)
    return keys // span, keys % span + origin, total.astype(np.float64)


def repeats_by_day(customer: ArrayLike, day: ArrayLike, among: Buyers) -> tuple[int, Integers]:
    """The first day of these clients, and their repeat client-days summed up to the end of every day from it on."""
    names, codes = np.unique(np.asarray(customer), return_inverse=True)
    known = np.isin(names, among.customer)[codes]
    code, date, _ = _once_a_day(codes[known], day_number(day)[known], None)
    if not len(code):
        return 0, np.empty(0, np.int64)
    repeat = np.diff(code, prepend=-1) == 0
    start = int(date.min())
    counts = np.bincount(date[repeat] - start, minlength=int(date.max()) - start + 1)
    return start, np.cumsum(counts)
