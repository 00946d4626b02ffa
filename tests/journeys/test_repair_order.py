"""A repair order from the first words to the pickup, in a real browser on both databases; its timeline tells it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.rights import MANAGER
from dovolen.desk.assets.actions import load_set
from dovolen.desk.core import journal
from dovolen.desk.orders import standard
from dovolen.desk.orders.models import AwaitedPart, DeviceSecret, Line, RepairOrder
from tests.desk import cast, make
from tests.desk.conftest import fresh_postgres
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

PHONE = "+7 997 201-77-15"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def newcomer(
    request: pytest.FixtureRequest, window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Visitor]:
    """A manager on her first day in a house of laptops and phones, where nobody was ever taken in."""
    wanted = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    with fresh_postgres(wanted) if wanted else nullcontext("") as url:
        home = tmp_path_factory.mktemp("journey") / "home"
        with served.prepared(home, url, django_db_blocker) as installation:
            house = cast.opened(now=timezone.now())
            standard.ensure(timezone.now())
            load_set(name="electronics", lang="ru", by=cast.fresh(house.olga), now=timezone.now())
            vera = make.staff("vera", (house.north, MANAGER))
            with served.served(installation) as origin:
                visitor = Visitor(window, origin)
                served.comes_in(visitor, vera)
                yield visitor


def opens(visitor: Visitor, link: str) -> None:
    """A form of the order page, over the page."""
    visitor.waits(f"!!document.querySelector({link!r})")
    visitor.window.look(f"document.querySelector({link!r}).click()")
    visitor.waits("!!document.querySelector('#sheet-dialog[open] form')")


def answers(visitor: Visitor, act: str) -> None:
    """Do something that leads to another page, and wait until that stands."""
    visitor.window.look(f"window.before = true; {act}")
    visitor.waits("window.before === undefined && document.readyState === 'complete'")


def sends(visitor: Visitor) -> None:
    """The form that stands over the page."""
    answers(visitor, "document.querySelector('#sheet-dialog form button.btn-primary').click()")


def goes_on(visitor: Visitor, stage: str) -> None:
    """By the one filled button."""
    answers(visitor, "document.querySelector('.dv-head .btn[data-key=ArrowRight]').click()")
    stands_at(visitor, stage)


def stands_at(visitor: Visitor, stage: str) -> None:
    """The stage that the page calls the present one."""
    visitor.waits(f"document.querySelector('.dv-steps [aria-current=step]')?.innerText.includes({stage!r})")


def test_an_order_goes_from_the_first_words_to_the_pickup(newcomer: Visitor) -> None:
    order = _taken_in(newcomer)
    page = f"/orders/{order.number}/"

    newcomer.visits(page)
    stands_at(newcomer, "Принят")
    goes_on(newcomer, "Диагностика")
    _priced(newcomer, page)
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


def _taken_in(newcomer: Visitor) -> RepairOrder:
    newcomer.visits("/")
    newcomer.presses("n", code="KeyN")
    newcomer.waits("location.pathname === '/intake/' && !!document.querySelector('#q')")
    newcomer.types("#q", PHONE)
    newcomer.waits("document.querySelector('#found-new')?.getAttribute('aria-selected') === 'true'")
    newcomer.presses("Enter")
    newcomer.waits("document.activeElement?.name === 'name'")
    newcomer.types("[name=name]", "Ларин Сергей Викторович")
    newcomer.window.look("""(() => { const kind = document.querySelector('select[name=category]');
      kind.value = [...kind.options].find(one => one.text === 'Ноутбук').value;
      kind.dispatchEvent(new Event('change', {bubbles: true})); })()""")
    newcomer.waits("!!document.querySelector('[name=password]')?.checkVisibility()")
    newcomer.types("[name=model]", "ASUS TUF Gaming A15")
    newcomer.types("[name=serial_number]", "N4NRCV05H63417C")
    newcomer.types("[name=password]", "1234")
    newcomer.types("[name=fault_text]", "Перегревается и выключается под нагрузкой")
    newcomer.window.look("document.querySelector('[name=consent_service]').click()")
    newcomer.presses("Enter", ctrl=True)
    newcomer.waits("location.pathname.endsWith('/slip/')")
    order = RepairOrder.objects.get()
    assert (order.customer.name, str(order.asset)) == ("Ларин Сергей Викторович", "ASUS TUF Gaming A15")
    return order


def _priced(newcomer: Visitor, page: str) -> None:
    for kind, name, price in (("labour", "Чистка и замена термопасты", "3200"), ("part", "Вентилятор", "1700,50")):
        opens(newcomer, f"a[href='{page}lines/new/']")
        newcomer.window.look(f"document.querySelector('#sheet-dialog [name=kind]').value = {kind!r}")
        newcomer.types("#sheet-dialog [name=name]", name)
        newcomer.types("#sheet-dialog [name=price]", price)
        sends(newcomer)


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
