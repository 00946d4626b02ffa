"""What is done with a list of clients: tasks for somebody, names that leave the desk as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis.models import RIGHT, Snapshot
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import text
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks import actions as tasks
from dovolen.desk.tasks.models import Task

EXPORT = "export clients"
MANY_CLIENTS = 500
"""Whoever takes more names away tells why."""
MOST_TASKS = 200
"""Of one list at once: more is a campaign, not work for a day."""
LONGEST_REASON = 200


class NobodyChosen(Refusal):
    """A list without clients gives no tasks."""

    key = "study.refused.nobody"


class TooManyTasks(Refusal):
    """Nobody works off so many tasks of one list."""

    key = "study.refused.too_many_tasks"


class ReasonNeeded(Refusal):
    """So many names leave with a reason only."""

    key = "study.refused.reason_needed"


@dataclass(frozen=True)
class Given:
    """How many tasks were given, and how many clients had the same one open."""

    n: int
    n_known: int


@transaction.atomic
def give_tasks(  # noqa: PLR0913 – a task tells as much
    *, snapshot: Snapshot, customers: Sequence[Customer], centre: Centre, title: str, kind: str,
    due_at: datetime | None, assignee: Staff | None, role: str, note: str = "", by: Staff, now: datetime,
) -> Given:  # fmt: skip
    """A task about each of these clients; who has the same one open already gets no second.

    Raises: NobodyChosen, TooManyTasks; NotAllowed, NoTitle, NotHere. Leaves: `task.added` of each, `list.tasked`.
    """
    may_read(by, RIGHT, snapshot)
    if not customers:
        raise NobodyChosen
    if len(customers) > MOST_TASKS:
        raise TooManyTasks(most=MOST_TASKS)
    same = Task.objects.open().filter(customer__in=[one.pk for one in customers], title=title.strip(), kind=kind)
    known = set(same.values_list("customer_id", flat=True))
    new = [one for one in customers if one.pk not in known]
    with journal.gathered():
        for customer in new:
            tasks.add(
                centre=centre, title=title, kind=kind, note=note, due_at=due_at, customer=customer, assignee=assignee,
                role=role, by=by, now=now,
            )  # fmt: skip
        journal.record("list.tasked", subject=snapshot, by=by, at=now, centre=centre, n=len(new), n_known=len(known))
    return Given(len(new), len(known))


@transaction.atomic
def note_export(
    *, snapshot: Snapshot, filters: Mapping[str, object], n: int, reason: str = "", by: Staff, now: datetime
) -> None:
    """Write down that names leave the desk, before they do; of more than `MANY_CLIENTS` says why.

    Raises: NotAllowed, ReasonNeeded, TooLong. Leaves: `clients.exported`, the reason apart.
    """
    may_read(by, EXPORT, snapshot)
    why = text(reason, LONGEST_REASON)
    if n > MANY_CLIENTS and not why:
        raise ReasonNeeded(n=MANY_CLIENTS)
    private = {"reason": why} if why else None
    told = {name: str(value) if name == "since" else value for name, value in filters.items() if name != "source"}
    journal.record(
        "clients.exported", subject=snapshot, by=by, at=now, centre=snapshot.centre, n_clients=n, filters=told,
        private=private,
    )  # fmt: skip


def may_read(by: Staff, right: str, snapshot: Snapshot) -> None:
    """Go on when he holds the right where the snapshot looks: of the house, at every centre. Raises: NotAllowed."""
    if snapshot.centre_id is not None:
        wanted = {snapshot.centre_id}
    else:
        wanted = set(Centre.objects.values_list("pk", flat=True))
    if not wanted <= by.centre_ids(right):
        raise NotAllowed
