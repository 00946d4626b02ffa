"""What follows from a low score or a slip on a good client: a task for the manager; and who knows a client's things."""

from __future__ import annotations

from datetime import datetime, timedelta

from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import MANAGER
from dovolen.desk.analysis.models import ClientResult, OrderScore, Snapshot
from dovolen.desk.core import words
from dovolen.desk.core.models import Event
from dovolen.desk.core.reacting import first_time
from dovolen.desk.orders.models import CLOSED, RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import INTERMEDIARY, REGULAR, Customer
from dovolen.desk.tasks import actions as tasks
from dovolen.desk.tasks.models import CALL
from dovolen.insight.config import Config

SLIPS = ("delay", "came_back", "not_first_time", "complaint")
"""Facts that are a slip on an intermediary or regular, whatever the score."""
GOOD = (INTERMEDIARY, REGULAR)
WITHIN = 240
SOON = 60
"""Working minutes in which a manager sees to it: of any client, of an intermediary or regular."""
YOUNG = timedelta(days=180)
"""An older order whose score moves is no news."""
REASONS = 3
VISITS = 2


def cut_of(snapshot: Snapshot) -> int:
    """The score above which a client is satisfied, as the settings of a snapshot have it."""
    return int(snapshot.meta.get("config", {}).get("offer_cut", Config.offer_cut))


def see_to_low_score(event: Event, *, now: datetime) -> None:
    """An order was scored below the cut, or a good client was let down: its manager gets a call to make, once."""
    found = OrderScore.objects.filter(order=event.subject_id, superseded_by=None, is_unsure=False)
    row = found.select_related("order__centre", "order__customer", "snapshot").order_by("-pk").first()
    if row is None or row.score is None or row.order.accepted_at < now - YOUNG:
        return
    client_class = class_of(row.order.customer, row.snapshot)
    is_low, is_good = row.score <= cut_of(row.snapshot), client_class in GOOD
    lost = row.lost.split()
    is_slip = is_good and any(fact in SLIPS for fact in lost)
    if not (is_low or is_slip) or not first_time(f"order:{row.order_id}", "analysis.low_score", "manager"):
        return
    what = "low" if is_low else "slip"
    title = words.say(f"at_work.task.{what}{'_good' if is_good else ''}", **_told(row, client_class))
    reasons = ", ".join(words.current().name("fact_short", fact) for fact in lost[:REASONS])
    tasks.add(
        centre=row.order.centre, kind=CALL, title=title, note=words.say("at_work.task.why", reasons=reasons or "–"),
        due_at=Opening.of(row.order.centre).after(now, SOON if is_good else WITHIN), customer=row.order.customer,
        order_number=row.order.number, role=MANAGER, by=None, now=now,
    )  # fmt: skip


def class_of(customer: Customer, snapshot: Snapshot) -> str:
    """His class: set by hand, else as the snapshot has it."""
    said = ClientResult.objects.filter(snapshot=snapshot, customer=customer).values_list("client_class", flat=True)
    return customer.class_hand or said.first() or ""


def _told(row: OrderScore, client_class: str) -> dict[str, object]:
    name = words.current().name("class", client_class) if client_class else ""
    return {"number": row.order.number, "score": row.score, "class_name": name}


def attach_technician(event: Event, *, now: datetime) -> None:
    """The second order that the same technician did for a client was handed over: he is the client's technician."""
    order = RepairOrder.objects.select_related("customer", "technician").filter(pk=event.subject_id).first()
    if order is None or order.technician is None or order.customer.technician_id is not None:
        return
    done = RepairOrder.objects.filter(customer=order.customer, technician=order.technician, phase=CLOSED)
    if done.count() >= VISITS and _works(order.technician):
        people.attach(customer=order.customer, technician=order.technician, now=now)


def _works(technician: Staff) -> bool:
    return technician.is_active
