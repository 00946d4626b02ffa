"""What each technician and each advisor loses points for: a person a row of facts, those of too few orders left out."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.results import Sheet, sheet
from dovolen.insight.satisfaction.scores import Scores
from dovolen.insight.satisfaction.weak_points import Period, dated
from dovolen.insight.stats import intervals

PEOPLE = ("technician", "advisor")
MOST = 60
"""People of one position that are shown, those of the most orders."""

COLUMNS = (
    ("fact", "word"), ("known", "orders"), ("orders", "orders"), ("share", "share"), ("low", "share"),
    ("high", "share"), ("lost_an_order", "number"),
)  # fmt: skip


def sheets(made: Scores, of: Period, minimum: int) -> list[Sheet | None]:
    """A sheet of technicians and one of advisors; a person or fact known of too few orders is withheld."""
    return [_sheet(position, made, of, minimum) for position in PEOPLE]


def _sheet(position: str, made: Scores, of: Period, minimum: int) -> Sheet | None:
    label = made.facts.labels[position]
    codes = label.codes[of.rows]
    count = np.bincount(codes[codes >= 0], minlength=len(label.names))
    shown = np.argsort(-count, kind="stable")
    shown = shown[count[shown] >= minimum][:MOST]
    if len(shown) < 2:
        return None
    lost, known = made.lost(of.rows), made.made.known[of.rows]
    rows: list[tuple[Any, ...]] = []
    for at in shown.tolist():
        mine = codes == at
        rows += _facts(label.names[at], made, lost[mine], known[mine], minimum)
    found = sheet(f"satisfaction.facts_by_{position}", ((position, "text"), *COLUMNS), rows, n=int(count[shown].sum()))
    return dated(found, of)


def _facts(
    name: str, made: Scores, lost: NDArray[np.float64], known: NDArray[np.bool_], minimum: int
) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    for place, fact in enumerate(made.card.facts):
        n, hit = int(known[:, place].sum()), int((lost[:, place] > 0).sum())
        if n >= minimum:
            mean = float(lost[:, place].sum()) / n
            rows.append((name, fact.name, n, hit, hit / n, *intervals.wilson(hit, n), mean))
    return rows
