"""Centres with a name: the smallest ones, and one on each side of every boundary in the definitions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from tests import oracle
from tests.centres import ZONES, Case, Plan, moment, planned
from tests.oracle import Base


def named(
    orders: Sequence[Plan],
    asof: date = date(2025, 6, 30),
    zone: str = "Europe/Moscow",
    grid: str = "5",
    customers: Sequence[oracle.Row] = (),
    assets: Sequence[oracle.Row] = (),
) -> Case:
    rows = [planned(number, plan, asof, zone) for number, plan in enumerate(orders, 1)]
    return Case(Base(rows, customers, assets, zone), asof, asof - timedelta(90), grid)


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
    return {"customer_id": number, "blocked_at": moment(day, 1439, "Europe/Moscow"), "blocked_date": day}


LATE = date(2025, 6, 30)
_ONCE = (0, 59, 60, 61, 89, 90, 91, 180, 181, 270, 271, 364, 365, 366, 540, 541, 630, 631, 729, 730, 731)
_LAPTOP_AND_PHONE = ({"asset_id": 1, "category": "laptop"}, {"asset_id": 2, "category": "phone"})
AT_THE_EDGES = {
    "one visit so many days ago": named([Plan(days, who) for who, days in enumerate(_ONCE)]),
    "last year and this year": named(
        [*_series(1, 364, 365), *_series(2, 0, 729), *_series(3, 0, 730), *_series(4, 365, 365)]
    ),
    "four visits make loyal, a year back they do not": named(
        [*_series(1, 1, 100, 200, 364), *_series(2, 1, 100, 200, 365)]
    ),
    "own rhythm from four visits": named([*_series(1, 150, 250, 350, 450), *_series(2, 150, 250, 350)]),
    "silent as long as the own limit, and a day longer": named(
        [
            *_series(1, 100, 200, 300, 400),
            *_series(2, 101, 201, 301, 401),
            *_series(3, 300, 400, 500, 600),
            *_series(4, 301, 401, 501, 601),
        ]
    ),
    "nineteen gaps of the base": named([*_pairs(19, 150, 100)]),
    "twenty gaps of the base": named([*_pairs(20, 150, 100)]),
    "nineteen gaps of a group": named(
        [*_pairs(19, 150, 100), *_series(1, 0, 170, 340, 510, 680)],
        customers=[{"customer_id": 1, "regular_mark": True}],
    ),
    "the group is that of the latest device": named(
        [
            *_pairs(20, 150, 100, asset=1),
            *_pairs(20, 150, 170, first=200, asset=2),
            Plan(150, 1, asset=1),
            Plan(151, 1, asset=2),
        ],
        assets=_LAPTOP_AND_PHONE,
    ),
    "gaps that were not known on the earlier day": named([*_pairs(20, 50, 100), *_series(1, 240, 241)]),
    "back half a year ago, and a day earlier": named(
        [*_series(1, 180, 361), *_series(2, 100, 181, 362), *_series(3, 100, 180, 361)]
    ),
    "back by the limit of that time": named(
        [
            *_series(1, 10, 105, 205, 265, 325, 385),
            *_series(2, 10, 160, 170, 180, 190),
            *_series(3, 10, 160, 170, 180),
            *_series(4, 10, 70, 130, 190, 250),
        ]
    ),
    "blocked today and tomorrow": named(
        [*_series(1, 3), *_series(2, 3), *_series(3, 100), *_series(4, 100)],
        customers=[_blocked(n, LATE - timedelta(days)) for n, days in ((1, 0), (2, -1), (3, 90), (4, 89))],
    ),
    "back from the block list": named([*_series(1, 700, 1)], customers=[_blocked(1, LATE - timedelta(95))]),
    "an order not billed yet is a visit": named([Plan(1, 1, revenue=None), Plan(100, 1), Plan(1, 2, revenue=-100)]),
    "six orders in 91 days": named([*_series(1, 90, 90, 90, 90, 90, 90), *_series(2, 91, 91, 91, 91, 91, 91)]),
    "four devices": named([Plan(n, 1, asset=n) for n in range(4)] + [Plan(n, 2, asset=n) for n in range(3)]),
    "eight weeks of three devices": named(
        [*_busy(1, [3] * 8), *_busy(2, [3] * 7 + [2]), *_busy(3, [3] + [0] + [3] * 7)]
    ),
    "four weeks of six devices, three of eight": named([*_busy(1, [6] * 4), *_busy(2, [8] * 3)]),
    "two hours to fetch, and a minute more": named([*_busy(1, [4] * 7), *_busy(2, [4] * 7, waited=121)]),
    "fetched after the earlier day": named([*_busy(1, [4] * 7, latest=91), *_busy(2, [4] * 7, latest=90)]),
    "told today, fetched tomorrow": named(_busy(1, [24, 1, 1, 1], waited=0) + _busy(2, [1, 1, 1, 24], waited=120)),
}


HAND_SET_LATER = named(
    _series(1, 10, 200),
    customers=[{"customer_id": 1, "class_hand": "intermediary", "class_hand_at": moment(LATE, 600, "Europe/Moscow")}],
)

SMALLEST = {
    "one order": named([Plan(0, 1)]),
    "one client": named([Plan(n, 1) for n in (400, 300, 200, 100, 0)]),
    "all on the same day": named([Plan(5, n, revenue=100 * n) for n in range(1, 8)]),
    "all equal": named([Plan(10, n) for n in range(1, 12)]),
    "nobody is known": named([Plan(n, None) for n in range(5)]),
    "only cancelled": named([Plan(3, 1, outcome="cancelled"), Plan(4, 2, outcome="cancelled")]),
    "only returns": named([Plan(3, 1, revenue=-100), Plan(4, 1, revenue=-200)]),
    "asof before all": named([Plan(-5, 1), Plan(-9, 2)]),
    "a listed client without orders": named([Plan(2, 1)], customers=[{"customer_id": 2}]),
    "two centres on one day": named([Plan(1, 1, centre="A"), Plan(1, 1, centre="B"), Plan(1, 1, centre="B")]),
    "four visits on one day": named([Plan(61, 1, centre=name) for name in "ABCD"]),
    "worse before than anybody now": named([Plan(0, 1), Plan(300, 1), Plan(0, 2), Plan(91, 2)], grid="2"),
    "hour that does not exist": named([Plan(0, 1, minute=30), Plan(1, 1, minute=1439)], date(2024, 9, 8), ZONES[2]),
}
