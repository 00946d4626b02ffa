"""Before an experiment: who is held out, how many clients it takes, what so many could show.

Sources: Fleiss, Levin & Paik 2003, Statistical Methods for Rates and Proportions, ch. 4 (rates, no continuity
correction); Cochran 1977, ch. 4 (means); Fabijan et al. 2019, 10.1145/3292500.3330722 (sample ratio mismatch).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import blake2b
from math import ceil, sqrt
from numbers import Integral
from statistics import NormalDist
from typing import Literal

from dovolen.insight.stats.intervals import z

Arm = Literal["treated", "holdout"]

MINIMUM = 20
"""Clients a side under which no effect is told (the setting `minimum`)."""


@dataclass(frozen=True)
class Plan:
    """Clients an experiment takes, a side, to see `lift` with `power` at `level`."""

    treated: int
    holdout: int
    lift: float
    power: float
    level: float

    @property
    def n(self) -> int:
        """Both sides together."""
        return self.treated + self.holdout


def arm(customer_id: int | str, experiment: str, share: float) -> Arm:
    """The side of a client; `share` is what is held out, from 0 to 1.

    The first 8 bytes, big-endian, of BLAKE2b-64 over the UTF-8 text `experiment|customer_id` make a number; below
    share · 2⁶⁴ the client is held out. So 42 and "42" are one client, everyone computes the same, experiments are
    independent of one another, and a larger share keeps those already held out.
    Raises: ValueError for a share outside 0…1 or an experiment named "" or with "|"; TypeError for other ids (1.0 is
    not 1: a table that lost its whole numbers would draw anew).
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share = {share}: a share from 0 to 1 is needed")
    if not experiment or "|" in experiment:
        raise ValueError(f"experiment {experiment!r}: a name without | is needed")
    if isinstance(customer_id, bool) or not isinstance(customer_id, str | Integral):
        raise TypeError(f"client {customer_id!r}: a whole number or a text is needed")
    digest = blake2b(f"{experiment}|{customer_id}".encode(), digest_size=8).digest()
    return "holdout" if int.from_bytes(digest, "big") < share * 2**64 else "treated"


def split_p(treated: int, holdout: int, share: float) -> float:
    """How likely chance alone parts them as unevenly, `share` being held out; under 0.001 somebody was lost."""
    n = treated + holdout
    if n == 0 or not 0 < share < 1:
        raise ValueError(f"{holdout} of {n} at share {share}: no split to judge")
    return 2 * NormalDist().cdf(-abs(holdout - n * share) / sqrt(n * share * (1 - share)))


def plan_rate(base: float, lift: float, *, share: float = 0.1, power: float = 0.8, level: float = 0.95) -> Plan:
    """Clients needed to see a rate move from `base` to `base + lift`, two-sided.

    Raises: ValueError when a rate leaves 0…1 or nothing is to be seen.
    """
    if not (0 < base < 1 and 0 <= base + lift <= 1 and lift != 0):
        raise ValueError(f"from {base} by {lift}: two different rates from 0 to 1 are needed")
    n = _rate_clients(base, lift, share=share, power=power, level=level)
    return _plan(n, lift, share, power=power, level=level)


def plan_money(
    sd: float, lift: float, *, share: float = 0.1, power: float = 0.8, level: float = 0.95, reduction: float = 0.0
) -> Plan:
    """Clients needed to see the mean move by `lift`, in the units of the standard deviation of one client's sum.

    `reduction` is the share of variance that history is expected to take away (CUPED).
    Raises: ValueError when nothing is to be seen, or no spread is given.
    """
    if sd <= 0 or lift == 0 or not 0 <= reduction < 1:
        raise ValueError(f"spread {sd}, lift {lift}, reduction {reduction}: nothing to plan")
    n = (_reach(power, level) * sd / lift) ** 2 * (1 - reduction) / _halves(share)
    return _plan(n, lift, share, power=power, level=level)


def detectable_rate(
    base: float, n: int, *, share: float = 0.1, power: float = 0.8, level: float = 0.95
) -> float | None:
    """The smallest rise of a rate that `n` clients on both sides show; None when even a rise to 1 would stay unseen."""
    low, high = 0.0, 1 - base
    if not 0 < base < 1:
        raise ValueError(f"base = {base}: a rate between 0 and 1 is needed")

    def needed(lift: float) -> float:
        return _rate_clients(base, lift, share=share, power=power, level=level)

    return _smallest(needed, low, high, n)


def detectable_money(
    sd: float, n: int, *, share: float = 0.1, power: float = 0.8, level: float = 0.95, reduction: float = 0.0
) -> float:
    """The smallest move of the mean, up or down, that `n` clients on both sides show."""
    if sd <= 0 or n <= 0 or not 0 <= reduction < 1:
        raise ValueError(f"spread {sd}, {n} clients, reduction {reduction}: nothing to plan")
    return _reach(power, level) * sd * sqrt((1 - reduction) / (n * _halves(share)))


def _halves(share: float) -> float:
    """share · (1 − share): how much of n an uneven split leaves to a difference."""
    if not 0 < share < 1:
        raise ValueError(f"share = {share}: without a held-out part there is nothing to compare with")
    return share * (1 - share)


def _reach(power: float, level: float) -> float:
    """Standard errors from nothing to an effect seen with `power`."""
    if not (0 < power < 1 and 0 < level < 1):
        raise ValueError(f"power {power}, level {level}: both between 0 and 1")
    return z(level) + NormalDist().inv_cdf(power)


def _rate_clients(base: float, lift: float, *, share: float, power: float, level: float) -> float:
    raised = base + lift
    mean = (1 - share) * raised + share * base
    nothing = sqrt(mean * (1 - mean) / _halves(share))
    something = sqrt(raised * (1 - raised) / (1 - share) + base * (1 - base) / share)
    reach = _reach(power, level) - z(level)
    return ((z(level) * nothing + reach * something) / lift) ** 2


def _plan(n: float, lift: float, share: float, *, power: float, level: float) -> Plan:
    """Both sides rounded up, neither under the minimum, in the proportion asked for."""
    n = max(n, MINIMUM / share, MINIMUM / (1 - share))
    # Rounding of the product itself must not add a client.
    holdout, treated = (ceil(n * part - 1e-9) for part in (share, 1 - share))
    return Plan(treated=treated, holdout=holdout, lift=lift, power=power, level=level)


def _smallest(needed: Callable[[float], float], low: float, high: float, n: int) -> float | None:
    if needed(high) > n:
        return None
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if needed(middle) > n else (low, middle)
    return high
