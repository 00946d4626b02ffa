"""Tickets of a service desk, read by our own mapping: agreed time kept, handing on, opening anew, weeks, time taken.

The agreed deadline is not in the data, only whether it was kept. The mapping reads that flag as the kind of a ticket, so
that it can be counted by a metric of its own (below), sliced and given an interval like any other.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from dovolen.insight import mapping
from dovolen.insight.metrics import METRICS, Metric, measure
from dovolen.insight.sources import open_tables
from dovolen.insight.study import Study, study
from tests.conftest import ROOT

KEPT = Metric("kept", "share", "higher", "SUM(CASE WHEN kind = 'kept' THEN 1 ELSE 0 END)", "COUNT(kind)")


@pytest.fixture(scope="module")
def tickets(shared: Path) -> Study:
    told = mapping.load(str(ROOT / "examples" / "it_tickets.toml"))
    return study(open_tables(shared / "it_incidents" / "incidents.parquet", told), date(2016, 4, 10))


def test_the_agreed_time_was_kept_in_48_of_100_tickets(tickets):
    [(_, cell)] = measure(tickets.views, (KEPT,), minimum=20)

    assert cell["kept"].n == 11_774
    assert round(cell["kept"].value, 3) == 0.483
    assert cell["kept"].low < 0.483 < cell["kept"].high


def test_every_handing_on_costs_kept_promises(tickets):
    cells = measure(tickets.views, (KEPT,), ("channel",), minimum=1)

    by = {int(channel): (cell["kept"].value * cell["kept"].n, cell["kept"].n) for (channel,), cell in cells}
    more = [sum(part) for part in zip(*(pair for times, pair in by.items() if times >= 3), strict=True)]
    shares = [kept / n for kept, n in (*(by[times] for times in range(3)), more)]
    assert [round(100 * share, 1) for share in shares] == [64.7, 43.0, 32.1, 17.6]


def test_one_ticket_in_eighty_is_opened_anew(tickets):
    row = tickets.views.row("SELECT COUNT(*) AS n, SUM(CASE WHEN advisor <> '0' THEN 1 ELSE 0 END) AS anew FROM orders")

    assert round(100 * row["anew"] / row["n"], 1) == 1.3


def test_the_second_week_was_a_disaster_and_then_it_mended(tickets):
    rows = tickets.views.rows(
        f"SELECT CAST(date_trunc('week', accepted_date) AS DATE) AS week, {KEPT.numerator}, {KEPT.denominator} "
        "FROM order_facts GROUP BY 1 ORDER BY 1"
    )

    assert rows[0][0] == date(2016, 2, 29)
    assert [round(100 * kept / n) for _, kept, n in rows] == [44, 4, 34, 61, 72, 76]


def test_half_the_tickets_are_resolved_in_51_hours(tickets):
    hours = np.array(
        [row[0] for row in tickets.views.rows("SELECT turnaround_hours FROM order_facts") if row[0] is not None]
    )
    [(_, cell)] = measure(tickets.views, (METRICS["turnaround"],), minimum=20)

    assert [round(float(np.quantile(hours, share)), 1) for share in (0.5, 0.9)] == [50.9, pytest.approx(476, abs=0.5)]
    assert cell["turnaround"].n == len(hours)
    assert cell["turnaround"].value == pytest.approx(hours.mean())
