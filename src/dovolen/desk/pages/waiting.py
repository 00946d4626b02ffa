"""What waits for somebody besides orders and tasks: parts, answers, messages, reports, debts – all by one query."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import BigIntegerField, Case, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import TextField
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Concat, Substr

from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.analysis.queries import at_work as known
from dovolen.desk.feedback import queries as feedback
from dovolen.desk.feedback.models import SEE as SEE_FEEDBACK
from dovolen.desk.messaging import queries as messaging
from dovolen.desk.messaging.models import DELIVERED, FAILED, READ, SENT, UNCLEAR, Contact, Incoming, Message
from dovolen.desk.money.models import Account
from dovolen.desk.orders.models import AwaitedPart, RepairOrder
from dovolen.desk.planning.models import BOOKING, Slot
from dovolen.desk.tasks.models import CALL, Task

PARTS, ANSWERS, MESSAGES, REPORTS, DEBTS, LEAVING = "parts", "answers", "messages", "reports", "debts", "leaving"
CASES = "cases"
KINDS = (CASES, ANSWERS, MESSAGES, REPORTS, PARTS, DEBTS, LEAVING)
MOST = 100
"""Rows of one kind that are looked at."""
LOOKED_BACK = timedelta(days=7)
"""A message that did not arrive longer ago is no news any more."""
LONGEST = 160


@dataclass(frozen=True)
class Row:
    """One thing that waits: since when or until when, whose it is, what it says."""

    kind: str
    key: int
    at: datetime
    number: int | None
    """Of the order that it is about."""
    who: str
    what: str
    """What it says; of a notice, or a sign of leaving, its code."""
    detail: str
    """Channel of an answer, state of a message, currency of money."""
    amount: int | None
    customer_id: int | None
    centre_id: int | None
    assignee_id: int | None
    minutes: int = 0
    """Working minutes that an answer waits."""

    @property
    def is_late(self) -> bool:
        """Whether an answer waits longer than the limit."""
        return self.minutes > messaging.REACT_WITHIN


@dataclass(frozen=True)
class Asked:
    """Who asks, for what is due until when; `own`: parts of his orders only."""

    person: Staff
    until: datetime
    own: bool


def waiting(
    person: Staff, kinds: Collection[str], now: datetime, until: datetime, *, own: bool
) -> dict[str, list[Row]]:
    """What waits, of the kinds that are asked for, the most urgent first; `own`: parts of his orders only."""
    asked = Asked(person, until, own)
    found: dict[str, list[Row]] = {kind: [] for kind in kinds}
    sources = [(kind, of(asked)) for kind, of in FOUND.items() if kind in kinds]
    parts = [_rows(kind, source) for kind, source in sources if source is not None]
    if not parts:
        return found
    for told in parts[0].union(*parts[1:], all=True).order_by("c_kind", "c_at", "c_key"):
        row = _timed(Row(*told), person, now)
        if row.kind != ANSWERS or row.assignee_id in (None, person.pk) or row.is_late:
            found[row.kind].append(row)
    if LEAVING in found:
        found[LEAVING].sort(key=lambda row: (-(row.amount or 0), row.key))
    return found


def _timed(row: Row, person: Staff, now: datetime) -> Row:
    """An answer with how long it waits on the clock of its centre."""
    if row.kind != ANSWERS:
        return row
    centres = {place.centre_id: place.centre for place in person.places}
    centre = centres.get(row.centre_id or 0) or person.centre
    minutes = Opening.of(centre).minutes_between(row.at, now) if centre else 0
    return replace(row, minutes=max(0, minutes))


# ── What is found ────────────────────────────────────────────────────────────────────────────────────────────────────

Found = tuple[QuerySet[Any], str, dict[str, Any]]
"""Rows of a table, the column of their moment, what their common columns hold."""


def _parts(asked: Asked) -> Found | None:
    due = AwaitedPart.objects.filter(arrived_at=None, cancelled_at=None, expected_at__lte=asked.until)
    due = due.filter(order__centre__in=asked.person.centre_ids("see orders"))
    due = due.filter(order__technician=asked.person) if asked.own else due
    device = Concat(
        Coalesce(F("order__asset__brand"), Value("")), Value(" "), Coalesce(F("order__asset__model"), Value(""))
    )
    return due, "expected_at", {"number": F("order__number"), "who": device, "what": F("name")}


def _answers(asked: Asked) -> Found | None:
    if not asked.person.may("see messages"):
        return None
    who = Coalesce(F("customer__name"), F("address"))
    told = {"who": who, "what": F("text"), "detail": F("channel"), "assignee_id": F("assignee_id")}
    return Incoming.objects.visible_to(asked.person).filter(done_at=None), "at", {**told, **OF_A_CLIENT}


def _messages(asked: Asked) -> Found | None:
    """Messages that did not arrive, or nobody knows whether, until the client was reached otherwise."""
    if not asked.person.may("see messages"):
        return None
    his = {"customer": OuterRef("customer")}
    later = Message.objects.filter(**his, pk__gt=OuterRef("pk"), state__in=[SENT, DELIVERED, READ])
    spoken = Contact.objects.filter(**his, at__gt=OuterRef("state_at"))
    called = Task.objects.filter(**his, kind=CALL, done_at__gt=OuterRef("state_at"))
    lost = Q(state=UNCLEAR) | Q(state=FAILED) & ~Exists(Message.objects.filter(instead_of=OuterRef("pk")))
    found = Message.objects.visible_to(asked.person).filter(lost, state_at__gt=asked.until - LOOKED_BACK)
    found = found.filter(~Exists(later), ~Exists(spoken), ~Exists(called))
    said = Case(When(notice="", then=F("text")), default=F("notice"), output_field=TextField())
    told = {"who": F("customer__name"), "what": said, "detail": F("state")}
    return found, "state_at", {**told, **OF_A_CLIENT}


def _reports(asked: Asked) -> Found | None:
    """Meetings whose report is due today or was due before."""
    if not asked.person.may("see customers"):
        return None
    due = messaging.reports_due(asked.person).filter(report_due_at__lte=asked.until)
    return due, "report_due_at", {"who": F("customer__name"), "what": F("text"), **OF_A_CLIENT}


def _cases(asked: Asked) -> Found | None:
    """Complaints and requests near their limit; `detail`: whether somebody answered."""
    if not asked.person.may(SEE_FEEDBACK):
        return None
    answered = Case(When(first_reply_at=None, then=Value("")), default=Value("answered"), output_field=TextField())
    told = {
        "who": F("customer__name"), "what": F("text"), "detail": answered, "number": F("order__number"),
        "customer_id": F("customer_id"), "centre_id": F("centre_id"),
    }  # fmt: skip
    return feedback.near_limit(asked.person, asked.until), "due_at", told


def _debts(asked: Asked) -> Found | None:
    """What is owed for orders that were handed over, the oldest debt first."""
    if not asked.person.may("see money"):
        return None
    told = {"who": F("customer__name"), "detail": F("currency"), "amount": F("due") - F("paid")}
    owing = Account.objects.visible_to(asked.person).indebted().exclude(due_since=None)
    return owing, "due_since", {**told, **OF_A_CLIENT}


def _leaving(asked: Asked) -> Found | None:
    """Clients with signs of leaving who are here today: with an order that is open, or expected; the dearest first."""
    if not asked.person.may("see customers"):
        return None
    opened = RepairOrder.objects.visible_to(asked.person).open()
    today = {"starts_at__gte": asked.until - timedelta(days=1), "starts_at__lt": asked.until, "cancelled_at": None}
    booked = Slot.objects.visible_to(asked.person).filter(kind=BOOKING, **today)
    here = Q(customer__in=opened.values("customer")) | Q(customer__in=booked.exclude(customer=None).values("customer"))
    found = known.at_risk(asked.person).filter(here)
    mine = opened.filter(customer=OuterRef("customer")).order_by("promised_at", "pk").values("number")[:1]
    told = {
        "who": F("customer__name"), "what": known.first_risk(), "amount": F("value_at_risk"),
        "detail": KeyTextTransform("currency", "snapshot__meta"), "number": Subquery(mine),
        "customer_id": F("customer_id"),
    }  # fmt: skip
    return found, "snapshot__done_at", told


OF_A_CLIENT = {"number": F("order_number"), "customer_id": F("customer_id"), "centre_id": F("centre_id")}
FOUND: dict[str, Callable[[Asked], Found | None]] = {
    CASES: _cases, ANSWERS: _answers, MESSAGES: _messages, REPORTS: _reports, PARTS: _parts, DEBTS: _debts,
    LEAVING: _leaving,
}  # fmt: skip
NUMBERS = ("key", "number", "amount", "customer_id", "centre_id", "assignee_id")
COLUMNS = (
    "kind", "key", "at", "number", "who", "what", "detail", "amount", "customer_id", "centre_id", "assignee_id",
)  # fmt: skip


def _rows(kind: str, found: Found) -> QuerySet[Any, Any]:
    """The first of one table, told as all are told."""
    rows, at, told = found
    dearest = F("value_at_risk").desc(nulls_last=True)
    first = rows.order_by(dearest if kind == LEAVING else at, "pk").values("pk")[:MOST]
    known = {"kind": Value(kind), "key": F("pk"), "at": F(at), **told}
    columns = {f"c_{name}": _column(name, known.get(name)) for name in COLUMNS}
    own = rows.model._default_manager.filter(pk__in=Subquery(first)).order_by()
    shown: QuerySet[Any, Any] = own.annotate(**columns).values_list(*columns)
    return shown


def _column(name: str, what: Any) -> Any:
    if name == "at":
        return what
    if name in NUMBERS:
        return Cast(what if what is not None else Value(None), BigIntegerField())
    text = Cast(what if what is not None else Value(""), TextField())
    return Substr(text, 1, LONGEST) if name == "what" else text
