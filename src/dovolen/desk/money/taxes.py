"""Rates of value-added tax and tax regimes of Russian sellers, with where they come from and since when.

A price holds its tax. The tax of a line is rounded half up to the kopeck; a paper's tax is the sum of its lines'.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NO_TAX = "none"
"""Without НДС: no line for it, not even a zero."""


@dataclass(frozen=True)
class Rate:
    """A rate in percent, since when it may stand in papers, until when, and by what law."""

    percent: int
    source: str
    since: date
    until: date | None = None


RATES: dict[str, Rate] = {
    "0": Rate(0, "НК РФ ст. 164 п. 1", date(2001, 1, 1)),
    "5": Rate(5, "НК РФ ст. 164 п. 8", date(2025, 1, 1)),
    "7": Rate(7, "НК РФ ст. 164 п. 8", date(2025, 1, 1)),
    "10": Rate(10, "НК РФ ст. 164 п. 2", date(2001, 1, 1)),
    "20": Rate(20, "НК РФ ст. 164 п. 3", date(2019, 1, 1), date(2025, 12, 31)),
    "22": Rate(22, "НК РФ ст. 164 п. 3 (425-ФЗ от 28.11.2025)", date(2026, 1, 1)),
}
TAX_CODES = (NO_TAX, *RATES)

REGIMES: dict[str, tuple[str, ...]] = {
    "osn": ("22", "20", "10", "0"),
    "usn": (NO_TAX,),
    "usn_5": ("5", "0"),
    "usn_7": ("7", "0"),
    "patent": (NO_TAX,),
    "npd": (NO_TAX,),
}
"""Regime → rates its seller may write, the usual one first.

General, simplified without tax, simplified at 5 or 7 %, patent, self-employed.
"""


def tax_in(amount: int, code: str) -> int:
    """The tax that a price holds, minor units, rounded half up; nothing where the seller pays none."""
    if code == NO_TAX:
        return 0
    percent = RATES[code].percent
    return (2 * amount * percent + 100 + percent) // (2 * (100 + percent))


def rates_on(day: date, regime: str) -> list[str]:
    """Codes that a seller of this regime may write on this day, the usual one first."""
    return [code for code in REGIMES[regime] if code == NO_TAX or _holds(RATES[code], day)]


def _holds(rate: Rate, day: date) -> bool:
    return rate.since <= day and (rate.until is None or day <= rate.until)
