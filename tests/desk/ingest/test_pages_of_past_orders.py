"""Orders brought in from another system on the pages that were there before: shown for what they are."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dovolen.desk.core.models import Mark
from dovolen.desk.money.models import Account
from dovolen.desk.orders import upkeep
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import make_imports

pytestmark = pytest.mark.django_db

BARE = "Номер заказа;Код клиента;Клиент;Принят;Сумма\nB1;K1;Ершова Лилия;10.01.2025;700\n".encode()


@pytest.fixture
def browser(director: Any, client: Client) -> Client:
    client.force_login(director)
    return client


def said(browser: Client, url: str) -> str:
    answer = browser.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_the_page_of_an_order_says_where_it_is_from(browser: Client, director: Any) -> None:
    make_imports.loaded(by=director, now=timezone.now())
    order = RepairOrder.objects.get(past__number="A00003")

    page = said(browser, f"/orders/{order.number}/")

    assert "Заказ из другой программы" in page
    assert "A00003" in page
    assert "Мастер: Олег." in page


def test_an_order_of_which_little_is_told_is_shown_as_well(browser: Client, director: Any) -> None:
    make_imports.loaded(BARE, by=director, now=timezone.now())
    order = RepairOrder.objects.get()

    page = said(browser, f"/orders/{order.number}/")

    assert order.picked_up_at is None
    assert "Заказ из другой программы" in page
    assert "Выдан , ." not in page


@pytest.mark.parametrize("state", ["closed", "all"])
def test_lists_of_orders_hold_them(browser: Client, director: Any, state: str) -> None:
    make_imports.loaded(BARE, by=director, now=timezone.now())
    make_imports.loaded(by=director, now=timezone.now())

    page = said(browser, f"/orders/?state={state}")

    assert "Клиент 0002" in page
    assert ("Ершова Лилия" in page) == (state == "all")


def test_the_card_of_a_client_shows_them_and_no_debt(browser: Client, director: Any) -> None:
    make_imports.loaded(by=director, now=timezone.now())
    customer = Customer.objects.get(name="Клиент 0001")

    page = said(browser, reverse("customer", args=[customer.pk]))

    assert "Клиент 0001" in page
    assert not Account.objects.exists()


def test_today_has_nothing_to_do_with_them(browser: Client, director: Any) -> None:
    make_imports.loaded(BARE, by=director, now=timezone.now())
    make_imports.loaded(by=director, now=timezone.now())

    assert "A00003" not in said(browser, "/")


def test_the_nightly_check_of_orders_finds_nothing_wrong_in_them(director: Any) -> None:
    make_imports.loaded(by=director, now=timezone.now())

    upkeep.check(now=timezone.now())

    assert Mark.objects.get(name=upkeep.MARK).facts["n_wrong"] == 0
