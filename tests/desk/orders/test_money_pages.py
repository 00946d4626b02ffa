"""The money of an order on its page: what is shown to whom, and every form of it done and refused."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.money import queries as accounts
from dovolen.desk.money.models import LegalEntity, Payment, PriceItem, Seller
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.orders.queries.page import latest_event
from tests.desk import cast, make, make_money
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
TOTAL = sum(line["price"] for line in make.price_list)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def house(now: datetime) -> House:
    return cast.full(now=now)


def browser(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    return client


def taken(house: House, now: datetime, **told: Any) -> RepairOrder:
    told = {"at": "ready", "lines": make.price_list, **told}
    return make.order(by=house.olga, centre=house.north, promised_at=now + timedelta(days=1), now=now, **told)


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def page(client: Client, order: RepairOrder) -> str:
    return text(client.get(f"/orders/{order.number}/"))


def test_who_sees_no_money_sees_none_of_it(house: House, now: datetime) -> None:
    order = taken(house, now)
    actions.pay(order=order, paid=actions.Paid("card", 123_456, "0117"), by=house.olga, now=now)

    shown = page(browser(house["receptionist.north"]), order)
    assert "1 234,56" in shown
    assert "0117" in shown
    assert "Предоплата 1 234,56" in shown

    hidden = page(browser(house["technician.north"]), order)
    assert "1 234,56" not in hidden
    assert "0117" not in hidden
    assert "/payments/" not in hidden


def test_a_payment_is_taken_on_the_page_and_the_page_knows_at_once(house: House, now: datetime) -> None:
    order, desk = taken(house, now), browser(house["receptionist.north"])
    before = latest_event(house["receptionist.north"], order.number)
    assert f'value="{TOTAL // 100}"' in text(desk.get(f"/orders/{order.number}/payments/new/"))

    told = {"method": "fast", "amount": "5 000,50", "receipt_number": "0042"}
    answer = desk.post(f"/orders/{order.number}/payments/new/", told)

    assert answer.status_code == 302
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.receipt_number) == (500_050, "fast", "0042")
    assert (latest_event(house["receptionist.north"], order.number) or 0) > (before or 0)


def test_a_payment_that_is_refused_keeps_what_was_typed(house: House, now: datetime) -> None:
    order, desk = taken(house, now), browser(house["receptionist.north"])

    answer = desk.post(
        f"/orders/{order.number}/payments/new/", {"method": "cash", "amount": "500", "receipt_number": "8"}
    )

    assert answer.status_code == 200
    assert "Касса центра «Север» закрыта" in text(answer)
    assert 'value="500"' in text(answer)
    assert not Payment.objects.exists()


def test_handing_over_unpaid_is_the_managers_to_agree_to(house: House, now: datetime) -> None:
    order = taken(house, now)
    desk, manager = browser(house["receptionist.north"]), browser(house["manager.north"])
    told = {"outcome": "repaired", "method": "card", "amount": "100"}
    assert "unpaid_agreed" not in text(desk.get(f"/orders/{order.number}/pickup/"))

    refused = desk.post(f"/orders/{order.number}/pickup/", {**told, "unpaid_agreed": "on"})
    assert "Не оплачено" in text(refused)
    whole = manager.post(f"/orders/{order.number}/pickup/", {**told, "amount": "21700", "unpaid_agreed": "on"})
    assert "Отдаёте в долг, а сумма вписана вся" in text(whole)
    done = manager.post(f"/orders/{order.number}/pickup/", {**told, "unpaid_agreed": "on", "due_on": "2027-01-15"})

    assert done.status_code == 302
    assert accounts.sums(order.number) == accounts.Sums(due=TOTAL, paid=10_000)
    shown = page(manager, order)
    assert "долг 21 600 ₽" in shown
    assert f"/orders/{order.number}/debt/" in shown


def test_a_debt_is_paid_or_written_off_afterwards(house: House, now: datetime) -> None:
    order, manager = taken(house, now), browser(house["manager.north"])
    actions.hand_over(order=order, outcome="repaired", unpaid_agreed=True, by=house.olga, now=now)

    too_much = manager.post(f"/orders/{order.number}/payments/new/", {"method": "card", "amount": "21701"})
    assert "больше, чем осталось" in text(too_much)
    manager.post(f"/orders/{order.number}/payments/new/", {"method": "card", "amount": "21000"})
    manager.post(f"/orders/{order.number}/debt/", {"amount": "700", "reason": "Не заплатит"})

    assert accounts.sums(order.number) == accounts.Sums(due=2_100_000, paid=2_100_000)
    shown = page(manager, order)
    assert "Долг списан: 700 ₽" in shown
    assert "/payments/new/" not in shown


def test_money_goes_back_from_the_payment_it_came_with(house: House, now: datetime) -> None:
    order = taken(house, now, lines=[])
    actions.pay(order=order, paid=actions.Paid("card", 300_000), by=house.olga, now=now)
    actions.cancel(order=order, reason="Ошибка", by=house.olga, now=now)
    payment, manager = Payment.objects.get(), browser(house["manager.north"])
    address = f"/orders/{order.number}/payments/{payment.pk}/refund/"
    assert "вернуть 3 000 ₽" in page(manager, order)
    assert 'value="3000"' in text(manager.get(address))

    refused = manager.post(address, {"method": "card", "amount": "3000,01", "reason": "Отмена"})
    assert "Больше оплаченного не вернуть" in text(refused)
    done = manager.post(address, {"method": "card", "amount": "3000", "reason": "Отмена"})

    assert done.status_code == 302
    assert accounts.sums(order.number) == accounts.Sums()
    assert "вернуть" not in page(manager, order).partition("<section")[0]
    assert browser(house["receptionist.north"]).get(address).status_code == 403


def test_a_receipt_is_written_down_later(house: House, now: datetime) -> None:
    order, desk = taken(house, now), browser(house["receptionist.north"])
    payment = actions.pay(order=order, paid=actions.Paid("card", 300_000), by=house.olga, now=now)
    assert "1 оплата без чека" in page(desk, order)

    desk.post(f"/orders/{order.number}/payments/{payment.pk}/receipt/", {"receipt_number": "0119"})

    assert Payment.objects.get().receipt_number == "0119"
    assert "без чека" not in page(desk, order)


def test_of_other_orders_no_payment_is_found(house: House, now: datetime) -> None:
    order, other = taken(house, now), taken(house, now)
    payment = actions.pay(order=other, paid=actions.Paid("card", 300_000), by=house.olga, now=now)

    answer = browser(house["manager.north"]).get(f"/orders/{order.number}/payments/{payment.pk}/refund/")

    assert answer.status_code == 404


# ── Discounts, taxes, the price list ─────────────────────────────────────────────────────────────────────────────────


def test_a_discount_is_given_on_all_or_on_a_line_with_a_reason(house: House, now: datetime) -> None:
    order, desk = taken(house, now), browser(house["receptionist.north"])
    line = Line.objects.get(kind="labour")

    for told, said in (
        ({"percent": "10"}, "Заполните это поле"),
        ({"percent": "10", "amount": "5", "discount_reason": "Так"}, "что-то одно"),
        ({"amount": "100000", "discount_reason": "Так"}, "Скидка больше цены"),
    ):
        assert said in text(desk.post(f"/orders/{order.number}/discount/", told))
    desk.post(f"/orders/{order.number}/discount/", {"percent": "10", "discount_reason": "Постоянный клиент"})
    desk.post(f"/orders/{order.number}/lines/{line.pk}/discount/", {"amount": "800", "discount_reason": "Царапина"})

    assert list(Line.objects.values_list("discount", flat=True)) == [80_000, 179_000]
    shown = page(desk, order)
    assert "скидка 800 ₽: Царапина" in shown
    assert "−2 590" in shown
    assert "/discount/" not in page(browser(house["technician.north"]), order)


def test_a_line_chooses_among_the_rates_of_its_seller(house: House, now: datetime) -> None:
    entity = LegalEntity.objects.create(name="М", legal_name="М", regime="osn", tax_code="22")
    Seller.objects.create(centre=house.north, entity=entity)
    order, desk = taken(house, now, at="repair"), browser(house["receptionist.north"])
    form = text(desk.get(f"/orders/{order.number}/lines/new/"))
    assert "как у продавца: НДС 22 %" in form
    assert "НДС 5 %" not in form

    told = {"kind": "part", "name": "Клавиатура", "quantity": "1", "price": "1100", "tax_code": "10"}
    assert desk.post(f"/orders/{order.number}/lines/new/", told).status_code == 302

    assert Line.objects.get(name="Клавиатура").tax_code == "10"
    shown = page(desk, order)
    assert "НДС 10 %" in shown
    assert "в том числе НДС" in shown
    assert "4 013,12" in shown  # 22 % of 21 700 and 10 % of 1 100, of each line to the kopeck


def test_where_nobody_sells_no_tax_is_spoken_of(house: House, now: datetime) -> None:
    order, desk = taken(house, now, at="repair"), browser(house["receptionist.north"])

    assert "НДС" not in text(desk.get(f"/orders/{order.number}/lines/new/"))
    assert "НДС" not in page(desk, order)


def test_a_line_is_chosen_from_the_price_list(house: House, now: datetime) -> None:
    order, desk = taken(house, now, at="repair"), browser(house["receptionist.north"])
    items = [
        PriceItem.objects.create(kind="labour", name=name, price=price, norm_minutes=45, warranty_days=30)
        for name, price in (("Замена термопасты", 90_000), ("Чистка", 150_000))
    ]
    address = f"/orders/{order.number}/lines/new/"

    found = desk.get(address, {"q": "термо"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="prices")
    assert "Замена термопасты" in text(found)
    assert "Чистка" not in text(found)
    assert "<form" not in text(found)
    assert "нет: впишите" in text(desk.get(address, {"q": "йцукен"}))
    form = text(desk.get(address, {"item": items[0].pk}))

    assert 'value="900"' in form
    assert 'value="0,75"' in form


def test_what_is_chosen_from_the_list_keeps_its_cost_though_it_is_not_shown(house: House, now: datetime) -> None:
    order, desk = taken(house, now, at="repair"), browser(house["receptionist.north"])
    item = PriceItem.objects.create(kind="part", name="Клавиатура", price=250_000, cost=120_000)
    address = f"/orders/{order.number}/lines/new/?item={item.pk}"
    assert "1200" not in text(desk.get(address)).partition("<form")[2]

    for name in ("Клавиатура", "Клавиатура б/у"):
        told = {"kind": "part", "name": name, "quantity": "1", "price": "2500"}
        assert desk.post(address, told).status_code == 302

    assert dict(Line.objects.filter(price=250_000).values_list("name", "cost")) == {
        "Клавиатура": 120_000, "Клавиатура б/у": None,
    }  # fmt: skip


def test_the_pickup_tells_what_was_paid_too_much(house: House, now: datetime) -> None:
    order = taken(house, now)
    actions.pay(order=order, paid=actions.Paid("card", TOTAL + 5_000), by=house.olga, now=now)

    shown = text(browser(house["receptionist.north"]).get(f"/orders/{order.number}/pickup/"))

    assert "после выдачи верните 50 ₽" in shown
    assert 'name="method"' not in shown


# ── The drawer stays shut in words ───────────────────────────────────────────────────────────────────────────────────


def test_the_pickup_tells_that_the_drawer_is_closed_and_leads_to_it(house: House, now: datetime) -> None:
    order, desk = taken(house, now), browser(house["receptionist.north"])
    assert 'href="/cash/"' in text(desk.get(f"/orders/{order.number}/pickup/")).partition('<fieldset class="pay"')[2]
    make_money.shift(by=house.olga, centre=house.north, now=now)

    assert "Касса закрыта" not in text(desk.get(f"/orders/{order.number}/pickup/"))


def test_a_stage_is_set_up_to_ask_for_payment(house: House, now: datetime) -> None:
    stage, director = make.stage("repair"), browser(house.olga)
    form = text(director.get(f"/settings/stages/{stage.pk}/"))
    seen = re.search(r'name="seen" value="([^"]+)"', form)
    assert seen is not None

    answer = director.post(f"/settings/stages/{stage.pk}/", {"seen": seen[1], "needs_payment": "on"})

    assert answer.status_code == 302
    assert "нужна оплата" in text(director.get("/settings/stages/"))
    order = taken(house, now, at="parts")
    moved = {"stage": str(stage.pk), "seen": str(order.stage_id)}
    refused = browser(house["receptionist.north"]).post(f"/orders/{order.number}/stage/", moved)
    assert "переходят после оплаты. Осталось заплатить 21 700 ₽" in text(refused)
