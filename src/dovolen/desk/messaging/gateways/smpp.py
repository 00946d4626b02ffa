"""A centre of short messages over SMPP 3.4: one line for both ways, a window of requests, receipts, answers."""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from smpplib import consts, exceptions

from dovolen.desk.messaging.gateways import segments
from dovolen.desk.messaging.gateways.letters import (
    BY_NOTHING,
    FAILED,
    HAND_OVER,
    LATER,
    SENT,
    UNCLEAR,
    UNTRIED,
    Answer,
    Heard,
    Letter,
    Outcome,
    Report,
    Setup,
    Unreachable,
)
from dovolen.desk.messaging.gateways.line import BROKEN, PATIENCE, Line, named, text_of, why

log = logging.getLogger("dovolen.messaging")

TOO_SLOW, BROKE = "the centre is slow", "the line broke"
WINDOW = 10
KEEP_ALIVE = 30.0
PART_WAITS = 5.0
"""How long the first part of an answer waits for the others."""
SAME_ANSWER = 600
"""Seconds in which the same words from the same number are one answer: given again because we fell silent."""
IS_RECEIPT, HAS_HEAD = 0x04, 0x40
WRONG_LOGIN = {consts.SMPP_ESME_RINVPASWD, consts.SMPP_ESME_RINVSYSID, consts.SMPP_ESME_RINVSYSTYP}
NOT_NOW = {
    consts.SMPP_ESME_RTHROTTLED, consts.SMPP_ESME_RMSGQFUL, consts.SMPP_ESME_RSYSERR, consts.SMPP_ESME_RX_T_APPN,
    consts.SMPP_ESME_RSUBMITFAIL,
}  # fmt: skip


@dataclass
class _Course:
    """How a letter fares: its parts that are not sent yet, those that wait for an answer, what was answered."""

    letter: Letter
    left: list[segments.Segment]
    n_waiting: int = 0
    ref: str = ""
    status: int = consts.SMPP_ESME_ROK
    fault: str = ""

    def outcome(self, broke: str) -> Outcome:
        """What is known of it now; `broke`: why it was not finished, where it was not."""
        key = self.letter.key
        if self.fault:
            return Outcome(key, FAILED, detail=self.fault)
        if self.status != consts.SMPP_ESME_ROK:
            # phones show nothing of a message that lacks a part: sent anew it is one message, not two
            state = LATER if self.status in NOT_NOW else FAILED
            return Outcome(key, state, detail=named(self.status))
        if self.n_waiting or (self.left and self.ref):
            return Outcome(key, UNCLEAR, detail=broke)
        if self.left:
            return Outcome(key, UNTRIED, detail=broke)
        return Outcome(key, SENT, self.ref)


@dataclass
class _Joining:
    """Parts of one answer."""

    since: float
    units: dict[int, Any] = field(default_factory=dict)
    texts: dict[int, str] = field(default_factory=dict)
    of: int = 1


class SmppDoor:
    """Bound as long as it stands open. Nobody can ask a centre about a letter whose number it has not told yet."""

    prevents_doubles = BY_NOTHING
    batch = 50

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._line: Line | None = None
        self._came: list[Any] = []
        """Units that were not acknowledged yet: a centre gives them again to whoever comes after us."""
        self._joining: dict[tuple[str, int], _Joining] = {}
        self._said_at = 0.0

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Hand over, up to a window of requests at once."""
        line = self._opened()
        courses = [_course(letter) for letter in letters]
        waiting: dict[int, _Course] = {}
        is_whole = True
        try:
            self._submit(line, courses, waiting)
        except BROKEN as error:
            self._break(error)
            is_whole = False
            if not any(course.n_waiting or course.ref or course.status for course in courses):
                raise Unreachable(f"{line.host}: {why(error)}") from error
        return [course.outcome(TOO_SLOW if is_whole else BROKE) for course in courses]

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """The state of those whose number the centre has told us."""
        return [self._asked(self._opened(), letter) if letter.ref else None for letter in letters]

    def hear(self, take: Callable[[Heard], None]) -> int:
        """Receipts and answers that have come; each is acknowledged when it is kept."""
        line = self._opened()
        try:
            while line.has_come(0):
                self._read(line, {})
            if time.monotonic() - self._said_at > KEEP_ALIVE:
                self._awaited(line, line.say("enquire_link"))
            return sum(self._given(line, heard, units, take) for heard, units in self._heard())
        except BROKEN as error:
            self._break(error)
            raise Unreachable(f"{line.host}: {why(error)}") from error

    def close(self) -> None:
        """Unbind and leave."""
        if self._line is None:
            return
        try:
            self._awaited(self._line, self._line.say("unbind"), seconds=2.0)
        except BROKEN as error:
            log.info("an SMPP line was left in disorder: %s", why(error))
        self._break(None)

    # ── the line ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _opened(self) -> Line:
        if self._line is not None:
            return self._line
        settings = self._setup.settings
        try:
            line = Line(self._setup)
            line.connect()
            self._line = line
            line.bind_transceiver(
                system_id=str(settings.get("login", "")),
                password=self._setup.secret,
                system_type=str(settings.get("system_type", "")),
            )
        except BROKEN as error:
            self._break(error)
            code = error.args[1] if isinstance(error, exceptions.PDUError) and len(error.args) > 1 else 0
            raise Unreachable(named(code) if code else why(error), is_permanent=code in WRONG_LOGIN) from error
        self._said_at = time.monotonic()
        return line

    def _break(self, error: BaseException | None) -> None:
        """Leave the line as it is; what was not acknowledged will be given again."""
        line, self._line = self._line, None
        self._came.clear()
        self._joining.clear()
        if line is None:
            return
        if error is not None:
            log.info("an SMPP line broke: %s", why(error))
        line.state = consts.SMPP_CLIENT_STATE_OPEN
        line.disconnect()

    def _read(self, line: Line, waiting: dict[int, _Course]) -> Any:
        """Read one unit and do what it asks of us."""
        unit = line.read_pdu()
        self._said_at = time.monotonic()
        if unit.command == "deliver_sm":
            self._came.append(unit)
        elif unit.command == "enquire_link":
            line.say("enquire_link_resp", answers=unit)
        elif unit.command == "unbind":
            line.say("unbind_resp", answers=unit)
            raise exceptions.ConnectionError("the centre has unbound")
        elif course := waiting.pop(unit.sequence, None):
            course.n_waiting -= 1
            if unit.is_error():
                course.status = int(unit.status)
            else:
                course.ref = text_of(unit.message_id)
        return unit

    def _awaited(self, line: Line, number: int, seconds: float = PATIENCE) -> Any:
        """The answer to one request. Raises: ConnectionError when none comes."""
        until = time.monotonic() + seconds
        while line.has_come(until - time.monotonic()):
            unit = self._read(line, {})
            if unit.sequence == number and unit.command.endswith(("_resp", "nack")):
                return unit
        raise exceptions.ConnectionError("no answer in time")

    # ── out ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _submit(self, line: Line, courses: Sequence[_Course], waiting: dict[int, _Course]) -> None:
        until = time.monotonic() + HAND_OVER
        for course in courses:
            if time.monotonic() > until:
                break
            while course.left and course.status == consts.SMPP_ESME_ROK:
                while len(waiting) >= WINDOW:
                    self._await_one(line, waiting)
                segment = course.left[0]
                waiting[line.say("submit_sm", **self._unit(course.letter, segment, is_last=len(course.left) == 1))] = (
                    course
                )
                course.left.pop(0)
                course.n_waiting += 1
        while waiting:
            self._await_one(line, waiting)

    def _await_one(self, line: Line, waiting: dict[int, _Course]) -> None:
        before, until = len(waiting), time.monotonic() + PATIENCE
        while len(waiting) == before:
            if not line.has_come(until - time.monotonic()):
                raise exceptions.ConnectionError("no answer in time")
            self._read(line, waiting)

    def _unit(self, letter: Letter, segment: segments.Segment, *, is_last: bool) -> dict[str, Any]:
        """One request. Only the last part asks for a receipt: the message bears its number."""
        return {
            **self._source(letter),
            "dest_addr_ton": consts.SMPP_TON_INTL,
            "dest_addr_npi": consts.SMPP_NPI_ISDN,
            "destination_addr": letter.address.removeprefix("+"),
            "esm_class": HAS_HEAD if segment.has_head else 0,
            "data_coding": segment.coding,
            "registered_delivery": int(is_last),
            "short_message": segment.body,
        }

    def _source(self, letter: Letter) -> dict[str, Any]:
        """Who it is from: a name, a short number, a number."""
        sender = (letter.sender or self._setup.sender).removeprefix("+")
        if not sender.isdecimal():
            ton, npi = consts.SMPP_TON_ALNUM, consts.SMPP_NPI_UNK
        elif len(sender) < 7:
            ton, npi = consts.SMPP_TON_NWSPEC, consts.SMPP_NPI_UNK
        else:
            ton, npi = consts.SMPP_TON_INTL, consts.SMPP_NPI_ISDN
        return {"source_addr_ton": ton, "source_addr_npi": npi, "source_addr": sender[:20]}

    def _asked(self, line: Line, letter: Letter) -> Outcome | None:
        try:
            unit = self._awaited(line, line.say("query_sm", message_id=letter.ref, **self._source(letter)))
        except BROKEN as error:
            self._break(error)
            raise Unreachable(f"{line.host}: {why(error)}") from error
        if unit.is_error():
            return None
        stat = segments.STATE_NUMBERS.get(int(unit.message_state or 0), "UNKNOWN")
        return Outcome(letter.key, segments.STATES[stat], letter.ref, stat)

    # ── in ───────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _heard(self) -> list[tuple[Heard | None, list[Any]]]:
        """What came, each with the units that brought it; parts of an answer wait for one another."""
        found: list[tuple[Heard | None, list[Any]]] = []
        came, self._came = self._came, []
        for unit in came:
            body = unit.short_message or unit.message_payload or b""
            if unit.esm_class & IS_RECEIPT:
                found.append((self._receipt(unit, body), [unit]))
                continue
            part = segments.parted(body, has_head=bool(unit.esm_class & HAS_HEAD))
            key = (text_of(unit.source_addr), part.number if part.of > 1 else -unit.sequence)
            joining = self._joining.setdefault(key, _Joining(time.monotonic(), of=part.of))
            joining.units[part.n] = unit
            joining.texts[part.n] = segments.said(part.body, int(unit.data_coding or 0))
        late = time.monotonic() - PART_WAITS
        for key, joining in list(self._joining.items()):
            if len(joining.units) >= joining.of or joining.since < late:
                del self._joining[key]
                text = "".join(joining.texts[n] for n in sorted(joining.texts))
                found.append((_answer(key[0], text), list(joining.units.values())))
        return found

    def _receipt(self, unit: Any, body: bytes) -> Report | None:
        told = {"message_state": unit.message_state, "receipted_message_id": text_of(unit.receipted_message_id)}
        known = segments.receipt(segments.said(body, segments.IN_LATIN1), told)
        return Report(known[1], ref=self._as_told(known[0]), detail=known[2]) if known else None

    def _as_told(self, ref: str) -> str:
        """The number of a receipt as it stood in the answer: some centres tell one in tens, the other in sixteens."""
        written = self._setup.settings.get("receipts", "same")
        try:
            if written == "decimal":
                return f"{int(ref):x}"
            if written == "hex":
                return str(int(ref, 16))
        except ValueError:
            return ref
        return ref

    def _given(self, line: Line, heard: Heard | None, units: Sequence[Any], take: Callable[[Heard], None]) -> bool:
        """Keep it, then say so; what could not be kept comes again."""
        status = consts.SMPP_ESME_ROK
        if heard is not None:
            try:
                take(heard)
            except Exception:
                log.exception("what came over SMPP could not be kept")
                status = consts.SMPP_ESME_RX_T_APPN
        for unit in units:
            line.say("deliver_sm_resp", answers=unit, status=status)
        return heard is not None and status == consts.SMPP_ESME_ROK


def _course(letter: Letter) -> _Course:
    try:
        return _Course(letter, segments.segments(letter.text))
    except ValueError as error:
        return _Course(letter, [], fault=str(error))


def _answer(source: str, text: str) -> Answer:
    address = f"+{source.removeprefix('+')}"
    told = f"{address}\0{text}\0{int(time.time()) // SAME_ANSWER}"
    return Answer(hashlib.sha256(told.encode()).hexdigest()[:32], address, text)
