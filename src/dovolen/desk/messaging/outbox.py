"""The outbox: what is known of clients, what the gate says of them, the rows that wait to be sent.

A row is written for every channel that was tried: one that may go waits, one that may not is kept with its reason, and
the next channel is tried. After the last one the journal has `message.undeliverable`, and somebody calls.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from phonenumbers import PhoneNumberType

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.claims import AT_ONCE, FARTHEST
from dovolen.desk.messaging import sms, zones
from dovolen.desk.messaging.models import (
    CALL,
    DELIVERED,
    EMAIL,
    FAILED,
    QUEUED,
    READ,
    REFUSED,
    SENDING,
    SENT,
    SMS,
    UNCLEAR,
    Gateway,
    Incoming,
    Message,
)
from dovolen.desk.people.models import Consent, Customer, Phone
from dovolen.desk.people.models import Email as EmailAddress
from dovolen.desk.people.phones import RUSSIAN_MOBILE
from dovolen.insight.gate import Allowed, History, Policy, Refused, Word, decide

POLICY = Policy()
NO_GATEWAY = "no_gateway"
"""No way out of this channel is switched on."""
WENT_OUT = (SENT, DELIVERED, READ, UNCLEAR, SENDING)
FAILURES_IN = timedelta(days=30)
MOST_FAILURES = 3
"""So many in a row at one address, without one delivered between, and its operator takes nothing more from us."""
LONGEST_WAIT = FARTHEST - timedelta(minutes=1)
"""A row that waits for an hour that may come is looked at again after this at the latest."""
AT_THE_DESK = ("order.accepted", "order.picked_up")
"""Notices of what he does himself, here and now."""
AWAKE_FOR = timedelta(minutes=30)
"""Who did something or wrote is not woken by what is said of it within this time, whatever the hour."""
TELEPHONES = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


@dataclass
class Client:
    """What is known of a client, as far as messages ask."""

    name: str = ""
    kind: str = ""
    is_blocked: bool = False
    numbers: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    consents: list[Word] = field(default_factory=list)
    sent: list[tuple[datetime, str]] = field(default_factory=list)
    is_awake: bool = False
    """He wrote to us a moment ago."""
    fates: dict[str, list[str]] = field(default_factory=dict)
    """Address → what became of the messages there, the earliest first."""

    def address(self, channel: str) -> str:
        """Where he gets messages of a channel; empty where nowhere."""
        return next(iter(self.addresses(channel)), "")

    def addresses(self, channel: str) -> list[str]:
        """All of them, the main one first; an SMS goes to mobile telephones alone."""
        return self.emails if channel == EMAIL else [number for number in self.numbers if is_mobile(number)]

    def history(self, message: Message, now: datetime) -> History:
        """What the gate is told of him; an address that is his no more is none."""
        address = message.address if message.address in self.addresses(message.channel) else ""
        is_here = message.notice in AT_THE_DESK and now - message.queued_at < AWAKE_FOR
        return History(
            channel=message.channel,
            address=address,
            consents=self.consents,
            sent=self.sent,
            zones=zones.of(self.numbers, message.centre.zone),
            is_awake=is_here or self.is_awake,
            is_blocked=self.is_blocked,
            refused_by_operator=_is_refused(self.fates.get(address, [])),
        )


def _is_refused(fates: Sequence[str]) -> bool:
    return len(fates) >= MOST_FAILURES and set(fates[-MOST_FAILURES:]) == {FAILED}


def is_mobile(number: str) -> bool:
    """Whether a number takes SMS."""
    return bool(RUSSIAN_MOBILE.fullmatch(number)) or phonenumbers.number_type(phonenumbers.parse(number)) in TELEPHONES


def look_up(
    customers: Collection[int], *, now: datetime, waiting: bool, but: Collection[int] = ()
) -> dict[int, Client]:
    """What is known of clients: by six questions, however many they are.

    `waiting` counts what waits in the outbox as if it had gone: so a cap holds among messages queued at once. Messages
    of `but` are not counted.
    """
    found = {
        key: Client(name, kind, is_blocked=blocked_at is not None)
        for key, name, kind, blocked_at in Customer.objects.filter(pk__in=customers).values_list(
            "pk", "name", "kind", "blocked_at"
        )
    }
    for customer, number in _of(Phone.objects.order_by("-is_main", "pk"), customers, "number"):
        found[customer].numbers.append(number)
    for customer, address in _of(EmailAddress.objects.order_by("-is_main", "pk"), customers, "address"):
        found[customer].emails.append(address)
    for customer, *word in _of(Consent.objects.order_by("pk"), customers, "purpose", "channel", "is_given"):
        found[customer].consents.append(Word(*word))
    for (customer,) in _of(Incoming.objects.filter(at__gt=now - AWAKE_FOR), customers):
        found[customer].is_awake = True
    told = (*WENT_OUT, FAILED, *((QUEUED,) if waiting else ()))
    since = now - max(POLICY.longest, FAILURES_IN)
    earlier = Message.objects.filter(state_at__gt=since, state__in=told).exclude(pk__in=but).order_by("pk")
    for customer, *row in _of(earlier, customers, "address", "state", "purpose", "sent_at", "queued_at"):
        _note(found[customer], *row)
    return found


def _of(rows: Any, customers: Collection[int], *columns: str) -> Iterable[tuple[Any, ...]]:
    return rows.filter(customer__in=customers).values_list("customer_id", *columns)  # type: ignore[no-any-return]


def _note(
    client: Client, address: str, state: str, purpose: str, sent_at: datetime | None, queued_at: datetime
) -> None:
    if state in (FAILED, DELIVERED, READ):
        client.fates.setdefault(address, []).append(state)
    if state != FAILED:
        client.sent.append((sent_at or queued_at, purpose))


def ways_out() -> dict[str, Gateway]:
    """The gateway of each channel: the first that is switched on."""
    found: dict[str, Gateway] = {}
    for gateway in Gateway.objects.filter(is_on=True):
        found.setdefault(gateway.channel, gateway)
    return found


# ── Placing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Said:
    """What is said by one channel; by a call nothing is written."""

    channel: str
    text: str = ""
    subject: str = ""

    def kept(self) -> dict[str, str]:
        """As the row of the channel before keeps it."""
        return {"channel": self.channel, "text": self.text, "subject": self.subject}


@dataclass(frozen=True)
class Errand:
    """To whom, of what, why: the same for every channel that is tried."""

    customer: Customer
    centre: Centre
    purpose: str
    order_number: int | None = None
    notice: str = ""
    by: Staff | None = None
    expires_at: datetime | None = None
    instead_of: Message | None = None
    address: str = ""
    """At which of his numbers or addresses; empty, or where it is his no more: at the main one."""

    @staticmethod
    def of(message: Message) -> Errand:
        """The errand of a message that came to nothing."""
        return Errand(
            customer=message.customer,
            centre=message.centre,
            purpose=message.purpose,
            order_number=message.order_number,
            notice=message.notice,
            by=message.by,
            expires_at=message.expires_at,
            instead_of=message,
        )


def place(errand: Errand, said: Sequence[Said], *, now: datetime) -> Message | None:
    """Put what is said into the outbox by the first channel that may; the last row tried where none may.

    None where there is nothing to try but a call. Leaves: `message.queued`, `message.refused` for each channel that may
    not, `message.undeliverable` after the last.
    """
    client = look_up([errand.customer.pk], now=now, waiting=True)[errand.customer.pk]
    gateways, row = ways_out(), None
    for place_in_turn, one in enumerate(said):
        if one.channel == CALL:
            break
        row = _row(errand, one, client, gateways.get(one.channel), now=now)
        row.later_channels = [later.kept() for later in said[place_in_turn + 1 :]] if row.state == QUEUED else []
        row.save(force_insert=True)
        tell(row, f"message.{row.state}", now=now)
        if row.state == QUEUED:
            return row
        errand = replace(errand, instead_of=row)
    if last := row or errand.instead_of:
        tell(last, "message.undeliverable", now=now, calls=any(one.channel == CALL for one in said))
    return row


def _row(errand: Errand, said: Said, client: Client, gateway: Gateway | None, *, now: datetime) -> Message:
    address = errand.address if errand.address in client.addresses(said.channel) else client.address(said.channel)
    text = sms.plain(said.text) if said.channel == SMS else said.text
    n_parts = sms.measured(text).n_parts if said.channel == SMS else 1
    message = Message(
        customer=errand.customer, centre=errand.centre, order_number=errand.order_number, notice=errand.notice,
        purpose=errand.purpose, channel=said.channel, address=address, subject=said.subject, text=text, n_parts=n_parts,
        cost=n_parts * gateway.cost_per_part if gateway else 0,
        currency=gateway.currency if gateway else errand.centre.currency,
        gateway=gateway, state_at=now, queued_at=now, expires_at=errand.expires_at, instead_of=errand.instead_of,
        by=errand.by,
    )  # fmt: skip
    answer = asked(message, client, now=now) if gateway else Refused(NO_GATEWAY)
    if isinstance(answer, Refused):
        _hold(message, answer, now=now)
    return message


def asked(message: Message, client: Client, *, now: datetime) -> Allowed | Refused:
    """What the gate says of a message at this moment. What would only be allowed when it is stale is refused."""
    answer = decide(client.history(message, now), POLICY, message.purpose, now)
    if isinstance(answer, Refused) and answer.until and message.expires_at and answer.until > message.expires_at:
        return Refused(answer.reason)
    return answer


def _hold(message: Message, answer: Refused, *, now: datetime) -> None:
    """Let a new row wait for its hour, or be refused."""
    if answer.until:
        message.not_before, message.free_at = answer.until, free_at(answer.until, now)
    else:
        message.state, message.reason, message.cost = REFUSED, answer.reason, 0


def free_at(until: datetime, now: datetime) -> datetime:
    """When a row that waits until a moment is looked at again."""
    return min(until, now + LONGEST_WAIT)


def try_next(message: Message, *, now: datetime) -> Message | None:
    """A message came to nothing: what it was to say is said by its next channel, or somebody calls."""
    later = [Said(**kept) for kept in message.later_channels]
    return place(Errand.of(message), later, now=now)


def tell(message: Message, kind: str, *, now: datetime, **facts: Any) -> None:
    """Write into the journal what became of a message."""
    journal.record(
        kind, subject=message, by=message.by, at=now, centre=message.centre, message=message.pk, notice=message.notice,
        order_number=message.order_number, customer=message.customer_id, channel=message.channel,
        reason=message.reason, **facts,
    )  # fmt: skip


def waits_from_now() -> Mapping[str, object]:
    """How a row stands that may be taken at once."""
    return {"state": QUEUED, "free_at": AT_ONCE, "tries": 0, "parked_at": None, "cause": ""}
