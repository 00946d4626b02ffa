"""What a study says of each client, as columns of `ClientResult`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from dovolen.desk.analysis.models import ClientResult
from dovolen.insight.study import Study

FROM = {
    "customer_id": "customer_id", "kind": "kind", "client_class": "class", "class_reasons": "class_reasons",
    "n_orders": "n_orders", "n_visits": "n_visits", "n_assets": "n_assets", "first_on": "first_at",
    "last_on": "last_at", "recency_days": "recency_days", "revenue": "revenue", "margin": "margin",
    "average_order": "avg_order", "rfm_r": "rfm_r", "rfm_f": "rfm_f", "rfm_m": "rfm_m", "segment": "rfm_segment",
    "rfm_r_before": "r_before", "segment_before": "segment_before", "rfm27": "rfm27",
    "reading": "reading", "state": "lifecycle", "state_since": "lifecycle_since",
    "state_before": "state_before", "flow": "flow", "life_code": "life_code", "limit_days": "limit_days",
    "limit_from": "limit_from", "is_fleet": "is_fleet", "satisfaction": "satisfaction",
    "satisfaction_worst": "satisfaction_worst3", "satisfaction_latest": "satisfaction_latest",
    "satisfaction_coverage": "satisfaction_coverage", "is_eligible": "eligible_for_offers", "p_return": "p_return",
    "chance_rank": "chance_rank", "n_risks": "n_risk_points", "value_at_risk": "value_at_risk",
    "predicted_visits": "predicted_visits", "predicted_value": "predicted_value", "value_basis": "value_basis",
    "p_alive": "p_alive", "value_rank": "value_rank", "margin_share": "margin_share", "brought": "brought",
    "abc": "abc", "key_client": "key_client", "left_over": "left", "same_as": "same_as",
}  # fmt: skip
"""Column of the row → column of the study's clients."""
OF_OTHERS = ("same_as",)
"""Columns that one client's rows alone do not tell: a refresh leaves them as the snapshot had them."""
NAMES = tuple(FROM)
PIECE = 10_000
"""Clients made into tuples at a time."""
_GRADES = ("rfm_r", "rfm_f", "rfm_m", "rfm_r_before")


def clients(study: Study) -> pa.Table:
    """The study's clients with their place in the cascade and the grades they had before."""
    from dovolen.insight.customers import with_columns

    moves = study.moves()
    return with_columns(study.customers(), [study.cascade(), *([] if moves is None else [moves])])


def rows(study: Study, found: pa.Table) -> Iterator[tuple[Any, ...]]:
    """Tuples in the order of `NAMES`: money whole, days as text, grades with the highest as best."""
    turned = study.grid + 1 if study.meta["direction"] == "best1" else None
    return chain.from_iterable(_rows(found.slice(start, PIECE), turned) for start in range(0, len(found), PIECE))


def _rows(found: pa.Table, turned: int | None) -> Iterator[tuple[Any, ...]]:
    columns = []
    for name, source in FROM.items():
        kind = ClientResult._meta.get_field(name)
        column = found[source] if source in found.column_names else pa.nulls(len(found))
        if turned and name in _GRADES:
            column = pc.subtract(turned, column)
        columns.append(_plain(kind, column))
    return zip(*columns, strict=True)


def _plain(field: Any, column: pa.ChunkedArray) -> list[Any]:
    """Values as the base takes them."""
    kind = field.get_internal_type()
    if kind == "CharField":
        longest = field.max_length
        return [("" if value is None else value[-longest:]) for value in column.cast(pa.string()).to_pylist()]
    if kind == "BooleanField":
        return [bool(value) for value in column.to_pylist()]
    if kind == "DateField":
        return [value and value.isoformat() for value in column.to_pylist()]
    if kind == "FloatField":
        return list(column.to_pylist())
    whole = column.cast(pa.float64()) if pa.types.is_floating(column.type) else column
    told = pc.round(whole).cast(pa.int64(), safe=False) if pa.types.is_floating(column.type) else whole
    return [0 if value is None and not field.null else value for value in told.to_pylist()]
