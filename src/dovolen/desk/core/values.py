"""Values that people type, as tables keep them: texts trimmed, numbers within bounds, codes that are known."""

from __future__ import annotations

from typing import Any

from dovolen.desk.core.errors import Refusal

LONGEST_TEXT = 10_000
MOST_MONEY = 10**12
"""Of a price and of a sum, in minor units."""


class TooLong(Refusal):
    """A text is longer than its place."""

    key = "core.refused.too_long"


class OutOfRange(Refusal):
    """A number that cannot be."""

    key = "core.refused.out_of_range"


class UnknownCode(Refusal):
    """A code that the desk does not know."""

    key = "core.refused.unknown_code"


class NoText(Refusal):
    """Something has to be written here."""

    key = "core.refused.no_text"


def text(value: str, longest: int = LONGEST_TEXT) -> str:
    """A text without blanks around it and without what no base keeps. Raises: TooLong."""
    trimmed = value.replace("\0", "").strip()
    if len(trimmed) > longest:
        raise TooLong(longest=longest)
    return trimmed


def said(value: str, longest: int = LONGEST_TEXT) -> str:
    """A text that has to be there. Raises: NoText, TooLong."""
    if not (trimmed := text(value, longest)):
        raise NoText
    return trimmed


def whole(value: Any, most: int, least: int = 0) -> int:
    """A whole number from `least` to `most`. Raises: OutOfRange."""
    if int(value) != value or not least <= value <= most:
        raise OutOfRange(most=most, least=least)
    return int(value)


def known(code: str, codes: tuple[str, ...]) -> str:
    """A code that is one of these. Raises: UnknownCode."""
    if code not in codes:
        raise UnknownCode(code=code[:40])
    return code
