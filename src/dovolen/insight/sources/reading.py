"""Rows of foreign files and databases as they are: headers beside Arrow columns named c0, c1, …

Numbered names keep headers in any letters, of any length and differing only in case away from SQL.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from dovolen.insight.schema import Aside, SchemaError

MOST_COLUMNS = 2_000
MOST_BYTES_OF_JSON = 128 * 2**20
MOST_CELLS_OF_JSON = 30_000_000
MOST_ROWS, MOST_CELLS = 50_000_000, 500_000_000
"""Of a Parquet file: a run of equal values takes a few bytes there, however long it is."""
FREE_CELLS, MOST_CELLS_A_BYTE = 20_000_000, 50
MOST_TEXT = 4 * 2**30
SUFFIXES = (
    ".parquet",
    ".csv",
    ".tsv",
    ".txt",
    ".xlsx",
    ".xlsm",
    ".xls",
    ".ods",
    ".json",
    ".sqlite",
    ".sqlite3",
    ".db",
    ".duckdb",
)


@dataclass(frozen=True)
class Raw:
    """One foreign table: its name, its headers and its rows; rows that could not even be split are told in `asides`."""

    name: str
    headers: tuple[str, ...]
    rows: pa.Table
    asides: tuple[Aside, ...] = field(default=())

    @property
    def rows_in(self) -> int:
        """Rows of the source, unreadable ones included."""
        return int(self.rows.num_rows) + sum(aside.count for aside in self.asides)

    def column(self, header: str) -> str:
        """The numbered name of a header's column."""
        return f"c{self.headers.index(header)}"

    def kind(self, header: str) -> pa.DataType:
        """Arrow type of a header's column."""
        return self.rows.schema.field(self.column(header)).type


def read(source: str | Path) -> list[Raw]:
    """Every table of a file, a folder or a database address."""
    if str(source).startswith(("postgres://", "postgresql://")):
        from dovolen.insight.sources import databases

        return databases.postgres(str(source))
    path = Path(source)
    if path.is_dir():
        found = [raw for file in folder(path) for raw in read(file)]
        if not found:
            raise SchemaError("error.empty_folder", {"source": path.name, "kinds": ", ".join(SUFFIXES)})
        return found
    if not path.is_file():
        raise SchemaError("error.no_file", {"source": str(source)})
    if path.stat().st_size == 0:
        raise SchemaError("error.empty_file", {"source": path.name})
    return _reader(path)(path)


def folder(path: Path) -> list[Path]:
    """Readable files of a folder in order of name."""
    return [file for file in sorted(path.iterdir()) if file.is_file() and file.suffix.lower() in SUFFIXES]


def _reader(path: Path) -> Callable[[Path], list[Raw]]:
    """What reads this file: its first bytes say more than its name."""
    from dovolen.insight.sources import databases, delimited, spreadsheets

    with path.open("rb") as file:
        start = file.read(16)
    suffix = path.suffix.lower()
    if start[:4] == b"PAR1" or suffix == ".parquet":
        return _parquet
    if start[:15] == b"SQLite format 3":
        return databases.sqlite
    if start[8:12] == b"DUCK":
        return databases.duck
    if suffix in {".xlsx", ".xlsm", ".xls", ".ods"} or start[:4] == b"PK\x03\x04" or start[:4] == b"\xd0\xcf\x11\xe0":
        return spreadsheets.read
    if suffix == ".json" or start.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in {b"{", b"["}:
        return _json
    return delimited.read


def numbered(name: str, headers: Sequence[str], rows: pa.Table, asides: Iterable[Aside] = ()) -> Raw:
    """Rows under numbered columns, after the headers have been checked."""
    if not rows.num_rows:
        raise SchemaError("error.header_only", {"source": name})
    return Raw(
        name,
        check_headers(name, headers),
        rows.rename_columns([f"c{i}" for i in range(rows.num_columns)]),
        tuple(asides),
    )


def check_headers(name: str, headers: Sequence[str]) -> tuple[str, ...]:
    """Headers with single spaces. Raises SchemaError when there are too many, none, or some twice."""
    tidy = tuple(" ".join(header.replace("\ufeff", "").split()) for header in headers)
    if len(tidy) > MOST_COLUMNS:
        raise SchemaError("error.too_many_columns", {"source": name, "count": len(tidy), "most": MOST_COLUMNS})
    if not any(tidy):
        raise SchemaError("error.no_header", {"source": name})
    filled = [header for header in tidy if header]
    twice = sorted({header for header in filled if filled.count(header) > 1})
    if twice:
        raise SchemaError("error.duplicate_headers", {"source": name, "headers": ", ".join(twice[:20])})
    return tidy


def _parquet(path: Path) -> list[Raw]:
    from dovolen.insight.sources import archives

    try:
        with pq.ParquetFile(path) as file:
            told = file.metadata
            cells = told.num_rows * told.num_columns
            grows = cells > max(FREE_CELLS, MOST_CELLS_A_BYTE * path.stat().st_size)
            texts = [one.name for one in file.schema_arrow if _is_text(one.type)]
        if told.num_rows > MOST_ROWS or cells > MOST_CELLS or grows:
            raise archives.bomb(path.name)
        rows = pq.read_table(path, read_dictionary=texts)
        if sum(_letters(rows.column(name)) for name in rows.column_names) > MOST_TEXT:
            raise archives.bomb(path.name)
        plain = _plain(rows)
    except (pa.ArrowException, OSError, MemoryError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "Parquet"}) from error
    return [numbered(path.name, rows.column_names, plain)]


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_binary(kind))


def _letters(column: pa.ChunkedArray) -> int:
    """Bytes of the words of a dictionary column, each counted as often as it stands."""
    n = 0
    for chunk in column.chunks:
        if pa.types.is_dictionary(chunk.type):
            lengths = pc.binary_length(chunk.dictionary)
            n += int(pc.sum(pc.take(lengths, chunk.indices)).as_py() or 0) if len(lengths) else 0
    return n


def _plain(rows: pa.Table) -> pa.Table:
    """Dictionary columns unpacked to their words; one kind of text."""
    fields = []
    for field_ in rows.schema:
        kind = field_.type.value_type if pa.types.is_dictionary(field_.type) else field_.type
        fields.append(pa.field(field_.name, pa.string() if pa.types.is_large_string(kind) else kind))
    return rows.cast(pa.schema(fields))


def _json(path: Path) -> list[Raw]:
    """Lists of objects: at the top, or one level under it by name. Nested: `outer.inner`; lists by comma."""
    if path.stat().st_size > MOST_BYTES_OF_JSON:
        raise SchemaError("error.too_large", {"source": path.name, "most": MOST_BYTES_OF_JSON // 2**20})
    try:
        content = json.loads(path.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SchemaError("error.damaged", {"source": path.name, "kind": "JSON"}) from error
    lists = {path.name: content} if isinstance(content, list) else content
    found = [
        _objects(path.stem if name == path.name else name, rows)
        for name, rows in lists.items()
        if isinstance(rows, list) and rows and all(isinstance(row, dict) for row in rows)
    ]
    if not found:
        raise SchemaError("error.no_rows", {"source": path.name})
    return found


def _objects(name: str, objects: list[dict[str, object]]) -> Raw:
    flat = [dict(_flat("", item)) for item in objects]
    headers = list(dict.fromkeys(header for row in flat for header in row))
    check_headers(name, headers)
    if len(headers) * len(flat) > MOST_CELLS_OF_JSON:
        raise SchemaError("error.too_large", {"source": name, "most": MOST_BYTES_OF_JSON // 2**20})
    columns = [pa.array([row.get(header) for row in flat], pa.string()) for header in headers]
    return numbered(name, headers, pa.table(columns, names=headers))


def _flat(prefix: str, item: dict[str, object]) -> Iterable[tuple[str, str | None]]:
    for name, value in item.items():
        if isinstance(value, dict):
            yield from _flat(f"{prefix}{name}.", value)
        elif isinstance(value, list):
            yield prefix + name, ", ".join(map(str, value)) or None
        else:
            yield prefix + name, None if value is None else str(value)
