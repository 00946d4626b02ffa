"""Effects by intention to treat: everyone counts on the side where he was put, whatever he got or did.

Sources: Newcombe 1998, method 10 (rates); Welch 1947, 10.1093/biomet/34.1-2.28 (means), put right for skewness by
Hall's transformation as in Zhou & Dinh 2005, Biostatistics 6: 187–200; Abramowitz & Stegun 26.7.5 (quantile of t);
Deng, Xu, Kohavi & Walker 2013, 10.1145/2433396.2433413 (CUPED); Zou & Donner 2008, 10.1002/sim.3095 (difference of
two estimates from their intervals, MOVER); Holm 1979, www.jstor.org/stable/4615733.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dovolen.insight.stats.intervals import newcombe, z
from dovolen.insight.stats.trials import MINIMUM

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]
Bounds = Callable[[float], tuple[float, float]]
SMALLEST_P = 1e-12


@dataclass(frozen=True)
class Effect:
    """Treated less held out, per client. `few` means too few on a side: no figures at all, and that is said."""

    n_treated: int
    n_holdout: int
    treated: float | None = None
    holdout: float | None = None
    value: float | None = None
    low: float | None = None
    high: float | None = None
    se: float | None = None
    p: float | None = None
    level: float = 0.95
    method: Literal["newcombe", "welch", "cuped"] = "welch"
    payers: int | None = None  # money: clients with a sum, on the side that has fewer of them
    theta: float | None = None  # CUPED: what a unit of the past is worth now
    reduction: float | None = None  # CUPED: share of variance that history took away
    known: int = 0  # CUPED: clients with a history
    bounds: Bounds | None = field(default=None, repr=False, compare=False)  # the interval at any level

    @property
    def few(self) -> bool:
        """Whether nothing can be told."""
        return self.value is None

    @property
    def up(self) -> bool:
        """Whether the whole interval lies above nothing."""
        return self.low is not None and self.low > 0

    @property
    def down(self) -> bool:
        """Whether the whole interval lies below nothing."""
        return self.high is not None and self.high < 0


@dataclass(frozen=True)
class Gap:
    """One effect less another on different clients."""

    value: float
    low: float
    high: float
    p: float
    level: float = 0.95


def rate(happened: ArrayLike, treated: ArrayLike, *, level: float = 0.95, minimum: int = MINIMUM) -> Effect:
    """Effect on the share of clients to whom something happened (0/1 each), with Newcombe's interval."""
    outcome, side = _columns(happened, treated)
    if not np.isin(outcome, (0, 1)).all():
        raise ValueError("a rate needs 0 or 1 of every client")
    counts = [(int(outcome[rows].sum()), int(rows.sum())) for rows in (side, ~side)]
    return rate_of(counts[0], counts[1], level=level, minimum=minimum)


def rate_of(
    treated: tuple[int, int], holdout: tuple[int, int], *, level: float = 0.95, minimum: int = MINIMUM
) -> Effect:
    """The same from counts: (to how many it happened, of how many) on each side."""
    (a, n), (b, m) = treated, holdout
    if min(n, m) < max(minimum, 1):
        return Effect(n, m, level=level, method="newcombe")
    p, q = a / n, b / m
    se = sqrt(p * (1 - p) / n + q * (1 - q) / m)
    bounds = partial(newcombe, a, n, b, m)
    low, high = bounds(level)
    return Effect(
        n, m, p, q, p - q, low, high, se, _p(p - q, bounds), level=level, method="newcombe", bounds=bounds
    )  # fmt: skip


def money(
    amounts: ArrayLike,
    treated: ArrayLike,
    *,
    costs: ArrayLike = 0.0,
    before: ArrayLike | None = None,
    level: float = 0.95,
    minimum: int = MINIMUM,
) -> Effect:
    """Effect on the mean sum of a client, with Welch's interval; narrower by CUPED where `before` tells his past.

    Sums have a long tail and the held-out side is small, so that Welch alone would say "works" of nothing twice as
    often as it may: the interval is put right for skewness, and a side of fewer than `minimum` payers tells nothing.

    Needs: `amounts` of everyone, 0 of those who bought nothing. `costs` are messages, gifts, and discounts where
    `amounts` are before them: one figure for each of the treated, or a column with what every client of both sides
    really cost; they are taken off, so that the effect is net. `before` is his sum in a period that ended before the
    start, NaN where there was none: he then counts with the mean of the others and moves nothing.
    Gives no figures either where no two clients differ.
    """
    outcome, side = _columns(amounts, treated)
    spent = np.asarray(costs, dtype=np.float64)
    if not np.isfinite(spent).all():
        raise ValueError("a cost is missing: those who cost nothing count with 0")
    net = outcome - (spent * side if spent.ndim == 0 else _like(spent, outcome))
    payers = min(int(np.count_nonzero(outcome[rows])) for rows in (side, ~side))
    if payers < minimum:
        return Effect(int(side.sum()), int((~side).sum()), level=level, payers=payers)
    plain = replace(_difference(net, side, level), payers=payers)
    if before is None or plain.few:
        return plain
    return _cuped(net, side, _like(np.asarray(before, dtype=np.float64), outcome), plain=plain, minimum=minimum)


def apart(one: Effect, rest: Effect) -> Gap | None:
    """How far two effects on different clients lie apart, from their intervals; None where one of them is withheld."""
    if one.value is None or rest.value is None or one.bounds is None or rest.bounds is None:
        return None
    bounds = partial(_mover, one.value, rest.value, one.bounds, rest.bounds)
    low, high = bounds(one.level)
    return Gap(one.value - rest.value, low, high, _p(one.value - rest.value, bounds), level=one.level)


def holm(p: Sequence[float]) -> list[float]:
    """Each p raised for having asked len(p) questions; under α at most α of wrong claims in the whole family."""
    adjusted, highest = [1.0] * len(p), 0.0
    for rank, place in enumerate(sorted(range(len(p)), key=lambda i: p[i])):
        highest = max(highest, min(1.0, p[place] * (len(p) - rank)))
        adjusted[place] = highest
    return adjusted


def student(level: float, df: float) -> float:
    """The two-sided quantile of Student's t; within 0.0005 from 5 degrees of freedom at 0.95."""
    q = z(level)
    terms = (
        (q**3 + q) / 4,
        (5 * q**5 + 16 * q**3 + 3 * q) / 96,
        (3 * q**7 + 19 * q**5 + 17 * q**3 - 15 * q) / 384,
        (79 * q**9 + 776 * q**7 + 1482 * q**5 - 1920 * q**3 - 945 * q) / 92160,
    )
    return float(q + sum(term / df**power for power, term in enumerate(terms, start=1)))


def _columns(outcome: ArrayLike, treated: ArrayLike) -> tuple[Numbers, Mask]:
    """Raises: ValueError when lengths differ, a side is not 0/1, or an outcome is unknown: leaving out is choosing."""
    values, side = np.asarray(outcome, dtype=np.float64), np.asarray(treated)
    if values.ndim != 1 or values.shape != side.shape:
        raise ValueError(f"{values.shape} outcomes for {side.shape} clients")
    if not np.isin(side, (0, 1)).all():
        raise ValueError("every client is either treated (1) or held out (0)")
    if not np.isfinite(values).all():
        raise ValueError("an outcome is missing: those who did nothing count with 0")
    return values, side.astype(np.bool_)


def _like(column: Numbers, outcome: Numbers) -> Numbers:
    if column.shape != outcome.shape:
        raise ValueError(f"{column.shape} values for {outcome.shape} clients")
    return column


def _difference(values: Numbers, side: Mask, level: float) -> Effect:
    one, other = values[side], values[~side]
    n, m = one.size, other.size
    v, w = (float(rows.var(ddof=1)) / rows.size if rows.size > 1 else 0.0 for rows in (one, other))
    if min(n, m) < 2 or v + w == 0:
        return Effect(n, m, level=level)
    treated, holdout, se = float(one.mean()), float(other.mean()), sqrt(v + w)
    df = (v + w) ** 2 / (v**2 / (n - 1) + w**2 / (m - 1))
    skew = (_third(one) / n**2 - _third(other) / m**2) / se**3
    bounds, value = partial(_welch, treated - holdout, se, df, skew), treated - holdout
    low, high = bounds(level)
    return Effect(n, m, treated, holdout, value, low, high, se, _p(value, bounds), level=level, bounds=bounds)


def _cuped(net: Numbers, side: Mask, before: Numbers, *, plain: Effect, minimum: int) -> Effect:
    """The difference of what history does not foretell; the plain one where history is absent or all alike."""
    known = np.isfinite(before)
    if min((known & side).sum(), (known & ~side).sum()) < max(minimum, 2):
        return plain
    past = np.where(known, before, before[known].mean())
    spread = shared = 0.0
    # Within the sides: an effect must not pass for a bond between past and present.
    for rows in (side, ~side):
        aside = past[rows] - past[rows].mean()
        spread, shared = spread + float(aside @ aside), shared + float(aside @ net[rows])
    if spread == 0:
        return plain
    theta = shared / spread
    made = _difference(net - theta * (past - past.mean()), side, plain.level)
    if made.se is None or plain.se is None:
        return plain
    reduction = 1 - (made.se / plain.se) ** 2
    return replace(made, method="cuped", payers=plain.payers, theta=theta, reduction=reduction, known=int(known.sum()))


def _third(values: Numbers) -> float:
    apart = values - values.mean()
    return float((apart * apart * apart).mean())  # a power of three takes ten times as long


def _welch(value: float, se: float, df: float, skew: float, level: float) -> tuple[float, float]:
    quantile = student(level, df)
    return value - se * _unskewed(quantile, skew), value - se * _unskewed(-quantile, skew)


def _unskewed(quantile: float, skew: float) -> float:
    """Where the skewed t has what the symmetric one has at `quantile`: Hall's cubic, solved."""
    if abs(skew) < 1e-6:
        return quantile
    return 3 / skew * (float(np.cbrt(1 + skew * (quantile - skew / 6))) - 1)


def _mover(one: float, rest: float, of_one: Bounds, of_rest: Bounds, level: float) -> tuple[float, float]:
    (low, high), (below, above) = of_one(level), of_rest(level)
    return (
        one - rest - sqrt((one - low) ** 2 + (above - rest) ** 2),
        one - rest + sqrt((high - one) ** 2 + (rest - below) ** 2),
    )


def _p(value: float, bounds: Bounds) -> float:
    """The largest p whose interval still holds 0, so that it never contradicts the interval shown."""
    if value == 0:
        return 1.0
    place = 0 if value > 0 else 1
    low, high = log(SMALLEST_P), 0.0
    for _ in range(50):
        middle = (low + high) / 2
        excluded = bounds(1 - exp(middle))[place] * value > 0
        low, high = (low, middle) if excluded else (middle, high)
    return exp(high)
