"""Somebody who takes in by keys alone, and the desk where he does."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.assets.models import AT_INTAKE, ChecklistItem, FaultLine, FaultTemplate
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

MOST_KEYS, MOST_SECONDS = 25, 30
PHONE, SERIAL = "+7 997 201-88-01", "N4NRCV05H63417C"
CODES = {"Tab": 9, "Enter": 13, " ": 32, "ArrowUp": 38, "ArrowDown": 40, "F2": 113, "F4": 115}


@dataclass
class Hands:
    """Somebody who never touches the mouse; keys beyond the texts themselves are counted."""

    visitor: Visitor
    n_keys: int = 0
    began: float = 0.0

    def opens(self, path: str = "/intake/", **how: Any) -> None:
        self.visitor.visits(path, **how)
        self.n_keys, self.began = 0, time.monotonic()

    def writes(self, text: str) -> None:
        self.visitor.window.ask("Input.insertText", text=text)

    def presses(self, *keys: str, alt: bool = False, ctrl: bool = False) -> None:
        for key in keys:
            told: dict[str, str | int] = {
                "key": key,
                "code": {" ": "Space"}.get(key, f"Digit{key}" if key.isdigit() else key),
            }
            told |= {"modifiers": alt * 1 + ctrl * 2, "windowsVirtualKeyCode": CODES.get(key, ord(key[0]))}
            text = {} if alt or ctrl else {" ": {"text": " "}, "Enter": {"text": "\r"}}.get(key, {})
            self.visitor.window.ask("Input.dispatchKeyEvent", type="keyDown", **told, **text)
            self.visitor.window.ask("Input.dispatchKeyEvent", type="keyUp", **told)
            self.n_keys += 1

    def sees(self, expression: str) -> None:
        """Wait until it is so."""
        deadline = time.monotonic() + 20
        while not self.visitor.window.look(expression):
            assert time.monotonic() < deadline, f"{expression}\n{self.visitor.reads('main')[:2000]}"
            time.sleep(0.02)

    def stands_at(self, selector: str) -> None:
        """Wait until the cursor is there."""
        self.sees(f"document.activeElement?.matches({selector!r})")

    def is_done(self, what: str) -> RepairOrder:
        """The slip is there: the order that was taken in, in how many keys and seconds."""
        self.sees("location.pathname.endsWith('/slip/')")
        seconds = time.monotonic() - self.began
        print(f"\n{what}: {self.n_keys} keys of {MOST_KEYS}, {seconds:.1f} s of the machine")
        assert self.n_keys <= MOST_KEYS
        assert seconds <= MOST_SECONDS * 10
        return RepairOrder.objects.latest("number")


@contextmanager
def at_desk(window: Browser, home: Path, url: str, blocker: Any) -> Iterator[Hands]:
    """A receptionist at a desk that runs: one client with one laptop, two with the same name, no end of new ones."""
    with served.prepared(home, url, blocker) as installation:
        house = cast.opened(now=timezone.now())
        _fill(house)
        desk = make.staff("desk", (house.north, "receptionist"))
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, desk)
            yield Hands(visitor)


def _fill(house: cast.House) -> None:
    by, now = cast.fresh(house.olga), timezone.now()
    make.stage("accepted")
    laptop = make.category()
    make.category("phone")
    for text in ("Включается", "Следы влаги"):
        ChecklistItem.objects.create(category=laptop, text=text, moment=AT_INTAKE, is_usual=text == "Включается")
    for title, price in (("Не включается", 90_000), ("Греется", 320_000)):
        fault = FaultTemplate.objects.create(category=laptop, title=title, text=f"{title}.")
        FaultLine.objects.create(fault=fault, name=f"Работа: {title}", price=price, norm_minutes=60)
    larin = make.person(by=by, centre=house.north, name="Ларин Сергей Викторович", phone=PHONE, now=now)
    make.asset(owner=larin, centre=house.north, serial_number=SERIAL, now=now)
    make.person(by=by, centre=house.north, name="Карпова Анна", phone=make.number(901), now=now)
    karpova = make.person(by=by, centre=house.north, name="Карпова Марина", phone=make.number(902), now=now)
    for model in ("iPhone 13", "iPhone 15"):
        make.asset(owner=karpova, centre=house.north, code="phone", model=model, brand="Apple", now=now)
