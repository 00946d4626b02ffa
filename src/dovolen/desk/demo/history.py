"""Finished orders of the history, written at once: rows and journal as the actions of those days would have left."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.models import FEE, LABOUR, Category, FaultTemplate
from dovolen.desk.core import search
from dovolen.desk.core.models import Counter
from dovolen.desk.demo import bulk, taxes
from dovolen.desk.demo.bills import Bill, think_of
from dovolen.desk.demo.cards import Cards, branch
from dovolen.desk.demo.drawn import Drawn
from dovolen.desk.demo.house import House
from dovolen.desk.demo.ledger import Ledger
from dovolen.desk.demo.told import told
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import (
    APPROVED,
    BEYOND_REPAIR,
    CANCELLED,
    DECLINED,
    DECLINED_BY_CLIENT,
    NO_FAULT,
    REPAIRED,
    Approval,
    Line,
    Promise,
    RepairOrder,
    Stage,
    StageEntry,
)  # fmt: skip
from dovolen.insight.synth.orders import technician_names

DIAGNOSIS_FEE = 80_000
MOST_TECHNICIANS = 40
AGAIN_AFTER = timedelta(days=90)
REASONS = ("part_late", "more_work", "overload", "client_asked")
NUMBERS = ("order", 0, 0)
"""Kind, centre and year of the counter that numbers orders."""


@dataclass
class Trade:
    """What is repaired, how, by whom."""

    categories: dict[str, Category]
    stages: dict[str, Stage]
    faults: dict[int, list[FaultTemplate]]
    norms: dict[tuple[int, str], int]

    @staticmethod
    def read() -> Trade:
        """As the house has it."""
        categories = {category.code: category for category in Category.objects.prefetch_related("norms")}
        faults: dict[int, list[FaultTemplate]] = {}
        for fault in FaultTemplate.objects.prefetch_related("lines").order_by("category_id", "position", "pk"):
            faults.setdefault(fault.category_id, []).append(fault)
        norms = {(kind.pk, norm.stage): norm.norm_minutes for kind in categories.values() for norm in kind.norms.all()}
        return Trade(categories, {stage.code: stage for stage in Stage.objects.all()}, faults, norms)

    def norm(self, category: Category, code: str) -> int | None:
        """How long a stage may take."""
        return self.norms.get((category.pk, code), self.stages[code].norm_minutes)

    def fault(self, category: Category, chance: random.Random) -> FaultTemplate:
        """A fault met every day, the first ones of a category more often."""
        known = self.faults[category.pk]
        return known[int(len(known) * chance.random() ** 1.5)]


@dataclass
class Past:
    """An order of the history with the rows around it."""

    drawn: Drawn
    row: RepairOrder
    fault: FaultTemplate
    chance: random.Random
    entries: list[StageEntry] = field(default_factory=list)
    promises: list[Promise] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    approval: Approval | None = None
    bill: Bill | None = None

    @property
    def closed_at(self) -> datetime:
        """When it was handed over."""
        assert self.row.picked_up_at
        return self.row.picked_up_at


def write(
    orders: list[Drawn], cards: Cards, house: House, trade: Trade, ledger: Ledger, *, now: datetime
) -> list[Bill]:
    """Finished orders in order of time; gives what each owed and how it was paid up to now."""
    made: dict[int, Past] = {}
    for number, drawn in enumerate(orders, 1):
        past = _begun(drawn, number, cards, house, trade)
        _stages(past, trade)
        _promises(past)
        _lines(past, made)
        agreed_at = past.approval.at if past.approval else None
        reasons = told()["cash"]["refunds"]
        past.bill = think_of(past.row, drawn.facts["order_id"], agreed_at=agreed_at, now=now, reasons=reasons)
        made[drawn.facts["order_id"]] = past
    _write_rows(list(made.values()))
    kind, centre, year = NUMBERS
    Counter.objects.create(kind=kind, centre_id=centre, year=year, last=len(made))
    for past in made.values():
        _tell(past, ledger)
    return [past.bill for past in made.values() if past.bill]


# ── One order ────────────────────────────────────────────────────────────────────────────────────────────────────────


def technician(drawn: Drawn, house: House) -> Staff:
    """Who repaired it: the same one of the library is always the same person."""
    people = house.technicians(house.centres[branch(drawn)])
    return people[_bench(drawn.facts["technician"]) % len(people)]


@cache
def _bench(name: str) -> int:
    """The library's technicians are told in turn, one of each branch after the other."""
    return technician_names(MOST_TECHNICIANS).index(name) // 2


def _begun(drawn: Drawn, number: int, cards: Cards, house: House, trade: Trade) -> Past:
    facts, chance = drawn.facts, random.Random(drawn.facts["order_id"])
    asset = cards.assets[facts["asset_id"]]
    centre = house.centres[branch(drawn)]
    by = house.receptionist(centre)
    is_told = facts["notified_at"] is not None
    fault = trade.fault(asset.category, chance)
    stage = trade.stages["picked_up"]
    row = RepairOrder(
        number=number, centre=centre, customer=cards.customers[facts["customer_id"]], asset=asset,
        category=asset.category, pay_type=facts["pay_type"], place=facts["place"], currency=centre.currency,
        stage=stage, phase=stage.phase, stage_entered_at=facts["picked_up_at"], technician=technician(drawn, house),
        accepted_at=drawn.accepted_at, accepted_by=by, ready_at=facts["ready_at"], notified_at=facts["notified_at"],
        notified_by=by if is_told else None, notified_how=chance.choice(("call", "message")) if is_told else "",
        picked_up_at=facts["picked_up_at"], picked_up_by=by, outcome=facts["outcome"],
        outcome_reason=_reason(facts["outcome"], chance), fault_text=fault.text, estimate=facts["estimate"],
        condition=chance.choice(told()["said"]["condition"]),
        accessories=chance.choice(told()["said"]["accessories"]),
    )  # fmt: skip
    return Past(drawn, row, fault, chance)


def _reason(outcome: str, chance: random.Random) -> str:
    said = {DECLINED_BY_CLIENT: "decline", CANCELLED: "cancel"}.get(outcome)
    return str(chance.choice(told()["said"][said])) if said else ""


def _stages(past: Past, trade: Trade) -> None:
    """Stays in stages, one after another, the last one open."""
    way = past.drawn.stages
    for place, (code, at) in enumerate(way):
        left = way[place + 1][1] if place + 1 < len(way) else None
        bench = code in ("diagnosis", "parts", "repair", "check", "ready")
        assert past.row.category
        past.entries.append(
            StageEntry(
                order=past.row, stage=trade.stages[code], entered_at=at, left_at=left,
                by=past.row.technician if bench else past.row.accepted_by, technician=past.row.technician,
                norm_minutes=trade.norm(past.row.category, code),
            )
        )  # fmt: skip


def _promises(past: Past) -> None:
    for place, (at, promised_at) in enumerate(past.drawn.promises):
        past.promises.append(
            Promise(
                order=past.row, at=at, promised_at=promised_at, by=past.row.accepted_by,
                reason=past.chance.choice(REASONS) if place else "", told_how="call" if place else "in_person",
                is_after_break=bool(place) and at > past.promises[-1].promised_at,
            )
        )  # fmt: skip
    if past.promises:
        past.row.first_promised_at, past.row.promised_at = past.promises[0].promised_at, past.promises[-1].promised_at


# ── Lines and the client's word ──────────────────────────────────────────────────────────────────────────────────────


def _lines(past: Past, made: dict[int, Past]) -> None:
    earlier = made.get(past.drawn.facts["rework_of"] or 0)
    if earlier and _may_be_done_again(past, earlier):
        past.row.rework_of = earlier.row.rework_of or earlier.row
        past.fault, past.row.fault_text = earlier.fault, earlier.row.fault_text
    else:
        earlier = None
    if past.row.outcome == CANCELLED:
        return
    at = next((at for code, at in past.drawn.stages if code == "approval"), past.drawn.accepted_at)
    decided = min(at + timedelta(minutes=past.chance.randrange(12, 150)), past.closed_at)
    past.approval = Approval(
        order=past.row, at=decided, by=past.row.accepted_by, who=past.row.customer.name, told_how="call", amount=0
    )
    is_free = past.row.pay_type != "customer_pay"
    for kind, name, price, cost, minutes, state in _asked(past, is_free=is_free):
        past.lines.append(_line(past, kind, name, price, cost, minutes, state, at, decided))
    if not past.lines:
        past.approval = None
    _sum_up(past)
    _warrant(past, earlier)


def _may_be_done_again(past: Past, earlier: Past) -> bool:
    return (
        earlier.row.outcome in (REPAIRED, NO_FAULT)
        and earlier.row.asset == past.row.asset
        and earlier.closed_at < past.drawn.accepted_at
    )


Asked = tuple[str, str, int, int | None, int, str]


def _asked(past: Past, *, is_free: bool) -> list[Asked]:
    """What the estimate held, and whether the client said yes."""
    outcome, chance = past.row.outcome, past.chance
    if outcome in (NO_FAULT, BEYOND_REPAIR):
        return [(FEE, told()["fee"], 0 if is_free else DIAGNOSIS_FEE, None, 30, APPROVED)]
    over = past.drawn.facts["revenue"] and past.drawn.facts["revenue"] > past.drawn.facts["estimate"]
    state = APPROVED if outcome == REPAIRED else DECLINED
    asked: list[Asked] = []
    for line in past.fault.lines.all():
        price = _rounded(line.price * chance.uniform(0.9, 1.15) * (1.12 if over and line.kind == LABOUR else 1))
        cost = line.cost if line.cost is not None else line.price * 45 // 100
        asked.append((line.kind, line.name, 0 if is_free else price, cost, line.norm_minutes, state))
    if outcome == REPAIRED and chance.random() < 1 / 10 and not is_free:
        asked.append((LABOUR, *_extra(chance), DECLINED))
    if outcome == DECLINED_BY_CLIENT and chance.random() < 0.5:
        asked.append((FEE, told()["fee"], DIAGNOSIS_FEE, None, 30, APPROVED))
    return asked


def _extra(chance: random.Random) -> tuple[str, int, int, int]:
    name, price, minutes = chance.choice([tuple(extra) for extra in told()["extras"]])
    return str(name), int(price), int(price) * 3 // 10, int(minutes)


def _rounded(kopecks: float) -> int:
    """Whole steps of fifty roubles, as price lists are."""
    return max(1, round(kopecks / 5000)) * 5000


def _line(  # noqa: PLR0913, PLR0917 – a row
    past: Past, kind: str, name: str, price: int, cost: int | None, minutes: int, state: str, at: datetime,
    decided: datetime,
) -> Line:  # fmt: skip
    is_no = state == DECLINED
    again = past.row.centre.local(decided + AGAIN_AFTER).date() if is_no else None
    return Line(
        order=past.row, position=len(past.lines) + 1, kind=kind, name=name, price=price, amount=price, cost=cost,
        norm_minutes=minutes, technician=past.row.technician if kind == LABOUR else None,
        warranty_days=actions.usual_warranty(kind, past.row.category), state=state, decided_at=decided,
        decline_reason=past.chance.choice(told()["said"]["decline"]) if is_no else "", offer_again_on=again,
        made_at=at, made_by=past.row.technician, version=2,
        tax_code="" if is_no else taxes.at(past.closed_at)["tax_code"],
    )  # fmt: skip


def _sum_up(past: Past) -> None:
    agreed = [line for line in past.lines if line.state == APPROVED]
    parts = [line for line in agreed if line.kind == "part"]
    row = past.row
    row.total = sum(line.amount for line in agreed)
    row.parts_cost = sum(line.cost or 0 for line in parts)
    row.labour_cost = sum(line.cost or 0 for line in agreed) - row.parts_cost
    row.norm_minutes = sum(line.norm_minutes for line in agreed)
    if past.approval:
        past.approval.amount = row.total


def _warrant(past: Past, earlier: Past | None) -> None:
    """Warranties begin at hand-over; work done again keeps the term it had, where that ends later."""
    if past.row.outcome != REPAIRED:
        return
    today = past.row.centre.local(past.closed_at).date()
    terms = {(line.kind, line.name): line.warranty_until for line in earlier.lines} if earlier else {}
    for line in past.lines:
        if line.state == APPROVED and line.warranty_days:
            own = today + timedelta(days=line.warranty_days)
            line.warranty_until = max(own, terms.get((line.kind, line.name)) or own)
            line.version = 3


# ── Rows and events ──────────────────────────────────────────────────────────────────────────────────────────────────


def _write_rows(made: list[Past]) -> None:
    bulk.write([past.row for past in made if past.row.rework_of is None])
    bulk.write([past.row for past in made if past.row.rework_of is not None])
    bulk.write([entry for past in made for entry in past.entries])
    bulk.write([promise for past in made for promise in past.promises])
    bulk.write([past.approval for past in made if past.approval])
    for past in made:
        for line in past.lines:
            line.approval = past.approval
    bulk.write([line for past in made for line in past.lines])
    bulk.write([search.row("order", past.row.pk, _found_by(past.row)) for past in made])


def _found_by(row: RepairOrder) -> list[str]:
    assert row.asset
    return [str(row.number), str(row.asset), row.asset.serial_number]


def _tell(past: Past, ledger: Ledger) -> None:
    """The events of one order, as its actions would have left them."""
    row = past.row
    _note(
        past, ledger, "accepted", row.accepted_by, row.accepted_at, number=row.number, customer=row.customer,
        asset=row.asset, category=row.category, technician=row.technician, promised_at=row.first_promised_at, total=0,
        n_lines=0, rework_of=row.rework_of, pay_type=row.pay_type, stage=past.entries[0].stage,
    )  # fmt: skip
    _tell_money(past, ledger)
    _tell_promises(past, ledger)
    _tell_stages(past, ledger)
    end: dict[str, Any] = {"total": row.total}
    if row.outcome != CANCELLED:
        end |= {
            "outcome": row.outcome, "ready_at": row.ready_at, "notified_at": row.notified_at,
            "rework_of": row.rework_of, "pay_type": row.pay_type, "debt": past.bill.debt_then if past.bill else 0,
        }  # fmt: skip
    kind = "cancelled" if row.outcome == CANCELLED else "picked_up"
    _note(past, ledger, kind, row.picked_up_by, past.closed_at, **end)


def _note(past: Past, ledger: Ledger, kind: str, by: Staff | None, at: datetime, **facts: Any) -> None:
    ledger.note(f"order.{kind}", subject=past.row, by=by, at=at, centre=past.row.centre, **facts)


def _tell_money(past: Past, ledger: Ledger) -> None:
    total = 0
    for line in past.lines:
        total += line.amount
        _note(
            past, ledger, "line_added", line.made_by, line.made_at, line=line, line_kind=line.kind, amount=line.amount,
            total=total,
        )  # fmt: skip
    if past.approval:
        keys = {state: [line.pk for line in past.lines if line.state == state] for state in (APPROVED, DECLINED)}
        _note(
            past, ledger, "approved", past.approval.by, past.approval.at, approval=past.approval,
            approved=keys[APPROVED], declined=keys[DECLINED], amount=past.approval.amount,
            told_how=past.approval.told_how,
        )  # fmt: skip


def _tell_promises(past: Past, ledger: Ledger) -> None:
    for before, later in zip(past.promises, past.promises[1:], strict=False):
        _note(
            past, ledger, "promised", later.by, later.at, promise=later, promised_at=later.promised_at,
            before=before.promised_at, reason=later.reason, told_how=later.told_how,
            is_after_break=later.is_after_break,
        )  # fmt: skip


def _tell_stages(past: Past, ledger: Ledger) -> None:
    for before, entry in zip(past.entries, past.entries[1:], strict=False):
        minutes = int((entry.entered_at - before.entered_at).total_seconds() // 60)
        _note(
            past, ledger, "stage_moved", entry.by, entry.entered_at, before=before.stage, stage=entry.stage,
            phase=entry.stage.phase, minutes=minutes,
        )  # fmt: skip
        if entry.stage.code == "ready":
            _note(
                past, ledger, "ready", entry.by, entry.entered_at, stage=entry.stage, promised_at=past.row.promised_at
            )
        if entry.stage.code == "told":
            _note(past, ledger, "told", entry.by, entry.entered_at, how=past.row.notified_how, is_first=True)
