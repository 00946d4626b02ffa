"""Tables that leave the desk as CSV or XLSX: written row by row however many there are, and no cell is a formula.

    return sheets.answer(sheets.XLSX, "ledger", header, rows)

A spreadsheet runs what begins with = + - @, also in full width or behind blanks: such a text gets an apostrophe before
it, so that it is read as what it is. Numbers are numbers, money is given as `Decimal`.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from django.http import StreamingHttpResponse

CSV, XLSX = "csv", "xlsx"
FORMATS = (XLSX, CSV)
MEDIA_TYPES = {
    CSV: "text/csv; charset=utf-8",
    XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
Cell = str | int | Decimal | date | datetime | None
Row = Sequence[Cell]

NOT_OF_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
LONGEST_CELL, MOST_ROWS = 32_767, 1_048_576
"""What a sheet of a workbook holds."""
PIECE = 64 * 1024


def safe(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if _formula().match(text) else text


@cache
def _formula() -> re.Pattern[str]:
    """How a formula begins: as the library's workbooks know it."""
    from dovolen.insight.workbook import DANGEROUS  # brings Arrow, which most pages do without

    return DANGEROUS


def answer(form: str, name: str, header: Sequence[str], rows: Iterable[Row]) -> StreamingHttpResponse:
    """A table as a file to keep, sent while it is written."""
    write = csv_rows if form == CSV else xlsx
    response = StreamingHttpResponse(write(header, rows), content_type=MEDIA_TYPES[form])
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}.{form}"
    response["Cache-Control"] = "private, no-store"
    return response


# ── CSV ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def csv_rows(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """UTF-8 with its mark and semicolons, as spreadsheets here open it; numbers with a comma."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    yield "\ufeff".encode()
    for row in _all(header, rows):
        writer.writerow([_plain(cell) for cell in row])
        if out.tell() >= PIECE:
            yield _taken(out)
    yield _taken(out)


def _all(header: Sequence[str], rows: Iterable[Row]) -> Iterator[Row]:
    yield header
    yield from rows


def _plain(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return str(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return f"{cell:%Y-%m-%d %H:%M}"
    if isinstance(cell, date):
        return cell.isoformat()
    return safe(NOT_OF_XML.sub("", cell)) if isinstance(cell, str) else str(cell)


def _taken(out: io.StringIO) -> bytes:
    text = out.getvalue()
    out.seek(0)
    out.truncate()
    return text.encode()


# ── XLSX ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
BEGINS = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
AROUND = {
    "[Content_Types].xml": (
        f'{BEGINS}<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override '
        'PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override '
        'PartName="/xl/styles.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>'
    ),
    "_rels/.rels": (
        f'{BEGINS}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
        'Target="xl/workbook.xml"/></Relationships>'
    ),
    "xl/workbook.xml": (
        f'{BEGINS}<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets>'
        "</workbook>"
    ),
    "xl/_rels/workbook.xml.rels": (
        f'{BEGINS}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/worksheet" '
        f'Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="{OFFICE}/styles" Target="styles.xml"/>'
        "</Relationships>"
    ),
    "xl/styles.xml": (
        f'{BEGINS}<styleSheet xmlns="{MAIN}"><numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
        '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm"/></numFmts><fonts count="2"><font><sz val="11"/>'
        '<name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2">'
        '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf/>'
        '<xf fontId="1" applyFont="1"/><xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="164" '
        'applyNumberFormat="1"/><xf numFmtId="165" applyNumberFormat="1"/></cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/>'
        "</cellStyles></styleSheet>"
    ),
}
HEADER, MONEY, DAY, MOMENT = 1, 2, 3, 4
"""Places in the styles above."""
WIDTH = 18
FIRST_DAY = datetime(1899, 12, 30, tzinfo=UTC)


def xlsx(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """A workbook of one sheet, in pieces: neither its rows nor its bytes are ever held all at once."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=5) as book:
        for name, text in AROUND.items():
            book.writestr(name, text)
        with book.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet:
            for piece in _pieces(header, rows):
                sheet.write(piece)
                yield from sink.taken()
    yield from sink.taken()


def _pieces(header: Sequence[str], rows: Iterable[Row]) -> Iterator[bytes]:
    """The sheet in pieces. Raises: ValueError for more rows than a sheet holds."""
    yield (
        f'{BEGINS}<worksheet xmlns="{MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1" '
        'topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>'
        f'<col min="1" max="{len(header)}" width="{WIDTH}" customWidth="1"/></cols><sheetData>'
    ).encode()
    gathered = [_row([_text(title, HEADER) for title in header])]
    length = 0
    for n, row in enumerate(rows, 2):
        if n > MOST_ROWS:
            raise ValueError(f"a sheet holds {MOST_ROWS} rows")
        gathered.append(_row([_cell(cell) for cell in row]))
        length += len(gathered[-1])
        if length >= PIECE:
            yield "".join(gathered).encode()
            gathered, length = [], 0
    yield ("".join(gathered) + "</sheetData></worksheet>").encode()


def _row(cells: Sequence[str]) -> str:
    return f"<row>{''.join(cells)}</row>"


def _cell(cell: Cell) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):
        return _text(cell)
    if isinstance(cell, datetime):
        return _number(_days(cell), MOMENT)
    if isinstance(cell, date):
        return _number((cell - FIRST_DAY.date()).days, DAY)
    return _number(cell, MONEY if isinstance(cell, Decimal) else 0)


def _text(text: str, style: int = 0) -> str:
    told = escape(safe(NOT_OF_XML.sub("", text))[:LONGEST_CELL])
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{told}</t></is></c>'


def _number(value: Any, style: int = 0) -> str:
    return f'<c s="{style}"><v>{value}</v></c>'


def _days(moment: datetime) -> float:
    """A moment as sheets count: days of the clock that it is told by."""
    return (moment.replace(tzinfo=UTC) - FIRST_DAY).total_seconds() / 86_400


class _Sink(io.RawIOBase):
    """Takes what is written and gives it away; knows no way back, so the archive is written without one."""

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """Always."""
        return True

    def write(self, data: Any) -> int:
        """Hold what was written until it is taken."""
        self._held.append(bytes(data))
        self._length += len(data)
        return len(data)

    def taken(self) -> Iterator[bytes]:
        """What is held, and hold it no more."""
        held, self._held = self._held, []
        if held:
            yield b"".join(held)


@cache
def minor_in(currency: str) -> int:
    """How many of the smallest coin a currency has in one."""
    from dovolen.insight.currencies import minor_units

    return minor_units(currency)


def money(amount: int, currency: str) -> Decimal:
    """Minor units as a sheet has them: roubles with two digits behind the comma."""
    units = minor_in(currency)
    return Decimal(amount).scaleb(1 - len(str(units))) if units > 1 else Decimal(amount)
