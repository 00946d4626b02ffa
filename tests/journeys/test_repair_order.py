"""A repair order from the first words to the pickup, in a real browser on both databases; its timeline tells it all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.core import journal
from dovolen.desk.orders.models import AwaitedPart, DeviceSecret, Line, RepairOrder
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.order_steps import answers, goes_on, new_house, opens, priced, sends, stands_at, taken_in
from tests.journeys.visitor import Visitor


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def newcomer(
    request: pytest.FixtureRequest, window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Visitor]:
    """A manager on her first day."""
    server = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    home = tmp_path_factory.mktemp("journey") / "home"
    with new_house(home, server, django_db_blocker) as (installation, vera), served.served(installation) as origin:
        visitor = Visitor(window, origin)
        served.comes_in(visitor, vera)
        yield visitor


def test_an_order_goes_from_the_first_words_to_the_pickup(newcomer: Visitor) -> None:
    order = taken_in(newcomer)
    page = f"/orders/{order.number}/"

    newcomer.visits(page)
    stands_at(newcomer, "Принят")
    goes_on(newcomer, "Диагностика")
    priced(newcomer, page)
    goes_on(newcomer, "Согласование")
    _agreed(newcomer, page)
    assert list(Line.objects.filter(order=order).values_list("state", flat=True)) == ["approved", "approved"]
    _part_came(newcomer, page)
    goes_on(newcomer, "Ремонт")
    goes_on(newcomer, "Проверка")
    _checked_and_told(newcomer)
    newcomer.visits(f"{page}pickup/")
    assert "4 900,50" in newcomer.reads()
    newcomer.sends()

    assert newcomer.path == page
    order.refresh_from_db()
    assert (order.phase, order.outcome, order.total) == ("closed", "repaired", 490_050)
    assert not DeviceSecret.objects.exists()
    _tells_it_all(newcomer, order)


def _agreed(newcomer: Visitor, page: str) -> None:
    opens(newcomer, f"a[href='{page}approval/']")
    sends(newcomer)
    newcomer.waits("document.querySelector('main').innerText.includes('согласовано')")


def _part_came(newcomer: Visitor, page: str) -> None:
    opens(newcomer, f"a[href='{page}parts/new/']")
    newcomer.types("#sheet-dialog [name=name]", "Вентилятор FA507")
    sends(newcomer)
    goes_on(newcomer, "Ждём деталь")
    arrival = f"form[action='{page}parts/{AwaitedPart.objects.get().pk}/arrival/'] button"
    answers(newcomer, f"document.querySelector({arrival!r}).click()")
    assert AwaitedPart.objects.get().arrived_at is not None


def _checked_and_told(newcomer: Visitor) -> None:
    opens(newcomer, ".dv-head a[data-key=ArrowRight]")
    newcomer.window.look("document.querySelectorAll('#sheet-dialog [name=ticked]').forEach(one => one.click())")
    answers(newcomer, "document.querySelector('#sheet-dialog [name=goes_on]').click()")
    stands_at(newcomer, "Готов")
    opens(newcomer, ".dv-head a[data-key=ArrowRight]")
    sends(newcomer)
    stands_at(newcomer, "Сообщили")


def _tells_it_all(newcomer: Visitor, order: RepairOrder) -> None:
    kinds = [event.kind for event in journal.timeline(order)]
    expected = {
        "order.accepted", "order.stage_moved", "order.line_added", "order.approved", "order.part_awaited",
        "order.part_arrived", "order.checked", "order.ready", "order.told", "order.picked_up",
    }  # fmt: skip
    assert expected <= set(kinds), expected - set(kinds)
    told = newcomer.reads("#events")
    for words in (
        "принят", "Диагностика → Согласование", "Вентилятор FA507", "согласована", "Готов", "по телефону",
        "Выдан: отремонтирован",
    ):  # fmt: skip
        assert words in told, f"{words}\n{told}"
    assert newcomer.faults() == []
