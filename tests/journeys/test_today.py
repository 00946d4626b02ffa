"""The first screen and the calendar by keys alone, and a screen that keeps itself up to date."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make
from tests.desk.cast import House
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

ROW = "document.querySelector('[data-row].on')?.querySelector('a')?.innerText.replace('\\u00a0', ' ') ?? ''"


@pytest.fixture(scope="module")
def desk(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, House]]:
    """A receptionist before three promises that are near."""
    with served.prepared(tmp_path_factory.mktemp("today") / "home", "", django_db_blocker) as installation:
        house = cast.full(now=timezone.now())
        Centre.objects.update(hours="24/7")
        for hours in (1, 2, 3):
            promised(house, hours)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house["receptionist.north"])
            yield visitor, house


def promised(house: House, hours: float) -> RepairOrder:
    now = timezone.now()
    return make.order(by=house.olga, centre=house.north, now=now, promised_at=now + timedelta(hours=hours, minutes=5))


def numbers() -> list[str]:
    return [f"№ {number}" for number in RepairOrder.objects.order_by("promised_at").values_list("number", flat=True)]


def goes(visitor: Visitor, key: str, code: str = "") -> str:
    visitor.window.events.clear()
    visitor.presses(key, code=code or key)
    visitor.window.until("Page.loadEventFired")
    return visitor.path


def test_rows_are_chosen_by_j_and_k_and_entered(desk: tuple[Visitor, House]) -> None:
    visitor, _ = desk
    first, second, third = numbers()
    visitor.visits("/")
    assert visitor.window.look(ROW) == first

    seen = []
    for key in "jjkо":  # the last one is J in the Russian layout
        visitor.presses(key, code="KeyK" if key == "k" else "KeyJ")
        seen.append(visitor.window.look(ROW))

    assert seen == [second, third, second, third]
    assert goes(visitor, "Enter").startswith(f"/orders/{third[2:]}/")


def test_the_first_row_is_entered_at_once(desk: tuple[Visitor, House]) -> None:
    visitor, _ = desk
    visitor.visits("/")

    assert goes(visitor, "Enter").startswith(f"/orders/{numbers()[0][2:]}/")


def test_the_screen_shows_what_happened_and_keeps_the_row(desk: tuple[Visitor, House]) -> None:
    visitor, house = desk
    visitor.visits("/")
    visitor.presses("j", code="KeyJ")
    chosen = visitor.window.look(ROW)
    before = visitor.window.look("document.querySelectorAll('[data-row]').length")

    fresh = promised(house, 0.5)
    visitor.window.look("document.dispatchEvent(new Event('visibilitychange'))")
    deadline = time.monotonic() + 10
    while f"№ {fresh.number}" not in visitor.reads("#today"):
        assert time.monotonic() < deadline
        time.sleep(0.05)

    assert visitor.window.look("document.querySelectorAll('[data-row]').length") == before + 1
    assert visitor.window.look(ROW) == chosen
    assert visitor.window.look("document.activeElement.closest('[data-row]').classList.contains('on')")


def test_days_of_the_calendar_turn_by_arrows(desk: tuple[Visitor, House]) -> None:
    visitor, _ = desk
    visitor.visits("/calendar/?day=2026-11-20")

    goes(visitor, "ArrowRight")
    assert "day=2026-11-21" in visitor.window.look("location.search")
    goes(visitor, "ArrowLeft")
    assert "day=2026-11-20" in visitor.window.look("location.search")
    assert goes(visitor, "+", "Equal") == "/calendar/slots/new/"
