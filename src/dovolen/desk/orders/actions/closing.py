"""An order ends: the asset is given back, with a warranty on what was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from dovolen.desk.accounts.actions import require
from dovolen.desk.accounts.models import Staff
from dovolen.desk.core.errors import Refusal
from dovolen.desk.core.values import NoText, known, text
from dovolen.desk.money.queries import seller_of
from dovolen.desk.orders.actions.estimate import OFFERED_AGAIN_AFTER, retotal
from dovolen.desk.orders.actions.paying import Paid, settle
from dovolen.desk.orders.actions.rows import hold_open, note
from dovolen.desk.orders.actions.stages import LinesWait, NotReady, enter
from dovolen.desk.orders.models import (
    APPROVED,
    BEYOND_REPAIR,
    CANCELLED,
    CLOSED,
    DECLINED,
    DECLINED_BY_CLIENT,
    NO_FAULT,
    PROPOSED,
    READY,
    REPAIRED,
    TOLD,
    DeviceSecret,
    Line,
    RepairOrder,
    Stage,
)  # fmt: skip
from dovolen.desk.orders.queries import job_key, stage_name

GIVEN_BACK = (REPAIRED, DECLINED_BY_CLIENT, BEYOND_REPAIR, NO_FAULT)


class NoClosedStage(Refusal):
    """There is no stage for what was handed over."""

    key = "orders.refused.no_closed_stage"


@transaction.atomic
def hand_over(  # noqa: PLR0913 – all that giving back is
    *, order: RepairOrder, outcome: str, reason: str = "", receiver: str = "", paid: Paid | None = None,
    unpaid_agreed: bool = False, due_on: date | None = None, by: Staff, now: datetime,
) -> None:  # fmt: skip
    """Give the asset back and close the order: repaired when it is ready, unrepaired from any stage.

    Repaired: every line has the client's word, warranties begin. Unrepaired: lines without a word are declined.
    What it comes to is charged, `paid` is taken; a debt has to be agreed to by whoever may, until `due_on`.
    Raises: NotAllowed, Closed, UnknownCode, NotReady, LinesWait, NotPaid, MoreThanRemains, TooLong and what
    `money.take_payment` refuses. Leaves: `order.picked_up`.
    """
    require(by, "hand over", order.centre)
    hold_open(order)
    known(outcome, GIVEN_BACK)
    if outcome == REPAIRED:
        _check_finished(order)
        set_warranties(order, now)
    else:
        _decline_rest(order, outcome, text(reason, 200), now)
    _name_taxes(order)
    debt = settle(order, paid, unpaid_agreed=unpaid_agreed, due_on=due_on, by=by, now=now)
    _close(order, outcome, text(reason, 200), text(receiver, 120), by, now)
    note(
        "order.picked_up", order, by, now, outcome=outcome, total=order.total, ready_at=order.ready_at,
        notified_at=order.notified_at, rework_of=order.rework_of_id, pay_type=order.pay_type,
        debt=debt,
    )  # fmt: skip


@transaction.atomic
def cancel(*, order: RepairOrder, reason: str, by: Staff, now: datetime) -> None:
    """Close an order that should not have been, or that the client took back at once: nothing is asked for it.

    Raises: NotAllowed, Closed, NoText without a reason, TooLong. Leaves: `order.cancelled`.
    """
    require(by, "hand over", order.centre)
    hold_open(order)
    if not (told := text(reason, 200)):
        raise NoText
    _decline_rest(order, CANCELLED, told, now)
    _close(order, CANCELLED, told, "", by, now)
    note("order.cancelled", order, by, now, total=order.total)


def _check_finished(order: RepairOrder) -> None:
    if order.phase not in (READY, TOLD):
        raise NotReady(number=order.number)
    if order.n_waiting_lines:
        raise LinesWait(stage=stage_name(order.stage), n=order.n_waiting_lines)


def _close(order: RepairOrder, outcome: str, reason: str, receiver: str, by: Staff, now: datetime) -> None:
    stage = Stage.objects.filter(phase=CLOSED).order_by("-is_active", "position", "pk").first()
    if stage is None:
        raise NoClosedStage
    enter(
        order, stage, by, now, picked_up_at=now, picked_up_by=by, receiver=receiver, outcome=outcome,
        outcome_reason=reason or order.outcome_reason, hold_reason="", hold_note="", held_since=None, held_until=None,
    )  # fmt: skip
    DeviceSecret.objects.filter(order=order).delete()


# ── Lines at the end ─────────────────────────────────────────────────────────────────────────────────────────────────


def set_warranties(order: RepairOrder, now: datetime) -> None:
    """Begin the warranty of what was done. Work done again keeps the term it had, where that ends later."""
    today = order.centre.local(now).date()
    earlier = _terms_of_chain(order)
    for line in Line.objects.filter(order=order, state=APPROVED):
        own = today + timedelta(days=line.warranty_days) if line.warranty_days else None
        until = max(filter(None, [own, earlier.get(job_key(line))]), default=None)
        if until:
            Line.objects.filter(pk=line.pk).update(warranty_until=until, version=F("version") + 1)


def _terms_of_chain(order: RepairOrder) -> dict[tuple[str, str], date]:
    """Job → the latest day to which the orders before this one of its chain warrant it."""
    if order.rework_of_id is None:
        return {}
    chain = Q(order=order.rework_of_id) | Q(order__rework_of=order.rework_of_id)
    terms: dict[tuple[str, str], date] = {}
    for line in Line.objects.filter(chain, state=APPROVED, warranty_until__isnull=False).exclude(order=order):
        assert line.warranty_until is not None
        terms[job_key(line)] = max(line.warranty_until, terms.get(job_key(line), line.warranty_until))
    return terms


def _name_taxes(order: RepairOrder) -> None:
    """Lines without a rate of their own have their seller's, and keep it when he comes under another."""
    seller = seller_of(order.centre)
    if seller:
        Line.objects.filter(order=order, state=APPROVED, tax_code="").update(tax_code=seller.tax_code)


def _decline_rest(order: RepairOrder, outcome: str, reason: str, now: datetime) -> None:
    """Lines without the client's word are declined; offered again later, but for what is beyond repair."""
    again = None if outcome == BEYOND_REPAIR else order.centre.local(now + OFFERED_AGAIN_AFTER).date()
    values: dict[str, Any] = {"state": DECLINED, "decided_at": now, "decline_reason": reason, "offer_again_on": again}
    if Line.objects.filter(order=order, state=PROPOSED).update(version=F("version") + 1, **values):
        retotal(order)
