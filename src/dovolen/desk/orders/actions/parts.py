"""Parts on their way for an order."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import NoText, text
from dovolen.desk.orders.actions.rows import NotOfThisOrder, hold_open, hold_row, note, require_one
from dovolen.desk.orders.actions.stages import WORKERS
from dovolen.desk.orders.models import AwaitedPart, Line, RepairOrder


class NotOnItsWay(Refusal):
    """The part came already, or is not awaited any more."""

    key = "orders.refused.not_on_its_way"


@transaction.atomic
def await_part(
    *, order: RepairOrder, name: str, supplier: str = "", expected_at: datetime | None = None, line: Line | None = None,
    by: Staff, now: datetime,
) -> AwaitedPart:  # fmt: skip
    """Note a part that was ordered. Raises: NotAllowed, Closed, NoText, TooLong, NotOfThisOrder.

    Leaves: `order.part_awaited`.
    """
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    if not (named := text(name, 200)):
        raise NoText
    if line is not None and not Line.objects.filter(pk=line.pk, order=order).exists():
        raise NotOfThisOrder
    part = AwaitedPart.objects.create(
        order=order, line=line, name=named, supplier=text(supplier, 80), ordered_at=now, promised_at=expected_at,
        expected_at=expected_at, by=by,
    )  # fmt: skip
    note("order.part_awaited", order, by, now, part=part, line=line, expected_at=expected_at)
    return part


@transaction.atomic
def expect_part(*, part: AwaitedPart, expected_at: datetime | None, by: Staff, now: datetime) -> None:
    """The supplier says another date; what he first said stays beside it.

    Raises: NotAllowed, NotOnItsWay. Leaves: `order.part_expected`.
    """
    before = part.expected_at
    values = {"expected_at": expected_at, "promised_at": part.promised_at or expected_at}
    order = _written(part, by, **values)
    note("order.part_expected", order, by, now, part=part, before=before, expected_at=expected_at)


@transaction.atomic
def part_arrived(*, part: AwaitedPart, by: Staff, now: datetime) -> None:
    """The part is here. Raises: NotAllowed, NotOnItsWay. Leaves: `order.part_arrived`."""
    order = _written(part, by, arrived_at=now)
    note("order.part_arrived", order, by, now, part=part, expected_at=part.expected_at)


@transaction.atomic
def cancel_part(*, part: AwaitedPart, by: Staff, now: datetime) -> None:
    """The part is not awaited any more. Raises: NotAllowed, NotOnItsWay. Leaves: `order.part_cancelled`."""
    order = _written(part, by, cancelled_at=now)
    note("order.part_cancelled", order, by, now, part=part)


def _written(part: AwaitedPart, by: Staff, **values: Any) -> RepairOrder:
    """Write into a part that is still on its way; also where its order is closed, for it comes all the same."""
    order = part.order
    require_one(by, WORKERS, order.centre)
    hold_row(order)
    if not AwaitedPart.objects.filter(pk=part.pk, arrived_at=None, cancelled_at=None).update(**values):
        raise NotOnItsWay
    for name, value in values.items():
        setattr(part, name, value)
    return order
