"""A card learnt from labels, and the proof on later orders that it is better than the one it began with.

Two ways (docs/adr/0010): from 100 labels with 30 of the rarer kind the whole card is stretched to true odds (Platt
scaling); from 300 every step of every fact is learnt – logistic regression on steps that only ever lower the score,
held by a prior to the points it began with.

Sources: Platt 1999; scale of points by Siddiqi 2006 (10 points double the odds); Cessie & Van Houwelingen 1992.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import log

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.satisfaction.cards import Card, CardFact
from dovolen.insight.satisfaction.facts import BESIDE, Facts
from dovolen.insight.satisfaction.labels import Labels, as_known
from dovolen.insight.satisfaction.scoring import mean_points, scored
from dovolen.insight.stats import intervals, logistic, predictions
from dovolen.insight.stats.predictions import Calibration, Gain

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ENOUGH, ENOUGH_RARER, ENOUGH_FOR_STEPS = 100, 30, 300
EVEN_ODDS = 50.0
PER_LOGIT = 10 / log(2)
"""Points in one unit of log-odds: 14.43."""

LEARNT_ON = 2 / 3
"""Share of the labelled orders, the earliest, that a card is learnt on before it is judged on the rest."""

CENTRE_FOLDS = 5
ENOUGH_FOR_MEANS = 100_000

AFTERWARDS = ("resolution_days", "debt")
"""Facts without a day of their own that may have come after the label: nothing is learnt of them."""


@dataclass(frozen=True)
class Trial:
    """A way of learning, judged on orders it has not seen: `split` is time, or centre (later orders of other centres).

    `gain` – AUC less that of the card it began with; `better` – what the error of saying the usual share of everybody
    (Brier) is lower with it, with interval.
    """

    way: str
    split: str
    gain: Gain
    better: float
    better_low: float
    better_high: float
    brier: float
    calibration: Calibration | None

    @property
    def wins(self) -> bool:
        """Whether it is better beyond chance: in ranking where it ranks anew, else in probability."""
        return self.better_low > 0 if self.way == "platt" else self.gain.low > 0

    @property
    def loses(self) -> bool:
        """Whether it is not better at all."""
        return self.better <= 0 if self.way == "platt" else self.gain.value <= 0


@dataclass(frozen=True)
class Learnt:
    """What was learnt of one kind of label. `card` is None when no way has proved better; `tried` is the last one."""

    kind: str
    n: int
    rarer: int
    trials: tuple[Trial, ...] = ()
    card: Card | None = None
    tried: Card | None = None

    @property
    def enough(self) -> bool:
        """Whether there are labels enough to begin."""
        return self.n >= ENOUGH and self.rarer >= ENOUGH_RARER


@dataclass(frozen=True)
class _Cases:
    """Labelled orders in the order they were closed, as known by then; `all` are orders whose mean fills what lacks."""

    facts: Facts
    good: Floats
    all: Facts

    def __len__(self) -> int:
        return len(self.good)

    def at(self, places: Ints) -> _Cases:
        return replace(self, facts=self.facts.take(places), good=self.good[places])


def learn(card: Card, facts: Facts, labels: Labels, *, version: str) -> Learnt:
    """A card learnt of `labels` for the orders of `facts`, starting from `card`.

    The card is offered only if it proves better on the later third, and – where there are two centres or more – does
    not prove worse on centres it was not learnt on.
    """
    places = labels.places
    found = Learnt(labels.kind, len(places), labels.rarer)
    if not found.enough:
        return found
    some = np.linspace(0, len(facts) - 1, min(len(facts), ENOUGH_FOR_MEANS)).astype(np.int64)
    cases = _Cases(as_known(facts, labels, places), labels.good[places], facts.take(some))
    trials: list[Trial] = []
    tried = None
    for way in ("steps", "platt") if found.n >= ENOUGH_FOR_STEPS else ("platt",):
        # How fast to hold on to the earlier points is chosen once, of the orders that are not judged on.
        past = cases.at(np.arange(later(len(cases))))
        strength = strength_for(card, past.facts, past.good) if way == "steps" else 0.0
        mine = _trials(way, card, cases, strength)
        trials += mine
        learnt = _learn(way, card, cases, strength)
        tried = tried or learnt
        if learnt and mine and mine[0].wins and not any(one.loses for one in mine):
            named = replace(learnt, version=f"{version}-{way}-{labels.kind}-{found.n}")
            return replace(found, trials=tuple(trials), card=named, tried=named)
    return replace(found, trials=tuple(trials), tried=tried)


def of_base(card: Card, facts: Facts, known: Sequence[Labels], *, version: str) -> Learnt | None:
    """What is learnt in a base: of the labels nearest to what clients felt of which there are enough; None without."""
    for labels in known:
        if len(labels.places) >= ENOUGH and labels.rarer >= ENOUGH_RARER:
            return learn(card, facts, labels, version=version)
    return None


def chances(card: Card, facts: Facts, means: Floats | None = None) -> Floats:
    """P(satisfied) of every order, if the points of `card` are what its scale says."""
    return as_chances(scored(card, facts, means=means).total)


def as_chances(total: Floats) -> Floats:
    """P(satisfied) that totals of points mean: 50 is even odds, 10 points double them."""
    return np.asarray(1 / (1 + np.exp(-(total - EVEN_ODDS) / PER_LOGIT)), np.float64)


def later(n: int) -> int:
    """The place from which `n` labelled orders, the earliest first, are judged and not learnt of."""
    return round(n * LEARNT_ON)


# Ways of learning


def stretched(card: Card, facts: Facts, good: Floats, means: Floats | None = None) -> Card | None:
    """Platt scaling: the same card with points in true odds. None where a better score means no better odds."""
    total = scored(card, facts, means=means).total
    model = logistic.fit(total[:, None] / 10, good, strength=1e-3)
    slope = float(model.coefficients[0]) / 10 * PER_LOGIT
    if not slope > 0:
        return None
    base = EVEN_ODDS + PER_LOGIT * model.intercept + slope * card.base
    facts_of = tuple(replace(one, points=_cents([slope * p for p in one.points])) for one in card.facts)
    return Card("calibrated", "1", round(base, 2), facts_of)


def stepped(card: Card, facts: Facts, good: Floats, *, strength: float) -> Card | None:
    """A card of its own steps, none of which raises the score, held to those of `card` by the prior's `strength`.

    None where no fact lowers anything.
    """
    wide = widened(card, facts)
    x, prior = _steps(wide, facts)
    model = logistic.fit(x, 1 - good, prior_mean=prior, strength=strength, lower=0.0)
    made, place = [], 0
    for fact in wide.facts:
        falls = np.cumsum(model.coefficients[place : place + len(fact.cuts)])
        made.append(replace(fact, points=(0.0, *_cents(-PER_LOGIT * falls))))
        place += len(fact.cuts)
    # A fact that nothing was known of stays as it was only by the prior: it is no part of a learnt card.
    kept = tuple(fact for fact in made if any(fact.points) and _known(fact, facts))
    return Card("calibrated", "1", round(EVEN_ODDS - PER_LOGIT * model.intercept, 2), kept) if kept else None


def strength_for(card: Card, facts: Facts, good: Floats) -> float:
    """How fast the points are held to those of the card, chosen by cross-validation."""
    x, prior = _steps(widened(card, facts), facts)
    return logistic.strength_by_cross_validation(x, 1 - good, prior_mean=prior, lower=0.0).value


def widened(card: Card, facts: Facts) -> Card:
    """The card with further facts of service that 30 orders show, at no points: two steps each."""
    more = []
    for name in BESIDE:
        value = facts.values.get(name)
        if value is None or name in AFTERWARDS or name in {fact.name for fact in card.facts}:
            continue
        positive = value[value > 0]
        if len(positive) >= ENOUGH_RARER:
            cut = float(np.quantile(positive, 0.75, method="lower"))
            cuts = (0.0, cut) if 0 < cut < positive.max() else (0.0,)
            more.append(CardFact(name, cuts, (0.0,) * (len(cuts) + 1)))
    return replace(card, facts=(*card.facts, *more))


def _steps(card: Card, facts: Facts) -> tuple[Floats, Floats]:
    """A column a step – 1 where the value lies beyond its cut, the mean where it is not known – and the prior means."""
    columns, prior = [], []
    for fact in card.facts:
        value = facts.values.get(fact.name)
        for place, cut in enumerate(fact.cuts):
            prior.append(max(0.0, (fact.points[place] - fact.points[place + 1]) / PER_LOGIT))
            if value is None or np.isnan(value).all():
                columns.append(np.zeros(len(facts)))
                continue
            beyond = np.where(np.isnan(value), np.nan, value > cut)
            columns.append(np.where(np.isnan(beyond), np.nanmean(beyond), beyond))
    return np.column_stack(columns).astype(np.float64), np.array(prior)


def _known(fact: CardFact, facts: Facts) -> bool:
    value = facts.values.get(fact.name)
    return value is not None and not bool(np.isnan(value).all())


def _cents(points: Sequence[float] | Floats) -> tuple[float, ...]:
    """Points with two decimals; nothing is written as −0."""
    return tuple(round(float(one), 2) + 0.0 for one in points)


def _learn(way: str, card: Card, cases: _Cases, strength: float) -> Card | None:
    if cases.good.min(initial=1) == cases.good.max(initial=0):
        return None
    if way == "platt":
        return stretched(card, cases.facts, cases.good, mean_points(card, cases.all))
    return stepped(card, cases.facts, cases.good, strength=strength)


# Judging


def _trials(way: str, card: Card, cases: _Cases, strength: float) -> list[Trial]:
    """The way of learning judged by time, then by centre."""
    border = later(len(cases))
    past, rest = np.arange(border), np.arange(border, len(cases))
    learn_by: Callable[[Ints], Card | None] = lambda places: _learn(way, card, cases.at(places), strength)  # noqa: E731
    by_time = [(past, rest)]
    by_centre = _centre_folds(cases, past, rest)
    made = [_trial(way, "time", card, (cases, by_time, learn_by))]
    if by_centre:
        made.append(_trial(way, "centre", card, (cases, by_centre, learn_by)))
    return [one for one in made if one is not None]


def _centre_folds(cases: _Cases, past: Ints, rest: Ints) -> list[tuple[Ints, Ints]]:
    """(earlier orders of other centres, later orders of these centres), so that every centre is judged once."""
    centre = cases.facts.centre
    codes, counts = np.unique(centre, return_counts=True)
    if len(codes) < 2:
        return []
    fold = {code: place % CENTRE_FOLDS for place, code in enumerate(codes[np.argsort(-counts, kind="stable")])}
    of = np.array([fold[code] for code in centre])
    return [(past[of[past] != one], rest[of[rest] == one]) for one in sorted(set(fold.values()))]


def _trial(
    way: str, split: str, card: Card, how: tuple[_Cases, list[tuple[Ints, Ints]], Callable[[Ints], Card | None]]
) -> Trial | None:
    """Scores before and after learning of all held-out orders together."""
    cases, folds, learn_by = how
    usual = mean_points(card, cases.all)
    before, after, chance, rate, good = [], [], [], [], []
    for past, rest in folds:
        learnt = learn_by(past) if len(past) and len(rest) else None
        if learnt is None:
            continue
        judged = cases.at(rest)
        new = scored(learnt, judged.facts, means=mean_points(learnt, cases.all))
        before.append(scored(card, judged.facts, means=usual).total)
        after.append(new.total)
        chance.append(as_chances(new.total))
        rate.append(np.full(len(rest), cases.good[past].mean()))
        good.append(judged.good)
    if not good:
        return None
    y, p, q = np.concatenate(good), np.concatenate(chance), np.concatenate(rate)
    gain = predictions.auc_gain(np.concatenate(after), np.concatenate(before), y)
    if gain is None:
        return None
    less = (q - y) ** 2 - (p - y) ** 2
    low, high = intervals.mean(float(less.sum()), float((less**2).sum()), len(less))
    return Trial(
        way, split, gain, float(less.mean()), low, high, predictions.brier(p, y), predictions.calibration(p, y)
    )  # fmt: skip


# As a file


def card_toml(card: Card) -> str:
    """The card as the TOML that `cards.load` reads."""
    lines = [f'name = "{card.name}"', f'version = "{card.version}"', f"base = {card.base}"]
    for fact in card.facts:
        cuts, points = (", ".join(map(repr, row)) for row in (fact.cuts, fact.points))
        lines += ["[[facts]]", f'fact = "{fact.name}"', f"cuts = [{cuts}]", f"points = [{points}]"]
    return "\n".join(lines) + "\n"
