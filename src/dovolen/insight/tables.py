"""Sheets as printed tables: which columns are shown, what each cell says, advice beside codes that have it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from dovolen.insight.cells import ICONS, NUMERIC, Printer
from dovolen.insight.results import Sheet

NAMES_SHOWN = 200
"""Rows of a list inside the page; the workbook and the Parquet files hold the rest."""

MOST_COHORTS = 14
GRAINS = ("month", "quarter", "year")

Row = dict[str, Any]


@dataclass(frozen=True)
class Cell:
    """One printed cell: its text, its class, an icon when the word is a state."""

    text: str
    css: str = ""
    icon: str = ""


@dataclass(frozen=True)
class Table:
    """Printed rows under printed headers."""

    head: list[Cell]
    rows: list[list[Cell]]
    more: str = ""
    records: Sequence[Row] = ()
    """The values behind the rows, where a row is one of the sheet."""

    @property
    def long(self) -> bool:
        """Whether the table scrolls inside its panel."""
        return len(self.rows) > 14


LESSER = {
    "client_share", "average_order", "median_recency", "average_recency", "of", "visits", "n_assets",
    "orders", "low", "high", "table", "revenue_share", "value_share", "rfm.fallen.before", "quality.findings.examples",
    "quality.findings.share", "fleets.n_orders", "frequency.bands.visits_a_year",
    "twice.clusters.phones", "twice.review.other_id", "queue.technicians.finished",
    "cascade.names.state_before", "rfm.own_segments.cells", "n_with", "n_without", "returned_without", "risk_low",
    "satisfaction.slips.class", "satisfaction.slips.technician", "satisfaction.slips.manager", "satisfaction.low.class",
    "satisfaction.low.technician", "satisfaction.low.manager", "satisfaction.low.order_id",
    "satisfaction.slips.order_id", "satisfaction.orders.customer_id", "satisfaction.orders.fact_value",
    "satisfaction.orders.advisor", "satisfaction.orders.done_date",
    "risk_high", "risk.list.order_id", "risk.list.seen_date", "risk.list.expires_date", "risk.list.n_points",
    "chance_gain_low", "chance_gain_high", "chance.weights.clients", "chance.weights.chance_way",
    "value.key_names.margin", "value.key_names.contact_cost", "value.key_names.complaint_cost",
    "value.key_names.bonus_used", "value.key_names.debt", "value.key_names.revenue_place", "value.key_names.left_place",
    "value.keys.revenue", "value.clients.kind", "value.clients.margin", "value.clients.discount",
    "value.clients.complaints",
    "value.clients.contact_cost", "value.clients.brought", "value.clients.brought_revenue", "value.growth.alike",
    "value.growth.revenue", "value.models.clients", "value.money.clients", "value.money.correlation",
    "value.ahead.clients", "value.names.kind", "value.names.revenue", "value.pairs.item_level", "value.pairs.support",
    "value.pairs.lift_low", "value.pairs.lift_high", "value.pairs.both_clients", "value.retention_cost.recorded",
}  # fmt: skip
"""Columns that a phone leaves out, in all sheets or in one: name, state and sum remain."""

TACTICS = {
    "rfm.segments": ("tactic", "tactic.segment", "segment"),
    "rfm.reading": ("tactic", "tactic.reading", "reading"),
    "rfm.patterns": ("tactic", "tactic.pattern", "pattern"),
}
"""Sheets whose rows carry advice: the column's name, the family of words, the column that picks the word."""

TIGHT = {"rfm.reading", "rfm.patterns", "rfm.codes"}
"""Sheets that leave their shares to the workbook, for advice needs the room."""

HEADERS = {
    ("quality.findings", "code"): "finding", ("rfm.fallen", "before"): "r_before", ("rfm.fallen", "after"): "r_after",
    ("rfm.own_segments", "name"): "segment", ("rfm.own_segments", "cells"): "marked_cells",
}  # fmt: skip
"""Columns whose header is another word than their name."""


def table(sheet: Sheet, printer: Printer, *, limit: int = NAMES_SHOWN) -> Table:
    """A sheet's rows printed, with advice beside codes that have it."""
    shown = [(name, unit) for name, unit in sheet.columns if _is_shown(sheet, name)]
    head = [_header(sheet, name, unit, printer) for name, unit in shown]
    rows = [[_cell(sheet, name, unit, row, printer) for name, unit in shown] for row in sheet.records()[:limit]]
    for place, row in enumerate(sheet.records()[:limit]):
        if advice := _advice(sheet, row, printer):
            rows[place] += advice[1]
            head = head[: len(shown)] + advice[0]
    left = len(sheet.rows) + sheet.cut - len(rows)
    words = printer.words
    more = words.plural("ui.more_names", left).format(n=words.number(left)) if left > 0 else ""
    return Table(head, rows, more, sheet.records()[:limit])


def _is_shown(sheet: Sheet, name: str) -> bool:
    """Columns that hold nothing (a source without names, without revenue) are left out."""
    place = sheet.column(name)
    hidden = name in ("withheld", "grain") or (sheet.key == "cascade.names" and name == "step")
    hidden = hidden or (sheet.key in TIGHT and name.endswith("_share"))
    hidden = hidden or (sheet.key == "rfm.cells" and name == "client_share")
    empty = (None, 0) if name == "n_assets" else (None,)
    return not hidden and any(row[place] not in empty for row in sheet.rows)


def _header(sheet: Sheet, name: str, unit: str, printer: Printer) -> Cell:
    css = " ".join(filter(None, ("n" if unit in NUMERIC else "", "low" if _is_lesser(sheet, name) else "")))
    return Cell(printer.words.name("column", HEADERS.get((sheet.key, name), name)), css)


def _is_lesser(sheet: Sheet, name: str) -> bool:
    """Whether a phone leaves the column out; a client's number stays where clients have no names."""
    if name == "customer_id":
        return "name" in dict(sheet.columns) and _is_shown(sheet, "name")
    return name in LESSER or f"{sheet.key}.{name}" in LESSER


def _cell(sheet: Sheet, name: str, unit: str, row: Row, printer: Printer) -> Cell:
    text = printer.cell(sheet, name, row)
    css = "n" if unit in NUMERIC else "name" if name in ("name", "examples", "reasons") else ""
    css = "wrap" if name == "tactic" else "name" if unit == "told" else css
    css += " low" if _is_lesser(sheet, name) else ""
    if name in ("state", "lifecycle", "state_before", "state_after") and row[name] in ICONS:
        icon, colour = ICONS[row[name]]
        return Cell(text, f"{css} chip {colour}".strip(), icon)
    return Cell(text, css.strip())


def _advice(sheet: Sheet, row: Row, printer: Printer) -> tuple[list[Cell], list[Cell]] | None:
    """Headers and cells that say what a row means and what to do about it."""
    words = printer.words
    if sheet.key in TACTICS:
        column, family, chosen = TACTICS[sheet.key]
        key = f"{family}.{row[chosen]}"
        return [Cell(words.say(f"column.{column}"), "wrap")], [Cell(words.say(key) if key in words else "", "wrap")]
    if sheet.key == "rfm.codes":
        code = printer.meaning(row["code"])
        told = [words.say(key) if key in words else "" for key in (f"rfm.code.{code}", f"tactic.code.{code}")]
        return [Cell(words.say("column.meaning")), Cell(words.say("column.tactic"), "wrap")], [
            Cell(told[0], "m"), Cell(told[1], "wrap"),
        ]  # fmt: skip
    return None


def strategies(sheet: Sheet, printer: Printer) -> Table:
    """What to do in each cell of the map: revenue down, days of silence across."""
    words, count = printer.words, {(row["recency_band"], row["revenue_band"]): row for row in sheet.records()}
    across = list(dict.fromkeys(recency for recency, _ in count))
    head = [Cell(words.say("column.revenue_band"))] + [Cell(words.name("band", recency)) for recency in across]
    rows = []
    for revenue in ("high", "middle", "low"):
        cells = [Cell(words.name("band", revenue))]
        for recency in across:
            clients = count.get((recency, revenue), {}).get("clients", 0)
            key = f"strategy.{recency}.{revenue}"
            told = f"{words.count('count.clients', clients)}. {words.say(key) if key in words else ''}"
            cells.append(Cell(told if clients else words.say("ui.none")))
        rows.append(cells)
    return Table(head, rows)


def thresholds(sheet: Sheet, printer: Printer) -> Table:
    """A row a grade, best first; for each direction the values that fall into it."""
    words = printer.words
    cuts: dict[str, list[float]] = {direction: [] for direction in "rfm"}
    for row in sheet.records():
        cuts[str(row["dimension"])[0]].append(row["above"])
    head = [Cell(words.say("column.grade"))] + [Cell(words.say(f"dimension.{direction}")) for direction in "rfm"]
    rows = []
    for best in range(printer.grid, 0, -1):
        exceeded = {"r": printer.grid - best, "f": best - 1, "m": best - 1}
        told = [_range(sorted(cuts[direction]), exceeded[direction], direction, printer) for direction in "rfm"]
        rows.append([Cell(str(printer.grade(best)))] + [Cell(text, "num") for text in told])
    return Table(head, rows)


def _range(cuts: list[float], exceeded: int, direction: str, printer: Printer) -> str:
    """«до 114», «больше 114, до 180», «больше 481»; a dash for a grade that these cuts leave empty."""
    unit = "money" if direction == "m" else "number"
    low = printer.value(cuts[exceeded - 1], unit) if 0 < exceeded <= len(cuts) else None
    high = printer.value(cuts[exceeded], unit) if exceeded < len(cuts) else None
    if (low is not None and low == high) or exceeded > len(cuts):
        return printer.words.say("range.empty")
    key = "range.between" if low and high else "range.above" if low else "range.to"
    return printer.words.say(key, low=low, high=high)


def empty_grades(sheet: Sheet | None, printer: Printer) -> tuple[str, ...]:
    """Why grades stay empty: so many share one value that no cut can pass through it. A sentence a dimension."""
    words, told = printer.words, []
    rows = sheet.records() if sheet else []
    for dimension, unit in (("r", "days"), ("f", "orders"), ("m", "money")):
        mine = [row for row in rows if row["dimension"] == dimension]
        if not mine:
            continue
        value = mine[0]["value"]
        shown = words.count("count.orders", int(value)) if unit == "orders" else printer.value(value, unit)
        sentence = words.plural("thresholds.empty", len(mine)).format(
            grade=", ".join(str(row["grade"]) for row in mine), dimension=words.say(f"empty.{dimension}"),
            value=shown, share=words.share(mine[0]["share"], 0),
        )  # fmt: skip
        told.append(sentence)
    return tuple(told)


def services(sheet: Sheet, printer: Printer) -> Table:
    """A row a band of frequency, a column a kind of service: its share of the band's money and the money."""
    words, found = printer.words, {(row["band"], row["role"]): row for row in sheet.records()}
    roles = [role for role in ("base", "additional", "cheapest") if any(one == role for _, one in found)]
    head = [Cell(words.say("column.band"))] + [Cell(words.name("role", role), "n") for role in roles]
    rows = []
    for band in dict.fromkeys(band for band, _ in found):
        cells = [Cell(words.name("band", band))]
        for role in roles:
            row = found.get((band, role))
            cells.append(Cell(_part(row, printer) if row else words.say("ui.none"), "n w"))
        rows.append(cells)
    return Table(head, rows)


def _part(row: Row, printer: Printer) -> str:
    """«63,4 % · 3,8 млн ₽»."""
    money = printer.words.money(row["amount"] or 0, printer.currency, compact=True)
    return money if row["share"] is None else f"{printer.words.share(row['share'])} · {money}"


def cohorts_shown(sheet: Sheet, minimum: int) -> Sheet:
    """Cohorts of the finest grain that fits the page and has enough clients in most of them.

    Cohorts of fewer clients than `minimum` keep their numbers and lose their shares.
    """
    names = [name for name, _ in sheet.columns]
    if "grain" not in names:
        return sheet
    place, cohort, size = (sheet.column(name) for name in ("grain", "cohort", "clients"))
    by_grain = {grain: [row for row in sheet.rows if row[place] == grain] for grain in GRAINS}
    sizes = {grain: {row[cohort]: row[size] for row in rows} for grain, rows in by_grain.items()}
    fits = [
        by_grain[grain] for grain, cohorts in sizes.items()
        if len(cohorts) <= MOST_COHORTS and 2 * sum(n >= minimum for n in cohorts.values()) > len(cohorts)
    ]  # fmt: skip
    rows = fits[0] if fits else by_grain["year"] or sheet.rows
    shares = {sheet.column(name) for name in ("share", "low", "high")}
    few = [tuple(None if place in shares else value for place, value in enumerate(row)) for row in rows]
    return replace(sheet, rows=[row if row[size] >= minimum else bare for row, bare in zip(rows, few, strict=True)])
