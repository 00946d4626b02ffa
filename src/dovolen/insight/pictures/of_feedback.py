"""Charts of clients' answers: a line through the quarters with its bounds, managers side by side, reviews by score."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Bar, Dot, Line, Option
from dovolen.insight.pictures.frames import Row, bars, frame, named
from dovolen.insight.results import Sheet

MOST_DOTS = 20
AXES = {"share": "@percent", "points": "@number", "ratio": "@number"}


def _quarters(measure: str, unit: str) -> Callable[[Sheet, Printer], Option | None]:
    """A measure over the quarters, its bounds shaded; quarters with few answers are a gap."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        rows = sheet.records()
        known = [row for row in rows if row[measure] is not None]
        if len(known) < 2 or _has_best(rows):
            return None
        around = frame(sheet, printer, "percent" if unit == "share" else unit)
        name = printer.words.say(f"column.{measure}")
        line = Line(name, [row[measure] for row in rows], [_told(row, measure, unit, printer) for row in rows])
        first, last = (printer.value(row[measure], unit) for row in (known[0], known[-1]))
        finding = printer.words.say("feedback.finding_lines", title=around.title, first=first, last=last)
        places = [printer.cohort(str(row["quarter"])) for row in rows]
        band = [row["low"] for row in rows], [row["high"] for row in rows]
        return charts.lines(around, finding, places, [line], axis=AXES[unit], band=band)

    return draw


def _has_best(rows: Sequence[Row]) -> bool:
    """Whether a ratio is missing for want of low answers: a chart would leave out the best."""
    return any(row.get("csi_says") for row in rows)


def _told(row: Row, measure: str, unit: str, printer: Printer) -> str:
    if row[measure] is None:
        return printer.words.say("ui.withheld")
    low, high = (printer.value(row[end], unit) for end in ("low", "high"))
    return f"{printer.value(row[measure], unit)}; {printer.words.say('feedback.likely', low=low, high=high)}"


def _dots(measure: str, unit: str, name: str, *, at: float | None = None) -> Callable[[Sheet, Printer], Option | None]:
    """A line a manager or quarter with enough answers, in the order of the sheet."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        found = [
            Dot(label, row[measure], row["low"], row["high"], printer.value(row[measure], unit))
            for row, label in named(sheet, printer, name)
            if row[measure] is not None
        ]
        if len(found) < 2 or _has_best(sheet.records()):
            return None
        around = frame(sheet, printer, "percent" if unit == "share" else unit)
        ranked = sorted(found, key=lambda dot: dot.value)
        worst, best = (f"{dot.name} – {dot.text}" for dot in (ranked[0], ranked[-1]))
        finding = printer.words.say("feedback.finding_dots", title=around.title, best=best, worst=worst)
        return charts.dots(around, finding, found[:MOST_DOTS], axis=AXES[unit], at=at)

    return draw


def _reviews(sheet: Sheet, printer: Printer) -> Option | None:
    rows = sheet.records()
    if len({row["review_scale"] for row in rows}) > 1:
        return None
    found = [
        Bar(printer.value(row["review_score"], "number"), row["answer_share"], printer.words.share(row["answer_share"]))
        for row in rows
    ]
    return bars(sheet, printer, found)


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "feedback.nps_quarters": _dots("nps", "points", "quarter", at=0),  # it falls below nought, where no band is drawn
    "feedback.csi_quarters": _quarters("csi", "ratio"),
    "feedback.csat_quarters": _quarters("csat", "share"),
    "feedback.response_quarters": _quarters("response_share", "share"),
    "feedback.nps_managers": _dots("nps", "points", "answered_to", at=0),
    "feedback.csi_managers": _dots("csi", "ratio", "answered_to", at=1),
    "feedback.csat_managers": _dots("csat", "share", "answered_to"),
    "feedback.reviews": _reviews,
}
