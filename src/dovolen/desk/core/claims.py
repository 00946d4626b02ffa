"""Taking work: of any number of workers on any hosts one gets a row, for a while, and a late one is refused.

A row is taken by pushing `free_at` ahead (the lease) and raising `token` (the fence). Who then writes, writes on
condition that the token is still his; a worker that slept through its lease finds another token and leaves no trace.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from django.db import DatabaseError, connection, models, transaction
from django.db.models import F, Q

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
"""`free_at` of a row that waits for nothing: no clock, however wrong, delays it."""
FARTHEST = timedelta(hours=1)
"""No lease and no pause is longer. A row free later than that was written by a clock that ran ahead: it is free."""
PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 30, 120))
"""After the first failure, the second, …; after one more the row is parked: five tries in all."""
MOST_TRIES = len(PAUSES) + 1

C = TypeVar("C", bound="Claimable")


class Claimable(models.Model):
    """A row that one worker at a time holds."""

    free_at = models.DateTimeField(default=AT_ONCE)
    token = models.BigIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True, blank=True)
    cause = models.TextField(blank=True, default="")

    class Meta:
        abstract = True


def free(rows: models.QuerySet[C], now: datetime) -> models.QuerySet[C]:
    """Rows that anybody may take at this moment, those that waited longest first."""
    in_time = Q(free_at__lte=now) | Q(free_at__gt=now + FARTHEST)
    return rows.filter(in_time, parked_at=None).order_by("free_at", "pk")


def take(rows: models.QuerySet[C], *, now: datetime, n: int, lease: timedelta) -> list[C]:
    """Up to `n` free rows, now held until the lease ends. A try is counted at once: a worker that dies has tried."""
    open_rows = free(rows, now)
    if not open_rows.exists():  # without a write lock, nearly always the answer
        return []
    with transaction.atomic():
        if connection.features.has_select_for_update_skip_locked:
            open_rows = open_rows.select_for_update(skip_locked=True, of=("self",))
        taken = list(open_rows[:n])
        held = _by_key(rows.model, [row.pk for row in taken])
        held.update(token=F("token") + 1, tries=F("tries") + 1, free_at=now + lease)
    for row in taken:
        row.token, row.tries, row.free_at = row.token + 1, row.tries + 1, now + lease
    return taken


def mine(row: C) -> models.QuerySet[C]:
    """The row, on condition that its holder still holds it: update or delete through this and count."""
    return _by_key(type(row), [row.pk]).filter(token=row.token)


@contextmanager
def held(row: C, *, clock: Callable[[], datetime], lease: timedelta) -> Iterator[None]:
    """The lease is made longer while this lasts: long work asks the base for minutes at nothing."""
    over = threading.Event()

    def keep() -> None:
        while not over.wait(lease.total_seconds() / 3):
            try:
                mine(row).update(free_at=clock() + lease)
            except DatabaseError:
                connection.close()
        connection.close()

    thread = threading.Thread(target=keep, name="lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def give_back(row: Claimable, *, cause: str, now: datetime, parks: bool = True) -> bool:
    """Let others try after a pause, or park the row when it was tried enough. Gives: whether it is parked now.

    A row that never parks (a timer) is tried on, once in the longest pause.
    """
    tried_enough = row.tries >= MOST_TRIES
    is_parked = parks and tried_enough
    pause = FARTHEST if tried_enough else PAUSES[row.tries - 1]
    with transaction.atomic():  # also for one statement: only a transaction waits for its turn in fairness
        mine(row).update(cause=cause[:2000], parked_at=now if is_parked else None, free_at=now + pause)
    return is_parked


def release(rows: Sequence[Claimable]) -> None:
    """Rows that were taken and not begun: free at once, the try taken back."""
    with transaction.atomic():
        for row in rows:
            mine(row).update(free_at=AT_ONCE, tries=F("tries") - 1)


def try_again(rows: models.QuerySet[Any]) -> int:
    """Parked rows of these, and those that pause, are free at once, with all tries before them."""
    return rows.update(free_at=AT_ONCE, tries=0, parked_at=None)


def _by_key(model: type[C], keys: list[Any]) -> models.QuerySet[C]:
    return model._default_manager.filter(pk__in=keys)
