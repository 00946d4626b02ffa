"""What is bought together: how often one thing goes with another, and how much oftener than it would by chance.

Lift of two things is P(both) / (P(first) P(second)); its interval is that of its logarithm by the delta method over the
four counts of a 2 × 2 table (Agresti, Categorical Data Analysis, 3rd ed., 16.1). Measures: Brin et al. 1997
(10.1145/253260.253325).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dovolen.insight.stats.intervals import z

Floats = NDArray[np.float64]


class Lift(NamedTuple):
    """Lift of each pair with the ends of its interval."""

    value: Floats
    low: Floats
    high: Floats


def lift(both: ArrayLike, first: ArrayLike, second: ArrayLike, n: ArrayLike, level: float = 0.95) -> Lift:
    """Lift of pairs: `both` bought the two, `first` and `second` each of them, of `n` in all.

    Raises: ValueError unless 0 < both ≤ first, second ≤ n.
    """
    p, a, b, whole = (np.asarray(column, np.float64) for column in (both, first, second, n))
    if not ((p > 0) & (p <= np.minimum(a, b)) & (np.maximum(a, b) <= whole)).all():
        raise ValueError("a pair has more than its parts, or nobody")
    value = p * whole / (a * b)
    share, one, other = p / whole, a / whole, b / whole
    slope = 1 / share - 1 / one - 1 / other
    spread = share * slope**2 + (one - share) / one**2 + (other - share) / other**2 - 1
    half = z(level) * np.sqrt(np.maximum(spread, 0) / whole)
    return Lift(value, value * np.exp(-half), value * np.exp(half))
