"""Tables of devices and vehicles, and of what a category of them brings along."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.people.models import Customer

SERIAL, IMEI, VIN = "serial", "imei", "vin"
IDENTIFIERS = (SERIAL, IMEI, VIN)
FIELD_KINDS = ("text", "number", "choice", "flag")
AT_INTAKE, BEFORE_READY = "intake", "ready"
CHECK_MOMENTS = (AT_INTAKE, BEFORE_READY)
LABOUR, PART, FEE = "labour", "part", "fee"
LINE_KINDS = (LABOUR, PART, FEE)
LEFT_REASONS = ("sold", "changed_brand", "scrapped", "other")


class Category(models.Model):
    """A kind of asset: laptop, phone, car. What is asked, checked, promised for it hangs here."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=60)
    icon = models.CharField(max_length=30, default="device-laptop")
    identifier = models.CharField(max_length=10, default=SERIAL)
    uses_plate = models.BooleanField(default=False)
    uses_odometer = models.BooleanField(default=False)
    uses_password = models.BooleanField(default=False)
    labour_warranty_days = models.PositiveSmallIntegerField(default=90)
    part_warranty_days = models.PositiveSmallIntegerField(default=90)
    turnaround_hours = models.PositiveIntegerField(default=48)
    """What is promised while there is no history: hours from intake to ready."""
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(identifier__in=IDENTIFIERS), name="category_identifier_known")
        ]

    def __str__(self) -> str:
        return self.name


class CategoryField(models.Model):
    """A field of one's own that assets of a category have."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="fields")
    name = models.CharField(max_length=60)
    kind = models.CharField(max_length=10, default="text")
    choices = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["category", "name"], name="category_field_once"),
            models.CheckConstraint(condition=Q(kind__in=FIELD_KINDS), name="category_field_kind_known"),
        ]


class ChecklistItem(models.Model):
    """Something looked at when an asset comes in, or before it may be called ready."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="checklist")
    moment = models.CharField(max_length=10, default=AT_INTAKE)
    text = models.CharField(max_length=80)
    is_usual = models.BooleanField(default=False)
    """Ticked beforehand."""
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["category", "moment", "text"], name="checklist_item_once"),
            models.CheckConstraint(condition=Q(moment__in=CHECK_MOMENTS), name="checklist_moment_known"),
        ]


class FaultTemplate(models.Model):
    """A fault met every day: its words, and the lines that usually mend it."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="faults")
    title = models.CharField(max_length=80)
    text = models.CharField(max_length=300)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(fields=["category", "title"], name="fault_template_once")]


class FaultLine(models.Model):
    """A job or part that a fault usually takes. Money in minor units of the centre's currency, tax inside."""

    fault = models.ForeignKey(FaultTemplate, on_delete=models.CASCADE, related_name="lines")
    kind = models.CharField(max_length=10, default=LABOUR)
    name = models.CharField(max_length=120)
    price = models.BigIntegerField()
    cost = models.BigIntegerField(null=True, blank=True)
    norm_minutes = models.PositiveIntegerField(default=0)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(kind__in=LINE_KINDS), name="fault_line_kind_known")]


class StageNorm(models.Model):
    """How long a stage may take for a category; without a row the stage's own norm holds."""

    category = models.ForeignKey(Category, on_delete=models.CASCADE, related_name="norms")
    stage = models.CharField(max_length=30)
    """Code of the stage."""
    norm_minutes = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["category", "stage"], name="stage_norm_once")]


class AssetQuerySet(models.QuerySet["Asset"]):
    """Which assets."""

    def visible_to(self, staff: Staff, right: str = "see assets") -> Self:
        """Assets that were at a centre where he holds the right."""
        here = AssetPlace.objects.filter(asset=OuterRef("pk"), centre__in=staff.centre_ids(right))
        return self.filter(Exists(here))


class Asset(models.Model):
    """A device or vehicle. It stays itself when it changes owners."""

    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="assets")
    owner = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="assets")
    brand = models.CharField(max_length=60, blank=True)
    model = models.CharField(max_length=120)
    serial_number = models.CharField(max_length=40, blank=True)
    """Serial number, IMEI or VIN, as the category has it."""
    serial_key = models.CharField(max_length=40, blank=True, editable=False)
    """The same as it is compared: letters and digits, upper case, Cyrillic look-alikes as Latin."""
    plate = models.CharField(max_length=15, blank=True)
    plate_key = models.CharField(max_length=15, blank=True, editable=False, db_index=True)
    colour = models.CharField(max_length=30, blank=True)
    odometer = models.PositiveIntegerField(null=True, blank=True)
    made_on = models.DateField(null=True, blank=True)
    sold_on = models.DateField(null=True, blank=True)
    warranty_until = models.DateField(null=True, blank=True)
    fields = models.JSONField(default=dict, blank=True)
    """Own fields of the category: key of the field → value."""
    left_at = models.DateTimeField(null=True, blank=True)
    left_reason = models.CharField(max_length=15, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    objects = AssetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["category", "serial_key"], condition=~Q(serial_key=""), name="asset_serial_once"
            ),
            models.CheckConstraint(condition=Q(left_reason__in=["", *LEFT_REASONS]), name="asset_left_reason_known"),
        ]
        indexes = [models.Index(fields=["serial_key"], name="asset_by_serial")]

    def __str__(self) -> str:
        return " ".join(filter(None, [self.brand, self.model]))


class AssetPlace(models.Model):
    """A centre that had this asset in its hands."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="places")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["asset", "centre"], name="asset_place_once")]


class Ownership(models.Model):
    """Whose an asset was, from when to when."""

    asset = models.ForeignKey(Asset, on_delete=models.CASCADE, related_name="ownerships")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="ownerships")
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-since", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["asset"], condition=Q(until=None), name="asset_one_owner_now"),
        ]
