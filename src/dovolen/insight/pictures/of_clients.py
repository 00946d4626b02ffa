"""Charts of the clients: states, cascade, RFM, cohorts, months, slices."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from dovolen.insight import charts
from dovolen.insight.cells import ICONS, Printer
from dovolen.insight.charts import Bar, HeatCell, Option
from dovolen.insight.pictures.frames import Row, bars, frame, heat, named
from dovolen.insight.results import Sheet

MOST_BARS = 12
IN_ORDER = ("weekday", "month", "image_value", "potential")
"""Dimensions whose values have an order of their own."""

GROUPS = {"best": "good", "normal": "fair", "sleeping": "warn", "worst": "bad"}
LEVELS = ("opening", "closing")
LOWER = ("dormant", "lost", "blocked")


def _share_bars(name: str, colour: Callable[[Row], str]) -> Callable[[Sheet, Printer], Option | None]:
    """Bars of revenue shares (of clients where there is no revenue), the share of clients as a mark."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        rows = named(sheet, printer, name)
        known = any(row.get("revenue_share") is not None for row, _ in rows)
        measure = "revenue_share" if known else "client_share"
        found = [
            Bar(_short(name, row, label, printer), row[measure], printer.words.share(row[measure]), colour(row),
                row.get("client_share") if known else None, hatched=row.get("state") in LOWER,
                opens=f"{name}={row[name]}", note=_of_clients(row, printer) if known else "")
            for row, label in rows if row.get(measure) is not None
        ]  # fmt: skip
        if name == "segment":
            found.sort(key=lambda bar: -bar.value)
        return bars(sheet, printer, found) | {"measure": measure} if found else None

    return draw


def _of_clients(row: Row, printer: Printer) -> str:
    share = row.get("client_share")
    return "" if share is None else printer.words.say("chart.of_clients", share=printer.words.share(share))


def _short(name: str, row: Row, label: str, printer: Printer) -> str:
    """A shorter name for an axis, where there is one."""
    key = f"{name}.{row[name]}_axis"
    return " ".join(printer.words.say(key).split()) if key in printer.words else label


def _cascade(sheet: Sheet, printer: Printer) -> Option | None:
    words, count = printer.words, {row["step"]: row["clients"] for row in sheet.records()}
    if not set(LEVELS) <= set(count):
        return None
    bars = []
    for step in ("opening", "new", "returned", "dormant", "lost", "blocked", "closing"):
        size = count.get(step, 0) * (-1 if step in LOWER else 1)
        is_level = step in LEVELS
        colour = "--dv-mute-mark" if is_level else "--dv-bad-mark" if step in LOWER else "--dv-good-mark"
        bars.append(
            Bar(_step_name(sheet, step, printer), size, words.number(size, sign=not is_level), colour,
                hatched=step in LOWER, opens="" if is_level else f"flow={step}")
        )  # fmt: skip
    told = {step: words.number(amount) for step, amount in count.items()}
    return charts.cascade(frame(sheet, printer, "clients"), words.say("cascade.finding", **told), bars)


def _step_name(sheet: Sheet, step: str, printer: Printer) -> str:
    day: date | None = {"opening": sheet.since, "closing": sheet.until}.get(step)
    key = f"step.{step}_short" if f"step.{step}_short" in printer.words else f"step.{step}"
    name = printer.words.say(key)
    return f"{name}\n{printer.words.date(day, short=True)}" if day else name


def _rfm_cells(sheet: Sheet, printer: Printer) -> Option | None:
    """Recency across (best on the right), frequency down (best on top)."""
    words, found = printer.words, {(row["r"], row["f"]): row for row in sheet.records()}
    measure = "revenue_share" if all(row.get("revenue_share") is not None for row in found.values()) else "client_share"
    cells = []
    for frequency in range(printer.grid, 0, -1):
        for recency in range(1, printer.grid + 1):
            shown = printer.grade(recency), printer.grade(frequency)
            share = (found.get(shown) or {}).get(measure) or 0
            column = _end(str(shown[0]), recency, printer, "r", "\n")
            cells.append(HeatCell(column, _end(str(shown[1]), frequency, printer, "f", " "), share,
                                  words.number(share * 100, 1), f"r={recency}&f={frequency}"))  # fmt: skip
    return heat(sheet, printer, cells, "percent")


def _end(label: str, best_first: int, printer: Printer, direction: str, gap: str) -> str:
    """The grade with a word at both ends: «5 часто», «1 редко»."""
    word = {1: "low", printer.grid: "high"}.get(best_first)
    return f"{label}{gap}{printer.words.say(f'axis.{direction}_{word}')}" if word else label


def _movement(sheet: Sheet, printer: Printer) -> Option | None:
    """Recency before down the side, after along the bottom."""
    words = printer.words
    count = {(_grade(row["r_before"]), row["r_after"]): row["clients"] for row in sheet.records()}
    grades = [printer.grade(best) for best in range(printer.grid, 0, -1)]
    before = [*grades, None] if any(old is None for old, _ in count) else grades
    cells = [
        HeatCell(_end(str(new), printer.grade(new), printer, "r", "\n"),
                 words.say("axis.absent") if old is None else _end(str(old), printer.grade(old), printer, "r", " "),
                 count.get((old, new), 0), words.number(count.get((old, new), 0)),
                 f"r_was={'none' if old is None else printer.grade(old)}&r={printer.grade(new)}")
        for old in before for new in reversed(grades)
    ]  # fmt: skip
    return heat(sheet, printer, cells, "clients")


def _by_rfm(sheet: Sheet, printer: Printer) -> Option | None:
    """Clients by segment (grade of recency where segments have no names) and state."""
    names = {row["segment"] for row in sheet.records()} - {None}
    line = "segment" if names else "r"
    if line not in dict(sheet.columns):
        return None
    count: dict[tuple[Any, str], int] = {}
    for row in sheet.records():
        count[row[line], row["state"]] = count.get((row[line], row["state"]), 0) + row["clients"]
    totals: dict[Any, int] = {}
    for (name, _), clients in count.items():
        totals[name] = totals.get(name, 0) + clients
    order = (lambda name: -totals[name]) if names else (lambda name: -name if printer.best_is_high else name)
    lines = sorted(totals, key=order)
    states = [state for state in ICONS if any(one == state for _, one in count)]
    cells = [
        HeatCell(printer.words.name("state", state),
                 printer.words.name("segment", name) if names else f"R {name}",
                 count.get((name, state), 0), printer.words.number(count.get((name, state), 0)),
                 f"{f'segment={name}' if names else f'r={printer.grade(name)}'}&state={state}")
        for name in lines for state in states
    ]  # fmt: skip
    return heat(sheet, printer, cells, "clients", left=140, least=620)


def _grade(value: Any) -> int | None:
    return value if isinstance(value, int) else None


def _map(sheet: Sheet, printer: Printer) -> Option | None:
    count = {(row["recency_band"], row["revenue_band"]): row["clients"] for row in sheet.records()}
    bands = list(dict.fromkeys(recency for recency, _ in count))
    cells = [
        HeatCell(printer.words.name("band", f"{recency}_axis"), printer.words.name("band", f"{revenue}_axis"),
                 count.get((recency, revenue), 0), printer.words.number(count.get((recency, revenue), 0)))
        for revenue in ("high", "middle", "low") for recency in bands
    ]  # fmt: skip
    return heat(sheet, printer, cells, "clients")


def _picture27(sheet: Sheet, printer: Printer) -> Option | None:
    """A column a segment, best first, coloured by group; worst and sleeping hatched, share of clients as a mark."""
    words, rows = printer.words, sheet.records()
    measure = "value_share" if "value_share" in dict(sheet.columns) else "revenue_share"
    if any(row.get(measure) is None for row in rows):
        return None
    found = [
        Bar(str(row["code"]), row[measure],
            words.say("picture27.finding", group=words.name("group", row["group"]), value=words.share(row[measure]),
                      clients=words.share(row["client_share"])),
            f"--dv-{GROUPS[row['group']]}-mark", row["client_share"], row["group"] in ("worst", "sleeping"),
            f"code27={row['code']}")
        for row in sorted(rows, key=lambda row: str(row["code"]), reverse=True)
    ]  # fmt: skip
    around = frame(sheet, printer, "percent")
    most = max(found, key=lambda bar: bar.value)
    finding = words.say("chart.bars", title=around.title, value=words.share(most.value), where=most.name)
    return charts.columns(around, finding, found, axis="@percent", least=880, height=280) | {"measure": measure}


def _cohorts(sheet: Sheet, printer: Printer) -> Option | None:
    rows = [row for row in sheet.records() if row["period"] > 0 and row["share"] is not None]
    if not rows:
        return None
    words, last, grain = printer.words, max(row["period"] for row in rows), rows[0].get("grain", "quarter")
    ages = {age: words.say(f"axis.period_{grain}", n=age) for age in range(1, last + 1)}
    share = {(row["cohort"], row["period"]): row["share"] for row in rows}
    cells = [
        HeatCell(ages[age], printer.cohort(cohort), share[cohort, age], words.number(share[cohort, age] * 100))
        for cohort in sorted({cohort for cohort, _ in share}) for age in ages if (cohort, age) in share
    ]  # fmt: skip
    return heat(sheet, printer, cells, "percent", left=100, least=52 * last + 116)


def months_of(measure: str, unit: str) -> Callable[[Sheet, Printer], Option | None]:
    """Columns of one measure by month; the title names the measure, for months are drawn more than once."""

    def draw(sheet: Sheet, printer: Printer) -> Option | None:
        rows, words = sheet.records()[-36:], printer.words
        if any(row[measure] is None for row in rows):
            return None
        scale = 10.0**-2 if unit == "money" else 1.0
        texts = [printer.value(row[measure], unit) for row in rows]
        found = [
            Bar(words.month(row["month"]) if isinstance(row["month"], date) else str(row["month"]),
                row[measure] * scale, text)
            for row, text in zip(rows, texts, strict=True)
        ]  # fmt: skip
        low, high = min(row[measure] for row in rows), max(row[measure] for row in rows)
        around = frame(sheet, printer, unit, title=words.say(f"sheet.months.{measure}"))
        told = {"low": printer.value(low, unit), "high": printer.value(high, unit), "last": texts[-1]}
        finding = words.say("chart.columns", title=around.title, **told)
        return charts.columns(around, finding, found, axis="@number", least=12 * len(found) + 80)

    return draw


def slice_bars(sheet: Sheet, printer: Printer, title: str) -> Option | None:
    """The largest values of one dimension by revenue, by orders where there is no revenue."""
    rows = [pair for pair in named(sheet, printer, "value") if not pair[0].get("withheld")]
    measure, unit = ("revenue", "money") if any(row.get("revenue") for row, _ in rows) else ("orders", "orders")
    found = [
        Bar(label, row[measure], printer.words.money(row[measure], printer.currency, compact=True)
            if unit == "money" else printer.words.number(row[measure]))
        for row, label in rows if row.get(measure) is not None
    ]  # fmt: skip
    if sheet.rows[0][sheet.column("dimension")] not in IN_ORDER:
        found.sort(key=lambda bar: -bar.value)
    if len(found) < 2:
        return None
    return bars(sheet, printer, found[:MOST_BARS], unit=unit, title=title) | {"measure": measure}


def _state_colour(row: Row) -> str:
    return f"--dv-{ICONS.get(row['state'], ('', 'mute'))[1]}-mark"


PICTURES: dict[str, Callable[[Sheet, Printer], Option | None]] = {
    "lifecycle.states": _share_bars("state", _state_colour),
    "rfm.segments": _share_bars("segment", lambda row: "--dv-brand"),
    "rfm.reading": _share_bars("reading", lambda row: "--dv-brand"),
    "frequency.bands": _share_bars("band", lambda row: "--dv-brand"),
    "lifecycle.by_rfm": _by_rfm,
    "cascade.steps": _cascade,
    "rfm.cells": _rfm_cells,
    "rfm.movement": _movement,
    "rfm.map": _map,
    "rfm.picture27": _picture27,
    "cohorts": _cohorts,
}
"""The chart of each sheet that has one."""
