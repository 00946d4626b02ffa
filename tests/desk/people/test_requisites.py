"""Requisites judged by control digits, against the gathered test values."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from dovolen.desk.people import requisites

FIELD = {
    "inn10": "tax_number", "inn12": "tax_number", "ogrn13": "ogrn", "ogrnip15": "ogrn", "kpp": "kpp", "bik": "bik",
    "corr_account": "corr_account", "settlement_account": "account",
}  # fmt: skip


def holds(row: dict[str, str]) -> bool:
    """What the check says of one value; a form asks for something before it judges."""
    field, value = FIELD[row["kind"]], row["value"]
    if field in requisites.AT_BANK:
        return requisites.AT_BANK[field](value, row["context_bik"])
    return requisites.ALONE[field](value)


def test_every_gathered_value_is_judged_as_it_is(shared: Path) -> None:
    with (shared / "ru_requisites" / "vectors.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))

    wrong = [(row["kind"], row["value"], row["note"]) for row in rows if holds(row) is not (row["valid"] == "true")]

    print(f"\nrequisites: {len(rows) - len(wrong)} of {len(rows)} judged rightly")
    assert len(rows) >= 150
    assert not wrong


BANK = {"bik": "044525225", "account": "40702810740000432537", "corr_account": "30101810400000000225"}


def test_requisites_that_belong_together_are_no_problem() -> None:
    assert requisites.problems(BANK | {"tax_number": "7707083893", "kpp": "770701001"}) == {}
    assert requisites.problems({"tax_number": "", "bik": "", "account": ""}) == {}


def test_a_problem_says_at_which_field_and_why() -> None:
    assert requisites.problems({"tax_number": "7707083894"}) == {"tax_number": "digits"}
    assert requisites.problems({"account": BANK["account"]}) == {"account": "no_bik"}
    assert requisites.problems(BANK | {"bik": "044525593"}) == {"account": "bank", "corr_account": "bank"}
    assert requisites.problems(BANK | {"bik": "04452522"}) == {"bik": "digits"}


@pytest.mark.parametrize("typed", ["7707 083893", "7707\u00a0083-893", " 7707083893 "])
def test_blanks_and_hyphens_are_no_part_of_a_number(typed: str) -> None:
    assert requisites.compact(typed) == "7707083893"


@pytest.mark.parametrize("digits", ["７７０７０８３８９３", "٧٧٠٧٠٨٣٨٩٣"])
def test_digits_of_other_scripts_are_no_requisites(digits: str) -> None:
    assert not requisites.is_tax_number(digits)
