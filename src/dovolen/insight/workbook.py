"""The report's tables as a workbook: a sheet each, with unit, period, sample size and rule above the rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.insight.cells import FAMILIES, OF_SHEET, Printer
from dovolen.insight.currencies import minor_units
from dovolen.insight.results import LIST_LIMIT, Figure, Sheet, Studied
from dovolen.insight.words import Words

if TYPE_CHECKING:
    from xlsxwriter import Workbook
    from xlsxwriter.format import Format

DANGEROUS = re.compile(r"^[\s\u200b\ufeff]*[=+\-@#\uff0b\uff0d\uff1d\uff20\u2212]|^[\t\r\n]")
"""Text that a spreadsheet may take for a formula, full-width signs and leading blanks among it."""

MOST_CHARACTERS = 32_767
"""What one cell of a workbook may hold."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that XML cannot hold."""


NUMBERS = {
    "money": "#,##0.00", "share": "0.0%", "id": "0", "code": "0", "code27": "0", "ratio": "0.0", "hours": "0.0",
    "whole": "#,##0", "number": "#,##0.0", "date": "dd.mm.yyyy",
}  # fmt: skip
"""How a spreadsheet shows a number of each unit; other units by whether the number is whole."""


@dataclass(frozen=True)
class Cell:
    """A value and the name of its format."""

    value: float | str | date
    form: str | None = None


Row = Sequence[Cell | None]


class Page:
    """One sheet, written from the top row down: rows above are on disk already."""

    def __init__(
        self, book: Workbook, forms: dict[str, Format], title: str, widths: Sequence[int], frozen: int
    ) -> None:
        self._sheet = book.add_worksheet(title)
        self._forms = forms
        self._next = 0
        for place, width in enumerate(widths):
            self._sheet.set_column(place, place, width)
        if frozen:
            self._sheet.freeze_panes(frozen, 0)

    def append(self, row: Row) -> None:
        """Write the next row."""
        for place, cell in enumerate(row):
            if cell is not None:
                self._write(place, cell)
        self._next += 1

    def _write(self, place: int, cell: Cell) -> None:
        form = self._forms[cell.form] if cell.form else None
        if isinstance(cell.value, str):
            self._sheet.write_string(self._next, place, cell.value, form)
        elif isinstance(cell.value, date):
            self._sheet.write_datetime(self._next, place, cell.value, form)
        else:
            self._sheet.write_number(self._next, place, cell.value, form)


def write_xlsx(study: Studied, path: Path, lang: str = "ru") -> None:
    """Write every sheet of the study. Codes are words, money is in major units, text is never a formula."""
    import xlsxwriter  # slow to import; most commands need none

    printer = Printer(Words(lang), study.meta)
    taken: set[str] = set()
    with xlsxwriter.Workbook(str(path), {"constant_memory": True}) as book:
        forms = _forms(book)

        def page(name: str, widths: Sequence[int], frozen: int = 0) -> Page:
            return Page(book, forms, _title(name, taken), widths, frozen)

        _about(page(printer.words.say("ui.summary_sheet"), (110,)), study, printer)
        _figures(page(printer.words.say("sheet.figures"), (38, 18, 12, 14, 14, 10, 12, 12, 90), 1), study, printer)
        for sheet in study.sheets.values():
            name = printer.words.name("sheet", sheet.key).removeprefix("sheet.")
            _sheet(page(name, [_width(column) for column, _ in sheet.columns], 5), sheet, printer)


def _forms(book: Workbook) -> dict[str, Format]:
    made = {name: book.add_format({"num_format": shown}) for name, shown in NUMBERS.items()}
    made["head"] = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    made["marked"] = book.add_format({"quote_prefix": True})
    return made


def _width(column: str) -> int:
    return 34 if column in ("name", "examples", "reasons", "value") or column in FAMILIES else 16


def _title(name: str, taken: set[str]) -> str:
    """A name Excel accepts: 31 characters, none of its forbidden ones, used once."""
    clean = re.sub(r"[\\/?*\[\]:]", " ", name).replace("\u00a0", " ")[:31].strip(" '")
    number, found = 2, clean
    while found.casefold() in taken:
        found = f"{clean[:28]} {number}"
        number += 1
    taken.add(found.casefold())
    return found


def _about(page: Page, study: Studied, printer: Printer) -> None:
    words, meta = printer.words, study.meta
    told = {"source": Path(str(meta["source"])).name, "asof": words.date(meta["asof"]), "currency": meta["currency"]}
    page.append([_text(words.say("workbook.about", **told))])
    page.append([_text(printer.direction())])
    for what, column in study.impossible:
        page.append([_text(f"{words.say('column.what')}: {words.name('impossible', what)} ({column})")])


def _figures(page: Page, study: Studied, printer: Printer) -> None:
    heads = ("figure", "value", "unit", "low", "high", "n", "since", "until", "rule")
    page.append([Cell(printer.words.say(f"column.{name}"), "head") for name in heads])
    for figure in study.figures.values():
        page.append(_figure_row(figure, printer))


def _figure_row(figure: Figure, printer: Printer) -> Row:
    words, unit = printer.words, figure.unit
    value = words.say("ui.few") if figure.value is None else figure.value
    return [
        _text(words.name("figure", figure.key)),
        _text(value) if isinstance(value, str) else _number(value, unit, printer),
        _text(printer.currency if unit == "money" else words.name("unit", unit)),
        *(_number(end, unit, printer) for end in (figure.low, figure.high)),
        _number(figure.n, "count", printer),
        *(_number(day, "date", printer) for day in (figure.since, figure.until)),
        _text(printer.rule(figure.rule)),
    ]


def _sheet(page: Page, sheet: Sheet, printer: Printer) -> None:
    """Title and facts in the first rows, headers in the fifth, the rows under them."""
    words = printer.words
    cut = sheet.cut + max(0, len(sheet.rows) - LIST_LIMIT)
    facts = (words.period(sheet.since, sheet.until), printer.sample(sheet))
    page.append([Cell(words.name("sheet", sheet.key), "head")])
    page.append([_text(" · ".join(filter(None, facts)))])
    page.append([_text(printer.rule(sheet.rule or f"rule.{sheet.key}"))])
    page.append([_text(words.say("workbook.cut", limit=words.number(LIST_LIMIT), n=words.number(cut)) if cut else "")])
    page.append([Cell(_column_title(name, unit, printer), "head") for name, unit in sheet.columns])
    for row in sheet.records()[:LIST_LIMIT]:
        page.append([_value(sheet, name, unit, row, printer) for name, unit in sheet.columns])


def _column_title(name: str, unit: str, printer: Printer) -> str:
    title = printer.words.name("column", name)
    shown = {"money": printer.currency, "days": printer.words.say("unit.days"), "share": "%"}.get(unit)
    return f"{title}, {shown}" if shown else title


def _value(sheet: Sheet, name: str, unit: str, row: dict[str, Any], printer: Printer) -> Cell | None:
    value = row[name]
    spoken = name in FAMILIES or (sheet.key, name) in OF_SHEET or unit in ("flag", "life", "reasons", "mixed")
    if value is None or isinstance(value, str | bool) or (spoken and not isinstance(value, int | float)):
        return _text(printer.cell(sheet, name, row))
    if unit == "mixed":
        return _number(value, "money" if str(row.get("dimension", "")).startswith("m") else "number", printer)
    return _number(value, unit, printer)


def _number(value: Any, unit: str, printer: Printer) -> Cell | None:
    """A number or a day as the spreadsheet's own kind, formatted; money in major units."""
    if isinstance(value, datetime):
        return Cell(value.replace(tzinfo=None), "date")
    if isinstance(value, date):
        return Cell(value, "date")
    if not isinstance(value, int | float):
        return None if value is None else _text(str(value))
    if not isfinite(value):
        return None
    if unit == "money":
        value = value / minor_units(printer.currency)
    whole = "whole" if isinstance(value, int) else "number"
    return Cell(value, unit if unit in NUMBERS and unit not in ("number", "date") else whole)


def _text(text: str) -> Cell:
    """Text as text. What could be taken for a formula is marked as text, besides being stored as such."""
    clean = CONTROL.sub("", text)[:MOST_CHARACTERS]
    return Cell(clean, "marked" if DANGEROUS.match(clean) else None)
