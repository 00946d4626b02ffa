"""Clients who can be lost, on the study's day and on the earlier days that are learnt from, as columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.engines import Value
from dovolen.insight.facts import Views
from dovolen.insight.risk.points import POINTS

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

YEAR = 365
HORIZONS = (365, 182, 91)
"""Days after a day learnt from in which a return was waited for: shorter ones let a young base speak of what is new."""

FLAGS = ("point_", "work_", "several_", "is_")
MOST_WORKS = 6
"""Kinds of work that are told apart, the commonest first."""


@dataclass(frozen=True)
class Clients:
    """Clients of one day by column: numbers as they are, 0 where there is none; flags of points and kinds of work."""

    day: date
    customer_id: pa.ChunkedArray
    columns: Mapping[str, NDArray[Any]]
    works: tuple[str, ...]
    usual: float | None = None
    """Mean settled score of everybody on the day; None: of these clients."""

    def __len__(self) -> int:
        return len(self.customer_id)

    def __getitem__(self, name: str) -> Floats:
        return np.asarray(self.columns[name], np.float64)

    def some(self, most: int) -> Clients:
        """At most so many of them, evenly spaced."""
        if len(self) <= most:
            return self
        places = np.linspace(0, len(self) - 1, most).astype(np.int64)
        columns = {name: values[places] for name, values in self.columns.items()}
        return Clients(self.day, self.customer_id.take(pa.array(places)), columns, self.works)

    def has(self, point: str) -> Flags:
        """Who has the point."""
        return self.columns[f"point_{point}"] > 0

    def returned(self, within: int = YEAR) -> Floats:
        """1 for those who came of themselves within so many days after the day."""
        days = self.columns["return_days"]
        return ((days > 0) & (days <= within)).astype(np.float64)


def days(asof: date) -> tuple[date, ...]:
    """The study's day, the days learnt from to foretell it, and the same a year earlier."""
    offsets = {0, *HORIZONS, *(YEAR + horizon for horizon in HORIZONS)}
    return tuple(asof - timedelta(days=offset) for offset in sorted(offsets))


def population(views: Views, asof: date) -> dict[date, Clients]:
    """Clients of each of `days` who came in the 365 days to it; a day before the base began has none."""
    works = _told(views)
    return {day: of_day(views, day, works) for day in days(asof)}


def _told(views: Views) -> tuple[str, ...]:
    """Kinds of work that are told apart."""
    named = views.rows("SELECT work, COUNT(*) AS clients FROM risk_works GROUP BY work ORDER BY clients DESC, work")
    everybody = views.row("SELECT COUNT(*) AS clients FROM risk_clients")["clients"]
    told = [str(name) for name, clients in named if 0.02 <= clients / max(everybody, 1) <= 0.8]
    return tuple(name for name in told if name.isprintable())[:MOST_WORKS]


def of_day(views: Views, day: date, works: tuple[str, ...], usual: float | None = None) -> Clients:
    """A day at a time, and flags in a byte each: so all days together take little room."""
    found = views.fetch(_text(len(works)), risk_day=day, **_named(works))
    columns = {name: _numbers(found[name], name) for name in found.column_names if name != "customer_id"}
    return Clients(day, found["customer_id"], columns, works, usual)


def _numbers(column: pa.ChunkedArray, name: str) -> NDArray[Any]:
    numbers = np.asarray(column.cast(pa.float64()).fill_null(0.0).to_numpy(), np.float64)
    return numbers.astype(np.uint8) if name.startswith(FLAGS) else numbers


def _named(works: Sequence[str]) -> dict[str, Value]:
    return {f"work_{place}": name for place, name in enumerate(works)}


def _text(works: int) -> str:
    """One row a client of `$risk_day`: visits, service, points, kinds of work; in order of clients."""
    points = ", ".join(f"MAX(CASE WHEN point = '{one}' THEN 1 ELSE 0 END) AS point_{one}" for one in POINTS)
    kinds = ", ".join(f"MAX(CASE WHEN work = $work_{one} THEN 1 ELSE 0 END) AS work_{one}" for one in range(works))
    shown = [f"p.point_{one}" for one in POINTS] + [f"w.work_{one}" for one in range(works)]
    joined = (
        f" LEFT JOIN (SELECT customer_id, {kinds} FROM risk_works WHERE day = $risk_day GROUP BY customer_id) AS w"
        " ON w.customer_id = c.customer_id"
    )
    return (
        "SELECT c.customer_id, date_diff('day', c.last_date, c.day) AS recency, "
        "date_diff('day', c.first_date, c.day) AS tenure, c.n_days, c.n_orders, c.days_91, c.days_365, "
        "c.revenue_365, c.several_centres, c.is_company, c.return_days, s.n_done, s.n_promised, s.n_late, s.n_assets, "
        f"s.n_scored, s.score_sum, {', '.join(shown)} FROM risk_clients AS c "
        "LEFT JOIN risk_service AS s ON s.day = c.day AND s.customer_id = c.customer_id "
        f"LEFT JOIN (SELECT customer_id, {points} FROM risk_points WHERE day = $risk_day GROUP BY customer_id) AS p "
        f"ON p.customer_id = c.customer_id{joined if works else ''} WHERE c.day = $risk_day ORDER BY c.customer_id"
    )
