"""The frame: errors told in words, pages and fragments, the menu by rights, numbers in templates."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import OperationalError
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from dovolen.desk.accounts.rights import MARKETER
from dovolen.desk.core.errors import Refusal
from dovolen.desk.shell import errors, navigation
from dovolen.desk.shell.templatetags.shell import browser
from tests.desk import cast

NBSP = "\u00a0"


@pytest.mark.parametrize("status", [400, 403, 404, 409, 500, 503])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_an_error_says_what_happened_and_what_to_do(status: int, lang: str) -> None:
    with translation.override(lang):
        answer = errors.told(RequestFactory().get("/orders/7/"), status)

    page = answer.content.decode()
    assert answer.status_code == status
    assert f"<html lang={lang!r}".replace("'", '"') in page
    assert "<h1>" in page
    assert 'href="/"' in page
    assert ('href="/orders/7/"' in page) == (status >= 409)


def test_a_fragment_gets_the_sentence_alone_and_changes_nothing_on_the_page() -> None:
    answer = errors.told(RequestFactory().get("/", headers={"HX-Request": "true"}), 409, reason="<b>")

    assert answer.content.decode().strip() == "<p data-error>&lt;b&gt;</p>"
    assert answer.headers["HX-Reswap"] == "none"


def failing(error: Exception) -> Any:
    middleware = errors.told_in_words(lambda request: None)  # type: ignore[arg-type, return-value]
    return middleware.process_exception(RequestFactory().get("/"), error)  # type: ignore[attr-defined]


def test_a_refusal_that_no_view_caught_is_a_conflict_and_a_base_that_is_away_asks_to_wait() -> None:
    assert failing(Refusal()).status_code == 409
    assert failing(ValueError()) is None
    away = failing(OperationalError())
    assert (away.status_code, away.headers["Retry-After"]) == (503, "5")


@pytest.mark.django_db
def test_the_menu_shows_what_may_be_opened() -> None:
    house = cast.opened()
    person = cast.joined(house, login="m", places=[(house.north.pk, MARKETER)])

    def names(somebody: Any, path: str = "/") -> dict[str, bool]:
        request = RequestFactory().get(path)
        request.user = somebody
        links = [link for _, links in navigation.menu_for(request) for link in links]
        return {link.entry.name: link.is_current for link in links}

    assert names(person)["home"]
    assert not {"staff", "centres", "status"} & set(names(person))
    assert names(house.olga, "/staff/new/")["staff"]
    assert not names(house.olga, "/staff/new/")["home"]


@pytest.mark.django_db
def test_a_page_may_run_no_script_or_style_of_its_own() -> None:
    answer = Client().get("/first-run/")

    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize(
    ("template", "ru", "en"),
    [
        ("{{ 2474000|money }}", f"24{NBSP}740{NBSP}₽", "₽24,740"),
        ("{{ n|signed }}", "−148", "−148"),
        ("{{ 'в 12 часов'|tied }}", f"в{NBSP}12{NBSP}часов", "в 12 часов"),
    ],
)
def test_numbers_are_written_as_each_language_does(template: str, ru: str, en: str) -> None:
    for lang, wanted in (("ru", ru), ("en", en)):
        with translation.override(lang):
            assert Template(template).render(Context({"n": -148})) == wanted


def test_a_browser_is_known_by_its_name() -> None:
    assert (
        browser("Mozilla/5.0 (Windows NT 10.0; Win64) Chrome/140.0 YaBrowser/26.1 Safari/537")
        == "Яндекс Браузер, Windows"
    )
    with translation.override("en"):
        assert browser("curl/8") == "Unknown browser"
