"""What a change of the norm-hour's price did: a kind of asset before and after, against the kinds that kept theirs.

Difference in differences on ratios: had nothing changed, the kind would have moved as the others did (Angrist &
Pischke 2009, Mostly Harmless Econometrics, ch. 5). The interval counts blocks of weeks, for neighbouring weeks are
alike (Bertrand, Duflo & Mullainathan 2004, 10.1162/003355304772839588), both kinds of one week together.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import exp, log, sqrt
from typing import Any, Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from scipy.special import stdtrit

from dovolen.insight.config import PriceChange
from dovolen.insight.results import Sheet, sheet

Numbers = NDArray[np.float64]
Verdict = Literal["up", "down", "no_difference", "moved_before", "few"]

WEEKS = 26
LEAST_WEEKS = 8
"""Weeks looked at on either side of the change, at most and at least."""

BLOCK = 2
"""Weeks of a block."""

LEVEL = 0.95
MEASURES = (("orders", "n_orders", "number"), ("revenue", "revenue", "money"))


@dataclass(frozen=True)
class Weekly:
    """Two rows of numbers by week: of the kind whose price changed and of those that kept theirs."""

    changed: Numbers
    kept: Numbers

    def part(self, begin: int, end: int) -> Weekly:
        """Weeks from `begin` to before `end`."""
        return Weekly(self.changed[begin:end], self.kept[begin:end])


@dataclass(frozen=True)
class Effect:
    """What one measure did a day: before, after, and what was to be expected after; `share` is after over expected − 1.

    `earlier` is the same reckoning for the two halves of the time before, when nothing changed: far from nought it
    says that the kinds moved apart anyway. No values under eight weeks or the minimum of orders on a side.
    """

    verdict: Verdict
    weeks: int
    orders: int
    before: float | None = None
    after: float | None = None
    expected: float | None = None
    share: float | None = None
    low: float | None = None
    high: float | None = None
    earlier: float | None = None
    earlier_low: float | None = None
    earlier_high: float | None = None


def effect(before: Weekly, after: Weekly, *, orders: int, minimum: int) -> Effect:
    """The effect on one measure by whole weeks before and after; `orders` = the fewest orders of the four cells.

    `few` under eight weeks on a side or `minimum` orders in a cell.
    """
    weeks = min(len(before.changed), len(after.changed))
    sums = [float(side.sum()) for part in (before, after) for side in (part.changed, part.kept)]
    if weeks < LEAST_WEEKS or orders < minimum or min(sums) <= 0:
        return Effect("few", weeks, orders)
    share, low, high = _change(before, after)
    half = len(before.changed) // 2
    earlier: tuple[float, float, float] | tuple[None, None, None] = (None, None, None)
    halves = before.part(0, half), before.part(half, 2 * half)
    if half >= LEAST_WEEKS and min(float(side.sum()) for part in halves for side in (part.changed, part.kept)) > 0:
        earlier = _change(*halves)
    then, now = (float(part.changed.mean()) / 7 for part in (before, after))
    return Effect(_verdict(low, high, earlier), weeks, orders, then, now, now / (1 + share), share, low, high, *earlier)


def _verdict(low: float, high: float, earlier: tuple[float | None, float | None, float | None]) -> Verdict:
    _, least, most = earlier
    if least is not None and most is not None and (least > 0 or most < 0):
        return "moved_before"
    return "up" if low > 0 else "down" if high < 0 else "no_difference"


def _change(before: Weekly, after: Weekly) -> tuple[float, float, float]:
    """Ratio of ratios − 1 with its interval, reckoned on logarithms."""
    place, spread, blocks = 0.0, 0.0, 0
    for sign, part in ((1, after), (-1, before)):
        place += sign * log(part.changed.sum() / part.kept.sum())
        # What each week adds to the logarithm of the ratio: weeks of one block are alike and count as one.
        moves = part.changed / part.changed.mean() - part.kept / part.kept.mean()
        whole = [moves[begin : begin + BLOCK].mean() for begin in range(0, len(moves) - BLOCK + 1, BLOCK)]
        spread += float(np.var(whole, ddof=1)) / len(whole)
        blocks += len(whole)
    half = float(stdtrit(blocks - 2, 0.5 + LEVEL / 2)) * sqrt(spread)
    return exp(place) - 1, exp(place - half) - 1, exp(place + half) - 1


def weekly(rows: pa.Table, change: PriceChange, others: tuple[PriceChange, ...], column: str) -> tuple[Weekly, Weekly]:
    """Whole weeks before and after a change, of its kind and of the kinds whose price nobody touched.

    `rows`: week, category, brand and measures of `price_weeks`. The week of the change itself is left out unless it
    begins with it, and so is a last week that may not be whole.
    """
    mondays = rows["week"].cast(pa.int32()).to_numpy()
    monday = (change.date - timedelta(days=change.date.weekday()) - date(1970, 1, 1)).days
    first_after = monday if change.date.weekday() == 0 else monday + 7
    since, until = max(int(mondays.min()) + 7, monday - 7 * WEEKS), min(int(mondays.max()), first_after + 7 * WEEKS)
    values = np.array([float(value or 0) for value in rows[column].to_pylist()])
    changed = _of_kind(rows, change)
    touched = np.any([_of_kind(rows, other) for other in (change, *others)], axis=0)
    parts = []
    for begin, end in ((since, monday), (first_after, until)):
        weeks = max(0, (end - begin) // 7)
        inside = (mondays >= begin) & (mondays < begin + 7 * weeks)
        changing, keeping = (
            np.bincount((mondays[kind] - begin) // 7, values[kind], weeks).astype(np.float64)
            for kind in (inside & changed, inside & ~touched)
        )
        parts.append(Weekly(changing, keeping))
    return parts[0], parts[1]


def _of_kind(rows: pa.Table, change: PriceChange) -> NDArray[np.bool_]:
    """Rows of the category and brand that a change names; an empty name means any."""
    found = np.ones(rows.num_rows, bool)
    for column, wanted in (("category", change.category), ("brand", change.brand)):
        if wanted:
            said = [str(value or "").casefold() for value in rows[column].to_pylist()]
            found &= np.array([value == wanted.casefold() for value in said], bool)
    return found


def sheets(rows: pa.Table, changes: tuple[PriceChange, ...], minimum: int, *, money: bool) -> list[Sheet | None]:
    """What each change did to orders and to revenue a day: a sheet a measure, a row a change."""
    made: list[Sheet | None] = []
    for measure, column, unit in MEASURES:
        if measure == "revenue" and not money:
            continue
        found = [_row(rows, change, changes, column, minimum) for change in changes]
        columns = (
            ("date", "date"), ("category", "text"), ("brand", "text"), ("verdict", "word"), ("before_a_day", unit),
            ("after_a_day", unit), ("expected_a_day", unit), ("effect", "share"), ("low", "share"), ("high", "share"),
            ("earlier_low", "share"), ("earlier_high", "share"), ("weeks", "count"), ("note", "text"),
        )  # fmt: skip
        made.append(sheet(f"price.{measure}", columns, found, n=int(sum(rows["n_orders"].to_pylist()))))
    return made


def _row(
    rows: pa.Table, change: PriceChange, changes: tuple[PriceChange, ...], column: str, minimum: int
) -> tuple[Any, ...]:
    others = tuple(other for other in changes if other != change)
    counts = weekly(rows, change, others, "n_orders")
    orders = int(min(values.sum() for part in counts for values in (part.changed, part.kept)))
    found = effect(*weekly(rows, change, others, column), orders=orders, minimum=minimum)
    return (
        change.date, change.category or None, change.brand or None, found.verdict, found.before, found.after,
        found.expected, found.share, found.low, found.high, found.earlier_low, found.earlier_high, found.weeks,
        change.note or None,
    )  # fmt: skip
