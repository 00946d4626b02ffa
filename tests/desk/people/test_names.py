"""Names: tidied, compared, hidden."""

from __future__ import annotations

import pytest

from dovolen.desk.people import names
from dovolen.desk.people.models import Customer


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("  Карпова \t Марина ", "Карпова Марина"), ("Кар\u202eпова\u200b", "Карпова"), ("а\r\nб\0", "а б"),
     ("О\u2019Нил", "О\u2019Нил"), ("\u2066\u2069 ", "")],
)  # fmt: skip
def test_a_name_is_one_line_of_what_is_drawn(typed: str, kept: str) -> None:
    assert names.tidy(typed) == kept


def test_lines_of_a_note_stay_lines() -> None:
    assert names.tidy_text("  раз \n\n два\u202e ") == "раз\n\nдва"


@pytest.mark.parametrize(
    ("name", "key"),
    [("Семён  ЁЛКИН", "семен елкин"), ("ООО «Линия»", "ооо линия"), ('АО "Роза"', "ао роза"), ("", "")],
)
def test_names_are_compared_without_case_yo_and_quotes(name: str, key: str) -> None:
    assert names.key(name) == key


@pytest.mark.parametrize(
    ("name", "told"), [("Карпова Марина Олеговна", "К. М."), ("ООО «Линия»", "О. Л."), ("Мадонна", "М."), ("", "")]
)
def test_a_masked_name_is_its_initials(name: str, told: str) -> None:
    assert names.masked(name).replace("\u00a0", " ") == told


def test_the_badge_of_a_client_has_two_letters_at_most() -> None:
    assert Customer(name="ООО «Линия жизни»").initials == "ОЛ"
    assert Customer(name="Ян").initials == "Я"
