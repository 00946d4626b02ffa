"""The journal of messages: which went, wait, were refused, page by page; one with what came before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.models import Event
from dovolen.desk.messaging.models import (
    CANCELLED,
    CONSOLE,
    DELIVERED,
    EXPIRED,
    FAILED,
    QUEUED,
    READ,
    REFUSED,
    SENDING,
    SENT,
    SENT_BY_GATEWAY,
    UNCLEAR,
    Gateway,
    Message,
)

PAGE = 50
ALL, WAITING, GONE, TROUBLE, HELD = "", "waiting", "gone", "trouble", "held"
FATES: Mapping[str, tuple[str, ...]] = {
    ALL: (), WAITING: (QUEUED, SENDING), GONE: (SENT, DELIVERED, READ), TROUBLE: (UNCLEAR, FAILED),
    HELD: (REFUSED, EXPIRED, CANCELLED),
}  # fmt: skip
"""How a list of messages may be narrowed: by what became of them."""


@dataclass(frozen=True)
class MessageFilter:
    """Which messages somebody wants to see. What the address says and nobody knows is not asked for."""

    fate: str = ALL
    channel: str = ""
    order: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> MessageFilter:
        """The filter of an address."""
        given = {one.name: str(asked.get(one.name, "")).strip() for one in fields(cls)}
        fate = given["fate"] if given["fate"] in FATES else ALL
        channel = given["channel"] if given["channel"] in SENT_BY_GATEWAY else ""
        return cls(fate, channel, given["order"] if is_key(given["order"]) else "")

    @property
    def query(self) -> str:
        """As an address says it: only what narrows."""
        return urlencode({one.name: value for one in fields(self) if (value := getattr(self, one.name))})


@dataclass(frozen=True)
class Page:
    """Messages of one page, the latest first, and the cursor of the next."""

    rows: list[Message]
    later: str = ""


def is_key(text: str) -> bool:
    """Whether a text of an address may be a key."""
    return text.isascii() and text.isdigit() and len(text) < 18


def messages(staff: Staff, asked: MessageFilter, cursor: str = "") -> Page:
    """A page of the messages that he sees."""
    found = seen_by(staff)
    if states := FATES[asked.fate]:
        found = found.filter(state__in=states)
    if asked.channel:
        found = found.filter(channel=asked.channel)
    if asked.order:
        found = found.filter(order_number=int(asked.order))
    if is_key(cursor):
        found = found.filter(pk__lt=int(cursor))
    rows = list(found.order_by("-pk")[: PAGE + 1])
    return Page(rows[:PAGE], str(rows[PAGE - 1].pk) if len(rows) > PAGE else "")


def seen_by(staff: Staff) -> QuerySet[Message]:
    """Messages that he sees, with what a row shows."""
    return Message.objects.visible_to(staff).select_related("customer", "centre", "by")


def n_unclear(staff: Staff) -> int:
    """How many wait for somebody to say what became of them."""
    return Message.objects.visible_to(staff).filter(state=UNCLEAR).count()


def chain(message: Message) -> list[Message]:
    """The channels that were tried for one errand, in their turn."""
    found = [message]
    while before := found[0].instead_of:
        found.insert(0, before)
    while after := found[-1].fallbacks.order_by("pk").first():
        found.append(after)
    return found


def course(message: Message) -> list[Event]:
    """What the journal tells of it, the latest first."""
    return list(journal.timeline(message))


def waits_until(message: Message, now: datetime) -> datetime | None:
    """The hour that a message waits for; none where it goes as soon as its turn comes."""
    is_held = message.state == QUEUED and message.not_before and message.not_before > now
    return message.not_before if is_held else None


def plays_phone() -> bool:
    """Whether messages go to the telephone that the console gateway plays."""
    return Gateway.objects.filter(kind=CONSOLE, is_on=True).exists()
