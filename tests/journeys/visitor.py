"""Somebody at the desk: opens pages of a running server, types, presses keys, looks for faults."""

from __future__ import annotations

import base64
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.conftest import ROOT
from tests.journeys.browser import Browser

PICTURES = os.environ.get("DOVOLEN_PICTURES")
"""A folder where pictures of every page are kept, when named."""
REFUSALS = ("status of 401", "status of 403", "status of 404", "status of 405")
AXE = ROOT / ".cache" / "axe.min.js"
FAULTS = """axe.run(document, {resultTypes: ['violations'], preload: false}).then(found => found.violations.map(
  fault => `${fault.id}: ${fault.nodes.slice(0, 3).map(node => node.target.join(' ')).join(' | ')}`))"""
FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))"
"""Until the page is laid out anew."""
SETTLED = "document.fonts.ready.then(() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 50))))"
PATIENCE = 20
"""Seconds to wait for something on a page."""
NUMBERS = {"Enter": 13, "Escape": 27}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Visitor:
    """One person in one browser at one address."""

    window: Browser
    origin: str

    def visits(self, path: str, *, width: int = 1440, height: int = 900, dark: bool = False, lang: str = "ru") -> None:
        """Open a page in a window of this width and wait until it is drawn."""
        ask = self.window.ask
        self._is_wide(width, height)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        ask("Emulation.setEmulatedMedia", features=[scheme])
        ask("Network.setExtraHTTPHeaders", headers={"Accept-Language": lang})
        self._through(lambda: ask("Page.navigate", url=self.origin + path))

    def turns(self, *, width: int, height: int = 900) -> None:
        """Make the window as wide as this, with the page that is open in it."""
        self._is_wide(width, height)
        self.window.look(FRAMES)

    def _is_wide(self, width: int, height: int) -> None:
        self.window.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )

    def _through(self, act: Any) -> None:
        self.window.events.clear()
        act()
        self.window.until("Page.loadEventFired")
        self.window.look(SETTLED)

    def types(self, selector: str, text: str) -> None:
        """Write into a field."""
        self.window.look(f"document.querySelector({selector!r}).focus()")
        self.window.look(f"document.querySelector({selector!r}).select?.()")
        self.window.ask("Input.insertText", text=text)

    def sends(self, selector: str = "main form") -> None:
        """Send a form and wait for the page that answers."""
        press = (
            f"document.querySelector({selector!r}).requestSubmit(document.querySelector({selector!r} + ' button.btn'))"
        )
        self._through(lambda: self.window.look(press))

    def presses(self, key: str, *, code: str = "", ctrl: bool = False) -> None:
        """Press one key."""
        text = {"text": key} if len(key) == 1 and not ctrl else {"text": "\r"} if key == "Enter" else {}
        given = {"key": key, "code": code or key, "modifiers": 2 if ctrl else 0}
        if key in NUMBERS:
            given["windowsVirtualKeyCode"] = NUMBERS[key]
        self.window.ask("Input.dispatchKeyEvent", type="keyDown", **given, **text)
        self.window.ask("Input.dispatchKeyEvent", type="keyUp", **given)

    def sees(self, selector: str) -> bool:
        """Whether something of this selector is drawn."""
        return bool(self.window.look(f"!!document.querySelector({selector!r})?.checkVisibility()"))

    def reads(self, selector: str = "main") -> str:
        """The text as it is drawn."""
        return str(self.window.look(f"document.querySelector({selector!r})?.innerText ?? ''")).replace("\u00a0", " ")

    @property
    def path(self) -> str:
        """Where he is."""
        return str(self.window.look("location.pathname"))

    def faults(self) -> list[str]:
        """What axe-core finds wrong on the page."""
        self.window.ask("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        found: list[str] = self.window.look(FAULTS)
        return found

    def waits(self, expression: str) -> None:
        """Until it is so on the page."""
        deadline = time.monotonic() + PATIENCE
        while not self.window.look(expression):
            assert time.monotonic() < deadline, f"{expression}\n{self.path}\n{self.reads()[:3000]}"
            time.sleep(0.02)

    def noise(self) -> list[str]:
        """What the browser complains of, but for answers that refuse on purpose."""
        return [text for text in self.window.complaints() if not any(known in text for known in REFUSALS)]

    def finds_sound(self, name: str) -> None:
        """No fault of access, no sideways scroll, no complaint, no request to others; a picture where one is asked."""
        assert self.faults() == [], name
        assert self.overflow() <= 0, name
        assert self.noise() == [], name
        foreign = [url for url in self.window.requests() if not url.startswith((self.origin, "data:", "blob:"))]
        assert foreign == [], name
        if PICTURES:
            self.pictures(Path(PICTURES) / f"{name}.png")

    def overflow(self) -> int:
        """By how many pixels the page scrolls sideways."""
        return int(self.window.look(SIDEWAYS))

    def pictures(self, path: Path) -> None:
        """Keep a picture of the whole page."""
        size = self.window.ask("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        taken = self.window.ask("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        path.write_bytes(base64.b64decode(taken["data"]))
