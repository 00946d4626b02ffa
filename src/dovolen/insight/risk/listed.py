"""Points of risk as the study hands them over: how many stand, what they did here, the list of names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight.results import LIST_LIMIT, Figure, Sheet
from dovolen.insight.risk.points import POINTS, UNITS
from dovolen.insight.risk.population import Clients, Floats
from dovolen.insight.risk.returns import Returned
from dovolen.insight.rooms import Base

MOST_URGENT = ("warranty_ends", "repair_warranty_ends")
"""Points of which the nearest end is told, not the latest evidence."""


def figures(now: Clients, at_risk: Floats | None) -> list[Figure]:
    """Clients with a point today, and what of the year's money is at risk in the whole base."""
    has = np.zeros(len(now), bool)
    for point in POINTS:
        has |= now.has(point)
    made = [Figure("risk.clients", int(has.sum()), "clients", n=len(now), rule="rule.risk.clients")]
    money = None if at_risk is None else round(float(at_risk.sum()))
    return [*made, Figure("risk.money", money, "money", n=len(now), few=money is None, rule="rule.risk.money")]


def codes(now: Clients) -> list[list[str]]:
    """The points of each client, the pressing first."""
    made: list[list[str]] = [[] for _ in range(len(now))]
    for point in POINTS:
        for place in np.flatnonzero(now.has(point)).tolist():
            made[place].append(point)
    return made


def points_sheet(
    now: Clients, found: Mapping[str, Returned], seen: frozenset[str], period: tuple[date, date]
) -> Sheet | None:
    """Every point that this source can show: who stands now, how such clients returned a year ago, the word."""
    rows: list[tuple[Any, ...]] = []
    for point in POINTS:
        one = found.get(point)
        clients = int(now.has(point).sum())
        if point not in seen or (not clients and (one is None or not one.n_with)):
            continue
        if one is None:
            rows.append((point, clients, *[None] * 8, "not_judged"))
            continue
        rows.append(
            (
                point, clients, one.n_with, one.share_with, one.n_without, one.share_without, one.alike,
                _points(one.difference), _points(one.low), _points(one.high), one.says,
            )
        )  # fmt: skip
    rows.sort(key=lambda row: (_ORDER.index(row[-1]), row[7] or 0, -row[1]))
    columns = (
        ("point", "word"), ("n_now", "clients"), ("n_with", "clients"), ("returned_with", "share"),
        ("n_without", "clients"), ("returned_without", "share"), ("returned_alike", "share"),
        ("risk_difference", "number"), ("risk_low", "number"), ("risk_high", "number"), ("risk_says", "word"),
    )  # fmt: skip
    n = max((one.n_with + one.n_without for one in found.values()), default=len(now))
    since, until = period
    return Sheet("risk.points", columns, rows, n=n, rule="rule.risk.points", since=since, until=until) if rows else None


_ORDER = ("influences", "influences_up", "does_not_matter", "cannot_be_told", "too_few", "not_judged")


def _points(share: float | None) -> float | None:
    """A difference of shares in percentage points."""
    return None if share is None else 100 * share


def returns_sheet(found: Mapping[str, Returned], period: tuple[date, date]) -> Sheet | None:
    """The plain difference of returns with and without each point, Newcombe's interval, for the workbook."""
    rows = []
    for point in POINTS:
        one = found.get(point)
        if one is None or one.crude is None or one.share_with is None or one.share_without is None:
            continue
        plain = one.share_with - one.share_without
        rows.append(
            (
                point, one.n_with, one.share_with, one.n_without, one.share_without, 100 * plain,
                100 * one.crude[0], 100 * one.crude[1],
            )
        )  # fmt: skip
    columns = (
        ("point", "word"), ("n_with", "clients"), ("returned_with", "share"), ("n_without", "clients"),
        ("returned_without", "share"), ("risk_difference", "number"), ("risk_low", "number"), ("risk_high", "number"),
    )  # fmt: skip
    n = max((one.n_with + one.n_without for one in found.values()), default=0)
    since, until = period
    return (
        Sheet("risk.returns", columns, rows, n=n, rule="rule.risk.returns", since=since, until=until) if rows else None
    )


def names(base: Base, now: Clients, at_risk: Floats | None) -> Sheet | None:
    """Who stands under which point today, with evidence, action and expiry; the most money at risk first."""
    found = base.views.fetch(TEXT)
    if not len(found):
        return None
    place = pc.index_in(found["customer_id"], value_set=now.customer_id.combine_chunks()).to_numpy()
    count = np.sum([now.has(point) for point in POINTS], axis=0)
    money = np.zeros(len(now)) if at_risk is None else at_risk
    order = {point: number for number, point in enumerate(POINTS)}
    pressing = np.array([order.get(point, 99) for point in found["point"].to_pylist()])
    first = np.lexsort((pressing, place, -money[place]))[:LIST_LIMIT]
    rows = [
        (
            row["customer_id"], row["name"], row["point"], evidence(row["point"], row["value"], row["n_evidence"]),
            row["order_id"], row["seen_date"], row["point"], row["expires_date"],
            int(count[own]), None if at_risk is None else round(float(money[own])),
        )
        for row, own in zip(found.take(pa.array(first)).to_pylist(), place[first], strict=True)
    ]  # fmt: skip
    columns = (
        ("customer_id", "id"), ("name", "text"), ("point", "word"), ("risk_evidence", "told"), ("order_id", "id"),
        ("seen_date", "date"), ("risk_action", "word"), ("expires_date", "date"),
        ("n_points", "count"), ("value_at_risk", "money"),
    )  # fmt: skip
    cut = max(0, len(found) - LIST_LIMIT)
    return Sheet("risk.list", columns, rows, n=int((count > 0).sum()), rule="rule.risk.list", cut=cut)


def evidence(point: str, value: int | None, n: int) -> str:
    """`point=unit:value`, for the words `told.<point>`; several pieces of evidence are counted."""
    if point in MOST_URGENT or point in ("complaint_open", "expensive_body", "expensive_after_warranty"):
        return f"{point}={UNITS.get(point, 'days')}:{value}|count:{n}"
    if point == "promise_at_risk" and value is not None and value <= 0:
        return f"promise_{'today' if value == 0 else 'near'}=days:{-value}"
    return f"{point}={UNITS.get(point, 'days')}:{value}"


_URGENT = ", ".join(f"'{point}'" for point in MOST_URGENT)
TEXT = (
    "SELECT p.customer_id, c.name, p.point, p.order_id, p.seen_date, p.value, p.expires_date, p.n_evidence FROM ("
    "SELECT customer_id, point, order_id, seen_date, value, expires_date, "
    "COUNT(*) OVER (PARTITION BY customer_id, point) AS n_evidence, "
    "ROW_NUMBER() OVER (PARTITION BY customer_id, point ORDER BY "
    f"CASE WHEN point IN ({_URGENT}) THEN value ELSE 0 END, seen_date DESC, value DESC NULLS LAST, "
    "order_id DESC NULLS LAST, asset_id DESC NULLS LAST) AS place FROM risk_points WHERE day = $asof) AS p "
    "LEFT JOIN customers AS c ON c.customer_id = p.customer_id WHERE p.place = 1 ORDER BY p.customer_id, p.point"
)
