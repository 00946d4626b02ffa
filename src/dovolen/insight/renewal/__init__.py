"""Renewal: enquiries by their index with the chance each has, and the clients worth being asked again."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from dovolen.insight.renewal.weights import Numbers, Weights, learnt
from dovolen.insight.results import LIST_LIMIT, Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.stats import intervals

__all__ = ["Renewal", "Weights", "learnt"]

MARKS = ("brand", "attractiveness", "pitch")
BANDS = ((3, 6), (7, 9), (10, 12), (13, 15))
SEVERAL = 2
"""Times a reason is given before its words are shown: one said once may name a person."""


class Renewal:
    """The room of enquiries. Needs leads with the three marks; declined work and the dormant need only clients."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._clients = base.has("orders.customer_id")
        self._leads_given = base.has("leads.lead_id", "leads.at")

    def figures(self) -> list[Figure]:
        """Open enquiries, those whose contact is due or never set, and the share won."""
        if not self._leads_given:
            return []
        due = [row for row in self._open if row["next_contact_date"] and row["next_contact_date"] <= self._base.asof]
        unset = [row for row in self._open if row["next_contact_date"] is None]
        return [
            _count("renewal.open", len(self._open)),
            _count("renewal.due", len(due)),
            _count("renewal.no_next_contact", len(unset)),
            self._share("renewal.won", self._closed),
        ]

    def sheets(self) -> list[Sheet | None]:
        """The ranked list, the share won by index, the weights and their check, reasons lost."""
        made = [self._list()] if self._clients or self._leads_given else []
        if self._leads_given:
            made += [self._by_index(), self._weights_told(), self._check(), self._reasons()]
        return made

    def clients(self) -> pa.Table | None:
        """Nothing: the list is about enquiries, and a client may have several."""
        return None

    def files(self) -> Mapping[str, Pieces]:
        """None."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Enquiries, or their marks, where the source tells none."""
        needs = [("renewal", "leads.lead_id"), *(("renewal_index", f"leads.{mark}") for mark in MARKS)]
        return [(what, column) for what, column in needs if not self._base.has(column)]

    # Enquiries

    @cached_property
    def _leads(self) -> list[dict[str, Any]]:
        found = self._base.views.fetch("SELECT * FROM renewal_leads ORDER BY lead_date, lead_id")
        rows: list[dict[str, Any]] = found.to_pylist()
        return rows

    @property
    def _open(self) -> list[dict[str, Any]]:
        return [row for row in self._leads if row["outcome"] is None]

    @property
    def _closed(self) -> list[dict[str, Any]]:
        return [row for row in self._leads if row["outcome"] is not None]

    @cached_property
    def _weights(self) -> Weights | None:
        marked = [row for row in self._closed if row["renewal_index"] is not None]
        if not marked:
            return None
        return learnt(_marks(marked), np.array([row["outcome"] == "won" for row in marked], np.float64))

    # The list

    def _list(self) -> Sheet | None:
        """Open enquiries by index, the earliest contact first among equals; then declined work, then the dormant."""
        leads = sorted(self._open, key=_rank)
        rows = [
            (row["customer_id"], row["lead_id"], row["name"], row["renewal_index"], chance, row["next_contact_date"],
             row["contact"], row["request"], "lead", row["source"], row["lead_date"], None)
            for row, chance in zip(leads, self._chances(leads), strict=True)
        ]  # fmt: skip
        others, n = self._others(LIST_LIMIT - min(len(rows), LIST_LIMIT)) if self._clients else ([], 0)
        n += len(rows)
        rows = [*rows[:LIST_LIMIT], *others]
        columns = (
            ("customer_id", "id"), ("lead_id", "id"), ("name", "text"), ("renewal_index", "count"),
            ("win_chance", "share"), ("next_contact", "date"), ("lead_contact", "text"), ("lead_request", "text"),
            ("joined_as", "word"), ("lead_source", "text"), ("asked_on", "date"), ("amount", "money"),
        )  # fmt: skip
        return self._sheet("renewal.list", columns, rows, n, cut=n - len(rows))

    def _others(self, room: int) -> tuple[list[tuple[Any, ...]], int]:
        """As many clients without an enquiry as there is room for, dearest first within their kind; how many are."""
        found = self._base.views.fetch(
            "SELECT customer_id, name, source, request, since_date, amount FROM renewal_others "
            "ORDER BY source, amount DESC NULLS LAST, since_date DESC, customer_id"
        )
        rows = [
            (row["customer_id"], None, row["name"], None, None, None, None, row["request"], row["source"], None,
             row["since_date"], row["amount"])
            for row in found.slice(0, room).to_pylist()
        ]  # fmt: skip
        return rows, len(found)

    def _chances(self, rows: list[dict[str, Any]]) -> list[float | None]:
        if self._weights is None or not rows:
            return [None] * len(rows)
        chances = self._weights.chances(_marks(rows)).tolist()
        return [
            None if row["renewal_index"] is None else chance for row, chance in zip(rows, chances, strict=True)
        ]  # fmt: skip

    # What came of them

    def _by_index(self) -> Sheet | None:
        rows, n = [], 0
        for low, high in BANDS:
            mine = [row for row in self._closed if low <= (row["renewal_index"] or 0) <= high]
            if mine:
                one, n = self._share("", mine), n + len(mine)
                rows.append((f"index_{low}_{high}", one.value, one.low, one.high, len(mine), one.few))
        columns = (
            ("index_band", "word"), ("won_share", "share"), ("low", "share"), ("high", "share"), ("n_closed", "count"),
            ("withheld", "flag"),
        )  # fmt: skip
        return self._sheet("renewal.by_index", columns, rows, n)

    def _weights_told(self) -> Sheet | None:
        """What each mark makes of the index, plain and learnt, and how a mark more multiplies the odds to win."""
        if self._weights is None:
            return None
        model = self._weights.model
        rows = [
            (mark, 1 / 3, share, float(np.exp(worth)))
            for mark, share, worth in zip(MARKS, self._weights.shares.tolist(), model.coefficients, strict=True)
        ]
        columns = (
            ("lead_mark", "word"), ("plain_weight", "share"), ("learnt_weight", "share"), ("odds_times", "ratio"),
        )  # fmt: skip
        return self._sheet("renewal.weights", columns, rows, self._weights.n)

    def _check(self) -> Sheet | None:
        """Whether the learnt weights rank later enquiries better than the plain sum."""
        if self._weights is None:
            return None
        gain = self._weights.gain
        told = (None,) * 5 if gain is None else (gain.one, gain.other, gain.value, gain.low, gain.high)
        columns = (
            ("weights_say", "word"), ("learnt_right", "share"), ("plain_right", "share"), ("rank_gain", "share"),
            ("low", "share"), ("high", "share"),
        )  # fmt: skip
        n = gain.n if gain else self._weights.n
        return self._sheet("renewal.check", columns, [(self._weights.says, *told)], n)

    def _reasons(self) -> Sheet | None:
        """Why enquiries were lost, the commonest first; reasons given once together."""
        told: dict[str | None, int] = {}
        for row in self._closed:
            if row["outcome"] == "lost":
                reason = " ".join((row["lost_reason"] or "").split()) or None
                told[reason] = told.get(reason, 0) + 1
        n = sum(told.values())
        common = {reason: count for reason, count in told.items() if reason and count >= SEVERAL}
        unsaid = told.get(None, 0)
        once = n - unsaid - sum(common.values())
        rows: list[tuple[Any, ...]] = [
            (reason, "named", count) for reason, count in sorted(common.items(), key=lambda one: (-one[1], one[0]))
        ]
        rows += [(None, code, count) for code, count in (("said_once", once), ("unsaid", unsaid)) if count]
        columns = (("lost_reason", "text"), ("lost_said", "word"), ("n_lost", "count"), ("lost_share", "share"))
        return self._sheet("renewal.reasons", columns, [(*row, row[2] / n) for row in rows], n)

    # How it is told

    def _share(self, key: str, rows: list[dict[str, Any]]) -> Figure:
        n, won = len(rows), sum(row["outcome"] == "won" for row in rows)
        if n < self._base.config.minimum:
            return Figure(key, None, "share", n=n, few=True, rule=f"rule.{key}")
        low, high = intervals.wilson(won, n)
        return Figure(key, won / n, "share", n=n, low=low, high=high, rule=f"rule.{key}")

    def _sheet(
        self, key: str, columns: tuple[tuple[str, str], ...], rows: list[tuple[Any, ...]], n: int, **more: Any
    ) -> Sheet | None:  # fmt: skip
        if not rows:
            return None
        return Sheet(key, columns, rows, n=n, rule=f"rule.{key}", **more)


def _count(key: str, value: int) -> Figure:
    return Figure(key, value, "count", rule=f"rule.{key}")


def _marks(rows: list[dict[str, Any]]) -> Numbers:
    """The three marks of each enquiry; the middle where one is not set."""
    return np.array([[row[mark] if row[mark] is not None else 3 for mark in MARKS] for row in rows], np.float64)


def _rank(row: dict[str, Any]) -> tuple[Any, ...]:
    """Highest index first, without one last; then the earliest contact due, then the earliest enquiry."""
    due = row["next_contact_date"]
    return (-(row["renewal_index"] or 0), due is None, due or row["lead_date"], row["lead_date"], str(row["lead_id"]))
