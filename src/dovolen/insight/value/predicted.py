"""What every client is expected to bring in the next 365 days: visits × what a visit brings × share of margin.

Visits: the model of repeat buying that foretold best what came after a day left out, persons and companies apart
(`stats.held_out` has the rule); learnt anew on all days. What a visit brings: Gamma-Gamma. A model that does not fit is
said not to, and then there are no sums and no chances, only places. Where Gamma-Gamma foretells sums farther from those
that came than credible means do, the latter are taken: its mean of one-time clients has no bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.rooms import Base
from dovolen.insight.stats import gamma_gamma, repeat_buying
from dovolen.insight.stats.client_days import Buyers, buyers, day_number
from dovolen.insight.stats.grouped import CannotFitError, group
from dovolen.insight.stats.held_out import (
    BLUR,
    CANNOT_TELL,
    DOES_NOT_FIT,
    FITS,
    LEAST_CLIENTS,
    TOLERANCE,
    HeldOut,
    Split,
    held_out,
    split,
)
from dovolen.insight.stats.intervals import z
from dovolen.insight.stats.max_likelihood import Fit
from dovolen.insight.value.joined import index
from dovolen.insight.value.ways import AHEAD, SPEND, Days, Each, Ways

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Money:
    """Sums foretold by one model of spend for the days left out, against those that came; whether spend goes with
    frequency (Pearson's correlation over those who came again: Gamma-Gamma takes it for nothing)."""

    model: str
    word: str
    expected: float
    actual: float
    low: float
    high: float
    correlation: float


@dataclass(frozen=True)
class Foretold:
    """One kind of clients: how the models did on the days left out, and what the chosen one expects."""

    kind: str
    cut: date
    n: int
    held: HeldOut | None
    refused: str
    moneys: tuple[Money, ...]  # models of spend, the best one first
    ways: Ways | None
    each: Each

    @property
    def learnt(self) -> int:
        """Clients known by the cut."""
        return self.held.judged[self.held.chosen].fit.n if self.held else 0

    @property
    def money(self) -> Money | None:
        """The model of spend that came nearest."""
        return self.moneys[0] if self.moneys else None

    @property
    def word(self) -> str:
        """The verdict on visits: fits, does_not_fit or cannot_be_told_yet."""
        return self.held.word if self.held else CANNOT_TELL

    @property
    def fits(self) -> bool:
        """Whether visits and chances may be told."""
        return self.word == FITS

    @property
    def money_fits(self) -> bool:
        """Whether sums may be told: visits and money both fit."""
        return self.fits and self.money is not None and self.money.word == FITS

    @property
    def spread(self) -> float:
        """How far the total may be off: by as much as it was on the days left out, or as chance alone moves it."""
        if not self.held:
            return np.inf
        judged = self.held.judged[self.held.chosen]
        chance = judged.interval[1] - judged.expected
        return max(chance, abs(judged.actual - judged.expected)) / judged.expected


def client_days(base: Base) -> Days:
    """All client-days of the base, as columns."""
    rows = base.views.fetch("SELECT customer_id, visit_date, revenue FROM client_days")
    ids = rows["customer_id"].combine_chunks().dictionary_encode()
    known = base.views.fetch("SELECT customer_id, kind FROM customer_facts WHERE n_orders > 0")
    place = known["customer_id"].cast(ids.dictionary.type).combine_chunks().dictionary_encode()
    kind = np.full(len(ids.dictionary), "unknown", object)
    here = index(ids.dictionary, place.dictionary)
    told = known["kind"].to_numpy(zero_copy_only=False)
    kind[here[here >= 0]] = np.where(told == None, "unknown", told)[here >= 0]  # noqa: E711 – elementwise
    revenue = rows["revenue"].cast(pa.float64()).to_numpy(zero_copy_only=False)
    return Days(
        ids.dictionary.to_numpy(zero_copy_only=False),
        ids.indices.to_numpy().astype(np.int64),
        rows["visit_date"].to_numpy().astype("datetime64[D]"),
        np.nan_to_num(revenue),
        kind,
    )


def cut_for(earliest: date, asof: date) -> date:
    """The day up to which models learn: a year before the end, or the last third of a history under three years."""
    return asof - timedelta(days=min(AHEAD, (asof - earliest).days // 3))


def foretell(
    days: Days, kind: str, kinds: tuple[str, ...], *, earliest: date, asof: date, money: bool
) -> Foretold:  # fmt: skip
    """Models learnt and judged on the days of clients of these kinds, and what the chosen one expects of each."""
    days, cut = days.of(kinds), cut_for(earliest, asof)
    try:
        held = held_out(days.code, days.day, cut=cut.isoformat(), end=asof.isoformat())
        known = buyers(days.code, days.day, asof=asof.isoformat(), money=days.revenue if money else None)
        histories = group(frequency=known.frequency, recency=known.recency, T=known.T)
        fitted = repeat_buying.fit(held.chosen, histories)
    except (CannotFitError, ValueError) as refusal:
        n = len(np.unique(days.code))
        return Foretold(kind, cut, n, None, str(refusal), (), None, Each.nobody())
    moneys = _judged_moneys(days, held.judged[held.chosen].fit, cut, asof) if money else ()
    spend = (moneys[0].model if moneys else "credibility") if money else ""
    sums = SPEND[spend].learnt(known, days) if spend else None
    fits = held.word == FITS
    ways = Ways(kinds, fitted, spend, sums, fits, fits and bool(moneys) and moneys[0].word == FITS)
    return Foretold(kind, cut, len(known.customer), held, "", moneys, ways, ways.each(days, asof))


def _judged_moneys(days: Days, learnt: Fit, cut: date, asof: date) -> tuple[Money, ...]:
    """Models of spend learnt up to the cut against the sums that came after it, the nearest one first."""
    parts: Split = split(days.code, days.day, cut=cut.isoformat(), end=asof.isoformat())
    early = days.day <= np.datetime64(cut)
    before = Days(days.customer, days.code[early], days.day[early], days.revenue[early], days.kind)
    known = buyers(before.code, before.day, asof=cut.isoformat(), money=before.revenue)
    visits = repeat_buying.expected(learnt, parts.calibration, parts.weeks)
    later = ~early & (days.day <= np.datetime64(asof))
    came = np.bincount(days.code[later], weights=days.revenue[later], minlength=len(days.customer))[known.customer]
    along = _along(known)
    judged = [_judge(name, visits * spend.learnt(known, before).means(known, before), came, along)
              for name, spend in SPEND.items()]  # fmt: skip
    return tuple(sorted((one for one in judged if one), key=lambda one: abs(one.actual - one.expected)))


def _judge(model: str, each: Floats, came: Floats, along: float) -> Money | None:
    """One model by the rule of `held_out`; None where nothing is foretold."""
    total, actual = float(each.sum()), float(came.sum())
    chance = z(0.95) * float(np.sqrt(np.sum((came - each) ** 2)))
    if total <= 0:
        return None
    if len(each) < LEAST_CLIENTS or chance > BLUR * total:
        word = CANNOT_TELL
    else:
        word = FITS if abs(actual - total) <= max(TOLERANCE * total, chance) else DOES_NOT_FIT
    return Money(model, word, total, actual, max(0.0, total - chance), total + chance, along)


def _along(known: Buyers) -> float:
    """Correlation of frequency and mean spend, nan where there is no telling."""
    spend = gamma_gamma.group(frequency=known.frequency, monetary=known.monetary)
    told = spend.n > 2 and np.ptp(spend.frequency) > 0 and np.ptp(spend.monetary) > 0
    return float(gamma_gamma.correlation(spend)) if told else float("nan")


Sums = Mapping[str, tuple[float, float, float]]
"""Kind of clients → counted orders, revenue of orders whose costs are known, their margin."""


@dataclass(frozen=True)
class Margins:
    """Sums of margin by client: orders, revenue and margin by `Days.customer`."""

    orders: Floats
    revenue: Floats
    margin: Floats

    def by_kind(self, kind: NDArray[Any]) -> Sums:
        """The sums of each kind of clients that has revenue."""
        told = {}
        for name in np.unique(kind.astype(str)):
            mine = kind == name
            orders, revenue, margin = (float(one[mine].sum()) for one in (self.orders, self.revenue, self.margin))
            if revenue > 0 and orders > 0:
                told[str(name)] = (orders, revenue, margin)
        return told

    def shares(self, kind: NDArray[Any], known: Sums, own_orders: int) -> Floats:
        """Share of margin in each client's revenue, drawn to that of his kind.

        A client's own sums weigh beside `own_orders` average orders of his kind at its share of margin.
        """
        share = np.full(len(kind), np.nan)
        for name, (orders, revenue, margin) in known.items():
            mine = kind == name
            prior = own_orders * revenue / orders
            below = self.revenue[mine] + prior
            drawn = (self.margin[mine] + prior * margin / revenue) / np.where(below > 0, below, np.nan)
            share[mine] = np.where(below > 0, drawn, margin / revenue)
        return share


def margins(base: Base, days: Days) -> Margins | None:
    """What is left of every client's revenue; None where no order tells its costs."""
    found = base.views.fetch(
        "SELECT customer_id, n_orders, revenue_known, margin FROM value_clients "
        "WHERE margin IS NOT NULL AND revenue_known IS NOT NULL AND n_orders > 0"
    )
    if not len(found) and base.population is None:
        return None
    place = index(pa.array(days.customer), found["customer_id"].combine_chunks())
    seen = place >= 0
    sums = {
        name: np.bincount(place[seen], weights=found[name].to_numpy().astype(float)[seen], minlength=len(days.customer))
        for name in ("n_orders", "revenue_known", "margin")
    }
    return Margins(*(sums[name].astype(np.float64) for name in ("n_orders", "revenue_known", "margin")))


def kinds(days: Days) -> dict[str, tuple[str, ...]]:
    """Clients to be foretold together by name: persons, companies, the rest; all when none or one kind is told."""
    told = [kind for kind in ("person", "company", "unknown") if (days.kind == kind).any()]
    if len(told) < 2:
        return {"all": ("person", "company", "unknown")}
    return {kind: (kind,) for kind in told}


def month_ends(first: int, last: int) -> list[int]:
    """Numbers of the last days of the months from the day `first` to the day `last`, both days since 1970-01-01."""
    begin = np.datetime64(first, "D").astype("datetime64[M]")
    end = np.datetime64(last + 1, "D").astype("datetime64[M]")
    return [int(day) for day in day_number(np.arange(begin + 1, end + 1).astype("datetime64[D]")) - 1]
