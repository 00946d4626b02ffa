"""Pareto/NBD: purchases at a Poisson rate during an exponential lifetime; rates Gamma(r, α), deaths Gamma(s, β).

Sources: Schmittlein, Morrison & Colombo 1987 (10.1287/mnsc.33.1.1); Fader & Hardie, "A Note on Deriving the Pareto/NBD
Model and Related Expressions" (2005), from which: L = Γ(r+x) α^r β^s / Γ(r) · {(α+T)^-(r+x) (β+T)^-s + s·I},
I = ∫ (α+y)^-(r+x) (β+y)^-(s+1) dy over t_x … T. The literature writes I as a difference of two 2F1, which cancels and
overflows for frequent clients and has no derivatives in closed form. Here I is a Gauss-Legendre sum in
ln(min(α, β) + y), in which the integrand is smooth; cut where less than e^-40 of it is left; its derivatives are sums
over the same nodes.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import special

from dovolen.insight.stats.grouped import Histories

Floats = NDArray[np.float64]
NAMES = ("r", "alpha", "s", "beta")
NODES, WEIGHTS = (np.asarray(array, np.float64) for array in np.polynomial.legendre.leggauss(32))
NEGLECTED = 40.0
BLOCK = 4096  # histories at a time: their nodes fit into the processor's cache


class Gone(NamedTuple):
    """ln I of each history and what its derivatives need: means over the time of death."""

    log: Floats
    log_alpha: Floats  # mean of ln(α + y)
    log_beta: Floats
    per_alpha: Floats  # mean of 1 / (α + y)
    per_beta: Floats


def starts(histories: Histories) -> list[Floats]:
    """Where the search begins: Gamma rates about the observed one, lives about the time observed."""
    time = float(np.average(np.maximum(histories.T, 1e-9), weights=histories.weight))
    rate = float(np.average(histories.frequency, weights=histories.weight)) / time
    return [np.array([r, r / rate, s, s * time]) for r, s in ((0.5, 0.5), (1.0, 1.0))]


def log_likelihood(parameters: Floats, histories: Histories) -> tuple[float, Floats]:
    """The log-likelihood of all clients and its gradient in r, α, s, β."""
    (r, alpha, s, beta), h = parameters, histories
    counts, _ = h.counts
    alone = special.gammaln(r + counts) - special.gammaln(r)
    d_r = special.digamma(r + counts) - special.digamma(r)

    gone = _gone(parameters, h)
    log_here, log_gone = _two_ways(parameters, h, gone)
    share = special.expit(log_here - log_gone)
    x, w = h.frequency, h.weight
    here, left = w * share, w * (1.0 - share)
    value = h.count_weight @ alone + h.n * (r * np.log(alpha) + s * np.log(beta)) + w @ np.logaddexp(log_here, log_gone)
    gradient = np.array(
        [
            h.count_weight @ d_r + h.n * np.log(alpha) - here @ np.log(alpha + h.T) - left @ gone.log_alpha,
            h.n * r / alpha - here @ ((r + x) / (alpha + h.T)) - left @ ((r + x) * gone.per_alpha),
            h.n * np.log(beta) - here @ np.log(beta + h.T) + left.sum() / s - left @ gone.log_beta,
            h.n * s / beta - s * (here @ (1 / (beta + h.T))) - (s + 1) * (left @ gone.per_beta),
        ]
    )
    return float(value), gradient


def _two_ways(parameters: Floats, histories: Histories, gone: Gone) -> tuple[Floats, Floats]:
    """Logarithms of "alive at T" and "died between the last purchase and T" up to their common factor."""
    (r, alpha, s, beta), h = parameters, histories
    return -(r + h.frequency) * np.log(alpha + h.T) - s * np.log(beta + h.T), np.log(s) + gone.log


def _gone(parameters: Floats, histories: Histories) -> Gone:
    """The integral over the time of death, block by block."""
    h = histories
    cuts = range(0, len(h.T), BLOCK)
    blocks = [_gone_block(parameters, *(c[i : i + BLOCK] for c in (h.frequency, h.recency, h.T))) for i in cuts]
    return Gone(*(np.concatenate(column) for column in zip(*blocks, strict=True)))


def _gone_block(parameters: Floats, x: Floats, start: Floats, stop: Floats) -> Gone:
    r, alpha, s, beta = parameters
    for rate, power in ((alpha, r + x), (beta, s + 1.0)):
        with np.errstate(over="ignore"):
            stop = np.minimum(stop, start + (rate + start) * np.expm1(NEGLECTED / power))
    least = min(alpha, beta)
    half = np.log1p((stop - start) / (least + start)) / 2
    lifted = (least + start)[:, None] * np.exp(half[:, None] * (NODES + 1))  # least + y
    above_alpha, above_beta = lifted + (alpha - least), lifted + (beta - least)
    log_alpha, log_beta, log_least = np.log(above_alpha), np.log(above_beta), half[:, None] * (NODES + 1)
    logs = log_least - (r + x)[:, None] * log_alpha - (s + 1) * log_beta
    top = logs.max(axis=1)
    mass = WEIGHTS * np.exp(logs - top[:, None])
    total = mass.sum(axis=1)
    with np.errstate(divide="ignore"):  # nothing can have happened in no time: ln 0
        whole = np.log(half) + np.log(least + start) + np.log(total) + top
    mass /= total[:, None]

    def mean(of: Floats) -> Floats:
        return np.asarray(np.einsum("ij,ij->i", mass, of))

    return Gone(whole, mean(log_alpha), mean(log_beta), mean(1 / above_alpha), mean(1 / above_beta))


def probability_alive(parameters: Floats, histories: Histories) -> Floats:
    """The probability of each history that its client is alive at T."""
    log_here, log_gone = _two_ways(parameters, histories, _gone(parameters, histories))
    share: Floats = special.expit(log_here - log_gone)
    return share


def expected(parameters: Floats, histories: Histories, t: float) -> Floats:
    """Purchases expected of each history in the time `t` after T."""
    (r, alpha, s, beta), h = parameters, histories
    rate = (r + h.frequency) / (alpha + h.T)
    value: Floats = rate * _lived(s, beta + h.T, np.asarray(t)) * probability_alive(parameters, h)
    return value


def expected_new(parameters: Floats, t: Floats) -> Floats:
    """Repeat purchases expected of a new client by the time `t` since the first."""
    r, alpha, s, beta = parameters
    value: Floats = r / alpha * _lived(s, np.asarray(beta), t)
    return value


def _lived(s: float, beta: Floats, t: Floats) -> Floats:
    """Time alive expected within `t`: β/(s−1) · (1 − (β/(β+t))^(s−1)), and β ln(1 + t/β) at s = 1."""
    logs = np.log1p(t / beta)
    value: Floats = beta * (logs * special.exprel(-(s - 1) * logs))
    return value
