"""Repair attempts of the Open Repair Alliance: outcomes by kind of thing and group, where clients and money are unknown."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from dovolen.insight import mapping
from dovolen.insight.sources import open_tables
from dovolen.insight.study import Study, study
from tests.conftest import ROOT

FILE = "open_repair/restart_project_2012_2022.parquet"


@pytest.fixture(scope="module")
def attempts(shared: Path) -> Study:
    return study(open_tables(shared / FILE, mapping.load(str(ROOT / "examples" / "open_repair.toml"))))


def _slices(made: Study, dimension: str) -> dict[str | None, int]:
    return {row["value"]: row["orders"] for row in made.sheets["slices"].records() if row["dimension"] == dimension}


def test_every_attempt_is_read_and_the_outcomes_are_those_documented(attempts: Study):
    outcomes = _slices(attempts, "outcome")
    shares = {value: round(100 * count / 23_940) for value, count in outcomes.items()}

    assert all(account.balanced() and account.rows_used == 23_940 for account in attempts.accounts)
    assert attempts.figures["base.orders"].value == 23_940
    assert shares == {"repaired": 52, "declined": 27, "beyond_repair": 20, None: 1}
    assert (attempts.meta["earliest"], attempts.asof) == (date(2012, 6, 12), date(2022, 4, 30))


def test_groups_are_centres_and_categories_are_kept_small_ones_withheld(attempts: Study, shared: Path):
    rows = pq.read_table(shared / FILE, columns=["group_identifier", "product_category"]).to_pylist()
    by_group = Counter(" ".join(row["group_identifier"].split()) for row in rows)
    centres, categories = _slices(attempts, "centre"), _slices(attempts, "category")

    assert (len(centres), len(categories)) == (181, 40)
    assert centres == {group: count if count >= 20 else None for group, count in by_group.items()}
    assert sum(count or 0 for count in categories.values()) > 23_900


def test_what_cannot_be_told_without_clients_money_and_promises_is_listed(attempts: Study):
    lacking = {column for _, column in attempts.impossible}

    assert {
        "orders.customer_id",
        "orders.revenue",
        "orders.promised_at",
        "orders.ready_at",
        "customers.name",
    } <= lacking
    assert not attempts.has_clients
    assert not [figure for figure in attempts.figures.values() if figure.unit in ("money", "clients")]
    assert not [key for key in attempts.sheets if key.startswith(("rfm.", "classes.", "lifecycle.", "queue."))]
