"""What a study hands over: single figures and sheets of rows, each with its rule, period and sample size."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    def meta(self) -> Mapping[str, Any]: ...

    @property
    def figures(self) -> Mapping[str, Figure]: ...

    @property
    def sheets(self) -> Mapping[str, Sheet]: ...

    @property
    def impossible(self) -> Sequence[tuple[str, str]]: ...
