"""Messages for tests: notices and gateways as a new house has them, clients who agreed, a step of sending."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dovolen.desk.accounts.models import Staff
from dovolen.desk.messaging import actions, sending, standard
from dovolen.desk.messaging.models import Gateway, Message
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from tests.desk.conftest import NOON
from tests.desk.make_people import person

VALUES = {
    "order": "24817", "device": "Acer Swift 3", "stage": "Ремонт", "promised": "24 ноября, 18:00", "sum": "3 040 ₽",
    "debt": "3 040 ₽", "link": "https://dovolen.example/c/abc/", "part": "Матрица", "until": "1 декабря",
}  # fmt: skip


def house() -> None:
    """Notices and gateways of a new house; the gateways as fast as they can."""
    standard.ensure(NOON)
    Gateway.objects.update(per_second=1_000_000)


def client(
    *, by: Staff, agreed: tuple[str, ...] = ("service",), email: str = "", now: datetime = NOON, **facts: Any
) -> Customer:
    """Somebody who agreed to be told."""
    made = person(by=by, now=now, **facts)
    if email:
        people.add_email(customer=made, address=email, by=by, now=now)
    for purpose in agreed:
        people.record_consent(customer=made, purpose=purpose, is_given=True, proof="paper", by=by, now=now)
    return made


def queued(customer: Customer, *, by: Staff, notice: str = "order.ready", now: datetime = NOON, **given: Any) -> Any:
    """What the outbox has of a notice to somebody, at the centre where `by` works."""
    told: dict[str, Any] = {
        "centre": by.centre, "order_number": 24817, "values": VALUES, "by": None, "occasion": f"test {Message.objects.count()}",
    }  # fmt: skip
    return actions.queue(notice=notice, customer=customer, now=now, **{**told, **given})


def deliver(now: datetime = NOON) -> int:
    """One step of sending at a moment."""
    return sending.deliver(clock=lambda: now)
