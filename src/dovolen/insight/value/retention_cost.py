"""What it costs to keep a client, beside what it costs to find one."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from dovolen.insight.currencies import minor_units
from dovolen.insight.results import Figure, Sheet, sheet
from dovolen.insight.rooms import Base

PARTS = {
    "messages": "messages.cost",
    "discounts": "orders.discount",
    "bonuses": "orders.bonus_used",
    "contacts": "contacts.minutes",
}
"""Parts of the cost of keeping, each with the column that tells it."""


def hour_cost(base: Base) -> float | None:
    """Minor units an hour of staff: as set, else what a norm-hour costs by the lines of labour; None when untold."""
    if base.config.hour_cost > 0:
        return base.config.hour_cost * minor_units(base.currency)
    if not base.has("lines.cost", "lines.norm_hours"):
        return None
    row = base.views.row("SELECT cost, milli_hours FROM value_hour")
    return row["cost"] * 1000 / row["milli_hours"] if row["milli_hours"] else None


class RetentionCost:
    """Outlays on the clients of the base of the earlier day, over those of them who are still in it."""

    def __init__(self, base: Base, hour: float | None) -> None:
        self._base = base
        self._hour = hour
        self._row: dict[str, Any] = base.views.row("SELECT * FROM value_keeping")
        self.kept = int(self._row["kept"] or 0)

    @property
    def amounts(self) -> dict[str, int | None]:
        """Minor units of each part; None where the source does not tell it."""
        told = {part: self._row[part] or 0 for part in ("messages", "discounts", "bonuses")}
        seconds = self._row["contact_seconds"] or 0
        told["contacts"] = None if self._hour is None else round(seconds / 3600 * self._hour)
        return {part: told[part] if self._base.has(column) else None for part, column in PARTS.items()}

    @property
    def total(self) -> int | None:
        """All parts together; None where no part is told."""
        told = [amount for amount in self.amounts.values() if amount is not None]
        return sum(told) if told else None

    def figure(self) -> Figure:
        """A kept client's cost, or "too few" under the minimum of kept ones."""
        few = self.kept < self._base.config.minimum or self.total is None
        value = None if few or self.total is None else self.total / self.kept
        untold = [part for part, amount in self.amounts.items() if amount is None]
        return Figure(
            "value.retention_cost", value, "money", n=self.kept, few=few, rule="rule.value.retention_cost",
            since=self._base.compare + timedelta(days=1), until=self._base.asof, note=f"untold={','.join(untold)}",
        )  # fmt: skip

    def sheet(self) -> Sheet | None:
        """A row a part and their sum, each with what share of the records tells its price or length."""
        if self.kept < self._base.config.minimum or self.total is None:
            return None
        known = {
            "messages": _share(self._row["n_priced"], self._row["n_messages"]),
            "contacts": _share(self._row["n_timed"], self._row["n_contacts"]),
        }
        rows = [
            (part, amount, None if amount is None else amount / self.kept, known.get(part), amount is None)
            for part, amount in (*self.amounts.items(), ("total", self.total))
        ]
        columns = (
            ("part", "word"),
            ("amount", "money"),
            ("per_kept", "money"),
            ("recorded", "share"),
            ("untold", "flag"),
        )
        return Sheet(
            "value.retention_cost", columns, rows, n=self.kept, rule="rule.value.retention_cost",
            since=self._base.compare + timedelta(days=1), until=self._base.asof,
        )  # fmt: skip


def _share(part: int | None, whole: int | None) -> float | None:
    return (part or 0) / whole if whole else None


def full_year(asof: date) -> tuple[date, date]:
    """The first days of the earliest and of the latest of the twelve whole months up to `asof`."""
    following = asof + timedelta(days=1)
    month = following.year * 12 + following.month - 1
    latest = month - 1
    return tuple(date(one // 12, one % 12 + 1, 1) for one in (latest - 11, latest))  # type: ignore[return-value]


def acquisition(base: Base) -> tuple[Sheet | None, Figure | None]:
    """New clients and outlays by source over the last twelve whole months, and the cost of a new client of all."""
    if not base.has("spend.amount", "orders.customer_id"):
        return None, None
    since, latest = full_year(base.asof)
    found = base.views.rows(
        "SELECT source, CAST(SUM(n_new) AS BIGINT) AS n_new, CAST(SUM(spent) AS BIGINT) AS spent FROM value_sources "
        "WHERE month >= $since AND month <= $latest GROUP BY source ORDER BY spent DESC NULLS LAST, n_new DESC, source",
        since=since, latest=latest,
    )  # fmt: skip
    rows = [
        (source, new, spent, spent / new if spent is not None and new >= base.config.minimum else None)
        for source, new, spent in found
    ]
    columns = (("source", "text"), ("new_clients", "clients"), ("spent", "money"), ("cost_of_new", "money"))
    paid = [row for row in found if row[2] is not None]
    new, spent = sum(row[1] for row in paid), sum(row[2] for row in paid)
    until = (latest + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    few = new < base.config.minimum
    made = sheet("value.acquisition", columns, rows, n=sum(row[1] for row in found))
    return made and Sheet(made.key, made.columns, made.rows, made.n, made.rule, since, until), Figure(
        "value.acquisition_cost", None if few else spent / new, "money", n=new, few=few, since=since, until=until,
        rule="rule.value.acquisition_cost",
    )  # fmt: skip
