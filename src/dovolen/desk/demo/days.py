"""The last days, lived: every order of them is taken in, moved, promised, handed over by the actions of a real one.

What would happen later than now is left undone, so orders stand in every stage; where chance left one empty, an order
of these days is moved nearer and stops there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.assets import actions as assets
from dovolen.desk.assets.models import AT_INTAKE, FEE, LABOUR, Asset, ChecklistItem
from dovolen.desk.core.errors import Refusal
from dovolen.desk.demo.bills import PERSONS_PAY, PREPAYS_FROM, TERM, method_of
from dovolen.desk.demo.cards import Cards, branch, device, requisites
from dovolen.desk.demo.drawn import Drawn, Lives
from dovolen.desk.demo.history import DIAGNOSIS_FEE, REASONS, Trade, technician
from dovolen.desk.demo.house import House
from dovolen.desk.demo.tills import Till
from dovolen.desk.demo.told import told
from dovolen.desk.documents import actions as documents
from dovolen.desk.documents.models import INVOICE
from dovolen.desk.money.models import CARD, CASH, TRANSFER
from dovolen.desk.money.queries import open_shift_of
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import CANCELLED, DECLINED_BY_CLIENT, REPAIRED, RepairOrder
from dovolen.desk.orders.queries.money import PAID_BY_CLIENT
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import COMPANY, PROCESSING, SERVICE, Customer

LIVED = timedelta(days=12)
"""So many days are lived; the years before them are written at once."""
WANTED = {"accepted": 2, "diagnosis": 3, "approval": 3, "parts": 3, "repair": 4, "check": 1, "ready": 2, "told": 4}
"""At least so many orders a stage and place."""
NEAR = (-90, 20, 55, 150, 230)
"""Minutes from now to promises that are about to break, or just did."""

Step = tuple[datetime, Callable[[datetime], None]]


@dataclass
class Course:
    """One order, from intake to pickup."""

    drawn: Drawn
    lives: Lives
    cards: Cards
    house: House
    trade: Trade
    ends_in: str = ""
    """The stage it stops in, where it does."""
    chance: random.Random = field(init=False)
    order: RepairOrder = field(init=False)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.drawn.facts["order_id"])

    @property
    def centre(self) -> Centre:
        """Where."""
        return self.house.centres[branch(self.drawn)]

    @property
    def desk(self) -> Staff:
        """Who takes in and hands over."""
        return self.house.receptionist(self.centre)

    @property
    def bench(self) -> Staff:
        """Who repairs."""
        return technician(self.drawn, self.house)

    def stage_at(self, now: datetime) -> str:
        """Where it stands."""
        entered = [code for code, at in self.drawn.stages if at <= now]
        return self.ends_in if self.ends_in in entered else entered[-1] if entered else ""

    # ── What happens, and when ───────────────────────────────────────────────────────────────────────────────────────

    def steps(self) -> Iterator[Step]:
        """Everything that happens to it."""
        yield self.drawn.accepted_at, self.accept
        way = [] if self.ends_in == self.drawn.stages[0][0] else self.drawn.stages[1:]
        for place, (code, at) in enumerate(way):
            if self.ends_in and code == "picked_up":
                return
            after = way[place + 1][1] if place + 1 < len(way) else at + timedelta(hours=3)
            yield from self._of_stage(code, at, after)
            if code == self.ends_in:
                return
        yield from self._promises()

    def _of_stage(self, code: str, at: datetime, after: datetime) -> Iterator[Step]:
        if code == "approval":
            yield at, self.estimate
            yield at, lambda now: self.move("approval", now)
            if self.ends_in != "approval":
                agreed_at = min(after, at + timedelta(minutes=self.chance.randrange(15, 140)))
                yield agreed_at, self.approve
                yield agreed_at, self.prepay
        elif code == "picked_up":
            yield at, self.close
        elif code == "told":
            yield at, self.tell
        else:
            before = {"diagnosis": self.take_up, "parts": self.await_parts, "repair": self.repair, "ready": self.check}
            if code in before:
                yield at, before[code]
            yield at, lambda now: self.move(code, now)

    def _promises(self) -> Iterator[Step]:
        for at, promised_at in self.drawn.promises[1:]:
            yield at, lambda now, promised_at=promised_at: self.promise(promised_at, now)  # type: ignore[misc]

    # ── The steps ────────────────────────────────────────────────────────────────────────────────────────────────────

    def accept(self, now: datetime) -> None:
        """Take it in; who was never here is entered first."""
        customer = self._customer(now)
        asset = self._asset(customer, now)
        self.fault = self.trade.fault(asset.category, self.chance)
        said = told()["said"]
        items = ChecklistItem.objects.filter(category=asset.category, moment=AT_INTAKE)
        self.order = actions.accept(
            centre=self.centre, customer=customer, asset=asset, promised_at=self.drawn.promises[0][1],
            technician=self.bench if self.chance.random() < 0.6 else None, by=self.desk, now=now,
            told=actions.Told(
                fault_text=self.fault.text, condition=self.chance.choice(said["condition"]),
                accessories=self.chance.choice(said["accessories"]),
                checklist=[{"text": item.text, "is_on": item.is_usual} for item in items],
                estimate=sum(line.price for line in self.fault.lines.all()), shelf=self.chance.choice(said["shelf"]),
                password="demo-7" if asset.category.uses_password and self.chance.random() < 0.5 else "",
                pay_type=self.drawn.facts["pay_type"], place=self.drawn.facts["place"],
            ),
        )  # fmt: skip

    def _customer(self, now: datetime) -> Customer:
        key = self.drawn.facts["customer_id"]
        if key not in self.cards.customers:
            row = self.lives.customers[key]
            facts = {
                "name": row["name"], "phone": row["phones"], "email": row["emails"] or "", "centre": self.centre,
                "address": row["address"] or "", "source": row["source"] or "", "by": self.desk, "now": now,
            }  # fmt: skip
            if row["kind"] == COMPANY:
                customer = people.add_company(requisites=requisites(row), **facts)
            else:
                customer = people.add_person(**facts)
            for purpose in (PROCESSING, SERVICE):
                people.record_consent(
                    customer=customer, purpose=purpose, is_given=True, proof="paper", by=self.desk, now=now
                )
            self.cards.customers[key] = customer
        return self.cards.customers[key]

    def _asset(self, owner: Customer, now: datetime) -> Asset:
        key = self.drawn.facts["asset_id"]
        if key not in self.cards.assets:
            row = self.lives.assets[key]
            category = self.trade.categories[row["category"]]
            self.cards.assets[key] = assets.add_asset(
                category=category, owner=owner, centre=self.centre, by=self.desk, now=now, **device(row, category)
            )
        return self.cards.assets[key]

    def take_up(self, now: datetime) -> None:
        """A technician takes it."""
        actions.assign(order=self.order, technician=self.bench, by=self.bench, now=now)
        if self.chance.random() < 0.3:
            actions.add_note(order=self.order, text=self.chance.choice(told()["said"]["note"]), by=self.desk, now=now)

    def estimate(self, now: datetime) -> None:
        """What is wrong, and what it costs to mend it."""
        diagnosis = self.chance.choice(told()["said"]["diagnosis"])
        actions.change_order(order=self.order, seen=self.order.version, diagnosis=diagnosis, by=self.bench, now=now)
        is_free = self.order.pay_type != "customer_pay"
        for line in self.fault.lines.all():
            self._add(line.kind, line.name, 0 if is_free else line.price, line.cost, line.norm_minutes, now)
        if self.drawn.facts["outcome"] == REPAIRED and self.chance.random() < 0.35:
            name, price, minutes = self.chance.choice(told()["extras"])
            self._add(LABOUR, name, price, price * 3 // 10, minutes, now)

    def _add(self, kind: str, name: str, price: int, cost: int | None, minutes: int, now: datetime) -> None:
        actions.add_line(
            order=self.order, kind=kind, name=name, price=price, cost=cost, norm_minutes=minutes,
            technician=self.bench if kind == LABOUR else None, by=self.bench, now=now,
        )  # fmt: skip

    def approve(self, now: datetime) -> None:
        """The client says yes; sometimes no to what was offered beside."""
        lines = list(self.order.lines.order_by("position"))
        if not lines:
            return
        says_no = self.drawn.facts["outcome"] == DECLINED_BY_CLIENT
        names = {line.name for line in self.fault.lines.all()}
        declined = {line.pk for line in lines if says_no or (line.name not in names and self.chance.random() < 0.5)}
        reason = self.chance.choice(told()["said"]["decline"])
        actions.record_approval(
            order=self.order, approved=[line.pk for line in lines if line.pk not in declined],
            declined=dict.fromkeys(declined, reason), who=self.order.customer.name,
            told_how=self.chance.choice(("call", "message")), by=self.desk, now=now,
        )  # fmt: skip

    def await_parts(self, now: datetime) -> None:
        """Order what is lacking."""
        parts = [line for line in self.order.lines.all() if line.kind == "part"]
        opening = Opening.of(self.centre)
        expected_at = opening.after(now, self.chance.randrange(6, 40) * 60)
        actions.await_part(
            order=self.order, name=parts[0].name if parts else told()["part"], line=parts[0] if parts else None,
            supplier=self.chance.choice(told()["said"]["suppliers"]), expected_at=expected_at, by=self.bench, now=now,
        )  # fmt: skip

    def repair(self, now: datetime) -> None:
        """What was awaited is here."""
        for part in self.order.awaited_parts.filter(arrived_at=None):
            actions.part_arrived(part=part, by=self.bench, now=now)

    def check(self, now: datetime) -> None:
        """All is looked at before it is called ready; a part that was not fitted is not awaited any more."""
        for part in self.order.awaited_parts.filter(arrived_at=None, cancelled_at=None):
            actions.cancel_part(part=part, by=self.bench, now=now)
        if self.drawn.facts["outcome"] not in (REPAIRED, None):
            self._decline_open(now)
        ticked = [item["text"] for item in queries.ready_checklist(self.order)]
        actions.tick_ready_checklist(order=self.order, seen=self.order.version, ticked=ticked, by=self.bench, now=now)

    def _decline_open(self, now: datetime) -> None:
        """Nothing was mended: the diagnosis alone is paid."""
        if self.drawn.facts["revenue"]:
            self._add(FEE, told()["fee"], DIAGNOSIS_FEE, None, 30, now)
            fee = self.order.lines.get(kind=FEE)
            actions.record_approval(
                order=self.order, approved=[fee.pk], declined={}, who=self.order.customer.name, told_how="call",
                by=self.desk, now=now,
            )  # fmt: skip

    def move(self, code: str, now: datetime) -> None:
        """On to the next stage."""
        actions.move(order=self.order, to=self.trade.stages[code], by=self.bench, now=now)

    def tell(self, now: datetime) -> None:
        """The client hears that it is ready."""
        actions.tell(order=self.order, how=self.chance.choice(("call", "message")), by=self.desk, now=now)

    def promise(self, promised_at: datetime, now: datetime) -> None:
        """A new date."""
        actions.promise(
            order=self.order, promised_at=promised_at, reason=self.chance.choice(REASONS), told_how="call",
            by=self.desk, now=now,
        )  # fmt: skip

    def close(self, now: datetime) -> None:
        """Given back."""
        outcome = self.drawn.facts["outcome"]
        reason = self.chance.choice(told()["said"]["cancel" if outcome == CANCELLED else "decline"])
        if outcome == CANCELLED:
            actions.cancel(order=self.order, reason=reason, by=self.desk, now=now)
            return
        told_reason = reason if outcome == DECLINED_BY_CLIENT else ""
        left = actions.left_at_hand_over(self.order)
        if left and method_of(self.order, self.chance) == TRANSFER:
            self._bill(outcome, told_reason, now)
        else:
            paid = self._paid(left) if left else None
            actions.hand_over(order=self.order, outcome=outcome, reason=told_reason, paid=paid, by=self.desk, now=now)

    def _paid(self, amount: int) -> actions.Paid:
        """As persons pay; a receipt is sometimes forgotten."""
        method = self.chance.choice(PERSONS_PAY)
        if method == CASH and open_shift_of(self.centre) is None:
            method = CARD
        number = f"{self.order.number:06d}" if self.chance.random() < 0.9 else ""
        return actions.Paid(method, amount, number)

    def _bill(self, outcome: str, reason: str, now: datetime) -> None:
        """A company pays by the bill it takes along."""
        by, until = self.house.manager(self.centre), self.centre.local(now + TERM).date()
        actions.hand_over(
            order=self.order, outcome=outcome, reason=reason, unpaid_agreed=True, due_on=until, by=by, now=now
        )
        documents.draw_up(kind=INVOICE, order=self.order, by=by, now=now)

    def prepay(self, now: datetime) -> None:
        """A part beforehand, where much is to be paid."""
        self.order.refresh_from_db()
        if self.order.pay_type == PAID_BY_CLIENT and self.order.total >= PREPAYS_FROM and self.chance.random() < 0.4:
            part = self.order.total // 3 // 10_000 * 10_000
            actions.pay(order=self.order, paid=self._paid(part), by=self.desk, now=now)


# ── All of them ──────────────────────────────────────────────────────────────────────────────────────────────────────


def live(courses: list[Course], tills: list[Till], *, now: datetime) -> list[Refusal]:
    """Do what happened up to now, in order of time; gives what was refused, which ends the course of that order."""
    _stop_some(courses, now)
    _promise_near(courses, now)
    ranked: list[tuple[int, Course | Till]] = [(rank - len(tills), till) for rank, till in enumerate(tills)]
    ranked += [(course.drawn.facts["order_id"], course) for course in courses]
    steps = sorted(
        (
            (at, rank, place, step)
            for rank, one in ranked
            for place, (at, step) in enumerate(one.steps(now) if isinstance(one, Till) else one.steps())
            if at <= now
        ),
        key=lambda entry: entry[:3],
    )
    refused: dict[int, Refusal] = {}
    for at, rank, _, step in steps:
        if rank not in refused:
            try:
                step(at)
            except Refusal as refusal:
                refused[rank] = refusal
    return list(refused.values())


def _stop_some(courses: list[Course], now: datetime) -> None:
    """Let some orders stop where nobody stands, moved by whole days to have come there lately."""
    held: dict[tuple[int, str], int] = {}
    for course in courses:
        place = course.centre.pk, course.stage_at(now)
        held[place] = held.get(place, 0) + 1
    finished = [
        course
        for course in courses
        if course.stage_at(now) == "picked_up" and course.drawn.facts["outcome"] == REPAIRED
    ]
    for course in _of_many_clients(finished):
        lacking = [
            (code, at)
            for code, at in course.drawn.stages
            if held.get((course.centre.pk, code), 0) < WANTED.get(code, 0)
        ]
        if lacking:
            code, at = min(lacking, key=lambda entry: held.get((course.centre.pk, entry[0]), 0))
            course.ends_in = code
            _shift(course.drawn, (now - at) // timedelta(days=1) * timedelta(days=1))
            held[course.centre.pk, code] = held.get((course.centre.pk, code), 0) + 1


def _of_many_clients(courses: list[Course]) -> list[Course]:
    """One order of each client first, the latest first; then their others."""
    seen: dict[int, int] = {}
    ranked: list[tuple[int, int, Course]] = []
    for course in sorted(courses, key=lambda course: course.drawn.accepted_at, reverse=True):
        key = course.drawn.facts["customer_id"]
        ranked.append((seen.get(key, 0), len(ranked), course))
        seen[key] = seen.get(key, 0) + 1
    return [course for _, _, course in sorted(ranked, key=lambda entry: entry[:2])]


def _shift(drawn: Drawn, by: timedelta) -> None:
    drawn.facts["accepted_at"] += by
    drawn.stages = [(code, at + by) for code, at in drawn.stages]
    drawn.promises = [(at + by, promised_at + by) for at, promised_at in drawn.promises]


def _promise_near(courses: list[Course], now: datetime) -> None:
    """Promises of what is not ready: a few about to break, the others kept ahead of now."""
    for centre in {course.centre.pk for course in courses}:
        unfinished = [
            course for course in courses
            if course.centre.pk == centre and course.stage_at(now) not in ("", "ready", "told", "picked_up")
        ]  # fmt: skip
        unfinished.sort(key=lambda course: course.drawn.promises[0][1])
        for place, course in enumerate(unfinished):
            opening = Opening.of(course.centre)
            if place < len(NEAR) and course.drawn.accepted_at < now - timedelta(hours=6):
                _promise_first(course, now + timedelta(minutes=NEAR[place]))
            elif course.drawn.promises[-1][1] < now:
                _promise_first(course, opening.after(now, 60 * course.chance.randrange(3, 30)))


def _promise_first(course: Course, promised_at: datetime) -> None:
    whole = promised_at.replace(minute=promised_at.minute // 10 * 10, second=0, microsecond=0)
    course.drawn.promises = [(course.drawn.accepted_at, whole)]
