"""Forecasts tried on days that are known: origins a week apart over the last year, every rule from what it knew then.

The model is judged against the simple rules; whichever erred least is used. Its errors make the band, and the band is
checked on blocks of weeks that it was not made from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dovolen.insight.stats import seasonal
from dovolen.insight.stats.seasonal import WEEK, YEAR, Numbers, Places, Series

SHORTEST = 8 * WEEK
"""Days of history under which nothing is forecast."""

ORIGINS = 48
LEAST_ORIGINS = 8
"""Origins tried, a week apart; under the least nothing is said of errors."""

BAND = 0.8
"""Share of days (and weeks) that the band is to hold."""

LEAST_BLOCKS = 8
"""Pairs of blocks that an interval of the gain needs."""

RULES: dict[str, Callable[[Series, int], Numbers]] = {
    "model": seasonal.model,
    "last_week": seasonal.last_week,
    "four_weeks": seasonal.four_weeks,
    "last_year": seasonal.last_year,
}
"""Ways to forecast by name: `rule(known, horizon)`."""


@dataclass(frozen=True)
class Scores:
    """What one rule was worth: mean error a day, and as a share of what came – by day, by week, by week ahead."""

    mae: float
    wape: float
    wape_weeks: float
    ahead: tuple[float, ...]
    bias: float


@dataclass(frozen=True)
class Backtest:
    """What each rule said at each origin, origin × day ahead, the latest origin first, and what came."""

    said: dict[str, Numbers]
    came: Numbers

    @property
    def origins(self) -> int:
        """How many days were forecast from."""
        return len(self.came)

    @cached_property
    def scores(self) -> dict[str, Scores]:
        """Errors by rule."""
        return {name: _scores(said, self.came) for name, said in self.said.items()}

    @cached_property
    def errors(self) -> dict[str, Numbers]:
        """Mean error of each origin by rule: of a day, or of a week where less than one comes a day – there the rule
        that says nothing at all would look best by days."""
        sparse = self.came.mean() < 1
        came = _sums(self.came, WEEK) if sparse else self.came
        each = {name: _sums(said, WEEK) if sparse else said for name, said in self.said.items()}
        return {name: np.asarray(np.abs(said - came).mean(axis=1), np.float64) for name, said in each.items()}

    @cached_property
    def used(self) -> str:
        """The rule with the least mean error; the model when it ties."""
        return min(self.errors, key=lambda name: (float(self.errors[name].mean()), name != "model"))

    @cached_property
    def rival(self) -> str:
        """The best of the simple rules."""
        return min((name for name in self.errors if name != "model"), key=lambda name: float(self.errors[name].mean()))

    @cached_property
    def blocks(self) -> Places:
        """The block of each origin: origins whose days overlap much stand in one."""
        return np.asarray(np.arange(self.origins) // max(1, self.came.shape[1] // WEEK), np.int64)

    def gain(self) -> tuple[float, float | None, float | None, int]:
        """By what share the model errs less than the best simple rule, its interval over blocks, and their number."""
        model, rival = (self._by_block(name) for name in ("model", self.rival))
        base = float(self.errors[self.rival].mean())
        share = 1 - float(self.errors["model"].mean()) / base if base else 0.0
        if len(model) < LEAST_BLOCKS:
            return share, None, None, len(model)
        middle, low, high = seasonal.paired_gain(model, rival)
        return share, share + low - middle, share + high - middle, len(model)

    def _by_block(self, name: str) -> Numbers:
        return np.asarray(np.bincount(self.blocks, self.errors[name]) / np.bincount(self.blocks), np.float64)

    def band(self, expected: Numbers) -> tuple[Numbers, Numbers]:
        """Ends for each day of a forecast by the rule used, from its errors."""
        return _band(expected, *_tails(self.said[self.used], self.came))

    def share_band(self, days: int) -> tuple[float, float]:
        """Ends of a sum over `days` in a row as shares of what is expected."""
        share = _wider(int(self.blocks.max()) + 1)
        return _ratio_tails(_sums(self.said[self.used], days), _sums(self.came, days), share)

    def coverage(self) -> tuple[float, int, float, int]:
        """Share of days, then of weeks, that fell inside a band made from other blocks, each with its number."""
        said, came = self.said[self.used], self.came
        weeks_said, weeks_came = _sums(said, WEEK), _sums(came, WEEK)
        held_days, held_weeks = np.zeros(came.shape, bool), np.zeros(weeks_came.shape, bool)
        for block in range(int(self.blocks.max()) + 1):
            mine, others = self.blocks == block, np.abs(self.blocks - block) > 1
            others = others if others.any() else self.blocks != block
            low, high = _band(said[mine], *_tails(said[others], came[others]))
            held_days[mine] = (low <= came[mine]) & (came[mine] <= high)
            share = _wider(len(np.unique(self.blocks[others])))
            least, most = _ratio_tails(weeks_said[others], weeks_came[others], share)
            inside = (weeks_said[mine] * least <= weeks_came[mine]) & (weeks_came[mine] <= weeks_said[mine] * most)
            held_weeks[mine] = inside
        return float(held_days.mean()), held_days.size, float(held_weeks.mean()), held_weeks.size


def run(known: Series, horizon: int) -> Backtest | None:
    """Every rule from every origin; None when fewer than eight origins leave it eight weeks to learn from.

    The rule of last year takes part when every origin has a year behind it.
    """
    n = len(known.values)
    places = list(range(n - horizon, max(SHORTEST, n - horizon - ORIGINS * WEEK + 1) - 1, -WEEK))
    if len(places) < LEAST_ORIGINS:
        return None
    rules = {name: rule for name, rule in RULES.items() if name != "last_year" or places[-1] >= YEAR}
    said = {
        name: np.array([rule(known.until(place), horizon) for place in places], np.float64)
        for name, rule in rules.items()
    }
    return Backtest(said, np.array([known.values[place : place + horizon] for place in places]))


def _scores(said: Numbers, came: Numbers) -> Scores:
    errors, mean = np.abs(said - came), float(came.mean()) or 1.0
    weeks = [errors[:, begin : begin + WEEK].mean() / mean for begin in range(0, came.shape[1], WEEK)]
    by_week = np.abs(_sums(said, WEEK) - _sums(came, WEEK)).mean() / WEEK / mean
    bias = float((said - came).mean()) / mean
    return Scores(float(errors.mean()), float(errors.mean()) / mean, float(by_week), tuple(map(float, weeks)), bias)


def _sums(values: Numbers, days: int) -> Numbers:
    """Sums over whole runs of `days`, origin × run."""
    runs = values.shape[1] // days
    return np.asarray(values[:, : runs * days].reshape(len(values), runs, days).sum(axis=2), np.float64)


def _scale(expected: Numbers) -> Numbers:
    """By what errors are measured: what comes by chance varies with the root of how much comes."""
    return np.sqrt(np.maximum(expected, 0.0))


def _tails(said: Numbers, came: Numbers) -> tuple[float, float]:
    """Lower and upper quantile of errors in units of the scale; days when next to nothing is expected left out."""
    open_ = said > 0.05 * said.mean()
    errors = (came[open_] - said[open_]) / _scale(said[open_])
    if not errors.size:
        return 0.0, 0.0
    low, high = np.quantile(errors, [(1 - BAND) / 2, (1 + BAND) / 2])
    return min(0.0, float(low)), max(0.0, float(high))


def _band(expected: Numbers, low: float, high: float) -> tuple[Numbers, Numbers]:
    scale = _scale(expected)
    return np.maximum(0.0, expected + low * scale), expected + high * scale


def _wider(blocks: int) -> float:
    """The share that a band of weeks aims at: weeks of one block err together, so few blocks tell less than it seems.

    As in conformal prediction (Vovk, Gammerman & Shafer 2005): a quantile of n errors is one place further out.
    """
    return min(0.98, BAND * (1 + 1 / blocks))


def _ratio_tails(said: Numbers, came: Numbers, share: float) -> tuple[float, float]:
    """Quantiles of what came over what was said."""
    told = said > 0
    ratios = came[told] / said[told]
    if not ratios.size:
        return 1.0, 1.0
    low, high = np.quantile(ratios, [(1 - share) / 2, (1 + share) / 2])
    return min(1.0, float(low)), max(1.0, float(high))
