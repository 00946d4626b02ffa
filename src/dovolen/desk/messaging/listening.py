"""What comes in by gateways themselves, and what has to be asked for: receipts, answers, states of what was sent."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from dovolen.desk.core import worker
from dovolen.desk.messaging import pace
from dovolen.desk.messaging.actions.reports import hear_answer, hear_report
from dovolen.desk.messaging.doors import door_of
from dovolen.desk.messaging.gateways import Answer, Heard, Letter, Report, Unreachable
from dovolen.desk.messaging.gateways.http import recipe_of
from dovolen.desk.messaging.models import HTTP, SENDING, SENT, SMPP, Gateway, Message

log = logging.getLogger("dovolen.messaging")

PAUSE = 1.0
"""Seconds between two looks at lines."""
ASKED_FOR = timedelta(hours=48)
"""What was not delivered by then will not be."""
ASK = 100
TOO_EARLY = (0.0, 0.1, 0.4, 1.5)
"""Seconds in which a report that came before its message was recorded is tried again."""

Clock = Callable[[], datetime]


class NotKeptYet(Exception):  # noqa: N818 – it will be
    """A report of a message that is being recorded just now: the gateway is asked to tell it again."""


def step() -> int:
    """What a worker repeats beside its other work."""
    return listen(clock=worker.now)


def listen(*, clock: Clock) -> int:
    """Take in what waits at gateways whose line stays open; gives how much it was."""
    return sum(_heard(gateway, clock) for gateway in Gateway.objects.filter(kind=SMPP, is_on=True))


def _heard(gateway: Gateway, clock: Clock) -> int:
    if pace.is_resting(gateway, clock()):
        return 0
    try:
        with door_of(gateway) as door:
            return door.hear(lambda heard: take(gateway, heard, now=clock()))
    except Unreachable as error:
        pace.rest(gateway, error, now=clock())
        return 0


def take(gateway: Gateway, heard: Heard, *, now: datetime) -> None:
    """Keep what a gateway told. Raises: NotKeptYet."""
    if isinstance(heard, Answer):
        hear_answer(gateway=gateway, ref=heard.ref, address=heard.address, text=heard.text, at=heard.at, now=now)
    elif not _is_known(gateway, heard, now):
        log.info("gateway %s told of a message that is not ours", gateway.pk)


def _is_known(gateway: Gateway, report: Report, now: datetime) -> bool:
    """Whether it is one of ours; a receipt may be faster than our own record of what it speaks of."""
    for pause in TOO_EARLY:
        time.sleep(pause)
        told = {"ref": report.ref, "key": report.key, "state": report.state, "detail": report.detail}
        if hear_report(gateway=gateway, now=now, **told):
            return True
        if not Message.objects.filter(gateway=gateway, state=SENDING).exists():
            return False
    raise NotKeptYet


def ask(*, now: datetime, **_: object) -> None:
    """Ask gateways that can be asked what became of messages that they took and have told nothing of since."""
    for gateway in Gateway.objects.filter(kind=HTTP, is_on=True):
        if _is_asked(gateway):
            _ask(gateway, now)


def _is_asked(gateway: Gateway) -> bool:
    try:
        return recipe_of(gateway.settings).ask is not None
    except Unreachable:
        return False


def _ask(gateway: Gateway, now: datetime) -> None:
    for letters in _open_letters(gateway, now):
        try:
            with door_of(gateway) as door:
                outcomes = door.ask(letters)
        except Unreachable as error:
            log.info("gateway %s could not be asked: %s", gateway.pk, error)
            return
        for outcome in filter(None, outcomes):
            if outcome.state != SENT:
                told = {"key": outcome.key, "state": outcome.state, "detail": outcome.detail}
                hear_report(gateway=gateway, now=now, **told)


def _open_letters(gateway: Gateway, now: datetime) -> Iterator[list[Letter]]:
    """Messages on their way, by portions."""
    rows = Message.objects.filter(gateway=gateway, state=SENT, sent_at__gt=now - ASKED_FOR).order_by("pk")
    last = 0
    while found := list(rows.filter(pk__gt=last)[:ASK]):
        last = found[-1].pk
        yield [
            Letter(
                key=str(row.key), channel=row.channel, address=row.address, text="", sender=gateway.sender,
                ref=row.gateway_ref,
            )
            for row in found
        ]  # fmt: skip
