"""What somebody settles of a client: his class by hand, the technician who knows his things."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.models import Membership, Staff
from dovolen.desk.accounts.rights import WHOSE
from dovolen.desk.core import changes, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.people.actions.customers import CHANGE
from dovolen.desk.people.actions.rights import require
from dovolen.desk.people.models import CLASSES, Customer, CustomerPlace

SET_CLASSES = "set classes"


class NoSuchClass(Refusal):
    """There are three classes, or none by hand."""

    key = "at_work.refused.no_such_class"


class NoTechnicianHere(Refusal):
    """He repairs at no centre that knows this client."""

    key = "at_work.refused.no_technician_here"


@transaction.atomic
def set_class(*, customer: Customer, client_class: str, seen: int, by: Staff, now: datetime) -> None:
    """Say which class a client is of, whatever the rule says; an empty one leaves it to the rule again.

    Raises: NotAllowed, NoSuchClass, Stale. Leaves: `customer.class_set` where it changed.
    """
    require(by, SET_CLASSES, customer)
    if client_class and client_class not in CLASSES:
        raise NoSuchClass
    was = customer.class_hand
    if client_class == was:
        return
    told = {"class_hand_by": by, "class_hand_at": now} if client_class else {}
    blank = {"class_hand_by": None, "class_hand_at": None}
    changes.change(customer, seen=seen, class_hand=client_class, **(told or blank))
    journal.record("customer.class_set", subject=customer, by=by, at=now, client_class=client_class, was=was)


@transaction.atomic
def choose_technician(*, customer: Customer, technician: Staff | None, seen: int, by: Staff, now: datetime) -> None:
    """Say who knows the things of a client, or that nobody does: it stays so, whoever repairs for him later.

    Raises: NotAllowed, NoTechnicianHere, Stale. Leaves: `customer.attached` where it changed.
    """
    require(by, CHANGE, customer)
    places = CustomerPlace.objects.filter(customer=customer).values("centre")
    repairs = Membership.objects.filter(staff=technician, role__in=WHOSE["repair"], centre__in=places)
    if technician is not None and not repairs.exists():
        raise NoTechnicianHere
    was = customer.technician_id
    if changes.change(customer, seen=seen, technician=technician):
        journal.record("customer.attached", subject=customer, by=by, at=now, technician=technician, was=was)


@transaction.atomic
def attach(*, customer: Customer, technician: Staff, now: datetime) -> bool:
    """A client came to the same technician again: he is his, unless somebody is, or somebody chose otherwise.

    Gives whether he was attached. Leaves: `customer.attached` by nobody.
    """
    chosen = journal.timeline(customer).filter(kind="customer.attached", by_id__isnull=False)
    if chosen.exists():
        return False
    free = Customer.objects.filter(pk=customer.pk, technician=None, merged_into=None)
    if not free.update(technician=technician, version=F("version") + 1):
        return False
    journal.record("customer.attached", subject=customer, by=None, at=now, technician=technician, was=None)
    return True
