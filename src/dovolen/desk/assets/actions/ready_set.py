"""Ready sets: what a trade repairs, with its checklists, faults, norms and terms, taken over in one go.

A set is one file of `assets/sets`, its words in Russian and English. A category that is there already stays as the
house has it, so a set may be loaded again at any time.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.actions.category import FaultLineTold, all_held, write_lines
from dovolen.desk.assets.models import (
    AT_INTAKE,
    BEFORE_READY,
    Category,
    CategoryField,
    ChecklistItem,
    FaultTemplate,
    StageNorm,
)
from dovolen.desk.core import journal

FOLDER = Path(__file__).resolve().parent.parent / "sets"
NAMES = ("electronics", "appliances", "cars")
ENGLISH = "en"
CURRENCY, MINOR = "RUB", 100
"""What the prices of the sets are in."""
PLAIN = (
    "icon", "identifier", "uses_plate", "uses_odometer", "uses_password", "labour_warranty_days", "part_warranty_days",
    "turnaround_hours",
)  # fmt: skip

Told = dict[str, Any]


@transaction.atomic
def load_set(*, name: str, lang: str, by: Staff, now: datetime) -> list[Category]:
    """Take a ready set over in a language; gives the categories that were new to the house.

    Prices are taken over where the centre reckons in roubles, and are left at nought elsewhere.
    Raises: NotAllowed, KeyError for an unknown set. Leaves: `category.added` for each new one.
    """
    held = all_held(by, now)
    place = max((category.position for category in held.values()), default=0)
    is_priced = by.centre is None or by.centre.currency == CURRENCY
    fresh = [told for told in ready_set(name).categories if told["code"] not in held]
    return [
        _take_over(told, _Reading(lang, is_priced), position=place + 10 * n, by=by, now=now, source=name)
        for n, told in enumerate(fresh, 1)
    ]


@dataclass(frozen=True)
class ReadySet:
    """What a file of `assets/sets` holds."""

    name: str
    categories: tuple[Told, ...]


@cache
def ready_set(name: str) -> ReadySet:
    """A ready set by its name. Raises: KeyError."""
    if name not in NAMES:
        raise KeyError(name)
    return ReadySet(name, tuple(tomllib.loads((FOLDER / f"{name}.toml").read_text("utf-8"))["category"]))


@dataclass(frozen=True)
class _Reading:
    """How a set is read: in which language, and whether with its prices."""

    lang: str
    is_priced: bool

    def say(self, told: Told, key: str) -> Any:
        """A text of an entry."""
        return told[f"{key}_en"] if self.lang == ENGLISH else told[key]

    def money(self, major: int | None) -> int | None:
        """A price in minor units."""
        return None if major is None else major * MINOR if self.is_priced else 0


def _take_over(told: Told, reading: _Reading, *, position: int, by: Staff, now: datetime, source: str) -> Category:
    plain = {name: told[name] for name in PLAIN if name in told}
    category = Category.objects.create(code=told["code"], name=reading.say(told, "name"), position=position, **plain)
    _take_fields(category, told, reading)
    _take_checklists(category, told, reading)
    _take_faults(category, told, reading)
    StageNorm.objects.bulk_create(
        StageNorm(category=category, stage=stage, norm_minutes=minutes) for stage, minutes in told["norms"].items()
    )
    journal.record("category.added", subject=category, by=by, at=now, code=category.code, set=source)
    return category


def _take_fields(category: Category, told: Told, reading: _Reading) -> None:
    CategoryField.objects.bulk_create(
        CategoryField(
            category=category,
            name=reading.say(field, "name"),
            kind=field["kind"],
            choices=reading.say(field, "choices") if "choices" in field else [],
            position=10 * place,
        )
        for place, field in enumerate(told.get("field", ()), 1)
    )


def _take_checklists(category: Category, told: Told, reading: _Reading) -> None:
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            category=category,
            moment=moment,
            text=reading.say(item, "text"),
            is_usual=item.get("usual", False),
            position=10 * place,
        )
        for moment in (AT_INTAKE, BEFORE_READY)
        for place, item in enumerate(told[moment], 1)
    )


def _take_faults(category: Category, told: Told, reading: _Reading) -> None:
    for place, fault in enumerate(told["fault"], 1):
        kept = FaultTemplate.objects.create(
            category=category, title=reading.say(fault, "title"), text=reading.say(fault, "text"), position=10 * place
        )
        lines = [
            FaultLineTold(
                kind=line["kind"],
                name=reading.say(line, "name"),
                price=reading.money(line["price"]) or 0,
                cost=reading.money(line.get("cost")),
                norm_minutes=line.get("norm", 0),
            )
            for line in fault["line"]
        ]
        write_lines(kept, lines)
