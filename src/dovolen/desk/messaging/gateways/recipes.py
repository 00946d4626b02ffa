"""How a provider is spoken to over HTTP, as data: what is asked, how its answers and reports are read.

A recipe is TOML: a preset of the program (`presets/`), or the house's own. Its sentences are closed: places in
braces are filled from a letter, paths walk through an answer, codes stand for states. Nothing in it is run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from dovolen.desk.messaging.gateways.addresses import web_address
from dovolen.desk.messaging.gateways.letters import BY_KEY, BY_NOTHING, BY_STATUS

PRESETS = Path(__file__).parent.parent / "presets"
PLACES = frozenset("address digits text subject key ref refs keys sender login secret reports n".split())
PLACE = re.compile(r"\{(\w+)\}")
WAYS = ("form", "json", "query")
LONGEST = 20_000

T = TypeVar("T")


class RecipeError(ValueError):
    """What is wrong with a recipe, for the person who writes it."""


@dataclass(frozen=True)
class Reading:
    """How one thing is read: paths to its parts, codes for its states."""

    code: str = ""
    ref: str = ""
    key: str = ""
    detail: str = ""
    sent: tuple[str, ...] = ()
    delivered: tuple[str, ...] = ()
    read: tuple[str, ...] = ()
    failed: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    """It never saw such a letter."""

    def state(self, code: str) -> str:
        """What a code stands for; empty where it stands for nothing."""
        names = ("sent", "delivered", "read", "failed", "later", "unknown")
        return next((name for name in names if code in getattr(self, name)), "")


@dataclass(frozen=True)
class Asking:
    """One kind of request."""

    url: str
    way: str = "json"
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, Any] = field(default_factory=dict)
    each: Mapping[str, Any] = field(default_factory=dict)
    each_in: str = ""
    """The field that is a list, of one part for each letter."""
    is_basic: bool = False
    """Log-in and secret go as HTTP's basic authorisation."""
    batch: int = 1
    whole: Reading = field(default_factory=Reading)
    """Of the answer as a whole: its code says that the request was taken."""
    answer: Reading = field(default_factory=Reading)
    """Of one letter in it."""

    @property
    def wants_ref(self) -> bool:
        """Whether letters are told apart by the provider's own reference."""
        return "{ref" in f"{self.url} {self.fields} {self.each} {self.answer.code}"


@dataclass(frozen=True)
class Hearing:
    """What a provider sends by itself."""

    items: str = ""
    """Path to the list where several come at once."""
    lines: bool = False
    """Each is a text of lines, told by their numbers."""
    where: Mapping[str, str] = field(default_factory=dict)
    """Only those in which these paths hold these words."""
    reading: Reading = field(default_factory=Reading)
    ref: str = ""
    address: str = ""
    text: str = ""
    reply: str = "ok"
    """What the provider wants to hear."""


@dataclass(frozen=True)
class Recipe:
    """A provider."""

    name: str
    send: Asking
    docs: str = ""
    prevents_doubles: str = BY_NOTHING
    ask: Asking | None = None
    reports: Hearing | None = None
    answers: Hearing | None = None


@cache
def presets() -> dict[str, Recipe]:
    """Recipes of the program by code, by name."""
    found = {path.stem: parsed(path.read_text("utf-8")) for path in PRESETS.glob("*.toml")}
    return dict(sorted(found.items(), key=lambda item: item[1].name.casefold()))


def preset_text(code: str) -> str:
    """A preset as it is written, to begin one's own with."""
    return (PRESETS / f"{code}.toml").read_text("utf-8") if code in presets() else ""


@cache
def parsed(text: str) -> Recipe:
    """The recipe that a text tells. Raises: RecipeError."""
    if len(text) > LONGEST:
        raise RecipeError(f"longer than {LONGEST} signs")
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise RecipeError(str(error)) from error
    if "send" not in told or "name" not in told:
        raise RecipeError("`name` and `[send]` are wanted")
    parts = {
        "send": _asking(told.pop("send"), "send"),
        "ask": _asking(told.pop("ask"), "ask") if "ask" in told else None,
        "reports": _hearing(told.pop("reports"), "reports") if "reports" in told else None,
        "answers": _hearing(told.pop("answers"), "answers") if "answers" in told else None,
    }
    recipe = _made(Recipe, {**told, **parts}, "")
    if recipe.prevents_doubles not in (BY_KEY, BY_STATUS, BY_NOTHING):
        raise RecipeError("prevents_doubles is key, status or none")
    if recipe.prevents_doubles == BY_STATUS and recipe.ask is None:
        raise RecipeError('prevents_doubles = "status" wants [ask]')
    return recipe


def _asking(told: Any, where: str) -> Asking:
    told = dict(_table(told, where))
    for name in ("whole", "answer"):
        told[name] = _reading(told.get(name, {}), f"{where}.{name}")
    asking = _made(Asking, told, where)
    _check_places([asking.url, asking.headers, asking.fields, asking.each], where)
    if asking.way not in WAYS or not 1 <= asking.batch <= 500:
        raise RecipeError(f"{where}: way is form, json or query; batch 1 to 500")
    try:
        web_address(PLACE.sub("x", asking.url))
    except ValueError as error:
        raise RecipeError(f"{where}.url: {error}") from error
    return asking


def _hearing(told: Any, where: str) -> Hearing:
    told = dict(_table(told, where))
    known = {name: told.pop(name) for name in tuple(told) if name in {part.name for part in fields(Reading)} - {"ref"}}
    known |= {"ref": told["ref"]} if "ref" in told else {}
    return _made(Hearing, {**told, "reading": _reading(known, where)}, where)


def _reading(told: Any, where: str) -> Reading:
    told = dict(_table(told, where))
    for name in ("sent", "delivered", "read", "failed", "later", "unknown"):
        codes = told.get(name, [])
        if not isinstance(codes, list):
            raise RecipeError(f"{where}.{name}: a list of codes is wanted")
        told[name] = tuple(str(code) for code in codes)
    return _made(Reading, told, where)


def _made(kind: type[T], told: Mapping[str, Any], where: str) -> T:
    """Raises: RecipeError for a word that nobody knows or of another kind than it is meant."""
    known = {part.name: part for part in fields(kind)}  # type: ignore[arg-type]
    for name, value in told.items():
        if name not in known:
            raise RecipeError(f"{where or 'recipe'}: `{name}` is not known")
        wanted = {"str": str, "int": int, "bool": bool, "Mapping[str, str]": Mapping, "Mapping[str, Any]": Mapping}
        if (meant := wanted.get(str(known[name].type))) and not isinstance(value, meant):
            raise RecipeError(f"{where}.{name}: another kind of value is wanted")
    try:
        return kind(**told)
    except TypeError as error:
        raise RecipeError(f"{where or 'recipe'}: {error}") from error


def _table(told: Any, where: str) -> Mapping[str, Any]:
    if not isinstance(told, dict):
        raise RecipeError(f"{where}: a table is wanted")
    return told


def _check_places(told: Any, where: str) -> None:
    if isinstance(told, str):
        if unknown := set(PLACE.findall(told)) - PLACES:
            raise RecipeError(f"{where}: there is no place {{{min(unknown)}}}")
    elif isinstance(told, Mapping):
        _check_places([*told.keys(), *told.values()], where)
    elif isinstance(told, list):
        for part in told:
            _check_places(part, where)
