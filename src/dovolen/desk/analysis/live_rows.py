"""Which rows of the live base an analysis reads: one scan a table, no join that Arrow does faster."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
from django.db import connection
from django.db.models import CharField, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Cast

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis import reading
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.feedback.models import Answer, Case
from dovolen.desk.ingest.models import PastFact
from dovolen.desk.messaging.models import Contact, Incoming, Message
from dovolen.desk.money.models import Account, Payment
from dovolen.desk.orders.models import Approval, Line, PastOrder, Promise, RepairOrder, Stage, StageEntry
from dovolen.desk.people.models import Customer, CustomerPlace, Email, Phone, Requisites
from dovolen.desk.planning.models import BOOKING, Slot

Wanted = tuple[QuerySet[Any], dict[str, str]]
"""Rows, and the kind of each column that is read of them."""

READERS = 2
"""A base writes the text of a row while another one's is understood."""


@dataclass(frozen=True)
class Asked:
    """What is read: these centres, all clients or some."""

    centres: Sequence[Centre]
    has_all: bool
    """Whether these are all centres: then nothing is filtered by them."""
    customers: Collection[int] | None = None

    def of(self, found: QuerySet[Any], *, customer: str = "customer", centre: str = "centre") -> QuerySet[Any]:
        """Rows of a table that are asked for."""
        if not self.has_all and centre:
            found = found.filter(**{f"{centre}__in": [place.pk for place in self.centres]})
        if self.customers is not None and customer:
            found = found.filter(**{f"{customer}__in": list(self.customers)})
        return found


def all_rows(asked: Asked) -> dict[str, pa.Table]:
    """Every table the canonical ones are made of; whole ones are read by two threads, each over its own connection."""
    wanted = {**_around(asked), **_clients(asked), **_orders(asked), **_of_orders(asked), **_said(asked)}
    read = reading.whole if asked.customers is None else reading.rows
    # What a transaction has written is seen over its own connection alone.
    if asked.customers is not None or connection.in_atomic_block:
        return {name: read(found, **kinds) for name, (found, kinds) in wanted.items()}
    with ThreadPoolExecutor(READERS) as readers:
        return dict(zip(wanted, readers.map(_apart, wanted.values()), strict=True))


def _apart(one: Wanted) -> pa.Table:
    found, kinds = one
    try:
        return reading.whole(found, **kinds)
    finally:
        connection.close()


def _columns(found: QuerySet[Any], **kinds: str) -> Wanted:
    return found, kinds


def _around(asked: Asked) -> dict[str, Wanted]:
    places = Centre.objects.filter(pk__in=[place.pk for place in asked.centres])
    return {
        "centres": _columns(places, pk="int", name="text", zone="text", currency="text"),
        "staff": _columns(Staff.objects.get_queryset(), pk="int", name="text"),
        "categories": _columns(Category.objects.all(), pk="int", code="text", name="text"),
        "stage_names": _columns(Stage.objects.all(), pk="int", code="text", name="text", phase="text"),
    }


def _clients(asked: Asked) -> dict[str, Wanted]:
    def of(found: QuerySet[Any]) -> QuerySet[Any]:
        return asked.of(found, centre="")

    people = Customer.objects.filter(merged_into=None)
    if asked.customers is not None:
        people = people.filter(pk__in=list(asked.customers))
    if not asked.has_all:
        here = CustomerPlace.objects.filter(customer=OuterRef("pk"), centre__in=[place.pk for place in asked.centres])
        people = people.filter(Exists(here))
    assets = asked.of(Asset.objects.all(), customer="owner", centre="")
    return {
        "clients": _columns(
            people, pk="int", kind="text", name="text", address="text", regular_mark="flag", class_hand="text",
            class_hand_by_id="int", class_hand_at="moment", blocked_at="moment", source="text", referred_by_id="int",
            created_at="moment", manager_id="int", image_value="int", potential="int",
        ),
        "phones": _columns(of(Phone.objects.all()), pk="int", customer_id="int", number="text", is_main="flag"),
        "emails": _columns(of(Email.objects.all()), pk="int", customer_id="int", address="text", is_main="flag"),
        "requisites": _columns(of(Requisites.objects.all()), customer_id="int", tax_number="text"),
        "devices": _columns(
            assets, pk="int", owner_id="int", category_id="int", brand="text", model="text", serial_number="text",
            made_on="day", sold_on="day", warranty_until="day", plate="text", left_at="moment", left_reason="text",
        ),
    }  # fmt: skip


def _orders(asked: Asked) -> dict[str, Wanted]:
    orders = asked.of(RepairOrder.objects.all()).filter(currency=asked.centres[0].currency)
    in_debt = Account.objects.filter(due__gt=F("paid"))
    past = asked.of(PastOrder.objects.all(), customer="order__customer", centre="order__centre")
    return {
        "taken": _columns(
            orders, pk="int", number="int", customer_id="int", asset_id="int", centre_id="int", accepted_at="moment",
            first_promised_at="moment", promised_at="moment", ready_at="moment", notified_at="moment",
            picked_up_at="moment", outcome="text", kind="text", phase="text", odometer="int", pay_type="text",
            place="text", estimate="int", total="int", parts_cost="int", labour_cost="int", rework_of_id="int",
            accepted_by_id="int", technician_id="int", fault_text="text", outcome_reason="text", is_past="flag",
        ),
        "past": _columns(
            past, order_id="int", advisor="text", technician="text", channel="text", department="text",
            initiated_by="text", revenue="int", parts_cost="int", labour_cost="int", discount="int", bonus_used="int",
            debt="int",
        ),
        "accounts": _columns(asked.of(in_debt), order_number="int", due="int", paid="int"),
    }  # fmt: skip


def _of_orders(asked: Asked) -> dict[str, Wanted]:
    def of(found: QuerySet[Any]) -> QuerySet[Any]:
        return asked.of(found, customer="order__customer", centre="order__centre")

    payments = asked.of(Payment.objects.all(), customer="account__customer", centre="account__centre")
    return {
        "jobs": _columns(
            of(Line.objects.all()), order_id="int", kind="text", name="text", quantity="number", price="int",
            cost="int", discount="int", norm_minutes="int", state="text", decided_at="moment", warranty_until="day",
        ),
        "stays": _columns(
            of(StageEntry.objects.all()), order_id="int", stage_id="int", entered_at="moment", norm_minutes="int",
            by_id="int", technician_id="int",
        ),
        "given_promises": _columns(of(Promise.objects.all()), order_id="int", at="moment", promised_at="moment"),
        "approvals": _columns(of(Approval.objects.all()), order_id="int", at="moment", amount="int"),
        "paid": _columns(
            payments, pk="int", account__order_number="int", at="moment", amount="int", method="text",
            refund_of_id="int",
        ),
    }  # fmt: skip


def _said(asked: Asked) -> dict[str, Wanted]:
    source = "source__centre"
    facts = asked.of(PastFact.objects.all(), centre=source).annotate(told=Cast("values", CharField()))
    slots = Slot.objects.filter(kind=BOOKING, customer__isnull=False)
    return {
        "talks": _columns(
            asked.of(Contact.objects.all()), customer_id="int", order_number="int", at="moment", channel="text",
            direction="text", by_id="int", purpose="text", minutes="int",
        ),
        "answers": _columns(
            asked.of(Incoming.objects.filter(~Q(customer=None))), customer_id="int", order_number="int", at="moment",
            channel="text",
        ),
        "letters": _columns(
            asked.of(Message.objects.filter(sent_at__isnull=False)), customer_id="int", order_number="int",
            notice="text", purpose="text", channel="text", sent_at="moment", delivered_at="moment", cost="int",
        ),
        "slots": _columns(
            asked.of(slots), customer_id="int", made_at="moment", starts_at="moment", arrived_at="moment",
            cancelled_at="moment",
        ),
        "told_cases": _columns(
            asked.of(Case.objects.all()), customer_id="int", order_id="int", kind="text", opened_at="moment",
            first_reply_at="moment", resolved_at="moment", outcome="text", category="text", owner_id="int",
        ),
        "told_answers": _columns(
            asked.of(Answer.objects.all()), customer_id="int", order_id="int", at="moment", kind="text", score="int",
            scale="int",
        ),
        "facts": _columns(facts, table="text", customer_id="int", order_id="int", at="moment", told="text"),
    }  # fmt: skip
