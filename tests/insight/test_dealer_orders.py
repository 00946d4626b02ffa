"""Service orders of an equipment dealer: job lines grouped into orders, money with its sign at the end, one machine again
and again.

The set has two files, jobs and parts; a mapping reads one table a file, so that they are first laid side by side by their
key, as the dealer's own print would be.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path
from statistics import mean, median
from typing import Any

import pyarrow.parquet as pq
import pytest

from dovolen.insight import mapping
from dovolen.insight.sources import open_tables
from dovolen.insight.study import Study, study
from tests.conftest import ROOT


@pytest.fixture(scope="module")
def raw(shared: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    folder = shared / "dealer_service_orders"
    jobs, parts = (
        pq.read_table(folder / f"{name}.parquet").to_pylist() for name in ("work_order_segments", "parts_and_labour")
    )
    return jobs, parts


@pytest.fixture(scope="module")
def dealer(raw: tuple[list[dict[str, Any]], list[dict[str, Any]]], tmp_path_factory: pytest.TempPathFactory) -> Study:
    jobs, parts = raw
    by_job = defaultdict(list)
    for part in parts:
        by_job[part["primary_key"]].append(part)
    rows = [part | job for job in jobs for part in by_job.get(job["primary_key"], [dict.fromkeys(parts[0])])]
    file = tmp_path_factory.mktemp("dealer") / "orders.csv"
    with file.open("w", newline="", encoding="utf-8") as out:
        written = csv.DictWriter(out, list(rows[0]))
        written.writeheader()
        written.writerows(rows)
    return study(open_tables(file, mapping.load(str(ROOT / "examples" / "dealer_orders.toml"))))


def test_jobs_become_orders_machines_and_lines(dealer: Study):
    accounts = {account.table: account for account in dealer.accounts}

    assert all(account.balanced() for account in accounts.values())
    assert accounts["orders"].rows_used == dealer.figures["base.orders"].value == 232
    assert accounts["assets"].rows_used == 40
    # 500 jobs, of which five have no parts and five have two lines of them.
    assert accounts["lines"].rows_in == 505
    assert dealer.views.row("SELECT COUNT(*) AS n FROM lines WHERE price IS NULL AND cost IS NULL")["n"] == 5


def test_from_order_to_invoice_is_as_documented(dealer: Study):
    rows = dealer.views.rows(
        "SELECT date_diff('day', accepted_date, ready_date) AS days FROM orders WHERE ready_date IS NOT NULL"
    )
    days = [row[0] for row in rows]

    assert len(days) == 228
    assert (min(days), max(days), median(days), round(mean(days))) == (7, 243, 39.5, 65)


def test_money_with_its_sign_at_the_end_gives_revenue_cost_and_margin(dealer: Study, raw: Any):
    # `revenue` and `cost` are the publisher's own reading of the same texts, before rounding to cents.
    revenue, cost = (sum(part[name] for part in raw[1]) for name in ("revenue", "cost"))
    read = dealer.views.row("SELECT SUM(price) AS revenue, SUM(cost) AS cost FROM lines")
    orders = dealer.views.row("SELECT SUM(revenue) AS revenue FROM orders")

    assert dealer.meta["currency"] == "USD"
    assert read["revenue"] == orders["revenue"] == pytest.approx(100 * revenue, abs=300)
    assert read["cost"] == pytest.approx(100 * cost, abs=300)
    assert (read["revenue"] - read["cost"]) / read["revenue"] == pytest.approx(0.309, abs=0.001)


def test_one_machine_comes_again_and_again(dealer: Study, raw: Any):
    # 23 orders name several machines: an order of ours has one, the first. The set itself counts 1 to 35 orders each.
    by_machine = defaultdict(set)
    for job in raw[0]:
        by_machine[job["serial_number"]].add(job["order_no"])
    known = dict(dealer.views.rows("SELECT asset_id, COUNT(*) AS n FROM orders GROUP BY asset_id"))
    again = dealer.views.row(
        "SELECT SUM(CASE WHEN gap <= 90 THEN 1 ELSE 0 END) AS soon, COUNT(gap) AS n FROM (SELECT date_diff('day', "
        "LAG(accepted_date) OVER (PARTITION BY asset_id ORDER BY accepted_date, order_id), accepted_date) AS gap "
        "FROM orders) AS gaps"
    )

    assert max(map(len, by_machine.values())) == 35
    assert all(count <= len(by_machine[machine]) for machine, count in known.items())
    assert sum(known.values()) == 232
    assert again["n"] == 232 - len(known)
    assert again["soon"] > again["n"] / 2


def test_neither_clients_nor_promises_are_invented(dealer: Study):
    lacking = {column for _, column in dealer.impossible}

    assert {"orders.customer_id", "orders.promised_at", "orders.parts_cost"} <= lacking
    assert "orders.promise_kept" not in dealer.figures
    assert dealer.figures["orders.turnaround"].n == 226  # two orders are returns
