"""Tasks: made, changed, put off, done, opened again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.core import changes, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks.models import TODO, Task


class NoTitle(Refusal):
    """A task says what to do."""

    key = "tasks.refused.no_title"


class NotHere(Refusal):
    """The one it is for does not work at this centre."""

    key = "tasks.refused.not_here"


class DoneAlready(Refusal):
    """Somebody did it meanwhile."""

    key = "tasks.refused.done_already"


class NotDone(Refusal):
    """It is open."""

    key = "tasks.refused.not_done"


@transaction.atomic
def add(  # noqa: PLR0913 – all that a task tells
    *, centre: Centre, title: str, kind: str = TODO, note: str = "", due_at: datetime | None = None,
    customer: Customer | None = None, order_number: int | None = None, assignee: Staff | None = None, role: str = "",
    by: Staff | None, now: datetime,
) -> Task:  # fmt: skip
    """Give somebody, a role, or whoever is there something to do; `by` is nobody when an event caused it.

    Raises: NotAllowed, NoTitle, NotHere. Leaves: `task.added`.
    """
    if by is not None:
        require(by, "see tasks", centre)
    _check(centre, title, assignee)
    task = Task.objects.create(
        centre=centre, kind=kind, title=title.strip(), note=note.strip(), due_at=due_at, customer=customer,
        order_number=order_number, assignee=assignee, role=role, made_at=now, made_by=by,
    )  # fmt: skip
    told: dict[str, Any] = {
        "task_kind": kind,
        "due_at": due_at,
        "customer": customer,
        "order": order_number,
        "assignee": assignee,
    }
    journal.record("task.added", subject=task, by=by, at=now, centre=centre, role=role, **told)
    return task


def _check(centre: Centre, title: str, assignee: Staff | None) -> None:
    if not title.strip():
        raise NoTitle
    works_here = {"staff": assignee, "centre": centre, "staff__is_active": True}
    if assignee is not None and not Membership.objects.filter(**works_here).exists():
        raise NotHere(name=assignee.name)


@transaction.atomic
def change(*, task: Task, seen: int, by: Staff, now: datetime, **values: Any) -> None:
    """Change what is told of an open task.

    Raises: NotAllowed, DoneAlready, NoTitle, NotHere, Stale. Leaves: `task.changed` with the fields.
    """
    require(by, "see tasks", task.centre_id)
    if task.done_at is not None:
        raise DoneAlready
    _check(task.centre, values.get("title", task.title), values.get("assignee"))
    changed = changes.change(task, seen=seen, **values)
    if changed:
        told: dict[str, Any] = {"changed": changed, "due_at": task.due_at, "assignee": task.assignee}
        journal.record("task.changed", subject=task, by=by, at=now, centre=task.centre, **told)


def put_off(*, task: Task, due_at: datetime, by: Staff, now: datetime) -> None:
    """Give an open task another day. Raises: NotAllowed, DoneAlready, Stale. Leaves: `task.changed`."""
    change(task=task, seen=task.version, by=by, now=now, due_at=due_at)


@transaction.atomic
def finish(*, task: Task, result: str = "", by: Staff, now: datetime) -> None:
    """Tick a task off; of two who do one is the first. Raises: NotAllowed, DoneAlready. Leaves: `task.done`."""
    require(by, "see tasks", task.centre_id)
    done = {"done_at": now, "done_by": by, "result": result.strip()}
    if not Task.objects.filter(pk=task.pk, done_at=None).update(version=F("version") + 1, **done):
        raise DoneAlready
    _keep(task, done)
    told: dict[str, Any] = {
        "task_kind": task.kind,
        "customer": task.customer_id,
        "order": task.order_number,
        "due_at": task.due_at,
    }
    journal.record("task.done", subject=task, by=by, at=now, centre=task.centre, **told)


@transaction.atomic
def reopen(*, task: Task, by: Staff, now: datetime) -> None:
    """Take back that a task was done. Raises: NotAllowed, NotDone. Leaves: `task.reopened`."""
    require(by, "see tasks", task.centre_id)
    undone = {"done_at": None, "done_by": None}
    if not Task.objects.filter(pk=task.pk, done_at__isnull=False).update(version=F("version") + 1, **undone):
        raise NotDone
    _keep(task, undone)
    journal.record("task.reopened", subject=task, by=by, at=now, centre=task.centre)


def _keep(task: Task, written: Mapping[str, Any]) -> None:
    for name, value in written.items():
        setattr(task, name, value)
    task.version += 1
