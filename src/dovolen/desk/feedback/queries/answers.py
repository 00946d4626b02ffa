"""Answers of clients: the list, the latest first, and those of one client."""

from __future__ import annotations

from operator import attrgetter

from django.db.models import F

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.paging import Page, beside, page
from dovolen.desk.feedback.models import Answer
from dovolen.desk.feedback.queries.cases import COUNTED, PAGE, SHOWN
from dovolen.desk.people.models import Customer


def answers_page(staff: Staff, kind: str = "", cursor: str = "", *, size: int = PAGE) -> Page[Answer]:
    """A page of the answers that he sees, of one kind or of all."""
    seen = Answer.objects.visible_to(staff)
    seen = seen.filter(kind=kind) if kind else seen
    named = seen.annotate(place=F("at")).select_related("customer", "order", "taken_by", "centre").only(
        "centre", "customer", "order", "at", "kind", "score", "scale", "text", "told_how", "taken_by",
        "customer__name", "order__number", "taken_by__name", "centre__name", "centre__zone",
    )  # fmt: skip
    rows, is_back, is_begun = beside(named, cursor, falls=True, size=size)
    n = seen.order_by()[: COUNTED + 1].count()
    return page(rows, attrgetter("pk"), size=size, n=n, most=COUNTED, is_back=is_back, is_begun=is_begun)


def answers_of(customer: Customer, staff: Staff) -> list[Answer]:
    """What a client answered at centres that are seen, the latest first."""
    his = Answer.objects.visible_to(staff).filter(customer=customer).select_related("order", "taken_by")
    return list(his.order_by("-at", "-pk")[:SHOWN])
