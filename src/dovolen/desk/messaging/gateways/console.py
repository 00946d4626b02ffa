"""The gateway of a demo and of a house that sends nothing yet: letters become lines of a file in the home folder."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from dovolen.desk.messaging.gateways.letters import BY_STATUS, SENT, Heard, Letter, Outcome, Setup, Unreachable


class ConsoleDoor:
    """Appends to `outbox.jsonl`; what was written is on the disk before anybody is told so."""

    prevents_doubles = BY_STATUS
    batch = 100

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._path = Path(settings.HOME.folder) / "outbox.jsonl"

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Write them, all in one piece."""
        text = "".join(json.dumps(self._line(letter), ensure_ascii=False) + "\n" for letter in letters)
        with self._opened() as file:
            torn = os.fstat(file).st_size and os.pread(file, 1, os.fstat(file).st_size - 1) != b"\n"
            os.write(file, ("\n" * bool(torn) + text).encode())
            os.fsync(file)
        return [Outcome(letter.key, SENT, ref=letter.key) for letter in letters]

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """Look for their keys in the file."""
        wanted = {letter.key for letter in letters}
        found = {line["key"] for line in self._lines() if line.get("key") in wanted}
        return [Outcome(letter.key, SENT, ref=letter.key) if letter.key in found else None for letter in letters]

    def hear(self, _take: Callable[[Heard], None]) -> int:
        """Nobody answers a file."""
        return 0

    def close(self) -> None:
        """Nothing is held."""

    def _line(self, letter: Letter) -> dict[str, str]:
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        told = {"key": letter.key, "at": at, "gateway": self._setup.name, "channel": letter.channel}
        told |= {"sender": letter.sender, "address": letter.address}
        return told | {"subject": letter.subject, "text": letter.text}

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            file = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
        except OSError as error:
            raise Unreachable(f"{self._path.name}: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield file
        finally:
            os.close(file)

    def _lines(self) -> Iterator[dict[str, Any]]:
        if not self._path.exists():
            return
        with self._path.open(encoding="utf-8") as file:
            for text in file:
                try:
                    line = json.loads(text)
                except ValueError:
                    continue  # torn by a loss of power: it was told to nobody
                if isinstance(line, dict):
                    yield line
