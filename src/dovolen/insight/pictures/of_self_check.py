"""Charts of the self-check: what the score tells of each outcome, said against happened, month by month."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Dot, Line, Option
from dovolen.insight.pictures.frames import frame, named
from dovolen.insight.results import Sheet

COLOURS = {"predicts": "--dv-good-mark", "reversed": "--dv-bad-mark", "nothing": "--dv-mute-mark"}


def ranking(sheet: Sheet, printer: Printer) -> Option | None:
    """Share of pairs told rightly with its interval, by outcome; the line is guessing."""
    around, words = frame(sheet, printer, "percent"), printer.words
    dots = [
        Dot(name, row["pairs_right"], row["low"], row["high"], words.share(row["pairs_right"]), COLOURS[row["verdict"]])
        for row, name in named(sheet, printer, "label")
        if row["pairs_right"] is not None
    ]
    if not dots:
        return None
    finding = _range(sheet, printer, [dot.value for dot in dots])
    return charts.dots(around, finding, dots, axis="@percent", at=0.5)


def deciles(sheet: Sheet, printer: Printer) -> Option | None:
    """What happened in each group, with its interval, against what was said."""
    rows, words = sheet.records(), printer.words
    if len(rows) < 2:
        return None
    around = frame(sheet, printer, "percent")
    found = [
        Line(words.say(f"column.{name}"), [row[name] for row in rows], [words.share(row[name]) for row in rows], colour)
        for name, colour in (("observed", "--dv-brand"), ("predicted", "--dv-ink-3"))
    ]
    band = ([row["low"] for row in rows], [row["high"] for row in rows])
    finding = _range(sheet, printer, [row["observed"] for row in rows])
    places = [words.number(row["decile"]) for row in rows]
    return charts.lines(around, finding, places, [found[0], replace(found[1], dashed=True)], axis="@percent", band=band)


def months(sheet: Sheet, printer: Printer) -> Option | None:
    """Share of pairs told rightly month by month, with its interval."""
    rows, words = sheet.records(), printer.words
    known = [row for row in rows if row["pairs_right"] is not None]
    if len(known) < 3:
        return None
    around = frame(sheet, printer, "percent")
    texts = ["" if row["pairs_right"] is None else words.share(row["pairs_right"]) for row in rows]
    line = Line(words.say("column.pairs_right"), [row["pairs_right"] for row in rows], texts)
    even = [0.5] * len(rows)
    guess = words.say("chart.self_check.guess")
    half = Line(guess, even, [words.share(0.5)] * len(rows), "--dv-ink-3", dashed=True)
    finding = _range(sheet, printer, [row["pairs_right"] for row in known])
    places = [words.month(row["month"]) for row in rows]
    band = ([row["low"] for row in rows], [row["high"] for row in rows])
    return charts.lines(around, finding, places, [line, half], axis="@percent", band=band)


def _range(sheet: Sheet, printer: Printer, values: Sequence[float]) -> str:
    """The finding: from where to where the values go."""
    words = printer.words
    low, high = (words.share(end) for end in (min(values), max(values)))
    return words.say("chart.self_check.range", title=words.say(f"sheet.{sheet.key}"), low=low, high=high)


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "self_check.labels": ranking,
    "self_check.deciles": deciles,
    "self_check.months": months,
}
"""The chart of each sheet of the self-check that has one."""
