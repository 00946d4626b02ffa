"""What a line may hold and what it comes to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets.models import LABOUR, LINE_KINDS, PART, Category
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import MOST_MONEY, known, said, whole
from dovolen.desk.money.queries import seller_of
from dovolen.desk.money.taxes import TAX_CODES, rates_on
from dovolen.desk.orders.amounts import amount_of
from dovolen.desk.orders.models import DECLINED, PROPOSED, Line

MOST_QUANTITY = Decimal(100_000)
MOST_MINUTES = 60 * 24 * 365
MOST_WARRANTY = 3660
MOST_LINES = 300
THOUSANDTH = Decimal("0.001")


class BadQuantity(Refusal):
    """A quantity is a number above zero, to the thousandth."""

    key = "orders.refused.bad_quantity"


class TooManyLines(Refusal):
    """No order is that long."""

    key = "orders.refused.too_many_lines"


class DiscountTooLarge(Refusal):
    """No line costs less than nothing."""

    key = "orders.refused.discount_too_large"


class NotTheirTax(Refusal):
    """The seller of this centre writes no such rate on this day."""

    key = "orders.refused.not_their_tax"


@dataclass(frozen=True)
class NewLine:
    """A line as it is asked for. Money in minor units, of one; the warranty, where none is told, is the category's."""

    kind: str
    name: str
    price: int
    quantity: Decimal | int | str = 1
    cost: int | None = None
    norm_minutes: int = 0
    warranty_days: int | None = None
    technician: Staff | None = None
    tax_code: str = ""
    discount: int = 0
    discount_reason: str = ""


def sums(lines: Iterable[Line]) -> dict[str, int]:
    """What the order row tells of its lines: declined ones cost nothing, unknown costs count as nothing."""
    counted = [line for line in lines if line.state != DECLINED]
    costs = [(line.kind == PART, amount_of(line.quantity, line.cost or 0)) for line in counted]
    return {
        "total": sum(line.amount for line in counted),
        "n_waiting_lines": sum(line.state == PROPOSED for line in counted),
        "parts_cost": sum(cost for is_part, cost in costs if is_part),
        "labour_cost": sum(cost for is_part, cost in costs if not is_part),
        "norm_minutes": sum(amount_of(line.quantity, line.norm_minutes) for line in counted),
    }


def quantity_of(given: Decimal | int | str) -> Decimal:
    """A quantity to the thousandth, half up. Raises: BadQuantity."""
    try:
        quantity = Decimal(str(given)).quantize(THOUSANDTH, ROUND_HALF_UP)
        if 0 < quantity <= MOST_QUANTITY:  # not a number compares with nothing: refused as well
            return quantity
    except InvalidOperation:
        pass
    raise BadQuantity


def usual_warranty(kind: str, category: Category | None) -> int:
    """Days of warranty that a line of this kind has in this category."""
    if category is None:
        return 0
    return {LABOUR: category.labour_warranty_days, PART: category.part_warranty_days}.get(kind, 0)


def new_line(asked: NewLine, category: Category | None, *, by: Staff, now: datetime, position: int) -> Line:
    """The row of a line that is asked for, not written yet. Raises: NoText, TooLong, OutOfRange, BadQuantity, …."""
    days = usual_warranty(asked.kind, category) if asked.warranty_days is None else asked.warranty_days
    facts = checked({
        "kind": asked.kind, "name": asked.name, "price": asked.price, "quantity": asked.quantity, "cost": asked.cost,
        "norm_minutes": asked.norm_minutes, "warranty_days": days, "tax_code": asked.tax_code,
    })  # fmt: skip
    return Line(
        **facts, amount=line_amount(facts["quantity"], facts["price"], asked.discount), discount=asked.discount,
        discount_reason=asked.discount_reason, technician=asked.technician, position=position, made_at=now,
        made_by=by, state=PROPOSED,
    )  # fmt: skip


def line_amount(quantity: Decimal, price: int, discount: int) -> int:
    """What a line comes to. Raises: DiscountTooLarge, OutOfRange."""
    full = amount_of(quantity, price)
    if discount > full:
        raise DiscountTooLarge
    return whole(full - discount, MOST_MONEY)


def check_tax(code: str, centre: Centre, now: datetime) -> None:
    """Raises: NotTheirTax for a rate that the seller of the centre may not write on this day; none named is fine."""
    if not code:
        return
    seller = seller_of(centre)
    if seller is None or code not in rates_on(centre.local(now).date(), seller.regime):
        raise NotTheirTax


def new_lines(asked: Sequence[NewLine], category: Category | None, *, by: Staff, now: datetime) -> list[Line]:
    """Rows of lines that are asked for at once. Raises: TooManyLines and as `new_line`."""
    if len(asked) > MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    return [new_line(line, category, by=by, now=now, position=place) for place, line in enumerate(asked, 1)]


def checked(values: Mapping[str, Any]) -> dict[str, Any]:
    """Values of a line as they are kept, each by its own check."""
    return {name: CHECKS[name](value) if name in CHECKS else value for name, value in values.items()}


CHECKS: dict[str, Any] = {
    "kind": lambda value: known(value, LINE_KINDS),
    "name": lambda value: said(value, 200),
    "price": lambda value: whole(value, MOST_MONEY),
    "quantity": quantity_of,
    "cost": lambda value: None if value is None else whole(value, MOST_MONEY),
    "norm_minutes": lambda value: whole(value, MOST_MINUTES),
    "warranty_days": lambda value: whole(value, MOST_WARRANTY),
    "tax_code": lambda value: known(value, ("", *TAX_CODES)),
    "position": lambda value: whole(value, 30_000),
}
