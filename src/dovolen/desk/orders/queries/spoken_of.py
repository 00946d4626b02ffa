"""Orders that a client may speak of: what a form about something he said offers to choose from."""

from __future__ import annotations

from datetime import datetime, timedelta

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer

LATE = timedelta(days=90)
"""Orders taken in longer ago are spoken of by their number."""
MOST = 12


def spoken_of(person: Staff, customer: Customer, number: int, *, now: datetime) -> list[RepairOrder]:
    """The order of this number, then the latest ones; those of centres that he sees."""
    mine = RepairOrder.objects.visible_to(person).filter(customer=customer).select_related("asset", "centre")
    latest = mine.filter(accepted_at__gte=now - LATE) | mine.filter(number=number)
    return list(latest.order_by("-accepted_at", "-pk")[:MOST])


def named(order: RepairOrder) -> str:
    """An order as a form offers it."""
    if order.asset is None:
        return words.say("contacts.order_bare", number=order.number)
    return words.say("contacts.order", number=order.number, what=order.asset)
