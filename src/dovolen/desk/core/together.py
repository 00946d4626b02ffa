"""Several actions as one: what any of them refuses undoes all of them, so none needs a savepoint of its own.

    @whole
    def take_in(…): …          opens the one savepoint, or the transaction; events and search rows come at its end

    @part
    def add_person(…): …       as `transaction.atomic`; inside of a `whole` it leaves undoing to that

Whoever catches what a `part` raises inside of a `whole` and goes on is stopped by Django: all is undone already.
"""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import transaction

from dovolen.desk.core import journal, search

P = ParamSpec("P")
R = TypeVar("R")

_is_inside: ContextVar[bool] = ContextVar("is_inside", default=False)


def whole(action: Callable[P, R]) -> Callable[P, R]:
    """An action made of others, all or nothing."""

    @wraps(action)
    def done(*args: P.args, **values: P.kwargs) -> R:
        with transaction.atomic(), journal.gathered(), search.gathered():
            mark = _is_inside.set(True)
            try:
                return action(*args, **values)
            finally:
                _is_inside.reset(mark)

    return done


def part(action: Callable[P, R]) -> Callable[P, R]:
    """An action that stands alone, or is done within a `whole`."""

    @wraps(action)
    def done(*args: P.args, **values: P.kwargs) -> R:
        with transaction.atomic(savepoint=not _is_inside.get()):
            return action(*args, **values)

    return done
