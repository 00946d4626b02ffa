"""Tables of the repair order: its stages, promises, lines, approvals, parts on their way, photos."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import LINE_KINDS, Asset, Category
from dovolen.desk.core.models import StoredFile
from dovolen.desk.money.taxes import TAX_CODES
from dovolen.desk.people.models import Customer

WORK, CLIENT, PART, READY, TOLD, CLOSED = "work", "client", "part", "ready", "told", "closed"
PHASES = (WORK, CLIENT, PART, READY, TOLD, CLOSED)
"""What a stage means: worked on, waiting for the client, for a part, ready, told that it is ready, handed over."""
OPEN_PHASES = (WORK, CLIENT, PART, READY, TOLD)
UNFINISHED = (WORK, CLIENT, PART)

REPAIRED, DECLINED_BY_CLIENT, BEYOND_REPAIR, NO_FAULT, CANCELLED = (
    "repaired", "declined", "beyond_repair", "no_fault_found", "cancelled",
)  # fmt: skip
OUTCOMES = (REPAIRED, DECLINED_BY_CLIENT, BEYOND_REPAIR, NO_FAULT, CANCELLED)
ORDER_KINDS = ("repair", "maintenance", "body", "wash", "project", "sale")
PAY_TYPES = ("customer_pay", "warranty", "goodwill")
PLACES = ("workshop", "on_site", "pre_sale")
TOLD_HOW = ("in_person", "call", "message", "email", "link", "not_yet")
HOLD_REASONS = ("client", "part", "payment", "supplier", "capacity", "other")
REPROMISE_REASONS = ("part_late", "more_work", "client_asked", "overload", "technician_away", "our_slip", "other")

PROPOSED, APPROVED, DECLINED = "proposed", "approved", "declined"
LINE_STATES = (PROPOSED, APPROVED, DECLINED)


class Stage(models.Model):
    """A step of the way of an order. Own ones are added, standard ones renamed or switched off."""

    code = models.CharField(max_length=30, unique=True)
    name = models.CharField(max_length=40, blank=True)
    """The centre's own name; empty: the standard word of the code."""
    phase = models.CharField(max_length=10)
    norm_minutes = models.PositiveIntegerField(null=True, blank=True)
    movers = models.JSONField(default=list, blank=True)
    """Roles that may move an order here; empty: whoever repairs or takes in."""
    needs_payment = models.BooleanField(default=False)
    """Entered only when what the order comes to is paid."""
    needs_approval = models.BooleanField(default=False)
    """Entered only when no line waits for the client's word."""
    needs_checklist = models.BooleanField(default=False)
    """Entered only with the checklist before ready ticked off."""
    position = models.PositiveSmallIntegerField(default=0)
    is_active = models.BooleanField(default=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(phase__in=PHASES), name="stage_phase_known")]

    def __str__(self) -> str:
        return self.name or self.code


class OrderQuerySet(models.QuerySet["RepairOrder"]):
    """Which orders."""

    def visible_to(self, staff: Staff, right: str = "see orders") -> Self:
        """Orders of the centres where he holds the right."""
        return self.filter(centre__in=staff.centre_ids(right))

    def open(self) -> Self:
        """Not handed over yet."""
        return self.exclude(phase=CLOSED)


class RepairOrder(models.Model):
    """One asset taken in, or one visit. `stage` moves only by `orders.actions`, on condition of the stage before."""

    number = models.PositiveBigIntegerField(unique=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="orders")
    asset = models.ForeignKey(Asset, null=True, blank=True, on_delete=models.PROTECT, related_name="orders")
    category = models.ForeignKey(Category, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, default="repair")
    pay_type = models.CharField(max_length=12, default="customer_pay")
    place = models.CharField(max_length=10, default="workshop")
    currency = models.CharField(max_length=3)

    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    phase = models.CharField(max_length=10)
    stage_entered_at = models.DateTimeField()
    technician = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    shelf = models.CharField(max_length=40, blank=True)

    accepted_at = models.DateTimeField()
    accepted_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    first_promised_at = models.DateTimeField(null=True, blank=True)
    promised_at = models.DateTimeField(null=True, blank=True)
    ready_at = models.DateTimeField(null=True, blank=True)
    notified_at = models.DateTimeField(null=True, blank=True)
    notified_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    notified_how = models.CharField(max_length=10, blank=True)
    picked_up_at = models.DateTimeField(null=True, blank=True)
    picked_up_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """Who of the staff handed it over; `receiver`: who took it, where not the client himself."""
    receiver = models.CharField(max_length=120, blank=True)
    outcome = models.CharField(max_length=15, blank=True)
    outcome_reason = models.CharField(max_length=200, blank=True)

    fault_text = models.TextField(blank=True)
    condition = models.TextField(blank=True)
    accessories = models.CharField(max_length=300, blank=True)
    checklist = models.JSONField(default=list, blank=True)
    """At intake: [{"text": …, "is_on": …}], as it stood then."""
    ready_checklist = models.JSONField(default=list, blank=True)
    odometer = models.PositiveIntegerField(null=True, blank=True)
    diagnosis = models.TextField(blank=True)
    estimate = models.BigIntegerField(null=True, blank=True)  # told at intake, minor units

    rework_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="reworks")
    """The order whose work is done again: always the first of the chain."""
    hold_reason = models.CharField(max_length=10, blank=True)
    hold_note = models.CharField(max_length=200, blank=True)
    held_since = models.DateTimeField(null=True, blank=True)
    held_until = models.DateTimeField(null=True, blank=True)  # when the wait is expected to end

    total = models.BigIntegerField(default=0)
    """Lines that are not declined: what the client is to pay, minor units."""
    n_waiting_lines = models.PositiveIntegerField(default=0)
    parts_cost = models.BigIntegerField(default=0)
    labour_cost = models.BigIntegerField(default=0)
    norm_minutes = models.PositiveIntegerField(default=0)
    is_past = models.BooleanField(default=False)
    """Done in another system and brought in: what that did not tell is empty, the rest stands in `past`."""
    version = models.PositiveIntegerField(default=1)
    """Of what people write into the order by hand; stage, lines and promises have their own."""

    objects = OrderQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(phase__in=PHASES), name="order_phase_known"),
            models.CheckConstraint(condition=Q(kind__in=ORDER_KINDS), name="order_kind_known"),
            models.CheckConstraint(condition=Q(pay_type__in=PAY_TYPES), name="order_pay_type_known"),
            models.CheckConstraint(condition=Q(outcome__in=["", *OUTCOMES]), name="order_outcome_known"),
            models.CheckConstraint(
                condition=Q(phase=CLOSED, picked_up_at__isnull=False, picked_up_by__isnull=False) & ~Q(outcome="")
                | Q(phase=CLOSED, is_past=True)
                | ~Q(phase=CLOSED) & Q(picked_up_at=None, picked_up_by=None, outcome=""),
                name="order_closed_with_outcome",
            ),
            models.CheckConstraint(
                condition=Q(hold_reason="", held_since=None) | ~Q(hold_reason="") & Q(held_since__isnull=False),
                name="order_hold_since",
            ),
            models.CheckConstraint(
                condition=Q(notified_at=None, notified_by=None) | Q(notified_at__isnull=False),
                name="order_notified_by_at",
            ),
            models.CheckConstraint(condition=~Q(rework_of=F("id")), name="order_no_rework_of_itself"),
        ]
        indexes = [
            models.Index(fields=["centre", "promised_at", "id"], condition=~Q(phase=CLOSED), name="order_open"),
            models.Index(fields=["stage", "promised_at", "id"], condition=~Q(phase=CLOSED), name="order_open_stage"),
            models.Index(fields=["centre", "-accepted_at", "-id"], name="order_by_accepted"),
            models.Index(fields=["centre", "-picked_up_at", "-id"], name="order_by_picked_up"),
            models.Index(fields=["customer", "-accepted_at"], name="order_of_customer"),
            models.Index(fields=["asset", "-accepted_at"], name="order_of_asset"),
            models.Index(
                fields=["centre", "category", "-accepted_at", "-id"],
                condition=Q(outcome=REPAIRED),
                name="order_repaired",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"


class PastOrder(models.Model):
    """What another system told of an order, where the desk's own columns do not hold it; null: it did not tell.

    Money in minor units of the order's currency.
    """

    order = models.OneToOneField(RepairOrder, primary_key=True, on_delete=models.CASCADE, related_name="past")
    number = models.CharField(max_length=60, blank=True, db_index=True)
    """As it stood there."""
    advisor = models.CharField(max_length=80, blank=True)
    technician = models.CharField(max_length=80, blank=True)
    channel = models.CharField(max_length=40, blank=True)
    department = models.CharField(max_length=20, blank=True)
    initiated_by = models.CharField(max_length=10, blank=True)
    revenue = models.BigIntegerField(null=True)
    parts_cost = models.BigIntegerField(null=True)
    labour_cost = models.BigIntegerField(null=True)
    discount = models.BigIntegerField(null=True)
    bonus_used = models.BigIntegerField(null=True)
    debt = models.BigIntegerField(null=True)


class StageEntry(models.Model):
    """An order was in a stage from when to when."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="stage_entries")
    stage = models.ForeignKey(Stage, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    technician = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    norm_minutes = models.PositiveIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["entered_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["order"], condition=Q(left_at=None), name="stage_entry_one_now")]


class Promise(models.Model):
    """A date given to the client; each further one is a re-promise."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="promises")
    at = models.DateTimeField()
    promised_at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=20, blank=True)
    told_how = models.CharField(max_length=10, blank=True)
    note = models.CharField(max_length=200, blank=True)
    is_after_break = models.BooleanField(default=False)
    """Given when the one before was already broken."""

    class Meta:
        ordering = ["at", "pk"]


class ClientLink(models.Model):
    """A key to the client's own page of one order: it opens nothing else, and may be taken back at any time."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True)
    """Of the token: the base alone opens no page."""
    locked = models.TextField()
    """The token, locked by the key of the house: the same link stands in every message."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(null=True, blank=True)  # when the client first came
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["order"], condition=Q(revoked_at=None), name="client_link_one_in_force"),
        ]


class Approval(models.Model):
    """The client's word on lines of the estimate: by link himself, or as staff heard it; who, how, when."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="approvals")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    who = models.CharField(max_length=120)
    told_how = models.CharField(max_length=10)
    amount = models.BigIntegerField()
    """The order's total as approved, minor units."""
    note = models.CharField(max_length=200, blank=True)
    link = models.ForeignKey(ClientLink, null=True, blank=True, on_delete=models.PROTECT, related_name="approvals")
    terms = models.CharField(max_length=20, blank=True)
    """Version of the words by which acceptance by this link is his simple electronic signature."""

    class Meta:
        ordering = ["at", "pk"]


class Line(models.Model):
    """A job, part or fee of the estimate. Prices with tax inside, minor units.

    `amount` = quantity × price, rounded, less the discount.
    """

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="lines")
    position = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(max_length=10)
    name = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=9, decimal_places=3, default=1)
    price = models.BigIntegerField()
    cost = models.BigIntegerField(null=True, blank=True)
    """Purchase price, or what the work costs the centre, of one."""
    discount = models.BigIntegerField(default=0)
    """Taken off the whole line, minor units."""
    discount_reason = models.CharField(max_length=200, blank=True)
    tax_code = models.CharField(max_length=4, blank=True)
    """Rate of tax held in the price, as `money.taxes` knows it; empty: the seller's usual one."""
    amount = models.BigIntegerField()
    norm_minutes = models.PositiveIntegerField(default=0)
    technician = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    warranty_days = models.PositiveSmallIntegerField(default=0)
    warranty_until = models.DateField(null=True, blank=True)
    """Set at hand-over."""
    state = models.CharField(max_length=10, default=PROPOSED)
    decided_at = models.DateTimeField(null=True, blank=True)
    approval = models.ForeignKey(Approval, null=True, blank=True, on_delete=models.PROTECT, related_name="lines")
    decline_reason = models.CharField(max_length=200, blank=True)
    offer_again_on = models.DateField(null=True, blank=True)
    offered_in = models.ForeignKey(RepairOrder, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """The later order in which this declined work was offered again."""
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=LINE_KINDS), name="line_kind_known"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="line_quantity_positive"),
            models.CheckConstraint(
                condition=Q(discount=0) | Q(discount__gt=0, amount__gte=0) & ~Q(discount_reason=""),
                name="line_discount_with_reason",
            ),
            models.CheckConstraint(condition=Q(tax_code__in=["", *TAX_CODES]), name="line_tax_known"),
            models.CheckConstraint(
                condition=Q(state=PROPOSED, decided_at=None)
                | Q(state__in=[APPROVED, DECLINED], decided_at__isnull=False),
                name="line_decided_at_some_time",
            ),
            models.CheckConstraint(condition=Q(state__in=LINE_STATES), name="line_state_known"),
        ]


class AwaitedPart(models.Model):
    """A part on its way for an order."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="awaited_parts")
    line = models.ForeignKey(Line, null=True, blank=True, on_delete=models.SET_NULL, related_name="awaited_parts")
    name = models.CharField(max_length=200)
    supplier = models.CharField(max_length=80, blank=True)
    ordered_at = models.DateTimeField()
    promised_at = models.DateTimeField(null=True, blank=True)  # what the supplier first said
    expected_at = models.DateTimeField(null=True, blank=True)  # what is expected now
    arrived_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["expected_at", "pk"]
        indexes = [
            models.Index(
                fields=["expected_at", "id"], condition=Q(arrived_at=None, cancelled_at=None), name="part_on_its_way"
            )
        ]


class Photo(models.Model):
    """A picture, drawn anew from what was uploaded: nothing but its pixels is kept."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    thumb = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    caption = models.CharField(max_length=120, blank=True)
    is_for_client = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]


class OrderNote(models.Model):
    """What somebody wrote to an order."""

    order = models.ForeignKey(RepairOrder, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["at", "pk"]


class DeviceSecret(models.Model):
    """The password of a device, locked by the key of the house; it goes at hand-over."""

    order = models.OneToOneField(RepairOrder, on_delete=models.CASCADE, related_name="secret")
    locked = models.TextField()
    at = models.DateTimeField()


class SavedFilter(models.Model):
    """A view of the list or board that somebody keeps under a name."""

    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    page = models.CharField(max_length=20)
    name = models.CharField(max_length=60)
    query = models.CharField(max_length=500)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name", "pk"]
        constraints = [models.UniqueConstraint(fields=["staff", "page", "name"], name="saved_filter_once")]
