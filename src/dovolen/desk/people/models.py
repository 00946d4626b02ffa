"""Tables of clients."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce

from dovolen.desk.accounts.models import Centre, Staff

PERSON, COMPANY = "person", "company"
KINDS = (PERSON, COMPANY)

PROCESSING, SERVICE, ADVERTISING = "processing", "service", "advertising"
PURPOSES = (PROCESSING, SERVICE, ADVERTISING)
ANY_CHANNEL = "any"
CHANNELS = (ANY_CHANNEL, "sms", "email", "call", "messenger")
PROOFS = ("paper", "in_person", "call", "link", "import")
"""How a consent was given or taken back."""

INTERMEDIARY, REGULAR, ONE_OFF = "intermediary", "regular", "one_off"
CLASSES = (INTERMEDIARY, REGULAR, ONE_OFF)

PHONE_RELATIONS = ("own", "work", "family", "colleague", "driver", "secretary", "other")
RELATIONS = ("family", "colleague", "head", "employee", "accountant", "driver", "friend", "referred", "other")
"""What the other one is to this client."""


RECENT = Coalesce("latest_order_at", "created_at")
"""By what lists are ordered: lately served and lately entered ones together."""


class CustomerQuerySet(models.QuerySet["Customer"]):
    """Which clients."""

    def visible_to(self, staff: Staff, right: str = "see customers") -> Self:
        """Clients known at a centre where he holds the right; those merged into another are not shown."""
        here = CustomerPlace.objects.filter(customer=OuterRef("pk"), centre__in=staff.centre_ids(right))
        return self.filter(Exists(here), merged_into=None)


class Customer(models.Model):
    """A client: a person or a company. Not a phone number: people share phones and have many."""

    kind = models.CharField(max_length=10, default=PERSON)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    """The name as lists order and compare it: case folded, ё as е, single blanks."""
    address = models.CharField(max_length=300, blank=True)
    birthday = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=60, blank=True)
    referred_by = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="referred")
    manager = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    technician = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    """Who knows his things: set by itself after the second visit to the same one, or by hand."""
    regular_mark = models.BooleanField(default=False)
    class_hand = models.CharField(max_length=12, blank=True)
    """His class as somebody set it: it wins over the rule."""
    class_hand_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    class_hand_at = models.DateTimeField(null=True, blank=True)
    image_value = models.PositiveSmallIntegerField(null=True, blank=True)
    potential = models.PositiveSmallIntegerField(null=True, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    blocked_at = models.DateTimeField(null=True, blank=True)
    blocked_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    blocked_reason = models.CharField(max_length=200, blank=True)
    merged_into = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="absorbed", db_index=False
    )
    """Not indexed: nearly every row holds nothing here, and SQLite would read lists by such an index."""
    n_orders = models.PositiveIntegerField(default=0)
    latest_order_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="customer_kind_known"),
            models.CheckConstraint(
                condition=Q(blocked_at=None, blocked_by=None) | Q(blocked_at__isnull=False, blocked_by__isnull=False),
                name="customer_blocked_by_somebody",
            ),
            models.CheckConstraint(condition=Q(class_hand__in=["", *CLASSES]), name="customer_class_known"),
            models.CheckConstraint(
                condition=Q(class_hand="", class_hand_by=None, class_hand_at=None)
                | ~Q(class_hand="") & Q(class_hand_by__isnull=False, class_hand_at__isnull=False),
                name="customer_class_set_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(image_value=None) | Q(image_value__range=(1, 5)), name="customer_image_value_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(potential=None) | Q(potential__range=(1, 5)), name="customer_potential_1_to_5"
            ),
        ]
        indexes = [
            models.Index(fields=["name_key", "id"], name="customer_by_name"),
            models.Index(fields=["latest_order_at", "id"], name="customer_by_latest_order"),
            models.Index(fields=["created_at", "id"], name="customer_by_created"),
            models.Index(RECENT, F("id"), name="customer_by_recent"),
            models.Index(RECENT, F("id"), condition=Q(blocked_at__isnull=False), name="customer_blocked"),
            models.Index(RECENT, F("id"), condition=Q(regular_mark=True), name="customer_regular"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def initials(self) -> str:
        """Two letters for the round badge."""
        return "".join(part[0] for part in self.name.replace("«", "").split()[:2]).upper()


class CustomerPlace(models.Model):
    """A centre that knows this client: he was entered or taken in there."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="places")
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["customer", "centre"], name="customer_place_once")]


class Phone(models.Model):
    """A number of a client, as E.164 (`+79124480731`). Several clients may share one."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="phones")
    number = models.CharField(max_length=16, db_index=True)
    relation = models.CharField(max_length=12, default="own")
    note = models.CharField(max_length=80, blank=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "number"], name="phone_once_a_customer"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="phone_one_main"),
            models.CheckConstraint(condition=Q(relation__in=PHONE_RELATIONS), name="phone_relation_known"),
        ]


class Email(models.Model):
    """An e-mail address of a client, in lower case."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="emails")
    address = models.CharField(max_length=254, db_index=True)
    is_main = models.BooleanField(default=False)

    class Meta:
        ordering = ["-is_main", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["customer", "address"], name="email_once_a_customer"),
            models.UniqueConstraint(fields=["customer"], condition=Q(is_main=True), name="email_one_main"),
        ]


class Requisites(models.Model):
    """What papers say of a company; numbers are checked by their control digits before they are kept."""

    customer = models.OneToOneField(Customer, on_delete=models.CASCADE, related_name="requisites")
    legal_name = models.CharField(max_length=300)
    tax_number = models.CharField(max_length=12, blank=True, db_index=True)
    """ИНН: ten digits of a company, twelve of an entrepreneur."""
    kpp = models.CharField(max_length=9, blank=True)
    ogrn = models.CharField(max_length=15, blank=True)
    legal_address = models.CharField(max_length=300, blank=True)
    phone = models.CharField(max_length=30, blank=True)
    bank_name = models.CharField(max_length=200, blank=True)
    bik = models.CharField(max_length=9, blank=True)
    account = models.CharField(max_length=20, blank=True)
    corr_account = models.CharField(max_length=20, blank=True)
    consignee = models.CharField(max_length=300, blank=True)
    consignee_address = models.CharField(max_length=300, blank=True)
    head_name = models.CharField(max_length=120, blank=True)
    accountant_name = models.CharField(max_length=120, blank=True)


class ConsentText(models.Model):
    """A version of the words that a client agrees to; never changed once somebody did."""

    purpose = models.CharField(max_length=12)
    number = models.PositiveSmallIntegerField()
    text = models.TextField()
    valid_from = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["purpose", "number"], name="consent_text_once"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="consent_text_purpose_known"),
        ]


class Consent(models.Model):
    """A client agreed, or took it back: rows are only added, the latest of a purpose and channel holds."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="consents")
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=10, default=ANY_CHANNEL)
    is_given = models.BooleanField()
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    text = models.ForeignKey(ConsentText, null=True, on_delete=models.PROTECT, related_name="+")
    proof = models.CharField(max_length=10)
    note = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [models.Index(fields=["customer", "purpose", "channel", "-id"], name="consent_latest")]
        constraints = [
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="consent_purpose_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="consent_channel_known"),
            models.CheckConstraint(condition=Q(proof__in=PROOFS), name="consent_proof_known"),
        ]


class Note(models.Model):
    """What somebody wrote about a client."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="notes")
    text = models.TextField()
    is_pinned = models.BooleanField(default=False)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")


class Relation(models.Model):
    """What another client is to this one: one row a direction is not needed, pages show it from both sides."""

    customer = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relations")
    other = models.ForeignKey(Customer, on_delete=models.CASCADE, related_name="relations_of_others")
    kind = models.CharField(max_length=12)
    note = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["customer", "other"], name="relation_once"),
            models.CheckConstraint(condition=~Q(customer=F("other")), name="relation_of_two"),
            models.CheckConstraint(condition=Q(kind__in=RELATIONS), name="relation_kind_known"),
        ]


class Merge(models.Model):
    """Two clients became one; what was moved and overwritten is kept, so that it can be undone."""

    kept = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="merges")
    absorbed = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    before = models.JSONField(default=dict)
    """Fields of the kept one as they were."""
    moved = models.JSONField(default=dict)
    """Table → keys of rows that changed hands."""
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
