"""The settings and days of a study as the parameters that its views ask for."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dovolen.insight import rfm
from dovolen.insight.config import Config
from dovolen.insight.engines import Value


def parameters(config: Config, asof: date, compare: date, zone: str) -> dict[str, Value]:
    """Every `$name` of the views but those that are settled of the rows themselves."""
    return {
        "asof": asof,
        "compare": compare,
        "rfm_money": config.rfm_money,
        "rfm_since": rfm.since(asof, config),
        "window_assets": config.window_assets,
        "pickups_min": config.pickups_min,
        "pickup_seconds": int(config.pickup_hours * 3600),
        "regular_orders": config.regular_orders,
        "regular_days": config.regular_days,
        "regular_assets": config.regular_assets,
        "fleet_assets": config.fleet_assets,
        "fleet_orders": config.fleet_orders,
        "limit_floor": config.limit_floor_days,
        "limit_default": config.limit_default_days,
        "pace_days": config.pace_days,
        "stale_days": config.stale_days,
        "asof_until": _midnight_after(asof, zone),
        "rework_days": config.rework_days,
        "complaint_days": config.complaint_days,
        "idle_days": config.idle_days,
        "zone": zone,
        "minimum": config.minimum,
        "campaign_days": 7 * config.campaign_weeks,
        "survey_days": config.survey_days,
        "renewal_days": config.renewal_days,
        "risk_warranty_days": config.risk_warranty_days,
        "risk_repeat_days": config.risk_repeat_days,
        "risk_low_score": config.offer_cut,
        "risk_score_settles": config.rework_days,
        "risk_over": config.risk_over_share,
        "risk_warranty_orders": config.risk_warranty_orders,
        "risk_dear": round(1 - config.risk_dear_share, 9),
        "risk_promise_days": config.risk_promise_days,
        "risk_event_days": config.risk_event_days,
    }


def _midnight_after(day: date, zone: str) -> float:
    """The end of a day in a zone, in seconds since 1970 UTC."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone)).timestamp()
