"""The room of risk over any tables, with scores of orders of one's own."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dovolen.insight import synth
from dovolen.insight.config import Config
from dovolen.insight.risk import Risk
from dovolen.insight.rooms import Base
from dovolen.insight.schema import Tables
from dovolen.insight.study import study

NO_SCORES = {"scored_date": pa.date32(), "satisfaction": pa.int64(), "low_confidence": pa.int64()}


def risk(tables: Tables, asof: date | None = None, *, scores: pa.Table | None = None, **settings: Any) -> Risk:
    """The room on a day; without `scores` no order is scored."""
    made = study(tables, asof, Config(**settings))
    orders = tables.data["orders"]
    assert isinstance(orders, pa.Table)
    if scores is None:
        nothing = {name: pa.array([], kind) for name, kind in NO_SCORES.items()}
        scores = pa.table({"order_id": orders["order_id"].slice(0, 0), **nothing})
    made.views.put("order_scores", scores)
    row = made.views.row("SELECT MIN(accepted_date) AS earliest FROM orders")
    return Risk(
        Base(made.views, Config(**settings), made.asof, made.compare, row["earliest"], tables.currency, tables.zone)
    )


def felt(invented: synth.Invented) -> pa.Table:
    """What clients of an invented centre truly felt about their orders, as scores."""
    orders = invented.tables["orders"]
    return pa.table(
        {
            "order_id": invented.order_truth["order_id"],
            "scored_date": pc.cast(orders["picked_up_at"], pa.date32()),
            "satisfaction": invented.order_truth["satisfaction"],
            "low_confidence": pa.array([0] * len(orders), pa.int64()),
        }
    )


def sheet(room: Risk, key: str) -> list[dict[str, Any]]:
    """Rows of one sheet of the room; none where it gives no such sheet."""
    return next((one.records() for one in room.sheets() if one is not None and one.key == key), [])
