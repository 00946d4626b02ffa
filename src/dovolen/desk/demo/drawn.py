"""What chance gives the demo: clients, devices and orders of the invented centre, as plain rows in order of time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from dovolen.insight import synth

YEARS = 2
STAGE_OF = {"waiting_parts": "parts"}
"""Where the library calls a stage otherwise than the desk."""


@dataclass
class Drawn:
    """One order as it went, and went on after the moment it is looked at."""

    facts: dict[str, Any]
    stages: list[tuple[str, datetime]] = field(default_factory=list)
    """Codes with the moments when they were entered."""
    promises: list[tuple[datetime, datetime]] = field(default_factory=list)
    """When given, for when."""

    @property
    def accepted_at(self) -> datetime:
        """When it came in."""
        moment: datetime = self.facts["accepted_at"]
        return moment

    def is_over(self, by: datetime) -> bool:
        """Whether it was handed over before that."""
        return bool(self.facts["picked_up_at"] and self.facts["picked_up_at"] < by)


@dataclass(frozen=True)
class Lives:
    """Rows by key, and orders in order of time."""

    customers: dict[int, dict[str, Any]]
    assets: dict[int, dict[str, Any]]
    orders: list[Drawn]


def draw(*, customers: int, seed: int, until: date) -> Lives:
    """Two years of a laptop and phone centre that end with a day."""
    tables = synth.centre(customers, seed, until=until, years=YEARS)
    orders = {row["order_id"]: Drawn(row) for row in tables["orders"].to_pylist()}
    for row in tables["stages"].to_pylist():
        orders[row["order_id"]].stages.append((STAGE_OF.get(row["stage"], row["stage"]), row["entered_at"]))
    for row in tables["promises"].to_pylist():
        orders[row["order_id"]].promises.append((row["at"], row["promised_at"]))
    for order in orders.values():
        told_at = order.facts["notified_at"]
        order.stages += [("told", told_at)] if told_at else []
        order.stages.sort(key=lambda entry: (entry[1], entry[0] == "picked_up"))
    return Lives(
        {row["customer_id"]: row for row in tables["customers"].to_pylist()},
        {row["asset_id"]: row for row in tables["assets"].to_pylist()},
        sorted(orders.values(), key=lambda order: (order.accepted_at, order.facts["order_id"])),
    )
