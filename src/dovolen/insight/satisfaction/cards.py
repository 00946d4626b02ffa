"""Scorecards: which facts give how many points, as versioned TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from itertools import pairwise
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from dovolen.insight.config import FactPoints
from dovolen.insight.schema import SchemaError

if TYPE_CHECKING:
    from dovolen.insight.satisfaction.facts import Facts

MISSING = -1
"""The bin of a value that is not known."""


@dataclass(frozen=True)
class CardFact:
    """One fact of a card: rising `cuts` and one more of `points`, signed, added to the base (a penalty is negative)."""

    name: str
    cuts: tuple[float, ...]
    points: tuple[float, ...]

    @property
    def weight(self) -> float:
        """The most that this fact can change a score by: its share in coverage."""
        return max(self.points) - min(self.points)


@dataclass(frozen=True)
class Card:
    """A scorecard: a score is `base` plus the points of its facts."""

    name: str
    version: str
    base: float
    facts: tuple[CardFact, ...]

    @property
    def weights(self) -> NDArray[np.float64]:
        """`weight` of each fact, in the card's order."""
        return np.array([fact.weight for fact in self.facts])


def load(name: str | Path) -> Card:
    """The card of a preset (`evidence`, `source`) or of a TOML file.

    Raises: SchemaError when there is no such file or it is no card.
    """
    preset = files("dovolen.insight").joinpath("scorecards", f"{name}.toml")
    place = preset if preset.is_file() else Path(name)
    try:
        return card(tomllib.loads(place.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, ValueError, TypeError, KeyError) as error:
        raise SchemaError("error.bad_scorecard", {"source": name, "reason": error}) from error


def card(told: dict[str, Any]) -> Card:
    """A card of its TOML. Raises: ValueError, KeyError when it is none."""
    made = tuple(_fact(one) for one in told["facts"])
    if not made:
        raise ValueError("no facts")
    if len({fact.name for fact in made}) < len(made):
        raise ValueError("a fact stands twice")
    return Card(str(told["name"]), str(told["version"]), float(told["base"]), made)


def _fact(told: dict[str, Any]) -> CardFact:
    name = str(told["fact"])
    cuts, points = (tuple(float(one) for one in told[key]) for key in ("cuts", "points"))
    if not all(map(isfinite, (*cuts, *points))) or any(low >= high for low, high in pairwise(cuts)):
        raise ValueError(f"{name}: cuts must rise")
    if len(points) != len(cuts) + 1:
        raise ValueError(f"{name}: one more of points than of cuts")
    return CardFact(name, cuts, points)


def kept(card: Card) -> dict[str, Any]:
    """The card as `card` reads it again."""
    facts = [{"fact": one.name, "cuts": list(one.cuts), "points": list(one.points)} for one in card.facts]
    return {"name": card.name, "version": card.version, "base": card.base, "facts": facts}


def with_points(card: Card, own: Sequence[FactPoints]) -> Card:
    """The card with other points for some of its facts; facts that it has not are left aside.

    Raises: SchemaError when a fact has not as many points as steps.
    """
    asked = {one.fact: one.points for one in own if one.fact in {fact.name for fact in card.facts}}
    for fact in card.facts:
        if len(asked.get(fact.name, fact.points)) != len(fact.points):
            raise SchemaError("error.card_points_count", {"name": fact.name, "count": len(fact.points)})
    facts = tuple(replace(fact, points=asked.get(fact.name, fact.points)) for fact in card.facts)
    return replace(card, version=f"{card.version}+", facts=facts) if facts != card.facts else card


def bins(card: Card, facts: Facts) -> NDArray[np.int8]:
    """`[n, k]`: how many cuts of each fact of the card the value of each order exceeds, −1 where it is missing."""
    made = np.full((len(facts), len(card.facts)), MISSING, np.int8)
    for place, fact in enumerate(card.facts):
        value = facts.values.get(fact.name)
        if value is not None:
            # The value at a cut stays below it: "up to 10 %" includes 10 %.
            found = np.searchsorted(np.asarray(fact.cuts), value, side="left").astype(np.int8)
            made[:, place] = np.where(np.isnan(value), MISSING, found)
    return made
