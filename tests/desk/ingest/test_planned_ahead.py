"""Batches are planned before the base is locked, workbooks are unfolded once, values that all rows share are not bound."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from dovolen.desk.ingest.models import CUSTOMERS, DONE
from dovolen.desk.ingest.work import folder, loading
from dovolen.desk.people import actions as people
from dovolen.desk.people.actions.many import Told
from dovolen.desk.people.models import Customer
from dovolen.insight.sources import spreadsheets
from tests.desk import make, make_imports
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db


def test_somebody_entered_after_the_plan_was_made_is_not_entered_twice(
    director: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    entered = []

    def tell(*given: Any) -> None:
        steps.tell(*given)
        if not entered:
            entered.append(make.person(by=director, name="Карпова Марина Олеговна", phone="+79972010017"))

    steps: Any = loading.STEPS[CUSTOMERS]
    monkeypatch.setitem(loading.STEPS, CUSTOMERS, replace(steps, tell=tell))
    content = make_imports.orders_file().replace("Клиент 0000".encode(), "Карпова Марина".encode())

    make_imports.loaded(content, by=director)

    assert Customer.objects.count() == 3
    assert entered[0].orders.count() == 2


def test_a_workbook_is_unfolded_once(director: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    unfolded: list[Path] = []
    read = spreadsheets.read
    monkeypatch.setattr(spreadsheets, "read", lambda path: (unfolded.append(path), read(path))[1])
    book, out = Workbook(), io.BytesIO()
    for line in make_imports.clients_file(5).decode().splitlines():
        book.active.append(line.split(";"))
    book.save(out)

    source = make_imports.loaded(out.getvalue(), by=director, name="clients.xlsx")

    assert source.state == DONE
    assert len(unfolded) == 1
    assert Customer.objects.count() == 5
    assert not [place for place in folder.folder_of(source).iterdir() if place.is_dir()]


def test_rows_that_are_alike_are_written_as_they_are(director: Any) -> None:
    told = [Told(name="О'Нил 100%s «%»", address="ул. Мира; --", phones=[f"+7999000{i:04}"]) for i in range(60)]

    people.add_many(told=told, by=director, now=NOON)

    rows = Customer.objects.values_list("name", "address", "class_hand", "blocked_at", "regular_mark").distinct()
    assert list(rows) == [("О'Нил 100%s «%»", "ул. Мира; --", "", None, False)]
    assert sorted(Customer.objects.values_list("phones__number", flat=True)) == [one.phones[0] for one in told]
    assert set(Customer.objects.values_list("created_by_id", "created_at")) == {(director.pk, NOON)}
