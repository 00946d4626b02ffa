"""What an experiment may say aloud, as codes: words are put elsewhere, nothing is claimed without a control.

A result that could not be told from chance is "unclear", never "no effect". "No more money" is said only when the
interval leaves no room for a gain worth having.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from dovolen.insight.stats.effects import Effect, Gap, Mask, apart, holm
from dovolen.insight.stats.trials import split_p

Verdict = Literal[
    "no_control", "uneven_split", "too_few", "works", "harms", "more_visits_no_more_money",
    "more_visits_money_unclear", "fewer_visits_money_unclear", "unclear",
]  # fmt: skip
Reaction = Literal["too_few", "better_here", "worse_here", "unclear"]

WORTH = 0.1
"""A gain worth having, where none is named: this part of what a held-out client brings."""
UNEVEN = 0.001


@dataclass(frozen=True)
class SegmentEffect:
    """The effect within a segment, and how far it lies from the effect on everyone else; p after Holm over segments."""

    segment: str
    effect: Effect
    p: float | None  # that it does something here
    apart: Gap | None
    p_apart: float | None  # that it does something else here than elsewhere
    says: Reaction


def verdict(visits: Effect, money: Effect, *, worth: float | None = None, share: float | None = None) -> Verdict:
    """The plain verdict from the effect on visits (a rate) and on money (net).

    Money decides; visits speak only where it is silent. `worth` is the smallest gain per treated client that matters,
    in units of `money`. With the `share` meant to be held out, sides that chance would not make are refused: with
    p under 0.001 somebody was lost between the draw and the count.
    """
    if money.n_holdout == 0 or visits.n_holdout == 0:
        return "no_control"
    if share is not None and any(split_p(one.n_treated, one.n_holdout, share) < UNEVEN for one in (visits, money)):
        return "uneven_split"
    if visits.few or money.few:
        return "too_few"
    if money.up or money.down:
        return "works" if money.up else "harms"
    if visits.up:
        return "more_visits_no_more_money" if _no_more(money, worth) else "more_visits_money_unclear"
    return "fewer_visits_money_unclear" if visits.down else "unclear"


def by_segment(segments: Sequence[str], measure: Callable[[Mask], Effect]) -> list[SegmentEffect]:
    """The effect in every segment, by name, with what may be said after Holm over all that were large enough.

    Needs: the segment of every client as it was before the start (one that the campaign could change proves nothing),
    and `measure`, giving the effect on the clients of a mask: `lambda rows: money(spend[rows], treated[rows])`.
    "better_here" and "worse_here" are said against everyone else, not against nothing.
    """
    labels = np.asarray(segments, dtype=object)
    names = sorted(set(segments))
    effects = [measure(np.asarray(labels == name, dtype=np.bool_)) for name in names]
    gaps = [
        apart(one, measure(np.asarray(labels != name, dtype=np.bool_)))
        for name, one in zip(names, effects, strict=True)
    ]
    p, p_apart = _holm(effects), _holm(gaps)
    if len(names) == 2:
        # One question asked twice: each is the other's rest.
        p_apart = [gap.p if gap else None for gap in gaps]
    return [
        SegmentEffect(name, one, p_one, gap, p_gap, _reaction(gap, p_gap))
        for name, one, p_one, gap, p_gap in zip(names, effects, p, gaps, p_apart, strict=True)
    ]


def _no_more(money: Effect, worth: float | None) -> bool:
    needed = WORTH * (money.holdout or 0) if worth is None else worth
    return money.high is not None and needed > 0 and money.high < needed


def _holm(found: Sequence[Effect | Gap | None]) -> list[float | None]:
    """Adjusted among those that have a p; the withheld ask no question."""
    p = [None if one is None else one.p for one in found]
    asked = iter(holm([one for one in p if one is not None]))
    return [None if one is None else next(asked) for one in p]


def _reaction(gap: Gap | None, p: float | None) -> Reaction:
    if p is None or gap is None:
        return "too_few"
    if p >= 1 - gap.level:
        return "unclear"
    return "better_here" if gap.value > 0 else "worse_here"
