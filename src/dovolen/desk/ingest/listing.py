"""The list of imports, page by page."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.desk.accounts.models import Staff
from dovolen.desk.ingest.models import Import

PAGE = 30


@dataclass(frozen=True)
class Page:
    """Imports, the latest first, and where the next page begins."""

    imports: list[Import]
    later: int | None


def page(staff: Staff, before: str = "") -> Page:
    """Imports that he may see, from behind the one named `before` on."""
    seen = Import.objects.visible_to(staff).select_related("centre", "made_by", "file")
    if before.isascii() and before.isdecimal() and len(before) < 19:
        seen = seen.filter(pk__lt=int(before))
    found = list(seen.defer("mapping", "connection", "found").order_by("-pk")[: PAGE + 1])
    return Page(found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None)
