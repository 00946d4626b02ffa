"""What the page of an order shows: as many queries whatever it holds, nothing that its reader may not see."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db.models import BigIntegerField, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Greatest

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import WHOSE
from dovolen.desk.assets.models import BEFORE_READY, ChecklistItem, StageNorm
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.messaging import queries as messaging
from dovolen.desk.money.models import Account, Charge, Seller
from dovolen.desk.money.taxes import NO_TAX, tax_in
from dovolen.desk.orders.amounts import amount_of
from dovolen.desk.orders.models import (
    APPROVED,
    CLOSED,
    DECLINED,
    PROPOSED,
    READY,
    TOLD,
    AwaitedPart,
    DeviceSecret,
    Line,
    OrderNote,
    Promise,
    RepairOrder,
    Stage,
)  # fmt: skip
from dovolen.desk.orders.queries.beside import parts_and_photos
from dovolen.desk.orders.queries.course import Outlook, PromiseNow, Step, following_stage, outlook, promise_now, steps
from dovolen.desk.orders.queries.money import Paying, paying_of
from dovolen.desk.orders.queries.promises import BROKEN, LATE
from dovolen.desk.orders.queries.timeline import KINDS, SUBJECT, Moment, Names, told
from dovolen.desk.people.models import Phone

ACCOUNT = Account._meta.label_lower
MOST_MOMENTS = 200
MOST_SAID = 60
MOST_RELATED = 40
"""Other orders of the client and of the asset that are looked at, the latest."""
FLAGS = {
    "take_in": "take in", "repair": "repair", "promise": "promise", "approve": "record approval",
    "hand_over": "hand over", "price": "change prices", "plan": "plan work", "costs": "see costs",
    "passwords": "see device passwords", "customers": "see customers", "assets": "see assets", "force": "force stages",
    "complain": "record feedback",
    "write": "send messages",
    "money": "see money", "pay": "take payments", "refund": "refund", "discount": "give discounts",
    "owe": "hand over unpaid", "cash": "keep cash",
}  # fmt: skip


def orders_of(staff: Staff) -> QuerySet[RepairOrder]:
    """Orders he may see, each with all that its page says of it in one row."""
    phone = Phone.objects.filter(customer=OuterRef("customer")).order_by("-is_main", "pk").values("number")[:1]
    promises = Promise.objects.filter(order=OuterRef("pk")).order_by("-pk")
    related = (
        "centre", "customer", "asset", "category", "stage", "technician", "accepted_by", "notified_by", "picked_up_by",
        "rework_of", "past",
    )  # fmt: skip
    return (
        RepairOrder.objects.visible_to(staff)
        .select_related(*related)
        .annotate(
            phone=Subquery(phone),
            latest_event=_latest_event(),
            has_password=Exists(DeviceSecret.objects.filter(order=OuterRef("pk"))),
            has_later_promise=Exists(promises[1:2]),
            account_key=_account("pk"),
            account_due=_account("due"),
            account_paid=_account("paid"),
            account_since=_account("due_since"),
            account_until=_account("due_on"),
            account_less=Subquery(_less()),
            seller_tax=Subquery(Seller.objects.filter(centre=OuterRef("centre")).values("entity__tax_code")[:1]),
            has_checklist=Exists(ChecklistItem.objects.filter(category=OuterRef("category"), moment=BEFORE_READY)),
        )
    )


def _less() -> QuerySet[Any]:
    """What was taken off charges of an order, one row."""
    charges = Charge.objects.filter(account__order_number=OuterRef("number"), amount__lt=0).order_by()
    return charges.values("account").annotate(sum=Sum("amount")).values("sum")


def _account(column: str) -> Subquery:
    return Subquery(Account.objects.filter(order_number=OuterRef("number")).values(column)[:1])


def _latest_event() -> Any:
    """The latest of what happened to an order and to its money."""
    own = Event.objects.filter(subject_kind=SUBJECT, subject_id=OuterRef("pk"))
    paid = Event.objects.filter(subject_kind=ACCOUNT, subject_id=_account_of_outer())
    latest = [Subquery(events.order_by("-id").values("id")[:1]) for events in (own, paid)]
    return Greatest(*(Coalesce(one, 0) for one in latest))


def _account_of_outer() -> Subquery:
    return Subquery(Account.objects.filter(order_number=OuterRef(OuterRef("number"))).values("pk")[:1])


def latest_event(staff: Staff, number: int) -> int | None:
    """The number of the latest thing that happened to an order he sees, in one query; None where he sees none."""
    found = RepairOrder.objects.visible_to(staff).filter(number=number)
    return found.annotate(latest=_latest_event()).values_list("latest", flat=True).first()


def technicians_of(centre: Centre) -> list[Staff]:
    """Who repairs at a centre, by name."""
    here = Membership.objects.filter(centre=centre, role__in=WHOSE["repair"]).values("staff")
    return list(Staff.objects.filter(pk__in=here, is_active=True).order_by("name", "pk"))


def flags(staff: Staff, order: RepairOrder) -> dict[str, bool]:
    """What he may do with this order, by names that templates know; `work` and `edit` say that it is still open."""
    may = {name: staff.may(right, order.centre_id) for name, right in FLAGS.items()}
    is_open = order.phase != CLOSED
    may["work"] = is_open and (may["repair"] or may["take_in"])
    for name in ("take_in", "repair", "promise", "approve", "hand_over", "price", "plan", "force", "discount"):
        may[name] = may[name] and is_open
    may["promise"] = may["promise"] and order.phase not in (READY, TOLD)
    may["password"] = may["passwords"] and order.has_password  # type: ignore[attr-defined]
    return may


@dataclass(frozen=True)
class LineRow:
    """A line of the estimate as this person may see it."""

    line: Line
    cost: int | None = None
    """Of all of it; None where unknown, or not for his eyes."""
    ordered_at: datetime | None = None
    """When its part was ordered although the client had not agreed."""
    tax_code: str = ""
    """Rate of tax that its price holds; none known before somebody sells at the centre."""


@dataclass(frozen=True)
class Money:
    """Costs and margin, for those who may see them; where a line has no cost there is no margin to tell."""

    cost: int
    n_unknown: int
    margin: int | None
    share: float | None


@dataclass(frozen=True)
class OrderPage:
    """An order as one person sees it."""

    order: RepairOrder
    may: dict[str, bool]
    now: datetime
    way: list[Step]
    following: Stage | None
    """The stage that comes next."""
    outlook: Outlook
    promise: PromiseNow
    lines: list[LineRow]
    parts: list[AwaitedPart]
    photos: list[Any]
    moments: list[Moment]
    """What happened, the latest first."""
    said: list[messaging.Said]
    """What was said with the client about it, as far as its reader may know."""
    money: Money | None
    paying: Paying | None
    """What the client paid and is to pay, for those who see it."""
    phone: str
    offers: list[Line] = field(default_factory=list)
    """Work declined in earlier orders and not offered since."""
    warranted: list[Line] = field(default_factory=list)
    chain: list[RepairOrder] = field(default_factory=list)
    """The other orders of its chain of reworks, the earliest first."""
    elsewhere: list[RepairOrder] = field(default_factory=list)
    """Other open orders of the client."""
    earlier: list[RepairOrder] = field(default_factory=list)
    """Closed orders of the same asset, the latest first."""

    @property
    def approved(self) -> int:
        """What the client agreed to pay."""
        return sum(row.line.amount for row in self.lines if row.line.state == APPROVED)

    @property
    def discount(self) -> int:
        """What is taken off lines that count."""
        return sum(row.line.discount for row in self.lines if row.line.state != DECLINED)

    @property
    def tax(self) -> int:
        """The tax that lines that count hold."""
        counted = [row for row in self.lines if row.line.state != DECLINED and row.tax_code]
        return sum(tax_in(row.line.amount, row.tax_code) for row in counted)

    @property
    def is_taxed(self) -> bool:
        """Whether any line has a rate to be told of."""
        return any(row.tax_code not in ("", NO_TAX) for row in self.lines)

    @property
    def is_first_broken(self) -> bool:
        """Whether the first promise went by before it was ready."""
        first = self.order.first_promised_at
        if self.order.is_past and self.order.ready_at is None and self.order.picked_up_at is None:
            return False  # the other system did not tell when it was done
        return first is not None and first < (self.order.ready_at or self.order.picked_up_at or self.now)

    @property
    def is_urgent(self) -> bool:
        """Whether the promise is the best next thing to see to."""
        return self.may["promise"] and self.promise.code in (BROKEN, LATE)

    @property
    def n_for_client(self) -> int:
        """How many photos the client sees."""
        return sum(photo.is_for_client for photo in self.photos)

    @property
    def n_parts_underway(self) -> int:
        """Parts that have not come yet."""
        return sum(part.arrived_at is None for part in self.parts)


def page_of(order: RepairOrder, staff: Staff, now: datetime) -> OrderPage:
    """Everything on the page of an order taken from `orders_of`."""
    may, opening = flags(staff, order), Opening.of(order.centre)
    related = _related(order, staff)
    parts, photos = parts_and_photos(order)
    own, others = _lines(order, related, order.centre.local(now).date())
    stages = list(_stages(order))
    usual_tax: str = order.seller_tax or ""  # type: ignore[attr-defined]
    entries = list(order.stage_entries.select_related("stage").order_by("entered_at", "pk"))
    way = steps(order, stages, entries, opening, now)
    ahead = outlook(order, way, parts, opening, now)
    return OrderPage(
        order=order,
        may=may,
        now=now,
        way=way,
        following=following_stage(order, stages, n_parts=sum(part.arrived_at is None for part in parts)),
        outlook=ahead,
        promise=promise_now(order, ahead.ready_at, opening, now),
        lines=[_row(line, parts, usual_tax, shows_cost=may["costs"]) for line in own],
        parts=[part for part in parts if part.cancelled_at is None],
        photos=photos,
        moments=_moments(order, [step.stage for step in way], own, parts, shows_money=may["money"]),
        said=messaging.said(staff, Q(customer=order.customer_id), order.number, n=MOST_SAID),
        money=_money(order, own) if may["costs"] else None,
        paying=paying_of(order) if may["money"] else None,
        phone=order.phone or "" if may["customers"] else "",  # type: ignore[attr-defined]
        offers=[line for line in others if line.state == DECLINED] if may["price"] else [],
        warranted=[line for line in others if line.state == APPROVED],
        chain=sorted((one for one in related if _is_of_chain(one, order)), key=lambda one: (one.accepted_at, one.pk)),
        elsewhere=[one for one in related if one.customer_id == order.customer_id and one.phase != CLOSED],
        earlier=[one for one in related if order.asset_id and one.asset_id == order.asset_id and one.phase == CLOSED],
    )


def _related(order: RepairOrder, staff: Staff) -> list[RepairOrder]:
    """Other orders of the client and the asset that he may see.

    Centres are compared here and not in the base: it would read all orders of a centre for their sake.
    """
    whose = Q(customer=order.customer_id)
    if order.asset_id:
        whose |= Q(asset=order.asset_id)
    found = RepairOrder.objects.filter(whose).select_related("stage", "asset").order_by("-accepted_at", "-pk")
    centres = staff.centre_ids("see orders")
    return [one for one in found[: MOST_RELATED + 1] if one.pk != order.pk and one.centre_id in centres]


def _is_of_chain(one: RepairOrder, order: RepairOrder) -> bool:
    first = order.rework_of_id or order.pk
    return first in (one.pk, one.rework_of_id)


def _lines(order: RepairOrder, related: Iterable[RepairOrder], today: date) -> tuple[list[Line], list[Line]]:
    """Lines of this order; of the others those still under warranty, and those declined and not offered since.

    They are asked for by their orders alone: other columns lead the base through all lines there are.
    """
    ofs = {one.pk: order.asset_id is not None and one.asset_id == order.asset_id for one in related}
    worth = Q(order=order) | Q(state=DECLINED) | Q(warranty_until__gte=today)
    found = Line.objects.filter(worth, order__in=[order.pk, *ofs]).select_related("order", "technician", "approval")
    lines = list(found.order_by("order_id", "position", "pk"))
    others = [line for line in lines if line.order_id in ofs and _is_open(line, is_of_asset=ofs[line.order_id])]
    return [line for line in lines if line.order_id == order.pk], others


def _is_open(line: Line, *, is_of_asset: bool) -> bool:
    """Whether a line of another order still matters: to be offered again, or under warranty."""
    if line.state == DECLINED:
        return line.offered_in_id is None and line.offer_again_on is not None
    return is_of_asset


def _row(line: Line, parts: Sequence[AwaitedPart], usual_tax: str, *, shows_cost: bool) -> LineRow:
    cost = amount_of(line.quantity, line.cost) if shows_cost and line.cost is not None else None
    early = next((part for part in parts if part.line_id == line.pk and part.ordered_at is not None), None)
    ordered_early = early.ordered_at if early and line.state == PROPOSED else None
    return LineRow(line, cost, ordered_early, line.tax_code or usual_tax)


def _money(order: RepairOrder, lines: Iterable[Line]) -> Money:
    cost = order.parts_cost + order.labour_cost
    n_unknown = sum(line.cost is None for line in lines if line.state != DECLINED)
    if n_unknown or not order.total:
        return Money(cost, n_unknown, None, None)
    margin = order.total - cost
    return Money(cost, 0, margin, margin / order.total)


def _stages(order: RepairOrder) -> QuerySet[Any]:
    """Stages in use, with their norms for the category of the order."""
    own = StageNorm.objects.filter(category=order.category_id, stage=OuterRef("code")).values("norm_minutes")[:1]
    norm = Coalesce(Subquery(own), "norm_minutes")
    return Stage.objects.filter(is_active=True).annotate(norm=norm).order_by("position", "pk")


def _moments(
    order: RepairOrder, stages: Iterable[Stage], lines: Iterable[Line], parts: Iterable[AwaitedPart], *,
    shows_money: bool,
) -> list[Moment]:  # fmt: skip
    """What happened in one query: what events speak of was read for the page already, names and texts come with it."""
    gone = PrivateFact.objects.filter(event=OuterRef("pk"), name="line").values("value")[:1]
    whose = Q(subject_kind=SUBJECT, subject_id=order.pk)
    if shows_money and order.account_key:  # type: ignore[attr-defined]
        whose |= Q(subject_kind=ACCOUNT, subject_id=order.account_key)  # type: ignore[attr-defined]
    found = Event.objects.filter(whose, kind__in=KINDS).annotate(
        note_key=Cast(KT("facts__note"), BigIntegerField()),
        promise_key=Cast(KT("facts__promise"), BigIntegerField()),
        technician_key=Cast(KT("facts__technician"), BigIntegerField()),
        by_name=_name_of("by_id"),
        technician_name=_name_of("technician_key"),
        note_text=Subquery(OrderNote.objects.filter(pk=OuterRef("note_key")).values("text")[:1]),
        promise_text=Subquery(Promise.objects.filter(pk=OuterRef("promise_key")).values("note")[:1]),
        line_text=Subquery(gone),
    )
    events: list[Any] = list(found.order_by("-id")[:MOST_MOMENTS])
    people = {(event.by_id, event.by_name) for event in events}
    people |= {(event.technician_key, event.technician_name) for event in events}
    names = Names(
        staff={key: Staff(pk=key, name=name) for key, name in people if name},
        stages={stage.pk: stage for stage in stages},
        lines={line.pk: line.name for line in lines},
        parts={part.pk: part.name for part in parts},
        notes={event.note_key: event.note_text for event in events if event.note_text},
        promises={event.promise_key: event.promise_text for event in events if event.promise_text},
        private={event.pk: {"line": event.line_text} for event in events if event.line_text},
        currencies={order.pk: order.currency},
    )
    return told(events, names)


def _name_of(key: str) -> Subquery:
    return Subquery(Staff.objects.filter(pk=OuterRef(key)).values("name")[:1])
