"""What a campaign did, by intention to treat, and what may be said of it aloud."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from dovolen.insight.config import Config
from dovolen.insight.experiments.drawn import Campaign, Mask
from dovolen.insight.stats import effects, trials, verdicts
from dovolen.insight.stats.effects import Effect

Says = Literal[
    "running", "no_control", "uneven_split", "too_few", "works", "harms", "more_visits_no_more_money",
    "more_visits_money_unclear", "fewer_visits_money_unclear", "unclear", "more_visits", "fewer_visits",
]  # fmt: skip
UNEVEN = 0.001
"""A difference before the start that chance makes once in a thousand draws: the sides were not drawn alike."""


@dataclass(frozen=True)
class Judged:
    """A campaign's effects; none where it has no control, still runs, or its sides were not drawn alike."""

    campaign: Campaign
    says: Says
    visits: Effect | None = None  # share of clients who came
    orders: Effect | None = None  # orders of a client
    money: Effect | None = None  # what a client brought, net: margin where costs are known, else revenue
    revenue: Effect | None = None  # billed, before the messages' cost

    @property
    def measure(self) -> str:
        """What `money` is made of."""
        return "margin" if self.campaign.has_margin else "revenue"


def judged(campaign: Campaign, config: Config, *, with_money: bool) -> Judged:
    """The effects of a campaign and the verdict on it."""
    if campaign.days_left or not len(campaign.treated):
        return Judged(campaign, "running")
    if campaign.n_holdout == 0:
        return Judged(campaign, "no_control")
    if not _alike(campaign, config):
        return Judged(campaign, "uneven_split")
    visits = effects.rate(campaign.came, campaign.treated, minimum=config.minimum)
    orders = _per_client(campaign, "n_orders", config)
    if not with_money:
        return Judged(campaign, _by_visits(visits), visits, orders)
    money = money_of(campaign, config, None)
    revenue = _per_client(campaign, "revenue", config)
    return Judged(campaign, verdicts.verdict(visits, money), visits, orders, money, revenue)


def money_of(campaign: Campaign, config: Config, rows: Mask | None) -> Effect:
    """The effect on what a client brought, less the cost of messages; among the clients of `rows` alone if given."""
    name = "margin" if campaign.has_margin else "revenue"
    taken = np.ones(len(campaign.treated), np.bool_) if rows is None else rows
    sums = campaign.sums
    return effects.money(
        sums[name][taken],
        campaign.treated[taken],
        costs=sums["cost"][taken],
        before=sums[f"{name}_before"][taken] if campaign.has_past else None,
        minimum=config.minimum,
    )


def _per_client(campaign: Campaign, name: str, config: Config) -> Effect:
    before = campaign.sums[f"{name}_before"] if campaign.has_past else None
    return effects.money(campaign.sums[name], campaign.treated, before=before, minimum=config.minimum)


def _alike(campaign: Campaign, config: Config) -> bool:
    """Whether the sides are as many as was meant, and had done the same before anything was sent."""
    sizes = campaign.n_treated, campaign.n_holdout
    if config.campaign_holdout and trials.split_p(*sizes, config.campaign_holdout) < UNEVEN:
        return False
    came = effects.rate(campaign.sums["days_365_before"] > 0, campaign.treated, minimum=config.minimum)
    often = effects.money(campaign.sums["days_365_before"], campaign.treated, minimum=config.minimum)
    return all(past.p is None or past.p >= UNEVEN for past in (came, often))


def _by_visits(visits: Effect) -> Says:
    """The verdict where the source tells no money."""
    if visits.few:
        return "too_few"
    return "more_visits" if visits.up else "fewer_visits" if visits.down else "unclear"
