"""The backend itself: Django's own over `pysqlite3` where that brings a newer library, and writers wait in turn."""

from __future__ import annotations

import random
import sqlite3
import sys
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from threading import Lock
from types import ModuleType
from typing import Any


def _newest() -> ModuleType:
    try:
        import pysqlite3
    except ImportError:
        return sqlite3
    return pysqlite3 if pysqlite3.sqlite_version_info > sqlite3.sqlite_version_info else sqlite3


_chosen = _newest()
_before = {name: sys.modules.get(name) for name in ("sqlite3", "sqlite3.dbapi2")}
sys.modules.update({"sqlite3": _chosen, "sqlite3.dbapi2": _chosen.dbapi2})
try:
    from django.db.backends.sqlite3 import base
finally:
    sys.modules.update({name: module for name, module in _before.items() if module})

Database: Any = _chosen.dbapi2

SHORTEST, LONGEST = 0.001, 0.004
"""Between two looks at whether the writer before has finished, seconds."""


class Turns:
    """A queue of threads, first come, first served.

    Only the thread whose turn it is looks at the lock of the base; the others sleep. Were all of them to look, sixteen
    threads would wake so often that the one which holds the lock hardly ever runs: the interpreter runs one at a time.
    """

    def __init__(self) -> None:
        self._guard = Lock()
        self._is_taken = False
        self._waiting: deque[Lock] = deque()

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    @contextmanager
    def mine(self, latest: float) -> Iterator[bool]:
        """My turn, and whether it came before the monotonic moment `latest`."""
        has_come = self._await(latest)
        try:
            yield has_come
        finally:
            if has_come:
                self._pass_on()

    def _await(self, latest: float) -> bool:
        with self._guard:
            if not self._is_taken:
                self._is_taken = True
                return True
            bell = Lock()
            bell.acquire()
            self._waiting.append(bell)
        if bell.acquire(timeout=max(0.0, latest - time.monotonic())):
            return True
        with self._guard:
            if bell in self._waiting:
                self._waiting.remove(bell)
                return False
        return True  # it rang while we were giving up

    def _pass_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False


_turns: defaultdict[str, Turns] = defaultdict(Turns)


class PatientCursor(base.SQLiteCursorWrapper):
    """Django's cursor; what finds the base locked outside of a transaction waits for its turn and is done then.

    Inside of one nothing waits: it began by taking the write lock. SQLite's own wait doubles its pauses up to a tenth
    of a second, so that under load one writer keeps the lock and the others starve (of 8 writers one made 477
    transactions, seven made 1 each).
    """

    turns: Turns
    patience: float

    def execute(self, query: str, params: Any = None) -> Any:
        """As Django's.

        Raises: OperationalError "database is locked" when the base stays locked for all of the patience.
        """
        attempt = partial(super().execute, query, params)
        if query.startswith("BEGIN"):
            return self._in_turn(attempt)
        try:
            return attempt()
        except Database.OperationalError as error:
            if not _is_locked(error) or self.connection.in_transaction:
                raise
        return self._in_turn(attempt)

    def _in_turn(self, attempt: Callable[[], Any]) -> Any:
        latest = time.monotonic() + self.patience
        with self.turns.mine(latest) as has_come:
            while True:
                try:
                    return attempt()
                except Database.OperationalError as error:
                    if not _is_locked(error) or not has_come or time.monotonic() > latest:
                        raise
                time.sleep(random.uniform(SHORTEST, LONGEST))


def _is_locked(error: Exception) -> bool:
    return "locked" in str(error)


class DatabaseWrapper(base.DatabaseWrapper):
    """Django's wrapper; the wait for the write lock is ours, as long as the option `timeout` says."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """A connection that never waits by itself once it is open."""
        connection = super().get_new_connection(conn_params)
        connection.execute("PRAGMA busy_timeout = 0")
        return connection

    def create_cursor(self, name: str | None = None) -> Any:  # noqa: ARG002 – Django's signature
        """A cursor that stands in the queue of this base."""
        cursor = self.connection.cursor(factory=PatientCursor)
        cursor.turns = _turns[str(self.settings_dict["NAME"])]
        cursor.patience = self.settings_dict["OPTIONS"].get("timeout", 5)
        return cursor


__all__ = ["Database", "DatabaseWrapper"]
