"""Orders and norm-hours by day as series, and what is expected of the days ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from dovolen.insight.forecast import backtest, calendar
from dovolen.insight.stats import seasonal
from dovolen.insight.stats.seasonal import WEEK, YEAR, Numbers, Series

PAST_WEEKS = 8
"""Weeks that are shown before the forecast."""

Ends = tuple[float | None, float | None]


@dataclass(frozen=True)
class Outlook:
    """One measure: its days to the last one with an order, and the `horizon` days after it.

    Without a backtest (a history of 8 to 18 weeks) the mean of four weeks is given without a band.
    """

    first: date
    known: Series
    horizon: int

    @property
    def days(self) -> int:
        """Days of history."""
        return len(self.known.values)

    @property
    def until(self) -> date:
        """The last day of history."""
        return self.first + timedelta(days=self.days - 1)

    @cached_property
    def tried(self) -> backtest.Backtest | None:
        """How every rule did over the last year."""
        return backtest.run(self.known, self.horizon)

    @property
    def rule(self) -> str:
        """The rule that the forecast is made by."""
        return self.tried.used if self.tried else "four_weeks"

    @cached_property
    def expected(self) -> Numbers:
        """What is expected of each day ahead."""
        return backtest.RULES[self.rule](self.known, self.horizon)

    def band(self) -> list[Ends]:
        """Ends for each day ahead, none without a backtest."""
        if not self.tried:
            return [(None, None)] * self.horizon
        low, high = self.tried.band(self.expected)
        return list(zip(low.tolist(), high.tolist(), strict=True))

    def total(self, since: int = 0, days: int = 0) -> tuple[float, float | None, float | None]:
        """What is expected of `days` ahead from `since` on (all of them by default), with ends."""
        days = days or self.horizon
        value = float(self.expected[since : since + days].sum())
        if not self.tried:
            return value, None, None
        low, high = self.tried.share_band(days)
        return value, value * low, value * high

    def past(self, begin: int, days: int = WEEK) -> float | None:
        """What came in `days` from the place `begin` on; None where history does not reach."""
        inside = begin >= 0 and begin + days <= self.days
        return float(self.known.values[begin : begin + days].sum()) if inside else None

    def usual(self) -> Numbers:
        """What each weekday, Monday first, holds beside an average day."""
        found = seasonal.profile(self.known).weekdays
        return np.array([found[(weekday - self.first.weekday()) % WEEK] for weekday in range(WEEK)])

    def workdays(self) -> int:
        """Days ahead on which more than next to nothing is expected."""
        return int((self.expected > 0.05 * self.expected.mean()).sum())


def outlooks(rows: pa.Table, horizon: int, country: str) -> dict[str, Outlook]:
    """`orders`, and `norm_hours` where lines tell any, from `load_days`; none without days.

    History ends with the last day that has an order: days after it are unknown, not empty.
    """
    if not rows.num_rows:
        return {}
    days = rows["day"].cast(pa.int32()).to_numpy()
    first, count = int(days.min()), int(days.max() - days.min()) + 1
    begin = date(1970, 1, 1) + timedelta(days=first)
    holidays = calendar.named(calendar.span(begin, count + horizon), country)
    found = {}
    for measure, column, scale in (("orders", "n_orders", 1.0), ("norm_hours", "milli_hours", 1e-3)):
        values = np.zeros(count)
        values[days - first] = rows[column].cast(pa.int64()).to_numpy() * scale
        if values.any():
            found[measure] = Outlook(begin, Series(values, holidays), horizon)
    return found


def week_rows(found: dict[str, Outlook]) -> list[tuple[Any, ...]]:
    """The last eight weeks and those ahead: days, orders that came or are expected with ends, the same of hours."""
    orders, hours, rows = found["orders"], found.get("norm_hours"), []
    for week in range(-PAST_WEEKS, orders.horizon // WEEK):
        begin = orders.days + week * WEEK
        since = orders.first + timedelta(days=begin)
        row: list[Any] = [since, since + timedelta(days=WEEK - 1), orders.past(begin)]
        row += orders.total(week * WEEK, WEEK) if week >= 0 else (None, None, None)
        row.append(orders.past(begin - YEAR))
        row.append(hours.past(begin) if hours else None)
        row += hours.total(week * WEEK, WEEK) if hours and week >= 0 else (None, None, None)
        if begin >= 0:
            rows.append(tuple(row))
    return rows


def day_rows(found: dict[str, Outlook]) -> list[tuple[Any, ...]]:
    """Each day ahead: weekday, whether it is a holiday, orders with ends, norm-hours with ends."""
    orders, hours = found["orders"], found.get("norm_hours")
    of_hours = list(zip(hours.expected.tolist(), hours.band(), strict=True)) if hours else []
    rows = []
    for place, (expected, ends) in enumerate(zip(orders.expected.tolist(), orders.band(), strict=True)):
        day = orders.until + timedelta(days=place + 1)
        holiday = bool(orders.known.holidays[orders.days + place])
        more = (of_hours[place][0], *of_hours[place][1]) if hours else (None, None, None)
        rows.append((day, day.isoweekday(), holiday, expected, *ends, *more))
    return rows
