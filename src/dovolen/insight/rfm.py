"""RFM: grades by thresholds, and what is read out of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pyarrow as pa

from dovolen.insight.config import Config
from dovolen.insight.engines import Value
from dovolen.insight.facts import Views
from dovolen.insight.results import Sheet

EARLIEST = date(1, 1, 1)

GRADES = ("r_1", "r_2", "r_3", "r_4", "f_1", "f_2", "f_3", "f_4", "m_1", "m_2", "m_3", "m_4")


def grid_for(clients: int, config: Config) -> int:
    """Grades a direction: as set, else five from 1,000 served clients, three from 100, two below."""
    if config.grid != "auto":
        return int(config.grid)
    return 5 if clients >= 1000 else 3 if clients >= 100 else 2


def params(grid: int, asof: date, config: Config) -> Mapping[str, Value]:
    """What the RFM views are written with. A grid under five repeats the maximum as a cut that nobody exceeds."""
    cuts = [number / grid if number < grid else 1.0 for number in range(1, 5)]
    return {
        "grid": grid,
        "rfm_money": config.rfm_money,
        "rfm_since": since(asof, config),
        "third": 1 / 3,
        "two_thirds": 2 / 3,
        **{f"cut_{number}": cut for number, cut in enumerate(cuts, start=1)},
    }


def since(asof: date, config: Config) -> date:
    """The day before the window opens."""
    return asof - timedelta(days=config.rfm_window_days) if config.rfm_window_days else EARLIEST


def settle_thresholds(views: Views, grid: int, config: Config, unit: int) -> None:
    """Put other cuts in place of the quantiles where the settings ask for them. `unit` = minor units in one major."""
    if config.rfm_method == "steps":
        views.put("rfm_thresholds", _steps(views, grid))
    elif config.rfm_cut == "from_next":
        views.put("rfm_thresholds", _from_next(views, unit))


def _from_next(views: Views, unit: int) -> pa.Table:
    """Cuts of the R package rfm: value ≥ quantile + 1. A whole value reaches q + 1 when it exceeds q + 1 - 0.02."""
    [row] = views.fetch("SELECT * FROM rfm_thresholds").to_pylist()
    shift = {"m": unit}
    cuts = {name: value if value is None else value + shift.get(name[0], 1) - 0.02 for name, value in row.items()}
    return pa.Table.from_pylist([cuts])


def _steps(views: Views, grid: int) -> pa.Table:
    """Cuts at equal steps between the smallest and the largest value."""
    query = (
        "SELECT MIN(recency_days) AS r_low, MAX(recency_days) AS r_high, MIN(frequency) AS f_low, "
        "MAX(frequency) AS f_high, MIN(money) AS m_low, MAX(money) AS m_high FROM rfm_values"
    )
    [ends] = views.fetch(query).to_pylist()
    steps = {f"_{number}": number / grid if number < grid else 1.0 for number in range(1, 5)}
    steps |= {"_third": 1 / 3, "_two_thirds": 2 / 3}
    cuts = {
        direction + name: ends[f"{direction}_low"] + (ends[f"{direction}_high"] - ends[f"{direction}_low"]) * step
        if ends[f"{direction}_low"] is not None
        else None
        for direction in "rfm"
        for name, step in steps.items()
    }
    return pa.Table.from_pylist([cuts], schema=pa.schema([(name, pa.float64()) for name in cuts]))


def thresholds(views: Views, grid: int) -> Sheet:
    """The cuts between grades as they were used: days, orders, minor units."""
    rows = views.fetch("SELECT * FROM rfm_thresholds").to_pylist()
    cuts = [
        (name[0], int(name[-1]), row[name])
        for row in rows
        for name in GRADES
        if int(name[-1]) < grid and row[name] is not None
    ]
    return Sheet("rfm.thresholds", (("dimension", "word"), ("grade", "count"), ("above", "mixed")), cuts)
