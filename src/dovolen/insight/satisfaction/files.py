"""orders.parquet and points.parquet: each score with the points that add up to it, written piece by piece."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.satisfaction.facts import ANSWER, BESIDE, OF_SOURCE, Facts
from dovolen.insight.satisfaction.scores import Scores, days, whole

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PIECE = 25_000
"""Orders written at a time; each is some twenty rows of points."""
REASONS = 3
BASE = "base"
"""The row of points that every order begins with."""


def orders(made: Scores) -> Iterator[pa.Table]:
    """A row an order: its score, where it comes from, what it was before, its largest reasons."""
    size = len(made.facts)
    for start in range(0, max(size, 1), PIECE):
        yield _orders(made, np.arange(start, min(size, start + PIECE)))


def _orders(made: Scores, at: Ints) -> pa.Table:
    facts, card = made.facts, made.card
    low = made.made.low_confidence[at] & ~made.answered[at]
    scored = ~np.isnan(made.satisfaction[at])
    origin = pa.array(["card", "answer"]).take(pa.array(made.answered[at].astype(np.int64)))
    columns = {"order_id": facts.order_id.slice(*_slice(at))}
    if facts.customer_id is not None:
        columns["customer_id"] = facts.customer_id.slice(*_slice(at))
    return pa.table(
        columns
        | {
            "accepted_date": days(facts.accepted[at].astype(np.float64)),
            "scored_date": days(facts.scored[at]),
            "satisfaction": whole(made.satisfaction[at]),
            "satisfaction_from": pc.if_else(pa.array(scored), origin, None),
            "card_score": whole(made.made.score[at]),
            "coverage": pa.array(np.round(made.made.coverage[at], 4)),
            "low_confidence": pa.array(low),
            "satisfaction_before": whole(made.before[at]),
            "rescored_date": days(made.rescored[at]),
            "reasons": reasons(made, at),
            "card": pa.array([card.name]).take(pa.array(np.zeros(len(at), np.int64))),
            "card_version": pa.array([card.version]).take(pa.array(np.zeros(len(at), np.int64))),
        }
    )


def _slice(at: Ints) -> tuple[int, int]:
    return (int(at[0]), len(at)) if len(at) else (0, 0)


def reasons(made: Scores, at: Ints) -> pa.Array:
    """The largest reasons of these orders, up to three, as `fact=points lost;`."""
    lost = made.lost(at)
    card = made.card
    steps = max((len(fact.points) for fact in card.facts), default=0)
    said = [""] + [
        f"{fact.name}={_points(max(fact.points) - fact.points[step])};" if step < len(fact.points) else ""
        for fact in card.facts
        for step in range(steps)
    ]
    words, columns = pa.array(said), []
    # Equal reasons stand as in the card: the sort is stable.
    ranked = np.argsort(-lost, axis=1, kind="stable")[:, :REASONS]
    for place in range(ranked.shape[1]):
        fact = ranked[:, place]
        row = np.arange(len(at))
        code = fact * steps + made.made.bins[at[row], fact] + 1
        columns.append(words.take(pa.array(np.where(lost[row, fact] > 0, code, 0))))
    if not columns:
        return pa.array([""] * len(at))
    return pc.binary_join_element_wise(*columns, "")


def _points(value: float) -> str:
    """−12 for a loss of 12, two decimals at most."""
    return f"{-value:.2f}".rstrip("0").rstrip(".")


def points(made: Scores) -> Iterator[pa.Table]:
    """The rows that add up to each score before it is clipped: the base, every fact of the card, what is beside it.

    A fact that is not known stands with its mean penalty, bin −1 and no value. A fact without points in the card – of
    this centre, or at all – has no bin, and no row when it is not known.
    """
    size = len(made.facts)
    for start in range(0, max(size, 1), PIECE):
        yield _piece(made, slice(start, min(size, start + PIECE)))


def _piece(made: Scores, at: slice) -> pa.Table:
    facts, card = made.facts, made.card
    on_card = [fact.name for fact in card.facts]
    beside = [name for name in _beside(facts, on_card) if not np.isnan(facts.values[name][at]).all()]
    names = [BASE, *on_card, *beside]
    rows = len(range(*at.indices(len(facts))))
    shape = (rows, len(names))
    value, point = np.full(shape, np.nan), np.zeros(shape)
    place = np.full(shape, -2, np.int8)
    day = np.full(shape, np.nan)
    point[:, 0] = card.base
    day[:, 0] = facts.accepted[at]
    first = 1 + len(on_card)
    point[:, 1:first] = made.made.points[at]
    found, known = made.made.bins[at], made.made.known[at]
    # Known to the source, yet too rare in this centre to count: shown beside the card.
    place[:, 1:first] = np.where((found >= 0) & ~known, -2, found)
    keep = np.ones(shape, bool)
    for column, name in enumerate(names[1:], start=1):
        values = facts.values.get(name)
        if values is not None:
            value[:, column] = values[at]
            day[:, column] = _day_of(facts, name, at)
    keep[:, first:] = ~np.isnan(value[:, first:])
    # A missing fact that left the card gives nothing to show.
    gone = (found < 0) & (made.made.points[at] == 0) & _left(made, at)
    keep[:, 1:first] = ~gone
    day[np.isnan(value) & (np.arange(len(names)) > 0)] = np.nan
    flat = np.flatnonzero(keep)
    order, fact = np.divmod(flat, len(names))
    codes = pa.DictionaryArray.from_arrays(pa.array(fact.astype(np.int32)), pa.array(names))
    binned = place.ravel()[flat]
    return pa.table(
        {
            "order_id": facts.order_id.slice(at.start, rows).take(pa.array(order)),
            "fact": codes.cast(pa.string()),
            "value": _numbers(value.ravel()[flat]),
            "at": days(day.ravel()[flat]),
            "bin": pa.array(binned.astype(np.int64), mask=binned == -2),
            "points": pa.array(point.ravel()[flat]),
        }
    )


def _left(made: Scores, at: slice) -> NDArray[np.bool_]:
    """Facts that are not in the card of the order's centre, since too few orders know them."""
    return np.asarray(np.isnan(made.means[made.facts.centre[at] + 1]))


def _beside(facts: Facts, on_card: list[str]) -> list[str]:
    return [name for name in (*BESIDE, *OF_SOURCE, ANSWER) if name in facts.values and name not in on_card]


def _day_of(facts: Facts, name: str, at: slice) -> Floats:
    """The day a fact became true: its own, else when the order was closed, else accepted."""
    usual = np.where(np.isnan(facts.scored[at]), facts.accepted[at], facts.scored[at])
    own = facts.dates.get(name)
    return usual if own is None else np.where(np.isnan(own[at]), usual, own[at])


def _numbers(values: Floats) -> pa.Array:
    return pa.array(values, mask=np.isnan(values))
