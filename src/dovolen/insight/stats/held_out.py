"""Does a model of repeat buying fit these clients: learnt up to a day, judged on what came after.

Rule. Each model learns on the days up to `cut` and foretells the purchases of the same clients up to `end`.
- `fits`: the actual total differs from the expected by no more than a tenth of it, or by no more than chance (the
  interval of the difference, clients independent, parameters taken as known); and clients with more purchases before
  come in the order foretold (Spearman's rank over bins of frequency with 20 clients or more, at least 0.8, asked where
  there are 4 such bins).
- `cannot_be_told_yet`: under 100 clients, or chance alone moves the total by more than a quarter.
- `does_not_fit`: otherwise.
The model chosen has, among those that fit, the highest log score – log density of the purchase times after `cut`, the
history before given; if none fits, it is the one whose total is nearest, and its word says so. The log score is proper:
Gneiting & Raftery 2007 (10.1198/016214506000001437). Totals and bins: Fader, Hardie & Lee 2005
(10.1287/mksc.1040.0098), figures 2–4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dovolen.insight.stats.client_days import WEEK, Buyers, buyers, day_number, repeats_by_day
from dovolen.insight.stats.grouped import CannotFitError, Histories, group
from dovolen.insight.stats.intervals import z
from dovolen.insight.stats.max_likelihood import Fit
from dovolen.insight.stats.repeat_buying import MODELS, expected, expected_by_day, fit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
FITS, DOES_NOT_FIT, CANNOT_TELL = "fits", "does_not_fit", "cannot_be_told_yet"
TOLERANCE = 0.10
BLUR = 0.25
LEAST_CLIENTS = 100
LEAST_RANK = 0.8
BIN_CLIENTS = 20
LAST_BIN = 7  # this many repeat purchases and more are one bin


@dataclass(frozen=True)
class Split:
    """Clients seen by `cut`: their statistics then, and their purchases after it."""

    before: Buyers
    calibration: Histories
    whole: Histories  # the same clients as of `end`
    holdout: Integers  # client-days after `cut`, to `end`
    weeks: float


@dataclass(frozen=True)
class Bin:
    """Clients with the same number of repeat purchases before, and how often they came after, on average."""

    frequency: int  # LAST_BIN stands for itself and more
    clients: int
    expected: float
    actual: float


@dataclass(frozen=True)
class Judged:
    """One model against what happened."""

    fit: Fit
    word: str
    expected: float
    actual: int
    interval: tuple[float, float]  # of the actual total, if the model were right
    rank: float | None
    bins: tuple[Bin, ...]
    log_score: float  # per client; nearer to +∞ is better


@dataclass(frozen=True)
class HeldOut:
    """Every model judged, the one to use, and the lines of expected against actual."""

    judged: dict[str, Judged]
    refused: dict[str, str]
    chosen: str
    first_day: int  # days since 1970-01-01; the lines have one point a day from here to `end`
    cut: int
    expected: Floats
    actual: Integers

    @property
    def word(self) -> str:
        """The verdict on the model chosen."""
        return self.judged[self.chosen].word


def split(customer: ArrayLike, day: ArrayLike, *, cut: str, end: str) -> Split:
    """Client-days parted after the day `cut`; who came first later than that is left out.

    Raises: ValueError unless cut is earlier than end and somebody came by then.
    """
    days = int(day_number(end)) - int(day_number(cut))
    if days <= 0:
        raise ValueError(f"the cut {cut} must be earlier than the end {end}")
    before = buyers(customer, day, asof=cut)
    if not len(before.customer):
        raise CannotFitError(f"no client came by {cut}")
    after = buyers(customer, day, asof=end)
    after = after.only(np.searchsorted(after.customer, before.customer))
    return Split(before, _grouped(before), _grouped(after), after.frequency - before.frequency, days / WEEK)


def _grouped(clients: Buyers) -> Histories:
    return group(frequency=clients.frequency, recency=clients.recency, T=clients.T)


def held_out(
    customer: ArrayLike, day: ArrayLike, *, cut: str, end: str, models: tuple[str, ...] = tuple(MODELS)
) -> HeldOut:
    """The models learnt up to `cut`, judged on the days after it, and the choice among them.

    Raises: CannotFitError where none can be learnt.
    """
    parts = split(customer, day, cut=cut, end=end)
    judged, refused = {}, {}
    for model in models:
        try:
            judged[model] = judge(fit(model, parts.calibration), parts)
        except CannotFitError as refusal:
            refused[model] = str(refusal)
    if not judged:
        raise CannotFitError("; ".join(sorted(set(refused.values()))))
    chosen = _choice(judged)
    start, stop = int(parts.before.first.min()), int(day_number(end))
    days = stop - start + 1
    inside = day_number(day) <= stop
    _, actual = repeats_by_day(np.asarray(customer)[inside], np.asarray(day)[inside], parts.before)
    return HeldOut(
        judged,
        refused,
        chosen,
        start,
        int(day_number(cut)),
        expected_by_day(judged[chosen].fit, parts.before.first, days),
        np.pad(actual, (0, days - len(actual)), mode="edge"),
    )


def _choice(judged: dict[str, Judged]) -> str:
    fitting = [name for name in judged if judged[name].word == FITS]
    if fitting:
        return max(fitting, key=lambda name: judged[name].log_score)
    return min(judged, key=lambda name: abs(judged[name].actual - judged[name].expected))


def judge(fitted: Fit, parts: Split) -> Judged:
    """A model learnt on the calibration against the holdout."""
    foretold = expected(fitted, parts.calibration, parts.weeks)
    total, actual = float(foretold.sum()), int(parts.holdout.sum())
    chance = z(0.95) * float(np.sqrt(np.sum((parts.holdout - foretold) ** 2)))
    bins = _bins(parts, foretold)
    rank = _rank(bins)
    if parts.calibration.n < LEAST_CLIENTS or chance > BLUR * total:
        word = CANNOT_TELL
    else:
        near = abs(actual - total) <= max(TOLERANCE * total, chance)
        word = FITS if near and (rank is None or rank >= LEAST_RANK) else DOES_NOT_FIT
    log_likelihood = MODELS[fitted.model].log_likelihood
    score = log_likelihood(fitted.values, parts.whole)[0] - log_likelihood(fitted.values, parts.calibration)[0]
    interval = (max(0.0, total - chance), total + chance)
    return Judged(fitted, word, total, actual, interval, rank, bins, score / parts.calibration.n)


def _bins(parts: Split, foretold: Floats) -> tuple[Bin, ...]:
    place = np.minimum(parts.before.frequency, LAST_BIN)
    clients = np.bincount(place)
    sums = (np.bincount(place, weights=column) for column in (foretold, parts.holdout))
    rows = zip(range(len(clients)), clients, *sums, strict=True)
    return tuple(Bin(x, int(n), float(e / n), float(a / n)) for x, n, e, a in rows if n)


def _rank(bins: tuple[Bin, ...]) -> float | None:
    """Spearman's rank correlation of expected and actual means over the bins with enough clients."""
    enough = [row for row in bins if row.clients >= BIN_CLIENTS]
    if len(enough) < 4:
        return None
    ranks = [_ranks([getattr(row, name) for row in enough]) for name in ("expected", "actual")]
    return float(np.asarray(np.corrcoef(np.array(ranks)))[0, 1]) if all(np.ptp(r) > 0 for r in ranks) else 0.0


def _ranks(values: list[float]) -> Floats:
    """Ranks from 0; equal values share theirs."""
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    upto = np.cumsum(count)
    shared: Floats = (upto - (count + 1) / 2)[place]
    return shared
