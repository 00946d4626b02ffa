"""From a figure of satisfaction to orders: which scored orders stand behind a row of a table or a part of a chart."""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from django.urls import reverse

from dovolen.desk.analysis import drill
from dovolen.desk.analysis.queries.scored import BANDS, UNKNOWN

if TYPE_CHECKING:
    from dovolen.desk.analysis.drill import Card
    from dovolen.insight.cells import Printer
    from dovolen.insight.charts import Option
    from dovolen.insight.panels import Panel

LIST, ORDER = "scored_orders", "scored_order"
KEPT = "kept"
"""In place of a stage: all of them kept their norms."""
ROWS: dict[str, tuple[str, ...]] = {
    "satisfaction.facts": ("fact",), "satisfaction.distribution": ("score_band",), "satisfaction.months": ("month",),
    "satisfaction.by_slow_stage": ("slow_stage",), "satisfaction.by_technician": ("technician",),
    "satisfaction.by_advisor": ("advisor",), "satisfaction.by_category": ("category",),
    "satisfaction.by_centre": ("centre",), "satisfaction.facts_by_technician": ("technician", "fact"),
    "satisfaction.facts_by_advisor": ("advisor", "fact"),
}  # fmt: skip
"""Columns of a sheet that say which orders stand behind its row."""
Carried = Mapping[str, Any]
NAMES = {"slow_stage": "stage", "score_band": "band"}


def orders(params: Mapping[str, Any], **also: Any) -> str:
    """The list of scored orders for these filters: «/satisfaction/orders/?fact=delay&scope=3»."""
    query = drill.address(**params, **also)
    return f"{reverse(LIST)}?{query}" if query else reverse(LIST)


def linked(panel: Panel, printer: Printer, centres: Mapping[str, int], **also: Any) -> Card:
    """The panel with the orders behind it. `centres`: their keys by name; `also`: what addresses carry on."""
    card = drill.linked(panel, printer)
    records = panel.table.records or [{}] * len(card.rows)
    told = zip(card.rows, records, strict=True)
    rows = [replace(row, url=_of_row(panel.key, record, centres, also)) for row, record in told]
    return replace(card, chart=panel.chart and _chart(panel.chart, centres, also), rows=rows)


def bare(card: Card) -> Card:
    """The same without ways to orders: for who does not see them."""
    rows = [replace(row, url="") for row in card.rows]
    return replace(card, chart=card.panel.chart and _closed(card.panel.chart), rows=rows)


def _of_row(key: str, row: Mapping[str, Any], centres: Mapping[str, int], also: Carried) -> str:
    told = {name: row[name] for name in ROWS.get(key, ()) if name in row}
    if not told or told.get("slow_stage") == KEPT or row.get("orders") == 0:
        return ""
    return _address(told, centres, also)


def _address(told: Mapping[str, Any], centres: Mapping[str, int], also: Carried) -> str:
    params = {NAMES.get(name, name): _said(name, value, centres) for name, value in told.items()}
    return orders(params, **also) if all(params.values()) else ""


def _said(name: str, value: Any, centres: Mapping[str, int]) -> str:
    if name == "centre":
        return str(centres.get(str(value), ""))
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if name == "score_band":
        lowest = str(value).partition("…")[0]
        return lowest if lowest in BANDS else ""
    return UNKNOWN if value is None else str(value)


def _chart(chart: Option, centres: Mapping[str, int], also: Carried) -> Option:
    def part(one: Any) -> Any:
        if not isinstance(one, dict) or not one.get("opens"):
            return one
        told = dict(parse_qsl(one["opens"]))
        if "band" in told:
            told = {"score_band": told["band"]}
        return {**one, "opens": "" if told.get("slow_stage") == KEPT else _address(told, centres, also)}

    return _with_parts(chart, part)


def _closed(chart: Option) -> Option:
    return _with_parts(chart, lambda one: {**one, "opens": ""} if isinstance(one, dict) and "opens" in one else one)


def _with_parts(chart: Option, part: Any) -> Option:
    """A chart with every part of it told anew; the library's own option stays as it is."""
    made = dict(chart)
    for name in ("option", "narrow"):
        if chart.get(name):
            option = copy(chart[name])
            option["series"] = [
                {**one, "data": [part(cell) for cell in one.get("data", [])]} for one in option["series"]
            ]
            made[name] = option
    return made
