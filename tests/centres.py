"""Small invented centres for the oracle: rows as plans of days counted back, and Hypothesis strategies that draw them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from hypothesis import strategies as st

from dovolen.insight.schema import Tables
from tests import oracle
from tests.oracle import Base

ZONES = ("Europe/Moscow", "Europe/Berlin", "America/Santiago")
DAYS = (
    date(2025, 3, 30),
    date(2025, 10, 26),
    date(2024, 9, 8),
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 4),
)
"""Days on which clocks change, a leap day, the ends of a year and of an ISO year."""
EDGES = (0, 1, 7, 59, 60, 61, 89, 90, 91, 92, 120, 180, 181, 240, 364, 365, 366, 540, 729, 730, 731)
MINUTES = (0, 30, 90, 150, 720, 1410, 1439)
AMOUNTS = (0, 100, 100, 250, 250, 390_000, 1_000_000, -100, -390_000)
MOMENT = pa.timestamp("us", tz="UTC")
IDS = {"order_id", "customer_id", "asset_id"}
TYPES = {
    "orders": {
        "order_id": pa.int64(),
        "customer_id": pa.int64(),
        "asset_id": pa.int64(),
        "centre": pa.string(),
        "accepted_at": MOMENT,
        "ready_at": MOMENT,
        "notified_at": MOMENT,
        "picked_up_at": MOMENT,
        "outcome": pa.string(),
        "revenue": pa.int64(),
    },
    "customers": {
        "customer_id": pa.int64(),
        "kind": pa.string(),
        "regular_mark": pa.bool_(),
        "class_hand": pa.string(),
        "class_hand_at": MOMENT,
        "blocked_at": MOMENT,
    },
    "assets": {"asset_id": pa.int64(), "category": pa.string()},
}


@dataclass(frozen=True)
class Case:
    """A base and the two days it is asked about."""

    base: Base
    asof: date
    compare: date
    grid: str
    dates_only: bool = False

    def tables(self) -> Tables:
        """The base as canonical tables."""
        orders = _table(self.base.orders, TYPES["orders"])
        if self.dates_only:
            days = pa.array([order["accepted_date"] for order in self.base.orders], pa.date32())
            orders = orders.drop_columns(["accepted_at"]).append_column("accepted_date", days)
        data = {"orders": orders}
        for name, rows in (("customers", self.base.customers), ("assets", self.base.assets)):
            if rows:
                data[name] = _table(rows, TYPES[name])
        return Tables(data=data, zone=self.base.zone)


def _table(rows: Sequence[oracle.Row], types: dict[str, pa.DataType]) -> pa.Table:
    return pa.table({name: pa.array([row.get(name) for row in rows], kind) for name, kind in types.items()})


def moment(day: date, minute: int, zone: str) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return local.astimezone(UTC)


def _order(number: int, day: date, customer: int | None, revenue: int | None, zone: str, **more: Any) -> dict[str, Any]:
    at = moment(day, more.pop("minute", 720), zone)
    known = {"outcome": None, "asset_id": None, "centre": None}
    row = {"order_id": number, "customer_id": customer, "accepted_at": at, "accepted_date": day, "revenue": revenue}
    return {**known, **row, **more}


@dataclass(frozen=True)
class Plan:
    """What is drawn for one order, days counted back from the day asked about."""

    ago: int
    customer: int | None
    revenue: int | None = 100
    minute: int = 720
    outcome: str | None = None
    asset: int | None = None
    centre: str | None = None
    told_after: int | None = None
    fetched_after: int | None = None


ago = st.one_of(st.sampled_from(EDGES), st.integers(-30, 760))
customer = st.one_of(st.none(), st.integers(1, 7), st.integers(1, 3))
single = st.builds(
    Plan,
    ago=ago,
    customer=customer,
    revenue=st.sampled_from(AMOUNTS),
    minute=st.sampled_from(MINUTES),
    outcome=st.sampled_from((None, "repaired", "repaired", "cancelled")),
    asset=st.one_of(st.none(), st.integers(1, 6)),
    centre=st.sampled_from((None, "A", "B")),
    told_after=st.sampled_from((None, 60)),
    fetched_after=st.sampled_from((None, 30, 60 * 24 * 40)),
)


@st.composite
def rhythms(draw: st.DrawFn) -> list[Plan]:
    """One client who comes at even distances, perhaps with one long silence."""
    who, start, step = (
        draw(st.integers(1, 5)),
        draw(st.sampled_from((0, 1, 30, 59, 60, 61)) | ago),
        draw(st.sampled_from((1, 7, 20, 30, 59, 60, 61, 70, 100))),
    )
    count, pause = draw(st.integers(2, 14)), draw(st.sampled_from((0, 0, 61, 130, 181, 200)))
    asset = draw(st.sampled_from((None, 1, 2)))
    return [Plan(start + n * step + (pause if n else 0), who, revenue=100 * n, asset=asset) for n in range(count)]


@st.composite
def intermediaries(draw: st.DrawFn) -> list[Plan]:
    """One client who brings several devices a week and takes them back about two hours after he was told."""
    who, start = draw(st.integers(1, 3)), draw(st.sampled_from((-8, 0, 1, 30)) | st.integers(-20, 420))
    weeks = draw(st.lists(st.sampled_from((0, 2, 3, 3, 4, 6, 8)), min_size=4, max_size=10))
    wait = draw(st.sampled_from((119, 120, 121)))
    unknown = draw(st.booleans())
    return [
        Plan(
            start + 7 * week,
            who,
            asset=None if unknown else 100 * week + n // draw(st.sampled_from((1, 1, 1, 2))),
            told_after=1440,
            fetched_after=wait,
        )
        for week, brought in enumerate(weeks)
        for n in range(brought)
    ]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """A small centre: single orders, rhythms, sometimes an intermediary; a list of clients that may be wrong or absent."""
    zone, asof = draw(st.sampled_from(ZONES)), draw(st.sampled_from(DAYS))
    plans = draw(st.lists(single, min_size=1, max_size=25))
    plans += [plan for series in draw(st.lists(rhythms(), max_size=4)) for plan in series]
    plans += draw(st.just([]) | st.just([]) | intermediaries())
    orders = [planned(number, plan, asof, zone) for number, plan in enumerate(plans, 1)]
    listed = draw(st.lists(st.integers(1, 9), unique=True, max_size=7))
    customers = [_customer(draw, number, asof, zone) for number in listed]
    categories = st.sampled_from((None, "laptop", "phone"))
    assets = [{"asset_id": number, "category": draw(categories)} for number in draw(st.sampled_from(((), (1, 2, 3))))]
    compare = asof - timedelta(draw(st.sampled_from((1, 30, 90, 91, 180, 365, 400, 2000))))
    return Case(
        Base(orders, customers, assets, zone),
        asof,
        compare,
        draw(st.sampled_from("5532") | st.just("auto")),
        draw(st.booleans()),
    )


def planned(number: int, plan: Plan, asof: date, zone: str) -> dict[str, Any]:
    day = asof - timedelta(plan.ago)
    at = moment(day, plan.minute, zone)
    told = at + timedelta(minutes=plan.told_after) if plan.told_after is not None else None
    fetched = told + timedelta(minutes=plan.fetched_after) if told and plan.fetched_after is not None else None
    more = {"outcome": plan.outcome, "asset_id": plan.asset, "centre": plan.centre, "minute": plan.minute}
    # Half of them were told an hour after all was ready; of the others only the latter is known.
    ready = told - timedelta(hours=1) if told and number % 2 else told
    moments = {"ready_at": ready, "notified_at": told if number % 2 else None, "picked_up_at": fetched}
    return _order(number, day, plan.customer, plan.revenue, zone, **more, **moments)


def _customer(draw: st.DrawFn, number: int, asof: date, zone: str) -> dict[str, Any]:
    blocked = draw(st.one_of(st.none(), st.none(), st.sampled_from((-1, 0, 1, 90, 91, 365))))
    day = None if blocked is None else asof - timedelta(blocked)
    return {
        "customer_id": number,
        "kind": draw(st.sampled_from((None, "person", "company"))),
        "regular_mark": draw(st.sampled_from((None, False, False, False, False, True))),
        "class_hand": draw(st.sampled_from((None,) * 15 + ("intermediary", "regular", "one_off"))),
        "blocked_at": day and moment(day, draw(st.sampled_from(MINUTES)), zone),
        "blocked_date": day,
    }
