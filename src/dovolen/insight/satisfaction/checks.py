"""Whether the score tells anything: of each label, of probabilities, of every fact, month by month."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.satisfaction.calibration import as_chances, later, stretched
from dovolen.insight.satisfaction.cards import Card, CardFact, bins
from dovolen.insight.satisfaction.facts import Facts
from dovolen.insight.satisfaction.labels import Labels, as_known
from dovolen.insight.satisfaction.scoring import Scored, mean_points, scored
from dovolen.insight.stats import predictions
from dovolen.insight.stats.intervals import wilson
from dovolen.insight.stats.monotone import Break, breaks
from dovolen.insight.stats.predictions import Auc, Calibration, Decile, Stability

Floats = NDArray[np.float64]

FALSE_ALARM = 0.05
"""How often, at most, a score that tells nothing is said to tell something – over all kinds of labels together."""

SAMPLE = 100_000
"""Orders from which usual points and shares of bins are told."""

Verdict = Literal["predicts", "reversed", "nothing", "few"]


@dataclass(frozen=True)
class Judged:
    """Labelled orders of one kind in the order they were closed, scored by what was known by then."""

    kind: str
    facts: Facts
    made: Scored
    good: Floats
    day: Floats

    @property
    def rarer(self) -> int:
        """Orders of the rarer label."""
        return int(min((self.good == 1).sum(), (self.good == 0).sum()))

    def __len__(self) -> int:
        return len(self.good)


@dataclass(frozen=True)
class Ranking:
    """How well the score parts good from bad. `p` – chance of so much by luck alone; None when there are too few."""

    auc: Auc | None
    p: float | None


@dataclass(frozen=True)
class Probability:
    """P(satisfied) learnt of the score on the earlier two thirds, judged on the later third."""

    brier: float
    usual: float
    calibration: Calibration | None
    deciles: list[Decile]
    n: int


@dataclass(frozen=True)
class Bin:
    """One bin of one fact: orders in it, share of the satisfied with interval, and whether it breaks the order."""

    fact: str
    above: float | None
    up_to: float | None
    n: int
    good: int
    low: float
    high: float
    broken: Break


def judge(card: Card, facts: Facts, labels: Labels) -> Judged:
    """The labelled orders scored; those of which nothing of the card is known are left out."""
    places = labels.places
    known = as_known(facts, labels, places)
    made = scored(card, known, means=usual_points(card, facts))
    told = np.flatnonzero(~np.isnan(made.score))
    if len(told) < len(places):
        known, places = known.take(told), places[told]
        made = scored(card, known, means=usual_points(card, facts))
    return Judged(labels.kind, known, made, labels.good[places], labels.day[places])


def usual_points(card: Card, facts: Facts) -> Floats:
    """Points of a missing fact, from at most 100,000 orders."""
    return mean_points(card, sample(facts))


def sample(facts: Facts) -> Facts:
    """At most 100,000 orders, evenly spaced."""
    if len(facts) <= SAMPLE:
        return facts
    return facts.take(np.linspace(0, len(facts) - 1, SAMPLE).astype(np.int64))


def ranking(score: Floats, good: Floats, *, minimum: int) -> Ranking:
    """AUC of a score against labels, and the p-value of a rank test with ties; nothing under `minimum` of a label."""
    if min((good == 1).sum(), (good == 0).sum()) < minimum:
        return Ranking(None, None)
    from scipy import stats  # a second to load

    p = float(stats.mannwhitneyu(score[good == 1], score[good == 0], method="asymptotic").pvalue)
    return Ranking(predictions.auc(score, good), 1.0 if np.isnan(p) else p)


def verdict(found: Ranking, *, kinds: int) -> Verdict:
    """What may be said of one of `kinds` labels, so that all together are wrong at most once in twenty times."""
    if found.auc is None or found.p is None:
        return "few"
    if found.p > FALSE_ALARM / max(1, kinds):
        return "nothing"
    return "predicts" if found.auc.value > 0.5 else "reversed"


def overall(verdicts: list[Verdict]) -> Verdict:
    """The sentence of the page: the score tells something, or nothing, or there are too few labels to say."""
    for one in ("predicts", "reversed", "nothing"):
        if one in verdicts:
            return one
    return "few"


def probability(card: Card, judged: Judged, facts: Facts) -> Probability | None:
    """Learnt on the earlier two thirds, judged on the later third; None where either lacks one of the labels."""
    border = later(len(judged))
    past, rest = np.arange(border), np.arange(border, len(judged))
    learnt_on, judged_on = judged.good[past], judged.good[rest]
    if min(len(np.unique(learnt_on)), len(np.unique(judged_on))) < 2:
        return None
    means = usual_points(card, facts)
    learnt = stretched(card, judged.facts.take(past), learnt_on, means)
    usual = np.full(len(rest), learnt_on.mean())
    p = usual
    if learnt is not None:
        p = as_chances(scored(learnt, judged.facts.take(rest), means=usual_points(learnt, facts)).total)
    return Probability(
        predictions.brier(p, judged_on),
        predictions.brier(usual, judged_on),
        predictions.calibration(p, judged_on),
        predictions.deciles(p, judged_on),
        len(rest),
    )


def by_bin(card: Card, judged: Judged, *, minimum: int) -> list[Bin]:
    """Share of the satisfied in each bin of each fact of the card, worse bins further down."""
    found = bins(card, judged.facts)
    made = []
    for place, fact in enumerate(card.facts):
        counts = []
        for bin_ in range(len(fact.points)):
            mine = found[:, place] == bin_
            counts.append((int(judged.good[mine].sum()), int(mine.sum())))
        if sum(n > 0 for _, n in counts) < 2:
            continue
        broken = breaks(counts, minimum=minimum)
        for bin_, (good, n) in enumerate(counts):
            if n:
                made.append(Bin(fact.name, *ends(fact, bin_), n, good, *wilson(good, n), broken[bin_]))
    return made


def ends(fact: CardFact, bin_: int) -> tuple[float | None, float | None]:
    """What the values of a bin exceed and do not exceed; None where there is no end."""
    return fact.cuts[bin_ - 1] if bin_ else None, fact.cuts[bin_] if bin_ < len(fact.cuts) else None


def moves(card: Card, before: Facts, after: Facts) -> list[tuple[str, Stability]]:
    """How far the score and each fact of the card moved between two times; facts unknown at both are left out."""
    if not (len(before) and len(after)):
        return []
    made = []
    scores = [_scores(card, side) for side in (before, after)]
    if len(scores[0]) and len(scores[1]):
        made.append(("score", predictions.stability(*scores)))
    for place, fact in enumerate(card.facts):
        sides = [bins(card, side)[:, place].astype(np.float64) for side in (before, after)]
        if any((side >= 0).any() for side in sides):
            cuts = np.arange(len(fact.points)) - 0.5  # the first bin is of the missing
            made.append((fact.name, predictions.stability(sides[0], sides[1], cuts)))
    return made


def _scores(card: Card, facts: Facts) -> Floats:
    score = scored(card, facts).score
    return np.asarray(score[~np.isnan(score)], np.float64)


@dataclass(frozen=True)
class Agreement:
    """Two labels of the same orders: how many have both, in how many they agree, how many would by chance."""

    one: str
    other: str
    n: int
    agree: int
    chance: float


def agreement(one: Labels, other: Labels) -> Agreement:
    """Whether two labels say the same of the orders that bear both."""
    both = ~np.isnan(one.good) & ~np.isnan(other.good)
    first, second = one.good[both], other.good[both]
    n, agree = len(first), int((first == second).sum())
    p, q = (float(side.mean()) if n else 0.0 for side in (first, second))
    return Agreement(one.kind, other.kind, n, agree, p * q + (1 - p) * (1 - q))
