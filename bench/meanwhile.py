"""Pages of a desk asked for while something else is at work on its base: how long they take before and meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pages import Base, _ask, _served, _timed

BENCH = Path(__file__).resolve().parent
PAGES = ("client list", "order list", "board", "today", "client card")
QUIET_ROUNDS = 30
PAUSE = 0.1
"""Between two pages, as people leave it."""


@dataclass
class Watch:
    """Seconds of each page, of an idle desk and meanwhile."""

    base: Base
    desk: Any
    probe: dict[str, Any]
    quiet: list[float] = field(default_factory=list)
    during: list[float] = field(default_factory=list)

    def look(self) -> list[float]:
        """Every page once."""
        cookie = f"sessionid={self.probe['cookie']}"
        return [_timed(lambda: _ask(self.desk, "GET", self.probe["pages"][name], "", cookie)) for name in PAGES]  # noqa: B023

    def run(self, *script: str) -> Any:
        """What a script of the bench says as JSON; pages are asked for until it ends."""
        process = subprocess.Popen(
            [sys.executable, str(BENCH / script[0]), *script[1:]], env=self.base.environment, text=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        while process.poll() is None:
            self.during += self.look()
            time.sleep(PAUSE)
        assert process.stdout is not None
        return json.loads(process.stdout.read())


@contextmanager
def watched(base: Base) -> Iterator[Watch]:
    """A desk on this base, its pages looked at while nothing else is at work."""
    probe = json.loads(base.run("pages_probe.py"))
    with _served(base, "dovolen.desk.wsgi:application", 1) as desk:
        watch = Watch(base, desk, probe)
        watch.look()
        for _ in range(QUIET_ROUNDS):
            watch.quiet += watch.look()
            time.sleep(PAUSE)
        yield watch
