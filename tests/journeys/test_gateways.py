"""Gateways in a browser: the list, one set up, what a recipe looks like; the client's phone and his answer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.core.models import Mark
from dovolen.desk.messaging.actions import gateways as actions
from dovolen.desk.messaging.actions.reports import hear_answer
from dovolen.desk.messaging.models import Gateway, Incoming, Message
from tests.desk import cast, make_messaging
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

WIDTHS = (1440, 390)
PHONE = "+79972001122"


@dataclass
class Desk:
    """The director, and a gateway of a provider that does not answer."""

    visitor: Visitor
    gateway: Gateway


@pytest.fixture(scope="module")
def desk(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Desk]:
    with served.prepared(tmp_path_factory.mktemp("gateways") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.full(now=now)
        make_messaging.house()
        told = actions.Told("SMS.RU", "http", "sms", {"preset": "sms_ru"}, sender="Dovolen", cost_per_part=320)
        gateway = actions.add_gateway(told=told, secret="api-id", by=house.olga, now=now)
        facts = {"is_well": False, "name": gateway.name, "detail": "201 Не хватает средств на лицевом счёте"}
        Mark.objects.create(name=f"gateway.{gateway.pk}", at=now, facts=facts)
        told_to(house, now)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house.olga)
            yield Desk(visitor, gateway)


def told_to(house: Any, now: Any) -> None:
    """A client who got two messages and a letter, and answered."""
    customer = make_messaging.client(
        by=house.olga,
        centre=house.north,
        name="Карпова Марина Олеговна",
        phone=PHONE,
        email="karpova@mail.example",
        now=now,
    )
    sms, post = Gateway.objects.get(kind="console", channel="sms"), Gateway.objects.get(channel="email")
    for notice in ("order.accepted", "order.ready"):
        message = make_messaging.queued(customer, by=house.olga, centre=house.north, notice=notice, now=now)
        Message.objects.filter(pk=message.pk).update(state="sent", sent_at=now, gateway=sms)
    hear_answer(gateway=sms, ref="a-1", address=PHONE, text="Спасибо, заберу завтра", now=now)
    letter = make_messaging.queued(customer, by=house.olga, centre=house.north, notice="order.part_arrived", now=now)
    later = letter.later_channels[0]
    Message.objects.filter(pk=letter.pk).update(
        state="sent", sent_at=now, gateway=post, channel="email", address="karpova@mail.example", subject=later["subject"],
        text=later["text"],
    )  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", ["list", "provider", "smpp", "smtp", "recipe", "phone", "mailbox", "settings"])
def test_pages_of_gateways_are_sound(desk: Desk, page: str, width: int) -> None:
    paths = {
        "list": "/settings/gateways/", "provider": f"/settings/gateways/{desk.gateway.pk}/", "settings": "/settings/",
        "smpp": "/settings/gateways/new/smpp/", "smtp": "/settings/gateways/new/smtp/", "phone": f"/phone/?address=%2B{PHONE[1:]}",
        "recipe": "/settings/gateways/new/http/", "mailbox": "/phone/?address=karpova%40mail.example",
    }  # fmt: skip

    desk.visitor.visits(paths[page], width=width)

    desk.visitor.finds_sound(f"gateways-{page}-{width}")


def test_pages_are_sound_in_the_dark_and_in_english(desk: Desk) -> None:
    for page, path in (
        ("list", "/settings/gateways/"),
        ("provider", f"/settings/gateways/{desk.gateway.pk}/"),
        ("phone", "/phone/"),
    ):
        desk.visitor.visits(path, dark=True, lang="en")
        desk.visitor.finds_sound(f"gateways-{page}-dark")


def test_an_answer_from_the_clients_phone_comes_into_the_inbox_and_stands_on_the_phone(desk: Desk) -> None:
    visitor = desk.visitor
    visitor.visits(f"/phone/?address=%2B{PHONE[1:]}")

    visitor.types("[name=text]", "А до скольки вы сегодня?")
    visitor.sends("form.write")

    assert Incoming.objects.filter(text="А до скольки вы сегодня?").count() == 1
    assert "А до скольки вы сегодня?" in visitor.reads(".gw-device")
