"""Bills: issued, paid, overdue, cancelled."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import Invoice
from tests.desk import cast, make_ledger, make_money
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


@pytest.fixture
def bill(house: House) -> Invoice:
    entity = make_ledger.entity(by=house.olga, centres=(house.north,))
    return make_ledger.invoice(by=house.olga, entity=entity, centre=house.north, due_on=TODAY)


def pay(bill: Invoice, amount: int, by: Staff) -> Any:
    account = make_money.charged(
        by=by, amount=bill.amount, number=bill.order_number, customer=bill.customer, centre=bill.centre
    )
    return make_money.paid(account, amount, by=by, method="transfer", invoice=bill)


def standing(person: Staff, today: date = TODAY) -> list[tuple[str, int]]:
    return [(one.standing, one.left) for one in queries.invoices_page(person, "all", today=today).rows]


def test_a_bill_is_open_then_overdue_then_paid(house: House, bill: Invoice) -> None:
    assert standing(house.olga) == [("open", 500_000)]
    assert standing(house.olga, date(2026, 11, 21)) == [("overdue", 500_000)]
    payment = pay(bill, 500_000, house.olga)
    assert standing(house.olga, date(2026, 11, 21)) == [("paid", 0)]
    actions.refund(payment=payment, amount=200_000, method="transfer", reason="лишнее", by=house.olga, now=NOON)

    assert standing(house.olga) == [("open", 200_000)]


def test_a_bill_is_cancelled_once_and_not_when_paid(house: House, bill: Invoice) -> None:
    paid = make_ledger.invoice(
        by=house.olga, entity=bill.entity, number="13", customer=bill.customer, centre=house.north, order_number=2
    )
    pay(paid, 1, house.olga)

    actions.cancel_invoice(invoice=bill, by=house.olga, now=NOON)
    with pytest.raises(actions.InvoiceCancelled):
        actions.cancel_invoice(invoice=bill, by=house.olga, now=NOON)
    with pytest.raises(actions.InvoicePaid):
        actions.cancel_invoice(invoice=paid, by=house.olga, now=NOON)
    assert Invoice.objects.get(pk=paid.pk).cancelled_at is None
    assert journal.timeline(bill).values_list("kind", flat=True)[0] == "invoice.cancelled"


def test_a_bill_of_nothing_in_other_money_or_without_the_right_is_refused(house: House, bill: Invoice) -> None:
    common: dict[str, Any] = {
        "number": "1", "entity": bill.entity, "centre": house.north, "customer": bill.customer, "order_number": 5,
        "now": NOON,
    }  # fmt: skip
    with pytest.raises(actions.NothingToBill):
        actions.issue_invoice(amount=0, currency="RUB", by=house.olga, **common)
    with pytest.raises(actions.NotItsCurrency):
        actions.issue_invoice(amount=1, currency="USD", by=house.olga, **common)
    with pytest.raises(NotAllowed):
        actions.issue_invoice(amount=1, currency="RUB", by=house["technician.north"], **common)
    with pytest.raises(NotAllowed):
        actions.cancel_invoice(invoice=bill, by=house["receptionist.north"], now=NOON)


def test_the_page_shows_bills_of_ones_centres_and_cancels(
    house: House, bill: Invoice, django_assert_num_queries: Any
) -> None:
    client, stranger = Client(), Client()
    client.force_login(house["accountant.north"], backend="django.contrib.auth.backends.ModelBackend")
    stranger.force_login(house["accountant.south"], backend="django.contrib.auth.backends.ModelBackend")
    client.get("/money/invoices/")

    with django_assert_num_queries(4):
        assert "№\u00a012" in client.get("/money/invoices/", {"state": "all"}).content.decode()
    assert "№\u00a012" not in stranger.get("/money/invoices/", {"state": "all"}).content.decode()
    assert stranger.post(f"/money/invoices/{bill.pk}/cancellation/").status_code == 404
    client.post(f"/money/invoices/{bill.pk}/cancellation/")

    assert Invoice.objects.get().cancelled_at
    assert "отменён" in client.get("/money/invoices/", {"state": "cancelled"}).content.decode()


def test_pages_of_bills_follow_one_another_without_a_gap(house: House, bill: Invoice) -> None:
    for n in range(5):
        make_ledger.invoice(
            by=house.olga,
            entity=bill.entity,
            number=f"A{n}",
            customer=bill.customer,
            centre=house.north,
            order_number=n + 2,
        )
    seen: list[str] = []
    cursor = "0"
    while cursor:
        page = queries.invoices_page(house.olga, "", today=TODAY, cursor="" if cursor == "0" else cursor, size=4)
        seen += [row.number for row in page.rows]
        cursor = page.later

    assert seen == ["A4", "A3", "A2", "A1", "A0", "12"]
