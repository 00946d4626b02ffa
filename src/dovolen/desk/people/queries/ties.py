"""Notes on a client, his ties to others, merges, and what a merge would move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from dovolen.desk.accounts.models import Staff
from dovolen.desk.people import pointing
from dovolen.desk.people.models import Customer, Merge, Note, Relation


def notes_of(customer: Customer, n: int = 200) -> list[Note]:
    """Notes on him, those kept on top first, then the latest."""
    return list(customer.notes.select_related("by").order_by("-is_pinned", "-at", "-pk")[:n])


@dataclass(frozen=True)
class Tie:
    """Another client and what he is to this one; told from the other side where `is_turned`."""

    relation: Relation
    other: Customer
    is_turned: bool


def tie_rows(customer: Customer) -> QuerySet[Relation]:
    """Ties of a client from both sides."""
    return Relation.objects.filter(Q(customer=customer) | Q(other=customer)).select_related("customer", "other")


def ties_of(customer: Customer, staff: Staff) -> list[Tie]:
    """Who is tied to him, of those whom `staff` sees."""
    seen = Customer.objects.visible_to(staff)
    both = (Exists(seen.filter(pk=OuterRef(side))) for side in ("customer", "other"))
    rows = tie_rows(customer).filter(*both).order_by("pk")
    return [_tie(row, is_turned=row.other_id == customer.pk) for row in rows]


def _tie(row: Relation, *, is_turned: bool) -> Tie:
    return Tie(row, row.customer if is_turned else row.other, is_turned)


def merges_of(customer: Customer) -> list[Merge]:
    """Records that were joined to him and may be parted again, the latest first."""
    return list(customer.merges.filter(undone_at=None).select_related("absorbed", "by").order_by("-pk"))


def what_moves(customer: Customer) -> dict[str, int]:
    """How many rows of each table point at him: by one query."""
    counts = {
        pointing.named(column).replace(".", "_"): Coalesce(
            Subquery(
                column.model._default_manager.filter(**{column.name: OuterRef("pk")})
                .order_by()
                .values(column.name)
                .annotate(n=Count("pk"))
                .values("n")
            ),
            0,
        )
        for column in pointing.columns()
    }
    found: Any = Customer.objects.filter(pk=customer.pk).values(**counts).get()
    return {name: n for name, n in found.items() if n}
