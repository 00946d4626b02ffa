"""What is to become of the rows of one batch: worked out for the check and for the load alike, by the same code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db import connection

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Asset
from dovolen.desk.core.bulk import among, insert
from dovolen.desk.ingest.models import CREATED, MATCHED, UNDONE, UPDATED, Import, ImportedRow, RejectedRow
from dovolen.desk.ingest.work.staging import Staged
from dovolen.desk.people.models import Email, Phone, Requisites

LONGEST_CELL = 500


@dataclass
class Work:
    """One import being checked or loaded. `dry`: nothing is in the base yet, and nothing is written."""

    source: Import
    staged: Staged
    by: Staff
    now: datetime
    dry: bool
    centres: Mapping[str, int] = field(default_factory=dict)
    """Word of the file → centre; the check knows no new ones."""

    @property
    def system(self) -> str:
        """By which name keys are told from those of other sources."""
        return self.source.system

    @property
    def currency(self) -> str:
        """Of all money in it."""
        return str(self.staged.told["currency"])

    def centre(self, word: str | None) -> int:
        """The centre of a word; rows that name none go where the import was begun."""
        return self.centres.get(word or "", self.source.centre_id)

    def gave(self, table: str, column: str) -> bool:
        """Whether the source has a column at all."""
        return column in self.staged.told["columns"].get(table, ())

    @cached_property
    def knows_keys(self) -> bool:
        """Whether an earlier import of this system left keys: without one there is nothing to look up."""
        earlier = ImportedRow.objects.filter(system=self.system).exclude(source=self.source)
        return earlier.exists()

    @cached_property
    def staff(self) -> dict[str, int]:
        """Name → person, for columns that name one of the staff."""
        return {name.casefold(): key for key, name in Staff.objects.filter(is_active=True).values_list("pk", "name")}

    def person(self, name: str | None) -> int | None:
        """The one of the staff who bears this name."""
        return self.staff.get(name.casefold()) if name else None


@dataclass(frozen=True, slots=True)
class Known:
    """A row of the desk that bears this key, and its version when an import last left it."""

    object_id: int
    version: int


@dataclass(frozen=True)
class Change:
    """What a further import writes over a row of the desk. `before` tells undo what stood there."""

    key: str
    object_id: int
    values: Mapping[str, Any]
    before: dict[str, Any]
    more: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Plan:
    """What becomes of the rows of a batch."""

    create: list[tuple[str, Any]] = field(default_factory=list)
    update: list[Change] = field(default_factory=list)
    match: list[tuple[str, int, int]] = field(default_factory=list)
    """Key, row of the desk, its version."""
    reject: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Reason and row."""
    suspects: int = 0
    """New ones who are perhaps in the base already: for people to look at."""
    told: list[Any] | None = None
    """Rows to create as they are entered, where that was worked out already."""

    @property
    def is_all_new(self) -> bool:
        """Whether it leads to no row of the desk: then it holds as long as nobody enters any."""
        return not self.update and not self.match

    @property
    def numbers(self) -> dict[str, int]:
        """How many of each."""
        return {
            "create": len(self.create), "update": len(self.update), "match": len(self.match),
            "reject": len(self.reject),
        }  # fmt: skip


def newest() -> tuple[int, ...]:
    """Changes when anybody enters what a plan is made by."""
    rows = (Phone, Email, Requisites, Asset, ImportedRow)
    told = " , ".join(f'(SELECT coalesce(max(id), 0) FROM "{model._meta.db_table}")' for model in rows)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {told}")
        return tuple(cursor.fetchone())


def known(work: Work, table: str, keys: Iterable[str], *, own: bool = False) -> dict[str, Known]:
    """Key → the row of the desk that bears it, the latest import's word before earlier ones; `own`: of this one too."""
    wanted = list(dict.fromkeys(keys))
    if not wanted or not (own or work.knows_keys):
        return {}
    rows = ImportedRow.objects.filter(system=work.system, table=table, key__in=among(wanted)).exclude(
        source__state=UNDONE
    )
    if not own:
        rows = rows.exclude(source=work.source)
    told = rows.order_by("pk").values_list("key", "object_id", "version")
    return {key: Known(object_id, version) for key, object_id, version in told}


def done(work: Work, table: str, keys: Sequence[str]) -> set[str]:
    """Keys that this very import wrote before it was stopped or killed."""
    if work.dry or not work.source.progress or not keys:
        return set()
    rows = ImportedRow.objects.filter(source=work.source, table=table, key__in=among(keys))
    return set(rows.values_list("key", flat=True))


def note(work: Work, table: str, plan: Plan, made: Sequence[int], versions: Mapping[int, int]) -> None:
    """Remember which row of the desk each key is, for undo and the next import; keep the rows that were not taken."""
    told: list[tuple[Any, ...]] = [
        (key, object_id, CREATED, 1, "{}") for (key, _), object_id in zip(plan.create, made, strict=True)
    ]
    told += [
        (one.key, one.object_id, UPDATED, versions.get(one.object_id, 1), json.dumps(one.before, ensure_ascii=False))
        for one in plan.update
    ]
    told += [(key, object_id, MATCHED, version, "{}") for key, object_id, version in plan.match]
    insert(ImportedRow, ("key", "object_id", "action", "version", "before"), told,
           {"source_id": work.source.pk, "system": work.system, "table": table})  # fmt: skip
    reject(work, [(table, None, reason, row) for reason, row in plan.reject])


def reject(work: Work, rows: Sequence[tuple[str, int | None, str, Mapping[str, Any]]]) -> None:
    """Keep rows that were not taken: table, line of the file, reason, cells."""
    insert(
        RejectedRow, ("table", "place", "reason", "cells"),
        [
            (table, place, reason[:60], json.dumps(_cells(row), ensure_ascii=False))
            for table, place, reason, row in rows
        ],
        {"source_id": work.source.pk},
    )  # fmt: skip


def _cells(row: Mapping[str, Any]) -> dict[str, str]:
    return {
        name: str(value)[:LONGEST_CELL].replace("\0", "")
        for name, value in row.items()
        if value not in (None, "", []) and name not in ("row", "read_place", "nth")
    }
