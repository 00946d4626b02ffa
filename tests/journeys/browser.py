"""A headless Chromium driven over a pair of pipes: enough of its protocol to open a page as a reader would."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from select import select
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "chrome")
SWITCHES = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--hide-scrollbars",
    "--disable-background-networking", "--remote-debugging-pipe",
)  # fmt: skip
PATIENCE = 60
"""Seconds to wait for one answer."""


def found() -> str | None:
    """The path of a Chromium, None where there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Browser:
    """One open page and what happened on it."""

    into: int
    out: int
    session: str = ""
    events: list[dict[str, Any]] = field(default_factory=list)
    _last: int = 0
    _rest: bytes = b""

    def ask(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command and wait for its answer; what happens meanwhile is kept in `events`."""
        self._last += 1
        message = {"id": self._last, "method": method, "params": params}
        os.write(
            self.into, json.dumps(message | ({"sessionId": self.session} if self.session else {})).encode() + b"\0"
        )
        while True:
            heard = self._hear()
            if heard.get("id") == self._last:
                assert "error" not in heard, f"{method}: {heard['error']}"
                result: dict[str, Any] = heard["result"]
                return result
            self.events.append(heard)

    def _hear(self) -> dict[str, Any]:
        while b"\0" not in self._rest:
            assert select([self.out], [], [], PATIENCE)[0], "the browser does not answer"
            part = os.read(self.out, 1 << 20)
            assert part, "the browser has closed"
            self._rest += part
        message, _, self._rest = self._rest.partition(b"\0")
        told: dict[str, Any] = json.loads(message)
        return told

    def open(self, page: Path, *, width: int, height: int = 900, dark: bool = False) -> None:
        """Show a file in a window of this width and wait until it is drawn."""
        self.events.clear()
        phone = width < 500
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.ask("Emulation.setEmulatedMedia", features=[scheme])
        self.ask("Page.navigate", url=page.as_uri())
        self.until("Page.loadEventFired")
        self.look(
            "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))))"
        )

    def until(self, method: str) -> None:
        """Wait until something is told under this name."""
        while not self.heard(method):
            self.events.append(self._hear())

    def look(self, expression: str) -> Any:
        """The value of an expression on the page."""
        told = self.ask("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in told, told["exceptionDetails"]
        return told["result"].get("value")

    def heard(self, method: str) -> list[dict[str, Any]]:
        """What was told under one name since the page was opened."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def complaints(self) -> list[str]:
        """Errors and warnings of the page: its console, its policy, its scripts."""
        logged = [event["entry"]["text"] for event in self.heard("Log.entryAdded")]
        said = [str(event["args"]) for event in self.heard("Runtime.consoleAPICalled")]
        return logged + said + [str(event["exceptionDetails"]) for event in self.heard("Runtime.exceptionThrown")]

    def requests(self) -> list[str]:
        """Addresses the page asked for."""
        return [event["request"]["url"] for event in self.heard("Network.requestWillBeSent")]


@contextmanager
def opened(program: str, profile: Path) -> Iterator[Browser]:
    """A browser with one empty page; it ends with the block."""
    (theirs_in, ours_in), (ours_out, theirs_out) = os.pipe(), os.pipe()
    hers = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (theirs_in, theirs_out)]

    def hand_over() -> None:
        for place, end in zip((3, 4), hers, strict=True):
            os.dup2(end, place)

    running = subprocess.Popen(
        [program, *SWITCHES, f"--user-data-dir={profile}"], close_fds=False, preexec_fn=hand_over,  # noqa: PLW1509
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    for end in (theirs_in, theirs_out, *hers):
        os.close(end)
    try:
        browser = Browser(ours_in, ours_out)
        target = browser.ask("Target.createTarget", url="about:blank")["targetId"]
        browser.session = browser.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            browser.ask(f"{domain}.enable")
        yield browser
    finally:
        running.kill()
        running.wait()
        os.close(ours_in)
        os.close(ours_out)
