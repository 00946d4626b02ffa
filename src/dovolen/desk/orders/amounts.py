"""Money of lines: exact, in whole minor units."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal


def amount_of(quantity: Decimal, each: int, discount: int = 0) -> int:
    """Quantity × what one costs, in whole minor units, half up, less what is taken off the whole of it."""
    return int((quantity * each).quantize(Decimal(1), ROUND_HALF_UP)) - discount


def percent_of(amount: int, percent: Decimal) -> int:
    """So many percent of a sum, in whole minor units, half up."""
    return int((amount * percent / 100).quantize(Decimal(1), ROUND_HALF_UP))


def spread(amount: int, weights: Sequence[int]) -> list[int]:
    """A sum in parts that are as the weights and come to it exactly: what is left over goes to the largest remainders.

    No part is larger than its weight while the sum is no larger than all of them.
    """
    whole = sum(weights)
    if not whole:
        return [0] * len(weights)
    parts = [amount * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda place: (-(amount * weights[place] % whole), place))
    for place in by_remainder[: amount - sum(parts)]:
        parts[place] += 1
    return parts
