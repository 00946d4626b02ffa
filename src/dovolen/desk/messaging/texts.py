"""Texts of notices: a closed list of placeholders, how they are filled, what is wrong with a text, does it advertise.

A sentence whose placeholder has nothing to say is left out: «К оплате {debt}.» is not said of an order that is paid.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from dovolen.desk.messaging import sms
from dovolen.desk.messaging.models import EMAIL, SMS
from dovolen.desk.people import names

OF_THE_CLIENT = ("greeting", "name", "name_of", "name_to")
OF_THE_CENTRE = ("centre", "address", "phone", "hours")
OF_AN_ORDER = ("order", "device", "link")
ALWAYS = OF_THE_CLIENT + OF_THE_CENTRE
"""What may stand in every text: it is known without the occasion."""
PLACEHOLDERS = (*ALWAYS, *OF_AN_ORDER, "stage", "promised", "sum", "debt", "part", "until")
"""All there are; each has its words under `messaging.placeholder`."""
OF_NOTICES: Mapping[str, tuple[str, ...]] = {
    "order.accepted": (*OF_AN_ORDER, "promised", "sum"),
    "order.estimate_waits": (*OF_AN_ORDER, "sum", "promised"),
    "order.promise_breaks": (*OF_AN_ORDER, "promised", "stage"),
    "order.promise_moved": (*OF_AN_ORDER, "promised", "stage"),
    "order.part_arrived": (*OF_AN_ORDER, "part", "promised", "stage"),
    "order.ready": (*OF_AN_ORDER, "sum", "debt", "until"),
    "order.not_picked_up": (*OF_AN_ORDER, "debt", "until"),
    "order.picked_up": (*OF_AN_ORDER, "sum", "debt", "until"),
}
"""What an occasion can tell besides; a series by the name of its first part."""

LONGEST = {SMS: 67 * sms.MOST_PARTS, EMAIL: 10_000}
LONGEST_SUBJECT = 150
HOLE = re.compile(r"\{(\w*)\}")
END = re.compile(
    r"(?<=[.!?…])(?<!\bтел\.)(?<!\bг\.)(?<!\bул\.)(?<!\bд\.)(?<!\bруб\.)(?<!\btel\.)(?<!\bst\.)[ \u00a0]+",
    re.IGNORECASE,
)
"""Where a sentence ends and another begins; a shortened word ends none."""
SIGNS = Path(__file__).with_name("advertising.toml")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a text: a code whose sentence is `messaging.fault.<code>`, and the word it is about."""

    code: str
    about: str = ""


def allowed_in(code: str) -> tuple[str, ...]:
    """Placeholders that may stand in the text of a notice, or of a message by hand (no code)."""
    own = next((told for prefix, told in OF_NOTICES.items() if code == prefix or code.startswith(f"{prefix}.")), ())
    return (*ALWAYS, *own)


def check(body: str, *, allowed: Collection[str] = PLACEHOLDERS, channel: str = SMS) -> list[Fault]:
    """What is wrong with a text, in the order in which it stands; nothing when it may be sent."""
    if not body.strip():
        return [Fault("empty")]
    named = list(dict.fromkeys(HOLE.findall(body)))
    faults = [Fault("unknown", f"{{{name}}}") for name in named if name not in PLACEHOLDERS]
    faults += [Fault("not_here", f"{{{name}}}") for name in named if name in PLACEHOLDERS and name not in allowed]
    if re.search(r"[{}]", HOLE.sub("", body)):
        faults.append(Fault("brace"))
    if len(body) > LONGEST[channel]:
        faults.append(Fault("too_long", str(LONGEST[channel])))
    return faults


def render(body: str, values: Mapping[str, str]) -> str:
    """The text with values in their places; values are single lines without signs that are not drawn."""
    said = {name: names.tidy(value) for name, value in values.items()}
    lines = (_line(line, said) for line in body.replace("\r\n", "\n").split("\n"))
    text = "\n".join(line for line in lines if line is not None)
    return re.sub(r"\n{3,}", "\n\n", text).strip()


def _line(line: str, said: Mapping[str, str]) -> str | None:
    """A line with its sentences that have something to say; none where it had words and has none left."""
    kept = [
        HOLE.sub(lambda hole: said.get(hole[1], ""), sentence)
        for sentence in _sentences(line)
        if all(said.get(name) for name in HOLE.findall(sentence))
    ]
    text = " ".join(kept).strip()
    return None if line.strip() and not text else text


def _sentences(line: str) -> list[str]:
    return [part for part in END.split(line) if part and part.strip()]


def advertises(text: str) -> list[str]:
    """Words of a text by which it advertises, each once, as they stand there."""
    said = text.casefold().replace("ё", "е")
    found = (text[match.start() : match.end()] for sign in _signs() for match in sign.finditer(said))
    return list(dict.fromkeys(found))


@cache
def _signs() -> tuple[re.Pattern[str], ...]:
    listed = tomllib.loads(SIGNS.read_text(encoding="utf-8"))
    return tuple(re.compile(sign) for signs in listed.values() for sign in signs)
