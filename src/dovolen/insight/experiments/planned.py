"""The next campaign: how many clients, and how many of them held out, it takes to see a lift worth having."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dovolen.insight.stats import trials

LIFTS = (0.01, 0.02, 0.05)
HOLDOUTS = (0.1, 0.2, 0.3, 0.5)


@dataclass(frozen=True)
class Reach:
    """What one hold-out share takes and shows: clients on both sides for each lift, and the smallest lift seen."""

    holdout: float
    clients: dict[float, int]
    smallest: float | None  # that `available` clients show; None when nothing would


def plan(
    base: float,
    available: int,
    *,
    lifts: Sequence[float] = LIFTS,
    holdouts: Sequence[float] = HOLDOUTS,
    power: float = 0.8,
    level: float = 0.95,
) -> list[Reach]:
    """For each share held out: clients needed to see the share who come rise from `base` by each lift.

    `available` clients can be written to or held out; `power` is the chance to see a lift that is there. A lift that
    would pass 1 is left out. Raises: ValueError unless 0 < base < 1 and the shares lie between 0 and 1.
    """
    return [
        Reach(
            share,
            {
                lift: trials.plan_rate(base, lift, share=share, power=power, level=level).n
                for lift in lifts
                if base + lift <= 1
            },
            trials.detectable_rate(base, available, share=share, power=power, level=level),
        )
        for share in holdouts
    ]
