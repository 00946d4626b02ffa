"""Two kept snapshots beside each other: how the base changed between them, who moved where."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, OuterRef, Q, Subquery, Sum

from dovolen.desk.analysis.models import ClientResult, Snapshot, SnapshotQuerySet
from dovolen.desk.analysis.queries.clients import IN_BASE, known_then

LEAVING = ("dormant", "lost", "blocked")
MOST = 400
"""Days one may choose from: more than are kept."""


def kept(snapshot: Snapshot) -> SnapshotQuerySet:
    """Published snapshots of the same scope whose rows are still kept, the latest first."""
    same = Snapshot.objects.published().filter(centre=snapshot.centre_id, has_rows=True)
    return same.defer("population").order_by("-day", "-pk")


def steps(earlier: Snapshot, later: Snapshot) -> dict[str, int]:
    """A cascade: opening, new, returned, dormant, lost, blocked, closing, and `passed`; sums up to the last client.

    `gone`: in the base then, and no client of his own any more (merged into another).
    """
    rows = ClientResult.objects.filter(snapshot=later).annotate(before=known_then(earlier, "state"))
    count = dict.fromkeys(("opening", "new", "returned", *LEAVING, "closing", "passed"), 0)
    for before, state, n in rows.values_list("before", "state").annotate(n=Count("pk")).order_by():
        was, now = before in IN_BASE, state in IN_BASE
        count["opening"] += n if was else 0
        count["closing"] += n if now else 0
        step = state if was and not now else ("returned" if before else "new") if now and not was else ""
        step = "passed" if not before and state in LEAVING else step
        count[step] = count.get(step, 0) + n
    count.pop("", None)
    there = ClientResult.objects.filter(snapshot=later, customer=OuterRef("customer"))
    was_in = ClientResult.objects.filter(snapshot=earlier, state__in=IN_BASE)
    count["gone"] = was_in.annotate(now=Subquery(there.values("pk")[:1])).filter(now=None).count()
    return count


def grades(earlier: Snapshot, later: Snapshot) -> list[tuple[int | None, int, int, int]]:
    """Grade of recency then and now (the highest is best), clients, their revenue."""
    rows = _beside(earlier, later, "rfm_r").exclude(rfm_r=None)
    moved = rows.values_list("before", "rfm_r").annotate(n=Count("pk"), money=Sum("revenue")).order_by("-n")
    return [(before, now, n, int(money or 0)) for before, now, n, money in moved]


def segments(earlier: Snapshot, later: Snapshot) -> list[tuple[str, str, int]]:
    """Named segment then and now, clients; only those who moved."""
    rows = _beside(earlier, later, "segment").exclude(segment="").exclude(Q(before=None) | Q(before=""))
    moved = rows.exclude(before=F("segment")).values_list("before", "segment").annotate(n=Count("pk")).order_by("-n")
    return [(before, now, n) for before, now, n in moved]


def _beside(earlier: Snapshot, later: Snapshot, column: str) -> Any:
    return ClientResult.objects.filter(snapshot=later).annotate(before=known_then(earlier, column))
