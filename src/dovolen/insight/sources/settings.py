"""Currency and zone of a source: given, mapped, seen in headers and values, or the default that the report tells."""

from __future__ import annotations

import re
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources.headers import currency_of
from dovolen.insight.sources.reading import Raw
from dovolen.insight.sources.values import CURRENCY_SIGNS

_SIGNS = re.compile(r"(?i)[₽$€£₸₴]|руб|\b(?:rub|usd|eur|gbp|cop|kzt|uah|mxn|byn)\b")
_ALL_SIGNS = r"(?i)([₽$€£₸₴]|руб|rub|usd|eur|gbp|cop|kzt|uah|mxn|byn)"


def check_currency(code: str | None) -> None:
    """Raises SchemaError for what is no ISO 4217 code by its shape."""
    if code and not re.fullmatch("[A-Z]{3}", code):
        raise SchemaError("error.unknown_currency", {"currency": code})


def check_zone(name: str | None) -> None:
    """Raises SchemaError for a zone this machine does not know."""
    try:
        ZoneInfo(name or "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SchemaError("error.unknown_zone", {"zone": str(name)}) from error


def currencies_seen(raw: Raw, headers: tuple[str, ...]) -> tuple[str, ...]:
    """Currencies that the headers of amounts name, and those beside the amounts or in a column of currencies."""
    found = {code for header in headers if (code := currency_of(header))}
    if not headers:
        return tuple(found)
    for header in (*headers, *[header for header in raw.headers if header.lower() in {"currency", "валюта", "moneda"}]):
        column = raw.rows.column(raw.column(header))
        if pa.types.is_string(column.type):
            found |= _codes(column)
    return tuple(sorted(found))


def _codes(column: pa.ChunkedArray) -> set[str]:
    signed = column.filter(pc.match_substring_regex(column, _ALL_SIGNS))
    if not len(signed):
        return set()
    bare = pc.unique(pc.replace_substring_regex(pc.utf8_lower(signed), r"[0-9.,\s()+-]", ""))
    return {CURRENCY_SIGNS[match[0].lower()] for word in bare.to_pylist() if (match := _SIGNS.search(word))}
