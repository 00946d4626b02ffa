"""Points of every order by a card, its score, and how much of the card is known of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.satisfaction.cards import Card, bins
from dovolen.insight.satisfaction.facts import Facts

Floats = NDArray[np.float64]

LOWEST, HIGHEST = 0, 99
ENOUGH_COVERAGE = 0.5
ENOUGH_ORDERS = 20
WINDOW_DAYS = 730
"""Orders of the 24 months up to the day tell what a fact that is not known usually costs."""


@dataclass(frozen=True)
class Scored:
    """Orders (n rows) scored by a card of k facts.

    `points[n, k]` – signed, two decimals, those of missing facts being their mean; `bins[n, k]` – −1 = missing;
    `known[n, k]` – the value is known and its fact counts in this centre; `total[n]` – base and points before
    clipping; `score[n]` – 0–99 as whole numbers, nan where nothing of the card is known; `coverage[n]` – share of the
    card's weight that is known, 0–1; `low_confidence[n]` – it is under one half.
    """

    points: Floats
    bins: NDArray[np.int8]
    known: NDArray[np.bool_]
    total: Floats
    score: Floats
    coverage: Floats
    low_confidence: NDArray[np.bool_]


def scored(card: Card, facts: Facts, *, means: Floats | None = None, asof: float | None = None) -> Scored:
    """The orders of `facts` scored by `card`.

    `means[centres, k]` – points of a missing fact by centre (row = code + 1: the first is of no centre; nan = too few
    know it, the fact leaves the card there); by default learnt from these orders, `mean_points`.
    """
    found = bins(card, facts)
    learnt = mean_points(card, facts, found, asof=asof) if means is None else means
    points = np.zeros(found.shape)
    known = np.zeros(found.shape, bool)
    for place, fact in enumerate(card.facts):
        usual = learnt[facts.centre + 1, place]
        is_known = (found[:, place] >= 0) & ~np.isnan(usual)
        # The bin −1 takes the last of the points, which is then put aside.
        points[:, place] = np.where(is_known, np.asarray(fact.points)[found[:, place]], np.nan_to_num(usual))
        known[:, place] = is_known
    weights = card.weights
    coverage = known @ weights / weights.sum() if weights.sum() else known.mean(axis=1)
    total = np.round(card.base + points.sum(axis=1), 2)
    score = np.where(known.any(axis=1), rounded(card, total), np.nan)
    return Scored(points, found, known, total, score, coverage, coverage < ENOUGH_COVERAGE)


def mean_points(
    card: Card, facts: Facts, found: NDArray[np.int8] | None = None, *, asof: float | None = None
) -> Floats:
    """Mean points of each fact in each centre over its orders of 24 months that know it: `[centres + 1, k]`.

    The first row is of orders without a centre. nan where fewer than 20 orders know the fact.
    """
    binned = bins(card, facts) if found is None else found
    day = asof if asof is not None else float(facts.accepted.max(initial=0))
    fresh = facts.accepted > day - WINDOW_DAYS
    made = np.full((len(facts.centres) + 1, len(card.facts)), np.nan)
    for place, fact in enumerate(card.facts):
        mask = fresh & (binned[:, place] >= 0)
        centre = facts.centre[mask] + 1
        count = np.bincount(centre, minlength=len(made))
        total = np.bincount(centre, np.asarray(fact.points)[binned[mask, place]], minlength=len(made))
        enough = count >= ENOUGH_ORDERS
        made[enough, place] = np.round(total[enough] / count[enough], 2)
    return made


def rounded(card: Card, total: Floats) -> Floats:
    """Scores of totals: clipped to 0–99 and rounded half up; sums of the card `source` are shown as they are."""
    if card.name == "source":
        return np.floor(total + 0.5)
    made: Floats = np.floor(np.clip(total, LOWEST, HIGHEST) + 0.5)
    return made
