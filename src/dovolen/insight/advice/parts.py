"""What every piece of advice is made of: its weight, numbers told in words, intervals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from dovolen.insight.cells import Printer
from dovolen.insight.results import Figure, Studied
from dovolen.insight.words import NBSP

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


def number(study: Studied, key: str) -> float | None:
    """The value of a figure, where it has one."""
    figure = study.figures.get(key)
    return float(figure.value) if figure and isinstance(figure.value, int | float) else None


def plural(printer: Printer, key: str, n: int, noun: str, **values: str) -> str:
    """A sentence whose form goes with a number, the number and its noun put in place."""
    text = printer.words.plural(key, n)
    return text.format_map({noun: printer.words.count(f"count.{noun}", n)} | values)


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
