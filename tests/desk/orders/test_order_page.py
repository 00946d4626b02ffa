"""The page of an order as each role meets it: what it shows, what it hides, how much it asks of the base."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.orders.queries import declined_of
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db

QUERIES = 12
"""Who asks, his session and roles; the order and all that hangs on it."""
PHONE = "+79262003108"
SHOWN_PHONE = "+7 926 200-31-08"


@pytest.fixture
def house() -> House:
    house = cast.opened(now=timezone.now() - timedelta(days=30))
    for role in ("receptionist", "technician", "manager", "accountant", "marketer"):
        make.staff(f"{role}.north", (house.north, role))
    make.staff("director.south", (house.south, "director"))
    return house


@pytest.fixture
def now() -> datetime:
    return timezone.now()


def browser(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff)
    return client


def page(client: Client, order: RepairOrder, query: str = "") -> str:
    answer = client.get(f"/orders/{order.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


def busy_order(house: House, now: datetime) -> RepairOrder:
    """An order with something of everything, and an earlier one of the same device."""
    head = house.olga
    owner = make.person(by=head, phone=PHONE, centre=house.north, now=now - timedelta(days=20))
    device = make.asset(owner=owner, centre=house.north, now=now - timedelta(days=20))
    earlier = make.order(
        by=head, centre=house.north, customer=owner, asset=device, lines=[*make.price_list, DUSTING],
        promised_at=now - timedelta(days=14), now=now - timedelta(days=16),
    )  # fmt: skip
    screen, part, dusting = earlier.lines.order_by("position")
    said = {"who": "Марина", "told_how": "call", "by": head, "now": now - timedelta(days=15)}
    actions.record_approval(order=earlier, approved=[screen.pk, part.pk], declined={dusting.pk: "дорого"}, **said)
    make.bring(earlier, "picked_up", by=head, now=now - timedelta(days=15))
    order = make.order(
        by=head, centre=house.north, customer=owner, asset=device, lines=make.price_list, rework_of=earlier,
        technician=house["technician.north"], promised_at=now + timedelta(minutes=40), now=now - timedelta(days=3),
        password="1234", accessories="Зарядка",
    )  # fmt: skip
    make.approve(order, by=head, now=now - timedelta(days=2))
    late = Line.objects.get(order=order, kind="part")
    actions.add_line(order=order, kind="part", name="Шлейф", price=304_000, cost=160_000, by=head, now=now)
    actions.await_part(
        order=order, name="Матрица", supplier="Опт", expected_at=now + timedelta(days=1), line=late, by=head, now=now
    )
    actions.promise(
        order=order, promised_at=now + timedelta(minutes=50), reason="part_late", told_how="call", note="Не спешит",
        by=head, now=now,
    )  # fmt: skip
    actions.add_photo(order=order, upload=make.photo(), name="x.jpg", caption="Крышка", by=head, now=now)
    actions.add_note(order=order, text="Просит звонить вечером", by=head, now=now)
    return order


DUSTING = {"kind": "labour", "name": "Чистка", "price": 290_000, "cost": 65_000}


def test_everything_of_an_order_stands_on_its_page(house: House, now: datetime) -> None:
    order = busy_order(house, now)

    shown = page(browser(house.olga), order)

    for text in (
        f"№ {order.number}", "ASUS VivoBook 15", "Карпова Марина Олеговна", SHOWN_PHONE, "Нет изображения", "Зарядка",
        "Замена матрицы", "Матрица NE160QDM", "Шлейф", "нет согласия", "согласовано на 21 700 ₽", "24 740",
        "сорвётся", "Позвонить и перенести", "доработка", "На гарантии", "Раньше отказались", "Чистка", "«дорого»",
        "Крышка", "Просит звонить вечером", "Не спешит", "Заказ № 2 принят", "Technician.North", "11 350",
    ):  # fmt: skip
        assert text in shown, text


def test_the_page_takes_as_many_queries_for_a_bare_order_as_for_a_full_one(
    house: House, now: datetime, django_assert_num_queries: Any
) -> None:
    full = busy_order(house, now)
    bare = make.order(by=house.olga, centre=house.north, promised_at=None, now=now)
    client = browser(house["manager.north"])
    page(client, bare)  # the session is there from now on

    for order in (bare, full):
        with django_assert_num_queries(QUERIES):
            page(client, order)


def test_a_technician_sees_the_name_but_no_way_to_reach_the_client(house: House, now: datetime) -> None:
    order = busy_order(house, now)

    shown = page(browser(house["technician.north"]), order)

    assert "Карпова Марина Олеговна" in shown
    for hidden in (PHONE, SHOWN_PHONE, PHONE[2:], f"/customers/{order.customer_id}/", "tel:"):
        assert hidden not in shown
    for costs in ("Себест", "11 350", "Маржа"):
        assert costs not in shown
    assert "/pickup/" not in shown
    assert "/approval/" not in shown
    assert "/promise/" not in shown
    assert f"/orders/{order.number}/password/" in shown


def test_a_receptionist_sees_neither_costs_nor_passwords(house: House, now: datetime) -> None:
    order = busy_order(house, now)

    shown = page(browser(house["receptionist.north"]), order)

    assert SHOWN_PHONE in shown
    for hidden in ("Себест", "11 350", "Маржа", f'/orders/{order.number}/password/"'):
        assert hidden not in shown


def test_an_accountant_reads_costs_and_changes_nothing(house: House, now: datetime) -> None:
    order = busy_order(house, now)

    shown = page(browser(house["accountant.north"]), order)

    assert "Себест" in shown
    for form in ("/lines/new/", "/stage/", "/promise/", "/pickup/", "/details/", "/hold/"):
        assert f"/orders/{order.number}{form}" not in shown


@pytest.mark.parametrize("login", ["director.south", "marketer.north"])
def test_a_foreign_order_is_not_there(house: House, now: datetime, login: str) -> None:
    order = make.order(by=house.olga, centre=house.north, promised_at=None, now=now)

    status = browser(house[login]).get(f"/orders/{order.number}/").status_code

    assert status == (403 if login.startswith("marketer") else 404)


def test_hostile_words_are_shown_as_words(house: House, now: datetime) -> None:
    hostile = "<script>alert(1)</script>"
    owner = make.person(by=house.olga, name=hostile, centre=house.north, now=now)
    order = make.order(by=house.olga, centre=house.north, customer=owner, fault_text=hostile, promised_at=None, now=now)
    actions.add_note(order=order, text=hostile, by=house.olga, now=now)

    shown = page(browser(house.olga), order)

    assert hostile not in shown
    assert shown.count("&lt;script&gt;") >= 4


def test_events_are_narrowed_to_a_group_and_come_alone_to_htmx(house: House, now: datetime) -> None:
    order = busy_order(house, now)
    client = browser(house.olga)

    shown = page(client, order, "?events=notes")
    assert "Просит звонить вечером" in shown
    assert "Заказана запчасть" not in shown

    part = client.get(f"/orders/{order.number}/?events=parts", headers={"HX-Request": "true", "HX-Target": "events"})
    text = part.content.decode()
    assert "Заказана запчасть" in text
    assert "<html" not in text


def test_the_same_thing_done_several_times_over_is_said_once(house: House, now: datetime) -> None:
    order = make.order(by=house.olga, centre=house.north, promised_at=None, now=now)
    for _ in range(3):
        actions.add_photo(order=order, upload=make.photo(), name="x.jpg", by=house.olga, now=now)

    shown = page(browser(house.olga), order)

    assert shown.count("Добавлено фото") == 1
    assert "Добавлено фото: 3" in shown


def test_a_page_asks_cheaply_whether_anything_happened(
    house: House, now: datetime, django_assert_num_queries: Any
) -> None:
    order = make.order(by=house.olga, centre=house.north, promised_at=None, now=now)
    client = browser(house.olga)
    url = f"/orders/{order.number}/pulse/"
    etag = client.get(url).headers["ETag"]
    assert etag.strip('"') in page(client, order)

    with django_assert_num_queries(4):
        assert client.get(url, headers={"If-None-Match": etag}).status_code == 304

    actions.add_note(order=order, text="Новость", by=house.olga, now=now)
    changed = client.get(url, headers={"If-None-Match": etag})
    assert (changed.status_code, changed.headers["ETag"] != etag) == (204, True)


def test_a_closed_order_says_how_it_ended_and_takes_notes_alone(house: House, now: datetime) -> None:
    order = make.order(by=house.olga, centre=house.north, at="picked_up", promised_at=now + timedelta(days=1), now=now)

    shown = page(browser(house.olga), order)

    assert "отремонтирован" in shown
    assert "сдержано" in shown
    assert f"/orders/{order.number}/notes/" in shown
    for form in ("/lines/new/", "/stage/", "/promise/", "/pickup/", "/details/", "/hold/", '/photos/"'):
        assert f"/orders/{order.number}{form}" not in shown


def test_what_the_next_step_is_depends_on_where_the_order_stands(house: House, now: datetime) -> None:
    client = browser(house.olga)
    ahead = {"promised_at": now + timedelta(days=9), "by": house.olga, "centre": house.north, "now": now}

    accepted = page(client, make.order(**ahead))
    assert "Дальше: Диагностика" in accepted

    found = make.order(at="diagnosis", **ahead)
    assert "Дальше: Ремонт" in page(client, found)  # nothing to agree on, no part to wait for
    actions.add_line(order=found, kind="labour", name="Пайка", price=100, by=house.olga, now=now)
    assert "Дальше: Согласование" in page(client, found)

    assert "Сообщить клиенту" in page(client, make.order(at="ready", **ahead))
    told = make.order(at="told", **ahead)
    assert f'href="/orders/{told.number}/pickup/" data-key="ArrowRight"' in page(client, told)


def test_a_margin_is_told_only_where_every_line_has_its_cost(house: House, now: datetime) -> None:
    order = make.order(by=house.olga, centre=house.north, lines=make.price_list, promised_at=None, now=now)
    client = browser(house.olga)
    assert "1 строка без себестоимости" in page(client, order)

    labour = order.lines.get(kind="labour")
    actions.change_line(line=labour, seen=1, cost=152_000, by=house.olga, now=now)

    assert "8 830 ₽ (41 %)" in page(client, order)


SMALL = {"orders_stage"}
"""Tables that are read whole because they are a handful of rows."""


@pytest.mark.base("sqlite")
def test_the_base_finds_everything_of_the_page_by_an_index(house: House, now: datetime) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    order = busy_order(house, now)
    client = browser(house.olga)
    page(client, order)
    with CaptureQueriesContext(connection) as asked:
        page(client, order)
        declined_of(order.customer)

    for query in asked.captured_queries:
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN QUERY PLAN {query['sql']}")
            plan = [row[3] for row in cursor.fetchall()]
        scanned = {step.split()[1] for step in plan if step.startswith("SCAN")}
        assert scanned <= SMALL, plan
        assert "offered_in" not in str(plan), "nearly every line was never offered again"
