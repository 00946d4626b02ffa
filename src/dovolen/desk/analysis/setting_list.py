"""Settings of the analysis as a page offers them: in groups, each with its kind and unit. Meanings stand in the words.

Names, defaults and what a value may be are those of `insight.config.Config`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files

from dovolen.insight.config import CARDS, CHOICES, Config

CHOICE, WHOLE, NUMBER, SHARE, NUMBERS, TEXT, LINES = "choice", "whole", "number", "share", "numbers", "text", "lines"
POINTS = "points_"
"""How the field of a fact's points begins."""
OWN_CARD = "evidence"
"""The scorecard whose points may be one's own."""

GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("classes", (
        "regular_orders", "regular_days", "regular_assets", "window_assets", "pickups_min", "pickup_hours",
        "fleet_assets", "fleet_orders",
    )),
    ("lifecycle", ("limit_floor_days", "limit_default_days", "warn_share", "alarm_share")),
    ("rfm", (
        "grid", "direction", "rfm_money", "rfm_window_days", "rfm_method", "rfm_cut", "cuts_r", "cuts_f", "cuts_m",
        "category_cuts", "segments", "value_share",
    )),
    ("satisfaction", (
        "scorecard", "offer_cut", "score_half_life_days", "rework_days", "complaint_days", "idle_days",
    )),
    ("risk", (
        "risk_warranty_days", "risk_repeat_days", "risk_over_share", "risk_warranty_orders", "risk_dear_share",
        "risk_promise_days", "risk_event_days", "ages",
    )),
    ("value", ("key_share", "key_lag", "hour_cost", "complaint_hours", "own_orders")),
    ("feedback", ("feedback_days", "survey_days", "campaign_weeks", "campaign_holdout", "renewal_days")),
    ("load", ("forecast_days", "pace_days", "stale_days", "holidays_country", "price_changes")),
    ("duplicates", ("same_automatic", "same_review")),
    ("page", ("minimum",)),
)  # fmt: skip
"""Every setting but the points of the scorecard, which stand with satisfaction."""

UNITS = {
    "offer_cut": "points", "same_automatic": "points", "same_review": "points", "pickups_min": "times",
    "minimum": "cases", "own_orders": "orders",
}  # fmt: skip
"""Units that the end of a name does not tell."""
_BY_END = ("days", "weeks", "hours", "orders", "assets")
_LINES = ("category_cuts", "segments", "price_changes", "ages")


@dataclass(frozen=True)
class Setting:
    """One setting: `kind` is how it is typed, `unit` a word of `analysis_settings.unit`, empty where there is none."""

    name: str
    kind: str
    unit: str
    choices: tuple[str, ...] = ()


@cache
def settings() -> dict[str, Setting]:
    """All of them by name."""
    usual = Config()
    kinds = {field.name: type(getattr(usual, field.name)) for field in fields(Config)}
    return {name: _setting(name, kinds[name]) for _, names in GROUPS for name in names}


def _setting(name: str, kind: type) -> Setting:
    choices = CARDS if name == "scorecard" else CHOICES.get(name, ())
    if choices:
        return Setting(name, CHOICE, "", tuple(choices))
    if kind is tuple:
        return Setting(name, LINES if name in _LINES else NUMBERS, "")
    if name.endswith("_share") or name in ("campaign_holdout", "key_lag"):
        return Setting(name, SHARE, "percent")
    end = name.rpartition("_")[2]
    unit = UNITS.get(name, end if end in _BY_END else "")
    return Setting(name, {int: WHOLE, float: NUMBER}.get(kind, TEXT), unit)


@dataclass(frozen=True)
class Step:
    """A fact of the scorecard: where its steps begin, and the points of each."""

    fact: str
    cuts: tuple[float, ...]
    points: tuple[float, ...]


@cache
def facts() -> tuple[Step, ...]:
    """Facts of the scorecard with the points they come with, read without the engine."""
    text = files("dovolen.insight").joinpath("scorecards", f"{OWN_CARD}.toml").read_text("utf-8")
    return tuple(Step(one["fact"], tuple(one["cuts"]), tuple(one["points"])) for one in tomllib.loads(text)["facts"])
