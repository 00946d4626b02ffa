"""The first pages of the report: what the data are worth, the key figures, the rules behind everything."""

from __future__ import annotations

from dataclasses import dataclass

from dovolen.insight.advice import interval
from dovolen.insight.cells import Printer
from dovolen.insight.panels import Panel, panel
from dovolen.insight.results import Figure, Sheet, Studied
from dovolen.insight.tables import Cell, Table

FIRST = (
    "base.in_base", "base.quarter_change", "retention.one_year", "churn.rate", "base.revenue", "base.average_order",
    "orders.average_order", "base.median_visit", "promise.kept", "orders.promise_kept", "orders.turnaround",
    "orders.rework_share", "satisfaction.mean", "feedback.nps", "risk.money", "value.profitability",
    "value.money_ahead", "rfm.best_clients", "rfm.fallen", "rfm.fallen_revenue",
    "picture27.worst_sleeping_value_share", "picture27.growth_potential", "base.repeat_share",
    "base.top1_revenue_share", "base.top20_revenue_share",
)  # fmt: skip
"""Key figures in reading order; the others follow as they come."""


OF_SECTION = {
    "satisfaction": "satisfaction", "self_check": "self_check", "feedback": "feedback", "risk": "risk",
    "chance": "risk", "value": "value", "experiments": "experiments", "renewal": "renewal", "forecast": "forecast",
    "queue": "forecast", "twice": "twice",
}  # fmt: skip
"""Chapters that open with their own figures, by the first word of a figure's key."""


@dataclass(frozen=True)
class Tile:
    """One key figure: value, interval bar in percent of its scale, what is said under it."""

    key: str
    title: str
    value: str
    under: str
    rule: str
    few: bool = False
    main: bool = True
    section: str = ""
    bar: tuple[float, float, float] | None = None


@dataclass(frozen=True)
class Balance:
    """The proof of one table: rows read are rows used and rows set aside. `plain`: nothing is set aside."""

    table: str
    sentence: str
    verdict: str
    holds: bool
    reasons: list[tuple[str, str, str]]
    rows: str = ""

    @property
    def plain(self) -> bool:
        """Whether there is no more to say than that all rows are used."""
        return self.holds and not self.reasons


def tiles(study: Studied, printer: Printer) -> list[Tile]:
    """Key figures in reading order."""
    rank = {key: place for place, key in enumerate(FIRST)}
    shown = [figure for figure in study.figures.values() if f"figure.{figure.key}" in printer.words]
    return [tile(figure, printer) for figure in sorted(shown, key=lambda one: rank.get(one.key, len(rank)))]


def tile(figure: Figure, printer: Printer) -> Tile:
    """One key figure as it is shown."""
    words, least = printer.words, printer.minimum
    title, main = words.say(f"figure.{figure.key}"), figure.key in FIRST
    rule = " ".join(filter(None, (printer.rule(figure.rule), _period(figure, printer))))
    section = OF_SECTION.get(figure.key.partition(".")[0], "")
    if figure.few or figure.value is None:
        n = words.number(figure.n or 0)
        under = words.say("ui.few_more", n=n, least=words.number(least)) if (figure.n or 0) < least else ""
        return Tile(figure.key, title, words.say("ui.few"), under, rule, few=True, main=main, section=section)
    sample = words.say("ui.n", n=words.number(figure.n)) if figure.n is not None else ""
    under = " · ".join(filter(None, (interval(figure, printer), sample)))
    return Tile(
        figure.key, title, _value(figure, printer), under, rule, main=main, section=section, bar=_bar(figure)
    )  # fmt: skip


def _period(figure: Figure, printer: Printer) -> str:
    """«1 января – 31 декабря 2018, n = 8 824.»"""
    n = printer.words.say("ui.n", n=printer.words.number(figure.n)) if figure.n is not None else ""
    told = ", ".join(filter(None, (printer.words.period(figure.since, figure.until), n)))
    return f"{told}." if told else ""


def _value(figure: Figure, printer: Printer) -> str:
    if figure.unit == "money" and isinstance(figure.value, int | float):
        return printer.words.money(figure.value, printer.currency, compact=True)
    return printer.value(figure.value, figure.unit, sign=figure.key.endswith("_change"))


def _bar(figure: Figure) -> tuple[float, float, float] | None:
    """Left end, width and point of the interval in percent: shares on 0–100, the rest on thrice the interval."""
    if figure.low is None or figure.high is None or not isinstance(figure.value, int | float):
        return None
    low, high = (0.0, 1.0) if figure.unit == "share" and figure.low >= 0 else _around(figure.low, figure.high)
    span = (high - low) or 1.0
    ends = (figure.low, figure.high, figure.value)
    left, right, point = (min(100.0, max(0.0, 100 * (end - low) / span)) for end in ends)
    return round(left, 1), round(max(1.0, right - left), 1), round(point, 1)


def _around(low: float, high: float) -> tuple[float, float]:
    return low - (high - low), high + (high - low)


def balances(study: Studied, printer: Printer) -> list[Balance]:
    """The proof of the sum, a table each."""
    sheet = study.sheets.get("quality.accounts")
    if sheet is None:
        return []
    by_table: dict[str, list[dict[str, object]]] = {}
    for row in sheet.records():
        by_table.setdefault(str(row["table"]), []).append(row)
    return [_balance(name, rows, printer) for name, rows in by_table.items()]


def _balance(name: str, rows: list[dict[str, object]], printer: Printer) -> Balance:
    words = printer.words
    count = {str(row["reason"]): int(str(row["rows"])) for row in rows}
    rows_in, used = count.pop("rows_in", 0), count.pop("rows_used", 0)
    aside, examples = sum(count.values()), {str(row["reason"]): str(row.get("examples") or "") for row in rows}
    told = {key: words.number(value) for key, value in (("rows_in", rows_in), ("rows_used", used), ("aside", aside))}
    gap = rows_in - used - aside
    verdict = words.say("quality.unbalanced", n=words.number(abs(gap))) if gap else words.say("quality.balanced")
    told_aside = [(reason, n) for reason, n in count.items() if n]
    reasons = [
        (words.name("reason", one), words.count("count.rows", n), printer.examples(examples[one]))
        for one, n in told_aside
    ]
    sentence = words.say("quality.balance", **told)
    return Balance(words.name("table", name), sentence, verdict, not gap, reasons, words.number(rows_in))


def findings(study: Studied, printer: Printer) -> Panel | None:
    """What was found in the data, with shares, examples and what was done."""
    sheet = study.sheets.get("quality.findings")
    return panel(sheet, printer) if sheet and sheet.rows else None


def impossible(study: Studied, printer: Printer) -> Table | None:
    """What cannot be computed from this source, with the missing column."""
    if not study.impossible:
        return None
    words = printer.words
    head = [Cell(words.say("column.what")), Cell(words.say("column.missing"))]
    lacking: dict[str, list[str]] = {}
    for what, column in study.impossible:
        lacking.setdefault(words.name("impossible", what), []).append(missing(column, printer))
    return Table(head, [[Cell(what), Cell(", ".join(columns))] for what, columns in lacking.items()])


def missing(column: str, printer: Printer) -> str:
    """A column that a source lacks: «срок готовности (promised_at)»."""
    whole = f"missing.{column}"
    key = whole if whole in printer.words else f"missing.{column.rpartition('.')[2]}"
    return f"{printer.words.say(key)} ({column})" if key in printer.words else column


def rules(study: Studied, printer: Printer) -> list[tuple[str, str]]:
    """Every rule the report stands on, once, with the names of what it decides."""
    told: dict[str, list[str]] = {}
    items: list[tuple[str, Figure | Sheet]] = [
        *((f"figure.{figure.key}", figure) for figure in study.figures.values()),
        *((f"sheet.{sheet.key}", sheet) for sheet in study.sheets.values()),
    ]
    for name, item in items:
        if name in printer.words and item.rule in printer.words:
            told.setdefault(printer.words.say(item.rule), []).append(printer.words.say(name))
    return [("; ".join(dict.fromkeys(names)), rule) for rule, names in told.items()]
