"""A kept snapshot read as a study: what panels and reports ask for, without the analytical engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from dovolen.desk.analysis.models import Snapshot, StudyFigure, StudySheet
from dovolen.desk.analysis.packing import as_day, unpacked
from dovolen.insight.results import Figure, Sheet, Studied

DAYS_OF_META = ("asof", "compare", "earliest", "latest")


def studied(snapshot: Snapshot) -> Studied:
    """The snapshot's study: one query for all figures, one for all sheets, each when first asked for."""
    return Kept(snapshot)


@dataclass
class Kept:
    """`insight.results.Studied` out of the base."""

    snapshot: Snapshot

    @cached_property
    def meta(self) -> Mapping[str, Any]:
        """Day, period, currency, zone, settings."""
        return {key: as_day(value) if key in DAYS_OF_META else value for key, value in self.snapshot.meta.items()}

    @cached_property
    def figures(self) -> Mapping[str, Figure]:
        """Single figures by key, as the study made them."""
        return {row.key: _figure(row) for row in StudyFigure.objects.filter(snapshot=self.snapshot).order_by("pk")}

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """Sheets by key; the rows of one are unpacked when it is first taken."""
        return _Sheets({row.key: row for row in StudySheet.objects.filter(snapshot=self.snapshot).order_by("pk")})

    @property
    def impossible(self) -> Sequence[tuple[str, str]]:
        """What cannot be computed, and the column missing."""
        return [(what, column) for what, column in self.snapshot.impossible]


class _Sheets(Mapping[str, Sheet]):
    def __init__(self, rows: dict[str, StudySheet]) -> None:
        self._rows = rows
        self._unpacked: dict[str, Sheet] = {}

    def __getitem__(self, key: str) -> Sheet:
        if key not in self._unpacked:
            self._unpacked[key] = _sheet(self._rows[key])
        return self._unpacked[key]

    def __contains__(self, key: object) -> bool:
        return key in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _figure(row: StudyFigure) -> Figure:
    return Figure(
        row.key, as_day(row.value) if row.unit == "date" else row.value, row.unit, n=row.n, low=row.low, high=row.high,
        level=row.level, rule=row.rule, since=row.since, until=row.until, few=row.few, note=row.note,
    )  # fmt: skip


def _sheet(row: StudySheet) -> Sheet:
    columns = tuple((name, unit) for name, unit in row.columns)
    return Sheet(
        row.key, columns, unpacked(row.rows, columns), n=row.n, rule=row.rule, since=row.since, until=row.until,
        note=row.note, cut=row.cut,
    )  # fmt: skip
