"""How satisfied clients are: single figures, the spread of scores, by class, category and month, the card itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.satisfaction.clients import ClientScores, eligible
from dovolen.insight.satisfaction.facts import Label
from dovolen.insight.satisfaction.scores import Scores
from dovolen.insight.satisfaction.weak_points import MEANS, Period, of_mean
from dovolen.insight.stats import intervals

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

Mean = tuple[str | None, int, float | None, float | None, float | None, float | None]
"""Name, count, mean, its interval and the spread of single values."""

WIDTH = 10
"""Points in one band of the distribution."""

DISTRIBUTION = (("score_band", "text"), ("orders", "orders"))
CARD = (
    ("fact", "word"), ("over", "number"), ("up_to", "number"), ("points", "points"), ("orders", "orders"),
    ("order_share", "share"),
)  # fmt: skip


def figures(made: Scores, of: Period, clients: ClientScores, cut: float, minimum: int) -> list[Figure]:
    """Mean score and low scores of the year's orders, how much they stand on, and who may be sent offers."""
    score = made.satisfaction[of.rows]
    n = len(score)
    mean, low, high, _ = of_mean(float(score.sum()), float((score**2).sum()), n, minimum)
    least = int((score <= cut).sum())
    covered = made.made.coverage[of.rows]
    found = [
        Figure("satisfaction.mean", mean, "number", n, low, high, rule="rule.satisfaction.mean", few=n < minimum),
        _share("satisfaction.low_share", least, n, minimum),
        _share("satisfaction.answered", int(made.answered[of.rows].sum()), n, minimum),
        Figure(
            "satisfaction.coverage", float(covered.mean()) if n >= minimum else None, "share", n,
            rule="rule.satisfaction.coverage", few=n < minimum,
        ),
        _share("satisfaction.low_confidence", int((~made.sure[of.rows]).sum()), n, minimum),
    ]  # fmt: skip
    found = [replace(figure, since=of.since, until=of.until) for figure in found]
    if len(clients):
        found.append(_share("satisfaction.eligible", int(eligible(clients, cut).sum()), len(clients), minimum))
    return found if n else []


def _share(key: str, hit: int, n: int, minimum: int) -> Figure:
    if n < minimum:
        return Figure(key, None, "share", n, rule=f"rule.{key}", few=True)
    low, high = intervals.wilson(hit, n)
    return Figure(key, hit / n, "share", n, low, high, rule=f"rule.{key}")


def distribution(made: Scores, of: Period) -> Sheet | None:
    """Orders by bands of ten points, every band between the extremes shown."""
    if not len(of.rows):
        return None
    band = np.floor(made.satisfaction[of.rows] / WIDTH).astype(np.int64)
    lowest = min(0, int(band.min()))
    count = np.bincount(band - lowest, minlength=10 - lowest)
    rows = [
        (f"{WIDTH * (place + lowest)}…{WIDTH * (place + lowest) + WIDTH - 1}", int(n)) for place, n in enumerate(count)
    ]
    return _dated(sheet("satisfaction.distribution", DISTRIBUTION, rows, shares=("orders",), n=len(of.rows)), of)


def by_class(clients: ClientScores, classes: pa.Table, minimum: int) -> Sheet | None:
    """Mean and spread of clients' satisfaction in each class. `classes`: customer_id, class."""
    if not len(clients):
        return None
    at = pc.index_in(clients.customer_id, value_set=classes["customer_id"].combine_chunks())
    names = classes["class"].combine_chunks().take(at).dictionary_encode()
    label = Label(pc.fill_null(names.indices, -1).to_numpy(zero_copy_only=False), tuple(names.dictionary.to_pylist()))
    rows = list(_means(label, clients.mean, minimum))
    order = ("intermediary", "regular", "one_off")
    rows.sort(key=lambda row: order.index(row[0]) if row[0] in order else len(order))
    return sheet("satisfaction.by_class", (("class", "word"), ("clients", "clients"), *MEANS), rows, n=len(clients))


def _means(label: Label, value: Floats, minimum: int) -> Iterable[Mean]:
    """Name, count, mean, interval and spread of each value of a column of words."""
    width = len(label.names) + 1
    count, total, squares = (
        np.bincount(label.codes + 1, what, minlength=width) for what in (np.ones(len(value)), value, value**2)
    )
    for at in np.flatnonzero(count):
        name = label.names[at - 1] if at else None
        yield name, int(count[at]), *of_mean(float(total[at]), float(squares[at]), int(count[at]), minimum)


def card(made: Scores, of: Period) -> Sheet | None:
    """The card as it is reckoned with: each bin of each fact, its points, and how many of the orders fell into it."""
    if not len(of.rows):
        return None
    rows: list[tuple[object, ...]] = []
    for place, fact in enumerate(made.card.facts):
        known = made.made.known[of.rows, place]
        count = np.bincount(made.made.bins[of.rows, place][known], minlength=len(fact.points))
        edges = (None, *fact.cuts, None)
        for step, points in enumerate(fact.points):
            share = float(count[step] / known.sum()) if known.any() else None
            rows.append((fact.name, edges[step], edges[step + 1], points, int(count[step]), share))
    return _dated(sheet("satisfaction.card", CARD, rows, n=len(of.rows)), of)


def _dated(found: Sheet | None, of: Period) -> Sheet | None:
    return replace(found, since=of.since, until=of.until) if found else None
