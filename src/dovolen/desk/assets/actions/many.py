"""Devices of another system, brought in by the thousand: rows, owners, places and search in one transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.codes import code_of
from dovolen.desk.assets.identifiers import plate_key, serial_key
from dovolen.desk.assets.models import LEFT_REASONS, Asset, AssetPlace, Category, Ownership
from dovolen.desk.core import journal, search
from dovolen.desk.core.bulk import insert, insert_at_once, keys, moment
from dovolen.desk.core.models import Findable
from dovolen.desk.core.values import text

LONGEST = {"brand": 60, "model": 120, "serial_number": 40, "plate": 15}


@dataclass(frozen=True, slots=True)
class ToldAsset:
    """A device as another system tells of it; moments and days as text."""

    category_id: int
    owner_id: int | None
    model: str
    brand: str = ""
    serial_number: str = ""
    plate: str = ""
    made_on: str | None = None
    sold_on: str | None = None
    warranty_until: str | None = None
    left_at: str | None = None
    left_reason: str = ""
    since: str = ""
    places: Mapping[int, str] = field(default_factory=dict)
    """Centre that had it in its hands → since when."""


def cut(name: str, value: Any) -> str:
    """A text as its column takes it."""
    return " ".join(text(str(value or ""), 100_000).split())[: LONGEST[name]]


@transaction.atomic
def add_many(*, told: Sequence[ToldAsset], by: Staff, now: datetime) -> list[int]:
    """Enter devices; gives their keys in the same order. No event of each: the caller leaves one of all."""
    found, at = keys(Asset, len(told)), moment(now)
    both = list(zip(found, told, strict=True))
    insert(
        Asset,
        ("id", "category_id", "owner_id", "brand", "model", "serial_number", "serial_key", "plate", "plate_key",
         "made_on", "sold_on", "warranty_until", "left_at", "left_reason", "created_at"),
        [
            (key, one.category_id, one.owner_id, one.brand, one.model, one.serial_number,
             serial_key(one.serial_number), one.plate, plate_key(one.plate), one.made_on, one.sold_on,
             one.warranty_until, one.left_at,
             (one.left_reason if one.left_reason in LEFT_REASONS else "other") if one.left_at else "",
             one.since or at)
            for key, one in both
        ],
        {"created_by_id": by.pk},
    )  # fmt: skip
    insert(Ownership, ("asset_id", "customer_id", "since"),
           [(key, one.owner_id, one.since or at) for key, one in both if one.owner_id])  # fmt: skip
    insert(AssetPlace, ("asset_id", "centre_id", "since"),
           [(key, centre, since or at) for key, one in both for centre, since in one.places.items()])  # fmt: skip
    rows = [
        ("asset", key, search.text_of(filter(None, [f"{one.brand} {one.model}".strip(), one.serial_number, one.plate])))
        for key, one in both
    ]
    insert_at_once(Findable, ("kind", "subject_id", "text"), rows)
    return found


@transaction.atomic
def fill_in(*, asset: Asset, values: Mapping[str, Any]) -> None:
    """Write what a further import tells of a device that is known; its version rises."""
    from dovolen.desk.assets.actions.asset import search_texts

    told = dict(values)
    if "serial_number" in told:
        told["serial_key"] = serial_key(told["serial_number"])
    if "plate" in told:
        told["plate_key"] = plate_key(told["plate"])
    Asset.objects.filter(pk=asset.pk).update(version=F("version") + 1, **told)
    asset.refresh_from_db()
    search.put(asset, "asset", search_texts(asset))


@transaction.atomic
def be_at(*, places: Mapping[tuple[int, int], str]) -> None:
    """(asset, centre) → since when: devices of another system were at these centres."""
    AssetPlace.objects.bulk_create(
        (AssetPlace(asset_id=what, centre_id=where, since=since) for (what, where), since in places.items()),
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip


@transaction.atomic
def category_named(*, name: str, by: Staff, now: datetime) -> Category:
    """The category of a name, in whatever letters; entered where there is none. Leaves: `category.added` then."""
    held = list(Category.objects.order_by("position", "pk"))
    folded = name.casefold().replace("ё", "е")
    for one in held:
        if folded in (one.name.casefold().replace("ё", "е"), one.code):
            return one
    made = Category.objects.create(
        code=code_of(name, {one.code for one in held}), name=name[:60],
        position=max((one.position for one in held), default=0) + 10,
    )  # fmt: skip
    journal.record("category.added", subject=made, by=by, at=now, code=made.code)
    return made
