"""What is put into the outbox, and what is done by hand with what lies there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Event
from dovolen.desk.core.reacting import first_time
from dovolen.desk.messaging import texts
from dovolen.desk.messaging.models import CANCELLED, QUEUED, SENT, UNCLEAR, Message, Notice
from dovolen.desk.messaging.outbox import Errand, Said, place, tell, waits_from_now
from dovolen.desk.messaging.wording import language_of, said_of, values_of
from dovolen.desk.people import names
from dovolen.desk.people.models import Customer

SEND = "send messages"
BY_HAND, OVERTAKEN = "by_hand", "overtaken"


class NothingToSay(Refusal):
    """A message without a word."""

    key = "messaging.refused.empty"


class BadText(Refusal):
    """The text cannot be sent as it is; `faults` say why."""

    key = "messaging.refused.bad_text"

    def __init__(self, faults: list[texts.Fault]) -> None:
        self.faults = faults
        super().__init__()


class NotUnclear(Refusal):
    """Only of a message whose fate is unclear somebody says what became of it."""

    key = "messaging.refused.not_unclear"


class GoneAlready(Refusal):
    """The message is on its way, or has an end already."""

    key = "messaging.refused.gone_already"


@transaction.atomic
def queue(  # noqa: PLR0913 – an occasion is told whole
    *,
    notice: str,
    customer: Customer,
    centre: Centre,
    order_number: int | None,
    values: Mapping[str, str],
    occasion: Event | str,
    by: Staff | None,
    now: datetime,
    expires_at: datetime | None = None,
) -> Message | None:
    """Tell a client of something, once an occasion; None where the notice is off, or was queued before.

    `values` fill the placeholders of the occasion (`texts.OF_NOTICES`); those of client and centre are known. A message
    that may not go by any channel is kept in state refused.
    Leaves: `message.queued`; `message.refused` for each channel that may not, `message.undeliverable` after the last.
    """
    kept = Notice.objects.filter(code=notice, is_on=True).first()
    if kept is None or not first_time(occasion, f"notice {notice}", str(customer.pk)):
        return None
    language = language_of(customer)
    said = said_of(kept, language, values_of(customer, centre, language) | dict(values))
    errand = Errand(
        customer=customer, centre=centre, purpose=kept.purpose, order_number=order_number, notice=notice, by=by,
        expires_at=expires_at,
    )  # fmt: skip
    return place(errand, said, now=now)


@transaction.atomic
def write(  # noqa: PLR0913 – a message is told whole
    *,
    customer: Customer,
    centre: Centre,
    channel: str,
    text: str,
    subject: str = "",
    order_number: int | None = None,
    purpose: str,
    address: str = "",
    by: Staff,
    now: datetime,
) -> Message:
    """Write to a client by hand; placeholders of client and centre are filled. `address` is one of his, else the main.

    The message waits, or is refused by the gate and kept with its reason.
    Raises: NotAllowed, NothingToSay, BadText. Leaves: `message.queued` or `message.refused`.
    """
    require(by, SEND, centre)
    told = names.tidy_text(text)
    if not told:
        raise NothingToSay
    if faults := texts.check(told, allowed=texts.ALWAYS, channel=channel):
        raise BadText(faults)
    language = language_of(customer)
    body = texts.render(told, values_of(customer, centre, language))
    errand = Errand(
        customer=customer, centre=centre, purpose=purpose, order_number=order_number, address=address, by=by
    )
    message = place(errand, [Said(channel, body, names.tidy(subject)[: texts.LONGEST_SUBJECT])], now=now)
    assert message is not None, "a channel that is sent by a gateway always leaves a row"
    return message


@transaction.atomic
def send_again(*, message: Message, by: Staff, now: datetime) -> None:
    """Send a message of which nobody knows whether it went: whoever says so knows that it may arrive twice.

    Raises: NotAllowed, NotUnclear. Leaves: `message.sent_again`.
    """
    require(by, SEND, message.centre)
    _end(message, UNCLEAR, NotUnclear, **waits_from_now(), state_at=now, reason="")
    journal.record("message.sent_again", subject=message, by=by, at=now, centre=message.centre, message=message.pk)


@transaction.atomic
def call_it_sent(*, message: Message, by: Staff, now: datetime) -> None:
    """The client has it, or the gateway's own pages show it. Raises: NotAllowed, NotUnclear. Leaves: `message.sent`."""
    require(by, SEND, message.centre)
    _end(message, UNCLEAR, NotUnclear, state=SENT, sent_at=message.state_at, state_at=now, reason=BY_HAND)
    tell(message, "message.sent", now=now)


@transaction.atomic
def cancel(*, message: Message, by: Staff, now: datetime) -> None:
    """Take back what still waits. Raises: NotAllowed, GoneAlready. Leaves: `message.cancelled`."""
    require(by, SEND, message.centre)
    _end(message, QUEUED, GoneAlready, state=CANCELLED, state_at=now, reason=BY_HAND)
    journal.record("message.cancelled", subject=message, by=by, at=now, centre=message.centre, message=message.pk)


@transaction.atomic
def withdraw(*, order_number: int, notices: Iterable[str], now: datetime) -> int:
    """Take back what waits to be said of an order and is not so any more; gives how many messages that were.

    Leaves: `message.cancelled` each.
    """
    stale = Message.objects.filter(order_number=order_number, notice__in=list(notices), state=QUEUED)
    n = 0
    for message in stale.select_related("centre").order_by("pk"):
        with contextlib.suppress(GoneAlready):
            _end(message, QUEUED, GoneAlready, state=CANCELLED, state_at=now, reason=OVERTAKEN)
            journal.record(
                "message.cancelled", subject=message, by=None, at=now, centre=message.centre, message=message.pk
            )
            n += 1
    return n


def _end(message: Message, state: str, refusal: type[Refusal], /, **values: object) -> None:
    """Change a message that is still in the state; the conditional update is the lock."""
    if not Message.objects.filter(pk=message.pk, state=state).update(**values):
        raise refusal
    for name, value in values.items():
        setattr(message, name, value)
