"""Names behind a figure: clients of a snapshot by filters, page by page, the dearest first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import OrderBy

from dovolen.desk.analysis.models import ClientResult, RiskPoint, Snapshot
from dovolen.desk.core.paging import AFTER, BEFORE, Page, page
from dovolen.desk.people.models import Phone

PAGE = 50
COUNTED = 10_000
"""Beyond it a list says «more than»: counting costs as much as it tells little."""
STATES = ("new", "active", "loyal", "returned", "dormant", "lost", "blocked")
IN_BASE = ("new", "returned", "loyal", "active")
FLOWS = ("new", "returned", "dormant", "lost", "blocked", "passed")
CLASSES = ("intermediary", "regular", "one_off")
MOODS: dict[str, Q] = {
    "good": Q(satisfaction__gte=80), "fair": Q(satisfaction__gte=50, satisfaction__lt=80),
    "warn": Q(satisfaction__gte=30, satisfaction__lt=50), "bad": Q(satisfaction__lt=30),
    "none": Q(satisfaction=None),
}  # fmt: skip
POINTS = (
    "complaint_open", "promise_at_risk", "service_book_taken", "low_satisfaction", "repeat_repair", "late_last_order",
    "over_estimate", "falls_out_of_best", "trade_in_valuation", "expensive_body", "expensive_after_warranty",
    "declined_not_offered", "frequent_warranty", "warranty_ends", "repair_warranty_ends", "asset_age",
    "silent_beyond_rhythm",
)  # fmt: skip
"""Signs of leaving, the most pressing first."""
ANY = "any"
UNTOLD = "none"
SORTS: dict[str, OrderBy] = {
    "revenue": F("revenue").desc(nulls_last=True), "risk": F("value_at_risk").desc(nulls_last=True),
    "last": F("last_on").desc(nulls_last=True), "chance": F("p_return").asc(nulls_last=True),
    "mood": F("satisfaction").asc(nulls_last=True),
}  # fmt: skip
COLUMNS = {
    "revenue": "revenue",
    "risk": "value_at_risk",
    "last": "last_on",
    "chance": "p_return",
    "mood": "satisfaction",
}


@dataclass(frozen=True)
class Filters:
    """Which clients; grades have the highest as best. `since`: the day whose snapshot `flow` begins with."""

    state: str = ""
    segment: str = ""
    r: int | None = None
    f: int | None = None
    m: int | None = None
    code27: int | None = None
    reading: str = ""
    class_: str = ""
    flow: str = ""
    r_was: str = ""
    segment_was: str = ""
    """Grade and segment on the day `flow` begins with; `UNTOLD` where he was no client yet."""
    point: str = ""
    abc: str = ""
    kind: str = ""
    key: str = ""
    """true, false or hidden key client: told to those alone who see costs."""
    source: str = ""
    """Where he heard of the house; `UNTOLD` where it was not asked."""
    mood: str = ""
    since: date | None = None
    also: int | None = None
    """The key of a centre that has served him too."""
    sort: str = ""

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Filters:
        """What an address asks for; what is not known there is left out."""
        given: dict[str, Any] = {field.name: asked.get(field.name.rstrip("_"), "")[:60] for field in fields(cls)}
        numbers = {name: _whole(given[name]) for name in ("r", "f", "m", "code27", "also")}
        known = {
            name: given[name] if given[name] in allowed else ""
            for name, allowed in (
                ("state", STATES), ("class_", CLASSES), ("flow", FLOWS), ("mood", MOODS), ("sort", SORTS),
                ("point", (ANY, *POINTS)), ("abc", ("A", "B", "C")), ("kind", ("person", "company")),
                ("key", ("true", "false", "hidden")),
                ("reading", ("recent", "cooling", "cold")), ("r_was", (UNTOLD, *"12345")),
            )
        }  # fmt: skip
        known |= {name: given[name].replace("\x00", "") for name in ("source", "segment_was")}
        return cls(**{**given, **numbers, **known, "since": _day(given["since"])})

    @property
    def order(self) -> str:
        """In which order: as asked, else by the money that is at risk where signs of leaving are looked at."""
        return self.sort or ("risk" if self.point else "revenue")

    def told(self) -> dict[str, Any]:
        """As an address tells them."""
        return {name.rstrip("_"): value for name, value in asdict(self).items() if value not in ("", None)}

    def without(self, name: str) -> dict[str, Any]:
        """As an address tells all but one."""
        return {key: value for key, value in self.told().items() if key != name}


def found(snapshot: Snapshot, filters: Filters) -> QuerySet[ClientResult]:
    """The clients, in no order."""
    rows = ClientResult.objects.filter(snapshot=snapshot)
    plain = {
        "state": filters.state, "segment": filters.segment, "rfm_r": filters.r, "rfm_f": filters.f,
        "rfm_m": filters.m, "rfm27": filters.code27, "reading": filters.reading, "client_class": filters.class_,
        "abc": filters.abc, "kind": filters.kind, "key_client": filters.key,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in ("", None)})
    if filters.source:
        rows = rows.filter(customer__source="" if filters.source == UNTOLD else filters.source)
    if filters.also is not None:
        rows = _served_also(rows, filters.also)
    if filters.mood:
        rows = rows.filter(MOODS[filters.mood])
    if filters.point == ANY:
        rows = rows.filter(n_risks__gt=0)
    elif filters.point:
        mine = RiskPoint.objects.filter(snapshot=snapshot, customer=OuterRef("customer"), point=filters.point)
        rows = rows.filter(Exists(mine))
    earlier = _kept(snapshot, filters.since) if filters.since else None
    for column, was in (("rfm_r", filters.r_was), ("segment", filters.segment_was)):
        rows = _who_was(rows, earlier, column, was) if was else rows
    return _flowing(rows, earlier, filters.flow) if filters.flow else rows


def _served_also(rows: QuerySet[ClientResult], centre: int) -> QuerySet[ClientResult]:
    """Those with orders here whom the latest snapshot of another centre knows with orders there."""
    there = Snapshot.objects.published().filter(centre=centre, has_rows=True).order_by("-day", "-pk").values("pk")[:1]
    same = ClientResult.objects.filter(snapshot=Subquery(there), customer=OuterRef("customer"), n_orders__gt=0)
    return rows.filter(Exists(same), n_orders__gt=0)


def _who_was(rows: QuerySet[ClientResult], earlier: Snapshot | None, column: str, was: str) -> QuerySet[ClientResult]:
    """Those with that grade or segment on the snapshot's own earlier day, or in the kept one of another day."""
    then: Any = F(f"{column}_before") if earlier is None else known_then(earlier, column)
    name = f"{column}_then"
    rows = rows.alias(**{name: then})
    if was != UNTOLD:
        return rows.filter(**{name: was})
    nowhere = Q(**{name: None})
    return rows.filter(nowhere | Q(**{name: ""}) if column == "segment" else nowhere)


def _flowing(rows: QuerySet[ClientResult], earlier: Snapshot | None, flow: str) -> QuerySet[ClientResult]:
    """Those who came or left between the snapshot's own two days, or since the kept one of another day."""
    if earlier is None:
        return rows.filter(flow=flow)
    return rows.annotate(before=known_then(earlier, "state")).filter(flow_between()[flow])


def _kept(snapshot: Snapshot, day: date) -> Snapshot | None:
    same = Snapshot.objects.published().filter(centre=snapshot.centre_id, day=day, has_rows=True)
    return same.defer("population").order_by("-pk").first()


def known_then(earlier: Snapshot, column: str) -> Subquery:
    """What an earlier snapshot knew of the same client, his state say; null where it knew nobody."""
    return Subquery(ClientResult.objects.filter(snapshot=earlier, customer=OuterRef("customer")).values(column)[:1])


def flow_between() -> dict[str, Q]:
    """Steps of a cascade between two snapshots, told by `before` and `state`."""
    was, served = Q(before__in=IN_BASE), Q(before__isnull=False) & ~Q(before="")
    never = Q(before=None) | Q(before="")
    return {
        "new": never & Q(state__in=IN_BASE),
        "returned": served & ~was & Q(state__in=IN_BASE),
        "dormant": was & Q(state="dormant"), "lost": was & Q(state="lost"), "blocked": was & Q(state="blocked"),
        "passed": never & Q(state__in=("dormant", "lost", "blocked")),
    }  # fmt: skip


def clients_page(snapshot: Snapshot, filters: Filters, cursor: str = "", *, size: int = PAGE) -> Page[ClientResult]:
    """A page of the clients."""
    clients = found(snapshot, filters)
    n = clients.order_by()[: COUNTED + 1].count()
    key = _whole(cursor[1:]) if cursor[:1] in (AFTER, BEFORE) else None
    at = clients.filter(pk=key).first() if key else None
    is_back = at is not None and cursor.startswith(BEFORE)
    placed = clients.filter(_beyond(at, filters.order, backwards=is_back)) if at else clients
    rows = with_names(ordered(placed, filters.order, backwards=is_back))[: size + 1]
    begun = at is not None
    return page(list(rows), attrgetter("pk"), size=size, n=n, most=COUNTED, is_back=is_back, is_begun=begun)


def ordered(rows: QuerySet[ClientResult], order: str, *, backwards: bool = False) -> QuerySet[ClientResult]:
    """In an order that is total."""
    column, by_key = SORTS[order].copy(), F("id").asc()
    if backwards:
        column.reverse_ordering()
        by_key = F("id").desc()
    return rows.order_by(column, by_key)


def with_names(rows: QuerySet[ClientResult]) -> QuerySet[ClientResult]:
    """With the client, the number to call, the signs of leaving that stand."""
    number = Phone.objects.filter(customer=OuterRef("customer")).order_by("-is_main", "pk").values("number")
    return rows.select_related("customer").annotate(number=Subquery(number[:1]))


def points_of(snapshot: Snapshot, rows: list[ClientResult]) -> dict[int, list[RiskPoint]]:
    """Signs of leaving of each of these clients, the most pressing first."""
    mine = RiskPoint.objects.filter(snapshot=snapshot, customer__in=[row.customer_id for row in rows])
    found: dict[int, list[RiskPoint]] = {}
    for point in sorted(mine, key=lambda one: POINTS.index(one.point) if one.point in POINTS else len(POINTS)):
        found.setdefault(point.customer_id, []).append(point)
    return found


def _beyond(at: ClientResult, order: str, *, backwards: bool) -> Q:
    """What stands after a row in the order (before it, when backwards); nothing known stands last."""
    column = COLUMNS[order]
    value, falls = getattr(at, column), SORTS[order].descending is not backwards
    further = Q(**{column: value, f"id__{'lt' if backwards else 'gt'}": at.pk})
    unknown = Q(**{f"{column}__isnull": True})
    if value is None:
        return further | (~unknown if backwards else Q(pk__in=()))
    return further | Q(**{f"{column}__{'lt' if falls else 'gt'}": value}) | (Q(pk__in=()) if backwards else unknown)


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


__all__ = [
    "ANY", "COUNTED", "MOODS", "PAGE", "POINTS", "SORTS", "Filters", "clients_page", "found", "points_of",
    "with_names",
]  # fmt: skip
