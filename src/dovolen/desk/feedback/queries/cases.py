"""Cases: the list by the nearest limit, one of them, those of a client, and how the clock stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from django.db.models import F, Q, QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.paging import Page, beside, page
from dovolen.desk.feedback.limits import BY_LAW
from dovolen.desk.feedback.models import Case

PAGE = 50
COUNTED = 1000
"""Beyond it a list says «more than»."""
OPEN, RESOLVED = "open", "resolved"
VIEWS = (OPEN, RESOLVED)
NEAR = timedelta(days=2)
"""A limit so close is told of on the first screen."""
SOON = timedelta(hours=24)
SHOWN = 6


@dataclass(frozen=True)
class CaseFilter:
    """Which cases a list shows: open or settled ones, a kind, what they are about, one's own alone."""

    view: str = OPEN
    kind: str = ""
    category: str = ""
    mine: bool = False


def cases_page(staff: Staff, asked: CaseFilter, cursor: str = "", *, size: int = PAGE) -> Page[Case]:
    """A page of the cases that he sees: open ones by their nearest limit, settled ones the latest first."""
    seen = Case.objects.visible_to(staff)
    seen = seen.open() if asked.view == OPEN else seen.exclude(resolved_at=None)
    seen = seen.filter(kind=asked.kind) if asked.kind else seen
    seen = seen.filter(category=asked.category) if asked.category else seen
    seen = seen.filter(owner=staff) if asked.mine else seen
    column = F("due_at") if asked.view == OPEN else F("resolved_at")
    named = seen.annotate(place=column).select_related("customer", "order", "owner", "centre").only(
        "centre", "customer", "order", "kind", "channel", "text", "category", "claim", "opened_at", "owner",
        "reply_due_at", "limit_at", "due_at", "first_reply_at", "resolved_at", "outcome", "customer__name",
        "order__number", "owner__name", "centre__name", "centre__zone",
    )  # fmt: skip
    rows, is_back, is_begun = beside(named, cursor, falls=asked.view != OPEN, size=size)
    n = seen.order_by()[: COUNTED + 1].count()
    return page(rows, attrgetter("pk"), size=size, n=n, most=COUNTED, is_back=is_back, is_begun=is_begun)


def case_of(staff: Staff) -> QuerySet[Case]:
    """Cases that he may open, each with all its page shows."""
    beside_it = ("customer", "order", "order__asset", "centre", "owner", "opened_by", "resolved_by")
    return Case.objects.visible_to(staff).select_related(*beside_it)


def near_limit(staff: Staff, until: datetime) -> QuerySet[Case]:
    """Open cases that nobody answered yet, or whose limit comes within two days of a moment."""
    return Case.objects.visible_to(staff).open().filter(Q(first_reply_at=None) | Q(due_at__lte=until + NEAR))


def of_customer(customer: Any, staff: Staff) -> list[Case]:
    """What a client came with at centres that are seen: open ones first, then the latest."""
    his = Case.objects.visible_to(staff).filter(customer=customer).select_related("order", "owner")
    return list(his.order_by(F("resolved_at").desc(nulls_first=True), "due_at", "pk")[:SHOWN])


@dataclass(frozen=True)
class Clock:
    """How a case stands with its limit: a word of `cases.clock`, until when, how it looks."""

    code: str
    at: datetime
    picture: str
    tone: str


def clock_of(case: Case, now: datetime) -> Clock:
    """What is due next: the first answer, then the decision; or when it was settled."""
    if case.resolved_at is not None:
        is_late = case.resolved_at > case.limit_at
        return Clock("resolved_late" if is_late else "resolved", case.resolved_at, "circle-check", "good")
    what = "decide" if case.first_reply_at else "reply"
    if case.due_at < now:
        return Clock(f"{what}_late", case.due_at, "alert-octagon", "bad")
    if case.due_at < now + SOON:
        return Clock(what, case.due_at, "clock-exclamation", "warn")
    return Clock(what, case.due_at, "clock", "")


def is_by_law(case: Case) -> bool:
    """Whether its limit is the law's, not the house's own."""
    return case.claim in BY_LAW
