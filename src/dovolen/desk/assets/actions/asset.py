"""One device or vehicle: it comes, is told more of, changes hands, leaves."""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F

from dovolen.desk.accounts.actions import NotAllowed, require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.identifiers import plate_key, serial_key
from dovolen.desk.assets.models import Asset, AssetPlace, Category, CategoryField, Ownership
from dovolen.desk.core import journal, search
from dovolen.desk.core.changes import change
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.together import part
from dovolen.desk.people.models import Customer

RIGHT = "change assets"
TOLD = frozenset({
    "category", "brand", "model", "serial_number", "plate", "colour", "odometer", "made_on", "sold_on",
    "warranty_until", "fields",
})  # fmt: skip
"""What is told of an asset; everything else changes by an action of its own."""


class SerialTaken(Refusal):
    """An asset of this category has the serial number already."""

    key = "assets.refused.serial_taken"

    def __init__(self, asset: Asset) -> None:
        self.asset = asset
        """The one that has it."""
        super().__init__(name=str(asset))


class OwnerChanged(Refusal):
    """Somebody gave it another owner meanwhile."""

    key = "assets.refused.owner_changed"


class NotOfThisCategory(Refusal):
    """An own field that the category does not have."""

    key = "assets.refused.not_of_this_category"


@part
def add_asset(
    *,
    category: Category,
    owner: Customer | None,
    model: str,
    centre: Centre,
    by: Staff,
    now: datetime,
    **facts: Any,
) -> Asset:
    """Enter an asset that was brought to a centre.

    `facts`: brand, serial_number, plate, colour, odometer, made_on, sold_on, warranty_until, fields (key of the own
    field → value).
    Raises: NotAllowed, SerialTaken (with the asset that has it), NotOfThisCategory. Leaves: `asset.added`.
    """
    require(by, RIGHT, centre)
    values = _checked({"category": category, "model": model} | facts)
    asset = Asset(owner=owner, created_at=now, created_by=by, **values)
    with _one_serial(category, asset.serial_key):
        asset.save(force_insert=True)
    if owner is not None:
        Ownership.objects.create(asset=asset, customer=owner, since=now)
    AssetPlace.objects.create(asset=asset, centre=centre, since=now)
    search.put(asset, "asset", search_texts(asset))
    journal.record("asset.added", subject=asset, by=by, at=now, centre=centre, category=category.code, owner=owner)
    return asset


@part
def change_asset(*, asset: Asset, seen: int, by: Staff, now: datetime, **values: Any) -> None:
    """Change what is told of an asset, as the page showed it in version `seen`.

    Raises: NotAllowed, Stale, SerialTaken, NotOfThisCategory. Leaves: `asset.changed` with the names of what changed.
    """
    _require_where_it_is(by, asset)
    category = values.get("category", asset.category)
    told = _checked({"category": category} | values)
    with _one_serial(category, told.get("serial_key", asset.serial_key), but=asset):
        changed = change(asset, seen=seen, **told)
    if changed:
        search.put(asset, "asset", search_texts(asset))
        journal.record("asset.changed", subject=asset, by=by, at=now, changed=changed)


@part
def change_owner(*, asset: Asset, owner: Customer | None, by: Staff, now: datetime) -> None:
    """Say whose it is from now on; what it went through stays with it.

    Raises: NotAllowed, OwnerChanged where it is no longer the one of `asset`. Leaves: `asset.owner_changed`.
    """
    _require_where_it_is(by, asset)
    if asset.owner_id == (owner.pk if owner else None):
        return
    before = asset.owner_id
    if not Asset.objects.filter(pk=asset.pk, owner=before).update(owner=owner, version=F("version") + 1):
        raise OwnerChanged
    Ownership.objects.filter(asset=asset, until=None).update(until=now)
    if owner is not None:
        Ownership.objects.create(asset=asset, customer=owner, since=now)
    asset.owner, asset.version = owner, asset.version + 1
    journal.record("asset.owner_changed", subject=asset, by=by, at=now, before=before, after=owner)


@part
def note_at(*, asset: Asset, centre: Centre, now: datetime) -> None:
    """A centre has this asset in its hands: from now on it is seen there."""
    AssetPlace.objects.bulk_create([AssetPlace(asset=asset, centre=centre, since=now)], ignore_conflicts=True)


@transaction.atomic
def mark_left(*, asset: Asset, reason: str, by: Staff, now: datetime) -> None:
    """The client has it no more: sold, scrapped, replaced. Raises: NotAllowed. Leaves: `asset.left`."""
    _require_where_it_is(by, asset)
    left = {"left_at": now, "left_reason": reason, "version": F("version") + 1}
    if Asset.objects.filter(pk=asset.pk, left_at=None).update(**left):
        journal.record("asset.left", subject=asset, by=by, at=now, reason=reason)


@part
def come_back(*, asset: Asset, by: Staff, now: datetime) -> None:
    """It was said to be gone and is there. Raises: NotAllowed. Leaves: `asset.came_back`."""
    _require_where_it_is(by, asset)
    back = {"left_at": None, "left_reason": "", "version": F("version") + 1}
    if Asset.objects.filter(pk=asset.pk, left_at__isnull=False).update(**back):
        journal.record("asset.came_back", subject=asset, by=by, at=now)


def search_texts(asset: Asset) -> list[str]:
    """What an asset is found by."""
    return [str(asset), asset.serial_number, asset.plate]


def _require_where_it_is(by: Staff, asset: Asset) -> None:
    if not AssetPlace.objects.filter(asset=asset, centre__in=by.centre_ids(RIGHT)).exists():
        raise NotAllowed


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    """The values with the keys that searches compare; own fields are those of the category."""
    if unknown := values.keys() - TOLD:
        raise ValueError(f"not told of an asset this way: {', '.join(sorted(unknown))}")
    if fields := values.get("fields"):
        known = CategoryField.objects.filter(category=values["category"]).values_list("pk", flat=True)
        if not set(fields) <= {str(key) for key in known}:
            raise NotOfThisCategory
    keys: dict[str, Any] = {}
    if "serial_number" in values:
        keys["serial_key"] = serial_key(values["serial_number"])
    if "plate" in values:
        keys["plate_key"] = plate_key(values["plate"])
    return values | keys


class _one_serial:  # noqa: N801 – reads as a sentence after `with`
    """A serial number is there once in its category: the base holds to it, this says who has it."""

    def __init__(self, category: Category, key: str, *, but: Asset | None = None) -> None:
        others = Asset.objects.filter(category=category, serial_key=key).order_by("pk")
        self.others = others.exclude(pk=but.pk) if but else others
        self.key = key
        self.point: AbstractContextManager[None] = transaction.atomic() if key else nullcontext()

    def __enter__(self) -> None:
        if self.key and (found := self.others.first()):
            raise SerialTaken(found)
        self.point.__enter__()

    def __exit__(self, kind: Any, error: Any, trace: Any) -> None:
        self.point.__exit__(kind, error, trace)
        if isinstance(error, IntegrityError) and self.key and (found := self.others.first()):
            raise SerialTaken(found) from error
