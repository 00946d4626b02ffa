"""False, true and hidden key clients: places by revenue against places by what is left of it.

What is left of a client = his margin − bonuses he used − hours of talk and of his complaints at the price of an hour −
his debt. Discounts are shown but not taken off again: revenue is what was billed after them. Decision 12 says why.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.results import Sheet, sheet
from dovolen.insight.rooms import Base
from dovolen.insight.value.profit import COSTS

KINDS = ("true", "false", "hidden")
MINUS = "\u2212"
KNOWN_SHARE = 0.8
"""Of a client's revenue, the least share in orders whose costs are known for him to be judged."""
Floats = NDArray[np.float64]
Row = tuple[Any, ...]


@dataclass(frozen=True)
class Costs:
    """Prices at which what a client took is told: minor units an hour, hours a complaint."""

    hour: float | None
    complaint_hours: float


class KeyClients:
    """Every served client whose costs are known, judged among those of his kind."""

    def __init__(self, base: Base, hour: float | None) -> None:
        self._base = base
        self._costs = Costs(hour, base.config.complaint_hours)

    @cached_property
    def _columns(self) -> dict[str, NDArray[Any]]:
        found = self._base.views.fetch(
            "SELECT v.customer_id, f.name, coalesce(f.kind, 'unknown') AS kind, v.revenue, "
            "coalesce(v.revenue_known, 0) AS revenue_known, coalesce(v.margin, 0) AS margin, "
            "coalesce(v.discount, 0) AS discount, coalesce(v.bonus_used, 0) AS bonus_used, "
            "coalesce(v.debt, 0) AS debt, v.complaints, v.contact_seconds "
            "FROM value_clients AS v JOIN customer_facts AS f ON f.customer_id = v.customer_id "
            "WHERE v.n_orders > 0 AND v.revenue IS NOT NULL ORDER BY v.customer_id"
        )
        return {name: found[name].to_numpy(zero_copy_only=False) for name in found.column_names}

    @cached_property
    def _judged(self) -> NDArray[Any]:
        """Places of the clients whose revenue is mostly in orders with costs."""
        columns = self._columns
        revenue, known = columns["revenue"].astype(float), columns["revenue_known"].astype(float)
        return np.flatnonzero((revenue > 0) & (known >= KNOWN_SHARE * revenue))

    @cached_property
    def parts(self) -> dict[str, Floats]:
        """Minor units by part for every client: what talk and complaints cost, bonuses, debt, and what is left."""
        columns, hour = self._columns, self._costs.hour or 0.0
        talk = columns["contact_seconds"].astype(float) / 3600 * hour
        complaints = columns["complaints"].astype(float) * self._costs.complaint_hours * hour
        bonus, debt = columns["bonus_used"].astype(float), columns["debt"].astype(float)
        left = columns["margin"].astype(float) - bonus - talk - complaints - debt
        return {"talk": talk, "complaints": complaints, "bonus": bonus, "debt": debt, "left": left}

    @cached_property
    def _places(self) -> tuple[Floats, Floats, NDArray[Any]]:
        """Place of every client by revenue and by what is left, from 0 (best) to 1, nan where not judged; his word."""
        revenue = np.full(len(self._columns["revenue"]), np.nan)
        left, word = revenue.copy(), np.full(len(revenue), "", object)
        config = self._base.config
        for kind, (revenues, lefts) in self._ranked.items():
            mine = self._judged[self._columns["kind"][self._judged] == kind]
            revenue[mine] = _place(self._columns["revenue"][mine].astype(float), revenues)
            left[mine] = _place(self.parts["left"][mine], lefts)
            top, best = revenue[mine] <= config.key_share, left[mine] <= config.key_share
            fallen = top & ((left[mine] > 0.5) | (left[mine] - revenue[mine] >= config.key_lag - 1e-9))
            word[mine] = np.where(top & best, "true", np.where(fallen, "false", np.where(best, "hidden", "")))
        return revenue, left, word

    @cached_property
    def _ranked(self) -> dict[str, tuple[Floats, Floats]]:
        """Kind of clients → revenues and what is left, each ascending; kinds of too few clients are absent."""
        known = self._base.learnt("value_keys")
        if known is not None:
            return {row["kind"]: (np.array(row["revenue"]), np.array(row["left"])) for row in known.to_pylist()}
        judged, made = self._columns["kind"][self._judged].astype(str), {}
        for kind in np.unique(judged):
            mine = self._judged[judged == kind]
            if len(mine) >= self._base.config.minimum:
                revenue = self._columns["revenue"][mine].astype(float)
                made[str(kind)] = np.sort(revenue), np.sort(self.parts["left"][mine])
        return made

    def population(self) -> dict[str, pa.Table]:
        """Revenues and what is left of everybody in order, by kind."""
        rows = [
            {"kind": kind, "revenue": revenue.tolist(), "left": left.tolist()}
            for kind, (revenue, left) in (self._ranked if self.possible else {}).items()
        ]
        return {"value_keys": pa.Table.from_pylist(rows)}

    def summary(self) -> Sheet | None:
        """Clients, revenue and what is left of each kind of key client."""
        if not self.possible:
            return None
        _, _, word = self._places
        rows: list[Row] = []
        for kind in KINDS:
            mine = word == kind
            revenue = int(self._columns["revenue"][mine].sum())
            left = float(self.parts["left"][mine].sum())
            rows.append((kind, int(mine.sum()), revenue, round(left), left / revenue if revenue > 0 else None))
        columns = (
            ("key_kind", "word"),
            ("clients", "clients"),
            ("revenue", "money"),
            ("left", "money"),
            ("left_share", "share"),
        )
        return sheet("value.keys", columns, rows, n=int(np.isfinite(self._places[0]).sum()))

    def names(self) -> Sheet | None:
        """False, then hidden, then true key clients by name with what was taken off and why."""
        if not self.possible:
            return None
        revenue, left, word = self._places
        order = {"false": 0, "hidden": 1, "true": 2}
        found = sorted(
            np.flatnonzero(word != ""), key=lambda one: (order[str(word[one])], -float(self._columns["revenue"][one]))
        )
        rows = [self._row(int(one), str(word[one]), float(revenue[one]), float(left[one])) for one in found]
        columns = (
            ("key_kind", "word"),
            ("customer_id", "id"),
            ("name", "text"),
            ("revenue", "money"),
            ("margin", "money"),
            ("contact_cost", "money"),
            ("complaint_cost", "money"),
            ("bonus_used", "money"),
            ("debt", "money"),
            ("left", "money"),
            ("revenue_place", "share"),
            ("left_place", "share"),
            ("reasons", "reasons"),
        )
        return sheet("value.key_names", columns, rows, n=int(np.isfinite(revenue).sum()))

    def _row(self, one: int, word: str, revenue: float, left: float) -> Row:
        columns, parts = self._columns, {name: round(float(part[one])) for name, part in self.parts.items()}
        customer, name = (_plain(columns[column][one]) for column in ("customer_id", "name"))
        money = (int(columns["revenue"][one]), int(columns["margin"][one]))
        taken = [parts[part] if part in self._priced else None for part in ("talk", "complaints", "bonus", "debt")]
        return (word, customer, name, *money, *taken, parts["left"], revenue, left, self._why(one))

    @cached_property
    def _priced(self) -> set[str]:
        """Parts that the source tells and that have a price; nothing is taken off for the others."""
        told = {"bonus": "orders.bonus_used", "debt": "orders.debt"}
        if self._costs.hour is not None:
            told |= {"talk": "contacts.minutes", "complaints": "cases.opened_at"}
        return {part for part, column in told.items() if self._base.has(column)}

    def _why(self, one: int) -> str:
        """What told most, as shares of his revenue in per cent; the profitability of his margin always."""
        columns = {name: column[one] for name, column in self._columns.items()}
        revenue, discount = float(columns["revenue"]), float(columns["discount"])
        told = [f"profit={_percent(float(columns['margin']), float(columns['revenue_known']))}"]
        if discount > 0.1 * (revenue + discount):
            told.append(f"discounts={_percent(discount, revenue + discount)}")
        if self.parts["debt"][one] >= 0.05 * revenue:
            told.append(f"debt={_percent(float(self.parts['debt'][one]), revenue)}")
        if columns["complaints"] >= 2:
            told.append(f"complaints={int(columns['complaints'])}")
        if self.parts["talk"][one] >= 0.03 * revenue:
            told.append(f"talk={_percent(float(self.parts['talk'][one]), revenue)}")
        return ";".join(f"key_{part}" for part in told) + ";"

    @cached_property
    def possible(self) -> bool:
        """Whether margins are known and there are enough clients to have a tenth."""
        return self._base.has(*COSTS) and bool(self._ranked)

    @property
    def unjudged(self) -> int:
        """Served clients with revenue whose costs are mostly unknown."""
        return int((self._columns["revenue"].astype(float) > 0).sum() - len(self._judged))

    def words(self) -> tuple[NDArray[Any], NDArray[Any], Floats]:
        """customer_id, kind of key client ("" = none) and what is left, for every served client with revenue."""
        return self._columns["customer_id"], self._places[2], self.parts["left"]


def _place(values: Floats, ranked: Floats) -> Floats:
    """Share of clients with at least as much: 1/n for the best, 1 for the last; equal ones share the lower place."""
    return np.asarray((len(ranked) - np.searchsorted(ranked, values, side="left")) / len(ranked))


def _percent(part: float, whole: float) -> str:
    return f"{round(100 * part / whole) if whole else 0}".replace("-", MINUS)


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
