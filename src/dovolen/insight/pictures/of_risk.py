"""Charts of risk: what each point did to returns, how well returns were foretold."""

from __future__ import annotations

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Dot, Line, Option
from dovolen.insight.pictures.frames import frame, named
from dovolen.insight.results import Sheet

COLOURS = {
    "influences": "--dv-bad-mark", "influences_up": "--dv-good-mark", "does_not_matter": "--dv-mute-mark",
    "cannot_be_told": "--dv-mute-mark",
}  # fmt: skip


def _points(sheet: Sheet, printer: Printer) -> Option | None:
    """How much less, or more, often clients with each point returned than those alike without it."""
    words = printer.words
    found = [
        Dot(label, row["risk_difference"], row["risk_low"], row["risk_high"],
            words.say("risk.in_points", n=words.number(row["risk_difference"], 1, sign=True)),
            COLOURS.get(row["risk_says"], "--dv-mute-mark"), f"point={row['point']}")
        for row, label in named(sheet, printer, "point") if row["risk_difference"] is not None
    ]  # fmt: skip
    if not found:
        return None
    around = frame(sheet, printer, "percent_points")
    worst = min(found, key=lambda dot: dot.value)
    finding = words.say("risk.finding", title=around.title, value=worst.text, where=worst.name)
    return charts.dots(around, finding, found, axis="@number", at=0)


def _compare(sheet: Sheet, printer: Printer) -> Option | None:
    """Right pairs of a hundred with their bounds: the model, frequency, recency; a coin tells half of them."""
    words = printer.words
    found = [
        Dot(label, row["right_pairs"], row["low"], row["high"],
            words.say("chance.of_100", n=words.number(100 * row["right_pairs"])),
            "--dv-brand" if row["chance_by"] == "model" else "--dv-mute-mark")
        for row, label in named(sheet, printer, "chance_by")
    ]  # fmt: skip
    around = frame(sheet, printer, "pairs")
    finding = words.say("chart.bars", title=around.title, value=found[0].text, where=found[0].name)
    return charts.dots(around, finding, found, axis="@percent", at=0.5)


def _deciles(sheet: Sheet, printer: Printer) -> Option | None:
    """What came in each tenth, with its bounds, and what was foretold."""
    words, rows = printer.words, sheet.records()
    if len(rows) < 2:
        return None
    came, foretold = (
        Line(words.say(f"chance.{key}"), [row[name] for row in rows], [words.share(row[name]) for row in rows],
             colour, dashed=dashed)
        for key, name, colour, dashed in (
            ("came", "returned", "--dv-brand", False), ("foretold", "foretold", charts.INK_3, True),
        )
    )  # fmt: skip
    around = frame(sheet, printer, "percent")
    finding = words.say("chance.finding", title=around.title, low=came.texts[0], high=came.texts[-1])
    band = [row["low"] for row in rows], [row["high"] for row in rows]
    places = [str(row["tenth"]) for row in rows]
    return charts.lines(around, finding, places, [came, foretold], axis="@percent", band=band)


PICTURES = {"risk.points": _points, "chance.compare": _compare, "chance.deciles": _deciles}
"""The chart of each sheet that has one."""
