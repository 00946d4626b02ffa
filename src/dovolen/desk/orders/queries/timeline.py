"""What happened to orders, told: events of the journal with the names that their numbers stand for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Max

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.core.templatetags.words import when
from dovolen.desk.orders.models import CLOSED, TOLD, AwaitedPart, Line, OrderNote, Promise, RepairOrder, Stage
from dovolen.desk.orders.queries.stages import stage_name

SUBJECT = RepairOrder._meta.label_lower
TALK = "talk"
GROUPS = ("stages", "money", "promise", TALK, "parts", "photos", "notes")
"""Tabs of a timeline; what is in none of them shows under all alone. What was said with clients stands under talk."""

KINDS: dict[str, tuple[str, str]] = {
    "order.accepted": ("clipboard-plus", "stages"),
    "order.stage_moved": ("arrow-right", "stages"),
    "order.told": ("phone-call", "talk"),
    "order.promised": ("calendar-time", "promise"),
    "order.assigned": ("user-cog", "stages"),
    "order.changed": ("pencil", "notes"),
    "order.held": ("hourglass", "stages"),
    "order.released": ("player-play", "stages"),
    "order.line_added": ("plus", "money"),
    "order.line_changed": ("pencil", "money"),
    "order.line_removed": ("minus", "money"),
    "order.discounted": ("discount", "money"),
    "order.approved": ("checks", "money"),
    "order.offered_again": ("repeat", "money"),
    "order.part_awaited": ("package-import", "parts"),
    "order.part_expected": ("clock", "parts"),
    "order.part_arrived": ("package", "parts"),
    "order.part_cancelled": ("package-off", "parts"),
    "order.photo_added": ("photo", "photos"),
    "order.photo_changed": ("photo", "photos"),
    "order.photo_removed": ("photo-off", "photos"),
    "order.noted": ("message", "notes"),
    "order.checked": ("list-check", "stages"),
    "order.password_seen": ("eye", "notes"),
    "order.password_set": ("lock", "notes"),
    "order.picked_up": ("hand-stop", "stages"),
    "order.cancelled": ("x", "stages"),
    "order.paper_drawn_up": ("printer", "notes"),
    "order.paper_voided": ("ban", "notes"),
    "money.charged": ("receipt", "money"),
    "money.paid": ("coin", "money"),
    "money.refunded": ("receipt-refund", "money"),
    "money.adjusted": ("receipt", "money"),
    "money.written_off": ("receipt-off", "money"),
    "money.receipt_noted": ("receipt", "money"),
    "order.link_opened": ("eye", "talk"),
    "order.link_revoked": ("link-off", "talk"),
    "order.asked": ("message-question", "talk"),
}
"""Event → icon, tab."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `key` names its sentence, `values` fill it; `text` is what somebody wrote to it."""

    icon: str
    key: str
    values: Mapping[str, object]
    at: datetime
    by: Staff | None
    group: str
    order_id: int
    kind: str
    text: str = ""
    is_bad: bool = False
    """A promise given after the one before was broken."""

    def __str__(self) -> str:
        return words.say(self.key, **self.values)


@dataclass(frozen=True)
class Names:
    """Rows that events speak of, read once for all of them."""

    staff: Mapping[int, Staff]
    stages: Mapping[int, Stage]
    lines: Mapping[int, str]
    parts: Mapping[int, str]
    notes: Mapping[int, str]
    promises: Mapping[int, str]
    private: Mapping[int, Mapping[str, str]]
    currencies: Mapping[int, str]


# ── Asked ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def pulse(order: RepairOrder) -> int:
    """A number that grows whenever anything of an order changes: one look at an index."""
    return Event.objects.filter(subject_kind=SUBJECT, subject_id=order.pk).aggregate(last=Max("id"))["last"] or 0


def timeline(*orders: RepairOrder, n: int = 200) -> list[Moment]:
    """What happened to these orders, the latest first: the last `n`, in eight queries at most."""
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=[order.pk for order in orders])
    found = list(events.filter(kind__in=KINDS).order_by("-id")[:n])
    return told(found, _names(found, {order.pk: order.currency for order in orders}))


def told(events: Iterable[Event], names: Names) -> list[Moment]:
    """Events in sentences, by whoever knows already what their numbers stand for."""
    found = list(events)
    names = replace(names, lines={**_removed(found, names), **names.lines})
    return [_moment(event, names) for event in found if not _is_said_by_another(event)]


def _removed(events: Iterable[Event], names: Names) -> dict[int, str]:
    """What lines were called that are no more: the event of their end knows."""
    ends = (event for event in events if event.kind == "order.line_removed")
    return {event.facts["line"]: names.private.get(event.pk, {}).get("line", "") for event in ends}


def _is_said_by_another(event: Event) -> bool:
    """Told by the event beside it: the line of what is offered again, the stage of what is handed over."""
    return event.kind == "order.stage_moved" and event.facts["phase"] in (TOLD, CLOSED)


# ── Names for numbers ────────────────────────────────────────────────────────────────────────────────────────────────


def _names(events: list[Event], currencies: Mapping[int, str]) -> Names:
    keys: dict[str, set[int]] = {}
    for event in events:
        for name, value in event.facts.items():
            keys.setdefault(name, set()).update(_keys(value))
    moved = {event.facts["before"] for event in events if event.kind == "order.stage_moved"}
    people = {event.by_id for event in events if event.by_id} | keys.get("technician", set())
    return Names(
        staff=Staff.objects.in_bulk(people) if people else {},
        stages=Stage.objects.in_bulk(keys.get("stage", set()) | moved),
        lines=_texts(Line, "name", keys.get("line", set()) | keys.get("declined", set())),
        parts=_texts(AwaitedPart, "name", keys.get("part")),
        notes=_texts(OrderNote, "text", keys.get("note")),
        promises=_texts(Promise, "note", keys.get("promise")),
        private=_private(events),
        currencies=currencies,
    )


def _keys(value: Any) -> set[int]:
    values = value if isinstance(value, list) else [value]
    return {part for part in values if isinstance(part, int) and not isinstance(part, bool)}


def _texts(model: Any, column: str, keys: Iterable[int] | None) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=keys).values_list("pk", column)) if keys else {}


def _private(events: list[Event]) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    having = [event.pk for event in events if "private" in event.facts]
    for fact in PrivateFact.objects.filter(event__in=having) if having else ():
        found.setdefault(fact.event_id, {})[fact.name] = fact.value
    return found


# ── Sentences ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _moment(event: Event, names: Names) -> Moment:
    icon, group = KINDS[event.kind]
    facts = event.facts
    return Moment(
        icon,
        f"orders.event.{event.kind.partition('.')[2]}{_variant(event.kind, facts)}",
        _values(event, names),
        event.at,
        names.staff.get(event.by_id or 0),
        group,
        event.subject_id,
        event.kind,
        text=names.notes.get(facts.get("note") or 0) or names.promises.get(facts.get("promise") or 0) or "",
        is_bad=bool(facts.get("is_after_break")),
    )


def _variant(kind: str, facts: Mapping[str, Any]) -> str:
    """Which of the sentences of an event fits what it tells."""
    for name, fits in VARIANTS.get(kind, ()):
        if fits(facts):
            return f"_{name}"
    return ""


VARIANTS: dict[str, tuple[tuple[str, Callable[[Mapping[str, Any]], bool]], ...]] = {
    "order.told": (("again", lambda facts: not facts["is_first"]),),
    "order.promised": (
        ("first", lambda facts: facts["before"] is None),
        ("after_break", lambda facts: facts["is_after_break"]),
    ),
    "order.assigned": (("nobody", lambda facts: facts["technician"] is None),),
    "order.held": (("until", lambda facts: facts["until"] is not None),),
    "order.line_changed": (("open_again", lambda facts: facts["is_open_again"]),),
    "order.approved": (
        ("by_link_none", lambda facts: facts["told_how"] == "link" and not facts["approved"]),
        ("by_link_partly", lambda facts: facts["told_how"] == "link" and bool(facts["declined"])),
        ("by_link", lambda facts: facts["told_how"] == "link"),
        ("none", lambda facts: not facts["approved"]),
        ("partly", lambda facts: bool(facts["declined"])),
    ),
    "order.discounted": (
        ("none", lambda facts: not facts["amount"]),
        ("open_again", lambda facts: facts["is_open_again"]),
        ("line", lambda facts: facts["line"] is not None),
    ),
    "money.paid": (("before", lambda facts: facts["is_prepayment"]),),
    "order.part_awaited": (("until", lambda facts: facts["expected_at"] is not None),),
    "order.part_expected": (("unknown", lambda facts: facts["expected_at"] is None),),
    "order.password_set": (("dropped", lambda facts: not facts["is_kept"]),),
}


def _values(event: Event, names: Names) -> dict[str, object]:
    """What fills the sentence of an event, in words."""
    facts = {name: value for name, value in event.facts.items() if name != "private"}
    currency = str(facts.get("currency") or names.currencies[event.subject_id])
    spoken = {name: _spoken(name, value, currency) for name, value in facts.items()}
    if event.kind in REASONS:
        spoken["reason"] = words.current().name(REASONS[event.kind], facts["reason"])
    if event.kind == "order.stage_moved":
        spoken["stage_before"] = _stage(facts["before"], names)
    return {
        **spoken,
        "stage": _stage(facts.get("stage"), names),
        "line": names.lines.get(facts.get("line") or 0, ""),
        "lines_declined": ", ".join(names.lines.get(key, "…") for key in facts.get("declined", ())),
        "part": names.parts.get(facts.get("part") or 0, ""),
        "technician": str(names.staff.get(facts.get("technician") or 0, "")),
    }


def _spoken(name: str, value: Any, currency: str) -> object:
    """A fact in words: money with its currency, a moment at the centre, a code by its name."""
    if name in ("amount", "total") or (name == "before" and isinstance(value, int)):
        return words.money(value, currency)
    if isinstance(value, str) and (name in ("until", "before") or name.endswith("_at")):
        return when(datetime.fromisoformat(value))
    if name == "changed":
        return ", ".join(words.current().name("orders.field", field).lower() for field in value)
    return words.current().name(FAMILIES[name], value) if name in FAMILIES else value


FAMILIES = {
    "how": "orders.told_how",
    "told_how": "orders.told_how",
    "outcome": "orders.outcome",
    "pay_type": "orders.pay_type",
    "method": "money.method",
    "paper": "papers.kind",
}


REASONS = {
    "order.held": "orders.hold_reason",
    "order.released": "orders.hold_reason",
    "order.promised": "orders.repromise_reason",
}


def _stage(key: Any, names: Names) -> str:
    stage = names.stages.get(key) if isinstance(key, int) else None
    return stage_name(stage) if stage else ""
