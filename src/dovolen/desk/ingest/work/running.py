"""Imports that wait, taken one at a time, each held by a lease; who dies is followed by another at the same place."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import DatabaseError, connection, transaction

from dovolen.desk.core import claims, journal
from dovolen.desk.core.errors import Refusal
from dovolen.desk.ingest.actions.refusals import Broken
from dovolen.desk.ingest.models import AT_WORK, CHECKING, FAILED, LOADING, MAPPED, READING, UNDOING, Import

log = logging.getLogger("dovolen.importer")

LEASE = timedelta(seconds=30)
MOST_TRIES = 8
"""Deaths at one and the same place; every batch that was written begins to count anew."""
BACK = {READING: FAILED, CHECKING: MAPPED, LOADING: FAILED, UNDOING: FAILED}


class Lost(Exception):  # noqa: N818 – no error: another one holds it, or somebody stopped it
    """The import is no longer ours."""


def now() -> datetime:
    """The clock of the importer."""
    return datetime.now(UTC)


def has_work() -> bool:
    """Whether an import waits for the importer."""
    return claims.free(Import.objects.filter(state__in=AT_WORK), now()).exists()


def work_off(*, clock: Callable[[], datetime] = now, lease: timedelta = LEASE) -> int:
    """Do all that waits; gives how many imports were worked at."""
    n = 0
    while step(clock=clock, lease=lease):
        n += 1
    return n


def step_calmly() -> int:
    """The same for a process of its own: a base that does not answer is waited for."""
    try:
        return step()
    except DatabaseError as error:
        log.warning("the base does not answer, trying again: %s", error)
        connection.close()
        return 0


def step(*, clock: Callable[[], datetime] = now, lease: timedelta = LEASE) -> int:
    """Take one import and do what it waits for; 0 where none waits."""
    taken = claims.take(Import.objects.filter(state__in=AT_WORK), now=clock(), n=1, lease=lease)
    for row in taken:
        source = Import.objects.select_related("centre", "file", "made_by", "loaded_by", "undone_by").get(pk=row.pk)
        if source.token != row.token:
            continue
        with claims.held(source, clock=clock, lease=lease), _rows_by_the_thousand():
            _do(source, clock)
    return len(taken)


@contextmanager
def _rows_by_the_thousand() -> Iterator[None]:
    """Rows do not point at one another: to look through them for such that do costs a tenth of all the work."""
    before = gc.get_threshold()
    gc.set_threshold(200_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _do(source: Import, clock: Callable[[], datetime]) -> None:
    """One piece of work to its end. What the file refuses is told to people, what the base refuses is tried again."""
    from dovolen.insight.schema import SchemaError

    if source.tries > MOST_TRIES:
        refuse(source, Broken.key, {}, clock())
        return
    try:
        _work(source.state)(source, clock)
    except Lost:
        log.info("import %s is no longer ours", source.pk)
    except SchemaError as error:
        refuse(source, error.key, error.values, clock())
    except Refusal as refusal:
        refuse(source, refusal.key, refusal.values, clock())
    except DatabaseError as error:
        log.warning("import %s: the base does not answer, trying again: %s", source.pk, error)
        connection.close()
        claims.give_back(source, cause=str(error), now=clock(), parks=False)
    except Exception as error:
        log.exception("import %s failed", source.pk)
        _fail(source, error, clock())


def _fail(source: Import, error: Exception, moment: datetime) -> None:
    """A fault of ours: tried again a few times, then told."""
    if source.tries >= MOST_TRIES:
        refuse(source, Broken.key, {"cause": type(error).__name__}, moment)
    else:
        claims.give_back(source, cause=f"{type(error).__name__}: {error}"[:500], now=moment, parks=False)


def _work(state: str) -> Callable[[Import, Callable[[], datetime]], None]:
    from dovolen.desk.ingest.work.checking import check
    from dovolen.desk.ingest.work.loading import load
    from dovolen.desk.ingest.work.reading import read
    from dovolen.desk.ingest.work.undoing import undo

    return {READING: read, CHECKING: check, LOADING: load, UNDOING: undo}[state]


@transaction.atomic
def finish(source: Import, to: str, moment: datetime, *, kind: str = "", told: dict[str, Any] | None = None,
           **values: Any) -> None:  # fmt: skip
    """The state after the work, on condition that it is still ours. Raises: Lost."""
    mark(source, state=to, free_at=claims.AT_ONCE, tries=0, **values)
    if kind:
        by = source.undone_by if kind == "import.undone" else source.loaded_by or source.made_by
        journal.record(kind, subject=source, by=by, at=moment, centre=source.centre, **(told or {}))


def mark(source: Import, **values: Any) -> None:
    """Write into the row, inside the transaction of what it tells of. Raises: Lost where another one holds it."""
    if not claims.mine(source).update(**values):
        raise Lost
    for name, value in values.items():
        setattr(source, name, value)


def refuse(source: Import, key: str, values: dict[str, Any], moment: datetime) -> None:
    """Tell people why it does not go on; a check may be asked for again with another mapping."""
    told = {"key": key, "values": {name: str(value)[:500] for name, value in values.items()}}
    back = BACK[source.state]
    try:
        finish(source, back, moment, kind="import.refused", told={"state": back}, refusal=told)
    except Lost:
        log.info("import %s is no longer ours", source.pk)
