"""What an unfinished order is losing now, and what it will lose next: by the card's own points, in plain Python.

The facts are read off the order's own rows; what only the whole base can tell (the usual time of such work, whether it
comes back) is left out and said so. The score itself is the analysis's.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from typing import Any

from django.db.models import BooleanField, Case, Count, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, When

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.analysis.points import amount
from dovolen.desk.core import words
from dovolen.desk.messaging.models import DELIVERED, READ, SENT, Contact, Message
from dovolen.desk.orders.models import CLOSED, PART, Approval, Promise, RepairOrder, StageEntry

DAY = timedelta(days=1)
LONG_PROMISE = 10
"""Days of a promise beyond which lateness counts by its share of them."""
SILENT_AFTER = 2 * DAY
AHEAD = timedelta(days=14)
EVIDENCE = "evidence"
AT_CENTRE = ("delay", "promises_moved", "not_first_time", "contacts_in", "over_estimate", "no_word")
"""Facts that the order's own rows tell."""


@dataclass(frozen=True)
class Lost:
    """Points that a fact took already."""

    fact: str
    points: float
    value: str

    @property
    def name(self) -> str:
        """The fact in words."""
        return words.current().name("knowledge.fact", self.fact)


@dataclass(frozen=True)
class Ahead:
    """Points that will go at a moment unless something is done."""

    fact: str
    points: float
    at: datetime
    minutes: int
    """Until then, by the calendar."""
    is_first: bool = False
    """Nothing of this fact is lost yet."""


@dataclass(frozen=True)
class Losing:
    """How an order stands on the card now."""

    base: float
    lost: list[Lost]
    ahead: list[Ahead]

    @property
    def score(self) -> int:
        """What is left of the base by what the order tells itself."""
        return max(0, min(99, round(self.base + sum(one.points for one in self.lost))))


def orders_of(staff: Staff) -> QuerySet[RepairOrder]:
    """Orders he may see, each with all that its losses are read off: one query."""
    mine = {"order": OuterRef("pk")}
    agreed = Promise.objects.filter(**mine, is_after_break=False).order_by("-at", "-pk").values("promised_at")[:1]
    promises = Promise.objects.filter(**mine).order_by().values("order").annotate(n=Count("pk")).values("n")
    calls = Contact.objects.filter(_during(), direction="in").order_by().values("customer")
    told = Message.objects.filter(order_number=OuterRef("number"), state__in=[SENT, DELIVERED, READ])
    latest = Snapshot.objects.published().order_by(F("centre").asc(nulls_first=True), "-day", "-pk")
    return RepairOrder.objects.visible_to(staff).select_related("centre").annotate(
        agreed_until=Subquery(agreed),
        n_promises=Subquery(promises),
        n_calls=Subquery(calls.annotate(n=Count("pk")).values("n")),
        has_word=Case(
            When(Exists(told) | Exists(Contact.objects.filter(_during(), direction="out")), then=True),
            default=False,
            output_field=BooleanField(),
        ),
        approved=Subquery(Approval.objects.filter(**mine).order_by("-at", "-pk").values("amount")[:1]),
        waited_for_part=Exists(StageEntry.objects.filter(**mine, stage__phase=PART)),
        study_meta=Subquery(latest.values("meta")[:1], output_field=JSONField()),
    )  # fmt: skip


def _during() -> Q:
    """Contacts about an order: those that name it, and those of its client since that name none."""
    unnamed = Q(order_number=None, customer=OuterRef("customer"), at__gt=OuterRef("accepted_at"))
    return Q(order_number=OuterRef("number")) | unnamed


@lru_cache(maxsize=4)
def _card(name: str) -> Mapping[str, Any]:
    place = files("dovolen.insight").joinpath("scorecards", f"{name}.toml")
    return tomllib.loads(place.read_text("utf-8"))


def losing(order: Any, now: datetime) -> Losing | None:
    """What an order taken from `orders_of` loses; None once it is closed, and where the card takes no points away."""
    config = (order.study_meta or {}).get("config", {})
    if order.phase == CLOSED or config.get("scorecard", EVIDENCE) != EVIDENCE:
        return None
    card = _card(EVIDENCE)
    own = {one["fact"]: one["points"] for one in config.get("card_points") or []}
    steps = {one["fact"]: (one["cuts"], own.get(one["fact"], one["points"])) for one in card["facts"]}
    values = facts(order, now)
    lost = [
        Lost(fact, points, amount(fact, value))
        for fact, value in values.items()
        if (points := points_at(*steps[fact], value)) < 0
    ]
    ahead = _of_promise(order, now, values["delay"], *steps["delay"]) + _of_silence(order, now, *steps["no_word"])
    return Losing(
        card["base"], sorted(lost, key=lambda one: one.points), sorted(ahead, key=lambda one: (one.at, one.fact))
    )


def points_at(cuts: Sequence[float], points: Sequence[float], value: float) -> float:
    """The points of a value: the value at a cut stays below it."""
    return points[sum(value > cut for cut in cuts)]


def facts(order: Any, now: datetime) -> dict[str, float]:
    """What the order's own rows tell of each fact."""
    until = order.ready_at or now
    base = order.approved or order.estimate
    is_silent = not order.has_word and until - order.accepted_at > SILENT_AFTER
    return {
        "delay": _scale(order) * (until - order.agreed_until) / DAY if order.agreed_until else 0,
        "promises_moved": max(0, (order.n_promises or 0) - 1),
        "not_first_time": float(order.rework_of_id is not None or order.waited_for_part),
        "contacts_in": order.n_calls or 0,
        "over_estimate": (order.total - base) / base if base else 0,
        "no_word": float(is_silent),
    }


def _scale(order: Any) -> float:
    """A promise of more than ten days is held to its share of them."""
    promised = (order.agreed_until - order.accepted_at) / DAY
    return LONG_PROMISE / promised if promised > LONG_PROMISE else 1


def _of_promise(
    order: Any, now: datetime, delay: float, cuts: Sequence[float], points: Sequence[float]
) -> list[Ahead]:  # fmt: skip
    """The next two steps down of an order that is not ready."""
    if order.ready_at is not None or order.agreed_until is None:
        return []
    found = []
    for place, cut in enumerate(cuts):
        at = order.agreed_until + DAY * (cut / _scale(order))
        if delay <= cut and at - now <= AHEAD:
            found.append(_ahead("delay", points[place + 1] - points[place], at, now, is_first=place == 0))
    return found[:2]


def _of_silence(order: Any, now: datetime, cuts: Sequence[float], points: Sequence[float]) -> list[Ahead]:  # noqa: ARG001
    at = order.accepted_at + SILENT_AFTER
    if order.ready_at is not None or order.has_word or at <= now:
        return []
    return [_ahead("no_word", points[-1] - points[0], at, now, is_first=True)]


def _ahead(fact: str, points: float, at: datetime, now: datetime, *, is_first: bool) -> Ahead:
    return Ahead(fact, points, at, int((at - now).total_seconds() // 60), is_first)
