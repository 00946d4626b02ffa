"""What follows from something that happened to an order: what its client is told, and rows for people to act on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils import translation

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import RECEPTIONIST, TECHNICIAN, WHOSE
from dovolen.desk.core import journal, words
from dovolen.desk.core.models import Event
from dovolen.desk.core.reacting import first_time
from dovolen.desk.messaging import actions as messaging
from dovolen.desk.messaging.models import EMAIL, Message, Notice
from dovolen.desk.messaging.wording import language_of
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import CLIENT, CLOSED, READY, REPAIRED, TOLD, UNFINISHED, AwaitedPart, RepairOrder
from dovolen.desk.orders.queries.today import breaking
from dovolen.desk.orders.telling import values_of
from dovolen.desk.tasks import actions as tasks
from dovolen.desk.tasks.models import CALL

LONGEST_TITLE = 200
GOES_ON_WITHIN = 120
"""Working minutes in which somebody goes on with an order whose last part came."""
CALLS_WITHIN = 30
"""Working minutes in which a client is called whom no message reached: as fast as an answer of his is met."""
LINK = re.compile(r"https?://\S+")
"""What nobody can tell by phone, and what opens the page of a client to whoever reads it."""


def go_on_with_part(event: Event, *, now: datetime) -> None:
    """The last part that an order waited for is here: its technician, or whoever repairs, gets the task to go on."""
    part = AwaitedPart.objects.select_related("order__centre", "order__technician").get(pk=event.facts["part"])
    order = part.order
    still_waits = order.awaited_parts.filter(arrived_at=None, cancelled_at=None).exists()
    if order.phase == CLOSED or still_waits or not first_time(event, "orders.go_on_with_part", str(order.pk)):
        return
    title = words.say("orders.task.part_arrived", number=order.number, part=part.name)
    tasks.add(
        centre=order.centre, title=title[:LONGEST_TITLE], due_at=Opening.of(order.centre).after(now, GOES_ON_WITHIN),
        order_number=order.number, assignee=order.technician, role="" if order.technician else TECHNICIAN, by=None,
        now=now,
    )  # fmt: skip


def call_instead(event: Event, *, now: datetime) -> None:
    """A message reached a client by no channel, and its notice ends in a call: somebody at the desk tells him."""
    message = Message.objects.select_related("customer", "centre").get(pk=event.facts["message"])
    order = RepairOrder.objects.filter(number=message.order_number or 0).select_related("accepted_by").first()
    is_over = order is not None and order.phase == CLOSED
    if is_over or not event.facts["calls"] or not first_time(event, "orders.call_instead", str(message.pk)):
        return
    assignee, role = _who_calls(message.centre, order)
    why = words.current().name("messaging.reason", message.reason) or words.current().name("delivery", message.state)
    text = LINK.sub(words.say("contacts.task.link"), message.text)
    tasks.add(
        centre=message.centre, kind=CALL, title=words.say("contacts.task.call"), customer=message.customer,
        note=words.say("contacts.task.note", reason=why, text=text), order_number=message.order_number,
        due_at=Opening.of(message.centre).after(now, CALLS_WITHIN), assignee=assignee, role=role, by=None, now=now,
    )  # fmt: skip


def _who_calls(centre: Centre, order: RepairOrder | None) -> tuple[Staff | None, str]:
    """Whoever is at the desk; where nobody holds that role, who took the order in; else nobody in particular."""
    here = Membership.objects.filter(centre=centre, staff__is_active=True)
    if here.filter(role=RECEPTIONIST).exists():
        return None, RECEPTIONIST
    advisor = order.accepted_by if order is not None else None
    if advisor is not None and here.filter(staff=advisor, role__in=WHOSE["see customers"]).exists():
        return advisor, ""
    return None, ""


# ── What the client is told ──────────────────────────────────────────────────────────────────────────────────────────

ACCEPTED, ESTIMATE_WAITS, PART_ARRIVED = "order.accepted", "order.estimate_waits", "order.part_arrived"
PROMISE_MOVED, PROMISE_BREAKS = "order.promise_moved", "order.promise_breaks"
READY_NOW, NOT_PICKED_UP, PICKED_UP = "order.ready", "order.not_picked_up", "order.picked_up"
TOLD_ALOUD = ("in_person", "call")
"""Who heard the new date from somebody needs no message of it."""
NEWS = timedelta(hours=24)
"""What happened longer ago, while nobody worked or before the house moved in here, is no news any more."""


def tell_accepted(event: Event, *, now: datetime) -> None:
    """It was taken in: until when, and where he may follow it."""
    order = _order_of(event)
    if order.phase != CLOSED:
        _tell(ACCEPTED, order, event, now=now)


def tell_estimate_waits(event: Event, *, now: datetime) -> None:
    """The order came to where his word is waited for, or a line was proposed there: once until he answers."""
    order = _order_of(event)
    if order.phase != CLIENT or not order.n_waiting_lines:
        return
    latest = order.approvals.order_by("-pk").values_list("pk", flat=True).first()
    occasion = f"order:{order.pk} since {_plain(order.stage_entered_at)} after {latest}"
    _tell(ESTIMATE_WAITS, order, event, occasion, now=now)


def tell_promise_moved(event: Event, *, now: datetime) -> None:
    """Another date than before; of two that follow one another only the latter is told."""
    order, facts = _order_of(event), event.facts
    is_latest = order.promised_at is not None and facts["promised_at"] == _plain(order.promised_at)
    if facts["before"] is None or facts["told_how"] in TOLD_ALOUD or not is_latest or order.phase not in UNFINISHED:
        return
    _withdraw(order, (PROMISE_MOVED, PROMISE_BREAKS), now)
    _tell(PROMISE_MOVED, order, event, now=now)


def tell_part_arrived(event: Event, *, now: datetime) -> None:
    """The last part that it waited for is here."""
    part = AwaitedPart.objects.get(pk=event.facts["part"])
    order = _order_of(event)
    if order.phase in UNFINISHED and not order.awaited_parts.filter(arrived_at=None, cancelled_at=None).exists():
        _tell(PART_ARRIVED, order, event, now=now, part=part.name)


def tell_ready(event: Event, *, now: datetime) -> None:
    """It is ready, and nobody has told him yet."""
    order = _order_of(event)
    if order.phase == READY and order.notified_at is None:
        _tell(READY_NOW, order, event, now=now)


def tell_picked_up(event: Event, *, now: datetime) -> None:
    """It was handed over repaired: thanks, and how long the warranty holds."""
    if event.facts["outcome"] == REPAIRED:
        _tell(PICKED_UP, _order_of(event), event, now=now)


def withdraw_stale(event: Event, *, now: datetime) -> None:
    """What waits to be said of an order and is not so any more is not said."""
    order = _order_of(event)
    stale = {ESTIMATE_WAITS} if not order.n_waiting_lines else set()
    if order.phase not in UNFINISHED:
        stale |= {ACCEPTED, PROMISE_MOVED, PROMISE_BREAKS, PART_ARRIVED}
    if order.phase not in (READY, TOLD):
        stale |= {READY_NOW, *_series()}
    _withdraw(order, stale, now)


def note_told(event: Event, *, now: datetime) -> None:
    """A message that it is ready has gone: he is told."""
    message = Message.objects.get(pk=event.subject_id)
    if message.notice != READY_NOW or message.order_number is None:
        return
    order = RepairOrder.objects.select_related("stage", "centre").get(number=message.order_number)
    if order.phase in (READY, TOLD):
        actions.tell_by_message(order=order, how="email" if message.channel == EMAIL else "message", now=now)


# ── By the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def remind_to_pick_up(*, since: datetime, until: datetime, now: datetime, **_: object) -> None:
    """Ready, told, and not fetched for so many hours: the series, each part once, after a pause the latest alone."""
    due: dict[int, tuple[int, str]] = {}
    for code, hours in Notice.objects.filter(code__in=_series(), is_on=True).values_list("code", "after_hours"):
        after = timedelta(hours=hours or 0)
        waiting = RepairOrder.objects.filter(phase__in=(READY, TOLD)).open()
        waiting = waiting.annotate(told_at=Coalesce("notified_at", "ready_at"))
        begun = Q(told_at__gt=since - after, told_at__lte=until - after)
        for key in waiting.filter(begun).order_by("pk").values_list("pk", flat=True):
            due[key] = max(due.get(key, (0, "")), (hours or 0, code))
    for key, (_hours, code) in sorted(due.items()):
        order = _order(key)
        _tell(code, order, None, f"order:{key} ready {_plain(order.ready_at)}", now=now)


def warn_of_breaking(*, centre_id: int, now: datetime, **_: object) -> None:
    """Promises that will break: their clients hear of it before the time is over, once a promise."""
    for key in breaking(Centre.objects.get(pk=centre_id), now):
        order = _order(key)
        occasion = f"order:{key} promised {_plain(order.promised_at)}"
        _tell(PROMISE_BREAKS, order, None, occasion, now=now, expires_at=order.promised_at)


# ── How ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _order(key: int) -> RepairOrder:
    return RepairOrder.objects.select_related("stage", "centre", "customer", "asset", "category").get(pk=key)


def _order_of(event: Event) -> RepairOrder:
    return _order(event.subject_id)


def _plain(moment: datetime | None) -> object:
    """A moment as events keep it."""
    return journal.plain(moment)


def _series() -> list[str]:
    """Codes of the series of those who do not come."""
    return list(Notice.objects.filter(code__startswith=f"{NOT_PICKED_UP}.").values_list("code", flat=True))


def _tell(
    notice: str, order: RepairOrder, event: Event | None, occasion: str = "", *, now: datetime,
    expires_at: datetime | None = None, **more: str,
) -> None:  # fmt: skip
    """Queue a notice of an order, in the language of its client, once an occasion: that named, else the event."""
    if event is not None and now - event.at > NEWS:
        return
    with translation.override(language_of(order.customer)):
        values = values_of(order, now) | more
    messaging.queue(
        notice=notice, customer=order.customer, centre=order.centre, order_number=order.number, values=values,
        occasion=occasion or event or "", by=None, now=now, expires_at=expires_at,
    )  # fmt: skip


def _withdraw(order: RepairOrder, notices: Iterable[str], now: datetime) -> None:
    messaging.withdraw(order_number=order.number, notices=notices, now=now)
