"""A slice as it leaves the house: rows for a page and a workbook, Arrow for the pivot, Parquet to take away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from dovolen.desk.analysis.cube import OTHER
from dovolen.desk.analysis.slicing import Cell, Measure, Slice
from dovolen.insight.currencies import minor_units
from dovolen.insight.words import SIGNS, Words

if TYPE_CHECKING:
    import pyarrow as pa

DIGITS = {"share": 4, "hours": 1, "points": 1}
"""How exactly means leave the house; more would tell of single orders."""


@dataclass(frozen=True)
class Spoken:
    """A slice in the words of one language and the coins of one currency."""

    slice: Slice
    words: Words
    currency: str

    def dimension(self, name: str) -> str:
        """What it is called."""
        return self.words.name("dimension", name)

    def measure(self, measure: Measure) -> str:
        """What it is called, with its unit where a number alone would not tell."""
        title = self.words.say(f"slices.measure.{measure.name}")
        unit = {
            "money": SIGNS.get(self.currency, self.currency),
            "share": "%",
            "hours": self.words.say("slices.unit.hours"),
        }.get(measure.unit)
        return f"{title}, {unit}" if unit else title

    def weight(self, measure: Measure) -> str:
        """What the cases behind a mean are called."""
        return f"n · {self.words.say(f'slices.measure.{measure.name}')}"

    def value(self, dimension: str, value: str | None) -> str:
        """A value of a dimension as people say it."""
        if value == OTHER:
            return self.words.say("slices.other")
        if value is None:
            return self.words.say("value.absent")
        return self._period(dimension, value) or self.words.name(_family(dimension), value)

    def _period(self, dimension: str, value: str) -> str:
        if dimension == "month":
            year, month = value.split("-")
            return self.words.month(date(int(year), int(month), 1))
        if dimension == "quarter":
            year, quarter = value.split("-Q")
            return self.words.quarter(int(quarter), int(year))
        return ""

    def sorted_value(self, dimension: str, value: str | None) -> str:
        """The same for who sorts by text: months and quarters by their numbers, days of the week by theirs."""
        if value and value != OTHER and dimension in ("month", "quarter"):
            return value.replace("Q", self.words.say("slices.quarter_letter"))
        told = self.value(dimension, value)
        return f"{value} · {told}" if dimension == "weekday" and value and value != OTHER else told

    def number(self, cell: Cell, measure: Measure) -> float | int | None:
        """A measure of a cell in major units, rounded as it may leave the house."""
        value = cell.tells(measure, self.slice.minimum)
        if value is None:
            return None
        if measure.unit == "money":
            return round(value / minor_units(self.currency), 0 if measure.over else 2)
        return round(value, DIGITS[measure.unit]) if measure.unit in DIGITS else int(value)

    # ── Rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def header(self) -> list[str]:
        """Titles of `rows`."""
        return [*map(self.dimension, self.slice.by), *map(self.measure, self.slice.measures)]

    def rows(self) -> Iterator[list[Any]]:
        """Cells for a workbook: words and numbers; shares in per cent."""
        for cell in self.slice.cells:
            values = map(self.sorted_value, self.slice.by, cell.values)
            yield [*values, *(self._of_workbook(cell, measure) for measure in self.slice.measures)]

    def _of_workbook(self, cell: Cell, measure: Measure) -> int | Decimal | None:
        value = self.number(cell, measure)
        if value is None or isinstance(value, int):
            return value
        return Decimal(str(round(value * 100, 2) if measure.unit == "share" else value))

    def shown(self) -> Iterator[tuple[list[str], list[str]]]:
        """Cells for a page: values of dimensions, measures printed."""
        for cell in self.slice.cells:
            values = list(map(self.value, self.slice.by, cell.values))
            yield values, [self._printed(cell, measure) for measure in self.slice.measures]

    def _printed(self, cell: Cell, measure: Measure) -> str:
        value = cell.tells(measure, self.slice.minimum)
        if value is None:
            return self.words.say("ui.none")
        if measure.unit == "money":
            return self.words.number(round(value / minor_units(self.currency)))
        if measure.unit == "share":
            return self.words.number(value * 100, 1)
        return self.words.number(value, DIGITS.get(measure.unit, 0))

    # ── Arrow ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def table(self) -> pa.Table:
        """The cells as a table; beside each mean the number of cases behind it, by which means are put together."""
        import pyarrow as pa

        cells, made = self.slice.cells, {}
        for place, name in enumerate(self.slice.by):
            texts = pa.array([self.sorted_value(name, cell.values[place]) for cell in cells], pa.string())
            made[self.dimension(name)] = texts.dictionary_encode()
        for one in self.slice.measures:
            kind = pa.int64() if one.unit == "orders" else pa.float64()
            scale = 100 if one.unit == "share" else 1
            numbers = [self.number(cell, one) for cell in cells]
            scaled = [None if value is None else value * scale for value in numbers]
            made[self.measure(one)] = pa.array(scaled, kind)
        for one in self.slice.measures:
            if one.over:
                made[self.weight(one)] = pa.array([cell.weighs(one, self.slice.minimum) for cell in cells], pa.int64())
        return pa.table(made)

    def stream(self) -> bytes:
        """The table as an Arrow stream."""
        import pyarrow as pa

        out, made = pa.BufferOutputStream(), self.table()
        with pa.ipc.new_stream(out, made.schema) as stream:
            stream.write_table(made)
        return bytes(out.getvalue())

    def parquet(self) -> bytes:
        """The table as a Parquet file."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        out = pa.BufferOutputStream()
        pq.write_table(self.table(), out, compression="zstd")
        return bytes(out.getvalue())


def _family(dimension: str) -> str:
    """Which family of words a dimension's values speak: as the library's reports print them."""
    from dovolen.insight.cells import OF_DIMENSION

    return OF_DIMENSION.get(dimension, "value")
