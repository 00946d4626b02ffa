"""BG/NBD and MBG/NBD: purchases at a Poisson rate while alive; after a purchase the client may leave for good.

Rates are Gamma(r, α) over clients, chances to leave Beta(a, b). In BG/NBD nobody leaves at his first purchase; in
MBG/NBD he may, so that one who never came again may be gone too.

Sources: BG – Fader, Hardie & Lee 2005 (10.1287/mksc.1040.0098), eq. 6 (likelihood), 10 (expectation); MBG – Batislam,
Denizel & Filiztekin 2007 (10.1016/j.ijresmar.2006.12.005). Both are one formula with `shift` 0 or 1: how many more
times than `frequency` the client has been asked whether to stay. Eq. 10 has 2F1, which cancels for some parameters and
for frequent clients; expectations here are the integral before it, over the chance to leave, by the trapezoidal rule
in its logit (Trefethen & Weideman 2014, 10.1137/130932132: here right to 1e-8).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy import special

from dovolen.insight.stats.grouped import Histories

Floats = NDArray[np.float64]
NAMES = ("r", "alpha", "a", "b")
NODES = 80
NEGLECTED = 26.0
BLOCK = 4096  # histories at a time: their nodes fit into the processor's cache


def starts(histories: Histories) -> list[Floats]:
    """Where the search begins: Gamma rates about the observed one, few or many that leave."""
    rate = float(np.average(histories.frequency, weights=histories.weight)) / float(
        np.average(np.maximum(histories.T, 1e-9), weights=histories.weight)
    )
    return [np.array([r, r / rate, a, b]) for r, a, b in ((0.5, 0.5, 2.0), (1.0, 1.0, 1.0))]


def log_likelihood(parameters: Floats, histories: Histories, *, shift: int) -> tuple[float, Floats]:
    """The log-likelihood of all clients and its gradient in r, α, a, b."""
    (r, alpha, a, b), h = parameters, histories
    counts, place = h.counts
    # What depends on frequency alone is computed once for each frequency.
    kept = counts + b + shift
    alone = special.gammaln(r + counts) - special.gammaln(r) + special.betaln(a, kept) - special.betaln(a, b)
    d_r = special.digamma(r + counts) - special.digamma(r)
    d_a = special.digamma(a + b) - special.digamma(a + kept)
    d_b = d_a + special.digamma(kept) - special.digamma(b)

    log_here, log_gone, staying = _two_ways(parameters, h, shift)
    leaving = 1.0 - staying
    x, w = h.frequency, h.weight
    here, gone = w * staying, w * leaving
    since = np.where(gone > 0, 1.0 / (kept - 1 + (kept == 1))[place], 0.0)
    value = h.count_weight @ alone + h.n * r * np.log(alpha) + w @ np.logaddexp(log_here, log_gone)
    gradient = np.array(
        [
            h.count_weight @ d_r + h.n * np.log(alpha) - here @ np.log(alpha + h.T) - gone @ np.log(alpha + h.recency),
            h.n * r / alpha - here @ ((r + x) / (alpha + h.T)) - gone @ ((r + x) / (alpha + h.recency)),
            h.count_weight @ d_a + gone.sum() / a,
            h.count_weight @ d_b - gone @ since,
        ]
    )
    return float(value), gradient


def _two_ways(parameters: Floats, histories: Histories, shift: int) -> tuple[Floats, Floats, Floats]:
    """Logarithms of "still here" and "left after the last purchase" up to their common factor; share of the first."""
    (r, alpha, a, b), h = parameters, histories
    log_here = -(r + h.frequency) * np.log(alpha + h.T)
    asked = h.frequency + shift
    log_gone = np.full(len(asked), -np.inf)
    may = asked > 0
    log_gone[may] = np.log(a / (b + asked[may] - 1)) - (r + h.frequency[may]) * np.log(alpha + h.recency[may])
    share: Floats = special.expit(log_here - log_gone)
    return log_here, log_gone, share


def probability_alive(parameters: Floats, histories: Histories, *, shift: int) -> Floats:
    """The probability of each history that its client has not left."""
    return _two_ways(parameters, histories, shift)[2]


def expected(parameters: Floats, histories: Histories, t: float, *, shift: int) -> Floats:
    """Purchases expected of each history in the time `t` after T."""
    r, alpha, a, b = parameters
    x = histories.frequency
    staying = _if_alive(t / (alpha + histories.T), a, b + x + shift, r + x)
    return staying * probability_alive(parameters, histories, shift=shift)


def expected_new(parameters: Floats, t: Floats, *, shift: int) -> Floats:
    """Repeat purchases expected of a new client by the time `t` since the first."""
    r, alpha, a, b = parameters
    stays = b / (a + b) if shift else 1.0
    return stays * _if_alive(t / alpha, a, np.full(np.shape(t), b + shift), np.full(np.shape(t), r))


def _if_alive(t: Floats, a: float, b: Floats, r: Floats) -> Floats:
    """Purchases in the time `t` by one alive whose rate is Gamma(r, 1) and chance p to leave Beta(a, b).

    The mean over p of h(p) = (1 − (1 + p·t)^−r) / p. The straight line between h(0) and h(1) has a mean known exactly;
    the rest vanishes at both ends.
    """
    kinds, place = np.unique(b, return_inverse=True)
    p, weight = _leaving(a, kinds)
    at_0, at_1 = r * t, -np.expm1(-r * np.log1p(t))
    value = (at_0 * b + at_1 * a) / (a + b)
    for i in range(0, len(t), BLOCK):
        part = slice(i, i + BLOCK)
        chance, line = p[place[part]], np.s_[part, None]
        h = -np.expm1(-r[line] * np.log1p(chance * t[line])) / chance
        h -= at_0[line] + (at_1 - at_0)[line] * chance
        value[part] += np.einsum("ij,ij->i", weight[place[part]], h)
    return np.asarray(value)


def _leaving(a: float, b: Floats) -> tuple[Floats, Floats]:
    """Nodes p and weights for means under Beta(a, b) of what vanishes at 0 and 1: equal steps in the logit of p."""
    low, high = -_reach(np.full(len(b), a), b), _reach(b, np.full(len(b), a))
    step = (high - low) / (NODES - 1)
    logit = low[:, None] + step[:, None] * np.arange(NODES)
    logs = -a * np.logaddexp(0, -logit) - b[:, None] * np.logaddexp(0, logit) - special.betaln(a, b)[:, None]
    p: Floats = special.expit(logit)
    return p, step[:, None] * np.exp(logs)


def _reach(a: Floats, b: Floats) -> Floats:
    """How far below 0 the logit's density times p(1 − p) is e^-NEGLECTED of its top: Newton's steps from outside."""
    top = (a + 1) * np.log(a + 1) + (b + 1) * np.log(b + 1) - (a + b + 2) * np.log(a + b + 2)
    u = (top - NEGLECTED) / (a + 1)
    for _ in range(4):
        over = (a + 1) * u - (a + b + 2) * np.logaddexp(0, u) - top + NEGLECTED
        u = u - over / ((a + 1) - (a + b + 2) * special.expit(u))
    return -u
