"""Tables of tasks and shifts."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import ROLES
from dovolen.desk.people.models import Customer

CALL, TODO, MEETING, CONTROL_CALL = "call", "todo", "meeting", "control_call"
KINDS = (CALL, TODO, MEETING, CONTROL_CALL)


class TaskQuerySet(models.QuerySet["Task"]):
    """Which tasks."""

    def visible_to(self, staff: Staff) -> Self:
        """Tasks of the centres where he sees tasks."""
        return self.filter(centre__in=staff.centre_ids("see tasks"))

    def open(self) -> Self:
        """Not done yet."""
        return self.filter(done_at=None)


class Task(models.Model):
    """Something to do until a moment, for a person or for whoever holds a role."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, default=TODO)
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    order_number = models.PositiveBigIntegerField(null=True, blank=True)
    """The repair order it is about; orders stand above tasks, so it is a number here."""
    assignee = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="tasks")
    role = models.CharField(max_length=20, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    result = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="task_kind_known"),
            models.CheckConstraint(condition=Q(role__in=["", *ROLES]), name="task_role_known"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="task_done_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "due_at", "id"], condition=Q(done_at=None), name="task_open"),
            models.Index(fields=["assignee", "due_at", "id"], condition=Q(done_at=None), name="task_open_of"),
        ]

    def __str__(self) -> str:
        return self.title


class ShiftQuerySet(models.QuerySet["Shift"]):
    """Which shifts."""

    def visible_to(self, staff: Staff) -> Self:
        """Shifts of the centres where he keeps the shift log."""
        return self.filter(centre__in=staff.centre_ids("keep the shift log"))


class Shift(models.Model):
    """A working day of a centre: one is open at a time."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    handover = models.TextField(blank=True)
    """What the next shift has to know."""

    objects = ShiftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["centre"], condition=Q(closed_at=None), name="shift_one_open"),
            models.CheckConstraint(
                condition=Q(closed_at=None, closed_by=None) | Q(closed_at__isnull=False, closed_by__isnull=False),
                name="shift_closed_by_somebody",
            ),
        ]
        indexes = [models.Index(fields=["centre", "-opened_at"], name="shift_latest")]


class ShiftPerson(models.Model):
    """Somebody was on a shift."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="people")
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["shift", "staff"], condition=Q(until=None), name="shift_person_once")
        ]


class ShiftNote(models.Model):
    """A line of the shift log."""

    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
