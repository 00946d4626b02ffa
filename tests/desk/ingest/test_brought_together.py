"""Several tables at once; who brought whom; what the cards have no place for."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import pytest

from dovolen.desk.ingest.models import CHECKED, DONE, FAILED, MAPPED, UNDONE, Import
from dovolen.desk.ingest.work import folder
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from dovolen.insight.sources import archives
from tests.desk import make, make_imports

pytestmark = pytest.mark.django_db
BROUGHT = "customer_id;name;phones;referred_by\n"


def packed(**files: bytes) -> bytes:
    """An archive of files, `__` in a name is its point."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return held.getvalue()


def finding(source: Import, column: str) -> dict[str, Any]:
    """What the check says of a column that is not kept."""
    found = [one for one in source.found["findings"] if one["code"] == "not_kept"]
    return next(one for one in found if one["examples"][0].startswith(f"{column}: "))


# ── Archives ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_tables_of_an_archive_are_read_together(director: Any) -> None:
    content = packed(Заказы__csv=make_imports.orders_file(), Клиенты__csv=make_imports.clients_file())

    source = make_imports.loaded(content, by=director, name="выгрузка.zip")

    assert source.state == DONE, source.refusal
    assert RepairOrder.objects.count() == 6
    assert set(Customer.objects.values_list("name", flat=True)) == {"Клиент 0000", "Клиент 0001", "Клиент 0002"}


def test_folders_of_an_archive_and_other_files_in_it_do_no_harm(director: Any) -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr("../../../tmp/orders.csv", make_imports.orders_file())
        archive.writestr("__MACOSX/._orders.csv", b"\0\0")
        archive.writestr("readme.html", b"<script>")

    source = make_imports.read(held.getvalue(), by=director, name="a.zip")

    assert source.state == MAPPED, source.refusal
    (table,) = folder.sample(source)["tables"]
    assert "/" not in table["name"]
    assert table["n_rows"] == 6


def test_names_that_russian_windows_wrote_are_read() -> None:
    entry = zipfile.ZipInfo("Клиенты.csv".encode("cp866").decode("cp437"))

    assert archives._name_of(entry) == "Клиенты.csv"


@pytest.mark.parametrize(
    ("content", "key"),
    [
        (packed(bomb__csv=b"0" * (20 * 2**20)), "error.archive_bomb"),
        (packed(readme__html=b"<p>"), "error.archive_of_none"),
        (packed(**{f"t{i}__csv": b"a;b\n1;2\n" for i in range(archives.MOST_TABLES + 1)}), "error.archive_of_many"),
        (b"PK\x03\x04 and nothing more", "error.damaged"),
    ],
)
def test_an_archive_that_grows_or_holds_nothing_is_refused_in_words(director: Any, content: bytes, key: str) -> None:
    source = make_imports.read(content, by=director, name="a.zip")

    assert source.state == FAILED
    assert source.refusal["key"] == key
    assert not [one for one in folder.folder_of(source).rglob("*.csv") if one.stat().st_size > 2**20]


# ── Who brought whom ─────────────────────────────────────────────────────────────────────────────────────────────────


def referred() -> bytes:
    """The first was brought by the last, the second by nobody known, the third by himself."""
    rows = ["A;Анна Первая;+79972010001;C", "B;Борис Второй;+79972010002;X", "C;Вера Третья;+79972010003;C"]
    return (BROUGHT + "\n".join(rows) + "\n").encode()


def test_who_brought_a_client_is_kept_even_where_he_stands_below(director: Any) -> None:
    make_imports.loaded(referred(), by=director)

    told = {one.name: one.referred_by and one.referred_by.name for one in Customer.objects.all()}
    assert told == {"Анна Первая": "Вера Третья", "Борис Второй": None, "Вера Третья": None}


def test_an_import_with_people_who_brought_others_is_undone(director: Any) -> None:
    source = make_imports.loaded(referred(), by=director)

    source = make_imports.undone(source, by=director)

    assert source.state == UNDONE, source.refusal
    assert not Customer.objects.exists()


def test_a_client_of_the_house_keeps_who_brought_him(director: Any) -> None:
    known = make.person(by=director, name="Анна Первая", phone="+79972010001")

    make_imports.loaded(referred(), by=director)

    known.refresh_from_db()
    assert known.referred_by is None


# ── What has no place ────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_check_tells_which_columns_and_kinds_are_not_kept(director: Any) -> None:
    content = (
        "order_id;customer_id;accepted_at;revenue;kind;campaign_id\n"
        "1;A;2025-01-10 10:00;1500;repair;\n2;A;2025-02-10 10:00;1500;Ремонт часов;SPRING\n"
    ).encode()

    source = make_imports.checked(content, by=director, name="orders.csv")

    assert source.state == CHECKED, source.refusal
    assert finding(source, "campaign_id") == {
        "code": "not_kept", "table": "orders", "count": 1, "share": 0.5, "action": "ignored",
        "examples": ["campaign_id: SPRING"],
    }  # fmt: skip
    assert finding(source, "kind")["examples"] == ["kind: Ремонт часов"]
