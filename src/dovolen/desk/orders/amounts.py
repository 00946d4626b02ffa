"""Money of lines: exact, in whole minor units."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal


def amount_of(quantity: Decimal, each: int) -> int:
    """Quantity × what one costs, in whole minor units, half up."""
    return int((quantity * each).quantize(Decimal(1), ROUND_HALF_UP))
