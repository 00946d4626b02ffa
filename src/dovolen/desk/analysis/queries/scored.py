"""Scored orders page by page: what satisfaction was asked for, and the orders behind it.

Scores are written by snapshots of the whole house; a snapshot of one centre shows those of its own orders. Of a row
that a later snapshot superseded the one as of the day is shown, so that a list is as old as the page it opens from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import DateTimeField, ExpressionWrapper, FloatField, Func, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import In

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis.models import OrderScore, OrderScoreQuerySet, Snapshot
from dovolen.desk.orders.models import CLOSED, PART, READY, TOLD, RepairOrder, Stage, StageEntry

PAGE = 50
YEAR = 365
TEXT_LENGTH = 80
LATEST, WORST = "latest", "worst"
SORTS = (LATEST, WORST)
UNKNOWN = "none"
"""In place of a name: orders of which it is not told."""
ANSWERED = "answered"
BANDS = (*(str(low) for low in range(0, 100, 10)), "low", ANSWERED, "unsure")
"""Ten points from this one on; up to the cut; answered by the client himself; too little known."""
WITHOUT_WORK = (READY, TOLD, CLOSED)
"""Phases in which nobody waits for the work."""


@dataclass(frozen=True)
class ScoreFilter:
    """Which scored orders somebody wants to see. What the address says and nobody knows is not asked for."""

    fact: str = ""
    band: str = ""
    technician: str = ""
    advisor: str = ""
    category: str = ""
    stage: str = ""
    month: str = ""
    centre: str = ""
    sort: str = LATEST

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> ScoreFilter:
        """The filter of an address."""
        given = {field.name: str(asked.get(field.name, "")).strip()[:TEXT_LENGTH] for field in fields(cls)}
        return replace(cls(), **{name: value for name, value in given.items() if value and _is_sound(name, value)})

    @property
    def query(self) -> str:
        """As an address says it: only what is not usual."""
        usual = ScoreFilter()
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in told.items() if value != getattr(usual, name)})

    @property
    def is_narrow(self) -> bool:
        """Whether anything but the order of rows is asked for."""
        return replace(self, sort=LATEST) != ScoreFilter()

    def without(self, name: str) -> str:
        """The address with one condition fewer."""
        return replace(self, **{name: ""}).query

    def sorted_by(self, sort: str) -> str:
        """The same orders in another order."""
        return replace(self, sort=sort).query


def _is_sound(name: str, value: str) -> bool:
    checks: dict[str, Callable[[str], bool]] = {
        "fact": lambda text: text.isascii() and text.isidentifier(),
        "band": lambda text: text in BANDS,
        "centre": lambda text: text.isascii() and text.isdigit() and len(text) < 18,
        "month": lambda text: _month(text) is not None,
        "sort": lambda text: text in SORTS,
    }
    return "\x00" not in value and checks.get(name, bool)(value)


def _month(text: str) -> date | None:
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        return None


def period(asked: ScoreFilter, day: date) -> tuple[date, date]:
    """First and last day on which the orders were closed: the year up to the snapshot's day, or the month asked for."""
    if month := _month(asked.month):
        following = (month + timedelta(days=31)).replace(day=1)
        return month, min(following - timedelta(days=1), day)
    return day - timedelta(days=YEAR - 1), day


def house_of(snapshot: Snapshot) -> Snapshot:
    """The snapshot of the whole house that wrote the scores shown beside this one; itself where there is none."""
    if snapshot.centre_id is None:
        return snapshot
    whole = Snapshot.objects.published().filter(centre=None, day__lte=snapshot.day)
    return whole.only("pk", "day").order_by("-day", "-pk").first() or snapshot


# ── Which ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def matching(asked: ScoreFilter, snapshot: Snapshot, staff: Staff, *, cut: int) -> list[OrderScoreQuerySet]:
    """Scores of closed orders that he may see and asks for, in two parts: as they stand, and as they stood.

    Two questions are answered by an index each; joined by "or" they would read all scores.
    """
    since, until = period(asked, snapshot.day)
    house = house_of(snapshot)
    places = staff.centre_ids("see orders")
    if snapshot.centre_id is not None:
        places = places & {snapshot.centre_id}
    if asked.centre:
        places = places & {int(asked.centre)}
    closed = Q(scored_on__range=(since, until)) | Q(scored_on=None, order__is_past=True, accepted_on__gte=since)
    seen = OrderScore.objects.filter(
        closed, _asked(asked, cut, until), snapshot__lte=house.pk, accepted_on__lte=until, order__centre__in=places,
        score__isnull=False,
    )  # fmt: skip
    return [seen.filter(superseded_by=None), seen.filter(superseded_by__gt=house.pk)]


def _asked(asked: ScoreFilter, cut: int, until: date) -> Q:
    found = Q()
    if asked.fact:
        found &= _lost(asked.fact)
    if asked.band:
        found &= _banded(asked.band, cut)
    for name in ("technician", "advisor", "category"):
        if value := getattr(asked, name):
            found &= NAMED[name](value)
    return found & _slow(asked.stage, until) if asked.stage else found


def _lost(fact: str) -> Q:
    """Orders that a fact cost points: words parted by blanks, some beginning with another one."""
    alone = Q(lost=fact) | Q(lost__startswith=f"{fact} ")
    return alone | Q(lost__endswith=f" {fact}") | Q(lost__contains=f" {fact} ")


def _banded(band: str, cut: int) -> Q:
    if band == "unsure":
        return Q(is_unsure=True)
    if band == ANSWERED:
        return Q(score_from="answer")
    if band == "low":
        return Q(score__lte=cut, is_unsure=False)
    return Q(score__gte=int(band), score__lte=int(band) + 9) if int(band) else Q(score__lte=9)


def _technician(name: str) -> Q:
    """Of a past order the one it was told of, else who stands on it."""
    told = Q(order__is_past=True) & ~Q(order__past__technician="")
    if name == UNKNOWN:
        return ~told & Q(order__technician=None)
    return told & Q(order__past__technician=name) | ~told & Q(order__technician__name=name)


def _advisor(name: str) -> Q:
    here, there = Q(order__is_past=False), Q(order__is_past=True)
    if name == UNKNOWN:
        return there & Q(order__past__advisor="")
    return here & Q(order__accepted_by__name=name) | there & Q(order__past__advisor=name)


def _category(name: str) -> Q:
    if name == UNKNOWN:
        return Q(order__asset__category=None)
    return Q(order__asset__category__code=name) | Q(order__asset__category__name=name)


NAMED: Mapping[str, Callable[[str], Q]] = {"technician": _technician, "advisor": _advisor, "category": _category}


class Seconds(Func):
    """A moment in seconds since 1970: what both engines can subtract and order by."""

    output_field = FloatField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """As SQLite says it."""
        return self.as_sql(compiler, connection, template="CAST(strftime('%%%%s', %(expressions)s) AS REAL)", **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        """As PostgreSQL says it."""
        told = "CAST(EXTRACT(EPOCH FROM %(expressions)s) AS DOUBLE PRECISION)"
        return self.as_sql(compiler, connection, template=told, **more)


def _slow(label: str, until: date) -> Q:
    """Orders that stood longest beyond the norm in a stage, which the analysis calls so."""
    end = datetime.combine(until + timedelta(days=1), time(), UTC)
    stages = [stage.pk for stage in Stage.objects.all() if label_of(stage) == label]
    spent = Seconds(Coalesce("left_at", Value(end, DateTimeField()))) - Seconds("entered_at")
    over = ExpressionWrapper(spent - Coalesce("norm_minutes", 0) * 60.0, FloatField())
    stayed = StageEntry.objects.filter(order=OuterRef("order")).exclude(stage__phase__in=WITHOUT_WORK)
    slowest = stayed.annotate(over=over).filter(over__gt=0).order_by("-over", "pk").values("stage")[:1]
    return Q(In(Subquery(slowest), stages)) if stages else Q(pk__in=[])


def label_of(stage: Stage) -> str:
    """What the analysis calls a stage: waiting for parts is one, own stages go by their name."""
    return "waiting_parts" if stage.phase == PART else stage.name or stage.code


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

SHOWN = (
    "score", "score_from", "is_unsure", "lost", "accepted_on", "scored_on", "order__number", "order__currency",
    "order__total", "order__is_past", "order__customer__name", "order__asset__brand", "order__asset__model",
    "order__category__name", "order__centre__name", "order__technician__name", "order__past__technician",
)  # fmt: skip


@dataclass(frozen=True)
class ScoredPage:
    """One page of scored orders."""

    rows: list[OrderScore]
    later: str
    """A cursor; empty at the end."""


def scored_page(
    asked: ScoreFilter, snapshot: Snapshot, staff: Staff, cursor: str = "", *, cut: int, n: int = PAGE
) -> ScoredPage:
    """A page from a place on: the latest first, or the unhappiest. Two queries, however many there are."""
    by = ("-accepted_on", "-pk") if asked.sort == LATEST else ("score", "-accepted_on", "-pk")
    beyond = _beyond(cursor, asked.sort)
    found: list[OrderScore] = []
    for part in matching(asked, snapshot, staff, cut=cut):
        rest = part.filter(beyond) if beyond else part
        wide = rest.select_related(
            "order__customer", "order__asset", "order__category", "order__centre", "order__technician", "order__past"
        )  # fmt: skip
        found += wide.only(*SHOWN).order_by(*by)[: n + 1]
    found.sort(key=lambda row: _place(row, asked.sort))
    rows, is_more = found[:n], len(found) > n
    return ScoredPage(rows, _cursor(rows[-1], asked.sort) if is_more else "")


def _place(row: OrderScore, sort: str) -> tuple[int, ...]:
    latest = (-row.accepted_on.toordinal(), -row.pk)
    return latest if sort == LATEST else (row.score or 0, *latest)


def _cursor(row: OrderScore, sort: str) -> str:
    place = f"{row.accepted_on.isoformat()}_{row.pk}"
    return place if sort == LATEST else f"{place}_{row.score}"


def _beyond(cursor: str, sort: str) -> Q | None:
    """Rows behind a place; what is no cursor means the first page."""
    told = cursor.split("_")
    try:
        day, key = date.fromisoformat(told[0]), int(told[1])
        score = int(told[2]) if sort == WORST else 0
    except (ValueError, IndexError):
        return None
    behind = Q(accepted_on__lt=day) | Q(accepted_on=day, pk__lt=key)
    if sort == LATEST:
        return Q(accepted_on__lte=day) & behind
    return Q(score__gte=score) & (Q(score__gt=score) | behind)


# ── One ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def score_history(order: RepairOrder, staff: Staff) -> list[OrderScore]:
    """What snapshots said of an order, the latest first; unpublished ones say nothing yet."""
    told = OrderScore.objects.filter(order=order, order__centre__in=staff.centre_ids("see orders"))
    published = told.filter(snapshot__state="done")
    return list(published.select_related("snapshot").defer("snapshot__population").order_by("-snapshot")[:20])


def score_as_of(history: list[OrderScore], house: Any) -> OrderScore | None:
    """The one that counts on a snapshot's day."""
    return next((row for row in history if row.snapshot_id <= house.pk), None)
