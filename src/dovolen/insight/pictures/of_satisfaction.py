"""Charts of satisfaction: the spread of scores, what costs points, the months, means side by side."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Bar, Dot, HeatCell, Line, Option
from dovolen.insight.pictures.frames import Row, bars, frame, heat, named
from dovolen.insight.results import Sheet

MOST = 14
"""Rows that one chart holds."""
MUCH = 0.2
"""Share of all points lost from which a fact is drawn as the first thing to mend."""
LOW, MIDDLING = 50, 80
"""Scores under which a band is coloured as bad, and as middling."""


def distribution(sheet: Sheet, printer: Printer) -> Option | None:
    """Orders by tens of points."""
    rows, words = sheet.records(), printer.words
    around = frame(sheet, printer, "orders")
    found = [
        Bar(
            str(row["score_band"]).replace("…", "–"),
            row["orders"],
            words.number(row["orders"]),
            _colour(row),
            opens=f"band={_lowest(row)}" if row["orders"] else "",
        )
        for row in rows
    ]
    most = max(found, key=lambda bar: bar.value)
    finding = words.say("chart.bars", title=around.title, value=most.text, where=most.name)
    return charts.columns(around, finding, found, axis="@number")


def _colour(row: Row) -> str:
    lowest = _lowest(row)
    return "--dv-bad-mark" if lowest < LOW else "--dv-warn-mark" if lowest < MIDDLING else "--dv-good-mark"


def _lowest(row: Row) -> int:
    return int(str(row["score_band"]).partition("…")[0])


def facts(sheet: Sheet, printer: Printer) -> Option | None:
    """Facts by their share of all points lost."""
    words = printer.words
    found = [
        Bar(
            words.name("fact_short", row["fact"]),
            row["points_share"],
            words.share(row["points_share"]),
            "--dv-bad-mark" if row["points_share"] >= MUCH else "--dv-warn-mark",
            opens=f"fact={row['fact']}",
        )
        for row in sheet.records()
        if row["points_share"]
    ]
    return bars(sheet, printer, found) if found else None


def months(sheet: Sheet, printer: Printer) -> Option | None:
    """The mean score month by month with its interval."""
    rows, words = [row for row in sheet.records() if row["mean_score"] is not None], printer.words
    if len(rows) < 3:
        return None
    around = frame(sheet, printer, "points")
    told = [words.number(row["mean_score"], 1) for row in rows]
    line = Line(words.say("column.mean_score"), [row["mean_score"] for row in rows], told)
    band = ([row["low"] for row in rows], [row["high"] for row in rows])
    places = [words.month(row["month"]) for row in rows]
    made = charts.lines(around, _range(sheet, printer, rows), places, [line], axis="@number", band=band)
    floor = min(row["low"] for row in rows) // 10 * 10
    made["option"]["yAxis"] |= {"min": max(0, floor - 10), "max": 100 if floor >= 0 else None}
    return made


def means(column: str) -> Callable[[Sheet, Printer], Option | None]:
    """Mean scores with their intervals, the lowest first."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        words = printer.words
        known = [(row, name) for row, name in named(sheet, printer, column) if row["mean_score"] is not None]
        if len(known) < 2:
            return None
        known.sort(key=lambda pair: pair[0]["mean_score"])
        dots = [
            Dot(
                name,
                row["mean_score"],
                row["low"],
                row["high"],
                words.number(row["mean_score"], 1),
                opens=urlencode({column: row[column]}) if row[column] else "",
            )
            for row, name in known[:MOST]
        ]
        around = frame(sheet, printer, "points")
        return charts.dots(around, _range(sheet, printer, [row for row, _ in known]), dots, axis="@number")

    return draw


def people(column: str) -> Callable[[Sheet, Printer], Option | None]:
    """People down, facts that cost anybody points across: points an order."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        words, rows = printer.words, sheet.records()
        facts = [fact for fact, most in _most(rows, "fact").items() if most > 0]
        names = list(_most(rows, column))[:MOST]
        count = {(row[column], row["fact"]): row["lost_an_order"] for row in rows}
        cells = [
            HeatCell(
                _two_lines(words.name("fact_short", fact)),
                str(name),
                lost,
                words.number(lost, 1),
                opens=urlencode({column: name, "fact": fact}) if lost else "",
            )
            for name in names
            for fact in facts
            if (lost := count.get((name, fact))) is not None
        ]
        return heat(sheet, printer, cells, "points", left=156, least=90 * len(facts) + 156) if facts else None

    return draw


def _most(rows: list[Row], column: str) -> dict[str, float]:
    """Values of a column by the points they cost, the most first."""
    found: dict[str, float] = {}
    for row in rows:
        found[row[column]] = max(found.get(row[column], 0.0), row["lost_an_order"])
    return dict(sorted(found.items(), key=lambda pair: -pair[1]))


def _two_lines(name: str) -> str:
    """A name of several words broken in its middle: columns are narrow."""
    parts = name.replace("\u00a0", " ").split()
    if len(parts) < 2:
        return name
    half = (len(parts) + 1) // 2
    return f"{' '.join(parts[:half])}\n{' '.join(parts[half:])}"


def _range(sheet: Sheet, printer: Printer, rows: list[Row]) -> str:
    words, scores = printer.words, [row["mean_score"] for row in rows]
    low, high = (words.number(value, 1) for value in (min(scores), max(scores)))
    return words.say("chart.satisfaction.range", title=words.say(f"sheet.{sheet.key}"), low=low, high=high)


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "satisfaction.distribution": distribution,
    "satisfaction.facts": facts,
    "satisfaction.months": months,
    "satisfaction.by_class": means("class"),
    **{
        f"satisfaction.by_{name}": means(name) for name in ("slow_stage", "technician", "advisor", "category", "centre")
    },
    **{f"satisfaction.facts_by_{name}": people(name) for name in ("technician", "advisor")},
}
"""The charts of the chapter, by sheet."""
