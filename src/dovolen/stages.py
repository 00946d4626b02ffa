"""Progress on the terminal: a line per stage with its seconds; a moving mark while it lasts, where one is watching."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

from dovolen.insight.words import Words


class Stages:
    """The stages of one command, told on standard error in the reader's language."""

    def __init__(self, lang: str) -> None:
        self._words = Words(lang)
        self._began = time.monotonic()

    @contextmanager
    def __call__(self, name: str, *, quiet: bool = False) -> Iterator[None]:
        """Tell when the stage `name` is over and how long it took; a `quiet` one is not told."""
        title = self._words.say(f"stage.{name}")
        began = time.monotonic()
        with nullcontext() if quiet else _watched(title):
            yield
        if not quiet:
            self._tell(f"{title:<32}{self._seconds(began)}")

    def end(self, path: Path) -> None:
        """Tell what was made and how long all of it took."""
        self._tell(f"{self._words.say('stage.done'):<32}{self._seconds(self._began)}")
        print(path)

    def _seconds(self, began: float) -> str:
        return self._words.say("stage.seconds", seconds=self._words.number(time.monotonic() - began, 1))

    def _tell(self, line: str) -> None:
        print(line, file=sys.stderr)


def _watched(title: str) -> Any:
    """A moving bar on a terminal, nothing in a pipe: its start costs a tenth of a second."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    shown = Progress(
        TextColumn(title),
        BarColumn(pulse_style="cyan"),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )
    shown.add_task(title, total=None)
    return shown
