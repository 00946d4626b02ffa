"""Cells as people wrote them, read by SQL: text, numbers and money, flags. Each function gives an expression of DuckDB.

`cell` is always an expression of type VARCHAR unless said otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping

from dovolen.insight.currencies import minor_units

_SPACES = r"[\s\x{00A0}\x{202F}\x{2009}\x{FEFF}]+"
_EMPTY = ("?", "-", "—", "–", "null", "n/a", "#n/a", "nan", "none")
_TRUE = ("1", "true", "t", "yes", "y", "да", "si", "sí", "+", "x", "v", "истина", "компания", "юрлицо", "юр. лицо")
_FALSE = ("0", "false", "f", "no", "n", "нет", "ложь", "-")
# A question mark after an amount is a rouble sign that an old code page had no letter for.
_SIGNS = r"(?i)рублей|руб\.?|р\.|rub|usd|eur|cop|kzt|byn|mxn|тг\.?|[₽$€£₸₴?'\s\x{00A0}\x{202F}\x{2009}]"
_MINUS = r"[-(\x{2212}]"

_CODES = "rub usd eur gbp kzt uah cop mxn byn jpy cny brl ars clp pen gel amd uzs".split()
_SIGNS_OF = {
    "₽": "RUB",
    "руб": "RUB",
    "$": "USD",
    "us$": "USD",
    "€": "EUR",
    "£": "GBP",
    "₸": "KZT",
    "тг": "KZT",
    "₴": "UAH",
}
CURRENCY_SIGNS = _SIGNS_OF | {code: code.upper() for code in _CODES}
"""What people write for a currency, small letters → ISO 4217 code."""


def literal(text: str) -> str:
    """`text` as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def literals(texts: tuple[str, ...]) -> str:
    """Several texts between commas."""
    return ", ".join(map(literal, texts))


def identifier(cell: str) -> str:
    """An identifier exactly as typed; only emptiness is emptied."""
    return f"CASE WHEN trim({cell}) IN ('', '?') THEN NULL ELSE {cell} END"


def text(cell: str) -> str:
    """Words with single spaces; null for empty cells and for what people write instead of nothing."""
    plain = f"replace(replace({cell}, chr(160), ' '), chr(8239), ' ')"
    crowded = " OR ".join(f"contains({cell}, {mark})" for mark in ("'  '", "chr(9)", "chr(10)", "chr(13)", "chr(8201)"))
    tidy = f"trim(CASE WHEN {crowded} THEN regexp_replace({plain}, {literal(_SPACES)}, ' ', 'g') ELSE {plain} END)"
    empty = f"length({cell}) < 5 AND lower({tidy}) IN ('', {literals(_EMPTY)})"
    return f"CASE WHEN {empty} THEN NULL ELSE nullif({tidy}, '') END"


def chosen(cell: str, values: Mapping[str, str], *, closed: bool) -> str:
    """Foreign words replaced by ours; an unknown word is null in a closed list and stays in an open one."""
    known = " ".join(f"WHEN {literal(word.lower())} THEN {literal(ours)}" for word, ours in values.items())
    rest = "NULL" if closed else text(cell)
    return f"CASE lower({text(cell)}) {known} ELSE {rest} END" if known else rest


def flag(cell: str) -> str:
    """True, false, or null for anything else."""
    word = f"lower(trim({cell}))"
    return f"CASE WHEN {word} IN ({literals(_TRUE)}) THEN TRUE WHEN {word} IN ({literals(_FALSE)}) THEN FALSE END"


def phone(cell: str) -> str:
    """The first number of a list, digits only, a Russian 8 written as 7; null when it is too short to be one."""
    digits = f"regexp_replace(regexp_extract({cell}, '^[^,;/]*'), '[^0-9]', '', 'g')"
    whole = f"CASE WHEN length({digits}) = 11 AND {digits}[1] = '8' THEN '7' || {digits}[2:] ELSE {digits} END"
    return f"CASE WHEN length({digits}) >= 6 THEN {whole} END"


def number(cell: str, decimal: str = ".") -> str:
    """An exact DECIMAL(28, 8): spaces and currency signs dropped, `(5)`, `5-`, U+2212 negative; null if no number.

    A mark followed by one, two or more than three digits at the end is decimal; `decimal` decides the rest.
    """
    bare = f"regexp_replace({cell}, {literal(_SIGNS)}, '', 'g')"
    digits = f"regexp_replace({bare}, '[^0-9.,]', '', 'g')"
    comma = f"replace(replace({digits}, '.', ''), ',', '.')"
    point = f"replace({digits}, ',', '')"
    usual = comma if decimal == "," else point
    plain = (
        f"CASE WHEN regexp_matches({digits}, ',([0-9]{{1,2}}|[0-9]{{4,}})$') THEN {comma} "
        f"WHEN regexp_matches({digits}, '\\.([0-9]{{1,2}}|[0-9]{{4,}})$') THEN {point} ELSE {usual} END"
    )
    sign = f"CASE WHEN regexp_matches({bare}, {literal(_MINUS)}) THEN -1 ELSE 1 END"
    careful = (
        f"CASE WHEN regexp_full_match({bare}, '[-+(\\x{{2212}}]?[0-9.,]+[)\\x{{2212}}-]?') "
        f"THEN {sign} * TRY_CAST({plain} AS DECIMAL(28, 8)) END"
    )
    spaceless = f"replace(replace(replace({cell}, ' ', ''), chr(160), ''), chr(8239), '')"
    quick = (
        f"CASE WHEN regexp_full_match({spaceless}, '-?[0-9]+([.,][0-9]{{1,2}})?') "
        f"THEN TRY_CAST(replace({spaceless}, ',', '.') AS DECIMAL(28, 8)) END"
    )
    return f"coalesce({quick}, {careful})"


def minor(amount: str, currency: str) -> str:
    """Minor units, half to even, of an exact amount."""
    return f"TRY_CAST(round_even({amount} * {minor_units(currency)}, 0) AS BIGINT)"


def decimals_seen(cell: str) -> str:
    """Aggregates over a column that tell its decimal mark: commas, points, then groups of three after either.

    Three digits are no group after a zero or after four digits.
    """
    return ", ".join(
        f"coalesce(sum(CASE WHEN regexp_matches({cell}, {literal(pattern)}) THEN 1 ELSE 0 END), 0)"
        for pattern in (
            r",([0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|(^|[^0-9.,])(0|[0-9]{4,}),[0-9]{3}[^0-9.,]*$",
            r"\.([0-9]{1,2}|[0-9]{4,})[^0-9.,]*$|(^|[^0-9.,])(0|[0-9]{4,})\.[0-9]{3}[^0-9.,]*$",
            r",[0-9]{3}[^0-9.,]*$",
            r"\.[0-9]{3}[^0-9.,]*$",
        )
    )


def decimal_mark(commas: int, points: int, comma_groups: int, point_groups: int) -> str:
    """The decimal mark of a column: the one seen as such; else the one that never parts groups of three."""
    if commas or points:
        return "," if commas > points else "."
    return "," if point_groups and not comma_groups else "."
