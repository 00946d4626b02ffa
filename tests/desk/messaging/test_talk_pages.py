"""Pages of contacts and of the inbox: what they show to whom, what they write, how much they ask of the base."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.messaging import actions
from dovolen.desk.messaging.models import Contact, Gateway, Incoming, Message
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_messaging
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
NUMBER = "+79972000001"


@pytest.fixture
def house() -> House:
    house = cast.full(now=timezone.now() - timedelta(days=40))
    Centre.objects.update(hours="24/7")
    make_messaging.house()
    return house


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def marina(house: House, now: datetime) -> Customer:
    return make_messaging.client(by=house["receptionist.north"], phone=NUMBER, now=now - timedelta(days=30))


def browser(house: House, login: str = "receptionist.north") -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.content.decode().replace("\u00a0", " ")


def heard(customer: Customer | None, at: datetime, **told: Any) -> Incoming:
    given = {
        "gateway": Gateway.objects.get(channel="sms"), "gateway_ref": f"in-{Incoming.objects.count()}", "channel": "sms",
        "text": "Когда забрать?", "address": NUMBER, "at": at, "customer": customer,
        "centre": Centre.objects.get(name="Север") if customer else None,
    } | told  # fmt: skip
    return Incoming.objects.create(**given)


def typed(house: House, at: datetime, **told: Any) -> dict[str, Any]:
    """The form of a conversation as it is sent."""
    moment = house.north.local(at).strftime("%Y-%m-%dT%H:%M")
    given = {"channel": "call", "direction": "in", "text": "Спросила про срок", "purpose": "term", "minutes": "3"}
    return given | {"at": moment, "centre": house.north.pk} | told


# ── Contacts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_call_is_noted_on_the_card_and_stands_in_its_timeline(house: House, marina: Customer, now: datetime) -> None:
    client = browser(house)
    assert f"/customers/{marina.pk}/contacts/" in page(client, f"/customers/{marina.pk}/")

    answer = client.post(f"/customers/{marina.pk}/contacts/", typed(house, now))

    assert answer.headers["Location"] == f"/customers/{marina.pk}/"
    told = page(client, f"/customers/{marina.pk}/story/?tab=talk")
    assert "Клиент позвонил: срок" in told
    assert "Спросила про срок" in told


def test_a_call_about_an_order_stands_on_its_page_under_talk(house: House, marina: Customer, now: datetime) -> None:
    order = make.order(by=house["manager.north"], customer=marina, centre=house.north, promised_at=None, now=now)
    client = browser(house)
    path = f"/customers/{marina.pk}/contacts/?order={order.number}"
    assert path in page(client, f"/orders/{order.number}/")
    assert f'<option value="{order.number}" selected>' in page(client, path)

    answer = client.post(path, typed(house, now, order=order.number))

    assert answer.headers["Location"] == f"/orders/{order.number}/"
    assert Contact.objects.get().order_number == order.number
    assert "Спросила про срок" in page(client, f"/orders/{order.number}/?events=talk")
    assert "Спросила про срок" not in page(client, f"/orders/{order.number}/?events=parts")


def test_a_conversation_is_not_about_an_order_of_somebody_else(house: House, marina: Customer, now: datetime) -> None:
    other = make.order(by=house["manager.north"], centre=house.north, promised_at=None, now=now)

    answer = browser(house).post(f"/customers/{marina.pk}/contacts/", typed(house, now, order=other.number))

    assert answer.status_code == 302
    assert Contact.objects.get().order_number is None


def test_what_was_typed_stays_where_a_conversation_is_refused(house: House, marina: Customer, now: datetime) -> None:
    told = typed(house, now + timedelta(days=2))

    shown = browser(house).post(f"/customers/{marina.pk}/contacts/", told).content.decode().replace("\u00a0", " ")

    assert "Этого ещё не было" in shown
    assert "Спросила про срок" in shown
    assert not Contact.objects.exists()


def test_after_a_meeting_its_report_is_written_sent_and_confirmed(
    house: House, marina: Customer, now: datetime
) -> None:
    client = browser(house)
    path = client.post(f"/customers/{marina.pk}/contacts/", typed(house, now, channel="meeting")).headers["Location"]
    assert "Отчёт нужен" in page(client, path)
    assert "Отчёты о встречах" in page(client, "/")

    told = {"version": "1", "agreed": "Меняем матрицу", "agreed_who": "Руслан", "agreed_until": "2027-01-15",
            "sent_by": "sms"}  # fmt: skip
    assert client.post(f"{path}report/", told).headers["Location"] == path
    shown = page(client, path)
    for text in ("Меняем матрицу", "Руслан", "15 января 2027", "Клиент ещё не подтвердил", "в очереди"):
        assert text in shown, text
    assert "Отчёты о встречах" not in page(client, "/")
    assert Message.objects.get().customer == marina

    client.post(f"{path}confirmation/")
    assert "Клиент подтвердил" in page(client, path)


def test_two_who_write_one_report_see_each_others_words(house: House, marina: Customer, now: datetime) -> None:
    client = browser(house)
    path = client.post(f"/customers/{marina.pk}/contacts/", typed(house, now, channel="meeting")).headers["Location"]
    told = {"version": "1", "agreed": "Меняем матрицу", "sent_by": "none"}
    client.post(f"{path}report/", told)

    shown = browser(house, "manager.north").post(f"{path}report/", told | {"agreed": "Чистим"}).content.decode()

    assert "Отчёт уже записан" in shown
    assert Contact.objects.get().agreed == "Меняем матрицу"


@pytest.mark.parametrize("login", ["technician.north", "accountant.north"])
def test_who_does_not_see_clients_reads_nothing_that_was_said(
    house: House, marina: Customer, now: datetime, login: str
) -> None:
    manager = cast.fresh(house["manager.north"])
    order = make.order(by=manager, customer=marina, centre=house.north, promised_at=None, now=now)
    contact = actions.add_contact(
        customer=marina, centre=house.north, channel="call", text="Тайна-разговора", at=now, order_number=order.number,
        by=manager, now=now,
    )  # fmt: skip
    message = make_messaging.queued(marina, by=manager, order_number=order.number, now=now)
    answer = heard(marina, now, text="Тайна-ответа", order_number=order.number)
    client = browser(house, login)

    shown = page(client, f"/orders/{order.number}/")

    for secret in ("Тайна", message.text, NUMBER, f"/contacts/{contact.pk}/", "/contacts/?order"):
        assert secret not in shown, secret
    assert "Тайна" not in page(client, "/")
    for path in (f"/contacts/{contact.pk}/", f"/inbox/{answer.pk}/", "/inbox/", f"/customers/{marina.pk}/contacts/"):
        assert client.get(path).status_code == 403, path


# ── The inbox ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_answer_is_taken_answered_and_done_in_one_page(house: House, marina: Customer, now: datetime) -> None:
    one, client = heard(marina, now - timedelta(minutes=40)), browser(house)
    assert "ждёт 40 мин" in page(client, "/inbox/")

    client.post(f"/inbox/{one.pk}/assignee/", {"take": "1"})
    assert "отвечает Некто receptionist.north" in page(client, "/inbox/?view=mine")
    answer = client.post(f"/inbox/{one.pk}/answers/", {"answer": "Завтра с десяти", "is_done": "on"})

    assert answer.headers["Location"] == "/inbox/"
    kept = Incoming.objects.get()
    assert (kept.assignee, kept.done_by, kept.result) == (house["receptionist.north"],) * 2 + ("ответили",)
    assert Message.objects.get().text == "Завтра с десяти"
    assert "Все ответы разобраны" in page(client, "/inbox/")
    assert "ответили за 40 мин" in page(client, "/inbox/?view=all")


def test_an_answer_may_be_written_and_left_open(house: House, marina: Customer, now: datetime) -> None:
    one = heard(marina, now)

    browser(house).post(f"/inbox/{one.pk}/answers/", {"answer": "Уточню и напишу"})

    assert Message.objects.exists()
    assert Incoming.objects.get().done_at is None


def test_what_cannot_be_sent_is_refused_beside_the_words(house: House, marina: Customer, now: datetime) -> None:
    one = heard(marina, now)

    shown = browser(house).post(f"/inbox/{one.pk}/answers/", {"answer": "Ждём {когда}", "is_done": "on"})

    assert shown.status_code == 200
    assert "Ждём {когда}" in shown.content.decode()
    assert not Message.objects.exists()
    assert Incoming.objects.get().done_at is None


def test_the_confirmation_of_a_report_comes_by_an_answer(house: House, marina: Customer, now: datetime) -> None:
    reception = cast.fresh(house["receptionist.north"])
    contact = actions.add_contact(
        customer=marina, centre=house.north, channel="meeting", text="Встреча", at=now, by=reception, now=now
    )
    actions.report_contact(
        contact=contact, seen=1, agreed="Меняем матрицу", agreed_who="", agreed_until=None, channel="sms", by=reception,
        now=now,
    )  # fmt: skip
    one, client = heard(marina, now, text="Да, всё верно"), browser(house)
    assert "Клиент подтвердил договорённости: Меняем матрицу" in page(client, f"/inbox/{one.pk}/")

    client.post(f"/inbox/{one.pk}/result/", {"result": "подтвердила", "confirms": "1"})

    assert Contact.objects.get().confirmed_at is not None
    assert Incoming.objects.get().result == "подтвердила"
    client.post(f"/inbox/{one.pk}/result/", {"done": "0"})
    assert Incoming.objects.get().done_at is None


def test_an_unknown_sender_is_found_by_name_and_tied(house: House, marina: Customer, now: datetime) -> None:
    one, client = heard(None, now, address="+79972000555"), browser(house)
    assert "Неизвестный отправитель" in page(client, "/inbox/")
    assert "Карпова Марина" in page(client, f"/inbox/{one.pk}/?q=Карпова")

    client.post(f"/inbox/{one.pk}/customer/", {"customer": marina.pk, "version": one.version, "keeps_address": "on"})

    assert Incoming.objects.get().customer == marina
    assert marina.phones.filter(number="+79972000555").exists()
    assert "Когда забрать?" in page(client, f"/customers/{marina.pk}/story/")


def test_the_clients_of_a_shared_number_are_offered_at_once(house: House, marina: Customer, now: datetime) -> None:
    one = heard(None, now)

    assert "Карпова Марина" in page(browser(house), f"/inbox/{one.pk}/")


def test_an_answer_to_another_centre_is_not_there(house: House, marina: Customer, now: datetime) -> None:
    one, client = heard(marina, now), browser(house, "manager.south")

    assert client.get(f"/inbox/{one.pk}/").status_code == 404
    assert "Карпова" not in page(client, "/inbox/?view=all")


# ── How much they ask ────────────────────────────────────────────────────────────────────────────────────────────────


def busy(house: House, customer: Customer, now: datetime, n: int) -> RepairOrder:
    """A client with n of everything that can be said."""
    manager = cast.fresh(house["manager.north"])
    order = make.order(by=manager, customer=customer, centre=house.north, promised_at=None, now=now)
    for _ in range(n):
        told = {"customer": customer, "centre": house.north, "order_number": order.number, "by": manager, "now": now}
        actions.add_contact(channel="meeting", text="Встреча", at=now, **told)
        actions.take_incoming(incoming=heard(customer, now, order_number=order.number), by=manager, now=now)
        heard(None, now)
        make_messaging.queued(customer, by=manager, order_number=order.number, now=now)
    return order


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/inbox/", 5),  # session, person, places, answers, how fast they were met
        ("/inbox/?view=all", 5),
        ("/inbox/{answer}/", 7),  # answer, colleagues, what was said, report to be confirmed
        ("/contacts/{contact}/", 5),  # contact, how he is reached
        ("/customers/{customer}/contacts/", 6),  # client, orders, centres
    ],
)
def test_pages_ask_the_same_however_much_was_said(
    house: House, marina: Customer, now: datetime, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    client = browser(house)
    for n in (1, 5):
        busy(house, marina, now, n)
        filled = path.format(
            answer=Incoming.objects.filter(customer=marina).latest("pk").pk, contact=Contact.objects.latest("pk").pk,
            customer=marina.pk,
        )  # fmt: skip

        with django_assert_num_queries(queries):
            assert client.get(filled).status_code == 200


def test_the_card_and_the_order_take_twelve_queries_with_all_that_was_said(
    house: House, marina: Customer, now: datetime, django_assert_max_num_queries: Any
) -> None:
    order = busy(house, marina, now, 3)
    client = browser(house, "manager.north")

    for path in (f"/customers/{marina.pk}/", f"/orders/{order.number}/", "/"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_a_report_is_read_as_the_client_will_read_it_while_it_is_written(
    house: House, marina: Customer, now: datetime
) -> None:
    client = browser(house)
    path = client.post(f"/customers/{marina.pk}/contacts/", typed(house, now, channel="meeting")).headers["Location"]
    told = {"version": "1", "agreed": "Меняем матрицу", "agreed_who": "Руслан", "sent_by": "sms"}
    part = {"HX-Request": "true", "HX-Target": "look"}

    shown = client.post(f"{path}report/", told, headers=part).content.decode().replace("\u00a0", " ")

    assert "договорились: Меняем матрицу. Делает Руслан." in shown
    assert "<html" not in shown
    assert "Меняем" not in client.post(f"{path}report/", told | {"sent_by": "none"}, headers=part).content.decode()
    assert Contact.objects.get().reported_at is None
    assert not Message.objects.exists()


def test_what_the_gate_holds_back_is_said_and_stays_open(house: House, marina: Customer, now: datetime) -> None:
    """To somebody who took his consent back neither a report nor an answer goes, and nobody thinks that it did."""
    from dovolen.desk.people import actions as people

    client = browser(house)
    path = client.post(f"/customers/{marina.pk}/contacts/", typed(house, now, channel="meeting")).headers["Location"]
    one = heard(marina, now)
    word = {"purpose": "service", "is_given": False, "proof": "call", "by": house["receptionist.north"], "now": now}
    people.record_consent(customer=marina, **word)

    client.post(f"{path}report/", {"version": "1", "agreed": "Меняем матрицу", "sent_by": "sms"})
    shown = page(client, path)
    assert "Отчёт записан, но клиенту не отправлен: нет согласия" in shown
    answer = client.post(f"/inbox/{one.pk}/answers/", {"answer": "Завтра", "is_done": "on"})

    assert answer.headers["Location"] == f"/inbox/{one.pk}/"
    assert "Ответ не отправлен: нет согласия" in page(client, f"/inbox/{one.pk}/")
    assert Incoming.objects.get().done_at is None
    assert "ответили за" not in page(client, "/inbox/?view=all")
    assert set(Message.objects.values_list("state", flat=True)) == {"refused"}
