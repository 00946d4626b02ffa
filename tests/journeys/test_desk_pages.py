"""Every page of the desk in a real browser, full of things: sound, reachable, quiet, and deaf to hostile texts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from tests.desk import cast, estate, hostile
from tests.desk.estate import Estate
from tests.desk.test_access import routes
from tests.journeys import browser, served
from tests.journeys.browser import Browser
from tests.journeys.visitor import AXE, Visitor

PICTURES = os.environ.get("DOVOLEN_PICTURES")
"""A folder where pictures of every page are kept, when named."""
NOT_PAGES = ("log-out/", "health/", "orders/<int:number>/photos/<int:key>/", "log-in/", "first-run/", "invitation/")
EXPECTED = ("status of 404", "status of 405", "status of 401", "status of 403")
LISTENS = "window.ran = []; window.xss = n => window.ran.push(n);"


@pytest.fixture(scope="module")
def window(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = browser.found()
    if program is None or not AXE.exists():
        pytest.skip("no chromium on this machine (or no axe-core: make setup): the desk is not looked at in a browser")
    with browser.opened(program, tmp_path_factory.mktemp("profile")) as one:
        yield one


@pytest.fixture(scope="module")
def north(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, Estate]]:
    """A served house; the one who looks directs it."""
    with served.prepared(tmp_path_factory.mktemp("pages") / "home", "", django_db_blocker) as installation:
        house = cast.full(now=timezone.now())
        full = estate.of(house.north, owner=house.people["technician.north"], by=cast.fresh(house.olga), mark="Пример")
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house.olga)
            yield visitor, full


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


def is_sound(visitor: Visitor, name: str) -> None:
    """No fault of access, no sideways scroll, no complaint of the browser, no request to others."""
    assert visitor.faults() == [], name
    assert visitor.overflow() <= 0, name
    noise = [text for text in visitor.window.complaints() if not any(known in text for known in EXPECTED)]
    assert not noise, f"{name}: {noise}"
    foreign = [url for url in visitor.window.requests() if not url.startswith((visitor.origin, "data:", "blob:"))]
    assert not foreign, f"{name}: {foreign}"
    if PICTURES:
        visitor.pictures(Path(PICTURES) / f"{name}.png")


def test_every_page_is_sound_wide_and_on_a_phone(north: tuple[Visitor, Estate]) -> None:
    visitor, full = north
    pages = addresses(full)

    for page in pages:
        name = page.strip("/").replace("/", "-") or "home"
        visitor.visits(page, width=390)
        is_sound(visitor, f"{name}-390")
        visitor.visits(page, width=1024)
        assert visitor.overflow() <= 0, f"{name}-1024"
        visitor.visits(page, dark=True, lang="en")
        is_sound(visitor, f"{name}-dark-en")

    print(f"\npages looked at: {len(pages)}, faults of access: 0")
    assert len(pages) >= 60


def test_hostile_texts_run_on_no_page(north: tuple[Visitor, Estate]) -> None:
    visitor, full = north
    pages = addresses(full)
    hostile.fill(0)
    visitor.window.ask("Page.addScriptToEvaluateOnNewDocument", source=LISTENS)

    for number, page in enumerate(pages):
        hostile.fill(number) if number % 7 == 0 else None
        visitor.visits(page)
        assert visitor.window.look("window.ran.length") == 0, page
        noise = [text for text in visitor.window.complaints() if not any(known in text for known in EXPECTED)]
        assert not noise, f"{page}: {noise}"

    print(f"\npayloads: {len(hostile.PAYLOADS)}, pages opened: {len(pages)}, runs: 0")
