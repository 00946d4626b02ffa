"""Slices of a cube: cells of up to four dimensions, each large enough to be shown, in whatever order they are summed.

A cell tells of at least `minimum` orders and of three clients. What is smaller is put together with its like as
"other", value by value from the last dimension to the first; where that is still too small the smallest neighbour
joins. So no order is lost, and no sum or difference of cells tells of fewer (docs/adr/0031).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.desk.analysis.cube import DIMENSIONS, OTHER

if TYPE_CHECKING:
    import pyarrow as pa

MOST = 4
"""Dimensions at once: beyond that nearly every cell is small."""
MOST_CELLS = 50_000
CLIENTS = 3
"""Clients of whom a cell tells at least; one or two would be names."""
COSTS = "see costs"
OF_MONTH = {"quarter": 3, "year": 12}
TIMES = ("month", "quarter", "year")
CHOICES = (*TIMES, *DIMENSIONS[1:])
"""What can be asked for, time first."""


@dataclass(frozen=True)
class Measure:
    """A number of a cell: a sum, or a mean that is a sum over a count; the mean is told from `minimum` cases on."""

    name: str
    unit: str
    column: str
    over: str = ""
    """Column whose known rows are counted; empty: a sum."""
    right: str = ""


MEASURES = (
    Measure("orders", "orders", "counted"),
    Measure("revenue", "money", "revenue"),
    Measure("margin", "money", "margin", right=COSTS),
    Measure("average_order", "money", "revenue_counted", "revenue_counted"),
    Measure("promise_kept", "share", "promise_kept", "promise_kept"),
    Measure("rework_share", "share", "rework", "rework"),
    Measure("turnaround", "hours", "turnaround", "turnaround"),
    Measure("satisfaction", "points", "satisfaction", "satisfaction"),
)
SUMMED = ("counted", "revenue", "margin", "revenue_counted", "promise_kept", "rework", "turnaround", "satisfaction")


@dataclass(frozen=True)
class Cell:
    """Orders that share their values; `sums` and `counts` go with `SUMMED`, a sum is None where nothing is known."""

    values: tuple[str | None, ...]
    n: int
    clients: int
    """At least so many: those of a cell put together are at least those of its largest part."""
    sums: tuple[float | None, ...]
    counts: tuple[int, ...]

    def is_safe(self, minimum: int) -> bool:
        """Whether it may be shown."""
        return self.n >= minimum and self.clients >= CLIENTS

    def tells(self, measure: Measure, minimum: int) -> float | None:
        """A measure of it; None where nothing is known, or too little for a mean."""
        place = SUMMED.index(measure.column)
        total = self.sums[place]
        if not measure.over or total is None:
            return total
        n = self.counts[SUMMED.index(measure.over)]
        return total / n if n >= minimum else None

    def weighs(self, measure: Measure, minimum: int) -> int:
        """Cases behind a mean that is told."""
        n = self.counts[SUMMED.index(measure.over)]
        return n if n >= minimum else 0


@dataclass(frozen=True)
class Slice:
    """Cells that may be shown, the largest first, of times the latest; together they are all orders, or none."""

    by: tuple[str, ...]
    cells: tuple[Cell, ...]
    measures: tuple[Measure, ...]
    minimum: int
    n_orders: int
    n_folded: int
    """Orders that stand in an "other"."""


@dataclass(frozen=True)
class Cube:
    """What a cube knows: dimensions with two values or more, measures with a known number."""

    path: Path
    dimensions: tuple[str, ...]
    measures: tuple[Measure, ...]
    n_orders: int


def opened(path: Path) -> Cube | None:
    """The cube of a file; None where it is not (any more)."""
    try:
        return _known(path, path.stat().st_mtime_ns)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _known(path: Path, _written_at: int) -> Cube:
    """What a cube knows does not change while its file does not."""
    table = _table(path)
    dimensions = [name for name in DIMENSIONS if name in table.column_names and _n_values(table[name]) > 1]
    if "month" in dimensions:
        years = {str(value)[:4] for value in _values(table["month"])}
        dimensions[1:1] = ["quarter", "year"] if len(years) > 1 else ["quarter"]
    measures = [one for one in MEASURES if _is_known(table, one.column)]
    return Cube(path, tuple(dimensions), tuple(measures), table.num_rows)


def sliced(cube: Cube, by: Sequence[str], *, minimum: int, with_costs: bool) -> Slice:
    """The cells of these dimensions, all of them together when none is named.

    Where there would be too many cells, nearly all of them small, the last dimension is left out.
    """
    by = tuple(name for name in dict.fromkeys(by) if name in cube.dimensions)[:MOST]
    measures = tuple(one for one in cube.measures if with_costs or one.right != COSTS)
    table = _table(cube.path)
    grouped = _grouped(table, by)
    while grouped.num_rows > MOST_CELLS:
        by = by[:-1]
        grouped = _grouped(table, by)
    raw = sorted(_cells(grouped, by), key=_place)
    cells = _folded(raw, 0, len(by), minimum)
    if any(not cell.is_safe(minimum) for cell in cells):
        return Slice(by, (), measures, minimum, cube.n_orders, cube.n_orders)
    ordered = sorted(cells, key=lambda cell: (-cell.n, _place(cell)))
    if by and by[0] in TIMES:
        ordered.sort(key=lambda cell: "" if OTHER in cell.values[:1] else cell.values[0] or "", reverse=True)
    folded = sum(cell.n for cell in ordered if OTHER in cell.values)
    return Slice(by, tuple(ordered), measures, minimum, cube.n_orders, folded)


# ── Cells that may be shown ──────────────────────────────────────────────────────────────────────────────────────────


def _folded(cells: list[Cell], level: int, depth: int, minimum: int) -> list[Cell]:
    """Cells that share their first `level` values as cells that may be shown, or as one that may not."""
    if level == depth:
        return cells
    parts = [
        _folded(list(part), level + 1, depth, minimum) for _, part in groupby(cells, lambda one: one.values[level])
    ]
    small = [part[0] for part in parts if not part[0].is_safe(minimum)]
    if not small:
        return [cell for part in parts for cell in part]
    large = sorted((part for part in parts if part[0].is_safe(minimum)), key=lambda part: -sum(one.n for one in part))
    values = cells[0].values[:level] + (OTHER,) * (depth - level)
    rest = _together(small, values)
    while large and not rest.is_safe(minimum):
        rest = _together([rest, *large.pop()], values)
    return [*(cell for part in large for cell in part), rest]


def _together(cells: list[Cell], values: tuple[str | None, ...]) -> Cell:
    sums = tuple(_sum(column) for column in zip(*(cell.sums for cell in cells), strict=True))
    counts = tuple(sum(column) for column in zip(*(cell.counts for cell in cells), strict=True))
    return Cell(values, sum(cell.n for cell in cells), max(cell.clients for cell in cells), sums, counts)


def _sum(values: tuple[float | None, ...]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None


def _place(cell: Cell) -> tuple[tuple[bool, str], ...]:
    """Unknown values last."""
    return tuple((value is None, value or "") for value in cell.values)


# ── The file ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _table(path: Path, columns: Sequence[str] | None = None) -> pa.Table:
    """Columns of a cube, read where they are used."""
    import pyarrow as pa

    file = pa.memory_map(str(path))
    options = None
    if columns is not None:
        names = pa.ipc.open_file(file).schema.names
        options = pa.ipc.IpcReadOptions(included_fields=[names.index(name) for name in columns])
    return pa.ipc.open_file(file, options=options).read_all()


def _grouped(table: pa.Table, by: tuple[str, ...]) -> pa.Table:
    """Sums and counts of each cell, as Arrow."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = {name: _dimension(table, name) for name in by}
    known = {name: table[name] for name in SUMMED if name in table.column_names}
    known["revenue_counted"] = pc.if_else(pc.equal(table["counted"], 1), table["revenue"], None)
    asked: list[Any] = [("client", "count_distinct"), ([], "count_all")]
    asked += [(name, how) for name in SUMMED for how in ("sum", "count")]
    found = pa.table({**keys, "client": table["client"], **known})
    return found.group_by(list(by), use_threads=False).aggregate(asked)


def _cells(grouped: pa.Table, by: tuple[str, ...]) -> Iterator[Cell]:
    rows = grouped.to_pydict()
    values = [rows[name] for name in by]
    for place, n in enumerate(rows["count_all"]):
        yield Cell(
            tuple(column[place] for column in values),
            n,
            rows["client_count_distinct"][place],
            tuple(rows[f"{name}_sum"][place] for name in SUMMED),
            tuple(rows[f"{name}_count"][place] for name in SUMMED),
        )


def _dimension(table: pa.Table, name: str) -> pa.Array:
    """The values of a dimension; quarters and years are read from months."""
    import pyarrow as pa

    if name not in OF_MONTH:
        return table[name].combine_chunks()
    months = table["month"].combine_chunks()
    told = pa.array([_period(month, OF_MONTH[name]) for month in months.dictionary.to_pylist()])
    return told.take(months.indices)


def _period(month: str, length: int) -> str:
    """«2025» or «2025-Q3»."""
    year, number = month.split("-")
    return year if length == 12 else f"{year}-Q{(int(number) + 2) // 3}"


def _values(column: pa.ChunkedArray) -> list[Any]:
    return [value for value in column.combine_chunks().dictionary.to_pylist() if value is not None]


def _n_values(column: pa.ChunkedArray) -> int:
    """Different values, the unknown one among them."""
    return len(_values(column)) + bool(column.null_count)


def _is_known(table: pa.Table, column: str) -> bool:
    name = "revenue" if column == "revenue_counted" else column
    return bool(table[name].null_count < table.num_rows)
