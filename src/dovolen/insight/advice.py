"""What a director should do, in sentences made from the study's figures: most urgent first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dovolen.insight.cells import Printer
from dovolen.insight.results import Figure, Studied
from dovolen.insight.words import NBSP

WARN, ALARM = 0.10, 0.20
IDLE_LIMIT = 0.07
ORDER = ("bad", "warn", "note", "good")
SHAPES = {"bad": "alert-octagon", "warn": "alert-triangle", "note": "info-circle", "good": "circle-check"}


@dataclass(frozen=True)
class Advice:
    """One sentence with its weight (`bad`, `warn`, `note`, `good`) and the section that proves it."""

    level: str
    text: str
    section: str

    @property
    def icon(self) -> str:
        """The shape that goes with the weight."""
        return SHAPES[self.level]


Source = Callable[[Studied, Printer], Iterator[Advice]]


def advise(study: Studied, printer: Printer) -> list[Advice]:
    """All that the figures allow to say."""
    found = [advice for source in SOURCES for advice in source(study, printer)]
    return sorted(found, key=lambda advice: ORDER.index(advice.level))


def _number(study: Studied, key: str) -> float | None:
    figure = study.figures.get(key)
    return float(figure.value) if figure and isinstance(figure.value, int | float) else None


def _plural(printer: Printer, key: str, n: int, noun: str, **values: str) -> str:
    """A sentence whose form goes with a number, the number and its noun put in place."""
    text = printer.words.plural(key, n)
    return text.format_map({noun: printer.words.count(f"count.{noun}", n)} | values)


def _base(study: Studied, printer: Printer) -> Iterator[Advice]:
    change, base = _number(study, "base.quarter_change"), _number(study, "base.in_base")
    if change is None or base is None:
        return
    words, level = printer.words, "bad" if change <= -ALARM else "warn" if change <= -WARN else "note"
    shrinks = level != "note"
    told = {
        "share": words.share(abs(change) if shrinks else change, sign=not shrinks),
        "base": words.count("count.clients_acc" if shrinks else "count.clients", int(base)),
    }
    name = {"bad": "base_alarm", "warn": "base_warn", "note": "base_steady"}[level]
    yield Advice(level, words.say(f"advice.{name}", **told), "cascade")


def _fallen(study: Studied, printer: Printer) -> Iterator[Advice]:
    fallen = int(_number(study, "rfm.fallen") or 0)
    if fallen:
        yield Advice("bad", _plural(printer, "advice.fallen", fallen, "clients"), "rfm")


def _alarm_code(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("rfm.codes")
    for row in sheet.records() if sheet else ():
        if printer.meaning(row["code"]) == "155" and row["clients"]:
            code = str(row["code"])
            yield Advice("bad", _plural(printer, "advice.code_alarm", row["clients"], "clients", code=code), "rfm")


def _sleeping(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("lifecycle.states")
    for row in sheet.records() if sheet else ():
        if row["state"] == "dormant" and row["clients"] and row.get("revenue"):
            money = printer.words.money(row["revenue"], printer.currency, compact=True)
            text = _plural(printer, "advice.sleeping", row["clients"], "clients", money=money)
            yield Advice("warn", text, "lifecycle")


def _picture(study: Studied, printer: Printer) -> Iterator[Advice]:
    idle, growth = (_number(study, f"picture27.{key}") for key in ("worst_sleeping_value_share", "growth_potential"))
    if idle is None:
        return
    words, share = printer.words, printer.words.share(idle)
    if idle <= IDLE_LIMIT:
        yield Advice("note", words.say("advice.serve", share=share), "rfm")
    elif growth:
        money = words.money(growth, printer.currency, compact=True)
        yield Advice("warn", words.say("advice.wake", share=share, money=money), "rfm")
    else:
        yield Advice("warn", words.say("advice.wake_plain", share=share), "rfm")


def _shares(study: Studied, printer: Printer) -> Iterator[Advice]:
    words = printer.words
    if (top := _number(study, "base.top20_revenue_share")) is not None:
        yield Advice("note", words.say("advice.concentration", share=words.share(top)), "figures")
    figure = study.figures.get("retention.one_year")
    if figure and isinstance(figure.value, float):
        yield Advice("note", _returned(figure, figure.value, printer), "cohorts")
    for key in ("promise.kept", "orders.promise_kept"):
        if (kept := _number(study, key)) is not None:
            yield Advice("note", words.say("advice.promise", share=words.share(kept)), "figures")


def _returned(figure: Figure, value: float, printer: Printer) -> str:
    words, share = printer.words, printer.words.share(value)
    if figure.low is None or figure.high is None:
        return words.say("advice.retention_plain", share=share)
    return words.say("advice.retention", share=share, interval=interval(figure, printer))


def interval(figure: Figure, printer: Printer) -> str:
    """«95 %: 63,6–69,1»; with signs «от −46 до +91»; empty without an interval."""
    if figure.low is None or figure.high is None:
        return ""
    words, signed = printer.words, figure.low < 0
    ends = [_bound(end, figure.unit, printer, signed=signed) for end in (figure.low, figure.high)]
    ends[0] = _without_unit(*ends)
    key = "ui.interval_signed" if signed else "ui.interval"
    return words.say(key, level=words.share(figure.level, 0), low=ends[0], high=ends[1])


def _without_unit(low: str, high: str) -> str:
    """The low end without the unit that both ends bear: «1,4–1,6 млн ₽»."""
    for gap, sign in enumerate(low):
        unit = low[gap:]
        if sign == NBSP and high.endswith(unit) and not any(one.isdigit() for one in unit):
            return low[:gap]
    return low


def _bound(end: float, unit: str, printer: Printer, *, signed: bool) -> str:
    if unit == "share":
        return printer.words.number(end * 100, 1, sign=signed)
    if unit == "money":
        return printer.words.money(end, printer.currency, compact=True)
    if unit == "hours":
        return printer.value(end, unit)
    return printer.words.number(end, 0 if abs(end) >= 100 else 1, sign=signed)


def _marks(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("classes.contradictions")
    if sheet and sheet.rows:
        n = len(sheet.rows) + sheet.cut
        yield Advice("note", _plural(printer, "advice.marks", n, "clients"), "classes")


def _aside(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("quality.accounts")
    aside = sum(row["rows"] for row in sheet.records() if not row["reason"].startswith("rows_")) if sheet else 0
    if aside:
        yield Advice("note", _plural(printer, "advice.aside", aside, "rows"), "quality")


SOURCES: tuple[Source, ...] = (_base, _fallen, _alarm_code, _sleeping, _picture, _shares, _marks, _aside)
"""Where advice comes from."""
