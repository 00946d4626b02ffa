"""Nobody gets in where he does not belong: every address, every method, every role, every owner."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import RIGHTS
from dovolen.desk.core.access import PUBLIC, SIGNED_IN
from dovolen.desk.core.models import Event
from tests.desk import cast, estate
from tests.desk.cast import House
from tests.desk.estate import Estate

pytestmark = pytest.mark.django_db
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")
MARK = "Тайна-Севера"
OF_THE_HOUSE = ("settings/", "status/")
"""What belongs to no centre: whoever holds its right holds it for the whole house."""
REFUSED = (403, 404, 405)


def routes(resolver: URLResolver | None = None, before: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every address that the resolver knows, as its pattern is written."""
    for part in (resolver or get_resolver()).url_patterns:
        if isinstance(part, URLResolver):
            yield from routes(part, before + str(part.pattern))
        else:
            yield before + str(part.pattern), part


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


@pytest.fixture
def north(house: House) -> Estate:
    """What the north has; the things of its technician are his own."""
    return estate.of(house.north, owner=house.people["technician.north"], by=cast.fresh(house.olga), mark=MARK)


def as_somebody(person: Staff) -> Client:
    client = Client()
    client.force_login(Staff.objects.get(pk=person.pk), backend="django.contrib.auth.backends.ModelBackend")
    return client


@pytest.mark.base("sqlite")
def test_every_address_asks_for_its_right(house: House, north: Estate) -> None:
    """Roles × addresses × methods, on things of one's own centre: without the right 403 or 405 and no effect."""
    asserted = 0
    for login, person in house.people.items():
        if login.endswith("south"):
            continue
        held = RIGHTS[login.partition(".")[0]] | {PUBLIC, SIGNED_IN}
        client, before = as_somebody(person), Event.objects.count()
        for pattern, route in routes():
            if route.callback.access in held:  # type: ignore[attr-defined]
                continue
            for method in METHODS:
                answer = getattr(client, method)(north.address(pattern))
                assert answer.status_code in (403, 405), f"{login} {method} {pattern}: {answer.status_code}"
                asserted += 1
        assert Event.objects.count() == before, f"{login} had an effect"
    print(f"\nS1: refused to roles without the right: {asserted}, leaks: 0")
    assert asserted >= 1500


def test_nobody_gets_anything_without_coming_in(north: Estate) -> None:
    asserted = 0
    for pattern, route in routes():
        if route.callback.access == PUBLIC:  # type: ignore[attr-defined]
            continue
        before = Event.objects.count()
        for method in METHODS:
            answer = getattr(Client(), method)(north.address(pattern))
            where = answer.headers.get("Location", "")
            assert answer.status_code == 405 or (answer.status_code == 302 and where.startswith("/log-in/")), pattern
            asserted += 1
        assert Event.objects.count() == before
    print(f"\nS1: refused to strangers: {asserted}, leaks: 0")
    assert asserted >= 700


def foreign_routes() -> list[str]:
    """Addresses that name a thing of somebody or some centre."""
    named = [pattern for pattern, route in routes() if "<" in pattern and route.callback.access != PUBLIC]  # type: ignore[attr-defined]
    return [pattern for pattern in named if not pattern.startswith(OF_THE_HOUSE)]


@pytest.mark.base("sqlite")
def test_what_belongs_to_another_centre_is_not_there(house: House, north: Estate) -> None:
    """Owners: everybody of the south asks for the north's things by their keys: 404 (403, 405), no effect, no name."""
    asserted = 0
    told = {"on": "0", "password": cast.PASSWORD, "name": "x", "text": "x", "version": "1"}
    for login, person in house.people.items():
        if login.endswith("north"):
            continue
        client, before = as_somebody(person), Event.objects.count()
        for pattern in foreign_routes():
            for method in METHODS:
                answer = getattr(client, method)(north.address(pattern), told)
                assert answer.status_code in REFUSED, f"{login} {method} {pattern}: {answer.status_code}"
                assert MARK not in answer.content.decode()
                asserted += 1
        assert Event.objects.count() == before, f"{login} had an effect"
    print(f"\nS1: foreign things asked for: {asserted}, leaks: 0")
    assert asserted >= 2500


@pytest.mark.base("sqlite")
def test_no_page_of_the_south_shows_anything_of_the_north(house: House, north: Estate) -> None:
    """Every page without a key, and what lists and search are asked for by name, phone and number."""
    Staff.objects.filter(login__endswith=".north").update(name=MARK)
    Centre.objects.filter(pk=house.north.pk).update(name=MARK)
    asked = ("", "?q=Тайна", "?q=5554433", f"?q={north.order.number}", "?phone=%2B79975554433&name=Тайна")
    seen = 0
    for login, person in house.people.items():
        if login.endswith("north"):
            continue
        client = as_somebody(person)
        for pattern, _ in routes():
            if "<" in pattern:
                continue
            for query in asked:
                shown = client.get("/" + pattern + query).content.decode()
                assert MARK not in shown, f"{login} {pattern}{query}"
                seen += 1
    print(f"\nS1: pages looked at for things of another centre: {seen}, leaks: 0")


SEES = {"phone": "see customers", "cost": "see costs", "password": "see device passwords"}
CANARIES = {
    "phone": (*estate.PHONE_SHOWN, estate.EMAIL), "cost": estate.COST_SHOWN, "password": (estate.PASSWORD,),
}  # fmt: skip


@pytest.mark.base("sqlite")
def test_protected_values_are_shown_to_nobody_without_their_right(house: House, north: Estate) -> None:
    """Purchase price, phone and device password in no answer of any page to those who may not see them (S2)."""
    looked = 0
    for login, person in house.people.items():
        if login.endswith("south"):
            continue
        hidden = {kind: CANARIES[kind] for kind, right in SEES.items() if not person.may(right, house.north)}
        client = as_somebody(person)
        for pattern, _ in routes():
            if pattern.startswith("log-out"):
                continue
            answer = client.get(north.address(pattern))
            told = b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode(
                "utf-8", "replace"
            )  # type: ignore[attr-defined]
            for kind, canaries in hidden.items():
                found = [canary for canary in canaries if canary in told]
                assert not found, f"{login} sees {kind} at {pattern}: {found}"
                looked += 1
    print(f"\nS2: answers searched for protected values: {looked}, seen: 0")


@pytest.mark.base("sqlite")
def test_a_password_is_shown_on_no_page_but_when_it_is_asked_for(house: House, north: Estate) -> None:
    """Not even to those who may: it is revealed by a POST that leaves its event."""
    client = as_somebody(house.olga)
    for pattern, _ in routes():
        if pattern.startswith("log-out"):
            continue
        answer = client.get(north.address(pattern))
        if not answer.streaming:
            assert estate.PASSWORD not in answer.content.decode(), pattern


PROTECTED = {
    "version", "created_by", "created_at", "made_by", "made_at", "merged_into", "number", "centre", "customer", "stage",
    "phase", "accepted_at", "accepted_by", "first_promised_at", "ready_at", "notified_at", "notified_by",
    "picked_up_at", "picked_up_by", "total", "parts_cost", "labour_cost", "n_waiting_lines", "rework_of", "order",
    "blocked_at", "blocked_by", "n_orders", "latest_order_at", "decided_at", "approval", "amount", "done_at", "done_by",
    "opened_by", "opened_at", "closed_by", "file", "thumb", "is_active", "login", "last_login", "currency", "state",
    "warranty_until", "offered_in", "serial_key", "plate_key", "name_key", "id", "left_at", "subject_id",
}  # fmt: skip
OURS = ("people", "assets", "tasks", "orders", "planning", "feedback")


def protected_values() -> dict[str, list[tuple[object, ...]]]:
    """All rows of our apps, by their protected columns."""
    values = {}
    for model in (model for label in OURS for model in apps.get_app_config(label).get_models()):
        columns = sorted(
            field.attname for field in model._meta.concrete_fields if field.name in PROTECTED - {"version"}
        )
        values[model._meta.label] = list(model._default_manager.order_by("pk").values_list(*columns))
    return values


@pytest.mark.base("sqlite")
def test_no_form_writes_a_protected_field(house: House, north: Estate) -> None:
    """Every column of every table posted to every address that takes a form, by one who may do all of it (S3).

    What an address is for may happen; nothing that the server alone decides may take a posted value.
    """
    from django.db import transaction

    names = {
        field.name
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.fields
    }
    poison = dict.fromkeys(PROTECTED & names, "987654321") | {f"{name}_id": "987654321" for name in PROTECTED & names}
    client, tried = as_somebody(house.olga), 0
    for pattern, _ in routes():
        if pattern.startswith(("log-", "profile", "first-run", "invitation", "staff", "centres", "status")):
            continue
        with transaction.atomic():
            answer = client.post(north.address(pattern), poison)
            assert answer.status_code < 500, f"{pattern}: {answer.status_code}"
            for table, rows in protected_values().items():
                assert not [row for row in rows if 987654321 in row or "987654321" in row], f"{pattern} wrote {table}"
            tried += 1
            transaction.set_rollback(True)
    print(f"\nS3: addresses that were posted protected fields: {tried}, written: 0")


def test_whoever_has_no_role_has_only_his_own_account(house: House) -> None:
    nobody = Staff.objects.create(login="nobody", name="Никто")
    client = as_somebody(nobody)

    assert client.get("/").status_code == 200
    assert client.get("/staff/").status_code == 403
    assert not Staff.objects.visible_to(nobody).exclude(pk=nobody.pk).exists()
    assert not Staff.objects.manageable_by(nobody).exists()
