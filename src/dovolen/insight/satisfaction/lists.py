"""Whom to call: slips with regulars and intermediaries, and clients whose latest order went badly."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dovolen.insight.results import Sheet, sheet
from dovolen.insight.satisfaction import files
from dovolen.insight.satisfaction.scores import Scores
from dovolen.insight.satisfaction.weak_points import EPOCH, Period, dated, words
from dovolen.insight.words import MINUS

Ints = NDArray[np.int64]

WATCHED = ("intermediary", "regular")
"""Classes with whom a slip goes to the manager at once."""

COLUMNS = (
    ("customer_id", "id"), ("name", "text"), ("class", "word"), ("order_id", "id"), ("done_date", "date"),
    ("satisfaction", "points"), ("reasons", "reasons"), ("technician", "text"), ("manager", "text"),
)  # fmt: skip


def slips(made: Scores, of: Period, clients: pa.Table, cut: float) -> Sheet | None:
    """Broken promises, repeat repairs and low scores of intermediaries and regulars, intermediaries first.

    `clients`: customer_id, name, class, manager.
    """
    at, facts = of.rows, made.facts
    watched = clients.filter(pc.is_in(clients["class"], value_set=pa.array(WATCHED)))
    late, back = (np.nan_to_num(facts.values[name][at]) > 0 for name in ("delay", "came_back"))
    low = made.sure[at] & (made.satisfaction[at] <= cut)
    owner = _owners(made, at, watched)
    found = np.flatnonzero((owner >= 0) & (late | back | low))
    said = [
        (_late(float(facts.values["late_hours"][at[one]])) if late[one] else "")
        + ("slip_came_back=1;" if back[one] else "")
        + (f"slip_low={made.satisfaction[at[one]]:.0f};" if low[one] else "")
        for one in found
    ]
    rows = _rows(made, at[found], watched.take(pa.array(owner[found])), said)
    rows.sort(key=lambda row: (WATCHED.index(row[2]), row[5], -row[4].toordinal(), str(row[3])))
    return dated(sheet("satisfaction.slips", COLUMNS, rows, n=len(rows)), of)


def _late(hours: float) -> str:
    """Under two days in hours, then in days."""
    return f"slip_late_hours={max(1, round(hours))};" if hours < 48 else f"slip_late_days={round(hours / 24)};"


def low(made: Scores, of: Period, clients: pa.Table, cut: float) -> Sheet | None:
    """Clients whose latest order, if it is of the period, has a score up to the cut; the unhappiest first."""
    rows_at = np.flatnonzero(made.counts)
    owner = _owners(made, rows_at, clients)
    rows_at, owner = rows_at[owner >= 0], owner[owner >= 0]
    order = np.lexsort((rows_at, made.day[rows_at], owner))
    is_last = np.append(owner[order][1:] != owner[order][:-1], True) if len(order) else np.empty(0, bool)
    at, owner = rows_at[order][is_last], owner[order][is_last]
    keep = np.isin(at, of.rows) & made.sure[at] & (made.satisfaction[at] <= cut)
    at, owner = at[keep], owner[keep]
    said = [str(text).replace("-", MINUS) for text in files.reasons(made, at).to_pylist()]
    rows = _rows(made, at, clients.take(pa.array(owner)), said)
    rows.sort(key=lambda row: (row[5], -row[4].toordinal(), str(row[3])))
    return dated(sheet("satisfaction.low", COLUMNS, rows, n=len(rows)), of)


def _owners(made: Scores, at: Ints, clients: pa.Table) -> Ints:
    """The place of each order's client among `clients`, −1 = not there."""
    if made.facts.customer_id is None:
        return np.full(len(at), -1)
    ids = made.facts.customer_id.take(pa.array(at))
    places = pc.index_in(ids, value_set=clients["customer_id"].combine_chunks().cast(ids.type))
    # A null among the clients' numbers would otherwise be found for an order without a client.
    told = pc.and_(ids.is_valid(), places.is_valid()).to_numpy(zero_copy_only=False)
    return np.where(told, pc.fill_null(places, -1).to_numpy(zero_copy_only=False), -1).astype(np.int64)


def _rows(made: Scores, at: Ints, people: pa.Table, said: list[str]) -> list[tuple[Any, ...]]:
    who = [people[name].to_pylist() for name in ("customer_id", "name", "class")]
    done: list[date] = [EPOCH + timedelta(days=int(one)) for one in made.day[at]]
    ids = made.facts.order_id.take(pa.array(at)).to_pylist()
    score = [int(one) for one in made.satisfaction[at]]
    technician = words(made.facts.labels["technician"], at)
    return list(zip(*who, ids, done, score, said, technician, people["manager"].to_pylist(), strict=True))
