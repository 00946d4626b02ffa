"""Orders page by page: what a list or board is asked for, and the rows of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Case, Exists, F, OuterRef, Q, QuerySet, When

from dovolen.desk.accounts.models import Membership, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import WHOSE
from dovolen.desk.assets.models import Asset
from dovolen.desk.core import search
from dovolen.desk.core.paging import AFTER, BEFORE, Page, page
from dovolen.desk.orders.models import (
    CLIENT,
    CLOSED,
    OPEN_PHASES,
    PART,
    READY,
    TOLD,
    UNFINISHED,
    WORK,
    OrderQuerySet,
    RepairOrder,
)  # fmt: skip
from dovolen.desk.orders.queries.promises import BROKEN, LATE, PromiseState, promise_state
from dovolen.desk.people.models import Customer

PAGE = 50
DUE = "due_at"
HANDED_OVER = "picked_up_at"
"""The promise of what is not ready yet."""
MOST_COUNTED = 10_000
MOST_FOUND = 500
STATES: Mapping[str, tuple[str, ...]] = {
    "open": OPEN_PHASES, "work": (WORK,), "waiting": (CLIENT, PART), "ready": (READY, TOLD), "closed": (CLOSED,),
    "all": (),
}  # fmt: skip
ME, NOBODY = "me", "nobody"
TODAY, WEEK, WITHOUT = "today", "week", "without"
PROMISES = (BROKEN, TODAY, WEEK, WITHOUT)
TEXT_LENGTH = 80


@dataclass(frozen=True)
class OrderFilter:
    """Which orders somebody wants to see. What the address says and nobody knows is not asked for."""

    state: str = "open"
    stage: str = ""
    technician: str = ""
    """The key of a person, ME or NOBODY."""
    centre: str = ""
    category: str = ""
    promise: str = ""
    q: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> OrderFilter:
        """The filter of an address."""
        given = {field.name: str(asked.get(field.name, "")).strip()[:TEXT_LENGTH] for field in fields(cls)}
        known = {name: value for name, value in given.items() if CHECKS[name](value)}
        return replace(cls(), **known)

    @property
    def query(self) -> str:
        """As an address says it: only what is not usual."""
        usual = OrderFilter()
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({name: value for name, value in told.items() if value != getattr(usual, name)})


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 18


CHECKS: Mapping[str, Callable[[str], bool]] = {
    "state": lambda text: text in STATES, "stage": _is_key, "centre": _is_key, "category": _is_key,
    "technician": lambda text: text in (ME, NOBODY) or _is_key(text), "promise": lambda text: text in PROMISES,
    "q": bool,
}  # fmt: skip


def matching(asked: OrderFilter, staff: Staff, now: datetime) -> OrderQuerySet:
    """Orders that he may see and asks for."""
    seen = RepairOrder.objects.visible_to(staff)
    if phases := STATES[asked.state]:
        seen = seen.filter(phase__in=phases)
    if phases and CLOSED not in phases:
        seen = seen.open()  # said as the index of open orders says it: SQLite proves nothing
    for name in ("stage", "centre", "category"):
        if key := getattr(asked, name):
            seen = seen.filter(**{name: int(key)})
    if asked.technician:
        who = {ME: staff.pk, NOBODY: None}
        seen = seen.filter(technician=who[asked.technician] if asked.technician in who else int(asked.technician))
    if asked.promise:
        seen = seen.open().filter(_promised(asked.promise, staff, now), phase__in=UNFINISHED)
    return seen.filter(_worded(asked.q, seen, staff)) if asked.q else seen


def _promised(which: str, staff: Staff, now: datetime) -> Q:
    midnight = now.astimezone(ZoneInfo(staff.zone or "UTC")).replace(hour=0, minute=0, second=0, microsecond=0)
    return {
        BROKEN: Q(promised_at__lt=now),
        TODAY: Q(promised_at__gte=midnight, promised_at__lt=midnight + timedelta(days=1)),
        WEEK: Q(promised_at__gte=midnight, promised_at__lt=midnight + timedelta(days=7)),
        WITHOUT: Q(promised_at=None),
    }[which]


def _worded(text: str, orders: OrderQuerySet, staff: Staff) -> Q:
    """Those of the orders that are found by their own words, or by those of their client or device."""
    his = Exists(orders.filter(customer=OuterRef("pk")))
    its = Exists(orders.filter(asset=OuterRef("pk")))
    among: dict[str, QuerySet[Any]] = {
        "order": orders,
        "customer": Customer.objects.visible_to(staff).filter(his),
        "asset": Asset.objects.visible_to(staff).filter(its),
    }
    found = search.find_all(text, among, n=MOST_FOUND)
    return Q(pk__in=found["order"]) | Q(customer__in=found["customer"]) | Q(asset__in=found["asset"])


# ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class OrderRow:
    """An order as a list or board shows it."""

    order: RepairOrder
    promise: PromiseState | None
    """How the promise stands; None without one, and once it is ready."""
    act: str
    """The next step for this person: tell, hand_over, approve, promise, open."""


def row_of(order: RepairOrder, staff: Staff, now: datetime) -> OrderRow:
    """An order with how its promise stands and what to do next."""
    promise = None
    if order.promised_at and order.phase in UNFINISHED:
        opening = Opening.of(order.centre)
        promise = promise_state(order.promised_at, opening=opening, now=now, waits_until=order.held_until)
    return OrderRow(order, promise, _act(order, promise, staff))


def _act(order: RepairOrder, promise: PromiseState | None, staff: Staff) -> str:
    is_at_risk = promise is not None and promise.code in (BROKEN, LATE)
    ways = (
        ("tell", "hand over", order.phase == READY),
        ("hand_over", "hand over", order.phase == TOLD),
        ("approve", "record approval", order.phase in UNFINISHED and order.n_waiting_lines > 0),
        ("promise", "promise", is_at_risk),
    )
    return next((name for name, right, is_due in ways if is_due and staff.may(right, order.centre_id)), "open")


SHOWN = (
    "number", "currency", "phase", "outcome", "accepted_at", "promised_at", "ready_at", "picked_up_at", "fault_text",
    "hold_reason", "held_until", "n_waiting_lines", "total", "centre__name", "centre__zone", "centre__hours",
    "customer__name", "asset__brand", "asset__model", "category__name", "stage__code", "stage__name",
    "technician__name",
)  # fmt: skip
"""What rows and cards read; the wide columns stay in the base."""


def with_names(orders: QuerySet[RepairOrder]) -> QuerySet[RepairOrder]:
    """With what a row shows of the rows around it, and nothing else: one query."""
    return orders.select_related("centre", "customer", "asset", "category", "stage", "technician").only(*SHOWN)


def orders_page(asked: OrderFilter, staff: Staff, now: datetime, cursor: str = "") -> Page[OrderRow]:
    """A page: open orders by promise, what is ready after them; ready ones by how long; others latest first."""
    found = matching(asked, staff, now)
    field, is_up = _order(asked)
    is_back, place = _read(cursor)
    orders = with_names(_cut(found, staff, field, place, up=is_up != is_back))
    return page(
        [row_of(order, staff, now) for order in orders], lambda row: _place(row.order, field), size=PAGE,
        n=found[: MOST_COUNTED + 1].count(), most=MOST_COUNTED, is_back=is_back, is_begun=place is not None,
    )  # fmt: skip


def _cut(
    found: OrderQuerySet, staff: Staff, field: str, place: tuple[datetime | None, int] | None, *, up: bool
) -> OrderQuerySet:
    """A page and one row more from a place on. Of long lists each centre gives its own by its index."""
    by: tuple[Any, ...]
    if field == DUE:
        found = found.annotate(**{DUE: Case(When(phase__in=UNFINISHED, then="promised_at"))})
        by = (F(DUE).asc(nulls_last=True), "pk") if up else (F(DUE).desc(nulls_first=True), "-pk")
    else:
        by = (field, "pk") if up else (f"-{field}", "-pk")
    if field == HANDED_OVER:  # orders of another system may not tell it: they stand in the list of all
        found = found.filter(picked_up_at__isnull=False)
    rest = found.filter(_beyond(field, *place, up=up)) if place else found
    if field == DUE:
        return rest.order_by(*by)[: PAGE + 1]
    tops = [
        rest.filter(centre=centre).order_by(*by).values("pk")[: PAGE + 1]
        for centre in sorted(staff.centre_ids("see orders"))
    ]
    return RepairOrder.objects.filter(_any_of(tops)).order_by(*by)[: PAGE + 1]


def _any_of(tops: list[Any]) -> Q:
    """Orders of any of these pages. PostgreSQL reads one list of keys by the index, several by the whole table."""
    if len(tops) > 1 and connection.features.supports_slicing_ordering_in_compound:
        return Q(pk__in=tops[0].union(*tops[1:], all=True))
    return reduce(or_, (Q(pk__in=top) for top in tops), Q(pk__in=[]))


def _order(asked: OrderFilter) -> tuple[str, bool]:
    """By which moment, and whether the earliest comes first."""
    if asked.state in ("closed", "all"):
        return (HANDED_OVER if asked.state == "closed" else "accepted_at"), False
    return ("ready_at" if asked.state == "ready" else DUE), True


def _place(order: RepairOrder, field: str) -> str:
    moment = getattr(order, field)
    return f"{moment.isoformat() if moment else ''}_{order.pk}"


def _read(cursor: str) -> tuple[bool, tuple[datetime | None, int] | None]:
    """Whether it goes back, and from which row; what is no cursor means the first page."""
    moment, _, key = cursor[1:].rpartition("_")
    try:
        at = datetime.fromisoformat(moment) if moment else None
    except ValueError:
        return False, None
    if cursor[:1] not in (AFTER, BEFORE) or not _is_key(key) or (at is not None and at.tzinfo is None):
        return False, None
    return cursor[0] == BEFORE, (at, int(key))


def _beyond(field: str, at: datetime | None, key: int, *, up: bool) -> Q:
    """Rows behind a place; where the earliest come first, those without a moment come last."""
    nothing = Q(**{field: None})
    if at is None:
        return nothing & Q(pk__gt=key) if up else nothing & Q(pk__lt=key) | ~nothing
    if up:
        later = Q(**{f"{field}__gte": at}) & (Q(**{f"{field}__gt": at}) | Q(pk__gt=key))
        return later | nothing if field == DUE else later
    return Q(**{f"{field}__lte": at}) & (Q(**{f"{field}__lt": at}) | Q(pk__lt=key))


def technicians(staff: Staff) -> list[Staff]:
    """Who repairs at the centres whose orders he sees, by name."""
    here = Membership.objects.filter(centre__in=staff.centre_ids("see orders"), role__in=WHOSE["repair"])
    return list(Staff.objects.filter(pk__in=here.values("staff"), is_active=True).order_by("name", "pk"))
