"""Pages of clients as a browser meets them: who gets in, what is kept, how many questions go to the base."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.core.models import Event
from dovolen.desk.people import actions, queries
from dovolen.desk.people.models import Consent, Customer, Merge, Note, Phone, Relation, Requisites
from dovolen.desk.people.queries import Filters
from tests.desk import cast, make_people
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
OF_THE_FRAME = 3
"""Session, person, roles: asked by every page."""


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def browser(house: House, login: str = "receptionist.north") -> Client:
    client = Client()
    client.force_login(house[login])
    return client


@pytest.fixture
def marina(house: House) -> Customer:
    return make_people.person(by=house["receptionist.north"], phone="+79972000001", now=timezone.now())


def pages(customer: Customer) -> list[str]:
    """Every page of a client that is opened."""
    own = ("details", "requisites", "phones", "consents", "notes", "relations")
    return [f"/customers/{customer.pk}/{page}/" for page in own]


# ── The list ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def entered(house: House, n: int) -> list[Customer]:
    """So many clients, each a minute later than the one before."""
    now = timezone.now()
    by = house["receptionist.north"]
    return [
        make_people.person(by=by, name=f"Клиент {place:03}", now=now - timedelta(minutes=n - place))
        for place in range(n)
    ]


@pytest.mark.parametrize("order", ["recent", "name"])
def test_pages_of_the_list_follow_one_another_there_and_back(house: House, order: str) -> None:
    entered(house, 7)
    staff = cast.fresh(house["receptionist.north"])
    wanted = [f"Клиент {place:03}" for place in range(7)]
    wanted = wanted[::-1] if order == "recent" else wanted

    first = queries.customers_page(staff, Filters(order=order), size=3)
    second = queries.customers_page(staff, Filters(order=order), first.later, size=3)
    third = queries.customers_page(staff, Filters(order=order), second.later, size=3)
    back = queries.customers_page(staff, Filters(order=order), third.earlier, size=3)

    assert [one.name for page in (first, second, third) for one in page.rows] == wanted
    assert (first.earlier, third.later, first.n) == ("", "", 7)
    assert back.rows == second.rows
    assert queries.customers_page(staff, Filters(order=order), back.earlier, size=3).earlier == ""


def test_who_was_served_lately_stands_before_who_was_entered_earlier(house: House) -> None:
    old, new = entered(house, 2)
    actions.note_order(customer=old, centre=house.north, at=timezone.now() + timedelta(hours=1))

    page = queries.customers_page(house["receptionist.north"], Filters())

    assert [one.pk for one in page.rows] == [old.pk, new.pk]


@pytest.mark.parametrize("cursor", ["a0", "a999999", "b", "x7", "a7; DROP", "a" + "9" * 30, "aٱ", "b-1"])
def test_a_cursor_that_names_nobody_begins_anew(house: House, cursor: str) -> None:
    entered(house, 2)

    page = queries.customers_page(house["receptionist.north"], Filters(), cursor)

    assert len(page.rows) == 2


def test_the_list_is_narrowed_by_kind_and_state(house: House, marina: Customer) -> None:
    by = house["manager.north"]
    firm = make_people.company(by=by)
    actions.block(customer=firm, reason="Долг", by=by, now=timezone.now())
    staff = house["receptionist.north"]

    def found(**told: str) -> list[int]:
        return [one.pk for one in queries.customers_page(staff, Filters(**told)).rows]

    assert found(kind="company") == found(state="blocked") == [firm.pk]
    assert found(kind="person") == found(text="кар") == [marina.pk]
    assert found(text="+7 997 200-00-01") == [marina.pk]
    assert found(state="regular") == []
    assert set(found(state="unserved")) == {marina.pk, firm.pk}


@pytest.mark.parametrize("n", [1, 30])
def test_the_list_asks_the_same_few_questions_at_every_size(
    house: House, n: int, django_assert_num_queries: Callable[..., Any]
) -> None:
    entered(house, n)
    client = browser(house)

    with django_assert_num_queries(OF_THE_FRAME + 2):  # rows with their numbers, how many
        page = client.get("/customers/").content.decode()
    assert page.count("<tr") == n + 1
    with django_assert_num_queries(OF_THE_FRAME + 2):  # the search, rows with their numbers
        assert client.get("/customers/?q=клиент").status_code == 200


def test_as_one_types_only_the_list_is_drawn_anew(house: House, marina: Customer) -> None:
    answer = browser(house).get("/customers/?q=карп", headers={"HX-Request": "true", "HX-Target": "list"})

    assert b"<html" not in answer.content
    assert marina.name in answer.content.decode()


def test_an_empty_list_says_what_will_be_there(house: House) -> None:
    client = browser(house)

    assert "/customers/new/" in client.get("/customers/").content.decode()
    assert "user-search" in client.get("/customers/?q=никто").content.decode()


# ── Who gets in ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("login", ["technician.north", "accountant.north"])
def test_who_sees_no_clients_gets_into_none_of_their_pages(house: House, marina: Customer, login: str) -> None:
    client = browser(house, login)

    for path in ("/customers/", "/customers/new/", f"/customers/{marina.pk}/", *pages(marina)):
        assert client.get(path).status_code == 403, path


def test_a_client_of_another_centre_has_no_pages_here(house: House, marina: Customer) -> None:
    client = browser(house, "director.south")

    for path in (f"/customers/{marina.pk}/", *pages(marina), f"/customers/{marina.pk}/block/"):
        assert client.get(path).status_code == 404, path
        assert client.post(path, {}).status_code in (404, 405), path


def test_a_marketer_sees_and_changes_nothing(house: House, marina: Customer) -> None:
    client = browser(house, "marketer.north")

    assert client.get("/customers/").status_code == 200
    assert client.get(f"/customers/{marina.pk}/").status_code == 200
    assert client.get(f"/customers/{marina.pk}/details/").status_code == 403
    assert client.post("/customers/new/", {"name": "К"}).status_code == 403


@pytest.mark.parametrize("page", ["details", "requisites", "phones", "consents", "notes", "relations"])
def test_a_page_of_a_client_asks_few_questions(
    house: House, marina: Customer, page: str, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    client = browser(house)

    with django_assert_max_num_queries(12):
        assert client.get(f"/customers/{marina.pk}/{page}/").status_code == 200


# ── Somebody new ─────────────────────────────────────────────────────────────────────────────────────────────────────


def told(house: House, **more: str) -> dict[str, str]:
    return {
        "name": "Сидоров Семён",
        "phone": "8 997 200 00 09",
        "centre": str(house.north.pk),
        "relation": "own",
    } | more


def test_a_person_is_entered_and_his_card_opens(house: House) -> None:
    answer = browser(house).post("/customers/new/", told(house, email="s@x.ru", birthday="1990-05-01"))

    one = Customer.objects.get()
    assert answer.headers["Location"] == f"/customers/{one.pk}/"
    assert (one.name, one.phones.get().number, str(one.birthday)) == ("Сидоров Семён", "+79972000009", "1990-05-01")


def test_a_company_is_entered_with_its_requisites(house: House) -> None:
    firm = told(house, name="ООО «Линия»", contact="Ирина") | make_people.LEGAL

    browser(house).post("/customers/new/?kind=company", firm)

    one = Customer.objects.get()
    assert (one.kind, one.requisites.tax_number, one.phones.get().note) == ("company", "7707083893", "Ирина")


def test_a_wrong_control_digit_is_told_at_its_field_and_what_was_typed_stays(house: House) -> None:
    firm = told(house, name="ООО «Линия»") | make_people.LEGAL | {"tax_number": "7707083894"}

    page = browser(house).post("/customers/new/?kind=company", firm).content.decode()

    assert 'id="id_tax_number-error"' in page
    assert "7707083894" in page
    assert "40702810740000432537" in page
    assert not Customer.objects.exists()


def test_somebody_like_him_is_shown_first_and_he_is_entered_when_it_is_another(house: House, marina: Customer) -> None:
    client = browser(house)
    same = told(house, name="Иванова Анна", phone="+7 997 200-00-01")

    page = client.post("/customers/new/", same).content.decode()
    assert marina.name in page
    assert Customer.objects.count() == 1

    client.post("/customers/new/", same | {"is_other": "1"})
    assert Customer.objects.count() == 2


def test_who_is_like_him_is_told_while_typing(house: House, marina: Customer) -> None:
    client = browser(house)
    part = {"HX-Request": "true", "HX-Target": "alike"}

    page = client.get("/customers/alike/?name=карпова мар&phone=", headers=part).content.decode()
    assert marina.name in page
    assert "<html" not in page
    assert marina.name not in client.get("/customers/alike/?name=ка&phone=", headers=part).content.decode()


def test_of_a_client_of_another_centre_only_initials_are_told_and_he_is_shared_by_his_number(house: House) -> None:
    foreign = make_people.person(by=house["receptionist.south"], phone="+79972000055", now=timezone.now())
    client = browser(house)

    page = client.get("/customers/alike/?name=&phone=89972000055").content.decode()
    assert foreign.name not in page
    assert "К.\u00a0М." in page

    given = {"customer": str(foreign.pk), "centre": str(house.north.pk)}
    assert client.post("/customers/places/", given | {"number": "+79972000056"}).status_code == 404
    assert client.get(f"/customers/{foreign.pk}/").status_code == 404
    foreign_centre = given | {"number": "+79972000055", "centre": str(house.south.pk)}
    assert client.post("/customers/places/", foreign_centre).status_code == 404
    assert client.post("/customers/places/", given | {"number": "+79972000055"}).status_code == 302
    assert client.get(f"/customers/{foreign.pk}/").status_code == 200


def test_a_centre_where_he_may_not_enter_anybody_is_no_choice(house: House) -> None:
    page = browser(house).post("/customers/new/", told(house, centre=str(house.south.pk)))

    assert page.status_code == 200
    assert not Customer.objects.exists()


# ── Changed ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_saves_late_sees_the_difference_and_saves_again(house: House, marina: Customer) -> None:
    client = browser(house)
    path = f"/customers/{marina.pk}/details/"
    mine = {"name": "Карпова Марина", "kind": "person", "version": "1"}
    actions.change_customer(
        customer=marina, seen=1, name="Карпова М. О.", by=house["manager.north"], now=timezone.now()
    )

    page = client.post(path, mine)
    assert "dv-difference" in page.content.decode()
    assert "Карпова М. О." in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()

    assert client.post(path, mine | {"version": "2"}).status_code == 302
    assert Customer.objects.get().name == "Карпова Марина"


def test_who_brought_him_is_named_by_number_and_has_to_be_seen(house: House, marina: Customer) -> None:
    client = browser(house)
    friend = make_people.person(by=house["receptionist.north"], name="Друг", now=timezone.now())
    foreign = make_people.person(by=house["receptionist.south"], name="Чужой", now=timezone.now())
    path, mine = f"/customers/{marina.pk}/details/", {"name": "К", "kind": "person", "version": "1"}

    for wrong in (str(marina.pk), str(foreign.pk), "К-999999", "abc", "9" * 40):
        page = client.post(path, mine | {"referred_by": wrong})
        assert 'id="id_referred_by-error"' in page.content.decode(), wrong
    client.post(path, mine | {"referred_by": f"к-{friend.pk}"})

    marina.refresh_from_db()
    assert marina.referred_by == friend


def test_numbers_and_addresses_are_kept_by_their_page(house: House, marina: Customer) -> None:
    client, path = browser(house), f"/customers/{marina.pk}"
    client.post(f"{path}/phones/", {"number": "8 997 200-00-02", "relation": "family", "phone_note": "муж"})
    client.post(f"{path}/emails/", {"address": "m@x.ru"})
    second = Phone.objects.get(number="+79972000002")

    client.post(f"{path}/phones/{second.pk}/", {"relation": "work", "phone_note": ""})
    client.post(f"{path}/phones/{second.pk}/", {"is_main": "1"})
    client.post(f"{path}/phones/{marina.phones.get(is_main=False).pk}/", {"is_gone": "1"})
    client.post(f"{path}/emails/{marina.emails.get().pk}/", {"is_gone": "1"})

    assert [(one.number, one.relation, one.is_main) for one in marina.phones.all()] == [("+79972000002", "work", True)]
    assert not marina.emails.exists()


def test_a_number_of_another_client_is_not_reached_through_this_one(house: House, marina: Customer) -> None:
    other = make_people.person(by=house["receptionist.north"], name="Другой", now=timezone.now())

    answer = browser(house).post(f"/customers/{marina.pk}/phones/{other.phones.get().pk}/", {"is_gone": "1"})

    assert answer.status_code == 404
    assert other.phones.exists()


def test_a_bad_number_is_told_and_stays_in_the_field(house: House, marina: Customer) -> None:
    page = browser(house).post(f"/customers/{marina.pk}/phones/", {"number": "31-55", "relation": "own"})

    assert 'id="id_number-error"' in page.content.decode()
    assert 'value="31-55"' in page.content.decode()


def test_requisites_are_kept_by_their_page(house: House) -> None:
    firm = make_people.company(by=house["receptionist.north"], now=timezone.now())

    answer = browser(house).post(f"/customers/{firm.pk}/requisites/", make_people.LEGAL | {"head_name": "Петров"})

    assert answer.status_code == 302
    assert Requisites.objects.get().head_name == "Петров"


def test_a_word_on_advertising_is_kept_by_channel_and_on_the_rest_as_a_whole(house: House, marina: Customer) -> None:
    client, path = browser(house), f"/customers/{marina.pk}/consents/"
    for purpose in ("advertising", "service"):
        client.post(path, {"purpose": purpose, "channel": "sms", "is_given": "yes", "proof": "paper"})
    client.post(path, {"purpose": "advertising", "channel": "sms", "is_given": "no", "proof": "call"})

    kept = [(one.purpose, one.channel, one.is_given) for one in Consent.objects.order_by("pk")]
    assert kept == [("advertising", "sms", True), ("service", "any", True), ("advertising", "sms", False)]
    assert client.get(path).status_code == 200


def test_notes_are_written_and_changed_by_their_author(house: House, marina: Customer) -> None:
    client, path = browser(house), f"/customers/{marina.pk}/notes/"
    client.post(path, {"text": "Звонить после шести", "is_pinned": "on"})
    note = Note.objects.get()

    client.post(f"{path}{note.pk}/", {"text": "После семи"})
    assert browser(house, "manager.north").post(f"{path}{note.pk}/", {"text": "Чужое"}).status_code == 409
    client.post(f"{path}{note.pk}/", {"is_pinned_now": "yes"})

    note.refresh_from_db()
    assert (note.text, note.is_pinned) == ("После семи", True)
    client.post(f"{path}{note.pk}/", {"is_gone": "1"})
    assert not Note.objects.exists()


def test_others_are_found_and_tied(house: House, marina: Customer) -> None:
    client, path = browser(house), f"/customers/{marina.pk}/relations/"
    husband = make_people.person(by=house["receptionist.north"], name="Карпов Олег", now=timezone.now())
    foreign = make_people.person(by=house["receptionist.south"], name="Карпов Чужой", now=timezone.now())

    page = client.get(f"{path}?q=карпов").content.decode()
    assert husband.name in page
    assert foreign.name not in page

    assert client.post(path, {"other": str(foreign.pk), "kind": "family"}).status_code == 404
    client.post(path, {"other": str(husband.pk), "kind": "family"})
    tie = Relation.objects.get()
    client.post(f"/customers/{husband.pk}/relations/{tie.pk}/")
    assert not Relation.objects.exists()


def test_a_manager_blocks_with_a_reason_and_a_receptionist_does_not(house: House, marina: Customer) -> None:
    path = f"/customers/{marina.pk}/block/"
    manager = browser(house, "manager.north")
    assert browser(house).post(path, {"reason": "Долг"}).status_code == 403

    assert manager.post(path, {"reason": ""}).status_code == 200
    manager.post(path, {"reason": "Долг"})
    assert "Долг" in browser(house).get(f"/customers/{marina.pk}/").content.decode()
    manager.post(path, {"is_over": "1"})

    marina.refresh_from_db()
    assert marina.blocked_at is None


# ── Merged ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_two_records_are_found_compared_joined_and_parted(house: House, marina: Customer) -> None:
    client = browser(house, "manager.north")
    twin = make_people.person(by=house["manager.north"], name="Карпова Марина", phone="+79972000001")
    assert twin.name in client.get(f"/customers/{marina.pk}/duplicates/").content.decode()

    path = f"/customers/{marina.pk}/merge/{twin.pk}/"
    page = client.get(path).content.decode()
    assert 'name="name" value="kept" checked' in page

    client.post(path, {"name": "absorbed"})
    marina.refresh_from_db()
    assert marina.name == "Карпова Марина"
    assert client.get(f"/customers/{twin.pk}/").headers["Location"] == f"/customers/{marina.pk}/"

    made = Merge.objects.get()
    assert client.get(f"/merges/{made.pk}/undo/").status_code == 200
    client.post(f"/merges/{made.pk}/undo/")
    assert Customer.objects.filter(merged_into=None).count() == 2


def test_comparing_asks_few_questions(
    house: House, marina: Customer, django_assert_num_queries: Callable[..., Any]
) -> None:
    twin = make_people.person(by=house["manager.north"], name="Карпова Марина", email="m@x.ru", now=timezone.now())
    client = browser(house, "manager.north")

    with django_assert_num_queries(OF_THE_FRAME + 6):  # both, phones and addresses, phones of one, what would move
        page = client.get(f"/customers/{marina.pk}/merge/{twin.pk}/").content.decode()
    assert "git-merge" in page


def test_a_receptionist_joins_nobody(house: House, marina: Customer) -> None:
    twin = make_people.person(by=house["manager.north"], name="Карпова Марина", now=timezone.now())

    assert browser(house).post(f"/customers/{marina.pk}/merge/{twin.pk}/", {}).status_code == 403
    assert not Merge.objects.exists()


def test_a_form_sent_twice_is_done_once(house: House, marina: Customer) -> None:
    client, path = browser(house), f"/customers/{marina.pk}/notes/"
    for _ in range(2):
        client.post(path, {"text": "Один раз", "once": "k" * 24})

    assert Note.objects.count() == 1
    assert Event.objects.filter(kind="customer.noted").count() == 1
