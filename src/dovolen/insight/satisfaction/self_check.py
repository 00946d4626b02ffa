"""The self-check page: what the score tells of what clients said and did, how it changes, what was learnt of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property

import numpy as np
import pyarrow as pa

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.satisfaction import calibration, cards, checks, facts, labels
from dovolen.insight.satisfaction.calibration import ENOUGH, ENOUGH_RARER, Learnt
from dovolen.insight.satisfaction.cards import Card
from dovolen.insight.satisfaction.checks import Judged, Probability, Ranking, Verdict
from dovolen.insight.satisfaction.facts import Facts
from dovolen.insight.satisfaction.labels import Labels
from dovolen.insight.stats.intervals import wilson

EPOCH = date(1970, 1, 1)
YEAR = 365
MONTHS = 24

Columns = tuple[tuple[str, str], ...]
Row = tuple[str | int | float | date | None, ...]

VERDICT: Columns = (
    ("verdict", "text"), ("label", "text"), ("labelled", "count"), ("to_judge", "count"), ("to_learn", "count"),
)  # fmt: skip
LABELS: Columns = (
    ("label", "text"), ("verdict", "text"), ("pairs_right", "share"), ("low", "share"), ("high", "share"),
    ("labelled", "count"), ("good_share", "share"), ("rarer", "count"),
)  # fmt: skip
PROBABILITY: Columns = (
    ("label", "text"), ("verdict", "text"), ("brier", "coefficient"), ("brier_usual", "coefficient"),
    ("slope", "coefficient"), ("slope_low", "coefficient"), ("slope_high", "coefficient"),
    ("shift", "coefficient"), ("low", "coefficient"), ("high", "coefficient"), ("labelled", "count"),
)  # fmt: skip
DECILES: Columns = (
    ("decile", "number"), ("labelled", "count"), ("predicted", "share"), ("observed", "share"), ("low", "share"),
    ("high", "share"),
)  # fmt: skip
FACTS: Columns = (
    ("fact", "text"), ("beyond", "number"), ("up_to", "number"), ("good_share", "share"), ("broken", "text"),
    ("low", "share"), ("high", "share"), ("labelled", "count"),
)  # fmt: skip
STABILITY: Columns = (
    ("fact", "text"), ("verdict", "text"), ("psi", "coefficient"), ("psi_noise", "coefficient"),
    ("orders_before", "count"), ("orders_after", "count"),
)  # fmt: skip
AGREEMENT: Columns = (
    ("label", "text"), ("other_label", "text"), ("agree", "share"), ("by_chance", "share"), ("low", "share"),
    ("high", "share"), ("labelled", "count"),
)  # fmt: skip
BY_MONTH: Columns = (
    ("month", "month"), ("label", "text"), ("labelled", "count"), ("mean_score", "points"), ("good_share", "share"),
    ("pairs_right", "share"), ("low", "share"), ("high", "share"),
)  # fmt: skip
TRIALS: Columns = (
    ("way", "text"), ("split", "text"), ("verdict", "text"), ("check_gain", "share"), ("low", "share"),
    ("high", "share"), ("auc_before", "share"), ("auc_after", "share"), ("brier", "coefficient"),
    ("brier_usual", "coefficient"), ("labelled", "count"),
)  # fmt: skip
CARD: Columns = (
    ("fact", "text"), ("beyond", "number"), ("up_to", "number"), ("points_before", "points"),
    ("points_after", "points"),
)  # fmt: skip


class SelfCheck:
    """How far the score may be believed, by labels; and the card learnt of them, when it has proved better."""

    def __init__(self, base: Base) -> None:
        self._base = base

    def figures(self) -> list[Figure]:
        """How often the score parts a satisfied client from one who is not: of the nearest label."""
        if self._main is None:
            return []
        found, auc = self._main, self._rankings[self._main.kind].auc
        if auc is None:
            return [Figure("self_check.auc", None, "share", n=len(found), rule="rule.self_check.auc", few=True)]
        return [
            Figure(
                "self_check.auc", auc.value, "share", n=auc.n, low=auc.low, high=auc.high, rule="rule.self_check.auc"
            )
        ]

    def sheets(self) -> list[Sheet | None]:
        """The page, from the sentence on top to the learnt points."""
        if not self._judged:
            return []
        return [
            self._verdict(),
            self._labels_sheet(),
            self._probability(),
            self._deciles(),
            self._facts_sheet(),
            self._stability(),
            self._agreement(),
            self._months(),
            self._trials(),
            self._card_sheet(),
        ]

    def clients(self) -> pa.Table | None:
        """Nothing of single clients."""
        return None

    def files(self) -> Mapping[str, Pieces]:
        """No files of rows; the learnt card is text, which the study gives as `scorecard()`."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Without any label nothing can be checked."""
        if any(self._base.has(name) for name in ("feedback.score", "cases.kind", "orders.customer_id")):
            return []
        return [("self_check", "feedback.score")]

    # What it stands on

    @cached_property
    def _facts(self) -> Facts:
        return facts.read(self._base)

    @cached_property
    def _card(self) -> Card:
        return cards.load("evidence")

    @cached_property
    def _labels(self) -> list[Labels]:
        return labels.read(self._base, self._facts)

    @cached_property
    def _judged(self) -> dict[str, Judged]:
        """Labelled orders scored, by kind of label; kinds of which no order could be scored are absent."""
        made = [checks.judge(self._card, self._facts, one) for one in self._labels]
        return {one.kind: one for one in made if len(one)}

    @cached_property
    def _rankings(self) -> dict[str, Ranking]:
        minimum = self._base.config.minimum
        return {
            kind: checks.ranking(one.made.score, one.good, minimum=minimum) for kind, one in self._judged.items()
        }  # fmt: skip

    @cached_property
    def _verdicts(self) -> dict[str, Verdict]:
        told = sum(one.auc is not None for one in self._rankings.values())
        return {kind: checks.verdict(one, kinds=told) for kind, one in self._rankings.items()}

    @property
    def verdict(self) -> Verdict:
        """What the page says of the score in one word; "few" without labels too."""
        return checks.overall(list(self._verdicts.values()))

    @cached_property
    def _main(self) -> Judged | None:
        """The nearest label of which there are enough, else the nearest."""
        enough = [one for kind, one in self._judged.items() if self._rankings[kind].auc is not None]
        return next(iter([*enough, *self._judged.values()]), None)

    @cached_property
    def _probabilities(self) -> dict[str, Probability]:
        found = {
            kind: checks.probability(self._card, one, self._facts)
            for kind, one in self._judged.items()
            if one.rarer >= ENOUGH_RARER and len(one) >= ENOUGH
        }
        return {kind: one for kind, one in found.items() if one is not None}

    @property
    def scorecard(self) -> str | None:
        """The learnt card as the TOML that settings can name; None unless it has proved better."""
        return calibration.card_toml(self.learnt.card) if self.learnt and self.learnt.card else None

    @cached_property
    def learnt(self) -> Learnt | None:
        """What was learnt of the labels, and whether it is offered; None where there are too few."""
        version = self._base.asof.isoformat()
        return calibration.of_base(self._card, self._facts, self._labels, version=version)

    # Sheets

    def _verdict(self) -> Sheet | None:
        """The sentence, of the label it rests on; what is lacking is told of the label that lacks least."""
        found = self.verdict
        on = next(self._judged[kind] for kind, one in self._verdicts.items() if one == found)
        most = max(one.rarer for one in self._judged.values())
        to_judge = max(0, self._base.config.minimum - most)
        to_learn = min(max(0, ENOUGH - len(one), ENOUGH_RARER - one.rarer) for one in self._judged.values())
        row = (found, on.kind, len(on), to_judge or None, to_learn or None)
        return _sheet("self_check.verdict", VERDICT, [row], len(on))

    def _labels_sheet(self) -> Sheet | None:
        rows: list[Row] = []
        for kind, one in self._judged.items():
            auc = self._rankings[kind].auc
            told = (auc.value, auc.low, auc.high) if auc else (None, None, None)
            share = float(one.good.mean()) if len(one) >= self._base.config.minimum else None
            rows.append((kind, self._verdicts[kind], *told, len(one), share, one.rarer))
        return _sheet("self_check.labels", LABELS, rows, sum(len(one) for one in self._judged.values()))

    def _probability(self) -> Sheet | None:
        rows: list[Row] = []
        for kind, one in self._probabilities.items():
            found = one.calibration
            told: Row = (None,) * 6
            if found is not None and not np.isnan(found.slope):
                told = (found.slope, found.slope_low, found.slope_high, found.intercept, found.low, found.high)
            rows.append((kind, _probably(one), one.brier, one.usual, *told, one.n))
        return _sheet("self_check.probability", PROBABILITY, rows, sum(one.n for one in self._probabilities.values()))

    def _deciles(self) -> Sheet | None:
        if self._main is None or self._main.kind not in self._probabilities:
            return None
        found = self._probabilities[self._main.kind]
        rows: list[Row] = [
            (place, one.n, one.predicted, one.observed, one.low, one.high)
            for place, one in enumerate(found.deciles, start=1)
        ]
        since, until = (_day(self._main.day[place]) for place in (calibration.later(len(self._main)), -1))
        return _sheet("self_check.deciles", DECILES, rows, found.n, since=since, until=until)

    def _facts_sheet(self) -> Sheet | None:
        if self._main is None:
            return None
        minimum = self._base.config.minimum
        rows: list[Row] = []
        for one in checks.by_bin(self._card, self._main, minimum=minimum):
            few = one.n < minimum
            share, low, high = (None, None, None) if few else (one.good / one.n, one.low, one.high)
            order = "few" if few else one.broken or "none"
            rows.append((one.fact, one.above, one.up_to, share, order, low, high, one.n))
        return _sheet("self_check.facts", FACTS, rows, len(self._main))

    def _stability(self) -> Sheet | None:
        border, last = (_number(day) for day in (self._base.compare, self._base.asof))
        known = checks.sample(self._facts)
        before = known.take((known.accepted <= border) & (known.accepted > border - YEAR))
        after = known.take((known.accepted > border) & (known.accepted <= last))
        minimum = self._base.config.minimum
        if min(len(before), len(after)) < minimum:
            return None
        rows: list[Row] = [
            (name, one.verdict, one.value, one.noise, one.n_before, one.n_after)
            for name, one in checks.moves(self._card, before, after)
        ]
        n = len(before) + len(after)
        since = self._base.compare - timedelta(days=YEAR - 1)
        return _sheet("self_check.stability", STABILITY, rows, n, since=since, until=self._base.asof)

    def _agreement(self) -> Sheet | None:
        rows: list[Row] = []
        for place, one in enumerate(self._labels):
            for other in self._labels[place + 1 :]:
                found = checks.agreement(one, other)
                if found.n >= self._base.config.minimum:
                    share, ends = found.agree / found.n, wilson(found.agree, found.n)
                    rows.append((found.one, found.other, share, found.chance, *ends, found.n))
        return _sheet("self_check.agreement", AGREEMENT, rows, sum(int(str(row[-1])) for row in rows))

    def _months(self) -> Sheet | None:
        """The same by month of the label; AUC where both labels are there often enough."""
        if self._main is None:
            return None
        minimum = self._base.config.minimum
        month = self._main.day.astype("datetime64[D]").astype("datetime64[M]")
        rows: list[Row] = []
        for one in np.unique(month)[-MONTHS:]:
            mine = month == one
            score, good = self._main.made.score[mine], self._main.good[mine]
            auc = checks.ranking(score, good, minimum=max(10, minimum // 2)).auc
            told = (auc.value, auc.low, auc.high) if auc else (None, None, None)
            few = len(good) < minimum
            means = (None, None) if few else (float(score.mean()), float(good.mean()))
            rows.append((one.astype("datetime64[D]").item(), self._main.kind, len(good), *means, *told))
        return _sheet("self_check.months", BY_MONTH, rows, sum(int(str(row[2])) for row in rows))

    def _trials(self) -> Sheet | None:
        if self.learnt is None:
            return None
        rows: list[Row] = []
        for one in self.learnt.trials:
            verdict = "better" if one.wins else "not_better" if one.loses else "cannot_tell"
            gain = one.gain
            # A stretched card leaves orders in their order: what it may better is the probabilities alone.
            ranks: Row = (None, None, None, gain.other, gain.one)
            if one.way != "platt":
                ranks = (gain.value, gain.low, gain.high, gain.other, gain.one)
            rows.append((one.way, one.split, verdict, *ranks, one.brier, one.brier + one.better, gain.n))
        return _sheet("self_check.trials", TRIALS, rows, self.learnt.n)

    def _card_sheet(self) -> Sheet | None:
        """Points before and after; only of a card that is offered."""
        if self.learnt is None or self.learnt.card is None:
            return None
        before = {fact.name: fact for fact in self._card.facts}
        rows: list[Row] = [("base", None, None, self._card.base, self.learnt.card.base)]
        for fact in self.learnt.card.facts:
            if np.isnan(self._facts.values[fact.name]).all():
                continue
            was = before.get(fact.name)
            for place, points in enumerate(fact.points):
                rows.append((fact.name, *checks.ends(fact, place), was.points[place] if was else 0.0, points))
        return _sheet("self_check.card", CARD, rows, self.learnt.n)


def _sheet(
    key: str, columns: Columns, rows: list[Row], n: int, *, since: date | None = None, until: date | None = None
) -> Sheet | None:
    return None if not rows else Sheet(key, columns, list(rows), n=n, rule=f"rule.{key}", since=since, until=until)


def _probably(found: Probability) -> str:
    """Whether probabilities made of the score are true, and worth more than the usual share of everybody."""
    if found.calibration is None or np.isnan(found.calibration.slope):
        return "same_for_all"
    if found.brier >= found.usual:
        return "worthless"
    if found.calibration.holds:
        return "holds"
    if found.calibration.slope_high < 1:
        return "bold"
    return "timid" if found.calibration.slope_low > 1 else "shifted"


def _day(number: float) -> date:
    return EPOCH + timedelta(days=int(number))


def _number(day: date) -> int:
    return (day - EPOCH).days
