"""What a client is found by: names, numbers, addresses, requisites."""

from __future__ import annotations

from dovolen.desk.core import search
from dovolen.desk.people.models import Customer, Email, Phone, Requisites

KIND = "customer"


def put(customer: Customer) -> None:
    """Write anew what search knows of him: called by every action that changes one of these."""
    search.put(customer, KIND, texts(customer))


def put_new(customer: Customer, *kept: Phone | Email | Requisites) -> None:
    """The same of somebody who was entered just now: what was kept of him is at hand."""
    found = [customer.name]
    for row in kept:
        if isinstance(row, Requisites):
            found += [row.legal_name, row.tax_number]
        else:
            found.append(row.number if isinstance(row, Phone) else row.address)
    search.put(customer, KIND, found)


def texts(customer: Customer) -> list[str]:
    """The texts themselves, as they stand in the base now."""
    found = [customer.name]
    found += Phone.objects.filter(customer=customer).order_by("pk").values_list("number", flat=True)
    found += Email.objects.filter(customer=customer).order_by("pk").values_list("address", flat=True)
    for legal in Requisites.objects.filter(customer=customer).values_list("legal_name", "tax_number"):
        found += legal
    return found
