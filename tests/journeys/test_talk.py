"""A day of talk in a browser: a call noted on the card, a meeting reported and confirmed, an answer met in time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre
from dovolen.desk.messaging.models import Contact, Gateway, Incoming
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_messaging
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

WIDTHS = (1440, 390)
TIMELINE = "!!document.querySelector('#story ol')"


@dataclass
class Desk:
    """Somebody at reception, a client, her order, and what she answered an hour ago."""

    visitor: Visitor
    customer: Customer
    order: RepairOrder
    answer: Incoming


@pytest.fixture(scope="module")
def desk(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Desk]:
    with served.prepared(tmp_path_factory.mktemp("talk") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.full(now=now)
        Centre.objects.update(hours="24/7")
        make_messaging.house()
        reception, north = house["receptionist.north"], Centre.objects.get(name="Север")
        customer = make_messaging.client(by=reception, phone="+79972000001", now=now)
        order = make.order(by=house.olga, centre=north, customer=customer, promised_at=None, now=now)
        answer = Incoming.objects.create(
            gateway=Gateway.objects.get(channel="sms"), gateway_ref="1", channel="sms", address="+79972000001",
            text="А когда забрать?", at=now - timedelta(hours=1), customer=customer, centre=north,
            order_number=order.number,
        )  # fmt: skip
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, reception)
            yield Desk(visitor, customer, order, answer)


def test_a_call_is_noted_on_the_card_without_leaving_it(desk: Desk) -> None:
    visitor = desk.visitor
    for width in WIDTHS:
        visitor.visits(f"/customers/{desk.customer.pk}/", width=width)
        visitor.waits(TIMELINE)
        visitor.window.look("document.querySelector('.client-story header a.btn').click()")
        visitor.waits("document.activeElement.id === 'id_channel'")
        visitor.finds_sound(f"talk-card-{width}")
        visitor.window.look("document.querySelector('#sheet a[data-closes]').click()")
        assert not visitor.sees("#sheet form")
    visitor.window.look("document.querySelector('.client-story header a.btn').click()")
    visitor.waits("!!document.querySelector('#sheet textarea')")

    visitor.types("#sheet textarea", "Просила перезвонить после шести")
    visitor.presses("Enter", ctrl=True)
    visitor.waits(f"{TIMELINE} && document.querySelector('#story').innerText.includes('после шести')")

    assert visitor.path == f"/customers/{desk.customer.pk}/"


def test_a_meeting_is_noted_on_the_order_and_reported_the_same_day(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits(f"/orders/{desk.order.number}/")
    visitor.window.look("document.querySelector('a[data-sheet][href*=\"/contacts/\"]').click()")
    visitor.waits("document.querySelector('#sheet-dialog').open")
    assert visitor.faults() == []
    visitor.types("#sheet textarea", "Смотрели плату вместе")
    visitor.window.look("document.querySelector('#sheet #id_channel').value = 'meeting'")
    visitor.presses("Enter", ctrl=True)
    visitor.waits("location.pathname.startsWith('/contacts/')")
    visitor.waits("!!document.querySelector('#id_agreed')")
    assert "Отчёт нужен" in visitor.reads()

    visitor.types("#id_agreed", "Меняем разъём, плату чистим")
    visitor.waits("document.querySelector('#look').innerText.includes('Меняем разъём')")
    visitor.finds_sound("talk-report")
    visitor.sends("main form.dv-form")

    assert "Клиент ещё не подтвердил" in visitor.reads()
    for width in WIDTHS:
        visitor.visits(visitor.path, width=width)
        visitor.finds_sound(f"talk-reported-{width}")
    visitor.visits(f"/orders/{desk.order.number}/?events=talk")
    assert "отчёт отправлен" in visitor.reads("#events")
    assert Contact.objects.get(channel="meeting").report is not None


def test_an_answer_is_met_from_the_first_screen(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits("/")
    assert "Ответы клиентов" in visitor.reads()
    assert "ждёт 1 ч" in visitor.reads()
    for width in WIDTHS:
        visitor.visits("/inbox/", width=width)
        visitor.finds_sound(f"talk-inbox-{width}")
        visitor.visits(f"/inbox/{desk.answer.pk}/", width=width)
        visitor.finds_sound(f"talk-answer-{width}")

    visitor.visits(f"/inbox/{desk.answer.pk}/")
    visitor.types("#id_answer", "Завтра с десяти")
    visitor.sends("main form.dv-form")

    assert visitor.path == "/inbox/"
    assert "Все ответы разобраны" in visitor.reads()
    assert Incoming.objects.get().result == "ответили"
