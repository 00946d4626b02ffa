"""The marks of an enquiry weighed by what came of earlier ones, and judged on later ones against their plain sum."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.stats import logistic, predictions
from dovolen.insight.stats.logistic import Logistic
from dovolen.insight.stats.predictions import Gain

Numbers = NDArray[np.float64]

EACH = 20
"""Outcomes each way before weights are learnt (PRODUCT 8); a setting that asks for fewer cases does not lower it."""
LATER = 0.3
"""Share of the closed enquiries, the latest, on which the learnt weights are judged."""
MIDDLE = 3.0

Says = Literal["learnt_better", "plain_better", "no_difference_seen", "too_few_later"]


@dataclass(frozen=True)
class Weights:
    """What a mark more is worth (log odds) and the chances that follow; `gain` on enquiries not learnt from."""

    model: Logistic
    n: int
    won: int
    gain: Gain | None
    says: Says

    def chances(self, marks: Numbers) -> Numbers:
        """P(won) for rows of brand, attractiveness, pitch."""
        return logistic.probability(self.model, marks - MIDDLE)

    @property
    def shares(self) -> Numbers:
        """How much of the learnt index each mark makes; in the plain sum each makes a third."""
        total = float(self.model.coefficients.sum())
        return self.model.coefficients / total if total > 0 else np.full(3, 1 / 3)


def learnt(marks: Numbers, won: Numbers) -> Weights | None:
    """Weights from closed enquiries in order of time (marks n × 3, won 0/1); None under 20 outcomes each way.

    No mark may speak against a client: weights are at least 0, and are drawn towards equal ones – the plain sum – by as
    much as left-out enquiries bear out.
    """
    if min(won.sum(), (1 - won).sum()) < EACH:
        return None
    model = _fit(marks, won)
    begin = round(len(won) * (1 - LATER))
    gain = _judged(marks, won, begin)
    return Weights(model, len(won), int(won.sum()), gain, _says(gain))


def _fit(marks: Numbers, won: Numbers) -> Logistic:
    """Around equal weights of the size that the plain sum itself shows."""
    x = marks - MIDDLE
    plain = logistic.fit(x.sum(axis=1, keepdims=True), won, lower=0.0, strength=0.1)
    equal = float(plain.coefficients[0])
    strength = logistic.strength_by_cross_validation(x, won, prior_mean=equal, lower=0.0)
    return logistic.fit(x, won, prior_mean=equal, strength=strength.value, lower=0.0)


def _judged(marks: Numbers, won: Numbers, begin: int) -> Gain | None:
    """The gain on later enquiries of weights learnt on earlier ones; None where either part tells too little."""
    earlier, later = won[:begin], won[begin:]
    few = min(earlier.sum(), (1 - earlier).sum()) < 10 or min(later.sum(), (1 - later).sum()) < 10
    if few or len(later) < EACH:
        return None
    model = _fit(marks[:begin], earlier)
    return predictions.auc_gain(
        logistic.probability(model, marks[begin:] - MIDDLE), marks[begin:].sum(axis=1), later
    )  # fmt: skip


def _says(gain: Gain | None) -> Says:
    if gain is None:
        return "too_few_later"
    return "learnt_better" if gain.low > 0 else "plain_better" if gain.high < 0 else "no_difference_seen"
