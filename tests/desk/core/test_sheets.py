"""Tables that leave the desk: what they hold, that they hold it as text, and that they need no memory for it."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest

from dovolen.desk.core import sheets
from tests.desk.hostile import FORMULAS

HEADER = ["Клиент", "Сумма", "День"]


def in_csv(rows: list[sheets.Row]) -> list[list[str]]:
    data = b"".join(sheets.csv_rows(HEADER, rows)).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))


def in_xlsx(rows: list[sheets.Row]) -> list[list[object]]:
    book = openpyxl.load_workbook(io.BytesIO(b"".join(sheets.xlsx(HEADER, rows))))
    assert book.active is not None
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in book.active.iter_rows()]


def test_cells_come_out_as_they_went_in() -> None:
    rows: list[sheets.Row] = [["ООО «Ёж» & <сын>", Decimal("-1234.50"), date(2026, 11, 20)], ["a;b\nc", 7, None]]

    assert in_csv(rows) == [HEADER, ["ООО «Ёж» & <сын>", "-1234,50", "2026-11-20"], ["a;b\nc", "7", ""]]
    assert in_xlsx(rows) == [HEADER, ["ООО «Ёж» & <сын>", -1234.5, datetime(2026, 11, 20)], ["a;b\nc", 7, None]]


def test_no_text_of_all_that_try_is_a_formula() -> None:
    rows: list[sheets.Row] = [[text, 1, None] for text in FORMULAS]

    assert len(FORMULAS) == 250
    assert not [row for row in in_csv(rows)[1:] if not row[0].startswith("'")]
    assert not [row for row in in_xlsx(rows)[1:] if not str(row[0]).startswith("'")]


@pytest.mark.parametrize("text", ["Иванов", "ул. Свободы, 5 - кв. 2", "a=b", "№ 12", ""])
def test_an_innocent_text_stays_as_it_is(text: str) -> None:
    assert sheets.safe(text) == text


@pytest.mark.parametrize("form", sheets.FORMATS)
def test_a_long_table_is_sent_as_it_is_written(form: str) -> None:
    seen = []

    def rows() -> object:
        for n in range(30_000):
            seen.append(n)
            yield [f"Клиент {n} с довольно длинным именем", n, date(2026, 11, 20)]

    write = sheets.csv_rows if form == sheets.CSV else sheets.xlsx
    tracemalloc.start()
    pieces = write(HEADER, rows())  # type: ignore[arg-type]
    next(pieces)
    next(pieces)
    assert len(seen) < 3_000
    assert sum(len(piece) for piece in pieces) > 100_000
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(seen) == 30_000
    assert peak < 8 * 1024 * 1024


@pytest.mark.parametrize(
    ("amount", "currency", "told"), [(-105, "RUB", "-1.05"), (100, "RUB", "1.00"), (100, "JPY", "100")]
)
def test_money_has_its_coins_behind_the_comma(amount: int, currency: str, told: str) -> None:
    assert str(sheets.money(amount, currency)) == told
