"""How somebody is addressed: by given name and patronymic, in the right gender and case."""

from __future__ import annotations

from functools import cache, lru_cache

from pytrovich.enums import Case, Gender, NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from dovolen.desk.core import words
from dovolen.desk.people.models import COMPANY
from dovolen.insight.identity.names import Name, parse
from dovolen.insight.identity.normal import is_cyrillic, plain

SEXES = {"m": Gender.MALE, "f": Gender.FEMALE}
GENITIVE, DATIVE = Case.GENITIVE, Case.DATIVE


def greeting(name: str, kind: str, language: str) -> str:
    """«Уважаемый Иван Иванович», «Здравствуйте, Саша»; a company, and somebody without a name: «Здравствуйте»."""
    speaker = words.in_language(language)
    called, sex, is_full = _addressed(name, kind)
    if not called:
        return speaker.say("messaging.greeting.nobody")
    if is_full and sex:
        return speaker.say(f"messaging.greeting.{'him' if sex == 'm' else 'her'}", name=called)
    return speaker.say("messaging.greeting.anybody", name=called)


def called(name: str, kind: str) -> str:
    """What he is called: given name and patronymic; a company, or a name that cannot be read, as it stands."""
    return _addressed(name, kind)[0] or name


def in_case(name: str, kind: str, case: Case) -> str:
    """What he is called in another case; where the gender is not told by the name, as it stands."""
    parts, parsed = _parts(name, kind), _parsed(name, kind)
    gender = SEXES.get(parsed.sex)
    if gender is None or not parts or not all(is_cyrillic(plain(part)) for part in parts):
        return called(name, kind)
    places = (NamePart.FIRSTNAME, NamePart.MIDDLENAME)
    return " ".join(_maker().make(place, gender, case, part) for place, part in zip(places, parts, strict=False))


def _addressed(name: str, kind: str) -> tuple[str, str, bool]:
    """What he is called, his gender where it is told, whether by name and patronymic."""
    parts = _parts(name, kind)
    return " ".join(parts), _parsed(name, kind).sex, len(parts) == 2


def _parts(name: str, kind: str) -> list[str]:
    """Given name and patronymic as they are written in the name; initials do not serve."""
    parsed = _parsed(name, kind)
    if parsed.firm or len(parsed.given) < 2:
        return []
    written = {plain(word): word for word in name.split()}
    wanted = [parsed.given, parsed.patronymic] if len(parsed.patronymic) > 1 else [parsed.given]
    return [written[part] for part in wanted if part in written]


@lru_cache(maxsize=10_000)
def _parsed(name: str, kind: str) -> Name:
    return parse(name, "company" if kind == COMPANY else "person")


@cache
def _maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()
