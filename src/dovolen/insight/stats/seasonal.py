"""A daily series with weeks and years in it: simple rules to beat, a model that can be explained, bands from errors.

The model is a level times what is usual for the day. The level is what the last weeks held, the nearest of them
weighing most (simple exponential smoothing: Brown 1956; Hyndman & Athanasopoulos 2021, Forecasting: Principles and
Practice, 3rd ed., ch. 8). Usual for the day: its weekday (ratio to the mean, ch. 3.4), a holiday if it is one, and
whether the same weeks of earlier years stood above or below the weeks before them – drawn towards "as usual" while it
was seen in few years. Bands: quantiles of past errors of the same rule (ch. 5.5).

A series is a float64 array, one value a day without gaps; place 0 is `first`. Nothing here reads a clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Places = NDArray[np.int64]

WEEK, YEAR = 7, 364
"""Days; a year is 52 whole weeks, so that weekdays meet."""

HALF_LIFE = 28
"""Days after which a day weighs half in the level."""

PROFILE_DAYS = 364
"""Days that weekdays are learnt from, and at least the last eight weeks."""

HOLIDAYS_AS_ONE = 4.0
"""Usual days' worth of doubt about holidays as a whole: seen rarely, they are drawn to usual days, each one to all."""


@dataclass(frozen=True)
class Series:
    """Values by day up to the day of forecast, and the names of holidays ("" = none) of these days and those ahead."""

    values: Numbers
    holidays: NDArray[np.object_]

    def until(self, place: int) -> Series:
        """What was known before the day at `place`; holidays ahead are known always."""
        return Series(self.values[:place], self.holidays)


@dataclass(frozen=True)
class Profile:
    """What is usual: factors of seven places (place % 7) with mean 1, factor of each holiday."""

    weekdays: Numbers
    holidays: dict[str, float]

    def of(self, places: Places, named: NDArray[np.object_]) -> Numbers:
        """The factor of each day; on a holiday its own one, which is of an average day and knows no weekday."""
        usual = self.weekdays[places % WEEK]
        if not self.holidays:
            return usual
        special = np.array([self.holidays.get(name, np.nan) for name in named[places]], np.float64)
        return np.where(np.isnan(special), usual, usual * special)


def profile(known: Series) -> Profile:
    """Weekdays and holidays as the last year showed them; holidays from all history."""
    n = len(known.values)
    places = np.arange(n)
    plain = known.holidays[:n] == ""
    since = max(0, n - PROFILE_DAYS)
    recent = plain & (places >= since)
    sums = np.bincount(places[recent] % WEEK, known.values[recent], WEEK)
    days = np.bincount(places[recent] % WEEK, minlength=WEEK)
    means = sums / np.maximum(days, 1)
    average = float(means.mean()) or 1.0
    return Profile(means / average, _holidays(known, means / average))


def _holidays(known: Series, weekdays: Numbers) -> dict[str, float]:
    """Each holiday against what its weekday and level promised; one seen rarely is much like all of them."""
    n = len(known.values)
    places = np.flatnonzero(known.holidays[:n] != "")
    if not len(places):
        return {}
    local = _around(known)
    promised = local[places] * weekdays[places % WEEK]
    open_ = promised > 0.05 * local[places]
    places, promised = places[open_], promised[open_]
    total = promised.sum()
    if not total:
        return {}
    worth = HOLIDAYS_AS_ONE * total / len(places)
    every = (known.values[places].sum() + worth) / (total + worth)
    found = {}
    for name in dict.fromkeys(known.holidays[places]):
        mine = known.holidays[places] == name
        weight = promised[mine].sum()
        share = worth / 4 if weight else worth
        found[str(name)] = float((known.values[places][mine].sum() + every * share) / (weight + share))
    ahead = {str(name) for name in known.holidays if name}
    return {name: found.get(name, float(every)) for name in ahead}


def _around(known: Series) -> Numbers:
    """The average day around each day: a centred mean over four weeks of days that are no holidays."""
    plain = (known.holidays[: len(known.values)] == "").astype(np.float64)
    window = np.ones(29)
    total = np.convolve(known.values * plain, window, "same")
    return np.asarray(total / np.maximum(np.convolve(plain, window, "same"), 1.0), np.float64)


def model(known: Series, horizon: int) -> Numbers:
    """The next `horizon` days: level × weekday × holiday × what the same weeks of earlier years did."""
    n = len(known.values)
    usual = profile(known)
    expected = usual.of(np.arange(n), known.holidays)
    ahead = np.arange(n, n + horizon)
    level = _level(known.values, expected)
    return np.asarray(level * usual.of(ahead, known.holidays) * _years(known.values, expected, horizon), np.float64)


def _level(values: Numbers, expected: Numbers) -> float:
    """What an average day holds now: exponentially weighted sum of values over that of what is usual."""
    weights = 0.5 ** (np.arange(len(values))[::-1] / HALF_LIFE)
    usual = float(weights @ expected)
    return float(weights @ values) / usual if usual else 0.0


def _years(values: Numbers, expected: Numbers, horizon: int) -> Numbers:
    """Factor of each day ahead: the same four weeks of earlier years over the level they began from.

    With k years seen, k/(k+1) of it (in logarithms) is believed; half as much or twice as much at most.
    """
    n, moves = len(values), []
    for begin in range(n - YEAR, 2 * WEEK - 1, -YEAR):
        level = _level(values[:begin], expected[:begin])
        last = min(begin + horizon + WEEK, n)
        smooth = _weeks(values[begin - WEEK : last], 3 * WEEK)
        usual = _weeks(expected[begin - WEEK : last], 3 * WEEK)
        then = (smooth / np.maximum(usual, 1e-9))[WEEK : WEEK + horizon]
        if level > 0 and len(then) == horizon and then.min() > 0:
            moves.append(np.log(then / level))
    if not moves:
        return np.ones(horizon)
    k = len(moves)
    return np.asarray(np.exp(np.clip(np.mean(moves, axis=0) * k / (k + 1), -np.log(2), np.log(2))), np.float64)


def _weeks(values: Numbers, window: int) -> Numbers:
    """A centred moving sum; at the ends of what there is."""
    total = np.concatenate([[0.0], np.cumsum(values)])
    place = np.arange(len(values))
    low, high = np.maximum(place - window // 2, 0), np.minimum(place + window // 2 + 1, len(values))
    return np.asarray((total[high] - total[low]) / (high - low), np.float64)


def last_week(known: Series, horizon: int) -> Numbers:
    """The same weekday of the last week."""
    return _repeated(known.values[-WEEK:], horizon)


def four_weeks(known: Series, horizon: int) -> Numbers:
    """The mean of the same weekday over the last four weeks."""
    return _repeated(known.values[-4 * WEEK :].reshape(4, WEEK).mean(axis=0), horizon)


def last_year(known: Series, horizon: int) -> Numbers:
    """The same weekday of the same week a year ago; needs 364 days."""
    return _repeated(known.values[-YEAR:], horizon)


def _repeated(values: Numbers, horizon: int) -> Numbers:
    return np.asarray(np.resize(values, horizon), np.float64)


def paired_gain(better: Numbers, worse: Numbers, level: float = 0.95) -> tuple[float, float, float]:
    """By what share the mean of `better` lies under that of `worse`, pair by pair, with an interval of t.

    Needs: at least two pairs of mean errors, one a block of time. The denominator is taken as known.
    """
    difference = worse - better
    n, base = len(difference), float(worse.mean()) or 1.0
    half = float(stdtrit(n - 1, 0.5 + level / 2)) * float(difference.std(ddof=1)) / sqrt(n)
    middle = float(difference.mean())
    return middle / base, (middle - half) / base, (middle + half) / base
