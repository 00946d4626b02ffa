"""What lies in the mart: its files, what a row of each is, the questions two of them are asked with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class File:
    """One file of the mart: what a row is, and where its columns are told of."""

    name: str
    row: str
    note: str


FILES = (
    File(
        "clients", "a client", "As [customers.parquet](customers.md), without the name; with his place in the cascade."
    ),
    File("orders", "an order", "Dimensions and money as `order_facts` of the [definitions](definitions.md) has them."),
    File("scores", "an order that was scored", "As [orders.parquet](customers.md)."),
    File("points", "an order and fact", "As [points.parquet](customers.md): points of an order sum to its score."),
    File("client_categories", "a client and category of asset", "The same scores, by category."),
    File("days", "a client and day", "The state of his life cycle on the days that the study compares."),
)
"""In the order of the reference page. `study.json` beside them holds every figure, and every sheet without names."""

RENAMED = {"orders": "scores"}
"""Files of a study that bear another name here."""
SCORED = ("orders", "points")
"""Files of a study that are made together, the second some twenty times as long as the first: read once."""
OF_PEOPLE = ("name", "class_reasons")
"""Columns that stay away."""
NOT_WRITTEN = ("duplicates",)
"""Pairs of records, with names and phones in their reasons."""

ORDERS = (
    "SELECT order_id, customer_id, centre, accepted_date, kind, department, initiated_by, pay_type, place, outcome, "
    "advisor, technician, channel, revenue, margin, counted, is_cancelled, is_rework, turnaround_hours, promise_kept, "
    "category, brand, customer_kind, class, source, manager, rfm_segment, lifecycle FROM order_facts ORDER BY order_id"
)
DAYS = "SELECT day, customer_id, state FROM states ORDER BY day, customer_id"
