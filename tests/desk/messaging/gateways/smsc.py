"""A centre of short messages on loopback, speaking SMPP 3.4 by itself: nothing of the client's library is used here."""

from __future__ import annotations

import asyncio
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count

BIND_RECEIVER, BIND_TRANSMITTER, QUERY, SUBMIT, DELIVER, UNBIND, BIND_TRANSCEIVER, ENQUIRE = 1, 2, 3, 4, 5, 6, 9, 0x15
RESPONSE, NACK = 0x80000000, 0x80000000
OK, UNKNOWN_COMMAND, NOT_BOUND, WRONG_PASSWORD, NO_SUCH_MESSAGE = 0, 3, 4, 0x0E, 0x0C
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
BEHIND = {0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "[", 0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"}


@dataclass
class Unit:
    """A `submit_sm` as it came."""

    id: str
    source: str
    source_ton: int
    to: str
    esm_class: int
    coding: int
    registered: int
    body: bytes

    @property
    def head(self) -> tuple[int, int, int] | None:
        """Reference, how many, which, where it is part of a long message."""
        return (self.body[3], self.body[4], self.body[5]) if self.esm_class & 0x40 else None

    @property
    def text(self) -> str:
        body = self.body[6:] if self.head else self.body
        if self.coding == 8:
            return body.decode("utf-16-be")
        text, is_behind = "", False
        for byte in body:
            if byte == 0x1B:
                is_behind = True
                continue
            text += BEHIND[byte] if is_behind else GSM[byte]
            is_behind = False
        return text


@dataclass
class Smsc:
    """What it took and what it is told to do."""

    password: str = "secret"
    units: list[Unit] = field(default_factory=list)
    refuses: dict[str, int] = field(default_factory=dict)
    """Destination → status of the answer."""
    silent: set[str] = field(default_factory=set)
    """Destinations on which the line is cut after the message was taken."""
    states: dict[str, int] = field(default_factory=dict)
    acked: list[int] = field(default_factory=list)
    """Statuses with which what we gave was acknowledged."""
    n_binds: int = 0
    n_enquiries: int = 0
    n_unbinds: int = 0
    port: int = 0

    def __post_init__(self) -> None:
        self._numbers = count(0x1A2B)
        self._sequences = count(1)
        self._waiting: list[bytes] = []
        self._given: dict[int, bytes] = {}
        self._writer: asyncio.StreamWriter | None = None
        self._loop = asyncio.new_event_loop()

    def messages(self) -> list[tuple[str, str]]:
        """Destination and text of whole messages, as a phone would join them."""
        found: dict[object, tuple[str, dict[int, str], int]] = {}
        for n, unit in enumerate(self.units):
            reference, of, which = unit.head or (-n - 1, 1, 1)
            _, texts, _ = found.setdefault((unit.to, reference), (unit.to, {}, of))
            texts[which] = unit.text
        return [(to, "".join(texts[n] for n in sorted(texts))) for to, texts, of in found.values() if len(texts) == of]

    def give_receipt(self, ref: str, stat: str, *, to: str = "79972000001") -> None:
        text = f"id:{ref} sub:001 dlvrd:001 submit date:2611201200 done date:2611201201 stat:{stat} err:000 text:hello"
        self._give(to, text.encode(), esm_class=0x04)

    def give_answer(self, source: str, body: bytes, *, coding: int = 8, has_head: bool = False) -> None:
        self._give(source, body, esm_class=0x40 if has_head else 0, coding=coding)

    def enquire(self) -> None:
        """Ask whether the other side lives."""
        self._send(_unit(ENQUIRE, OK, next(self._sequences)))

    def cut(self) -> None:
        """Break the line."""
        done = threading.Event()
        self._loop.call_soon_threadsafe(lambda: (self._writer and self._writer.transport.abort(), done.set()))
        done.wait(5)

    def _give(self, source: str, body: bytes, *, esm_class: int, coding: int = 0) -> None:
        told = b"\0\1\1" + source.encode() + b"\0\1\1" + b"7997\0" + bytes([esm_class, 0, 0]) + b"\0\0"
        told += bytes([0, 0, coding, 0, len(body)]) + body
        self._loop.call_soon_threadsafe(self._deliver, told)

    def _deliver(self, told: bytes) -> None:
        if self._writer is None:
            self._waiting.append(told)
            return
        sequence = next(self._sequences)
        self._given[sequence] = told
        self._writer.write(_unit(DELIVER, OK, sequence, told))

    def _send(self, unit: bytes) -> None:
        self._loop.call_soon_threadsafe(lambda: self._writer and self._writer.write(unit))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                length, command, status, sequence = struct.unpack(">LLLL", await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                if not self._answered(writer, command, status, sequence, body):
                    break
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        if self._writer is writer:
            self._writer = None
            self._waiting += self._given.values()  # what was not acknowledged is given again
            self._given.clear()
        writer.close()

    def _answered(self, writer: asyncio.StreamWriter, command: int, status: int, sequence: int, body: bytes) -> bool:
        """Answer one unit; False: the line ends here."""
        if command & RESPONSE:
            self._acknowledged(command, status, sequence)
            return True
        answers = {
            BIND_RECEIVER: self._bound, BIND_TRANSMITTER: self._bound, BIND_TRANSCEIVER: self._bound,
            ENQUIRE: self._lives, UNBIND: self._unbound, SUBMIT: self._took, QUERY: self._told,
        }  # fmt: skip
        if command not in answers:
            writer.write(_unit(NACK, UNKNOWN_COMMAND, sequence))
            return True
        if command in (UNBIND, SUBMIT, QUERY) and self._writer is not writer:
            writer.write(_unit(command | RESPONSE, NOT_BOUND, sequence))
            return True
        answer = answers[command](body)
        if answer is None:
            return False
        writer.write(_unit(command | RESPONSE, answer[0], sequence, answer[1]))
        if answers[command] == self._bound and answer[0] == OK:
            self._writer = writer
            waiting, self._waiting = self._waiting, []
            for told in waiting:
                self._deliver(told)
        return command != UNBIND

    def _acknowledged(self, command: int, status: int, sequence: int) -> None:
        if command == DELIVER | RESPONSE and sequence in self._given:
            self.acked.append(status)
            told = self._given.pop(sequence)
            if status != OK:
                self._waiting.append(told)

    def _bound(self, body: bytes) -> tuple[int, bytes]:
        _, password, _ = body.split(b"\0", 2)
        if password.decode() != self.password:
            return WRONG_PASSWORD, b""
        self.n_binds += 1
        return OK, b"loopback\0"

    def _lives(self, _body: bytes) -> tuple[int, bytes]:
        self.n_enquiries += 1
        return OK, b""

    def _unbound(self, _body: bytes) -> tuple[int, bytes]:
        self.n_unbinds += 1
        return OK, b""

    def _took(self, body: bytes) -> tuple[int, bytes] | None:
        unit = _submitted(body, f"{next(self._numbers):x}")
        if unit.to in self.refuses:
            return self.refuses[unit.to], b""
        self.units.append(unit)
        return None if unit.to in self.silent else (OK, unit.id.encode() + b"\0")

    def _told(self, body: bytes) -> tuple[int, bytes]:
        ref = body.split(b"\0", 1)[0].decode()
        if ref not in {unit.id for unit in self.units}:
            return NO_SUCH_MESSAGE, b""
        return OK, ref.encode() + b"\0\0" + bytes([self.states.get(ref, 1), 0])


def _submitted(body: bytes, ref: str) -> Unit:
    _service, rest = body.split(b"\0", 1)
    source_ton, rest = rest[0], rest[2:]
    source, rest = rest.split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _at, _until, rest = rest.split(b"\0", 2)
    registered, coding, length = rest[0], rest[2], rest[4]
    return Unit(ref, source.decode(), source_ton, to.decode(), esm_class, coding, registered, rest[5 : 5 + length])


def _unit(command: int, status: int, sequence: int, body: bytes = b"") -> bytes:
    return struct.pack(">LLLL", 16 + len(body), command, status, sequence) + body


@contextmanager
def running() -> Iterator[Smsc]:
    """A centre that listens on a port of its own."""
    centre = Smsc()
    loop = centre._loop
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(asyncio.start_server(centre._serve, "127.0.0.1", 0), loop).result(5)
    centre.port = server.sockets[0].getsockname()[1]
    yield centre
    asyncio.run_coroutine_threadsafe(_ended(server), loop).result(5)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


async def _ended(server: asyncio.Server) -> None:
    server.close()
    own = asyncio.current_task()
    others = [task for task in asyncio.all_tasks() if task is not own]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
