"""How actions take hold of an order: its row is read anew under a lock, whoever holds it changes it alone."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import models

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core import journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.models import Event
from dovolen.desk.core.values import LONGEST_TEXT, text, whole
from dovolen.desk.orders.models import CLOSED, RepairOrder

MOST = 2**31 - 1


class Closed(Refusal):
    """It was handed over: nothing of it changes any more."""

    key = "orders.refused.closed"


class NotOfThisOrder(Refusal):
    """A line, part or photo that is no more, or belongs to another order."""

    key = "orders.refused.not_of_this_order"


def require_one(by: Staff, rights: tuple[str, ...], centre: Centre | int) -> None:
    """Go on only when he holds one of these rights at the centre. Raises: NotAllowed."""
    if not any(by.may(right, centre) for right in rights):
        raise NotAllowed


def hold_row(order: RepairOrder) -> RepairOrder:
    """The same object, read anew and locked until the transaction ends.

    Two statements: a lock that waits in a join finds no row at all when what it joins by has changed meanwhile.
    """
    RepairOrder.objects.select_for_update(no_key=True).only("pk").get(pk=order.pk)
    order.refresh_from_db(from_queryset=RepairOrder.objects.select_related("stage", "centre", "category"))
    return order


def hold_open(order: RepairOrder) -> RepairOrder:
    """The same, of an order that is not handed over yet. Raises: Closed."""
    if hold_row(order).phase == CLOSED:
        raise Closed(number=order.number)
    return order


def write(order: RepairOrder, **values: Any) -> None:
    """Write values into a row that is held, and into the object."""
    RepairOrder.objects.filter(pk=order.pk).update(**values)
    for name, value in values.items():
        setattr(order, name, value)


def note(kind: str, order: RepairOrder, by: Staff | None, now: datetime, **facts: Any) -> Event:
    """Leave an event of an order."""
    return journal.record(kind, subject=order, by=by, at=now, centre=order.centre, **facts)


def fitting(model: type[models.Model], **values: Any) -> dict[str, Any]:
    """Values as the fields of a table take them: texts trimmed, numbers within bounds. Raises: TooLong, OutOfRange."""
    return {name: _fitting(model._meta.get_field(name), value) for name, value in values.items()}


def _fitting(field: Any, value: Any) -> Any:
    if isinstance(value, str):
        return text(value, field.max_length or LONGEST_TEXT)
    if (
        isinstance(value, int | Decimal)
        and not isinstance(value, bool)
        and isinstance(field, models.PositiveIntegerField)
    ):
        return whole(value, MOST)
    return value
