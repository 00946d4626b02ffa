"""The desk as its first people meet it, in a real browser over a real server: from an empty home to a passkey."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from dovolen.desk.accounts import codes
from tests.desk.processes import Installation
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

PASSWORD = "Zelenaya-Lampa-7"
WIDTHS = (1440, 1024, 390, 360)
PAGES = ("/", "/no/such/page/")
"""The others are looked at when they are full: test_desk_pages."""


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A desk on an empty home, served as `dovolen serve` does it."""
    from contextlib import nullcontext

    from tests.desk.conftest import fresh_postgres

    wanted = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    home = tmp_path_factory.mktemp("served") / "home"
    with fresh_postgres(wanted) if wanted else nullcontext("") as url, served.served(Installation(home, url)) as origin:
        yield origin


@pytest.fixture(scope="module")
def visitor(window: Browser, address: str) -> Visitor:
    """Olga, who opened the house."""
    window.ask("Network.clearBrowserCookies")
    olga = Visitor(window, address)
    olga.visits("/")
    assert olga.path == "/first-run/"
    olga.finds_sound("first-run")
    told = {"centre_name": "Сервис на Ленина", "name": "Ольга Седова", "login": "olga", "new_password": PASSWORD}
    for field, text in told.items():
        olga.types(f"#id_{field}", text)
    olga.sends()
    assert (olga.path, "Ольга Седова" in olga.reads(".dv-side .me")) == ("/", True)
    olga.visits("/staff/new/")
    olga.types("#id_name", "Руслан Хан")
    olga.types("#id_login", "ruslan")
    olga.window.look("document.querySelector('input[value=technician]').click()")
    olga.sends()
    assert "/invitation/" in str(olga.window.look("document.querySelector('#link').value"))
    olga.finds_sound("link")
    return olga


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_sound_at_every_width_in_both_languages_and_themes(visitor: Visitor, path: str) -> None:
    name = path.strip("/").replace("/", "-") or "home"
    for width in WIDTHS:
        visitor.visits(path, width=width)
        visitor.finds_sound(f"{name}-{width}")
    visitor.visits(path, dark=True, lang="en")
    assert visitor.window.look("document.documentElement.dataset.bsTheme + document.documentElement.lang") == "darken"
    visitor.finds_sound(f"{name}-dark-en")


def test_pages_are_reached_by_keys_alone(visitor: Visitor) -> None:
    visitor.visits("/profile/")

    visitor.presses("k", code="KeyK", ctrl=True)
    assert visitor.sees("#palette")
    visitor.window.ask("Input.insertText", text="сотр")
    assert visitor.reads("#palette [role=option]:not([hidden])").startswith("Сотрудники")
    assert visitor.faults() == []
    visitor.window.events.clear()
    visitor.presses("Enter")
    visitor.window.until("Page.loadEventFired")
    assert visitor.path == "/staff/"

    visitor.presses("?", code="Slash")
    assert visitor.sees("#keys")
    assert visitor.faults() == []
    visitor.presses("Escape")
    visitor.presses("g", code="KeyG")
    visitor.window.events.clear()
    visitor.presses("е", code="KeyT")
    visitor.window.until("Page.loadEventFired")
    assert visitor.path == "/"


def test_letters_do_nothing_in_a_field_and_the_menu_opens_on_a_phone(visitor: Visitor) -> None:
    visitor.visits("/profile/", width=390)
    visitor.window.look("document.querySelector('#id_name').focus()")
    visitor.presses("?", code="Slash")
    assert not visitor.sees("#keys")

    visitor.window.look("document.querySelector('[data-opens=sheet]').click()")
    assert visitor.sees("#sheet")
    assert "Сотрудники" in visitor.reads("#sheet")
    assert visitor.faults() == []


def test_a_theme_is_there_before_the_first_paint(visitor: Visitor) -> None:
    visitor.visits("/profile/", dark=True)
    assert visitor.window.look("getComputedStyle(document.body).backgroundColor") == "rgb(14, 20, 19)"
    shift = "performance.getEntriesByType('layout-shift').reduce((sum, one) => sum + one.value, 0)"

    assert visitor.window.look(shift) == 0


def test_a_passkey_is_made_and_lets_in_and_the_second_step_is_switched_on(visitor: Visitor, window: Browser) -> None:
    window.ask("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    held = window.ask("WebAuthn.addVirtualAuthenticator", options=options)
    visitor.visits("/profile/passkeys/new/")
    visitor.types("#id_key_name", "Ноутбук")
    visitor.types("#id_password", "wrong")
    visitor.window.look("document.querySelector('form[data-passkey]').requestSubmit()")
    _until(visitor, "Пароль не подходит")
    visitor.types("#id_password", PASSWORD)
    visitor.sends("form[data-passkey]")
    assert "Ключ добавлен" in visitor.reads("body")
    assert "Ноутбук" in visitor.reads()

    visitor.visits("/profile/authenticator/")
    secret = visitor.reads(".dv-secret").strip()
    visitor.types("#id_code", codes.at_step(secret, int(time.time()) // codes.STEP))
    visitor.types("#id_password", PASSWORD)
    visitor.sends()
    recovery = visitor.reads("#codes").split()
    visitor.finds_sound("recovery-codes")

    visitor.sends("nav.dv-side form")
    assert visitor.path == "/log-in/"
    visitor.finds_sound("log-in")
    visitor.sends("form[data-passkey]")
    assert visitor.path == "/"

    visitor.sends("nav.dv-side form")
    visitor.types("#id_login", "olga")
    visitor.types("#id_password", PASSWORD)
    visitor.sends("main form:not([data-passkey])")
    assert visitor.path == "/log-in/code/"
    visitor.finds_sound("log-in-code")
    visitor.types("#id_code", recovery[0])
    visitor.sends()
    assert visitor.path == "/"
    visitor.visits("/profile/")
    visitor.finds_sound("profile-with-keys")
    window.ask("WebAuthn.removeVirtualAuthenticator", **held)


def _until(somebody: Visitor, text: str) -> None:
    deadline = time.monotonic() + 10
    while text not in somebody.reads("body"):
        assert time.monotonic() < deadline, text
        time.sleep(0.05)
