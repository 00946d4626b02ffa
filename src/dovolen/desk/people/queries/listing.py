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
from dovolen.desk.core.paging import Page, beside, page
from dovolen.desk.people.models import RECENT as BY_RECENT
from dovolen.desk.people.models import Customer, Phone

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
    column, falls = ORDERED[filters.order]
    placed: Any = with_number(seen.annotate(place=column))
    rows, is_back, is_begun = beside(placed, cursor, falls=falls, size=size)
    n = seen.order_by()[: COUNTED + 1].count()
    return page(rows, attrgetter("pk"), size=size, n=n, most=COUNTED, is_back=is_back, is_begun=is_begun)


ORDERED: Mapping[str, tuple[Combinable, bool]] = {RECENT: (BY_RECENT, True), NAME: (F("name_key"), False)}
"""Lately served and lately entered ones together; or by name. Each with whether the last comes first."""
