"""P(return within 12 months): learnt on days that are past, judged on the year that followed, then learnt anew.

Every client who came in the 365 days to a day learnt from is a case; whether he came of himself within the days that
followed is its label. Labels of shorter waits have an intercept of their own, so that a base hardly two years old
speaks also of clients with a year of history. The model is a logistic regression on a few columns that read as
sentences; nothing about the person is among them.

Sources: Fader & Hardie 2005 (why recency and frequency speak, 10.1509/jmkr.2005.42.4.415); Steyerberg 2019, Clinical
Prediction Models, ch. 15 (split by time, calibration before use).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np

from dovolen.insight.risk.points import POINTS
from dovolen.insight.risk.population import HORIZONS, YEAR, Clients, Floats
from dovolen.insight.stats import logistic, predictions

UNUSED = ("silent_beyond_rhythm", "falls_out_of_best", "promise_at_risk", "low_satisfaction")
"""Points that are not columns: two restate recency, one is of the day, one is told by settled scores."""

ENOUGH = 100
"""Clients of a day under which nothing is learnt or judged."""
PLENTY = 10_000
"""Clients of a day, evenly spaced, that are enough to learn from; with so many the prior no longer matters."""
STRENGTHS = (1.0, 10.0, 100.0)
SLOPE_OFF, INTERCEPT_OFF = 0.1, 0.1
"""How far from true a slope or an intercept may be before probabilities are not shown (0.1 of a logit: 2½ points)."""


@dataclass(frozen=True)
class Column:
    """One column of the model: the factor it belongs to, and its values on a day."""

    factor: str
    values: Floats


def history(clients: Clients) -> list[Column]:
    """What his visits say: how long ago, how often, for how long, in what rhythm, for how much."""
    recency, tenure, days = clients["recency"], clients["tenure"], np.maximum(clients["n_days"], 1)
    gap = np.where(days > 1, (tenure - recency) / np.maximum(days - 1, 1), 0.0)
    once = days < 2
    order = clients["revenue_365"] / np.maximum(clients["n_orders"], 1)
    return [
        Column("recency", np.log1p(recency)),
        Column("recency", np.minimum(recency, 90.0)),
        Column("recency", recency),
        Column("recency", np.log1p(clients["days_91"])),
        Column("frequency", np.log(days)),
        Column("frequency", once.astype(np.float64)),
        Column("frequency", np.log(np.maximum(clients["days_365"], 1))),
        Column("frequency", np.log(days / (tenure + 60))),
        Column("tenure", np.log1p(tenure)),
        Column("recency", np.where(once, 0.0, np.log((recency + 7) / (gap + 7)))),
        Column("money", np.log1p(np.maximum(order, 0))),
        Column("several_centres", clients["several_centres"]),
        Column("is_company", clients["is_company"]),
        Column("n_assets", np.log1p(clients["n_assets"])),
        *(Column(f"work.{name}", clients[f"work_{place}"]) for place, name in enumerate(clients.works)),
    ]


def service(clients: Clients) -> list[Column]:
    """How he was served: late orders, satisfaction, points of risk."""
    late = (clients["n_late"] + 0.5) / (clients["n_promised"] + 2)
    scored, total, usual = clients["n_scored"], clients["score_sum"], usual_score(clients)
    felt = np.where(scored > 0, (total - usual * scored) / (scored + 2), 0.0)
    points = [Column(f"point.{name}", clients[f"point_{name}"]) for name in POINTS if name not in UNUSED]
    return [Column("late_share", late), Column("satisfaction", felt), *points]


def usual_score(clients: Clients) -> float:
    """Mean settled score on the day."""
    if clients.usual is not None:
        return clients.usual
    return float(clients["score_sum"].sum() / max(clients["n_scored"].sum(), 1.0))


@dataclass(frozen=True)
class Model:
    """A fitted model with the scale of its columns; `learnt` = cases a day."""

    factors: tuple[str, ...]
    middle: Floats
    spread: Floats
    fitted: logistic.Logistic
    strength: float
    learnt: tuple[tuple[date, int, int], ...]
    served: bool = True

    def contributions(self, clients: Clients) -> Floats:
        """What each column adds to the logit of each client (n × k)."""
        x = (_matrix(_columns(clients, served=self.served)) - self.middle) / self.spread
        result: Floats = x * self.fitted.coefficients[: x.shape[1]]
        return result

    def chances(self, clients: Clients) -> Floats:
        """P(return within 365 days) of each client."""
        logits = self.fitted.intercept + self.contributions(clients).sum(axis=1)
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), np.float64)


@dataclass(frozen=True)
class Judgement:
    """What a year that was not learnt from says of the model."""

    day: date
    history_days: int
    auc: predictions.Auc
    alone: dict[str, predictions.Auc]
    recency: predictions.Gain
    frequency: predictions.Gain
    calibration: predictions.Calibration
    deciles: Sequence[predictions.Decile]
    brier: float
    share: float
    predicted: float
    p: Floats = field(repr=False)
    returned: Floats = field(repr=False)

    @property
    def true(self) -> bool:
        """Whether probabilities may be shown: not surely off by more than is told apart in practice."""
        one = self.calibration
        off = one.slope_low > 1 + SLOPE_OFF or one.slope_high < 1 - SLOPE_OFF
        shifted = one.low > INTERCEPT_OFF or one.high < -INTERCEPT_OFF
        return not (off or shifted or np.isnan(one.slope))


def learnt(
    by_day: dict[date, Clients], until: date, *, served: bool = True, strength: float | None = None
) -> Model | None:
    """The model that what is known on `until` gives; None where a whole year behind it has too few clients."""
    parts = [(wait, by_day[until - timedelta(days=wait)].some(PLENTY)) for wait in HORIZONS]
    parts = [(wait, clients) for wait, clients in parts if len(clients) >= ENOUGH]
    labels = [clients.returned(wait) for wait, clients in parts]
    if not parts or parts[0][0] != YEAR or not _both(labels[0]):
        return None
    columns = [_columns(clients, served=served) for _, clients in parts]
    x = np.vstack([_matrix(one) for one in columns])
    middle, spread = x.mean(axis=0), x.std(axis=0)
    spread = np.where(spread > 1e-9, spread, 1.0)
    waits = [np.full(len(clients), wait) for wait, clients in parts]
    shorter = (np.concatenate(waits)[:, None] == [wait for wait, _ in parts[1:]]).astype(np.float64)
    design, y = np.hstack([(x - middle) / spread, shorter]), np.concatenate(labels)
    weight = np.full(len(y), 1 / len(parts))  # a client stands once a day learnt from
    if strength is None and len(y) > PLENTY:
        strength = STRENGTHS[0]
    elif strength is None:
        chosen = logistic.strength_by_cross_validation(design, y, weight=weight, strengths=STRENGTHS, folds=3)
        strength = chosen.value
    prior = np.concatenate([np.full(x.shape[1], strength), np.full(shorter.shape[1], 0.01)])
    fitted = logistic.fit(design, y, weight=weight, strength=prior)
    told = tuple((clients.day, len(clients), wait) for wait, clients in parts)
    return Model(tuple(one.factor for one in columns[0]), middle, spread, fitted, strength, told, served)


def by_visits(clients: Clients, *, without: tuple[str, ...] = ()) -> Floats:
    """P(return) that their visits alone foretell, learnt from the very year that followed: who is like whom.

    `without` names factors left out: who is silent is not compared with those silent as long.
    """
    returned = clients.returned()
    if not _both(returned):
        return np.full(len(clients), returned.mean() if len(clients) else 0.0)
    x = _matrix([one for one in history(clients) if one.factor not in without])
    spread = x.std(axis=0)
    scaled = (x - x.mean(axis=0)) / np.where(spread > 1e-9, spread, 1.0)
    return logistic.probability(logistic.fit(scaled, returned, strength=1.0), scaled)


def judged(model: Model, clients: Clients, earliest: date) -> Judgement | None:
    """What the year after the clients' day says; None where too few clients or one outcome alone."""
    returned = clients.returned()
    if len(clients) < ENOUGH or not _both(returned):
        return None
    p = model.chances(clients)
    one = predictions.auc(p, returned)
    recency, frequency = (predictions.auc_gain(p, score, returned) for score in scores(clients).values())
    calibration = predictions.calibration(p, returned)
    alone = {name: predictions.auc(score, returned) for name, score in scores(clients).items()}
    if one is None or recency is None or frequency is None or calibration is None:
        return None
    first = model.learnt[0][0]
    return Judgement(
        clients.day, (first - earliest).days + 1, one, {name: auc for name, auc in alone.items() if auc},
        recency, frequency, calibration, predictions.deciles(p, returned),
        predictions.brier(p, returned), float(returned.mean()), float(p.mean()), p, returned,
    )  # fmt: skip


def scores(clients: Clients) -> dict[str, Floats]:
    """What the model is compared with: recency alone, frequency alone."""
    return {"recency": -clients["recency"], "frequency": clients["n_orders"]}


def ranks(p: Floats) -> Floats:
    """Percentile 1–100 of each probability among all, 100 the likeliest to return; equals share the higher."""
    return percentiles(p, cuts(p))


def cuts(p: Floats) -> Floats:
    """The least probability in each percentile of these; nothing where there are none."""
    return np.sort(p)[np.arange(100) * len(p) // 100] if len(p) else p


def percentiles(p: Floats, cuts: Floats) -> Floats:
    """The percentile 1–100 of each probability by the cuts; less than all of them is the first."""
    return np.asarray(np.maximum(1, np.searchsorted(cuts, p, side="right")), np.float64)


def tenths(judged: Judgement) -> Floats:
    """By tenth of the ranking, 1–10, the share that returned in the judged year; the first entry is of none."""
    tenth = np.ceil(ranks(judged.p) / 10).astype(np.int64)
    n = np.bincount(tenth, minlength=11)
    back = np.bincount(tenth, weights=judged.returned, minlength=11)
    return np.asarray((back + judged.share) / (n + 1), np.float64)  # an empty tenth – ties – has everybody's share


def observed(tenths: Floats, rank: Floats) -> Floats:
    """The share that returned of the tenth in which each percentile lies."""
    return np.asarray(tenths[np.ceil(rank / 10).astype(np.int64)], np.float64)


LEAST_TOLD = 20
"""Clients on either side of a factor under which its weight is not told."""


@dataclass(frozen=True)
class Weight:
    """What one factor does: mean change of the chance, in shares, from those low in it to those high in it."""

    factor: str
    change: float
    low: float
    high: float
    n: int


MEASURES = {
    "recency": "recency", "frequency": "n_days", "tenure": "tenure", "money": "revenue_365", "n_assets": "n_assets",
}  # fmt: skip
"""The number that a factor is told by."""


def weights(model: Model, clients: Clients) -> list[Weight]:
    """Factors by what they do to these clients: quarter with the least of it against quarter with the most."""
    parts, p = model.contributions(clients), model.chances(clients)
    slope = float((p * (1 - p)).mean())
    columns = _columns(clients, served=model.served)
    made = []
    for factor in dict.fromkeys(model.factors):
        places = [place for place, name in enumerate(model.factors) if name == factor]
        told = parts[:, places].sum(axis=1)
        values = clients[MEASURES[factor]] if factor in MEASURES else columns[places[0]].values
        low, high = _ends(values)
        if min(low.sum(), high.sum()) < LEAST_TOLD:
            continue
        least, most = float(np.median(values[low])), float(np.median(values[high]))
        made.append(Weight(factor, slope * float(told[high].mean() - told[low].mean()), least, most, int(high.sum())))
    return sorted(made, key=lambda one: -abs(one.change))


def _ends(values: Floats) -> tuple[np.ndarray, np.ndarray]:
    """Who has little and who has much: 0 and 1 of a sign, else the outer quarters."""
    if set(np.unique(values)) <= {0.0, 1.0}:
        return values == 0, values == 1
    low, high = np.quantile(values, [0.25, 0.75])
    return (values <= low, values >= high) if low < high else (values <= low, values > low)


def _columns(clients: Clients, *, served: bool) -> list[Column]:
    return [*history(clients), *(service(clients) if served else [])]


def _matrix(columns: Sequence[Column]) -> Floats:
    return np.column_stack([one.values for one in columns])


def _both(labels: Floats) -> bool:
    ones = labels.sum()
    return bool(min(ones, len(labels) - ones) >= 20)
