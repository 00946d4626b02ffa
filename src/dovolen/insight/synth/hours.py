"""When the centre works: from moments of business to moments of the calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from dovolen.insight.synth.draws import NEVER, Floats, Ints

OPENS, CLOSES = 10, 20
OPEN_MINUTES = (CLOSES - OPENS) * 60
OFFSET_MINUTES = 180
"""Moscow is three hours ahead of UTC all year since 2014."""
MINUTE = 60_000_000
"""Microseconds."""

BY_WEEKDAY = (1.12, 1.06, 1.0, 1.0, 1.06, 0.80, 0.02)
BY_MONTH = (1.05, 0.97, 1.0, 0.95, 0.88, 0.88, 0.84, 1.04, 1.16, 1.06, 1.10, 1.10)


@dataclass(frozen=True)
class Hours:
    """The days of the centre from `first_day` to `last_day` (epoch days), and how busy each is."""

    first_day: int
    last_day: int
    busy: Floats
    """Demand up to the end of each day, in days of average demand; 0 first."""
    open_days: Ints
    """Days with work, on past the last one: what was accepted is finished later."""

    @property
    def horizon(self) -> float:
        """How much demand there is in all, in average days."""
        return float(self.busy[-1])

    def accepted(self, demand: Floats) -> tuple[Ints, Ints]:
        """Epoch day and minute after opening of clients who come when so much demand has passed."""
        position = np.interp(demand, self.busy, np.arange(len(self.busy), dtype=np.float64))
        day = np.minimum(np.floor(position), len(self.busy) - 2)
        minute = np.minimum(np.floor((position - day) * OPEN_MINUTES), OPEN_MINUTES - 1)
        return day.astype(np.int64) + self.first_day, minute.astype(np.int64)

    def worked(self, day: Ints, minute: Ints) -> Ints:
        """Minutes of work since the first open day; a client of a closed day is served from the next opening."""
        place = np.searchsorted(self.open_days, day)
        return place * OPEN_MINUTES + np.where(self.open_days[place] == day, minute, 0)

    def moment(self, worked: Ints) -> Ints:
        """UTC microseconds of a minute of work."""
        place = np.minimum(worked // OPEN_MINUTES, len(self.open_days) - 1)
        return utc(self.open_days[place], worked % OPEN_MINUTES)

    @property
    def end(self) -> int:
        """UTC microseconds of the end of the last day: nothing later is known."""
        return ((self.last_day + 1) * 1440 - OFFSET_MINUTES) * MINUTE

    def known(self, moment: Ints) -> Ints:
        """The same moments, NEVER where they have not come yet."""
        return np.where(moment < self.end, moment, NEVER)


def utc(day: Ints, minute: Ints) -> Ints:
    """UTC microseconds of a minute after opening of an epoch day."""
    result: Ints = (day * 1440 + OPENS * 60 + minute - OFFSET_MINUTES) * MINUTE
    return result


def hours(until: date, years: int) -> Hours:
    """The working time of `years` years that end with `until`."""
    first = until - timedelta(days=365 * years - 1)
    days = [first + timedelta(days=n) for n in range(365 * years)]
    weights = np.array([_demand(day) for day in days])
    busy = np.concatenate([[0.0], np.cumsum(weights)])
    first_day = (first - date(1970, 1, 1)).days
    ahead = [first + timedelta(days=n) for n in range(365 * years + 400)]
    open_days = np.array([(day - date(1970, 1, 1)).days for day in ahead if _demand(day) > 0.1], np.int64)
    return Hours(first_day, first_day + 365 * years - 1, busy, open_days)


def _demand(day: date) -> float:
    if day.month == 1 and day.day <= 3:
        return 0.02
    return BY_WEEKDAY[day.weekday()] * BY_MONTH[day.month - 1]
