"""CSV and its relatives: letters and separators are found out, then the rows are read at once by Arrow."""

from __future__ import annotations

import codecs
import csv
import io
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as arrow_csv

from dovolen.insight.schema import Aside, SchemaError
from dovolen.insight.sources.reading import MOST_COLUMNS, Raw, check_headers, numbered

_SEPARATORS = (";", "\t", ",", "|")
_CHUNK = 4 * 2**20
_SAMPLE = 256 * 1024


def read(path: Path) -> list[Raw]:
    """The one table of a text file."""
    csv.field_size_limit(2**31 - 1)  # a line of 100,000 headers may look like one cell
    encoding = _encoding(path)
    sample = _sample(path, encoding)
    separator = _separator(sample)
    headers = _headers(path.name, sample, separator)
    unread: list[str] = []

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        unread.append(row.text)
        return "skip"

    names = [f"c{i}" for i in range(len(headers))]
    try:
        rows = arrow_csv.read_csv(
            path,
            read_options=arrow_csv.ReadOptions(encoding=encoding, column_names=names, block_size=16 * 2**20),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values=True, invalid_row_handler=set_aside
            ),
            convert_options=arrow_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()), null_values=[""], strings_can_be_null=True
            ),
        )
    except (pa.ArrowInvalid, UnicodeError, pa.ArrowKeyError) as error:
        raise SchemaError("error.not_a_table", {"source": path.name}) from error
    body = rows.slice(1)  # the header itself, however its lines end
    examples = tuple(row[:120] for row in unread[:5])
    return [numbered(path.name, headers, body, [Aside("bad_row", len(unread), examples)] if unread else [])]


def _encoding(path: Path) -> str:
    """UTF-16 by its mark, UTF-8 when all of the file is, else cp1251. Raises SchemaError for bytes that are no text."""
    with path.open("rb") as file:
        start = file.read(64 * 1024)
        if start[:2] in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            return "utf-16"
        junk = sum(byte < 9 or 13 < byte < 32 for byte in start)
        if junk:
            raise SchemaError("error.not_a_table", {"source": path.name})
        decoder = codecs.getincrementaldecoder("utf-8")()
        file.seek(0)
        try:
            while chunk := file.read(_CHUNK):
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1251"
    return "utf-8"


def _sample(path: Path, encoding: str) -> str:
    with path.open("rb") as file:
        raw = file.read(_SAMPLE)
    text = codecs.getincrementaldecoder(encoding)(errors="replace").decode(raw)
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def _separator(sample: str) -> str:
    """The separator that cuts the first lines into the most equal numbers of cells."""
    lines = [line for line in sample.split("\n")[:50] if line.strip()][:20]
    if not lines:
        return ","

    def score(separator: str) -> tuple[int, int]:
        counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        return sum(count == counts[0] for count in counts) if counts[0] > 1 else 0, counts[0]

    return max(_SEPARATORS, key=score)


def _headers(name: str, sample: str, separator: str) -> tuple[str, ...]:
    """The first line's cells, checked before anything else is read."""
    try:
        first = next(
            (row for row in csv.reader(io.StringIO(sample), delimiter=separator) if any(cell.strip() for cell in row)),
            [],
        )
    except csv.Error as error:
        raise SchemaError("error.not_a_table", {"source": name}) from error
    if len(sample) >= _SAMPLE // 4 and "\n" not in sample:
        raise SchemaError("error.too_many_columns", {"source": name, "count": f"≥ {len(first)}", "most": MOST_COLUMNS})
    return check_headers(name, first)
