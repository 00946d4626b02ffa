"""Undo: rows that an import made go, rows that it changed are as they were – while nobody else worked with them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.deletion import ProtectedError, RestrictedError

from dovolen.desk.assets.models import Asset, AssetPlace, Ownership
from dovolen.desk.core.models import Event, Findable
from dovolen.desk.ingest.actions.refusals import Touched
from dovolen.desk.ingest.models import (
    ASSETS,
    CREATED,
    CUSTOMERS,
    DONE,
    ORDERS,
    UNDONE,
    UPDATED,
    Import,
    ImportedRow,
    PastFact,
    RejectedRow,
)
from dovolen.desk.ingest.work.running import LEASE, finish, mark
from dovolen.desk.orders.models import Line, PastOrder, Promise, RepairOrder, StageEntry
from dovolen.desk.people.actions import recount
from dovolen.desk.people.actions.finding import put
from dovolen.desk.people.models import Customer, CustomerPlace, Email, Note, Phone, Requisites

MODELS: dict[str, type[models.Model]] = {ORDERS: RepairOrder, ASSETS: Asset, CUSTOMERS: Customer}
KINDS = {ORDERS: "order", ASSETS: "asset", CUSTOMERS: "customer"}
OURS: tuple[type[models.Model], ...] = (
    Phone, Email, CustomerPlace, Requisites, Note, AssetPlace, Ownership, PastOrder, Line, StageEntry, Promise,
    PastFact,
)  # fmt: skip
"""Tables that the import itself wrote beside its rows."""
BATCH = 500
EXAMPLES = 5
BREATH = 0.004


def undo(source: Import, clock: Callable[[], datetime]) -> None:
    """Take back all that an import brought. Raises: Touched, Lost."""
    total = ImportedRow.objects.filter(source=source).count()
    if "undo" not in source.progress:
        touched = _touched(source)
        if touched:
            _refused(source, touched, clock())
            return
        with transaction.atomic():
            mark(source, progress={**source.progress, "undo": [0, total]}, free_at=clock() + LEASE)
    for table in MODELS:
        while _take_back(source, table, clock):
            time.sleep(BREATH)
    _rest(source, clock)
    finish(
        source, UNDONE, clock(), kind="import.undone", told={"n_rows": source.progress["undo"][1]}, undone_at=clock()
    )  # fmt: skip


def _refused(source: Import, touched: list[str], now: datetime) -> None:
    told = {"key": Touched.key, "values": {"n": len(touched), "examples": ", ".join(touched[:EXAMPLES])}}
    finish(source, DONE, now, kind="import.undo_refused", told={"n": len(touched)}, refusal=told, undone_by=None)


# ── Did anybody work with them? ──────────────────────────────────────────────────────────────────────────────────────


def _touched(source: Import) -> list[str]:
    """Names of rows that somebody changed, or that something newer hangs on: the first hundred of each kind."""
    found: list[str] = []
    for table, model in MODELS.items():
        mine = ImportedRow.objects.filter(source=source, table=table, action=CREATED)
        made = model._default_manager.filter(pk__in=mine.values("object_id"))
        ours = ImportedRow.objects.filter(source=source, table=table, action__in=(CREATED, UPDATED))
        changed = ours.filter(~Exists(model._default_manager.filter(pk=OuterRef("object_id"), version=F_VERSION)))
        keys = set(changed.exclude(pk__in=_gone(ours, model)).values_list("object_id", flat=True)[:100])
        label = model._meta.label_lower
        told = Event.objects.filter(subject_kind=label, subject_id=OuterRef("object_id"))
        keys |= set(mine.filter(Exists(told)).values_list("object_id", flat=True)[:100])
        keys |= set(_hung_on(source, model, made))
        found += [str(row) for row in model._default_manager.filter(pk__in=list(keys)[:100])]
    return found


F_VERSION = OuterRef("version")


def _gone(rows: models.QuerySet[ImportedRow], model: type[models.Model]) -> models.QuerySet[Any]:
    """Rows whose subject is no more: nothing is left to undo of them."""
    return rows.filter(~Exists(model._default_manager.filter(pk=OuterRef("object_id")))).values("pk")


def _hung_on(source: Import, model: type[models.Model], made: models.QuerySet[Any]) -> Iterable[int]:
    """Keys of rows that rows of others point at."""
    for relation in model._meta.related_objects:
        other = relation.related_model
        if other in OURS or other._meta.app_label == "analysis":
            continue
        name = relation.field.name
        rows = other._default_manager.filter(**{f"{name}__in": made})
        mine = next((table for table, one in MODELS.items() if one is other), None)
        if mine:
            own = ImportedRow.objects.filter(source=source, table=mine, object_id=OuterRef("pk"))
            rows = rows.filter(~Exists(own))
        yield from rows.values_list(f"{name}_id", flat=True)[:100]


# ── Taken back ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_back(source: Import, table: str, clock: Callable[[], datetime]) -> bool:
    """One batch, in one transaction with the cursor; False where none is left."""
    with transaction.atomic():
        rows = list(ImportedRow.objects.filter(source=source, table=table).order_by("-pk")[:BATCH])
        if not rows:
            return False
        made = [row.object_id for row in rows if row.action == CREATED]
        for row in rows:
            if row.action == UPDATED:
                _restore(table, row)
        _delete(table, made)
        ImportedRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
        done, total = source.progress["undo"]
        progress = {**source.progress, "undo": [min(done + len(rows), total), total]}
        mark(source, progress=progress, free_at=clock() + LEASE, tries=0)
    return True


def _delete(table: str, keys: Sequence[int]) -> None:
    """Rows with all that hangs on them. Raises: Touched where somebody was faster."""
    model = MODELS[table]
    customers: list[int] = []
    if table == ORDERS:
        customers = list(RepairOrder.objects.filter(pk__in=keys).values_list("customer", flat=True).distinct())
        RepairOrder.objects.filter(rework_of__in=keys).update(rework_of=None)
    try:
        model._default_manager.filter(pk__in=keys).delete()
    except (ProtectedError, RestrictedError) as error:
        raise Touched(n=len(error.args[1]), examples="") from error
    Findable.objects.filter(kind=KINDS[table], subject_id__in=keys).delete()
    if customers:
        recount(customers=customers, orders=RepairOrder.objects.all())


def _restore(table: str, row: ImportedRow) -> None:
    """What was written over, as it stood; a version further, as every change is."""
    model = MODELS[table]
    before = dict(row.before)
    for kind, column in (("phones", "number"), ("emails", "address")):
        added = before.pop(kind, None)
        if added and table == CUSTOMERS:
            theirs: Any = Phone if kind == "phones" else Email
            theirs.objects.filter(customer=row.object_id, **{f"{column}__in": added}).delete()
    past = {name.removeprefix("past."): before.pop(name) for name in list(before) if name.startswith("past.")}
    if past:
        PastOrder.objects.filter(order=row.object_id).update(**past)
    values = {name: _typed(model, name, value) for name, value in before.items()}
    model._default_manager.filter(pk=row.object_id).update(version=F("version") + 1, **values)
    if table == CUSTOMERS:
        put(Customer.objects.get(pk=row.object_id))


def _typed(model: type[models.Model], name: str, value: Any) -> Any:
    is_moment = isinstance(model._meta.get_field(name), models.DateTimeField)
    return datetime.fromisoformat(value).astimezone(UTC) if is_moment and value else value


def _rest(source: Import, clock: Callable[[], datetime]) -> None:
    """Facts and rows that were not taken."""
    for model in (PastFact, RejectedRow):
        while True:
            with transaction.atomic():
                keys = list(model.objects.filter(source=source).values_list("pk", flat=True)[: 4 * BATCH])
                if not keys:
                    break
                model.objects.filter(pk__in=keys).delete()
                mark(source, free_at=clock() + LEASE, tries=0)
