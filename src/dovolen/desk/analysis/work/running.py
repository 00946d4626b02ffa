"""What waits for the analyst, taken one at a time, each held by a lease; who dies is followed by another from anew."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from dovolen.desk.analysis import actions
from dovolen.desk.analysis.models import FAILED, RUNNING, ClientRefresh, Snapshot
from dovolen.desk.analysis.work import making, refreshing
from dovolen.desk.analysis.work.writing import Lost, mark
from dovolen.desk.core import claims, journal

log = logging.getLogger("dovolen.analyst")

LEASE = timedelta(seconds=30)
MOST_TRIES = claims.MOST_TRIES
BROKEN = "snapshots.refused.broken"
MOST_CLIENTS = 50
"""Refreshed in one go: a study of one client costs nearly what one of fifty does."""


def now() -> datetime:
    """The clock of the analyst."""
    return datetime.now(UTC)


def step_calmly() -> int:
    """The same for a process of its own: a base that does not answer is waited for."""
    try:
        return step()
    except DatabaseError as error:
        log.warning("the base does not answer, trying again: %s", error)
        connection.close()
        return 0


def step(*, clock: Callable[[], datetime] = now, lease: timedelta = LEASE) -> int:
    """Refresh clients that wait, else make one snapshot; gives how much was taken."""
    waiting = claims.take(ClientRefresh.objects.all(), now=clock(), n=MOST_CLIENTS, lease=lease)
    if waiting:
        _refresh(waiting, clock)
        return len(waiting)
    taken = claims.take(actions.to_make(), now=clock(), n=1, lease=lease)
    for snapshot in taken:
        with claims.held(snapshot, clock=clock, lease=lease):
            _make(snapshot, clock)
    return len(taken)


def _refresh(rows: list[ClientRefresh], clock: Callable[[], datetime]) -> None:
    try:
        refreshing.refresh([row.customer_id for row in rows], now=clock())
    except DatabaseError:
        raise
    except Exception as error:
        log.exception("refreshing %s clients failed", len(rows))
        for row in rows:
            claims.give_back(row, cause=f"{type(error).__name__}: {error}", now=clock())
        return
    for row in rows:
        claims.mine(row).delete()  # not where something happened to him meanwhile


def _make(snapshot: Snapshot, clock: Callable[[], datetime]) -> None:
    """One snapshot to its end. What its data refuse is told to people, what the base refuses is tried again."""
    from dovolen.insight.schema import SchemaError

    if snapshot.tries > MOST_TRIES:
        _refuse(snapshot, BROKEN, {}, clock())
        return
    try:
        mark(snapshot, state=RUNNING, began_at=clock())
        making.make(snapshot, clock=clock)
        snapshot.refresh_from_db(fields=["state"])
        actions.keep(now=clock())
    except Lost:
        log.info("snapshot %s is no longer ours", snapshot.pk)
    except SchemaError as error:
        _refuse(snapshot, error.key, error.values, clock())
    except DatabaseError as error:
        log.warning("snapshot %s: the base does not answer, trying again: %s", snapshot.pk, error)
        connection.close()
        claims.give_back(snapshot, cause=str(error), now=clock(), parks=False)
    except Exception as error:
        log.exception("snapshot %s failed", snapshot.pk)
        if snapshot.tries >= MOST_TRIES:
            _refuse(snapshot, BROKEN, {"cause": type(error).__name__}, clock())
        else:
            claims.give_back(snapshot, cause=f"{type(error).__name__}: {error}", now=clock(), parks=False)


@transaction.atomic
def _refuse(snapshot: Snapshot, key: str, values: dict[str, Any], moment: datetime) -> None:
    """Tell people why there is none. Leaves: `snapshot.failed`."""
    told = {"key": key, "values": {name: str(value)[:500] for name, value in values.items()}}
    try:
        mark(snapshot, state=FAILED, refusal=told, free_at=claims.AT_ONCE)
    except Lost:
        return
    journal.record("snapshot.failed", subject=snapshot, by=None, at=moment, centre=snapshot.centre, reason=key)
