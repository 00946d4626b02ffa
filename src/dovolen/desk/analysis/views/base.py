"""«База»: who the clients are, how the base changed, what each direction of RFM says, whom the house may lose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from dovolen.desk.analysis import drill
from dovolen.desk.analysis.models import ClientResult, Snapshot
from dovolen.desk.analysis.queries import clients as names
from dovolen.desk.analysis.queries import compared as pairs
from dovolen.desk.analysis.views.compared import between
from dovolen.desk.analysis.views.named import named
from dovolen.desk.analysis.views.satisfaction import verdict
from dovolen.desk.analysis.views.shown import RIGHT, Shown, page
from dovolen.desk.core.access import may

FIGURES = ("orders.promise_kept", "satisfaction.mean", "retention.one_year", "risk.money", "feedback.nps")
ABOVE = (("cascade.steps", 7), ("rfm.cells", 5), ("satisfaction.facts", 7))
BELOW = (
    ("rfm.picture27", 12), ("rfm.movement", 5), ("lifecycle.by_rfm", 7), ("lifecycle.states", 5),
    ("rfm.reading", 7), ("cohorts", 12), ("rfm.segments", 12), ("frequency.bands", 12), ("months.orders", 6),
    ("months.revenue", 6),
)  # fmt: skip
COMPARED = ("cascade.steps", "rfm.movement")
"""Panels that tell of the time since another snapshot when one is chosen."""
LOSING = 6
PERIODS = {"month": 30, "quarter": 91, "year": 365}
NEAR = 0.35
"""A kept day stands for a period when it is off by no more than this share of it."""


@dataclass(frozen=True)
class Period:
    """A time back to a kept snapshot: its words are `study.period.<name>`."""

    name: str
    query: str
    is_current: bool


@may(RIGHT)
@require_safe
def base(request: HttpRequest) -> HttpResponse:
    """The base as a whole."""
    return page(request, "analysis/base.html", "base", figures=FIGURES, fill=_fill)


def _fill(shown: Shown) -> dict[str, Any]:
    assert shown.snapshot is not None
    kept = list(pairs.kept(shown.snapshot)[: pairs.MOST])
    days = sorted({one.day for one in kept}, reverse=True)
    earlier = _chosen(shown, kept)
    cards = {key: shown.panels([(key, wide)])[0] for key, wide in (*ABOVE, *BELOW)}
    if earlier is not None:
        study, _ = between(shown, earlier, shown.snapshot)
        for key in COMPARED:
            wide = dict((*ABOVE, *BELOW))[key]
            cards[key] = shown.card(study, key, wide, since=earlier.day.isoformat()) or cards[key]
    return {
        "above": [cards[key] for key, _ in ABOVE], "below": [cards[key] for key, _ in BELOW],
        "verdict": verdict(shown), "periods": _periods(shown, days, earlier), "losing": _losing(shown, shown.snapshot),
        "losing_url": drill.names({"point": names.ANY}, shown.scope_key, day=shown.day),
        "steps": _beside(shown, days), "may_set_classes": shown.person.may("set classes"),
    }  # fmt: skip


def _chosen(shown: Shown, kept: list[Snapshot]) -> Snapshot | None:
    """The kept snapshot that the address compares with."""
    asked = shown.request.GET.get("since", "")
    found = (one for one in kept if one.day.isoformat() == asked and one.day < shown.snapshot.day)  # type: ignore[union-attr]
    return next(found, None)


def _periods(shown: Shown, days: list[date], earlier: Snapshot | None) -> list[Period]:
    """A month, a quarter, a year back, as far as snapshots are kept."""
    today, made = shown.snapshot.day, []  # type: ignore[union-attr]
    for name, length in PERIODS.items():
        wanted = today - timedelta(days=length)
        near = min((day for day in days if day < today), key=lambda day: abs((day - wanted).days), default=None)
        if near is not None and abs((near - wanted).days) <= NEAR * length:
            query = drill.address(since=near, scope=shown.scope_key, day=shown.day)
            made.append(Period(name, query, earlier is not None and earlier.day == near))
    return made


def _beside(shown: Shown, days: list[date]) -> dict[str, str]:
    """Addresses of the kept days before and after the one that is shown."""
    today = shown.snapshot.day  # type: ignore[union-attr]
    before = next((day for day in days if day < today), None)
    after = next((day for day in reversed(days) if day > today), None)
    found = {"earlier": before, "later": after}
    return {side: drill.address(day=day, scope=shown.scope_key) for side, day in found.items() if day is not None}


def _losing(shown: Shown, snapshot: Snapshot) -> dict[str, Any]:
    """The dearest of those who may leave, and how many there are."""
    mine = ClientResult.objects.filter(snapshot=snapshot, n_risks__gt=0)
    dearest = names.with_names(names.ordered(mine, "risk"))[:LOSING]
    return {"rows": named(shown, list(dearest)), "n": mine.count()}
