"""Charts of the forecast: weeks and days ahead with their band, usual weekdays, errors of rules, changes of price."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import INK_3, Bar, Dot, Line, Option
from dovolen.insight.pictures.frames import Row, bars, frame
from dovolen.insight.results import Sheet
from dovolen.insight.words import NBSP

GREY = "--dv-line-strong"


def _weeks(sheet: Sheet, printer: Printer) -> Option | None:
    """What came, then what is expected with its band; a year before as a grey line."""
    rows, words = sheet.records(), printer.words
    past = [row for row in rows if row["came"] is not None]
    if not past or len(past) == len(rows):
        return None
    # The expected line begins where the known one ends, so that the eye can follow.
    joined = [row if row["expected"] is not None or row is not past[-1] else _known(row) for row in rows]
    lines = [
        Line(words.say("forecast.line.came"), [row["came"] for row in rows], _texts(rows, "came", printer)),
        Line(words.say("forecast.line.expected"), [row["expected"] for row in joined],
             _texts(joined, "expected", printer), dashed=True),
    ]  # fmt: skip
    if any(row["year_before"] is not None for row in rows):
        before = [row["year_before"] for row in rows]
        lines.append(Line(words.say("forecast.line.year_before"), before, _texts(rows, "year_before", printer), INK_3))
    places = [_short(row["since"], printer) for row in rows]
    made = charts.lines(
        frame(sheet, printer, "orders"), _finding(sheet, rows, printer), places, lines, axis="@number",
        band=_band(joined), height=280,
    )  # fmt: skip
    return _narrowed(made, "axisLabel", {"interval": "auto"})


def _narrowed(made: Option, what: str, change: Option) -> Option:
    """The chart with another axis on a phone: all of it is seen there, with fewer labels."""
    narrow: Option = deepcopy(made.get("narrow") or made["option"])
    narrow["xAxis"][what] |= change
    return made | {"narrow": narrow}


def _known(row: Row) -> Row:
    """A week that came, as the first place of what is expected."""
    return row | dict.fromkeys(("expected", "low", "high"), row["came"])


def _days(sheet: Sheet, printer: Printer) -> Option:
    rows = sheet.records()
    name = printer.words.say("forecast.line.expected")
    line = Line(name, [row["expected"] for row in rows], _texts(rows, "expected", printer))
    return charts.lines(
        frame(sheet, printer, "orders"), _finding(sheet, rows, printer), [_short(row["day"], printer) for row in rows],
        [line], axis="@number", band=_band(rows),
    )  # fmt: skip


def _finding(sheet: Sheet, rows: list[Row], printer: Printer) -> str:
    ahead = sum(row["expected"] or 0.0 for row in rows)
    title = printer.words.say(f"sheet.{sheet.key}")
    return printer.words.say("chart.forecast", title=title, value=printer.value(ahead, "orders"))


def _band(rows: list[Row]) -> tuple[list[float | None], list[float | None]] | None:
    low, high = ([row[name] for row in rows] for name in ("low", "high"))
    return (low, high) if any(value is not None for value in low) else None


def _texts(rows: list[Row], name: str, printer: Printer) -> list[str]:
    """What each place says when pointed at: with its ends where it has any."""
    told = []
    for row in rows:
        value = printer.value(row[name], "orders")
        ends = [printer.value(row.get(end), "orders") for end in ("low", "high")]
        likely = name == "expected" and row.get("low") is not None and row["low"] != row["high"]
        told.append(f"{value} ({ends[0]}–{ends[1]})" if likely else value)
    return told


def _short(day: date, printer: Printer) -> str:
    """A day without its year, for axes."""
    return printer.words.date(day, short=True).rpartition(NBSP)[0]


def _weekdays(sheet: Sheet, printer: Printer) -> Option:
    found = [
        Bar(printer.cell(sheet, "weekday", row), row["of_usual"], printer.words.share(row["of_usual"], 0),
            "--dv-brand" if row["is_worked"] else GREY)
        for row in sheet.records()
    ]  # fmt: skip
    return bars(sheet, printer, found)


def _errors(sheet: Sheet, printer: Printer) -> Option | None:
    """How far each rule was from what came, orders by week; the one used in colour."""
    found = [
        Bar(printer.cell(sheet, "forecast_rule", row), row["error_share"], printer.words.share(row["error_share"]),
            "--dv-brand" if row["used"] else GREY)
        for row in sheet.records() if row["measure"] == "orders"
    ]  # fmt: skip
    return bars(sheet, printer, found) if found else None


def _effects(sheet: Sheet, printer: Printer) -> Option | None:
    """Each change of price with its interval; the line is no effect."""
    rows = [row for row in sheet.records() if row["effect"] is not None]
    words = printer.words
    found = [
        Dot(f"{_kind(sheet, row, printer)}, {words.date(row['date'], short=True)}", row["effect"], row["low"],
            row["high"], words.share(row["effect"], sign=True))
        for row in rows
    ]  # fmt: skip
    if not found:
        return None
    finding = words.say("chart.bars", title=words.say(f"sheet.{sheet.key}"), value=found[0].text, where=found[0].name)
    made = charts.dots(frame(sheet, printer, "percent"), finding, found, axis="@percent", at=0.0)
    return _narrowed(made, "axisLabel", {"hideOverlap": True})


def _kind(sheet: Sheet, row: Row, printer: Printer) -> str:
    """The kind of asset whose price changed."""
    return " ".join(printer.cell(sheet, name, row) for name in ("category", "brand") if row[name])


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "forecast.weeks": _weeks,
    "forecast.days": _days,
    "forecast.weekdays": _weekdays,
    "forecast.backtest": _errors,
    "price.orders": _effects,
    "price.revenue": _effects,
}
"""The chart of each sheet of this room that has one."""
