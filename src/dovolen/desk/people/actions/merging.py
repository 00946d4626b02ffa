"""Two records of one client become one: everything that points at the absorbed one moves, and can be moved back.

Which tables point at a client is asked of Django, not listed here: a table that comes later moves by itself. A row that
the kept one has already (the same phone, the same place) stays behind with the absorbed one, so nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db import IntegrityError, transaction
from django.db.models import F

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal, search
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people import names, pointing
from dovolen.desk.people.actions import finding
from dovolen.desk.people.actions.customers import MergedAway
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import Customer, CustomerPlace, Email, Merge, Phone, Requisites

RIGHT = "merge customers"
KEPT, ABSORBED = "kept", "absorbed"
CHOSEN = (
    "kind", "name", "address", "birthday", "source", "referred_by", "manager", "regular_mark", "image_value",
    "potential",
)  # fmt: skip
"""Fields of which one side is chosen; and `requisites` as a whole."""
BLOCKED = ("blocked_at", "blocked_by", "blocked_reason")
TOGETHER = (BLOCKED, ("name", "name_key"))
MAIN = (Phone, Email)


class Oneself(Refusal):
    """A client is not joined to himself."""

    key = "people.refused.oneself"


class AlreadyUndone(Refusal):
    """The merge was taken back."""

    key = "people.refused.merge_undone"


class LaterMerge(Refusal):
    """A later merge of the same record comes first."""

    key = "people.refused.later_merge"


@transaction.atomic
def merge(*, kept: Customer, absorbed: Customer, chosen: Mapping[str, str], by: Staff, now: datetime) -> Merge:
    """Join two records; `chosen` says of which the value of a field is taken, else the kept one's unless it is empty.

    Raises: NotAllowed, Oneself, MergedAway. Leaves: `customer.merged` on one, `customer.absorbed` on the other.
    """
    if kept.pk == absorbed.pk:
        raise Oneself
    for one in (kept, absorbed):
        require(by, RIGHT, one)
    ours, theirs = _locked(kept, absorbed)
    done = Merge(kept=ours, absorbed=theirs, at=now, by=by, before={}, moved={})
    done.before["requisites"] = _take_requisites(ours, theirs, chosen.get("requisites", KEPT))
    done.before["fields"] = _take_fields(ours, theirs, chosen)
    done.moved = _move_all(ours, theirs)
    done.save(force_insert=True)
    Customer.objects.filter(pk=theirs.pk).update(merged_into=ours, version=F("version") + 1)
    _tell_search(ours, gone=theirs)
    journal.record("customer.merged", subject=ours, by=by, at=now, merge=done.pk, absorbed=theirs.pk)
    journal.record("customer.absorbed", subject=theirs, by=by, at=now, merge=done.pk, kept=ours.pk)
    return done


def _locked(*customers: Customer) -> list[Customer]:
    """Both as they are now; nobody else joins or changes them until this ends. Raises: MergedAway."""
    rows = Customer.objects.select_for_update().filter(pk__in=[one.pk for one in customers]).order_by("pk")
    found = {row.pk: row for row in rows}
    if any(row.merged_into_id for row in found.values()):
        raise MergedAway
    return [found[one.pk] for one in customers]


# ── Fields ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def outcome(kept: Customer, absorbed: Customer, chosen: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of the joined record will hold."""
    after = {name: _value(kept, absorbed, name, chosen.get(name, "")) for name in CHOSEN}
    after["name_key"] = names.key(after["name"])
    if after["referred_by"] in (kept.pk, absorbed.pk):
        after["referred_by"] = None
    return after


def _value(kept: Customer, absorbed: Customer, name: str, side: str) -> Any:
    ours, theirs = _plain(kept, name), _plain(absorbed, name)
    if side == ABSORBED:
        return theirs
    return theirs if side != KEPT and ours in (None, "", False) else ours


def _plain(customer: Customer, name: str) -> Any:
    return getattr(customer, _field(name).attname)


def _field(name: str) -> Any:
    return Customer._meta.get_field(name)


def _take_fields(kept: Customer, absorbed: Customer, chosen: Mapping[str, str]) -> dict[str, list[Any]]:
    """Write what was chosen; gives field → what it was and what it became."""
    after = outcome(kept, absorbed, chosen)
    if absorbed.blocked_at and not kept.blocked_at:
        after |= {name: _plain(absorbed, name) for name in BLOCKED}
    after["n_orders"] = kept.n_orders + absorbed.n_orders
    after["latest_order_at"] = max(filter(None, (kept.latest_order_at, absorbed.latest_order_at)), default=None)
    after["created_at"] = min(kept.created_at, absorbed.created_at)
    told = {name: [_json(_plain(kept, name)), _json(value)] for name, value in after.items()}
    Customer.objects.filter(pk=kept.pk).update(version=F("version") + 1, **after)
    return {name: [was, became] for name, (was, became) in told.items() if was != became or name == "n_orders"}


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else value


def _take_requisites(kept: Customer, absorbed: Customer, side: str) -> dict[str, str] | None:
    """Write the absorbed one's requisites over the kept one's where they were chosen; gives what stood there."""
    columns = [field.name for field in Requisites._meta.fields if field.name not in ("id", "customer")]
    theirs: Any = Requisites.objects.filter(customer=absorbed).values(*columns).first()
    ours: Any = Requisites.objects.filter(customer=kept).values(*columns).first()
    if side != ABSORBED or theirs is None or ours is None:
        return None
    Requisites.objects.filter(customer=kept).update(**theirs)
    return dict(ours)


# ── Rows that point at a client ──────────────────────────────────────────────────────────────────────────────────────


def _move_all(kept: Customer, absorbed: Customer) -> dict[str, list[int]]:
    """Let all point at the kept one that can; gives table and column → keys of rows that changed hands."""
    moved = {f"{model._meta.label_lower}.is_main": _no_more_main(model, kept, absorbed) for model in MAIN}
    for column in pointing.columns():
        moved[pointing.named(column)] = _move(column, kept, absorbed)
    return {name: keys for name, keys in moved.items() if keys}


def _no_more_main(model: type[Phone] | type[Email], kept: Customer, absorbed: Customer) -> list[int]:
    """One of two main numbers stays the main one: that of the kept."""
    if not model._default_manager.filter(customer=kept).exists():
        return []
    main = model._default_manager.filter(customer=absorbed, is_main=True)
    keys = list(main.values_list("pk", flat=True))
    main.update(is_main=False)
    return keys


def _move(column: pointing.Column, kept: Customer, absorbed: Customer) -> list[int]:
    rows = column.model._default_manager.filter(**{column.name: absorbed.pk})
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    if column.model is Customer:
        keys = [key for key in keys if key != kept.pk]
    if not keys or _point(column, keys, kept):
        return keys
    return [key for key in keys if _point(column, [key], kept)]


def _point(column: pointing.Column, keys: list[int], at: Customer) -> bool:
    """Let rows point at a client; False and nothing done where he has one of them already."""
    try:
        with transaction.atomic():
            column.model._default_manager.filter(pk__in=keys).update(**{column.name: at.pk})
    except IntegrityError:
        return False
    return True


# ── Taken back ───────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def undo_merge(*, merge: Merge, by: Staff, now: datetime) -> None:
    """Part them again: rows go back that still are the kept one's, fields that nobody changed since.

    What came after the merge stays with the kept one. Raises: NotAllowed, AlreadyUndone, LaterMerge.
    Leaves: `customer.merge_undone`, `customer.absorbing_undone`.
    """
    kept, absorbed = _of(merge)
    require(by, RIGHT, kept)
    if not Merge.objects.filter(pk=merge.pk, undone_at=None).update(undone_at=now, undone_by=by):
        raise AlreadyUndone
    Customer.objects.filter(pk=absorbed.pk).update(merged_into=None, version=F("version") + 1)
    for name, keys in sorted(merge.moved.items(), key=lambda one: one[0].endswith(".is_main")):
        _move_back(name, keys, kept, absorbed)
    _give_back_requisites(merge, kept, absorbed)
    _give_back_fields(merge, kept, absorbed, now)
    _tell_search(Customer.objects.get(pk=kept.pk), back=absorbed)
    journal.record("customer.merge_undone", subject=kept, by=by, at=now, merge=merge.pk, absorbed=absorbed.pk)
    journal.record("customer.absorbing_undone", subject=absorbed, by=by, at=now, merge=merge.pk, kept=kept.pk)


def _of(merge: Merge) -> tuple[Customer, Customer]:
    """Both sides, locked. Raises: LaterMerge."""
    rows = Customer.objects.select_for_update().filter(pk__in=(merge.kept_id, merge.absorbed_id)).order_by("pk")
    found = {row.pk: row for row in rows}
    kept = found[merge.kept_id]
    later = Merge.objects.filter(kept=kept, undone_at=None, pk__gt=merge.pk)
    if kept.merged_into_id or later.exists():
        raise LaterMerge
    return kept, found[merge.absorbed_id]


def _move_back(name: str, keys: list[int], kept: Customer, absorbed: Customer) -> None:
    label, _, column = name.rpartition(".")
    rows = apps.get_model(label)._default_manager.filter(pk__in=keys)
    if column == "is_main":
        rows.filter(customer=absorbed.pk).update(is_main=True)
    else:
        rows.filter(**{column: kept.pk}).update(**{column: absorbed.pk})


def _give_back_requisites(merge: Merge, kept: Customer, absorbed: Customer) -> None:
    was = merge.before["requisites"]
    if was is None:
        return
    now, taken = (Requisites.objects.filter(customer=one).values(*was).first() for one in (kept, absorbed))
    if now == taken:
        Requisites.objects.filter(customer=kept).update(**was)


def _give_back_fields(merge: Merge, kept: Customer, absorbed: Customer, now: datetime) -> None:
    """What the kept one was, where it still is what the merge made of it."""
    fields = merge.before["fields"]
    same = {name for name, (_, became) in fields.items() if _json(_plain(kept, name)) == became}
    for group in TOGETHER:
        if not {name for name in group if name in fields} <= same:
            same -= set(group)
    back = {name: _field(name).to_python(fields[name][0]) for name in same}
    back["n_orders"] = kept.n_orders - absorbed.n_orders
    if "n_orders" not in same:
        _keep_places(merge, kept, now)
    Customer.objects.filter(pk=kept.pk).update(version=F("version") + 1, **back)


def _keep_places(merge: Merge, kept: Customer, now: datetime) -> None:
    """Where the kept one was served since, he stays known, although the place came from the other."""
    moved = CustomerPlace.objects.filter(pk__in=merge.moved.get("people.customerplace.customer", ()))
    for centre in list(moved.values_list("centre", flat=True)):
        CustomerPlace.objects.get_or_create(customer=kept, centre_id=centre, defaults={"since": now})


def _tell_search(kept: Customer, *, gone: Customer | None = None, back: Customer | None = None) -> None:
    finding.put(kept)
    if gone:
        search.drop(gone, finding.KIND)
    if back:
        finding.put(back)
