"""Credible means: each client's own average, drawn to that of all the more, the fewer his days and the more they vary.

Source: Bühlmann & Straub 1970; Bühlmann & Gisler, A Course in Credibility Theory (2005), ch. 4: unbiased estimators of
the variance within and between clients, the mean of all weighted by credibility.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


def means(client: Integers, amount: Floats, clients: int) -> Floats:
    """The credible mean amount of each of `clients`, by number; of one without amounts, the mean of all.

    Needs: an entry a purchase. Gives: zeros where there are no purchases at all.
    """
    n = np.bincount(client, minlength=clients).astype(np.float64)
    if not len(client):
        return np.zeros(clients)
    own = np.bincount(client, weights=amount, minlength=clients) / np.maximum(n, 1)
    met, total = n > 0, n.sum()
    average = float(amount.mean())
    within = float(((amount - own[client]) ** 2).sum()) / max(total - met.sum(), 1)
    spare = total - float((n**2).sum()) / total
    between = (float((n * (own - average) ** 2).sum()) - (met.sum() - 1) * within) / spare if spare > 0 else 0.0
    if between <= 0:
        return np.full(clients, average)
    weight = n / (n + within / between)
    centre = float(weight @ own / weight.sum())
    return np.asarray(weight * own + (1 - weight) * centre)
