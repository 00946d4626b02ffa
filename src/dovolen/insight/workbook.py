"""The report's tables as a workbook: a sheet each, with unit, period, sample size and rule above the rows."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.insight.cells import FAMILIES, OF_SHEET, Printer
from dovolen.insight.results import LIST_LIMIT, Figure, Sheet, Studied
from dovolen.insight.schema import minor_units
from dovolen.insight.words import Words

if TYPE_CHECKING:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

DANGEROUS = re.compile(r"^[\s\u200b\ufeff]*[=+\-@#\uff0b\uff0d\uff1d\uff20\u2212]|^[\t\r\n]")
"""Text that a spreadsheet may take for a formula, full-width signs and leading blanks among it."""

MOST_CHARACTERS = 32_767
"""What one cell of a workbook may hold."""

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
"""Characters that XML cannot hold."""


def write_xlsx(study: Studied, path: Path, lang: str = "ru") -> None:
    """Write every sheet of the study. Codes are words, money is in major units, text is never a formula."""
    from openpyxl import Workbook  # slow to import; most commands need none

    book = Workbook(write_only=True)
    printer = Printer(Words(lang), study.meta)
    taken: set[str] = set()
    _about(book.create_sheet(_title(printer.words.say("ui.summary_sheet"), taken)), study, printer)
    _figures(book.create_sheet(_title(printer.words.say("sheet.figures"), taken)), study, printer)
    for sheet in study.sheets.values():
        name = printer.words.name("sheet", sheet.key).removeprefix("sheet.")
        _sheet(book.create_sheet(_title(name, taken)), sheet, printer)
    book.save(path)


def _title(name: str, taken: set[str]) -> str:
    """A name Excel accepts: 31 characters, none of its forbidden ones, used once."""
    clean = re.sub(r"[\\/?*\[\]:]", " ", name).replace("\u00a0", " ")[:31].strip()
    number, found = 2, clean
    while found.casefold() in taken:
        found = f"{clean[:28]} {number}"
        number += 1
    taken.add(found.casefold())
    return found


def _about(page: WriteOnlyWorksheet, study: Studied, printer: Printer) -> None:
    words, meta = printer.words, study.meta
    page.column_dimensions["A"].width = 110
    told = {"source": Path(str(meta["source"])).name, "asof": words.date(meta["asof"]), "currency": meta["currency"]}
    page.append([_text(page, words.say("workbook.about", **told))])
    page.append([_text(page, printer.direction())])
    for what, column in study.impossible:
        page.append([_text(page, f"{words.say('column.what')}: {words.name('impossible', what)} ({column})")])


def _figures(page: WriteOnlyWorksheet, study: Studied, printer: Printer) -> None:
    words = printer.words
    heads = ("figure", "value", "unit", "low", "high", "n", "since", "until", "rule")
    for letter, width in zip("ABCDEFGHI", (38, 18, 12, 14, 14, 10, 12, 12, 90), strict=True):
        page.column_dimensions[letter].width = width
    page.freeze_panes = "A2"
    page.append([_head(page, words.say(f"column.{name}")) for name in heads])
    for figure in study.figures.values():
        page.append(_figure_row(page, figure, printer))


def _figure_row(page: WriteOnlyWorksheet, figure: Figure, printer: Printer) -> list[Any]:
    words, unit = printer.words, figure.unit
    value = words.say("ui.few") if figure.value is None else figure.value
    numbers = [_number(page, end, unit, printer) for end in (figure.low, figure.high)]
    return [
        _text(page, words.name("figure", figure.key)),
        _text(page, value) if isinstance(value, str) else _number(page, value, unit, printer),
        _text(page, printer.currency if unit == "money" else words.name("unit", unit)),
        *numbers, figure.n, figure.since, figure.until, _text(page, printer.rule(figure.rule)),
    ]  # fmt: skip


def _sheet(page: WriteOnlyWorksheet, sheet: Sheet, printer: Printer) -> None:
    """Title and facts in the first rows, headers in the fifth, the rows under them."""
    words = printer.words
    for place, (name, _) in enumerate(sheet.columns):
        wide = name in ("name", "examples", "reasons", "value") or name in FAMILIES
        page.column_dimensions[chr(65 + place)].width = 34 if wide else 16
    page.freeze_panes = "A6"
    cut = sheet.cut + max(0, len(sheet.rows) - LIST_LIMIT)
    page.append([_head(page, words.name("sheet", sheet.key))])
    facts = (words.period(sheet.since, sheet.until), printer.sample(sheet))
    page.append([_text(page, " · ".join(filter(None, facts)))])
    page.append([_text(page, printer.rule(sheet.rule or f"rule.{sheet.key}"))])
    told = words.say("workbook.cut", limit=words.number(LIST_LIMIT), n=words.number(cut)) if cut else ""
    page.append([_text(page, told)])
    page.append([_head(page, _column_title(name, unit, printer)) for name, unit in sheet.columns])
    for row in sheet.records()[:LIST_LIMIT]:
        page.append([_value(page, sheet, name, unit, row, printer) for name, unit in sheet.columns])


def _column_title(name: str, unit: str, printer: Printer) -> str:
    title = printer.words.name("column", name)
    shown = {"money": printer.currency, "days": printer.words.say("unit.days"), "share": "%"}.get(unit)
    return f"{title}, {shown}" if shown else title


def _value(page: WriteOnlyWorksheet, sheet: Sheet, name: str, unit: str, row: dict[str, Any], printer: Printer) -> Any:
    value = row[name]
    spoken = name in FAMILIES or (sheet.key, name) in OF_SHEET or unit in ("flag", "life", "reasons", "mixed")
    if value is None or isinstance(value, str | bool) or (spoken and not isinstance(value, int | float)):
        return _text(page, printer.cell(sheet, name, row))
    if unit == "mixed":
        return _number(page, value, "money" if str(row.get("dimension", "")).startswith("m") else "number", printer)
    return _number(page, value, unit, printer)


def _number(page: WriteOnlyWorksheet, value: Any, unit: str, printer: Printer) -> Any:
    """A number or a day as the spreadsheet's own kind, formatted; money in major units."""
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, datetime) and value.tzinfo is not None:
        value = value.replace(tzinfo=None)
    if not isinstance(value, int | float | date):
        return None if value is None else _text(page, str(value))
    if unit == "money" and not isinstance(value, date):
        value = value / minor_units(printer.currency)
    cell = WriteOnlyCell(page, value)
    formats = {
        "money": "#,##0.00",
        "share": "0.0%",
        "id": "0",
        "code": "0",
        "code27": "0",
        "ratio": "0.0",
        "hours": "0.0",
    }
    if not isinstance(value, date):
        cell.number_format = formats.get(unit, "#,##0" if isinstance(value, int) else "#,##0.0")
    return cell


def _text(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell | str:
    """Text as text. What could be taken for a formula or an error is stored as a string and marked as one."""
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import TYPE_STRING

    clean = CONTROL.sub("", text)[:MOST_CHARACTERS]
    if not DANGEROUS.match(clean):
        return clean
    cell = WriteOnlyCell(page, clean)
    cell.data_type = TYPE_STRING
    cell.quotePrefix = True
    return cell


def _head(page: WriteOnlyWorksheet, text: str) -> WriteOnlyCell:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font

    cell = WriteOnlyCell(page, text)
    cell.font = Font(bold=True)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
