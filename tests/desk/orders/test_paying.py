"""Money at the desk: prepaid, charged and paid at hand-over, debts agreed to, stages that ask for payment."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.models import Staff
from dovolen.desk.money import actions as money
from dovolen.desk.money import queries as accounts
from dovolen.desk.money.models import Account, LegalEntity, Payment, Seller
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import Line, RepairOrder, Stage
from tests.desk import make, make_money
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(hours=3)
TOTAL = sum(line["price"] for line in make.price_list)


def give_back(order: RepairOrder, by: Staff, **more: Any) -> None:
    actions.hand_over(order=order, **{"outcome": "repaired", "by": by, "now": LATER, **more})


def test_intake_opens_no_account(director: Staff) -> None:
    make.order(by=director, lines=make.price_list)

    assert not Account.objects.exists()


def test_what_it_comes_to_is_charged_when_it_is_given_back_and_paid_there_and_then(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list)

    give_back(order, director, paid=actions.Paid("fast", TOTAL, "0042"))

    assert accounts.sums(order.number) == accounts.Sums(due=TOTAL, paid=TOTAL)
    payment = Payment.objects.get()
    assert (payment.method, payment.receipt_number, payment.is_prepayment) == ("fast", "0042", False)
    account = Account.objects.get()
    assert (account.customer, account.centre, account.due_since) == (order.customer, order.centre, LATER)
    assert make.facts(order, "order.picked_up")["debt"] == 0


def test_a_prepayment_counts_and_the_rest_is_paid_at_the_end(director: Staff) -> None:
    order = make.order(by=director, at="ready", lines=make.price_list)
    actions.pay(order=order, paid=actions.Paid("card", 500_000), by=director, now=NOON)
    assert actions.left_at_hand_over(order) == TOTAL - 500_000

    give_back(order, director, paid=actions.Paid("card", TOTAL - 500_000))

    assert accounts.sums(order.number) == accounts.Sums(due=TOTAL, paid=TOTAL)
    assert list(Payment.objects.values_list("is_prepayment", flat=True)) == [True, False]


def test_unpaid_it_is_given_back_only_where_somebody_who_may_agrees(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list)
    desk = make.staff("desk", (order.centre, "receptionist"))

    for by, agreed in ((director, False), (desk, True), (desk, False)):
        with pytest.raises(actions.NotPaid, match="16\xa0700"):
            give_back(order, by, paid=actions.Paid("card", 500_000), unpaid_agreed=agreed)
    assert not Account.objects.exists()
    assert RepairOrder.objects.get(pk=order.pk).phase == "told"
    give_back(order, director, paid=actions.Paid("card", 500_000), unpaid_agreed=True, due_on=date(2026, 12, 1))

    account = Account.objects.get()
    assert (account.debt, account.due_on) == (TOTAL - 500_000, date(2026, 12, 1))
    assert make.facts(order, "order.picked_up")["debt"] == account.debt


def test_of_a_debt_no_more_is_taken_than_is_left(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list)
    give_back(order, director, unpaid_agreed=True)

    with pytest.raises(actions.MoreThanRemains):
        actions.pay(order=order, paid=actions.Paid("card", TOTAL + 1), by=director, now=LATER)
    actions.pay(order=order, paid=actions.Paid("card", TOTAL), by=director, now=LATER)

    assert accounts.sums(order.number).debt == 0
    with pytest.raises(actions.NothingToPay):
        actions.pay(order=order, paid=actions.Paid("card", 1), by=director, now=LATER)


def test_at_hand_over_no_more_is_taken_than_is_left(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list)

    with pytest.raises(actions.MoreThanRemains):
        give_back(order, director, paid=actions.Paid("card", TOTAL + 1))

    assert not Payment.objects.exists()


@pytest.mark.parametrize("pay_type", ["warranty", "goodwill"])
def test_what_the_client_does_not_pay_for_is_not_charged(director: Staff, pay_type: str) -> None:
    order = make.order(by=director, at="told", lines=make.price_list, pay_type=pay_type)
    with pytest.raises(actions.NothingToPay):
        actions.pay(order=order, paid=actions.Paid("card", 1), by=director, now=LATER)

    give_back(order, director)

    assert actions.left_at_hand_over(order) == 0
    assert not Account.objects.exists()


def test_unrepaired_only_what_was_agreed_to_is_charged_and_the_rest_of_a_prepayment_is_to_be_given_back(
    director: Staff,
) -> None:
    order = make.order(by=director, lines=[{"kind": "labour", "name": "Диагностика", "price": 100_000}])
    make.approve(order, by=director)
    actions.add_line(order=order, by=director, now=NOON, **make.LABOUR)
    actions.pay(order=order, paid=actions.Paid("card", 400_000), by=director, now=NOON)

    give_back(order, director, outcome="declined")

    assert accounts.sums(order.number) == accounts.Sums(due=100_000, paid=400_000)
    money.refund(
        payment=Payment.objects.get(), amount=300_000, method="card", reason="Отказ", by=director, now=LATER
    )  # fmt: skip
    assert accounts.sums(order.number) == accounts.Sums(due=100_000, paid=100_000)


def test_cancelled_nothing_is_charged_and_all_is_to_be_given_back(director: Staff) -> None:
    order = make.order(by=director, lines=make.price_list)
    make.approve(order, by=director)
    actions.pay(order=order, paid=actions.Paid("card", 400_000), by=director, now=NOON)

    actions.cancel(order=order, reason="Ошибка", by=director, now=LATER)

    assert accounts.sums(order.number) == accounts.Sums(due=0, paid=400_000)
    assert accounts.sums(order.number).overpaid == 400_000


def test_cash_at_hand_over_needs_an_open_drawer(director: Staff) -> None:
    order = make.order(by=director, at="told", lines=make.price_list)
    with pytest.raises(money.NoOpenShift):
        give_back(order, director, paid=actions.Paid("cash", TOTAL))
    assert RepairOrder.objects.get(pk=order.pk).phase == "told"
    shift = make_money.shift(by=director, opening=0)

    give_back(order, director, paid=actions.Paid("cash", TOTAL))

    assert accounts.drawer_of(shift) == TOTAL


def test_a_stage_that_asks_for_payment_is_entered_when_it_is_paid_or_by_force(director: Staff) -> None:
    order = make.order(by=director, at="parts", lines=make.price_list)
    Stage.objects.filter(code="repair").update(needs_payment=True)
    repair = make.stage("repair")
    actions.pay(order=order, paid=actions.Paid("card", TOTAL - 1), by=director, now=NOON)

    with pytest.raises(actions.StageNotPaid):
        actions.move(order=order, to=repair, by=director, now=NOON)
    actions.pay(order=order, paid=actions.Paid("card", 1), by=director, now=NOON)
    actions.move(order=order, to=repair, by=director, now=NOON)
    forced = make.order(by=director, at="parts", lines=make.price_list)
    actions.move(order=forced, to=repair, force=True, by=director, now=NOON)

    assert (order.stage.code, forced.stage.code) == ("repair", "repair")


# ── Tax ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def seller(director: Staff, **facts: str) -> LegalEntity:
    assert director.centre is not None
    made = LegalEntity.objects.create(name="ООО «Мастер»", legal_name="ООО «Мастер»", **facts)
    Seller.objects.create(centre=director.centre, entity=made)
    return made


def test_a_line_bears_a_rate_that_its_seller_may_write_that_day(director: Staff) -> None:
    seller(director, regime="osn", tax_code="22")
    order = make.order(by=director)
    line = actions.add_line(order=order, tax_code="10", by=director, now=NOON, **make.LABOUR)
    assert line.tax_code == "10"

    for wrong in ("5", "20"):  # of another regime, of another year
        with pytest.raises(actions.NotTheirTax):
            actions.change_line(line=line, seen=line.version, tax_code=wrong, by=director, now=NOON)
    with pytest.raises(actions.UnknownCode):
        actions.change_line(line=line, seen=line.version, tax_code="18", by=director, now=NOON)
    actions.change_line(line=line, seen=line.version, tax_code="22", by=director, now=NOON)

    assert Line.objects.get().tax_code == "22"


def test_where_nobody_sells_no_rate_is_named(director: Staff) -> None:
    with pytest.raises(actions.NotTheirTax):
        actions.add_line(order=make.order(by=director), tax_code="22", by=director, now=NOON, **make.LABOUR)


def test_handed_over_a_line_keeps_the_rate_its_seller_had(director: Staff) -> None:
    entity = seller(director, regime="usn_5", tax_code="5")
    order = make.order(by=director, at="told", lines=make.price_list)

    make.hand_over(order, by=director)
    LegalEntity.objects.filter(pk=entity.pk).update(regime="osn", tax_code="22")

    assert set(Line.objects.values_list("tax_code", flat=True)) == {"5"}
