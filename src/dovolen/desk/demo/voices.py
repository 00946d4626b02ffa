"""What clients of the demo say of it: complaints at every point of their way, answers; all by real actions."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.demo.house import House
from dovolen.desk.demo.told import told
from dovolen.desk.feedback import actions
from dovolen.desk.orders.models import CLOSED, REPAIRED, RepairOrder

EVERY, ANSWERED = 4, 16
"""Of the orders handed over lately one in so many brought an answer, until there are so many answers."""
UNTIL_REPLY = 150
"""Working minutes from a complaint to the word on it."""


def speak(house: House, centre: Centre, *, now: datetime) -> None:
    """Complaints and answers about orders that were handed over here, the latest first."""
    done = RepairOrder.objects.filter(centre=centre, phase=CLOSED, outcome=REPAIRED, picked_up_at__lt=now)
    lately = list(done.select_related("customer", "centre").order_by("-picked_up_at", "-pk")[: EVERY * ANSWERED])
    for place, order in enumerate(lately[1::EVERY]):
        _answer(house, order, place, now)
    for order, said in zip(lately[::3], told()["cases"], strict=False):
        _complain(house, order, said, now)


def _answer(house: House, order: RepairOrder, place: int, now: datetime) -> None:
    """Asked by phone some days after the device was fetched."""
    said = told()["answers"]
    one = said[place % len(said)]
    fetched = order.picked_up_at or now
    at = min(Opening.of(order.centre).after(fetched + timedelta(days=3)), now)
    actions.receive_answer(
        customer=order.customer, centre=order.centre, order=order, kind=one["kind"], score=one["score"],
        text=one["text"], told_how=one["how"], at=at, by=house.receptionist(order.centre), now=at,
    )  # fmt: skip


def _complain(house: House, order: RepairOrder, said: dict[str, Any], now: datetime) -> None:
    """So many hours ago, in working time; answered and settled as far as it is told."""
    opening, by = Opening.of(order.centre), house.manager(order.centre)
    at = min(opening.after(now - timedelta(hours=said["hours_ago"])), now)
    case = actions.open_case(
        customer=order.customer, centre=order.centre, order=order, text=said["text"], category=said["category"],
        claim=said["claim"], channel=said["channel"], at=at, by=house.receptionist(order.centre), now=at,
    )  # fmt: skip
    answered = opening.after(at, UNTIL_REPLY)
    if "reply" in said and answered < now:
        actions.reply_to_case(case=case, channel="call", text=said["reply"], by=by, now=answered)
    settled = opening.after(answered + timedelta(days=2))
    if "resolution" in said and settled < now:
        ended = {"outcome": said["outcome"], "resolution": said["resolution"]}
        actions.resolve_case(case=case, seen=case.version, by=by, now=settled, **ended)
