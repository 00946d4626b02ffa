"""A gateway of the tests: it keeps the same contract, writes its own journal on the disk, and fails as it is told.

Its settings: `folder` of the journal; `prevents` doubles by key, status, none; `pause` seconds a letter; `refuses` {address:
state}. A file `down` in the folder: nobody answers. Use it instead of a kind: `DOORS["http"] = FakeDoor`.
"""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dovolen.desk.messaging.gateways import Heard, Letter, Outcome, Setup, Unreachable


class FakeDoor:
    """What it takes is a line of `journal.jsonl` before anybody hears of it: the truth of what clients got."""

    clock: Callable[[], float] = time.time
    """A simulated one tells when a letter was taken; `FakeDoor.clock = staticmethod(…)`."""

    def __init__(self, setup: Setup) -> None:
        self._folder = Path(setup.settings["folder"])
        self._pause: float = setup.settings.get("pause", 0)
        self._refuses: dict[str, str] = setup.settings.get("refuses", {})
        self.prevents_doubles: str = setup.settings.get("prevents", "key")
        self.batch: int = setup.settings.get("batch", 20)

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        if (self._folder / "down").exists():
            raise Unreachable("the gateway is down")
        return [self._taken(letter) for letter in letters]

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        known = {line["key"] for line in journal(self._folder)}
        return [Outcome(letter.key, "sent", ref=letter.key) if letter.key in known else None for letter in letters]

    def hear(self, _take: Callable[[Heard], None]) -> int:
        return 0

    def close(self) -> None:
        pass

    def _taken(self, letter: Letter) -> Outcome:
        if state := self._refuses.get(letter.address):
            return Outcome(letter.key, state, detail="as told")
        line = {
            "pid": os.getpid(),
            "key": letter.key,
            "address": letter.address,
            "text": letter.text,
            "at": type(self).clock(),
        }
        with _alone(self._folder) as file:
            if self.prevents_doubles != "key" or not _knows(file, letter.key):
                os.write(file, (json.dumps(line, ensure_ascii=False) + "\n").encode())
        time.sleep(self._pause)  # here a killed sender has sent and does not know it
        return Outcome(letter.key, "sent", ref=letter.key)


def journal(folder: Path) -> list[dict[str, Any]]:
    """What was taken, one line a letter that a client got."""
    path = folder / "journal.jsonl"
    if not path.exists():
        return []
    with path.open(encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_SH)  # nobody is in the middle of a line
        return [json.loads(line) for line in file]


@contextmanager
def _alone(folder: Path) -> Iterator[int]:
    file = os.open(folder / "journal.jsonl", os.O_RDWR | os.O_APPEND | os.O_CREAT)
    fcntl.flock(file, fcntl.LOCK_EX)
    yield file
    os.close(file)


def _knows(file: int, key: str) -> bool:
    return f'"key": "{key}"'.encode() in os.pread(file, os.fstat(file).st_size, 0)
