"""Pages of gateways and the client's telephone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from dovolen.desk.core import locks
from dovolen.desk.core.models import Event, Mark
from dovolen.desk.messaging.actions import gateways as actions
from dovolen.desk.messaging.doors import PURPOSE, close_all, setup_of
from dovolen.desk.messaging.models import Gateway, Incoming, Message
from tests.desk import make_messaging
from tests.desk.conftest import NOON
from tests.desk.messaging.gateways import provider, smsc

pytestmark = pytest.mark.django_db
PHONE = "+79972001122"


@pytest.fixture(autouse=True)
def _house() -> Iterator[None]:
    make_messaging.house()
    yield
    close_all()


@pytest.fixture
def page(client: Client, director: Any) -> Client:
    client.force_login(director)
    return client


def typed(**other: Any) -> dict[str, Any]:
    return {
        "version": 1,
        "name": "Новый",
        "channel": "sms",
        "sender": "Dovolen",
        "per_second": 5,
        "cost_per_part": "3,50",
    } | other


def made(page: Client, way: str, **other: Any) -> Gateway:
    response = page.post(reverse("new_gateway", args=[way]), typed(**other))
    assert response.status_code == 302, response.context["form"].errors
    return Gateway.objects.get(name=other.get("name", "Новый"))


# ── Setting up ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_list_tells_which_gateway_works_and_how_it_is(page: Client, django_assert_num_queries: Any) -> None:
    first = Gateway.objects.get(channel="sms")
    Mark.objects.create(
        name=f"gateway.{first.pk}", at=NOON, facts={"is_well": False, "name": first.name, "detail": "x"}
    )
    page.get(reverse("gateways"))

    with django_assert_num_queries(5):
        text = page.get(reverse("gateways")).content.decode()

    assert "работает" in text
    assert "Не отвечает как надо" in said(page.get(reverse("gateways")))
    for name in ("SMS.RU", "SMSC.ru", "МТС Exolve", "Devino Telecom", "SMPP 3.4", "Почта, SMTP"):
        assert name in text


def test_a_gateway_of_a_provider_is_added_switched_off_and_its_secret_locked(page: Client) -> None:
    gateway = made(page, "sms_ru", secret="  api-id-canary ")

    assert (gateway.kind, gateway.channel, gateway.is_on, gateway.per_second, gateway.cost_per_part) == (
        "http",
        "sms",
        False,
        5,
        350,
    )
    assert gateway.settings["preset"] == "sms_ru"
    assert "canary" not in gateway.secret
    assert locks.unlock(PURPOSE, gateway.secret) == setup_of(gateway).secret == "api-id-canary"
    assert len(gateway.report_token) >= 43
    text = page.get(reverse("gateway", args=[gateway.pk])).content.decode()
    assert "canary" not in text
    assert gateway.report_token in text
    assert "canary" not in str(list(Event.objects.values_list("facts", flat=True)))


@pytest.mark.parametrize(
    ("way", "other", "kept"),
    [
        ("smpp", {"host": "smpp.example.ru", "port": 2776, "login": "desk", "tls": "on", "receipts": "decimal"},
         {"host": "smpp.example.ru", "port": 2776, "login": "desk", "system_type": "", "tls": True, "receipts": "decimal"}),
        ("smtp", {"channel": "email", "host": "mail.example.ru", "security": "tls", "login": "a", "sender": "Сервис <a@example.ru>"},
         {"host": "mail.example.ru", "port": 0, "login": "a", "security": "tls"}),
        ("http", {"recipe": provider.RECIPE.format(port=1, prevents="key")}, {"preset": "", "login": ""}),
        ("console", {"channel": "email"}, {}),
    ],
)  # fmt: skip
def test_every_kind_keeps_its_settings(page: Client, way: str, other: dict[str, Any], kept: dict[str, Any]) -> None:
    gateway = made(page, way, **other)

    assert gateway.kind == way
    assert {name: gateway.settings.get(name) for name in kept} == kept
    assert page.get(reverse("gateway", args=[gateway.pk])).status_code == 200


@pytest.mark.parametrize(
    ("way", "other", "field"),
    [
        ("smpp", {"host": "http://x/"}, "host"),
        ("smtp", {"channel": "email", "host": "m.example", "security": "tls", "sender": "Сервис"}, "sender"),
        ("http", {"recipe": "name = 1"}, "recipe"),
        ("http", {"recipe": ""}, "recipe"),
        ("sms_ru", {"name": "Console"}, "name"),
        ("sms_ru", {"per_second": 0}, "per_second"),
        ("sms_ru", {"channel": "call"}, "channel"),
        ("console", {"channel": "call"}, "channel"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(page: Client, way: str, other: dict[str, Any], field: str) -> None:
    Gateway.objects.filter(channel="sms").update(name="Console")
    given = {"host": "x.example", "receipts": "same"} | other if way == "smpp" else other

    response = page.post(reverse("new_gateway", args=[way]), typed(**given))

    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert Gateway.objects.count() == 2


def test_an_empty_secret_leaves_the_one_that_is_kept_and_two_directors_lose_nothing(page: Client) -> None:
    gateway = made(page, "sms_ru", secret="first")
    address = reverse("gateway", args=[gateway.pk])

    page.post(address, typed(sender="Another"))
    gateway.refresh_from_db()
    assert (gateway.sender, setup_of(gateway).secret) == ("Another", "first")

    late = page.post(address, typed(sender="Third"))
    assert late.status_code == 200
    assert late.context["form"].differences[0].theirs == "Another"
    gateway.refresh_from_db()
    assert gateway.sender == "Another"


def test_nobody_but_who_may_sets_up_gateways(director: Any) -> None:
    from dovolen.desk.accounts.actions import NotAllowed
    from dovolen.desk.accounts.models import Membership, Staff

    gateway = Gateway.objects.first()
    assert gateway is not None
    Membership.objects.filter(staff=director).update(role="manager")
    manager = Staff.objects.get(pk=director.pk)
    told = actions.Told("x", "console", "sms", {})

    for act in (
        lambda: actions.add_gateway(told=told, secret="", by=manager, now=NOON),
        lambda: actions.change_gateway(gateway=gateway, seen=1, told=told, secret="", by=manager, now=NOON),
        lambda: actions.switch_gateway(gateway=gateway, on=False, by=manager, now=NOON),
        lambda: actions.put_first(gateway=gateway, by=manager, now=NOON),
        lambda: actions.renew_report_address(gateway=gateway, by=manager, now=NOON),
        lambda: actions.try_gateway(gateway=gateway, address=PHONE, by=manager, now=NOON),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_switched_on_and_put_first_a_gateway_takes_the_messages_of_its_channel(page: Client, director: Any) -> None:
    gateway = made(page, "console")
    page.post(reverse("gateway_switch", args=[gateway.pk]), {"on": "1"})
    page.post(reverse("gateway_place", args=[gateway.pk]))

    message = make_messaging.queued(make_messaging.client(by=director, phone=PHONE), by=director)
    make_messaging.deliver()

    message.refresh_from_db()
    assert (message.state, message.gateway) == ("sent", gateway)
    page.post(reverse("gateway_switch", args=[gateway.pk]), {"on": "0"})
    gateway.refresh_from_db()
    assert not gateway.is_on


def test_a_new_report_address_closes_the_old_one(page: Client) -> None:
    gateway = made(page, "sms_ru", secret="x")
    old = gateway.report_token

    page.post(reverse("gateway_report_address", args=[gateway.pk]))

    gateway.refresh_from_db()
    assert gateway.report_token != old
    assert page.post(reverse("gateway_reports", args=[old]), {"a": 1}).status_code == 404


# ── A trial ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def tried(page: Client, gateway: Gateway, address: str = "8 997 200-11-22") -> str:
    return said(page.post(reverse("gateway_trial", args=[gateway.pk]), {"address": address}, follow=True))


def said(response: Any) -> str:
    """A page with plain spaces where its words are tied."""
    return str(response.content.decode().replace("\u00a0", " "))


def test_a_trial_sends_one_message_and_says_what_became_of_it(page: Client, settings: Any) -> None:
    settings.GATEWAY_HOSTS = frozenset({"127.0.0.1"})
    with smsc.running() as centre:
        where = {"host": "127.0.0.1", "port": centre.port, "login": "desk", "secret": "secret", "receipts": "same"}
        gateway = made(page, "smpp", **where)

        assert "Шлюз принял сообщение" in tried(page, gateway)
        assert centre.messages() == [(PHONE[1:], "Пробное сообщение. Шлюз «Новый» работает.")]

        centre.refuses[PHONE[1:]] = 0x0B
        assert "Шлюз отказал" in tried(page, gateway)
        assert "Это не номер" in tried(page, gateway, "не номер")
        close_all()
    assert Message.objects.count() == 0
    assert [event.facts["state"] for event in Event.objects.filter(kind="gateway.tried").order_by("pk")] == [
        "sent",
        "failed",
    ]


def test_a_trial_of_what_cannot_be_reached_says_whether_it_lasts(page: Client) -> None:
    gateway = made(page, "smpp", host="127.0.0.1", port=1, receipts="same")

    text = tried(page, gateway)

    assert "DOVOLEN_GATEWAY_HOSTS" in text
    assert "пока не изменить настройки" in text
    assert "Не отвечает как надо" in said(page.get(reverse("gateway", args=[gateway.pk])))


# ── The client's telephone ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def sent(director: Any) -> Message:
    customer = make_messaging.client(by=director, name="Карпова Марина", phone=PHONE, email="karpova@mail.example")
    message = make_messaging.queued(customer, by=director, notice="order.accepted")
    make_messaging.deliver()
    return Message.objects.get(pk=message.pk)


def test_the_telephone_shows_what_was_sent_with_its_link(
    page: Client, sent: Message, django_assert_num_queries: Any
) -> None:
    page.get(reverse("phone"))
    with django_assert_num_queries(6):
        text = page.get(reverse("phone")).content.decode()

    assert "Карпова Марина" in text
    assert "+7\u00a0997\u00a0200-11-22" in text
    assert '<a href="https://dovolen.example/c/abc/">https://dovolen.example/c/abc/</a>' in text


def test_a_sentence_ends_outside_of_its_link(page: Client, sent: Message) -> None:
    Message.objects.filter(pk=sent.pk).update(
        text="Смотрите https://x.example/a?b=1&c=2. И (https://y.example/)! javascript:alert(1)"
    )

    text = page.get(reverse("phone")).content.decode()

    assert '<a href="https://x.example/a?b=1&amp;c=2">' in text
    assert '<a href="https://y.example/">' in text
    assert 'href="javascript' not in text


def test_letters_are_shown_as_letters(page: Client, sent: Message) -> None:
    Message.objects.filter(pk=sent.pk).update(
        channel="email",
        address="karpova@mail.example",
        subject="Заказ принят",
        gateway=Gateway.objects.get(channel="email"),
    )

    text = page.get(reverse("phone"), {"address": "karpova@mail.example"}).content.decode()

    assert "<article" in text
    assert "Заказ принят" in text


def test_what_the_client_answers_there_comes_into_the_inbox(page: Client, sent: Message) -> None:
    response = page.post(reverse("phone_answer"), {"address": PHONE, "text": "Завтра заберу"}, follow=True)

    incoming = Incoming.objects.get()
    assert (incoming.customer, incoming.order_number, incoming.text) == (
        sent.customer,
        sent.order_number,
        "Завтра заберу",
    )
    assert "Завтра заберу" in response.content.decode()


@pytest.mark.parametrize("given", [{"address": "+79990000000", "text": "x"}, {"address": PHONE, "text": ""}, {}])
def test_only_a_telephone_that_was_written_to_answers(page: Client, sent: Message, given: dict[str, str]) -> None:
    assert page.post(reverse("phone_answer"), given).status_code == 302
    assert Incoming.objects.count() == 0


def test_messages_of_real_gateways_and_of_other_centres_are_on_no_telephone(page: Client, sent: Message) -> None:
    from dovolen.desk.accounts.models import Centre

    Message.objects.update(centre=Centre.objects.create(name="Юг", zone="Europe/Moscow"))
    assert "Карпова" not in page.get(reverse("phone")).content.decode()

    Message.objects.update(centre=sent.centre)
    Gateway.objects.filter(channel="sms").update(kind="smpp")
    text = said(page.get(reverse("phone")))
    assert "Карпова" not in text
    assert "Сообщений ещё не было" in text
