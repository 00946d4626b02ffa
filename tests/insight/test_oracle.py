"""The library against a second opinion: on small invented centres both must agree to the last client."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from dovolen.insight import lifecycle
from dovolen.insight.config import Config
from dovolen.insight.engines import Engine, open_engine
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.study import Study, study
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


def _moment(day: date, minute: int, zone: str) -> datetime:
    local = datetime.combine(day, time(minute // 60, minute % 60), ZoneInfo(zone))
    return local.astimezone(UTC)


def _order(number: int, day: date, customer: int | None, revenue: int, zone: str, **more: Any) -> dict[str, Any]:
    at = _moment(day, more.pop("minute", 720), zone)
    known = {"outcome": None, "asset_id": None, "centre": None}
    row = {"order_id": number, "customer_id": customer, "accepted_at": at, "accepted_date": day, "revenue": revenue}
    return {**known, **row, **more}


@dataclass(frozen=True)
class Plan:
    """What is drawn for one order, days counted back from the day asked about."""

    ago: int
    customer: int | None
    revenue: int = 100
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
    orders = [_planned(number, plan, asof, zone) for number, plan in enumerate(plans, 1)]
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


def _planned(number: int, plan: Plan, asof: date, zone: str) -> dict[str, Any]:
    day = asof - timedelta(plan.ago)
    at = _moment(day, plan.minute, zone)
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
        "blocked_at": day and _moment(day, draw(st.sampled_from(MINUTES)), zone),
        "blocked_date": day,
    }


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine()
    yield opened
    opened.close()


def _study(case: Case, engine: Engine) -> Study:
    config = Config(grid=case.grid, minimum=1)
    return study(case.tables(), asof=case.asof, config=config, compare=case.compare, engine=engine)


thorough = settings(
    max_examples=80,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@thorough
@given(case=cases())
def test_clients_and_their_changes_are_those_of_the_oracle(case: Case, engine: Engine) -> None:
    found = _study(case, engine)

    agree_on_clients(case, found)
    agree_on_changes(case, found)
    agree_on_movement(case, found)
    for row in found.customers().to_pylist():
        event(f"{row['class']}, {row['lifecycle']}" if row["n_orders"] else "never served")


def agree_on_clients(case: Case, found: Study) -> None:
    """Counts, days, money, class, grades and state of every client."""
    base, asof = case.base, case.asof
    rows = {row["customer_id"]: row for row in found.customers().to_pylist()}
    states, measured = oracle.states(base, asof), oracle.values(base, asof)
    grid = oracle.grid_for(len(measured)) if case.grid == "auto" else int(case.grid)
    grades, thirds = oracle.grades(measured, measured, grid), oracle.grades(measured, measured, 3)

    # A client of orders that are not known yet is no client yet, unless the base lists him.
    listed = {row["customer_id"] for row in base.customers}
    assert set(rows) - listed <= set(oracle.clients(base))
    assert set(rows) >= listed | set(measured)
    for customer_id, row in rows.items():
        orders = oracle.counted(base, customer_id, asof)
        days = oracle.client_days(orders)
        assert row["n_orders"] == len(orders), row
        assert row["n_visits"] == len(oracle.visits(orders)), row
        assert row["n_assets"] == oracle.n_assets(orders), row
        assert (row["revenue"] or 0) == oracle.revenue(base, customer_id, asof), row
        assert (row["first_at"], row["last_at"]) == ((days[0], days[-1]) if days else (None, None)), row
        assert row["lifecycle"] == states.get(customer_id), row
        if not orders:
            assert (row["rfm_r"], row["rfm_f"], row["rfm_m"], row["recency_days"]) == (None,) * 4, row
            continue
        assert row["recency_days"] == measured[customer_id].recency, row
        assert row["class"] == oracle.classify(base, customer_id, asof)[0], row
        grade = grades[customer_id]
        assert (row["rfm_r"], row["rfm_f"], row["rfm_m"]) == grade, row
        assert row["rfm_segment"] == (oracle.segment(grade) if grid == 5 else None), row
        assert str(row["rfm27"]) == "".join(map(str, thirds[customer_id])), row


def agree_on_changes(case: Case, found: Study) -> None:
    """The cascade to the client, its steps, churn, retention and how often clients come."""
    base, asof, compare = case.base, case.asof, case.compare
    expected = oracle.cascade(base, compare, asof)
    rows = {row["customer_id"]: row for row in found.cascade().to_pylist()}

    got = {number: (row["state_before"], row["state_after"], row["flow"]) for number, row in rows.items()}
    assert got == {number: (before or "absent", after, flow) for number, (before, after, flow) in expected.items()}
    assert found.steps == oracle.steps(expected)
    classes = found.views.rows("SELECT customer_id, class FROM classes WHERE day = $compare")
    assert dict(classes) == {n: oracle.classify(base, n, compare)[0] for n in oracle.served(base, compare)}
    steps = found.steps
    left = steps["dormant"] + steps["lost"] + steps["blocked"]
    assert steps["opening"] + steps["new"] + steps["returned"] - left == steps["closing"]
    _agree_on_share(lifecycle.churn(steps, compare, asof, 1), oracle.churn(expected))
    _agree_on_share(lifecycle.retention(found.views, asof, 1), oracle.retention(base, asof))
    bands = found.views.rows("SELECT band, clients FROM frequency_bands")
    names = {"18-": "18_up", "6-17": "6_17", "2-5": "2_5", "1": "1"}
    assert dict(bands) == {names[band]: clients for band, clients in oracle.bands(base, asof).items()}
    cohorts = found.views.rows("SELECT cohort, age, active FROM cohorts WHERE grain = 'month'")
    months = {(year * 12 + month - 1, age): n for ((year, month), age), n in oracle.cohorts(base, asof).items()}
    assert {(cohort, age): active for cohort, age, active in cohorts} == months


def _agree_on_share(figure: Any, expected: tuple[int, int]) -> None:
    part, whole = expected
    assert figure.n == whole
    assert figure.value == (pytest.approx(part / whole) if whole else None)


def agree_on_movement(case: Case, found: Study) -> None:
    """Grades on both days by the later thresholds."""
    moves = found.views.rows("SELECT customer_id, r_before, r_after, fell FROM rfm_moves")
    days = (case.base, case.compare, case.asof, found.grid)

    assert {number: (before, after) for number, before, after, _ in moves} == oracle.movement(*days)
    assert {number for number, _, _, fell in moves if fell} == oracle.fallen(*days)


# Cases with a name


def _named(
    orders: Sequence[Plan],
    asof: date = date(2025, 6, 30),
    zone: str = "Europe/Moscow",
    grid: str = "5",
    customers: Sequence[oracle.Row] = (),
    assets: Sequence[oracle.Row] = (),
) -> Case:
    rows = [_planned(number, plan, asof, zone) for number, plan in enumerate(orders, 1)]
    return Case(Base(rows, customers, assets, zone), asof, asof - timedelta(90), grid)


NAMED = {
    "one order": _named([Plan(0, 1)]),
    "one client": _named([Plan(n, 1) for n in (400, 300, 200, 100, 0)]),
    "all on the same day": _named([Plan(5, n, revenue=100 * n) for n in range(1, 8)]),
    "all equal": _named([Plan(10, n) for n in range(1, 12)]),
    "nobody is known": _named([Plan(n, None) for n in range(5)]),
    "only cancelled": _named([Plan(3, 1, outcome="cancelled"), Plan(4, 2, outcome="cancelled")]),
    "only returns": _named([Plan(3, 1, revenue=-100), Plan(4, 1, revenue=-200)]),
    "asof before all": _named([Plan(-5, 1), Plan(-9, 2)]),
    "a listed client without orders": _named([Plan(2, 1)], customers=[{"customer_id": 2}]),
    "two centres on one day": _named([Plan(1, 1, centre="A"), Plan(1, 1, centre="B"), Plan(1, 1, centre="B")]),
    "four visits on one day": _named([Plan(61, 1, centre=name) for name in "ABCD"]),
    "worse before than anybody now": _named([Plan(0, 1), Plan(300, 1), Plan(0, 2), Plan(91, 2)], grid="2"),
    "hour that does not exist": _named([Plan(0, 1, minute=30), Plan(1, 1, minute=1439)], date(2024, 9, 8), ZONES[2]),
}


def _series(who: int, *agos: int, asset: int | None = None) -> list[Plan]:
    """One client's days, counted back."""
    return [Plan(days, who, asset=asset) for days in agos]


def _pairs(count: int, latest: int, gap: int, first: int = 100, asset: int | None = None) -> list[Plan]:
    """So many clients with one gap each."""
    return [plan for n in range(count) for plan in _series(first + n, latest, latest + gap, asset=asset)]


def _busy(who: int, brought: Sequence[int], waited: int = 120, latest: int = 0) -> list[Plan]:
    """One client who brings so many devices in each of some weeks, the last of them `latest` days ago."""
    return [
        Plan(latest + 7 * week, who, asset=1000 * who + 10 * week + n, told_after=60, fetched_after=waited)
        for week, devices in enumerate(reversed(brought))
        for n in range(devices)
    ]


def _blocked(number: int, day: date) -> dict[str, Any]:
    return {"customer_id": number, "blocked_at": _moment(day, 1439, "Europe/Moscow"), "blocked_date": day}


LATE = date(2025, 6, 30)
_ONCE = (0, 59, 60, 61, 89, 90, 91, 180, 181, 270, 271, 364, 365, 366, 540, 541, 630, 631, 729, 730, 731)
_LAPTOP_AND_PHONE = ({"asset_id": 1, "category": "laptop"}, {"asset_id": 2, "category": "phone"})
EDGES_OF_RULES = {
    "one visit so many days ago": _named([Plan(days, who) for who, days in enumerate(_ONCE)]),
    "last year and this year": _named(
        [*_series(1, 364, 365), *_series(2, 0, 729), *_series(3, 0, 730), *_series(4, 365, 365)]
    ),
    "four visits make loyal, a year back they do not": _named(
        [*_series(1, 1, 100, 200, 364), *_series(2, 1, 100, 200, 365)]
    ),
    "own rhythm from four visits": _named([*_series(1, 150, 250, 350, 450), *_series(2, 150, 250, 350)]),
    "silent as long as the own limit, and a day longer": _named(
        [
            *_series(1, 100, 200, 300, 400),
            *_series(2, 101, 201, 301, 401),
            *_series(3, 300, 400, 500, 600),
            *_series(4, 301, 401, 501, 601),
        ]
    ),
    "nineteen gaps of the base": _named([*_pairs(19, 150, 100)]),
    "twenty gaps of the base": _named([*_pairs(20, 150, 100)]),
    "nineteen gaps of a group": _named(
        [*_pairs(19, 150, 100), *_series(1, 0, 170, 340, 510, 680)],
        customers=[{"customer_id": 1, "regular_mark": True}],
    ),
    "the group is that of the latest device": _named(
        [
            *_pairs(20, 150, 100, asset=1),
            *_pairs(20, 150, 170, first=200, asset=2),
            Plan(150, 1, asset=1),
            Plan(151, 1, asset=2),
        ],
        assets=_LAPTOP_AND_PHONE,
    ),
    "gaps that were not known on the earlier day": _named([*_pairs(20, 50, 100), *_series(1, 240, 241)]),
    "back half a year ago, and a day earlier": _named(
        [*_series(1, 180, 361), *_series(2, 100, 181, 362), *_series(3, 100, 180, 361)]
    ),
    "back by the limit of that time": _named(
        [
            *_series(1, 10, 105, 205, 265, 325, 385),
            *_series(2, 10, 160, 170, 180, 190),
            *_series(3, 10, 160, 170, 180),
            *_series(4, 10, 70, 130, 190, 250),
        ]
    ),
    "blocked today and tomorrow": _named(
        [*_series(1, 3), *_series(2, 3), *_series(3, 100), *_series(4, 100)],
        customers=[_blocked(n, LATE - timedelta(days)) for n, days in ((1, 0), (2, -1), (3, 90), (4, 89))],
    ),
    "back from the block list": _named([*_series(1, 700, 1)], customers=[_blocked(1, LATE - timedelta(95))]),
    "six orders in 91 days": _named([*_series(1, 90, 90, 90, 90, 90, 90), *_series(2, 91, 91, 91, 91, 91, 91)]),
    "four devices": _named([Plan(n, 1, asset=n) for n in range(4)] + [Plan(n, 2, asset=n) for n in range(3)]),
    "eight weeks of three devices": _named(
        [*_busy(1, [3] * 8), *_busy(2, [3] * 7 + [2]), *_busy(3, [3] + [0] + [3] * 7)]
    ),
    "four weeks of six devices, three of eight": _named([*_busy(1, [6] * 4), *_busy(2, [8] * 3)]),
    "two hours to fetch, and a minute more": _named([*_busy(1, [4] * 7), *_busy(2, [4] * 7, waited=121)]),
    "fetched after the earlier day": _named([*_busy(1, [4] * 7, latest=91), *_busy(2, [4] * 7, latest=90)]),
    "told today, fetched tomorrow": _named(_busy(1, [24, 1, 1, 1], waited=0) + _busy(2, [1, 1, 1, 24], waited=120)),
}


@pytest.mark.parametrize("name", EDGES_OF_RULES)
def test_rules_hold_at_their_edges(name: str, engine: Engine) -> None:
    found = _study(EDGES_OF_RULES[name], engine)

    agree_on_clients(EDGES_OF_RULES[name], found)
    agree_on_changes(EDGES_OF_RULES[name], found)


@pytest.mark.parametrize("name", NAMED)
def test_the_smallest_centres_are_understood(name: str, engine: Engine) -> None:
    found = _study(NAMED[name], engine)

    agree_on_clients(NAMED[name], found)
    agree_on_changes(NAMED[name], found)
    agree_on_movement(NAMED[name], found)


def test_a_base_without_orders_is_refused_in_words(engine: Engine) -> None:
    with pytest.raises(SchemaError):
        _study(_named([]), engine).customers()
