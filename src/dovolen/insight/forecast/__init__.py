"""Forecast and what-if: orders and norm-hours ahead, the queue and when it is cleared, what a change of price did.

Every forecast was tried on days that are known (`backtest`), beside the simple rules that anyone could use; where one
of them erred less it is used instead, and the sheet says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any

import pyarrow as pa

from dovolen.insight.forecast import calendar, daily, price_change, queue
from dovolen.insight.forecast.backtest import BAND, SHORTEST
from dovolen.insight.forecast.daily import Outlook
from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.schema import SchemaError
from dovolen.insight.stats.seasonal import WEEK

WEEKS = (
    ("since", "date"), ("until", "date"), ("came", "orders"), ("expected", "orders"), ("low", "orders"),
    ("high", "orders"), ("year_before", "orders"), ("norm_hours", "hours"), ("hours_expected", "hours"),
    ("hours_low", "hours"), ("hours_high", "hours"),
)  # fmt: skip
DAYS = (
    ("day", "date"), ("weekday", "word"), ("holiday", "flag"), ("expected", "orders"), ("low", "orders"),
    ("high", "orders"), ("hours_expected", "hours"), ("hours_low", "hours"), ("hours_high", "hours"),
)  # fmt: skip
TRIED = (
    ("measure", "word"), ("forecast_rule", "word"), ("error_day", "number"), ("error_share", "share"),
    ("error_week_share", "share"), ("ahead_1", "share"), ("ahead_2", "share"), ("ahead_3", "share"),
    ("ahead_4", "share"), ("tilt", "share"), ("tried_days", "count"), ("origins", "count"), ("used", "flag"),
)  # fmt: skip


class Forecast:
    """What is ahead: figures, weeks, days, the trial of every rule, the queue, ending warranties, changes of price."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def figures(self) -> list[Figure]:
        """Orders and norm-hours ahead, their error, gain over the best simple rule, what the band held, the queue."""
        made = self._ahead()
        if self._queue:
            made += queue.figures(self._queue, self._base, self._arrivals)
        return made

    def sheets(self) -> list[Sheet | None]:
        """Weeks and days ahead, weekdays, the trial of every rule, the queue, ending warranties, changes of price."""
        made = [*self._sheets_ahead(), queue.warranties(self._base)]
        if self._queue and self._base.has("orders.technician"):
            made.append(queue.technicians(self._queue, self._base))
        return made + self._price_changes()

    def clients(self) -> pa.Table | None:
        """Nothing is said of single clients."""
        return None

    def files(self) -> Mapping[str, Pieces]:
        """Days ahead are few: the sheets hold them."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Norm-hours, the queue, whose it is, and warranties."""
        needs = (
            ("forecast_hours", "lines.norm_hours"), ("queue", "orders.ready_at"),
            ("queue_technicians", "orders.technician"), ("queue_warranties", "assets.warranty_until"),
        )  # fmt: skip
        return [(what, column) for what, column in needs if not self._base.has(column)]

    # What is ahead

    @cached_property
    def _outlooks(self) -> dict[str, Outlook]:
        config = self._base.config
        country = calendar.country_of(config.holidays_country, self._base.currency)
        if not calendar.is_known(country):
            known = {"name": "holidays_country", "value": config.holidays_country, "choices": "auto, RU, KZ, CO, …, ''"}
            raise SchemaError("error.setting_choice", known)
        rows = self._base.views.fetch("SELECT day, n_orders, milli_hours FROM load_days ORDER BY day")
        horizon = max(WEEK, -(-config.forecast_days // WEEK) * WEEK)
        return daily.outlooks(rows, horizon, country)

    @property
    def _orders(self) -> Outlook | None:
        """The outlook of orders, None under eight weeks of history."""
        found = self._outlooks.get("orders")
        return found if found and found.days >= SHORTEST else None

    @property
    def _arrivals(self) -> float | None:
        """New work a working day, in the units of the queue."""
        measure = "norm_hours" if self._queue and self._queue.in_hours else "orders"
        ahead = self._outlooks.get(measure)
        if not self._orders or not ahead or not self._orders.workdays():
            return None
        return ahead.total()[0] / self._orders.workdays()

    def _ahead(self) -> list[Figure]:
        orders = self._orders
        if orders is None:
            short = Figure("forecast.orders", None, "orders", few=True, rule="rule.forecast.orders")
            return [replace(short, n=known.days) for known in self._outlooks.values()][:1]
        made = []
        for measure, unit in (("orders", "orders"), ("norm_hours", "hours")):
            if ahead := self._outlooks.get(measure):
                value, low, high = ahead.total()
                made.append(
                    Figure(f"forecast.{measure}", value, unit, ahead.days, low, high, BAND, f"rule.forecast.{measure}")
                )
        return made + self._tried(orders)

    def _tried(self, orders: Outlook) -> list[Figure]:
        """How the rule used did: its error by day and week, its gain over the best simple rule, what its band held."""
        if orders.tried is None:
            return []
        tried, used = orders.tried, orders.tried.scores[orders.rule]
        gain, low, high, blocks = tried.gain()
        of_days, days, of_weeks, weeks = tried.coverage()
        return [
            Figure("forecast.error", used.wape, "share", tried.came.size, rule="rule.forecast.error"),
            Figure("forecast.error_weeks", used.wape_weeks, "share", weeks, rule="rule.forecast.error_weeks"),
            Figure("forecast.gain", gain, "share", blocks, low, high, rule="rule.forecast.gain"),
            Figure("forecast.held_days", of_days, "share", days, rule="rule.forecast.held_days"),
            Figure("forecast.held_weeks", of_weeks, "share", weeks, rule="rule.forecast.held_weeks"),
        ]

    def _sheets_ahead(self) -> list[Sheet | None]:
        orders = self._orders
        if orders is None:
            return []
        n = int(orders.known.values.sum())
        made = [
            sheet("forecast.weeks", WEEKS, daily.week_rows(self._outlooks), n=n),
            sheet("forecast.days", DAYS, daily.day_rows(self._outlooks), n=n),
            sheet("forecast.weekdays", (("weekday", "word"), ("of_usual", "share"), ("is_worked", "flag")),
                  [(place, share, share > 0.05) for place, share in enumerate(orders.usual().tolist(), 1)], n=n),
            sheet("forecast.backtest", TRIED, self._trial_rows(), n=orders.tried.came.size if orders.tried else 0),
        ]  # fmt: skip
        until = orders.until
        return [found and replace(found, since=orders.first, until=until) for found in made]

    def _trial_rows(self) -> list[tuple[Any, ...]]:
        rows = []
        for measure, ahead in self._outlooks.items():
            if ahead.tried is None:
                continue
            for name, scores in ahead.tried.scores.items():
                weeks = [*scores.ahead[:4], None, None, None, None][:4]
                rows.append(
                    (measure, name, scores.mae, scores.wape, scores.wape_weeks, *weeks, scores.bias,
                     ahead.tried.came.size, ahead.tried.origins, name == ahead.rule)
                )  # fmt: skip
        return rows

    # The queue and what-if

    @cached_property
    def _queue(self) -> queue.Waiting | None:
        return queue.waiting(self._base)

    def _price_changes(self) -> list[Sheet | None]:
        changes = self._base.config.price_changes
        if not changes:
            return []
        text = "SELECT week, category, brand, n_orders, revenue FROM price_weeks ORDER BY week, category, brand"
        rows = self._base.views.fetch(text)
        if not rows.num_rows:
            return []
        config = self._base.config
        return price_change.sheets(rows, changes, config.minimum, money=self._base.has("orders.revenue"))
