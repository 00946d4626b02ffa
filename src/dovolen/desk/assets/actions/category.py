"""Categories and what hangs on them: checklists, own fields, faults met every day, norms of stages.

Lists are saved whole. `seen` is the face of what the page showed (`queries.face`): who saves from an old page is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets import queries
from dovolen.desk.assets.codes import code_of
from dovolen.desk.assets.models import (
    Category,
    CategoryField,
    ChecklistItem,
    FaultLine,
    FaultTemplate,
    StageNorm,
)
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Mark

RIGHT = "set up orders"
LOCK = "assets.categories"
TOLD = (
    "name", "icon", "identifier", "uses_plate", "uses_odometer", "uses_password", "labour_warranty_days",
    "part_warranty_days", "turnaround_hours",
)  # fmt: skip
"""What is told of a category."""


class ChangedMeanwhile(Refusal):
    """The list changed since the page was opened; nothing was written."""

    key = "assets.refused.changed_meanwhile"

    def __init__(self, face: str) -> None:
        self.face = face
        """What the list is now: a form that carries it may be sent again."""
        super().__init__()


class NameTaken(Refusal):
    """Another category has this name."""

    key = "assets.refused.category_name_taken"


class Twice(Refusal):
    """The same stands twice in one list."""

    key = "assets.refused.twice"


class FaultTaken(Refusal):
    """The category has a fault of this title."""

    key = "assets.refused.fault_taken"


# ── The category itself ──────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_category(*, name: str, by: Staff, now: datetime, **told: Any) -> Category:
    """A further kind of asset. Raises: NotAllowed, NameTaken. Leaves: `category.added`."""
    held = list(all_held(by, now).values())
    _check_name(name, held)
    category = Category.objects.create(
        code=code_of(name, {one.code for one in held}),
        name=name,
        position=max((one.position for one in held), default=0) + 10,
        **told,
    )
    journal.record("category.added", subject=category, by=by, at=now, code=category.code)
    return category


@transaction.atomic
def change_category(*, category: Category, seen: str, by: Staff, now: datetime, **told: Any) -> None:
    """Change what is told of a category.

    Raises: NotAllowed, NameTaken, ChangedMeanwhile. Leaves: `category.changed` with the names of what changed.
    """
    kept = _locked(category, by)
    _check_face(queries.face_of_category(kept), seen)
    _check_name(told["name"], Category.objects.exclude(pk=kept.pk))
    changed = sorted(name for name, value in told.items() if getattr(kept, name) != value)
    if not changed:
        return
    for name in changed:
        setattr(kept, name, told[name])
    kept.save(update_fields=changed)
    journal.record("category.changed", subject=kept, by=by, at=now, changed=changed)


@transaction.atomic
def switch_category(*, category: Category, on: bool, by: Staff, now: datetime) -> None:
    """Take assets of it in, or no more; what was taken in stays. Leaves: `category.switched_on`, `…_off`."""
    kept = _locked(category, by)
    if kept.is_active == on:
        return
    Category.objects.filter(pk=kept.pk).update(is_active=on)
    journal.record("category.switched_on" if on else "category.switched_off", subject=kept, by=by, at=now)


@transaction.atomic
def move_category(*, category: Category, by: Staff, now: datetime, later: bool) -> None:
    """Let it change places with its neighbour among those that are taken in. Leaves: `category.moved`."""
    _require(by)
    rows = list(Category.objects.select_for_update().filter(is_active=True).order_by("position", "name", "pk"))
    if not swap(rows, category.pk, later=later):
        return
    Category.objects.bulk_update(rows, ["position"])
    journal.record("category.moved", subject=category, by=by, at=now, later=later)


def swap(rows: list[Any], key: int, *, later: bool) -> bool:
    """Let the row of this key change places with its neighbour; `position` is written anew, from 10 in tens."""
    place = next((place for place, row in enumerate(rows) if row.pk == key), None)
    other = None if place is None else place + (1 if later else -1)
    if place is None or other is None or not 0 <= other < len(rows):
        return False
    rows[place], rows[other] = rows[other], rows[place]
    for n, row in enumerate(rows, 1):
        row.position = 10 * n
    return True


# ── Lists that hang on it ────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def set_checklist(
    *, category: Category, moment: str, items: Sequence[tuple[str, bool]], seen: str, by: Staff, now: datetime
) -> None:
    """What is looked at: pairs of a text and whether it is ticked beforehand, in their order.

    Raises: NotAllowed, ChangedMeanwhile, Twice. Leaves: `category.checklist_set`.
    """
    kept = _locked(category, by)
    _check_face(queries.face_of_checklist(kept, moment), seen)
    _check_once(text for text, _ in items)
    ChecklistItem.objects.filter(category=kept, moment=moment).delete()
    ChecklistItem.objects.bulk_create(
        ChecklistItem(category=kept, moment=moment, text=text, is_usual=is_usual, position=10 * place)
        for place, (text, is_usual) in enumerate(items, 1)
    )
    journal.record("category.checklist_set", subject=kept, by=by, at=now, moment=moment, n=len(items))


@dataclass(frozen=True)
class FieldTold:
    """An own field as it shall be; without a key it is a new one."""

    key: int | None
    name: str
    kind: str
    choices: tuple[str, ...] = ()


@transaction.atomic
def set_fields(*, category: Category, fields: Sequence[FieldTold], seen: str, by: Staff, now: datetime) -> None:
    """Own fields in their order: those that are not named go, what stood in them at assets is shown no more.

    Raises: NotAllowed, ChangedMeanwhile, Twice. Leaves: `category.fields_set`.
    """
    kept = _locked(category, by)
    _check_face(queries.face_of_fields(kept), seen)
    _check_once(told.name for told in fields)
    held = {field.pk: field for field in CategoryField.objects.filter(category=kept)}
    for gone in held.keys() - {told.key for told in fields}:
        held.pop(gone).delete()
    for field in held.values():  # names change places: one field may take the name of another
        CategoryField.objects.filter(pk=field.pk).update(name=f"…{field.pk}")
    for place, told in enumerate(fields, 1):
        values = {"name": told.name, "kind": told.kind, "choices": list(told.choices), "position": 10 * place}
        if told.key in held:
            CategoryField.objects.filter(pk=told.key).update(**values)
        else:
            CategoryField.objects.create(category=kept, **values)
    journal.record("category.fields_set", subject=kept, by=by, at=now, n=len(fields))


@dataclass(frozen=True)
class FaultLineTold:
    """A line of a fault as it shall be; money in minor units."""

    kind: str
    name: str
    price: int
    cost: int | None = None
    norm_minutes: int = 0


@transaction.atomic
def save_fault(
    *,
    category: Category,
    fault: FaultTemplate | None,
    told: tuple[str, str],
    lines: Sequence[FaultLineTold],
    seen: str = "",
    by: Staff,
    now: datetime,
) -> FaultTemplate:
    """A fault met every day: `told` is its title and its words, then the lines that usually mend it.

    Raises: NotAllowed, ChangedMeanwhile, FaultTaken. Leaves: `category.fault_saved`.
    """
    kept = _locked(category, by)
    title, text = told
    if fault is not None:
        _check_face(queries.face_of_fault(fault), seen)
    others = FaultTemplate.objects.filter(category=kept).exclude(pk=fault.pk if fault else 0)
    if others.filter(title=title).exists():
        raise FaultTaken(title=title)
    if fault is None:
        place = max(others.values_list("position", flat=True), default=0) + 10
        fault = FaultTemplate.objects.create(category=kept, title=title, text=text, position=place)
    else:
        FaultTemplate.objects.filter(pk=fault.pk).update(title=title, text=text)
    write_lines(fault, lines)
    journal.record("category.fault_saved", subject=kept, by=by, at=now, fault=fault.pk, n_lines=len(lines))
    return fault


def write_lines(fault: FaultTemplate, lines: Sequence[FaultLineTold]) -> None:
    """The lines of a fault instead of those it had."""
    FaultLine.objects.filter(fault=fault).delete()
    FaultLine.objects.bulk_create(
        FaultLine(
            fault=fault, kind=line.kind, name=line.name, price=line.price, cost=line.cost,
            norm_minutes=line.norm_minutes, position=10 * place,
        )
        for place, line in enumerate(lines, 1)
    )  # fmt: skip


@transaction.atomic
def remove_fault(*, fault: FaultTemplate, by: Staff, now: datetime) -> None:
    """Offer it no more; orders that began with it keep their lines. Leaves: `category.fault_removed`."""
    kept = _locked(fault.category, by)
    key = fault.pk
    if FaultTemplate.objects.filter(pk=key).delete()[0]:
        journal.record("category.fault_removed", subject=kept, by=by, at=now, fault=key)


@transaction.atomic
def set_norms(*, category: Category, norms: Mapping[str, int | None], seen: str, by: Staff, now: datetime) -> None:
    """Minutes that stages may take for this category, by code of the stage; None: as long as the stage itself says.

    Raises: NotAllowed, ChangedMeanwhile. Leaves: `category.norms_set`.
    """
    kept = _locked(category, by)
    _check_face(queries.face_of_norms(kept), seen)
    StageNorm.objects.filter(category=kept).delete()
    rows = [StageNorm(category=kept, stage=code, norm_minutes=norm) for code, norm in norms.items() if norm is not None]
    StageNorm.objects.bulk_create(rows)
    journal.record("category.norms_set", subject=kept, by=by, at=now, n=len(rows))


# ── What all of them ask ─────────────────────────────────────────────────────────────────────────────────────────────


def _require(by: Staff) -> None:
    """Categories belong to the whole house: whoever sets up one centre sets them up."""
    if not by.may(RIGHT):
        raise NotAllowed


def all_held(by: Staff, now: datetime) -> dict[str, Category]:
    """Every category by its code; whoever else adds some waits, also while there are none. Raises: NotAllowed."""
    _require(by)
    Mark.objects.update_or_create(name=LOCK, defaults={"at": now})
    return {category.code: category for category in Category.objects.order_by("pk")}


def _locked(category: Category, by: Staff) -> Category:
    """The category as it is now; who else writes to it waits."""
    _require(by)
    return Category.objects.select_for_update().get(pk=category.pk)


def _check_face(face: str, seen: str) -> None:
    if face != seen:
        raise ChangedMeanwhile(face)


def _check_name(name: str, others: Any) -> None:
    if any(one.name.casefold() == name.casefold() for one in others):
        raise NameTaken(name=name)


def _check_once(texts: Any) -> None:
    met: set[str] = set()
    for text in texts:
        if text.casefold() in met:
            raise Twice(text=text)
        met.add(text.casefold())
