"""Every word people read, in Russian and English; numbers, money, dates and plurals as each language writes them."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from functools import cache
from pathlib import Path

from dovolen.insight.currencies import minor_units

LANGUAGES = ("ru", "en")
NBSP = "\u00a0"
MINUS = "\u2212"
FOLDER = Path(__file__).parent / "words"

SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "GBP": "£", "KZT": "₸", "UAH": "₴", "INR": "₹", "JPY": "¥", "TRY": "₺"}

Entry = str | list[str]


class Words:
    """The words of one language. Texts come ready to print: no-break spaces are already in their places.

    `more` are folders of words beside the library's own.
    """

    def __init__(self, lang: str, *more: Path) -> None:
        if lang not in LANGUAGES:
            raise ValueError(f"language {lang!r} is not one of {', '.join(LANGUAGES)}")
        self.lang = lang
        self._entries = _entries(lang, (FOLDER, *more))

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def say(self, key: str, **values: object) -> str:
        """The text under a key with values filled in. Raises: KeyError when no such words exist."""
        entry = self._entries[key]
        text = entry if isinstance(entry, str) else entry[0]
        return text.format_map({name: str(value) for name, value in values.items()}) if values else text

    def beginning_with(self, prefix: str) -> dict[str, str]:
        """All texts whose keys begin so: for those who say them elsewhere."""
        return {key: self.say(key) for key in self._entries if key.startswith(prefix)}

    def name(self, family: str, code: object) -> str:
        """The word for a code of a family (`segment`, `state`, …); an unknown code is shown as it is."""
        key = f"{family}.{code}"
        return self.say(key) if key in self._entries else str(code)

    def listed(self, key: str) -> list[str]:
        """All forms under a key: months, plural forms."""
        entry = self._entries[key]
        return [entry] if isinstance(entry, str) else entry

    def count(self, key: str, n: int) -> str:
        """A number with its noun: «1 клиент», «22 клиента», «3 238 клиентов»."""
        return f"{self.number(n)}{NBSP}{self.plural(key, n)}"

    def plural(self, key: str, n: int) -> str:
        """The form of a noun that goes with a number."""
        forms = self.listed(key)
        return forms[min(_form(self.lang, abs(n)), len(forms) - 1)]

    def number(self, value: float, digits: int = 0, *, sign: bool = False) -> str:
        """A number with thousands parted and the language's decimal mark; a minus is U+2212."""
        text = f"{abs(value):,.{digits}f}"
        if self.lang == "ru":
            text = text.replace(",", NBSP).replace(".", ",")
        shown_zero = not text.strip("0.,")
        mark = "" if shown_zero else MINUS if value < 0 else "+" if sign else ""
        return mark + text

    def share(self, value: float, digits: int = 1, *, sign: bool = False) -> str:
        """A share from 0 to 1 as a percentage; a small one that would read as zero is told as «less than»."""
        percent, gap = value * 100, NBSP if self.lang == "ru" else ""
        least = 10**-digits
        if 0 < abs(percent) < least / 2:
            return f"<{NBSP}{self.number(least, digits)}{gap}%"
        return f"{self.number(percent, digits, sign=sign)}{gap}%"

    def money(self, minor: float, currency: str, *, compact: bool = False, exact: bool = False) -> str:
        """Money in whole major units with the currency's sign, `exact` with the minor ones where there are any.

        Compact writes thousands and millions in words.
        """
        major = minor / minor_units(currency)
        cents = 2 if major != int(major) and (exact or abs(major) < 100) else 0
        amount = self._compact(major) if compact and not cents else self.number(major, cents)
        sign = SIGNS.get(currency, currency)
        if self.lang == "ru" or len(sign) > 1:
            return f"{amount}{NBSP}{sign}"
        return f"{MINUS}{sign}{amount[1:]}" if amount.startswith(MINUS) else sign + amount

    def _compact(self, major: float) -> str:
        for size, key in ((1e9, "scale.billion"), (1e6, "scale.million"), (1e5, "scale.thousand")):
            if abs(major) >= size:
                scale = 1e3 if key == "scale.thousand" else size
                digits = 0 if key == "scale.thousand" or abs(major) >= 100 * size else 1
                gap = NBSP if self.lang == "ru" else ""
                return f"{self.number(major / scale, digits)}{gap}{self.say(key)}"
        return self.number(major)

    def date(self, day: dt.date, *, short: bool = False) -> str:
        """«17 ноября 2026», short «17 ноя 2026»; in English «17 November 2026»."""
        month = self.listed("month.short" if short else "month.of")[day.month - 1]
        return f"{day.day}{NBSP}{month}{NBSP}{day.year}"

    def period(self, since: dt.date | None, until: dt.date | None) -> str:
        """Days from and to, each said once: «1–31 октября 2026», «1 января – 31 октября 2026»."""
        if since is None or until is None or since == until:
            day = until or since
            return "" if day is None else self.date(day)
        if (since.year, since.month) == (until.year, until.month):
            return f"{since.day}–{self.date(until)}"
        begin = self.date(since)
        if since.year == until.year:
            begin = begin.rpartition(NBSP)[0]
        return f"{begin}{NBSP}– {self.date(until)}"

    def quarter(self, number: int, year: int) -> str:
        """«III кв. 2024», in English «Q3 2024»."""
        return self.say("quarter.name", name=self.listed("quarter.short")[number - 1], year=year)

    def month(self, day: dt.date) -> str:
        """«окт 2026», for axes and tables of months."""
        return f"{self.listed('month.short_name')[day.month - 1]}{NBSP}{day.year}"


@cache
def _entries(lang: str, folders: tuple[Path, ...] = (FOLDER,)) -> dict[str, Entry]:
    """Keys and texts of one language from the files of its folders; every file has the same flat form."""
    entries: dict[str, Entry] = {}
    for path in (path for folder in folders for path in sorted(folder.glob(f"*{lang}.toml"))):
        for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
            if key in entries:
                raise ValueError(f"{path.name}: {key} has words already")
            entries[key] = [tie(form, lang) for form in entry] if isinstance(entry, list) else tie(entry, lang)
    return entries


SHORT = re.compile(r"(?<![\w}])(\w{1,2}|для|без|при|под|над|или|как|что|чем|про|№) (?=[\w«{])", re.IGNORECASE)
UNITS = re.compile(r"(?<=[\d}]) (?=(?:%|₽|дн|лет|год|час|мин|тыс|млн|млрд|недел|месяц|квартал)\b|[%₽])")


def tie(text: str, lang: str = "ru") -> str:
    """The text with no-break spaces where a line must not break: short words, dashes, numbers and their units."""
    text = UNITS.sub(NBSP, text).replace(" – ", f"{NBSP}– ")
    if lang != "ru":
        return text
    return SHORT.sub(rf"\1{NBSP}", SHORT.sub(rf"\1{NBSP}", text)).replace(" —", f"{NBSP}—").replace("× ", f"×{NBSP}")


def _form(lang: str, n: int) -> int:
    """Which plural form a whole number takes."""
    if lang == "en":
        return 0 if n == 1 else 1
    if n % 10 == 1 and n % 100 != 11:
        return 0
    return 1 if n % 10 in (2, 3, 4) and n % 100 not in (12, 13, 14) else 2
