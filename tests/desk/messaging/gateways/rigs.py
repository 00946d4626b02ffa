"""Every kind of gateway with a counterpart on loopback, told to behave by the same words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from dovolen.desk.messaging.gateways import Door, Letter, Setup, open_door
from dovolen.desk.messaging.gateways.doors import Guarded
from tests.desk.messaging import fake_gateway
from tests.desk.messaging.gateways import mailbox, provider, smsc

BAD, BUSY, CUT = "+79972000091", "+79972000092", "+79972000093"
"""Refused for good, refused for now, the line cut after the letter was taken."""


@dataclass
class Rig:
    """A gateway, and what its other side knows."""

    name: str
    open: Callable[[], Door]
    channel: str
    got: Callable[[], list[tuple[str, str]]]
    """Address and text of everything that arrived."""
    can_be_cut: bool = True
    refuses: bool = True

    def letter(self, key: str, address: str = "+79972000001", text: str = "Готово", subject: str = "Заказ") -> Letter:
        at = address if self.channel == "sms" else f"{address.removeprefix('+')}@mail.example"
        return Letter(key, self.channel, at, text, subject, sender="")


@contextmanager
def console(folder: Path) -> Iterator[Rig]:
    path = Path(settings.HOME.folder) / "outbox.jsonl"
    path.unlink(missing_ok=True)

    def got() -> list[tuple[str, str]]:
        lines = [json.loads(line) for line in path.read_text().splitlines()] if path.exists() else []
        return [(line["address"], line["text"]) for line in lines]

    setup = Setup("console", "sms", "Console", sender="Dovolen")
    yield Rig("console", lambda: open_door(setup), "sms", got, can_be_cut=False, refuses=False)


@contextmanager
def http(folder: Path, prevents: str) -> Iterator[Rig]:
    with provider.running() as other:
        other.refuses = {BAD[1:]: "bad", BUSY[1:]: "busy"}
        other.silent = {CUT[1:]}
        other.knows_keys = prevents == "key"
        recipe = provider.RECIPE.format(port=other.port, prevents=prevents)
        setup = Setup("http", "sms", "Loopback", {"recipe": recipe}, "secret", "Dovolen")

        def got() -> list[tuple[str, str]]:
            return [(f"+{letter['to']}", letter["text"]) for letter in other.taken]

        yield Rig(f"http by {prevents}", lambda: open_door(setup), "sms", got)


@contextmanager
def smpp(folder: Path) -> Iterator[Rig]:
    with smsc.running() as centre:
        centre.refuses = {BAD[1:]: 0x0B, BUSY[1:]: 0x58}
        centre.silent = {CUT[1:]}
        where = {"host": "127.0.0.1", "port": centre.port, "login": "desk"}
        setup = Setup("smpp", "sms", "Centre", where, "secret", "Dovolen")

        def got() -> list[tuple[str, str]]:
            return [(f"+{to}", text) for to, text in centre.messages()]

        yield Rig("smpp", lambda: open_door(setup), "sms", got)


@contextmanager
def smtp(folder: Path) -> Iterator[Rig]:
    with mailbox.running() as post:
        post.refuses = {f"{BAD[1:]}@mail.example": "550 nobody", f"{BUSY[1:]}@mail.example": "451 not now"}
        post.silent = {f"{CUT[1:]}@mail.example"}
        where = {"host": "127.0.0.1", "port": post.port, "security": "none"}
        setup = Setup("smtp", "email", "Post", where, "", "Сервис <desk@dovolen.example>")

        def got() -> list[tuple[str, str]]:
            return [(to, mail.get_content().replace("\r\n", "\n").rstrip("\n")) for to, mail, _ in post.letters]

        yield Rig("smtp", lambda: open_door(setup), "email", got)


@contextmanager
def fake(folder: Path, prevents: str) -> Iterator[Rig]:
    told = {"folder": str(folder), "prevents": prevents, "refuses": {BAD: "failed", BUSY: "later"}}
    setup = Setup("http", "sms", "Fake", told)

    def got() -> list[tuple[str, str]]:
        return [(line["address"], line["text"]) for line in fake_gateway.journal(folder)]

    yield Rig(f"fake by {prevents}", lambda: Guarded(fake_gateway.FakeDoor(setup)), "sms", got, can_be_cut=False)


RIGS = {
    "console": console,
    "http by key": lambda folder: http(folder, "key"),
    "http by status": lambda folder: http(folder, "status"),
    "http by nothing": lambda folder: http(folder, "none"),
    "smpp": smpp,
    "smtp": smtp,
    "fake by key": lambda folder: fake(folder, "key"),
    "fake by status": lambda folder: fake(folder, "status"),
    "fake by nothing": lambda folder: fake(folder, "none"),
}
