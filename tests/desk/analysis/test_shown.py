"""What stands on a page of knowledge: a snapshot's panels, or why there is none; charts and rows lead to names."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.analysis.models import FAILED, RUNNING, WANTED, Snapshot
from tests.desk import make, make_analysis
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db

STEPS = [("opening", 10), ("new", 3), ("returned", 0), ("dormant", 2), ("lost", 0), ("blocked", 0), ("closing", 11)]


@pytest.fixture
def seen(client: Any, director: Any) -> Any:
    """The browser of the director."""
    client.force_login(director)
    return client


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode()).replace("\u00a0", " ")


def asked(state: str, **more: Any) -> Snapshot:
    return Snapshot.objects.create(day=NOON.date(), state=state, asked_at=NOON, **more)


def cascade(snapshot: Snapshot) -> None:
    make_analysis.sheet(snapshot, "cascade.steps", [("step", "code"), ("clients", "clients")], STEPS)


def test_a_base_without_orders_says_how_it_comes_by_some(seen):
    assert "нет ни одного заказа" in read(seen.get("/base/"))


def test_who_has_orders_and_no_snapshot_may_ask_for_the_first(seen, director):
    make.order(by=director, centre=director.centre)

    assert "Посчитать сейчас" in read(seen.get("/base/"))


@pytest.mark.parametrize("state", [WANTED, RUNNING])
def test_the_page_waits_for_a_snapshot_that_is_being_made(seen, state):
    asked(state, began_at=NOON)

    page = read(seen.get("/base/"))

    assert "Снимок считается" in page
    assert "every 3s" in page


def test_what_waits_becomes_the_page_when_the_snapshot_is_there(seen):
    cascade(make_analysis.published())

    part = read(seen.get("/base/", headers={"HX-Request": "true", "HX-Target": "main"}))

    assert "Как изменилась база" in part
    assert "<html" not in part


def test_the_list_of_snapshots_looks_again_while_one_is_made(seen):
    asked(RUNNING)
    again = read(seen.get("/snapshots/", headers={"HX-Request": "true", "HX-Target": "snapshots"}))
    Snapshot.objects.all().delete()
    at_rest = read(seen.get("/snapshots/", headers={"HX-Request": "true", "HX-Target": "snapshots"}))

    assert "every 3s" in again
    assert "<html" not in again
    assert "every 3s" not in at_rest


def test_a_snapshot_that_failed_says_why(seen):
    asked(FAILED)

    page = read(seen.get("/base/"))

    assert "Снимок не посчитался" in page
    assert "журнал сервера" in page


def test_an_earlier_snapshot_is_shown_while_a_newer_is_made(seen):
    cascade(make_analysis.published())
    asked(RUNNING)

    page = read(seen.get("/base/"))

    assert "Считается новый снимок" in page
    assert "Как изменилась база" in page


def test_a_bar_and_a_row_lead_to_the_names_behind_them(seen):
    cascade(make_analysis.published())

    page = read(seen.get("/base/"))

    assert page.count("/base/clients/?flow=dormant") >= 2
    assert "flow=opening" not in page


def test_a_panel_without_rows_says_which_column_is_missing(seen):
    snapshot = make_analysis.published()
    snapshot.impossible = [["rfm", "orders.revenue"]]
    snapshot.save(update_fields=["impossible"])

    page = read(seen.get("/base/"))

    assert "посчитать нельзя" in page
    assert "сумма заказа" in page


def test_too_few_data_is_said_in_words(seen):
    make_analysis.figure(make_analysis.published(), "promise.kept", None, "share", n=7)

    assert "недостаточно данных" in read(seen.get("/base/"))


def test_an_earlier_day_is_shown_by_its_address_and_an_unknown_one_is_no_page(seen):
    earlier = make_analysis.published(day=NOON.date() - timedelta(days=7))
    make_analysis.published()

    assert "13 ноября 2026" in read(seen.get(f"/base/?day={earlier.day}"))
    assert seen.get("/base/?day=2020-01-01").status_code == 404
