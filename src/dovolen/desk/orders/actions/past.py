"""Orders of another system, brought in by the thousand: finished ones as they were told, open ones at their stage.

No event of each, and nobody is told anything: the import's own event and its rows tell where they are from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import FEE, LINE_KINDS, PART
from dovolen.desk.core import search
from dovolen.desk.core.bulk import insert, insert_at_once, keys
from dovolen.desk.core.models import Findable
from dovolen.desk.orders import standard
from dovolen.desk.orders.amounts import amount_of
from dovolen.desk.orders.models import (
    APPROVED,
    CLOSED,
    DECLINED,
    ORDER_KINDS,
    OUTCOMES,
    PAY_TYPES,
    PLACES,
    PROPOSED,
    READY,
    TOLD,
    WORK,
    Line,
    PastOrder,
    Promise,
    RepairOrder,
    Stage,
    StageEntry,
)

LONGEST_OF_PAST = {"number": 60, "advisor": 80, "technician": 80, "channel": 40, "department": 20, "initiated_by": 10}
MONEY_OF_PAST = ("revenue", "parts_cost", "labour_cost", "discount", "bonus_used", "debt")
MOMENTS = ("ready_at", "notified_at", "picked_up_at")
NAMELESS = "—"
TOO_MUCH = 2**31 - 1


@dataclass(slots=True)
class ToldOrder:
    """An order as another system tells of it: `told` holds canonical columns, moments as text in UTC."""

    told: Mapping[str, Any]
    centre_id: int
    customer_id: int
    asset_id: int | None = None
    category_id: int | None = None
    technician_id: int | None = None
    asset_texts: Sequence[str] = ()
    """What its device is found by."""
    is_open: bool = False
    lines: Sequence[Mapping[str, Any]] = ()


def stages() -> dict[str, Stage]:
    """Phase → the first stage of it that is in use; standard ones are made where the house has none."""
    found: dict[str, Stage] = {}
    for stage in Stage.objects.order_by("-is_active", "position", "pk"):
        found.setdefault(stage.phase, stage)
    return found


@transaction.atomic
def add_many(*, told: Sequence[ToldOrder], currency: str, by: Staff, now: datetime) -> list[int]:
    """Enter orders with their lines; gives their keys in the same order. Their numbers are those of the house."""
    standard.ensure(now)
    by_phase = stages()
    found = keys(RepairOrder, len(told))
    numbers = _numbers(len(told))
    both = list(zip(found, numbers, told, strict=True))
    rows = [_row(key, number, one, by_phase) for key, number, one in both]
    insert(RepairOrder, ORDER, rows, {"currency": currency, "accepted_by_id": by.pk})
    _beside(found, told, by_phase, by)
    lines = [
        _line(key, place, line, one) for key, one in zip(found, told, strict=True)
        for place, line in enumerate(one.lines, 1)
    ]  # fmt: skip
    insert(Line, LINE, lines, {"made_by_id": by.pk})
    searched = [
        ("order", key, search.text_of(filter(None, [str(number), *one.asset_texts, str(one.told.get("number") or "")])))
        for key, number, one in both
    ]
    insert_at_once(Findable, ("kind", "subject_id", "text"), searched)
    return found


def _numbers(n: int) -> range:
    """So many numbers of orders, one after another, as intakes take them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_counter AS counter (kind, centre_id, year, last) VALUES ('order', 0, 0, %s) "
            "ON CONFLICT (kind, centre_id, year) DO UPDATE SET last = counter.last + %s RETURNING last",
            [n, n],
        )
        (last,) = cursor.fetchone()
    return range(last - n + 1, last + 1)


ORDER = (
    "id", "number", "centre_id", "customer_id", "asset_id", "category_id", "technician_id", "stage_id", "phase",
    "stage_entered_at", "kind", "pay_type", "place", "accepted_at", "first_promised_at", "promised_at", "ready_at",
    "notified_at", "picked_up_at", "outcome", "outcome_reason", "fault_text", "odometer", "estimate", "total",
    "n_waiting_lines", "parts_cost", "labour_cost", "norm_minutes", "is_past",
)  # fmt: skip


def _row(key: int, number: int, one: ToldOrder, by_phase: Mapping[str, Stage]) -> tuple[Any, ...]:
    told = one.told
    stage = by_phase[_phase(one)]
    is_past = not one.is_open
    entered = told["picked_up_at"] or told["ready_at"] or told["accepted_at"]
    return (
        key, number, one.centre_id, one.customer_id, one.asset_id, one.category_id, one.technician_id, stage.pk,
        stage.phase, entered, _code(told["kind"], ORDER_KINDS), _code(told["pay_type"], PAY_TYPES),
        _code(told["place"], PLACES), told["accepted_at"], told["promised_at"],
        told["repromised_at"] or told["promised_at"], told["ready_at"], told["notified_at"],
        told["picked_up_at"] if is_past else None,
        told["outcome"] if is_past and told["outcome"] in OUTCOMES else "", (told["outcome_reason"] or "")[:200],
        (told["fault_text"] or "")[:10_000], _small(told["odometer"]), told["estimate"], *_sums(one), is_past,
    )  # fmt: skip


def _phase(one: ToldOrder) -> str:
    if not one.is_open:
        return CLOSED
    return TOLD if one.told["notified_at"] else READY if one.told["ready_at"] else WORK


def _code(word: Any, known: Sequence[str]) -> str:
    """A word of ours, else the usual one."""
    return word if word in known else known[0]


def _small(value: Any) -> int | None:
    return int(value) if value is not None and 0 <= value <= TOO_MUCH else None


def _sums(one: ToldOrder) -> tuple[int, int, int, int, int]:
    """Total, lines that wait, costs of parts and of work, minutes: of an open order as its lines say, else as told."""
    told, counted = one.told, [line for line in one.lines if line["state"] != DECLINED]
    parts = sum(_cost(line) for line in counted if line_kind(line) == PART)
    labour = sum(_cost(line) for line in counted if line_kind(line) != PART)
    minutes = sum(amount_of(_quantity(line), _small(line["norm_minutes"]) or 0) for line in counted)
    if one.is_open:
        return sum(_amount(line) for line in counted), _n_waiting(one), parts, labour, minutes
    total = told["revenue"] if told["revenue"] is not None else sum(line["amount"] for line in counted)
    return total, 0, told["parts_cost"] or parts, told["labour_cost"] or labour, minutes


def _n_waiting(one: ToldOrder) -> int:
    return sum(_state(line) == PROPOSED for line in one.lines)


def _quantity(line: Mapping[str, Any]) -> Decimal:
    return Decimal(str(round(line["quantity"], 3)))


def _amount(line: Mapping[str, Any]) -> int:
    return int(amount_of(_quantity(line), line["price"]))


def _cost(line: Mapping[str, Any]) -> int:
    return int(amount_of(_quantity(line), line["cost"] or 0)) if line["cost"] else 0


def line_kind(line: Mapping[str, Any]) -> str:
    """Labour, part or fee; where it is not told, what takes time is labour, and the rest is sold."""
    if line["kind"] in LINE_KINDS:
        return str(line["kind"])
    return FEE if not line["norm_minutes"] and line["price"] < 0 else "labour" if line["norm_minutes"] else PART


def _state(line: Mapping[str, Any]) -> str:
    return DECLINED if line["state"] == DECLINED else APPROVED


LINE = (
    "order_id", "position", "kind", "name", "quantity", "price", "cost", "amount", "norm_minutes", "warranty_until",
    "state", "decided_at", "made_at",
)  # fmt: skip


def _line(key: int, place: int, line: Mapping[str, Any], one: ToldOrder) -> tuple[Any, ...]:
    at = one.told["accepted_at"]
    amount = _amount(line) if one.is_open else line["amount"]
    until = line["warranty_until"]
    return (
        key, min(place, 32_000), line_kind(line), (line["name"] or NAMELESS)[:200], str(round(line["quantity"], 3)),
        line["price"], line["cost"], amount, _small(line["norm_minutes"]) or 0, until[:10] if until else None,
        _state(line), line["decided_at"] or at, at,
    )  # fmt: skip


def _beside(found: Sequence[int], told: Sequence[ToldOrder], by_phase: Mapping[str, Stage], by: Staff) -> None:
    """What another system told of the finished ones; stage and promise of the open ones."""
    both = list(zip(found, told, strict=True))
    insert(
        PastOrder, ("order_id", *LONGEST_OF_PAST, *MONEY_OF_PAST),
        [
            (key, *(str(one.told[name] or "")[:most] for name, most in LONGEST_OF_PAST.items()),
             *(one.told[name] for name in MONEY_OF_PAST))
            for key, one in both
        ],
    )  # fmt: skip
    waiting = [(key, one) for key, one in both if one.is_open]
    insert(
        StageEntry, ("order_id", "stage_id", "entered_at", "technician_id"),
        [
            (key, by_phase[_phase(one)].pk, one.told["ready_at"] or one.told["accepted_at"], one.technician_id)
            for key, one in waiting
        ],
        {"by_id": by.pk},
    )  # fmt: skip
    insert(
        Promise, ("order_id", "at", "promised_at"),
        [(key, one.told["accepted_at"], one.told["promised_at"]) for key, one in waiting if one.told["promised_at"]],
        {"by_id": by.pk},
    )  # fmt: skip


@transaction.atomic
def correct_past(*, order: RepairOrder, values: Mapping[str, Any], past: Mapping[str, Any]) -> None:
    """Write what a further import tells of an order of another system; its version rises."""
    RepairOrder.objects.filter(pk=order.pk).update(version=F("version") + 1, **values)
    if past:
        PastOrder.objects.filter(order=order).update(**past)
