"""Mapping: which foreign column is which of ours, with the words and notations of one system. Kept as TOML."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterable
from collections.abc import Mapping as Dictionary
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import Any

from dovolen.insight.schema import TABLES, SchemaError

AMOUNT = "amount"
"""Not canonical, but mapped under `lines`: a line's total, from which its unit price and the order's revenue come."""

CLOSED: Dictionary[str, tuple[str, ...]] = {
    "customers.kind": ("person", "company"),
    "orders.outcome": ("repaired", "declined", "beyond_repair", "no_fault_found", "cancelled"),
    "orders.initiated_by": ("client", "us"),
    "orders.pay_type": ("customer_pay", "warranty", "goodwill"),
    "orders.place": ("workshop", "on_site", "pre_sale"),
    "orders.department": ("sales", "service"),
    "lines.kind": ("labour", "part", "fee"),
    "lines.state": ("approved", "declined"),
}
"""Columns that hold only our own words, and the words."""

GROUP_WORDS = {
    "client": "customer_id",
    "customer": "customer_id",
    "day": "accepted_date",
    "date": "accepted_date",
    "branch": "centre",
    "order": "order_id",
}
"""Words of `--group-by` → the canonical columns they mean."""


@dataclass(frozen=True)
class TableMapping:
    """Where one canonical table comes from: a file, sheet or table (empty = the source), and its headers.

    Several headers for a column: the first filled one counts. `values`: column → {foreign word: ours}.
    """

    columns: Dictionary[str, tuple[str, ...]]
    file: str = ""
    values: Dictionary[str, Dictionary[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Returns:
    """Rows whose `column` holds one of `words` are returns: their amounts count as negative."""

    column: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Mapping:
    """A whole mapping; empty fields are found out from the data.

    `group_by` (canonical columns of orders) makes orders out of lines. `companies`: canonical column of orders → words
    that tell a company's order. `alike`: code of a finding (identifier_variants, same_name) → header that holds one key
    for all spellings. `layout` "phones_below" is the printed list of 1C: a name, then a row of its phones.
    """

    tables: Dictionary[str, TableMapping]
    name: str = ""
    currency: str = ""
    zone: str = ""
    date_order: str = ""
    decimal: str = ""
    group_by: tuple[str, ...] = ()
    returns: Returns | None = None
    companies: Dictionary[str, tuple[str, ...]] = field(default_factory=dict)
    alike: Dictionary[str, str] = field(default_factory=dict)
    layout: str = ""
    preset: bool = False

    def headers(self, table: str | None = None) -> tuple[str, ...]:
        """Every header the mapping names, of one table or of all that come from the source itself."""
        chosen = [self.tables[table]] if table else [part for part in self.tables.values() if not part.file]
        named = [header for part in chosen for headers in part.columns.values() for header in headers]
        if self.returns:
            named.append(self.returns.column)
        return tuple(dict.fromkeys(named))


def grouping(words: Iterable[str]) -> tuple[str, ...]:
    """Canonical columns for `client, day, branch` or for names already canonical. Raises SchemaError for others."""
    columns = tuple(GROUP_WORDS.get(word.strip().lower(), word.strip()) for word in words)
    strange = [column for column in columns if not TABLES["orders"].column(column)]
    if strange:
        raise SchemaError("error.group_by", {"words": ", ".join(strange), "known": ", ".join(GROUP_WORDS)})
    return columns


def presets() -> list[str]:
    """Names of the mappings that come with the program."""
    folder = resources.files(__package__).joinpath("mappings")
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


def load(source: str | Path) -> Mapping:
    """The mapping in a TOML file, or the preset of that name."""
    if str(source) in presets():
        text = resources.files(__package__).joinpath("mappings", f"{source}.toml").read_text(encoding="utf-8")
        return from_toml(text, preset=True)
    path = Path(source)
    if not path.is_file():
        raise SchemaError("error.no_mapping", {"source": str(source), "presets": ", ".join(presets())})
    try:
        return from_toml(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError("error.bad_mapping", {"reason": f"{path.name}: {error}"}) from error


def from_toml(text: str, *, preset: bool = False) -> Mapping:
    """The mapping written in `text`. Raises SchemaError naming every table and column that is not ours."""
    content = tomllib.loads(text)
    try:
        mapping = Mapping(
            tables={name: _table(part) for name, part in content.pop("tables", {}).items()},
            group_by=grouping(content.pop("lines", {}).get("group_by", ())),
            returns=_returns(content.pop("returns", None)),
            companies={column: _several(words) for column, words in content.pop("companies", {}).items()},
            preset=preset,
            **content,
        )
    except (TypeError, AttributeError, KeyError) as error:
        raise SchemaError("error.bad_mapping", {"reason": str(error)}) from error
    check_columns(mapping)
    return mapping


def check_columns(mapping: Mapping) -> None:
    """Raises SchemaError when the mapping names tables or columns that do not exist here."""
    strange = [
        f"{table}.{column}" if table in TABLES else table
        for table, part in mapping.tables.items()
        for column in part.columns
        if table not in TABLES or not (TABLES[table].column(column) or (table, column) == ("lines", AMOUNT))
    ]
    if strange or not mapping.tables:
        names = ", ".join(dict.fromkeys(strange)) or "tables"
        raise SchemaError("error.strange_columns", {"columns": names, "tables": ", ".join(TABLES)})


def _table(part: dict[str, Any]) -> TableMapping:
    columns = {column: _several(headers) for column, headers in part["columns"].items()}
    return TableMapping(columns=columns, file=str(part.get("file", "")), values=part.get("values", {}))


def _returns(part: dict[str, Any] | None) -> Returns | None:
    return Returns(str(part["column"]), _several(part["words"])) if part else None


def _several(words: str | list[str]) -> tuple[str, ...]:
    return (words,) if isinstance(words, str) else tuple(words)


def to_toml(mapping: Mapping) -> str:
    """The mapping as a file that a person may edit; `from_toml` reads the same one back."""
    lines = [
        f"{key} = {_quoted(value)}"
        for key in ("name", "currency", "zone", "date_order", "decimal", "layout")
        if (value := getattr(mapping, key))
    ]
    if mapping.group_by:
        lines += ["", "[lines]", f"group_by = {_quoted(mapping.group_by)}"]
    if mapping.returns:
        lines += [
            "",
            "[returns]",
            f"column = {_quoted(mapping.returns.column)}",
            f"words = {_quoted(mapping.returns.words)}",
        ]
    if mapping.companies:
        lines += ["", "[companies]", *(f"{column} = {_quoted(words)}" for column, words in mapping.companies.items())]
    if mapping.alike:
        lines += ["", "[alike]", *(f"{code} = {_quoted(header)}" for code, header in mapping.alike.items())]
    for name, part in mapping.tables.items():
        lines += ["", f"[tables.{name}]"]
        if part.file:
            lines.append(f"file = {_quoted(part.file)}")
        lines.append(f"[tables.{name}.columns]")
        lines += [
            f"{column} = {_quoted(headers[0] if len(headers) == 1 else headers)}"
            for column, headers in part.columns.items()
        ]
        for column, words in part.values.items():
            lines.append(f"[tables.{name}.values.{column}]")
            lines += [f"{_quoted(foreign)} = {_quoted(ours)}" for foreign, ours in words.items()]
    return "\n".join(lines).strip() + "\n"


def _quoted(value: str | tuple[str, ...]) -> str:
    """A TOML string or list of strings; JSON's escapes are TOML's too."""
    return json.dumps(value, ensure_ascii=False)
