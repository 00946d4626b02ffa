"""What the headers of a file mean, as people choose it; there and back from a mapping. No rows are read here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from dovolen.insight.mapping import AMOUNT, CLOSED, GROUP_WORDS, TableMapping
from dovolen.insight.mapping import Mapping as FileMapping
from dovolen.insight.schema import TABLES

KEYS = ("customer_id", "order_id", "asset_id")
"""Chosen once for a sheet, whichever of our tables its rows go to."""
LINE_AMOUNT, REVENUE = f"lines.{AMOUNT}", "orders.revenue"
MAIN = ("customers", "assets", "orders", "lines")
OTHERS = tuple(table for table in TABLES if table not in (*MAIN, "centres"))
OF_OUR_OWN = ("class_hand_by", "class_hand_at", "accepted_date")
"""Columns that only our own exports have, or that another one is read for."""
AS_ORDERS, BY_NUMBER, BY_DAY, BY_DAY_AND_CENTRE = "", "number", "day", "day_and_centre"
GROUPINGS: dict[str, tuple[str, ...]] = {
    AS_ORDERS: (),
    BY_NUMBER: ("order_id",),
    BY_DAY: ("customer_id", "accepted_date"),
    BY_DAY_AND_CENTRE: ("customer_id", "accepted_date", "centre"),
}
"""What makes an order of the rows: each is one, or several are."""


@dataclass(frozen=True)
class Sheet:
    """A table of the file with a few of its rows."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_rows: int

    def examples(self, place: int, n: int = 3) -> list[str]:
        """The first different cells of a column."""
        cells = (row[place].strip() for row in self.rows if place < len(row))
        return list(dict.fromkeys(cell for cell in cells if cell))[:n]

    def words(self, header: str) -> list[str]:
        """All different cells of a column among the rows that are shown."""
        return self.examples(self.headers.index(header), len(self.rows)) if header in self.headers else []


@dataclass(frozen=True)
class Word:
    """A word of the file in a column that holds only words of ours, and which of them it means."""

    table: str
    column: str
    foreign: str
    ours: str

    @property
    def name(self) -> str:
        """Table and column."""
        return f"{self.table}.{self.column}"


class NotSo(Exception):  # noqa: N818 – no fault: told to who chose
    """A choice that makes no mapping; `key` names its words."""

    def __init__(self, key: str, **values: object) -> None:
        self.key, self.values = key, values
        super().__init__(key)


def sheets_of(sample: Mapping[str, Any]) -> list[Sheet]:
    """Tables of a sample as it is kept."""
    return [
        Sheet(one["name"], tuple(one["headers"]), tuple(tuple(row) for row in one["rows"]), int(one["n_rows"]))
        for one in sample.get("tables", ())
    ]


def meanings() -> dict[str, list[str]]:
    """Everything a header may mean, by our table; `keys` first."""
    found = {"keys": list(KEYS)}
    for table in (*MAIN, *OTHERS):
        names = [column.name for column in TABLES[table].columns if column.name not in (*KEYS, *OF_OUR_OWN)]
        if table == "lines":
            names.insert(names.index("price") + 1, AMOUNT)
        found[table] = [f"{table}.{name}" for name in names]
    return found


def grouping_of(mapping: FileMapping) -> str:
    """How rows become orders."""
    keys = set(mapping.group_by)
    return next((name for name, wanted in GROUPINGS.items() if set(wanted) == keys), AS_ORDERS)


# ── From a mapping ───────────────────────────────────────────────────────────────────────────────────────────────────


def sheet_of(part: TableMapping, sheets: Sequence[Sheet]) -> int:
    """Which sheet a part of a mapping reads: by its name, else the one that has most of its headers."""
    if part.file:
        wanted = part.file.lower()
        for place, sheet in enumerate(sheets):
            if wanted in {sheet.name.lower(), sheet.name.rsplit(".", 1)[0].lower()}:
                return place
    headers = {header.lower() for several in part.columns.values() for header in several}
    return max(range(len(sheets)), key=lambda place: len(headers & {one.lower() for one in sheets[place].headers}))


def chosen(mapping: FileMapping, sheets: Sequence[Sheet]) -> dict[tuple[int, int], list[str]]:
    """Sheet and column → what its header means, the main meaning first."""
    found: dict[tuple[int, int], list[str]] = {}
    for table, part in mapping.tables.items():
        place = sheet_of(part, sheets)
        own = {header.lower(): at for at, header in enumerate(sheets[place].headers)}
        for column, headers in part.columns.items():
            meaning = column if column in KEYS else f"{table}.{_told(table, column)}"
            for header in headers:
                if header.lower() in own:
                    found.setdefault((place, own[header.lower()]), []).append(meaning)
    return {at: sorted(dict.fromkeys(several), key=_weight) for at, several in found.items()}


def _told(table: str, column: str) -> str:
    return "accepted_at" if (table, column) == ("orders", "accepted_date") else column


def _weight(meaning: str) -> int:
    """What a header is comes before the key it serves as: a phone is a phone."""
    return 1 if meaning in KEYS else 0


# ── To a mapping ─────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(
    mapping: FileMapping, sheets: Sequence[Sheet], picked: Mapping[tuple[int, int], Sequence[str]], grouping: str
) -> FileMapping:
    """The mapping with other meanings; what people do not choose stays as it was. Raises: NotSo."""
    before = {table: sheet_of(part, sheets) for table, part in mapping.tables.items()}
    parts: dict[str, dict[str, list[str]]] = {}
    where: dict[str, int] = {}
    for (place, at), several in sorted(picked.items()):
        for meaning in several:
            if meaning in KEYS:
                continue
            table, column = _amount(meaning, grouping).split(".")
            if where.setdefault(table, place) != place:
                raise NotSo("import.not_so.two_sheets", table=table)
            parts.setdefault(table, {}).setdefault(column, []).append(sheets[place].headers[at])
    _check(parts, picked, where, grouping)
    _with_keys(parts, where, picked, sheets, grouping, before)
    group_by = tuple(GROUP_WORDS.get(key, key) for key in GROUPINGS[grouping])
    tables = {
        table: _part(mapping, table, columns, _file(mapping, table, where, before, sheets))
        for table, columns in parts.items()
    }
    return replace(mapping, tables=_in_order(mapping, tables), group_by=group_by, preset=False, layout=mapping.layout)


def _amount(meaning: str, grouping: str) -> str:
    """The sum of a row is the line's where rows are lines, else the order's."""
    return LINE_AMOUNT if meaning == REVENUE and grouping else meaning


def _check(
    parts: Mapping[str, Mapping[str, list[str]]],
    picked: Mapping[tuple[int, int], Sequence[str]],
    where: Mapping[str, int],
    grouping: str,
) -> None:
    keys = {place: {key for (one, _), several in picked.items() if one == place for key in several if key in KEYS}
            for place in {place for place, _ in picked}}  # fmt: skip
    if not parts:
        raise NotSo("import.not_so.nothing")
    if ("orders" in parts or grouping) and "accepted_at" not in parts.get("orders", {}):
        raise NotSo("import.not_so.no_day")
    if "customers" in parts and "customer_id" not in keys[where["customers"]]:
        raise NotSo("import.not_so.no_client")
    if "assets" in parts and "asset_id" not in keys[where["assets"]]:
        raise NotSo("import.not_so.no_asset")
    wanted = {BY_NUMBER: "order_id", BY_DAY: "customer_id", BY_DAY_AND_CENTRE: "customer_id"}.get(grouping)
    if wanted and wanted not in keys[where["orders"]]:
        raise NotSo("import.not_so.no_number" if grouping == BY_NUMBER else "import.not_so.no_client")
    if grouping == BY_DAY_AND_CENTRE and "centre" not in parts["orders"]:
        raise NotSo("import.not_so.no_centre")


def _with_keys(
    parts: dict[str, dict[str, list[str]]],
    where: dict[str, int],
    picked: Mapping[tuple[int, int], Sequence[str]],
    sheets: Sequence[Sheet],
    grouping: str,
    before: Mapping[str, int],
) -> None:
    """The keys of a sheet go to each of our tables that is read from it and knows them."""
    for table, place in before.items():
        if place not in where.values() or table in parts:
            continue
        own = TABLES[table].key[0] if TABLES[table].key else ""
        if own in KEYS and any(own in several for (one, _), several in picked.items() if one == place):
            parts[table], where[table] = {}, place  # told by its key alone: clients that have nothing but a number
    for table, columns in parts.items():
        for key in KEYS:
            if not TABLES[table].column(key) or (table == "lines" and grouping):
                continue
            headers = [sheets[place].headers[at] for (place, at), several in sorted(picked.items())
                       if place == where[table] and key in several]  # fmt: skip
            if headers:
                columns[key] = headers


def _part(mapping: FileMapping, table: str, columns: Mapping[str, list[str]], file: str) -> TableMapping:
    kept = mapping.tables.get(table, TableMapping(columns={}))
    ordered = {column: _as_before(headers, kept.columns.get(column, ())) for column, headers in columns.items()}
    values = {column: words for column, words in kept.values.items() if column in ordered}
    return TableMapping(columns=ordered, file=file, values=values)


def _as_before(headers: Iterable[str], before: Sequence[str]) -> tuple[str, ...]:
    """Which of several headers counts first is kept."""
    return tuple(sorted(headers, key=lambda header: before.index(header) if header in before else len(before)))


def _file(
    mapping: FileMapping, table: str, where: Mapping[str, int], before: Mapping[str, int], sheets: Sequence[Sheet]
) -> str:
    """The sheet by name, but for what is read beside the orders out of their own rows."""
    if before.get(table) == where[table]:
        return mapping.tables[table].file
    main = where.get("orders", 0)
    return "" if where[table] == main else sheets[where[table]].name


def _in_order(mapping: FileMapping, tables: dict[str, TableMapping]) -> dict[str, TableMapping]:
    order = [*mapping.tables, *(table for table in tables if table not in mapping.tables)]
    return {table: tables[table] for table in order if table in tables}


# ── Words of closed columns ──────────────────────────────────────────────────────────────────────────────────────────


def words_of(mapping: FileMapping, sheets: Sequence[Sheet]) -> list[Word]:
    """Words of the file that mean one of ours: those of the mapping, and those that are seen."""
    found = []
    for table, part in mapping.tables.items():
        sheet = sheets[sheet_of(part, sheets)]
        for column in part.columns:
            if f"{table}.{column}" not in CLOSED:
                continue
            told = {foreign.lower(): ours for foreign, ours in part.values.get(column, {}).items()}
            seen = {cell.lower() for header in part.columns[column] for cell in sheet.words(header)}
            ours = {word: word for word in CLOSED[f"{table}.{column}"]}
            found += [Word(table, column, one, told.get(one, ours.get(one, ""))) for one in sorted({*told, *seen})]
    return found


def with_words(mapping: FileMapping, words: Iterable[Word]) -> FileMapping:
    """The mapping with other meanings of words."""
    tables = dict(mapping.tables)
    told: dict[tuple[str, str], dict[str, str]] = {}
    for word in words:
        told.setdefault((word.table, word.column), {})
        if word.ours and word.ours != word.foreign:
            told[word.table, word.column][word.foreign] = word.ours
    for (table, column), values in told.items():
        if table in tables and column in tables[table].columns:
            kept = {name: one for name, one in tables[table].values.items() if name != column}
            tables[table] = replace(tables[table], values={**kept, column: values} if values else kept)
    return replace(mapping, tables=tables)
