"""What the client sees on the page of his order: in plain words, nothing of others, nothing that is for staff alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Max, OuterRef, Subquery
from django.db.models.fields.json import KT
from django.db.models.functions import Cast
from django.utils import timezone

from dovolen.desk.core import words
from dovolen.desk.core.models import Event
from dovolen.desk.core.templatetags.words import lasting, short_day, when_told
from dovolen.desk.money import queries as money
from dovolen.desk.money.models import Account, Payment
from dovolen.desk.orders import queries as orders
from dovolen.desk.orders.models import (
    APPROVED,
    CLIENT,
    CLOSED,
    DECLINED,
    PART,
    PROPOSED,
    READY,
    REPAIRED,
    TOLD,
    UNFINISHED,
    Approval,
    AwaitedPart,
    ClientLink,
    Line,
    OrderNote,
    Photo,
    RepairOrder,
    Stage,
)  # fmt: skip
from dovolen.desk.orders.queries.money import asked_for
from dovolen.desk.orders.queries.timeline import SUBJECT
from dovolen.desk.people.phones import normal

TOLD_TO_CLIENTS = (
    "order.accepted", "order.promised", "order.approved", "order.part_arrived", "order.ready", "order.asked",
    "order.picked_up", "order.cancelled",
)  # fmt: skip
MOST_MOMENTS = 100
FRESH_SECONDS = 300
"""However quiet an order is, its days are told anew so often."""
DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True)
class Step:
    """A step on the way, as a client counts them."""

    text: str
    state: str
    detail: str = ""


@dataclass(frozen=True)
class Moment:
    """Something that happened, told to the client."""

    at: datetime
    fact: str
    text: str = ""
    """His own words, where he asked something."""


@dataclass(frozen=True)
class Bill:
    """What the order costs, what was paid, what is left; minor units."""

    total: int
    paid: int
    rows: list[Payment]

    @property
    def left(self) -> int:
        """Still to be paid."""
        return max(0, self.total - self.paid)

    @property
    def over(self) -> int:
        """Paid beyond what is agreed."""
        return max(0, self.paid - self.total)


@dataclass(frozen=True)
class Warranted:
    """A line and until when it is under warranty."""

    line: Line
    days_left: int


@dataclass(frozen=True)
class Portal:
    """One order as its client sees it."""

    order: RepairOrder
    now: datetime
    headline: str
    steps: list[Step]
    waiting: list[Line]
    """Lines that ask for his word."""
    agreed: list[Line]
    declined: list[Line]
    mark: str
    """Of the estimate as it stands here: what is signed is what was seen."""
    signed: Approval | None
    """What he last signed by a link."""
    bill: Bill
    photos: list[Photo]
    papers: list[Any]
    warranties: list[Warranted]
    moments: list[Moment]
    reason: str
    """Why the promise moved, in words for him."""

    @property
    def is_open(self) -> bool:
        """Whether the device is still with the centre."""
        return self.order.phase != CLOSED

    @property
    def is_unfinished(self) -> bool:
        """Whether it is still worked on."""
        return self.order.phase in UNFINISHED

    @property
    def is_moved(self) -> bool:
        """Whether he was promised an earlier date at first."""
        order = self.order
        return bool(order.promised_at and order.first_promised_at and order.promised_at > order.first_promised_at)

    @property
    def is_late(self) -> bool:
        """Whether the date that he has was not kept."""
        return bool(self.is_unfinished and self.order.promised_at and self.order.promised_at < self.now)

    @property
    def tel(self) -> str:
        """The centre's number as a phone dials it; of several the first, none where nobody can read one."""
        return normal(re.split("[,;]", self.order.centre.phone)[0]) or ""

    @property
    def agreed_sum(self) -> int:
        """What he agreed to."""
        return sum(line.amount for line in self.agreed)


def portal_of(link: ClientLink, papers: list[Any], now: datetime) -> Portal:
    """The page behind a key taken from `orders.queries.link_in_force`; as many queries whatever the order holds."""
    order = link.order
    lines = list(order.lines.select_related("approval").order_by("position", "pk"))
    parts = [part for part in order.awaited_parts.order_by("expected_at", "pk") if part.cancelled_at is None]
    by_state = {state: [line for line in lines if line.state == state] for state in (PROPOSED, APPROVED, DECLINED)}
    waiting = by_state[PROPOSED] if order.phase != CLOSED else []
    events = _events(order)
    return Portal(
        order=order,
        now=now,
        headline=_headline(order, waiting, parts, has_answered=bool(by_state[APPROVED]), now=now),
        steps=_steps(order, waiting, parts),
        waiting=waiting,
        agreed=by_state[APPROVED],
        declined=by_state[DECLINED],
        mark=orders.estimate_mark(order, lines),
        signed=_signed(lines),
        bill=_bill(order),
        photos=list(order.photos.filter(is_for_client=True).order_by("at", "pk")),
        papers=papers,
        warranties=_warranties(by_state[APPROVED], order.centre.local(now).date()),
        moments=_moments(order, events, parts),
        reason=_reason(order, events),
    )


def fingerprint(link: ClientLink, now: datetime) -> str:
    """Changes whenever the page would: by what happened to the order, by money, by papers, and by the clock."""
    found = (
        RepairOrder.objects.filter(pk=link.order_id)
        .annotate(
            latest=Subquery(
                Event.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk")).order_by("-id").values("id")[:1]
            ),
            paid=Subquery(Account.objects.filter(order_number=OuterRef("number")).values("paid")[:1]),
            due=Subquery(Account.objects.filter(order_number=OuterRef("number")).values("due")[:1]),
            paper=Max("documents__pk"),
        )
        .values_list("latest", "paid", "due", "paper")
    )
    told = [str(part or 0) for part in found.get()]
    return "-".join([*told, str(int(now.timestamp()) // FRESH_SECONDS)])


# ── What is said first ───────────────────────────────────────────────────────────────────────────────────────────────


def _headline(
    order: RepairOrder, waiting: Sequence[Line], parts: Iterable[AwaitedPart], *, has_answered: bool, now: datetime
) -> str:
    """The state of the order in one plain sentence."""
    say = words.say
    if order.phase == CLOSED:
        return say(f"portal.closed.{order.outcome}")
    if order.phase in (READY, TOLD):
        return say("portal.headline.ready")
    if order.phase == CLIENT:
        return say(f"portal.headline.{'asked' if waiting else 'answered' if has_answered else 'client'}")
    if order.phase == PART:
        due = max((part.expected_at for part in parts if part.arrived_at is None and part.expected_at), default=None)
        if due and due > now:
            return say("portal.headline.part_due", at=_day(due))
        return say("portal.headline.part")
    known = f"portal.headline.{order.stage.code}"
    return say(known) if known in words.current() else say("portal.headline.work", stage=orders.stage_name(order.stage))


def _day(moment: datetime) -> str:
    """«сегодня», «завтра», else the day."""
    days = (timezone.localtime(moment).date() - timezone.localdate()).days
    return words.say(f"portal.day.{days}") if days in (0, 1) else short_day(moment)


def _reason(order: RepairOrder, events: Iterable[Any]) -> str:
    """Why the latest promise is another than the first."""
    if order.promised_at == order.first_promised_at:
        return ""
    latest = next((event for event in events if event.kind == "order.promised"), None)
    key = f"portal.reason.{latest.facts['reason'] if latest else ''}"
    return words.say(key) if key in words.current() else ""


# ── The way ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _steps(order: RepairOrder, waiting: Sequence[Line], parts: Sequence[AwaitedPart]) -> list[Step]:
    """Stages where it was, is, and will be; ready and told are one for him, needless waits are left out."""
    entries = list(order.stage_entries.select_related("stage").order_by("entered_at", "pk"))
    visited = {entry.stage_id: entry.entered_at for entry in entries}
    shown = {stage.pk: stage for stage in orders.stages()} | {entry.stage_id: entry.stage for entry in entries}
    ahead = {CLIENT: bool(waiting), PART: any(part.arrived_at is None for part in parts), TOLD: False}
    steps = []
    for stage in sorted(shown.values(), key=lambda one: (one.position, one.pk)):
        if stage.phase == TOLD:
            continue
        is_now = stage.pk == order.stage_id or (stage.phase == READY and order.phase == TOLD)
        is_ahead = not is_now and stage.position > order.stage.position
        if is_now or (stage.pk in visited and not is_ahead):
            steps.append(_been(order, stage, visited.get(stage.pk), parts, is_now=is_now and order.phase != CLOSED))
        elif is_ahead and ahead.get(stage.phase, True) and order.phase != CLOSED:
            steps.append(_to_come(order, stage))
    return steps


def _been(
    order: RepairOrder, stage: Stage, since: datetime | None, parts: Iterable[AwaitedPart], *, is_now: bool
) -> Step:
    if is_now and stage.phase == PART:
        due = max((part.expected_at for part in parts if part.arrived_at is None and part.expected_at), default=None)
        if due:
            return Step(_step_name(stage), NOW, words.say("portal.step.due", at=when_told(due)))
    moment = order.ready_at if stage.phase == READY else since
    return Step(_step_name(stage), NOW if is_now else DONE, when_told(moment))


def _to_come(order: RepairOrder, stage: Stage) -> Step:
    takes = order.norm_minutes if stage.code == "repair" else 0
    return Step(_step_name(stage), AHEAD, words.say("portal.step.about", time=lasting(takes)) if takes else "")


def _step_name(stage: Stage) -> str:
    return stage.name or words.current().name("portal.step", stage.code)


# ── Money, warranty, what was signed ─────────────────────────────────────────────────────────────────────────────────


def _bill(order: RepairOrder) -> Bill:
    """Before hand-over the estimate says what is to be paid, after it the account."""
    sums = money.sums(order.number)
    total = sums.due if order.phase == CLOSED else asked_for(order)
    return Bill(total, sums.paid, list(Payment.objects.filter(account__order_number=order.number).order_by("at", "pk")))


def _warranties(agreed: Iterable[Line], today: date) -> list[Warranted]:
    return [Warranted(line, (line.warranty_until - today).days) for line in agreed if line.warranty_until]


def _signed(lines: Iterable[Line]) -> Approval | None:
    """The latest word on these lines that came by a link."""
    found = [line.approval for line in lines if line.approval and line.approval.link_id]
    return max(found, key=lambda one: (one.at, one.pk), default=None)


# ── What happened ────────────────────────────────────────────────────────────────────────────────────────────────────


def _events(order: RepairOrder) -> list[Any]:
    """What happened that is his to know, the latest first."""
    events = Event.objects.filter(subject_kind=SUBJECT, subject_id=order.pk, kind__in=TOLD_TO_CLIENTS).annotate(
        note_key=Cast(KT("facts__note"), BigIntegerField()),
        note_text=Subquery(OrderNote.objects.filter(pk=OuterRef("note_key")).values("text")[:1]),
    )
    return list(events.order_by("-id")[:MOST_MOMENTS])


def _moments(order: RepairOrder, events: Iterable[Any], parts: Iterable[AwaitedPart]) -> list[Moment]:
    names = {part.pk: part.name for part in parts}
    told = [_moment(event, order, names) for event in events]
    return [one for one in told if one is not None]


def _moment(event: Any, order: RepairOrder, parts: dict[int, str]) -> Moment | None:
    facts, kind = event.facts, event.kind.partition(".")[2]
    if event.kind == "order.promised" and facts["before"] is None:
        return None
    if event.kind == "order.approved" and not facts["approved"]:
        kind = "declined"
    if event.kind == "order.picked_up" and facts["outcome"] != REPAIRED:
        kind = "given_back"
    values: dict[str, object] = {"part": parts.get(facts.get("part") or 0, "")}
    if "amount" in facts:
        values["amount"] = words.money(facts["amount"], order.currency)
    values |= {
        name: when_told(datetime.fromisoformat(facts[name])) for name in ("before", "promised_at") if facts.get(name)
    }
    return Moment(event.at, words.say(f"portal.event.{kind}", **values), event.note_text or "")


__all__ = ["Portal", "fingerprint", "portal_of"]
