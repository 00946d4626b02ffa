"""Cumulative margin of a client by the months since his first visit, a cohort a quarter, and when it pays for him."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil

from dovolen.insight.lifecycle import period_name
from dovolen.insight.results import Sheet, sheet
from dovolen.insight.rooms import Base
from dovolen.insight.value.profit import COSTS

MONTH = 487 / 16
"""Days of a month as the view counts them: 365.25 / 12."""
TOLD = (1, 3, 6, 12, 24, 36)
LATEST = 12
"""Cohorts drawn and listed, the last ones."""
_QUARTER = "CAST(EXTRACT(YEAR FROM first_date) * 4 + EXTRACT(QUARTER FROM first_date) - 1 AS BIGINT)"


@dataclass(frozen=True)
class Cohort:
    """Clients of one quarter: cumulative margin of all of them after each whole month, minor units."""

    name: str
    clients: int
    spent: int | None  # on finding them; None where an outlay of some month is not written down
    upto: tuple[int, ...]

    def left(self, months: int) -> float | None:
        """Margin a client after so many months, less what finding him cost; None where not all of it has been seen."""
        if months > len(self.upto):
            return None
        return (self.upto[months - 1] - (self.spent or 0)) / self.clients

    @property
    def paid_back(self) -> int | None:
        """The first month after which what is left is above nothing; None without the cost of finding, or not yet."""
        if self.spent is None:
            return None
        return next((month for month in range(1, len(self.upto) + 1) if (self.left(month) or 0) > 0), None)


def cohorts(base: Base) -> list[Cohort]:
    """Cohorts of at least the minimum of clients with at least a month wholly seen, the earliest first."""
    if not base.has(*COSTS, "orders.customer_id"):
        return []
    sizes = dict(base.views.rows(f"SELECT {_QUARTER} AS cohort, COUNT(*) AS clients FROM customer_orders "
                                 f"WHERE first_date IS NOT NULL GROUP BY {_QUARTER}"))  # fmt: skip
    margin: dict[int, dict[int, int]] = {}
    for cohort, age, amount in base.views.rows("SELECT cohort, age, margin FROM value_cohorts"):
        margin.setdefault(cohort, {})[age] = amount or 0
    spent = _spent(base)
    made = []
    for cohort in sorted(sizes):
        months = _seen(_last_day(cohort), base.asof)
        if sizes[cohort] >= base.config.minimum and months:
            upto, total = [], 0
            for age in range(months):
                total += margin.get(cohort, {}).get(age, 0)
                upto.append(total)
            made.append(Cohort(period_name("quarter", cohort), sizes[cohort], spent.get(cohort), tuple(upto)))
    return made


def _last_day(cohort: int) -> date:
    year, quarter = divmod(cohort, 4)
    return date(year + quarter // 3, (quarter * 3 + 3) % 12 + 1, 1) - timedelta(days=1)


def _seen(newest: date, asof: date) -> int:
    """Whole months of life that even he who came on the quarter's last day has behind him."""
    months = 0
    while newest + timedelta(days=ceil((months + 1) * MONTH) - 1) <= asof:
        months += 1
    return months


def _spent(base: Base) -> dict[int, int]:
    """Outlays of each quarter all of whose months have one."""
    if not base.has("spend.amount"):
        return {}
    months: dict[int, int] = {}
    for month, amount in base.views.rows("SELECT month, spent FROM value_sources WHERE spent IS NOT NULL"):
        number = month.year * 12 + month.month - 1
        months[number] = months.get(number, 0) + amount
    quarters = {number // 3 for number in months}
    whole = [one for one in quarters if all(one * 3 + place in months for place in range(3))]
    return {one: sum(months[one * 3 + place] for place in range(3)) for one in whole}


def table(made: list[Cohort]) -> Sheet | None:
    """A row a cohort: what is left of a client after a month, a quarter, half a year and so on."""
    told = [month for month in TOLD if any(month <= len(cohort.upto) for cohort in made)]
    rows = [
        (
            cohort.name,
            cohort.clients,
            None if cohort.spent is None else cohort.spent / cohort.clients,
            *(cohort.left(month) for month in told),
            cohort.paid_back,
        )
        for cohort in made[-LATEST:]
    ]
    columns = (
        ("cohort", "text"),
        ("clients", "clients"),
        ("acquisition", "money"),
        *((f"after_{month}", "money") for month in told),
        ("paid_back", "count"),
    )
    return sheet("value.cohorts", columns, rows, n=sum(cohort.clients for cohort in made[-LATEST:]))


def lines(made: list[Cohort]) -> Sheet | None:
    """The same month by month, for the chart."""
    rows = [
        (cohort.name, month, cohort.clients, cohort.left(month))
        for cohort in made[-LATEST:]
        for month in range(1, len(cohort.upto) + 1)
    ]
    columns = (("cohort", "text"), ("months_since", "count"), ("clients", "clients"), ("left_a_client", "money"))
    return sheet("value.cohort_months", columns, rows, n=sum(cohort.clients for cohort in made[-LATEST:]))
