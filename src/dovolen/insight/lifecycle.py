"""Life cycle: states, how the base changed, cohorts, retention, frequency of visits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from dovolen.insight.facts import Views
from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.stats import intervals

STATES = ("new", "returned", "loyal", "active", "dormant", "lost", "blocked")
IN_BASE = STATES[:4]
LEAVING = ("dormant", "lost", "blocked")
STEPS = ("opening", "new", "returned", *LEAVING, "closing")
QUARTERS = 8
_BANDS = ("18_up", "6_17", "2_5", "1")
_ROLES = ("base", "additional", "cheapest")


def quarter_ends(earliest: date, asof: date) -> list[date]:
    """Up to eight days for a client's code: quarter ends after his base began, the last one always `asof`."""
    days = [asof]
    day = _quarter_start(asof) - timedelta(days=1)
    while day >= earliest and len(days) < QUARTERS:
        days.append(day)
        day = _quarter_start(day) - timedelta(days=1)
    return days[::-1]


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def days(asked: list[date]) -> pa.Table:
    """Days as the views read them."""
    return pa.table({"day": pa.array(asked, pa.date32())})


def places(days: list[date]) -> pa.Table:
    """Quarter ends with their places in a client's code, the last one at its end."""
    numbers = pa.array(range(QUARTERS - len(days) + 1, QUARTERS + 1), pa.int64())
    return pa.table({"day": pa.array(days, pa.date32()), "place": numbers})


def states(views: Views) -> Sheet | None:
    """Clients and revenue by state, blocked and lost included."""
    rows = views.rows(
        "SELECT lifecycle, COUNT(*) AS clients, CAST(SUM(revenue) AS BIGINT) AS revenue, "
        "AVG(CAST(recency_days AS DOUBLE)) AS average_recency FROM customer_facts WHERE lifecycle IS NOT NULL "
        "GROUP BY lifecycle"
    )
    rows.sort(key=lambda row: STATES.index(row[0]))
    columns = (("state", "word"), ("clients", "clients"), ("revenue", "money"), ("average_recency", "days"))
    return sheet("lifecycle.states", columns, rows, shares=("clients", "revenue"))


def by_segment(views: Views) -> Sheet | None:
    """Life cycle laid over RFM: state × named segment (× grade of recency where segments have no names)."""
    rows = views.rows(
        "SELECT lifecycle, rfm_segment, rfm_r, COUNT(*) AS clients, CAST(SUM(revenue) AS BIGINT) AS revenue "
        "FROM customer_facts WHERE lifecycle IS NOT NULL AND rfm_r IS NOT NULL "
        "GROUP BY lifecycle, rfm_segment, rfm_r ORDER BY clients DESC, lifecycle, rfm_segment NULLS LAST, rfm_r"
    )
    columns = (
        ("state", "word"),
        ("segment", "word"),
        ("r", "grade"),
        ("clients", "clients"),
        ("revenue", "money"),
    )
    return sheet("lifecycle.by_rfm", columns, rows)


def flows(views: Views) -> dict[str, int]:
    """Steps of the cascade by name; opening + new + returned − dormant − lost − blocked = closing."""
    count = dict(views.rows("SELECT flow, COUNT(*) AS clients FROM cascade GROUP BY flow"))
    left = sum(count.get(state, 0) for state in LEAVING)
    opening = count.get("stayed", 0) + left
    steps = {step: count.get(step, 0) for step in STEPS}
    steps |= {"opening": opening, "passed": count.get("passed", 0)}
    steps["closing"] = opening + steps["new"] + steps["returned"] - left
    return steps


def cascade_steps(steps: dict[str, int], since: date, until: date) -> Sheet | None:
    """The cascade as a sheet, with those who came and went between the days told apart."""
    rows = [(step, steps[step]) for step in (*STEPS, "passed")]
    found = sheet("cascade.steps", (("step", "word"), ("clients", "clients")), rows)
    return found and Sheet(found.key, found.columns, found.rows, rule=found.rule, since=since, until=until)


def cascade_names(views: Views) -> Sheet | None:
    """Who stands behind each moving bar, most revenue first."""
    rows = views.rows(
        "SELECT s.flow, s.customer_id, f.name, s.state_before, s.state_after, f.revenue, f.last_at FROM cascade AS s "
        "JOIN customer_facts AS f ON f.customer_id = s.customer_id WHERE s.flow NOT IN ('stayed', 'outside') "
        "ORDER BY s.flow, f.revenue DESC NULLS LAST, s.customer_id"
    )
    columns = (
        ("step", "word"),
        ("customer_id", "id"),
        ("name", "text"),
        ("state_before", "word"),
        ("state_after", "word"),
        ("revenue", "money"),
        ("last_at", "date"),
    )
    return sheet("cascade.names", columns, rows, n=len(rows))


def share_figure(key: str, part: int, whole: int, minimum: int, **more: Any) -> Figure:
    """A share with its Wilson interval, or the words "too few" under the minimum sample."""
    if whole < minimum:
        return Figure(key, None, "share", n=whole, few=True, rule=f"rule.{key}", **more)
    low, high = intervals.wilson(part, whole)
    return Figure(key, part / whole, "share", n=whole, low=low, high=high, rule=f"rule.{key}", **more)


def retention(views: Views, asof: date, minimum: int) -> Figure:
    """One-year retention: of clients with a visit in (asof − 730, asof − 365], those with one in the year after."""
    row = views.row("SELECT visitors, kept FROM retention")
    period = {"since": asof - timedelta(days=729), "until": asof}
    return share_figure("retention.one_year", row["kept"] or 0, row["visitors"] or 0, minimum, **period)


def sold_assets(views: Views, asof: date, minimum: int) -> Figure:
    """The other reading of retention: of assets sold in (asof − 730, asof − 365], those serviced within a year."""
    row = views.row("SELECT sold, serviced FROM sold_assets")
    period = {"since": asof - timedelta(days=729), "until": asof}
    return share_figure("retention.sold_assets", row["serviced"] or 0, row["sold"] or 0, minimum, **period)


def churn(steps: dict[str, int], since: date, until: date, minimum: int) -> Figure:
    """Of the base on the first day, the share dormant, lost or blocked on the second."""
    gone = sum(steps[state] for state in LEAVING)
    return share_figure("churn.rate", gone, steps["opening"], minimum, since=since, until=until)


def cohorts(views: Views, asof: date, earliest: date) -> Sheet | None:
    """Shares of each cohort that came in each later period, with Wilson intervals; months, quarters and years."""
    found = views.rows("SELECT grain, cohort, age, active FROM cohorts ORDER BY grain, cohort, age")
    active = {(grain, cohort, age): count for grain, cohort, age, count in found}
    rows = []
    for grain, cohort in sorted({(grain, cohort) for grain, cohort, _ in active}):
        size = active[grain, cohort, 0]
        for age in range(period_of(asof, grain) - cohort + 1):
            came = active.get((grain, cohort, age), 0)
            rows.append(
                (grain, period_name(grain, cohort), age, size, came, came / size, *intervals.wilson(came, size))
            )
    columns = (
        ("grain", "word"),
        ("cohort", "text"),
        ("period", "count"),
        ("clients", "clients"),
        ("active", "clients"),
        ("share", "share"),
        ("low", "share"),
        ("high", "share"),
    )
    made = sheet("cohorts", columns, rows)
    return made and Sheet(made.key, made.columns, made.rows, rule=made.rule, since=earliest, until=asof, cut=made.cut)


def period_of(day: date, grain: str) -> int:
    """The running number of the period a day falls in, as `client_periods` counts them."""
    return {
        "month": day.year * 12 + day.month - 1,
        "quarter": day.year * 4 + (day.month - 1) // 3,
        "year": day.year,
    }[grain]


def period_name(grain: str, period: int) -> str:
    """2017-03, 2017-Q1 or 2017."""
    if grain == "year":
        return str(period)
    year, number = divmod(period, 12 if grain == "month" else 4)
    return f"{year}-{number + 1:02d}" if grain == "month" else f"{year}-Q{number + 1}"


def frequency(views: Views) -> Sheet | None:
    """Visit frequency × average order over the last 365 days."""
    found = views.rows("SELECT band, clients, visits, orders, revenue FROM frequency_bands")
    rows = [
        (
            band,
            clients,
            visits,
            revenue,
            revenue / orders if revenue is not None and orders else None,
            visits / clients,
            revenue / clients if revenue is not None else None,
        )
        for band, clients, visits, orders, revenue in sorted(found, key=lambda row: _BANDS.index(row[0]))
    ]
    columns = (
        ("band", "word"),
        ("clients", "clients"),
        ("visits", "visits"),
        ("revenue", "money"),
        ("average_order", "money"),
        ("visits_a_year", "ratio"),
        ("revenue_a_year", "money"),
    )
    return sheet("frequency.bands", columns, rows, shares=("clients", "revenue"))


def services(views: Views) -> Sheet | None:
    """What each band of visit frequency buys: the cheapest, the base or additional services, as shares of its money."""
    found = views.rows("SELECT band, role, n_lines, amount FROM band_services")
    total: dict[str, int] = {}
    for band, _, _, amount in found:
        total[band] = total.get(band, 0) + amount
    rows = [(*row, row[3] / total[row[0]] if total[row[0]] else None) for row in found]
    rows.sort(key=lambda row: (_BANDS.index(row[0]), _ROLES.index(row[1])))
    columns = (("band", "word"), ("role", "word"), ("lines", "count"), ("amount", "money"), ("share", "share"))
    return sheet("frequency.services", columns, rows)


def codes(views: Views) -> Sheet | None:
    """Clients grouped by the word of their life, one letter a quarter."""
    rows = views.rows(
        "SELECT k.code, COUNT(*) AS clients, CAST(SUM(f.revenue) AS BIGINT) AS revenue FROM client_codes AS k "
        "JOIN customer_facts AS f ON f.customer_id = k.customer_id GROUP BY k.code ORDER BY clients DESC, k.code"
    )
    columns = (("code", "life"), ("clients", "clients"), ("revenue", "money"))
    return sheet("dna.codes", columns, rows, shares=("clients",))


def codes_by_segment(views: Views) -> Sheet | None:
    """Code × RFM segment (grade of recency where segments have no names)."""
    rows = views.rows(
        "SELECT k.code, f.rfm_segment, f.rfm_r, COUNT(*) AS clients FROM client_codes AS k "
        "JOIN customer_facts AS f ON f.customer_id = k.customer_id WHERE f.rfm_r IS NOT NULL "
        "GROUP BY k.code, f.rfm_segment, f.rfm_r ORDER BY clients DESC, k.code, f.rfm_segment NULLS LAST, f.rfm_r"
    )
    columns = (("code", "life"), ("segment", "word"), ("r", "grade"), ("clients", "clients"))
    return sheet("dna.by_rfm", columns, rows)


def months(views: Views) -> Sheet | None:
    """Orders, visits, clients and revenue by month."""
    rows = views.rows(
        "SELECT CAST(date_trunc('month', visit_date) AS DATE) AS month, CAST(SUM(n_orders) AS BIGINT) AS orders, "
        "CAST(SUM(n_visits) AS BIGINT) AS visits, COUNT(DISTINCT customer_id) AS clients, "
        "CAST(SUM(revenue) AS BIGINT) AS revenue FROM client_days "
        "GROUP BY CAST(date_trunc('month', visit_date) AS DATE) ORDER BY month"
    )
    columns = (
        ("month", "month"),
        ("orders", "orders"),
        ("visits", "visits"),
        ("clients", "clients"),
        ("revenue", "money"),
    )
    return sheet("months", columns, rows)
