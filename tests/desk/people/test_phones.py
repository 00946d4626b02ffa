"""Telephone numbers: many writings, one number."""

from __future__ import annotations

import pytest

from dovolen.desk.people import phones


@pytest.mark.parametrize(
    "text",
    ["+7 912 448-07-31", "8 (912) 448-07-31", "79124480731", "9124480731", "8-912-448-07-31", "+7(912)4480731",
     " 8 912 4480731 ", "+7 912 448‑07‑31", "тел. 8 912 448 07 31", "+7 912 448 07 31 доб. 12"],
)  # fmt: skip
def test_a_number_in_any_writing_is_one_number(text: str) -> None:
    assert phones.normal(text) == "+79124480731"


@pytest.mark.parametrize(
    "text", ["", "нет", "31-55-08", "1234567890", "+7 912", "9" * 60, "00000000000", "+7912448073100"]
)
def test_what_is_no_number_is_none(text: str) -> None:
    assert phones.normal(text) is None


@pytest.mark.parametrize(
    ("number", "text"),
    [("+79124480731", "+7 912 448-07-31"), ("+375291234567", "+375 29 123-45-67"), ("нет", "нет"), ("", "")],
)
def test_a_number_is_shown_as_people_read_it(number: str, text: str) -> None:
    assert phones.shown(number).replace("\u00a0", " ") == text


def test_numbers_of_the_demo_are_numbers() -> None:
    assert phones.normal("+7 997 200-00-00") == "+79972000000"
    assert phones.normal("8 997 599 99 99") == "+79975999999"


def test_a_masked_number_tells_two_digits() -> None:
    assert phones.masked("+79124480731").replace("\u00a0", " ") == "+7 ••• •••-••-31"
