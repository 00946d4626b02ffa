"""A text as the parts of an SMS, and parts as the text they were: alphabets, heads of long messages, receipts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count

from dovolen.desk.messaging import gsm7
from dovolen.desk.messaging.gateways.letters import DELIVERED, FAILED, SENT

IN_GSM7, IN_LATIN1, IN_UCS2 = 0, 3, 8
"""`data_coding` of SMPP."""
ALONE = {IN_GSM7: 160, IN_UCS2: 140}
JOINED = {IN_GSM7: 153, IN_UCS2: 134}
"""Bytes of a part as SMPP carries it: of one alone, and of one with a head of six."""
MOST_PARTS = 255
STATES = {
    "ENROUTE": SENT, "ACCEPTD": SENT, "UNKNOWN": SENT, "DELIVRD": DELIVERED,
    "EXPIRED": FAILED, "DELETED": FAILED, "UNDELIV": FAILED, "REJECTD": FAILED,
}  # fmt: skip
STATE_NUMBERS = {1: "ENROUTE", 2: "DELIVRD", 3: "EXPIRED", 4: "DELETED", 5: "UNDELIV", 6: "ACCEPTD", 7: "UNKNOWN"}
STATE_NUMBERS |= {8: "REJECTD"}
RECEIPT = re.compile(r"\bid:(?P<id>\S+).*?\bstat:(?P<stat>[A-Z]{5,8})(?:.*?\berr:(?P<err>\S+))?", re.DOTALL)
_numbers = count(1)


@dataclass(frozen=True)
class Segment:
    """One part: its alphabet and its bytes, the head included."""

    coding: int
    body: bytes
    has_head: bool = False


def segments(text: str) -> list[Segment]:
    """The parts of a text; no sign is cut in two. Raises: ValueError for one that no phone would join."""
    try:
        coding, signs = IN_GSM7, [gsm7.encoded(sign) for sign in text]
    except UnicodeError:
        coding, signs = IN_UCS2, [sign.encode("utf-16-be") for sign in text]
    if sum(map(len, signs)) <= ALONE[coding]:
        return [Segment(coding, b"".join(signs))]
    bodies = [b""]
    for sign in signs:
        if len(bodies[-1]) + len(sign) > JOINED[coding]:
            bodies.append(b"")
        bodies[-1] += sign
    if len(bodies) > MOST_PARTS:
        raise ValueError(f"longer than {MOST_PARTS} parts")
    head = bytes([5, 0, 3, next(_numbers) % 256, len(bodies)])
    return [Segment(coding, head + bytes([n]) + body, has_head=True) for n, body in enumerate(bodies, 1)]


@dataclass(frozen=True)
class Part:
    """A part that came in: of which message, which of how many."""

    number: int
    n: int
    of: int
    body: bytes


def parted(body: bytes, *, has_head: bool) -> Part:
    """What came in, its head read where it has one that joins."""
    length = body[0] + 1 if has_head and body else 0
    head, rest = body[1:length], body[length:]
    while len(head) >= 2:
        kind, size = head[0], head[1]
        told, head = head[2 : 2 + size], head[2 + size :]
        if kind == 0 and len(told) == 3:
            return Part(told[0], told[2], told[1], rest)
        if kind == 8 and len(told) == 4:
            return Part(told[0] << 8 | told[1], told[3], told[2], rest)
    return Part(0, 1, 1, rest)


def said(body: bytes, coding: int) -> str:
    """The text of a message that came in."""
    if coding == IN_UCS2:
        return body.decode("utf-16-be", "replace")
    return body.decode("latin-1") if coding == IN_LATIN1 else gsm7.decoded(body)


def receipt(text: str, told: Mapping[str, object]) -> tuple[str, str, str] | None:
    """Reference, our state and the gateway's own words of a receipt; None where it is none.

    `told`: what stands beside the text in fields of its own, which hold before the text.
    """
    match = RECEIPT.search(text)
    number = told.get("message_state")
    stat = STATE_NUMBERS.get(number) if isinstance(number, int) else None
    stat = stat or (match["stat"] if match else "")
    ref = str(told.get("receipted_message_id") or (match["id"] if match else ""))
    if not ref or stat not in STATES:
        return None
    err = match["err"] if match and match["err"] else ""
    return ref, STATES[stat], f"{stat} {err}".strip()
