"""What an order owes and was paid: charged, paid in parts, given back, written off; sums are those of the rows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import NoText, OutOfRange, TooLong, UnknownCode
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import Account, Charge, Payment
from tests.desk import make, make_money
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def sums(number: int = 1) -> tuple[int, int, int, int]:
    found = queries.sums(number)
    return found.due, found.paid, found.debt, found.overpaid


def test_an_order_that_nobody_charged_or_paid_has_no_account(director: Staff) -> None:
    assert queries.account_of(7) is None
    assert sums(7) == (0, 0, 0, 0)


def test_charged_and_paid_in_parts_it_owes_what_is_left(director: Staff) -> None:
    account = make_money.charged(by=director, amount=1_000_050)

    make_money.paid(account, 400_000, by=director, method="fast", receipt_number=" 118 ")
    assert sums() == (1_000_050, 400_000, 600_050, 0)
    last = make_money.paid(account, 600_050, by=director, method="transfer")

    assert sums() == (1_000_050, 1_000_050, 0, 0)
    assert list(Payment.objects.values_list("method", "receipt_number")) == [("fast", "118"), ("transfer", "")]
    assert (last.is_prepayment, last.shift, last.by, last.at) == (False, None, director, NOON)
    assert make_money.events(account) == ["money.charged", "money.paid", "money.paid"]


def test_what_is_paid_before_anything_is_due_is_a_prepayment(director: Staff) -> None:
    payment = make_money.prepaid(300_000, by=director)
    assert payment.is_prepayment
    assert sums() == (0, 300_000, 0, 300_000)

    make_money.charged(by=director, amount=1_000_000)

    assert sums() == (1_000_000, 300_000, 700_000, 0)
    assert Account.objects.get().due_since == NOON


def test_nothing_to_ask_for_opens_no_account(director: Staff) -> None:
    made = actions.charge(
        order_number=1, centre=director.centre, customer=make.person(by=director), currency="RUB", amount=0,
        by=director, now=NOON,
    )  # fmt: skip

    assert made is None
    assert not Account.objects.exists()


def test_until_when_a_debt_may_be_paid_stands_in_the_account(director: Staff) -> None:
    actions.charge(
        order_number=1, centre=director.centre, customer=make.person(by=director), currency="RUB", amount=5,
        due_on=date(2026, 12, 1), by=director, now=NOON,
    )  # fmt: skip

    assert Account.objects.get().due_on == date(2026, 12, 1)


def test_an_order_is_charged_and_paid_in_one_money(director: Staff) -> None:
    account = make_money.charged(by=director)

    with pytest.raises(actions.NotItsCurrency):
        actions.take_payment(
            order_number=1, centre=account.centre, customer=account.customer, currency="KZT", method="card", amount=1,
            by=director, now=NOON,
        )  # fmt: skip

    assert not Payment.objects.exists()


# ── Back ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_prepayment_is_given_back_in_parts_and_no_more_than_it_was(director: Staff) -> None:
    payment = make_money.prepaid(300_000, by=director)
    back: dict[str, Any] = {"payment": payment, "method": "card", "reason": "Отказ", "by": director, "now": NOON}

    actions.refund(amount=100_000, **back)
    with pytest.raises(actions.MoreThanPaid, match="2\xa0000"):
        actions.refund(amount=200_001, **back)
    actions.refund(amount=200_000, **back)

    assert sums() == (0, 0, 0, 0)
    assert Payment.objects.get(pk=payment.pk).refunded == 300_000
    assert list(Payment.objects.filter(refund_of=payment).values_list("amount", "reason")) == [
        (100_000, "Отказ"), (200_000, "Отказ"),
    ]  # fmt: skip


def test_what_is_given_back_is_asked_for_no_more(director: Staff) -> None:
    account = make_money.charged(by=director, amount=1_000_000)
    payment = make_money.paid(account, 1_000_000, by=director)

    actions.refund(payment=payment, amount=250_000, method="card", reason="Царапина", by=director, now=NOON)

    assert sums() == (750_000, 750_000, 0, 0)
    assert Charge.objects.get(kind="adjusted").amount == -250_000
    assert make_money.events(account)[-2:] == ["money.refunded", "money.adjusted"]


def test_it_is_still_asked_for_when_it_will_be_paid_otherwise(director: Staff) -> None:
    payment = make_money.paid(make_money.charged(by=director), 1_000_000, by=director)

    actions.refund(
        payment=payment, amount=1_000_000, method="card", reason="Не та карта", is_owed_again=True, by=director,
        now=NOON,
    )  # fmt: skip

    assert sums() == (1_000_000, 0, 1_000_000, 0)


def test_only_what_was_paid_too_much_is_given_back_without_asking_less(director: Staff) -> None:
    payment = make_money.prepaid(1_200_000, by=director)
    make_money.charged(by=director, amount=1_000_000)

    actions.refund(payment=payment, amount=300_000, method="card", reason="Лишнее", by=director, now=NOON)

    assert sums() == (900_000, 900_000, 0, 0)


def test_a_refund_is_not_given_back_again(director: Staff) -> None:
    payment = make_money.prepaid(100, by=director)
    back = actions.refund(payment=payment, amount=50, method="card", reason="Отказ", by=director, now=NOON)

    with pytest.raises(actions.IsRefund):
        actions.refund(payment=back, amount=50, method="card", reason="Отказ", by=director, now=NOON)


def test_a_debt_is_written_off_and_no_more_than_it(director: Staff) -> None:
    account = make_money.charged(by=director, amount=1_000_000)
    make_money.paid(account, 900_000, by=director)

    with pytest.raises(actions.MoreThanDebt):
        actions.write_off(account=account, amount=100_001, reason="Не заплатит", by=director, now=NOON)
    actions.write_off(account=account, amount=100_000, reason="Не заплатит", by=director, now=NOON)

    assert sums() == (900_000, 900_000, 0, 0)
    assert make_money.events(account)[-1] == "money.written_off"


# ── Refused ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"amount": 0}, OutOfRange), ({"amount": -5}, OutOfRange), ({"amount": 10**12 + 1}, OutOfRange),
        ({"method": "barter"}, UnknownCode), ({"receipt_number": "9" * 41}, TooLong),
        ({"method": "cash"}, actions.NoOpenShift),
    ],
)  # fmt: skip
def test_a_payment_that_cannot_be_is_refused(director: Staff, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    account = make_money.charged(by=director)

    with pytest.raises(refusal):
        make_money.paid(account, **{"amount": 5, "by": director, **wrong})

    assert sums() == (1_000_000, 0, 1_000_000, 0)
    assert make_money.events(account) == ["money.charged"]


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [({"reason": " "}, NoText), ({"amount": 0}, OutOfRange), ({"method": "barter"}, UnknownCode),
     ({"method": "cash"}, actions.NoOpenShift)],
)  # fmt: skip
def test_a_refund_that_cannot_be_is_refused(director: Staff, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    payment = make_money.prepaid(100, by=director)
    asked: dict[str, Any] = {"amount": 50, "method": "card", "reason": "Отказ", **wrong}

    with pytest.raises(refusal):
        actions.refund(payment=payment, by=director, now=NOON, **asked)

    assert sums() == (0, 100, 0, 100)
    assert Payment.objects.get().refunded == 0


def test_each_does_what_his_role_may(director: Staff) -> None:
    account = make_money.charged(by=director)
    payment = make_money.paid(account, 100, by=director)
    desk = make.staff("desk", (account.centre, "receptionist"))
    bench = make.staff("bench", (account.centre, "technician"))

    with pytest.raises(NotAllowed):
        make_money.paid(account, 100, by=bench)
    with pytest.raises(NotAllowed):
        actions.refund(payment=payment, amount=50, method="card", reason="Отказ", by=desk, now=NOON)
    with pytest.raises(NotAllowed):
        actions.write_off(account=account, amount=50, reason="Так", by=desk, now=NOON)
    with pytest.raises(NotAllowed):
        actions.note_receipt(payment=payment, number="7", by=bench, now=NOON)
    make_money.paid(account, 100, by=desk)


# ── The till's receipt ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_number_of_a_receipt_is_written_down_later_and_put_right(director: Staff) -> None:
    payment = make_money.prepaid(100, by=director)
    account = payment.account

    actions.note_receipt(payment=payment, number=" 0117 ", by=director, now=NOON)
    actions.note_receipt(payment=payment, number="0118", by=director, now=NOON)
    actions.note_receipt(payment=payment, number="0118", by=director, now=NOON)

    assert Payment.objects.get().receipt_number == "0118"
    assert make_money.events(account).count("money.receipt_noted") == 2
    with pytest.raises(NoText):
        actions.note_receipt(payment=payment, number="", by=director, now=NOON)


# ── Asked ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_debts_of_many_clients_are_one_query(director: Staff, django_assert_num_queries: Any) -> None:
    first, second, third = (make.person(by=director) for _ in range(3))
    make_money.charged(by=director, number=1, customer=first, amount=100)
    make_money.charged(by=director, number=2, customer=first, amount=50)
    make_money.paid(make_money.charged(by=director, number=3, customer=second, amount=70), 70, by=director)

    with django_assert_num_queries(1):
        found = queries.debts_of([first, second.pk, third])

    assert found == {first.pk: {"RUB": 150}}


# ── At once ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db(transaction=True)
def test_of_refunds_at_once_no_more_goes_back_than_was_paid(director: Staff, in_threads: Callable[..., Any]) -> None:
    payment = make_money.prepaid(100, by=director)

    def back() -> bool:
        try:
            actions.refund(
                payment=Payment.objects.get(pk=payment.pk), amount=60, method="card", reason="Отказ", by=director,
                now=NOON + timedelta(minutes=1),
            )  # fmt: skip
        except actions.MoreThanPaid:
            return False
        return True

    assert sorted(in_threads(*[back] * 4)) == [False, False, False, True]
    assert sums() == (0, 40, 0, 40)


@pytest.mark.django_db(transaction=True)
def test_payments_at_once_open_one_account_and_none_is_lost(director: Staff, in_threads: Callable[..., Any]) -> None:
    make_money.shift(by=director, opening=0)
    client = make.person(by=director)

    def pay() -> None:
        actions.take_payment(
            order_number=1, centre=director.centre, customer=client, currency="RUB", method="cash", amount=7,
            by=director, now=NOON,
        )  # fmt: skip

    in_threads(*[pay] * 6)

    assert sums() == (0, 42, 0, 42)
    assert queries.drawer_of(queries.open_shift_of(director.centre)) == 42  # type: ignore[arg-type]
