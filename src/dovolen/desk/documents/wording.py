"""Sums, names and posts as Russian papers write them; sums in English as well."""

from __future__ import annotations

import re
from dataclasses import dataclass

from num2words import num2words
from pytrovich.detector import PetrovichGenderDetector
from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from dovolen.insight.words import NBSP, Words

FEWEST_NAMES, MOST_NAMES = 2, 3
_maker = PetrovichDeclinationMaker()
_detector = PetrovichGenderDetector()


def sum_in_words(amount: int, currency: str, speaker: Words) -> str:
    """Minor units in words: «Один миллион один рубль 01 копейка»; a currency without forms is told by its code."""
    whole, rest = divmod(amount, 100)
    told = num2words(whole, lang=speaker.lang)
    begun = told[:1].upper() + told[1:]
    major, minor = f"papers.currency.{currency}", f"papers.currency.{currency}.minor"
    if major not in speaker:
        return f"{begun} {currency} {rest:02d}/100"
    return f"{begun} {speaker.plural(major, whole)} {rest:02d}{NBSP}{speaker.plural(minor, rest)}"


def number_in_words(n: int, speaker: Words) -> str:
    """«два»: how many records, how many sheets."""
    return str(num2words(n, lang=speaker.lang))


@dataclass(frozen=True)
class Name:
    """A person's name as Russian papers order it: surname, name, patronymic."""

    last: str
    first: str
    middle: str = ""

    @property
    def short(self) -> str:
        """«Иванов И. И.»."""
        initials = NBSP.join(f"{part[0]}." for part in (self.first, self.middle) if part)
        return f"{self.last} {initials}".strip()

    @property
    def gender(self) -> Gender | None:
        """By the patronymic first; None where the name does not tell."""
        try:
            found = _detector.detect(firstname=self.first, lastname=self.last, middlename=self.middle or None)  # type: ignore[no-untyped-call]
        except (StopIteration, ValueError):
            return None
        return next((gender for gender in (Gender.MALE, Gender.FEMALE) if gender == found), None)

    def genitive(self) -> str:
        """«Иванова Ивана Ивановича»; as it stands where the gender is not told by it."""
        gender = self.gender
        parts = ((NamePart.LASTNAME, self.last), (NamePart.FIRSTNAME, self.first), (NamePart.MIDDLENAME, self.middle))
        if gender is None:
            return " ".join(part for _, part in parts if part)
        return " ".join(_maker.make(kind, gender, Case.GENITIVE, part) for kind, part in parts if part)


PATRONYMIC = re.compile(r"(ич|вна|чна|оглы|кызы)$", re.IGNORECASE)


def name_of(text: str) -> Name | None:
    """A name of two or three words: surname first, unless a patronymic in the middle tells otherwise.

    None for anything else, which is then written as it was typed.
    """
    parts = text.split()
    if not FEWEST_NAMES <= len(parts) <= MOST_NAMES or not all(part[0].isalpha() for part in parts):
        return None
    if len(parts) == MOST_NAMES and PATRONYMIC.search(parts[1]) and not PATRONYMIC.search(parts[2]):
        parts = [parts[2], parts[0], parts[1]]
    return Name(parts[0], parts[1], " ".join(parts[2:]))


def short_name(text: str) -> str:
    """«Иванов И. И.»; as it was typed where no patronymic tells which word is the surname."""
    name = name_of(text)
    return name.short if name and name.middle and "." not in text else text


def genitive_name(text: str) -> str:
    """A full name in the genitive; what is no full name stays as it is."""
    name = name_of(text)
    return name.genitive() if name and "." not in text else text


def acts_as(text: str) -> str:
    """«действующего» or «действующей», by the name; both where it does not tell."""
    name = name_of(text)
    gender = name.gender if name else None
    if gender is None:
        return "действующего (-ей)"
    return "действующей" if gender == Gender.FEMALE else "действующего"


ADJECTIVES = (("ый", "ого"), ("ой", "ого"), ("ший", "шего"), ("щий", "щего"), ("ий", "ого"), ("ая", "ой"))
NOUNS = (("ь", "я"), ("а", "ы"), ("й", "я"))
CONSONANTS = frozenset("бвгджзклмнпрстфхцчшщ")


def genitive_post(post: str) -> str:
    """A post in the genitive: adjectives and the noun they belong to decline, what follows stays.

    «Генеральный директор по развитию» → «генерального директора по развитию».
    """
    words = post.lower().split() if post[:2] != post[:2].upper() else post.split()
    for place, word in enumerate(words):
        ending = next((pair for pair in ADJECTIVES if word.endswith(pair[0])), None)
        if ending is None:
            words[place] = _genitive_noun(word)
            break
        words[place] = word[: -len(ending[0])] + ending[1]
    return " ".join(words)


def _genitive_noun(word: str) -> str:
    for ending, other in NOUNS:
        if word.endswith(ending):
            return word[: -len(ending)] + other
    return word + "а" if word[-1:] in CONSONANTS else word


OKEI = {"part": ("шт", "796"), "labour": ("усл. ед.", "876"), "fee": ("усл. ед.", "876")}
"""Kind of a line → its unit and the code of that by ОКЕИ (ОК 015-94): pieces, and units agreed upon."""
