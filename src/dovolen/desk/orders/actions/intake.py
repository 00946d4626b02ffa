"""An order begins: what was brought, what was told, what was promised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.assets import actions as assets
from dovolen.desk.assets.models import Asset, Category
from dovolen.desk.core import journal, search
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.numbers import next_number
from dovolen.desk.core.together import part
from dovolen.desk.core.values import MOST_MONEY, OutOfRange, known, text, whole
from dovolen.desk.orders import secrets
from dovolen.desk.orders.actions.lines import NewLine, new_lines, sums
from dovolen.desk.orders.actions.promises import check_promise
from dovolen.desk.orders.actions.rows import fitting
from dovolen.desk.orders.actions.stages import check_technician, norm_of
from dovolen.desk.orders.models import (
    CLOSED,
    NO_FAULT,
    ORDER_KINDS,
    PAY_TYPES,
    PLACES,
    REPAIRED,
    WORK,
    DeviceSecret,
    Line,
    Promise,
    RepairOrder,
    Stage,
    StageEntry,
)  # fmt: skip
from dovolen.desk.orders.queries import first_of
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer

LONGEST_CHECKLIST = 100


@dataclass(frozen=True)
class Told:
    """What was told and seen at the desk when it was taken in."""

    fault_text: str
    condition: str = ""
    accessories: str = ""
    checklist: Sequence[Mapping[str, Any]] = ()
    """[{"text": …, "is_on": …}]"""
    odometer: int | None = None
    estimate: int | None = None
    """Minor units."""
    password: str = field(default="", repr=False)
    kind: str = "repair"
    pay_type: str = "customer_pay"
    place: str = "workshop"
    shelf: str = ""


class NoStages(Refusal):
    """There is no stage that an order could begin with."""

    key = "orders.refused.no_stages"


class NotDoneHere(Refusal):
    """Only work that was handed over can be done again."""

    key = "orders.refused.not_done_here"


class OtherAsset(Refusal):
    """The earlier order was of another device."""

    key = "orders.refused.other_asset"


@part
def accept(  # noqa: PLR0913 – all that makes an order
    *,
    centre: Centre,
    customer: Customer,
    asset: Asset | None = None,
    category: Category | None = None,
    told: Told,
    promised_at: datetime | None,
    lines: Sequence[NewLine] = (),
    rework_of: RepairOrder | None = None,
    technician: Staff | None = None,
    by: Staff,
    now: datetime,
) -> RepairOrder:
    """Take in an asset, or agree on a visit. A rework of a rework points at the first order of the chain.

    Raises: NotAllowed, NoStages, NotDoneHere, OtherAsset, PromiseInPast, NotATechnician and what lines refuse.
    Leaves: `order.accepted`. The number is taken late: whoever takes in next waits for it.
    """
    require(by, "take in", centre)
    category = asset.category if asset else category
    first = _first_of_chain(rework_of, asset, customer)
    if promised_at is not None:
        check_promise(promised_at, now)
    for person in {technician, *(line.technician for line in lines)}:
        check_technician(person, centre)
    made = new_lines(lines, category, by=by, now=now)
    facts = _facts(told)
    stage = _first_stage()
    parts = _Parts(made, norm_of(stage, category), secrets.lock(text(told.password, 200)) if told.password else "")
    people.note_order(customer=customer, centre=centre, at=now)
    if asset:
        assets.note_at(asset=asset, centre=centre, now=now)
    order = RepairOrder.objects.create(
        number=next_number("order", None, 0), centre=centre, customer=customer, asset=asset, category=category,
        currency=centre.currency, stage=stage, phase=stage.phase, stage_entered_at=now, technician=technician,
        accepted_at=now, accepted_by=by, first_promised_at=promised_at, promised_at=promised_at, rework_of=first,
        **facts, **sums(made),
    )  # fmt: skip
    _write_parts(order, parts, by, now)
    journal.record(
        "order.accepted", subject=order, by=by, at=now, centre=centre, number=order.number, customer=customer,
        asset=asset, category=category, technician=technician, promised_at=promised_at, total=order.total,
        n_lines=len(made), rework_of=first, pay_type=order.pay_type, stage=stage,
    )  # fmt: skip
    return order


@dataclass(frozen=True)
class _Parts:
    """What is written beside the row, made ready before the number is taken."""

    lines: list[Line]
    norm_minutes: int | None
    locked: str = field(repr=False)


def _write_parts(order: RepairOrder, parts: _Parts, by: Staff, now: datetime) -> None:
    StageEntry.objects.create(
        order=order, stage=order.stage, entered_at=now, by=by, technician=order.technician,
        norm_minutes=parts.norm_minutes,
    )  # fmt: skip
    if order.promised_at:
        Promise.objects.create(order=order, at=now, promised_at=order.promised_at, by=by, told_how="in_person")
    for line in parts.lines:
        line.order = order
    Line.objects.bulk_create(parts.lines)
    if parts.locked:
        DeviceSecret.objects.create(order=order, locked=parts.locked, at=now)
    search.put(order, "order", found_by(order))


def found_by(order: RepairOrder) -> list[str]:
    """What an order is searched by."""
    asset = order.asset
    return [str(order.number), *([str(asset), asset.serial_number, asset.plate] if asset else [])]


def _facts(told: Told) -> dict[str, Any]:
    """What was told, as the row keeps it."""
    known(told.kind, ORDER_KINDS)
    known(told.pay_type, PAY_TYPES)
    known(told.place, PLACES)
    estimate = None if told.estimate is None else whole(told.estimate, MOST_MONEY)
    facts = fitting(
        RepairOrder, fault_text=told.fault_text, condition=told.condition, accessories=told.accessories,
        odometer=told.odometer, kind=told.kind, pay_type=told.pay_type, place=told.place, shelf=told.shelf,
    )  # fmt: skip
    return {**facts, "estimate": estimate, "checklist": ticked(told.checklist)}


def ticked(checklist: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """A checklist as it is kept. Raises: OutOfRange, TooLong."""
    if len(checklist) > LONGEST_CHECKLIST:
        raise OutOfRange(most=LONGEST_CHECKLIST)
    return [{"text": text(str(item["text"]), 80), "is_on": bool(item["is_on"])} for item in checklist]


def _first_stage() -> Stage:
    stage = Stage.objects.filter(phase=WORK, is_active=True).first()
    if stage is None:
        raise NoStages
    return stage


def _first_of_chain(earlier: RepairOrder | None, asset: Asset | None, customer: Customer) -> RepairOrder | None:
    if earlier is None:
        return None
    if earlier.phase != CLOSED or earlier.outcome not in (REPAIRED, NO_FAULT):
        raise NotDoneHere(number=earlier.number)
    is_same = earlier.asset_id == asset.pk if asset and earlier.asset_id else earlier.customer_id == customer.pk
    if not is_same:
        raise OtherAsset(number=earlier.number)
    return first_of(earlier)
