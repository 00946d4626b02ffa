"""Values as they are compared: one spelling for each of what people write in a dozen ways."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

_CYRILLIC = re.compile(r"[а-я]")
_ROMAN = str.maketrans(
    {
        **dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziiklmnoprstufie", strict=True)),
        **dict(zip("жхцчшщюя", ("zh", "h", "ts", "ch", "sh", "shch", "u", "a"), strict=True)),
        **dict.fromkeys("ъь", ""),
    }
)
_MANY_SPELLINGS = (
    (re.compile(r"['’`]"), ""),
    (re.compile(r"shch|sch"), "shch"),
    (re.compile(r"kh"), "h"),
    (re.compile(r"tch"), "ch"),
    (re.compile(r"^yo"), "e"),
    (re.compile(r"x"), "ks"),
    (re.compile(r"tz|ts|c(?!h)"), "ts"),
    (re.compile(r"w"), "v"),
    (re.compile(r"(?:i?y|j|i)(?=[aeu])"), ""),
    (re.compile(r"(?<=[^aeiou])[yj]o|(?<=[aeiou])yo"), "e"),
    (re.compile(r"[yj]"), "i"),
    (re.compile(r"([a-z])\1+"), r"\1"),
)
_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХ", "ABEKMHOPCTYX")
_VIN_LETTERS = str.maketrans("OQI", "001")
_PLATE = re.compile(r"[ABEKMHOPCTYX]\d{3}[ABEKMHOPCTYX]{2}\d{0,3}")
_EXTENSION = re.compile(r"(?:доб|вн|ext|x)\D{0,3}\d+.*$")
_CELL = re.compile(r"[,;\n\r|/]|\s{2,}|\s(?=\+7|8[\s(-]{0,2}\d{3})")
_EMAIL = re.compile(r"[^@\s,;<>()]+@[^@\s,;<>()]+\.[^@\s,;<>().]{2,}")
_NO_DOTS = {"gmail.com", "googlemail.com"}
"""Google itself says that it reads neither dots nor what follows a plus; of other hosts it is not known."""

_STREET_WORDS = frozenset(
    "г гор город ул улица пер переулок пр просп проспект т пркт ш шоссе бул бульвар б р наб набережная пл площадь "
    "проезд туп тупик обл область край респ республика район рн мкр микрорайон пос поселок п с село дер деревня снт жк "
    "д дом кв квартира оф офис корп корпус к стр строение лит пом комн этаж россия рф st street ave av avenue rd road "
    "dr drive blvd boulevard pl place ct court cres crescent cct circuit ln lane way apt suite unit no the".split()
)
_FLAT = re.compile(r"\b(?:кв|квартира|оф|офис|пом|комн|apt|suite|unit)\b\.?\s*№?\s*\w+")
_SIDES = {"north": "n", "south": "s", "east": "e", "west": "w"}
_DIRECT = re.compile(r"(\d+)(?:st|nd|rd|th)\b")
_WORD = re.compile(r"[^\W_]+")


def plain(text: str) -> str:
    """Small letters, ё as е, single spaces; hyphens and dots part words."""
    return " ".join(_WORD.findall(normalize("NFC", text.lower()).replace("ё", "е")))


@lru_cache(maxsize=200_000)
def folded(word: str) -> str:
    """A plain word in Latin letters such that the usual transliterations of one name meet: Юлия, Yuliya, Julia."""
    text = word.translate(_ROMAN)
    for pattern, said in _MANY_SPELLINGS:
        text = pattern.sub(said, text)
    return text


def is_cyrillic(text: str) -> bool:
    """Whether a plain text has Russian letters."""
    return bool(_CYRILLIC.search(text))


def phones(cell: str) -> tuple[str, ...]:
    """The numbers of a cell, ten digits where they are whole, five to seven where they are local; none twice."""
    found = []
    for part in _CELL.split(cell.lower()):
        digits = re.sub(r"\D", "", _EXTENSION.sub("", part))
        found += _numbers(digits)
    return tuple(dict.fromkeys(found))


def _numbers(digits: str) -> list[str]:
    """Digits as telephone numbers: a leading 8 or 7 goes, placeholders too, two numbers run together are parted."""
    if len(digits) == 22 and digits[0] in "78" and digits[11] in "78":
        return _numbers(digits[:11]) + _numbers(digits[11:])
    if len(digits) == 11 and digits[0] in "78":
        digits = digits[1:]
    elif len(digits) == 12 and digits.startswith(("87", "77")):
        digits = digits[2:]
    meant = 5 <= len(digits) <= 15 and len(set(digits[-7:])) > 1 and digits[-7:] not in {"1234567", "0123456"}
    return [digits] if meant else []


def emails(cell: str) -> tuple[str, ...]:
    """The addresses of a cell in small letters; for Gmail, and only there, without dots and what follows a plus."""
    found = []
    for address in _EMAIL.findall(cell.lower()):
        name, _, host = address.strip(".").rpartition("@")
        if host in _NO_DOTS:
            name, host = name.split("+")[0].replace(".", ""), "gmail.com"
        if name:
            found.append(f"{name}@{host}")
    return tuple(dict.fromkeys(found))


def plate(text: str) -> str:
    """A registration plate in Latin letters without spaces, country and look-alikes; empty when it is hardly one."""
    bare = _bare(text).removesuffix("RUS")
    match = _PLATE.match(bare)
    return match.group() if match and len(bare) <= 9 else bare if len(bare) >= 5 and re.search(r"\d", bare) else ""


def serial(text: str) -> str:
    """A serial number, VIN or IMEI to compare: look-alikes as one letter, an IMEI without check digit and version."""
    bare = _bare(text)
    if len(bare) == 17:
        return bare.translate(_VIN_LETTERS)
    if bare.isdigit() and len(bare) in (14, 15, 16):
        bare = bare[:14]
    return bare if len(bare) >= 6 and len(set(bare)) > 2 and re.search(r"\d", bare) else ""


def number(text: str) -> str:
    """A number that belongs to one person or firm (INN, passport, insurance): digits and letters alone."""
    bare = _bare(text)
    return bare if len(bare) >= 6 and len(set(bare)) > 2 else ""


def day(text: str) -> str:
    """A day as YYYYMMDD from 1980-05-31, 31.05.1980 or 19800531; empty when it is none."""
    digits = re.findall(r"\d+", text)
    if len(digits) == 3:
        first, month, last = digits
        digits = [first + month.zfill(2) + last.zfill(2) if len(first) == 4 else last + month.zfill(2) + first.zfill(2)]
    return digits[0] if len(digits) == 1 and len(digits[0]) == 8 else ""


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).upper().translate(_LOOKALIKES)


@dataclass(frozen=True, slots=True)
class Address:
    """An address in parts: words of street and town, the house, both without what every address has."""

    street: str = ""
    house: str = ""


def address(text: str) -> Address:
    """An address to compare: sides of the world by letter, no words like street or flat, the first number as house."""
    said = _FLAT.sub(" ", _DIRECT.sub(r"\1", text.lower().replace("ё", "е")))
    words = [_SIDES.get(word, word) for word in _WORD.findall(said) if word not in _STREET_WORDS]
    # A number that opens the line or ends it is the house; one with letters after it (12а) too.
    numbers = [word for word in words if word[0].isdigit() and not (len(word) == 6 and word.isdigit())]
    house = numbers[0] if numbers else ""
    rest = list(words)
    if house:
        rest.remove(house)
    return Address(" ".join(rest), house)
