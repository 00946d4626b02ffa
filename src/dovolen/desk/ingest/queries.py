"""Reads of imports for pages."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count

from dovolen.desk.ingest.models import ACTIONS, Import, ImportedRow, RejectedRow

PAGE = 50


def made(source: Import) -> dict[str, dict[str, int]]:
    """Table → action → rows, of what is loaded so far."""
    counted = ImportedRow.objects.filter(source=source).values_list("table", "action").annotate(n=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for table, action, n in counted.order_by("table", "action"):
        found.setdefault(table, dict.fromkeys(ACTIONS, 0))[action] = n
    return found


def rejected(source: Import, *, reason: str = "", after: int = 0, n: int = PAGE) -> list[RejectedRow]:
    """Rows that were not taken, in the order in which they were met, from behind the row `after` on."""
    rows = RejectedRow.objects.filter(source=source, pk__gt=after)
    return list((rows.filter(reason=reason) if reason else rows)[:n])


def reasons(source: Import) -> dict[str, int]:
    """Reason → rows not taken, the most first."""
    counted = RejectedRow.objects.filter(source=source).order_by().values_list("reason").annotate(n=Count("pk"))
    return dict(counted.order_by("-n", "reason"))


def all_rejected(source: Import) -> Iterator[RejectedRow]:
    """Every one, fetched piece by piece: for the sheet that goes back."""
    return RejectedRow.objects.filter(source=source).iterator(chunk_size=2_000)
