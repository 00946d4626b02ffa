"""The drawer: opened and closed with a count, cash only while it is open, no more out of it than it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import NoText, OutOfRange, UnknownCode
from dovolen.desk.money import actions, queries
from dovolen.desk.money.models import CashShift, Payment
from tests.desk import make, make_money
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
EVENING = NOON + timedelta(hours=8)


def test_a_day_at_the_drawer_adds_up(director: Staff) -> None:
    shift = make_money.shift(by=director, opening=500_000)
    account = make_money.charged(by=director, amount=1_000_000)
    cash = make_money.paid(account, 700_000, by=director, method="cash")
    make_money.paid(account, 300_000, by=director, method="card")
    actions.refund(payment=cash, amount=100_000, method="cash", reason="Скидка", by=director, now=NOON)
    actions.move_cash(shift=shift, kind="in", amount=50_000, reason="Размен", by=director, now=NOON)
    actions.move_cash(shift=shift, kind="out", amount=900_000, reason="Инкассация", by=director, now=NOON)

    assert queries.drawer_of(shift) == 250_000
    actions.close_shift(shift=shift, counted=250_000, by=director, now=EVENING)

    kept = CashShift.objects.get()
    assert (kept.expected, kept.counted, kept.closed_by, kept.closed_at) == (250_000, 250_000, director, EVENING)
    assert cash.shift == shift
    kinds = list(journal.timeline(shift).order_by("id").values_list("kind", flat=True))
    assert kinds == ["cash.opened", "cash.moved", "cash.moved", "cash.closed"]


def test_shifts_are_numbered_and_one_is_open_at_a_time(director: Staff) -> None:
    first = make_money.shift(by=director)
    with pytest.raises(actions.ShiftOpen):
        make_money.shift(by=director)
    actions.close_shift(shift=first, counted=500_000, by=director, now=EVENING)

    second = make_money.shift(by=director, now=EVENING)

    assert (first.number, second.number) == (1, 2)
    assert queries.open_shift_of(second.centre) == second


def test_a_difference_asks_for_words(director: Staff) -> None:
    shift = make_money.shift(by=director, opening=500_000)

    with pytest.raises(actions.DifferenceUnsaid, match="−10"):
        actions.close_shift(shift=shift, counted=499_000, note=" ", by=director, now=EVENING)
    actions.close_shift(shift=shift, counted=499_000, note="Сдача", by=director, now=EVENING)

    kept = CashShift.objects.get()
    assert (kept.expected, kept.counted, kept.note) == (500_000, 499_000, "Сдача")


def test_cash_goes_back_only_as_far_as_the_drawer_has_it(director: Staff) -> None:
    payment = make_money.prepaid(900_000, by=director, method="card")
    make_money.shift(by=director, opening=100_000)

    with pytest.raises(actions.NotInDrawer, match="1\xa0000"):
        actions.refund(payment=payment, amount=100_001, method="cash", reason="Отказ", by=director, now=NOON)
    assert Payment.objects.get().refunded == 0
    actions.refund(payment=payment, amount=100_000, method="cash", reason="Отказ", by=director, now=NOON)

    assert queries.drawer_of(CashShift.objects.get()) == 0


def test_the_drawer_of_another_centre_is_another(director: Staff) -> None:
    from dovolen.desk.accounts.models import Centre

    make_money.shift(by=director)
    elsewhere = Centre.objects.create(name="Другой")
    desk = make.staff("desk", (elsewhere, "receptionist"))

    with pytest.raises(actions.NoOpenShift):
        make_money.prepaid(100, by=desk, method="cash")


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"kind": "lost"}, UnknownCode), ({"amount": 0}, OutOfRange), ({"reason": ""}, NoText),
        ({"kind": "out", "amount": 500_001}, actions.NotInDrawer),
    ],
)  # fmt: skip
def test_a_move_that_cannot_be_is_refused(director: Staff, wrong: dict[str, Any], refusal: type[Refusal]) -> None:
    shift = make_money.shift(by=director)
    asked: dict[str, Any] = {"kind": "in", "amount": 5, "reason": "Размен", **wrong}

    with pytest.raises(refusal):
        actions.move_cash(shift=shift, by=director, now=NOON, **asked)

    assert queries.drawer_of(shift) == 500_000


def test_nothing_moves_in_a_closed_shift(director: Staff) -> None:
    shift = make_money.shift(by=director)
    seen_before = CashShift.objects.get(pk=shift.pk)
    actions.close_shift(shift=shift, counted=500_000, by=director, now=EVENING)

    with pytest.raises(actions.ShiftClosed):
        actions.move_cash(shift=seen_before, kind="in", amount=5, reason="Размен", by=director, now=EVENING)
    with pytest.raises(actions.ShiftClosed):
        actions.close_shift(shift=seen_before, counted=500_000, by=director, now=EVENING)


def test_who_keeps_no_cash_touches_no_drawer(director: Staff) -> None:
    shift = make_money.shift(by=director)
    bench = make.staff("bench", (shift.centre, "technician"))

    with pytest.raises(NotAllowed):
        actions.open_shift(centre=shift.centre, opening=0, by=bench, now=NOON)
    with pytest.raises(NotAllowed):
        actions.move_cash(shift=shift, kind="in", amount=5, reason="Размен", by=bench, now=NOON)
    with pytest.raises(NotAllowed):
        actions.close_shift(shift=shift, counted=500_000, by=bench, now=NOON)


@pytest.mark.django_db(transaction=True)
def test_opened_at_once_there_is_one(director: Staff, in_threads: Callable[..., Any]) -> None:
    def begin() -> bool:
        try:
            make_money.shift(by=director)
        except actions.ShiftOpen:
            return False
        return True

    assert sorted(in_threads(*[begin] * 4)) == [False, False, False, True]
    assert list(CashShift.objects.values_list("number", flat=True)) == [1]


@pytest.mark.django_db(transaction=True)
def test_paid_and_closed_at_once_every_coin_is_in_a_shift(director: Staff, in_threads: Callable[..., Any]) -> None:
    shift = make_money.shift(by=director, opening=0)
    account = make_money.charged(by=director)

    def pay() -> bool:
        try:
            make_money.paid(account, 7, by=director, method="cash")
        except actions.NoOpenShift:
            return False
        return True

    def close() -> bool:
        actions.close_shift(shift=CashShift.objects.get(), counted=0, note="Сверим", by=director, now=EVENING)
        return False

    n_paid = sum(in_threads(pay, pay, close, pay, pay))

    kept = CashShift.objects.get(pk=shift.pk)
    assert kept.expected == queries.drawer_of(kept) == 7 * n_paid
    assert queries.sums(1).paid == 7 * n_paid
