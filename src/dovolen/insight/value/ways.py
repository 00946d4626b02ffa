"""How visits and sums of clients are foretold once that is learnt; `predicted` learns and judges it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.stats import credibility, gamma_gamma, repeat_buying
from dovolen.insight.stats.client_days import WEEK, Buyers, buyers
from dovolen.insight.stats.grouped import CannotFitError, group
from dovolen.insight.stats.max_likelihood import Fit

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
AHEAD = 365
"""Days foretold."""


@dataclass(frozen=True)
class Days:
    """Client-days as arrays: place of the client in `customer`, his kind, the day, what it brought."""

    customer: NDArray[Any]
    code: Integers
    day: NDArray[Any]
    revenue: Floats
    kind: NDArray[Any]  # one a client

    def of(self, kinds: tuple[str, ...]) -> Days:
        """The days of the clients of these kinds; codes stay those of all clients."""
        kept = np.isin(self.kind, kinds)[self.code]
        return Days(self.customer, self.code[kept], self.day[kept], self.revenue[kept], self.kind)


@dataclass(frozen=True)
class Each:
    """What is expected of each client: his place in `Days.customer`, visits in the next 365 days, whether he is still a
    client, what a visit brings (minor units, nan without money)."""

    code: Integers
    visits: Floats
    alive: Floats
    order: Floats

    @classmethod
    def nobody(cls) -> Each:
        """Of no client."""
        empty = np.empty(0)
        return cls(np.empty(0, np.int64), empty, empty, empty)


class Spend(Protocol):
    """What a visit of a client brings, by his own visits and by what was learnt of all."""

    def means(self, known: Buyers, days: Days, /) -> Floats:
        """Minor units a visit of each of `known`."""

    def values(self) -> list[float]:
        """The numbers it was learnt as."""


@dataclass(frozen=True)
class GammaGamma:
    """By Gamma-Gamma; the mean of all visits where that cannot be learnt."""

    average: float
    fitted: Fit | None

    @classmethod
    def learnt(cls, known: Buyers, days: Days) -> GammaGamma:
        """By these clients and their days."""
        average = float(days.revenue.mean()) if len(days.revenue) else 0.0
        try:
            return cls(average, gamma_gamma.fit(gamma_gamma.group(frequency=known.frequency, monetary=known.monetary)))
        except CannotFitError:
            return cls(average, None)

    def means(self, known: Buyers, _: Days) -> Floats:
        """Minor units a visit of each."""
        if self.fitted is None:
            return np.full(len(known.customer), self.average)
        # The model knows positive sums alone; he who came again for nothing is one of whom nothing is known.
        frequency = np.where(np.nan_to_num(known.monetary) > 0, known.frequency, 0)
        mean = gamma_gamma.expected_mean(self.fitted, frequency=frequency, monetary=known.monetary)
        return np.asarray(np.where(np.isfinite(mean), mean, self.average))

    def values(self) -> list[float]:
        """The mean of all visits and the parameters."""
        return [self.average, *(self.fitted.values.tolist() if self.fitted else ())]

    @classmethod
    def again(cls, values: list[float]) -> GammaGamma:
        """Of its numbers."""
        average, *fitted = values
        return cls(average, _fit("gamma_gamma", gamma_gamma.NAMES, fitted) if fitted else None)


@dataclass(frozen=True)
class Credible:
    """His own mean drawn to that of all clients."""

    all: credibility.Credibility

    @classmethod
    def learnt(cls, _: Buyers, days: Days) -> Credible:
        """By all amounts."""
        return cls(credibility.learnt(days.code, days.revenue))

    def means(self, known: Buyers, days: Days) -> Floats:
        """Minor units a visit of each."""
        return np.asarray(self.all.means(days.code, days.revenue, len(days.customer))[known.customer])

    def values(self) -> list[float]:
        """Centre and worth."""
        return [self.all.centre, self.all.worth]

    @classmethod
    def again(cls, values: list[float]) -> Credible:
        """Of its numbers."""
        return cls(credibility.Credibility(*values))


SPEND: dict[str, type[GammaGamma] | type[Credible]] = {"gamma_gamma": GammaGamma, "credibility": Credible}
"""Models of what a visit brings."""


def _fit(model: str, names: Sequence[str], values: Sequence[float]) -> Fit:
    """A model with these parameters, whatever it was learnt of."""
    return Fit(model, dict(zip(names, values, strict=True)), None, float("nan"), 0, converged=True, undetermined=())


@dataclass(frozen=True)
class Ways:
    """How visits and sums of some kinds of clients are foretold, and whether either may be told."""

    kinds: tuple[str, ...]
    visits: Fit
    spend: str  # of SPEND; empty without money
    sums: Spend | None
    fits: bool
    money_fits: bool

    def each(self, days: Days, asof: date) -> Each:
        """What is expected of these clients, all of the kinds meant."""
        money = self.sums is not None
        known = buyers(days.code, days.day, asof=asof.isoformat(), money=days.revenue if money else None)
        if not len(known.customer):
            return Each.nobody()
        histories = group(frequency=known.frequency, recency=known.recency, T=known.T)
        return Each(
            known.customer.astype(np.int64),
            repeat_buying.expected(self.visits, histories, AHEAD / WEEK),
            repeat_buying.probability_alive(self.visits, histories),
            self.sums.means(known, days) if self.sums else np.full(len(known.customer), np.nan),
        )

    def kept(self) -> dict[str, Any]:
        """One row, as `again` reads it."""
        return {
            "kinds": list(self.kinds), "model": self.visits.model, "values": self.visits.values.tolist(),
            "spend": self.spend, "sums": self.sums.values() if self.sums else [], "fits": self.fits,
            "money_fits": self.money_fits,
        }  # fmt: skip

    @classmethod
    def again(cls, row: dict[str, Any]) -> Ways:
        """What `kept` holds."""
        visits = _fit(row["model"], repeat_buying.MODELS[row["model"]].names, row["values"])
        sums = SPEND[row["spend"]].again(row["sums"]) if row["spend"] else None
        return cls(tuple(row["kinds"]), visits, row["spend"], sums, row["fits"], row["money_fits"])
