"""What was said with a client: messages, his answers, calls, meetings and letters in one list, by one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Case, F, IntegerField, Q, QuerySet, Subquery, Value, When
from django.db.models.fields import TextField
from django.db.models.functions import Cast

from dovolen.desk.accounts.models import Staff
from dovolen.desk.messaging.models import IN, OUT, Contact, Incoming, Message
from dovolen.desk.people.models import Customer

ANSWER, CONTACT, MESSAGE = "answer", "contact", "message"
DUE, GIVEN, REPORTED, CONFIRMED = "due", "given", "reported", "confirmed"
"""How far the report of a meeting is: owed, given on paper, sent, agreed to."""
OPEN, DONE = "open", "done"
PAGE = 25


@dataclass(frozen=True)
class Said:
    """One thing said. `state` is that of the message, of the answer (open, done) or of the report of a meeting."""

    kind: str
    key: int
    at: datetime
    channel: str
    direction: str
    title: str
    """Subject of a letter; what was agreed on at a meeting."""
    text: str
    who: str
    """Who of the staff; nobody for what was sent by itself."""
    order_number: int | None
    notice: str
    purpose: str
    state: str
    reason: str
    minutes: int | None

    @property
    def place(self) -> str:
        """Where a further page begins that goes on after this one: without a plus, which would be a blank there."""
        return f"{self.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{self.kind}_{self.key}"


@dataclass(frozen=True)
class Talk:
    """A page of it, the latest first, and the cursor of the one before."""

    said: list[Said]
    earlier: str = ""


def talk(
    person: Staff, customer: Customer | int, order_number: int | None = None, before: str = "", n: int = PAGE
) -> Talk:
    """What was said with a client, or about one of his orders, as far as this person may see it."""
    rows = said(person, Q(customer=customer), order_number, before, n + 1)
    return Talk(rows[:n], rows[n - 1].place if len(rows) > n else "")


def said(person: Staff, whose: Q, order_number: int | None = None, before: str = "", n: int = PAGE) -> list[Said]:
    """The latest `n` things said, by one query; by none where he may see nothing of the kind."""
    if not (person.may("see messages") or person.may("see customers")):
        return []
    if order_number is not None:
        whose &= Q(order_number=order_number)
    parts = [
        _cut(model.objects.visible_to(person).filter(whose), at, kind, before, n).order_by().annotate(**columns)
        for kind, (model, at, columns) in SOURCES.items()
    ]
    rows = [part.values_list(*COLUMNS) for part in parts]
    return [Said(*row) for row in rows[0].union(*rows[1:], all=True).order_by("-c_at", "-c_kind", "-c_key")[:n]]


def _cut(rows: QuerySet[Any], at: str, kind: str, before: str, n: int) -> QuerySet[Any]:
    """The latest of one table that lie before the cursor: no more of them are looked at than a page may take."""
    if place := _read(before):
        moment, its_kind, key = place
        earlier = Q(**{f"{at}__lt": moment})
        if kind < its_kind:
            earlier |= Q(**{at: moment})
        elif kind == its_kind:
            earlier |= Q(**{at: moment, "pk__lt": key})
        rows = rows.filter(earlier)
    latest = Subquery(rows.order_by(f"-{at}", "-pk").values("pk")[:n])
    found: QuerySet[Any] = rows.model._default_manager.filter(pk__in=latest)
    return found


def _read(cursor: str) -> tuple[datetime, str, int] | None:
    """What a cursor says; a spoilt one says nothing."""
    try:
        moment, kind, key = cursor.split("_")
        at = datetime.fromisoformat(moment)
        return (at, kind, int(key)) if at.tzinfo else None
    except ValueError:
        return None


# ── Three tables told alike ──────────────────────────────────────────────────────────────────────────────────────────


def _text(what: Any) -> Cast:
    return Cast(what, TextField())


def _columns(kind: str, at: str, **told: Any) -> dict[str, Any]:
    plain = {
        "c_kind": Value(kind), "c_key": F("pk"), "c_at": F(at), "c_channel": F("channel"), "c_direction": Value(IN),
        "c_title": Value(""), "c_text": F("text"), "c_who": Value(""), "c_notice": Value(""), "c_purpose": Value(""),
        "c_state": Value(""), "c_reason": Value(""), "c_minutes": Cast(Value(None), IntegerField()),
    } | told  # fmt: skip
    return {name: what if name in ("c_key", "c_at", "c_minutes") else _text(what) for name, what in plain.items()}


REPORT = Case(
    When(confirmed_at__isnull=False, then=Value(CONFIRMED)),
    When(report__isnull=False, then=Value(REPORTED)),
    When(reported_at__isnull=False, then=Value(GIVEN)),
    When(report_due_at=None, then=Value("")),
    default=Value(DUE),
)
SOURCES: dict[str, tuple[Any, str, dict[str, Any]]] = {
    MESSAGE: (Message, "queued_at", _columns(
        MESSAGE, "queued_at", c_direction=Value(OUT), c_title=F("subject"), c_who=F("by__name"), c_notice=F("notice"),
        c_state=F("state"), c_reason=F("reason"),
    )),
    ANSWER: (Incoming, "at", _columns(
        ANSWER, "at", c_who=F("assignee__name"), c_reason=F("result"),
        c_state=Case(When(done_at=None, then=Value(OPEN)), default=Value(DONE)),
    )),
    CONTACT: (Contact, "at", _columns(
        CONTACT, "at", c_direction=F("direction"), c_title=F("agreed"), c_who=F("by__name"), c_purpose=F("purpose"),
        c_state=REPORT, c_minutes=F("minutes"),
    )),
}  # fmt: skip
COLUMNS = (
    "c_kind", "c_key", "c_at", "c_channel", "c_direction", "c_title", "c_text", "c_who", "order_number", "c_notice",
    "c_purpose", "c_state", "c_reason", "c_minutes",
)  # fmt: skip
