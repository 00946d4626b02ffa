"""Tables of the import: what was brought, how it is read, which rows it made, which it would not take."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.claims import Claimable
from dovolen.desk.core.models import StoredFile
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

RIGHT = "import data"
READING, MAPPED, CHECKING, CHECKED, LOADING, DONE, UNDOING, UNDONE, FAILED = (
    "reading", "mapped", "checking", "checked", "loading", "done", "undoing", "undone", "failed",
)  # fmt: skip
STATES = (READING, MAPPED, CHECKING, CHECKED, LOADING, DONE, UNDOING, UNDONE, FAILED)
AT_WORK = (READING, CHECKING, LOADING, UNDOING)
"""States in which a process has, or wants, this import."""
CREATED, UPDATED, MATCHED = "created", "updated", "matched"
ACTIONS = (CREATED, UPDATED, MATCHED)
CUSTOMERS, ASSETS, ORDERS = "customers", "assets", "orders"


class ImportQuerySet(models.QuerySet["Import"]):
    """Which imports."""

    def visible_to(self, staff: Staff) -> Self:
        """Those of centres where he may import."""
        return self.filter(centre__in=staff.centre_ids(RIGHT))


class Import(Claimable):
    """A file, or a base, brought in. `state` moves only by conditional updates in `ingest.actions`."""

    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    """Where rows go that name no centre."""
    state = models.CharField(max_length=10, default=READING)
    name = models.CharField(max_length=200)
    """Of the file as it was called, or the host and base of a connection."""
    file = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    connection = models.TextField(blank=True)
    """Address of a base, locked by the key of the house: it may hold a password."""
    system = models.CharField(max_length=40, blank=True)
    """The preset that recognised it; empty: columns of its own. Keys of rows are those of this system."""
    mapping = models.TextField(blank=True)
    """TOML, as proposed and then as people left it."""
    choices = models.JSONField(default=dict, blank=True)
    """currency, zone, date_order, decimal; centres: word of the file → id of a centre or "new"."""
    found = models.JSONField(default=dict, blank=True)
    """What the dry run found: see `ingest.actions.checking`."""
    progress = models.JSONField(default=dict, blank=True)
    """Table → [rows done, rows in all]; moved in the transaction of the rows."""
    refusal = models.JSONField(default=dict, blank=True)
    """Why it failed, for people: {"key": words key, "values": {…}}."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    loaded_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)
    """Of what people choose."""

    objects = ImportQuerySet.as_manager()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(state__in=STATES), name="import_state_known")]
        indexes = [
            models.Index(fields=["free_at", "id"], condition=Q(state__in=AT_WORK), name="import_at_work"),
            models.Index(fields=["-made_at", "-id"], name="import_by_made"),
        ]

    def __str__(self) -> str:
        return self.name


class ImportedRow(models.Model):
    """A row of the desk that an import made, changed, or found to be there: what undo and the next import go by."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows", db_index=False)
    system = models.CharField(max_length=40, blank=True)
    table = models.CharField(max_length=10)
    key = models.CharField(max_length=120)
    """The row's key in its own system."""
    object_id = models.BigIntegerField()
    action = models.CharField(max_length=8)
    version = models.PositiveIntegerField(default=1)
    """Of the row when the import left it: a higher one tells that somebody touched it."""
    before = models.JSONField(default=dict, blank=True)
    """Column → value that was overwritten."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "table", "key"], name="imported_row_once"),
            models.CheckConstraint(condition=Q(action__in=ACTIONS), name="imported_row_action_known"),
        ]
        indexes = [
            models.Index(fields=["system", "table", "key"], name="imported_row_by_key"),
            models.Index(fields=["table", "object_id"], name="imported_row_by_object"),
        ]


class RejectedRow(models.Model):
    """A row that was not taken, with the reason, for the sheet that goes back to whoever brought it."""

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rejected")
    table = models.CharField(max_length=10)
    place = models.PositiveBigIntegerField(null=True)
    """Line of the file, where it is known."""
    reason = models.CharField(max_length=60)
    """Words `import.reason.<reason>`."""
    cells = models.JSONField(default=dict)
    """Header of the file, or our column → what stood there."""

    class Meta:
        ordering = ["pk"]


class PastFact(models.Model):
    """A row of a canonical table that the desk keeps no room for: read by the analysis, shown in no list.

    Feedback, cases, messages, leads, payments, bookings, events, plans, spend, stages and promises of past orders.
    """

    source = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="facts")
    table = models.CharField(max_length=12)
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    order = models.ForeignKey(RepairOrder, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField(null=True, blank=True)
    values = models.JSONField()
    """Canonical column → value as JSON has it: moments as ISO text in UTC, money in minor units."""

    class Meta:
        indexes = [models.Index(fields=["table", "id"], name="past_fact_of_table")]
