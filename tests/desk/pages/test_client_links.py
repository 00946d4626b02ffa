"""Keys to clients' pages (S14): long, scoped, revocable, guessed by nobody, and nowhere to be read but in messages."""

from __future__ import annotations

import base64
import hashlib
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Guesses
from dovolen.desk.core import locks, words
from dovolen.desk.core.logs import Discreet
from dovolen.desk.core.models import Event
from dovolen.desk.documents import actions as documents
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import ClientLink, RepairOrder
from dovolen.desk.pages.public import HEADERS
from tests.desk import cast, make, make_documents
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
TERMS_AS_SIGNED = {
    "1": (
        "962ab928655b32eb30631992806bce27b008fe6b93401c171ab6066584edb5b5",
        "d07c43715d8bb3b86371b79cef813f2a57b7308f251a7e3d3bfe3127345d2468",
    ),
}
"""Version → digests of its words in Russian and English: what was signed is never worded anew."""


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def brought(house: House, **about: Any) -> RepairOrder:
    """An order of these days at the north."""
    by, now = house["manager.north"], timezone.now()
    return make.order(by=by, centre=house.north, now=now, promised_at=now + timedelta(days=2), **about)


def token_of(order: RepairOrder) -> str:
    return actions.link_of(order, now=timezone.now())


def addresses(token: str, key: int = 1) -> list[str]:
    own = ["", "pulse/", f"photos/{key}/", f"photos/{key}/thumb/", f"papers/{key}.pdf", "estimate/", "question/"]
    return [f"/c/{token}/{place}" for place in own]


# ── The key itself ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_has_more_than_128_bits_and_none_comes_twice(house: House) -> None:
    order, seen = brought(house), set()
    for _ in range(50):
        token = token_of(order)
        seen.add(token)
        assert len(base64.urlsafe_b64decode(token)) * 8 == 144
        actions.revoke_link(order=order, by=house["manager.north"], now=timezone.now())

    assert len(seen) == 50


def test_an_order_has_one_key_in_force_and_it_stays_the_same(house: House) -> None:
    order = brought(house)

    assert token_of(order) == token_of(order)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientLink.objects.create(order=order, digest="another", locked="x", made_at=timezone.now())


def test_the_base_holds_no_key_that_could_be_read_in_it(house: House) -> None:
    order = brought(house, lines=make.price_list, at="approval")
    token = token_of(order)
    page = f"/c/{token}/"
    Client().get(page)
    seen = queries.estimate_mark(order, order.lines.all())
    assert Client().post(f"{page}estimate/", {"seen": seen, "all": "yes", "once": "some-key-1"}).status_code == 302
    assert Client().post(f"{page}question/", {"question": "Когда?", "once": "some-key-2"}).status_code == 302

    holding = [
        f"{model._meta.label}.{column.name}" for model in apps.get_models() for column in model._meta.concrete_fields
        if isinstance(column, models.CharField | models.TextField | models.JSONField)
        and any(token in str(value) for value in model._default_manager.values_list(column.name, flat=True))
    ]  # fmt: skip

    assert holding == []


def test_a_key_that_this_house_cannot_read_any_more_gives_way_to_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = brought(house)
    lost = token_of(order)

    def shut(_purpose: str, _locked: str) -> str:
        raise locks.KeyLostError("locked by another key")

    with monkeypatch.context() as moved:
        moved.setattr(locks, "unlock", shut)
        fresh = token_of(order)

    assert fresh != lost
    assert Client().get(f"/c/{lost}/").status_code == 404
    assert Client().get(f"/c/{fresh}/").status_code == 200


def test_the_words_that_were_signed_are_worded_as_they_were(house: House) -> None:
    for version, digests in TERMS_AS_SIGNED.items():
        said = [words.in_language(lang).say(f"portal.terms.{version}") for lang in ("ru", "en")]
        assert tuple(hashlib.sha256(text.encode()).hexdigest() for text in said) == digests

    assert max(TERMS_AS_SIGNED, key=int) == actions.TERMS


# ── Scope ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_key_opens_the_photos_and_papers_of_its_order_and_of_no_other(house: House) -> None:
    by, now = house["manager.north"], timezone.now()
    make_documents.seller(house.north)
    mine, other = (brought(house, lines=make.price_list) for _ in range(2))
    shown, inner = (
        actions.add_photo(order=mine, upload=make.photo(), name="a.jpg", is_for_client=is_shown, by=by, now=now)
        for is_shown in (True, False)
    )  # fmt: skip
    foreign = actions.add_photo(order=other, upload=make.photo(), name="b.jpg", by=by, now=now)
    gone = documents.draw_up(kind="receipt", order=mine, by=by, now=now)
    documents.void(document=gone, reason="Ошибка", by=by, now=now)
    paper, others = (documents.draw_up(kind="receipt", order=order, by=by, now=now) for order in (mine, other))
    page, open_to_him, shut = f"/c/{token_of(mine)}/", 0, 0

    for photo, code in ((shown, 200), (inner, 404), (foreign, 404)):
        for place in ("", "thumb/"):
            assert Client().get(f"{page}photos/{photo.pk}/{place}").status_code == code
            open_to_him, shut = open_to_him + (code == 200), shut + (code == 404)
    for one, code in ((paper, 200), (gone, 404), (others, 404)):
        assert Client().get(f"{page}papers/{one.pk}.pdf").status_code == code
        open_to_him, shut = open_to_him + (code == 200), shut + (code == 404)

    print(f"\nS14: own photos and papers opened {open_to_him}, those of others and inner ones refused {shut}")
    told = Client().get(page).content.decode()
    assert f"photos/{shown.pk}/" in told
    assert f"photos/{inner.pk}/" not in told
    assert f"papers/{paper.pk}.pdf" in told
    assert f"papers/{gone.pk}.pdf" not in told


def test_answers_reach_the_lines_of_its_order_alone(house: House) -> None:
    mine, other = (brought(house, lines=make.price_list, at="approval") for _ in range(2))
    told = {"seen": queries.estimate_mark(mine, mine.lines.all())}
    told |= {f"line-{line.pk}": "yes" for order in (mine, other) for line in order.lines.all()}

    Client().post(f"/c/{token_of(mine)}/estimate/", told)

    assert set(mine.lines.values_list("state", flat=True)) == {"approved"}
    assert set(other.lines.values_list("state", flat=True)) == {"proposed"}


def test_the_page_and_its_address_name_nobody(house: House) -> None:
    owner = make.person(
        by=house["manager.north"], name="Карпова Анна", phone="+79972000001", centre=house.north, now=timezone.now()
    )  # fmt: skip
    order = brought(house, customer=owner, password="1234-код", condition="царапина у замка")

    page = Client().get(f"/c/{token_of(order)}/").content.decode()

    for secret in ("Карпова", "Анна", "997", "1234-код", "царапина", "Некто"):
        assert secret not in page, secret


# ── Taken back, tampered with, guessed ───────────────────────────────────────────────────────────────────────────────


def test_a_key_taken_back_opens_nothing_from_then_on(house: House) -> None:
    order = brought(house, lines=make.price_list, at="approval")
    by = house["manager.north"]
    photo = actions.add_photo(order=order, upload=make.photo(), name="a.jpg", by=by, now=timezone.now())
    token = token_of(order)
    seen = queries.estimate_mark(order, order.lines.all())
    link = order.links.get()

    actions.revoke_link(order=order, by=by, now=timezone.now())

    for address in addresses(token, photo.pk):
        for ask in (Client().get, Client().head, Client().post):
            assert ask(address, {"seen": seen, "all": "yes", "question": "?"}).status_code in (404, 405), address
    with pytest.raises(actions.LinkRevoked):
        actions.approve_by_link(link=link, accepted=[], declined=[], seen=seen, now=timezone.now())
    assert set(order.lines.values_list("state", flat=True)) == {"proposed"}
    assert make.facts(order, "order.link_revoked")["by"] == by.pk
    assert token_of(order) != token
    with pytest.raises(actions.NoLink):
        actions.revoke_link(order=brought(house), by=by, now=timezone.now())


def tampered(token: str) -> list[str]:
    """Every sign changed, left out or doubled; what may stand in an address besides."""
    other = {sign: "A" if sign != "A" else "B" for sign in token}
    changed = [token[:place] + other[sign] + token[place + 1 :] for place, sign in enumerate(token)]
    left_out = [token[:place] + token[place + 1 :] for place in range(len(token))]
    strange = [
        token.swapcase(), token + "=", token + "%00", token + "A" * 1000, "%2e%2e", "0", "-", "null", "'", "%F0%9F%94%91",
        token.replace(token[0], "%D0%90", 1), "%ED%A0%80", f"{token};x", f"{token}%20", f"%20{token}",
    ]  # fmt: skip
    return [*changed, *left_out, *strange]


@pytest.mark.base("sqlite")
def test_a_tampered_key_opens_nothing(house: House) -> None:
    token, tried = token_of(brought(house)), 0
    for wrong in tampered(token):
        for address in addresses(wrong):
            for ask in (Client().get, Client().post):
                assert ask(address, REMOTE_ADDR=f"10.0.{tried // 250}.{tried % 250}").status_code in (404, 405), wrong
                tried += 1

    print(f"\nS14: requests with tampered keys: {tried}, opened: 0")
    assert tried >= 800


def test_guessing_ends_after_thirty_wrong_keys_of_an_address_and_begins_anew_later(house: House) -> None:
    token = token_of(brought(house))

    def ask(key: str, address: str = "203.0.113.7") -> int:
        return Client().get(f"/c/{key}/", REMOTE_ADDR=address).status_code

    codes = [ask(f"guess-{n}") for n in range(40)]

    assert codes == [404] * 30 + [429] * 10
    assert ask(token) == 429, "who guesses learns nothing, also when he is right"
    assert ask(token, "203.0.113.8") == 200
    Guesses.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert ask(token) == 200


def test_wrong_and_revoked_keys_look_alike(house: House) -> None:
    order = brought(house)
    token = token_of(order)
    actions.revoke_link(order=order, by=house["manager.north"], now=timezone.now())

    revoked, wrong = (Client().get(f"/c/{key}/").content.decode() for key in (token, "x" * len(token)))

    assert revoked.replace(token, "") == wrong.replace("x" * len(token), "")


def test_logs_tell_of_guesses_and_name_no_key(house: House, caplog: pytest.LogCaptureFixture) -> None:
    token = token_of(brought(house))
    wrong = token[::-1]

    with caplog.at_level(logging.DEBUG):
        Client().get(f"/c/{wrong}/", REMOTE_ADDR="203.0.113.7")
        Client().get(f"/c/{token}/photos/999/")
        Client().post(f"/c/{token}/pulse/")
        logging.getLogger("django.request").error("Internal Server Error: /c/abc/estimate/?lang=en")

    formatter = Discreet("%(message)s")
    told = [formatter.format(record) for record in caplog.records]
    assert any("opened nothing" in line for line in told)
    assert not [line for line in told if token in line or wrong in line or "203.0.113.7" in line or "abc" in line]


# ── What every answer says of itself ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("made", [lambda token: token, lambda _: "no-such-key"], ids=["right", "wrong"])
def test_every_answer_keeps_the_address_to_itself_and_sets_no_cookie(house: House, made: Callable[[str], str]) -> None:
    order = brought(house, lines=make.price_list, at="approval")
    photo = actions.add_photo(
        order=order, upload=make.photo(), name="a.jpg", by=house["manager.north"], now=timezone.now()
    )  # fmt: skip
    for address in addresses(made(token_of(order)), photo.pk):
        for ask in (Client().get, Client().head, Client().post, Client().options, Client().put):
            answer = ask(address)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, address
            assert not answer.cookies, address
            assert "Content-Security-Policy" in answer.headers
    assert HEADERS["Referrer-Policy"] == "no-referrer"
    assert "no-store" in HEADERS["Cache-Control"]
    assert "noindex" in HEADERS["X-Robots-Tag"]


def test_a_form_of_his_is_taken_without_a_referrer_and_without_a_cookie(house: House) -> None:
    """A browser that keeps the address to itself names no origin either: "null"."""
    order = brought(house, lines=make.price_list, at="approval")
    strict = Client(enforce_csrf_checks=True, headers={"origin": "null"})
    told = {"seen": queries.estimate_mark(order, order.lines.all()), "all": "yes"}

    assert strict.post(f"/c/{token_of(order)}/estimate/", told).status_code == 302


# ── At the desk ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_writes_to_clients_hands_the_link_on_and_takes_it_back(client: Client, house: House) -> None:
    order = brought(house)
    client.force_login(house["receptionist.north"])
    page = f"/orders/{order.number}/link/"

    before = client.get(page)
    made = client.post(page, {"once": "link-key-1"})
    token = token_of(order)

    assert b"client-link" not in before.content
    assert f"{settings.SITE}/c/{token}/" in made.content.decode()
    assert order.links.get().made_by == house["receptionist.north"]
    assert client.post(f"{page}removal/").status_code == 302
    assert Client().get(f"/c/{token}/").status_code == 404


def test_nobody_else_does(client: Client, house: House) -> None:
    order = brought(house)
    token = token_of(order)
    for login, code in (("technician.north", 403), ("accountant.north", 403), ("manager.south", 404)):
        client.force_login(house[login])
        assert client.get(f"/orders/{order.number}/link/").status_code == code
        assert client.post(f"/orders/{order.number}/link/removal/").status_code == code

    with pytest.raises(NotAllowed):
        actions.revoke_link(order=order, by=house["technician.north"], now=timezone.now())
    assert Client().get(f"/c/{token}/").status_code == 200


def test_what_he_does_is_told_at_the_desk(client: Client, house: House) -> None:
    order = brought(house, lines=make.price_list, at="approval")
    page = f"/c/{token_of(order)}/"
    mark = queries.pulse(order)

    Client().get(page)
    Client().post(
        f"{page}estimate/", {"seen": queries.estimate_mark(order, order.lines.all()), "all": "yes"}
    )  # fmt: skip
    Client().post(f"{page}question/", {"question": "Можно забрать в субботу?"})
    actions.revoke_link(order=order, by=house["manager.north"], now=timezone.now())

    assert queries.pulse(order) > mark
    told = [str(moment) for moment in queries.timeline(order)][:4]
    assert [line.replace("\u00a0", " ") for line in told] == [
        "Ссылка клиента отозвана", "Клиент спросил на своей странице",
        "Клиент согласовал по ссылке смету на 21 700 ₽", "Клиент открыл свою страницу",
    ]  # fmt: skip
    client.force_login(house["manager.north"])
    assert "Можно забрать в субботу?" in client.get(f"/orders/{order.number}/").content.decode().replace("\u00a0", " ")
    assert not Event.objects.filter(kind="order.approved", by_id__isnull=False).exists()
