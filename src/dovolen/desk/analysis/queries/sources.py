"""Clients by where they heard of the house: the names behind a source."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import ClientResult, Snapshot
from dovolen.desk.people.models import Customer

PAGE = 50
UNKNOWN = "none"
"""In place of a source: it was not asked."""


@dataclass(frozen=True)
class ClientsPage:
    """One page of clients, the most revenue first."""

    rows: list[ClientResult]
    later: str


def clients_of(source: str, snapshot: Snapshot, staff: Staff, cursor: str = "") -> ClientsPage:
    """Clients of a source that he may see, from a place on."""
    seen = Customer.objects.visible_to(staff).filter(source="" if source == UNKNOWN else source)
    found = ClientResult.objects.filter(snapshot=snapshot, customer__in=seen)
    if beyond := _beyond(cursor):
        found = found.filter(beyond)
    rows = list(
        found.select_related("customer").order_by(F("revenue").desc(nulls_last=True), "pk")[: PAGE + 1]
    )  # fmt: skip
    is_more = len(rows) > PAGE
    rows = rows[:PAGE]
    return ClientsPage(rows, _cursor(rows[-1]) if is_more else "")


def _cursor(row: ClientResult) -> str:
    return f"{'' if row.revenue is None else row.revenue}_{row.pk}"


def _beyond(cursor: str) -> Q | None:
    """Rows behind a place; those without revenue come last; what is no cursor means the first page."""
    told, _, key = cursor.partition("_")
    try:
        revenue, place = int(told) if told else None, int(key)
    except ValueError:
        return None
    if revenue is None:
        return Q(revenue=None, pk__gt=place)
    return Q(revenue__lt=revenue) | Q(revenue=revenue, pk__gt=place) | Q(revenue=None)
