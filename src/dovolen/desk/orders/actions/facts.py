"""What is told of an order: its fields, checklist before ready, notes, the password of the device."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db import transaction

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.changes import change
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import MOST_MONEY, NoText, known, text, whole
from dovolen.desk.orders import secrets
from dovolen.desk.orders.actions.rows import fitting, hold_open, hold_row, note, require_one
from dovolen.desk.orders.actions.stages import WORKERS
from dovolen.desk.orders.models import (
    ORDER_KINDS,
    PAY_TYPES,
    PLACES,
    DeviceSecret,
    OrderNote,
    RepairOrder,
)  # fmt: skip
from dovolen.desk.orders.queries import ready_checklist

AT_THE_BENCH = ("condition", "accessories", "shelf", "diagnosis", "odometer", "outcome_reason")
"""What whoever repairs may write as well; the rest is written by whoever takes in."""
AT_THE_DESK = ("fault_text", "estimate", "pay_type", "kind", "place")
CODES = {"pay_type": PAY_TYPES, "kind": ORDER_KINDS, "place": PLACES}


class NoPassword(Refusal):
    """No password was told, or it went when the device was handed over."""

    key = "orders.refused.no_password"


@transaction.atomic
def change_order(*, order: RepairOrder, seen: int, by: Staff, now: datetime, **values: Any) -> list[str]:
    """Write values over those of the version that was seen; gives the fields that changed.

    Raises: NotAllowed, Closed, Stale, UnknownCode, TooLong, OutOfRange. Leaves: `order.changed` with what changed.
    """
    unknown = set(values) - {*AT_THE_BENCH, *AT_THE_DESK}
    if unknown:
        raise TypeError(f"no such field that may be changed: {', '.join(sorted(unknown))}")
    require_one(by, WORKERS if set(values) <= set(AT_THE_BENCH) else ("take in",), order.centre)
    hold_open(order)
    changed = change(order, seen=seen, **_checked(values))
    if changed:
        note("order.changed", order, by, now, changed=changed)
    return changed


def _checked(values: dict[str, Any]) -> dict[str, Any]:
    for name in CODES.keys() & values.keys():
        known(values[name], CODES[name])
    fit = fitting(RepairOrder, **values)
    if fit.get("estimate") is not None:
        fit["estimate"] = whole(fit["estimate"], MOST_MONEY)
    return fit


@transaction.atomic
def tick_ready_checklist(*, order: RepairOrder, seen: int, ticked: Collection[str], by: Staff, now: datetime) -> None:
    """Keep which items of the checklist before ready are done, by their texts.

    Raises: NotAllowed, Closed, Stale. Leaves: `order.checked` with how many of how many.
    """
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    done = set(ticked)
    items = [{"text": item["text"], "is_on": item["text"] in done} for item in ready_checklist(order)]
    if change(order, seen=seen, ready_checklist=items):
        note("order.checked", order, by, now, n_on=sum(item["is_on"] for item in items), n=len(items))


@transaction.atomic
def add_note(*, order: RepairOrder, text: str, by: Staff, now: datetime) -> OrderNote:
    """Write something to an order, also after it was handed over.

    Raises: NotAllowed, NoText, TooLong. Leaves: `order.noted`.
    """
    require(by, "see orders", order.centre)
    hold_row(order)
    made = OrderNote.objects.create(order=order, text=_written(text), at=now, by=by)
    note("order.noted", order, by, now, note=made)
    return made


def _written(given: str) -> str:
    if not (written := text(given)):
        raise NoText
    return written


@transaction.atomic
def reveal_password(*, order: RepairOrder, by: Staff, now: datetime) -> str:
    """The password of the device; who looked stays in the journal.

    Raises: NotAllowed, NoPassword. Leaves: `order.password_seen`.
    """
    require(by, "see device passwords", order.centre)
    secret = DeviceSecret.objects.filter(order=order).first()
    if secret is None:
        raise NoPassword
    note("order.password_seen", order, by, now)
    return secrets.unlock(secret.locked)


@transaction.atomic
def set_password(*, order: RepairOrder, password: str, by: Staff, now: datetime) -> None:
    """Keep the password of the device, or forget it when empty.

    Raises: NotAllowed, Closed, TooLong. Leaves: `order.password_set`.
    """
    require_one(by, WORKERS, order.centre)
    hold_open(order)
    if told := text(password, 200):
        DeviceSecret.objects.update_or_create(order=order, defaults={"locked": secrets.lock(told), "at": now})
    else:
        DeviceSecret.objects.filter(order=order).delete()
    note("order.password_set", order, by, now, is_kept=bool(told))
