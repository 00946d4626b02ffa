"""Charts of campaigns and enquiries: differences from the control group with their bounds, enquiries won."""

from __future__ import annotations

from collections.abc import Callable

from dovolen.insight import charts
from dovolen.insight.cells import Printer
from dovolen.insight.charts import Bar, Dot, Option
from dovolen.insight.currencies import minor_units
from dovolen.insight.pictures.frames import Row, bars, frame, named
from dovolen.insight.results import Sheet

MOST_PARTS = 14
"""Parts of the base one chart holds: those of the latest campaign."""
COLOURS = {True: "--dv-good-mark", False: "--dv-bad-mark"}


def _lift(row: Row, name: str, unit: str, printer: Printer) -> Dot | None:
    """The difference of one row in the units of the axis: shares as they are, money in major units."""
    ends = (row["campaign_lift"], row["low"], row["high"])
    if None in ends:
        return None
    value, low, high = (end / (minor_units(printer.currency) if unit == "money" else 1) for end in ends)
    sure = low > 0 or high < 0
    colour = COLOURS[value > 0] if sure else "--dv-mute-mark"
    return Dot(name, value, low, high, _written(row["campaign_lift"], unit, printer), colour)


def _written(value: float, unit: str, printer: Printer) -> str:
    words = printer.words
    if unit == "share":
        return words.say("experiments.point", value=words.number(value * 100, 1, sign=True))
    if unit == "money":
        return ("+" if value > 0 else "") + words.money(value, printer.currency)
    return words.number(value, 1, sign=True)


def _drawn(sheet: Sheet, printer: Printer, unit: str, found: list[Dot]) -> Option | None:
    if not found:
        return None
    scale = minor_units(printer.currency) if unit == "money" else 1
    ends = min(dot.value for dot in found), max(dot.value for dot in found)
    low, high = (_written(end * scale, unit, printer) for end in ends)
    around = frame(sheet, printer, {"share": "percent"}.get(unit, unit))
    finding = printer.words.say("experiments.finding", title=around.title, low=low, high=high)
    axis = "@percent" if unit == "share" else "@number"
    return charts.dots(around, finding, found, axis=axis, at=0)


def _lifts(unit: str) -> Callable[[Sheet, Printer], Option | None]:
    """A line a campaign."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        rows = [row for row in sheet.records() if row.get("effect_of") != "revenue"]
        names = [printer.words.say("experiments.campaign", campaign=row["campaign_id"]) for row in rows]
        made = [_lift(row, name, unit, printer) for row, name in zip(rows, names, strict=True)]
        return _drawn(sheet, printer, unit, [dot for dot in made if dot])

    return draw


def _parts(unit: str) -> Callable[[Sheet, Printer], Option | None]:
    """A line a part of the base, of the latest campaign that has them."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        rows = [(row, part) for row, part in named(sheet, printer, "campaign_part") if row["low"] is not None]
        latest = rows[0][0]["campaign_id"] if rows else None
        made = [_lift(row, part, unit, printer) for row, part in rows if row["campaign_id"] == latest]
        found = [dot for dot in made if dot]
        return _drawn(sheet, printer, unit, found[:MOST_PARTS]) if len(found) > 1 else None

    return draw


def _won(sheet: Sheet, printer: Printer) -> Option | None:
    """Share won by index, with its bounds."""
    words = printer.words
    found = [
        Dot(band, row["won_share"], row["low"], row["high"], words.share(row["won_share"]))
        for row, band in named(sheet, printer, "index_band")
        if row["won_share"] is not None
    ]
    if not found:
        return None
    around = frame(sheet, printer, "percent")
    low, high = (words.share(end) for end in (min(dot.value for dot in found), max(dot.value for dot in found)))
    finding = words.say("renewal.finding", title=around.title, low=low, high=high)
    return charts.dots(around, finding, found, axis="@percent")


def _reasons(sheet: Sheet, printer: Printer) -> Option | None:
    found = [
        Bar(row["lost_reason"] or said, row["lost_share"], printer.words.share(row["lost_share"]))
        for row, said in named(sheet, printer, "lost_said")
    ]
    return bars(sheet, printer, found[:12])


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "experiments.visits": _lifts("share"),
    "experiments.orders": _lifts("number"),
    "experiments.money": _lifts("money"),
    "experiments.parts_visits": _parts("share"),
    "experiments.parts_money": _parts("money"),
    "renewal.by_index": _won,
    "renewal.reasons": _reasons,
}
