"""A second opinion in plain Python, written from the definitions' words alone: slow, naive, and meant to be read.

It knows no SQL, no arrays and no floats: quantiles are fractions. Rows are dictionaries with canonical names.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Row = Mapping[str, Any]
Id = int | str

BASE = {"new", "returned", "loyal", "active"}
OUTSIDE = {"dormant", "lost", "blocked"}
SEGMENTS: tuple[tuple[str, tuple[int, int], tuple[int, int], tuple[int, int]], ...] = (
    ("champions", (5, 5), (5, 5), (5, 5)),
    ("potential_loyalist", (3, 5), (3, 5), (2, 5)),
    ("loyal_customers", (2, 4), (2, 4), (2, 4)),
    ("promising", (3, 4), (1, 3), (3, 5)),
    ("new_customers", (4, 5), (1, 3), (1, 5)),
    ("cant_lose", (1, 2), (3, 4), (4, 5)),
    ("at_risk", (1, 2), (2, 5), (4, 5)),
    ("need_attention", (1, 3), (3, 5), (3, 5)),
    ("about_to_sleep", (2, 3), (1, 3), (1, 4)),
    ("lost", (1, 1), (1, 5), (1, 5)),
)


def quantile(values: Iterable[int], share: Fraction) -> Fraction:
    """The exact type-7 quantile: at place (n − 1)·share of the sorted values, between two of them in proportion."""
    ordered = sorted(values)
    place = (len(ordered) - 1) * share
    low = place.numerator // place.denominator
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (place - low) * (ordered[high] - ordered[low])


@dataclass(frozen=True)
class Base:
    """What a centre wrote down: its whole history, also of days that are not yet known at the day asked about."""

    orders: Sequence[Row]
    customers: Sequence[Row] = ()
    assets: Sequence[Row] = ()
    zone: str = "Europe/Moscow"

    def day(self, moment: datetime) -> date:
        """The day at the centre."""
        return moment.astimezone(ZoneInfo(self.zone)).date()


# Orders and visits


def known(base: Base, customer: Id, asof: date) -> list[Row]:
    """His orders up to the day, that day included, the earliest first."""
    mine = [order for order in base.orders if order.get("customer_id") == customer and order["accepted_date"] <= asof]
    return sorted(mine, key=lambda order: (order["accepted_date"], order["order_id"]))


def counted(base: Base, customer: Id, asof: date) -> list[Row]:
    """His orders that count: neither cancelled nor a return."""
    return [order for order in known(base, customer, asof) if _counts(order)]


def _counts(order: Row) -> bool:
    # What is not billed yet is no return.
    return order.get("outcome") != "cancelled" and (order.get("revenue") or 0) >= 0


def client_days(orders: Iterable[Row]) -> list[date]:
    """Distinct days of counted orders."""
    return sorted({order["accepted_date"] for order in orders})


def visits(orders: Iterable[Row]) -> set[tuple[date, str | None]]:
    """Visits of one client: a day in a centre."""
    return {(order["accepted_date"], order.get("centre")) for order in orders}


def gaps(days: Sequence[date]) -> list[int]:
    """Days between one client-day and the next."""
    return [(later - earlier).days for earlier, later in pairwise(days)]


def revenue(base: Base, customer: Id, asof: date) -> int:
    """All that was not cancelled; a return lowers it."""
    return sum(
        order.get("revenue") or 0 for order in known(base, customer, asof) if order.get("outcome") != "cancelled"
    )


def clients(base: Base) -> list[Id]:
    """Everybody in the list of clients or behind an order."""
    ids: set[Any] = {row["customer_id"] for row in base.customers} | {order.get("customer_id") for order in base.orders}
    return sorted(ids - {None}, key=lambda number: (str(type(number)), number))


def served(base: Base, asof: date) -> list[Id]:
    """Clients with a counted order; the others are never served."""
    return [customer for customer in clients(base) if counted(base, customer, asof)]


# Classes


def classify(base: Base, customer: Id, asof: date) -> tuple[str, list[str]]:
    """His class and why: the first that matches of hand-set, intermediary, regular, one-off."""
    entry = next((row for row in base.customers if row["customer_id"] == customer), {})
    orders = counted(base, customer, asof)
    if entry.get("class_hand") and (entry.get("class_hand_at") is None or base.day(entry["class_hand_at"]) <= asof):
        return entry["class_hand"], ["hand"]
    if is_intermediary(base, orders, asof):
        return "intermediary", ["assets_a_week", "quick_pickup"]
    recent = [order for order in orders if asof - timedelta(91) < order["accepted_date"]]
    signs = {"mark": bool(entry.get("regular_mark")), "orders": len(recent) >= 6, "assets": n_assets(orders) >= 4}
    reasons = [name for name, holds in signs.items() if holds]
    return ("regular", reasons) if reasons else ("one_off", [])


def n_assets(orders: Iterable[Row]) -> int:
    """Distinct assets, where they are known."""
    return len({order.get("asset_id") for order in orders} - {None})


def is_intermediary(base: Base, orders: Sequence[Row], asof: date) -> bool:
    """Three assets a week over some eight weeks, of which four have orders, fetched within two hours of being told."""
    waits = []
    for order in orders:
        told, fetched = order.get("notified_at") or order.get("ready_at"), order.get("picked_up_at")
        if told and fetched and base.day(fetched) <= asof:
            waits.append(round((fetched - told).total_seconds()))
    if len(waits) < 5 or quantile(waits, Fraction(1, 2)) > 2 * 3600:
        return False
    brought: dict[date, list[Row]] = defaultdict(list)
    for order in orders:
        day = order["accepted_date"]
        brought[day - timedelta(day.weekday())].append(order)
    for monday in brought:
        weeks = [monday + timedelta(7 * n) for n in range(8)]
        assets = sum(_assets_brought(brought.get(week, [])) for week in weeks)
        if sum(week in brought for week in weeks) >= 4 and Fraction(assets, 8) >= 3:
            return True
    return False


def _assets_brought(orders: Sequence[Row]) -> int:
    return n_assets(orders) + sum(order.get("asset_id") is None for order in orders)


# RFM


@dataclass(frozen=True)
class Values:
    """What RFM measures."""

    recency: int
    frequency: int
    monetary: int


def values(base: Base, asof: date) -> dict[Id, Values]:
    """Of every client with a counted order."""
    found = {}
    for customer in served(base, asof):
        orders = counted(base, customer, asof)
        last = max(order["accepted_date"] for order in orders)
        found[customer] = Values((asof - last).days, len(orders), revenue(base, customer, asof))
    return found


def grid_for(population: int) -> int:
    """How many grades a base of this size bears."""
    if population >= 1000:
        return 5
    return 3 if population >= 100 else 2


def grades(measured: Mapping[Id, Values], by: Mapping[Id, Values], grid: int) -> dict[Id, tuple[int, int, int]]:
    """R, F, M of the measured clients by the thresholds of the others; the highest is the best."""
    shares = [Fraction(step, grid) for step in range(1, grid)]
    cuts = {
        name: [quantile([getattr(value, name) for value in by.values()], share) for share in shares]
        for name in ("recency", "frequency", "monetary")
        if by
    }

    def above(value: Values, name: str) -> int:
        return sum(getattr(value, name) > cut for cut in cuts[name])

    return {
        customer: (grid - above(value, "recency"), 1 + above(value, "frequency"), 1 + above(value, "monetary"))
        for customer, value in measured.items()
    }


def segment(grade: tuple[int, int, int]) -> str:
    """The first of ten rules that fits five grades; else the eleventh."""
    for name, *ranges in SEGMENTS:
        if all(low <= value <= high for value, (low, high) in zip(grade, ranges, strict=True)):
            return name
    return "hibernating"


def reading(r: int) -> str:
    """Three words for five grades of recency."""
    return "recent" if r >= 4 else "cooling" if r == 3 else "cold"


def movement(base: Base, before: date, after: date, grid: int) -> dict[Id, tuple[int | None, int]]:
    """R then and now, both by the later day's thresholds; None for who was not there yet."""
    then, now = _both(base, before, after, grid)
    return {customer: (then[customer][0] if customer in then else None, grade[0]) for customer, grade in now.items()}


def fallen(base: Base, before: date, after: date, grid: int) -> set[Id]:
    """Who was in the top grade of all three, and is lower along R now."""
    then, now = _both(base, before, after, grid)
    return {customer for customer, grade in then.items() if grade == (grid, grid, grid) and now[customer][0] < grid}


def _both(base: Base, before: date, after: date, grid: int) -> tuple[dict[Id, tuple[int, int, int]], ...]:
    later = values(base, after)
    return grades(values(base, before), later, grid), grades(later, later, grid)


# Life cycle


@dataclass(frozen=True)
class Rhythm:
    """How long silence may last at a day: by group of clients and for all."""

    groups: Mapping[tuple[str, str], Sequence[int]]
    everybody: Sequence[int]

    def shared(self, group: tuple[str, str]) -> Fraction:
        """The limit of those without a rhythm of their own."""
        for of in (self.groups.get(group, ()), self.everybody):
            if len(of) >= 20:
                return max(Fraction(60), quantile(of, Fraction(9, 10)))
        return Fraction(180)


def category(base: Base, orders: Sequence[Row]) -> str:
    """Of the device of the latest counted order."""
    asset = orders[-1].get("asset_id")
    found = next((row for row in base.assets if asset is not None and row["asset_id"] == asset), {})
    return found.get("category") or "unknown"


def rhythm(base: Base, asof: date) -> Rhythm:
    """All gaps up to the day."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    everybody: list[int] = []
    for customer in served(base, asof):
        orders = counted(base, customer, asof)
        own = gaps(client_days(orders))
        groups[classify(base, customer, asof)[0], category(base, orders)] += own
        everybody += own
    return Rhythm(groups, everybody)


def own_limit(orders: Sequence[Row]) -> Fraction | None:
    """His own rhythm from four visits on, as soon as it has a gap."""
    between = gaps(client_days(orders))
    if len(visits(orders)) < 4 or not between:
        return None
    return max(Fraction(60), quantile(between, Fraction(9, 10)))


def last_comeback(orders: Sequence[Row], shared: Fraction) -> date | None:
    """The last day that ended a silence longer than was his limit before it."""
    days, found = client_days(orders), None
    for earlier, day in pairwise(days):
        limit = own_limit([order for order in orders if order["accepted_date"] < day])
        if (day - earlier).days > (shared if limit is None else limit):
            found = day
    return found


def state(base: Base, customer: Id, asof: date, beat: Rhythm) -> str | None:
    """His state on the day, None while he was never served."""
    orders = counted(base, customer, asof)
    if not orders:
        return None
    entry = next((row for row in base.customers if row["customer_id"] == customer), {})
    kind = classify(base, customer, asof)[0]
    shared = beat.shared((kind, category(base, orders)))
    days = client_days(orders)
    silent, own, comeback = (asof - days[-1]).days, own_limit(orders), last_comeback(orders, shared)
    limit = shared if own is None else own
    year = [visit for visit in visits(orders) if visit[0] > asof - timedelta(365)]
    rules = {
        "blocked": entry.get("blocked_date") is not None and entry["blocked_date"] <= asof,
        "lost": silent > 3 * limit,
        "dormant": silent > limit,
        "new": (asof - days[0]).days <= 90,
        "returned": comeback is not None and (asof - comeback).days <= 180,
        "loyal": len(year) >= 4 or kind in {"regular", "intermediary"},
        "active": True,
    }
    return next(name for name, holds in rules.items() if holds)


def states(base: Base, asof: date) -> dict[Id, str]:
    """Of every client served by the day."""
    beat = rhythm(base, asof)
    found = {customer: state(base, customer, asof, beat) for customer in clients(base)}
    return {customer: name for customer, name in found.items() if name is not None}


def flow(before: str | None, after: str) -> str:
    """What became of one client between two days."""
    if before is None:
        return "new" if after in BASE else "passed"
    if before in BASE:
        return "stayed" if after in BASE else after
    return "returned" if after in BASE else "outside"


def cascade(base: Base, before: date, after: date) -> dict[Id, tuple[str | None, str, str]]:
    """State before, state after and flow of everybody served by the later day."""
    then, now = states(base, before), states(base, after)
    return {customer: (then.get(customer), name, flow(then.get(customer), name)) for customer, name in now.items()}


def steps(rows: Mapping[Id, tuple[str | None, str, str]]) -> dict[str, int]:
    """The bars between opening and closing."""
    flows = [name for _, _, name in rows.values()]
    bars = {name: flows.count(name) for name in ("new", "returned", "dormant", "lost", "blocked", "passed")}
    opening = sum(before in BASE for before, _, _ in rows.values())
    closing = sum(after in BASE for _, after, _ in rows.values())
    return {"opening": opening, **bars, "closing": closing}


# Retention


def came(base: Base, after: date, until: date) -> set[Id]:
    """Clients with a visit later than `after`, up to `until`."""
    return {
        customer
        for customer in clients(base)
        if any(order["accepted_date"] > after for order in counted(base, customer, until))
    }


def retention(base: Base, asof: date) -> tuple[int, int]:
    """Of last year's clients those who came this year: how many, of how many."""
    year = timedelta(365)
    earlier = came(base, asof - 2 * year, asof - year)
    return len(earlier & came(base, asof - year, asof)), len(earlier)


def churn(rows: Mapping[Id, tuple[str | None, str, str]]) -> tuple[int, int]:
    """Of the base at the earlier day those outside it at the later: how many, of how many."""
    ours = [after for before, after, _ in rows.values() if before in BASE]
    return sum(after in OUTSIDE for after in ours), len(ours)


def bands(base: Base, asof: date) -> dict[str, int]:
    """Clients by their visits in 365 days."""
    found: dict[str, int] = defaultdict(int)
    for customer in clients(base):
        year = [order for order in counted(base, customer, asof) if order["accepted_date"] > asof - timedelta(365)]
        if year:
            found[band(len(visits(year)))] += 1
    return dict(found)


def band(count: int) -> str:
    """The band of so many visits a year, by its lowest and highest number."""
    for low, high in ((18, None), (6, 17), (2, 5)):
        if count >= low:
            return f"{low}-{high or ''}"
    return "1"


def cohorts(base: Base, asof: date) -> dict[tuple[tuple[int, int], int], int]:
    """By the month of the first visit and months since then: clients who came."""
    found: dict[tuple[tuple[int, int], int], int] = defaultdict(int)
    for customer in served(base, asof):
        days = client_days(counted(base, customer, asof))
        first = days[0]
        for since in {(day.year - first.year) * 12 + day.month - first.month for day in days}:
            found[(first.year, first.month), since] += 1
    return dict(found)
