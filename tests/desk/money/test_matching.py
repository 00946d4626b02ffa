"""Which bills a payment is for: what is sure, what is asked, what is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.desk.money.matching import (
    ACCOUNT,
    BILL,
    DOUBTFUL,
    LIKELY,
    NUMBER,
    OTHER_PAYER,
    OVER,
    PART,
    PAYER,
    SEVERAL,
    SUM,
    SURE,
    Bill,
    Came,
    numbers_in,
    propose,
    split,
)

TWELVE = Bill(1, "12", 1042, 500_000, "7604000019", "40702810200000000003")
THIRTEEN = Bill(2, "13", 1050, 300_000, "7604000019")
STRANGER = Bill(3, "С1-2026/0140", 1051, 500_000, "7604999995")


def came(purpose: str, amount: int = 500_000, **told: str) -> Came:
    return Came(amount, purpose, **told)


def test_number_and_sum_are_sure_whoever_paid_is_unknown() -> None:
    (best, *_) = propose(came("Оплата по счёту № 12 от 18.11.2026"), [TWELVE, THIRTEEN])

    assert (best.name, best.confidence, best.reasons) == ("1", SURE, (NUMBER, SUM))


def test_another_payer_makes_it_a_question() -> None:
    (best, *_) = propose(came("Счёт 12", tax_number="7604999995"), [TWELVE])

    assert (best.confidence, OTHER_PAYER in best.reasons) == (LIKELY, True)


@pytest.mark.parametrize(("amount", "sign"), [(200_000, PART), (600_000, OVER)])
def test_a_part_of_a_bill_or_more_than_it_is_asked_about(amount: int, sign: str) -> None:
    (best, *_) = propose(came("Счёт 12", amount), [TWELVE])

    assert (best.confidence, best.shares) == (LIKELY, ((1, amount),))
    assert sign in best.reasons


def test_a_payer_and_the_sum_without_a_number_are_likely() -> None:
    by_tax_number = propose(came("Оплата", tax_number="7604000019"), [TWELVE, STRANGER])
    by_account = propose(came("Оплата", account="40702810200000000003"), [TWELVE])

    assert [(one.name, one.confidence) for one in by_tax_number] == [("1", LIKELY), ("3", DOUBTFUL)]
    assert by_tax_number[0].reasons == (SUM, PAYER)
    assert (by_account[0].confidence, by_account[0].reasons) == (LIKELY, (SUM, ACCOUNT))


def test_the_sum_alone_is_doubtful_and_nothing_at_all_proposes_nothing() -> None:
    assert [one.confidence for one in propose(came("Оплата за ремонт"), [TWELVE])] == [DOUBTFUL]
    assert propose(came("Оплата за ремонт", 123), [TWELVE, THIRTEEN, STRANGER]) == []


def test_a_payment_for_two_named_bills_is_never_sure_and_offers_both_and_each() -> None:
    found = propose(came("Оплата счетов №№ 12, 13", 800_000), [TWELVE, THIRTEEN])

    assert found[0].shares == ((1, 500_000), (2, 300_000))
    assert (found[0].confidence, found[0].reasons) == (LIKELY, (SEVERAL, NUMBER, SUM))
    assert {one.name for one in found} == {"1-2", "1", "2"}
    assert all(one.confidence != SURE for one in found)


def test_two_bills_of_one_payer_that_make_up_the_sum_are_offered() -> None:
    found = propose(came("За ремонт техники", 800_000, tax_number="7604000019"), [TWELVE, THIRTEEN])

    assert [one.shares for one in found if SEVERAL in one.reasons] == [((1, 500_000), (2, 300_000))]


def test_the_number_of_an_order_is_a_likely_sign() -> None:
    (best, *_) = propose(came("Оплата заказа 1042"), [TWELVE, STRANGER])

    assert (best.name, best.confidence) == ("1", LIKELY)


@pytest.mark.parametrize(
    ("purpose", "numbers"),
    [
        ("Оплата по счёту №12 от 18.11.2026", {"12"}),
        ("оплата по сч. N 0012 от 18.11.26 г.", {"12"}),
        ("Счет на оплату № С1-2026/0140", {"c1 2026 140"}),
        ("СЧЕТ 12,13 и 14 без НДС 20%", {"12", "13", "14"}),
        ("Invoice no. 12", {"12"}),
        ("Оплата по договору 12 за ремонт", set()),
        ("Расчёт за 12 ноября", set()),
        ("№ 12", set()),
        ("", set()),
    ],
)
def test_numbers_of_bills_are_those_that_are_called_so(purpose: str, numbers: set[str]) -> None:
    assert numbers_in(purpose, BILL) == numbers


@given(
    st.integers(1, 10**9),
    st.lists(
        st.tuples(st.integers(1, 99), st.integers(1, 10**9)), min_size=1, max_size=4, unique_by=lambda one: one[0]
    ),
)
def test_a_payment_is_split_to_the_kopeck(amount: int, lefts: list[tuple[int, int]]) -> None:
    shares = split(amount, lefts)

    assert sum(share for _, share in shares) == amount
    assert all(share > 0 for _, share in shares)
    assert all(share <= dict(lefts)[key] for key, share in shares if key != lefts[-1][0])


@given(st.text(max_size=200), st.integers(1, 10**12), st.text(max_size=30))
def test_no_purpose_makes_it_stumble(purpose: str, amount: int, number: str) -> None:
    for one in propose(came(purpose, amount), [TWELVE, THIRTEEN, Bill(9, number, 7, amount)]):
        assert sum(share for _, share in one.shares) == amount
