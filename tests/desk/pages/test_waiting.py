"""What waits on the first screen besides orders: answers, messages that did not arrive, reports, debts, for whom."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.messaging import actions
from dovolen.desk.messaging.models import Gateway, Incoming, Message
from dovolen.desk.pages import card, waiting
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks import actions as tasks
from tests.desk import cast, make, make_messaging, make_money
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


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
    return make_messaging.client(by=house["receptionist.north"], phone="+79972000001", now=now - timedelta(days=30))


def found(house: House, kind: str, now: datetime, login: str = "receptionist.north") -> list[waiting.Row]:
    person = cast.fresh(house[login])
    return waiting.waiting(person, waiting.KINDS, now, now + timedelta(hours=9), own=False)[kind]


def screen(house: House, login: str) -> str:
    client = Client()
    client.force_login(house[login])
    return client.get("/").content.decode().replace("\u00a0", " ")


def heard(customer: Customer | None, at: datetime, **told: Any) -> Incoming:
    given = {
        "gateway": Gateway.objects.get(channel="sms"), "gateway_ref": f"in-{Incoming.objects.count()}", "channel": "sms",
        "text": "Когда забрать?", "address": "+79972000001", "at": at, "customer": customer,
        "centre": Centre.objects.get(name="Север") if customer else None,
    } | told  # fmt: skip
    return Incoming.objects.create(**given)


def lost(house: House, customer: Customer, now: datetime, state: str = "failed", **told: Any) -> Message:
    """A message of which the gateway said so an hour ago."""
    given = {"by": house["manager.north"], "now": now - timedelta(hours=2)} | told
    message = make_messaging.queued(customer, **given)
    Message.objects.filter(pk=message.pk).update(state=state, state_at=now - timedelta(hours=1))
    return Message.objects.get(pk=message.pk)


# ── Answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_answers_stand_by_how_long_they_wait_and_are_late_beyond_the_limit(
    house: House, marina: Customer, now: datetime
) -> None:
    heard(marina, now - timedelta(minutes=5))
    heard(None, now - timedelta(minutes=31))

    rows = found(house, "answers", now)

    assert [(row.minutes, row.is_late, row.who) for row in rows] == [
        (31, True, "+79972000001"), (5, False, "Карпова Марина Олеговна"),
    ]  # fmt: skip
    shown = screen(house, "receptionist.north")
    assert "ждёт 31 мин" in shown
    assert "+7 997 200-00-01" in shown


def test_a_night_is_no_waiting(house: House, marina: Customer) -> None:
    Centre.objects.update(hours="пн–пт 10–20")
    friday = datetime.fromisoformat("2026-11-20T19:50+03:00")
    heard(marina, friday)

    (row,) = found(house, "answers", datetime.fromisoformat("2026-11-23T10:15+03:00"))

    assert (row.minutes, row.is_late) == (25, False)


def test_an_answer_of_a_colleague_is_his_until_it_is_late(house: House, marina: Customer, now: datetime) -> None:
    one = heard(marina, now - timedelta(minutes=20))
    manager = cast.fresh(house["manager.north"])
    actions.take_incoming(incoming=one, by=manager, now=now)

    assert len(found(house, "answers", now, "manager.north")) == 1
    assert found(house, "answers", now) == []
    assert len(found(house, "answers", now + timedelta(minutes=15))) == 1


# ── Messages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("state", "is_shown"), [("failed", 1), ("unclear", 1), ("delivered", 0), ("refused", 0)])
def test_what_did_not_arrive_or_may_not_have_is_shown(
    house: House, marina: Customer, now: datetime, state: str, is_shown: int
) -> None:
    lost(house, marina, now, state)

    assert len(found(house, "messages", now)) == is_shown


def test_what_did_not_arrive_is_no_news_once_the_client_was_reached(
    house: House, marina: Customer, now: datetime
) -> None:
    """By a call that was noted, a task that was done, a later message that went."""
    manager, north = cast.fresh(house["manager.north"]), Centre.objects.get(name="Север")
    others = [make_messaging.client(by=manager, now=now - timedelta(days=1)) for _ in range(3)]
    for one in others:
        lost(house, one, now)
    assert len(found(house, "messages", now)) == 3
    told: dict[str, Any] = {"by": manager, "now": now}

    actions.add_contact(customer=others[0], centre=north, channel="call", text="Сказали", at=now, **told)
    task = tasks.add(centre=north, kind="call", title="Позвонить", customer=others[1], **told)
    tasks.finish(task=task, **told)
    later = make_messaging.queued(others[2], by=manager, now=now)
    Message.objects.filter(pk=later.pk).update(state="sent")

    assert found(house, "messages", now) == []


def test_a_message_that_another_channel_said_is_no_news(house: House, marina: Customer, now: datetime) -> None:
    first = lost(house, marina, now)
    second = lost(house, marina, now, "queued")
    Message.objects.filter(pk=second.pk).update(instead_of=first)

    assert found(house, "messages", now) == []


def test_what_did_not_arrive_a_week_ago_is_no_news(house: House, marina: Customer, now: datetime) -> None:
    message = lost(house, marina, now)
    Message.objects.filter(pk=message.pk).update(state_at=now - timedelta(days=8))

    assert found(house, "messages", now) == []


# ── Reports, debts ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_reports_due_today_and_before_are_asked_for(house: House, marina: Customer, now: datetime) -> None:
    reception = cast.fresh(house["receptionist.north"])
    for days in (0, 2):
        at = now - timedelta(days=days)
        actions.add_contact(
            customer=marina, centre=house.north, channel="meeting", text=f"Встреча {days}", at=at, by=reception, now=at
        )

    assert [row.what for row in found(house, "reports", now + timedelta(days=1))] == ["Встреча 2", "Встреча 0"]
    assert "Отчёты о встречах" in screen(house, "receptionist.north")


def test_debts_of_what_was_handed_over_are_shown_to_who_sees_money(
    house: House, marina: Customer, now: datetime
) -> None:
    manager, north = cast.fresh(house["manager.north"]), Centre.objects.get(name="Север")
    account = make_money.charged(by=manager, amount=304_000, number=7, customer=marina, centre=north, now=now)
    make_money.paid(account, 100_000, by=manager, now=now)
    paid = make_money.charged(by=manager, amount=5_000, number=8, customer=marina, centre=north, now=now)
    make_money.paid(paid, 5_000, by=manager, now=now)

    assert [(row.number, row.amount, row.detail) for row in found(house, "debts", now)] == [(7, 204_000, "RUB")]
    assert "должен 2 040 ₽" in screen(house, "accountant.north")
    assert "должен 2 040 ₽" in screen(house, "director.north")
    assert "2 040" not in screen(house, "technician.north")
    assert "2 040" not in screen(house, "marketer.north")


def test_the_card_tells_what_a_client_owes_and_paid(house: House, marina: Customer, now: datetime) -> None:
    manager, north = cast.fresh(house["manager.north"]), Centre.objects.get(name="Север")
    account = make_money.charged(by=manager, amount=304_000, number=7, customer=marina, centre=north, now=now)
    make_money.paid(account, 100_000, by=manager, now=now)

    def told(login: str) -> tuple[Any, ...]:
        one: Any = card.customer_of(cast.fresh(house[login]), marina.pk)
        return one.owed, one.received, one.ahead, one.money_in

    assert told("manager.north") == (204_000, 100_000, None, "RUB")
    assert told("marketer.north") == (None, None, None, None)
    client = Client()
    client.force_login(house["manager.north"])
    assert "должен 2 040 ₽" in client.get(f"/customers/{marina.pk}/").content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize("login", ["technician.north", "manager.south"])
def test_nothing_waits_for_who_may_not_see_it(house: House, marina: Customer, now: datetime, login: str) -> None:
    manager = cast.fresh(house["manager.north"])
    heard(marina, now)
    if login == "technician.north":  # what nobody could place is for all who see messages
        heard(None, now)
    lost(house, marina, now)
    actions.add_contact(customer=marina, centre=house.north, channel="meeting", text="Да", at=now, by=manager, now=now)
    make_money.charged(by=manager, customer=marina, centre=Centre.objects.get(name="Север"), now=now)

    for kind in ("answers", "messages", "reports", "debts"):
        assert found(house, kind, now, login) == [], kind


def test_parts_of_an_order_are_told_with_it(house: House, marina: Customer, now: datetime) -> None:
    from dovolen.desk.orders import actions as orders

    device = make.asset(centre=house.north, owner=marina)
    order = make.order(by=house.olga, centre=house.north, asset=device, promised_at=None, now=now)
    orders.await_part(order=order, name="Матрица", expected_at=now + timedelta(minutes=5), by=house.olga, now=now)
    orders.await_part(order=order, name="Шлейф", expected_at=now + timedelta(days=5), by=house.olga, now=now)

    assert [(row.what, row.number, row.who) for row in found(house, "parts", now)] == [
        ("Матрица", order.number, "ASUS VivoBook 15")
    ]
