"""The score of every order as it stands: by the card, or by the client's own answer, which outweighs it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.satisfaction.cards import Card
from dovolen.insight.satisfaction.facts import ANSWER, Facts
from dovolen.insight.satisfaction.scoring import Scored, mean_points, scored

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

LATER = ("came_back", "complaint")
"""Facts that may become known after an order is closed; until then they had not happened."""


@dataclass(frozen=True)
class Usual:
    """What all orders tell of one: points of a fact that is not known, by centre (`mean_points`), and whether the
    source tells at all when orders are over."""

    means: Floats
    ends_told: bool

    @classmethod
    def learnt(cls, card: Card, facts: Facts, asof: float) -> Usual:
        """By these orders."""
        return cls(mean_points(card, facts, asof=asof), bool((~np.isnan(facts.scored)).any()))


@dataclass(frozen=True)
class Scores:
    """Every order with its score; all arrays have a row an order, in the order of `facts`.

    `satisfaction` – the answer where there is one, else the card's score, nan where neither; `before` – the score as
    it stood when the order was closed, nan unless later facts changed it; `rescored` – the day of the latest of them;
    `usual` – what all orders told.
    """

    card: Card
    facts: Facts
    made: Scored
    usual: Usual
    satisfaction: Floats
    answered: Flags
    before: Floats
    rescored: Floats

    @cached_property
    def closed(self) -> Flags:
        """Orders that are over; all of them where the source does not tell."""
        known = ~np.isnan(self.facts.scored)
        return known if self.usual.ends_told else np.ones(len(known), bool)

    @property
    def means(self) -> Floats:
        """Points of a fact that is not known, by centre."""
        return self.usual.means

    @cached_property
    def day(self) -> Floats:
        """Day an order counts for: when it was closed, else accepted."""
        return np.where(np.isnan(self.facts.scored), self.facts.accepted, self.facts.scored)

    @cached_property
    def counts(self) -> Flags:
        """Orders that count in means: closed and scored."""
        return self.closed & ~np.isnan(self.satisfaction)

    @cached_property
    def sure(self) -> Flags:
        """Orders that may be ranked: enough of the card is known, or the client himself answered."""
        return self.counts & (~self.made.low_confidence | self.answered)

    def lost(self, rows: NDArray[np.int64]) -> Floats:
        """Points that each known fact took from these orders, `[rows, k]` ≥ 0: its best bin's less those it gave."""
        best = np.array([max(fact.points) for fact in self.card.facts])
        made: Floats = np.where(self.made.known[rows], best - self.made.points[rows], 0.0)
        return made


def scores(card: Card, facts: Facts, asof: float, usual: Usual | None = None) -> Scores:
    """The orders of `facts` scored by `card`, with what the day `asof` knows (days since 1970).

    `usual`: what all orders tell; by default it is learnt from these.
    """
    usual = usual or Usual.learnt(card, facts, asof)
    made = scored(card, facts, means=usual.means)
    answer = facts.values.get(ANSWER, np.full(len(facts), np.nan))
    answered = ~np.isnan(answer)
    satisfaction = np.where(answered, np.floor(answer + 0.5), made.score)
    late = _learnt_later(facts)
    rescored = np.full(len(facts), np.nan)
    for days in late.values():
        rescored = np.fmax(rescored, days)
    before = np.full(len(facts), np.nan)
    places = np.flatnonzero(~np.isnan(rescored))
    if len(places):
        then = _without(facts.take(places), {name: ~np.isnan(days[places]) for name, days in late.items()})
        before[places] = scored(card, then, means=usual.means).score
    before = np.where(before != satisfaction, before, np.nan)
    rescored = np.where(np.isnan(before), np.nan, rescored)
    return Scores(card, facts, made, usual, satisfaction, answered, before, rescored)


def _learnt_later(facts: Facts) -> dict[str, Floats]:
    """Day of each fact that was learnt after the order was closed; nan where it was not."""
    found = {}
    for name in (*LATER, ANSWER):
        if name in facts.dates:
            days = facts.dates[name]
            found[name] = np.where(days >= facts.scored, days, np.nan)
    return found


def _without(facts: Facts, later: dict[str, Flags]) -> Facts:
    """The facts as they were before those of `later` happened."""
    values = dict(facts.values)
    for name in LATER:
        if name in later and name in values:
            values[name] = np.where(later[name], 0.0, values[name])
    if "came_back" in later and "came_back_late" in values:
        values["came_back_late"] = np.where(later["came_back"], 0.0, values["came_back_late"])
    return replace(facts, values=values)


def order_scores(made: Scores) -> pa.Table:
    """What other rooms are lent: an order's score, how much of the card it stands on, and its days."""
    facts = made.facts
    customer = facts.customer_id if facts.customer_id is not None else pa.nulls(len(facts), pa.int64())
    return pa.table(
        {
            "order_id": facts.order_id,
            "customer_id": customer,
            "accepted_date": days(facts.accepted.astype(np.float64)),
            "scored_date": days(facts.scored),
            "satisfaction": whole(made.satisfaction),
            "coverage": pa.array(made.made.coverage),
            "low_confidence": pa.array((made.made.low_confidence & ~made.answered).astype(np.int64)),
        }
    )


def days(values: Floats) -> pa.Array:
    """Days since 1970 as dates; nan = null."""
    empty = np.isnan(values)
    return pa.array(np.where(empty, 0, values).astype(np.int32), pa.int32(), mask=empty).cast(pa.date32())


def whole(values: Floats) -> pa.Array:
    """Whole numbers; nan = null."""
    empty = np.isnan(values)
    return pa.array(np.where(empty, 0, values).astype(np.int64), mask=empty)
