"""Clients of another system, brought in by the thousand: rows, numbers, places and search in one transaction.

No event of each: the import's own event and its rows tell where they are from, and nobody is told anything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, F, Max, QuerySet

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import search
from dovolen.desk.core.bulk import among, insert, insert_at_once, keys, moment
from dovolen.desk.core.models import Findable
from dovolen.desk.people import names, requisites
from dovolen.desk.people.models import (
    CLASSES,
    COMPANY,
    KINDS,
    PERSON,
    Customer,
    CustomerPlace,
    Email,
    Note,
    Phone,
    Requisites,
)

LONGEST = {"name": 200, "address": 300, "source": 60}
KIND = "customer"


@dataclass(slots=True)  # not frozen: by the thousand that costs more than all else of it
class Told:
    """A client as another system tells of him; moments as text in UTC, phones as E.164."""

    name: str
    kind: str = ""
    phones: Sequence[str] = ()
    emails: Sequence[str] = ()
    address: str = ""
    source: str = ""
    tax_number: str = ""
    regular_mark: bool = False
    class_hand: str = ""
    class_hand_at: str = ""
    blocked_at: str = ""
    created_at: str = ""
    image_value: int | None = None
    potential: int | None = None
    manager_id: int | None = None
    note: str = ""
    places: Mapping[int, str] = field(default_factory=dict)
    """Centre that knows him → since when."""
    found_by: str = ""
    """His row of search, from `found_by`, where it was worked out before the transaction."""


def found_by(one: Told) -> str:
    """What search is to know of a client: for whoever would rather work it out before the base is locked."""
    return search.text_of(filter(None, [one.name, *one.phones, *one.emails, one.tax_number]))


def tidied(told: Mapping[str, Any]) -> dict[str, str]:
    """Texts of a client as their columns take them."""
    return {name: names.tidy(str(told[name]))[:most] if told.get(name) else "" for name, most in LONGEST.items()}


@transaction.atomic
def add_many(*, told: Sequence[Told], by: Staff, now: datetime) -> list[int]:
    """Enter clients; gives their keys in the same order. No event of each: the caller leaves one of all."""
    found, at = keys(Customer, len(told)), moment(now)
    insert(
        Customer,
        ("id", "kind", "name", "name_key", "address", "source", "regular_mark", "class_hand", "class_hand_by_id",
         "class_hand_at", "blocked_at", "blocked_by_id", "created_at", "image_value", "potential", "manager_id"),
        [_row(key, one, by.pk, at) for key, one in zip(found, told, strict=True)],
        {"created_by_id": by.pk},
    )  # fmt: skip
    both = list(zip(found, told, strict=True))
    insert(CustomerPlace, ("customer_id", "centre_id", "since"),
           [(key, centre, since or at) for key, one in both for centre, since in one.places.items()])  # fmt: skip
    insert(Phone, ("customer_id", "number", "is_main"),
           [(key, number, place == 0) for key, one in both for place, number in enumerate(one.phones)])  # fmt: skip
    insert(Email, ("customer_id", "address", "is_main"),
           [(key, address, place == 0) for key, one in both for place, address in enumerate(one.emails)])  # fmt: skip
    legal = [(key, one, requisites.compact(one.tax_number)) for key, one in both if one.tax_number]
    insert(Requisites, ("customer_id", "legal_name", "tax_number"),
           [(key, one.name, number) for key, one, number in legal if requisites.is_tax_number(number)])  # fmt: skip
    insert(Note, ("customer_id", "text"), [(key, one.note) for key, one in both if one.note],
           {"at": now, "by_id": by.pk, "is_pinned": False})  # fmt: skip
    searched = [(KIND, key, one.found_by or found_by(one)) for key, one in both]
    insert_at_once(Findable, ("kind", "subject_id", "text"), searched)
    return found


def _row(key: int, one: Told, by: int, at: str) -> tuple[Any, ...]:
    class_hand = one.class_hand if one.class_hand in CLASSES else ""
    return (
        key, one.kind if one.kind in KINDS else COMPANY if one.tax_number and len(one.tax_number) == 10 else PERSON,
        one.name, names.key(one.name)[:LONGEST["name"]], one.address, one.source, one.regular_mark, class_hand,
        by if class_hand else None, (one.class_hand_at or at) if class_hand else None, one.blocked_at or None,
        by if one.blocked_at else None, one.created_at or at, _grade(one.image_value), _grade(one.potential),
        one.manager_id,
    )  # fmt: skip


def _grade(value: int | None) -> int | None:
    return value if value is not None and 1 <= value <= 5 else None


@transaction.atomic
def add_to(*, customer: Customer, values: Mapping[str, Any], phones: Sequence[str], emails: Sequence[str]) -> Customer:
    """Write what a further import tells of somebody who is known: columns, numbers, addresses; his version rises."""
    from dovolen.desk.people.actions import finding

    told = dict(values)
    if "name" in told:
        told["name_key"] = names.key(told["name"])[: LONGEST["name"]]
    Customer.objects.filter(pk=customer.pk).update(version=F("version") + 1, **told)
    has_main, has_address = customer.phones.exists(), customer.emails.exists()
    Phone.objects.bulk_create(
        Phone(customer=customer, number=number, is_main=not has_main and place == 0)
        for place, number in enumerate(phones)
    )
    Email.objects.bulk_create(
        Email(customer=customer, address=address, is_main=not has_address and place == 0)
        for place, address in enumerate(emails)
    )
    customer.refresh_from_db()
    finding.put(customer)
    return customer


@transaction.atomic
def be_brought_by(*, who: Mapping[int, int]) -> None:
    """Client → the one who brought him; who has somebody told already keeps him."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f'UPDATE "{Customer._meta.db_table}" SET referred_by_id = %s WHERE id = %s AND referred_by_id IS NULL',
            [(by, one) for one, by in who.items() if by != one],
        )


@transaction.atomic
def be_known_at(*, places: Mapping[tuple[int, int], str]) -> None:
    """(customer, centre) → since when: clients of another system were at these centres."""
    CustomerPlace.objects.bulk_create(
        (CustomerPlace(customer_id=who, centre_id=where, since=since) for (who, where), since in places.items()),
        ignore_conflicts=True, batch_size=500,
    )  # fmt: skip


@transaction.atomic
def recount(*, customers: Sequence[int], orders: QuerySet[Any]) -> None:
    """Set number and date of orders of these clients right, after orders of theirs came or went as a whole."""
    if not customers:
        return
    of_each = orders.filter(customer__in=among(customers)).order_by().values("customer")
    question = of_each.annotate(n=Count("pk"), last=Max("accepted_at")).values_list("customer", "n", "last").query
    with connection.cursor() as cursor:
        cursor.execute(*question.sql_with_params())  # as the base has them: a moment read is only written back
        counted = {key: (n, last) for key, n, last in cursor.fetchall()}
        rows = [(*counted.get(key, (0, None)), key) for key in customers]
        cursor.executemany(
            f'UPDATE "{Customer._meta.db_table}" SET n_orders = %s, latest_order_at = %s WHERE id = %s', rows
        )
