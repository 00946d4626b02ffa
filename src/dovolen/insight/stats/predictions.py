"""How good predictions are: do they rank, are their probabilities true, do the cases still look as they did.

Everywhere a label is 0 or 1, a higher score speaks for 1, `p` is a probability of 1. Missing values are refused: the
caller says which cases he leaves out.

Sources: Mann & Whitney 1947 (10.1214/aoms/1177730491), ties count half; Efron & Tibshirani 1993, ch. 13 (percentile
bootstrap, drawn within each label); DeLong, DeLong & Clarke-Pearson 1988 (10.2307/2531595) by the midranks of
Sun & Xu 2014 (10.1109/LSP.2014.2337313); Brier 1950; Cox 1958 (slope and intercept, 10.1093/biomet/45.3-4.562) as
read by Van Calster et al. 2019 (10.1186/s12916-019-1466-7); Siddiqi 2006 (population stability index: 0.1, 0.25) with
the noise of Yurdakul & Naranjo 2020 (10.21314/JRMV.2020.227); Bonett & Wright 2000 (10.1007/BF02294183).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import atanh, exp, log, nan, sqrt, tanh
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dovolen.insight.stats.intervals import wilson, z

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BOOTSTRAP_UP_TO = 5_000  # cases; from there on DeLong's normal interval is as good and takes no draws
SURE = 1e-9  # a probability is never nearer to 0 or 1 than this, so that its logit is finite
WARN, STOP = 0.1, 0.25


@dataclass(frozen=True)
class Auc:
    """Chance that a case with label 1 has the higher score than one with label 0; 0.5 = the score tells nothing."""

    value: float
    low: float
    high: float
    n: int
    positives: int
    method: Literal["bootstrap", "delong", "separated"]

    @property
    def tells(self) -> bool:
        """Whether the whole interval lies above 0.5."""
        return self.low > 0.5


@dataclass(frozen=True)
class Gain:
    """AUC of one score less that of another on the same cases."""

    value: float
    low: float
    high: float
    one: float
    other: float
    n: int
    positives: int
    method: Literal["bootstrap", "delong"]


@dataclass(frozen=True)
class Calibration:
    """Whether probabilities are true: slope 1 and intercept 0 are perfect.

    A slope under 1 is too bold, over 1 too timid. `intercept` is the calibration in the large: what must be added to
    every logit for the mean to be right. nan where it cannot be told: one value of `p`, or labels parted completely.
    """

    slope: float
    slope_low: float
    slope_high: float
    intercept: float
    low: float
    high: float
    n: int

    @property
    def holds(self) -> bool:
        """Whether the intervals hold a slope of 1 and an intercept of 0."""
        return self.slope_low <= 1 <= self.slope_high and self.low <= 0 <= self.high


@dataclass(frozen=True)
class Decile:
    """Cases of like probability: mean prediction, share that happened with Wilson's interval."""

    n: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Stability:
    """Population stability index; `noise` is what two samples of these sizes reach by chance once in twenty times."""

    value: float
    noise: float
    n_before: int
    n_after: int

    @property
    def verdict(self) -> Literal["same", "warn", "stop"]:
        """Same, look at it (over 0.1), learn anew (over 0.25); never for what chance alone may do."""
        if self.value <= max(WARN, self.noise):
            return "same"
        return "stop" if self.value > STOP else "warn"


@dataclass(frozen=True)
class Agreement:
    """Correlation of ranks, −1 … 1, with its interval; nan where one side never differs."""

    value: float
    low: float
    high: float
    n: int


# Ranking


def auc(score: ArrayLike, label: ArrayLike, *, level: float = 0.95, seed: int = 0, rounds: int = 1000) -> Auc | None:
    """AUC with its interval: bootstrap of `rounds` up to 5,000 cases, DeLong beyond. None unless both labels occur.

    Where the score parts the labels completely neither method sees any doubt; the interval is then Wilson's of
    "all right" in as many trials as there are cases of the rarer label.
    """
    scores, labels = _columns(score, label)
    positives, n = int(labels.sum()), len(labels)
    if positives in (0, n):
        return None
    codes = _codes(scores)
    value = float(_weighted(codes, labels, np.ones(n)))
    if value in (0.0, 1.0):
        rarer = min(positives, n - positives)
        low, high = wilson(int(value) * rarer, rarer, level)
        return Auc(value, low, high, n, positives, "separated")
    if n <= BOOTSTRAP_UP_TO:
        drawn = [_weighted(codes, labels, weight) for weight in _draws(labels, seed, rounds)]
        low, high = _middle(np.array(drawn), level)
        return Auc(value, low, high, n, positives, "bootstrap")
    half = z(level) * sqrt(_delong([scores], labels)[0, 0])
    return Auc(value, max(0.0, value - half), min(1.0, value + half), n, positives, "delong")


def auc_gain(
    one: ArrayLike, other: ArrayLike, label: ArrayLike, *, level: float = 0.95, seed: int = 0, rounds: int = 1000
) -> Gain | None:
    """How much better `one` ranks than `other`, the interval paired by case. None unless both labels occur."""
    scores, labels = _columns(one, label)
    others, _ = _columns(other, label)
    positives, n = int(labels.sum()), len(labels)
    if positives in (0, n):
        return None
    codes, other_codes = _codes(scores), _codes(others)
    first, second = (float(_weighted(by, labels, np.ones(n))) for by in (codes, other_codes))
    value = first - second
    if n <= BOOTSTRAP_UP_TO:
        drawn = [
            _weighted(codes, labels, weight) - _weighted(other_codes, labels, weight)
            for weight in _draws(labels, seed, rounds)
        ]
        low, high = _middle(np.array(drawn), level)
        return Gain(value, low, high, first, second, n, positives, "bootstrap")
    both = _delong([scores, others], labels)
    half = z(level) * sqrt(max(0.0, both[0, 0] + both[1, 1] - 2 * both[0, 1]))
    return Gain(value, value - half, value + half, first, second, n, positives, "delong")


def _codes(scores: Floats) -> Ints:
    """Places of the scores among the different ones, lowest 0."""
    return np.unique(scores, return_inverse=True)[1].astype(np.int64)


def _weighted(codes: Ints, labels: Floats, weight: Floats) -> float:
    """AUC of cases that count `weight` times."""
    positive = np.bincount(codes, weights=weight * labels)
    negative = np.bincount(codes, weights=weight) - positive
    below = np.cumsum(negative) - negative / 2
    return float(positive @ below / (positive.sum() * negative.sum()))


def _draws(labels: Floats, seed: int, rounds: int) -> Iterator[Floats]:
    """How many times each case is drawn, with replacement within its label."""
    draw = np.random.default_rng(seed)
    kinds = [np.flatnonzero(labels == kind) for kind in (0, 1)]
    for _ in range(rounds):
        places = [kind[draw.integers(0, len(kind), len(kind))] for kind in kinds]
        yield np.bincount(np.concatenate(places), minlength=len(labels)).astype(np.float64)


def _middle(drawn: Floats, level: float) -> tuple[float, float]:
    low, high = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def _ranks(values: Floats) -> Floats:
    """Places from 1 on; equal values share the mean of theirs."""
    from scipy.stats import rankdata  # a second to load, and who refreshes one client judges no model

    found: Floats = rankdata(values)
    return found


def _delong(scores: list[Floats], labels: Floats) -> Floats:
    """Covariance of the AUCs of several scores of the same cases."""
    placed = {kind: [] for kind in (0, 1)}  # type: dict[int, list[Floats]]
    for score in scores:
        ranks = _ranks(score)
        for kind in (0, 1):
            mine = labels == kind
            others = len(labels) - int(mine.sum())
            placed[kind].append((ranks[mine] - _ranks(score[mine])) / others)
    parts = [
        np.atleast_2d(np.cov(np.array(rows))) / len(rows[0]) if len(rows[0]) > 1 else 0 for rows in placed.values()
    ]
    return np.asarray(parts[0] + parts[1], np.float64) + np.zeros((len(scores), len(scores)))


# Probabilities


def brier(p: ArrayLike, y: ArrayLike) -> float:
    """Mean squared error of probabilities: 0 is perfect, 0.25 is what a coin says. nan without cases."""
    predicted, labels = _probabilities(p, y)
    return float(np.mean((predicted - labels) ** 2)) if len(labels) else nan


def calibration(p: ArrayLike, y: ArrayLike, *, level: float = 0.95) -> Calibration | None:
    """Slope and intercept of what happened on what was said, with Wald intervals. None unless both labels occur."""
    predicted, labels = _probabilities(p, y)
    if labels.sum() in (0, len(labels)):
        return None
    logits = np.log(predicted) - np.log1p(-predicted)
    q = z(level)
    shift, shift_error = _shift(logits, labels)
    slope, error = _slope(logits, labels)
    return Calibration(
        slope=slope,
        slope_low=slope - q * error,
        slope_high=slope + q * error,
        intercept=shift,
        low=shift - q * shift_error,
        high=shift + q * shift_error,
        n=len(labels),
    )


def _shift(logits: Floats, labels: Floats) -> tuple[float, float]:
    """What added to every logit makes the mean right, and its standard error. Bisection: it cannot run away."""
    low, high = -60.0, 60.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if _chance(logits + middle).sum() < labels.sum() else (low, middle)
    chances = _chance(logits + low)
    spread = float((chances * (1 - chances)).sum())
    return (low, 1 / sqrt(spread)) if spread > 0 else (nan, nan)


def _slope(logits: Floats, labels: Floats) -> tuple[float, float]:
    """Coefficient of the logit in a logistic regression and its standard error; nan, nan where there is none."""
    middle, spread = float(logits.mean()), float(logits.std())
    if spread < 1e-9:
        return nan, nan
    x = (logits - middle) / spread
    at = np.array([0.0, 0.0])
    for _ in range(100):
        chances = _chance(at[0] + at[1] * x)
        weight = chances * (1 - chances)
        curve = np.array([[weight.sum(), weight @ x], [weight @ x, weight @ (x * x)]])
        if np.linalg.det(curve) < 1e-10 * len(x) or np.abs(at).max() > 50:
            return nan, nan
        step = np.linalg.solve(curve, np.array([(labels - chances).sum(), (labels - chances) @ x]))
        at = at + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return float(at[1] / spread), sqrt(float(np.linalg.inv(curve)[1, 1])) / spread


def deciles(p: ArrayLike, y: ArrayLike, *, groups: int = 10, level: float = 0.95) -> list[Decile]:
    """Cases in `groups` of about equal size by `p`, lowest first; equal `p` are never parted, so there may be fewer."""
    predicted, labels = _probabilities(p, y)
    if not len(labels):
        return []
    cuts = np.quantile(predicted, np.arange(1, groups) / groups, method="inverted_cdf")
    place = np.searchsorted(np.unique(cuts), predicted, side="left")
    made = []
    for group in np.unique(place):
        mine = place == group
        n, happened = int(mine.sum()), int(labels[mine].sum())
        made.append(Decile(n, float(predicted[mine].mean()), happened / n, *wilson(happened, n, level)))
    return made


# Sameness


def stability(before: ArrayLike, after: ArrayLike, bins: int | ArrayLike = 10) -> Stability:
    """How far the values of `after` have moved from those of `before`.

    `bins` is a number of bins of equal size in `before` (ties stay together), or the cuts between bins. An empty bin
    counts as half a case. Raises: ValueError when a side is empty.
    """
    was, now = np.asarray(before, np.float64).ravel(), np.asarray(after, np.float64).ravel()
    if not (len(was) and len(now)) or np.isnan(was).any() or np.isnan(now).any():
        raise ValueError("both sides need values, none of them missing")
    if isinstance(bins, int | np.integer):
        cuts = np.unique(np.quantile(was, np.arange(1, int(bins)) / int(bins), method="inverted_cdf"))
        cuts = cuts[cuts < was.max()]
    else:
        cuts = np.unique(np.asarray(bins, np.float64))
    counts = [np.bincount(np.searchsorted(cuts, side, side="left"), minlength=len(cuts) + 1) for side in (was, now)]
    used = (counts[0] + counts[1]) > 0
    shares = [np.maximum(count[used], 0.5) / count.sum() for count in counts]
    value = float(((shares[1] - shares[0]) * np.log(shares[1] / shares[0])).sum())
    free = int(used.sum()) - 1
    noise = 2 * float(special.gammaincinv(free / 2, 0.95)) * (1 / len(was) + 1 / len(now)) if free else 0.0
    return Stability(value, noise, len(was), len(now))


def spearman(one: ArrayLike, other: ArrayLike, *, level: float = 0.95) -> Agreement:
    """Correlation of the ranks of two columns (ties share their mean rank) with its interval."""
    first, second = np.asarray(one, np.float64).ravel(), np.asarray(other, np.float64).ravel()
    if first.shape != second.shape or np.isnan(first).any() or np.isnan(second).any():
        raise ValueError("two columns of one length, no value missing")
    n = len(first)
    if n < 4 or np.ptp(first) == 0 or np.ptp(second) == 0:
        return Agreement(nan, nan, nan, n)
    value = float(np.corrcoef(_ranks(first), _ranks(second))[0, 1])
    middle = atanh(min(max(value, -1 + 1e-12), 1 - 1e-12))
    half = z(level) * sqrt((1 + value**2 / 2) / (n - 3))
    return Agreement(value, tanh(middle - half), tanh(middle + half), n)


# Columns


def logit(p: float) -> float:
    """Logarithm of the odds of `p`, finite also for 0 and 1."""
    inside = min(max(p, SURE), 1 - SURE)
    return log(inside) - log(1 - inside)


def chance(odds: float) -> float:
    """The probability whose logit is `odds`."""
    return 1 / (1 + exp(-odds)) if odds >= 0 else exp(odds) / (1 + exp(odds))


def _chance(logits: Floats) -> Floats:
    small = np.exp(-np.abs(logits))
    return np.asarray(np.where(logits >= 0, 1, small) / (1 + small), np.float64)


def _columns(score: ArrayLike, label: ArrayLike) -> tuple[Floats, Floats]:
    scores, labels = np.asarray(score, np.float64).ravel(), np.asarray(label, np.float64).ravel()
    if scores.shape != labels.shape or np.isnan(scores).any() or not np.isin(labels, (0, 1)).all():
        raise ValueError("a score, none missing, and a label of 0 or 1 for every case")
    return scores, labels


def _probabilities(p: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    predicted, labels = _columns(p, y)
    if len(predicted) and (predicted.min() < 0 or predicted.max() > 1):
        raise ValueError("a probability lies between 0 and 1")
    return np.clip(predicted, SURE, 1 - SURE), labels
