"""Nobody gets in where he does not belong: every address, every method, every role, every owner."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dovolen.desk.accounts.models import Authenticator, Centre, Passkey, Session, Staff
from dovolen.desk.accounts.rights import RIGHTS
from dovolen.desk.core.access import PUBLIC, SIGNED_IN
from dovolen.desk.core.models import Event
from tests.desk import cast
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
SECRET_MARK = "Тайна-Юга"


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address that the resolver knows, as its pattern is written."""
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            yield from routes(part, before + str(part.pattern))
        else:
            yield before + str(part.pattern), part


def address(pattern: str, owned: dict[str, Any]) -> str:
    """An address with somebody's own keys in it."""
    keys = {
        "<int:key>": owned["key"], "<uuid:number>": owned["number"], "<str:token>": "no-such-token",
        "<int:event_id>": 999, "<int:timer_id>": 999,
    }  # fmt: skip
    if "passkeys/<int:key>" in pattern:
        keys["<int:key>"] = owned["passkey"]
    if "centres/<int:key>" in pattern:
        keys["<int:key>"] = owned["centre"]
    for hole, value in keys.items():
        pattern = pattern.replace(hole, str(value))
    assert "<" not in pattern, f"{pattern}: say in this test what stands here"
    return "/" + pattern


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def owned_by(person: Staff, centre: Centre) -> dict[str, Any]:
    """Something of every kind that belongs to somebody."""
    now, number = timezone.now(), uuid.uuid4()
    passkey = Passkey.objects.create(
        staff=person, name=SECRET_MARK, credential_digest=uuid.uuid4().hex * 2, credential=b"", added_at=now
    )
    Session.objects.create(
        session_key=uuid.uuid4().hex * 2, session_data="", expire_date=now.replace(year=now.year + 1), number=number,
        staff=person, browser=SECRET_MARK, started_at=now, seen_at=now,
    )  # fmt: skip
    return {"key": person.pk, "passkey": passkey.pk, "number": number, "centre": centre.pk}


def as_somebody(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def test_every_address_asks_for_its_right(house: House) -> None:
    """Roles × addresses × methods, on one's own things: without the right 403 (or 405), never a page, never an effect."""
    asserted = 0
    for login, person in house.people.items():
        held = RIGHTS[login.partition(".")[0]] | {PUBLIC, SIGNED_IN}
        centre = house.north if login.endswith("north") else house.south
        owned = owned_by(person, centre)
        for pattern, route in routes():
            rule = route.callback.access  # type: ignore[attr-defined]
            if rule in held:
                continue
            client, before = as_somebody(person), Event.objects.count()
            for method in METHODS:
                answer = getattr(client, method)(address(pattern, owned))
                assert answer.status_code in (403, 405), f"{login} {method} {pattern}: {answer.status_code}"
                asserted += 1
            assert Event.objects.count() == before, f"{login} {pattern} had an effect"
    print(f"\nrefused to roles without the right: {asserted}, leaks: 0")
    assert asserted >= 200


def test_nobody_gets_anything_without_coming_in(house: House) -> None:
    owned = owned_by(house.olga, house.north)
    asserted = 0
    for pattern, route in routes():
        if route.callback.access == PUBLIC:  # type: ignore[attr-defined]
            continue
        before = Event.objects.count()
        for method in METHODS:
            answer = getattr(Client(), method)(address(pattern, owned))
            where = answer.headers.get("Location", "")
            assert answer.status_code == 405 or (answer.status_code == 302 and where.startswith("/log-in/")), pattern
            asserted += 1
        assert Event.objects.count() == before
    print(f"\nrefused to strangers: {asserted}, leaks: 0")


def test_what_belongs_to_another_is_not_there(house: House) -> None:
    """Owners: everybody of the south asks for things of the north's people; keys in addresses give 404 and no effect."""
    victim = house.people["technician.north"]
    owned = owned_by(victim, house.north)
    Authenticator.objects.create(staff=victim, secret="x", added_at=timezone.now())
    Staff.objects.filter(pk=victim.pk).update(name=SECRET_MARK)
    asserted = 0
    foreign = [(pattern, route) for pattern, route in routes() if "<int:key>" in pattern or "<uuid" in pattern]
    assert foreign
    for login, person in house.people.items():
        if login.endswith("north"):
            continue
        client, before = as_somebody(person), Event.objects.count()
        for pattern, _ in foreign:
            for method in METHODS:
                answer = getattr(client, method)(address(pattern, owned), {"on": "0", "password": cast.PASSWORD})
                assert answer.status_code in (403, 404, 405), f"{login} {method} {pattern}: {answer.status_code}"
                assert SECRET_MARK not in answer.content.decode()
                asserted += 1
        assert Event.objects.count() == before
    assert Staff.objects.get(pk=victim.pk).is_active
    print(f"\nforeign things asked for: {asserted}, leaks: 0")


def test_no_page_of_the_south_names_anybody_of_the_north(house: House) -> None:
    Staff.objects.filter(login__endswith=".north").update(name=SECRET_MARK)
    Centre.objects.filter(pk=house.north.pk).update(name=SECRET_MARK)
    seen = 0
    for login, person in house.people.items():
        if login.endswith("north"):
            continue
        client = as_somebody(Staff.objects.get(pk=person.pk))
        for pattern, _ in routes():
            if "<" not in pattern:
                answer = client.get("/" + pattern)
                assert SECRET_MARK not in answer.content.decode(), f"{login} {pattern}"
                seen += 1
    print(f"\npages looked at for names of another centre: {seen}, leaks: 0")


def test_whoever_has_no_role_has_only_his_own_account(house: House) -> None:
    nobody = Staff.objects.create(login="nobody", name="Никто")
    client = as_somebody(nobody)

    assert client.get("/").status_code == 200
    assert client.get("/staff/").status_code == 403
    assert not Staff.objects.visible_to(nobody).exclude(pk=nobody.pk).exists()
    assert not Staff.objects.manageable_by(nobody).exists()
