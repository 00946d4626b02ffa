"""Settings of a study: every threshold with its default, its unit and why. A TOML file may change any of them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from math import isfinite
from pathlib import Path
from typing import Any

from dovolen.insight.schema import SchemaError


@dataclass(frozen=True)
class Segment:
    """A segment of the user's own: cells of three grades (5 = best), a name and what to do."""

    name: str
    cells: tuple[str, ...]
    tactic: str = ""


@dataclass(frozen=True)
class Cuts:
    """Fixed cuts of one category of asset (`*` = all), from the smallest: days, orders, major units of money."""

    category: str
    r: tuple[float, ...]
    f: tuple[float, ...]
    m: tuple[float, ...]


@dataclass(frozen=True)
class Config:
    """Defaults are PRODUCT's and DEFINITIONS'; a report prints the ones it used."""

    grid: str = "auto"  # auto, 5, 3, 2: grades a direction; auto by the number of served clients
    direction: str = "best5"  # best5: the highest grade is best; best1 changes labels only
    rfm_money: str = "revenue"  # revenue, margin, average
    rfm_window_days: int = 0  # 0 = all history
    rfm_method: str = "quantile"  # quantile, steps (equal steps between extremes), fixed (the cuts below)
    cuts_r: tuple[float, ...] = ()  # days, for rfm_method = fixed: one fewer than grades, from the smallest
    cuts_f: tuple[float, ...] = ()  # orders
    cuts_m: tuple[float, ...] = ()  # money in major units
    rfm_cut: str = "above"  # above: value > quantile; from_next: value ≥ quantile + 1 unit (the R package rfm)
    minimum: int = 20  # cases under which a share, an effect or a slice is withheld
    window_assets: int = 24  # assets in the best 8 weeks of an intermediary: 3 a week
    pickups_min: int = 5  # pickups before their speed is trusted
    pickup_hours: float = 2.0  # median hours from told to picked up of an intermediary
    regular_orders: int = 6  # counted orders in `regular_days` that make a regular
    regular_days: int = 91
    regular_assets: int = 4  # distinct assets ever that make a regular
    fleet_assets: int = 10  # assets of a company that make a fleet
    fleet_orders: int = 24  # orders a year of a company that make a fleet
    limit_floor_days: int = 60  # nobody is dormant sooner
    limit_default_days: int = 180  # when no rhythm is known
    warn_share: float = 0.10  # loss of the base in a quarter that warns the director
    alarm_share: float = 0.20
    category_cuts: tuple[Cuts, ...] = ()  # [[category_cuts]] category = "laptop", r = […], f = […], m = […]
    segments: tuple[Segment, ...] = ()  # the user's own: [[segments]] name, cells = ["555", "554"], tactic
    value_share: float = 0.07  # worst and sleeping share of value up to which "serve the normal, attract new"
    # satisfaction
    scorecard: str = "evidence"  # evidence, source, calibrated, or the path of a card's TOML
    offer_cut: int = 49  # points; a client above it, on average and in his latest order, is eligible for offers
    score_half_life_days: int = 180  # an order that old weighs half in its client's mean
    rework_days: int = 90  # days after a repair in which the same fault of the same asset is a failure of that repair
    complaint_days: int = 180  # days after hand-in for which a complaint that names no order is about the latest one
    idle_days: int = 2  # days in one stage after which an order is idle
    # duplicates
    same_automatic: float = 40  # points from which two clients would be joined by machine (measured: decision 7)
    same_review: float = 28  # points from which a person is asked


_CHOICES = {
    "grid": ("auto", "5", "3", "2"),
    "direction": ("best5", "best1"),
    "rfm_money": ("revenue", "margin", "average"),
    "rfm_method": ("quantile", "steps", "fixed"),
    "rfm_cut": ("above", "from_next"),
}


def load(path: Path | None, **given: Any) -> Config:
    """The settings of a TOML file (or the defaults), with `given` laid over them; None means not given.

    Raises: SchemaError naming the setting that is unknown or has a value it cannot have.
    """
    values: dict[str, Any] = {}
    if path is not None:
        try:
            values = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SchemaError("error.bad_settings", {"source": path, "reason": error}) from error
    values |= {name: value for name, value in given.items() if value is not None}
    return replace(Config(), **{name: _checked(name, value) for name, value in values.items()})


def _checked(name: str, value: Any) -> Any:
    kinds = {field.name: type(getattr(Config(), field.name)) for field in fields(Config)}
    if name not in kinds:
        raise SchemaError("error.no_setting", {"name": name, "known": ", ".join(kinds)})
    if name == "segments":
        return _segments(value)
    if name == "category_cuts":
        return _category_cuts(value)
    if kinds[name] is tuple:
        return _rising(name, value)
    if name in _CHOICES and str(value) not in _CHOICES[name]:
        choices = ", ".join(_CHOICES[name])
        raise SchemaError("error.setting_choice", {"name": name, "value": value, "choices": choices})
    if kinds[name] in (int, float):
        return _number(name, value, kinds[name])
    return str(value)


def _number(name: str, value: Any, kind: type[int] | type[float]) -> float:
    least = 1 if name == "minimum" else 0  # a share of nothing is no share
    if not _is_number(value) or value < least or kind(value) != value:
        key = "error.setting_whole" if kind is int else "error.setting_number"
        raise SchemaError(key, {"name": name, "value": value, "least": least})
    return kind(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and isfinite(value)


def _rising(name: str, value: Any) -> tuple[float, ...]:
    """Cuts from the smallest up."""
    numbers = isinstance(value, list | tuple) and all(map(_is_number, value))
    if not numbers or sorted(set(value)) != list(value):
        raise SchemaError("error.setting_cuts", {"name": name, "value": value})
    return tuple(value)


def _segments(value: Any) -> tuple[Segment, ...]:
    """Own segments from their tables in TOML."""
    made = []
    for given in value if isinstance(value, list) else [value]:
        cells = given.get("cells") if isinstance(given, dict) else None
        if not isinstance(cells, list) or not cells or not given.get("name"):
            raise SchemaError("error.setting_segments")
        if not all(re.fullmatch("[1-5]{3}", str(cell)) for cell in cells):
            raise SchemaError("error.setting_segments")
        cells = tuple(str(cell) for cell in cells)
        made.append(Segment(str(given["name"]), cells, str(given.get("tactic", ""))))
    return tuple(made)


def _category_cuts(value: Any) -> tuple[Cuts, ...]:
    """Cuts by category from their tables in TOML."""
    made = []
    for given in value if isinstance(value, list) else [value]:
        if not isinstance(given, dict) or not given.get("category") or not {"r", "f", "m"} <= given.keys():
            raise SchemaError("error.setting_category_cuts")
        r, f, m = (_rising(f"category_cuts.{name}", given[name]) for name in ("r", "f", "m"))
        made.append(Cuts(str(given["category"]), r, f, m))
    return tuple(made)
