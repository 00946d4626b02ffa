"""What the latest snapshot knows of a client, for pages where people work: joined to a row that is read anyway."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Case, Exists, F, JSONField, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import JSONObject

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis.models import ClientResult, OrderScore, RiskPoint, Snapshot
from dovolen.desk.analysis.queries.clients import POINTS

SEE = "see customers"
TOLD = (
    "client_class", "class_reasons", "n_orders", "rfm_r", "rfm_f", "rfm_m", "segment", "state", "state_since",
    "life_code", "limit_days", "recency_days", "is_fleet", "satisfaction", "satisfaction_worst", "satisfaction_latest",
    "satisfaction_coverage", "is_eligible", "p_return", "n_risks", "value_at_risk", "predicted_value", "abc",
    "key_client", "revenue", "margin", "brought",
)  # fmt: skip
"""Columns of a client's row."""


def snapshots(staff: Staff) -> QuerySet[Snapshot]:
    """Published ones that tell him of his clients; first the latest of the house, else of his centre.

    No question to the base: it is part of another one. Who takes a client in knows him without seeing the whole base.
    """
    mine = staff.centre_ids(SEE)
    everywhere = ~Exists(Centre.objects.exclude(pk__in=mine))
    seen = Q(centre__in=mine) | Q(everywhere, centre=None)
    return Snapshot.objects.published().filter(seen).order_by(F("centre").asc(nulls_first=True), "-day", "-pk")


def told_of(staff: Staff, customer: str = "pk") -> dict[str, Any]:
    """Of a query of clients: `studied_on`, `study_meta`, `known`, `pressing_risk`, empty where nothing is known."""
    latest = snapshots(staff)
    key = Subquery(latest.values("pk")[:1])
    rows = ClientResult.objects.filter(snapshot=key, customer=OuterRef(customer))
    told = JSONObject(**{name: F(name) for name in TOLD})
    risks = RiskPoint.objects.filter(snapshot=key, customer=OuterRef(customer)).annotate(place=PLACE)
    risk = JSONObject(point=F("point"), evidence=F("evidence"), number=F("order__number"), expires_on=F("expires_on"))
    return {
        "studied_on": Subquery(latest.values("day")[:1]),
        "study_meta": Subquery(latest.values("meta")[:1], output_field=JSONField()),
        "known": Subquery(rows.values(told=told)[:1], output_field=JSONField()),
        "pressing_risk": Subquery(risks.order_by("place", "pk").values(told=risk)[:1], output_field=JSONField()),
    }


def stake_of(staff: Staff, customer: str = "customer") -> Subquery:
    """Money that the house loses with the client of a row by the latest snapshot, minor units; null where unknown."""
    key = Subquery(snapshots(staff).values("pk")[:1])
    rows = ClientResult.objects.filter(snapshot=key, customer=OuterRef(customer))
    return Subquery(rows.values("value_at_risk")[:1])


PLACE = Case(*(When(point=point, then=place) for place, point in enumerate(POINTS)), default=len(POINTS))
"""The more pressing first."""


def scores(staff: Staff, customers: Collection[int]) -> dict[int, int | None]:
    """Mean satisfaction of clients as the latest snapshot has it; None where too little is known: one query."""
    if not customers or not staff.may(SEE):
        return {}
    key = Subquery(snapshots(staff).values("pk")[:1])
    rows = ClientResult.objects.filter(snapshot=key, customer__in=customers)
    found = rows.values_list("customer", "satisfaction", "satisfaction_coverage")
    return {one: score_of(mean, coverage) for one, mean, coverage in found}


UNSURE_UNDER = 0.5
"""Share of the card's weight under which a score is not told as one."""


def score_of(mean: float | None, coverage: float | None) -> int | None:
    """A mean as a number of 0–99; None where too little of it is known."""
    return None if mean is None or (coverage or 0) < UNSURE_UNDER else round(mean)


def result(staff: Staff, customer: int) -> ClientResult | None:
    """What the latest snapshot says of a client, with the snapshot: one query."""
    key = Subquery(snapshots(staff).values("pk")[:1])
    rows = ClientResult.objects.filter(snapshot=key, customer=customer).select_related("snapshot")
    return rows.defer("snapshot__population").first()


def risks_of(row: ClientResult) -> list[RiskPoint]:
    """His signs of leaving, the more pressing first."""
    found = RiskPoint.objects.filter(snapshot=row.snapshot_id, customer=row.customer_id).annotate(place=PLACE)
    return list(found.select_related("order").only(*OF_RISK).order_by("place", "pk"))


OF_RISK = ("snapshot", "customer", "point", "evidence", "order__number", "seen_on", "expires_on")


def scored(staff: Staff, customer: int, n: int) -> list[OrderScore]:
    """His latest scored orders that this person may see."""
    mine = {"customer": customer, "superseded_by": None, "order__centre__in": staff.centre_ids("see orders")}
    found = OrderScore.objects.filter(**mine, score__isnull=False).select_related("order__asset", "snapshot")
    return list(found.defer("snapshot__population").order_by("-accepted_on", "-pk")[:n])


def at_risk(staff: Staff) -> QuerySet[ClientResult]:
    """Clients with signs of leaving by the latest snapshot, in no order."""
    key = Subquery(snapshots(staff).values("pk")[:1])
    return ClientResult.objects.filter(snapshot=key, n_risks__gt=0, customer__merged_into=None)


def first_risk() -> Subquery:
    """Code of the most pressing sign of a row of `at_risk`."""
    return Subquery(_risks().values("point")[:1])


def _risks() -> QuerySet[RiskPoint]:
    mine = RiskPoint.objects.filter(snapshot=OuterRef("snapshot"), customer=OuterRef("customer"))
    return mine.annotate(place=PLACE).order_by("place", "pk")


def losing(staff: Staff, n: int) -> list[ClientResult]:
    """Clients with signs of leaving, those with most money at stake first: one query."""
    if not staff.may(SEE):
        return []
    told = JSONObject(point=F("point"), evidence=F("evidence"))
    found = at_risk(staff).select_related("customer").annotate(
        study_meta=F("snapshot__meta"), risk=Subquery(_risks().values(told=told)[:1], output_field=JSONField())
    )  # fmt: skip
    return list(found.order_by(F("value_at_risk").desc(nulls_last=True), "pk")[:n])


def contradictions(staff: Staff, cursor: int, n: int) -> list[ClientResult]:
    """Clients whose mark, or class set by hand, and facts say different things; from a key on: one query."""
    key = Subquery(snapshots(staff).values("pk")[:1])
    rows = ClientResult.objects.filter(snapshot=key, n_orders__gt=0, pk__gt=cursor, customer__merged_into=None)
    unmarked = Q(customer__regular_mark=False, customer__class_hand="", client_class="regular")
    idle = Q(customer__regular_mark=True, client_class="regular", class_reasons="marked=1;")
    by_hand = ~Q(customer__class_hand="")
    found = rows.filter(unmarked | idle | by_hand).select_related("customer__class_hand_by")
    return list(found.order_by("pk")[:n])
