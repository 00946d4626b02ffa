"""Tables of papers: what was drawn up, and how a centre's papers look."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.models import StoredFile
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

RECEIPT, ESTIMATE, WORK_ORDER, ACT, WARRANTY = "receipt", "estimate", "work_order", "act", "warranty"
INVOICE, TRANSFER_DOCUMENT, WAYBILL = "invoice", "transfer", "waybill"
KINDS = (RECEIPT, ESTIMATE, WORK_ORDER, ACT, WARRANTY, INVOICE, TRANSFER_DOCUMENT, WAYBILL)
"""Intake receipt, estimate, work order, completion act, warranty card, счёт, УПД (счёт-фактура), ТОРГ-12."""


class PaperSetup(models.Model):
    """How the papers of a centre look: its logo and its own words."""

    centre = models.OneToOneField(Centre, on_delete=models.CASCADE, related_name="paper_setup")
    logo = models.ForeignKey(StoredFile, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    receipt_terms = models.TextField(blank=True)
    """Conditions of repair under the receipt; empty: the standard words."""
    warranty_terms = models.TextField(blank=True)
    footer = models.CharField(max_length=200, blank=True)
    version = models.PositiveIntegerField(default=1)


class DocumentQuerySet(models.QuerySet["Document"]):
    """Which papers."""

    def visible_to(self, staff: Staff) -> Self:
        """Papers of the centres where he sees papers."""
        return self.filter(centre__in=staff.centre_ids("see papers"))


class Document(models.Model):
    """A paper as it was drawn up: its facts, the version of its form, and the very bytes that were printed."""

    kind = models.CharField(max_length=12)
    centre = models.ForeignKey(Centre, on_delete=models.PROTECT, related_name="+")
    entity = models.ForeignKey(LegalEntity, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    """Of its kind at its centre in its year, without gaps."""
    order = models.ForeignKey(RepairOrder, on_delete=models.PROTECT, related_name="documents")
    customer = models.ForeignKey(Customer, on_delete=models.PROTECT, related_name="documents")
    form = models.CharField(max_length=40)
    """Name and version of the form: `act-1`."""
    language = models.CharField(max_length=2, default="ru")
    facts = models.JSONField()
    """All that stands in it, as it was then."""
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField(null=True, blank=True)
    is_for_client = models.BooleanField(default=True)
    at = models.DateTimeField()
    by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True, blank=True)
    voided_by = models.ForeignKey(Staff, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    voided_reason = models.CharField(max_length=200, blank=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "centre", "year", "number"], name="document_number_once"),
            models.CheckConstraint(condition=Q(kind__in=KINDS), name="document_kind_known"),
            models.CheckConstraint(
                condition=Q(voided_at=None, voided_by=None) | Q(voided_at__isnull=False, voided_by__isnull=False),
                name="document_voided_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["order", "-at"], name="document_of_order"),
            models.Index(fields=["centre", "-at", "-id"], name="document_by_time"),
        ]
