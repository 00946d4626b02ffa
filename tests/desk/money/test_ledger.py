"""Ledgers: balances run, totals add up, tables leave with a reason and without formulas."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import Category
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.money import actions, queries
from dovolen.desk.money.actions import exports
from dovolen.desk.money.models import Account, Charge, Payment, PriceItem
from dovolen.desk.people.models import Customer, CustomerPlace
from tests.desk import cast, make, make_ledger, make_money
from tests.desk.cast import House
from tests.desk.hostile import FORMULAS

pytestmark = pytest.mark.django_db
DAY = datetime(2026, 11, 20, 9, tzinfo=UTC)
NOVEMBER = queries.Period(date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    return client


def told(house: House, customer: Customer) -> None:
    """A prepayment, a hand-over on credit, a payment, a refund of a part; an order of October before them."""
    common: dict[str, Any] = {"by": house.olga, "customer": customer, "centre": house.north}
    make_money.charged(amount=70_000, number=1, now=DAY - timedelta(days=40), **common)
    ahead: dict[str, Any] = {"order_number": 2, "currency": "RUB", **common}
    first = actions.take_payment(method="card", amount=100_000, receipt_number="77", now=DAY, **ahead)
    account = make_money.charged(amount=250_000, number=2, now=DAY + timedelta(hours=1), **common)
    make_money.paid(account, 120_000, by=house.olga, method="fast", now=DAY + timedelta(days=1))
    actions.refund(
        payment=first, amount=30_000, method="card", reason="уступили", by=house.olga, now=DAY + timedelta(days=2)
    )


def test_the_balance_of_a_client_runs_from_the_opening_to_the_closing_one(house: House) -> None:
    customer = make.person(by=house.olga, centre=house.north)
    told(house, customer)

    (sheet,) = queries.client_ledger(customer, house.olga, NOVEMBER)

    owed = sum(account.due - account.paid for account in Account.objects.all())
    assert (sheet.opening, sheet.closing) == (70_000, owed)
    assert [entry.balance for entry in sheet.entries][-1] == sheet.closing
    balance = sheet.opening
    for entry in sheet.entries:
        balance += entry.amount
        assert entry.balance == balance
    assert [entry.sort for entry in sheet.entries] == ["payment", "charge", "payment", "charge", "refund"]
    assert (sheet.paid, sheet.refunded) == (220_000, 30_000)
    assert sum(order.balance for order in sheet.orders) == sheet.closing


def test_more_lines_than_a_page_holds_are_summed_up_and_the_balance_stays_right(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    customer = make.person(by=house.olga, centre=house.north)
    told(house, customer)
    monkeypatch.setattr("dovolen.desk.money.queries.ledger.MOST_ROWS", 2)

    (sheet,) = queries.client_ledger(customer, house.olga, NOVEMBER)

    assert (sheet.is_cut, len(sheet.entries)) == (True, 2)
    assert sheet.carried + sum(entry.amount for entry in sheet.entries) == sheet.closing
    assert sheet.entries[-1].balance == sheet.closing


def test_days_of_a_centre_add_up_to_the_kopeck_on_its_own_clock(house: House) -> None:
    customer = make.person(by=house.olga, centre=house.north)
    told(house, customer)
    late = datetime(2026, 11, 20, 21, 30, tzinfo=UTC)
    make_money.paid(Account.objects.get(order_number=1), 33_333, by=house.olga, now=late)

    (sheet,) = queries.centre_ledger(house.north, NOVEMBER)

    by_day = {one.day: (one.kept, one.by_method["card"], one.by_method["fast"]) for one in sheet.days}
    assert by_day[date(2026, 11, 20)] == (100_000, 100_000, 0)
    assert by_day[date(2026, 11, 21)] == (153_333, 33_333, 120_000)
    assert by_day[date(2026, 11, 22)] == (-30_000, -30_000, 0)
    assert sheet.total.kept == sum(sheet.total.by_method.values()) == sum(one.kept for one in sheet.days) == 223_333
    assert (sheet.total.taken, sheet.total.refunded) == (253_333, 30_000)
    assert sheet.total.charged == 250_000
    assert queries.centre_ledger(house.south, NOVEMBER)[0].days == []


def test_debtors_stand_oldest_first_and_pages_leave_no_gap(house: House) -> None:
    for n in range(1, 8):
        make_money.charged(
            by=house.olga, amount=100 * n, number=n, centre=house.north, now=DAY - timedelta(days=n // 2),
            customer=make.person(by=house.olga, centre=house.north, name=f"Должник {n}"),
        )  # fmt: skip
    make_money.paid(Account.objects.get(order_number=7), 700, by=house.olga)

    seen: list[int] = []
    cursor = ""
    for _ in range(4):
        page = queries.debtors(house.olga, house.north, cursor, size=3)
        seen += [one.order_number for one in page.rows]
        cursor = page.later
        if not cursor:
            break

    assert page.totals == [("RUB", 2_100, 6)]
    assert seen == [6, 4, 5, 2, 3, 1]
    assert queries.debtors(house["accountant.south"], None).rows == []


def test_pages_show_what_is_asked_and_ask_the_same_at_every_size(
    house: House, django_assert_max_num_queries: Any
) -> None:
    customer = make.person(by=house.olga, centre=house.north, name="Карпова Марина")
    told(house, customer)
    client = signed_in(house["accountant.north"])
    november = {"since": "2026-11-01", "until": "2026-11-30"}

    with django_assert_max_num_queries(9):
        page = client.get("/money/", november | {"day": "2026-11-20"}).content.decode()
    assert "Карпова Марина" in page
    with django_assert_max_num_queries(10):
        page = client.get(f"/money/clients/{customer.pk}/", november).content.decode()
    assert "Предоплата" not in page
    assert "чек 77" in page
    with django_assert_max_num_queries(9):
        page = client.get("/money/debts/").content.decode()
    assert f"/tasks/new/?kind=call&amp;customer={customer.pk}&amp;order=1" in page


def test_another_centre_sees_nothing_of_it(house: House) -> None:
    customer = make.person(by=house.olga, centre=house.north, name="Карпова Марина")
    told(house, customer)
    client = signed_in(house["accountant.south"])

    assert "Карпова" not in client.get("/money/debts/").content.decode()
    assert client.get("/money/", {"centre": house.north.pk}).status_code == 404
    assert client.get(f"/money/clients/{customer.pk}/").status_code == 404
    assert client.post("/money/file/", {"centre": house.north.pk, "form": "csv"}).status_code == 404


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"since": "2026-11-30", "until": "2026-11-01"}, "раньше начала"),
        ({"since": "2024-01-01", "until": "2026-11-01"}, "не длиннее года"),
        ({"since": "завтра"}, ""),
        ({"day": "2026-99-99"}, ""),
    ],
)
def test_a_period_that_makes_no_sense_is_told_and_the_page_stands(
    house: House, asked: dict[str, str], words: str
) -> None:
    page = signed_in(house.olga).get("/money/", asked)

    assert page.status_code == 200
    assert words in page.content.decode().replace("\u00a0", " ")


# ── Tables to take away ──────────────────────────────────────────────────────────────────────────────────────────────


def in_csv(response: Any) -> list[list[str]]:
    assert response.status_code == 200
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def in_xlsx(response: Any) -> list[list[Any]]:
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert sheet is not None
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def test_the_table_of_a_centre_adds_up_to_its_page(house: House) -> None:
    told(house, make.person(by=house.olga, centre=house.north))
    asked = {"centre": house.north.pk, "since": "2026-11-01", "until": "2026-11-30"}
    client = signed_in(house.olga)

    head, *rows = in_xlsx(client.post("/money/file/", asked | {"form": "xlsx"}))
    assert head[:4] == ["Дата", "Заказ", "Клиент", "Операция"]
    assert round(sum(row[6] or 0 for row in rows) * 100) == 190_000
    assert [row[0] for row in rows] == sorted(row[0] for row in rows)
    assert len(in_csv(client.post("/money/file/", asked | {"form": "csv"}))) == len(rows) + 1


def test_a_table_of_many_clients_asks_for_a_reason_and_is_written_down(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "MANY_CLIENTS", 1)
    monkeypatch.setattr(actions, "MANY_CLIENTS", 1)
    for n in (1, 2):
        customer = make.person(by=house.olga, centre=house.north, name=f"Некто {n}")
        make_money.paid(
            make_money.charged(by=house.olga, number=n, customer=customer, centre=house.north), 5, by=house.olga
        )
        make_money.charged(by=house.olga, number=n + 2, customer=customer, centre=house.north)
    client = signed_in(house.olga)
    asked = {"centre": house.north.pk, "since": "2026-11-01", "until": "2026-11-30", "form": "csv"}

    for address in ("/money/file/", "/money/debts/file/"):
        refused = client.post(address, asked)
        assert "напишите, зачем она" in refused.content.decode()
        assert not Event.objects.filter(kind="export.made").exists()
    assert client.post("/money/file/", asked | {"reason": "сверка с банком"}).status_code == 200

    event = Event.objects.get(kind="export.made")
    assert (event.facts["table"], event.facts["n_clients"], event.facts["is_of_many"]) == ("ledger", 2, True)
    assert PrivateFact.objects.get(event=event).value == "сверка с банком"


@pytest.mark.base("sqlite")
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_no_text_of_a_client_is_a_formula_in_any_table_of_the_desk(house: House, form: str) -> None:
    entity = make_ledger.entity(by=house.olga, centres=(house.north,))
    category = Category.objects.create(code="x", name="=1+1", icon="tool", identifier="serial")
    first = make.person(by=house.olga, centre=house.north)
    for n, text in enumerate(FORMULAS):
        customer = Customer.objects.create(
            kind="person", name=text, name_key="x", created_at=DAY, created_by=house.olga
        )
        CustomerPlace.objects.create(customer=customer, centre=house.north, since=DAY)
        account = Account.objects.create(
            order_number=n + 1, centre=house.north, customer=customer, currency="RUB", due=200, paid=100,
            opened_at=DAY, due_since=DAY,
        )  # fmt: skip
        Charge.objects.create(account=account, amount=200, reason=text, at=DAY, by=house.olga)
        Payment.objects.create(
            account=account, entity=entity, method="card", amount=100, receipt_number=text[:40], reason=text, at=DAY,
            by=house.olga,
        )  # fmt: skip
        PriceItem.objects.create(kind="fee", name=text, price=n, category=category)
    Account.objects.filter(order_number__lte=125).update(customer=first)
    client, read = signed_in(house.olga), in_csv if form == "csv" else in_xlsx
    asked = {"centre": house.north.pk, "since": "2026-11-01", "until": "2026-11-30", "form": form}

    tables = {
        address: read(client.post(address, asked))
        for address in ("/money/file/", f"/money/clients/{first.pk}/file/", "/money/debts/file/", "/money/prices/file/")
    }

    assert [len(rows) for rows in tables.values()] == [501, 251, 251, 251]
    for address, rows in tables.items():
        texts = [cell for row in rows for cell in row if isinstance(cell, str) and cell]
        assert not [cell for cell in texts if cell[0] in "=+@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212"], address
        assert sum(cell.startswith("'") for cell in texts) >= 125
