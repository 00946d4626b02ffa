"""Dates in any common notation: the shapes of a column's values decide how all of it is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import duckdb

from dovolen.insight.sources import values

_MONTHS = (
    "янв|jan|ene", "фев|feb", "мар|mar", "апр|apr|abr", "ма[йя]|may", "июн|jun",
    "июл|jul", "авг|aug|ago", "сен|sep", "окт|oct", "ноя|nov", "дек|dec|dic",
)  # fmt: skip
_WORD_AND_TAIL = "[a-zа-яё]*\\.?"
_TIME = (
    r"(?P<gap>[ t,]+)(?P<time>9{1,2}:99(?::99)?)(?P<fraction>[.,]9+)?(?P<half> ?[ap]m)?"
    r"(?P<zone> ?(?:z|[+-]99:?(?:99)?))?"
)
_DAY = (
    (re.compile(rf"9{{4}}(?P<sep>[-/.])9{{1,2}}(?P=sep)9{{1,2}}(?:{_TIME})?"), "ymd"),
    (re.compile(rf"9{{1,2}}(?P<sep>[-/.])9{{1,2}}(?P=sep)(?P<year>9{{4}}|99)(?:{_TIME})?"), "dmy"),
    (re.compile(rf"(?P<sep>)9{{8}}(?:{_TIME})?"), "ymd"),
    (re.compile(rf"(?P<sep>)9{{1,2}}[ -]#[ ,-]{{0,2}}(?P<year>9{{4}})(?: ?г\.?)?(?:{_TIME})?"), "named"),
    (re.compile(rf"(?P<sep>)# 9{{1,2}},? (?P<year>9{{4}})(?:{_TIME})?"), "month named first"),
)
_LETTERS = re.compile(r"[a-zа-яё]{3,}\.?")
_FIRST_ROWS = 20_000
_SERIAL = re.compile(r"9{5}(?:\.9+)?")


@dataclass(frozen=True)
class DateReading:
    """How a column of dates is read: SQL of "is filled", the local time, the moment with a zone, the bare day."""

    filled: str
    local: str
    aware: str
    day: str
    has_time: bool
    ambiguous: bool = False


def reading(base: duckdb.DuckDBPyConnection, view: str, cell: str, *, order: str = "") -> DateReading:
    """How to read the text column `cell` of `view`; `order` (dmy, mdy) overrides what values above 12 tell."""
    shapes, clean = _shapes(base, view, cell)
    word = cell if clean else values.text(cell)
    slashed = any(re.match(r"9{1,2}[-/]9{1,2}[-/]9", shape) for shape in shapes)
    order, ambiguous = (order, False) if order or not slashed else _order(base, view, cell)
    timed, bare, zoned, serial = _formats(shapes, order or "dmy")
    return DateReading(
        filled=f"({word}) IS NOT NULL",
        local=_first(timed, word),
        aware=f"TRY_CAST({word} AS TIMESTAMPTZ)" if zoned else "CAST(NULL AS TIMESTAMPTZ)",
        day=_first(bare, word, serial=serial),
        has_time=bool(timed) or zoned,
        ambiguous=ambiguous,
    )


def _shapes(base: duckdb.DuckDBPyConnection, view: str, cell: str) -> tuple[list[str], bool]:
    """The column's values with 9 for every digit and # for every word of letters, the commonest first; and whether
    every value is clean: of digits and marks alone, without spaces around.

    The first rows tell the usual shapes; only values of other shapes are looked at one by one.
    """
    usual = [
        shape
        for shape in _counted(base, f"(SELECT * FROM {view} LIMIT {_FIRST_ROWS})", values.text(cell))
        if "#" not in shape
    ]
    pattern = "|".join(re.escape(shape).replace("9", "[0-9]") for shape in usual)
    rest = (
        f"(SELECT * FROM {view} WHERE {cell} IS NOT NULL AND NOT regexp_full_match({cell}, {values.literal(pattern)}))"
    )
    if base.execute(f"SELECT 1 FROM {rest} LIMIT 1").fetchall():
        others = _counted(base, rest, values.text(cell))
        return list(dict.fromkeys(usual + others)), False
    return usual, True


def _counted(base: duckdb.DuckDBPyConnection, rows: str, word: str) -> list[str]:
    shape = f"translate(lower({word}), '012345678', '999999999')"
    query = (
        f"SELECT shape, count(*) FROM (SELECT {shape} AS shape FROM {rows}) "
        "WHERE shape IS NOT NULL GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 500"
    )
    return list(dict.fromkeys(_LETTERS.sub("#", row[0]) for row in base.execute(query).fetchall()))


def _order(base: duckdb.DuckDBPyConnection, view: str, cell: str) -> tuple[str, bool]:
    """Whether the day or the month stands first where both are written with slashes, and whether nothing tells."""
    parts = [
        f"max(TRY_CAST(regexp_extract(trim({cell}), '^([0-9]{{1,2}})[-/]([0-9]{{1,2}})[-/]', {n}) AS INTEGER))"
        for n in (1, 2)
    ]
    row = base.execute(f"SELECT {', '.join(parts)} FROM {view}").fetchall()[0]
    first, second = (value or 0 for value in row)
    if second > 12 >= first:
        return "mdy", False
    return "dmy", first <= 12


def _formats(shapes: list[str], order: str) -> tuple[list[str], list[str], bool, bool]:
    """Formats with a time, formats of bare days, whether zones are written, whether spreadsheet day numbers are."""
    timed: list[str] = []
    bare: list[str] = []
    zoned = serial = False
    for shape in shapes:
        serial = serial or bool(_SERIAL.fullmatch(shape))
        found = next(((match, kind) for pattern, kind in _DAY if (match := pattern.fullmatch(shape))), None)
        if not found:
            continue
        parts = found[0].groupdict()
        if parts.get("zone"):
            zoned = True
        elif parts.get("time"):
            timed.append(_day_format(found[1], parts, order) + _time_format(parts))
        else:
            bare.append(_day_format(found[1], parts, order))
    # A two-digit year is tried first: %Y would read it as the first century.
    timed, bare = (sorted(set(formats), key=lambda item: ("%y" not in item, item)) for formats in (timed, bare))
    return timed, bare, zoned, serial


def _day_format(kind: str, parts: dict[str, str | None], order: str) -> str:
    sep = parts["sep"] or ""
    year = "%y" if parts.get("year") == "99" else "%Y"
    if "named" in kind:
        return "%d %m %Y" if kind == "named" else "%m %d %Y"
    if kind == "ymd":
        return sep.join(("%Y", "%m", "%d"))
    month_first = order == "mdy" and kind == "dmy" and sep != "."
    return sep.join(("%m", "%d", year) if month_first else ("%d", "%m", year))


def _time_format(parts: dict[str, str | None]) -> str:
    clock = "%I:%M" if parts["half"] else "%H:%M"
    seconds = ":%S" if (parts["time"] or "").count(":") == 2 else ""
    fraction = f"{(parts['fraction'] or ' ')[0]}%f" if parts["fraction"] else ""
    half = (parts["half"] or "").replace("am", "%p").replace("pm", "%p")
    gap = (parts["gap"] or " ").replace("t", "T")
    return gap + clock + seconds + fraction + half


def _first(formats: list[str], word: str, *, serial: bool = False) -> str:
    """The first format that reads the value whole."""
    tries = [
        f"try_strptime({_months_numbered(word) if ' ' in item[:3] else word}, {values.literal(item)})"
        for item in formats
    ]
    if serial:
        number = f"TRY_CAST({word} AS DOUBLE)"
        tries.append(
            f"CASE WHEN {number} BETWEEN 15000 AND 80000 THEN DATE '1899-12-30' + CAST(floor({number}) AS INTEGER) END"
        )
    return f"coalesce({', '.join(tries)}, CAST(NULL AS TIMESTAMP))" if tries else "CAST(NULL AS TIMESTAMP)"


def _months_numbered(word: str) -> str:
    """`5 января 2024 г.` as `5 1 2024`."""
    text = f"replace(lower({word}), ',', ' ')"
    for month, names in enumerate(_MONTHS, start=1):
        text = f"regexp_replace({text}, '(^|[ -])({names}){_WORD_AND_TAIL}[ -]+', ' {month} ')"
    return f"trim(regexp_replace(regexp_replace({text}, ' ?г\\.?', ''), ' +', ' ', 'g'))"
