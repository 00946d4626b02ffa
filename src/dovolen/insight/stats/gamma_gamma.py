"""Gamma-Gamma: how much a client spends at a time, drawn towards the mean of all when he came but few times.

Purchases of a client are Gamma(p, ν), his ν is Gamma(q, v): Fader & Hardie, note 025 (2013), eq. 1a (likelihood) and
5 (expectation). Stands only where spend and frequency are nearly unrelated: see `correlation`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from dovolen.insight.stats.grouped import CannotFitError, distinct, systematic
from dovolen.insight.stats.max_likelihood import Fit, Likelihood, maximise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
NAMES = ("p", "q", "v")
LEAST = 10  # clients with a repeat purchase: fewer tell no spread
THIN = 10_000


@dataclass(frozen=True)
class Spend:
    """Different (purchases, mean spend) of the clients that can be counted, and how many have each."""

    frequency: Floats
    monetary: Floats
    weight: Floats
    left_out: int  # no repeat purchase, or nothing paid: the model knows positive sums only

    @property
    def n(self) -> int:
        """Clients counted."""
        return int(self.weight.sum())

    @cached_property
    def counts(self) -> tuple[Floats, Floats]:
        """The different frequencies and the clients with each."""
        values, place = np.unique(self.frequency, return_inverse=True)
        return values, np.bincount(place, weights=self.weight).astype(np.float64)

    def thinned(self, n: int) -> Spend:
        """Every so-many-th client in the order of frequency and spend, `n` in all."""
        places, weight = systematic(self.weight, n)
        return Spend(self.frequency[places], self.monetary[places], weight, 0)


def group(*, frequency: ArrayLike, monetary: ArrayLike) -> Spend:
    """Clients as grouped spend; those without a repeat purchase or with nothing paid are left out and counted."""
    x, m = (np.atleast_1d(np.asarray(column, np.float64)) for column in (frequency, monetary))
    kept = (x > 0) & np.isfinite(m) & (m > 0)
    first, _, weight = distinct(x[kept], m[kept])
    return Spend(x[kept][first], m[kept][first], weight, int(len(x) - kept.sum()))


def log_likelihood(parameters: Floats, spend: Spend) -> tuple[float, Floats]:
    """The log-likelihood of the mean spends and its gradient in p, q, v."""
    (p, q, v), x, w = parameters, spend.frequency, spend.weight
    counts, clients = spend.counts
    total = x * spend.monetary
    log_whole, log_ratio = np.log(v + total), np.log1p(v / total)
    value = (
        -clients @ special.betaln(p * counts, q)
        + q * (spend.n * np.log(v) - w @ log_whole)
        - p * (w @ (x * log_ratio))
        - w @ np.log(spend.monetary)
    )
    both = special.digamma(p * counts + q)
    gradient = np.array(
        [
            clients @ (counts * (both - special.digamma(p * counts))) - w @ (x * log_ratio),
            clients @ (both - special.digamma(q)) + spend.n * np.log(v) - w @ log_whole,
            spend.n * q / v - w @ ((p * x + q) / (v + total)),
        ]
    )
    return float(value), gradient


def fit(spend: Spend) -> Fit:
    """The most likely p, q, v. Raises: CannotFitError with few counted clients or no spread among them."""
    if spend.n < LEAST:
        raise CannotFitError(f"{spend.n} clients with a paid repeat purchase, {LEAST} are needed")
    if np.ptp(spend.monetary) == 0:
        raise CannotFitError("all clients spend the same at a time")
    # In units of the mean the start suits every currency; v and the density are scaled back.
    scale = float(np.average(spend.monetary, weights=spend.weight))
    scaled = Spend(spend.frequency, spend.monetary / scale, spend.weight, spend.left_out)
    sample = _likelihood(scaled.thinned(THIN)) if len(scaled.weight) > 2 * THIN else None
    start = np.array([2.0, 3.0, 1.0])
    return _rescaled(maximise("gamma_gamma", NAMES, [start], whole=_likelihood(scaled), sample=sample), scale)


def _likelihood(spend: Spend) -> Likelihood:
    return Likelihood(partial(log_likelihood, spend=spend), spend.n)


def _rescaled(result: Fit, scale: float) -> Fit:
    """The same fit in the money's own unit."""
    errors = result.standard_errors
    return Fit(
        result.model,
        {**result.parameters, "v": result.parameters["v"] * scale},
        errors and {**errors, "v": errors["v"] * scale},
        result.log_likelihood - result.n * float(np.log(scale)),
        result.n,
        result.converged,
        result.undetermined,
    )


def expected_mean(fitted: Fit, *, frequency: ArrayLike, monetary: ArrayLike) -> Floats:
    """Each client's expected spend at a time; of one without a repeat purchase, the mean of all.

    Gives: infinity where p·frequency + q ≤ 1, as then the mean does not exist.
    """
    p, q, v = fitted.values
    x, m = np.asarray(frequency, np.float64), np.asarray(monetary, np.float64)
    spent = np.where(x > 0, x * m, 0.0)
    order = p * x + q - 1
    return np.where(order > 0, p * (v + spent) / np.where(order > 0, order, 1.0), np.inf)


def correlation(spend: Spend) -> float:
    """Pearson's correlation of frequency and mean spend over the counted clients: near 0 where the model may stand."""
    square = np.cov(spend.frequency, spend.monetary, fweights=spend.weight.astype(np.int64))
    return float(square[0, 1] / np.sqrt(square[0, 0] * square[1, 1]))
