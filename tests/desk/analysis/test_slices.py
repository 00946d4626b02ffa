"""Slices: cells that are large enough, whoever asks and in whatever form they leave."""

from __future__ import annotations

import io
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Staff
from dovolen.desk.analysis import cube, slicing
from dovolen.desk.analysis.cube import OTHER
from dovolen.desk.analysis.models import SavedSlice, Snapshot
from dovolen.desk.core.models import Event
from tests.desk import cast, make_analysis
from tests.desk.cast import House
from tests.desk.make_slices import cubed, orders, table

MINIMUM = 20


def signed_in(staff: Staff) -> Client:
    client = Client()
    client.force_login(staff, backend="django.contrib.auth.backends.ModelBackend")
    return client


# ── Cells ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def of(path: Path, rows: list[dict[str, Any]], *by: str, costs: bool = True) -> slicing.Slice:
    made = path / f"{random.random()}.arrow"
    cube.write(table(rows), made)
    opened = slicing.opened(made)
    assert opened is not None
    return slicing.sliced(opened, by, minimum=MINIMUM, with_costs=costs)


def sizes(found: slicing.Slice) -> dict[tuple[str | None, ...], int]:
    return {cell.values: cell.n for cell in found.cells}


def test_a_small_cell_goes_to_other_with_its_smallest_neighbour_so_that_no_difference_tells_it(tmp_path: Path) -> None:
    rows = [*orders(50, category="phone"), *orders(30, category="laptop"), *orders(5, category="toaster")]

    found = of(tmp_path, rows, "category")

    assert sizes(found) == {("phone",): 50, (OTHER,): 35}


def test_a_cell_of_many_orders_but_two_clients_is_small(tmp_path: Path) -> None:
    rows = [*orders(50, category="phone"), *orders(40, category="laptop")]
    for place, row in enumerate(rows[50:]):
        row["client"] = -1 - place % 2

    assert sizes(of(tmp_path, rows, "category")) == {(OTHER,): 90}


def test_totals_of_the_first_dimension_stay_true(tmp_path: Path) -> None:
    rows = [*orders(60, category="phone", brand="A"), *orders(7, category="phone", brand="B"),
            *orders(30, category="phone", brand="C"), *orders(40, category="laptop", brand="A")]  # fmt: skip

    found = of(tmp_path, rows, "category", "brand")

    assert sizes(found) == {("phone", "A"): 60, ("phone", OTHER): 37, ("laptop", "A"): 40}
    assert found.n_folded == 37


def test_a_base_that_is_small_itself_shows_no_cell(tmp_path: Path) -> None:
    rows = [*orders(10, category="phone"), *orders(9, category="laptop")]

    found = of(tmp_path, rows, "category")

    assert found.cells == ()


def test_a_mean_of_few_known_cases_is_not_told_where_the_sum_is(tmp_path: Path) -> None:
    rows = [*orders(30, category="phone", satisfaction=None), *orders(25, category="laptop", satisfaction=80)]
    for row in rows[:19]:
        row["satisfaction"] = 50

    phone, laptop = sorted(of(tmp_path, rows, "category").cells, key=lambda cell: -cell.n)

    satisfaction = next(one for one in slicing.MEASURES if one.name == "satisfaction")
    revenue = next(one for one in slicing.MEASURES if one.name == "revenue")
    assert (phone.tells(satisfaction, MINIMUM), laptop.tells(satisfaction, MINIMUM)) == (None, 80)
    assert phone.tells(revenue, MINIMUM) == 3_000_000


@pytest.mark.parametrize("seed", range(12))
def test_of_any_base_every_cell_is_large_enough_and_none_is_lost(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)
    rows = [
        {"category": draw.choice("abcdef"), "brand": draw.choice("xyzw"), "technician": draw.choice(["i", "j", None]),
         "client": draw.randrange(40), "revenue": draw.randrange(1, 500)}
        for _ in range(draw.choice([25, 200, 1500]))
    ]  # fmt: skip

    found = of(tmp_path, rows, *draw.sample(["category", "brand", "technician"], draw.randint(1, 3)))

    assert all(cell.n >= MINIMUM and cell.clients >= slicing.CLIENTS for cell in found.cells)
    assert sum(cell.n for cell in found.cells) == len(rows)
    assert sum(cell.sums[1] or 0 for cell in found.cells) == sum(row["revenue"] for row in rows)
    clients = defaultdict(set)
    for row in rows:
        clients[tuple(row[name] for name in found.by)].add(row["client"])
    exact = {values: len(known) for values, known in clients.items()}
    assert all(cell.clients == exact[cell.values] for cell in found.cells if OTHER not in cell.values)


def test_where_cells_are_too_many_the_last_dimension_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slicing, "MOST_CELLS", 2)
    rows = [*orders(25, category="phone", brand="A"), *orders(25, category="laptop", brand="B"),
            *orders(25, category="laptop", brand="C")]  # fmt: skip

    found = of(tmp_path, rows, "category", "brand")

    assert found.by == ("category",)
    assert sizes(found) == {("laptop",): 50, ("phone",): 25}


def test_quarters_and_years_are_read_from_months(tmp_path: Path) -> None:
    rows = [*orders(25, month="2025-01"), *orders(25, month="2025-03"), *orders(25, month="2026-10")]

    assert sizes(of(tmp_path, rows, "quarter")) == {("2025-Q1",): 50, ("2026-Q4",): 25}
    assert sizes(of(tmp_path, rows, "year")) == {("2025",): 50, ("2026",): 25}


# ── The page ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


ROWS = [
    *orders(60, month="2026-10", category="Пылесос", technician="Илья", centre="Север"),
    *orders(40, month="2026-10", category="Утюг", technician="Анна", centre="Юг"),
    *orders(6, month="2026-09", category="Тостер", technician="Фёдор", centre="Юг"),
]


@pytest.fixture
def whole(house: House) -> Iterator[Snapshot]:
    made = make_analysis.published()
    cubed(made, ROWS)
    yield made
    cube.forget(made)


@pytest.mark.django_db
def test_the_page_shows_cells_without_script_and_folds_small_ones(house: House, whole: Snapshot) -> None:
    answer = signed_in(house.olga).get("/slices/", {"by": ["category"]})

    text = answer.content.decode()
    assert answer.status_code == 200
    assert "<td>Пылесос</td>" in text
    assert "Тостер" not in text


@pytest.mark.django_db
def test_the_page_asks_the_same_few_queries_at_every_size(
    house: House, whole: Snapshot, django_assert_num_queries: Any
) -> None:
    client = signed_in(house.olga)
    client.get("/slices/")

    with django_assert_num_queries(7):
        client.get("/slices/", {"by": ["category"]})
    with django_assert_num_queries(7):
        client.get("/slices/", {"by": ["category", "technician", "month"]})


@pytest.mark.django_db
def test_this_page_alone_lets_webassembly_in(house: House, whole: Snapshot) -> None:
    client = signed_in(house.olga)

    here, there = client.get("/slices/"), client.get("/base/")

    policy = here.headers["Content-Security-Policy"]
    assert "script-src 'self' 'wasm-unsafe-eval'" in policy
    assert "worker-src 'self' blob:" in policy
    assert "script-src 'unsafe-inline'" not in policy
    assert "'unsafe-eval'" not in policy.replace("'wasm-unsafe-eval'", "")
    assert "unsafe" not in there.headers["Content-Security-Policy"]


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["arrow", "parquet", "xlsx"])
def test_files_hold_cells_and_no_more(house: House, whole: Snapshot, form: str) -> None:
    answer = signed_in(house.olga).get(f"/slices/cells.{form}", {"by": ["category", "technician"]})

    told = b"".join(answer) if answer.streaming else answer.content
    if form == "xlsx":
        import openpyxl

        rows = list(openpyxl.load_workbook(io.BytesIO(told)).active.values)
        assert len(rows) == 3
        assert "Тостер" not in str(rows)
        return
    found = pa.ipc.open_stream(told).read_all() if form == "arrow" else pq.read_table(io.BytesIO(told))
    assert found.num_rows == 2
    assert sum(found[found.column_names[2]].to_pylist()) == len(ROWS)
    assert "Фёдор" not in str(found.to_pylist())


@pytest.mark.django_db
def test_margin_is_for_who_sees_costs(house: House, whole: Snapshot) -> None:
    centre = make_analysis.published(centre=house.north)
    cubed(centre, ROWS)

    seen = signed_in(house["manager.north"]).get("/slices/cells.arrow", {"by": "category"}).content
    kept_back = signed_in(house["marketer.north"]).get("/slices/cells.arrow", {"by": "category"}).content

    assert any("Маржа" in name for name in pa.ipc.open_stream(seen).read_all().column_names)
    assert not any("Маржа" in name for name in pa.ipc.open_stream(kept_back).read_all().column_names)


@pytest.mark.django_db
def test_who_works_at_one_centre_gets_no_cell_of_the_house(house: House, whole: Snapshot) -> None:
    client = signed_in(house["manager.north"])

    for address in ("/slices/cells.arrow", "/slices/cells.xlsx"):
        assert client.get(address, {"scope": "house", "by": "category"}).status_code == 404
    assert "Пылесос" not in client.get("/slices/", {"scope": "house", "by": "category"}).content.decode()


@pytest.mark.django_db
def test_a_form_that_nobody_knows_is_not_there(house: House, whole: Snapshot) -> None:
    assert signed_in(house.olga).get("/slices/cells.csv").status_code == 404


@pytest.mark.django_db
def test_without_the_file_of_the_snapshot_the_page_says_so(house: House) -> None:
    make_analysis.published()

    answer = signed_in(house.olga).get("/slices/")

    assert answer.status_code == 200
    assert "Срезов этого снимка здесь нет" in answer.content.decode().replace("\u00a0", " ")


# ── Kept slices ──────────────────────────────────────────────────────────────────────────────────────────────────────


def keep(staff: Staff, **told: Any) -> Any:
    given = {"name": "По мастерам", "scope": "house", "by": ["technician"], "pivot": "", **told}
    return signed_in(staff).post("/slices/kept/", given)


@pytest.mark.django_db
def test_a_slice_is_kept_with_how_its_pivot_stood_and_an_event(house: House, whole: Snapshot) -> None:
    pivot = {"plugin": "Bars", "group_by": ["technician"], "theme": "Pro Dark", "expressions": {"x": "1"}}

    answer = keep(house.olga, pivot=json.dumps(pivot))

    kept = SavedSlice.objects.get()
    assert answer.headers["Location"] == f"/slices/?scope=house&kept={kept.pk}"
    assert kept.view == {
        "scope": "house",
        "by": ["technician"],
        "pivot": {"plugin": "Bars", "group_by": ["technician"]},
    }
    assert Event.objects.filter(kind="slice.kept").count() == 1
    assert "<td>Илья</td>" in signed_in(house.olga).get("/slices/", {"kept": kept.pk}).content.decode()


@pytest.mark.django_db
def test_the_same_name_puts_a_slice_in_the_place_of_the_former(house: House, whole: Snapshot) -> None:
    keep(house.olga)
    keep(house.olga, by=["category"])

    assert SavedSlice.objects.get().view["by"] == ["category"]


@pytest.mark.django_db
def test_a_slice_without_a_name_is_refused(house: House, whole: Snapshot) -> None:
    keep(house.olga, name="   ")

    assert not SavedSlice.objects.exists()


@pytest.mark.django_db
def test_more_slices_than_anybody_finds_are_refused(
    house: House, whole: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dovolen.desk.analysis.actions.slices.MOST_SAVED", 1)

    keep(house.olga)
    keep(house.olga, name="Ещё один")

    assert SavedSlice.objects.count() == 1


@pytest.mark.django_db
def test_a_shared_slice_is_seen_by_who_sees_its_scope_and_by_nobody_else(house: House, whole: Snapshot) -> None:
    for centre in (house.north, house.south):
        cubed(make_analysis.published(centre=centre), ROWS)
    north = str(house.north.pk)
    keep(house["manager.north"], scope=north, name="Общий-северный", is_shared="on")
    keep(house["manager.north"], scope=north, name="Свой-северный")
    shared, own = SavedSlice.objects.get(name="Общий-северный"), SavedSlice.objects.get(name="Свой-северный")

    colleague, stranger = signed_in(house["marketer.north"]), signed_in(house["manager.south"])

    assert "Общий-северный" in colleague.get("/slices/").content.decode()
    assert "Свой-северный" not in colleague.get("/slices/").content.decode()
    assert "Общий-северный" not in stranger.get("/slices/").content.decode()
    assert stranger.get("/slices/", {"kept": shared.pk}).status_code == 404
    assert colleague.get("/slices/", {"kept": own.pk}).status_code == 404
    assert colleague.post(f"/slices/kept/{shared.pk}/removal/").status_code == 404


@pytest.mark.django_db
def test_nobody_keeps_a_slice_of_what_he_does_not_see(house: House, whole: Snapshot) -> None:
    assert keep(house["manager.north"], scope="house").status_code == 404
    assert keep(house["manager.north"], scope=str(house.south.pk)).status_code == 404


@pytest.mark.django_db
def test_one_drops_a_slice_of_his_own(house: House, whole: Snapshot) -> None:
    keep(house.olga)

    signed_in(house.olga).post(f"/slices/kept/{SavedSlice.objects.get().pk}/removal/")

    assert not SavedSlice.objects.exists()
    assert Event.objects.filter(kind="slice.dropped").count() == 1
