"""How a client is reached."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Value

from dovolen.desk.people.models import Customer, Email, Phone

PHONE, EMAIL = "phone", "email"


@dataclass(frozen=True)
class Reached:
    """A phone or an address."""

    kind: str
    text: str
    relation: str
    note: str
    is_main: bool


def reached(customer: Customer) -> list[Reached]:
    """His phones, then his addresses, the main one of each first: by one query."""
    phones = Phone.objects.filter(customer=customer).order_by()
    emails = Email.objects.filter(customer=customer).order_by()
    rows = phones.values_list(Value(PHONE), "number", "relation", "note", "is_main", "pk").union(
        emails.values_list(Value(EMAIL), "address", Value(""), Value(""), "is_main", "pk"), all=True
    )
    return [Reached(*row[:5]) for row in sorted(rows, key=lambda row: (row[0] != PHONE, not row[4], row[5]))]
