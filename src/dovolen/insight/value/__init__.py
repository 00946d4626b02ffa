"""What clients are worth: profit, Pareto, cohorts, cost of keeping, key clients, growth, what is expected of them."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor
from functools import cached_property

import numpy as np
import pyarrow as pa

from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.value import cohorts, pareto, profit, retention_cost
from dovolen.insight.value.foretold import Expectations
from dovolen.insight.value.growth import Growth
from dovolen.insight.value.joined import joined
from dovolen.insight.value.key_clients import KeyClients
from dovolen.insight.value.retention_cost import RetentionCost

_NEEDS = (
    ("profit", "orders.parts_cost"),
    ("profit", "orders.labour_cost"),
    ("kinds_of_repair", "orders.pay_type"),
    ("campaign_profit", "orders.campaign_id"),
    ("acquisition_cost", "spend.amount"),
    ("retention_messages", "messages.cost"),
    ("retention_discounts", "orders.discount"),
    ("retention_bonuses", "orders.bonus_used"),
    ("retention_contacts", "contacts.minutes"),
    ("client_debts", "orders.debt"),
    ("client_complaints", "cases.opened_at"),
    ("client_referrals", "customers.referred_by"),
    ("owned_assets", "assets.customer_id"),
    ("bought_together", "lines.name"),
)
"""What a result needs that a source may lack."""


class Worth:
    """The room of value. Offers `client_worth`: customer_id, predicted_margin (minor units of the next 365 days, null
    where it cannot be told), model."""

    def __init__(self, base: Base) -> None:
        self._base = base
        base.views.offer("client_worth", self._worth)

    @cached_property
    def _has_clients(self) -> bool:
        return self._base.has("orders.customer_id")

    @cached_property
    def _has_money(self) -> bool:
        return self._base.has("orders.revenue")

    @cached_property
    def _hour(self) -> float | None:
        return retention_cost.hour_cost(self._base)

    @cached_property
    def _expected(self) -> Expectations:
        return Expectations(self._base)

    @cached_property
    def _growth(self) -> Growth:
        return Growth(self._base)

    @cached_property
    def _keys(self) -> KeyClients:
        return KeyClients(self._base, self._hour)

    @cached_property
    def _keeping(self) -> RetentionCost:
        return RetentionCost(self._base, self._hour)

    @cached_property
    def _acquisition(self) -> tuple[Sheet | None, Figure | None]:
        return retention_cost.acquisition(self._base)

    # The face of a room

    def begin(self, aside: Executor) -> None:
        """Models of repeat buying are fitted meanwhile."""
        if self._has_clients:
            self._expected.begin(aside)

    def figures(self) -> list[Figure]:
        """Profit of all, costs of keeping and of finding a client, what is expected."""
        made = profit.figures(self._base)
        if self._has_clients:
            found = self._acquisition[1]
            made += [self._keeping.figure()] if self._keeping.total is not None else []
            made += [found] if found else []
            made += self._growth.figures() + self._expected.figures()
        return made

    def sheets(self) -> list[Sheet | None]:
        """Everything above as rows."""
        made = profit.sheets(self._base)
        if not self._has_clients:
            return made
        if self._has_money:
            months = cohorts.cohorts(self._base)
            made += [
                profit.clients(self._base, self._hour),
                profit.referrals(self._base),
                pareto.abc(self._base),
                pareto.curve(self._base),
                cohorts.table(months),
                cohorts.lines(months),
                self._keys.summary() if self._keys.possible else None,
                self._keys.names() if self._keys.possible else None,
            ]
        expected = self._expected
        return [
            *made,
            self._keeping.sheet(),
            self._acquisition[0],
            self._growth.names(),
            self._growth.pairs(),
            expected.totals(),
            expected.models(),
            expected.money(),
            *expected.lines(),
            expected.bins(),
            expected.names(),
        ]

    def clients(self) -> pa.Table | None:
        """predicted_visits, predicted_value (margin of the next 365 days where costs are known, else revenue; minor
        units), value_basis (margin, revenue), p_alive, value_rank (1 = most), abc (by revenue), margin_share,
        key_client (true, false, hidden), left (minor units that remain of him), brought (clients he referred)."""
        if not self._has_clients:
            return None
        found, basis = self._expected.clients, "revenue" if self._expected.margin_share is None else "margin"
        customer, place = pa.array(self._expected.days.customer), self._expected.place
        columns = {
            "customer_id": customer,
            "predicted_visits": _told(found["visits"], found["fits"]),
            "predicted_value": _told(found["value"], found["money_fits"]),
            "value_basis": pa.array([basis] * len(customer))
            if self._has_money
            else pa.nulls(len(customer), pa.string()),
            "p_alive": _told(found["alive"], found["fits"]),
            "value_rank": pa.array(place, mask=~np.isfinite(place)).cast(pa.int64()),
        }
        share = self._expected.margin_share
        known = np.zeros(len(customer), bool) if share is None else np.isfinite(share)
        columns["margin_share"] = _told(np.zeros(len(customer)) if share is None else share, known)
        return self._with_places(pa.table(columns))

    def _with_places(self, table: pa.Table) -> pa.Table:
        """The table with what is known of each client's letter, key and referrals."""
        views = self._base.views
        brought = views.fetch("SELECT customer_id, brought FROM value_clients WHERE brought > 0")
        table = joined(table, brought, {"brought": pa.int64()})
        abc = views.fetch("SELECT customer_id, abc FROM value_abc WHERE measure = 'revenue'")
        table = joined(table, abc, {"abc": pa.string()})
        keys = pa.table({"customer_id": pa.nulls(0, table["customer_id"].type), "key_client": [], "left": []})
        if self._has_money and self._keys.possible:
            customer, word, left = self._keys.words()
            keys = pa.table({"customer_id": pa.array(customer), "key_client": pa.array([one or None for one in word]),
                             "left": pa.array(np.rint(left).astype(np.int64))})  # fmt: skip
        return joined(table, keys, {"key_client": pa.string(), "left": pa.int64()})

    def population(self) -> Mapping[str, pa.Table]:
        """How clients are foretold, and the ranks of their money."""
        if not self._has_clients:
            return {}
        return {**self._expected.population(), **(self._keys.population() if self._has_money else {})}

    def files(self) -> Mapping[str, Pieces]:
        """None: all that is known of a client is in customers.parquet."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """What cannot be computed for want of a column."""
        lacking = [(what, name) for what, name in _NEEDS if not self._base.has(name)]
        if self._has_clients and not self._base.has("contacts.minutes") and self._hour is None:
            lacking.append(("hour_cost", "lines.norm_hours"))
        return lacking

    # Lent to other rooms

    def _worth(self) -> pa.Table:
        if not self._has_clients:
            return pa.table({"customer_id": pa.nulls(0, pa.int64()), "predicted_margin": pa.nulls(0, pa.float64()),
                             "model": pa.nulls(0, pa.string())})  # fmt: skip
        found = self._expected.clients
        told = found["money_fits"] & (self._expected.margin_share is not None)
        return pa.table({
            "customer_id": pa.array(self._expected.days.customer),
            "predicted_margin": _told(found["value"], told),
            "model": pa.array(found["model"], pa.string()),
        })  # fmt: skip


def _told(values: np.ndarray, known: np.ndarray) -> pa.Array:
    """Numbers, null where they are not to be told."""
    return pa.array(values, pa.float64(), mask=~(known & np.isfinite(values)))
