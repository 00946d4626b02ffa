"""Every page of the desk in a real browser, full of things: sound, reachable, quiet, and deaf to hostile texts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from tests.desk import cast, estate, hostile
from tests.desk.estate import Estate
from tests.desk.test_access import routes
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

NOT_PAGES = ("log-out/", "health/", "orders/<int:number>/photos/<int:key>/", "log-in/", "first-run/", "invitation/")
PARTS = 4
"""Of the pages, so that several may be looked at beside each other."""
LISTENS = "window.ran = []; window.xss = n => window.ran.push(n);"


@pytest.fixture(scope="module")
def north(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, list[str]]]:
    """A served house, looked at by the one who directs it, and all its pages."""
    with served.prepared(tmp_path_factory.mktemp("pages") / "home", "", django_db_blocker) as installation:
        house = cast.full(now=timezone.now())
        full = estate.of(house.north, owner=house.people["technician.north"], by=cast.fresh(house.olga), mark="Пример")
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house.olga)
            yield visitor, addresses(full)


def addresses(full: Estate) -> list[str]:
    """Everything that shows a page when it is asked for."""
    from django.test import Client

    client = Client()
    client.force_login(cast.fresh(full.owner.__class__.objects.get(login="olga")))
    found = []
    for pattern, _ in routes():
        if pattern.startswith(NOT_PAGES) or "challenge" in pattern:
            continue
        answer = client.get(full.address(pattern))
        if answer.status_code == 200 and not answer.streaming and b"<html" in answer.content:
            found.append(full.address(pattern))
    return found


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_is_sound_wide_and_on_a_phone(part: int, north: tuple[Visitor, list[str]]) -> None:
    visitor, pages = north

    for page in pages[part::PARTS]:
        name = page.strip("/").replace("/", "-") or "home"
        visitor.visits(page, width=360)
        visitor.finds_sound(f"{name}-360")
        visitor.turns(width=1024)
        assert visitor.overflow() <= 0, f"{name}-1024"
        visitor.visits(page, dark=True, lang="en")
        visitor.finds_sound(f"{name}-dark-en")

    print(f"\npages looked at, part {part + 1} of {PARTS}: {len(pages[part::PARTS])}, faults of access: 0")
    assert len(pages) >= 60


def test_hostile_texts_run_on_no_page(north: tuple[Visitor, list[str]]) -> None:
    visitor, pages = north
    hostile.fill()
    visitor.window.ask("Page.addScriptToEvaluateOnNewDocument", source=LISTENS)

    for page in pages:
        visitor.visits(page)
        assert visitor.window.look("window.ran.length") == 0, page
        assert visitor.noise() == [], page

    print(f"\nS10: {len(hostile.PAYLOADS)} payloads, {len(pages)} pages opened in a browser, 0 runs")
