"""Pages of accounts as a browser meets them: coming in, sessions, one's own keys, staff."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts import codes, keys
from dovolen.desk.accounts.models import Session, Staff
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.accounts.sessions import IDLE, SessionStore
from dovolen.desk.core.models import Event
from tests.desk import cast
from tests.desk.cast import PASSWORD, House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.opened(now=timezone.now())


def log_in(login: str = "olga", password: str = PASSWORD, **more: Any) -> tuple[Client, Any]:
    client = Client(**more)
    return client, client.post("/log-in/", {"login": login, "password": password})


def own_row(client: Client) -> Session:
    return Session.objects.get(session_key=SessionStore.digest(client.cookies["sessionid"].value))


def test_an_empty_house_shows_its_first_page_and_only_once() -> None:
    client = Client()
    assert client.get("/").headers["Location"].startswith("/log-in/")
    assert client.get("/log-in/").headers["Location"] == "/first-run/"

    told = {"centre_name": "Север", "zone": "Europe/Moscow", "currency": "RUB", "name": "Ольга", "login": "Olga",
            "new_password": PASSWORD}  # fmt: skip
    assert client.post("/first-run/", told).headers["Location"] == "/"

    assert "Ольга" in client.get("/").content.decode()
    assert Client().get("/first-run/").status_code == 404
    assert Client().post("/first-run/", told).status_code == 404
    assert Staff.objects.get().login == "olga"


@pytest.mark.parametrize("password", ["short", "password1", "olga-olga", "12345678"])
def test_a_weak_password_is_refused_with_its_reason(password: str) -> None:
    told = {"centre_name": "Север", "zone": "Europe/Moscow", "currency": "RUB", "name": "О", "login": "olga-olga",
            "new_password": password}  # fmt: skip
    page = Client().post("/first-run/", told)

    assert page.status_code == 200
    assert 'id="id_new_password-error"' in page.content.decode()
    assert not Staff.objects.exists()


def test_who_comes_in_gets_a_new_session_that_he_knows(house: House) -> None:
    client = Client(headers={"user-agent": "Mozilla/5.0 (Windows NT 10.0) Firefox/140.0"})
    client.get("/log-in/")
    client.post("/log-in/", {"login": "olga", "password": PASSWORD})

    row = own_row(client)
    assert (row.staff, row.address) == (house.olga, "127.0.0.1")
    assert client.cookies["sessionid"]["httponly"]
    assert "Firefox, Windows" in client.get("/profile/sessions/").content.decode()
    assert Event.objects.get(kind="staff.signed_in").facts == {"how": "password"}


def test_the_key_of_a_session_changes_when_somebody_comes_in(house: House) -> None:
    client = Client()
    client.get("/log-in/")
    session = client.session
    session["planted"] = 1
    session.save()
    client.cookies["sessionid"] = planted = str(session.session_key)

    client.post("/log-in/", {"login": "olga", "password": PASSWORD})

    assert client.cookies["sessionid"].value != planted
    assert "planted" not in client.session


def test_no_key_of_a_session_stands_in_the_base(house: House) -> None:
    client, _ = log_in()

    assert client.cookies["sessionid"].value not in str(list(Session.objects.values()))


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"]
)
def test_after_the_log_in_nobody_is_sent_elsewhere(house: House, target: str) -> None:
    client = Client()

    answer = client.post("/log-in/", {"login": "olga", "password": PASSWORD, "next": target})

    assert answer.headers["Location"] == "/"


def test_who_was_sent_to_log_in_comes_back_to_his_page(house: House) -> None:
    client = Client()
    asked = client.get("/staff/")
    assert asked.headers["Location"] == "/log-in/?next=/staff/"

    answer = client.post("/log-in/", {"login": "olga", "password": PASSWORD, "next": "/staff/"})

    assert answer.headers["Location"] == "/staff/"


def test_a_fragment_tells_htmx_to_go_and_log_in(house: House) -> None:
    answer = Client().get("/staff/", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/log-in/?next=/staff/")


def test_the_second_factor_stands_between_password_and_desk(house: House) -> None:
    secret = codes.new_secret()
    step = int(timezone.now().timestamp()) // codes.STEP
    earlier = timezone.now() - timedelta(seconds=30)
    keys.add_authenticator(staff=house.olga, secret=secret, code=codes.at_step(secret, step - 1), now=earlier)

    client, answer = log_in()
    assert answer.headers["Location"] == "/log-in/code/"
    assert client.get("/").status_code == 302
    assert "accounts" not in client.post("/log-in/code/", {"code": "000000"}).content.decode()
    assert client.get("/").status_code == 302

    assert client.post("/log-in/code/", {"code": codes.at_step(secret, step)}).headers["Location"] == "/"
    assert client.get("/").status_code == 200
    assert Event.objects.filter(kind="staff.signed_in").latest("id").facts == {"how": "code"}


def test_without_the_password_there_is_no_second_step() -> None:
    assert Client().get("/log-in/code/").headers["Location"] == "/log-in/"
    assert Client().post("/log-in/code/", {"code": "123456"}).headers["Location"] == "/log-in/"


def test_a_session_ends_when_idle_when_ended_elsewhere_and_at_log_out(house: House) -> None:
    (one, _), (other, _) = log_in(), log_in()
    assert one.get("/").status_code == other.get("/").status_code == 200

    one.post(f"/profile/sessions/{own_row(other).number}/end/")
    assert other.get("/").status_code == 302

    third, _ = log_in()
    Session.objects.filter(pk=own_row(third).pk).update(seen_at=timezone.now() - IDLE)
    assert third.get("/").status_code == 302

    key = one.cookies["sessionid"].value
    one.post("/log-out/")
    stolen = Client()
    stolen.cookies["sessionid"] = key
    assert stolen.get("/").status_code == 302
    ended = Event.objects.filter(kind__in=["staff.session_ended", "staff.signed_out"]).order_by("id")
    assert [event.kind for event in ended] == ["staff.session_ended", "staff.signed_out"]


def test_use_is_written_at_most_once_in_some_minutes(house: House) -> None:
    client, _ = log_in()
    just_now, before = own_row(client).seen_at, timezone.now() - timedelta(minutes=6)

    client.get("/")
    assert own_row(client).seen_at == just_now

    Session.objects.filter(pk=own_row(client).pk).update(seen_at=before)
    client.get("/")
    assert own_row(client).seen_at > before + timedelta(minutes=5)


def test_a_changed_password_ends_every_other_session(house: House) -> None:
    (one, _), (other, _) = log_in(), log_in()

    wrong = one.post("/profile/password/", {"password": "wrong", "new_password": "Krasnaya-Lampa-8"})
    assert 'id="id_password-error"' in wrong.content.decode()
    done = one.post("/profile/password/", {"password": PASSWORD, "new_password": "Krasnaya-Lampa-8"})

    assert done.headers["Location"] == "/profile/"
    assert one.get("/").status_code == 200
    assert other.get("/").status_code == 302
    assert log_in(password="Krasnaya-Lampa-8")[1].status_code == 302


def test_somebody_switched_off_is_out_at_once(house: House) -> None:
    ruslan = cast.joined(house, login="ruslan", places=[(house.north.pk, TECHNICIAN)], now=timezone.now())
    theirs, _ = log_in("ruslan")
    ours, _ = log_in()
    assert theirs.get("/").status_code == 200

    ours.post(f"/staff/{ruslan.pk}/active/", {"on": "0"})

    assert theirs.get("/").status_code == 302


def test_an_invitation_walks_from_the_director_to_the_desk(house: House) -> None:
    client, _ = log_in()
    told = {"name": "Руслан Хан", "login": "ruslan", f"roles_{house.north.pk}": [TECHNICIAN]}
    page = client.post("/staff/new/", told).content.decode()
    found = re.search(r'value="http://testserver(/invitation/[^"]+)"', page)
    assert found is not None

    theirs = Client()
    assert "Руслан Хан" in theirs.get(found[1]).content.decode()
    assert theirs.post(found[1], {"new_password": PASSWORD}).headers["Location"] == "/"

    assert theirs.get("/").status_code == 200
    assert Client().get(found[1]).status_code == 410
    assert found[1] not in client.get("/staff/").content.decode()


def test_roles_outside_of_a_directors_centres_are_no_choice(house: House) -> None:
    cast.joined(house, login="north", places=[(house.north.pk, "director")], now=timezone.now())
    client, _ = log_in("north")

    told = {"name": "X", "login": "x", f"roles_{house.south.pk}": [TECHNICIAN]}
    assert client.post("/staff/new/", told).status_code == 200

    assert not Staff.objects.filter(login="x").exists()


def test_keys_are_changed_only_by_who_knows_the_password(house: House) -> None:
    client, _ = log_in()
    page = client.get("/profile/authenticator/").content.decode()
    found = re.search(r'class="dv-secret">(\w+)<', page)
    assert found is not None
    code = codes.at_step(found[1], int(timezone.now().timestamp()) // codes.STEP)

    client.post("/profile/authenticator/", {"code": code, "password": "wrong"})
    assert not hasattr(Staff.objects.get(), "authenticator")
    page = client.post("/profile/authenticator/", {"code": code, "password": PASSWORD}).content.decode()

    assert len(re.findall(r"<li>[a-z2-7]{5}-[a-z2-7]{5}</li>", page)) == codes.N_RECOVERY
    client.post("/profile/authenticator/removal/", {"password": "wrong"})
    assert hasattr(Staff.objects.get(), "authenticator")
    client.post("/profile/authenticator/removal/", {"password": PASSWORD})
    assert not hasattr(Staff.objects.get(), "authenticator")


@pytest.mark.parametrize("answer", ["", "{}", "[]", "null", '{"id": "x"}', "{"])
def test_a_passkey_that_proves_nothing_lets_nobody_in(house: House, answer: str) -> None:
    client = Client()
    assert client.post("/log-in/passkey/challenge/").json()["publicKey"]["userVerification"] == "required"

    refused = client.post("/log-in/passkey/", {"answer": answer})

    assert refused.status_code == 403
    assert client.get("/").status_code == 302


def test_a_form_without_its_mark_is_refused_in_words(house: House) -> None:
    client = Client(enforce_csrf_checks=True)

    answer = client.post("/log-in/", {"login": "olga", "password": PASSWORD})

    assert answer.status_code == 403
    assert "слишком долго" in answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "word"), [("en", "Save"), ("ru", "Сохранить")])
def test_language_and_theme_are_the_persons_from_the_first_byte(house: House, language: str, word: str) -> None:
    client, _ = log_in(headers={"accept-language": "de"})

    chosen = {"name": "Ольга Седова", "language": language, "theme": "dark"}
    page = client.post("/profile/", chosen, follow=True).content.decode()

    assert f'<html lang="{language}" data-theme="dark" data-bs-theme="dark">' in page
    assert word in page


def test_every_page_of_a_person_takes_few_queries(house: House, django_assert_max_num_queries: Any) -> None:
    for n in range(3):
        cast.joined(house, login=f"p{n}", places=[(house.north.pk, TECHNICIAN)], now=timezone.now())
    client, _ = log_in()

    for path in ("/staff/", "/centres/", "/profile/", "/profile/sessions/", "/gallery/"):
        with django_assert_max_num_queries(8):
            assert client.get(path).status_code == 200


def test_hours_that_cannot_be_read_are_told_where_they_are_set(house: House) -> None:
    client, _ = log_in()
    told = {"centre_name": "Север", "zone": "Europe/Moscow", "currency": "RUB", "hours": "по звонку"}
    page = client.post(f"/centres/{house.north.pk}/", told, follow=True).content.decode()
    assert page.count("Часы работы не\u00a0разобрать") == 1
    assert "Часы работы не\u00a0разобрать" in client.get(f"/centres/{house.north.pk}/").content.decode()

    page = client.post(f"/centres/{house.north.pk}/", told | {"hours": "пн–пт 10–20"}, follow=True).content.decode()

    assert "Часы работы не\u00a0разобрать" not in page
