"""Contacts with clients: one of them, and reports that are still owed."""

from __future__ import annotations

from typing import Any

from django.db.models import F, QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.messaging.models import Contact
from dovolen.desk.people.models import Customer

PURPOSES = ("status", "estimate", "term", "agreement", "complaint", "offer", "feedback", "other")
"""What a contact was about."""


def contact_of(staff: Staff) -> QuerySet[Contact]:
    """Contacts that he may open, each with all its page shows."""
    return Contact.objects.visible_to(staff).select_related("customer", "centre", "by", "report")


def reports_due(staff: Staff) -> QuerySet[Contact]:
    """Meetings whose report nobody wrote yet, the first due first."""
    owed = Contact.objects.visible_to(staff).filter(report_due_at__isnull=False, reported_at=None)
    return owed.order_by("report_due_at", "pk")


def unconfirmed(customer: Customer | int) -> Any:
    """The latest report that he got and did not confirm yet, None where there is none."""
    sent = Contact.objects.filter(customer=customer, report__isnull=False, confirmed_at=None)
    return sent.order_by(F("reported_at").desc(), "-pk").first()
