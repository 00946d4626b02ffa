"""Single figures of a base: its size, its money, who holds it, how it changed and what it may still give."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from dovolen.insight.config import Config
from dovolen.insight.facts import Views
from dovolen.insight.lifecycle import share_figure
from dovolen.insight.results import Figure

QUARTER = timedelta(days=91)


def orders_only(views: Views, since: date, until: date) -> list[Figure]:
    """What a base without clients still tells: orders and days."""
    row = views.row("SELECT COUNT(*) AS orders FROM order_facts")
    return [
        _count("base.orders", row["orders"], "orders"),
        Figure("base.first_date", since, "date", rule="rule.base.first_date"),
        Figure("base.last_date", until, "date", rule="rule.base.last_date"),
    ]


def base(views: Views, config: Config, since: date, until: date) -> list[Figure]:
    """Clients, visits, money and how unevenly it is held."""
    row = views.row(
        "SELECT COUNT(*) AS clients, COUNT(CASE WHEN n_orders > 0 THEN 1 END) AS served, "
        "CAST(SUM(n_orders) AS BIGINT) AS counted_orders, CAST(SUM(n_visits) AS BIGINT) AS visits, "
        "CAST(SUM(n_days) AS BIGINT) AS client_days, CAST(SUM(revenue) AS BIGINT) AS revenue, "
        "COUNT(CASE WHEN n_days > 1 THEN 1 END) AS repeaters, "
        "COUNT(CASE WHEN lifecycle IN ('new', 'returned', 'loyal', 'active') THEN 1 END) AS in_base, "
        "COUNT(CASE WHEN class = 'regular' THEN 1 END) AS regulars FROM customer_facts"
    )
    served = row["served"]
    return [
        *orders_only(views, since, until),
        _count("base.clients", row["clients"], "clients"),
        _count("base.served", served, "clients"),
        _count("base.never_served", row["clients"] - served, "clients"),
        _count("base.counted_orders", row["counted_orders"] or 0, "orders"),
        _count("base.visits", row["visits"] or 0, "visits"),
        _count("base.client_days", row["client_days"] or 0, "visits"),
        _count("base.in_base", row["in_base"], "clients"),
        Figure("base.revenue", row["revenue"], "money", n=row["counted_orders"], rule="rule.base.revenue"),
        _median_visit(views),
        share_figure("base.repeat_share", row["repeaters"], served, config.minimum),
        *_concentration(views),
        *_regulars(row["regulars"], row["counted_orders"] or 0, since, until),
    ]


def _median_visit(views: Views) -> Figure:
    row = views.row("SELECT quantile_cont(revenue, 0.5) AS median, COUNT(revenue) AS visits FROM visits")
    return Figure("base.median_visit", row["median"], "money", n=row["visits"], rule="rule.base.median_visit")


def _concentration(views: Views) -> list[Figure]:
    """Share of revenue that the top 1 % and 20 % of clients bring; a fact about this base, so without an interval."""
    row = views.row(
        "SELECT COUNT(*) AS clients, CAST(SUM(revenue) AS BIGINT) AS revenue, "
        "CAST(SUM(CASE WHEN place * 100 <= n_clients THEN revenue END) AS BIGINT) AS top1, "
        "CAST(SUM(CASE WHEN place * 100 <= n_clients * 20 THEN revenue END) AS BIGINT) AS top20 FROM revenue_ranks"
    )
    made = []
    for name, percent in (("top1", 1), ("top20", 20)):
        few = row["clients"] * percent < 100 * 5 or (row["revenue"] or 0) <= 0
        share = None if few else row[name] / row["revenue"]
        key = f"base.{name}_revenue_share"
        made.append(Figure(key, share, "share", n=row["clients"], few=few, rule=f"rule.{key}"))
    return [] if row["revenue"] is None else made


def _regulars(regulars: int, orders: int, since: date, until: date) -> list[Figure]:
    """The sanity line: regulars beside orders a week."""
    weeks = max(1.0, ((until - since).days + 1) / 7)
    return [
        Figure("sanity.orders_week", orders / weeks, "count", n=orders, rule="rule.sanity.orders_week"),
        _count("sanity.regulars", regulars, "clients"),
    ]


def movement(views: Views, config: Config, worth: str, since: date, until: date) -> list[Figure]:
    """Changes: the base against the quarter before, those fallen out of the best, what the sleeping may bring.

    `worth` is the column that stands for a client's value.
    """
    return [
        _quarter_change(views, config, until),
        *_best(views, since, until),
        *_picture(views, config, worth, since, until),
    ]


def _quarter_change(views: Views, config: Config, asof: date) -> Figure:
    """Relative change of the base against a quarter (91 days) ago."""
    before = asof - QUARTER
    key = "base.quarter_change"
    row = views.row(
        "SELECT CAST(SUM(CASE WHEN day = $asof THEN in_base ELSE 0 END) AS BIGINT) AS now, "
        "CAST(SUM(CASE WHEN day = $before THEN in_base ELSE 0 END) AS BIGINT) AS earlier FROM states",
        before=before,
    )
    now, earlier = row["now"] or 0, row["earlier"] or 0
    if earlier < config.minimum:
        return Figure(key, None, "share", n=earlier, few=True, rule=f"rule.{key}", since=before, until=asof)
    change = now / earlier - 1
    alarm = "alarm" if change <= -config.alarm_share else "warn" if change <= -config.warn_share else ""
    return Figure(key, change, "share", n=earlier, rule=f"rule.{key}", note=alarm, since=before, until=asof)


def _best(views: Views, since: date, until: date) -> list[Figure]:
    best = views.row("SELECT COUNT(*) AS n FROM rfm WHERE rfm_r = $grid AND rfm_f = $grid AND rfm_m = $grid")
    row = views.row("SELECT COUNT(*) AS fell, CAST(SUM(money) AS BIGINT) AS money FROM rfm_moves WHERE fell = 1")
    fell = Figure("rfm.fallen", row["fell"], "clients", rule="rule.rfm.fallen", since=since, until=until)
    money = replace(fell, key="rfm.fallen_revenue", value=row["money"] or 0, unit="money", n=row["fell"])
    return [_count("rfm.best_clients", best["n"], "clients"), fell, money]


def _picture(views: Views, config: Config, worth: str, since: date, until: date) -> list[Figure]:
    """The reading of the 27 segments: value held by worst and sleeping, and what waking the sleeping may bring."""
    row = views.row(
        f"SELECT CAST(SUM({worth}) AS BIGINT) AS worth, "
        f"CAST(SUM(CASE WHEN group27 IN ('worst', 'sleeping') THEN {worth} END) AS BIGINT) AS idle, "
        "COUNT(CASE WHEN group27 = 'sleeping' THEN 1 END) AS sleeping, "
        "CAST(SUM(CASE WHEN group27 = 'sleeping' THEN revenue END) AS BIGINT) AS sleeping_money, "
        "CAST(SUM(CASE WHEN group27 = 'sleeping' THEN n_orders END) AS BIGINT) AS sleeping_orders "
        "FROM customer_facts WHERE group27 IS NOT NULL"
    )
    if not row["worth"]:
        return []
    key = "picture27.worst_sleeping_value_share"
    share = Figure(key, (row["idle"] or 0) / row["worth"], "share", rule=f"rule.{key}")
    came = _return_rate(views, config, since, until)
    potential = "picture27.growth_potential"
    if came.few or not row["sleeping_orders"]:
        return [share, came, Figure(potential, None, "money", n=row["sleeping"], few=True, rule=f"rule.{potential}")]
    one = row["sleeping"] * row["sleeping_money"] / row["sleeping_orders"]
    low, high = ((came.low or 0) * one, (came.high or 0) * one)
    value = round((came.value if isinstance(came.value, float) else 0.0) * one)
    return [
        share,
        came,
        Figure(potential, value, "money", n=row["sleeping"], low=low, high=high, rule=f"rule.{potential}"),
    ]


def _return_rate(views: Views, config: Config, since: date, until: date) -> Figure:
    """Of those dormant or lost on the earlier day, the share back in the base on the later."""
    row = views.row(
        "SELECT COUNT(*) AS asleep, COUNT(CASE WHEN flow = 'returned' THEN 1 END) AS back FROM cascade "
        "WHERE state_before IN ('dormant', 'lost')"
    )
    return share_figure("base.return_rate", row["back"], row["asleep"], config.minimum, since=since, until=until)


def _count(key: str, value: int, unit: str) -> Figure:
    return Figure(key, value, unit, rule=f"rule.{key}")
