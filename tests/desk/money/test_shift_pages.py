"""The drawer on its pages: opened, moved, counted by sum or note by note, told of afterwards."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.money import actions
from dovolen.desk.money.models import CashShift
from dovolen.desk.money.queries.shifts import SHOWN
from tests.desk import cast, make_money
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


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


def text(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def shift(house: House, now: datetime, **told: Any) -> CashShift:
    return make_money.shift(by=house.olga, centre=house.north, now=now, **told)


def test_a_shift_is_opened_with_what_the_last_one_was_counted_to(house: House, now: datetime) -> None:
    desk = browser(house["receptionist.north"])
    actions.close_shift(shift=shift(house, now, opening=123_450), counted=123_450, by=house.olga, now=now)
    assert 'value="1234,50"' in text(desk.get("/cash/"))

    assert desk.post("/cash/", {"opening": "1 234,50"}).status_code == 302

    opened = CashShift.objects.get(closed_at=None)
    assert (opened.opening, opened.number, opened.centre) == (123_450, 2, house.north)
    assert "смена № 2" in text(desk.get("/cash/"))
    assert "Смена уже открыта" in text(desk.post("/cash/", {"opening": "0"}))


def test_money_is_put_in_and_taken_out_with_its_reason(house: House, now: datetime) -> None:
    desk, one = browser(house["receptionist.north"]), shift(house, now, opening=100_000)
    address = f"/cash/{one.pk}/moves/"

    assert "столько нет: там 1 000 ₽" in text(
        desk.post(address, {"kind": "out", "amount": "1000,01", "reason": "Банк"})
    )
    assert desk.post(address, {"kind": "out", "amount": "300", "reason": "Инкассация"}).status_code == 302

    shown = text(desk.get("/cash/"))
    assert "Инкассация" in shown
    assert "700 ₽" in shown


@pytest.mark.parametrize(
    ("told", "counted"),
    [
        ({"counted": "5 150,50"}, 515_050), ({"n_500000": "1", "n_10000": "1", "n_5000": "1", "n_50": "1"}, 515_050),
        ({"counted": "5150,50", "n_500000": "1", "n_10000": "1", "n_5000": "1", "n_50": "1"}, 515_050),
        ({"n_500000": "0"}, 0),
    ],
)  # fmt: skip
def test_it_is_counted_in_one_sum_or_note_by_note(
    house: House, now: datetime, told: dict[str, str], counted: int
) -> None:
    desk, one = browser(house["receptionist.north"]), shift(house, now, opening=counted)

    answer = desk.post(f"/cash/{one.pk}/closing/", told)

    assert answer.headers["Location"] == f"/cash/{one.pk}/"
    one.refresh_from_db()
    assert (one.counted, one.expected) == (counted, counted)
    assert "сошлось" in text(desk.get(f"/cash/{one.pk}/"))


def test_a_count_that_cannot_be_is_refused_and_a_difference_asks_for_words(house: House, now: datetime) -> None:
    desk, one = browser(house["receptionist.north"]), shift(house, now, opening=500_000)
    address = f"/cash/{one.pk}/closing/"

    assert "Заполните это поле" in text(desk.post(address, {"note": ""}))
    assert "получается 5 000 ₽" in text(desk.post(address, {"counted": "4999", "n_500000": "1"}))
    asked = text(desk.post(address, {"counted": "4999"}))
    assert "разница −1 ₽" in asked
    assert 'value="4999"' in asked
    assert desk.post(address, {"counted": "4999", "note": "Сдача"}).status_code == 302

    shown = text(desk.get(f"/cash/{one.pk}/"))
    assert "разница −1 ₽" in shown
    assert "Сдача" in shown
    assert "уже закрыта" in text(desk.post(address, {"counted": "4999", "note": "Сдача"}))


def test_a_report_tells_every_way_to_pay_and_what_lacks_a_receipt(house: House, now: datetime) -> None:
    one, account = shift(house, now, opening=0), make_money.charged(by=house.olga, centre=house.north, number=77)
    make_money.paid(account, 100_000, by=house.olga, method="cash", now=now)
    make_money.paid(account, 200_050, by=house.olga, method="card", now=now, receipt_number="0117")
    make_money.paid(account, 300_000, by=house.olga, method="transfer", now=now)
    elsewhere = make_money.charged(by=house.olga, centre=house.south, number=78)
    make_money.paid(elsewhere, 990_000, by=house.olga, method="card", now=now)

    shown = text(browser(house["receptionist.north"]).get(f"/cash/{one.pk}/"))

    for said in ("2 000,50", "3 000", "6 000,50", "0117"):
        assert said in shown
    assert "9 900" not in shown
    assert shown.count("/receipt/") == 1


def test_what_comes_after_the_count_is_of_the_next_shift(house: House, now: datetime) -> None:
    later = now + timedelta(hours=1)
    first, account = shift(house, now), make_money.charged(by=house.olga, centre=house.north)
    actions.close_shift(shift=first, counted=500_000, by=house.olga, now=later)
    second = shift(house, later)
    make_money.paid(account, 123_400, by=house.olga, method="card", now=later)
    desk = browser(house["receptionist.north"])

    assert "1 234" not in text(desk.get(f"/cash/{first.pk}/"))
    assert "1 234" in text(desk.get(f"/cash/{second.pk}/"))


def test_closed_shifts_go_back_page_by_page(house: House, now: datetime) -> None:
    for place in range(SHOWN + 2):
        at = now - timedelta(days=SHOWN + 2 - place)
        one = shift(house, at, opening=0)
        actions.close_shift(shift=one, counted=0, by=house.olga, now=at + timedelta(hours=8))
    desk = browser(house["receptionist.north"])

    first = text(desk.get("/cash/"))
    assert "№ 32<" in first
    assert "№ 2<" not in first
    assert "before=3" in first
    rest = text(desk.get(f"/cash/?centre={house.north.pk}&before=3"))
    assert "№ 2<" in rest
    assert "before=" not in rest


def test_each_sees_the_drawers_of_his_centres(house: House, now: datetime) -> None:
    one = shift(house, now)
    south = browser(house["receptionist.south"])

    assert south.get(f"/cash/{one.pk}/").status_code == 404
    assert south.get(f"/cash/?centre={house.north.pk}").status_code == 404
    assert "Юг" in text(south.get("/cash/"))
    assert browser(house["technician.north"]).get("/cash/").status_code == 403


def test_a_shift_takes_as_many_queries_whatever_went_through_it(
    house: House, now: datetime, django_assert_num_queries: Any
) -> None:
    one, desk = shift(house, now), browser(house["receptionist.north"])
    desk.get("/cash/")
    for n in (0, 12):
        for number in range(n):
            account = make_money.charged(by=house.olga, centre=house.north, number=100 + number)
            make_money.paid(account, 100, by=house.olga, method=("cash", "card")[number % 2], now=now)
        with django_assert_num_queries(9):
            desk.get("/cash/")
        with django_assert_num_queries(6):
            desk.get(f"/cash/{one.pk}/")
