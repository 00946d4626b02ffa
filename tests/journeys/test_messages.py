"""Messages in a browser: the journal, one message, writing to a client with its length and price, notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre
from dovolen.desk.messaging.models import Gateway, Message
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_messaging
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

WIDTHS = (1440, 390)
LONG = "Уважаемый клиент, " + "ваш заказ почти готов, мастер проверяет его в работе. " * 3


@dataclass
class Desk:
    """Somebody at the desk, a client who agreed to be told, his order, and messages of every fate."""

    visitor: Visitor
    customer: Customer
    order: RepairOrder
    unclear: Message


@pytest.fixture(scope="module")
def desk(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Desk]:
    with served.prepared(tmp_path_factory.mktemp("messages") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.full(now=now)
        Centre.objects.update(hours="ежедневно 10–20", phone="+7 997 200-00-00", address="ул. Ленина, 5")
        make_messaging.house()
        Gateway.objects.update(cost_per_part=320)
        customer = make_messaging.client(by=house.olga, centre=house.north, name="Карпова Марина Олеговна", now=now)
        order = make.order(
            by=house.olga, centre=house.north, customer=customer, lines=make.price_list, now=now,
            promised_at=now + timedelta(days=2),
        )  # fmt: skip
        unclear = written(house, customer, order, now)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house["director.north"] if "director.north" in house.people else house.olga)
            yield Desk(visitor, customer, order, unclear)


def written(house: Any, customer: Customer, order: RepairOrder, now: Any) -> Message:
    """Messages of every fate; gives the one that is unclear."""
    fates = (
        ("order.accepted", {"state": "delivered", "sent_at": now, "delivered_at": now}),
        ("order.promise_moved", {"state": "failed", "reason": "gateway_refused", "detail": "Absent subscriber"}),
        ("order.part_arrived", {"state": "queued", "not_before": now + timedelta(hours=8)}),
        ("order.ready", {"state": "unclear", "reason": "interrupted"}),
    )
    other = make_messaging.client(by=house.olga, centre=house.north, agreed=(), name="Саша", now=now)
    make_messaging.queued(other, by=house.olga, centre=house.north, now=now, order_number=order.number)
    for notice, fate in fates:
        message = make_messaging.queued(
            customer, by=house.olga, centre=house.north, notice=notice, now=now, order_number=order.number
        )
        Message.objects.filter(pk=message.pk).update(**fate)
    return Message.objects.get(state="unclear")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["messages", "message", "write", "notices", "notice", "sms", "letter"])
def test_pages_of_messages_are_sound(desk: Desk, page: str, width: int) -> None:
    paths = {
        "messages": "/messages/", "message": f"/messages/{desk.unclear.pk}/",
        "write": f"/customers/{desk.customer.pk}/messages/?order={desk.order.number}", "notices": "/settings/notices/",
        "notice": "/settings/notices/order.not_picked_up.1/", "sms": "/settings/notices/order.ready/texts/sms/ru/",
        "letter": "/settings/notices/order.ready/texts/email/en/",
    }  # fmt: skip

    desk.visitor.visits(paths[page], width=width)

    desk.visitor.finds_sound(f"messages-{page}-{width}")


def test_what_is_typed_is_measured_and_priced_at_once(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits(f"/customers/{desk.customer.pk}/messages/")

    visitor.types("#id_text", LONG)
    visitor.waits("document.querySelector('#look').innerText.includes('3\\u00a0части')")

    assert "9,60" in visitor.reads("#look")
    visitor.finds_sound("messages-write-long")


def test_a_service_text_that_advertises_is_warned_of(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits("/settings/notices/order.ready/texts/sms/ru/")

    visitor.types("#id_body", "Заказ № {order} готов. Только сегодня скидка 10 %!")

    visitor.waits("document.querySelector('#look').innerText.includes('рекламу')")
    assert "скидка" in visitor.reads("#look")
    visitor.finds_sound("messages-advertising")


def test_a_text_is_tried_on_a_real_order_without_its_key(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits("/settings/notices/order.ready/texts/sms/ru/")

    read = visitor.reads("#look").replace("\u00a0", " ")
    assert f"Заказ № {desk.order.number} готов" in read
    assert "/c/xxxxxxxx" in read


def test_a_message_written_by_hand_waits_in_the_outbox(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits(f"/customers/{desk.customer.pk}/messages/")

    visitor.types("#id_text", "{greeting}! Приезжайте завтра.")
    visitor.sends("main .msg-form")

    assert "Уважаемая Марина Олеговна! Приезжайте завтра." in visitor.reads()
