"""What the charts of every room share: the frame around a sheet's chart, bars, fields of cells."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dovolen.insight import charts
from dovolen.insight.cells import Printer, sample_size
from dovolen.insight.charts import Bar, Frame, HeatCell, Option
from dovolen.insight.results import Sheet

Row = dict[str, Any]


def frame(sheet: Sheet, printer: Printer, unit: str, *, title: str = "") -> Frame:
    """What stands around the chart of a sheet."""
    words = printer.words
    period = words.period(sheet.since, sheet.until)
    title = title or words.say(f"sheet.{sheet.key}")
    return Frame(title, words.say(f"unit.{unit}"), period, sample_size(sheet))


def named(sheet: Sheet, printer: Printer, name: str) -> list[tuple[Row, str]]:
    """Rows with the word that one column says."""
    return [(row, printer.cell(sheet, name, row)) for row in sheet.records()]


def bars(sheet: Sheet, printer: Printer, found: Sequence[Bar], *, unit: str = "percent", title: str = "") -> Option:
    """Lying bars, the longest told as the finding."""
    around = frame(sheet, printer, unit, title=title)
    most = max(found, key=lambda bar: bar.value)
    finding = printer.words.say("chart.bars", title=around.title, value=most.text, where=most.name)
    return charts.bars(around, finding, found)


def heat(sheet: Sheet, printer: Printer, cells: list[HeatCell], unit: str, *, left: int = 84, least: int = 0) -> Option:
    """A field of cells, the largest told as the finding."""
    around, words = frame(sheet, printer, unit), printer.words
    most = max(cells, key=lambda cell: cell.value)
    where = words.say("chart.cell", row=" ".join(most.row.split()), column=" ".join(most.column.split()))
    finding = words.say("chart.heat", title=around.title, value=most.text, where=where)
    return charts.heat(around, finding, cells, left=left, least=least)
