"""What pages show of tasks and shifts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.people.models import Phone
from dovolen.desk.tasks.models import Shift, ShiftPerson, Task

PAGE = 50
MOST = 100
"""Tasks that one screen of a day takes."""

MINE, ALL, DONE = "mine", "all", "done"
VIEWS = (MINE, ALL, DONE)


def is_his(staff: Staff) -> Q:
    """Tasks that are his to do: given to him, to a role that he holds there, or to nobody in particular."""
    wanted = Q(assignee=staff) | Q(assignee=None, role="")
    for place in staff.places:
        wanted |= Q(assignee=None, role=place.role, centre=place.centre_id)
    return wanted


def due_until(staff: Staff, until: datetime) -> list[Task]:
    """His open tasks until a moment, the most urgent first, then those without a day; at most a hundred."""
    due = (
        _told(Task.objects.visible_to(staff).open()).filter(is_his(staff)).filter(Q(due_at__lte=until) | Q(due_at=None))
    )
    return list(due.order_by(F("due_at").asc(nulls_last=True), "pk")[:MOST])


def task_of(staff: Staff) -> QuerySet[Task]:
    """Tasks that he may open, each with all its page shows."""
    return _told(Task.objects.visible_to(staff))


def _told(tasks: QuerySet[Task]) -> QuerySet[Task]:
    number = Phone.objects.filter(customer=OuterRef("customer")).order_by("-is_main", "pk").values("number")[:1]
    return tasks.select_related("customer", "assignee", "centre", "made_by", "done_by").annotate(phone=Subquery(number))


def _listed(tasks: QuerySet[Task]) -> QuerySet[Task]:
    """Tasks with no more than their rows say."""
    rows = _told(tasks).select_related(None).select_related("customer", "assignee", "done_by")
    return rows.only(
        "kind", "title", "note", "due_at", "order_number", "role", "done_at", "result", "customer__name",
        "assignee__name", "done_by__name",
    )  # fmt: skip


@dataclass(frozen=True)
class Page:
    """Tasks, and where the next page begins."""

    tasks: list[Task]
    later: str


def page(staff: Staff, view: str, cursor: str = "") -> Page:
    """A page of his open tasks, of everybody's, or of those done lately."""
    seen = Task.objects.visible_to(staff)
    if view == DONE:
        found = _after_done(seen.exclude(done_at=None), cursor).order_by("-done_at", "-pk")
    else:
        found = _after_due(seen.open() if view == ALL else seen.open().filter(is_his(staff)), cursor)
        found = found.order_by(F("due_at").asc(nulls_last=True), "pk")
    rows = list(_listed(found)[: PAGE + 1])
    return Page(rows[:PAGE], _cursor(rows[PAGE - 1], view) if len(rows) > PAGE else "")


def _cursor(task: Task, view: str) -> str:
    return _place(task.done_at if view == DONE else task.due_at, task.pk)


def _place(at: datetime | None, key: int) -> str:
    """As it stands in an address: without a plus, which would be a blank there."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%fZ}_{key}" if at else f"_{key}"


def _read(cursor: str) -> tuple[datetime | None, int] | None:
    moment, _, key = cursor.rpartition("_")
    try:
        at = datetime.fromisoformat(moment) if moment else None
        return (at, int(key)) if at is None or at.tzinfo else None
    except ValueError:
        return None


def _after_due(tasks: QuerySet[Task], cursor: str) -> QuerySet[Task]:
    place = _read(cursor)
    if place is None:
        return tasks
    at, key = place
    if at is None:
        return tasks.filter(due_at=None, pk__gt=key)
    return tasks.filter(Q(due_at__gt=at) | Q(due_at=at, pk__gt=key) | Q(due_at=None))


def _after_done(tasks: QuerySet[Task], cursor: str) -> QuerySet[Task]:
    place = _read(cursor)
    if place is None or place[0] is None:
        return tasks
    at, key = place
    return tasks.filter(Q(done_at__lt=at) | Q(done_at=at, pk__lt=key))


# ── Shifts ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Now:
    """The shift of a centre: the open one, if any, who is on it, and what the one before left to say."""

    shift: Shift | None
    before: Shift | None
    people: list[Membership]
    """Each with `staff`; somebody with two roles stands twice."""

    @property
    def staff(self) -> list[Staff]:
        """Who is on, each once, by name."""
        return list({place.staff_id: place.staff for place in self.people}.values())

    @property
    def roles(self) -> dict[str, int]:
        """How many of each role are on."""
        counts: dict[str, int] = {}
        for place in self.people:
            counts[place.role] = counts.get(place.role, 0) + 1
        return counts


def shift_now(centre: Centre | int) -> Now:
    """The shift log of a centre, as the first screen shows it."""
    latest = list(
        Shift.objects.filter(centre=centre).select_related("closed_by", "opened_by").order_by("-opened_at", "-pk")[:2]
    )
    on = ShiftPerson.objects.filter(shift__centre=centre, shift__closed_at=None, until=None)
    people = Membership.objects.filter(centre=centre, staff__in=on.values("staff")).select_related("staff")
    shift = latest[0] if latest and latest[0].closed_at is None else None
    before = next((one for one in latest if one.closed_at is not None), None)
    return Now(shift, before, list(people.order_by("staff__name", "staff_id", "role")))


def shifts_page(staff: Staff, cursor: str = "") -> tuple[list[Shift], str]:
    """Shifts of his centres, the latest first, and where the next page begins."""
    found = Shift.objects.visible_to(staff).select_related("centre", "opened_by", "closed_by")
    place = _read(cursor)
    if place is not None and place[0] is not None:
        at, key = place
        found = found.filter(Q(opened_at__lt=at) | Q(opened_at=at, pk__lt=key))
    rows = list(found.order_by("-opened_at", "-pk")[: PAGE + 1])
    more = _place(rows[PAGE - 1].opened_at, rows[PAGE - 1].pk) if len(rows) > PAGE else ""
    return rows[:PAGE], more
