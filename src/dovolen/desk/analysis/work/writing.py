"""Rows of a snapshot into the base, a few thousand at a time, each time on condition that it is still ours."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from typing import Any, TypeVar

from django.db import connection, models, transaction

from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.core import bulk, claims

BATCH = 2_000
"""Rows a transaction: on SQLite it is the only writer meanwhile, for some hundredths of a second."""

T = TypeVar("T")


class Lost(Exception):  # noqa: N818 – no error: another one makes it
    """The snapshot is no longer ours."""


def mark(snapshot: Snapshot, **values: Any) -> None:
    """Write into the snapshot's row. Raises: Lost where another one holds it."""
    if not claims.mine(snapshot).update(**values):
        raise Lost
    for name, value in values.items():
        setattr(snapshot, name, value)


def hold(snapshot: Snapshot) -> None:
    """Go on only while it is ours; its row stays locked to the end of the transaction. Raises: Lost."""
    mark(snapshot, state=snapshot.state)


class Beside:
    """Work done in the order given by a thread with a connection of its own, while who gives it computes on.

    What the work raises is raised by `wait`, or by the next `do`; nothing given after it is done.
    """

    def __init__(self) -> None:
        # What a transaction has written is seen over its own connection alone.
        self._thread = None if connection.in_atomic_block else ThreadPoolExecutor(1, thread_name_prefix="beside")
        self._given: list[Future[object]] = []
        self._has_failed = False

    def do(self, work: Callable[[], object]) -> None:
        """To be done next."""
        if self._thread is None:
            work()
            return
        for done in [one for one in self._given if one.done()]:
            self._given.remove(done)
            done.result()
        self._given.append(self._thread.submit(self._unless_failed, work))

    def wait(self) -> None:
        """Until all is done."""
        given, self._given = self._given, []
        for one in given:
            one.result()

    def while_wanted(self, pieces: Iterable[T]) -> Iterator[T]:
        """Pieces of long work, until nobody waits for it any more."""
        for piece in pieces:
            if self._has_failed:
                return
            yield piece

    def leave(self) -> None:
        """What has not begun is not done any more."""
        if self._thread is not None:
            self._has_failed = True
            self._thread.submit(connection.close)
            self._thread.shutdown()

    def _unless_failed(self, work: Callable[[], object]) -> None:
        if self._has_failed:
            return
        try:
            work()
        except BaseException:
            self._has_failed = True
            raise


@contextmanager
def beside() -> Iterator[Beside]:
    """Somebody who works beside us; at the end all is done, or what it raised is raised."""
    helper = Beside()
    try:
        yield helper
        helper.wait()
    finally:
        helper.leave()


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Rows by so many."""
    left = iter(rows)
    while piece := list(islice(left, size)):
        yield piece


def insert(
    snapshot: Snapshot, model: type[models.Model], names: Sequence[str], rows: Iterable[tuple[Any, ...]],
    *, known: dict[str, type[models.Model]],
) -> int:  # fmt: skip
    """Rows of one table in batches; those are left out whose client or order is gone since it was read.

    `known`: column → the table its key has to be in. Gives how many rows were written. Raises: Lost.
    """
    written = 0
    places = {names.index(column): table for column, table in known.items()}
    for piece in batches(rows):
        with transaction.atomic():
            hold(snapshot)
            there = {place: _there(table, {row[place] for row in piece}) for place, table in places.items()}
            kept = [row for row in piece if all(row[place] in found for place, found in there.items())]
            bulk.insert(model, names, kept, {"snapshot_id": snapshot.pk})
            written += len(kept)
    return written


def _there(table: type[models.Model], keys: set[Any]) -> set[Any]:
    asked = [key for key in keys if key is not None]
    if not asked:
        return keys
    found = set(table._default_manager.filter(pk__in=bulk.among(asked)).values_list("pk", flat=True))
    return found | {None} if None in keys else found
