"""The queue: what waits in hours of work, how fast it goes, when it is cleared; warranties that end ahead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.rooms import Base

LEAST_SPARE = 0.1
"""Share of the pace to spare under which days to clear with new orders would swing with every order."""


@dataclass(frozen=True)
class Queue:
    """Open orders and pace of one technician or of all; `in_hours` tells whether work is counted in norm-hours."""

    technician: str | None
    orders: int
    waiting: float
    finished: int
    pace: float
    workdays: int

    @property
    def a_day(self) -> float | None:
        """Work done a working day of the centre: norm-hours, or orders where no norms are told."""
        return self.pace / self.workdays if self.workdays else None

    def days(self, arrivals: float = 0.0) -> float | None:
        """Working days until nothing waits, with `arrivals` of new work a working day; None when it never ends."""
        spare = (self.a_day or 0.0) - arrivals
        return self.waiting / spare if spare > 0 else None


@dataclass(frozen=True)
class Waiting:
    """Everybody's queue, each technician's, orders too old to be believed in, and whether work is in norm-hours."""

    total: Queue
    each: list[Queue]
    stale: int
    in_hours: bool


def waiting(base: Base) -> Waiting | None:
    """The queue on the day of the study; None when nothing was finished in the last days or nothing is told of it."""
    if not base.has("orders.ready_at"):
        return None
    views, named = base.views, base.has("orders.technician")
    in_hours = base.has("lines.norm_hours")
    open_ = views.rows(
        "SELECT technician, is_stale, COUNT(*) AS orders, CAST(SUM(milli_hours) AS BIGINT) AS milli_hours "
        "FROM queue_orders GROUP BY technician, is_stale"
    )
    pace = views.rows("SELECT technician, n_orders, milli_hours FROM queue_pace")
    workdays = int(views.row("SELECT n_days FROM queue_workdays")["n_days"])
    if not workdays:
        return None
    in_hours = in_hours and any(milli for _, _, milli in pace)
    stale = sum(orders for _, is_stale, orders, _ in open_ if is_stale)
    queued = {who: (orders, milli) for who, is_stale, orders, milli in open_ if not is_stale}
    done = {who: (orders, milli) for who, orders, milli in pace}
    people = sorted(queued.keys() | done.keys(), key=lambda who: (who is None, str(who)))
    each = [_of(who, queued.get(who, (0, 0)), done.get(who, (0, 0)), workdays, in_hours=in_hours) for who in people]
    total = Queue(
        None, sum(one.orders for one in each), sum(one.waiting for one in each),
        sum(one.finished for one in each), sum(one.pace for one in each), workdays,
    )  # fmt: skip
    return Waiting(total, each if named else [], stale, in_hours)


def _of(
    who: str | None, queued: tuple[int, int | None], done: tuple[int, int | None], workdays: int, *, in_hours: bool
) -> Queue:
    work, pace = ((milli or 0) / 1000 if in_hours else float(orders) for orders, milli in (queued, done))
    return Queue(who, queued[0], work, done[0], pace, workdays)


def figures(found: Waiting, base: Base, arrivals: float | None) -> list[Figure]:
    """Orders and hours waiting, hours done a day, days to clear without new work and with it, forgotten orders."""
    total, few = found.total, found.total.finished < base.config.minimum
    since = base.asof - timedelta(days=base.config.pace_days - 1)
    unit = "hours" if found.in_hours else "number"

    def of(key: str, value: float | None, unit: str, n: int, *, few: bool = False, measured: bool = False) -> Figure:
        begin = since if measured else base.asof
        shown = None if few else value
        return Figure(key, shown, unit, n=n, few=few, rule=f"rule.{key}", since=begin, until=base.asof)

    made = [of("queue.orders", total.orders, "orders", total.orders)]
    if found.in_hours:
        made.append(of("queue.hours", total.waiting, "hours", total.orders))
    pace_key = "queue.pace_hours" if found.in_hours else "queue.pace_orders"
    made.append(of(pace_key, total.a_day, unit, total.finished, few=few, measured=True))
    made.append(of("queue.days", total.days(), "number", total.finished, few=few, measured=True))
    if arrivals is not None and not few:
        spare = (total.a_day or 0.0) - arrivals
        made.append(of("queue.spare_hours" if found.in_hours else "queue.spare_orders", spare, unit, total.finished,
                       measured=True))  # fmt: skip
        days = total.days(arrivals)
        if days is not None and spare >= LEAST_SPARE * (total.a_day or 0.0):
            made.append(of("queue.days_with_arrivals", days, "number", total.finished, measured=True))
    if found.stale:
        made.append(of("queue.stale", found.stale, "orders", found.stale + total.orders))
    return made


def technicians(found: Waiting, base: Base) -> Sheet | None:
    """Each technician's queue, longest first; who finished few orders is withheld, his queue is in the total."""
    rows: list[tuple[Any, ...]] = []
    least = base.config.minimum
    for one in sorted(found.each, key=lambda one: -(one.days() or 0.0)):
        work = one.waiting if found.in_hours else None
        if one.finished < least:
            rows.append((one.technician, one.orders, work, one.finished, None, None, True))
        else:
            rows.append((one.technician, one.orders, work, one.finished, one.a_day, one.days(), False))
    rows.sort(key=lambda row: bool(row[-1]))
    columns = (
        ("technician", "text"), ("open_orders", "orders"), ("hours_waiting", "hours"), ("finished", "orders"),
        ("a_day", "hours" if found.in_hours else "number"), ("days_to_clear", "number"), ("withheld", "flag"),
    )  # fmt: skip
    made = sheet("queue.technicians", columns, rows, n=found.total.finished)
    since = base.asof - timedelta(days=base.config.pace_days - 1)
    return made and Sheet(made.key, made.columns, made.rows, n=made.n, rule=made.rule, since=since, until=base.asof)


def warranties(base: Base) -> Sheet | None:
    """Assets and their owners whose warranty ends in the next 90 days, by month; the first and last are part months."""
    if not base.has("assets.warranty_until"):
        return None
    rows = base.views.rows("SELECT month, n_assets, n_clients FROM queue_warranties ORDER BY month")
    found = [(_part(month, base.asof), *rest) for month, *rest in rows]
    columns = (("month", "month"), ("ending", "count"), ("clients", "clients"))
    made = sheet("queue.warranties", columns, found, n=sum(row[1] for row in found))
    return made and Sheet(made.key, made.columns, made.rows, n=made.n, rule=made.rule, since=base.asof, until=base.asof)


def _part(month: date, asof: date) -> date:
    """A month as the day it begins on, or the first day looked at."""
    return max(month, asof + timedelta(days=1))
