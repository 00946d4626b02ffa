"""Rows of a snapshot into the base, a few thousand at a time, each time on condition that it is still ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from django.db import models, transaction

from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.core import bulk, claims

BATCH = 2_000
"""Rows a transaction: on SQLite it is the only writer meanwhile, for some hundredths of a second."""

T = TypeVar("T")


class Lost(Exception):  # noqa: N818 – no error: another one makes it
    """The snapshot is no longer ours."""


def mark(snapshot: Snapshot, **values: Any) -> None:
    """Write into the snapshot's row. Raises: Lost where another one holds it."""
    if not claims.mine(snapshot).update(**values):
        raise Lost
    for name, value in values.items():
        setattr(snapshot, name, value)


def hold(snapshot: Snapshot) -> None:
    """Go on only while it is ours; its row stays locked to the end of the transaction. Raises: Lost."""
    mark(snapshot, state=snapshot.state)


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Rows by so many."""
    left = iter(rows)
    while piece := list(islice(left, size)):
        yield piece


def insert(
    snapshot: Snapshot, model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]],
    *, known: dict[str, type[models.Model]],
) -> int:  # fmt: skip
    """Rows of one table in batches; those are left out whose client or order is gone since it was read.

    `known`: column → the table its key has to be in. Gives how many rows were written. Raises: Lost.
    """
    written = 0
    places = {names.index(column): table for column, table in known.items()}
    for piece in batches(rows):
        with transaction.atomic():
            hold(snapshot)
            there = {place: _there(table, {row[place] for row in piece}) for place, table in places.items()}
            kept = [row for row in piece if all(row[place] in found for place, found in there.items())]
            bulk.insert(model, names, kept, {"snapshot_id": snapshot.pk})
            written += len(kept)
    return written


def _there(table: type[models.Model], keys: set[Any]) -> set[Any]:
    asked = [key for key in keys if key is not None]
    if not asked:
        return keys
    found = set(table._default_manager.filter(pk__in=bulk.among(asked)).values_list("pk", flat=True))
    return found | {None} if None in keys else found
