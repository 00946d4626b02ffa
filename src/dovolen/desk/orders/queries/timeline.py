"""What happened to orders, told: events of the journal with the names that their numbers stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Max

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.orders.models import AwaitedPart, Line, OrderNote, Promise, RepairOrder, Stage
from dovolen.desk.orders.queries.stages import stage_name

SUBJECT = RepairOrder._meta.label_lower
GROUPS = ("stages", "money", "promise", "talk", "parts", "photos", "notes")
"""Tabs of a timeline; what is in none of them shows under all alone."""

KINDS: dict[str, tuple[str, str]] = {
    "order.accepted": ("clipboard-plus", "stages"),
    "order.stage_moved": ("arrow-right", "stages"),
    "order.ready": ("circle-check", "stages"),
    "order.told": ("phone-call", "talk"),
    "order.promised": ("calendar-time", "promise"),
    "order.assigned": ("user-cog", "stages"),
    "order.changed": ("pencil", "notes"),
    "order.held": ("hourglass", "stages"),
    "order.released": ("player-play", "stages"),
    "order.line_added": ("plus", "money"),
    "order.line_changed": ("pencil", "money"),
    "order.line_removed": ("minus", "money"),
    "order.approved": ("checks", "money"),
    "order.offered_again": ("refresh", "money"),
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
}
"""Event → icon, tab."""


@dataclass(frozen=True)
class Moment:
    """One thing that happened. `key` names its sentence, `values` fill it; `text` is what somebody wrote."""

    icon: str
    key: str
    values: Mapping[str, object]
    at: datetime
    by: Staff | None
    group: str
    order_id: int
    event: Event
    text: str = ""
    is_bad: bool = False
    """A promise given after the one before was broken."""

    def __str__(self) -> str:
        return words.say(self.key, **self.values)


@dataclass(frozen=True)
class _Names:
    """Rows that events speak of, read once for all of them."""

    staff: Mapping[int, Staff]
    stages: Mapping[int, Stage]
    lines: Mapping[int, str]
    parts: Mapping[int, str]
    notes: Mapping[int, str]
    promises: Mapping[int, str]
    private: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def pulse(order: RepairOrder) -> int:
    """A number that grows whenever anything of an order changes: one look at an index."""
    return Event.objects.filter(subject_kind=SUBJECT, subject_id=order.pk).aggregate(last=Max("id"))["last"] or 0


def timeline(*orders: RepairOrder, n: int = 200) -> list[Moment]:
    """What happened to these orders, the latest first: the last `n`, in eight queries at most."""
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=[order.pk for order in orders])
    found = list(events.filter(kind__in=KINDS).order_by("-id")[:n])
    names = _names(found)
    return [_moment(event, names) for event in found]


def _names(events: list[Event]) -> _Names:
    told: dict[str, set[int]] = {}
    for event in events:
        for name, value in event.facts.items():
            if isinstance(value, int) and not isinstance(value, bool):
                told.setdefault(name, set()).add(value)
    moved = {event.facts["before"] for event in events if event.kind == "order.stage_moved"}
    people = {event.by_id for event in events if event.by_id} | told.get("technician", set())
    private: dict[int, dict[str, str]] = {}
    with_private = [event.pk for event in events if "private" in event.facts]
    if with_private:
        for fact in PrivateFact.objects.filter(event__in=with_private):
            private.setdefault(fact.event_id, {})[fact.name] = fact.value
    return _Names(
        staff=Staff.objects.in_bulk(people) if people else {},
        stages=Stage.objects.in_bulk(told.get("stage", set()) | moved),
        lines=_texts(Line, "name", told.get("line")),
        parts=_texts(AwaitedPart, "name", told.get("part")),
        notes=_texts(OrderNote, "text", told.get("note")),
        promises=_texts(Promise, "note", told.get("promise")),
        private=private,
    )


def _texts(model: Any, column: str, keys: Iterable[int] | None) -> dict[int, str]:
    return dict(model.objects.filter(pk__in=keys).values_list("pk", column)) if keys else {}


def _moment(event: Event, names: _Names) -> Moment:
    icon, group = KINDS[event.kind]
    facts = event.facts
    key, values = f"orders.event.{event.kind.partition('.')[2]}", _values(event, names)
    if event.kind == "order.assigned" and facts.get("technician") is None:
        key += "_nobody"
    if event.kind == "order.promised" and facts.get("before") is None:
        key += "_first"
    return Moment(
        icon, key, values, event.at, names.staff.get(event.by_id or 0), group, event.subject_id, event,
        text=_text(facts, names), is_bad=bool(facts.get("is_after_break")),
    )  # fmt: skip


def _values(event: Event, names: _Names) -> dict[str, object]:
    """What fills the sentence of an event; moments stay moments, pages write them."""
    facts = event.facts
    gone = names.private.get(event.pk, {})
    return {
        **{name: _read(name, value) for name, value in facts.items() if name != "private"},
        "stage": _stage(facts.get("stage"), names),
        "stage_before": _stage(facts.get("before"), names) if event.kind == "order.stage_moved" else "",
        "line": names.lines.get(facts.get("line", 0)) or gone.get("line") or "",
        "part": names.parts.get(facts.get("part", 0), ""),
        "technician": str(names.staff.get(facts.get("technician") or 0, "")),
        "n_approved": len(facts.get("approved", ())),
        "n_declined": len(facts.get("declined", ())),
    }


def _read(name: str, value: Any) -> object:
    """A fact as pages read it: moments again as moments."""
    is_moment = isinstance(value, str) and (name.endswith("_at") or name in ("until", "before"))
    return datetime.fromisoformat(value) if is_moment else value


def _stage(key: Any, names: _Names) -> str:
    stage = names.stages.get(key) if isinstance(key, int) else None
    return stage_name(stage) if stage else ""


def _text(facts: Mapping[str, Any], names: _Names) -> str:
    return names.notes.get(facts.get("note", 0)) or names.promises.get(facts.get("promise", 0)) or ""
