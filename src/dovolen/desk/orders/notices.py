"""What follows from something that happened to an order: rows for people, written by the worker."""

from __future__ import annotations

from datetime import datetime

from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.core import words
from dovolen.desk.core.models import Event
from dovolen.desk.core.reacting import first_time
from dovolen.desk.orders.models import CLOSED, AwaitedPart
from dovolen.desk.tasks import actions as tasks

LONGEST_TITLE = 200
GOES_ON_WITHIN = 120
"""Working minutes in which somebody goes on with an order whose last part came."""


def go_on_with_part(event: Event, *, now: datetime) -> None:
    """The last part that an order waited for is here: its technician, or whoever repairs, gets the task to go on."""
    part = AwaitedPart.objects.select_related("order__centre", "order__technician").get(pk=event.facts["part"])
    order = part.order
    still_waits = order.awaited_parts.filter(arrived_at=None, cancelled_at=None).exists()
    if order.phase == CLOSED or still_waits or not first_time(event, "orders.go_on_with_part", str(order.pk)):
        return
    title = words.say("orders.task.part_arrived", number=order.number, part=part.name)
    tasks.add(
        centre=order.centre, title=title[:LONGEST_TITLE], due_at=Opening.of(order.centre).after(now, GOES_ON_WITHIN),
        order_number=order.number, assignee=order.technician, role="" if order.technician else TECHNICIAN, by=None,
        now=now,
    )  # fmt: skip
