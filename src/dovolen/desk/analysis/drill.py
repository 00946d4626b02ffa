"""From a figure to names: which list of clients stands behind a row of a table or a part of a chart.

The library tells the meaning of a chart's part as a query («state=dormant»); rows of tables are told by their columns.
Grades in an address have the highest as best, whatever the labels of the grid say.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.urls import NoReverseMatch, reverse

from dovolen.desk.analysis.queries.clients import UNTOLD

if TYPE_CHECKING:
    from dovolen.insight.cells import Printer
    from dovolen.insight.charts import Option
    from dovolen.insight.opening import Tile
    from dovolen.insight.panels import Panel
    from dovolen.insight.tables import Cell

LIST = "base_clients"
ROWS: dict[str, dict[str, str]] = {
    "lifecycle.states": {"state": "state"}, "lifecycle.by_rfm": {"segment": "segment", "r": "r", "state": "state"},
    "rfm.segments": {"segment": "segment"}, "rfm.cells": {"r": "r", "f": "f"}, "rfm.reading": {"reading": "reading"},
    "rfm.movement": {"r_before": "r_was", "r_after": "r"},
    "rfm.segment_movement": {"before": "segment_was", "after": "segment"},
    "rfm.picture27": {"code": "code27"}, "cascade.steps": {"step": "flow"}, "risk.points": {"point": "point"},
    "classes.summary": {"class": "class"}, "value.abc": {"abc": "abc"},
    "value.keys": {"key": "key_kind"}, "value.acquisition": {"source": "source"},
}  # fmt: skip
"""Column of a sheet → parameter of the list; what is empty in a row is left out."""
FIGURES: dict[str, dict[str, Any]] = {
    "risk.clients": {"point": "any"}, "risk.money": {"point": "any"}, "satisfaction.low_share": {"mood": "bad"},
    "satisfaction.mean": {"sort": "mood"},
}  # fmt: skip
"""Names behind a key figure, where it is of clients."""
BEST = "rfm.best_clients"
GRADES = ("r", "f", "m")
BEFORE = ("r_was", "segment_was")
"""Where nothing stands, the client was none yet."""
LEVELS = ("opening", "closing")
"""Steps of a cascade behind which stand no names of their own."""
Params = Mapping[str, Any]


TONES = ("good", "fair", "warn", "bad", "mute")
HALF = 6
STEP, MOST_STEPS = 20, 60
"""Charts are so many steps of points high: the style sheet has a class for each."""


@dataclass(frozen=True)
class KeyFigure:
    """A key figure as the library prints it, and the list of names behind it, if there is one."""

    tile: Tile
    url: str

    def __getattr__(self, name: str) -> Any:
        """Title, value, interval and rule are the library's."""
        if name.startswith("_") or name == "tile":
            raise AttributeError(name)
        return getattr(self.tile, name)


@dataclass(frozen=True)
class Printed:
    """A cell: its text, the class of its place, and where it is a state its shape and tone."""

    text: str
    css: str
    icon: str
    tone: str


@dataclass(frozen=True)
class Row:
    """A printed row and the names behind it, if there are any; `told` is advice that a phone shows under it."""

    url: str
    cells: list[Printed]
    told: str


@dataclass(frozen=True)
class Card:
    """A panel as the page draws it: chart and rows lead to names."""

    panel: Panel
    chart: Option | None
    rows: list[Row]

    why = ""
    """No reason why it could not be drawn; `Lack` has one."""

    @property
    def key(self) -> str:
        """The sheet's key, fit for an id."""
        return self.panel.key.replace(".", "-")

    @property
    def both(self) -> bool:
        """Whether chart and table stand together: where there is room for both."""
        return self.panel.both and self.panel.wide > HALF

    @property
    def chart_id(self) -> str:
        """The element that holds the chart's data."""
        return f"chart-{self.key}"

    @property
    def steps(self) -> int:
        """Height of the chart in steps."""
        return min(MOST_STEPS, -(-int(self.chart["height"]) // STEP)) if self.chart else 0


def address(**params: Any) -> str:
    """A query string of what is not empty."""
    return urlencode({name: value for name, value in params.items() if value not in (None, "")})


def names(params: Params, scope: str = "", **also: Any) -> str:
    """The list of clients for these filters: «/base/clients/?state=dormant&scope=3»."""
    query = address(**params, scope=scope, **also)
    return f"{reverse(LIST)}?{query}" if query else reverse(LIST)


def behind(key: str, row: Mapping[str, Any], printer: Printer) -> dict[str, Any]:
    """Filters of the list behind a row of a sheet; empty where there is no such list."""
    told = {name: row.get(column) for column, name in ROWS.get(key, {}).items()}
    if told.get("flow") in LEVELS:
        return {}
    told |= {name: UNTOLD for name in BEFORE if name in told and told[name] in (None, "")}
    shown = {name: str(told.get(name) or "") for name in (*GRADES, "r_was")}
    grades = {name: printer.grade(int(label)) for name, label in shown.items() if label.isdigit()}
    return {name: value for name, value in (told | grades).items() if value not in (None, "")}


def figure(tile: Tile, printer: Printer, scope: str = "", **also: Any) -> KeyFigure:
    """A key figure with the names behind it."""
    params = dict.fromkeys(GRADES, printer.grid) if tile.key == BEST else FIGURES.get(tile.key)
    return KeyFigure(tile, names(params, scope, **also) if params and not tile.few else "")


def linked(panel: Panel, printer: Printer, scope: str = "", **also: Any) -> Card:
    """The panel with the lists behind it, in the scope that is shown; `also`: what else their addresses carry."""
    told = {"scope": scope, **also}
    records = panel.table.records
    urls = [_of_row(panel.key, row, printer, told) for row in records] or [""] * len(panel.table.rows)
    rows = [_row(url, cells) for url, cells in zip(urls, panel.table.rows, strict=True)]
    return Card(panel, _chart(panel.chart, told) if panel.chart else None, rows)


def _row(url: str, cells: list[Cell]) -> Row:
    told = cells[-1].text if cells and cells[-1].css == "wrap" else ""
    return Row(url, [_printed(cell) for cell in cells], told)


def _printed(cell: Cell) -> Printed:
    classes = cell.css.split()
    tone = next((one for one in classes if one in TONES), "")
    return Printed(cell.text, " ".join(one for one in classes if one not in (*TONES, "chip")), cell.icon, tone)


def _of_row(key: str, row: Mapping[str, Any], printer: Printer, also: Params) -> str:
    client = row.get("customer_id")
    if isinstance(client, int):
        return _page("customer", client)
    found = behind(key, row, printer)
    return names(found, **also) if found else ""


def _page(name: str, key: int) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _chart(chart: Option, also: Params) -> Option:
    """A chart whose parts know the address of their names; the library's own option stays as it is."""
    return {
        **chart, **{name: _option(chart[name], also) for name in ("option", "narrow") if chart.get(name)},
    }  # fmt: skip


def _option(option: Option, also: Params) -> Option:
    made = copy(option)
    made["series"] = [{**series, "data": [_part(one, also) for one in series.get("data", [])]}
                      for series in option["series"]]  # fmt: skip
    return made


def _part(one: Any, also: Params) -> Any:
    if not isinstance(one, dict) or not one.get("opens"):
        return one
    return {**one, "opens": names(dict(parse_qsl(one["opens"])), **also)}
