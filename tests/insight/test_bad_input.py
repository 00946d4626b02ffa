"""Bad input ends in one sentence a person can act on, soon and in bounded memory."""

import os
import resource
import time
import zipfile
import zlib
from datetime import date
from pathlib import Path

import pytest

from dovolen.insight import mapping as mappings
from dovolen.insight.schema import SchemaError
from dovolen.insight.sources import open_tables


def refused(path, **options):
    with pytest.raises(SchemaError) as caught:
        open_tables(path, **options)
    assert str(caught.value)
    assert "\n" not in str(caught.value).strip()
    return caught.value


def file(folder: Path, name: str, content: bytes) -> Path:
    (folder / name).write_bytes(content)
    return folder / name


JUNK = zlib.compress(os.urandom(50_000)) + bytes(range(256)) * 20


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("empty.csv", b"", "error.empty_file"),
        ("spaces.csv", b"\n\n  \n", "error.no_header"),
        ("header.csv", b"client,date,amount\n", "error.header_only"),
        ("header.csv", b"client,date,amount", "error.header_only"),
        ("junk.csv", JUNK, "error.not_a_table"),
        ("twice.csv", b"client,date,amount,date\nA,2024-01-05,1,2\n", "error.duplicate_headers"),
        (
            "wide.csv",
            (",".join(f"column{i}" for i in range(100_000)) + "\n" + "," * 99_999 + "\n").encode(),
            "error.too_many_columns",
        ),
        ("words.csv", "client,date,amount\nA,скоро,1\nB,вчера,2\n".encode(), "error.not_dates"),
        ("words.csv", "client,date,amount\nA,2024-01-05,много\nB,2024-01-05,мало\n".encode(), "error.not_amounts"),
        ("currencies.csv", "client,date,amount\nA,2024-01-05,5 €\nB,2024-01-05,$6\n".encode(), "error.two_currencies"),
        ("future.csv", b"client,date,amount\nA,2034-01-05,5\n", "error.all_set_aside"),
        ("strange.csv", b"alpha,beta\n1,2\n", "error.no_columns"),
        ("broken.xlsx", b"PK\x03\x04" + JUNK, "error.damaged"),
        ("broken.xlsx", JUNK, "error.damaged"),
        ("broken.xls", b"\xd0\xcf\x11\xe0" + JUNK, "error.damaged"),
        ("broken.parquet", b"PAR1" + JUNK, "error.damaged"),
        ("broken.sqlite", b"SQLite format 3\x00" + JUNK, "error.damaged"),
        ("broken.json", b"[{", "error.damaged"),
        ("empty.json", b"[]", "error.no_rows"),
        ("deep.json", b"[" * 100_000, "error.damaged"),
    ],
)
def test_one_clear_error_each(tmp_path, name, content, key):
    began = time.monotonic()

    error = refused(file(tmp_path, name, content), today=date(2030, 1, 1))

    assert error.key == key
    assert time.monotonic() - began < 10


def test_missing_columns_are_all_named_with_the_nearest_headers(tmp_path):
    path = file(tmp_path, "orders.csv", b"fechaa,clente,cosa\n2024-01-05,A,1\n")
    mapping = mappings.from_toml(
        '[tables.orders.columns]\naccepted_at = "fecha"\ncustomer_id = "cliente"\nrevenue = "total"\n'
    )

    error = refused(path, mapping=mapping)

    for words in (
        "fecha (orders.accepted_at)",
        "cliente (orders.customer_id)",
        "total (orders.revenue)",
        "fechaa",
        "clente",
    ):
        assert words in str(error)


def test_no_date_is_named_as_what_is_missing(tmp_path):
    assert "orders.accepted_at" in str(refused(file(tmp_path, "a.csv", b"client,amount\nA,1\n")))


def test_a_missing_file_an_empty_folder_and_unknown_words_are_told(tmp_path):
    assert refused(tmp_path / "none.csv").key == "error.no_file"
    assert refused(tmp_path).key == "error.empty_folder"
    path = file(tmp_path, "a.csv", b"client,date,amount\nA,2024-01-05,1\n")
    assert refused(path, zone="Mars/Olympus").key == "error.unknown_zone"
    assert refused(path, currency="roubles").key == "error.unknown_currency"
    assert refused(path, group_by=("client", "moon")).key == "error.group_by"


def test_a_mapping_cannot_reach_outside_the_folder(tmp_path):
    path = file(tmp_path, "a.csv", b"client,date,amount\nA,2024-01-05,1\n")
    mapping = mappings.from_toml(
        '[tables.orders.columns]\naccepted_at = "date"\ncustomer_id = "client"\n[tables.customers]\nfile = "../../etc/passwd"\ncolumns = {customer_id = "x"}\n'
    )

    assert refused(path, mapping=mapping).key == "error.no_file_of_mapping"


def bomb(path: Path, size: int) -> Path:
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as sheet,
    ):
        for _ in range(size // 2**22):
            sheet.write(b" " * 2**22)
    return path


def test_a_zip_bomb_is_refused_unread(tmp_path):
    path = bomb(tmp_path / "bomb.xlsx", 2**30)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.monotonic()

    error = refused(path)

    assert error.key == "error.archive_bomb"
    assert time.monotonic() - began < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 * 1024


def test_a_sheet_with_two_far_cells_does_not_become_a_grid(tmp_path):
    sheet = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="ZZ1048576"><v>1</v></c></row></sheetData></worksheet>'
    with zipfile.ZipFile(tmp_path / "far.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", sheet)

    assert refused(tmp_path / "far.xlsx").key == "error.archive_bomb"


def test_a_cell_of_ods_that_repeats_without_end_is_refused(tmp_path):
    cell = '<table:table-row table:number-rows-repeated="1000000"><table:table-cell office:value-type="float" office:value="1"/></table:table-row>'
    with zipfile.ZipFile(tmp_path / "far.ods", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("content.xml", f"<table:table>{cell}</table:table>")

    assert refused(tmp_path / "far.ods").key == "error.archive_bomb"


def test_an_archive_that_lies_about_its_size_is_refused(tmp_path):
    path = bomb(tmp_path / "liar.xlsx", 2**26)
    content = bytearray(path.read_bytes())
    central = content.rindex(b"PK\x01\x02")
    content[central + 24 : central + 28] = (1000).to_bytes(4, "little")
    path.write_bytes(bytes(content))

    assert refused(path).key in {"error.archive_bomb", "error.damaged"}


def test_errors_have_words_in_both_languages():
    import tomllib

    folder = Path(mappings.__file__).parent / "words"
    russian, english = (tomllib.loads((folder / f"errors_{lang}.toml").read_text("utf-8")) for lang in ("ru", "en"))
    sources = "".join(path.read_text("utf-8") for path in folder.parents[1].rglob("*.py"))

    assert russian.keys() == english.keys()
    for key, sentence in english.items():
        assert {part.split("}")[0] for part in sentence.split("{")[1:]} == {
            part.split("}")[0] for part in russian[key].split("{")[1:]
        }
    for key in english:
        if key.startswith("error."):
            assert f'"{key}"' in sources, key
