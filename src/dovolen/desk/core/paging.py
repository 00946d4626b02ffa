"""Pages of long lists: where one begins is found by the place of a row in the order, so none before it is read over.

A cursor names the row that a page stands after ("a…") or before ("b…"), and how to find its place again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from django.db.models import Q, QuerySet
from django.http import QueryDict

AFTER, BEFORE = "a", "b"
LONGEST_KEY = 19
"""Digits of the largest key that a base holds."""
Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of one page; cursors of the pages beside it, empty where there is none."""

    rows: list[Row]
    n: int
    """How many there are on all pages, counted up to `most` and one."""
    most: int
    earlier: str = ""
    later: str = ""

    @property
    def is_more(self) -> bool:
        """Whether there are more than were counted."""
        return self.n > self.most


class HasNeighbours(Protocol):
    """A page that knows the cursors of those beside it."""

    @property
    def earlier(self) -> str:
        """Empty on the first page."""

    @property
    def later(self) -> str:
        """Empty on the last one."""


def addresses(asked: QueryDict, page: HasNeighbours) -> dict[str, str]:
    """`earlier` and `later`: the same address with another cursor; empty where there is no such page."""
    return {name: _address(asked, cursor) for name, cursor in (("earlier", page.earlier), ("later", page.later))}


def _address(asked: QueryDict, cursor: str) -> str:
    if not cursor:
        return ""
    told = asked.copy()
    told["cursor"] = cursor
    return f"?{told.urlencode()}"


def page(
    found: Sequence[Row], place: Callable[[Row], object], *, size: int, n: int, most: int, is_back: bool, is_begun: bool
) -> Page[Row]:
    """A page out of up to one row more than it holds, as they were read: away from the row that the cursor named.

    `place`: what a cursor tells of a row. `is_back`: they were read towards the beginning. `is_begun`: a cursor named
    a row, so this is not the first page.
    """
    is_more, rows = len(found) > size, list(found[:size])
    if is_back:
        rows.reverse()
    has_earlier, has_later = (is_more, True) if is_back else (is_begun, is_more)
    return Page(
        rows, n, most,
        f"{BEFORE}{place(rows[0])}" if rows and has_earlier else "",
        f"{AFTER}{place(rows[-1])}" if rows and has_later else "",
    )  # fmt: skip


def beside(placed: QuerySet[Any], cursor: str, *, falls: bool, size: int) -> tuple[list[Any], bool, bool]:
    """Rows annotated with their `place`: those of a page and one more, away from the row whose key the cursor tells.

    `falls`: the list begins with the last place. Gives the rows, whether they go back, and whether the cursor names one
    of these rows: where it does not, they are the first page.
    """
    side, key = cursor[:1], cursor[1:]
    is_key = side in (AFTER, BEFORE) and key.isascii() and key.isdecimal() and len(key) < LONGEST_KEY
    at = placed.filter(pk=int(key)).values_list("place", "pk").first() if is_key else None
    is_back = at is not None and side == BEFORE
    goes_down = falls is not is_back
    if at is not None:
        sign = "lt" if goes_down else "gt"
        placed = placed.filter(**{f"place__{sign}e": at[0]})
        placed = placed.filter(Q(**{f"place__{sign}": at[0]}) | Q(place=at[0], **{f"pk__{sign}": at[1]}))
    ordered = placed.order_by(*(("-place", "-pk") if goes_down else ("place", "pk")))
    return list(ordered[: size + 1]), is_back, at is not None
