"""Less than the price list says: a line or the whole estimate, to the kopeck, with a reason."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders import actions, upkeep
from dovolen.desk.orders.amounts import percent_of, spread
from dovolen.desk.orders.models import Line, RepairOrder
from tests.desk import make
from tests.desk.conftest import NOON

SUMS = st.integers(0, 10**12)


def lines_of(order: RepairOrder) -> list[tuple[int, int, str]]:
    return list(Line.objects.filter(order=order).values_list("discount", "amount", "state"))


def give(order: RepairOrder, by: Staff, **told: Any) -> int:
    return actions.give_discount(order=order, **{"reason": "Постоянный клиент", "by": by, "now": NOON, **told})


@given(st.lists(SUMS, max_size=30), SUMS)
def test_parts_come_to_the_sum_and_none_is_larger_than_its_weight(weights: list[int], amount: int) -> None:
    parts = spread(amount, weights)

    assert len(parts) == len(weights)
    assert sum(parts) == (amount if sum(weights) else 0)
    if amount <= sum(weights):
        assert all(0 <= part <= weight for part, weight in zip(parts, weights, strict=True))


def test_what_is_left_over_goes_to_the_largest_remainders() -> None:
    assert spread(100, [1, 1, 1]) == [34, 33, 33]
    assert spread(10, [55, 25, 20]) == [6, 2, 2]
    assert percent_of(333, Decimal("7.5")) == 25


@pytest.mark.django_db
def test_a_percentage_off_all_of_it_is_spread_over_lines_to_the_kopeck(director: Staff) -> None:
    order = make.order(by=director, lines=[{"kind": "fee", "name": name, "price": 33_333} for name in "абв"])

    off = give(order, director, percent=Decimal(10))

    assert off == 10_000
    assert lines_of(order) == [
        (3_334, 29_999, "proposed"), (3_333, 30_000, "proposed"), (3_333, 30_000, "proposed"),
    ]  # fmt: skip
    assert RepairOrder.objects.get(pk=order.pk).total == 99_999 - 10_000
    assert upkeep.wrong_orders() == []
    assert make.facts(order, "order.discounted")["amount"] == 10_000


@pytest.mark.django_db
def test_a_discount_comes_in_place_of_the_one_before(director: Staff) -> None:
    order = make.order(by=director, lines=[make.LABOUR, make.PART])
    labour = Line.objects.get(kind="labour")

    give(order, director, percent=Decimal(50))
    give(order, director, line=labour, amount=80_000)

    assert lines_of(order)[0] == (80_000, 300_000, "proposed")
    assert lines_of(order)[1][0] == 895_000
    give(order, director, amount=0, reason="")
    assert [discount for discount, *_ in lines_of(order)] == [0, 0]
    assert set(Line.objects.values_list("discount_reason", flat=True)) == {""}


@pytest.mark.django_db
def test_cheaper_a_line_keeps_the_clients_word_and_dearer_it_loses_it(director: Staff) -> None:
    order = make.order(by=director, at="repair", lines=make.price_list)

    give(order, director, percent=Decimal(10))
    assert {state for *_, state in lines_of(order)} == {"approved"}
    give(order, director, percent=Decimal(5))

    assert {state for *_, state in lines_of(order)} == {"proposed"}
    assert RepairOrder.objects.get(pk=order.pk).n_waiting_lines == 2


@pytest.mark.django_db
def test_a_discount_stays_when_the_price_changes_and_is_never_more_than_it(director: Staff) -> None:
    order = make.order(by=director, lines=[make.LABOUR])
    give(order, director, amount=80_000)
    line = Line.objects.get()

    with pytest.raises(actions.DiscountTooLarge):
        actions.change_line(line=line, seen=line.version, price=79_999, by=director, now=NOON)
    actions.change_line(line=line, seen=line.version, price=100_000, quantity="2", by=director, now=NOON)

    assert lines_of(order) == [(80_000, 120_000, "proposed")]
    assert upkeep.wrong_orders() == []


@pytest.mark.django_db
def test_declined_work_is_offered_again_at_the_price_that_was_declined(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    earlier = make.order(by=director, asset=laptop, lines=[make.LABOUR])
    give(earlier, director, amount=80_000)
    line = Line.objects.get()
    actions.record_approval(
        order=earlier, approved=[], declined={line.pk: "Дорого"}, who="Анна", told_how="call", by=director, now=NOON
    )
    with pytest.raises(actions.NothingToDiscount):
        give(earlier, director, percent=Decimal(5))

    made = actions.offer_again(line=line, order=make.order(by=director, asset=laptop), by=director, now=NOON)

    assert (made.discount, made.amount, made.discount_reason) == (80_000, 300_000, "Постоянный клиент")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"percent": Decimal("100.01")}, actions.OutOfRange), ({"percent": Decimal(-1)}, actions.OutOfRange),
        ({"amount": 380_001}, actions.DiscountTooLarge), ({"amount": 5, "reason": " "}, actions.NoText),
        ({"amount": 5, "reason": "а" * 201}, actions.TooLong),
    ],
)  # fmt: skip
def test_a_discount_that_cannot_be_is_refused(director: Staff, told: dict[str, Any], refusal: type[Refusal]) -> None:
    order = make.order(by=director, lines=[make.LABOUR])

    with pytest.raises(refusal):
        give(order, director, **told)

    assert lines_of(order) == [(0, 380_000, "proposed")]


@pytest.mark.django_db
def test_who_gives_no_discounts_is_refused_and_so_is_a_line_of_another_order(director: Staff) -> None:
    order = make.order(by=director, lines=[make.LABOUR])
    bench = make.staff("bench", (order.centre, "technician"))
    elsewhere = make.order(by=director, lines=[make.LABOUR])

    with pytest.raises(NotAllowed):
        give(order, bench, amount=5)
    with pytest.raises(actions.NotOfThisOrder):
        give(order, director, amount=5, line=Line.objects.get(order=elsewhere))
    with pytest.raises(actions.NothingToDiscount):
        give(make.order(by=director), director, amount=5)
