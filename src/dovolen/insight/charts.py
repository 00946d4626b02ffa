"""Rows to charts: plain ECharts options in a frame that always has a title, a unit, a period and a sample size.

Colours are names of tokens (`--dv-…`): the page puts the theme's values in. Labels come ready in the reader's words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

INK, INK_2, INK_3 = "--dv-ink", "--dv-ink-2", "--dv-ink-3"
SURFACE, LINE, LINE_STRONG = "--dv-surface", "--dv-line", "--dv-line-strong"
HATCH = {"symbol": "rect", "dashArrayX": [1, 0], "dashArrayY": [2, 4], "rotation": -0.8, "color": "--dv-hatch"}
NOTE = {"note": {"color": INK_3, "fontWeight": 400}}
BAR_ROW = 30

Option = dict[str, Any]


@dataclass(frozen=True)
class Frame:
    """What stands around a chart: what it is of, in what unit, for which days and how many cases."""

    title: str
    unit: str
    period: str
    n: int | None


@dataclass(frozen=True)
class Bar:
    """One bar: its name, length, the label at its end, its colour, the mark that is compared with it."""

    name: str
    value: float
    text: str
    colour: str = "--dv-brand"
    mark: float | None = None
    hatched: bool = False
    opens: str = ""
    note: str = ""


@dataclass(frozen=True)
class HeatCell:
    """One cell of a heat map: column, row, what it weighs, what it says."""

    column: str
    row: str
    value: float
    text: str
    opens: str = ""


@dataclass(frozen=True)
class Line:
    """One line over shared places of an axis: a value a place (None = a gap) and what each says when pointed at."""

    name: str
    values: Sequence[float | None]
    texts: Sequence[str]
    colour: str = "--dv-brand"
    dashed: bool = False


@dataclass(frozen=True)
class Dot:
    """An estimate with its interval: name of its row, value, ends, and how both are written."""

    name: str
    value: float
    low: float
    high: float
    text: str
    colour: str = "--dv-brand"
    opens: str = ""


def chart(frame: Frame, finding: str, option: Option, *, height: int, **more: Any) -> Option:
    """A chart ready for the page. `narrow` is the option for a phone; `least` the width under which it scrolls."""
    frame_facts = {"title": frame.title, "unit": frame.unit, "period": frame.period, "n": frame.n}
    return frame_facts | {"finding": finding, "height": height, "option": option} | more


def bars(frame: Frame, finding: str, rows: Sequence[Bar]) -> Option:
    """Lying bars, the first on top, values at their ends; the compared value is a grey line across the bar."""
    height = BAR_ROW * len(rows) + 16
    bare = [replace(bar, note="") for bar in rows]
    return chart(frame, finding, _bars(rows, 208), height=height, narrow=_bars(bare, 132))


def _bars(rows: Sequence[Bar], left: int) -> Option:
    low_first = list(rows)[::-1]
    longest = max(len(bar.text) + len(bar.note) for bar in rows)
    series: list[Option] = [
        {"type": "bar", "barWidth": 14, "data": [_bar(bar) for bar in low_first]},
        {
            "type": "scatter", "symbolSize": 1, "itemStyle": {"color": "transparent"}, "silent": True,
            "label": {"show": True, "position": "right", "distance": 8, "color": INK, "fontWeight": 600, "rich": NOTE},
            "data": [
                {"value": [max(bar.value, bar.mark or 0), place], "label": {"formatter": _noted(bar)}}
                for place, bar in enumerate(low_first)
            ],
        },
    ]  # fmt: skip
    if any(bar.mark is not None for bar in rows):
        marks = [[bar.mark, place] for place, bar in enumerate(low_first) if bar.mark is not None]
        series.append(
            {"type": "scatter", "symbol": "rect", "symbolSize": [3, 20], "itemStyle": {"color": INK_3}, "z": 5,
             "silent": True, "data": marks}
        )  # fmt: skip
    label = {"color": INK, "width": left - 12, "overflow": "truncate", "interval": 0}
    return {
        "grid": {"left": left, "right": 24 + 8 * longest, "top": 4, "bottom": 8},
        "xAxis": {"type": "value", "show": False, "min": 0},
        "yAxis": _category([bar.name for bar in low_first]) | {"axisLine": {"show": False}, "axisLabel": label},
        "series": series,
    }


def _noted(bar: Bar) -> str:
    """The value at a bar's end and, fainter, what the mark says."""
    return _plain(bar.text) + (f"  {{note|{_plain(bar.note)}}}" if bar.note else "")


def _bar(bar: Bar) -> Option:
    style: Option = {"color": bar.colour, "borderRadius": 2}
    if bar.hatched:
        style["decal"] = HATCH
    made: Option = {"value": bar.value, "itemStyle": style, "tip": f"{bar.name}: {bar.text}"}
    return made | _opening(bar.opens)


def _opening(names: str) -> Option:
    """Which names stand behind a part of a chart: «state=dormant»; the page knows where they are listed."""
    return {"opens": names} if names else {}


def columns(frame: Frame, finding: str, rows: Sequence[Bar], *, axis: str, least: int = 0, height: int = 260) -> Option:
    """Standing columns over an axis of numbers; `axis` names the number format of the page (`@number`, `@percent`)."""
    marks = [
        {"value": [place, bar.mark], "tip": f"{bar.name}: {bar.text}"}
        for place, bar in enumerate(rows)
        if bar.mark is not None
    ]
    series: list[Option] = [{"type": "bar", "barWidth": "62%", "data": [_bar(bar) for bar in rows]}]
    if marks:
        mark_style = {"itemStyle": {"color": INK_3}, "z": 5, "silent": True}
        series.append({"type": "scatter", "symbol": "rect", "symbolSize": [16, 3], "data": marks} | mark_style)
    option = {
        "grid": {"left": 56, "right": 8, "top": 16, "bottom": 32},
        "xAxis": _category([bar.name for bar in rows]),
        "yAxis": _values(axis) | ({"min": 0} if _begins_at_zero(rows) else {}),
        "series": series,
    }
    return chart(frame, finding, option, height=height, least=least)


def _begins_at_zero(rows: Sequence[Bar]) -> bool:
    """Whether nothing goes below zero that the eye could see."""
    high = max((bar.value for bar in rows), default=0)
    return all(bar.value >= 0 or -bar.value < high / 50 for bar in rows)


def lines(
    frame: Frame, finding: str, places: Sequence[str], rows: Sequence[Line], *, axis: str,
    band: tuple[Sequence[float | None], Sequence[float | None]] | None = None, least: int = 0, height: int = 260,
) -> Option:  # fmt: skip
    """Lines over places of an axis, named above; `band` = lower and upper ends of what is likely, shaded."""
    series = [*_band(*band), *map(_line, rows)] if band else [*map(_line, rows)]
    drawn = [*(line.values for line in rows), *(band or ())]
    known = [value for values in drawn for value in values if value is not None]
    bottom = _category(places)
    bottom["axisLabel"] |= {"interval": "auto", "hideOverlap": True}
    legend: Option = {
        "data": [line.name for line in rows], "left": 48, "top": 0, "itemWidth": 22, "itemHeight": 8,
        "textStyle": {"color": INK_2, "fontSize": 12.5}, "selectedMode": False,
    }  # fmt: skip
    option: Option = {
        "grid": {"left": 56, "right": 16, "top": 36, "bottom": 32},
        "legend": legend,
        "xAxis": bottom | {"boundaryGap": False},
        "yAxis": _values(axis) | ({"min": 0} if min(known, default=0) >= 0 else {}),
        "series": series,
    }
    # A phone has no room for names side by side.
    above = 18 * (len(rows) - 1)
    stacked = {"legend": legend | {"orient": "vertical", "left": 0}, "grid": option["grid"] | {"top": 36 + above}}
    return chart(frame, finding, option, height=height, least=least, narrow=option | stacked)


def _line(line: Line) -> Option:
    data = [
        {"value": value, "tip": f"{line.name}: {text}"} if value is not None else {"value": None}
        for value, text in zip(line.values, line.texts, strict=True)
    ]
    few = len(line.values) <= 40
    return {
        "type": "line", "name": line.name, "data": data, "symbol": "circle", "symbolSize": 6 if few else 3,
        "showSymbol": True, "itemStyle": {"color": line.colour},
        "lineStyle": {"color": line.colour, "width": 2, "type": "dashed" if line.dashed else "solid"}, "z": 3,
    }  # fmt: skip


def _band(low: Sequence[float | None], high: Sequence[float | None]) -> list[Option]:
    """Two stacked areas, of which the lower cannot be seen."""
    spans = [None if a is None or b is None else b - a for a, b in zip(low, high, strict=True)]
    plain: Option = {"type": "line", "symbol": "none", "silent": True, "lineStyle": {"opacity": 0}}
    plain |= {"stack": "band", "stackStrategy": "all"}  # else a lower end under zero would not carry the upper one
    return [
        plain | {"data": list(low), "areaStyle": {"opacity": 0}},
        plain | {"data": spans, "areaStyle": {"color": "--dv-brand", "opacity": 0.14}},
    ]


def dots(frame: Frame, finding: str, rows: Sequence[Dot], *, axis: str, at: float | None = None) -> Option:
    """Estimates with their intervals, the first on top; `at` draws the line that says "no difference"."""
    height = BAR_ROW * len(rows) + 40
    return chart(
        frame, finding, _dots(rows, axis, at, 208), height=height, narrow=_dots(rows, axis, at, 128)
    )  # fmt: skip


def _dots(rows: Sequence[Dot], axis: str, at: float | None, left: int) -> Option:
    low_first = list(rows)[::-1]
    series: list[Option] = [
        {
            "type": "line", "symbol": "none", "silent": True, "data": [[row.low, place], [row.high, place]],
            "lineStyle": {"color": row.colour, "width": 3, "opacity": 0.45},
        }
        for place, row in enumerate(low_first)
    ]  # fmt: skip
    points = [
        {"value": [row.value, place], "itemStyle": {"color": row.colour}, "tip": f"{row.name}: {row.text}"}
        | _opening(row.opens)
        for place, row in enumerate(low_first)
    ]
    marked: Option = {"type": "scatter", "symbolSize": 11, "data": points, "z": 4}
    if at is not None:
        style = {"color": INK_3, "type": "dashed", "width": 1}
        marked["markLine"] = {
            "symbol": "none", "silent": True, "label": {"show": False}, "lineStyle": style, "data": [{"xAxis": at}],
        }  # fmt: skip
    label = {"color": INK, "width": left - 12, "overflow": "truncate", "interval": 0}
    said = {"color": INK, "fontWeight": 600, "interval": 0}
    bare = {"axisLine": {"show": False}}
    longest = max((len(row.text) for row in rows), default=0)
    return {
        "grid": {"left": left, "right": 20 + round(7.4 * longest), "top": 4, "bottom": 32},
        "xAxis": _values(axis) | {"scale": True},
        "yAxis": [
            _category([row.name for row in low_first]) | bare | {"axisLabel": label},
            _category([_plain(row.text) for row in low_first]) | bare | {"axisLabel": said, "position": "right"},
        ],
        "series": [*series, marked],
    }


def cascade(frame: Frame, finding: str, rows: Sequence[Bar]) -> Option:
    """Opening, what came, what left, closing: floating bars, those that lower the base hatched.

    The first and the last row are levels, the others steps (negative = lowers). Standing bars, lying on a phone.
    """
    floor = _floor(rows)
    spans, level = [], 0.0
    for place, bar in enumerate(rows):
        is_level = place in (0, len(rows) - 1)
        start, level = (floor, bar.value) if is_level else (level, level + bar.value)
        spans.append((min(start, level), abs(level - start)))
    return chart(
        frame, finding, _cascade(rows, spans, floor, upright=True), height=292, floor=floor,
        narrow=_cascade(rows, spans, floor, upright=False),
    )  # fmt: skip


def _floor(rows: Sequence[Bar]) -> float:
    """Where the scale begins: below the lowest level, at a round number, so that the steps can be seen."""
    lowest = level = rows[0].value
    for bar in rows[1:-1]:
        level += bar.value
        lowest = min(lowest, level)
    span = max(abs(bar.value) for bar in rows[1:-1]) if len(rows) > 2 else 0
    if not span or lowest - 2 * span < lowest * 0.25:
        return 0
    step = 10 ** max(0, len(str(int(span))) - 1) * 5
    return max(0.0, float((lowest - span) // step * step))


def _cascade(rows: Sequence[Bar], spans: list[tuple[float, float]], floor: float, *, upright: bool) -> Option:
    turn = 1 if upright else -1
    lift = [low for low, _ in spans][::turn]
    body = []
    for bar, (_, size) in list(zip(rows, spans, strict=True))[::turn]:
        said = {"formatter": _plain(bar.text)}
        body.append(_bar(bar) | {"value": size, "label": said})
    label = {"show": True, "position": "top" if upright else "right", "color": INK, "fontWeight": 600, "fontSize": 13}
    names = [bar.name if upright else bar.name.replace("-\n", "").replace("\n", " ") for bar in rows][::turn]
    category, value = _category(names), _values("@number") | {"min": floor}
    if not upright:
        category |= {"axisLine": {"show": False}, "axisLabel": {"color": INK, "interval": 0}}
        value |= {"axisLabel": {"show": False}, "splitLine": {"show": False}}
    width = {"barWidth": "56%"}
    series = [
        {"type": "bar", "stack": "a", "silent": True, "itemStyle": {"color": "transparent"}, "data": lift} | width,
        {"type": "bar", "stack": "a", "data": body, "label": label} | width,
    ]
    grid = {"left": 56, "right": 8, "top": 28, "bottom": 48} if upright else _lying_grid()
    return {"grid": grid, "series": series} | _axes(category, value, upright=upright)


def _lying_grid() -> Option:
    return {"left": 116, "right": 64, "top": 4, "bottom": 8}


def _axes(category: Option, value: Option, *, upright: bool) -> Option:
    return {"xAxis": category, "yAxis": value} if upright else {"xAxis": value, "yAxis": category}


def heat(frame: Frame, finding: str, cells: Sequence[HeatCell], *, left: int = 84, least: int = 0) -> Option:
    """A heat map with a number in every cell; columns and rows in the order they come, the first row on top."""
    names = list(dict.fromkeys(cell.column for cell in cells))
    lines = list(dict.fromkeys(cell.row for cell in cells))[::-1]
    steps = ramp([cell.value for cell in cells])
    data = []
    for cell, step in zip(cells, steps, strict=True):
        place: list[Any] = [names.index(cell.column), lines.index(cell.row), cell.value]
        said = {"formatter": _plain(cell.text), "color": f"--dv-seq-ink-{step}"}
        tip = f"{' '.join(cell.row.split())} × {' '.join(cell.column.split())}: {cell.text}"
        one = {"value": place, "itemStyle": {"color": f"--dv-seq-{step}"}, "label": said, "tip": tip}
        data.append(one | _opening(cell.opens))
    style = {"borderWidth": 2, "borderColor": SURFACE, "borderRadius": 4}
    label = {"show": True, "fontSize": 12.5, "fontWeight": 500}
    deep = 2 if any("\n" in name for name in names) else 1
    option = {
        "grid": {"left": left, "right": 8, "top": 8, "bottom": 12 + 16 * deep},
        "xAxis": _category(names) | {"axisLine": {"show": False}},
        "yAxis": _category(lines) | {"axisLine": {"show": False}},
        "visualMap": {"show": False, "type": "piecewise", "dimension": 2, "pieces": [], "seriesIndex": []},
        "series": [{"type": "heatmap", "data": data, "itemStyle": style, "label": label}],
    }
    height = max(160, 44 * len(lines) + 20 + 16 * deep) if len(lines) < 10 else 32 * len(lines) + 36
    return chart(frame, finding, option, height=height, least=least)


def ramp(values: Sequence[float]) -> list[int]:
    """The step 0–4 of each value: equal steps between the least and the most; all 1 when they do not differ."""
    low, high = min(values, default=0), max(values, default=0)
    if high <= low:
        return [1] * len(values)
    return [min(4, int(5 * ((value - low) / (high - low)) ** 0.7)) for value in values]


def _category(names: Sequence[str]) -> Option:
    every = "auto" if len(names) > 14 else 0
    label: Option = {"color": INK_2, "fontSize": 12.5, "interval": every, "hideOverlap": True, "lineHeight": 16}
    line = {"lineStyle": {"color": LINE_STRONG}}
    return {"type": "category", "data": list(names), "axisTick": {"show": False}, "axisLabel": label, "axisLine": line}


def _values(form: str) -> Option:
    label = {"color": INK_3, "fontSize": 12.5, "formatter": form, "hideOverlap": True}
    line = {"lineStyle": {"color": LINE}}
    return {"type": "value", "axisLine": {"show": False}, "axisLabel": label, "splitLine": line, "splitNumber": 4}


def _plain(text: str) -> str:
    """Text that ECharts prints as it stands: its formatters read braces and `@` as commands."""
    return text.replace("{", "(").replace("}", ")").replace("@", "at ")
