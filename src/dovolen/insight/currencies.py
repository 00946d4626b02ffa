"""How many of its smallest coin a currency has in one: known without Arrow, for pages need no more than this."""

from __future__ import annotations

EXPONENTS = dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split(), 0) | (
    dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3)
)
"""Decimals of a currency's minor unit by ISO 4217 where they are not two."""


def minor_units(currency: str) -> int:
    """Minor units in one major unit of a currency: kopecks in a rouble."""
    return int(10 ** EXPONENTS.get(currency, 2))
