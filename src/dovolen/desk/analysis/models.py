"""Tables of the analysis: settings, snapshots of the base, what each says of clients and orders.

A snapshot is one study of a centre, or of the whole house, as of the end of a day. Its rows are written in batches
while it is `running`; nobody sees them until it is `done`, which is one conditional update.
"""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.claims import Claimable
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

RIGHT = "see the base"
NIGHTLY, ASKED, IMPORTED, PREVIEW = "nightly", "asked", "imported", "preview"
CAUSES = (NIGHTLY, ASKED, IMPORTED, PREVIEW)
WANTED, RUNNING, DONE, FAILED = "wanted", "running", "done", "failed"
STATES = (WANTED, RUNNING, DONE, FAILED)


class ConfigVersion(models.Model):
    """Settings of the analysis as somebody left them: the latest row is in force, earlier ones are kept."""

    values = models.JSONField(default=dict)
    """Setting → value, only where it differs from the default of `insight.config.Config`."""
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    """Which snapshots."""

    def visible_to(self, staff: Staff) -> Self:
        """Published ones of his centres; those of the whole house to who holds the right at every centre."""
        mine = staff.centre_ids(RIGHT)
        seen = Q(centre__in=mine)
        if mine and not Centre.objects.exclude(pk__in=mine).exists():
            seen |= Q(centre=None)
        return self.published().filter(seen)

    def published(self) -> Self:
        """Whole ones, not made to preview settings."""
        return self.filter(state=DONE).exclude(cause=PREVIEW)


class Snapshot(Claimable):
    """A study as of the end of a day, kept. Made by one process at a time: `Claimable` holds its lease and fence."""

    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """None: the whole house."""
    day = models.DateField()
    cause = models.CharField(max_length=10, default=ASKED)
    state = models.CharField(max_length=10, default=WANTED)
    config = models.ForeignKey(ConfigVersion, null=True, on_delete=models.PROTECT, related_name="+")
    """None: the defaults."""
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    began_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    refusal = models.JSONField(default=dict, blank=True)
    """Why it failed, for people: {"key": words key, "values": {…}}."""
    meta = models.JSONField(default=dict, blank=True)
    """`Study.meta`: day, comparison, currency, zone, grid, settings."""
    impossible = models.JSONField(default=list, blank=True)
    population = models.BinaryField(null=True, blank=True)
    """Parameters of the population: one client is refreshed with these until the next full snapshot."""
    n_customers = models.PositiveIntegerField(default=0)
    n_orders = models.PositiveIntegerField(default=0)
    peak_memory = models.PositiveBigIntegerField(default=0)
    """Bytes the process took at most."""
    has_rows = models.BooleanField(default=True)
    """Whether rows of clients are still kept; figures and sheets always are."""

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(cause__in=CAUSES), name="snapshot_cause_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="snapshot_state_known"),
            models.CheckConstraint(
                condition=Q(state=DONE, done_at__isnull=False) | ~Q(state=DONE), name="snapshot_done_at_some_time"
            ),
        ]
        indexes = [
            models.Index(fields=["centre", "-day", "-id"], condition=Q(state=DONE), name="snapshot_latest"),
            models.Index(fields=["free_at", "id"], condition=Q(state__in=[WANTED, RUNNING]), name="snapshot_to_make"),
        ]


class StudyFigure(models.Model):
    """One figure of a snapshot: `insight.results.Figure`."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="figures")
    key = models.CharField(max_length=80)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=20)
    n = models.BigIntegerField(null=True)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    level = models.FloatField(default=0.95)
    rule = models.CharField(max_length=80, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    few = models.BooleanField(default=False)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "key"], name="study_figure_once")]


class StudySheet(models.Model):
    """One sheet of a snapshot: `insight.results.Sheet`."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="sheets")
    key = models.CharField(max_length=80)
    columns = models.JSONField()
    """[[name, unit], …]."""
    rows = models.BinaryField()
    """JSON of the rows, packed by zlib; days as ISO text. Lists of names hold the first thousand."""
    n_rows = models.PositiveIntegerField()
    n = models.BigIntegerField(null=True)
    rule = models.CharField(max_length=80, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)
    note = models.CharField(max_length=200, blank=True)
    cut = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "key"], name="study_sheet_once")]


class ClientResult(models.Model):
    """What a snapshot says of one client; columns are those of customers.parquet, money in minor units."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="clients", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, blank=True)
    client_class = models.CharField(max_length=12, blank=True)
    class_reasons = models.CharField(max_length=300, blank=True)
    n_orders = models.PositiveIntegerField(default=0)
    n_visits = models.PositiveIntegerField(default=0)
    n_assets = models.PositiveIntegerField(default=0)
    first_on = models.DateField(null=True)
    last_on = models.DateField(null=True)
    recency_days = models.IntegerField(null=True)
    revenue = models.BigIntegerField(null=True)
    margin = models.BigIntegerField(null=True)
    average_order = models.BigIntegerField(null=True)
    rfm_r = models.PositiveSmallIntegerField(null=True)
    rfm_f = models.PositiveSmallIntegerField(null=True)
    rfm_m = models.PositiveSmallIntegerField(null=True)
    """Grades with the highest as best, whatever the labels say."""
    segment = models.CharField(max_length=40, blank=True)
    rfm_r_before = models.PositiveSmallIntegerField(null=True)
    """On the day the snapshot compares with, by the same thresholds; null: no client yet. So is the segment."""
    segment_before = models.CharField(max_length=40, blank=True)
    rfm27 = models.PositiveSmallIntegerField(null=True)
    reading = models.CharField(max_length=10, blank=True)
    state = models.CharField(max_length=10, blank=True)
    """Of the life cycle; empty: never served."""
    state_since = models.DateField(null=True)
    state_before = models.CharField(max_length=10, blank=True)
    """On the day the snapshot compares with."""
    flow = models.CharField(max_length=10, blank=True)
    """His place in the cascade between the two days."""
    life_code = models.CharField(max_length=60, blank=True)
    limit_days = models.FloatField(null=True)
    limit_from = models.CharField(max_length=10, blank=True)
    is_fleet = models.BooleanField(default=False)
    satisfaction = models.FloatField(null=True)
    satisfaction_worst = models.SmallIntegerField(null=True)
    satisfaction_latest = models.SmallIntegerField(null=True)
    satisfaction_coverage = models.FloatField(null=True)
    is_eligible = models.BooleanField(default=False)
    """For offers: mean and latest score above the cut."""
    p_return = models.FloatField(null=True)
    chance_rank = models.PositiveSmallIntegerField(null=True)
    n_risks = models.PositiveSmallIntegerField(default=0)
    value_at_risk = models.BigIntegerField(null=True)
    predicted_visits = models.FloatField(null=True)
    predicted_value = models.BigIntegerField(null=True)
    value_basis = models.CharField(max_length=10, blank=True)
    p_alive = models.FloatField(null=True)
    value_rank = models.PositiveIntegerField(null=True)
    margin_share = models.FloatField(null=True)
    brought = models.BigIntegerField(null=True)
    abc = models.CharField(max_length=1, blank=True)
    key_client = models.CharField(max_length=10, blank=True)
    left_over = models.BigIntegerField(null=True)
    """Margin less bonuses, contact, complaints and debt."""
    same_as = models.BigIntegerField(null=True)
    """Smallest key of the records that may be one client."""
    refreshed_at = models.DateTimeField(null=True)
    """When an event of his moved this row after the snapshot."""

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "customer"], name="client_result_once")]
        indexes = [
            models.Index(fields=["snapshot", "-revenue", "-id"], name="client_result_by_revenue"),
            models.Index(
                fields=["snapshot", "-value_at_risk", "-id"], condition=Q(n_risks__gt=0), name="client_result_at_risk"
            ),
        ]  # fmt: skip


class RiskPoint(models.Model):
    """A sign of leaving that stands on the snapshot's day, with its evidence."""

    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="risks", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+")
    point = models.CharField(max_length=40)
    evidence = models.CharField(max_length=200, blank=True)
    """As `insight.cells` tells a cell of unit `told`."""
    order = models.ForeignKey(
        RepairOrder, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    seen_on = models.DateField(null=True)
    expires_on = models.DateField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["snapshot", "customer", "point"], name="risk_point_once")]
        indexes = [models.Index(fields=["snapshot", "point", "customer"], name="risk_point_clients")]


class OrderScoreQuerySet(models.QuerySet["OrderScore"]):
    """Which scores."""

    def as_of(self, snapshot: Snapshot) -> Self:
        """Each order once: as that snapshot knows it."""
        later = Q(superseded_by=None) | Q(superseded_by__gt=snapshot.pk)
        return self.filter(later, snapshot__lte=snapshot.pk)


class OrderScore(models.Model):
    """How satisfied an order left its client, and every point of it. Written by snapshots of the whole house.

    A snapshot writes only what changed and notes on the former row who superseded it: earlier versions are kept, and
    readers of the published snapshot see no row of one that is still being made.
    """

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="scores", db_index=False)
    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="+", db_index=False)
    snapshot = models.ForeignKey(Snapshot, on_delete=models.CASCADE, related_name="+")
    superseded_by = models.ForeignKey(Snapshot, null=True, on_delete=models.SET_NULL, related_name="+")
    score = models.SmallIntegerField(null=True)
    score_from = models.CharField(max_length=10, blank=True)
    """card, answer."""
    card_score = models.SmallIntegerField(null=True)
    coverage = models.FloatField(null=True)
    is_unsure = models.BooleanField(default=False)
    """Too little of the card's weight is known."""
    score_before = models.SmallIntegerField(null=True)
    """Before what was known later."""
    rescored_on = models.DateField(null=True)
    scored_on = models.DateField(null=True)
    accepted_on = models.DateField()
    lost = models.CharField(max_length=300, blank=True)
    """Facts that cost points, the dearest first, by blanks."""
    points = models.JSONField(default=list)
    """[[fact, value, day, bin, points], …], the base first; they sum to the score before it is clipped."""
    card = models.CharField(max_length=40, blank=True)
    card_version = models.CharField(max_length=20, blank=True)

    objects = OrderScoreQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["order", "snapshot"], name="order_score_once")]
        indexes = [
            models.Index(fields=["-accepted_on", "-id"], condition=Q(superseded_by=None), name="order_score_latest"),
            models.Index(fields=["customer", "-accepted_on"], name="order_score_of_client"),
        ]


class ClientRefresh(Claimable):
    """A client whose row of the current snapshots has to be made anew: something happened to him."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="+")
    asked_at = models.DateTimeField()


class SavedSlice(models.Model):
    """A pivot that somebody keeps under a name."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    view = models.JSONField()
    """What the pivot component restores itself from."""
    is_shared = models.BooleanField(default=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="saved_slice_once")]
