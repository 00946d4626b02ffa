"""Rows of tables that the desk keeps no room for: kept as they are, tied to their client and order."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from dovolen.desk.core.bulk import insert
from dovolen.desk.ingest.models import CUSTOMERS, ORDERS, PastFact
from dovolen.desk.ingest.work.plans import Work, known, reject

OWN = frozenset({"fact_at", "customer_key", "order_number", "row"})


def write(work: Work, table: str, number: int) -> int:
    """Write one batch of a table, inside the caller's transaction; gives how many were taken."""
    rows = work.staged.batch(table, number)
    customers = known(work, CUSTOMERS, [row["customer_key"] for row in rows if row["customer_key"]], own=True)
    orders = known(work, ORDERS, [row["order_number"] for row in rows if row["order_number"]], own=True)
    taken, lost = [], []
    for row in rows:
        who, what = customers.get(row["customer_key"] or ""), orders.get(row["order_number"] or "")
        if (row["customer_key"] and who is None) or (row["order_number"] and not row["customer_key"] and what is None):
            lost.append((table, None, "no_customer" if row["customer_key"] else "no_order", row))
            continue
        values = json.dumps(told(row), ensure_ascii=False)
        taken.append((who.object_id if who else None, what.object_id if what else None, row["fact_at"], values))
    insert(PastFact, ("customer_id", "order_id", "at", "values"), taken, {"source_id": work.source.pk, "table": table})
    reject(work, lost)
    return len(taken)


def told(row: Mapping[str, Any]) -> dict[str, Any]:
    """Canonical columns that say something, as JSON keeps them."""
    return {name: value for name, value in row.items() if name not in OWN and value is not None}
