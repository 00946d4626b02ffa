"""Answers of clients: which wait, for how long, and how fast they were met."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import Any

from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import WHOSE
from dovolen.desk.core.models import Event
from dovolen.desk.messaging.models import Incoming

PAGE = 50
OPEN, MINE, ALL = "open", "mine", "all"
VIEWS = (OPEN, MINE, ALL)
REACT_WITHIN = 30
"""Working minutes within which an answer is met. Who writes about a device that he waits for looks at his phone for
about half an hour and then calls or is annoyed; counted on the clock of the centre, so that a night does not count."""
LOOKED_BACK = timedelta(days=30)
MOST_MET = 500
LEAST_MET = 5
"""Answers under which no usual time is told."""
SUBJECT = Incoming._meta.label_lower


@dataclass(frozen=True)
class Row:
    """An answer as the list shows it."""

    incoming: Any
    minutes: int
    """Working minutes until it was met, or until now while it waits."""

    @property
    def is_late(self) -> bool:
        """Whether it waits, or waited, longer than the limit."""
        return self.minutes > REACT_WITHIN

    @property
    def waits(self) -> bool:
        """Whether nobody has met it yet."""
        return self.incoming.met_at is None


@dataclass(frozen=True)
class Page:
    """Answers, and where the next page begins."""

    rows: list[Row]
    later: str = ""


def answers(staff: Staff) -> QuerySet[Any]:
    """Answers that he sees, each with `met_at`: when somebody wrote back, or said that it is done."""
    wrote = Event.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"), kind="incoming.answered")
    met = Coalesce(Subquery(wrote.order_by("id").values("at")[:1]), "done_at")
    seen = Incoming.objects.visible_to(staff).annotate(met_at=met)
    return seen.select_related("customer", "centre", "assignee", "done_by")


def inbox(staff: Staff, view: str, now: datetime, cursor: str = "", n: int = PAGE) -> Page:
    """A page of the inbox: of those that wait first what nobody took, the longest waiting before others; of all the
    latest first."""
    found, place = answers(staff), _read(cursor)
    if view == ALL:
        after = Q(at__lt=place[1]) | Q(at=place[1], pk__lt=place[2]) if place else Q()
        return _page(staff, found.filter(after).order_by("-at", "-pk"), now, n)
    found = found.filter(done_at=None).annotate(is_taken=Case(When(assignee=None, then=0), default=1))
    if view == MINE:
        found = found.filter(assignee=staff)
    if place:
        is_taken, at, key = place
        later = Q(at__gt=at) | Q(at=at, pk__gt=key)
        found = found.filter(Q(is_taken__gt=is_taken) | Q(is_taken=is_taken) & later)
    return _page(staff, found.order_by("is_taken", "at", "pk"), now, n)


def _page(staff: Staff, found: QuerySet[Any], now: datetime, n: int) -> Page:
    rows = list(found[: n + 1])
    later = _place(rows[n - 1]) if len(rows) > n else ""
    return Page([row_of(one, now, staff.centre) for one in rows[:n]], later)


def row_of(incoming: Any, now: datetime, home: Centre | None) -> Row:
    """An answer with how long it took; one of nobody's centre is timed by the clock of the one who looks."""
    return Row(incoming, _minutes(incoming.centre or home, incoming.at, incoming.met_at or now))


def _minutes(centre: Centre | None, since: datetime, until: datetime) -> int:
    if centre is None:
        return max(0, (until - since) // timedelta(minutes=1))
    return max(0, Opening.of(centre).minutes_between(since, until))


def _place(incoming: Any) -> str:
    return f"{int(incoming.assignee_id is not None)}_{incoming.at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{incoming.pk}"


def _read(cursor: str) -> tuple[int, datetime, int] | None:
    try:
        is_taken, moment, key = cursor.split("_")
        at = datetime.fromisoformat(moment)
        return (int(is_taken), at, int(key)) if at.tzinfo else None
    except ValueError:
        return None


def readers(centres: Iterable[int]) -> list[Staff]:
    """Who sees messages of some centres, by name."""
    held = Membership.objects.filter(centre__in=list(centres), role__in=WHOSE["see messages"])
    return list(Staff.objects.filter(pk__in=held.values("staff"), is_active=True).order_by("name", "pk"))


@dataclass(frozen=True)
class Met:
    """How fast answers were met lately: working minutes, and how many in time."""

    n: int
    usual: int
    in_time: int

    @property
    def share(self) -> float:
        """Of those met within the limit."""
        return self.in_time / self.n


def met_lately(staff: Staff, now: datetime) -> Met | None:
    """Over the last thirty days; None where too few were met to tell."""
    since = now - LOOKED_BACK
    found = answers(staff).select_related(None).select_related("centre").filter(at__gte=since)
    rows = found.exclude(met_at=None).only("at", "centre__hours", "centre__zone").order_by("-at", "-pk")[:MOST_MET]
    minutes = [row_of(one, now, staff.centre).minutes for one in rows]
    return met(minutes)


def met(minutes: Iterable[int]) -> Met | None:
    """What a list of reaction times tells."""
    known = list(minutes)
    if len(known) < LEAST_MET:
        return None
    return Met(len(known), round(median(known)), sum(one <= REACT_WITHIN for one in known))
