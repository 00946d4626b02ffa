"""Less than the price list says: taken off a line or off the whole estimate, with a reason."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import MOST_MONEY, OutOfRange, said, whole
from dovolen.desk.orders.actions.estimate import is_open_again_by, retotal, write_line
from dovolen.desk.orders.actions.lines import DiscountTooLarge
from dovolen.desk.orders.actions.rows import NotOfThisOrder, hold_open, note
from dovolen.desk.orders.amounts import amount_of, percent_of, spread
from dovolen.desk.orders.models import DECLINED, Line, RepairOrder


class NothingToDiscount(Refusal):
    """There is nothing that costs anything."""

    key = "orders.refused.nothing_to_discount"


@transaction.atomic
def give_discount(
    *, order: RepairOrder, line: Line | None = None, percent: Decimal | None = None, amount: int | None = None,
    reason: str = "", by: Staff, now: datetime,
) -> int:  # fmt: skip
    """Take a part or a sum off a line, or off all that is not declined; gives what is taken off.

    It comes in place of what was taken off before; nought takes it back. Over lines it is spread as their prices are.
    A line that becomes cheaper keeps the client's word, a dearer one loses it.
    Raises: NotAllowed, Closed, NotOfThisOrder, NothingToDiscount, DiscountTooLarge, OutOfRange, NoText without a
    reason, TooLong. Leaves: `order.discounted`.
    """
    require(by, "give discounts", order.centre)
    hold_open(order)
    lines = _lines(order, line)
    full = [amount_of(one.quantity, one.price) for one in lines]
    off = _taken_off(sum(full), percent, amount)
    why = said(reason, 200) if off else ""
    changed = [_write(one, taken, why) for one, taken in zip(lines, spread(off, full), strict=True)]
    retotal(order)
    note(
        "order.discounted", order, by, now, line=line, amount=off, total=order.total, n_lines=len(lines),
        is_open_again=any(changed),
    )  # fmt: skip
    return off


def _lines(order: RepairOrder, line: Line | None) -> list[Line]:
    """The line that is meant, or all that count. Raises: NotOfThisOrder, NothingToDiscount."""
    counted = Line.objects.filter(order=order).exclude(state=DECLINED).order_by("position", "pk")
    found = list(counted.filter(pk=line.pk) if line else counted)
    if line and not found:
        raise NotOfThisOrder
    if not any(one.price for one in found):
        raise NothingToDiscount
    return found


def _taken_off(full: int, percent: Decimal | None, amount: int | None) -> int:
    """What is taken off in all. Raises: OutOfRange, DiscountTooLarge."""
    if percent is not None and not 0 <= percent <= 100:
        raise OutOfRange(most=100, least=0)
    off = percent_of(full, percent) if percent is not None else whole(amount or 0, MOST_MONEY)
    if off > full:
        raise DiscountTooLarge
    return off


def _write(line: Line, off: int, reason: str) -> bool:
    """Write what is taken off a line; says whether it waits for the client's word again."""
    before = Line(
        state=line.state, kind=line.kind, name=line.name, amount=line.amount, warranty_days=line.warranty_days
    )
    if (line.discount, line.discount_reason) == (off, reason if off else ""):
        return False
    line.amount = amount_of(line.quantity, line.price, off)
    is_open_again = is_open_again_by(before, line)
    write_line(
        line, is_open_again=is_open_again, discount=off, discount_reason=reason if off else "", version=F("version") + 1
    )
    return is_open_again
