"""What is done with the analysis: snapshots asked for, clients refreshed, rows let go. Made by `analysis.work`."""

from dovolen.desk.analysis.actions.snapshots import (
    AT_ONCE,
    KEPT_DAYS,
    KEPT_MONTHS,
    NoOrders,
    ask,
    ask_everywhere,
    ask_nightly,
    day_for,
    drop_rows,
    drop_unpublished,
    has_work,
    keep,
    refresh,
    to_make,
)

__all__ = [
    "AT_ONCE", "KEPT_DAYS", "KEPT_MONTHS", "NoOrders", "ask", "ask_everywhere", "ask_nightly", "day_for", "drop_rows",
    "drop_unpublished", "has_work", "keep", "refresh", "to_make",
]  # fmt: skip
