"""Orders that ask for something now: promises about to break, ready and nobody told, told and not fetched, and more.

Two queries whatever is asked: which orders and why, then all that is told of those shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from django.db.models import BigIntegerField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery, Value

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.orders.models import (
    CLIENT,
    PART,
    READY,
    TOLD,
    UNFINISHED,
    WORK,
    AwaitedPart,
    RepairOrder,
)
from dovolen.desk.orders.queries.promises import BROKEN, FAR, LATE, SOON_MINUTES, STATES, PromiseState, promise_state
from dovolen.desk.people.models import Phone

RISK, UNTOLD, UNCLAIMED, HELD, APPROVAL, FREE, MINE = (
    "risk", "untold", "unclaimed", "held", "approval", "free", "mine",
)  # fmt: skip
KINDS = (RISK, UNTOLD, UNCLAIMED, HELD, APPROVAL, FREE, MINE)

UNCLAIMED_AFTER = timedelta(days=3)
LONG_WORK = 24 * 60
"""Working minutes ahead in which work longer than the usual warning is looked for."""
MOST = 1000
SHOWN = 6
NOT_BEGUN = ("accepted", "diagnosis", "approval", "parts")
"""Standard stages before the repair: all of its norm still lies ahead."""


@dataclass(frozen=True)
class Row:
    """An order and what it asks for: why it stands here, and what to do."""

    order: RepairOrder
    why: str
    act: str
    state: PromiseState | None
    since: datetime | None
    waits_until: datetime | None = None
    ready_at: datetime | None = None
    """When it may really be ready, where the promise cannot be kept."""
    phone: str = ""

    @property
    def is_moved(self) -> bool:
        """Whether the client was given another date before."""
        return self.order.first_promised_at != self.order.promised_at


@dataclass
class Panel:
    """Orders that ask for one thing, the most urgent first; `n` of them in all."""

    n: int = 0
    is_capped: bool = False
    rows: list[Row] = field(default_factory=list)
    total: int = 0
    """What their clients are to pay, minor units."""


@dataclass(frozen=True)
class Beside:
    """What another room tells of the client of each order, as parts of the same two queries."""

    stake: Any = None
    """Money that leaves with him, minor units: of two promises equally urgent the dearer client's comes first."""
    told: Mapping[str, Any] = field(default_factory=dict)
    """Columns of the orders that are shown."""


NOTHING = Beside()


def attention(
    staff: Staff, kinds: Collection[str], now: datetime, *, shown: int = SHOWN, whole: str = "",
    beside: Beside = NOTHING,
) -> dict[str, Panel]:  # fmt: skip
    """Panels of the kinds that are asked for, of the orders he sees; of the kind `whole` all rows come.

    An order that stands under risk stands in no panel below it. Promises come by how they stand – broken, about to
    break, soon –, then by what is at stake, then by the time left.
    """
    centres = {place.centre_id: place.centre for place in staff.places if staff.may("see orders", place.centre_id)}
    openings = {key: Opening.of(centre) for key, centre in centres.items()}
    found = _looked_at(_wanted(staff, kinds, openings, now), centres.values(), beside.stake)
    sorted_out = _sorted_out(found, staff, kinds, openings, now)
    limits = {kind: MOST if kind == whole else shown for kind in kinds}
    keys = [one.pk for kind in kinds for one in sorted_out[kind][: limits[kind]]]
    orders = _in_full(staff, keys, beside.told)
    panels = {}
    for kind in kinds:
        mine = sorted_out[kind]
        rows = [_row(kind, orders[one.pk], one, staff) for one in mine[: limits[kind]] if one.pk in orders]
        panels[kind] = Panel(len(mine), len(found) == MOST, rows, sum(one.total for one in mine))
    return panels


def breaking(centre: Centre, now: datetime) -> list[int]:
    """Keys of orders whose promise holds yet and will break: what they wait for comes too late, or nobody has begun.

    Where the client's own answer is waited for, the centre breaks nothing.
    """
    opening = Opening.of(centre)
    found = _looked_at(_about_to_break({centre.pk: opening}, now), [centre])
    return [one.pk for one in found if one.phase != CLIENT and _will_break(one, opening, now)]


def _will_break(one: _Plain, opening: Opening, now: datetime) -> bool:
    state = _state(one, opening, now)
    if state is None or state.code != LATE:
        return False
    return one.stage in NOT_BEGUN or bool(one.waits_until and one.promised_at and one.waits_until > one.promised_at)


# ── Which orders ─────────────────────────────────────────────────────────────────────────────────────────────────────

PLAIN = (
    "pk", "centre_id", "phase", "stage__code", "promised_at", "ready_at", "notified_at", "stage_entered_at",
    "technician_id", "hold_reason", "held_until", "norm_minutes", "n_waiting_lines", "total", "part_at",
    "has_undated_part", "stake",
)  # fmt: skip


@dataclass
class _Plain:
    """What is needed to tell what an order asks for."""

    pk: int
    centre_id: int
    phase: str
    stage: str
    promised_at: datetime | None
    ready_at: datetime | None
    notified_at: datetime | None
    stage_entered_at: datetime
    technician_id: int | None
    hold_reason: str
    held_until: datetime | None
    norm_minutes: int
    n_waiting_lines: int
    total: int
    part_at: datetime | None
    has_undated_part: bool
    stake: int | None
    state: PromiseState | None = None

    @property
    def waits_until(self) -> datetime | None:
        """The latest of what it is known to wait for."""
        return max(filter(None, [self.part_at, self.held_until if self.hold_reason else None]), default=None)

    @property
    def needs_minutes(self) -> int:
        """Work that certainly still lies ahead."""
        return self.norm_minutes if self.stage in NOT_BEGUN else 0


def _wanted(staff: Staff, kinds: Collection[str], openings: dict[int, Opening], now: datetime) -> Q:
    wanted = Q(pk=None)
    for kind in kinds:
        wanted |= _about_to_break(openings, now) if kind == RISK else _of_kind(kind, staff, now)
    return wanted


def _looked_at(wanted: Q, centres: Iterable[Centre], stake: Any = None) -> list[_Plain]:
    underway = AwaitedPart.objects.filter(order=OuterRef("pk"), arrived_at=None, cancelled_at=None)
    latest = underway.order_by().values("order").annotate(at=Max("expected_at")).values("at")
    orders = RepairOrder.objects.filter(centre__in=list(centres)).open()
    orders = orders.annotate(part_at=Subquery(latest), has_undated_part=Exists(underway.filter(expected_at=None)))
    orders = orders.annotate(stake=Value(None, output_field=BigIntegerField()) if stake is None else stake)
    first = F("promised_at").asc(nulls_last=True)
    rows = orders.filter(wanted).order_by(first, "pk").values_list(*PLAIN)[:MOST]
    return [_Plain(*row) for row in rows]


def _about_to_break(openings: dict[int, Opening], now: datetime) -> Q:
    """Promises within the warning, those whose work is longer than it, and those whose waits end too late."""
    near = Q(held_until__gt=F("promised_at")) & ~Q(hold_reason="") | Q(part_at__gt=F("promised_at"))
    for centre, opening in openings.items():
        near |= Q(centre=centre, promised_at__lte=opening.after(now, SOON_MINUTES))
        near |= Q(centre=centre, promised_at__lte=opening.after(now, LONG_WORK), norm_minutes__gt=SOON_MINUTES)
    return Q(phase__in=UNFINISHED) & near


def _of_kind(kind: str, staff: Staff, now: datetime) -> Q:
    return {
        UNTOLD: Q(phase=READY),
        UNCLAIMED: Q(phase=TOLD, notified_at__lte=now - UNCLAIMED_AFTER),
        HELD: Q(phase__in=UNFINISHED, held_until__lte=now) & ~Q(hold_reason=""),
        APPROVAL: Q(phase__in=UNFINISHED) & (Q(phase=CLIENT) | Q(n_waiting_lines__gt=0)),
        FREE: Q(phase=WORK, technician=None),
        MINE: Q(phase__in=UNFINISHED, technician=staff),
    }[kind]


def _sorted_out(
    found: list[_Plain], staff: Staff, kinds: Collection[str], openings: dict[int, Opening], now: datetime
) -> dict[str, list[_Plain]]:
    panels: dict[str, list[_Plain]] = {kind: [] for kind in kinds}
    for one in found:
        one.state = _state(one, openings[one.centre_id], now)
        for kind in _asks_for(one, staff, kinds, now):
            panels[kind].append(one)
    for kind, mine in panels.items():
        mine.sort(key=partial(_urgency, kind))
    return panels


def _state(one: _Plain, opening: Opening, now: datetime) -> PromiseState | None:
    if one.phase not in UNFINISHED or one.promised_at is None:
        return None
    return promise_state(
        one.promised_at, opening=opening, now=now, needs_minutes=one.needs_minutes, waits_until=one.waits_until
    )


def _asks_for(one: _Plain, staff: Staff, kinds: Collection[str], now: datetime) -> list[str]:
    """Kinds that an order stands in: his own always, of the others the first that fits."""
    is_open = one.phase in UNFINISHED
    fits = {
        RISK: is_open and one.state is not None and one.state.code != FAR,
        UNTOLD: one.phase == READY,
        UNCLAIMED: one.phase == TOLD,
        HELD: is_open and bool(one.hold_reason) and one.held_until is not None and one.held_until <= now,
        APPROVAL: is_open and (one.phase == CLIENT or one.n_waiting_lines > 0),
        FREE: one.phase == WORK and one.technician_id is None,
    }
    if MINE in kinds and is_open and one.technician_id == staff.pk:
        return [MINE]
    return next(([kind] for kind in kinds if fits.get(kind)), [])


def _urgency(kind: str, one: _Plain) -> tuple[int, int, bool, datetime, int]:
    since = _since(kind, one)
    band, stake = (STATES.index(one.state.code), one.stake or 0) if kind == RISK and one.state else (0, 0)
    return band, -stake, since is None, since or one.stage_entered_at, one.pk


def _since(kind: str, one: _Plain) -> datetime | None:
    """What a panel is ordered by, and the moment its clock counts from."""
    return {
        UNTOLD: one.ready_at, UNCLAIMED: one.notified_at, HELD: one.held_until, APPROVAL: one.stage_entered_at,
    }.get(kind, one.promised_at)  # fmt: skip


# ── All that is told of them ─────────────────────────────────────────────────────────────────────────────────────────


TOLD_OF_THEM = (
    "number", "currency", "phase", "stage_entered_at", "first_promised_at", "promised_at", "ready_at", "notified_at",
    "notified_how", "hold_reason", "held_until", "total", "norm_minutes", "centre__name", "centre__zone",
    "centre__hours", "customer__name", "customer__class_hand", "customer__regular_mark",
    "asset__brand", "asset__model", "category__name", "technician__name", "stage__code", "stage__name",
    "rework_of__number",
)  # fmt: skip


def _in_full(staff: Staff, keys: Iterable[int], told: Mapping[str, Any]) -> dict[int, Any]:
    number = Phone.objects.filter(customer=OuterRef("customer")).order_by("-is_main", "pk").values("number")[:1]
    orders: QuerySet[Any] = RepairOrder.objects.filter(pk__in=list(keys))
    orders = orders.select_related("centre", "customer", "asset", "category", "technician", "stage", "rework_of")
    orders = orders.only(*TOLD_OF_THEM)
    if staff.may("see customers"):
        orders = orders.annotate(phone=Subquery(number), **told)
    return {order.pk: order for order in orders.order_by("pk")}


def _row(kind: str, order: Any, one: _Plain, staff: Staff) -> Row:
    why = _why(kind, one)
    phone = getattr(order, "phone", None) if staff.may("see customers", order.centre_id) else None
    ready_at = None
    if one.waits_until is not None and one.promised_at is not None and one.waits_until > one.promised_at:
        ready_at = Opening.of(order.centre).after(one.waits_until, one.needs_minutes)
    act = _act(kind, why, one, staff)
    return Row(order, why, act, one.state, _since(kind, one), one.waits_until, ready_at, phone or "")


def _why(kind: str, one: _Plain) -> str:
    """The first reason that applies: what keeps an order from going on."""
    if kind in (UNTOLD, UNCLAIMED):
        return kind
    if one.has_undated_part:
        return "part_undated"
    if one.part_at is not None and one.promised_at is not None and one.part_at > one.promised_at:
        return "part_late"
    if one.phase == CLIENT or one.n_waiting_lines:
        return "approval"
    if one.hold_reason:
        return "held"
    if one.part_at is not None or one.phase == PART:
        return "part"
    return "free" if one.technician_id is None else "work"


def _act(kind: str, why: str, one: _Plain, staff: Staff) -> str:
    """What to do next, out of what he may do."""
    is_broken = one.state is not None and one.state.code == BROKEN
    choices: list[tuple[str, str, bool]] = [
        ("tell", "hand over", kind == UNTOLD),
        ("call", "hand over", kind == UNCLAIMED),
        ("sorry", "promise", is_broken),
        ("move_to", "promise", why == "part_late"),
        ("ask", "record approval", why == "approval"),
        ("assign", "plan work", why == "free"),
        ("take", "repair", why == "free"),
        ("move", "promise", kind == RISK and one.state is not None and one.state.tone == "bad"),
    ]
    return next((act for act, right, applies in choices if applies and staff.may(right, one.centre_id)), "open")
