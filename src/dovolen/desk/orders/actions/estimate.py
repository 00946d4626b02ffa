"""The estimate: its lines, the client's word on them, declined work that is offered again; totals on the order row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.changes import Difference, Stale, change
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import known, said, text
from dovolen.desk.orders.actions.lines import (
    MOST_LINES,
    NewLine,
    TooManyLines,
    check_tax,
    line_amount,
    new_line,
    sums,
)  # fmt: skip
from dovolen.desk.orders.actions.lines import (
    checked as checked_values,
)
from dovolen.desk.orders.actions.rows import NotOfThisOrder, hold_open, note, write
from dovolen.desk.orders.actions.stages import HEARD, check_technician
from dovolen.desk.orders.models import APPROVED, DECLINED, PROPOSED, Approval, Line, RepairOrder

OFFERED_AGAIN_AFTER = timedelta(days=90)
"""Declined work is offered again so long after the client said no."""
CHANGEABLE = (
    "kind", "name", "price", "quantity", "cost", "norm_minutes", "warranty_days", "technician", "position", "tax_code",
)  # fmt: skip


class KeptDeclined(Refusal):
    """What the client declined is kept: it is offered to him again."""

    key = "orders.refused.kept_declined"


class NothingDecided(Refusal):
    """An approval says yes or no to at least one line."""

    key = "orders.refused.nothing_decided"


class NotDeclined(Refusal):
    """Only what was declined and not offered since can be offered again."""

    key = "orders.refused.not_declined"


# ── Lines ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def add_line(  # noqa: PLR0913 – all that makes a line
    *, order: RepairOrder, kind: str, name: str, price: int, quantity: Decimal | int | str = 1,
    cost: int | None = None, norm_minutes: int = 0, warranty_days: int | None = None, technician: Staff | None = None,
    tax_code: str = "", by: Staff, now: datetime,
) -> Line:  # fmt: skip
    """Propose a job, part or fee; the client has not agreed to it yet.

    Raises: NotAllowed, Closed, NoText, TooLong, OutOfRange, BadQuantity, UnknownCode, NotATechnician, NotTheirTax,
    TooManyLines. Leaves: `order.line_added`.
    """
    require(by, "change prices", order.centre)
    hold_open(order)
    check_technician(technician, order.centre)
    check_tax(tax_code, order.centre, now)
    asked = NewLine(kind, name, price, quantity, cost, norm_minutes, warranty_days, technician, tax_code)
    return _add(order, asked, by, now)


def _add(order: RepairOrder, asked: NewLine, by: Staff, now: datetime) -> Line:
    places = list(Line.objects.filter(order=order).values_list("position", flat=True))
    if len(places) >= MOST_LINES:
        raise TooManyLines(most=MOST_LINES)
    line = new_line(asked, order.category, by=by, now=now, position=min(max(places, default=0) + 1, 30_000))
    line.order = order
    line.save(force_insert=True)
    retotal(order)
    note("order.line_added", order, by, now, line=line, line_kind=line.kind, amount=line.amount, total=order.total)
    return line


@transaction.atomic
def change_line(*, line: Line, seen: int, by: Staff, now: datetime, **values: Any) -> list[str]:
    """Write values over those of the version that was seen; gives the fields that changed.

    What the client has said counts no more when the job becomes another, dearer, or its warranty shorter.
    Raises: NotAllowed, Closed, Stale, NotOfThisOrder, DiscountTooLarge and what `add_line` refuses.
    Leaves: `order.line_changed`.
    """
    unknown = set(values) - set(CHANGEABLE)
    if unknown:
        raise TypeError(f"no such field of a line: {', '.join(sorted(unknown))}")
    order = line.order
    require(by, "change prices", order.centre)
    if "cost" in values:
        require(by, "see costs", order.centre)
    hold_open(order)
    if "technician" in values:
        check_technician(values["technician"], order.centre)
    before = _held_line(line, order)
    checked = checked_values(values)
    if checked.get("tax_code", before.tax_code) != before.tax_code:
        check_tax(checked["tax_code"], order.centre, now)
    price, quantity = (checked.get(name, getattr(before, name)) for name in ("price", "quantity"))
    amount = line_amount(quantity, price, before.discount)
    changed = change(line, seen=seen, **checked)
    if changed:
        line.amount = amount
        is_open_again = is_open_again_by(before, line)
        write_line(line, is_open_again=is_open_again)
        retotal(order)
        note(
            "order.line_changed", order, by, now, line=line, changed=changed, before=before.amount, amount=amount,
            total=order.total, is_open_again=is_open_again,
        )  # fmt: skip
    return changed


def _held_line(line: Line, order: RepairOrder) -> Line:
    """The line as it stands now that its order is held. Raises: NotOfThisOrder."""
    found = Line.objects.filter(pk=line.pk, order=order).first()
    if found is None:
        raise NotOfThisOrder
    return found


def is_open_again_by(before: Line, after: Line) -> bool:
    """Whether the client's word was about something else than what the line says now."""
    if before.state == PROPOSED:
        return False
    if before.state == DECLINED:
        return (before.kind, before.name, before.amount) != (after.kind, after.name, after.amount)
    return (
        (before.kind, before.name) != (after.kind, after.name)
        or after.amount > before.amount
        or after.warranty_days < before.warranty_days
    )


def write_line(line: Line, *, is_open_again: bool, **more: Any) -> None:
    """Write what a line comes to, whatever was written of it by hand; opened again, it waits for the client's word."""
    values: dict[str, Any] = {"amount": line.amount, **more}
    if is_open_again:
        values |= {
            "state": PROPOSED,
            "decided_at": None,
            "approval": None,
            "decline_reason": "",
            "offer_again_on": None,
        }
    Line.objects.filter(pk=line.pk).update(**values)
    for name, value in values.items():
        setattr(line, name, value)


@transaction.atomic
def remove_line(*, line: Line, seen: int, by: Staff, now: datetime) -> None:
    """Take a line out, if it still is as it was seen. Work offered again is declined work of its earlier order again.

    Raises: NotAllowed, Closed, Stale, KeptDeclined, NotOfThisOrder. Leaves: `order.line_removed`.
    """
    order = line.order
    require(by, "change prices", order.centre)
    hold_open(order)
    found = _held_line(line, order)
    if found.state == DECLINED:
        raise KeptDeclined
    if found.version != seen:
        raise Stale(found.version, [Difference("amount", found.amount, line.amount)])
    found.delete()
    Line.objects.filter(offered_in=order, kind=found.kind, name=found.name).update(offered_in=None)
    retotal(order)
    note(
        "order.line_removed", order, by, now, private={"line": found.name}, line=line.pk, line_kind=found.kind,
        amount=found.amount, state=found.state, total=order.total,
    )  # fmt: skip


def retotal(order: RepairOrder) -> None:
    """Write what the lines come to on the row of an order that is held."""
    write(order, **sums(Line.objects.filter(order=order)))


# ── The client's word ────────────────────────────────────────────────────────────────────────────────────────────────


@transaction.atomic
def record_approval(
    *, order: RepairOrder, approved: Collection[int], declined: Mapping[int, str], who: str, told_how: str,
    note: str = "", by: Staff, now: datetime,
) -> Approval:  # fmt: skip
    """Record what the client said: keys of lines he agrees to, and of lines he declines with his reason.

    He may change his mind. What he declined is offered again 90 days later.
    Raises: NotAllowed, Closed, NothingDecided, NotOfThisOrder, NotDeclined for work offered in another order since,
    NoText without `who`, UnknownCode, TooLong. Leaves: `order.approved`.
    """
    require(by, "record approval", order.centre)
    hold_open(order)
    known(told_how, HEARD)
    return decide(order, approved, declined, Approval(by=by, who=who, told_how=told_how, note=note, at=now))


def decide(
    order: RepairOrder, approved: Collection[int], declined: Mapping[int, str], made: Approval, **facts: object
) -> Approval:
    """Write the client's word on lines of an order that is held; `made` says who gave it, how and when.

    Raises: NothingDecided, NotOfThisOrder, NotDeclined, NoText, TooLong. Leaves: `order.approved` with the facts.
    """
    no = {key: text(reason, 200) for key, reason in declined.items()}
    yes = _newly_approved(order, set(approved), set(no))
    made.order, made.amount, made.who, made.note = order, 0, said(made.who, 120), text(made.note, 200)
    made.save(force_insert=True)
    _decide(made, order, yes, no)
    retotal(order)
    made.amount = order.total
    made.save(update_fields=["amount"])
    note(
        "order.approved", order, made.by, made.at, approval=made, approved=sorted(yes), declined=sorted(no),
        amount=made.amount, told_how=made.told_how, **facts,
    )  # fmt: skip
    return made


def _newly_approved(order: RepairOrder, yes: set[int], no: set[int]) -> set[int]:
    """Of lines that are approved those that were not yet: what was agreed earlier keeps its approval."""
    named = {line.pk: line for line in Line.objects.filter(order=order, pk__in=yes | no)}
    if yes & no:
        raise NothingDecided
    if named.keys() != yes | no:
        raise NotOfThisOrder
    if any(line.offered_in_id for line in named.values()):
        raise NotDeclined
    fresh = {key for key in yes if named[key].state != APPROVED}
    if not fresh | no:
        raise NothingDecided
    return fresh


def _decide(made: Approval, order: RepairOrder, yes: set[int], no: Mapping[int, str]) -> None:
    decided: dict[str, Any] = {"decided_at": made.at, "approval": made, "version": F("version") + 1}
    Line.objects.filter(pk__in=yes).update(state=APPROVED, decline_reason="", offer_again_on=None, **decided)
    again = order.centre.local(made.at + OFFERED_AGAIN_AFTER).date()
    for key, reason in no.items():
        Line.objects.filter(pk=key).update(state=DECLINED, decline_reason=reason, offer_again_on=again, **decided)


@transaction.atomic
def offer_again(*, line: Line, order: RepairOrder, by: Staff, now: datetime) -> Line:
    """Propose work that the client declined in an earlier order, once: at its price and discount of then.

    Raises: NotAllowed, Closed, NotDeclined, TooManyLines. Leaves: `order.line_added`, `order.offered_again`.
    """
    require(by, "change prices", order.centre)
    hold_open(order)
    his = Q(order__customer=order.customer_id)
    if order.asset_id:
        his |= Q(order__asset=order.asset_id)
    earlier = Line.objects.filter(his, pk=line.pk).exclude(order=order).first()
    if earlier is None:
        raise NotDeclined
    if not Line.objects.filter(pk=earlier.pk, state=DECLINED, offered_in=None).update(offered_in=order):
        raise NotDeclined
    asked = NewLine(
        earlier.kind, earlier.name, earlier.price, earlier.quantity, earlier.cost, earlier.norm_minutes,
        discount=earlier.discount, discount_reason=earlier.discount_reason,
    )  # fmt: skip
    made = _add(order, asked, by, now)
    note("order.offered_again", order, by, now, line=made, earlier=earlier, earlier_order=earlier.order_id)
    return made
