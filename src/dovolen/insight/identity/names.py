"""Names of people and firms taken apart: surname, given name, patronymic; the words of a firm without its form."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from dovolen.insight.identity.normal import folded, is_cyrillic, plain

_FORMS = frozenset(
    "ооо оао зао пао ао нао ано нко тоо чп чоп гк фгуп муп гуп тсж снт мбоу мку гбу фбу llc ltd limited inc corp co "
    "gmbh ag plc company".split()
)
_OWNER = frozenset(("ип", "пбоюл", "самозанятый", "самозанятая"))
_LONG_FORMS = (
    ("общество с ограниченной ответственностью", "ооо"),
    ("публичное акционерное общество", "пао"),
    ("закрытое акционерное общество", "зао"),
    ("открытое акционерное общество", "оао"),
    ("акционерное общество", "ао"),
    ("индивидуальный предприниматель", "ип"),
)
_FIRM_MARKS = re.compile(r"[«»\"„“”]|\b(?:сервис|центр|компания|школа|завод|такси|автосервис|магазин)\b", re.IGNORECASE)
_PATRONYMIC = re.compile(
    r"(?:[оеё]вич|[оеё]вна|[иы]нична|ична|(?:иль|кузьм|лук|фом|никит|сав|фок)ич|оглы|кызы|o[vw]i[ct]z?h?|[ey]vi[ct]h|[oe]vna)$"
)
_SURNAME = re.compile(
    r"(?:[оеё]в|[оеё]ва|[иы]н|[иы]на|ский|цкий|ская|цкая|енко|ых|их|ук|юк|ян|швили|дзе|[oe]vv?|ova|eva|sky|skiy|skaya|enko)$"
)
_FEMALE = re.compile(r"(?:[оеё]ва|[иы]на|ская|цкая|овна|евна|ична|кызы|ova|eva|skaya|ovna|evna)$")
_MALE = re.compile(r"(?:[оеё]в|[иы]н|ский|цкий|[оеё]вич|ьич|оглы|ovich|evich|sky|skiy)$")
_WRITTEN = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """Who a client says he is. Of a firm only `words`; of a person the parts, each empty, an initial or whole."""

    surname: str = ""
    given: str = ""
    patronymic: str = ""
    words: tuple[str, ...] = ()
    firm: bool = False
    trades: bool = False  # a person who trades under his own name (ИП)

    @property
    def sex(self) -> str:
        """`m`, `f`, or empty when the name does not tell or tells both."""
        told = {_sex_of(self.given)} | {_sex_by_ending(part) for part in (self.patronymic or self.surname,)}
        told.discard("")
        return told.pop() if len(told) == 1 else ""


@cache
def _given() -> dict[str, frozenset[tuple[str, str]]]:
    """Name or short form → the whole names it may stand for, each with its sex; in both alphabets."""
    listed = tomllib.loads(files(__package__).joinpath("given_names.toml").read_text(encoding="utf-8"))
    meant: dict[str, set[tuple[str, str]]] = {}
    for sex, names in (("m", listed["male"]), ("f", listed["female"])):
        for whole, short in names.items():
            for word in {plain(word) for word in (whole, *short.split())}:
                meant.setdefault(word, set()).add((whole, sex))
                meant.setdefault(folded(word), set()).add((whole, sex))
    return {word: frozenset(names) for word, names in meant.items()}


@lru_cache(maxsize=100_000)
def meanings(given: str) -> frozenset[tuple[str, str]]:
    """The whole names that a given name stands for; empty when it is not in the list."""
    return _given().get(given) or (_given().get(folded(given)) if not is_cyrillic(given) else None) or frozenset()


def _sex_of(given: str) -> str:
    told = {sex for _, sex in meanings(given)}
    return told.pop() if len(told) == 1 else ""


def _sex_by_ending(word: str) -> str:
    return "f" if _FEMALE.search(word) else "m" if _MALE.search(word) else ""


@lru_cache(maxsize=200_000)
def parse(text: str, kind: str) -> Name:
    """A name as written, taken apart. `kind` is `person`, `company` or empty when the base does not say."""
    said = plain(re.sub(r"\([^)]*\)", " ", text)) or plain(text)
    for form, short in _LONG_FORMS:
        said = said.replace(form, short)
    words = said.split()
    trades = bool(_OWNER.intersection(words))
    firm = kind == "company" or (
        kind != "person" and (bool(_FORMS.intersection(words)) or bool(_FIRM_MARKS.search(text)))
    )
    bare = tuple(word for word in words if word not in _FORMS and word not in _OWNER)
    if trades and len(bare) in (2, 3):
        firm = False
    if firm:
        return Name(words=bare, firm=True, trades=trades)
    return _person([part for word in bare for part in _initials(word, text)], trades=trades)


def _initials(word: str, text: str) -> list[str]:
    """`ИИ` written in capitals beside a surname in small letters is two initials."""
    pair = len(word) == 2 and word.isalpha() and word.upper() in text and not text.isupper()
    return list(word) if pair and word not in _given() else [word]


def _person(words: list[str], *, trades: bool) -> Name:
    """Parts of a person's name in whatever order they stand."""
    whole = [word for word in words if len(word) > 1 and word.isalpha()]
    initials = [word for word in words if len(word) == 1 and word.isalpha()]
    patronymic = _take_patronymic(whole)
    given, surname = _given_and_surname(whole, patronymic, few=bool(initials))
    for initial in initials:
        if not given:
            given = initial
        elif not patronymic:
            patronymic = initial
    return Name(surname, given, patronymic, trades=trades)


def _take_patronymic(whole: list[str]) -> str:
    """The patronymic; takes it out of the list, whose last word is the given name then.

    It follows the given name: in "Роман Аркадьевич Абрамович" the surname looks like one too.
    """
    places = [place for place, word in enumerate(whole) if place and _PATRONYMIC.search(word)]
    if not places:
        return ""
    place = next((place for place in places if meanings(whole[place - 1])), places[-1])
    word = whole.pop(place)
    whole.append(whole.pop(place - 1))
    return f"{whole.pop()} {word}" if word in ("оглы", "кызы") and len(whole) > 2 else word


def _given_and_surname(whole: list[str], patronymic: str, *, few: bool) -> tuple[str, str]:
    if not whole:
        return "", ""
    if len(whole) == 1:
        known = bool(meanings(whole[0])) and not few
        return (whole[0], "") if known or patronymic else ("", whole[0])
    if patronymic:
        return whole[-1], " ".join(whole[:-1])
    if few:
        return "", " ".join(whole)
    first, last = whole[0], whole[-1]
    opens = _looks_given(first) > _looks_given(last) or (
        _looks_given(first) == _looks_given(last) and not is_cyrillic(first)
    )
    return (first, " ".join(whole[1:])) if opens else (last, " ".join(whole[:-1]))


def _looks_given(word: str) -> int:
    return (2 if meanings(word) else 0) - (1 if _SURNAME.search(word) else 0)
