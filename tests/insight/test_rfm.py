"""Cuts of the user's own, and segments he marks himself."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest

from dovolen.insight.config import load
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.study import study

ASOF = date(2025, 6, 30)
FIXED = """
grid = "3"
rfm_method = "fixed"
cuts_r = [30, 90]
cuts_f = [1, 2]
cuts_m = [100, 1000]
"""


def _tables() -> Tables:
    """Three clients: a laptop 20 days ago, a phone 20 days ago, something unknown 100 days ago."""
    orders = pa.table(
        {
            "order_id": [1, 2, 3],
            "customer_id": [1, 2, 3],
            "asset_id": ["l", "p", None],
            "accepted_date": pa.array([date(2025, 6, 10), date(2025, 6, 10), date(2025, 3, 22)], pa.date32()),
            "revenue": [50_000, 50_000, 500_000],
        }
    )
    assets = pa.table({"asset_id": ["l", "p"], "customer_id": [1, 2], "category": ["laptop", "phone"]})
    return Tables({"orders": orders, "assets": assets})


def _grades(tmp_path: Path, settings: str) -> dict[int, tuple[int, int, int]]:
    path = tmp_path / "settings.toml"
    path.write_text(settings, "utf-8")
    made = study(_tables(), ASOF, load(path)).rfm().to_pylist()
    return {row["customer_id"]: (row["rfm_r"], row["rfm_f"], row["rfm_m"]) for row in made}


def test_fixed_cuts_grade_by_days_orders_and_major_units(tmp_path: Path) -> None:
    assert _grades(tmp_path, FIXED) == {1: (3, 1, 2), 2: (3, 1, 2), 3: (1, 1, 3)}


def test_a_category_may_have_cuts_of_its_own(tmp_path: Path) -> None:
    phones = '[[category_cuts]]\ncategory = "phone"\nr = [7, 14]\nf = [1, 2]\nm = [500, 1000]\n'

    assert _grades(tmp_path, FIXED + phones) == {1: (3, 1, 2), 2: (1, 1, 1), 3: (1, 1, 3)}


def test_fixed_cuts_are_one_fewer_than_grades(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="2"):
        _grades(tmp_path, FIXED.replace("[30, 90]", "[30, 60, 90]"))


def test_marked_cells_make_a_segment_with_a_name_and_a_tactic(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text(
        FIXED + '[[segments]]\nname = "Золотые"\ncells = ["312", "113"]\ntactic = "Мастер лично"\n', "utf-8"
    )

    [row] = study(_tables(), ASOF, load(path)).sheets["rfm.own_segments"].rows

    assert row == ("Золотые", "312 113", 3, 600_000, "Мастер лично")
