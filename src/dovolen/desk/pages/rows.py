"""Orders of the first screen as its rows say them: a clock, a reason, an action with its address."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.analysis.at_work import Known
from dovolen.desk.core import words
from dovolen.desk.core.templatetags.words import lasting, short_day, weekday, when, when_due
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.orders.queries import stage_name
from dovolen.desk.orders.queries.promises import BROKEN
from dovolen.desk.orders.queries.today import APPROVAL, FREE, HELD, RISK, UNCLAIMED, UNTOLD, Row

LONG_UNTOLD = 120
"""Working minutes after which it is late to tell that something is ready."""
DAYS_UNCLAIMED = ((14, "bad"), (7, "warn"))
LONG_APPROVAL = 4 * 60
PAGES = {
    "tell": "order_told", "call": "order", "sorry": "order_promise", "move_to": "order_promise",
    "ask": "order_approval", "assign": "order_technician", "take": "order_technician", "move": "order_promise",
    "open": "order",
}  # fmt: skip

WITH_SUM = ("untold", "unclaimed", "approval")
"""Reasons that tell what there is to pay; shorter where it is nothing."""


@dataclass(frozen=True)
class Clock:
    """The first cell of a row."""

    text: str
    picture: str
    tone: str = ""


@dataclass(frozen=True)
class Told:
    """A row as it is drawn."""

    order: RepairOrder
    clock: Clock
    detail: str
    act: str
    url: str
    phone: str
    known: Known | None
    """What the latest snapshot says of the client, where he is seen and it knows him."""


def told(kind: str, row: Row, now: datetime, *, with_centre: bool) -> Told:
    """A row of a panel in words."""
    parts = [row.order.centre.name] if with_centre else []
    parts += _reasons(kind, row)
    act = words.say(f"today.act.{row.act}", at=shortly(row.ready_at, now) if row.ready_at else "")
    url = reverse(PAGES[row.act], args=[row.order.number])
    if row.act == "call" and row.phone:
        url = f"tel:{row.phone}"
    detail = " · ".join(filter(None, parts))
    return Told(row.order, _clock(kind, row, now), detail, act, url, row.phone, _known(row.order))


BESIDE = ("studied_on", "study_meta", "known", "pressing_risk")


def _known(order: Any) -> Known | None:
    """What came along with the order of its client."""
    if not getattr(order, "known", None):
        return None
    for name in BESIDE:
        setattr(order.customer, name, getattr(order, name))
    return Known(order.customer)


def _clock(kind: str, row: Row, now: datetime) -> Clock:
    since = row.since or now
    minutes = Opening.of(row.order.centre).minutes_between(since, now)
    if kind == UNCLAIMED:
        days = max(1, (now - since) // timedelta(days=1))
        tone = next((tone for least, tone in DAYS_UNCLAIMED if days >= least), "")
        return Clock(words.current().count("lasting.days", days), "calendar-event", tone)
    if kind == UNTOLD:
        return Clock(lasting(minutes), "hourglass", "warn" if minutes > LONG_UNTOLD else "")
    if kind in (APPROVAL, HELD):
        return Clock(lasting(minutes), "hourglass", "warn" if minutes > LONG_APPROVAL else "")
    if row.state is None:
        return Clock(words.say("today.no_promise"), "clock")
    return Clock(row.state.text, row.state.picture, row.state.tone)


def _reasons(kind: str, row: Row) -> list[str]:
    order = row.order
    reasons = []
    if kind == RISK and row.state is not None and row.state.code == BROKEN:
        reasons.append(words.say("today.why.broken", at=when(order.promised_at)))
    is_short = (row.why in WITH_SUM and not order.total) or (row.why == FREE and not order.norm_minutes)
    reasons.append(words.say(f"today.why.{row.why}{'_short' if is_short else ''}", **_values(row)))
    if order.rework_of is not None:
        reasons.append(words.say("today.why.rework", number=order.rework_of.number))
    if kind not in (UNTOLD, UNCLAIMED) and row.is_moved:
        reasons.append(words.say("today.why.moved"))
    return reasons


def _values(row: Row) -> dict[str, Any]:
    order, speaker = row.order, words.current()
    return {
        "since": when(order.stage_entered_at),
        "until": when_due(order.held_until),
        "at": when_due(row.waits_until),
        "ready_at": when(order.ready_at),
        "told_at": short_day(order.notified_at) if order.notified_at else "",
        "how": speaker.name("orders.told_how", order.notified_how),
        "sum": words.money(order.total, order.currency),
        "norm": lasting(order.norm_minutes),
        "stage": stage_name(order.stage),
        "who": order.technician.name.split()[0] if order.technician else "",
        "reason": speaker.name("orders.hold_reason", order.hold_reason),
    }


def shortly(moment: datetime, now: datetime) -> str:
    """A moment to come: «14:20» today, «чт, 12:00» within a week, else with its day."""
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate(now)).days
    if not 0 < days < 7:
        return when_due(moment)
    return f"{weekday(moment)}, {local:%H:%M}"


def wide(staff: Staff) -> bool:
    """Whether rows have to say their centre: he sees orders of several."""
    return len(staff.centre_ids("see orders")) > 1
