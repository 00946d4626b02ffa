"""Doors by their kind, and what holds at every one: clean letters, one outcome for each, nothing raised for one."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence

from dovolen.desk.messaging.gateways.clean import clean, tidy
from dovolen.desk.messaging.gateways.console import ConsoleDoor
from dovolen.desk.messaging.gateways.http import HttpDoor
from dovolen.desk.messaging.gateways.letters import (
    FAILED,
    HAND_OVER,
    UNCLEAR,
    UNTRIED,
    Door,
    Heard,
    Letter,
    Outcome,
    Setup,
    Unreachable,
)
from dovolen.desk.messaging.gateways.smpp import SmppDoor
from dovolen.desk.messaging.gateways.smtp import SmtpDoor

log = logging.getLogger("dovolen.messaging")

DOORS: dict[str, Callable[[Setup], Door]] = {
    "console": ConsoleDoor,
    "http": HttpDoor,
    "smpp": SmppDoor,
    "smtp": SmtpDoor,
}
BAD_ADDRESS, TOO_SLOW = "not an address", "the gateway is slow"


def open_door(setup: Setup) -> Door:
    """The door of a gateway, guarded. Raises: Unreachable when its settings do not serve."""
    return Guarded(DOORS[setup.kind](setup))


class Guarded:
    """A door with what holds at all of them."""

    def __init__(self, door: Door) -> None:
        self._door = door

    @property
    def prevents_doubles(self) -> str:
        """As the door says."""
        return self._door.prevents_doubles

    @property
    def batch(self) -> int:
        """As the door says."""
        return self._door.batch

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Hand over by batches, for so long as it may take; what is left is untried.

        Raises: Unreachable when not even the first batch was handed over.
        """
        cleaned = {letter.key: clean(letter) for letter in letters}
        found = {key: Outcome(key, FAILED, detail=BAD_ADDRESS) for key, letter in cleaned.items() if letter is None}
        stopped, is_begun, until = "", False, time.monotonic() + HAND_OVER
        for batch in self._batches([letter for letter in cleaned.values() if letter]):
            if is_begun and time.monotonic() > until:
                stopped = stopped or TOO_SLOW
            if not stopped:
                try:
                    found |= self._handed_over(batch)
                    is_begun = True
                    continue
                except Unreachable as error:
                    if not is_begun:
                        raise
                    stopped = error.detail
            found |= {letter.key: Outcome(letter.key, UNTRIED, detail=stopped) for letter in batch}
        return [tidy(found[letter.key]) for letter in letters]

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """Ask by batches."""
        known: dict[str, Outcome | None] = {}
        for batch in self._batches([letter for letter in map(clean, letters) if letter]):
            known |= dict(zip((letter.key for letter in batch), self._door.ask(batch), strict=True))
        answers = [known.get(letter.key) for letter in letters]
        return [answer and tidy(answer) for answer in answers]

    def hear(self, take: Callable[[Heard], None]) -> int:
        """As the door does."""
        return self._door.hear(take)

    def close(self) -> None:
        """Leave; what a gateway says to that is nobody's concern any more."""
        try:
            self._door.close()
        except Exception as error:
            log.info("a gateway was left in disorder: %s", error)

    def _handed_over(self, batch: Sequence[Letter]) -> dict[str, Outcome]:
        try:
            outcomes = {outcome.key: outcome for outcome in self._door.send(batch)}
        except Unreachable:
            raise
        except Exception as error:
            log.exception("a door broke amid sending")
            outcomes = {letter.key: Outcome(letter.key, UNCLEAR, detail=type(error).__name__) for letter in batch}
        return {letter.key: outcomes.get(letter.key) or Outcome(letter.key, UNCLEAR) for letter in batch}

    def _batches(self, letters: list[Letter]) -> Iterator[list[Letter]]:
        for first in range(0, len(letters), self._door.batch):
            yield letters[first : first + self._door.batch]
