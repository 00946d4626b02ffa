"""Weak points: which facts cost the most points, where and with whom, and the orders behind each."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import sqrt
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.results import LIST_LIMIT, Sheet, sheet
from dovolen.insight.satisfaction.facts import Label
from dovolen.insight.satisfaction.scores import Scores
from dovolen.insight.stats import intervals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

EPOCH = date(1970, 1, 1)
DIMENSIONS = ("slow_stage", "technician", "advisor", "category", "centre")
FIRST = 200
"""Orders at the head of the list, which the page shows: each fact has its share of them."""

MOST_VALUES = 200
"""Values of one dimension that are shown, those of the most orders."""

FACTS = (
    ("fact", "word"), ("known", "orders"), ("orders", "orders"), ("share", "share"), ("low", "share"),
    ("high", "share"), ("lost", "number"), ("lost_an_order", "number"), ("points_share", "share"),
)  # fmt: skip
KEPT = "kept"
"""In place of the slowest stage: all of them kept their norms."""

MEANS = (("mean_score", "number"), ("low", "number"), ("high", "number"), ("spread", "number"))
COST = (("lost_an_order", "number"), ("fact", "word"), ("fact_share", "share"), ("withheld", "flag"))


@dataclass(frozen=True)
class Period:
    """Orders of a period: which of them, and its days."""

    rows: Ints
    since: date
    until: date


def period(made: Scores, asof: date, length: int) -> Period:
    """Closed orders whose day is among the `length` days up to `asof`."""
    last = (asof - EPOCH).days
    rows = np.flatnonzero(made.counts & (made.day > last - length) & (made.day <= last))
    earliest = EPOCH + timedelta(days=int(made.day[rows].min())) if len(rows) else asof
    return Period(rows, max(earliest, asof - timedelta(days=length - 1)), asof)


def facts(made: Scores, of: Period, minimum: int) -> Sheet | None:
    """Facts of the card by the points they took; under the minimum of orders that know a fact there is no share."""
    lost, known = made.lost(of.rows), made.made.known[of.rows]
    total = float(lost.sum())
    rows = []
    for place, fact in enumerate(made.card.facts):
        n, hit = int(known[:, place].sum()), int((lost[:, place] > 0).sum())
        if n == 0:
            continue
        points = float(lost[:, place].sum())
        told = (hit / n, *intervals.wilson(hit, n), points, points / n) if n >= minimum else (None,) * 5
        rows.append((fact.name, n, hit, *told, points / total if total and n >= minimum else None))
    rows.sort(key=lambda row: (-(row[6] or 0), row[0]))
    return dated(sheet("satisfaction.facts", FACTS, rows, n=len(of.rows)), of)


def places(made: Scores, of: Period, minimum: int) -> list[Sheet | None]:
    """A sheet a dimension, a row each of its values: orders, mean score, points lost an order, the fact that took most.

    Values of under `minimum` orders are withheld; a dimension of one value tells nothing and is left out.
    """
    found: list[Sheet | None] = []
    for name in DIMENSIONS:
        label = Label(made.facts.centre, made.facts.centres) if name == "centre" else made.facts.labels[name]
        part = Label(label.codes[of.rows], label.names)
        if len(np.unique(part.codes)) > 1:
            found.append(dated(_cells(name, made, of, part, minimum), of))
    return found


def by_month(made: Scores, asof: date, minimum: int, most: int = 24) -> Sheet | None:
    """The same by the month in which orders were closed, the latest months; months of few orders are left out."""
    first = (np.datetime64(asof, "M") - (most - 1)).astype("datetime64[D]").astype(np.int64)
    of = period(made, asof, int((asof - EPOCH).days - first + 1))
    month = made.day[of.rows].astype("datetime64[D]").astype("datetime64[M]")
    names, codes = np.unique(month, return_inverse=True)
    found = _cells("month", made, of, Label(codes.astype(np.int32), tuple(map(str, names))), minimum)
    if found is None:
        return None
    shown = [(date.fromisoformat(f"{row[0]}-01"), *row[1:-1]) for row in sorted(found.rows) if not row[-1]]
    columns = (("month", "month"), *found.columns[1:-1])
    return (
        dated(
            replace(found, key="satisfaction.months", rule="rule.satisfaction.months", columns=columns, rows=shown), of
        )
        if shown
        else None
    )


def _cells(name: str, made: Scores, of: Period, label: Label, minimum: int) -> Sheet | None:
    lost = made.lost(of.rows)
    width, place = len(label.names) + 1, label.codes + 1
    count = np.bincount(place, minlength=width)
    by_fact = np.stack([np.bincount(place, lost[:, fact], minlength=width) for fact in range(lost.shape[1])], axis=1)
    sure = made.sure[of.rows]
    score = np.where(sure, made.satisfaction[of.rows], 0.0)
    n, total, squares = (np.bincount(place, what, minlength=width) for what in (sure, score, score**2))
    shown = np.flatnonzero(count)
    left = max(0, len(shown) - MOST_VALUES)
    shown = shown[np.argsort(-count[shown], kind="stable")[:MOST_VALUES]]
    cost = by_fact.sum(axis=1) / np.maximum(count, 1)
    rows: list[tuple[Any, ...]] = []
    for at in sorted(shown.tolist(), key=lambda at: (count[at] < minimum, -cost[at], at)):
        value = label.names[at - 1] if at else KEPT if name == "slow_stage" else None
        if count[at] < minimum:
            rows.append((value, int(count[at]), *(None,) * 7, True))
            continue
        mean = of_mean(float(total[at]), float(squares[at]), int(n[at]), minimum)
        worst = int(by_fact[at].argmax())
        told = (
            (made.card.facts[worst].name, float(by_fact[at, worst] / by_fact[at].sum())) if cost[at] else (None, None)
        )
        rows.append((value, int(count[at]), *mean, float(cost[at]), *told, False))
    withheld = sum(row[-1] for row in rows)
    columns = ((name, "word" if name == "slow_stage" else "text"), ("orders", "orders"), *MEANS, *COST)
    found = sheet(f"satisfaction.by_{name}", columns, rows, n=len(of.rows), note=f"withheld={withheld}")
    return replace(found, cut=left) if found else None


def of_mean(
    total: float, squares: float, n: int, minimum: int
) -> tuple[float | None, float | None, float | None, float | None]:  # fmt: skip
    """Mean, its interval, and the spread of single values; nothing under the minimum."""
    if n < max(minimum, 2):
        return None, None, None, None
    low, high = intervals.mean(total, squares, n)
    return total / n, low, high, sqrt(max(0.0, (squares - total**2 / n) / (n - 1)))


def orders(made: Scores, of: Period) -> Sheet | None:
    """The orders behind each fact, those that lost most and the latest of them first; an equal number a fact."""
    lost = made.lost(of.rows)
    counts = (lost > 0).sum(axis=0)
    hit = int((counts > 0).sum())
    if not hit:
        return None
    room, shown = LIST_LIMIT // hit, FIRST // hit
    first: list[tuple[Any, ...]] = []
    rest: list[tuple[Any, ...]] = []
    for fact in np.argsort(-lost.sum(axis=0), kind="stable").tolist():
        found = np.flatnonzero(lost[:, fact] > 0)
        found = found[np.lexsort((-made.day[of.rows[found]], -lost[found, fact]))][:room]
        listed = _listed(made, of.rows[found], fact)
        first += listed[:shown]
        rest += listed[shown:]
    columns = tuple(pair for pair in _ORDERS if pair[0] != "customer_id" or made.facts.customer_id is not None)
    found_sheet = sheet("satisfaction.orders", columns, [*first, *rest], n=int(counts.sum()))
    return dated(found_sheet, of, cut=int(counts.sum()) - len(first) - len(rest))


_ORDERS = (
    ("fact", "word"), ("order_id", "id"), ("customer_id", "id"), ("done_date", "date"), ("fact_value", "number"),
    ("points", "points"), ("satisfaction", "points"), ("technician", "text"), ("advisor", "text"),
)  # fmt: skip


def _listed(made: Scores, at: Ints, fact: int) -> list[tuple[Any, ...]]:
    facts, name = made.facts, made.card.facts[fact].name
    ids: list[list[object]] = [facts.order_id.take(pa.array(at)).to_pylist()]
    if facts.customer_id is not None:
        ids.append(facts.customer_id.take(pa.array(at)).to_pylist())
    done = [EPOCH + timedelta(days=int(one)) for one in made.day[at]]
    value = [round(float(one), 2) for one in facts.values[name][at]]
    points = [-float(one) for one in made.lost(at)[:, fact]]
    score = [int(one) for one in made.satisfaction[at]]
    people = [words(facts.labels[one], at) for one in ("technician", "advisor")]
    return [(name, *row) for row in zip(*ids, done, value, points, score, *people, strict=True)]


def words(label: Label, at: Ints) -> list[str | None]:
    """What a column of words says of these orders."""
    names: list[str | None] = [*label.names, None]
    return [names[code] for code in label.codes[at]]


def dated(found: Sheet | None, of: Period, *, cut: int = 0) -> Sheet | None:
    """The sheet with the days it is of; `cut` counts rows left out before it was made."""
    if found is None:
        return None
    return replace(found, since=of.since, until=of.until, cut=max(cut, found.cut))
