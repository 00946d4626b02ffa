"""The list of clients, page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import search
from dovolen.desk.core.paging import AFTER, BEFORE, Page, page
from dovolen.desk.people.models import RECENT as BY_RECENT
from dovolen.desk.people.models import Customer, Phone
from dovolen.desk.people.queries.finding import key_of

PAGE = 50
COUNTED = 1000
"""Beyond it a list says «more than», because counting on costs as much as it tells little."""
RECENT, NAME = "recent", "name"
ORDERS = (RECENT, NAME)
ALL, BLOCKED, REGULAR, UNSERVED = "", "blocked", "regular", "unserved"
STATES = (ALL, REGULAR, UNSERVED, BLOCKED)
CONDITIONS = {
    BLOCKED: Q(blocked_at__isnull=False), REGULAR: Q(regular_mark=True), UNSERVED: Q(n_orders=0), ALL: Q(),
}  # fmt: skip


@dataclass(frozen=True)
class Filters:
    """What the list shows: `text` as it is typed, a kind of client or both, a state, an order."""

    text: str = ""
    kind: str = ""
    state: str = ALL
    order: str = RECENT


def with_number(customers: QuerySet[Customer]) -> Any:
    """Clients, each with the `number` to call."""
    numbers = Phone.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "pk").values("number")
    return customers.annotate(number=Subquery(numbers[:1]))


def customers_page(staff: Staff, filters: Filters, cursor: str = "", *, size: int = PAGE) -> Page[Customer]:
    """A page of the clients whom he sees: by what was typed the likest, else by cursor in the order that was asked.

    Each has the `number` to call.
    """
    seen = Customer.objects.visible_to(staff).filter(CONDITIONS[filters.state])
    seen = seen.filter(kind=filters.kind) if filters.kind else seen
    if filters.text.strip():
        ids = search.find(filters.text, "customer", seen, n=size)
        found = with_number(Customer.objects.all()).in_bulk(ids)
        return Page([found[pk] for pk in ids if pk in found], len(ids), COUNTED)
    rows, is_back, is_begun = _beside(cursor, seen, *ORDERED[filters.order], size=size)
    n = seen.order_by()[: COUNTED + 1].count()
    return page(rows, attrgetter("pk"), size=size, n=n, most=COUNTED, is_back=is_back, is_begun=is_begun)


ORDERED: Mapping[str, tuple[Combinable, str]] = {
    RECENT: (BY_RECENT, "-"), NAME: (F("name_key"), ""),
}  # fmt: skip
"""Lately served and lately entered ones together; or by name."""


def _beside(
    cursor: str, seen: QuerySet[Customer], column: Combinable, way: str, *, size: int
) -> tuple[list[Customer], bool, bool]:
    """Rows of a page and one more, away from the row of the cursor; whether it goes back; whether one is named."""
    placed: Any = seen.annotate(place=column)
    side, at = _boundary(cursor, placed)
    falls = (way == "-") is (side == AFTER)
    if at is not None:
        sign = "lt" if falls else "gt"
        placed = placed.filter(**{f"place__{sign}e": at[0]})
        placed = placed.filter(Q(**{f"place__{sign}": at[0]}) | Q(**{"place": at[0], f"pk__{sign}": at[1]}))
    ordered = placed.order_by(*(("-place", "-pk") if falls else ("place", "pk")))
    return list(with_number(ordered)[: size + 1]), side == BEFORE, at is not None


def _boundary(cursor: str, placed: Any) -> tuple[str, tuple[Any, int] | None]:
    """Which side of which row is asked for; the beginning where the cursor names no row of these."""
    side, key = cursor[:1], key_of(cursor[1:])
    if side not in (AFTER, BEFORE) or not key:
        return AFTER, None
    at = placed.filter(pk=key).values_list("place", "pk").first()
    return (side, at) if at else (AFTER, None)
