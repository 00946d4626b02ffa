"""Settings of a study: every threshold with its default, its unit and why. A TOML file may change any of them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import date
from math import isfinite
from pathlib import Path
from typing import Any, TypeGuard

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
class Age:
    """The age at which assets of a category are replaced: years from (included) and to (not included)."""

    category: str
    since: float
    until: float


@dataclass(frozen=True)
class PriceChange:
    """A change of the norm-hour's price for one kind of asset: from which day, which category or brand (or both)."""

    date: date
    category: str = ""
    brand: str = ""
    note: str = ""


@dataclass(frozen=True)
class FactPoints:
    """Points of one fact of the scorecard in place of the card's own: one a step, a penalty is negative."""

    fact: str
    points: tuple[float, ...]


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
    card_points: tuple[FactPoints, ...] = ()  # [[card_points]] fact, points = […]: in place of the card's own
    offer_cut: int = 49  # points; a client above it, on average and in his latest order, is eligible for offers
    score_half_life_days: int = 180  # an order that old weighs half in its client's mean
    rework_days: int = 90  # days after a repair in which the same fault of the same asset is a failure of that repair
    complaint_days: int = 180  # days after hand-in for which a complaint that names no order is about the latest one
    idle_days: int = 2  # days in one stage after which an order is idle
    # value
    hour_cost: float = (
        0.0  # major units an hour of staff; 0 = what a norm-hour of labour costs this centre by its lines
    )
    complaint_hours: float = 2.0  # hours of staff that one complaint takes
    key_share: float = 0.10  # top share of clients that are "key" by revenue, or by what is left of it
    key_lag: float = 0.30  # places lost from revenue to what is left, as a share of all, that make a key client false
    own_orders: int = 5  # average orders that his group's share of margin weighs beside a client's own
    # forecast
    forecast_days: int = 28  # days ahead; whole weeks
    holidays_country: str = "auto"  # ISO 3166, two letters: whose public holidays count; auto = by currency; "" = none
    pace_days: int = 90  # days over which the pace of technicians is measured
    stale_days: int = 180  # an order open longer is forgotten, not queued
    price_changes: tuple[PriceChange, ...] = ()  # [[price_changes]] date, category or brand, note
    # duplicates
    same_automatic: float = 40  # points from which two clients would be joined by machine (measured: decision 7)
    same_review: float = 28  # points from which a person is asked
    # experiments
    campaign_weeks: int = 8  # weeks after a message in which what a client does counts for the campaign
    campaign_holdout: float = 0.0  # share meant to be held out; 0 = not told, then only the sides' past is compared
    # feedback
    feedback_days: int = 365  # days whose answers make the figures of today and the slices by manager
    survey_days: int = 30  # days in which an answer still belongs to its question; later is silence
    # renewal
    renewal_days: int = 365  # days after which declined work is no longer offered again
    # risk
    risk_warranty_days: int = 90  # days before the end of a warranty from which it is a risk point
    risk_repeat_days: int = 180  # days for which a repeat repair is held against us
    risk_over_share: float = 0.05  # bill over the agreed estimate that is told; less is rounding
    risk_warranty_orders: int = 3  # warranty orders in 365 days that are frequent
    risk_dear_share: float = 0.10  # the dearest share of a category's paid orders of the year
    risk_promise_days: int = 1  # days before a promise from which an open order is at risk
    risk_event_days: int = 180  # days for which a valuation for trade-in says that he may sell
    ages: tuple[Age, ...] = (Age("car", 4, 5), Age("laptop", 4, 5), Age("phone", 3, 4), Age("tablet", 4, 5))
    # ^ [[ages]] category, since, until: years at which its owner thinks of another one


CHOICES = {
    "grid": ("auto", "5", "3", "2"),
    "direction": ("best5", "best1"),
    "rfm_money": ("revenue", "margin", "average"),
    "rfm_method": ("quantile", "steps", "fixed"),
    "rfm_cut": ("above", "from_next"),
}
"""What a setting of words may be."""


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


CARDS = ("evidence", "source", "calibrated")
"""Scorecards that are no files."""
_LEAST_DAY = {
    "score_half_life_days", "regular_days", "forecast_days", "pace_days", "campaign_weeks", "feedback_days",
    "survey_days",
}  # fmt: skip
"""Lengths of time that must not be 0."""
LONGEST_DAYS = 36_500


def from_values(values: Mapping[str, Any]) -> Config:
    """The settings of values that came from elsewhere – a form, a row of JSON –, laid over the defaults.

    Stricter than a file of one's own: no paths, shares up to 1, days as text. Raises: SchemaError naming the setting.
    """
    return replace(Config(), **{name: _checked(name, _admitted(name, value)) for name, value in values.items()})


def differing(config: Config) -> dict[str, Any]:
    """What differs from the defaults, as JSON holds it and `from_values` reads it."""
    usual = Config()
    changed = (field.name for field in fields(Config) if getattr(config, field.name) != getattr(usual, field.name))
    return {name: _plain(getattr(config, name)) for name in changed}


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in vars(value).items()}
    return value.isoformat() if isinstance(value, date) else value


def _admitted(name: str, value: Any) -> Any:
    """The value, if a stranger may give it."""
    if name == "scorecard" and value not in CARDS:
        raise SchemaError("error.setting_choice", {"name": name, "value": value, "choices": ", ".join(CARDS)})
    if name == "holidays_country" and not re.fullmatch("auto|[A-Z]{2}|", str(value)):
        raise SchemaError("error.setting_choice", {"name": name, "value": value, "choices": "auto, RU, DE, …"})
    if (name.endswith("_share") or name == "campaign_holdout") and _is_number(value) and value > 1:
        raise SchemaError("error.setting_share", {"name": name, "value": value})
    if name in _LEAST_DAY and value == 0:
        raise SchemaError("error.setting_whole", {"name": name, "value": value, "least": 1})
    if _is_number(value) and value > (LONGEST_DAYS if re.search("_days|_weeks", name) else 1e9):
        raise SchemaError("error.setting_too_large", {"name": name, "value": value})
    if name == "price_changes" and isinstance(value, list | tuple):
        return [_dated(one) for one in value]
    return list(value) if isinstance(value, tuple) else value


def _dated(change: Any) -> Any:
    """A change of price whose day came as text."""
    try:
        return {**change, "date": date.fromisoformat(change["date"])}
    except (TypeError, KeyError, ValueError):
        return change


def _checked(name: str, value: Any) -> Any:
    kinds = {field.name: type(getattr(Config(), field.name)) for field in fields(Config)}
    if name not in kinds:
        raise SchemaError("error.no_setting", {"name": name, "known": ", ".join(kinds)})
    if name == "segments":
        return _segments(value)
    if name == "category_cuts":
        return _category_cuts(value)
    if name == "card_points":
        return _card_points(value)
    if name == "price_changes":
        return _price_changes(value)
    if name == "ages":
        return _ages(value)
    if kinds[name] is tuple:
        return _rising(name, value)
    if name in CHOICES and str(value) not in CHOICES[name]:
        choices = ", ".join(CHOICES[name])
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


def _is_number(value: Any) -> TypeGuard[float]:
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


def _price_changes(value: Any) -> tuple[PriceChange, ...]:
    """Changes of price from their tables in TOML."""
    made = []
    for given in value if isinstance(value, list) else [value]:
        kind = [str(given.get(name, "")) for name in ("category", "brand", "note")] if isinstance(given, dict) else []
        day = given.get("date") if isinstance(given, dict) else None
        if not isinstance(day, date) or not any(kind[:2]):
            raise SchemaError("error.setting_price_changes")
        made.append(PriceChange(day, *kind))
    return tuple(made)


def _card_points(value: Any) -> tuple[FactPoints, ...]:
    """Own points of facts from their tables in TOML."""
    made = []
    for given in value if isinstance(value, list) else [value]:
        points = given.get("points") if isinstance(given, dict) and given.get("fact") else None
        if not isinstance(points, list) or not points or not all(_is_number(one) and abs(one) <= 99 for one in points):
            raise SchemaError("error.setting_card_points")
        made.append(FactPoints(str(given["fact"]), tuple(float(one) for one in points)))
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


def _ages(value: Any) -> tuple[Age, ...]:
    """Ages of replacement from their tables in TOML."""
    made = []
    for given in value if isinstance(value, list) else [value]:
        if not isinstance(given, dict) or not given.get("category"):
            raise SchemaError("error.setting_ages")
        since, until = given.get("since"), given.get("until")
        if not _is_number(since) or not _is_number(until) or not 0 <= since < until:
            raise SchemaError("error.setting_ages")
        made.append(Age(str(given["category"]), float(since), float(until)))
    return tuple(made)
