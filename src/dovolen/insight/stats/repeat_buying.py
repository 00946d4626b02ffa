"""Models of repeat buying: who is still a client, how often he will come, and what to expect of all of them.

BG/NBD and MBG/NBD (`bg_nbd`), Pareto/NBD (`pareto_nbd`): fit, ask of histories, draw against what happened. What a
purchase brings is `gamma_gamma`; which model to believe is `held_out`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.stats import bg_nbd, pareto_nbd
from dovolen.insight.stats.client_days import WEEK
from dovolen.insight.stats.grouped import CannotFitError, Histories
from dovolen.insight.stats.max_likelihood import Fit, Likelihood, maximise

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
LEAST = 10  # clients with a repeat purchase: four parameters from fewer are no knowledge
THIN = 10_000  # clients enough to begin with; the last steps see all


@dataclass(frozen=True)
class Model:
    """What a model of repeat buying can do; every function takes the parameters first."""

    names: tuple[str, ...]
    starts: Callable[[Histories], list[Floats]]
    log_likelihood: Callable[[Floats, Histories], tuple[float, Floats]]
    probability_alive: Callable[[Floats, Histories], Floats]
    expected: Callable[[Floats, Histories, float], Floats]
    expected_new: Callable[[Floats, Floats], Floats]


def _leaving_after_purchase(shift: int) -> Model:
    return Model(
        bg_nbd.NAMES,
        bg_nbd.starts,
        partial(bg_nbd.log_likelihood, shift=shift),
        partial(bg_nbd.probability_alive, shift=shift),
        partial(bg_nbd.expected, shift=shift),
        partial(bg_nbd.expected_new, shift=shift),
    )


MODELS = {
    "bg_nbd": _leaving_after_purchase(0),
    "mbg_nbd": _leaving_after_purchase(1),
    "pareto_nbd": Model(
        pareto_nbd.NAMES,
        pareto_nbd.starts,
        pareto_nbd.log_likelihood,
        pareto_nbd.probability_alive,
        pareto_nbd.expected,
        pareto_nbd.expected_new,
    ),
}


def fit(model: str, histories: Histories) -> Fit:
    """The most likely parameters of one of MODELS.

    Raises: CannotFitError where hardly anybody came again.
    """
    again = int(histories.weight[histories.frequency > 0].sum())
    if again < LEAST:
        raise CannotFitError(f"{again} of {histories.n} clients came again, {LEAST} are needed")
    thin = histories.thinned(THIN) if len(histories.weight) > 2 * THIN else None
    return maximise(
        model,
        MODELS[model].names,
        MODELS[model].starts(histories),
        whole=_likelihood(model, histories),
        sample=_likelihood(model, thin) if thin else None,
    )


def _likelihood(model: str, histories: Histories) -> Likelihood:
    return Likelihood(lambda parameters: MODELS[model].log_likelihood(parameters, histories), histories.n)


def probability_alive(fitted: Fit, histories: Histories) -> Floats:
    """For each client, in the order given to `group`: the probability that he has not left."""
    return MODELS[fitted.model].probability_alive(fitted.values, histories)[histories.index]


def expected(fitted: Fit, histories: Histories, weeks: float) -> Floats:
    """For each client: purchases expected in the `weeks` after T, his history given."""
    return MODELS[fitted.model].expected(fitted.values, histories, weeks)[histories.index]


def expected_by_day(fitted: Fit, first: Integers, days: int) -> Floats:
    """Repeat purchases expected of all clients up to the end of each of `days` days, the earliest `first` day on.

    Needs: the number of the day on which every client bought first. Histories are not asked: this is the line to
    draw beside `client_days.repeats_by_day`.
    """
    born = np.bincount(first - first.min(), minlength=days)[:days]
    each = MODELS[fitted.model].expected_new(fitted.values, np.arange(days) / WEEK)
    return np.convolve(born, each)[:days]
