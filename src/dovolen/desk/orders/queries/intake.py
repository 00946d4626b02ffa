"""What the intake asks: whom a few typed signs mean, what he has, what was done for him before."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import OuterRef, Prefetch, Q, Subquery

from dovolen.desk.accounts.models import Staff
from dovolen.desk.assets.identifiers import plate_key, serial_key
from dovolen.desk.assets.models import Asset, Category, FaultTemplate
from dovolen.desk.assets.queries import categories
from dovolen.desk.core import search
from dovolen.desk.orders.models import (
    APPROVED,
    CLOSED,
    DECLINED,
    NO_FAULT,
    REPAIRED,
    Line,
    OrderQuerySet,
    RepairOrder,
)  # fmt: skip
from dovolen.desk.people import phones
from dovolen.desk.people.models import Customer, CustomerQuerySet, Phone
from dovolen.desk.people.queries import known_elsewhere

LEAST = 2
"""Signs before anybody is looked for."""
SHOWN, MOST_DEVICES, MOST_ORDERS = 6, 8, 10
ORDER_NUMBER = re.compile(r"№?\s*(\d{1,9})", re.ASCII)
REWORK_DAYS = 30
"""For so long after the pickup a fault may be that of the repair, whatever its warranty."""

__all__ = [
    "Match", "Past", "Template", "TemplateLine", "categories", "customer", "devices", "elsewhere", "look_up", "past_of",
    "templates_of",
]  # fmt: skip


@dataclass(frozen=True)
class Match:
    """Who may be meant, with the device by which he was found."""

    customer: Customer
    why: str
    """order, phone, serial, plate, text"""
    asset: Asset | None = None
    order: RepairOrder | None = None

    @property
    def pick(self) -> str:
        """As the form sends it: client, and device where one was found."""
        return f"{self.customer.pk}:{self.asset.pk if self.asset else ''}"

    @property
    def is_certain(self) -> bool:
        """Whether it was the whole number that was typed."""
        return self.why in ("phone", "serial", "plate")


def look_up(text: str, staff: Staff) -> list[Match]:
    """Clients that a phone, name, plate, serial number or order number means, the likeliest first."""
    if len(text.strip()) < LEAST:
        return []
    orders = _orders(text, staff)
    people = search.find(text, "customer", Customer.objects.visible_to(staff), n=SHOWN)
    things = search.find(text, "asset", Asset.objects.visible_to(staff), n=SHOWN)
    assets = Asset.objects.select_related("category").in_bulk(things)
    wanted = {*people, *(order.customer_id for order in orders), *(one.owner_id for one in assets.values())} - {None}
    seen = with_number(Customer.objects.visible_to(staff)).prefetch_related("phones").in_bulk(list(wanted))
    made = [
        Match(seen[order.customer_id], "order", order.asset, order) for order in orders if order.customer_id in seen
    ]
    made += [Match(seen[pk], _why(seen[pk], text)) for pk in people if pk in seen]
    made += [
        Match(seen[one.owner_id], _why_asset(one, text), one)
        for pk in things if (one := assets[pk]).owner_id in seen
    ]  # fmt: skip
    first: dict[int, Match] = {}
    for match in sorted(made, key=lambda match: ("order", "phone", "serial", "plate", "text").index(match.why)):
        first.setdefault(match.customer.pk, match)
    return list(first.values())[:SHOWN]


def _orders(text: str, staff: Staff) -> list[RepairOrder]:
    typed = ORDER_NUMBER.fullmatch(text.strip())
    if not typed:
        return []
    found = RepairOrder.objects.visible_to(staff).filter(number=int(typed[1]))
    return list(found.select_related("asset__category"))


def _why(one: Customer, text: str) -> str:
    number = phones.normal(text)
    return "phone" if number and any(phone.number == number for phone in one.phones.all()) else "text"


def _why_asset(one: Asset, text: str) -> str:
    if one.serial_key and one.serial_key == serial_key(text):
        return "serial"
    return "plate" if one.plate_key and one.plate_key == plate_key(text) else "text"


def with_number(customers: CustomerQuerySet) -> CustomerQuerySet:
    """Each with `main_number`, the one to call."""
    numbers = Phone.objects.filter(customer=OuterRef("pk")).order_by("-is_main", "pk").values("number")
    return customers.annotate(main_number=Subquery(numbers[:1]))


def customer(key: str, staff: Staff) -> Customer | None:
    """The client of a key that the page sent, where he may be seen."""
    if not (key.isdecimal() and len(key) < 18):
        return None
    return with_number(Customer.objects.visible_to(staff)).filter(pk=int(key)).first()


def elsewhere(number: str, staff: Staff) -> Customer | None:
    """Who has exactly this number at another centre; None where nobody has, or several."""
    found = known_elsewhere(number, staff) if number else []
    return Customer.objects.get(pk=found[0].customer_id) if len(found) == 1 else None


def devices(owner: Customer | None, chosen: str, staff: Staff) -> list[Asset]:
    """What a client has and did not part with, and the chosen device whosever it is: the latest entered first."""
    key = int(chosen) if chosen.isdecimal() and len(chosen) < 18 else 0
    if owner is None and not key:
        return []
    his = Q(owner=owner, left_at=None) if owner else Q()
    found = Asset.objects.visible_to(staff).filter(his | Q(pk=key) if owner else Q(pk=key))
    among = found.select_related("category", "owner").order_by("-pk")
    listed = list(among[:MOST_DEVICES])
    if key and all(one.pk != key for one in listed):
        listed = [*among.filter(pk=key), *listed]
    return listed


@dataclass(frozen=True)
class TemplateLine:
    """What a fault usually takes; what it costs us is not told here."""

    pk: int
    kind: str
    name: str
    price: int
    norm_minutes: int


@dataclass(frozen=True)
class Template:
    """A fault met every day."""

    pk: int
    title: str
    text: str
    lines: list[TemplateLine]


def templates_of(category: Category) -> list[Template]:
    """Faults of a category with their lines, by one query."""
    columns = ("pk", "title", "text", *(f"lines__{name}" for name in ("pk", "kind", "name", "price", "norm_minutes")))
    found = FaultTemplate.objects.filter(category=category).order_by("position", "pk", "lines__position", "lines__pk")
    made: dict[int, Template] = {}
    for pk, title, text, *line in found.values_list(*columns):
        template = made.setdefault(pk, Template(pk, title, text, []))
        if line[0] is not None:
            template.lines.append(TemplateLine(*line))
    return list(made.values())


@dataclass(frozen=True)
class Past:
    """An earlier order as the intake tells it."""

    order: RepairOrder
    now: datetime

    @cached_property
    def lines(self) -> list[Line]:
        """What was done, or agreed."""
        return [line for line in self.order.lines.all() if line.state != DECLINED]

    @cached_property
    def declined(self) -> list[Line]:
        """What the client did not want then, and was not offered since."""
        return [line for line in self.order.lines.all() if line.state == DECLINED and line.offered_in_id is None]

    @property
    def work(self) -> str:
        """In words: its lines, else the fault as told."""
        return ", ".join(line.name for line in self.lines) or self.order.fault_text

    @property
    def is_open(self) -> bool:
        """Whether it is still here."""
        return self.order.phase != CLOSED

    @property
    def late(self) -> timedelta | None:
        """How long after the first promise it was ready, less than zero before it; None while nobody can tell."""
        told, ready = self.order.first_promised_at, self.order.ready_at
        return ready - told if told and ready else None

    @property
    def is_late(self) -> bool:
        """Whether the promise was broken."""
        return self.late is not None and self.late > timedelta()

    @property
    def late_minutes(self) -> float:
        """By how much."""
        return (self.late or timedelta()) / timedelta(minutes=1)

    @cached_property
    def warranty_until(self) -> date | None:
        """Until when the longest warranty of its lines holds, or held."""
        days = [line.warranty_until for line in self.lines if line.state == APPROVED and line.warranty_until]
        return max(days, default=None)

    @property
    def is_under_warranty(self) -> bool:
        """Whether some line of it still has warranty."""
        return self.warranty_until is not None and self.warranty_until >= self.today

    @property
    def today(self) -> date:
        """The day at the centre."""
        return self.order.centre.local(self.now).date()

    @property
    def days_since(self) -> int:
        """Days since it was handed over."""
        picked = self.order.picked_up_at
        return (self.today - self.order.centre.local(picked).date()).days if picked else 0

    @property
    def may_be_redone(self) -> bool:
        """Whether what is brought now may be a fault of this repair."""
        is_done = self.order.phase == CLOSED and self.order.outcome in (REPAIRED, NO_FAULT)
        return is_done and (self.is_under_warranty or self.days_since <= REWORK_DAYS)


def past_of(client: Customer | None, asset: Asset | None, staff: Staff, now: datetime) -> list[Past]:
    """The latest orders of a client and of a device, whosever it was: two queries, however many there are."""
    seen = RepairOrder.objects.visible_to(staff).order_by("-accepted_at", "-pk")
    keys = [one.values("pk")[:MOST_ORDERS] for one in _whose(seen, client, asset)]
    if not keys:
        return []
    either = Q(pk__in=keys[0]) | Q(pk__in=keys[-1])
    shown = seen.filter(either).select_related("stage", "centre", "asset")
    return [
        Past(order, now) for order in shown.prefetch_related(Prefetch("lines", Line.objects.order_by("position", "pk")))
    ]


def _whose(seen: OrderQuerySet, client: Customer | None, asset: Asset | None) -> list[OrderQuerySet]:
    return ([seen.filter(customer=client)] if client else []) + ([seen.filter(asset=asset)] if asset else [])
