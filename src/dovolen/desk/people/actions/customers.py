"""A client is entered, changed, made known at a further centre, blocked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from dovolen.desk.accounts import actions as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import changes, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.together import part
from dovolen.desk.people import names
from dovolen.desk.people.actions import contacts, finding
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import COMPANY, PERSON, Customer, CustomerPlace, Email, Phone, Requisites

CHANGE, BLOCK = "change customers", "block customers"
PERSONAL = ("name", "address", "birthday")
"""What the journal keeps apart, so that it can be erased."""


class NoName(Refusal):
    """A client has to be called somehow."""

    key = "people.refused.no_name"


class MergedAway(Refusal):
    """This record was joined to another one meanwhile."""

    key = "people.refused.merged_away"


class NotHisNumber(Refusal):
    """Somebody known elsewhere is made known here only by a number of his."""

    key = "people.refused.not_his_number"


class AlreadyBlocked(Refusal):
    """He is blocked."""

    key = "people.refused.already_blocked"


class NotBlocked(Refusal):
    """He is not blocked."""

    key = "people.refused.not_blocked"


@part
def add_person(
    *,
    name: str,
    phone: str = "",
    relation: str = "own",
    email: str = "",
    centre: Centre,
    by: Staff,
    now: datetime,
    **facts: Any,
) -> Customer:
    """Enter a person. `facts` are further columns: address, birthday, source, referred_by, manager…

    Raises: NotAllowed, NoName, BadPhone, BadEmail. Leaves: `customer.added`.
    """
    customer = _added(PERSON, name, centre, by, now, facts)
    kept: list[Phone | Email | Requisites] = []
    if phone:
        kept.append(contacts.keep_first_phone(customer, phone, relation))
    if email:
        kept.append(contacts.keep_email(customer, email))
    finding.put_new(customer, *kept)
    return customer


@part
def add_company(
    *,
    name: str,
    requisites: Mapping[str, str],
    phone: str = "",
    contact: str = "",
    email: str = "",
    centre: Centre,
    by: Staff,
    now: datetime,
    **facts: Any,
) -> Customer:
    """Enter a company; `contact` says who answers at its phone.

    Raises: NotAllowed, NoName, BadPhone, BadEmail, BadRequisites. Leaves: `customer.added`.
    """
    customer = _added(COMPANY, name, centre, by, now, facts)
    kept: list[Phone | Email | Requisites] = []
    if phone:
        kept.append(contacts.keep_first_phone(customer, phone, "work", contact))
    if email:
        kept.append(contacts.keep_email(customer, email))
    if any(requisites.values()):
        kept.append(contacts.keep_requisites(customer, requisites))
    finding.put_new(customer, *kept)
    return customer


def _added(kind: str, name: str, centre: Centre, by: Staff, now: datetime, facts: Mapping[str, Any]) -> Customer:
    accounts.require(by, CHANGE, centre)
    customer = Customer.objects.create(kind=kind, created_at=now, created_by=by, **_named(name), **facts)
    CustomerPlace.objects.create(customer=customer, centre=centre, since=now)
    journal.record(
        "customer.added", subject=customer, by=by, at=now, centre=centre, private={"name": customer.name}, sort=kind
    )
    return customer


def _named(name: str) -> dict[str, str]:
    tidied = names.tidy(name)
    if not tidied:
        raise NoName
    return {"name": tidied, "name_key": names.key(tidied)}


@transaction.atomic
def change_customer(*, customer: Customer, seen: int, by: Staff, now: datetime, **values: Any) -> list[str]:
    """Write values over those of the version that was seen; gives the fields that changed.

    Raises: NotAllowed, NoName, Stale. Leaves: `customer.changed` with what changed.
    """
    require(by, CHANGE, customer)
    before = {name: getattr(customer, name) for name in PERSONAL}
    if "name" in values:
        values |= _named(values["name"])
    changed = [name for name in changes.change(customer, seen=seen, **values) if name != "name_key"]
    if changed:
        told = {name: _told(before[name]) for name in PERSONAL if name in changed and before[name]}
        journal.record("customer.changed", subject=customer, by=by, at=now, private=told, changed=changed)
        finding.put(customer)
    return changed


def _told(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


@part
def share(*, customer: Customer, centre: Centre, by: Staff, now: datetime, number: str = "") -> None:
    """Make a client known at a further centre. Whoever does not see him yet tells a `number` (E.164) of his.

    Raises: NotAllowed, NotHisNumber. Leaves: `customer.shared`.
    """
    accounts.require(by, CHANGE, centre)
    sees = Customer.objects.visible_to(by).filter(pk=customer.pk).exists()
    if not sees and not customer.phones.filter(number=number).exists():
        raise NotHisNumber
    _, is_new = CustomerPlace.objects.get_or_create(customer=customer, centre=centre, defaults={"since": now})
    if is_new:
        journal.record("customer.shared", subject=customer, by=by, at=now, centre=centre)


def note_order(*, customer: Customer, centre: Centre, at: datetime) -> None:
    """Count a further order of his: called in the transaction of the intake, which is the event. Raises: MergedAway."""
    counted = Customer.objects.filter(pk=customer.pk, merged_into=None).update(
        n_orders=F("n_orders") + 1, latest_order_at=Greatest(Coalesce(F("latest_order_at"), at), at)
    )
    if not counted:
        raise MergedAway
    CustomerPlace.objects.bulk_create(
        [CustomerPlace(customer=customer, centre=centre, since=at)], ignore_conflicts=True
    )


@transaction.atomic
def block(*, customer: Customer, reason: str, by: Staff, now: datetime) -> None:
    """Take no more orders of him without a warning. Raises: NotAllowed, AlreadyBlocked. Leaves: `customer.blocked`."""
    require(by, BLOCK, customer)
    told = names.tidy(reason)
    marked = Customer.objects.filter(pk=customer.pk, blocked_at=None).update(
        blocked_at=now, blocked_by=by, blocked_reason=told, version=F("version") + 1
    )
    if not marked:
        raise AlreadyBlocked
    journal.record("customer.blocked", subject=customer, by=by, at=now, private={"reason": told} if told else None)


@transaction.atomic
def unblock(*, customer: Customer, by: Staff, now: datetime, reason: str = "") -> None:
    """Let him in again. Raises: NotAllowed, NotBlocked. Leaves: `customer.unblocked`."""
    require(by, BLOCK, customer)
    marked = Customer.objects.filter(pk=customer.pk, blocked_at__isnull=False).update(
        blocked_at=None, blocked_by=None, blocked_reason="", version=F("version") + 1
    )
    if not marked:
        raise NotBlocked
    told = names.tidy(reason)
    journal.record("customer.unblocked", subject=customer, by=by, at=now, private={"reason": told} if told else None)
