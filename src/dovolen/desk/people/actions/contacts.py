"""Phones, e-mail addresses and requisites of a client."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people import names, phones, requisites
from dovolen.desk.people.actions import finding
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import Customer, Email, Phone, Requisites

CHANGE = "change customers"


class BadPhone(Refusal):
    """What was typed is no telephone number."""

    key = "people.refused.bad_phone"


class BadEmail(Refusal):
    """What was typed is no e-mail address."""

    key = "people.refused.bad_email"


class BadRequisites(Refusal):
    """A number of the requisites does not stand its control; `problems` says which and why."""

    key = "people.refused.bad_requisites"

    def __init__(self, problems: dict[str, str]) -> None:
        self.problems = problems
        super().__init__()


# ── Phones ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_phone(
    *, customer: Customer, number: str, relation: str = "own", note: str = "", by: Staff, now: datetime
) -> Phone:
    """Give him a further number, in any writing; one that he has stays as it is.

    Raises: NotAllowed, BadPhone. Leaves: `customer.phone_added`.
    """
    require(by, CHANGE, customer)
    had = set(customer.phones.values_list("pk", flat=True))
    phone = keep_phone(customer, number, relation, note)
    if phone.pk not in had:
        journal.record(
            "customer.phone_added", subject=customer, by=by, at=now, private={"number": phone.number}, phone=phone.pk
        )
        finding.put(customer)
    return phone


@transaction.atomic
def change_phone(*, phone: Phone, relation: str, note: str = "", by: Staff, now: datetime) -> None:
    """Say whose number it is. Raises: NotAllowed. Leaves: `customer.phone_changed`."""
    require(by, CHANGE, phone.customer)
    told = names.tidy(note)
    changed = Phone.objects.filter(pk=phone.pk).exclude(relation=relation, note=told)
    if changed.update(relation=relation, note=told):
        journal.record("customer.phone_changed", subject=phone.customer, by=by, at=now, phone=phone.pk)


@transaction.atomic
def remove_phone(*, phone: Phone, by: Staff, now: datetime) -> None:
    """Forget a number; of the rest the earliest becomes the main one.

    Raises: NotAllowed. Leaves: `customer.phone_removed`.
    """
    require(by, CHANGE, phone.customer)
    customer, key, number = phone.customer, phone.pk, phone.number
    if not Phone.objects.filter(pk=key).delete()[0]:
        return
    _have_main_phone(customer)
    journal.record("customer.phone_removed", subject=customer, by=by, at=now, private={"number": number}, phone=key)
    finding.put(customer)


@transaction.atomic
def set_main_phone(*, phone: Phone, by: Staff, now: datetime) -> None:
    """Say which number is called first. Raises: NotAllowed. Leaves: `customer.phone_main`."""
    require(by, CHANGE, phone.customer)
    if Phone.objects.filter(pk=phone.pk, is_main=True).exists():
        return
    Phone.objects.filter(customer=phone.customer_id, is_main=True).update(is_main=False)
    Phone.objects.filter(pk=phone.pk).update(is_main=True)
    journal.record("customer.phone_main", subject=phone.customer, by=by, at=now, phone=phone.pk)


def keep_phone(customer: Customer, text: str, relation: str, note: str = "") -> Phone:
    """The row of a number; his first one is the main one. Raises: BadPhone."""
    number = _number(text)
    is_first = not customer.phones.exists()
    given = {"relation": relation, "note": names.tidy(note), "is_main": is_first}
    return customer.phones.get_or_create(number=number, defaults=given)[0]


def keep_first_phone(customer: Customer, text: str, relation: str, note: str = "") -> Phone:
    """The number of somebody who was entered just now. Raises: BadPhone."""
    return Phone.objects.create(
        customer=customer, number=_number(text), relation=relation, note=names.tidy(note), is_main=True
    )


def _number(text: str) -> str:
    number = phones.normal(text)
    if number is None:
        raise BadPhone
    return number


def _have_main_phone(customer: Customer) -> None:
    if not customer.phones.filter(is_main=True).exists():
        left = customer.phones.order_by("pk").values("pk")[:1]
        Phone.objects.filter(pk__in=list(left.values_list("pk", flat=True))).update(is_main=True)


# ── E-mail ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_email(*, customer: Customer, address: str, by: Staff, now: datetime) -> Email:
    """Give him a further address. Raises: NotAllowed, BadEmail. Leaves: `customer.email_added`."""
    require(by, CHANGE, customer)
    had = set(customer.emails.values_list("pk", flat=True))
    email = keep_email(customer, address)
    if email.pk not in had:
        journal.record(
            "customer.email_added", subject=customer, by=by, at=now, private={"address": email.address}, email=email.pk
        )
        finding.put(customer)
    return email


@transaction.atomic
def remove_email(*, email: Email, by: Staff, now: datetime) -> None:
    """Forget an address. Raises: NotAllowed. Leaves: `customer.email_removed`."""
    require(by, CHANGE, email.customer)
    customer, key, address = email.customer, email.pk, email.address
    if not Email.objects.filter(pk=key).delete()[0]:
        return
    if (first := customer.emails.order_by("pk").first()) and not customer.emails.filter(is_main=True).exists():
        Email.objects.filter(pk=first.pk).update(is_main=True)
    journal.record("customer.email_removed", subject=customer, by=by, at=now, private={"address": address}, email=key)
    finding.put(customer)


@transaction.atomic
def set_main_email(*, email: Email, by: Staff, now: datetime) -> None:
    """Say which address is written to first. Raises: NotAllowed. Leaves: `customer.email_main`."""
    require(by, CHANGE, email.customer)
    if Email.objects.filter(pk=email.pk, is_main=True).exists():
        return
    Email.objects.filter(customer=email.customer_id, is_main=True).update(is_main=False)
    Email.objects.filter(pk=email.pk).update(is_main=True)
    journal.record("customer.email_main", subject=email.customer, by=by, at=now, email=email.pk)


def keep_email(customer: Customer, text: str) -> Email:
    """The row of an address, in lower case; his first one is the main one. Raises: BadEmail."""
    address = text.strip().casefold()
    try:
        validate_email(address)
    except ValidationError:
        raise BadEmail from None
    return customer.emails.get_or_create(address=address, defaults={"is_main": not customer.emails.exists()})[0]


# ── Requisites ───────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def set_requisites(*, customer: Customer, values: Mapping[str, str], by: Staff, now: datetime) -> Requisites:
    """Write what papers say of a company. Raises: NotAllowed, BadRequisites. Leaves: `customer.requisites_set`."""
    require(by, CHANGE, customer)
    before = Requisites.objects.filter(customer=customer).values(*values).first() or {}
    kept = keep_requisites(customer, values)
    changed = sorted(name for name in values if getattr(kept, name) != before.get(name, ""))
    if changed:
        journal.record("customer.requisites_set", subject=customer, by=by, at=now, changed=changed)
        finding.put(customer)
    return kept


def keep_requisites(customer: Customer, values: Mapping[str, str]) -> Requisites:
    """The row of the requisites; numbers without blanks. Raises: BadRequisites."""
    tidied = {name: names.tidy(value) for name, value in values.items()}
    tidied |= {name: requisites.compact(tidied[name]) for name in requisites.NUMBERS if name in tidied}
    if problems := requisites.problems(tidied):
        raise BadRequisites(problems)
    tidied["legal_name"] = tidied.get("legal_name") or customer.name
    return Requisites.objects.update_or_create(customer=customer, defaults=tidied)[0]
