"""Tables of messages: gateways, notices and their texts, the outbox, what came in, contacts."""

from __future__ import annotations

from typing import Self
from uuid import uuid4

from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.claims import Claimable
from dovolen.desk.people.models import ADVERTISING, SERVICE, Customer

PURPOSES = (SERVICE, ADVERTISING)
SMS, EMAIL, CALL = "sms", "email", "call"
CHANNELS = (SMS, EMAIL, CALL)
"""By what a notice may go; a call is a task for somebody, the last step of a cascade."""
SENT_BY_GATEWAY = (SMS, EMAIL)

CONSOLE, HTTP, SMPP, SMTP = "console", "http", "smpp", "smtp"
GATEWAY_KINDS = (CONSOLE, HTTP, SMPP, SMTP)

QUEUED, SENDING, SENT, DELIVERED, READ = "queued", "sending", "sent", "delivered", "read"
FAILED, REFUSED, UNCLEAR, EXPIRED, CANCELLED = "failed", "refused", "unclear", "expired", "cancelled"
STATES = (QUEUED, SENDING, SENT, DELIVERED, READ, FAILED, REFUSED, UNCLEAR, EXPIRED, CANCELLED)
WAITING = (QUEUED, SENDING)
"""On its way out: not yet handed to a gateway, or being handed."""

IN, OUT = "in", "out"
DIRECTIONS = (IN, OUT)
CONTACT_CHANNELS = ("call", "meeting", "visit", "sms", "email", "messenger")


class Gateway(models.Model):
    """A way out: its kind, channel and settings. Secrets in it are locked by the key of the house."""

    name = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10)
    channel = models.CharField(max_length=10)
    settings = models.JSONField(default=dict, blank=True)
    """Of its kind: address, log-in, how a request is made and an answer read; never a secret."""
    secret = models.TextField(blank=True)
    """Password or key, locked."""
    report_token = models.CharField(max_length=64, unique=True)
    """Part of the address to which delivery reports and answers come."""
    sender = models.CharField(max_length=60, blank=True)
    per_second = models.PositiveIntegerField(default=10)
    cost_per_part = models.PositiveIntegerField(default=0)
    """Of one SMS part or letter, minor units."""
    currency = models.CharField(max_length=3, default="RUB")
    position = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=GATEWAY_KINDS), name="gateway_kind_known"),
            models.CheckConstraint(condition=Q(channel__in=SENT_BY_GATEWAY), name="gateway_channel_known"),
        ]

    def __str__(self) -> str:
        return self.name


class Notice(models.Model):
    """An occasion on which clients are told something: by which channels in turn, or not at all."""

    code = models.CharField(max_length=40, unique=True)
    """`order.accepted`, `order.not_picked_up.1`, …: what happened; the standard words lie under it."""
    purpose = models.CharField(max_length=12, default=SERVICE)
    channels = models.JSONField(default=list)
    """In turn: the next is tried when one cannot or may not."""
    after_hours = models.PositiveIntegerField(null=True, blank=True)
    """Of a series: hours after its beginning."""
    position = models.PositiveSmallIntegerField(default=0)
    is_on = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="notice_purpose_known")]

    def __str__(self) -> str:
        return self.code


class NoticeText(models.Model):
    """The house's own words of a notice in a channel and language; without a row the standard words are said."""

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="texts")
    channel = models.CharField(max_length=10)
    language = models.CharField(max_length=2)
    subject = models.CharField(max_length=150, blank=True)
    body = models.TextField()
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["notice", "channel", "language"], name="notice_text_once"),
            models.CheckConstraint(condition=Q(channel__in=SENT_BY_GATEWAY), name="notice_text_channel_known"),
        ]


class MessageQuerySet(models.QuerySet["Message"]):
    """Which messages."""

    def visible_to(self, staff: Staff) -> Self:
        """Messages of the centres where he sees messages."""
        return self.filter(centre__in=staff.centre_ids("see messages"))


class Message(Claimable):
    """One message to one person: the row is the outbox until it is sent, the record of it after."""

    key = models.UUIDField(unique=True, default=uuid4, editable=False)
    """Our own id, by which a gateway that can tell knows it again."""
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="messages")
    order_number = models.PositiveBigIntegerField(null=True, blank=True)
    notice = models.CharField(max_length=40, blank=True)
    """Code of the notice; empty: written by hand."""
    purpose = models.CharField(max_length=12)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    """Number as E.164, or e-mail address."""
    subject = models.CharField(max_length=200, blank=True)
    text = models.TextField()
    n_parts = models.PositiveSmallIntegerField(default=1)
    cost = models.PositiveIntegerField(default=0)
    currency = models.CharField(max_length=3, default="RUB")

    state = models.CharField(max_length=10, default=QUEUED)
    state_at = models.DateTimeField()
    reason = models.CharField(max_length=40, blank=True)
    """Why it was refused, failed, is unclear or was cancelled: a code with words of its own."""
    detail = models.CharField(max_length=300, blank=True)
    """What the gateway said."""
    queued_at = models.DateTimeField()
    not_before = models.DateTimeField(null=True, blank=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    """Not sent after this: a code or a news that is stale by then."""
    sent_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    gateway = models.ForeignKey(Gateway, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    gateway_ref = models.CharField(max_length=100, blank=True)
    later_channels = models.JSONField(default=list, blank=True)
    """What is tried next, in turn, when this one cannot be sent."""
    instead_of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="fallbacks")
    by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")

    objects = MessageQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["free_at", "id"], condition=Q(state__in=["queued", "sending"]), name="message_to_send"
            ),
            models.Index(fields=["customer", "-id"], name="message_of_customer"),
            models.Index(fields=["order_number", "-id"], name="message_of_order"),
            models.Index(fields=["centre", "-id"], name="message_of_centre"),
            models.Index(fields=["centre", "state", "-id"], name="message_by_state"),
            models.Index(
                fields=["gateway", "gateway_ref"], condition=~Q(gateway_ref=""), name="message_by_gateway_ref"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=STATES), name="message_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="message_purpose_known"),
            models.CheckConstraint(condition=Q(channel__in=SENT_BY_GATEWAY), name="message_channel_known"),
        ]


class IncomingQuerySet(models.QuerySet["Incoming"]):
    """Which answers."""

    def visible_to(self, staff: Staff) -> Self:
        """Answers to the centres where he sees messages; those that nobody could place are seen by all of them."""
        return self.filter(Q(centre__in=staff.centre_ids("see messages")) | Q(centre=None))


class Incoming(models.Model):
    """A message from outside: an answer to an SMS, a letter. Somebody takes it and says that it is done."""

    gateway = models.ForeignKey(Gateway, on_delete=models.PROTECT, related_name="+")
    gateway_ref = models.CharField(max_length=100)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=254)
    text = models.TextField()
    at = models.DateTimeField()
    customer = models.ForeignKey(Customer, null=True, blank=True, on_delete=models.PROTECT, related_name="incoming")
    order_number = models.PositiveBigIntegerField(null=True, blank=True)
    centre = models.ForeignKey(Centre, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    result = models.CharField(max_length=300, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = IncomingQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["-at", "-id"], name="incoming_by_time"),
            models.Index(fields=["-at", "-id"], condition=Q(done_at=None), name="incoming_open"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["gateway", "gateway_ref"], name="incoming_once"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="incoming_done_by_somebody",
            ),
        ]


class ContactQuerySet(models.QuerySet["Contact"]):
    """Which contacts."""

    def visible_to(self, staff: Staff) -> Self:
        """Contacts at the centres where he sees clients."""
        return self.filter(centre__in=staff.centre_ids("see customers"))


class Contact(models.Model):
    """A call, meeting or visit that somebody of the staff had with a client, and what they agreed on."""

    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="contacts")
    order_number = models.PositiveBigIntegerField(null=True, blank=True)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    channel = models.CharField(max_length=10)
    direction = models.CharField(max_length=3, default=OUT)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=40, blank=True)
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    text = models.TextField(blank=True)

    report_due_at = models.DateTimeField(null=True, blank=True)
    """A meeting asks for its report the same day."""
    agreed = models.TextField(blank=True)
    agreed_who = models.CharField(max_length=120, blank=True)
    agreed_until = models.DateField(null=True, blank=True)
    reported_at = models.DateTimeField(null=True, blank=True)
    report = models.ForeignKey(Message, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The message by which the client got it."""
    confirmed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["customer", "-at"], name="contact_of_customer"),
            models.Index(fields=["order_number", "-at"], name="contact_of_order"),
            models.Index(
                fields=["report_due_at", "id"], condition=Q(report_due_at__isnull=False, reported_at=None),
                name="contact_report_due",
            ),
        ]  # fmt: skip
        constraints = [
            models.CheckConstraint(condition=Q(channel__in=CONTACT_CHANNELS), name="contact_channel_known"),
            models.CheckConstraint(condition=Q(direction__in=DIRECTIONS), name="contact_direction_known"),
        ]
