"""Logistic regression with a Gaussian prior and lower bounds, for a dozen or two of columns and a million of cases.

Minimised is Σ weight·(log(1 + e^η) − y·η) + ½ Σ strength·(β − prior_mean)², η = intercept + xβ, β ≥ lower: convex, so
that projected Newton steps reach its one bottom. Equal rows are counted once. The intercept has no prior but one so
weak (10⁻⁶) that it only keeps it finite when all labels are the same.

Sources: Bertsekas 1982 (projected Newton, 10.1137/0320018); Le Cessie & Van Houwelingen 1992 (shrinkage chosen by
cross-validation, 10.2307/2347628); Stone 1974 (10.1111/j.2517-6161.1974.tb00994.x).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BLOCK = 16_384  # rows at a time: temporary arrays stay within the cache
WEAK = 1e-6
PINNED = 1e9
STRENGTHS = (0.1, 0.3, 1.0, 3.0, 10.0, 30.0, 100.0, 300.0)
ENOUGH_TO_CHOOSE = 15_000  # cases; of more a systematic sample chooses the strength


@dataclass(frozen=True)
class Logistic:
    """A fitted model. `covariance` is Laplace's, intercept first; 0 for a coefficient that lies on its bound."""

    intercept: float
    coefficients: Floats
    covariance: Floats
    converged: bool = True

    @property
    def standard_errors(self) -> Floats:
        """Of the coefficients, without the intercept's."""
        return np.asarray(np.sqrt(np.maximum(np.diag(self.covariance)[1:], 0)), np.float64)


@dataclass(frozen=True)
class Strength:
    """The strength with the least loss on left-out cases, and (strength, mean log-loss) of all that were tried."""

    value: float
    losses: tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class _Counted:
    """Different rows: how often they stand, and how often with label 1. Column 0 is the constant."""

    x: Floats
    n: Floats
    ones: Floats


@dataclass(frozen=True)
class _Prior:
    mean: Floats
    strength: Floats
    lower: Floats


def fit(
    x: ArrayLike,
    y: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    prior_mean: float | ArrayLike = 0.0,
    strength: float | ArrayLike = 1.0,
    lower: float | ArrayLike | None = None,
) -> Logistic:
    """The most probable coefficients of `y` (0/1, n) on `x` (n × k).

    `strength` is the precision of the prior, 1/σ², in the columns' own units: bring them to a like scale first.
    A constant column keeps its prior mean, complete separation stops at what the prior allows.
    Raises: ValueError when shapes differ, a value is missing, or there is no case.
    """
    rows, labels, weights = _columns(x, y, weight)
    pinned = np.where(np.ptp(rows, axis=0) == 0, PINNED, strength)
    return _fit(_counted(rows, labels, weights), _prior(rows.shape[1], prior_mean, pinned, lower))


def probability(model: Logistic, x: ArrayLike) -> Floats:
    """P(1) of every row of `x` (n × k)."""
    rows = np.asarray(x, np.float64)
    return _chance(model.intercept + rows @ model.coefficients)


def strength_by_cross_validation(
    x: ArrayLike,
    y: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    prior_mean: float | ArrayLike = 0.0,
    lower: float | ArrayLike | None = None,
    strengths: Sequence[float] = STRENGTHS,
    folds: int = 5,
    seed: int = 0,
) -> Strength:
    """The strength of the prior (one for all columns) that predicts left-out cases best; of equals the strongest.

    Of more than 15,000 cases that many, evenly spaced, choose. Raises: ValueError as `fit`.
    """
    rows, labels, weights = _columns(x, y, weight)
    if len(labels) > ENOUGH_TO_CHOOSE:
        some = np.linspace(0, len(labels) - 1, ENOUGH_TO_CHOOSE).astype(np.int64)
        rows, labels, weights = rows[some], labels[some], weights[some]
    fold = np.random.default_rng(seed).permutation(len(labels)) % folds
    parts = []
    for k in range(min(folds, len(labels)) if len(labels) > 1 else 0):
        learnt, left = (_counted(rows[own], labels[own], weights[own]) for own in (fold != k, fold == k))
        parts.append((learnt, left))
    losses = []
    for strength in sorted(strengths):
        prior = _prior(rows.shape[1], prior_mean, strength, lower)
        lost = sum(_loss(_fit(learnt, prior), left) for learnt, left in parts)
        losses.append((strength, lost / float(weights.sum())))
    least = min((loss for _, loss in losses), default=0.0)
    return Strength(max(one for one, loss in losses if loss <= least + 1e-9), tuple(losses))


def _loss(model: Logistic, left: _Counted) -> float:
    eta = left.x @ np.concatenate(([model.intercept], model.coefficients))
    return float((left.n * np.logaddexp(0, eta) - left.ones * eta).sum())


def _fit(counted: _Counted, prior: _Prior) -> Logistic:
    """Projected Newton steps with halving, from the prior mean and the labels' own share."""
    share = (counted.ones.sum() + 0.5) / (counted.n.sum() + 1)
    middle = (counted.n @ counted.x) / counted.n.sum()
    at = np.maximum(prior.mean, prior.lower)
    at[0] = np.log(share / (1 - share)) - middle[1:] @ at[1:]
    value, slope, curve = _look(counted, prior, at)
    converged = False
    for _ in range(100):
        free = (at > prior.lower) | (slope < 0)
        step = np.zeros_like(at)
        step[free] = np.linalg.lstsq(curve[np.ix_(free, free)], slope[free], rcond=1e-14)[0]
        if converged := bool(slope[free] @ step[free] <= 1e-10 * (1 + abs(value))):
            break
        size = 1.0
        while size > 1e-8:
            tried = np.maximum(at - size * step, prior.lower)
            reached = _value(counted, prior, tried)
            if reached <= value - 1e-4 * float(slope @ (at - tried)):
                break
            size /= 2
        else:
            converged = bool(np.abs(slope[free]).max(initial=0) <= 1e-5 * counted.n.sum())
            break
        at = tried
        value, slope, curve = _look(counted, prior, at)
    free = (at > prior.lower) | (slope < 0)
    covariance = np.zeros_like(curve)
    covariance[np.ix_(free, free)] = np.linalg.pinv(curve[np.ix_(free, free)], hermitian=True)
    return Logistic(float(at[0]), at[1:], covariance, converged)


def _value(counted: _Counted, prior: _Prior, at: Floats) -> float:
    total = float((prior.strength * (at - prior.mean) ** 2).sum() / 2)
    for rows in _blocks(len(counted.n)):
        eta = counted.x[rows] @ at
        total += float(counted.n[rows] @ np.logaddexp(0, eta) - counted.ones[rows] @ eta)
    return total


def _look(counted: _Counted, prior: _Prior, at: Floats) -> tuple[float, Floats, Floats]:
    """Value, gradient and second derivatives at a place."""
    apart = at - prior.mean
    value, slope = float((prior.strength * apart**2).sum() / 2), prior.strength * apart
    curve = np.diag(prior.strength)
    for rows in _blocks(len(counted.n)):
        x, n, ones = counted.x[rows], counted.n[rows], counted.ones[rows]
        eta = x @ at
        chances = _chance(eta)
        value += float(n @ np.logaddexp(0, eta) - ones @ eta)
        slope = slope + x.T @ (n * chances - ones)
        curve = curve + x.T @ (x * (n * chances * (1 - chances))[:, None])
    return value, slope, curve


def _blocks(n: int) -> Iterator[slice]:
    return (slice(begin, begin + BLOCK) for begin in range(0, n, BLOCK))


def _counted(rows: Floats, labels: Floats, weights: Floats) -> _Counted:
    """Equal rows put together where that makes them at most half as many; told apart by a hash that is checked."""
    constant = np.ones((len(rows), 1))
    if len(rows):
        odd = np.asarray(2 * np.random.default_rng(1).integers(0, 2**62, rows.shape[1]) + 1, np.uint64)
        hashed = np.zeros(len(rows), np.uint64)
        for place in range(rows.shape[1]):
            bits = (np.ascontiguousarray(rows[:, place]) + 0.0).view(np.uint64)  # −0 becomes 0
            hashed += (bits ^ (bits >> np.uint64(29))) * odd[place]
        _, first, group = np.unique(hashed, return_index=True, return_inverse=True)
        if len(first) * 2 <= len(rows) and all(
            np.array_equal(rows[first, k][group], rows[:, k]) for k in range(rows.shape[1])
        ):
            n = np.bincount(group, weights=weights).astype(np.float64)
            ones = np.bincount(group, weights=weights * labels).astype(np.float64)
            return _Counted(np.hstack([constant[: len(first)], rows[first]]), n, ones)
    return _Counted(np.hstack([constant, rows]), weights, weights * labels)


def _prior(
    k: int, mean: float | ArrayLike, strength: float | ArrayLike, lower: float | ArrayLike | None
) -> _Prior:  # fmt: skip
    """Mean, precision and bounds of every coefficient, the intercept's first."""
    bounds = -np.inf if lower is None else lower
    means, strengths, lowers = (
        np.concatenate(([first], np.broadcast_to(np.asarray(given, np.float64), (k,))))
        for first, given in ((0.0, mean), (WEAK, strength), (-np.inf, bounds))
    )
    return _Prior(means, np.maximum(strengths, WEAK), lowers)


def _columns(x: ArrayLike, y: ArrayLike, weight: ArrayLike | None) -> tuple[Floats, Floats, Floats]:
    rows, labels = np.asarray(x, np.float64), np.asarray(y, np.float64).ravel()
    weights = np.ones(len(labels)) if weight is None else np.asarray(weight, np.float64).ravel()
    if rows.ndim != 2 or len(rows) != len(labels) or len(weights) != len(labels) or not len(labels):
        raise ValueError(f"{rows.shape} and {labels.shape} do not fit each other")
    if not (np.isfinite(rows).all() and np.isin(labels, (0, 1)).all() and (weights >= 0).all() and weights.sum() > 0):
        raise ValueError("values must be finite, labels 0 or 1, weights not negative")
    return rows, labels, weights


def _chance(eta: Floats) -> Floats:
    small = np.exp(-np.abs(eta))
    return np.asarray(np.where(eta >= 0, 1, small) / (1 + small), np.float64)
