"""A study without what its reader may not see: rooms that are about costs, columns that tell them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dovolen.insight.results import Figure, Sheet, Studied

ROOMS = (
    "value.margin", "value.profitability", "value.repair", "value.class", "value.customer_kind", "value.category",
    "value.technician", "value.campaign", "value.money_ahead", "value.retention_cost", "value.acquisition",
    "value.keys", "value.key_names", "value.cohort", "value.clients", "value.names", "value.ahead", "value.expected",
)  # fmt: skip
"""Beginnings of keys of sheets and figures that are about margin."""
COLUMNS = frozenset(
    "margin margin_share left_over left_place cost costs parts_cost labour_cost profit profitability"
    " value value_share".split()
)
"""Columns that tell what repairs cost the house."""


def is_about_costs(key: str) -> bool:
    """Whether a sheet or figure tells of margin and nothing else."""
    return key.startswith(ROOMS)


@dataclass(frozen=True)
class Open:
    """A study as one may see it who does not see costs."""

    whole: Studied

    @property
    def meta(self) -> Mapping[str, Any]:
        """As of the whole."""
        return self.whole.meta

    @property
    def figures(self) -> Mapping[str, Figure]:
        """Figures that are not about costs."""
        return {key: one for key, one in self.whole.figures.items() if not is_about_costs(key)}

    @property
    def sheets(self) -> Mapping[str, Sheet]:
        """Sheets that are not about costs, without the columns that are."""
        return _Sheets(self.whole.sheets)

    @property
    def impossible(self) -> Sequence[tuple[str, str]]:
        """As of the whole."""
        return self.whole.impossible


class _Sheets(Mapping[str, "Sheet"]):
    """Sheets looked up one by one: what is not asked for is not read."""

    def __init__(self, whole: Mapping[str, Sheet]) -> None:
        self._whole = whole

    def __getitem__(self, key: str) -> Sheet:
        if is_about_costs(key):
            raise KeyError(key)
        return _without(_of_revenue(self._whole[key]), COLUMNS)

    def __iter__(self) -> Iterator[str]:
        return (key for key in self._whole if not is_about_costs(key))

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _of_revenue(sheet: Sheet) -> Sheet:
    """A sheet that measures both revenue and margin, with the rows of revenue alone."""
    if "measure" not in dict(sheet.columns):
        return sheet
    place = sheet.column("measure")
    rows = [row for row in sheet.rows if row[place] != "margin"]
    return sheet if len(rows) == len(sheet.rows) else replace(sheet, rows=rows)


def _without(sheet: Sheet, columns: Iterable[str]) -> Sheet:
    hidden = set(columns)
    places = [place for place, (name, _) in enumerate(sheet.columns) if name not in hidden]
    if len(places) == len(sheet.columns):
        return sheet
    kept = tuple(sheet.columns[place] for place in places)
    return replace(sheet, columns=kept, rows=[tuple(row[place] for place in places) for row in sheet.rows])
