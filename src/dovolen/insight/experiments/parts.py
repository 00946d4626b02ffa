"""On whom a campaign worked more: its effect by what the clients were on the eve of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from dovolen.insight.config import Config
from dovolen.insight.experiments.drawn import Mask, place_of
from dovolen.insight.experiments.judged import Judged, money_of
from dovolen.insight.stats import effects, verdicts
from dovolen.insight.stats.effects import Effect, Gap
from dovolen.insight.stats.verdicts import SegmentEffect

Measure = Literal["visits", "money"]


@dataclass(frozen=True)
class Part:
    """The effect on some of the clients against everybody else; `says` after Holm over all that was asked."""

    measure: Measure
    part: str
    effect: Effect
    gap: Gap | None
    says: verdicts.Reaction


@dataclass(frozen=True)
class _Question:
    """Whether a part reacts otherwise than the rest; of two parts each is the other's rest, so they ask one."""

    measure: Measure
    parts: list[SegmentEffect]

    @property
    def p(self) -> float | None:
        gap = self.parts[0].apart
        return gap.p if gap else None


def by_part(one: Judged, config: Config) -> list[Part]:
    """Effects on visits and on money by every kind of part; the guard stands over all questions together."""
    questions = [
        _Question(measure, parts)
        for measure, effect_on in _measures(one, config)
        for codes in one.campaign.parts.values()
        for parts in _asked(codes, effect_on)
    ]
    adjusted = iter(effects.holm([question.p for question in questions if question.p is not None]))
    return [part for question in questions for part in _answered(question, adjusted)]


def _measures(one: Judged, config: Config) -> Iterator[tuple[Measure, Callable[[Mask], Effect]]]:
    """What can be measured on the clients of a mask."""
    campaign = one.campaign
    if one.visits is not None and not one.visits.few:
        yield (
            "visits",
            lambda rows: effects.rate(campaign.came[rows], campaign.treated[rows], minimum=config.minimum),
        )
    if one.money is not None and not one.money.few:
        yield "money", lambda rows: money_of(campaign, config, rows)


def _asked(codes: list[str], effect_on: Callable[[Mask], Effect]) -> list[list[SegmentEffect]]:
    found = sorted(verdicts.by_segment(codes, effect_on), key=lambda part: place_of(part.segment))
    return [found] if len(found) == 2 else [[part] for part in found]


def _answered(question: _Question, adjusted: Iterator[float]) -> list[Part]:
    p = None if question.p is None else next(adjusted)
    return [
        Part(question.measure, part.segment, part.effect, part.apart, _reaction(part.apart, p))
        for part in question.parts
    ]


def _reaction(gap: Gap | None, p: float | None) -> verdicts.Reaction:
    if gap is None or p is None:
        return "too_few"
    if p >= 1 - gap.level:
        return "unclear"
    return "better_here" if gap.value > 0 else "worse_here"
