"""Papers as they are drawn up: what stands in them, their numbers, their bytes."""

from __future__ import annotations

from typing import Any

import pytest

from dovolen.desk.core import journal
from dovolen.desk.documents import actions
from dovolen.desk.documents.models import KINDS, Document
from tests.desk import cast, make_documents
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
MILLION = "Один миллион один рубль 01 копейка"
OF_SUMS = [kind for kind in KINDS if kind not in ("receipt", "warranty", "waybill")]


@pytest.fixture
def house() -> cast.House:
    return cast.full()


@pytest.fixture
def receptionist(house: cast.House) -> Any:
    make_documents.seller(house.north)
    return house["manager.north"]


def drawn(kind: str, order: Any, by: Any, **more: Any) -> Document:
    return actions.draw_up(kind=kind, order=order, by=by, now=NOON, **more)


@pytest.mark.parametrize("kind", KINDS)
def test_each_paper_says_who_what_and_how_much(receptionist: Any, kind: str) -> None:
    order = make_documents.order(by=receptionist, at="ready" if kind == "invoice" else "picked_up")

    document = drawn(kind, order, receptionist)

    read = make_documents.text_of(make_documents.bytes_of(document))
    assert (document.number, document.year, document.form) == (1, 2026, f"{kind}-1")
    for told in ("ООО «Ромашка»", str(order.number), "Матрица NE160QDM", "20 ноября 2026 г."):
        assert told in read, told
    if kind in OF_SUMS:
        assert "1 000 001,01" in read
        assert "Без НДС" in read
    if kind in ("estimate", "work_order", "act", "invoice"):
        assert MILLION in read
    event = journal.timeline(document).get()
    assert event.kind == "paper.drawn_up"
    assert event.facts["number"] == 1
