"""RFM: grades by thresholds, and what is read out of them."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from dovolen.insight.config import Config, Cuts, Segment
from dovolen.insight.engines import Value
from dovolen.insight.facts import Views
from dovolen.insight.results import Sheet, sheet
from dovolen.insight.schema import SchemaError

EARLIEST = date(1900, 1, 1)

GRADES = ("r_1", "r_2", "r_3", "r_4", "f_1", "f_2", "f_3", "f_4", "m_1", "m_2", "m_3", "m_4")


def grid_for(clients: int) -> int:
    """Grades a direction: five from 1,000 served clients, three from 100, two below."""
    return 5 if clients >= 1000 else 3 if clients >= 100 else 2


def cuts(grid: int) -> dict[str, Value]:
    """Where the quantiles are taken. A grid under five does not ask for all of them."""
    shares = [number / grid if number < grid else 1.0 for number in range(1, 5)]
    thirds = {"third": 1 / 3, "two_thirds": 2 / 3}
    return {"grid": grid, **thirds, **{f"cut_{number}": share for number, share in enumerate(shares, start=1)}}


def since(asof: date, config: Config) -> date:
    """The day before the window opens."""
    return asof - timedelta(days=config.rfm_window_days) if config.rfm_window_days else EARLIEST


def settle_thresholds(views: Views, grid: int, config: Config, unit: int, known: pa.Table | None = None) -> None:
    """Put other cuts in place of the quantiles where the settings ask for them. `unit` = minor units in one major.

    `known`: cuts that an earlier study found; those that the settings give themselves stand before them.
    """
    if config.rfm_method == "fixed":
        general = Cuts("*", config.cuts_r, config.cuts_f, config.cuts_m)
        views.put("rfm_thresholds", pa.Table.from_pylist([_fixed(grid, general, unit)]))
        if config.category_cuts:
            views.use("rfm_measured", "rfm_measured_by_category")
            views.offer("rfm_category_cuts", lambda: _by_category(views, grid, config, general, unit))
    elif known is not None:
        views.put("rfm_thresholds", known)
    elif config.rfm_method == "steps":
        views.put("rfm_thresholds", _steps(views, grid))
    elif config.rfm_cut == "from_next":
        views.put("rfm_thresholds", _from_next(views, unit))


def _from_next(views: Views, unit: int) -> pa.Table:
    """Cuts of the R package rfm: value ≥ quantile + 1. A whole value reaches q + 1 when it exceeds q + 1 - 0.02."""
    row = views.row("SELECT * FROM rfm_quantiles")
    shift = {"m": unit}
    cuts = {name: value if value is None else value + shift.get(name[0], 1) - 0.02 for name, value in row.items()}
    return pa.Table.from_pylist([cuts])


def _by_category(views: Views, grid: int, config: Config, general: Cuts, unit: int) -> pa.Table:
    """A row of cuts for every category of the base: its own, or the general ones."""
    own = {cuts.category: cuts for cuts in config.category_cuts}
    known = [row[0] for row in views.rows("SELECT DISTINCT category FROM day_categories ORDER BY category")]
    rows = [{"category": name, **_fixed(grid, own.get(name, general), unit)} for name in known]
    columns = [("category", pa.string()), *((name, pa.float64()) for name in _fixed(grid, general, unit))]
    return pa.Table.from_pylist(rows, schema=pa.schema(columns))


def _fixed(grid: int, given: Cuts, unit: int) -> dict[str, float]:
    """Cuts as the settings give them: days, orders, major units of money. Thirds stand on the outer ones."""
    cuts: dict[str, float] = {}
    for direction, numbers, scale in (("r", given.r, 1), ("f", given.f, 1), ("m", given.m, unit)):
        if len(numbers) != grid - 1:
            raise SchemaError("error.fixed_cuts", {"grid": grid, "count": grid - 1, "name": f"cuts_{direction}"})
        scaled = [float(cut) * scale for cut in numbers]
        padded = [*scaled, *[scaled[-1]] * (5 - grid)]
        cuts |= {f"{direction}_{number}": cut for number, cut in enumerate(padded, start=1)}
        cuts |= {f"{direction}_third": scaled[0], f"{direction}_two_thirds": scaled[-1]}
    return cuts


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


def empty_grades(views: Views, grid: int) -> Sheet | None:
    """Grades that nobody has, each with the value that so many share that a cut cannot pass through it."""
    rows: list[tuple[Any, ...]] = []
    for dimension, grade, value in (
        ("r", "rfm_r", "recency_days"),
        ("f", "rfm_f", "frequency"),
        ("m", "rfm_m", "money"),
    ):
        found = {row[0] for row in views.rows(f"SELECT DISTINCT {grade} FROM rfm")}
        missing = [number for number in range(1, grid + 1) if number not in found]
        if not missing or not found:
            continue
        [(most, clients, total)] = views.rows(
            f"SELECT {value}, COUNT(*) AS clients, SUM(COUNT(*)) OVER () AS total FROM rfm GROUP BY {value} "
            f"ORDER BY clients DESC, {value} LIMIT 1"
        )
        rows += [(dimension, number, most, clients / total) for number in missing]
    columns = (("dimension", "word"), ("grade", "grade"), ("value", "mixed"), ("share", "share"))
    return sheet("rfm.empty_grades", columns, rows)


def cells(views: Views) -> Sheet | None:
    """Recency × frequency: clients and money of each cell."""
    rows = views.rows(
        "SELECT rfm_r, rfm_f, COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue FROM rfm "
        "GROUP BY rfm_r, rfm_f ORDER BY rfm_f DESC, rfm_r"
    )
    columns = (("r", "grade"), ("f", "grade"), *_MONEY)
    return sheet("rfm.cells", columns, rows, shares=_SHARES)


def segments(views: Views) -> Sheet | None:
    """The eleven named segments; none unless the grid is five."""
    rows = views.rows(
        "SELECT rfm_segment, COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue, "
        "CAST(SUM(frequency) AS BIGINT) AS orders, quantile_cont(recency_days, 0.5) AS median_recency "
        "FROM rfm WHERE rfm_segment IS NOT NULL GROUP BY rfm_segment ORDER BY clients DESC, rfm_segment"
    )
    columns = (("segment", "word"), *_MONEY, ("orders", "orders"), ("median_recency", "days"))
    return sheet("rfm.segments", columns, rows, shares=_SHARES, average=("revenue", "orders"))


def readings(views: Views) -> Sheet | None:
    """Recent, cooling, cold."""
    return _grouped(views, "rfm.reading", "reading", "reading")


def own_segments(views: Views, segments: tuple[Segment, ...]) -> Sheet | None:
    """Segments of the user's own: the cells he marked, under his name, with his tactic."""
    rows = []
    for segment in segments:
        marked = ", ".join(str(int(cell)) for cell in segment.cells)
        row = views.row(
            "SELECT COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue FROM rfm "
            f"WHERE rfm_r * 100 + rfm_f * 10 + rfm_m IN ({marked})"
        )
        rows.append((segment.name, " ".join(segment.cells), row["clients"], row["revenue"], segment.tactic))
    columns = (("name", "text"), ("cells", "text"), *_MONEY, ("tactic", "text"))
    return sheet("rfm.own_segments", columns, rows)


def picture27(views: Views, worth: str) -> Sheet | None:
    """The 27 segments on three grades, 3 = best, each in its group; `worth` = the column that stands for value."""
    rows = views.rows(
        "SELECT r.rfm27, r.group27, COUNT(*) AS clients, CAST(SUM(r.money) AS BIGINT) AS revenue, "
        f"CAST(SUM(f.{worth}) AS BIGINT) AS worth FROM rfm AS r "
        "JOIN customer_facts AS f ON f.customer_id = r.customer_id GROUP BY r.rfm27, r.group27 ORDER BY r.rfm27 DESC"
    )
    columns = (("code", "code27"), ("group", "word"), *_MONEY, ("value", "money"))
    return sheet("rfm.picture27", columns, rows, shares=(*_SHARES, "value"), note=f"value={worth}")


def codes(views: Views) -> Sheet | None:
    """Every code of three grades with its clients, best first."""
    rows = views.rows(
        "SELECT rfm_r * 100 + rfm_f * 10 + rfm_m AS code, COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue "
        "FROM rfm GROUP BY rfm_r * 100 + rfm_f * 10 + rfm_m ORDER BY code DESC"
    )
    return sheet("rfm.codes", (("code", "code"), *_MONEY), rows, shares=_SHARES)


def patterns(views: Views) -> Sheet | None:
    """Clients best in one direction only, or worst in one only."""
    return _grouped(
        views,
        "rfm.patterns",
        "pattern",
        "CASE "
        "WHEN rfm_r = $grid AND rfm_f < $grid AND rfm_m < $grid THEN 'best_r' "
        "WHEN rfm_f = $grid AND rfm_r < $grid AND rfm_m < $grid THEN 'best_f' "
        "WHEN rfm_m = $grid AND rfm_r < $grid AND rfm_f < $grid THEN 'best_m' "
        "WHEN rfm_r = 1 AND rfm_f > 1 AND rfm_m > 1 THEN 'worst_r' "
        "WHEN rfm_f = 1 AND rfm_r > 1 AND rfm_m > 1 THEN 'worst_f' "
        "WHEN rfm_m = 1 AND rfm_r > 1 AND rfm_f > 1 THEN 'worst_m' ELSE 'mixed' END",
    )


def two_way_map(views: Views) -> Sheet | None:
    """Days since the last visit × money (thirds of clients): clients and money of each cell."""
    days = (
        "CASE WHEN recency_days <= 90 THEN 'to_90' WHEN recency_days <= 180 THEN 'to_180' "
        "WHEN recency_days <= 365 THEN 'to_365' ELSE 'over_365' END"
    )
    rows = views.rows(
        f"SELECT {days} AS recency_band, CASE WHEN rfm27 - 10 * CAST(floor(rfm27 / 10.0) AS BIGINT) = 3 THEN 'high' "
        "WHEN rfm27 - 10 * CAST(floor(rfm27 / 10.0) AS BIGINT) = 2 THEN 'middle' ELSE 'low' END AS revenue_band, "
        "COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue FROM rfm GROUP BY 1, 2 "
        "ORDER BY MIN(recency_days), MIN(money) DESC"
    )
    return sheet("rfm.map", (("recency_band", "word"), ("revenue_band", "word"), *_MONEY), rows, shares=_SHARES)


def movement(views: Views) -> Sheet | None:
    """How clients moved along recency between the two days, by the later thresholds; null before = not yet a client."""
    rows = views.rows(
        "SELECT r_before, r_after, COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue FROM rfm_moves "
        "GROUP BY r_before, r_after ORDER BY r_before DESC NULLS LAST, r_after DESC"
    )
    return sheet("rfm.movement", (("r_before", "grade"), ("r_after", "grade"), *_MONEY), rows)


def segment_movement(views: Views) -> Sheet | None:
    """The same between named segments."""
    rows = views.rows(
        "SELECT segment_before, segment_after, COUNT(*) AS clients FROM rfm_moves WHERE segment_after IS NOT NULL "
        "GROUP BY segment_before, segment_after ORDER BY clients DESC, segment_before NULLS LAST, segment_after"
    )
    return sheet("rfm.segment_movement", (("before", "word"), ("after", "word"), ("clients", "clients")), rows)


def fallen(views: Views) -> Sheet | None:
    """Who falls out of the best along recency, most money first."""
    rows = views.rows(
        "SELECT m.customer_id, c.name, m.r_before, m.r_after, m.money, m.recency_days FROM rfm_moves AS m "
        "LEFT JOIN customers AS c ON c.customer_id = m.customer_id WHERE m.fell = 1 "
        "ORDER BY m.money DESC NULLS LAST, m.customer_id"
    )
    columns = (
        ("customer_id", "id"),
        ("name", "text"),
        ("before", "grade"),
        ("after", "grade"),
        ("revenue", "money"),
        ("recency_days", "days"),
    )
    return sheet("rfm.fallen", columns, rows, n=len(rows))


def _grouped(views: Views, key: str, name: str, expression: str) -> Sheet | None:
    rows = views.rows(
        f"SELECT {expression} AS {name}, COUNT(*) AS clients, CAST(SUM(money) AS BIGINT) AS revenue FROM rfm "
        f"GROUP BY 1 ORDER BY clients DESC, {name}"
    )
    return sheet(key, ((name, "word"), *_MONEY), rows, shares=_SHARES)


_MONEY = (("clients", "clients"), ("revenue", "money"))
_SHARES = ("clients", "revenue")
