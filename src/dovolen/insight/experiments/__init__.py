"""Campaigns as experiments: what a mailing brought above what would have come by itself, and how to plan the next."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cached_property
from math import sqrt
from typing import Any

import pyarrow as pa

from dovolen.insight.experiments.drawn import campaigns
from dovolen.insight.experiments.judged import Judged, judged
from dovolen.insight.experiments.parts import Part, by_part
from dovolen.insight.experiments.planned import LIFTS, Reach, plan
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.rooms import Base, Pieces
from dovolen.insight.stats import intervals
from dovolen.insight.stats.effects import Effect

__all__ = ["Experiments", "Reach", "plan"]

PER = 100  # orders are told of so many clients: of one they would be a fraction


class Experiments:
    """The room of campaigns. Needs messages with `campaign_id`; claims need `arm` = holdout for some of them."""

    def __init__(self, base: Base) -> None:
        self._base = base
        self._days = 7 * base.config.campaign_weeks
        self._possible = base.has("messages.campaign_id", "orders.customer_id")

    def figures(self) -> list[Figure]:
        """How many come by themselves, the smallest lift the base can show, what all campaigns brought."""
        if not self._base.has("orders.customer_id"):
            return []
        made = [self._by_itself, self._smallest]
        if self._found:
            made.append(Figure("experiments.campaigns", len(self._found), "count", rule="rule.experiments.campaigns"))
        return [*made, *self._brought()]

    def sheets(self) -> list[Sheet | None]:
        """Campaigns with their verdicts, effects on visits, orders and money, by part of the base, and the planner."""
        if not self._base.has("orders.customer_id"):
            return []
        return [self._list(), self._effects("visits"), self._effects("orders"), self._money(), *self._parts(),
                self._plan()]  # fmt: skip

    def clients(self) -> pa.Table | None:
        """Nothing of a single client: an effect is a difference of groups."""
        return None

    def files(self) -> Mapping[str, Pieces]:
        """None."""
        return {}

    def missing(self) -> list[tuple[str, str]]:
        """Campaigns, or a control group, where the source tells none."""
        needs = (("campaigns", "messages.campaign_id"), ("control_group", "messages.arm"))
        return [(what, column) for what, column in needs if not self._base.has(column)]

    # What happened

    @cached_property
    def _found(self) -> list[Judged]:
        if not self._possible:
            return []
        config, with_money = self._base.config, self._base.has("orders.revenue")
        return [judged(one, config, with_money=with_money) for one in campaigns(self._base)]

    @cached_property
    def _claimed(self) -> list[Judged]:
        """Campaigns with an effect that may be told."""
        return [one for one in self._found if one.visits is not None]

    def _list(self) -> Sheet | None:
        rows = []
        for one in self._found:
            drawn = one.campaign
            running = one.says == "running"
            came = None if running else int((drawn.came & drawn.treated).sum())
            cost = int(drawn.sums["cost"].sum()) if self._base.has("messages.cost") and not running else None
            left = drawn.days_left or None
            rows.append(
                (drawn.campaign_id, one.says, drawn.start, *drawn.drawn, came, cost, left, drawn.both_arms or None)
            )
        columns = (
            ("campaign_id", "id"), ("campaign_verdict", "word"), ("campaign_start", "date"), ("n_treated", "clients"),
            ("n_holdout", "clients"), ("n_came", "clients"), ("campaign_cost", "money"), ("days_left", "days"),
            ("both_arms", "clients"),
        )  # fmt: skip
        n = sum(len(one.campaign.treated) + one.campaign.waiting for one in self._found)
        return self._sheet("experiments.campaigns", columns, rows, n)

    def _effects(self, measure: str) -> Sheet | None:
        """One line a campaign: the share who came, or orders of a hundred clients, with and without it."""
        unit, times = ("share", 1) if measure == "visits" else ("number", PER)
        rows = []
        for one in self._claimed:
            effect = one.visits if measure == "visits" else one.orders
            if effect is not None and not effect.few:
                rows.append((one.campaign.campaign_id, *_told(effect, times)))
        columns = (
            ("campaign_id", "id"), ("with_campaign", unit), ("without_campaign", unit), ("campaign_lift", unit),
            ("low", unit), ("high", unit), ("n_treated", "clients"), ("n_holdout", "clients"),
        )  # fmt: skip
        return self._sheet(f"experiments.{measure}", columns, rows, self._clients())

    def _money(self) -> Sheet | None:
        """What a client brought, net of messages' cost, and revenue as billed; `in_all`, where sure, of all of them."""
        rows = []
        for one in self._claimed:
            for name, effect in ((f"net_{one.measure}", one.money), ("revenue", one.revenue)):
                if effect is None or effect.few or effect.value is None:
                    continue
                known = None if effect.method != "cuped" else max(0.0, effect.reduction or 0.0)
                in_all = round(effect.value * effect.n_treated) if effect.up or effect.down else None
                rows.append((one.campaign.campaign_id, name, *_told(effect, 1)[:5], in_all, known))
        columns = (
            ("campaign_id", "id"), ("effect_of", "word"), ("with_campaign", "money"), ("without_campaign", "money"),
            ("campaign_lift", "money"), ("low", "money"), ("high", "money"), ("in_all", "money"),
            ("history_share", "share"),
        )  # fmt: skip
        return self._sheet("experiments.money", columns, rows, self._clients())

    def _parts(self) -> list[Sheet | None]:
        found = [(one, part) for one in self._claimed for part in by_part(one, self._base.config)]
        return [self._parts_of("visits", "share", found), self._parts_of("money", "money", found)]

    def _parts_of(self, measure: str, unit: str, found: list[tuple[Judged, Part]]) -> Sheet | None:
        rows = []
        mine = [(one, part) for one, part in found if part.measure == measure]
        if all(part.effect.few for _, part in mine):
            return None  # a table that says "too few" of everything says nothing
        for one, part in mine:
            effect, gap = part.effect, part.gap
            apart = (None, None, None) if gap is None else (gap.value, gap.low, gap.high)
            told = (effect.value, effect.low, effect.high, *apart)
            sizes = effect.n_treated, effect.n_holdout
            rows.append((one.campaign.campaign_id, part.part, part.says, *told, *sizes, effect.few))
        columns = (
            ("campaign_id", "id"), ("campaign_part", "word"), ("campaign_reaction", "word"), ("campaign_lift", unit),
            ("low", unit), ("high", unit), ("apart", unit), ("apart_low", unit), ("apart_high", unit),
            ("n_treated", "clients"), ("n_holdout", "clients"), ("withheld", "flag"),
        )  # fmt: skip
        return self._sheet(f"experiments.parts_{measure}", columns, rows, self._clients())

    def _brought(self) -> list[Figure]:
        """What all campaigns with a control brought in all; their clients are drawn apart, so variances add up."""
        told = [one.money for one in self._claimed if one.money is not None and not one.money.few]
        sums = [_ends(effect) for effect in told]
        if not sums:
            return []
        value = sum(middle for middle, _, _ in sums)
        low = value - sqrt(sum((middle - low) ** 2 for middle, low, _ in sums))
        high = value + sqrt(sum((high - middle) ** 2 for middle, _, high in sums))
        key, n = "experiments.brought", sum(effect.n_treated for effect in told)
        # A sum that may be nothing is no claim, however large it looks.
        ends = (None, None, None) if low <= 0 <= high else (round(value), low, high)
        return [
            Figure(key, ends[0], "money", n=n, low=ends[1], high=ends[2], few=ends[0] is None, rule=f"rule.{key}",
                   since=self._since(), until=self._base.asof)
        ]  # fmt: skip

    # What may be planned

    @cached_property
    def _rhythm(self) -> dict[str, Any]:
        return self._base.views.row("SELECT clients, came FROM campaign_rhythm")

    @cached_property
    def _by_itself(self) -> Figure:
        """The share who come in so many days without any campaign known of, over the latest days."""
        n, came, key = self._rhythm["clients"], self._rhythm["came"], "experiments.by_itself"
        if n < self._base.config.minimum:
            return Figure(key, None, "share", n=n, few=True, rule=f"rule.{key}")
        low, high = intervals.wilson(came, n)
        return Figure(key, came / n, "share", n=n, low=low, high=high, rule=f"rule.{key}")

    @cached_property
    def _planned(self) -> list[Reach]:
        rate = self._by_itself.value
        if not isinstance(rate, float) or not 0 < rate < 1:
            return []
        return plan(rate, self._rhythm["clients"])

    @property
    def _smallest(self) -> Figure:
        """The smallest lift that half of the base against the other half would show."""
        key, n = "experiments.smallest_lift", self._rhythm["clients"]
        found = self._planned[-1].smallest if self._planned else None
        return Figure(key, found, "share", n=n, few=found is None, rule=f"rule.{key}")

    def _plan(self) -> Sheet | None:
        rows = [(one.holdout, *(one.clients.get(lift) for lift in LIFTS), one.smallest) for one in self._planned]
        columns = (
            ("holdout_share", "share"), ("see_1_point", "clients"), ("see_2_points", "clients"),
            ("see_5_points", "clients"), ("smallest_lift", "share"),
        )  # fmt: skip
        since = self._base.asof - timedelta(days=self._days - 1)
        return self._sheet("experiments.plan", columns, rows, self._rhythm["clients"], since=since)

    # How it is told

    def _since(self) -> date | None:
        return min((one.campaign.start for one in self._found), default=None)

    def _clients(self) -> int:
        return sum(len(one.campaign.treated) for one in self._claimed)

    def _sheet(
        self, key: str, columns: tuple[tuple[str, str], ...], rows: list[tuple[Any, ...]], n: int, **more: Any
    ) -> Sheet | None:  # fmt: skip
        if not rows:
            return None
        period = {"since": self._since(), "until": self._base.asof} | more
        return Sheet(key, columns, rows, n=n, rule=f"rule.{key}", **period)


def _told(effect: Effect, times: int) -> tuple[Any, ...]:
    told = (effect.treated, effect.holdout, effect.value, effect.low, effect.high)
    return (*(None if value is None else value * times for value in told), effect.n_treated, effect.n_holdout)


def _ends(effect: Effect) -> tuple[float, float, float]:
    """The effect on everyone written to, with its interval."""
    value, low, high = (effect.n_treated * (end or 0.0) for end in (effect.value, effect.low, effect.high))
    return value, low, high
