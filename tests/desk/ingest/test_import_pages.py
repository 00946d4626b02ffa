"""Pages of the import: bring, look, choose, check, load, take back; told in words and by few questions."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import uploads
from dovolen.desk.core.models import Event
from dovolen.desk.ingest import actions
from dovolen.desk.ingest.models import (
    CHECKED,
    CHECKING,
    DONE,
    FAILED,
    LOADING,
    MAPPED,
    READING,
    UNDOING,
    Import,
)
from dovolen.insight import mapping as mappings
from tests.desk import cast, make_imports
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def olga(house: House) -> Client:
    return signed_in(house.olga)


def signed_in(person: Staff) -> Client:
    client = Client()
    client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
    client.get("/profile/")
    return client


def text_of(response: Any) -> str:
    """What a page says, its tied blanks as plain ones."""
    return str(response.content.decode()).replace("\u00a0", " ")


def fields(response: Any) -> dict[str, Any]:
    """What the form of a page would send unchanged."""
    form = response.context["form"]
    return {bound.html_name: "" if (value := bound.value()) is None else value for bound in form}


def bring(client: Client, *files: tuple[str, bytes], **more: Any) -> Any:
    return client.post("/imports/", {"file": [SimpleUploadedFile(*file) for file in files], **more})


# ── Bringing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_is_kept_and_waits_for_the_importer(house: House, olga: Client) -> None:
    answer = bring(olga, ("заказы.csv", make_imports.orders_file()), centre=house.north.pk)

    source = Import.objects.get()
    assert answer.url == f"/imports/{source.pk}/"
    assert (source.state, source.name, source.centre) == (READING, "заказы.csv", house.north)


def test_files_that_belong_together_are_one_import(house: House, olga: Client) -> None:
    files = ("orders.csv", make_imports.orders_file()), ("clients.csv", make_imports.clients_file())

    bring(olga, *files, centre=house.north.pk)

    source = make_imports.worked(Import.objects.get())
    assert source.state == MAPPED
    assert "clients.csv" in text_of(olga.get(f"/imports/{source.pk}/mapping/"))


def test_a_form_sent_twice_brings_one_import(house: House, olga: Client) -> None:
    for _ in range(2):
        bring(olga, ("a.csv", make_imports.orders_file()), centre=house.north.pk, once="a-key-of-this-form")

    assert Import.objects.count() == 1


def test_an_empty_file_is_refused_in_one_sentence(house: House, olga: Client) -> None:
    answer = bring(olga, ("empty.csv", b""), centre=house.north.pk)

    assert not Import.objects.exists()
    assert answer.context["form"].errors["file"]


def test_more_than_is_taken_at_once_is_refused_before_it_is_written(
    house: House, olga: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "MOST", 500)
    large = make_imports.orders_file(20)

    brought = bring(olga, ("a.csv", large), centre=house.north.pk)
    monkeypatch.setattr(uploads, "MOST_OF_IMPORT", 500)
    refused = bring(olga, ("a.csv", large), centre=house.north.pk)
    of_a_manager = bring(signed_in(house.people["manager.north"]), ("a.csv", large))

    assert (brought.status_code, refused.status_code, of_a_manager.status_code) == (302, 400, 403)
    assert Import.objects.count() == 1


def test_who_may_import_at_one_centre_is_not_asked_which(house: House) -> None:
    bring(signed_in(house.people["director.south"]), ("a.csv", make_imports.orders_file()))

    assert Import.objects.get().centre == house.south


def test_a_host_that_the_configuration_does_not_name_is_not_reached(house: House, olga: Client) -> None:
    told = {"address": "postgresql://a:b@example.org/base", "centre": house.north.pk}

    answer = olga.post("/imports/connection/", told)

    assert "DOVOLEN_IMPORT_HOSTS" in text_of(answer)
    assert not Import.objects.exists()


def test_only_who_may_import_sees_any_of_it(house: House) -> None:
    source = make_imports.at_state(DONE, by=house.olga, centre=house.north)
    manager = signed_in(house.people["manager.north"])

    for place in ("", f"{source.pk}/", f"{source.pk}/mapping/", f"{source.pk}/rows/", f"{source.pk}/rows.xlsx"):
        assert manager.get(f"/imports/{place}").status_code == 403
    stranger = signed_in(house.people["director.south"])
    assert stranger.get(f"/imports/{source.pk}/").status_code == 404
    assert "orders.csv" not in text_of(stranger.get("/imports/"))


# ── Columns ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def source(house: House) -> Import:
    return make_imports.read(by=house.olga, centre=house.north)


def test_every_header_shows_its_cells_and_what_it_means(source: Import, olga: Client) -> None:
    page = olga.get(f"/imports/{source.pk}/mapping/")

    told = {header.name: header.meaning.value() for header in page.context["form"].shown_sheets()[0].headers}
    assert told["Код клиента"] == "customer_id"
    assert told["Принят"] == "orders.accepted_at"
    assert told["Сумма"] == "orders.revenue"
    assert told["Телефон"] == "customers.phones"
    assert "1500,00" in text_of(page)


def test_a_form_sent_as_it_was_shown_keeps_the_mapping(source: Import, olga: Client) -> None:
    page = olga.get(f"/imports/{source.pk}/mapping/")

    answer = olga.post(f"/imports/{source.pk}/mapping/", fields(page))

    kept = Import.objects.get(pk=source.pk)
    assert (answer.status_code, kept.state) == (302, CHECKING)
    before, after = mappings.from_toml(source.mapping), mappings.from_toml(kept.mapping)
    assert after.tables == before.tables
    assert after.group_by == before.group_by


def test_a_header_without_a_meaning_is_left_out(source: Import, olga: Client) -> None:
    sent = fields(olga.get(f"/imports/{source.pk}/mapping/"))
    sent[place_of(sent, "orders.technician")] = ""

    olga.post(f"/imports/{source.pk}/mapping/", sent)

    assert "technician" not in mappings.from_toml(Import.objects.get(pk=source.pk).mapping).tables["orders"].columns


def place_of(sent: dict[str, Any], meaning: str) -> str:
    return next(name for name, value in sent.items() if value == meaning and name.startswith("m"))


@pytest.mark.parametrize(
    ("meaning", "words"), [("orders.accepted_at", "днём приёма"), ("customer_id", "клиенты отличаются")]
)
def test_what_cannot_be_left_out_is_told(source: Import, olga: Client, meaning: str, words: str) -> None:
    sent = fields(olga.get(f"/imports/{source.pk}/mapping/"))
    sent |= {name: "" for name, value in sent.items() if value == meaning}

    answer = olga.post(f"/imports/{source.pk}/mapping/", sent)

    assert words in text_of(answer)
    assert Import.objects.get(pk=source.pk).state == MAPPED


def test_rows_become_lines_and_their_sum_goes_with_them(source: Import, olga: Client) -> None:
    sent = fields(olga.get(f"/imports/{source.pk}/mapping/"))

    olga.post(f"/imports/{source.pk}/mapping/", {**sent, "grouping": "number", "m0_0": "order_id"})

    made = mappings.from_toml(Import.objects.get(pk=source.pk).mapping)
    assert made.group_by == ("order_id",)
    assert made.tables["lines"].columns["amount"] == ("Сумма",)
    assert "revenue" not in made.tables["orders"].columns


def test_two_people_who_choose_at_once_do_not_undo_each_other(house: House, source: Import, olga: Client) -> None:
    sent = fields(olga.get(f"/imports/{source.pk}/mapping/"))
    actions.choose(source=source, seen=1, mapping=source.mapping, choices={}, by=house.olga, now=NOON)

    answer = olga.post(f"/imports/{source.pk}/mapping/", sent)

    assert answer.status_code == 200
    assert Import.objects.get(pk=source.pk).state == MAPPED


def test_the_text_of_a_mapping_is_taken_or_refused(source: Import, olga: Client) -> None:
    place = f"/imports/{source.pk}/mapping/text/"
    sent = fields(olga.get(place))

    refused = olga.post(place, {**sent, "text": "[tables.orders"})
    taken = olga.post(place, sent)

    assert refused.context["form"].errors["text"]
    assert (taken.status_code, Import.objects.get(pk=source.pk).state) == (302, CHECKING)


# ── Check, loading, report ───────────────────────────────────────────────────────────────────────────────────────────


def test_the_check_says_what_would_come_of_it_and_asks_before_loading(house: House, olga: Client) -> None:
    source = make_imports.at_state(CHECKED, by=house.olga, centre=house.north)

    page = text_of(olga.get(f"/imports/{source.pk}/check/"))
    olga.post(f"/imports/{source.pk}/check/")

    assert "2 новых клиента и 3 новых заказа" in page
    assert "10 января 2025" in page
    assert Import.objects.get(pk=source.pk).state == LOADING


def test_what_is_at_work_tells_how_far_it_is_and_can_be_stopped(house: House, olga: Client) -> None:
    source = make_imports.at_state(LOADING, by=house.olga, centre=house.north, progress={"orders": [500, 2000]})

    page = olga.get(f"/imports/{source.pk}/")
    part = olga.get(f"/imports/{source.pk}/?state=loading", headers={"HX-Request": "true", "HX-Target": "state"})
    olga.post(f"/imports/{source.pk}/")

    assert "500 из 2 000" in text_of(page)
    assert "http-equiv" in text_of(page)
    assert "<html" not in text_of(part)
    assert Import.objects.get(pk=source.pk).state == CHECKED


def test_a_page_that_waits_is_led_on_when_the_state_changes(house: House, olga: Client) -> None:
    source = make_imports.at_state(MAPPED, by=house.olga, centre=house.north)

    answer = olga.get(f"/imports/{source.pk}/?state=reading", headers={"HX-Request": "true", "HX-Target": "state"})

    assert answer.headers["HX-Redirect"] == f"/imports/{source.pk}/mapping/"


def test_a_file_that_was_not_taken_says_why(house: House, olga: Client) -> None:
    refusal = {"key": "error.archive_bomb", "values": {"source": "a.xlsx", "most": "400"}}
    source = make_imports.at_state(FAILED, by=house.olga, centre=house.north, mapping="", refusal=refusal)

    assert "a.xlsx" in text_of(olga.get(f"/imports/{source.pk}/"))


def test_rejected_rows_go_back_as_a_sheet_with_their_reasons(house: House, olga: Client) -> None:
    source = make_imports.at_state(DONE, by=house.olga, centre=house.north)
    rows = make_imports.reject(source, 3)
    rows[0].cells["Примечание"] = "=1+1"
    rows[0].save()

    answer = olga.get(f"/imports/{source.pk}/rows.xlsx")

    book = CalamineWorkbook.from_filelike(io.BytesIO(b"".join(answer)))
    header, first, *_ = book.get_sheet_by_index(0).to_python()
    assert header[:5] == ["Строка файла", "Что", "Причина", "Номер", "Принят"]
    assert first[0] == 2
    assert "'=1+1" in first
    assert Event.objects.filter(kind="import.rejected_taken").count() == 1


def test_rejected_rows_are_paged_without_counting_pages(house: House, olga: Client) -> None:
    source = make_imports.at_state(DONE, by=house.olga, centre=house.north)
    make_imports.reject(source, 60)

    first = olga.get(f"/imports/{source.pk}/rows/?reason=no_date")
    second = olga.get(f"/imports/{source.pk}/rows/?after={first.context['later']}")

    assert (len(first.context["rows"]), len(second.context["rows"])) == (50, 10)


def test_an_import_is_taken_back_after_a_question(house: House, olga: Client) -> None:
    source = make_imports.at_state(DONE, by=house.olga, centre=house.north, began_at=NOON, done_at=NOON)
    make_imports.made(source, [1, 2])

    page = text_of(olga.get(f"/imports/{source.pk}/undo/"))
    olga.post(f"/imports/{source.pk}/undo/")

    assert "Отменить импорт?" in page
    assert Import.objects.get(pk=source.pk).state == UNDOING


def test_pages_ask_the_base_as_often_whatever_the_size(
    house: House, olga: Client, django_assert_num_queries: Any
) -> None:
    source = make_imports.at_state(DONE, by=house.olga, centre=house.north, began_at=NOON, done_at=NOON)
    for n in (1, 40):
        for _ in range(n):
            make_imports.at_state(MAPPED, by=house.olga, centre=house.north)
        make_imports.reject(source, n)
        make_imports.made(source, range(100 * n, 101 * n))
        with django_assert_num_queries(QUERIES["list"]):
            olga.get("/imports/")
        with django_assert_num_queries(QUERIES["report"]):
            olga.get(f"/imports/{source.pk}/")
        with django_assert_num_queries(QUERIES["rows"]):
            olga.get(f"/imports/{source.pk}/rows/")


QUERIES = {"list": 7, "report": 6, "rows": 6}


def test_every_meaning_has_words() -> None:
    from dovolen.desk.core import words
    from dovolen.desk.ingest import columns
    from dovolen.insight.mapping import CLOSED

    for lang in ("ru", "en"):
        known = words.in_language(lang)
        for table, several in columns.meanings().items():
            assert f"import.table.{table}" in known
            assert [one for one in several if f"import.column.{one}" not in known] == []
        assert [f"{name}.{one}" for name, ours in CLOSED.items() for one in ours
                if f"import.word.{name}.{one}" not in known] == []  # fmt: skip


def test_presets_survive_the_page_unchanged() -> None:

    from dovolen.desk.ingest import columns

    for name in mappings.presets():
        preset = mappings.load(name)
        if preset.layout:
            continue
        sheet = columns.Sheet("file.csv", preset.headers(), (), 0)
        meant = columns.chosen(preset, [sheet])
        made = columns.changed(preset, [sheet], meant, columns.grouping_of(preset))
        assert {table: part.columns for table, part in made.tables.items()} == {
            table: dict(part.columns) for table, part in preset.tables.items()
        }, json.dumps(name)
