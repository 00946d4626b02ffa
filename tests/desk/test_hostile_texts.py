"""What clients write stays text on every page (S10): markup of the pages is ours alone, whatever the base holds."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.messaging.gateways.recipes import presets
from tests.desk import cast, estate, hostile
from tests.desk.test_access import as_somebody, routes

OURS = {"/log-out/"}
ADDRESSES = {"href", "src", "action", "formaction", "hx-get", "hx-post"}
FOREIGN_TAGS = {"iframe", "object", "embed", "marquee", "math", "video", "audio", "base", "style", "frame"}
SAFE_STARTS = ("/", "#", "?", "tel:", "mailto:", "data:image/")
PIVOT = "/slices/"
"""There the component writes style attributes of its own; scripts are held as strictly as elsewhere."""
OUR_LINKS = {preset.docs for preset in presets().values()}
"""Manuals of providers, as files of the program name them."""


class Suspicion(HTMLParser):
    """Collects what our templates never write."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = dict(attrs)
        is_data = tag == "script" and told == {"id": told.get("id"), "type": "application/json"}  # never run
        if tag in FOREIGN_TAGS or (tag == "script" and "src" not in told and not is_data):
            self.found.append(f"<{tag}>")
        for name, value in attrs:
            if name.startswith(("on", "hx-on", "srcdoc", "style")):
                self.found.append(f"<{tag} {name}>")
            if name in ADDRESSES and value not in OUR_LINKS and not (value or "/").startswith(SAFE_STARTS):
                self.found.append(f"<{tag} {name}={value}>")


def suspicion(text: str) -> list[str]:
    reader = Suspicion()
    reader.feed(text)
    return reader.found


def test_the_search_for_markup_finds_it() -> None:
    caught = [payload for payload in hostile.PAYLOADS if suspicion(payload)]

    assert len(caught) >= 30


@pytest.mark.base("sqlite")
@pytest.mark.django_db
def test_texts_of_clients_are_markup_on_no_page() -> None:
    house = cast.full(now=timezone.now())
    north = estate.of(house.north, owner=house.people["technician.north"], by=cast.fresh(house.olga), mark="x")
    client = as_somebody(house.olga)

    columns = hostile.fill()
    pages = sum(_is_clean(client, north.address(pattern)) for pattern, _ in routes())

    print(
        f"\nS10: {len(hostile.PAYLOADS)} payloads in each of {columns} columns, {pages} pages read, 0 turned into markup"
    )
    assert columns >= 60
    assert pages >= 60


def _is_clean(client: Client, address: str) -> int:
    if address in OURS:
        return 0
    answer = client.get(address)
    assert answer.status_code < 500, address
    assert "\n" not in "".join(answer.headers.values()), address
    if answer.streaming or not answer.headers.get("Content-Type", "").startswith("text/html"):
        return 0
    assert not suspicion(answer.content.decode()), address
    policy = answer.headers["Content-Security-Policy"]
    if answer.wsgi_request.path == PIVOT:
        policy = policy.replace("style-src-attr 'unsafe-inline'", "")
    assert "unsafe-inline" not in policy, address
    return 1
