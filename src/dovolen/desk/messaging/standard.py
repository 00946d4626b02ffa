"""What every house begins with: its notices, and a gateway that writes to a file until a real one is set up."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from dovolen.desk.core import words
from dovolen.desk.messaging.models import CALL, CONSOLE, EMAIL, SENT_BY_GATEWAY, SMS, Gateway, Notice

LANGUAGE = "ru"
TOKEN_BYTES = 32


@dataclass(frozen=True)
class Standard:
    """A notice as a new house has it."""

    code: str
    channels: tuple[str, ...] = (SMS, EMAIL)
    after_hours: int | None = None


NOTICES = (
    Standard("order.accepted"),
    Standard("order.estimate_waits", (SMS, EMAIL, CALL)),
    Standard("order.promise_breaks", (SMS, EMAIL, CALL)),
    Standard("order.promise_moved", (SMS, EMAIL, CALL)),
    Standard("order.part_arrived"),
    Standard("order.ready", (SMS, EMAIL, CALL)),
    Standard("order.not_picked_up.1", after_hours=72),
    Standard("order.not_picked_up.2", after_hours=168),
    Standard("order.not_picked_up.3", (SMS, EMAIL, CALL), after_hours=336),
    Standard("order.picked_up"),
)
"""In the order of an order's way. Where nobody may be left in the dark, somebody calls as the last step."""


def ensure(now: datetime) -> None:  # noqa: ARG001 – standards of all rooms are called alike
    """Have every notice, and a way out of each channel; what is there stays as the house has it."""
    there = set(Notice.objects.values_list("code", flat=True))
    Notice.objects.bulk_create(
        (
            Notice(code=one.code, channels=list(one.channels), after_hours=one.after_hours, position=place)
            for place, one in enumerate(NOTICES)
            if one.code not in there
        ),
        ignore_conflicts=True,
    )
    if not Gateway.objects.exists():
        _have_console()


def _have_console() -> None:
    speaker = words.in_language(LANGUAGE)
    Gateway.objects.bulk_create(
        (
            Gateway(
                name=speaker.say(f"messaging.console.{channel}"), kind=CONSOLE, channel=channel, position=place,
                report_token=secrets.token_urlsafe(TOKEN_BYTES), per_second=1000,
            )
            for place, channel in enumerate(SENT_BY_GATEWAY)
        ),
        ignore_conflicts=True,
    )  # fmt: skip
