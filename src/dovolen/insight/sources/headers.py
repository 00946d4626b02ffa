"""Foreign headers: what each may mean among our columns, in three languages, without its unit."""

from __future__ import annotations

import difflib
import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

from dovolen.insight.schema import TABLES
from dovolen.insight.sources.reading import Raw
from dovolen.insight.sources.values import CURRENCY_SIGNS


@cache
def known() -> dict[str, Any]:
    """The words of headers.toml."""
    return tomllib.loads(resources.files(__package__).joinpath("headers.toml").read_text(encoding="utf-8"))


def tidy(header: str) -> str:
    """A header in small letters with single spaces, its unit or currency taken off."""
    words = re.sub(r"[_\-./,;:()\[\]\"№#]+", " ", header.lower()).split()
    if "№" in header:
        words.insert(0, "№")
    while len(words) > 1 and (words[-1] in CURRENCY_SIGNS or words[-1] in {"рублей", "р", "guess"}):
        words.pop()
    return " ".join(words)


def currency_of(header: str) -> str:
    """The currency a header names, or nothing: amount_cop, «Сумма, ₽»."""
    words = re.split(r"[\s_\-./,;:()\[\]]+", header.lower())
    return next((CURRENCY_SIGNS[word] for word in reversed(words[1:]) if word in CURRENCY_SIGNS), "")


def matching(raw: Raw, table: str) -> dict[str, tuple[str, ...]]:
    """Canonical columns of `table` → the header that means each; no header serves two columns of one table."""
    tidied = {header: tidy(header) for header in raw.headers if header}
    found: dict[str, tuple[str, ...]] = {}
    taken: set[str] = set()
    for column, names in _names(table).items():
        for name in names:
            header = next((header for header, words in tidied.items() if words == name and header not in taken), None)
            if header:
                found[column] = (header,)
                taken.add(header)
                break
    return found


def _names(table: str) -> dict[str, list[str]]:
    """Names a column may bear: its own first."""
    words = known().get(table, {})
    return {
        column.name: [column.name.replace("_", " "), *words.get(column.name, [])] for column in TABLES[table].columns
    }


def nearest(missing: str, table: str, headers: tuple[str, ...]) -> list[str]:
    """Headers that look most like the names of a missing column."""
    tidied = {tidy(header): header for header in headers if header}
    close = [
        found for name in _names(table)[missing] for found in difflib.get_close_matches(name, tidied, n=2, cutoff=0.6)
    ]
    return [tidied[name] for name in dict.fromkeys(close)][:3]
