"""Names as they are kept, compared and hidden."""

from __future__ import annotations

import re
import unicodedata

from dovolen.insight.words import NBSP

UNSEEN = {"Cc", "Cf", "Co", "Cs", "Cn"}
"""Kinds of signs that are not drawn: among them those that turn a line about or break it."""


def tidy(text: str) -> str:
    """One line as it is kept: single blanks, nothing that is not drawn."""
    if text.isprintable():  # nearly every name: nothing to take out
        return " ".join(text.split())
    seen = "".join(" " if sign.isspace() else sign for sign in text if sign.isspace() or _is_drawn(sign))
    return " ".join(seen.split())


def tidy_text(text: str) -> str:
    """The same for many lines: their ends stay."""
    return "\n".join(tidy(line) for line in text.strip().splitlines())


def _is_drawn(sign: str) -> bool:
    return unicodedata.category(sign) not in UNSEEN


def key(name: str) -> str:
    """A name as lists order and compare it: case folded, ё as е, single blanks, no quotes."""
    return " ".join(QUOTES.sub(" ", name.casefold().replace("ё", "е")).split())


QUOTES = re.compile("[«»\"“”„']")


def masked(name: str) -> str:
    """A name by its initials, for those who may not see it: «К. М.»."""
    words = key(name).split()[:2]
    return NBSP.join(f"{word[0].upper()}." for word in words)
