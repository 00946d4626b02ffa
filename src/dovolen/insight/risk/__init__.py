"""Who may leave: points of risk with evidence, what each did in this base, the chance that a client returns."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.risk import chance, listed, points, returns, told
from dovolen.insight.risk.chance import Judgement, Model
from dovolen.insight.risk.foresight import Foresight
from dovolen.insight.risk.population import Clients, Floats, days, of_day, population
from dovolen.insight.rooms import Base, Pieces

__all__ = ["Risk"]

QUIET = 14
"""Days without an order with which data may end – a holiday – before the year to the study's day is not whole."""


class Risk:
    """The room of risk. Lends `client_chances`; needs clients, and of everything else only what each point asks for."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._possible = base.has("orders.customer_id")
        points.lend(base, (base.asof,) if base.population else days(base.asof))
        base.views.offer("client_chances", self._chances)

    def figures(self) -> list[Figure]:
        """How many stand under a point, what of the year's money that is, how well returns are foretold."""
        if not self._possible:
            return []
        return [*listed.figures(self._now, self._at_risk), *told.figures(self._judged, self._year_ago, self._period)]

    def sheets(self) -> list[Sheet | None]:
        """Points with what they did here, the list of names, and the chance of return: judged, explained, by tens."""
        if not self._possible:
            return []
        found, judged = self._returns, self._judged
        made = [
            listed.points_sheet(self._now, found, self._seen, self._period),
            listed.returns_sheet(found, self._period),
            self.names(),
        ]
        if judged is None or self._model is None:
            return [*made, told.not_judged(self._why_not)]
        return [
            *made, told.verdict(judged), told.compare(judged), told.deciles(judged),
            told.weights(self._latest or self._model, self._now),
        ]  # fmt: skip

    def names(self) -> Sheet | None:
        """Who stands under which point, with evidence."""
        if not self._possible:
            return None
        return listed.names(self._base, self._now, self._at_risk if self._base.has("orders.revenue") else None)

    def clients(self) -> pa.Table | None:
        """Chance, its percentile, points and what is at risk, of clients who came in the last 365 days."""
        if not self._possible:
            return None
        now = self._now
        chances = self._chances()
        codes = [";".join(found) for found in listed.codes(now)]
        money = self._at_risk
        value = np.round(money) if money is not None and self._base.has("orders.revenue") else None
        return pa.table(
            {
                **{name: chances[name] for name in chances.column_names},
                "risk_points": pa.array(codes, pa.string()),
                "n_risk_points": pa.array([found.count(";") + bool(found) for found in codes], pa.int64()),
                "value_at_risk": pa.nulls(len(now), pa.int64()) if value is None else pa.array(value.astype(np.int64)),
            }
        )

    def population(self) -> Mapping[str, pa.Table]:
        """What is known of returning."""
        return {"chance": self._foresight.kept()} if self._possible else {}

    def files(self) -> Mapping[str, Pieces]:
        """None."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Columns for want of which some points cannot be seen."""
        if not self._possible:
            return [("risk", "orders.customer_id")]
        needed = dict.fromkeys(column for columns in points.POINTS.values() for column in columns)
        return [("risk.points", column) for column in needed if not self._base.has(column)]

    # Clients of each day

    @cached_property
    def _by_day(self) -> dict[date, Clients]:
        return population(self._base.views, self._base.asof)

    @cached_property
    def _now(self) -> Clients:
        known = self._known
        if known is None:
            return self._by_day[self._base.asof]
        return of_day(self._base.views, self._base.asof, known.works, known.usual)

    @property
    def _year_ago(self) -> Clients:
        return self._by_day[self._base.asof - timedelta(days=365)]

    @property
    def _period(self) -> tuple[date, date]:
        """The year in which returns were waited for."""
        return self._year_ago.day + timedelta(days=1), self._base.asof

    @cached_property
    def _reaches(self) -> bool:
        """Whether the data reach the study's day: the end of a file is nobody's leaving."""
        latest = self._base.views.row("SELECT MAX(accepted_date) AS latest FROM orders")["latest"]
        return latest is not None and (self._base.asof - latest).days <= QUIET

    @property
    def _whole(self) -> bool:
        """Whether the year to the study's day lies wholly inside the data."""
        return self._reaches and self._year_ago.day >= self._base.earliest

    @cached_property
    def _seen(self) -> frozenset[str]:
        """Points that the source can show at all."""
        return frozenset(
            point for point, columns in points.POINTS.items() if all(self._base.has(column) for column in columns)
        )

    @cached_property
    def _returns(self) -> dict[str, returns.Returned]:
        """How clients of a year ago returned, by point; nothing where their year is not whole."""
        if not self._whole or not len(self._year_ago):
            return {}
        clients = self._year_ago
        alike, as_often = chance.by_visits(clients), chance.by_visits(clients, without=points.SILENCE)
        asked = {
            point: (clients.has(point), as_often if point in points.OF_VISITS else alike)
            for point in points.POINTS if point in self._seen
        }  # fmt: skip
        return returns.compared(asked, clients.returned(), minimum=self._base.config.minimum)

    # Chance of return

    @cached_property
    def _model(self) -> Model | None:
        """Learnt to a year before the study's day."""
        return chance.learnt(self._by_day, self._year_ago.day) if self._whole else None

    @cached_property
    def _judged(self) -> Judgement | None:
        return None if self._model is None else chance.judged(self._model, self._year_ago, self._base.earliest)

    @cached_property
    def _latest(self) -> Model | None:
        """Learnt to the study's day, by the same recipe that was judged."""
        if self._judged is None or self._model is None:
            return None
        return chance.learnt(self._by_day, self._base.asof, strength=self._model.strength)

    @cached_property
    def _known(self) -> Foresight | None:
        """What an earlier study of the whole base kept; None where this one has to learn."""
        kept = self._base.learnt("chance")
        return None if kept is None else Foresight.again(kept)

    @cached_property
    def _foresight(self) -> Foresight:
        """What is known of returning."""
        enough = self._known is None and self._whole and len(self._year_ago) >= self._base.config.minimum
        share = float(self._year_ago.returned().mean()) if enough else None
        return self._known or Foresight.learnt(self._latest, self._judged, self._now, share)

    @property
    def _why_not(self) -> str:
        """Why nothing was judged: the end is not whole, the base is young, or it is small."""
        if not self._reaches:
            return "whole"
        learnt_from = self._base.asof - timedelta(days=730)
        return "young" if learnt_from < self._base.earliest else "small"

    def _chances(self) -> pa.Table:
        """`client_chances`: probability where it may be shown, percentile where the model was judged."""
        if not self._possible:
            return pa.table({name: pa.nulls(0, kind) for name, kind in (
                ("customer_id", pa.int64()), ("p_return", pa.float64()), ("chance_rank", pa.int64())
            )})  # fmt: skip
        known, size = self._foresight, len(self._now)
        p = known.chances(self._now)
        return pa.table(
            {
                "customer_id": self._now.customer_id,
                "p_return": pa.nulls(size, pa.float64()) if p is None or not known.true else pa.array(p),
                "chance_rank": pa.nulls(size, pa.int64()) if p is None else pa.array(known.ranks(p).astype(np.int64)),
            }
        )

    @cached_property
    def _at_risk(self) -> Floats | None:
        """The year's money of each client times the chance that he does not return."""
        return self._foresight.at_risk(self._now)
