"""Devices of a batch: known by their key, by their serial number, or new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dovolen.desk.assets.actions.many import LONGEST, ToldAsset, add_many, be_at, category_named, cut, fill_in
from dovolen.desk.assets.identifiers import serial_key
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.ingest.models import ASSETS, CUSTOMERS
from dovolen.desk.ingest.work.plans import Change, Plan, Work, done, known, note

Row = Mapping[str, Any]
OTHER = {"ru": "Прочее", "en": "Other"}
MOST_CATEGORIES = 60
"""More words than these are no categories but texts: they go to one."""
UNNAMED = "—"


def plan(work: Work, number: int) -> Plan:
    """What becomes of the devices of one batch."""
    made = Plan()
    rows = work.staged.batch(ASSETS, number)
    over = done(work, ASSETS, [row["key"] for row in rows])
    rows = [row for row in rows if row["key"] not in over]
    by_key = known(work, ASSETS, [row["key"] for row in rows])
    serials = _serials(rows)
    held = Asset.objects.in_bulk([*(one.object_id for one in by_key.values()), *(key for key, _ in serials.values())])
    met: dict[tuple[str, str], str] = {}
    for row in rows:
        one, serial = by_key.get(row["key"]), serial_key(row["serial_number"] or "")
        asset = held.get(one.object_id) if one else held.get(serials.get(serial, (0, ""))[0])
        if asset is not None:
            _known(made, row, asset, is_ours=one is not None and one.version == asset.version)
        elif serial and (category_word(row), serial) in met:
            made.reject.append(("double_serial", row))
        else:
            if serial:
                met[category_word(row), serial] = row["key"]
            made.create.append((row["key"], row))
    return made


def _serials(rows: list[dict[str, Any]]) -> dict[str, tuple[int, str]]:
    """Serial number → the one device that has it."""
    wanted = {serial_key(row["serial_number"] or "") for row in rows} - {""}
    told = Asset.objects.filter(serial_key__in=wanted).order_by("-pk").values_list("serial_key", "pk", "category__name")
    return {serial: (key, name) for serial, key, name in told}


def category_word(row: Row) -> str:
    """The word of its category as it is compared."""
    return " ".join((row["category"] or "").casefold().split())


def _known(made: Plan, row: Row, asset: Asset, *, is_ours: bool) -> None:
    values = {}
    for name in LONGEST:
        told, was = cut(name, row[name]), getattr(asset, name)
        if told and told != was and (is_ours or not was) and name != "serial_number":
            values[name] = told
    if values and not any(change.object_id == asset.pk for change in made.update):
        before = {name: getattr(asset, name) for name in values}
        made.update.append(Change(row["key"], asset.pk, values, before))
    else:
        made.match.append((row["key"], asset.pk, asset.version))


def categories(work: Work, words: set[str]) -> dict[str, int]:
    """Word of the file → category; what the house has not is entered, as long as the words are few."""
    lang = work.by.language or "ru"
    is_many = len(words) > MOST_CATEGORIES and Category.objects.count() > MOST_CATEGORIES
    found = {}
    for word in sorted(words, key=str.casefold):
        name = OTHER[lang] if not word or is_many else word[:60]
        found[word] = category_named(name=name, by=work.by, now=work.now).pk
    return found


def write(work: Work, made: Plan, number: int) -> None:  # noqa: ARG001 – as the others
    """Write what becomes of the devices of a batch, inside the caller's transaction."""
    rows = [row for _, row in made.create]
    by_word = categories(work, {" ".join((row["category"] or "").split()) for row in rows}) if rows else {}
    owners = known(work, CUSTOMERS, [row["owner_key"] for row in rows if row["owner_key"]], own=True)
    told = [_told(work, row, by_word, owners) for row in rows]
    made.create, told = _without_taken(made, told)
    keys = add_many(told=told, by=work.by, now=work.now)
    versions = {}
    for change in made.update:
        asset = Asset.objects.get(pk=change.object_id)
        fill_in(asset=asset, values=change.values)
        versions[asset.pk] = asset.version
    there = {object_id for _, object_id, _ in made.match} | {change.object_id for change in made.update}
    be_at(places={(key, work.source.centre_id): work.now.isoformat(sep=" ") for key in there})
    note(work, ASSETS, made, keys, versions)


def _without_taken(made: Plan, told: list[ToldAsset]) -> tuple[list[tuple[str, Any]], list[ToldAsset]]:
    """Two words of the file may be one category: of one serial number in it the first is entered."""
    serials = {(one.category_id, serial_key(one.serial_number)) for one in told if one.serial_number}
    taken = set(
        Asset.objects.filter(serial_key__in={serial for _, serial in serials}).values_list("category_id", "serial_key")
    )
    kept, rows = [], []
    for (key, row), one in zip(made.create, told, strict=True):
        serial = (one.category_id, serial_key(one.serial_number))
        if serial[1] and serial in taken:
            made.reject.append(("double_serial", row))
            continue
        taken.add(serial)
        kept.append((key, row))
        rows.append(one)
    return kept, rows


def _told(work: Work, row: Row, by_word: Mapping[str, int], owners: Mapping[str, Any]) -> ToldAsset:
    owner = owners.get(row["owner_key"] or "")
    texts = {name: cut(name, row[name]) for name in LONGEST}
    places = {work.centre(word): row["since"] for word in row["centres"] or ()}
    return ToldAsset(
        category_id=by_word[" ".join((row["category"] or "").split())], owner_id=owner.object_id if owner else None,
        model=texts["model"] or texts["brand"] or texts["serial_number"] or UNNAMED, brand=texts["brand"],
        serial_number=texts["serial_number"], plate=texts["plate"], made_on=_day(row["made_at"]),
        sold_on=_day(row["sold_at"]), warranty_until=_day(row["warranty_until"]), left_at=row["left_at"],
        left_reason=row["left_reason"] or "", since=row["since"] or "",
        places=places or {work.source.centre_id: row["since"] or ""},
    )  # fmt: skip


def _day(moment: str | None) -> str | None:
    return moment[:10] if moment else None
