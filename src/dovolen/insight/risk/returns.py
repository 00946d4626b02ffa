"""How clients with a point of risk really returned: beside those without it, and beside those who are alike.

Clients with a point differ from the rest also in how often they come – who has a repair done twice has come twice –
so the word is given by a comparison of like with like: clients are put into ten groups by the chance of return that
their visits alone foretell, and those without the point count in each group as often as those with it.

Sources: Newcombe 1998, method 10, 10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I; Hansen 2008
(groups by prognostic score, 10.1093/biomet/asn004); Korn & Graubard 1998 (interval of a weighted share by the number
of cases it is worth, Survey Methodology 24: 193–201); Holm 1979.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import exp, log, sqrt
from typing import Literal

import numpy as np

from dovolen.insight.risk.population import Flags, Floats
from dovolen.insight.stats.effects import SMALLEST_P, holm
from dovolen.insight.stats.intervals import newcombe, z

GROUPS = 10
LEAST_OTHERS = 5
"""Clients without the point under which a group says nothing by itself."""
EQUAL = 0.05
"""A difference of returns that lies wholly within ±5 points does not matter."""
LEVEL = 0.95

Says = Literal["influences", "influences_up", "does_not_matter", "cannot_be_told", "too_few"]


@dataclass(frozen=True)
class Share:
    """A share and the number of cases it is worth."""

    value: float
    worth: float

    def interval(self, level: float = LEVEL) -> tuple[float, float]:
        """Wilson's."""
        q = z(level) ** 2
        centre = (self.value * self.worth + q / 2) / (self.worth + q)
        half = z(level) / (self.worth + q) * sqrt(self.value * (1 - self.value) * self.worth + q / 4)
        return max(0.0, centre - half), min(1.0, centre + half)


@dataclass(frozen=True)
class Returned:
    """Returns of clients with a point: `alike` = the share of those without it who came as they did."""

    n_with: int
    n_without: int
    share_with: float | None = None
    share_without: float | None = None
    crude: tuple[float, float] | None = None
    alike: float | None = None
    low: float | None = None
    high: float | None = None
    p: float | None = None
    says: Says = "too_few"

    @property
    def difference(self) -> float | None:
        """With the point less alike without it."""
        return None if self.share_with is None or self.alike is None else self.share_with - self.alike


def compared(
    points: Mapping[str, tuple[Flags, Floats]], returned: Floats, *, minimum: int
) -> dict[str, Returned]:  # fmt: skip
    """Returns by point: who has it, and the score by which clients are alike. Words after Holm over all points that
    enough clients have."""
    found = {name: _compared(has, returned, score, minimum) for name, (has, score) in points.items()}
    told = [name for name, one in found.items() if one.p is not None]
    steps = holm([found[name].p or 0.0 for name in told])
    return found | {name: _said(found[name], p) for name, p in zip(told, steps, strict=True)}


def _groups(score: Floats) -> np.ndarray:
    """The group of each client; equal scores are never parted."""
    cuts = np.unique(np.quantile(score, np.arange(1, GROUPS) / GROUPS))
    return np.searchsorted(cuts, score, side="left")


def _compared(has: Flags, returned: Floats, score: Floats, minimum: int) -> Returned:
    n, m = int(has.sum()), int((~has).sum())
    if min(n, m) < minimum:
        return Returned(n, m)
    a, b = int(returned[has].sum()), int(returned[~has].sum())
    alike = _alike(has, returned, score)
    if alike is None:
        return Returned(n, m, a / n, b / m, newcombe(a, n, b, m))
    mine = Share(a / n, n)
    low, high = _difference(mine, alike, LEVEL)
    return Returned(n, m, a / n, b / m, newcombe(a, n, b, m), alike.value, low, high, _p(mine, alike))


def _alike(has: Flags, returned: Floats, score: Floats) -> Share | None:
    """Return of those without the point, each group weighing as among those with it.

    Within a group the score itself makes up for how far the two sides still lie apart in it.
    """
    group = _groups(score)
    size = int(group.max(initial=0)) + 1

    def sums(mask: Flags) -> Floats:
        columns = (np.ones(len(score)), returned, score)
        return np.array([np.bincount(group[mask], weights=one[mask], minlength=size) for one in columns]).T

    weight, n, back, apart = _joined(sums(has), sums(~has)).T
    if not len(n) or (n == 0).any():
        return None
    weight = weight / weight.sum()
    value = min(max(float(weight @ (back / n + apart)), 0.0), 1.0)
    # A group where nobody or everybody came back is still in doubt.
    doubt = (back + 0.5) / (n + 1)
    variance = float((weight**2 * doubt * (1 - doubt) / n).sum())
    inside = min(max(value, 0.5 / n.sum()), 1 - 0.5 / n.sum())
    return Share(value, min(inside * (1 - inside) / variance, float(n.sum())))


def _joined(mine: Floats, others: Floats) -> Floats:
    """Groups with someone in them who has the point: how many, of the others how many, how many of these came back,
    how much more the score gives those with it. A group of too few others joins the next."""
    made, one, other = [], np.zeros(3), np.zeros(3)
    for place in np.flatnonzero(mine[:, 0]):
        one, other = one + mine[place], other + others[place]
        if other[0] >= LEAST_OTHERS:
            made.append((one, other))
            one, other = np.zeros(3), np.zeros(3)
    if one[0]:
        before = made.pop() if made else (np.zeros(3), np.zeros(3))
        made.append((before[0] + one, before[1] + other))
    return np.array(
        [(a[0], b[0], b[1], a[2] / a[0] - (b[2] / b[0] if b[0] else 0.0)) for a, b in made], np.float64
    ).reshape(-1, 4)


def _difference(one: Share, other: Share, level: float) -> tuple[float, float]:
    """Newcombe's interval of one share less another."""
    (low, high), (below, above) = one.interval(level), other.interval(level)
    value = one.value - other.value
    return (
        value - sqrt((one.value - low) ** 2 + (above - other.value) ** 2),
        value + sqrt((high - one.value) ** 2 + (other.value - below) ** 2),
    )


def _p(one: Share, other: Share) -> float:
    """The largest p whose interval still holds 0."""
    value = one.value - other.value
    if value == 0:
        return 1.0
    place = 0 if value > 0 else 1
    low, high = log(SMALLEST_P), 0.0
    for _ in range(50):
        middle = (low + high) / 2
        excluded = _difference(one, other, 1 - exp(middle))[place] * value > 0
        low, high = (low, middle) if excluded else (middle, high)
    return exp(high)


def _said(found: Returned, p: float) -> Returned:
    """The word, with p after Holm."""
    low, high, difference = found.low, found.high, found.difference
    if low is None or high is None or difference is None:
        return found
    says: Says = "cannot_be_told"
    if p < 1 - LEVEL:
        says = "influences" if difference < 0 else "influences_up"
    elif low >= -EQUAL and high <= EQUAL:
        says = "does_not_matter"
    return replace(found, p=p, says=says)
