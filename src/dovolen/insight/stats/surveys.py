"""What clients answered: NPS, CSI, CSAT and those who kept silent, each with its interval.

Sources: Rocks 2016, The American Statistician 70: 365–372 (NPS by adjusted Wald, +3/4, +3/4, n + 3); Gart & Zweifel
1967, 10.1093/biomet/54.1-2.181 (+0.5 in the logarithm of a ratio of counts); Wilson 1927 (shares).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dovolen.insight.stats.intervals import wilson, z
from dovolen.insight.stats.trials import MINIMUM

Kind = Literal["nps", "csi", "csat", "non_response"]
Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Survey:
    """A figure of a survey with the counts it stands on. `few`: too few answers, so neither figure nor counts are told.

    `note` is "no_low_answers" where CSI has nothing to divide by: the counts stand, the ratio does not.
    """

    kind: Kind
    n: int  # answers (asked, for non-response)
    value: float | None = None
    low: float | None = None
    high: float | None = None
    good: int | None = None  # promoters · answers 7–10 · satisfied · silent
    bad: int | None = None  # detractors · answers 1–3
    level: float = 0.95
    few: bool = False
    note: Literal["", "no_low_answers"] = ""


def nps(answers: ArrayLike, *, level: float = 0.95, minimum: int = MINIMUM) -> Survey:
    """Promoters (9–10) less detractors (0–6) in points from −100 to 100; answers 0–10, NaN = silent."""
    given = _given(answers, 0, 10)
    return nps_of(int((given >= 9).sum()), int((given <= 6).sum()), given.size, level=level, minimum=minimum)


def nps_of(promoters: int, detractors: int, n: int, *, level: float = 0.95, minimum: int = MINIMUM) -> Survey:
    """The same from counts. Raises: ValueError when they are no counts of `n` answers."""
    _check(promoters, detractors, n)
    if n < max(minimum, 1):
        return Survey("nps", n, level=level, few=True)
    p, q = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    half = z(level) * sqrt((p + q - (p - q) ** 2) / (n + 3))
    low, high = (100 * max(-1.0, min(1.0, p - q + side)) for side in (-half, half))
    value = 100 * (promoters - detractors) / n
    # At the ends the correction pulls inwards; the interval must still hold the figure.
    return Survey("nps", n, value, min(low, value), max(high, value), promoters, detractors, level=level)


def csi(answers: ArrayLike, *, level: float = 0.95, minimum: int = MINIMUM) -> Survey:
    """How many answered 7–10 for each who answered 1–3; answers 1–10, NaN = silent. A ratio, no share and no NPS."""
    given = _given(answers, 1, 10)
    return csi_of(int((given >= 7).sum()), int((given <= 3).sum()), given.size, level=level, minimum=minimum)


def csi_of(high: int, low: int, n: int, *, level: float = 0.95, minimum: int = MINIMUM) -> Survey:
    """The same from counts of high and low answers among `n`. Without low ones no ratio: `note` says so."""
    _check(high, low, n)
    if n < max(minimum, 1):
        return Survey("csi", n, level=level, few=True)
    if low == 0:
        return Survey("csi", n, good=high, bad=0, level=level, note="no_low_answers")
    centre = log((high + 0.5) / (low + 0.5))
    half = z(level) * sqrt(1 / (high + 0.5) + 1 / (low + 0.5))
    least = 0.0 if high == 0 else exp(centre - half)
    return Survey("csi", n, high / low, least, exp(centre + half), high, low, level=level)


def csat(
    answers: ArrayLike, *, satisfied: int = 4, scale: int = 5, level: float = 0.95, minimum: int = MINIMUM
) -> Survey:
    """Share of answers from `satisfied` up on a scale 1…`scale` (4–5 of 5), NaN = silent."""
    given = _given(answers, 1, scale)
    return _share("csat", int((given >= satisfied).sum()), given.size, level=level, minimum=minimum)


def non_response(answers: ArrayLike, *, level: float = 0.95, minimum: int = MINIMUM) -> Survey:
    """Share of those asked who kept silent (NaN)."""
    asked = np.asarray(answers, dtype=np.float64)
    return _share("non_response", int(np.isnan(asked).sum()), asked.size, level=level, minimum=minimum)


def sliced(labels: Sequence[str], answers: ArrayLike, measure: Callable[[Numbers], Survey]) -> dict[str, Survey]:
    """A figure in every cell (manager, quarter), by name; small cells come back withheld, none is dropped.

    `measure` is one of the above, with its settings: `partial(csi, minimum=config.minimum)`.
    """
    cells, given = np.asarray(labels, dtype=object), np.asarray(answers, dtype=np.float64)
    if cells.shape != given.shape:
        raise ValueError(f"{cells.size} labels for {given.size} answers")
    return {name: measure(given[np.asarray(cells == name, dtype=np.bool_)]) for name in sorted(set(labels))}


def _given(answers: ArrayLike, lowest: int, highest: int) -> Numbers:
    """Answers without the silent. Raises: ValueError for one that is no whole step of the scale."""
    asked = np.asarray(answers, dtype=np.float64)
    given = asked[~np.isnan(asked)]
    wrong = given[(given < lowest) | (given > highest) | (given != np.floor(given))]
    if wrong.size:
        raise ValueError(f"{wrong[0]:g} is no answer on a scale {lowest}–{highest}")
    return given


def _check(good: int, bad: int, n: int) -> None:
    if min(good, bad) < 0 or good + bad > n:
        raise ValueError(f"{good} and {bad} of {n} are no answers")


def _share(kind: Kind, good: int, n: int, *, level: float, minimum: int) -> Survey:
    if n < max(minimum, 1):
        return Survey(kind, n, level=level, few=True)
    low, high = wilson(good, n, level)
    return Survey(kind, n, good / n, low, high, good, level=level)
