"""Snapshots: asked for by people, by the clock, by an import; clients whose row has to be made anew; what is kept.

They are made by the analyst (`analysis.work`), a process of its own. Nothing here brings the analytical engine.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.analysis import cube, mart_files
from dovolen.desk.analysis.models import (
    DONE,
    FAILED,
    NIGHTLY,
    PREVIEW,
    RIGHT,
    RUNNING,
    WANTED,
    ClientRefresh,
    ClientResult,
    ConfigVersion,
    OrderScore,
    RiskPoint,
    Snapshot,
)
from dovolen.desk.core import claims, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.orders.models import RepairOrder

QUIET = timedelta(days=14)
"""Days without an order after which a base counts as ended: it is studied as of its last order, not of today."""
SET_UP = "set up analysis"
KEPT_DAYS, KEPT_MONTHS, KEPT_PREVIEWS = 35, 24, timedelta(hours=2)
"""Rows of clients are kept so many days, then of month ends so many months; figures and sheets are kept for good."""
AT_ONCE = 2_000
"""Rows deleted in one transaction: others write meanwhile."""


class NoOrders(Refusal):
    """There is nothing to study yet."""

    key = "snapshots.refused.no_orders"


@transaction.atomic
def ask(
    *, centre: Centre | None, cause: str, by: Staff | None, now: datetime, day: date | None = None,
    config: ConfigVersion | None = None,
) -> Snapshot:  # fmt: skip
    """Let a snapshot be made; one of the same kind that nobody began yet is given back in its place.

    `day`: the end of which it tells of, by default today, or of the last order where none came for two weeks.
    `config`: the settings, by default those in force. Nobody asks by the clock or an event, then no right is needed.
    Raises: NotAllowed, NoOrders. Leaves: `snapshot.asked`.
    """
    if by is not None:
        _require(by, SET_UP if cause == PREVIEW else RIGHT, centre)
    day = day or day_for(centre, now=now)
    if day is None:
        raise NoOrders
    config = config or ConfigVersion.objects.order_by("-pk").first()
    same = Snapshot.objects.filter(centre=centre, day=day, config=config, state=WANTED, token=0)
    same = same.filter(cause=PREVIEW) if cause == PREVIEW else same.exclude(cause=PREVIEW)
    if waiting := same.order_by("pk").first():
        return waiting
    asked = Snapshot.objects.create(centre=centre, day=day, cause=cause, config=config, asked_at=now, asked_by=by)
    journal.record("snapshot.asked", subject=asked, by=by, at=now, centre=centre, day=day, cause=cause)
    return asked


def ask_everywhere(*, cause: str, by: Staff | None, now: datetime, day: date | None = None) -> list[Snapshot]:
    """Snapshots of the house and, where there are several, of every centre that has orders. Leaves: as `ask`."""
    centres = list(Centre.objects.order_by("pk"))
    scopes: list[Centre | None] = [None, *(centres if len(centres) > 1 else [])]
    made = []
    for scope in scopes:
        known = day_for(scope, now=now)
        if known is not None:
            made.append(ask(centre=scope, day=day and min(day, known), cause=cause, by=by, now=now))
    return made


def ask_nightly(*, until: datetime, now: datetime) -> list[Snapshot]:
    """Snapshots of the day before, of whatever scope has none of it yet; what may go goes.

    May run again after a crash: what was asked for is not asked for twice.
    """
    centres = list(Centre.objects.order_by("pk"))
    made = []
    for scope in (None, *(centres if len(centres) > 1 else [])):
        last = day_for(scope, now=until)
        if last is None:
            continue
        day = min(last, _local(scope, until) - timedelta(days=1))
        tried = Snapshot.objects.filter(centre=scope, day=day).exclude(state=FAILED).exclude(cause=PREVIEW)
        if not tried.filter(config=ConfigVersion.objects.order_by("-pk").first()).exists():
            made.append(ask(centre=scope, day=day, cause=NIGHTLY, by=None, now=now))
    return made


def day_for(centre: Centre | None, *, now: datetime) -> date | None:
    """The day a snapshot tells of: today on the centre's clock, or the last one with an order where that is long ago.

    None: there are no orders.
    """
    orders = RepairOrder.objects.filter(accepted_at__lte=now)
    orders = orders.filter(centre=centre) if centre else orders
    latest = orders.aggregate(latest=Max("accepted_at"))["latest"]
    if latest is None:
        return None
    today, last = _local(centre, now), _local(centre, latest)
    return last if today - last > QUIET else today


def _local(centre: Centre | None, moment: datetime) -> date:
    """A day on the clock of a centre; the house keeps that of its oldest one."""
    return (centre or Centre.objects.order_by("pk")[0]).local(moment).date()


def _require(by: Staff, right: str, centre: Centre | None) -> None:
    """At the centre; of the house, at every one."""
    held = by.centre_ids(right)
    wanted = {centre.pk} if centre else set(Centre.objects.values_list("pk", flat=True))
    if not wanted <= held:
        raise NotAllowed


def refresh(customers: Iterable[int], *, now: datetime) -> None:
    """Let the rows of these clients in the current snapshots be made anew; asked again meanwhile, once more."""
    for customer in sorted(set(customers)):
        row, is_new = ClientRefresh.objects.get_or_create(customer_id=customer, defaults={"asked_at": now})
        if not is_new:
            fresh = {"asked_at": now, "token": row.token + 1, "free_at": claims.AT_ONCE, "tries": 0, "parked_at": None}
            ClientRefresh.objects.filter(pk=row.pk).update(**fresh)


def has_work(*, now: datetime) -> bool:
    """Whether the analyst is wanted: a snapshot or a client waits that anybody may take."""
    return claims.free(to_make(), now).exists() or claims.free(ClientRefresh.objects.all(), now).exists()


def to_make() -> QuerySet[Snapshot]:
    """Snapshots that are wanted, or begun and not finished."""
    return Snapshot.objects.filter(state__in=(WANTED, RUNNING))


# What is kept


def keep(*, now: datetime) -> int:
    """Let go of rows that are kept no longer; gives of how many snapshots. Figures and sheets stay."""
    gone = 0
    for snapshot in Snapshot.objects.filter(has_rows=True, state__in=(DONE, FAILED)).defer("population").order_by("pk"):
        if not _is_kept(snapshot, now):
            drop_rows(snapshot)
            gone += 1
    for snapshot in _half_dropped():
        drop_rows(snapshot)
    seen_by_nobody = OrderScore.objects.filter(superseded_by__done_at__lt=now - timedelta(days=KEPT_DAYS))
    _delete(seen_by_nobody)
    mart_files.keep()
    return gone


def _is_kept(snapshot: Snapshot, now: datetime) -> bool:
    """The latest of each scope always; one of each of the last days; of month ends the last one for two years."""
    if snapshot.cause == PREVIEW or snapshot.state == FAILED:
        return snapshot.asked_at > now - KEPT_PREVIEWS
    later = Snapshot.objects.published().filter(centre=snapshot.centre_id, pk__gt=snapshot.pk)
    if not later.exists():
        return True
    age = (now.date() - (snapshot.done_at or snapshot.asked_at).date()).days
    if age <= KEPT_DAYS:
        return not later.filter(day=snapshot.day).exists()
    month_end = not later.filter(day__year=snapshot.day.year, day__month=snapshot.day.month).exists()
    return month_end and age <= KEPT_MONTHS * 31


def drop_rows(snapshot: Snapshot) -> None:
    """Rows of its clients go; of one that failed, the scores too, and the former ones stand again.

    It counts as without rows before the first of them goes: whoever is killed meanwhile leaves no half to be seen.
    """
    Snapshot.objects.filter(pk=snapshot.pk).update(has_rows=False)
    if snapshot.state == FAILED:
        drop_unpublished(snapshot)
    for model in (ClientResult, RiskPoint):
        _delete(model.objects.filter(snapshot=snapshot))
    cube.forget(snapshot)
    Snapshot.objects.filter(pk=snapshot.pk).update(population=None)


def _half_dropped() -> QuerySet[Snapshot]:
    """Those whose rows somebody began to let go of and did not finish."""
    left = [Exists(model._default_manager.filter(snapshot=OuterRef("pk"))) for model in (ClientResult, RiskPoint)]
    return Snapshot.objects.filter(left[0] | left[1], has_rows=False).defer("population").order_by("pk")


def drop_unpublished(snapshot: Snapshot) -> None:
    """What was written of one that was never published goes, and the scores it was to supersede stand again."""
    for model in (ClientResult, RiskPoint, OrderScore):
        _delete(model._default_manager.filter(snapshot=snapshot))
    former = OrderScore.objects.filter(superseded_by=snapshot).order_by("pk")
    while keys := list(former.values_list("pk", flat=True)[:AT_ONCE]):
        OrderScore.objects.filter(pk__in=keys).update(superseded_by=None)


def _delete(rows: QuerySet[Any]) -> None:
    while keys := list(rows.order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        with transaction.atomic():
            rows.model._default_manager.filter(pk__in=keys).delete()
