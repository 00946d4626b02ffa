"""What happened with a client: events of his and of his orders as one timeline, in a few queries a page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from typing import Any

from django.db.models import Q, QuerySet, Value
from django.db.models.fields import TextField
from django.db.models.functions import Cast

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.messaging import queries as messaging
from dovolen.desk.messaging import shown
from dovolen.desk.orders.models import AwaitedPart, Line, OrderNote, Promise, RepairOrder, Stage
from dovolen.desk.orders.queries.timeline import KINDS as OF_ORDERS
from dovolen.desk.orders.queries.timeline import Moment, Names
from dovolen.desk.orders.queries.timeline import told as told_of_orders
from dovolen.desk.people import phones
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer, Note
from dovolen.insight.words import NBSP

CUSTOMER, ORDER = Customer._meta.label_lower, RepairOrder._meta.label_lower
LATEST_ORDERS = 60
"""Of a client's orders whose events are read."""
PAGE = 25

KINDS: dict[str, str] = {
    "customer.added": "user-plus",
    "customer.changed": "edit",
    "customer.shared": "map-pin",
    "customer.phone_added": "phone",
    "customer.phone_changed": "phone",
    "customer.phone_main": "phone",
    "customer.phone_removed": "phone",
    "customer.email_added": "mail",
    "customer.email_main": "mail",
    "customer.email_removed": "mail",
    "customer.requisites_set": "building",
    "customer.consent_given": "check",
    "customer.consent_withdrawn": "x",
    "customer.noted": "note",
    "customer.note_changed": "note",
    "customer.note_removed": "note",
    "customer.related": "users",
    "customer.unrelated": "users",
    "customer.blocked": "ban",
    "customer.unblocked": "check",
    "customer.class_set": "user-check",
    "customer.attached": "tool",
    "customer.merged": "git-merge",
    "customer.merge_undone": "arrows-split",
}
"""Event → icon. What is pinned or absorbed is told elsewhere."""
TABS: Mapping[str, frozenset[str]] = {
    "": frozenset((*KINDS, *OF_ORDERS)),
    "orders": frozenset(kind for kind, (_, group) in OF_ORDERS.items() if group in ("stages", "parts", "photos")),
    "money": frozenset(kind for kind, (_, group) in OF_ORDERS.items() if group in ("money", "promise")),
    "talk": frozenset(
        (*(kind for kind, (_, group) in OF_ORDERS.items() if group in ("talk", "notes")),
         *(kind for kind in KINDS if "note" in kind))
    ),
    "person": frozenset(kind for kind in KINDS if "note" not in kind),
}  # fmt: skip
"""Tab → kinds of events."""
TALKING = ("", "talk")
"""Tabs in which what was said stands as well."""


@dataclass(frozen=True)
class Told:
    """One thing that happened, in words."""

    picture: str
    fact: str
    at: datetime
    by: Staff | None
    order: RepairOrder | None = None
    text: str = ""
    is_bad: bool = False
    said: Mapping[str, Any] | None = None
    """What was said with the client, as the timeline component takes it."""

    @property
    def is_named(self) -> bool:
        """Whether the sentence itself names the order."""
        return self.order is not None and f"№{NBSP}{self.order.number}" in self.fact


@dataclass(frozen=True)
class Story:
    """A page of it, and the cursor of the one before."""

    told: list[Told]
    earlier: str = ""


def story_of(customer: Customer, staff: Staff, tab: str = "", before: str = "") -> Story:
    """What happened and what was said, the latest first, of orders that he sees.

    Events and talk are two streams with a cursor each: a page takes as much of both as it shows.
    """
    until, talk_until = _read(before)
    mine = RepairOrder.objects.visible_to(staff).filter(customer=customer).select_related("asset")
    orders = {order.pk: order for order in mine.order_by("-accepted_at", "-pk")[:LATEST_ORDERS]}
    events = Event.objects.filter(
        Q(subject_kind=CUSTOMER, subject_id=customer.pk) | Q(subject_kind=ORDER, subject_id__in=list(orders)),
        kind__in=TABS[tab],
    )
    events = events.filter(pk__lt=until) if until else events
    found = list(events.order_by("-pk")[: PAGE + 1])
    said = messaging.said(staff, Q(customer=customer), before=talk_until, n=PAGE + 1) if tab in TALKING else []
    page = list(_together(found, said))[:PAGE]
    its_events = [one for one in page if isinstance(one, Event)]
    its_talk = [one for one in page if isinstance(one, messaging.Said)]
    told = list(_together(_told(its_events, orders), _spoken(its_talk, orders)))
    if len(page) == len(found) + len(said):
        return Story(told)
    last_event = its_events[-1].pk if its_events else until
    return Story(told, f"{last_event}.{its_talk[-1].place if its_talk else talk_until}")


def _together(happened: Iterable[Any], said: Iterable[Any]) -> Iterator[Any]:
    """Two streams as one, the latest first; each keeps its own order, so that its cursor loses nothing."""
    return merge(happened, said, key=lambda one: one.at, reverse=True)


def _read(cursor: str) -> tuple[int, str]:
    """Where both streams go on; a spoilt cursor is the beginning."""
    event, _, talk = cursor.partition(".")
    return people.key_of(event), talk


def _spoken(said: Iterable[messaging.Said], orders: Mapping[int, RepairOrder]) -> list[Told]:
    by_number = {order.number: order for order in orders.values()}
    return [
        Told("", "", one.at, None, by_number.get(one.order_number or 0), said=shown.line(one)) for one in said
    ]  # fmt: skip


def _told(events: list[Event], orders: Mapping[int, RepairOrder]) -> list[Told]:
    texts, private = _texts(events), _private(events)
    names = Names(
        staff=Staff.objects.in_bulk({event.by_id for event in events if event.by_id} | _facts(events, "technician")),
        stages=Stage.objects.in_bulk(_facts(events, "stage") | _facts(events, "before")),
        lines=texts["line"], parts=texts["part"], notes=texts["order_note"], promises=texts["promise"],
        private=private, currencies={key: order.currency for key, order in orders.items()},
    )  # fmt: skip
    of_orders = iter(told_of_orders((event for event in events if event.subject_kind == ORDER), names))
    told: list[Told] = []
    following = next(of_orders, None)
    for event in events:
        if event.subject_kind == CUSTOMER:
            told.append(_of_customer(event, texts, private.get(event.pk, {}), names.staff))
        elif following and _is_of(following, event):
            told.append(_of_order(following, orders[event.subject_id]))
            following = next(of_orders, None)
    return told


def _is_of(moment: Moment, event: Event) -> bool:
    return (moment.order_id, moment.kind, moment.at) == (event.subject_id, event.kind, event.at)


def _of_order(moment: Moment, order: RepairOrder) -> Told:
    return Told(moment.icon, str(moment), moment.at, moment.by, order, moment.text, moment.is_bad)


def _of_customer(
    event: Event, texts: Mapping[str, Mapping[int, str]], private: Mapping[str, str], staff: Mapping[int, Staff]
) -> Told:
    facts, speaker = event.facts, words.current()
    filled: dict[str, object] = {
        "purpose": speaker.name("people.purpose", facts.get("purpose", "")).lower(),
        "proof": speaker.name("people.proof", facts.get("proof", "")),
        "number": phones.shown(private.get("number", "")), "address": private.get("address", ""),
        "fields": ", ".join(speaker.name("people.field", name).lower() for name in facts.get("changed", ())),
        "other": texts["customer"].get(facts.get("other") or facts.get("absorbed") or 0, ""),
        "reason": private.get("reason", ""),
        "class_name": speaker.name("class", facts.get("client_class") or "by_rule"),
        "technician": one.name if (one := staff.get(facts.get("technician") or 0)) else "–",
    }  # fmt: skip
    key = f"client.event.{event.kind.partition('.')[2]}"
    if event.kind.startswith("customer.consent") and facts["channel"] != "any":
        key, filled["channel"] = f"{key}_by", speaker.name("people.channel", facts["channel"])
    text = texts["customer_note"].get(facts.get("note") or 0, "") if event.kind != "customer.note_removed" else ""
    text = text or private.get("reason", "")
    return Told(KINDS[event.kind], speaker.say(key, **filled), event.at, staff.get(event.by_id or 0), text=text)


# ── Names for numbers: whatever a page of events speaks of, by one query ─────────────────────────────────────────────

NAMED: Mapping[str, tuple[Any, str, str]] = {
    "line": (Line, "name", "line declined"),
    "part": (AwaitedPart, "name", "part"),
    "order_note": (OrderNote, "text", "note"),
    "promise": (Promise, "note", "promise"),
    "customer_note": (Note, "text", "note"),
    "customer": (Customer, "name", "other absorbed"),
}


def _texts(events: Iterable[Event]) -> dict[str, dict[int, str]]:
    found: dict[str, dict[int, str]] = {name: {} for name in NAMED}
    rows: list[QuerySet[Any, Any]] = []
    for name, (model, column, facts) in NAMED.items():
        whose = [event for event in events if (event.subject_kind == CUSTOMER) == name.startswith("customer")]
        keys = set().union(*(_facts(whose, fact) for fact in facts.split()))
        text = Cast(column, TextField())
        rows.append(model.objects.filter(pk__in=keys).order_by().values_list(Value(name), "pk", text))
    for name, key, text in rows[0].union(*rows[1:], all=True):
        found[name][key] = text
    return found


def _facts(events: Iterable[Event], name: str) -> set[int]:
    """Keys that events tell under a name, alone or in a list."""
    values = (event.facts.get(name) for event in events)
    parts = (part for value in values for part in (value if isinstance(value, list) else [value]))
    return {part for part in parts if isinstance(part, int) and not isinstance(part, bool)}


def _private(events: Iterable[Event]) -> dict[int, dict[str, str]]:
    having = [event.pk for event in events if "private" in event.facts]
    found: dict[int, dict[str, str]] = {}
    for fact in PrivateFact.objects.filter(event__in=having):
        found.setdefault(fact.event_id, {})[fact.name] = fact.value
    return found
