"""Whom a page is about."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from dovolen.desk.core import access
from dovolen.desk.people.models import Customer

SEE, CHANGE, BLOCK, MERGE = "see customers", "change customers", "block customers", "merge customers"


def customer_of(request: HttpRequest, key: int, right: str = SEE) -> Customer:
    """The client of an address, where the one who asks holds the right over him; else there is no such page."""
    return get_object_or_404(Customer.objects.visible_to(access.person(request), right), pk=key)
