"""Tables of the calendar."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

WORK, BOOKING, ABSENCE = "work", "booking", "absence"
KINDS = (WORK, BOOKING, ABSENCE)


class Bay(models.Model):
    """A place where work is done: a lift, a bench."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="bays")
    name = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["centre", "name"], name="bay_once")]

    def __str__(self) -> str:
        return self.name


class SlotQuerySet(models.QuerySet["Slot"]):
    """Which slots."""

    def visible_to(self, staff: Staff) -> Self:
        """Slots of the centres where he sees orders."""
        return self.filter(centre__in=staff.centre_ids("see orders"))


class Slot(models.Model):
    """Time of a technician, of a bay, or of both: work on an order, a client who is expected, an absence."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, default=WORK)
    technician = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    bay = models.ForeignKey(Bay, null=True, blank=True, on_delete=models.PROTECT, related_name="slots")
    order = models.ForeignKey(RepairOrder, null=True, blank=True, on_delete=models.CASCADE, related_name="slots")
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="slots")
    title = models.CharField(max_length=120, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = SlotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="slot_kind_known"),
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(technician__isnull=False) | Q(bay__isnull=False), name="slot_of_somebody_or_some_bay"
            ),
        ]
        indexes = [models.Index(fields=["centre", "starts_at", "id"], name="slot_of_day")]
