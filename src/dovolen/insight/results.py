"""What a study hands over: single figures and sheets of rows, each with its rule, period and sample size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

Value = int | float | str | date | bool | None
"""What one cell may hold; money in minor units of the study's currency, shares from 0 to 1."""


@dataclass(frozen=True)
class Figure:
    """One number with what makes it believable. `few` means too few data: there is no value, and that is said."""

    key: str
    value: int | float | str | date | None
    unit: str
    n: int | None = None
    low: float | None = None
    high: float | None = None
    level: float = 0.95
    rule: str = ""
    since: date | None = None
    until: date | None = None
    few: bool = False
    note: str = ""


@dataclass(frozen=True)
class Sheet:
    """Rows under named columns, each column with its unit. `cut` counts rows left out beyond the limit of a list."""

    key: str
    columns: tuple[tuple[str, str], ...]
    rows: list[tuple[Any, ...]]
    n: int | None = None
    rule: str = ""
    since: date | None = None
    until: date | None = None
    note: str = ""
    cut: int = 0

    def column(self, name: str) -> int:
        """The place of a column. Raises: KeyError when the sheet lacks it."""
        for place, (known, _) in enumerate(self.columns):
            if known == name:
                return place
        raise KeyError(name)

    def records(self) -> list[dict[str, Any]]:
        """The rows as dictionaries by column name."""
        names = [name for name, _ in self.columns]
        return [dict(zip(names, row, strict=True)) for row in self.rows]


class Studied(Protocol):
    """What reports read from a study, and nothing else."""

    @property
    def meta(self) -> Mapping[str, Any]:
        """Day, period, currency, zone, settings."""

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Single figures by key."""

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """Rows by key."""

    @property
    def impossible(self) -> Sequence[tuple[str, str]]:
        """What cannot be computed, and the column missing."""


@dataclass(frozen=True)
class Part:
    """Some of a study, read as all of it: what is not there was not asked for, and is not computed."""

    meta: Mapping[str, Any]
    sheets: Mapping[str, Sheet]
    figures: Mapping[str, Figure] = field(default_factory=dict)
    impossible: Sequence[tuple[str, str]] = ()


LIST_LIMIT = 20_000
"""Names a sheet holds at most; the rest is in customers.parquet, and the sheet says so."""


def sheet(
    key: str,
    columns: tuple[tuple[str, str], ...],
    rows: Sequence[tuple[Any, ...]],
    *,
    shares: tuple[str, ...] = (),
    average: tuple[str, str] | None = None,
    n: int | None = None,
    note: str = "",
) -> Sheet | None:
    """A sheet with its share columns (of each column's total) and an average added; None without rows."""
    if not rows:
        return None
    names = [name for name, _ in columns]
    made = [list(row) for row in rows[:LIST_LIMIT]]
    for name in shares:
        place = names.index(name)
        total = sum(row[place] or 0 for row in rows)
        for row in made:
            row.append((row[place] or 0) / total if total > 0 else None)
    if average:
        over, under = (names.index(name) for name in average)
        for row in made:
            row.append(row[over] / row[under] if row[over] is not None and row[under] else None)
    columns += tuple((f"{name.removesuffix('s')}_share", "share") for name in shares)
    columns += (("average_order", "money"),) if average else ()
    cut = max(0, len(rows) - LIST_LIMIT)
    return Sheet(key, columns, [tuple(row) for row in made], n=n, rule=f"rule.{key}", note=note, cut=cut)
