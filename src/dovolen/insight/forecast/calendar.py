"""The centre's calendar: which days are holidays there, and which weekdays it works, learnt from its own days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

COUNTRIES = {
    "RUB": "RU", "COP": "CO", "KZT": "KZ", "BYN": "BY", "UAH": "UA", "UZS": "UZ", "GEL": "GE", "AMD": "AM", "GBP": "GB",
    "PLN": "PL", "TRY": "TR", "INR": "IN", "BRL": "BR", "MXN": "MX", "JPY": "JP", "CNY": "CN", "USD": "US",
}  # fmt: skip
"""Country by currency, where the settings name none; a currency of several countries (EUR) tells nothing."""


def country_of(setting: str, currency: str) -> str:
    """The country whose holidays count: as set, by the currency for `auto`, "" for none."""
    return COUNTRIES.get(currency, "") if setting == "auto" else setting.upper()


def is_known(country: str) -> bool:
    """Whether holidays of a country are known; "" is no country and fine."""
    if not country:
        return True
    from holidays import country_holidays

    try:
        return country_holidays(country) is not None
    except NotImplementedError:
        return False


def named(days: Iterable[date], country: str) -> NDArray[np.object_]:
    """The name of the public holiday of each day, "" where there is none or no country.

    What stands in brackets – observed on Monday, moved from a weekend of that year – makes no other holiday.
    """
    listed = list(days)
    names = np.full(len(listed), "", object)
    if not country or not listed:
        return names
    from holidays import country_holidays  # a large package: loaded only for a forecast

    known = country_holidays(country, years=range(listed[0].year, listed[-1].year + 1))
    for place, day in enumerate(listed):
        names[place] = str(known.get(day, "")).partition(" (")[0]
    return names


def span(first: date, count: int) -> list[date]:
    """`count` days in a row."""
    return [first + timedelta(days=place) for place in range(count)]
