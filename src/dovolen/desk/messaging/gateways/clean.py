"""Letters without what could forge another line, header or direction of writing."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from dovolen.desk.messaging.gateways.letters import Letter, Outcome

LONGEST_REF, LONGEST_DETAIL, LONGEST_LINE = 100, 300, 200
JOINERS = "\u200c\u200d"
"""Shape letters and emoji and steer nothing."""
NUMBER = re.compile(r"\+[1-9]\d{7,14}")
MAILBOX = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
HOST = re.compile(
    r"(?=.{1,253}\Z)(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def clean(letter: Letter) -> Letter | None:
    """The letter as it may leave; None where its address is none."""
    address = address_of(letter.channel, letter.address)
    if address is None:
        return None
    return replace(
        letter,
        address=address,
        text=lines(letter.text),
        subject=one_line(letter.subject),
        sender=one_line(letter.sender),
    )


def tidy(outcome: Outcome) -> Outcome:
    """What a gateway said, as it may be kept."""
    ref, detail = one_line(outcome.ref, LONGEST_REF), one_line(outcome.detail, LONGEST_DETAIL)
    return replace(outcome, ref=ref, detail=detail)


def address_of(channel: str, text: str) -> str | None:
    """A number as E.164 or a mailbox that is exactly one; None where it is not."""
    if channel == "sms":
        return text if NUMBER.fullmatch(text) else None
    local, at, host = text.rpartition("@")
    if not at or len(text) > 254 or len(local) > 64 or not MAILBOX.fullmatch(local):
        return None
    try:
        ascii_host = host.encode("idna").decode("ascii")
    except UnicodeError:
        return None
    return f"{local}@{ascii_host}" if HOST.fullmatch(ascii_host) else None


def one_line(text: str, longest: int = LONGEST_LINE) -> str:
    """The text in one line, without signs that are not seen."""
    return " ".join(lines(text).split())[:longest]


def lines(text: str) -> str:
    """The text with plain line ends, without signs that steer: control, direction, halves of pairs."""
    return "".join(sign for sign in "\n".join(text.splitlines()) if _may_leave(sign))


def _may_leave(sign: str) -> bool:
    return sign in "\n\t" or sign in JOINERS or unicodedata.category(sign) not in ("Cc", "Cf", "Cs", "Zl", "Zp")
