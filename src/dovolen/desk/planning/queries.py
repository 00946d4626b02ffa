"""What the calendar shows: who and which bay is busy when, and where time is free."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, QuerySet

from dovolen.desk.accounts import queries as accounts
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.opening import Opening
from dovolen.desk.accounts.rights import TECHNICIAN
from dovolen.desk.planning.models import BOOKING, Bay, Slot

TECHNICIANS, BAYS = "technician", "bay"
QUARTER = timedelta(minutes=15)
LEAST_GAP = timedelta(minutes=30)
DAY = timedelta(days=1)
MOST_ROWS = 104
"""Quarters of an hour that a day's picture has room for."""
MOST_EXPECTED = 20


@dataclass(frozen=True)
class Cell:
    """A stretch of a column: a slot, or free time that may be taken."""

    since: datetime
    until: datetime
    row: int
    height: int
    slot: Slot | None = None


@dataclass(frozen=True)
class Column:
    """Somebody, or a bay, on one day."""

    kind: str
    key: int
    name: str
    cells: list[Cell]
    busy_minutes: int
    open_minutes: int


@dataclass(frozen=True)
class Day:
    """The picture of a day: hours from top to bottom, people and bays beside one another."""

    day: date
    hours: list[tuple[int, datetime]]
    columns: list[Column]
    n_rows: int
    now_row: int
    """Where the present moment is; 0 on other days."""
    is_open: bool


@dataclass(frozen=True)
class WeekCell:
    """Somebody, or a bay, on a day of the week."""

    day: date
    slots: list[Slot]
    busy_minutes: int
    open_minutes: int

    @property
    def percent(self) -> int:
        """How much of the working day is taken, 100 at most."""
        return min(100, 100 * self.busy_minutes // self.open_minutes) if self.open_minutes else 0


@dataclass(frozen=True)
class WeekRow:
    """Somebody, or a bay, over a week."""

    kind: str
    key: int
    name: str
    cells: list[WeekCell]


def slots_between(centre: Centre, since: datetime, until: datetime) -> list[Slot]:
    """Slots of a centre that touch a stretch of time, with all that is told of them."""
    found = shown(Slot.objects.filter(centre=centre, cancelled_at=None, starts_at__lt=until, ends_at__gt=since))
    return list(found.order_by("starts_at", "pk"))


def shown(slots: QuerySet[Slot]) -> QuerySet[Slot]:
    """Slots with what their pages show."""
    return slots.select_related("technician", "bay", "customer", "order__asset", "order__customer", "centre")


def slots_of(staff: Staff, since: datetime, until: datetime) -> list[Slot]:
    """His own slots that touch a stretch of time."""
    own = Slot.objects.filter(technician=staff, cancelled_at=None, starts_at__lt=until, ends_at__gt=since)
    return list(shown(own).order_by("starts_at", "pk"))


def expected(staff: Staff, since: datetime, until: datetime) -> list[Slot]:
    """Clients expected during a stretch of time at the centres he sees, those who have not come first."""
    found = Slot.objects.visible_to(staff).filter(kind=BOOKING, cancelled_at=None)
    found = found.filter(starts_at__gte=since, starts_at__lt=until)
    return list(shown(found).order_by(F("arrived_at").asc(nulls_first=True), "starts_at", "pk")[:MOST_EXPECTED])


def bays_of(centre: Centre) -> list[Bay]:
    """All bays of a centre, in their order."""
    return list(Bay.objects.filter(centre=centre).order_by("position", "name", "pk"))


Resource = tuple[str, int, str]


def _resources(centre: Centre, slots: Iterable[Slot]) -> list[Resource]:
    """Technicians, whoever else has a slot, then bays."""
    people = {person.pk: person.name for person in accounts.people_at([centre.pk], TECHNICIAN)}
    bays = {bay.pk: bay.name for bay in bays_of(centre) if bay.is_active}
    for slot in slots:
        if slot.technician is not None:
            people.setdefault(slot.technician.pk, slot.technician.name)
        if slot.bay is not None:
            bays.setdefault(slot.bay.pk, slot.bay.name)
    return [
        *((TECHNICIANS, key, name) for key, name in people.items()), *((BAYS, key, name) for key, name in bays.items())
    ]  # fmt: skip


def _by_resource(slots: Iterable[Slot]) -> dict[tuple[str, int], list[Slot]]:
    found: dict[tuple[str, int], list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.technician_id is not None:
            found[TECHNICIANS, slot.technician_id].append(slot)
        if slot.bay_id is not None:
            found[BAYS, slot.bay_id].append(slot)
    return found


# ── A day ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def day_of(centre: Centre, day: date, now: datetime) -> Day:
    """The picture of a day: as long as the centre is open, and longer where a slot is."""
    opening = Opening.of(centre)
    spans = opening.on(day)
    start, end = _midnight(centre, day), _midnight(centre, day + DAY)
    slots = slots_between(centre, start, end)
    first, last = _edges(spans, slots, start, end)
    columns = [
        _column(resource, mine, spans, (first, last), now)
        for resource in _resources(centre, slots)
        for mine in [_by_resource(slots)[resource[:2]]]
    ]
    return Day(
        day, _hours(first, last), columns, _row(last, first) - 1, _row(now, first) if first <= now < last else 0,
        is_open=bool(spans),
    )  # fmt: skip


def _midnight(centre: Centre, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(centre.zone))


def _edges(
    spans: Sequence[tuple[datetime, datetime]], slots: Iterable[Slot], start: datetime, end: datetime
) -> tuple[datetime, datetime]:
    """From the first whole hour that is needed to the last; the working day, or ten hours on a day off."""
    usual = (spans[0][0], spans[-1][1]) if spans else (start + timedelta(hours=10), start + timedelta(hours=20))
    first = min([usual[0], *(max(slot.starts_at, start) for slot in slots)])
    last = max([usual[1], *(min(slot.ends_at, end) for slot in slots)])
    first = first.replace(minute=0, second=0, microsecond=0)
    whole = last.replace(minute=0, second=0, microsecond=0)
    last = whole if whole == last else whole + timedelta(hours=1)
    return first, min(last, first + MOST_ROWS * QUARTER)


def _row(moment: datetime, first: datetime) -> int:
    """The row of a moment, by the nearest quarter of an hour; the first one is 1."""
    return round((moment - first) / QUARTER) + 1


def _hours(first: datetime, last: datetime) -> list[tuple[int, datetime]]:
    hours = (last - first) // timedelta(hours=1)
    return [(n * 4 + 1, first + timedelta(hours=n)) for n in range(hours)]


def _column(
    resource: Resource, slots: list[Slot], spans: Sequence[tuple[datetime, datetime]],
    edges: tuple[datetime, datetime], now: datetime,
) -> Column:  # fmt: skip
    first, last = edges
    cells = [_cell(max(slot.starts_at, first), min(slot.ends_at, last), first, slot) for slot in slots]
    for start, end in spans:
        gaps = _gaps(max(start, _next_quarter(now)), end, slots)
        cells += [_cell(since, until, first) for since, until in gaps]
    kind, key, name = resource
    return Column(
        kind, key, name, sorted(cells, key=lambda cell: cell.since), _minutes(slots, edges), _minutes(spans, edges)
    )


def _cell(since: datetime, until: datetime, first: datetime, slot: Slot | None = None) -> Cell:
    row = _row(since, first)
    return Cell(since, until, row, max(1, _row(until, first) - row), slot)


def _next_quarter(moment: datetime) -> datetime:
    past = moment.replace(minute=moment.minute // 15 * 15, second=0, microsecond=0)
    return past if past == moment else past + QUARTER


def _gaps(since: datetime, until: datetime, slots: Sequence[Slot]) -> Iterable[tuple[datetime, datetime]]:
    """Free time between slots (which come in their order) that is worth taking."""
    free = since
    for slot in [*slots, None]:
        end = until if slot is None else min(slot.starts_at, until)
        if end - free >= LEAST_GAP:
            yield free, end
        if slot is not None:
            free = max(free, slot.ends_at)


def _minutes(stretches: Iterable[Slot | tuple[datetime, datetime]], edges: tuple[datetime, datetime]) -> int:
    total = timedelta()
    for one in stretches:
        start, end = (one.starts_at, one.ends_at) if isinstance(one, Slot) else one
        total += max(timedelta(), min(end, edges[1]) - max(start, edges[0]))
    return total // timedelta(minutes=1)


# ── A week ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def week_of(centre: Centre, day: date) -> list[WeekRow]:
    """The week of a day, Monday first: how much of everybody's working time is taken."""
    monday = day - timedelta(days=day.weekday())
    days = [monday + timedelta(days=n) for n in range(7)]
    slots = slots_between(centre, _midnight(centre, monday), _midnight(centre, monday + 7 * DAY))
    found, opening = _by_resource(slots), Opening.of(centre)
    return [
        WeekRow(kind, key, name, [_week_cell(centre, opening, one, found[kind, key]) for one in days])
        for kind, key, name in _resources(centre, slots)
    ]


def _week_cell(centre: Centre, opening: Opening, day: date, slots: Iterable[Slot]) -> WeekCell:
    edges = _midnight(centre, day), _midnight(centre, day + DAY)
    mine = [slot for slot in slots if slot.starts_at < edges[1] and slot.ends_at > edges[0]]
    return WeekCell(day, mine, _minutes(mine, edges), _minutes(opening.on(day), edges))
