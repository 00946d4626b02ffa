"""The card of a client: what stands on it, for whom, and what it asks of the base."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.pages import card, story
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def marina(house: House, now: datetime) -> Customer:
    return make.person(by=house["receptionist.north"], phone="+79972000001", now=now - timedelta(days=30))


def browser(house: House, login: str = "manager.north") -> Client:
    client = Client()
    client.force_login(house[login])
    return client


def brought(house: House, customer: Customer, now: datetime, **told: Any) -> RepairOrder:
    """An order of hers at the north."""
    given: dict[str, Any] = {
        "centre": house.north,
        "promised_at": now + timedelta(days=20),
        "now": now - timedelta(days=2),
    } | told
    return make.order(by=house["manager.north"], customer=customer, **given)


def next_of(house: House, customer: Customer, now: datetime, login: str = "manager.north") -> card.Step | None:
    staff = cast.fresh(house[login])
    one = card.customer_of(staff, customer.pk)
    assert one is not None
    return card.card_of(one, staff, now).next


def test_everything_of_a_client_stands_on_one_page(house: House, marina: Customer, now: datetime) -> None:
    reception = house["receptionist.north"]
    order = brought(house, marina, now, lines=make.price_list, fault_text="Нет изображения")
    husband = make.person(by=reception, name="Карпов Олег", now=now)
    people.relate(customer=marina, other=husband, kind="family", note="муж", by=reception, now=now)
    people.add_note(customer=marina, text="Звонить после шести", by=reception, now=now)
    people.record_consent(customer=marina, purpose="service", is_given=True, proof="paper", by=reception, now=now)
    Task.objects.create(centre=house.north, title="Контрольный звонок", customer=marina, made_at=now)

    page = browser(house).get(f"/customers/{marina.pk}/").content.decode()

    for text in ("Карпова Марина Олеговна", "+7\u00a0997\u00a0200-00-01", "Карпов Олег", "Звонить после шести",
                 f"/orders/{order.number}/", "Нет изображения", "Контрольный звонок", "подпись на\u00a0бумаге"):  # fmt: skip
        assert text in page, text


def test_the_card_asks_the_same_questions_whatever_is_on_it(
    house: House, marina: Customer, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = browser(house)
    with django_assert_num_queries(12):
        client.get(f"/customers/{marina.pk}/")

    for _ in range(3):
        brought(house, marina, now, lines=make.price_list)
        people.add_note(customer=marina, text="Заметка", by=house["manager.north"], now=now)
        other = make.person(by=house["manager.north"], now=now)
        people.relate(customer=marina, other=other, kind="friend", by=house["manager.north"], now=now)
    with django_assert_num_queries(12):
        client.get(f"/customers/{marina.pk}/")


def test_the_timeline_asks_few_questions_however_much_happened(
    house: House, marina: Customer, now: datetime, django_assert_num_queries: Callable[..., Any]
) -> None:
    client = browser(house)
    people.add_note(customer=marina, text="Заметка", by=house["manager.north"], now=now)

    for _ in range(2):
        for _ in range(3):
            brought(house, marina, now, lines=make.price_list, at="ready")
        with django_assert_num_queries(11):
            page = client.get(f"/customers/{marina.pk}/story/").content.decode()

    assert page.count("<li><svg") > 10


def test_events_of_the_client_and_of_orders_are_told_in_turn_with_their_texts(
    house: House, marina: Customer, now: datetime
) -> None:
    manager = house["manager.north"]
    order = brought(house, marina, now)
    people.add_phone(customer=marina, number="+79972000077", by=manager, now=now)
    people.add_note(customer=marina, text="Просит звонить после шести", by=manager, now=now)
    orders.add_note(order=order, text="Нет зарядки", by=manager, now=now)
    people.record_consent(
        customer=marina, purpose="advertising", channel="sms", is_given=False, proof="call", by=manager, now=now
    )

    told = story.story_of(marina, cast.fresh(manager)).told

    facts = [one.fact.replace("\u00a0", " ") for one in told]
    assert facts[0] == "Отказ: реклама, SMS – по телефону"
    assert [told[1].text, told[2].text] == ["Нет зарядки", "Просит звонить после шести"]
    assert facts[3] == "Добавлен телефон +7 997 200-00-77"
    assert facts[-1] == "Клиент заведён"
    assert [one.order for one in told if one.order] == [order] * len([one for one in told if one.order])


def test_tabs_tell_apart_and_pages_follow_one_another(house: House, marina: Customer, now: datetime) -> None:
    manager = house["manager.north"]
    brought(house, marina, now)
    for n in range(story.PAGE + 3):
        people.add_note(customer=marina, text=f"Заметка {n}", by=manager, now=now)
    staff = cast.fresh(manager)

    first = story.story_of(marina, staff, "talk")
    second = story.story_of(marina, staff, "talk", first.earlier)

    assert (len(first.told), len(second.told), second.earlier) == (story.PAGE, 3, "")
    assert {one.order is None for one in story.story_of(marina, staff, "orders").told} == {False}
    assert [one.picture for one in story.story_of(marina, staff, "person").told] == ["user-plus"]


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_event_of_a_client_has_its_sentence(lang: str) -> None:
    from dovolen.desk.core.words import in_language

    known = in_language(lang)

    assert not [kind for kind in story.KINDS if f"client.event.{kind.partition('.')[2]}" not in known]


def test_events_that_actions_of_clients_leave_are_told_or_left_out_on_purpose() -> None:
    import re
    from pathlib import Path

    from dovolen.desk.people import actions

    source = Path(str(actions.__file__)).parent
    left = {kind for path in source.glob("*.py") for kind in re.findall(r'"(customer\.\w+)"', path.read_text("utf-8"))}

    assert left - set(story.KINDS) == {
        "customer.absorbed", "customer.absorbing_undone", "customer.note_pinned", "customer.note_unpinned",
    }  # fmt: skip


# ── Who sees what ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_orders_and_devices_of_another_centre_are_not_on_the_card(
    house: House, marina: Customer, now: datetime
) -> None:
    people.share(customer=marina, centre=house.south, number="+79972000001", by=house["manager.south"], now=now)
    order = brought(house, marina, now, lines=make.price_list)

    page = browser(house, "manager.south").get(f"/customers/{marina.pk}/").content.decode()
    told = story.story_of(marina, cast.fresh(house["manager.south"])).told

    assert f"/orders/{order.number}/" not in page
    assert f"/assets/{order.asset_id}/" not in page
    assert not [one for one in told if one.order]


def test_a_marketer_sees_neither_orders_nor_devices(house: House, marina: Customer, now: datetime) -> None:
    order = brought(house, marina, now)

    page = browser(house, "marketer.north").get(f"/customers/{marina.pk}/").content.decode()

    assert f"/orders/{order.number}/" not in page
    assert f"/customers/{marina.pk}/details/" not in page
    assert "/intake/" not in page


@pytest.mark.parametrize("login", ["technician.north", "accountant.north"])
def test_who_sees_no_clients_has_no_card(house: House, marina: Customer, login: str) -> None:
    client = browser(house, login)

    assert client.get(f"/customers/{marina.pk}/").status_code == 403
    assert client.get(f"/customers/{marina.pk}/story/").status_code == 403


def test_a_card_of_another_centre_is_not_there(house: House, marina: Customer) -> None:
    client = browser(house, "manager.south")

    assert client.get(f"/customers/{marina.pk}/").status_code == 404
    assert client.get(f"/customers/{marina.pk}/story/").status_code == 404
    assert client.get("/customers/999999/").status_code == 404


def test_what_a_client_writes_is_only_text(house: House, now: datetime) -> None:
    evil = "<script>alert(1)</script>"
    one = make.person(by=house["manager.north"], name=evil, now=now, address=evil, source=evil)
    people.add_note(customer=one, text=evil, by=house["manager.north"], now=now)
    client = browser(house)

    for path in (f"/customers/{one.pk}/", f"/customers/{one.pk}/story/", "/customers/"):
        page = client.get(path).content.decode()
        assert evil not in page
        assert "&lt;script&gt;" in page


# ── What to do next ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_without_anything_pressing_nothing_is_advised(house: House, marina: Customer, now: datetime) -> None:
    brought(house, marina, now)

    assert next_of(house, marina, now) is None


def test_a_broken_promise_comes_before_all(house: House, marina: Customer, now: datetime) -> None:
    brought(house, marina, now, at="ready")
    late = brought(house, marina, now, promised_at=now - timedelta(hours=1))

    step = next_of(house, marina, now)

    assert step is not None
    assert step.row is not None
    assert (step.code, step.row.order) == ("broken", late)


@pytest.mark.parametrize(("at", "code"), [("approval", "approval"), ("ready", "tell"), ("told", "pick_up")])
def test_each_wait_has_its_step(house: House, marina: Customer, now: datetime, at: str, code: str) -> None:
    brought(house, marina, now, at=at)

    step = next_of(house, marina, now)

    assert step is not None
    assert step.code == code


def test_a_task_is_next_where_no_order_presses(house: House, marina: Customer, now: datetime) -> None:
    task = Task.objects.create(centre=house.north, title="Позвонить", customer=marina, made_at=now)

    step = next_of(house, marina, now)

    assert step is not None
    assert (step.code, step.task) == ("task", task)


def test_declined_work_is_offered_when_its_day_comes(house: House, marina: Customer, now: datetime) -> None:
    brought(house, marina, now, lines=make.price_list)
    line = Line.objects.order_by("pk")[0]
    Line.objects.filter(pk=line.pk).update(
        state="declined", decided_at=now, offer_again_on=timezone.localdate(now) - timedelta(days=1)
    )

    step = next_of(house, marina, now)

    assert step is not None
    assert (step.code, step.line) == ("offer", line)


def test_a_step_of_every_kind_is_drawn(house: House, marina: Customer, now: datetime) -> None:
    for at in ("approval", "ready", "told"):
        one = make.person(by=house["manager.north"], now=now)
        order = brought(house, one, now, at=at)
        assert f"/orders/{order.number}/" in browser(house).get(f"/customers/{one.pk}/").content.decode()
