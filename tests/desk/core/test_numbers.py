"""Numbers of papers: one after another, whoever asks at once, whatever is rolled back."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db import transaction

from dovolen.desk.core.models import Counter
from dovolen.desk.core.numbers import next_number

ONE, TWO = Counter(pk=1), Counter(pk=2)
"""Stand for centres: all that is asked of one is its key."""


def given(kind: str = "order", centre: Counter = ONE, year: int = 2026) -> int:
    with transaction.atomic():
        return next_number(kind, centre, year)


@pytest.mark.django_db
def test_each_kind_centre_and_year_counts_for_itself() -> None:
    assert [given(), given(), given()] == [1, 2, 3]
    assert given(centre=TWO) == 1
    assert given(year=2027) == 1
    assert given("invoice") == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_leaves_no_gap() -> None:
    given()
    with suppress(RuntimeError), transaction.atomic():
        assert next_number("order", ONE, 2026) == 2
        raise RuntimeError

    assert given() == 2


@pytest.mark.django_db(transaction=True)
def test_a_number_is_given_inside_the_transaction_that_uses_it() -> None:
    with pytest.raises(ValueError, match="transaction"):
        next_number("order", ONE, 2026)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_every_number_once(in_threads: Callable[..., list[Any]]) -> None:
    def take_thirty() -> list[int]:
        return [given() for _ in range(30)]

    numbers = [number for taken in in_threads(*[take_thirty] * 4) for number in taken]

    assert sorted(numbers) == list(range(1, 121))
