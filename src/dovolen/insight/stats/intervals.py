"""Intervals for shares, their difference, means and ratios.

Sources: Wilson 1927 (10.1080/01621459.1927.10502953); Newcombe 1998, method 10 (10.1002/(SICI)1097-0258(19980430)17:8
<873::AID-SIM779>3.0.CO;2-I); Cochran 1977, Sampling Techniques, ch. 2 and 6 (mean, ratio of sums).
"""

from __future__ import annotations

from math import sqrt
from statistics import NormalDist


def z(level: float) -> float:
    """The two-sided normal quantile of a confidence `level` such as 0.95."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(successes: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a share, 0 ≤ low ≤ high ≤ 1. Raises: ValueError unless 0 ≤ successes ≤ n and n > 0."""
    if not 0 <= successes <= n or n == 0:
        raise ValueError(f"{successes} of {n} is no share")
    q = z(level) ** 2
    centre = (successes + q / 2) / (n + q)
    half = z(level) / (n + q) * sqrt(successes * (n - successes) / n + q / 4)
    # At the ends the bound is exact; rounding must not push it past.
    low = 0.0 if successes == 0 else max(0.0, centre - half)
    high = 1.0 if successes == n else min(1.0, centre + half)
    return low, high


def newcombe(a: int, n: int, b: int, m: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of the difference of two shares, a/n − b/m."""
    p, q = a / n, b / m
    (low_p, high_p), (low_q, high_q) = wilson(a, n, level), wilson(b, m, level)
    return (
        p - q - sqrt((p - low_p) ** 2 + (high_q - q) ** 2),
        p - q + sqrt((high_p - p) ** 2 + (q - low_q) ** 2),
    )


def mean(total: float, squares: float, n: int, level: float = 0.95) -> tuple[float, float]:
    """Interval of a mean from the sum, the sum of squares and n ≥ 2 (normal approximation)."""
    average = total / n
    variance = max(0.0, (squares - n * average**2) / (n - 1))
    half = z(level) * sqrt(variance / n)
    return average - half, average + half
