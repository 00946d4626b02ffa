"""Bank statements: which were read in, and what their lines may be for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.money.matching import SURE, Bill, Came, Proposal, propose
from dovolen.desk.money.models import NEW, Statement, StatementLine
from dovolen.desk.money.queries.invoices import open_bills
from dovolen.desk.people.models import Requisites

RIGHT = "import statements"
LATEST, LINES = 50, 100


def statements_seen_by(staff: Staff) -> QuerySet[Statement]:
    """Statements of sellers that sell only where he reads statements in."""
    elsewhere = Q(entity__sellers__isnull=False) & ~Q(entity__sellers__centre__in=staff.centre_ids(RIGHT))
    hidden = Statement.objects.filter(elsewhere).values("pk")
    return Statement.objects.filter(entity__sellers__centre__in=staff.centre_ids(RIGHT)).exclude(pk__in=hidden)


def latest_statements(staff: Staff) -> list[Any]:
    """The latest statements, each with `n_waiting`: its lines that nobody decided about."""
    keys = statements_seen_by(staff).order_by("-pk").values("pk").distinct()[:LATEST]
    found = Statement.objects.filter(pk__in=list(keys.values_list("pk", flat=True))).select_related("entity", "by")
    return list(found.annotate(n_waiting=Count("lines", filter=Q(lines__fate=NEW))).order_by("-pk"))


def facts_of(statement: Statement) -> dict[str, Any]:
    """What was passed over when it was read in, as the journal keeps it."""
    event = journal.timeline(statement).filter(kind="statement.imported").first()
    return dict(event.facts) if event else {}


@dataclass(frozen=True)
class Waiting:
    """A line that waits, and the bills it may be for: the best first; `chosen` where that is sure."""

    line: StatementLine
    offers: list[Offer]
    chosen: str


@dataclass(frozen=True)
class Offer:
    """A proposal with its bills."""

    proposal: Proposal
    bills: list[tuple[Any, int]]


def waiting(statement: Statement, staff: Staff, *, n: int = LINES) -> list[Waiting]:
    """Lines of a statement that wait, each with what it may be for; what one surely pays is taken off for the next."""
    lines = list(StatementLine.objects.filter(statement=statement, fate=NEW).order_by("day", "pk")[:n])
    bills = {bill.pk: bill for bill in open_bills(statement.entity, staff.centre_ids(RIGHT))}
    lefts = {key: bill.amount - bill.received for key, bill in bills.items()}
    found: list[Waiting] = []
    for line in lines:
        offers = propose(_came(line), _bills(bills.values(), lefts))
        chosen = offers[0] if offers and offers[0].confidence == SURE else None
        if chosen:
            for key, amount in chosen.shares:
                lefts[key] -= amount
        told = [Offer(one, [(bills[key], amount) for key, amount in one.shares]) for one in offers]
        found.append(Waiting(line, told, chosen.name if chosen else ""))
    return found


def decided(statement: Statement) -> list[StatementLine]:
    """Lines that were booked or left alone, each with its payments."""
    lines = StatementLine.objects.filter(statement=statement).exclude(fate=NEW).select_related("decided_by")
    return list(lines.prefetch_related("payments__invoice").order_by("day", "pk")[:LINES])


def _came(line: StatementLine) -> Came:
    return Came(line.amount, line.purpose, line.payer_tax_number, line.payer_account)


def _bills(rows: Iterable[Any], lefts: dict[int, int]) -> list[Bill]:
    """Bills that still have something left, as matching knows them."""
    return [
        Bill(row.pk, row.number, row.order_number, lefts[row.pk], *_requisites(row.customer))
        for row in rows
        if lefts[row.pk] > 0
    ]


def _requisites(customer: Any) -> tuple[str, str]:
    try:
        kept: Requisites = customer.requisites
    except Requisites.DoesNotExist:
        return "", ""
    return kept.tax_number, kept.account
