"""A text before it is sent: as the client will read it, how long, what it costs, what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dovolen.desk.accounts.models import Centre
from dovolen.desk.messaging import outbox, sms, texts
from dovolen.desk.messaging.models import EMAIL, SMS, Gateway, Message
from dovolen.desk.messaging.wording import language_of, values_of
from dovolen.desk.people.models import SERVICE, Customer
from dovolen.insight.gate import Refused


@dataclass(frozen=True)
class Look:
    """What a text will be."""

    channel: str
    text: str = ""
    subject: str = ""
    measured: sms.Measured | None = None
    """Of an SMS."""
    cost: int | None = None
    """Minor units; none where no way out of the channel is switched on."""
    currency: str = ""
    faults: list[texts.Fault] = field(default_factory=list)
    signs: list[str] = field(default_factory=list)
    """Words by which a text of the service class advertises."""


@dataclass(frozen=True)
class Standing:
    """What the gate would say of a message to somebody now; `reason` is empty where it may go."""

    address: str
    reason: str = ""
    until: datetime | None = None


def look(
    body: str, *, subject: str = "", values: Mapping[str, str], code: str = "", channel: str, purpose: str
) -> Look:
    """The text of a notice, or of a message by hand (no code), filled with values."""
    faults = texts.check(body, allowed=texts.allowed_in(code), channel=channel)
    text, gateway = texts.render(body, values), outbox.ways_out().get(channel)
    measured = sms.measured(text) if channel == SMS else None
    return Look(
        channel=channel,
        text=sms.plain(text) if channel == SMS else text,
        subject=texts.render(subject, values) if channel == EMAIL else "",
        measured=measured,
        cost=_cost(gateway, measured),
        currency=gateway.currency if gateway else "",
        faults=faults,
        signs=texts.advertises(f"{subject}\n{body}") if purpose == SERVICE else [],
    )


def _cost(gateway: Gateway | None, measured: sms.Measured | None) -> int | None:
    return gateway.cost_per_part * (measured.n_parts if measured else 1) if gateway else None


def look_by_hand(
    text: str, *, subject: str = "", customer: Customer, centre: Centre, channel: str, purpose: str
) -> Look:
    """A message by hand to somebody."""
    values = values_of(customer, centre, language_of(customer))
    return look(text, subject=subject, values=values, channel=channel, purpose=purpose)


def standing(customer: Customer, centre: Centre, purpose: str, now: datetime) -> dict[str, Standing]:
    """What the gate says of each channel at this moment: by the questions of one client."""
    client = outbox.look_up([customer.pk], now=now, waiting=True)[customer.pk]
    ways = outbox.ways_out()
    found = {}
    for channel in (SMS, EMAIL):
        message = Message(
            customer=customer, centre=centre, purpose=purpose, channel=channel, address=client.address(channel),
            queued_at=now,
        )  # fmt: skip
        answer = outbox.asked(message, client, now=now) if channel in ways else Refused(outbox.NO_GATEWAY)
        reason, until = (answer.reason, answer.until) if isinstance(answer, Refused) else ("", None)
        found[channel] = Standing(message.address, reason, until)
    return found
