"""Advice from who the clients are: base, best, sleeping, marks, promises."""

from __future__ import annotations

from collections.abc import Iterator

from dovolen.insight.advice.parts import Advice, Source, interval, number, plural
from dovolen.insight.cells import Printer
from dovolen.insight.results import Figure, Studied

WARN, ALARM = 0.10, 0.20
IDLE_LIMIT = 0.07


def _base(study: Studied, printer: Printer) -> Iterator[Advice]:
    change, base = number(study, "base.quarter_change"), number(study, "base.in_base")
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
    fallen = int(number(study, "rfm.fallen") or 0)
    if fallen:
        yield Advice("bad", plural(printer, "advice.fallen", fallen, "clients"), "rfm")


def _alarm_code(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("rfm.codes")
    for row in sheet.records() if sheet else ():
        if printer.meaning(row["code"]) == "155" and row["clients"]:
            code = str(row["code"])
            yield Advice("bad", plural(printer, "advice.code_alarm", row["clients"], "clients", code=code), "rfm")


def _sleeping(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("lifecycle.states")
    for row in sheet.records() if sheet else ():
        if row["state"] == "dormant" and row["clients"] and row.get("revenue"):
            money = printer.words.money(row["revenue"], printer.currency, compact=True)
            text = plural(printer, "advice.sleeping", row["clients"], "clients", money=money)
            yield Advice("warn", text, "lifecycle")


def _picture(study: Studied, printer: Printer) -> Iterator[Advice]:
    idle, growth = (number(study, f"picture27.{key}") for key in ("worst_sleeping_value_share", "growth_potential"))
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
    if (top := number(study, "base.top20_revenue_share")) is not None:
        yield Advice("note", words.say("advice.concentration", share=words.share(top)), "figures")
    figure = study.figures.get("retention.one_year")
    if figure and isinstance(figure.value, float):
        yield Advice("note", _returned(figure, figure.value, printer), "cohorts")
    for key in ("promise.kept", "orders.promise_kept"):
        if (kept := number(study, key)) is not None:
            yield Advice("note", words.say("advice.promise", share=words.share(kept)), "figures")


def _returned(figure: Figure, value: float, printer: Printer) -> str:
    words, share = printer.words, printer.words.share(value)
    if figure.low is None or figure.high is None:
        return words.say("advice.retention_plain", share=share)
    return words.say("advice.retention", share=share, interval=interval(figure, printer))


def _marks(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("classes.contradictions")
    if sheet and sheet.rows:
        n = len(sheet.rows) + sheet.cut
        yield Advice("note", plural(printer, "advice.marks", n, "clients"), "classes")


def _aside(study: Studied, printer: Printer) -> Iterator[Advice]:
    sheet = study.sheets.get("quality.accounts")
    aside = sum(row["rows"] for row in sheet.records() if not row["reason"].startswith("rows_")) if sheet else 0
    if aside:
        yield Advice("note", plural(printer, "advice.aside", aside, "rows"), "quality")


SOURCES: tuple[Source, ...] = (_base, _fallen, _alarm_code, _sleeping, _picture, _shares, _marks, _aside)
"""Where this advice comes from."""
