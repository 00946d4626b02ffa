"""What pages show of assets and their categories."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from dovolen.desk.assets.identifiers import plate_key, serial_key
from dovolen.desk.assets.models import (
    Asset,
    AssetQuerySet,
    Category,
    CategoryField,
    ChecklistItem,
    FaultTemplate,
    Ownership,
    StageNorm,
)


def by_serial(category: Category | None, text: str) -> AssetQuerySet:
    """Assets of this serial number, IMEI or VIN, of one category or of any; narrow them by `visible_to`."""
    key = serial_key(text)
    found = Asset.objects.filter(serial_key=key) if key else Asset.objects.none()
    return _shown(found if category is None else found.filter(category=category))


def by_plate(text: str) -> AssetQuerySet:
    """Vehicles of this plate, whose letters may be typed in Cyrillic or Latin; narrow them by `visible_to`."""
    key = plate_key(text)
    return _shown(Asset.objects.filter(plate_key=key) if key else Asset.objects.none())


def _shown(assets: AssetQuerySet) -> AssetQuerySet:
    return assets.select_related("category", "owner").order_by("-pk")


def categories() -> list[Category]:
    """Categories that are taken in, in their order."""
    return list(Category.objects.filter(is_active=True).order_by("position", "name", "pk"))


def is_nothing_repaired() -> bool:
    """Whether no category exists yet: the first thing to set up."""
    return not Category.objects.exists()


def checklist(category: Category, moment: str) -> list[ChecklistItem]:
    """What is looked at in assets of a category, at intake or before they may be called ready."""
    return list(category.checklist.filter(moment=moment).order_by("position", "pk"))


def faults(category: Category) -> list[FaultTemplate]:
    """Faults met every day with their lines (`fault.lines.all()` asks no more)."""
    return list(category.faults.order_by("position", "pk").prefetch_related("lines"))


def norms(category: Category) -> dict[str, int]:
    """Minutes that stages may take for a category, by code of the stage; others have the stage's own norm."""
    return dict(StageNorm.objects.filter(category=category).values_list("stage", "norm_minutes"))


def fields(category: Category) -> list[CategoryField]:
    """Own fields of a category in their order."""
    return list(category.fields.order_by("position", "pk"))


@dataclass(frozen=True)
class OwnField:
    """An own field of an asset and what stands in it."""

    field: CategoryField
    value: Any


def own_fields(asset: Asset) -> list[OwnField]:
    """Own fields of an asset that hold something."""
    return [
        OwnField(field, asset.fields[str(field.pk)])
        for field in fields(asset.category)
        if asset.fields.get(str(field.pk)) not in (None, "", False)
    ]


def asset_history(asset: Asset) -> list[Ownership]:
    """Whose an asset was, the present owner first."""
    return list(asset.ownerships.select_related("customer").order_by("-since", "-pk"))


def assets_of(customer: int) -> AssetQuerySet:
    """What a client has, the latest entered first, what left him last; narrow them by `visible_to`."""
    return Asset.objects.filter(owner=customer).select_related("category").order_by("left_at", "-pk")


def known_models(category: Category, text: str, n: int = 8) -> list[tuple[str, str]]:
    """Brands and models of a category that begin like this, the most frequent first: offered while typing."""
    wanted = text.strip()
    if not wanted:
        return []
    alike = Asset.objects.filter(Q(model__istartswith=wanted) | Q(brand__istartswith=wanted), category=category)
    counted = alike.values_list("brand", "model").annotate(n=Count("pk")).order_by("-n", "brand", "model")
    return [(brand, model) for brand, model, _ in counted[:n]]


@dataclass(frozen=True)
class CategoryCount:
    """A category and how much hangs on it."""

    category: Category
    n_assets: int
    n_fields: int
    n_checks: int
    n_faults: int


def categories_with_counts() -> list[CategoryCount]:
    """Every category, the active first, with how many assets, fields, checks and faults it has."""
    rows = list(Category.objects.order_by("-is_active", "position", "name", "pk"))
    counts = [
        dict(model.objects.order_by().values_list("category").annotate(n=Count("pk")))
        for model in (Asset, CategoryField, ChecklistItem, FaultTemplate)
    ]
    return [CategoryCount(row, *(count.get(row.pk, 0) for count in counts)) for row in rows]


# ── Faces: what a settings page showed, so that who saves from an old one is told ────────────────────────────────────


def face(*rows: Any) -> str:
    """A short mark of values: another as soon as one of them differs."""
    return hashlib.sha256(json.dumps(rows, ensure_ascii=False).encode()).hexdigest()[:16]


def face_of_category(category: Category) -> str:
    """Of what is told of a category itself."""
    told = Category.objects.filter(pk=category.pk).values_list(
        "name", "icon", "identifier", "uses_plate", "uses_odometer", "uses_password", "labour_warranty_days",
        "part_warranty_days", "turnaround_hours",
    )  # fmt: skip
    return face(*map(list, told))


def face_of_checklist(category: Category, moment: str) -> str:
    """Of a checklist."""
    return face(*([item.text, item.is_usual] for item in checklist(category, moment)))


def face_of_fields(category: Category) -> str:
    """Of the own fields."""
    return face(*([field.pk, field.name, field.kind, field.choices] for field in fields(category)))


def face_of_fault(fault: FaultTemplate) -> str:
    """Of a fault and its lines."""
    kept = FaultTemplate.objects.filter(pk=fault.pk).values_list("title", "text").first()
    lines = fault.lines.order_by("position", "pk").values_list("kind", "name", "price", "cost", "norm_minutes")
    return face(list(kept or ()), *map(list, lines))


def face_of_norms(category: Category) -> str:
    """Of the norms of stages."""
    return face(sorted(norms(category).items()))
