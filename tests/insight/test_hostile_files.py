"""S7: files made to fill the memory or to take for ever are refused soon, in one sentence, with the memory bounded."""

from __future__ import annotations

import os
import random
import resource
import sqlite3
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import reading

MOST_SECONDS, MOST_MEMORY = 1.0, 300 * 1024
"""Of one file: what is promised; a machine that does ten things at once is given ten times as long."""
SLOW = 10
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
MIB = 2**20


def book(path: Path, sheet: str | None, **more: bytes) -> Path:
    """A workbook of one sheet."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("_rels/.rels", f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" '
                         f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>')  # fmt: skip
        archive.writestr("xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
                         '<sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>')  # fmt: skip
        archive.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{PACKAGE}/relationships">'
                         f'<Relationship Id="r1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
                         f'<Relationship Id="r2" Type="{OFFICE}/sharedStrings" Target="sharedStrings.xml"/>'
                         "</Relationships>")  # fmt: skip
        for name, content in more.items():
            archive.writestr(f"xl/{name}.xml", content)
        if sheet is not None:
            archive.writestr(
                "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>'
            )
    return path


def spread(path: Path, name: str, size: int, piece: bytes) -> Path:
    """An archive with one entry that grows."""
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open(name, "w", force_zip64=True) as entry,
    ):
        for _ in range(size // len(piece)):
            entry.write(piece)
    return path


def a_sheet_of_a_gibibyte(folder: Path) -> Path:
    return spread(folder / "a.xlsx", "xl/worksheets/sheet1.xml", 2**30, b" " * 4 * MIB)


def a_sheet_of_half_the_limit_out_of_nothing(folder: Path) -> Path:
    return spread(folder / "a.xlsx", "xl/worksheets/sheet1.xml", 300 * MIB, b" " * 4 * MIB)


def a_text_document_that_grows(folder: Path) -> Path:
    return spread(folder / "a.ods", "content.xml", 300 * MIB, b"<text:p/>" * 100_000)


def a_picture_that_grows(folder: Path) -> Path:
    return spread(folder / "a.xlsx", "xl/media/image1.png", 300 * MIB, bytes(MIB))


def a_million_entries(folder: Path) -> Path:
    return entries(folder / "a.xlsx", 1_000_000, told=0xFFFF)


def a_million_entries_told_as_three(folder: Path) -> Path:
    return entries(folder / "a.xlsx", 1_000_000, told=3)


def a_million_entries_in_the_far_list(folder: Path) -> Path:
    return entries(folder / "a.xlsx", 1_000_000, told=0xFFFF, far=True)


def entries(path: Path, n: int, *, told: int, far: bool = False) -> Path:
    """A list of so many empty entries, and what the archive tells of their number."""
    one = struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    with path.open("wb") as file:
        begins = file.write(b"PK\x03\x04" + bytes(26))
        for _ in range(n // 10_000):
            file.write(one * 10_000)
        length, at = n * len(one), file.tell()
        if far:
            file.write(struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, n, n, length, begins))
            file.write(struct.pack("<4sLQL", b"PK\x06\x07", 0, at, 1))
        file.write(struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, told, told, length, begins, 0))
    return path


def an_entry_that_is_larger_than_it_says(folder: Path) -> Path:
    path = spread(folder / "a.xlsx", "xl/worksheets/sheet1.xml", 64 * MIB, b" " * MIB)
    content = bytearray(path.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(content))
    return path


def entries_that_share_their_bytes(folder: Path) -> Path:
    """One compressed piece, named by many entries of the list."""
    path = spread(folder / "a.xlsx", "xl/worksheets/sheet1.xml", 7 * MIB, b" " * MIB)
    content = path.read_bytes()
    central, end = content.rindex(b"PK\x01\x02"), content.rindex(b"PK\x05\x06")
    one = content[central:end]
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 4000, 4000, 4000 * len(one), central, 0)
    path.write_bytes(content[:central] + one * 4000 + tail)
    return path


def a_laugh_of_entities(folder: Path) -> Path:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    doctype = f'<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY l0 "lol">{laughs}]>'
    shared = f'{doctype}<sst xmlns="{MAIN}"><si><t>&l9;</t></si></sst>'
    return book(folder / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', sharedStrings=shared.encode())


def a_file_outside_as_an_entity(folder: Path) -> Path:
    shared = f'<!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst xmlns="{MAIN}"><si><t>&x;</t></si></sst>'
    return book(folder / "a.xlsx", '<row r="1"><c r="A1" t="s"><v>0</v></c></row>', sharedStrings=shared.encode())


def one_long_string_in_many_cells(folder: Path) -> Path:
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 5 * MIB}</t></si></sst>'
    return book(folder / "a.xlsx", shared_cells(20_000), sharedStrings=shared.encode())


def a_middling_string_in_very_many_cells(folder: Path) -> Path:
    shared = f'<sst xmlns="{MAIN}"><si><t>{"x" * 32_000}</t></si></sst>'
    return book(folder / "a.xlsx", shared_cells(60_000), sharedStrings=shared.encode())


def shared_cells(n: int) -> str:
    return "".join(f'<row r="{i}"><c r="A{i}" t="s"><v>0</v></c></row>' for i in range(1, n + 1))


def two_cells_far_apart(folder: Path) -> Path:
    return book(
        folder / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>1</v></c></row>'
    )


def a_sheet_wider_than_any(folder: Path) -> Path:
    return book(folder / "a.xlsx", '<row r="1"><c r="XFD1"><v>1</v></c></row>')


def a_far_cell_where_two_pieces_meet(folder: Path) -> Path:
    filler = " " * (MIB - 200)
    return book(folder / "a.xlsx", f'<row r="1"><c r="A1"><v>1</v></c>{filler}<c r="ZZ1048576"><v>1</v></c></row>')


def a_cell_repeated_a_million_times(folder: Path) -> Path:
    row = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    return ods(folder, row)


def cells_repeated_just_under_the_limit(folder: Path) -> Path:
    row = '<table:table-row table:number-rows-repeated="999"><table:table-cell table:number-columns-repeated="999" office:value-type="float" office:value="1"/></table:table-row>'
    return ods(folder, row * 100)


def ods(folder: Path, rows: str) -> Path:
    with zipfile.ZipFile(folder / "a.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", f"<table:table>{rows}</table:table>")
    return folder / "a.ods"


def a_locked_workbook(folder: Path) -> Path:
    path = book(folder / "a.xlsx", '<row r="1"><c r="A1"><v>1</v></c></row>')
    content = bytearray(path.read_bytes())
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    path.write_bytes(bytes(content))
    return path


def half_a_workbook(folder: Path) -> Path:
    whole = book(folder / "a.xlsx", shared_cells(10)).read_bytes()
    (folder / "a.xlsx").write_bytes(whole[: len(whole) // 2])
    return folder / "a.xlsx"


def an_old_workbook_that_turns_in_a_circle(folder: Path) -> Path:
    """A compound file whose list of sectors names itself."""
    head = bytearray(512)
    head[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<5H", head, 24, 0x3E, 3, 0xFFFE, 9, 6)
    struct.pack_into("<9L", head, 40, 0, 1, 1, 0, 4096, 1, 1, 0, 1)
    struct.pack_into("<L", head, 76, 0)
    (folder / "a.xls").write_bytes(bytes(head) + struct.pack("<128L", *([1] * 128)) * 8)
    return folder / "a.xls"


def a_page_that_calls_itself_a_workbook(folder: Path) -> Path:
    (folder / "a.xlsx").write_bytes(b"<html><script>alert(1)</script></html>" * 100)
    return folder / "a.xlsx"


def a_program_with_an_archive_behind_it(folder: Path) -> Path:
    archive = spread(folder / "b.zip", "xl/worksheets/sheet1.xml", 2**29, b" " * 4 * MIB).read_bytes()
    (folder / "a.xlsx").write_bytes(b"MZ" + os.urandom(5_000) + archive)
    return folder / "a.xlsx"


def a_base_with_an_archive_behind_it(folder: Path) -> Path:
    base = damaged_base(folder).read_bytes()
    (folder / "a.xlsx").write_bytes(base + a_sheet_wider_than_any(folder).read_bytes())
    return folder / "a.xlsx"


def damaged_base(folder: Path) -> Path:
    path = folder / "b.sqlite"
    path.unlink(missing_ok=True)
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (client TEXT, day TEXT)")
        base.executemany("INSERT INTO orders VALUES (?, ?)", [(f"client {n}" * 20, "2024-01-01") for n in range(2000)])
    base.close()
    content = bytearray(path.read_bytes())
    chance = random.Random(7)
    for _ in range(2_000):
        content[chance.randrange(100, len(content))] = chance.randrange(256)
    path.write_bytes(bytes(content))
    return path


def a_base_of_noise(folder: Path) -> Path:
    return damaged_base(folder)


def half_a_base(folder: Path) -> Path:
    path = folder / "b.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (client TEXT)")
        base.executemany("INSERT INTO orders VALUES (?)", [("x" * 900,) for _ in range(2000)])
    base.close()
    path.write_bytes(path.read_bytes()[:100_000])
    return path


def a_base_whose_columns_make_themselves_up(folder: Path) -> Path:
    path = folder / "b.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (n INT, x TEXT GENERATED ALWAYS AS (printf('%.*c', 100000000, 'x')))")
        base.execute(
            "CREATE VIEW clients AS WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT i FROM r"
        )
    base.close()
    return path


def a_base_whose_rows_say_one_thing_long(folder: Path) -> Path:
    path = folder / "b.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE orders (n INT)")
        base.execute(
            "INSERT INTO orders WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r LIMIT 100000) SELECT i FROM r"
        )
        base.execute(f"ALTER TABLE orders ADD COLUMN x TEXT DEFAULT '{'x' * 900_000}'")
    base.close()
    return path


def rows_of_parquet_beyond_number(folder: Path) -> Path:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 30_000_000, pa.int8()), pa.array(["x"]))
    pq.write_table(pa.table({"client": column, "day": column}), folder / "a.parquet", row_group_size=30_000_000)
    return folder / "a.parquet"


def one_long_word_of_parquet_everywhere(folder: Path) -> Path:
    column = pa.DictionaryArray.from_arrays(pa.array([0] * 200_000, pa.int32()), pa.array(["x" * 500_000]))
    pq.write_table(pa.table({"client": column}), folder / "a.parquet", compression="zstd")
    return folder / "a.parquet"


def half_a_parquet(folder: Path) -> Path:
    pq.write_table(pa.table({"client": [str(n) for n in range(50_000)]}), folder / "a.parquet")
    (folder / "a.parquet").write_bytes((folder / "a.parquet").read_bytes()[:-2_000] + b"PAR1")
    return folder / "a.parquet"


def parquet_with_noise_inside(folder: Path) -> Path:
    pq.write_table(
        pa.table({"client": [f"{n * 7919}" for n in range(50_000)]}), folder / "a.parquet", compression="gzip"
    )
    content = bytearray((folder / "a.parquet").read_bytes())
    content[200:30_000] = os.urandom(29_800)
    (folder / "a.parquet").write_bytes(bytes(content))
    return folder / "a.parquet"


def a_deep_list(folder: Path) -> Path:
    (folder / "a.json").write_bytes(b"[" * MIB)
    return folder / "a.json"


def objects_that_have_nothing_in_common(folder: Path) -> Path:
    rows = [",".join(f'"c{n}":1' for n in range(1_900)), *("" for _ in range(20_000))]
    (folder / "a.json").write_text("[" + ",".join(f"{{{row}}}" for row in rows) + "]")
    return folder / "a.json"


def a_line_without_an_end(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(b"client,day\n" + b'"' + b"x" * 64 * MIB)
    return folder / "a.csv"


def noise(folder: Path) -> Path:
    (folder / "a.csv").write_bytes(zlib.compress(os.urandom(MIB)))
    return folder / "a.csv"


HOSTILE: tuple[Callable[[Path], Path], ...] = (
    a_sheet_of_a_gibibyte, a_sheet_of_half_the_limit_out_of_nothing, a_text_document_that_grows, a_picture_that_grows,
    a_million_entries, a_million_entries_told_as_three, a_million_entries_in_the_far_list,
    an_entry_that_is_larger_than_it_says, entries_that_share_their_bytes, one_long_string_in_many_cells,
    a_middling_string_in_very_many_cells, two_cells_far_apart, a_sheet_wider_than_any, a_far_cell_where_two_pieces_meet,
    a_cell_repeated_a_million_times, cells_repeated_just_under_the_limit, a_locked_workbook, half_a_workbook,
    an_old_workbook_that_turns_in_a_circle, a_page_that_calls_itself_a_workbook, a_program_with_an_archive_behind_it,
    a_base_with_an_archive_behind_it, a_base_of_noise, half_a_base, a_base_whose_columns_make_themselves_up,
    a_base_whose_rows_say_one_thing_long, rows_of_parquet_beyond_number, one_long_word_of_parquet_everywhere,
    half_a_parquet, parquet_with_noise_inside, a_deep_list, objects_that_have_nothing_in_common,
    a_line_without_an_end, noise,
)  # fmt: skip


@pytest.fixture(scope="module")
def told() -> Iterator[list[tuple[str, str, float, float]]]:
    """What is said of each, printed when all are done."""
    lines: list[tuple[str, str, float, float]] = []
    yield lines
    longest, largest = max(one[2] for one in lines), max(one[3] for one in lines)
    print(
        f"\nS7: {len(lines)} hostile files refused, the slowest in {longest:.2f} s, the largest took {largest:.0f} MiB"
    )


@pytest.mark.parametrize("make", HOSTILE, ids=lambda make: make.__name__)
def test_a_hostile_file_is_refused_soon_in_bounded_memory(
    tmp_path: Path, make: Callable[[Path], Path], told: list[tuple[str, str, float, float]]
) -> None:
    path = make(tmp_path)
    before, began = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.monotonic()

    with pytest.raises(SchemaError) as refusal:
        reading.read(path)

    lasted = time.monotonic() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    told.append((make.__name__, refusal.value.key, lasted, grown / 1024))
    assert "\n" not in str(refusal.value).strip()
    assert lasted < MOST_SECONDS * SLOW
    assert grown < MOST_MEMORY
    path.unlink()


@pytest.mark.parametrize("make", [a_laugh_of_entities, a_file_outside_as_an_entity], ids=lambda make: make.__name__)
def test_what_a_file_names_inside_itself_is_never_unfolded(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    try:
        found = reading.read(make(tmp_path))
    except SchemaError:
        found = []

    words = " ".join(raw.headers[0] for raw in found)
    assert "lollol" not in words
    assert "root:" not in words
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < MOST_MEMORY
