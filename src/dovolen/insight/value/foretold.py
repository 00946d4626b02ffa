"""Sheets and columns of what is expected of clients: models against what came, chart, bins, totals, names, places."""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.results import LIST_LIMIT, Figure, Sheet, sheet
from dovolen.insight.rooms import Base
from dovolen.insight.stats.held_out import LAST_BIN
from dovolen.insight.value import predicted
from dovolen.insight.value.joined import index
from dovolen.insight.value.predicted import Foretold, Margins, Sums
from dovolen.insight.value.ways import AHEAD, Days, Each, Ways

Floats = NDArray[np.float64]
EPOCH = date(1970, 1, 1)
SHORT = 180
"""Days left out under which the chart goes by weeks, not by months."""
PLACES = 36


class Expectations:
    """Every client's expected visits, money and place, with the proof."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._money = base.has("orders.revenue")
        self._begun: Future[list[Foretold]] | None = None

    def begin(self, aside: Executor) -> None:
        """Have the models fitted by another thread."""
        if self._begun is None and self._base.learnt("value_ways") is None:
            _ = self.days
            self._begun = aside.submit(self._foretold)

    @cached_property
    def days(self) -> Days:
        """Client-days of the base."""
        return predicted.client_days(self._base)

    @cached_property
    def groups(self) -> list[Foretold]:
        """Persons and companies apart, each with its verdict."""
        return self._foretold() if self._begun is None else self._begun.result()

    def _foretold(self) -> list[Foretold]:
        base = self._base
        return [
            predicted.foretell(self.days, name, kinds, earliest=base.earliest, asof=base.asof, money=self._money)
            for name, kinds in predicted.kinds(self.days).items()
        ]  # fmt: skip

    @cached_property
    def margin_share(self) -> Floats | None:
        """Share of margin by client; None without costs."""
        if not self._base.has("orders.parts_cost", "orders.labour_cost", "orders.revenue"):
            return None
        known = self._sums
        if self._margins is None or known is None:
            return None
        return self._margins.shares(self.days.kind, known, self._base.config.own_orders)

    @cached_property
    def _margins(self) -> Margins | None:
        return predicted.margins(self._base, self.days)

    @cached_property
    def _sums(self) -> Sums | None:
        """Sums of margin by kind, as learnt before or of these clients; None where no costs are told."""
        known = self._base.learnt("value_margins")
        if known is not None:
            return {row["kind"]: (row["orders"], row["revenue"], row["margin"]) for row in known.to_pylist()} or None
        return None if self._margins is None else self._margins.by_kind(self.days.kind)

    @cached_property
    def _expected(self) -> list[tuple[Ways, Each]]:
        """How each kind is foretold and what is expected of it: as learnt before, or of these clients."""
        known, asof = self._base.learnt("value_ways"), self._base.asof
        if known is None:
            return [(one.ways, one.each) for one in self.groups if one.ways]
        ways = [Ways.again(row) for row in known.to_pylist()]
        return [(one, one.each(self.days.of(one.kinds), asof)) for one in ways]

    def population(self) -> Mapping[str, pa.Table]:
        """How each kind is foretold, its sums of margin, and all values in order."""
        ways = [one.kept() for one, _ in self._expected]
        sums = {} if self.margin_share is None else self._sums or {}
        names = ("orders", "revenue", "margin")
        margins = [{"kind": kind, **dict(zip(names, of, strict=True))} for kind, of in sums.items()]
        return {
            "value_ways": pa.Table.from_pylist(ways),
            "value_margins": pa.Table.from_pylist(margins),
            "value_places": pa.table({"value": self._ranked}),
        }

    @cached_property
    def clients(self) -> dict[str, NDArray[Any]]:
        """By client: visits, alive, value (margin, else revenue), whether each may be told, model."""
        n = len(self.days.customer)
        made: dict[str, NDArray[Any]] = {name: np.full(n, np.nan) for name in ("visits", "alive", "value")}
        made |= {"fits": np.zeros(n, bool), "money_fits": np.zeros(n, bool), "model": np.full(n, None, object)}
        for ways, each in self._expected:
            made["visits"][each.code], made["alive"][each.code] = each.visits, each.alive
            made["value"][each.code] = each.visits * each.order
            made["fits"][each.code], made["money_fits"][each.code] = ways.fits, ways.money_fits
            made["model"][each.code] = ways.visits.model
        if self.margin_share is not None:
            made["value"] *= self.margin_share
        return made

    @property
    def _worth(self) -> Floats:
        """What places are given by."""
        return self.clients["value"] if self._money else self.clients["visits"]

    @cached_property
    def _ranked(self) -> Floats:
        """The values of everybody, ascending."""
        known = self._base.learnt("value_places")
        return np.sort(self._worth[np.isfinite(self._worth)]) if known is None else known["value"].to_numpy()

    @cached_property
    def place(self) -> Floats:
        """1 for the client of the highest value; equal ones share the better place; nan where there is no value."""
        place = len(self._ranked) - np.searchsorted(self._ranked, self._worth, side="right") + 1.0
        return np.where(np.isfinite(self._worth), place, np.nan)

    # Sheets

    def models(self) -> Sheet | None:
        """Each model on the days left out: purchases expected, with the interval of chance, and those that came."""
        rows: list[tuple[Any, ...]] = [
            (
                one.kind,
                model,
                judged.fit.n,
                judged.expected,
                judged.actual,
                *judged.interval,
                judged.word,
                model == one.held.chosen,
            )
            for one in self.groups
            if one.held
            for model, judged in one.held.judged.items()
        ]
        rows += [
            (one.kind, None, one.n, None, None, None, None, one.word, False) for one in self.groups if not one.held
        ]
        columns = (
            ("kind", "word"),
            ("model", "word"),
            ("clients", "clients"),
            ("expected_visits", "visits"),
            ("actual_visits", "visits"),
            ("low", "visits"),
            ("high", "visits"),
            ("fit", "word"),
            ("chosen", "flag"),
        )
        return self._held(sheet("value.models", columns, rows, n=self._learnt))

    def money(self) -> Sheet | None:
        """Sums foretold for the days left out against those that came."""
        rows = [
            (one.kind, money.model, one.learnt, money.expected, money.actual, money.low, money.high,
             _finite(money.correlation), money.word, money is one.money)
            for one in self.groups for money in one.moneys
        ]  # fmt: skip
        columns = (
            ("kind", "word"),
            ("spend_model", "word"),
            ("clients", "clients"),
            ("expected_money", "money"),
            ("actual_money", "money"),
            ("low", "money"),
            ("high", "money"),
            ("correlation", "ratio"),
            ("fit", "word"),
            ("chosen", "flag"),
        )
        return self._held(sheet("value.money", columns, rows, n=self._learnt))

    def bins(self) -> Sheet | None:
        """Clients by repeat visits before the cut: how often each came after it, expected and really."""
        rows = [
            (one.kind, f"{row.frequency}+" if row.frequency == LAST_BIN else str(row.frequency), row.clients,
             row.expected if enough else None, row.actual if enough else None, not enough)
            for one in self.groups if one.held for row in one.held.judged[one.held.chosen].bins
            for enough in [row.clients >= self._base.config.minimum]
        ]  # fmt: skip
        columns = (
            ("kind", "word"),
            ("repeats", "text"),
            ("clients", "clients"),
            ("expected_each", "number"),
            ("actual_each", "number"),
            ("withheld", "flag"),
        )
        return self._held(sheet("value.bins", columns, rows, n=sum(row[2] for row in rows)))

    def lines(self) -> list[Sheet | None]:
        """For each kind: repeat visits expected and real, by months; by weeks where few days are left out."""
        return [self._line(one) for one in self.groups]

    def _line(self, one: Foretold) -> Sheet | None:
        if one.held is None:
            return None
        first, last, cut = one.held.first_day, one.held.first_day + len(one.held.actual) - 1, one.held.cut
        if (self._base.asof - one.cut).days >= SHORT:
            ends, name, unit = predicted.month_ends(first, last), "month", "month"
        else:
            ends, name, unit = list(range(cut - (cut - first) // 7 * 7, last + 1, 7)), "week", "date"
        expected = np.diff([float(one.held.expected[end - first]) for end in ends], prepend=0.0)
        actual = np.diff([int(one.held.actual[end - first]) for end in ends], prepend=0)
        rows = [
            (_day(end).replace(day=1) if name == "month" else _day(end), float(foretold), int(came), end > cut)
            for end, foretold, came in zip(ends, expected, actual, strict=True)
        ][-PLACES:]
        columns = ((name, unit), ("expected_visits", "visits"), ("actual_visits", "visits"), ("held_out", "flag"))
        made = sheet(f"value.expected.{one.kind}", columns, rows, n=one.learnt)
        since = None if not rows else rows[0][0]
        return made and replace(made, rule="rule.value.expected", since=since, until=self._base.asof,
                                note=f"cut={one.cut}")  # fmt: skip

    def totals(self) -> Sheet | None:
        """Visits and money expected of each kind in the next 365 days; without sums where the model does not fit."""
        rows: list[tuple[Any, ...]] = []
        for one in self.groups:
            visits = float(one.each.visits.sum()) if one.fits else None
            value = self._total(one)
            ends = [None if visits is None else visits * (1 + side * one.spread) for side in (-1, 1)]
            rows.append(
                (one.kind, one.n, one.word, visits, *ends, one.money.word if one.fits and one.money else None, value)
            )
        columns = (
            ("kind", "word"),
            ("clients", "clients"),
            ("fit", "word"),
            ("visits_ahead", "visits"),
            ("low", "visits"),
            ("high", "visits"),
            ("money_fit", "word"),
            ("margin_ahead" if self.margin_share is not None else "revenue_ahead", "money"),
        )
        made = sheet("value.ahead", columns, rows, n=sum(row[1] for row in rows))
        since, until = self._ahead
        return made and replace(made, since=since, until=until)

    def _total(self, one: Foretold) -> float | None:
        return float(np.nansum(self.clients["value"][one.each.code])) if one.money_fits else None

    def names(self) -> Sheet | None:
        """Clients by their place, the most valuable first; sums and chances where the model fits."""
        found, place = self.clients, self.place
        order = np.argsort(place, kind="stable")
        order = order[np.isfinite(place[order])]
        if not len(order):
            return None
        shown = order[:LIST_LIMIT]
        known = self._base.views.fetch("SELECT customer_id, name, kind, revenue FROM customer_facts WHERE n_orders > 0")
        ids = known["customer_id"].combine_chunks()
        at = pa.array(index(ids, pa.array(self.days.customer[shown], ids.type)))
        names, kind, revenue = (known[name].take(at).to_pylist() for name in ("name", "kind", "revenue"))
        rows = [
            (
                int(place[one]),
                _plain(self.days.customer[one]),
                names[row],
                kind[row],
                revenue[row],
                float(found["visits"][one]) if found["fits"][one] else None,
                float(found["alive"][one]) if found["fits"][one] else None,
                float(found["value"][one]) if found["money_fits"][one] else None,
            )
            for row, one in enumerate(shown)
        ]
        columns = (
            ("place", "count"),
            ("customer_id", "id"),
            ("name", "text"),
            ("kind", "word"),
            ("revenue", "money"),
            ("visits_ahead", "number"),
            ("p_alive", "share"),
            ("margin_ahead" if self.margin_share is not None else "revenue_ahead", "money"),
        )
        made = sheet("value.names", columns, rows, n=len(order))
        return made and replace(made, cut=len(order) - len(rows))

    def figures(self) -> list[Figure]:
        """Visits and money expected of all whose model fits, with how far they may be off."""
        since, until = self._ahead
        made = []
        for key, unit, fitting in (
            ("value.visits_ahead", "visits", [one for one in self.groups if one.fits]),
            ("value.money_ahead", "money", [one for one in self.groups if one.money_fits]),
        ):
            if unit == "money" and not self._money:
                continue
            if not fitting:  # value.ahead says so in words
                continue
            each = [float(one.each.visits.sum()) if unit == "visits" else (self._total(one) or 0.0) for one in fitting]
            off = sum(size * one.spread for size, one in zip(each, fitting, strict=True))
            total, n = sum(each), sum(one.n for one in fitting)
            value: float | int = round(total) if unit == "money" else total
            made.append(
                Figure(
                    key,
                    value,
                    unit,
                    n,
                    max(0.0, total - off),
                    total + off,
                    rule=f"rule.{key}",
                    since=since,
                    until=until,
                )
            )
        return made

    @property
    def _ahead(self) -> tuple[date, date]:
        """The days foretold."""
        return self._base.asof + timedelta(days=1), self._base.asof + timedelta(days=AHEAD)

    @property
    def _learnt(self) -> int:
        """Clients that the models learnt from: those known before the days left out."""
        return sum(one.learnt for one in self.groups)

    def _held(self, made: Sheet | None) -> Sheet | None:
        """The sheet with the days left out as its period."""
        cut = self.groups[0].cut if self.groups else self._base.asof
        return made and replace(made, since=cut + timedelta(days=1), until=self._base.asof)


def _day(number: int) -> date:
    return EPOCH + timedelta(days=int(number))


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _plain(value: Any) -> Any:
    return value.item() if isinstance(value, np.generic) else value
