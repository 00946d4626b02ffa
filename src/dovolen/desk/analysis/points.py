"""The points of one order in words: what is known of each fact, how much, when, by which step of the card."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dovolen.desk.core import words
from dovolen.desk.core.templatetags.words import lasting
from dovolen.insight.words import NBSP

BASE, ANSWER = "base", "answer"
UNKNOWN = -1
"""The bin of a fact that this order does not tell: it stands with its mean."""

Steps = Mapping[str, Sequence[tuple[float | None, float | None]]]
"""Of each fact the ends of its bins, from the lowest."""

DAY = 1440
MINUTES = {"delay": DAY, "late_hours": 60, "parts_hours": 60, "pickup_hours": 60, "resolution_days": DAY}
"""Facts that last, and how many minutes one of them is."""
TIMES = ("promises_moved", "contacts_in", "idle_stages", "norms_broken", "reassignments")
SHARES = ("over_estimate",)
RATIOS = ("repair_ratio", "cost_ratio")
FLAGS = (
    "came_back", "came_back_late", "not_first_time", "no_word", "complaint", "stages_at_once", "not_warned", "not_told",
    "debt", "not_repaired", "low_repair", "source_regular", "stages_unkept",
)  # fmt: skip


@dataclass(frozen=True)
class Point:
    """One fact of one order."""

    fact: str
    text: str
    value: str
    day: date | None
    step: str
    """By which step of the card; empty where the value says it already."""
    points: float
    is_unknown: bool = False
    has_points: bool = True
    """Facts beside the card are shown, and count for nothing."""

    @property
    def signed(self) -> str:
        """«−12», «−0,84»."""
        digits = 0 if float(self.points).is_integer() else 2
        return words.current().number(self.points, digits, sign=True)

    @property
    def is_loss(self) -> bool:
        """Whether it lowered the score."""
        return self.points < 0 and self.fact != BASE


@dataclass(frozen=True)
class Told:
    """The points of an order, and what they come to."""

    counted: list[Point]
    """The base and every fact of the card: these sum to `total`."""
    beside: list[Point]
    total: float

    @property
    def lost(self) -> list[Point]:
        """What took points, the most first."""
        return sorted((one for one in self.counted if one.is_loss), key=lambda one: one.points)


def told(rows: Sequence[Sequence[Any]], steps: Steps) -> Told:
    """Points as they are kept with a score: [[fact, value, day, bin, points], …]."""
    made = [_point(row, steps) for row in rows]
    counted = [one for one in made if one.has_points]
    return Told(counted, [one for one in made if not one.has_points], round(sum(one.points for one in counted), 2))


def steps_of(columns: Sequence[Sequence[str]], rows: Sequence[Sequence[Any]]) -> Steps:
    """The bins of every fact, from the sheet of a card."""
    names = [column[0] for column in columns]
    found: dict[str, list[tuple[float | None, float | None]]] = {}
    for row in rows:
        known = dict(zip(names, row, strict=True))
        found.setdefault(known["fact"], []).append((known["over"], known["up_to"]))
    return found


def _point(row: Sequence[Any], steps: Steps) -> Point:
    fact, value, day, place, points = row
    has_points = fact == BASE or place is not None
    is_unknown = has_points and fact != BASE and place == UNKNOWN
    return Point(
        fact=fact,
        text=words.current().name("knowledge.fact", fact),
        value=words.say("knowledge.unknown") if is_unknown else amount(fact, value),
        day=date.fromisoformat(day) if isinstance(day, str) else day,
        step=words.say("knowledge.mean_instead") if is_unknown else _step(fact, place, steps),
        points=float(points),
        is_unknown=is_unknown,
        has_points=has_points,
    )


def amount(fact: str, value: float | None) -> str:
    """How much of a fact: «1,4 дня», «2 раза», «+12 %», «в 2,3 раза дольше», «да»."""
    speaker = words.current()
    if value is None:
        return ""
    if fact in FLAGS:
        return speaker.say("ui.yes" if value > 0 else "ui.no")
    if fact in MINUTES:
        minutes = value * MINUTES[fact]
        return lasting(minutes) if minutes >= 1 else speaker.say(_in_time(fact))
    if fact in TIMES:
        return speaker.count("knowledge.times", round(value)) if value else speaker.say("ui.no")
    if fact in SHARES:
        return speaker.share(value, sign=True)
    n = speaker.number(value, 0 if float(value).is_integer() else 1)
    return speaker.say("knowledge.ratio", n=n) if fact in RATIOS else n


def _in_time(fact: str) -> str:
    return "knowledge.in_time" if fact in ("delay", "late_hours") else "ui.no"


def _step(fact: str, place: int | None, steps: Steps) -> str:
    """«до 3 дней», «больше 20 %»; nothing for what either is or is not."""
    bins = steps.get(fact, ())
    if place is None or fact in FLAGS or not 0 <= place < len(bins):
        return ""
    over, up_to = bins[place]
    if fact in TIMES:
        return _times(over, up_to)
    if not over:
        return "" if not up_to else words.say("knowledge.up_to", n=_end(fact, up_to))
    if up_to is None:
        return words.say("knowledge.over", n=_end(fact, over))
    return words.say("knowledge.between", low=_end(fact, over), high=_end(fact, up_to))


def _times(over: float | None, up_to: float | None) -> str:
    """Whole numbers: one step is one number, the last is open."""
    if over is None:
        return ""
    least = int(over) + 1
    if up_to is None:
        return words.say("knowledge.or_more", n=least)
    return str(least) if least == int(up_to) else f"{least}–{int(up_to)}"


def _end(fact: str, value: float) -> str:
    if fact in SHARES:
        return words.current().share(value, 0)
    if fact not in MINUTES:
        return amount(fact, value)
    n = words.current().number(value, 0 if float(value).is_integer() else 1)
    if MINUTES[fact] == DAY:
        return f"{n}{NBSP}{words.current().plural('knowledge.days_of', int(value))}"
    return words.say("lasting.hours", n=n)
