"""Maximum likelihood for positive parameters: L-BFGS-B on their logarithms, standard errors by the Hessian.

Of many clients a systematic sample is searched first; Newton's steps with the sample's Hessian then climb the
likelihood of all, which is looked at some five times instead of some forty.

Sources: Byrd, Lu, Nocedal & Zhu 1995 (10.1137/0916069); delta method for the errors of exp(·).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGE = 14.0  # the search keeps every logarithm within ± this: 8e-7 … 1.2e6
ENOUGH = 1e-3  # how much log-likelihood may be missing at what is called converged
LOOSE = 0.01  # curvature of log-likelihood in a logarithm, below which ± a factor of e⁵ is all the same
STEP = 1e-4


@dataclass(frozen=True)
class Fit:
    """Parameters of a model and how sure they are."""

    model: str
    parameters: Mapping[str, float]
    standard_errors: Mapping[str, float] | None  # None where the top is a ridge; nan for an undetermined parameter
    log_likelihood: float
    n: int
    converged: bool  # less than 0.001 of log-likelihood is missing
    undetermined: tuple[str, ...]  # parameters that may be anything: a part of the model these clients do not show

    @property
    def values(self) -> Floats:
        """The parameters in the model's order."""
        return np.array(list(self.parameters.values()))


@dataclass(frozen=True)
class Likelihood:
    """Parameters → log-likelihood of `n` clients and its gradient in the parameters."""

    of: Callable[[Floats], tuple[float, Floats]]
    n: int

    def in_logs(self, logs: Floats) -> tuple[float, Floats]:
        """The same as a function of the parameters' logarithms."""
        value, gradient = self.of(np.exp(logs))
        return value, gradient * np.exp(logs)


def maximise(
    model: str, names: Sequence[str], starts: Sequence[Floats], *, whole: Likelihood, sample: Likelihood | None = None
) -> Fit:
    """The most likely parameters that any of the starts leads to; `sample` are some of the same clients."""
    first = sample or whole
    found = _search(first, [np.log(start) for start in starts])
    fitted = _climb(model, names, whole, (found, _hessian(first, found) * (whole.n / first.n)))
    if sample and (fitted.undetermined or not fitted.converged):
        found = _search(whole, [found])
        fitted = _climb(model, names, whole, (found, _hessian(whole, found)))
    return fitted


def _search(likelihood: Likelihood, starts: Sequence[Floats]) -> Floats:
    """Logarithms of the best that L-BFGS-B finds."""
    from scipy import optimize  # half a second to load, which only who fits a model pays

    def loss(logs: Floats) -> tuple[float, Floats]:
        value, gradient = likelihood.in_logs(logs)
        return -value / likelihood.n, -gradient / likelihood.n

    best: Any = None
    for start in starts:
        found = optimize.minimize(
            loss,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=[(-EDGE, EDGE)] * len(start),
            options={"ftol": 1e-13, "gtol": 1e-8, "maxiter": 200, "maxcor": 12},
        )
        if best is None or found.fun < best.fun:
            best = found
    return np.asarray(best.x, np.float64)


def _hessian(likelihood: Likelihood, logs: Floats) -> Floats:
    """Minus the second derivatives in the logarithms: central differences of the analytic gradient."""
    steps = np.eye(len(logs)) * STEP
    falls = [likelihood.in_logs(logs - step)[1] - likelihood.in_logs(logs + step)[1] for step in steps]
    square = np.array(falls) / (2 * STEP)
    return (square + square.T) / 2


def _climb(model: str, names: Sequence[str], whole: Likelihood, begin: tuple[Floats, Floats]) -> Fit:
    """The fit at the top that Newton's steps reach from (logarithms, Hessian), with standard errors by the latter."""
    logs, hessian = begin
    told = np.flatnonzero((np.abs(logs) < EDGE - 1e-6) & (np.diag(hessian) > LOOSE))
    hessian = hessian[np.ix_(told, told)]
    certain = len(told) > 0 and bool(np.all(np.linalg.eigvalsh(hessian) > 0))
    inverse = np.linalg.inv(hessian) if certain else np.full_like(hessian, np.nan)
    value, slope = whole.in_logs(logs)
    missing = float(slope[told] @ inverse @ slope[told] / 2)
    for _ in range(8):
        if not missing > ENOUGH * 1e-4:
            break
        tried = logs.copy()
        tried[told] += np.clip(inverse @ slope[told], -0.5, 0.5)
        tried = np.clip(tried, -EDGE, EDGE)
        higher, new_slope = whole.in_logs(tried)
        if not higher > value:
            break
        logs, value, slope = tried, higher, new_slope
        missing = float(slope[told] @ inverse @ slope[told] / 2)
    # On a ridge there is no Hessian to judge by: the slope a client must then be nothing.
    level = bool(np.max(np.abs(slope[told]), initial=0.0) / whole.n < 1e-7)
    errors = np.full(len(names), np.nan)
    errors[told] = np.exp(logs[told]) * np.sqrt(np.abs(np.diag(inverse)))
    return Fit(
        model=model,
        parameters={name: float(p) for name, p in zip(names, np.exp(logs), strict=True)},
        standard_errors={name: float(e) for name, e in zip(names, errors, strict=True)} if certain else None,
        log_likelihood=value,
        n=whole.n,
        converged=missing < ENOUGH or level,
        undetermined=tuple(name for place, name in enumerate(names) if place not in told),
    )
