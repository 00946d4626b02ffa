"""Messages, answers and contacts as pages show them: a shape, a tone and a word each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from dovolen.desk.core import words
from dovolen.desk.core.templatetags.words import lasting, when
from dovolen.desk.messaging.models import (
    CANCELLED,
    DELIVERED,
    EXPIRED,
    FAILED,
    QUEUED,
    READ,
    REFUSED,
    SENDING,
    SENT,
    UNCLEAR,
)
from dovolen.desk.messaging.queries.talk import (
    ANSWER,
    CONFIRMED,
    CONTACT,
    DONE,
    DUE,
    GIVEN,
    MESSAGE,
    OPEN,
    REPORTED,
    Said,
)

DELIVERY = {
    QUEUED: ("clock", ""), SENDING: ("clock", ""), SENT: ("check", "fair"), DELIVERED: ("checks", "good"),
    READ: ("eye", "good"), FAILED: ("x", "bad"), REFUSED: ("ban", "line"), UNCLEAR: ("help-circle", "warn"),
    EXPIRED: ("ban", "line"), CANCELLED: ("ban", "line"),
}  # fmt: skip
"""State of a message → icon, tone."""
PICTURES = {
    "call": "phone-call", "meeting": "users", "visit": "building-store", "sms": "message-2", "email": "mail",
    "messenger": "message",
}  # fmt: skip
"""Channel → icon."""


def delivery(state: str) -> dict[str, str]:
    """How far a message came, as a chip."""
    picture, tone = DELIVERY[state]
    return {"text": words.current().name("delivery", state), "picture": picture, "tone": tone}


def lines(said: Iterable[Said]) -> list[dict[str, Any]]:
    """What was said, as the timeline component takes it."""
    return [line(one) for one in said]


def line(one: Said) -> dict[str, Any]:
    """One thing said: what it was, who and when, the words, how far it came."""
    return {
        "picture": PICTURES[one.channel],
        "fact": _fact(one),
        "about": " · ".join(filter(None, [when(one.at), *_aside(one)])),
        "text": one.text,
        "more": words.say("talk.agreed", text=one.title) if one.kind == CONTACT and one.title else "",
        "chip": _chip(one),
        "url": reverse(PAGES[one.kind], args=[one.key]),
    }


PAGES = {MESSAGE: "message", ANSWER: "incoming", CONTACT: "contact"}


def _fact(one: Said) -> str:
    direction = "" if one.kind == MESSAGE else f".{one.direction}"
    fact = words.say(f"talk.{one.kind}.{one.channel}{direction}")
    if one.kind == CONTACT and one.purpose:
        return f"{fact}: {words.current().name('contacts.purpose', one.purpose)}"
    if one.kind == MESSAGE and one.notice:
        return f"{fact}: {words.current().name('notices.name', one.notice)}"
    return fact


def _aside(one: Said) -> list[str]:
    length = lasting(one.minutes) if one.minutes else ""
    why = ""
    if one.kind == MESSAGE and one.reason:
        why = words.current().name("messaging.reason", one.reason)
    elif one.kind == ANSWER and one.state == DONE:
        why = one.reason
    return [length, one.who, why]


def _chip(one: Said) -> dict[str, str] | None:
    if one.kind == MESSAGE:
        return delivery(one.state)
    if not one.state:
        return None
    picture, tone = STANDING[one.state]
    return {"text": words.current().name("talk.state", one.state), "picture": picture, "tone": tone}


STANDING = {
    OPEN: ("hourglass", "warn"), DONE: ("check", "good"), DUE: ("writing", "warn"), GIVEN: ("check", "fair"),
    REPORTED: ("send", "fair"),
    CONFIRMED: ("checks", "good"),
}  # fmt: skip
"""State of an answer or of a report → icon, tone."""
