"""Slices that somebody keeps under a name, for himself or for those who see as much as he did."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts import actions as accounts
from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import RIGHT, SavedSlice
from dovolen.desk.analysis.queries import Scope
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal

MOST_SAVED, LONGEST, LARGEST = 100, 60, 20_000
OF_PIVOT = (
    "plugin", "group_by", "split_by", "columns", "filter", "sort", "aggregates", "group_rollup_mode",
    "split_rollup_mode", "filter_op",
)  # fmt: skip
"""What is kept of how the pivot stood: no theme, no title, no formula."""


class NoName(Refusal):
    """A kept slice needs a name."""

    key = "slices.refused.no_name"


class TooManySlices(Refusal):
    """Nobody finds his way among more."""

    key = "slices.refused.too_many"


@transaction.atomic
def keep_slice(
    *, name: str, scope: Scope, dimensions: Sequence[str], pivot: str, is_shared: bool, by: Staff, now: datetime
) -> SavedSlice:
    """Keep what somebody looks at under a name; one of his of that name is put in its place.

    Raises: NoName; TooManySlices. Leaves: `slice.kept`.
    """
    for centre in _places(scope):
        accounts.require(by, RIGHT, centre)
    name = " ".join(name.split())[:LONGEST]
    if not name:
        raise NoName
    if not SavedSlice.objects.filter(staff=by, name=name).exists() and _count(by) >= MOST_SAVED:
        raise TooManySlices(n=MOST_SAVED)
    view = {"scope": scope.key, "by": list(dimensions), "pivot": pivot_of(pivot)}
    kept, _ = SavedSlice.objects.update_or_create(
        staff=by, name=name, defaults={"view": view, "is_shared": is_shared, "at": now}
    )
    journal.record("slice.kept", subject=kept, by=by, at=now, centre=scope.centre, is_shared=is_shared)
    return kept


@transaction.atomic
def drop_slice(*, kept: SavedSlice, by: Staff, now: datetime) -> None:
    """Keep a slice no more. Leaves: `slice.dropped`."""
    journal.record("slice.dropped", subject=kept, by=by, at=now)
    kept.delete()


def pivot_of(text: str) -> dict[str, Any] | None:
    """What a browser told of its pivot, as far as it is understood; None for the usual one."""
    if not text or len(text) > LARGEST:
        return None
    try:
        told = json.loads(text)
    except ValueError:
        return None
    return {name: told[name] for name in OF_PIVOT if name in told} if isinstance(told, Mapping) else None


def _count(by: Staff) -> int:
    return SavedSlice.objects.filter(staff=by).count()


def _places(scope: Scope) -> list[int]:
    """Centres of which the scope speaks."""
    from dovolen.desk.accounts.models import Centre

    return [scope.centre.pk] if scope.centre else list(Centre.objects.values_list("pk", flat=True))
