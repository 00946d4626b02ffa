"""Charts of value: the Pareto curve, what is left of a client month by month, visits expected and real."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Line, Option
from dovolen.insight.currencies import minor_units
from dovolen.insight.pictures.frames import Row, frame
from dovolen.insight.results import Sheet

COLOURS = ("--dv-brand", "--dv-warn-mark", "--dv-bad-mark", "--dv-fair-mark", "--dv-mute-mark")
PERCENTS = (0, 1, 2, 3, 4, 5, 7, 10, 15, 20, 25, 30, 40, 50, 60, 70, 80, 90, 100)
MOST_COHORTS = 5
LEAST_MONTHS = 3


def _curve(sheet: Sheet, printer: Printer) -> Option | None:
    """A line a kind of clients and measure; margin dashed."""
    words, parts = printer.words, _by(sheet, "kind", "measure")
    lines = []
    for place, ((kind, measure), rows) in enumerate(parts.items()):
        name = words.say("value.of_kind", kind=words.name("kind", kind), measure=words.name("measure", measure))
        values = [_upto(rows, percent / 100) for percent in PERCENTS]
        texts = ["" if value is None else words.share(value) for value in values]
        lines.append(Line(name, values, texts, COLOURS[place % len(COLOURS)], dashed=measure == "margin"))
    if not lines:
        return None
    best = next(percent for percent in (10, 20, 50, 100) if lines[0].values[PERCENTS.index(percent)] is not None)
    told = words.share(lines[0].values[PERCENTS.index(best)] or 0)
    around = frame(sheet, printer, "percent")
    finding = words.say(
        "chart.curve", title=around.title, clients=words.share(best / 100, 0), value=told, name=lines[0].name
    )
    places = [words.share(percent / 100, 0) for percent in PERCENTS]
    return charts.lines(around, finding, places, lines, axis="@percent", height=300)


def _upto(rows: list[Row], share: float) -> float | None:
    """What clients up to this share bring; 0 of none, nothing where not even one client makes that share."""
    if share == 0:
        return 0.0
    return next((row["amount_share"] for row in reversed(rows) if row["client_share"] <= share + 1e-9), None)


def _cohort_months(sheet: Sheet, printer: Printer) -> Option | None:
    """A line a cohort, a few of them spread over the time of the base."""
    words, parts = printer.words, _by(sheet, "cohort")
    long = {cohort: rows for (cohort,), rows in parts.items() if len(rows) >= LEAST_MONTHS}
    if not long:
        return None
    scale, chosen = minor_units(printer.currency), _spread(list(long), MOST_COHORTS)
    last = max(len(long[cohort]) for cohort in chosen)
    lines = []
    for place, cohort in enumerate(chosen):
        left = [row["left_a_client"] for row in long[cohort]]
        gap = [None] * (last - len(left))
        texts = [words.money(value, printer.currency) for value in left] + [""] * len(gap)
        lines.append(Line(printer.cohort(cohort), [*(value / scale for value in left), *gap], texts, COLOURS[place]))
    around, row = frame(sheet, printer, "money"), long[chosen[0]][-1]
    told = {"cohort": printer.cohort(chosen[0]), "value": words.money(row["left_a_client"], printer.currency)}
    finding = words.say("chart.cohort_months", title=around.title, months=row["months_since"], **told)
    places = [words.say("axis.month_number", n=month) for month in range(1, last + 1)]
    return charts.lines(around, finding, places, lines, axis="@number", height=300)


def _spread(names: list[str], most: int) -> list[str]:
    """At most so many, the first and the last among them, evenly spread."""
    if len(names) <= most:
        return names
    return [names[round(place * (len(names) - 1) / (most - 1))] for place in range(most)]


def _expected(sheet: Sheet, printer: Printer) -> Option | None:
    """Expected beside real by months or weeks; what the model had not seen told as the finding."""
    words, rows = printer.words, sheet.records()
    time = "month" if "month" in dict(sheet.columns) else "week"
    print_time: Callable[[Any], str] = words.month if time == "month" else lambda day: words.date(day, short=True)
    actual = Line(words.say("line.actual"), *_told(rows, "actual_visits", rows, printer))
    begins = next((place for place, row in enumerate(rows) if row["held_out"]), len(rows))
    # The line goes on from the last month seen, so that the two parts of it meet.
    seen, new = rows[:begins], rows[max(0, begins - 1) :]
    lines = [
        actual,
        Line(words.say("line.seen"), *_told(rows, "expected_visits", seen, printer), "--dv-mute-mark", dashed=True),
        Line(words.say("line.unseen"), *_told(rows, "expected_visits", new, printer), "--dv-warn-mark", dashed=True),
    ]
    unseen = [row for row in rows if row["held_out"]]
    told = {name: words.number(sum(row[f"{name}_visits"] for row in unseen)) for name in ("expected", "actual")}
    around = frame(sheet, printer, "visits")
    finding = words.say("chart.expected", title=around.title, **told)
    places = [print_time(row[time]) for row in rows]
    return charts.lines(around, finding, places, lines, axis="@number", height=280)


def _told(rows: list[Row], name: str, part: list[Row], printer: Printer) -> tuple[list[float | None], list[str]]:
    """Values and their texts over all the rows, only those of a part of them filled."""
    values = [row[name] if row in part else None for row in rows]
    return values, ["" if value is None else printer.words.number(value) for value in values]


def _by(sheet: Sheet, *names: str) -> dict[tuple[Any, ...], list[Row]]:
    """Rows of a sheet by the values of some columns, in the order met."""
    parts: dict[tuple[Any, ...], list[Row]] = {}
    for row in sheet.records():
        parts.setdefault(tuple(row[name] for name in names), []).append(row)
    return parts


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "value.curve": _curve,
    "value.cohort_months": _cohort_months,
    **{f"value.expected.{kind}": _expected for kind in ("person", "company", "unknown", "all")},
}
"""The chart of each sheet that has one."""
