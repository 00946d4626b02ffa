"""The room of satisfaction: scores of orders and clients, weak points, and how far the score may be believed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property, partial

import numpy as np
import pyarrow as pa

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.satisfaction import cards, clients, files, lists, people, summary, weak_points
from dovolen.insight.satisfaction import scores as scoring
from dovolen.insight.satisfaction.cards import Card
from dovolen.insight.satisfaction.clients import ClientScores
from dovolen.insight.satisfaction.facts import read
from dovolen.insight.satisfaction.scores import Scores, Usual
from dovolen.insight.satisfaction.self_check import SelfCheck
from dovolen.insight.satisfaction.weak_points import Period

EPOCH = date(1970, 1, 1)
YEAR, QUARTER = 365, 91

NEEDS = (
    ("satisfaction.delay", "orders.promised_at"),
    ("satisfaction.delay", "orders.ready_at"),
    ("satisfaction.came_back", "orders.rework_of"),
    ("satisfaction.contacts_in", "contacts.direction"),
    ("satisfaction.over_estimate", "orders.estimate"),
    ("satisfaction.repair_ratio", "orders.ready_at"),
    ("satisfaction.complaint", "cases.kind"),
    ("satisfaction.stages", "stages.entered_at"),
    ("satisfaction.answer", "feedback.score"),
    ("satisfaction.clients", "orders.customer_id"),
)
"""Facts of service and the column without which they cannot be seen."""

INSTEAD = {
    "orders.promised_at": ("promises.promised_at",),
    "orders.ready_at": ("orders.picked_up_at",),
    "orders.rework_of": ("orders.fault_text",),
    "orders.estimate": ("estimates.amount",),
}
"""Columns that tell the same."""


class Satisfaction:
    """Satisfaction 0–99: figures, sheets, customers' columns, orders.parquet and points.parquet; lends the scores."""

    def __init__(self, base: Base) -> None:
        self._base = base
        base.views.offer("order_scores", lambda: scoring.order_scores(self.scores))
        base.views.offer("client_scores", lambda: clients.offered(self._clients))

    def figures(self) -> list[Figure]:
        """Mean score, share of low scores, how much they stand on, share of clients eligible for offers."""
        config = self._base.config
        return summary.figures(self.scores, self._year, self._clients, config.offer_cut, config.minimum)

    def sheets(self) -> list[Sheet | None]:
        """Distribution, means by class, category and month, weak points with their orders, slips, the card."""
        config, made, year = self._base.config, self.scores, self._year
        return [
            summary.distribution(made, year),
            weak_points.facts(made, year, config.minimum),
            *weak_points.places(made, year, config.minimum),
            *people.sheets(made, year, config.minimum),
            weak_points.by_month(made, self._base.asof, config.minimum),
            summary.by_class(self._clients, self._classes, config.minimum) if len(self._clients) else None,
            *self._lists(),
            weak_points.orders(made, year),
            summary.card(made, year),
        ]

    def clients(self) -> pa.Table | None:
        """satisfaction, satisfaction_worst3, satisfaction_latest, satisfaction_coverage, eligible_for_offers."""
        if not len(self._clients) and self._base.population is None:
            return None
        return clients.columns(self._clients, self._base.config.offer_cut)

    def population(self) -> Mapping[str, pa.Table]:
        """The card in use, and the points of what is not known by centre."""
        centres = pa.array([None, *self.scores.facts.centres], pa.string())
        means = pa.table({"centre": centres, "means": pa.array(self.scores.means.tolist(), pa.list_(pa.float64()))})
        card = {**cards.kept(self.card), "ends_told": self.scores.usual.ends_told}
        return {"satisfaction_card": pa.Table.from_pylist([card]), "satisfaction_means": means}

    def files(self) -> Mapping[str, Pieces]:
        """orders.parquet, points.parquet, and clients' scores by category of asset."""
        if not self._base.has("orders.order_id"):
            return {}
        found: dict[str, Pieces] = {
            "orders": partial(self._pieces, "orders"),
            "points": partial(self._pieces, "points"),
        }
        if self._base.has("orders.customer_id", "assets.category"):
            found["client_categories"] = partial(self._pieces, "client_categories")
        return found

    def missing(self) -> list[tuple[str, str]]:
        """Facts of service that this source does not tell, with the column that would."""
        has = self._base.has
        return [
            (what, column)
            for what, column in NEEDS
            if not has(column) and not any(has(other) for other in INSTEAD.get(column, ()))
        ]

    @cached_property
    def card(self) -> Card:
        """The scorecard in use; the learnt one where it is asked for and has proved better, else `evidence`."""
        known = self._base.learnt("satisfaction_card")
        if known is not None:
            return cards.card(known.to_pylist()[0])
        asked, own = self._base.config.scorecard, self._base.config.card_points
        if asked != "calibrated":
            return cards.with_points(cards.load(asked), own)
        learnt = SelfCheck(self._base).learnt
        found = learnt.card if learnt is not None and learnt.card is not None else cards.load("evidence")
        return cards.with_points(found, own)

    @cached_property
    def scores(self) -> Scores:
        """Every order scored."""
        found = read(self._base, source=self._base.config.scorecard == "source")
        return scoring.scores(self.card, found, self._today, self._usual(found.centres))

    def _usual(self, centres: tuple[str, ...]) -> Usual | None:
        """What all orders told of these centres in an earlier study; None: to be learnt."""
        known, card = self._base.learnt("satisfaction_means"), self._base.learnt("satisfaction_card")
        if known is None or card is None:
            return None
        told = dict(zip(known["centre"].to_pylist(), known["means"].to_pylist(), strict=True))
        nothing = np.full(len(self.card.facts), np.nan)
        means = np.array([told.get(name, nothing) for name in (None, *centres)], np.float64)
        return Usual(means, card["ends_told"][0].as_py())

    @property
    def _today(self) -> float:
        return float((self._base.asof - EPOCH).days)

    @cached_property
    def _clients(self) -> ClientScores:
        return clients.client_scores(self.scores, self._today, self._base.config.score_half_life_days)

    @cached_property
    def _year(self) -> Period:
        return weak_points.period(self.scores, self._base.asof, YEAR)

    @cached_property
    def _classes(self) -> pa.Table:
        return self._base.views.fetch("SELECT customer_id, name, class, manager FROM customer_facts")

    def _lists(self) -> list[Sheet | None]:
        """Whom to call: slips with the clients who matter most, and everybody whose latest order went badly."""
        if not len(self._clients):
            return []
        cut, of = self._base.config.offer_cut, weak_points.period(self.scores, self._base.asof, QUARTER)
        return [lists.slips(self.scores, of, self._classes, cut), lists.low(self.scores, of, self._classes, cut)]

    def _pieces(self, name: str) -> Iterator[pa.Table]:
        if name == "orders":
            return files.orders(self.scores)
        if name == "points":
            return files.points(self.scores)
        found = clients.client_scores(
            self.scores, self._today, self._base.config.score_half_life_days, by_category=True
        )
        return iter([clients.by_category(found, self._clients, self._base.config.offer_cut)])
