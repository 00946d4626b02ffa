"""The card of a client: what every app knows of him, each with one query, and what to do next."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import Case, Count, F, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum, When
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.analysis.at_work import Known, Risk
from dovolen.desk.analysis.queries import at_work
from dovolen.desk.assets.models import Asset
from dovolen.desk.money.models import Account
from dovolen.desk.orders import queries as orders
from dovolen.desk.orders.models import APPROVED, CLIENT, CLOSED, READY, REPAIRED, TOLD, UNFINISHED, Line, RepairOrder
from dovolen.desk.orders.queries.promises import BROKEN, LATE, PromiseState, promise_state
from dovolen.desk.orders.views.shown import chip_of
from dovolen.desk.people import queries as people
from dovolen.desk.people.models import Customer, Note
from dovolen.desk.people.queries import Reached, Standing, Tie
from dovolen.desk.tasks.models import Task

SHOWN = 12
"""Rows of a panel."""
OPEN_SHOWN = 30
READ = (
    "number", "currency", "phase", "outcome", "customer", "accepted_at", "promised_at", "ready_at", "notified_at",
    "picked_up_at", "held_until", "fault_text", "total", "stage__code", "stage__name", "asset__brand", "asset__model",
    "category__name", "centre__name", "centre__zone", "centre__hours",
)  # fmt: skip
"""What is read of an order; its wide columns stay in the base."""
PAPERS = ("legal_name", "tax_number", "kpp", "ogrn", "legal_address", "bank_name", "bik", "account", "head_name")


@dataclass(frozen=True)
class OrderRow:
    """An order as the card shows it."""

    order: RepairOrder
    chip: dict[str, str]
    promise: PromiseState | None


@dataclass(frozen=True)
class Step:
    """What to do next: its words are `client.next.<code>`."""

    code: str
    row: OrderRow | None = None
    task: Task | None = None
    line: Line | None = None
    risk: Risk | None = None


@dataclass(frozen=True)
class Card:
    """Everything on one page. What may not be seen is empty."""

    customer: Customer
    reached: list[Reached]
    orders: list[OrderRow] = field(default_factory=list)
    devices: list[Any] = field(default_factory=list)
    consents: list[Standing] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    declined: list[Line] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    next: Step | None = None
    known: Known | None = None
    """What the latest snapshot says of him."""
    now: datetime | None = None

    @property
    def average(self) -> int:
        """What an order of his came to on average."""
        told: Any = self.customer
        return round((told.paid or 0) / told.n_done) if told.n_done else 0

    @property
    def papers(self) -> list[tuple[str, str]]:
        """Requisites that are known."""
        legal = getattr(self.customer, "requisites", None)
        return [(name, value) for name in PAPERS if (value := getattr(legal, name, ""))]

    @property
    def open(self) -> list[OrderRow]:
        """What is here now."""
        return [row for row in self.orders if row.order.phase != CLOSED]

    @property
    def phone(self) -> str:
        """The number to call."""
        return next((one.text for one in self.reached if one.kind == "phone"), "")

    @property
    def email(self) -> str:
        """The address to write to."""
        return next((one.text for one in self.reached if one.kind == "email"), "")


def customer_of(staff: Staff, key: int) -> Customer | None:
    """The client, with his requisites and what his orders came to; None where he is not seen."""
    seen = Customer.objects.visible_to(staff).select_related(
        "requisites", "manager", "referred_by", "technician", "class_hand_by"
    )
    return seen.annotate(**_sums(staff), **at_work.told_of(staff)).filter(pk=key).first()


def _sums(staff: Staff) -> dict[str, Any]:
    """Orders of centres that he sees: how many were handed over repaired, and what they came to."""
    mine = RepairOrder.objects.visible_to(staff).filter(customer=OuterRef("pk"), phase=CLOSED, outcome=REPAIRED)
    grouped = mine.order_by().values("customer")
    return _money(staff) | {
        "n_done": Subquery(grouped.annotate(n=Count("pk")).values("n")),
        "paid": Subquery(grouped.annotate(sum=Sum("total", filter=Q(pay_type="customer_pay"))).values("sum")),
        "currency": Subquery(grouped.annotate(one=Min("currency")).values("one")),
    }


def _money(staff: Staff) -> dict[str, Any]:
    """What he paid, owes and paid ahead at centres whose money is seen, and the first and last of its currencies."""
    accounts = Account.objects.visible_to(staff).filter(customer=OuterRef("pk")).order_by().values("customer")
    left = F("due") - F("paid")
    sums = {
        "received": Sum("paid"),
        "owed": Sum(left, filter=Q(due__gt=F("paid"))),
        "ahead": Sum(-left, filter=Q(due__lt=F("paid"))),
        "money_in": Min("currency"),
        "money_in_last": Max("currency"),
    }
    return {name: Subquery(accounts.annotate(told=what).values("told")) for name, what in sums.items()}


def card_of(customer: Customer, staff: Staff, now: datetime) -> Card:
    """The card of a client as this person may see it."""
    sees_orders, sees_assets = staff.may("see orders"), staff.may("see assets")
    rows = _orders(RepairOrder.objects.visible_to(staff).filter(customer=customer), now) if sees_orders else []
    declined = _declined(customer, staff) if sees_orders else []
    tasks = _tasks(customer, staff)
    known = Known(customer)
    return Card(
        customer,
        people.reached(customer),
        orders=rows,
        devices=_devices(customer, staff, rows) if sees_assets else [],
        consents=people.standing(customer),
        ties=people.ties_of(customer, staff),
        notes=people.notes_of(customer, 4),
        declined=declined,
        tasks=tasks,
        now=now,
        known=known,
        next=next_step(rows, tasks, declined, timezone.localdate(now), known.risk),
    )


def _orders(his: QuerySet[RepairOrder], now: datetime) -> list[OrderRow]:
    """What is open, then the latest of the rest: by one query."""
    whole = his.select_related("stage", "asset", "category", "centre").only(*READ)
    is_closed = Case(When(phase=CLOSED, then=1), default=0)
    rows = whole.order_by(is_closed, "-accepted_at", "-pk")[:OPEN_SHOWN]
    return [OrderRow(one, chip_of(one), _promise(one, now)) for one in rows]


def _promise(order: RepairOrder, now: datetime) -> PromiseState | None:
    if order.promised_at is None or order.phase not in UNFINISHED:
        return None
    return promise_state(order.promised_at, opening=Opening.of(order.centre), now=now, waits_until=order.held_until)


def _devices(customer: Customer, staff: Staff, rows: Sequence[OrderRow]) -> list[Any]:
    """His devices, those that are here first, then the latest; each with `is_here` and `is_warranted`."""
    here = {row.order.asset_id for row in rows if row.order.phase != CLOSED}
    seen_at = {row.order.asset_id: row.order.accepted_at for row in sorted(rows, key=lambda row: row.order.accepted_at)}
    lines = Line.objects.filter(order__asset=OuterRef("pk"), state=APPROVED, order__phase=CLOSED)
    until = lines.exclude(warranty_until=None).order_by("-warranty_until").values("warranty_until")[:1]
    mine: Any = Asset.objects.visible_to(staff).filter(owner=customer).select_related("category")
    found = list(mine.annotate(warranted_until=Subquery(until)).order_by("left_at", "-pk")[:OPEN_SHOWN])
    today = timezone.localdate()
    for one in found:
        one.is_here, one.seen_at = one.pk in here, seen_at.get(one.pk)
        one.is_warranted = bool(one.warranted_until and one.warranted_until >= today)
    return sorted(found, key=lambda one: (one.left_at is not None, not one.is_here))


def _declined(customer: Customer, staff: Staff) -> list[Line]:
    """Work that he declined at centres that are seen, and was not offered since."""
    return orders.declined_of(customer, centres=staff.centre_ids("see orders"), most=SHOWN)


def _tasks(customer: Customer, staff: Staff) -> list[Task]:
    found = Task.objects.visible_to(staff).open().filter(customer=customer).select_related("assignee")
    return list(found.order_by("due_at", "pk")[:SHOWN])


def next_step(
    rows: Sequence[OrderRow], tasks: Sequence[Task], declined: Sequence[Line], today: date, risk: Risk | None = None
) -> Step | None:
    """The best thing to do now: the most pressing of what is known, one and no more."""
    for code, fits in PRESSING:
        if found := next((row for row in rows if fits(row)), None):
            return Step(code, row=found)
    if tasks:
        return Step("task", task=tasks[0])
    due = [line for line in declined if line.offer_again_on and line.offer_again_on <= today]
    if due:
        return Step("offer", line=due[0])
    return Step("risk", risk=risk) if risk else None


PRESSING: tuple[tuple[str, Callable[[OrderRow], bool]], ...] = (
    ("broken", lambda row: row.promise is not None and row.promise.code == BROKEN),
    ("late", lambda row: row.promise is not None and row.promise.code == LATE),
    ("approval", lambda row: row.order.phase == CLIENT),
    ("tell", lambda row: row.order.phase == READY),
    ("pick_up", lambda row: row.order.phase == TOLD),
)
