"""Views of lists and boards that somebody keeps for himself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders.models import SavedFilter

PAGES = ("orders", "board")
MOST = 20


class NameTaken(Refusal):
    """He has a view of this name already."""

    key = "lists.refused.name_taken"


class NoName(Refusal):
    """A view has a name."""

    key = "lists.refused.no_name"


class TooManyFilters(Refusal):
    """So many are no longer found."""

    key = "lists.refused.too_many"


@transaction.atomic
def save_filter(*, page: str, name: str, query: str, by: Staff, now: datetime) -> SavedFilter:
    """Keep a view under a name. Raises: NoName, NameTaken, TooManyFilters. Leaves: `filter.saved`."""
    tidy = " ".join(name.split())[:60]
    if not tidy:
        raise NoName
    held = list(SavedFilter.objects.filter(staff=by, page=page).values_list("name", "position"))
    if len(held) >= MOST:
        raise TooManyFilters(n=MOST)
    if tidy in {name for name, _ in held}:
        raise NameTaken(name=tidy)
    last = max((position for _, position in held), default=0)
    kept = SavedFilter.objects.create(staff=by, page=page, name=tidy, query=query[:500], position=last + 1)
    journal.record("filter.saved", subject=kept, by=by, at=now, page=page)
    return kept


@transaction.atomic
def drop_filter(*, kept: SavedFilter, by: Staff, now: datetime) -> None:
    """Keep a view no more. Leaves: `filter.dropped`."""
    journal.record("filter.dropped", subject=kept, by=by, at=now, page=kept.page)
    kept.delete()
