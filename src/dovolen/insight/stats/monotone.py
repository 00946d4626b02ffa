"""Rates that should only fall from one bin to the next: where they rise, and whether that may be chance.

Source: Newcombe 1998, method 10 (difference of two shares).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from dovolen.insight.stats.intervals import newcombe

Break = Literal["", "chance", "break"]


def breaks(counts: Sequence[tuple[int, int]], *, level: float = 0.95, minimum: int = 20) -> list[Break]:
    """What each bin (happened, n) is to the last one before it with `minimum` cases: lower or even "", higher by what
    may be chance "chance", higher beyond chance "break". A bin under `minimum` tells nothing.
    """
    found: list[Break] = []
    last: tuple[int, int] | None = None
    for happened, n in counts:
        verdict: Break = ""
        if last and n >= minimum and happened / n > last[0] / last[1]:
            verdict = "break" if newcombe(happened, n, *last, level)[0] > 0 else "chance"
        found.append(verdict)
        last = (happened, n) if n >= minimum else last
    return found
