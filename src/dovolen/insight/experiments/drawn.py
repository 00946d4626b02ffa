"""Campaigns as they were drawn: who was written to, who was held out, what each did then and had done before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dovolen.insight.rooms import Base

Numbers = NDArray[np.float64]
Mask = NDArray[np.bool_]

_SUMS = ("n_days", "n_orders", "revenue", "margin", "cost", "n_orders_before", "revenue_before", "margin_before",
         "days_365_before", "silent_before")  # fmt: skip
SILENCE = ((90, "silent_90"), (180, "silent_180"), (365, "silent_365"), (float("inf"), "silent_over"))
VISITS = ((0, "days_0"), (1, "days_1"), (5, "days_2_5"), (float("inf"), "days_6_up"))
_ORDER = ("never_came", *(code for _, code in (*SILENCE, *VISITS)))


@dataclass(frozen=True)
class Campaign:
    """One campaign with a row a client whose weeks have passed; nothing that it could have changed is among `parts`."""

    campaign_id: Any
    start: date
    days_left: int  # until the weeks of its last client have passed; 0 when they have, or in a series
    drawn: tuple[int, int]  # clients written to and held out, those whose weeks still run among them
    waiting: int  # clients whose weeks still run
    both_arms: int  # clients with rows on both sides
    has_margin: bool  # margin is known of every order that counts
    has_past: bool  # the base's data reach as far back as the weeks before the start
    treated: Mask
    sums: dict[str, Numbers] = field(repr=False)
    parts: dict[str, list[str]] = field(repr=False)  # what he was before the start: a code a client, by kind of code

    @property
    def n_treated(self) -> int:
        """Clients who were written to."""
        return int(self.treated.sum())

    @property
    def n_holdout(self) -> int:
        """Clients who were held out."""
        return int((~self.treated).sum())

    @property
    def came(self) -> Mask:
        """Whether a client came in his weeks."""
        return np.asarray(self.sums["n_days"] > 0)


def campaigns(base: Base) -> list[Campaign]:
    """Every campaign that began by the study's day, the latest first."""
    rows = base.views.fetch("SELECT * FROM campaign_outcomes ORDER BY campaign_id, customer_id")
    found = [_campaign(part, base) for part in _each(rows)]
    return sorted(found, key=lambda one: (one.start, str(one.campaign_id)), reverse=True)


def place_of(part: str) -> int:
    """Where a part of the base stands among those of its kind."""
    return _ORDER.index(part) if part in _ORDER else len(_ORDER)


def _each(rows: pa.Table) -> Iterator[pa.Table]:
    """The rows of each campaign: they lie together."""
    names = rows["campaign_id"].to_pylist()
    begins = [place for place in range(len(names)) if place == 0 or names[place] != names[place - 1]]
    for begin, end in pairwise([*begins, len(names)]):
        yield rows.slice(begin, end - begin)


def _campaign(rows: pa.Table, base: Base) -> Campaign:
    days = 7 * base.config.campaign_weeks
    starts = rows["start_date"].to_numpy().astype("datetime64[D]")
    last = starts + np.timedelta64(days - 1, "D")
    passed = last <= np.datetime64(base.asof)
    # A series goes on taking clients in; waiting for its last would be waiting for ever.
    series = int((starts.max() - starts.min()).astype(int)) >= days
    left = 0 if series and passed.any() else int((last.max() - np.datetime64(base.asof)).astype(int))
    ready, sides = rows.filter(pa.array(passed)), _numbers(rows, "treated")
    sums = {name: _numbers(ready, name) for name in _SUMS}
    start = starts.min().astype(object)
    earliest = (starts[passed].min() if passed.any() else starts.min()).astype(object)
    return Campaign(
        rows["campaign_id"][0].as_py(),
        start,
        days_left=max(0, left),
        drawn=(int(sides.sum()), int(len(sides) - sides.sum())),
        waiting=int((~passed).sum()),
        both_arms=int(_numbers(rows, "both_arms").sum()),
        has_margin=base.has("orders.parts_cost", "orders.labour_cost") and not _numbers(ready, "no_margin").any(),
        has_past=base.earliest <= earliest - timedelta(days=days),
        treated=np.asarray(_numbers(ready, "treated") == 1),
        sums=sums,
        parts=_parts(ready, sums),
    )


def _numbers(rows: pa.Table, name: str) -> Numbers:
    return np.asarray(rows[name].to_numpy(), np.float64)


def _parts(rows: pa.Table, sums: dict[str, Numbers]) -> dict[str, list[str]]:
    """What the clients were on the day before their start, so that the campaign had no hand in it."""
    silent = np.where(np.isnan(sums["silent_before"]), -1.0, sums["silent_before"])
    kinds = [f"kind_{kind or 'unknown'}" for kind in rows["kind"].to_pylist()]
    found = {
        "silence": _banded(silent, SILENCE, below="never_came"),
        "visits": _banded(sums["days_365_before"], VISITS),
        "kind": kinds,
    }
    return {name: codes for name, codes in found.items() if len(set(codes)) > 1}


def _banded(values: Numbers, bands: tuple[tuple[float, str], ...], *, below: str = "") -> list[str]:
    """The band of each value by its upper ends; `below` names what lies under nought."""
    codes = np.array([code for _, code in bands] + [below], dtype=object)
    place = np.searchsorted([end for end, _ in bands], values, side="left")
    named: list[str] = codes[np.where(values < 0, len(bands), place)].tolist()
    return named
