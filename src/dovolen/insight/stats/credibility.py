"""Credible means: each client's own average, drawn to that of all the more, the fewer his days and the more they vary.

Source: Bühlmann & Straub 1970; Bühlmann & Gisler, A Course in Credibility Theory (2005), ch. 4: unbiased estimators of
the variance within and between clients, the mean of all weighted by credibility.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True)
class Credibility:
    """What all amounts together tell: their `centre`, and how many purchases weigh as much as it (infinity: any)."""

    centre: float
    worth: float

    def means(self, client: Integers, amount: Floats, clients: int) -> Floats:
        """The credible mean amount of each of `clients`, by number; of one without amounts, the centre."""
        n, own = _own(client, amount, clients)
        weight = n / np.where(n > 0, n + self.worth, 1.0)
        return np.asarray(weight * own + (1 - weight) * self.centre)


def learnt(client: Integers, amount: Floats) -> Credibility:
    """Centre and worth by these amounts, an entry a purchase; a centre of 0 without purchases."""
    if not len(client):
        return Credibility(0.0, np.inf)
    n, own = _own(client, amount, int(client.max()) + 1)
    met, total = n > 0, n.sum()
    average = float(amount.mean())
    within = float(((amount - own[client]) ** 2).sum()) / max(total - met.sum(), 1)
    spare = total - float((n**2).sum()) / total
    between = (float((n * (own - average) ** 2).sum()) - (met.sum() - 1) * within) / spare if spare > 0 else 0.0
    if between <= 0:
        return Credibility(average, np.inf)
    worth = within / between
    weight = n / (n + worth) if worth > 0 else met.astype(np.float64)
    return Credibility(float(weight @ own / weight.sum()), worth)


def _own(client: Integers, amount: Floats, clients: int) -> tuple[Floats, Floats]:
    """Purchases of each client and their mean; 0 where there are none."""
    n = np.bincount(client, minlength=clients).astype(np.float64)
    return n, np.bincount(client, weights=amount, minlength=clients) / np.maximum(n, 1)
