"""Rooms of the study: the base of clients on one day that each of them is given, and what it gives back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Protocol, runtime_checkable

import pyarrow as pa

from dovolen.insight.config import Config
from dovolen.insight.facts import Views
from dovolen.insight.population import Population
from dovolen.insight.results import Figure, Sheet


@dataclass(frozen=True)
class Base:
    """The views as of `asof`, the settings, and the days between which things are compared."""

    views: Views
    config: Config
    asof: date
    compare: date
    earliest: date
    currency: str
    zone: str
    population: Population | None = None
    """What was learnt of everybody before; None: these rows are everybody."""

    def given(self, table: str) -> frozenset[str]:
        """Canonical columns of `table` that the source really gave; none without the table."""
        return frozenset(self.views.given(table))

    def learnt(self, name: str) -> pa.Table | None:
        """What a full study learnt and kept under `name`; None where these rows have to tell it."""
        return self.population.table(name) if self.population else None

    def has(self, *columns: str) -> bool:
        """Whether the source gave every `table.column`."""
        return all(name.partition(".")[2] in self.given(name.partition(".")[0]) for name in columns)


Pieces = Callable[[], Iterator[pa.Table]]
"""Rows of a file, written piece by piece so that memory stays bounded."""


class Room(Protocol):
    """One part of the study. Made with a `Base`; computes nothing until asked, and each thing once."""

    def figures(self) -> list[Figure]:
        """Single figures."""

    def sheets(self) -> list[Sheet | None]:
        """Sheets of rows; None where there is nothing to show."""

    def clients(self) -> pa.Table | None:
        """`customer_id` (each once) and the columns this room adds to customers.parquet."""

    def files(self) -> Mapping[str, Pieces]:
        """Further files by name without ending (`orders` → orders.parquet)."""

    def missing(self) -> list[tuple[str, str]]:
        """What cannot be computed from this source, and the `table.column` that is missing."""


@runtime_checkable
class Aside(Protocol):
    """A room whose long arithmetic needs no engine: a thread does it while the engine makes the views of others."""

    def begin(self, aside: Executor) -> None:
        """Read what the arithmetic needs and hand it over; who asks for its result later waits for it."""


@contextmanager
def begun(rooms: Iterable[Room]) -> Iterator[None]:
    """The long arithmetic of these rooms is done meanwhile, at the end at last."""
    with ThreadPoolExecutor(1) as aside:
        for room in rooms:
            if isinstance(room, Aside):
                room.begin(aside)
        yield


@runtime_checkable
class Learning(Protocol):
    """A room that learns of everybody what it then says of each: it can take this from an earlier study."""

    def population(self) -> Mapping[str, pa.Table]:
        """What it learnt, by the names under which `Base.learnt` gives it back."""
