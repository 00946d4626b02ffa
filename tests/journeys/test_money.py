"""Money of an order in a real browser: a discount, a prepayment, cash at the pickup, the shift counted note by note."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.rights import MANAGER
from dovolen.desk.money import queries as accounts
from dovolen.desk.money.models import CashShift, LegalEntity, Payment, PriceItem, Seller
from dovolen.desk.orders.models import Line, RepairOrder
from tests.desk import cast, make
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.order_steps import answers, opens, sends
from tests.journeys.visitor import Visitor

LINES: Any = [
    {"kind": "labour", "name": "Замена матрицы", "price": 380_050, "norm_minutes": 90, "warranty_days": 180},
    {"kind": "part", "name": "Матрица NE160QDM", "price": 1_790_000, "cost": 1_135_000, "warranty_days": 90},
    {"kind": "fee", "name": "Срочный ремонт", "price": 100_000},
]


@pytest.fixture(scope="module")
def desk(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Visitor]:
    """A manager with an order that is ready, a seller who pays tax, a price list."""
    home = tmp_path_factory.mktemp("journey") / "home"
    with served.prepared(home, "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.opened(now=now)
        entity = LegalEntity.objects.create(name="ООО «Мастер»", legal_name="ООО «Мастер»", regime="osn", tax_code="22")
        Seller.objects.create(centre=house.north, entity=entity)
        for name, price in (("Чистка от пыли", 150_000), ("Замена термопасты", 90_000), ("Замена клавиатуры", 250_000)):
            PriceItem.objects.create(kind="labour", name=name, price=price, norm_minutes=30)
        vera = make.staff("vera", (house.north, MANAGER))
        company = make.company(by=vera, now=now)
        laptop = make.asset(owner=company, centre=house.north, now=now)
        make.order(
            by=vera,
            asset=laptop,
            lines=LINES,
            at="ready",
            now=now,
            promised_at=now + timedelta(days=1),
            fault_text="Не включается",
        )
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, vera)
            yield visitor


def test_money_of_an_order_from_the_discount_to_the_count(desk: Visitor) -> None:
    order = RepairOrder.objects.get()
    page = f"/orders/{order.number}/"
    _opens_the_drawer(desk)
    desk.visits(page)
    _chosen_from_the_list(desk, page)
    _discounted(desk, page)
    _prepaid(desk, page)
    _handed_over(desk, page)
    _given_back(desk, page)
    _counted(desk)


def _opens_the_drawer(desk: Visitor) -> None:
    desk.visits("/cash/")
    desk.finds_sound("cash-closed")
    desk.types("[name=opening]", "5 000")
    desk.sends()
    assert "5 000" in desk.reads()


def _chosen_from_the_list(desk: Visitor, page: str) -> None:
    opens(desk, f"a[href='{page}lines/new/']")
    desk.waits("!document.querySelector('.htmx-added, .htmx-settling')")
    desk.types("#id_q", "термоп")
    desk.waits("document.querySelectorAll('#prices li').length === 1")
    desk.finds_sound("line-new")
    desk.window.look("document.querySelector('#prices a').click()")
    desk.waits("document.querySelector('#sheet-dialog [name=price]')?.value === '900'")
    sends(desk)
    line = Line.objects.get(name="Замена термопасты")
    assert (line.price, line.norm_minutes) == (90_000, 30)
    make.approve(RepairOrder.objects.get(), by=line.made_by or RepairOrder.objects.get().accepted_by)


def _discounted(desk: Visitor, page: str) -> None:
    desk.visits(page)
    opens(desk, f"a[href='{page}discount/']")
    desk.types("[name=percent]", "10")
    desk.types("[name=discount_reason]", "Постоянный клиент")
    desk.finds_sound("discount")
    sends(desk)
    assert RepairOrder.objects.get().total == 2_360_050 - 236_005


def _prepaid(desk: Visitor, page: str) -> None:
    opens(desk, f"a[href='{page}payments/new/']")
    desk.types("[name=amount]", "5 000")
    desk.types("[name=receipt_number]", "0117")
    desk.finds_sound("payment")
    sends(desk)
    assert Payment.objects.get().is_prepayment
    desk.finds_sound("order-prepaid")
    desk.visits(page, width=390, lang="en")
    desk.finds_sound("order-prepaid-390-en")


def _handed_over(desk: Visitor, page: str) -> None:
    desk.visits(f"{page}pickup/", width=390)
    desk.finds_sound("pickup-390")
    desk.visits(f"{page}pickup/", lang="en")
    desk.finds_sound("pickup-en")
    desk.visits(f"{page}pickup/")
    desk.finds_sound("pickup")
    desk.window.look("document.querySelector('[name=method][value=cash]').click()")
    desk.sends()
    assert desk.path == page
    sums = accounts.sums(RepairOrder.objects.get().number)
    assert sums == accounts.Sums(due=2_124_045, paid=2_124_045)
    desk.finds_sound("order-paid")


def _given_back(desk: Visitor, page: str) -> None:
    payment = Payment.objects.get(method="cash")
    opens(desk, f"a[href='{page}payments/{payment.pk}/refund/']")
    desk.types("[name=amount]", "1 000,45")
    desk.types("[name=reason]", "Царапина на крышке")
    desk.finds_sound("refund")
    sends(desk)
    assert accounts.sums(payment.account.order_number) == accounts.Sums(due=2_024_000, paid=2_024_000)
    desk.visits(page, width=390)
    desk.finds_sound("order-refunded-390")


def _counted(desk: Visitor) -> None:
    desk.visits("/cash/")
    desk.finds_sound("cash")
    shift = CashShift.objects.get()
    desk.visits(f"/cash/{shift.pk}/moves/")
    desk.finds_sound("cash-move")
    desk.types("[name=amount]", "15 000")
    desk.types("[name=reason]", "Инкассация")
    desk.sends()
    desk.visits("/cash/", width=390, lang="en")
    desk.finds_sound("cash-390-en")
    desk.visits(f"/cash/{shift.pk}/closing/", width=390)
    desk.finds_sound("cash-closing-390")
    desk.visits(f"/cash/{shift.pk}/closing/")
    expected = accounts.drawer_of(shift)
    desk.types("[name=n_500000]", "1")
    desk.waits("document.querySelector('[data-sum]').innerText.includes('5')")
    desk.finds_sound("cash-closing")
    desk.types("[name=n_500000]", "")
    desk.types("[name=counted]", f"{expected // 100 - 1}")
    desk.sends()
    assert "разница" in desk.reads()
    desk.types("[name=note]", "Мелочь на сдачу")
    answers(desk, "document.querySelector('main form button.btn-primary').click()")
    shift.refresh_from_db()
    assert (shift.expected, shift.note) == (expected, "Мелочь на сдачу")
    desk.finds_sound("cash-shift")
    desk.visits(desk.path, width=390)
    desk.finds_sound("cash-shift-390")
    desk.visits("/cash/")
    desk.finds_sound("cash-past")
