"""What gateways say later: what became of messages, and what clients answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from dovolen.desk.core import journal
from dovolen.desk.messaging.gateways.clean import LONGEST_DETAIL, LONGEST_REF, lines, one_line
from dovolen.desk.messaging.models import (
    DELIVERED,
    EMAIL,
    FAILED,
    READ,
    SENDING,
    SENT,
    UNCLEAR,
    Gateway,
    Incoming,
    Message,
)
from dovolen.desk.messaging.outbox import tell, try_next
from dovolen.desk.people import phones
from dovolen.desk.people.models import Customer

NOT_DELIVERED = "not_delivered"
LONGEST_ANSWER = 4000
BEFORE = {
    SENT: (SENDING, UNCLEAR),
    DELIVERED: (SENDING, UNCLEAR, SENT, FAILED),
    READ: (SENDING, UNCLEAR, SENT, FAILED, DELIVERED),
    FAILED: (SENDING, UNCLEAR, SENT),
}
"""Which states a report may move on: it never takes back what a later one has told."""


@transaction.atomic
def hear_report(*, gateway: Gateway, ref: str = "", key: str = "", state: str, detail: str, now: datetime) -> bool:
    """A gateway says what became of a message; False: it knows the message, we do not.

    What it says again, or too late, changes nothing. A message that did not arrive is tried by its next channel.
    Leaves: `message.delivered` or `message.failed` (of messages of orders), and what `try_next` leaves.
    """
    message = _meant(gateway, ref, key)
    if message is None:
        return False
    if message.state in BEFORE.get(state, ()):
        _move(message, state, ref, detail, now)
    return True


def _meant(gateway: Gateway, ref: str, key: str) -> Message | None:
    """The message by our key, else by the gateway's reference; locked."""
    rows = Message.objects.select_for_update(of=("self",)).select_related("customer", "centre").filter(gateway=gateway)
    if own := _uuid(key):
        return rows.filter(key=own).first()
    told = one_line(ref, LONGEST_REF)
    return rows.filter(gateway_ref=told).order_by("-pk").first() if told else None


def _move(message: Message, state: str, ref: str, detail: str, now: datetime) -> None:
    was_failed = message.state == FAILED
    message.state, message.state_at, message.detail = state, now, one_line(detail, LONGEST_DETAIL)
    message.reason = NOT_DELIVERED if state == FAILED else ""
    message.gateway_ref = message.gateway_ref or one_line(ref, LONGEST_REF)
    if state != FAILED:
        message.sent_at = message.sent_at or now
    if state in (DELIVERED, READ):
        message.delivered_at = message.delivered_at or now
    message.save(
        update_fields=["state", "state_at", "reason", "detail", "gateway_ref", "sent_at", "delivered_at"]
    )  # fmt: skip
    if message.order_number or state == FAILED:
        tell(message, f"message.{state}", now=now)
    if state == FAILED and not was_failed:
        try_next(message, now=now)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@transaction.atomic
def hear_answer(
    *, gateway: Gateway, ref: str, address: str, text: str, at: datetime | None = None, now: datetime
) -> Incoming:
    """Keep what a client wrote, once a reference, with whom and of which order it most likely is.

    He is known by his number or mailbox: of several who share it, whom we wrote to last. Leaves: `incoming.came`.
    """
    told = _address(gateway.channel, address)
    known: dict[str, Any] = {
        "channel": gateway.channel, "address": told, "text": lines(text)[:LONGEST_ANSWER],
        "at": min(at, now) if at else now, **_from_whom(gateway.channel, told),
    }  # fmt: skip
    incoming, is_new = Incoming.objects.get_or_create(
        gateway=gateway, gateway_ref=one_line(ref, LONGEST_REF), defaults=known
    )
    if is_new:
        journal.record(
            "incoming.came", subject=incoming, by=None, at=now, centre=incoming.centre, channel=incoming.channel,
            customer=incoming.customer_id, order_number=incoming.order_number,
        )  # fmt: skip
    return incoming


def _address(channel: str, text: str) -> str:
    """As our own tables write it, so that it can be found; else as it came."""
    told = one_line(text, 254)
    if channel == EMAIL:
        return told.lower()
    return phones.normal(f"+{told.removeprefix('+')}") or phones.normal(told) or told


def _from_whom(channel: str, address: str) -> dict[str, Any]:
    """Client, order and centre: by the last message to him there, else by whoever has the address in his card."""
    owned = {"emails__address": address} if channel == EMAIL else {"phones__number": address}
    owners = Customer.objects.filter(merged_into=None, **owned)
    last = (
        Message.objects.filter(customer__in=owners.values("pk"), channel=channel, address=address)
        .exclude(sent_at=None)
        .select_related("centre", "customer")
        .order_by("-pk")
        .first()
    )
    if last:
        return {"customer": last.customer, "order_number": last.order_number, "centre": last.centre}
    customer = owners.order_by(F("latest_order_at").desc(nulls_last=True), "pk").first()
    place = customer.places.select_related("centre").order_by("-since", "-pk").first() if customer else None
    return {"customer": customer, "centre": place.centre if place else None}
