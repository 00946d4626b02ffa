"""The intake at a real desk: by keys alone, counted; what was typed survives a reload, a mistake and a missing script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from dovolen.desk.orders.models import Line, Photo, RepairOrder
from dovolen.desk.people.models import Consent
from tests.desk import make
from tests.desk.conftest import fresh_postgres
from tests.journeys.browser import Browser
from tests.journeys.hands import PHONE, SERIAL, Hands, at_desk


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def hands(
    request: pytest.FixtureRequest, window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Hands]:
    """A receptionist at a desk that runs."""
    wanted = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    home = tmp_path_factory.mktemp("intake") / "home"
    with (
        fresh_postgres(wanted) if wanted else nullcontext("") as url,
        at_desk(window, home, url, django_db_blocker) as one,
    ):
        yield one


def test_a_known_client_is_taken_in_by_phone_template_and_consents(hands: Hands) -> None:
    hands.opens()
    hands.stands_at("#q")
    hands.writes(PHONE)
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")
    hands.writes("Выключается под нагрузкой")
    hands.presses("F2")
    hands.presses("ArrowDown", "Enter")
    hands.sees("document.querySelector('[name=line_name]').value.includes('Греется')")
    hands.presses("3", alt=True)
    hands.stands_at("[name=term]")
    hands.presses("Tab")
    hands.stands_at("[name=consent_processing]")
    hands.presses(" ", "Tab", " ")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("known client with his laptop, template, two consents")

    assert order.customer.name == "Ларин Сергей Викторович"
    assert order.asset is not None
    assert order.asset.serial_number == SERIAL
    assert order.fault_text == "Выключается под нагрузкой\nГреется."
    assert [line.name for line in Line.objects.filter(order=order)] == ["Работа: Греется"]
    given = Consent.objects.filter(customer=order.customer).values_list("purpose", flat=True)
    assert set(given) == {"processing", "service"}
    assert order.checklist == [{"text": "Включается", "is_on": True}, {"text": "Следы влаги", "is_on": False}]
    assert hands.visitor.faults() == []


def test_a_known_client_is_taken_in_by_the_number_of_his_device_in_three_keys(hands: Hands) -> None:
    hands.opens()
    hands.writes(SERIAL.lower())
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")
    hands.writes("Снова греется")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("known device")

    assert (order.customer.name, hands.n_keys) == ("Ларин Сергей Викторович", 2)


def test_of_several_clients_and_devices_arrows_choose(hands: Hands) -> None:
    hands.opens()
    hands.writes("карпова")
    hands.sees("document.querySelectorAll('#found-list [role=option]').length === 3")
    hands.sees("document.querySelector('#found-list [aria-selected=true]') !== null")
    second = hands.visitor.window.look("document.querySelectorAll('#found-list [role=option]')[1].innerText")
    if "Марина" in second:
        hands.presses("ArrowDown")
    hands.presses("Enter")
    hands.stands_at("[name=asset]")
    hands.presses("ArrowDown")
    hands.sees(
        "document.querySelectorAll('[name=asset]')[1].checked && document.querySelector('#device .told') !== null"
    )
    model = hands.visitor.reads("#device .told")
    hands.presses("2", alt=True)
    hands.stands_at("#id_fault_text")
    hands.writes("Разбит экран")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("client by name, second device by arrow")

    assert (order.customer.name, str(order.asset)) == ("Карпова Марина", model)


def test_a_new_client_with_a_new_device_is_entered_by_keys(hands: Hands) -> None:
    hands.opens()
    hands.writes("8 997 201 88 55")
    hands.sees("document.querySelector('#found-new')?.getAttribute('aria-selected') === 'true'")
    hands.presses("Enter")
    hands.stands_at("#id_name")
    hands.writes("Орлов Пётр")
    hands.presses("Enter")
    hands.stands_at("#id_phone")
    hands.presses("1", alt=True)
    hands.stands_at("#category")
    hands.presses("ArrowDown")
    hands.sees("document.querySelector('#category').value !== '' && document.querySelector('#id_password') !== null")
    hands.stands_at("#category")
    hands.presses("Tab")
    hands.writes("Asus VivoBook 15")
    hands.presses("Tab")
    hands.writes("SN-NEW-1")
    hands.presses("Tab")
    hands.stands_at("#id_password")
    hands.writes("0000")
    hands.presses("2", alt=True)
    hands.writes("Не заряжается")
    hands.presses("F2", "Enter")
    hands.sees("document.querySelector('[name=line_name]').value !== ''")
    hands.presses("3", alt=True)
    hands.presses("Tab", " ", "Tab", " ")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("new client with a new laptop, password, template, two consents")

    assert (order.customer.name, str(order.asset)) == ("Орлов Пётр", "Asus VivoBook 15")
    assert order.asset is not None
    assert order.asset.serial_number == "SN-NEW-1"
    assert order.secret.locked
    assert Consent.objects.filter(customer=order.customer).count() == 2


def test_a_draft_survives_a_reload_without_the_password_and_goes_when_it_is_sent(hands: Hands) -> None:
    hands.opens()
    hands.writes(PHONE)
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")
    hands.writes("Мигает экран")
    hands.visitor.types("#id_password", "секрет-77")
    hands.sees(
        "(localStorage.getItem(Object.keys(localStorage).find(key => key.startsWith('dovolen.intake'))) ?? '').includes('Мигает')"
    )
    assert "секрет-77" not in str(hands.visitor.window.look("JSON.stringify(localStorage)"))

    hands.opens()
    hands.sees("document.querySelector('#id_fault_text').value === 'Мигает экран'")
    hands.sees("document.querySelector('#draft').checkVisibility()")
    assert "Ларин Сергей Викторович" in hands.visitor.reads("#client")
    assert hands.visitor.window.look("document.querySelector('#id_password').value") == ""
    assert hands.visitor.faults() == []

    hands.stands_at("#id_fault_text")
    hands.presses("Enter", ctrl=True)
    hands.is_done("draft restored and sent")
    assert (
        hands.visitor.window.look("Object.keys(localStorage).filter(key => key.startsWith('dovolen.intake')).length")
        == 0
    )


def test_a_mistake_keeps_everything_the_photo_as_well(hands: Hands, tmp_path: Path) -> None:
    photo = tmp_path / "desk.jpg"
    photo.write_bytes(make.photo(40, 30))
    hands.opens()
    hands.writes(PHONE)
    hands.presses("Enter")
    hands.stands_at("#id_fault_text")
    page = hands.visitor.window.ask("DOM.getDocument")["root"]["nodeId"]
    field = hands.visitor.window.ask("DOM.querySelector", nodeId=page, selector="#photos")["nodeId"]
    hands.visitor.window.ask("DOM.setFileInputFiles", nodeId=field, files=[str(photo)])
    hands.visitor.types("#id_condition", "Царапины")
    hands.presses("Enter", ctrl=True)

    hands.sees("document.querySelector('#problems') !== null")
    hands.stands_at("#id_fault_text")
    assert "Запишите со слов клиента" in hands.visitor.reads("main")
    assert hands.visitor.window.look("document.querySelector('#id_condition').value") == "Царапины"
    assert hands.visitor.faults() == []
    hands.writes("Теперь со слов")
    hands.presses("Enter", ctrl=True)

    order = hands.is_done("after a mistake")
    assert order.condition == "Царапины"
    assert Photo.objects.filter(order=order).count() == 1


def test_without_script_the_same_form_works_by_its_buttons(hands: Hands) -> None:
    window = hands.visitor.window
    hands.opens()
    window.look("localStorage.clear()")
    window.ask("Emulation.setScriptExecutionDisabled", value=True)
    try:
        _answered(window, lambda: window.ask("Page.navigate", url=f"{hands.visitor.origin}/intake/"))
        hands.visitor.types("#q", PHONE)
        _answered(window, lambda: hands.presses("Enter"))
        assert "Ларин Сергей Викторович" in hands.visitor.reads("#client")
        hands.visitor.types("#id_fault_text", "Без сценария")
        _answered(window, lambda: window.look("document.querySelector('[name=with_slip]').click()"))
        assert hands.visitor.path.endswith("/slip/")
    finally:
        window.ask("Emulation.setScriptExecutionDisabled", value=False)

    assert RepairOrder.objects.latest("number").fault_text == "Без сценария"


def _answered(window: Browser, act: Callable[[], object]) -> None:
    """Do it and wait for the page that comes."""
    window.events.clear()
    act()
    window.until("Page.loadEventFired")


@pytest.mark.parametrize(
    ("width", "dark", "lang"), [(1440, False, "ru"), (1024, True, "en"), (390, False, "ru"), (360, True, "ru")]
)
def test_the_intake_and_its_slip_are_sound_at_every_width(hands: Hands, width: int, dark: bool, lang: str) -> None:
    hands.opens(width=width, dark=dark, lang=lang)
    hands.visitor.window.look("localStorage.clear()")
    hands.opens(width=width, dark=dark, lang=lang)
    hands.visitor.types("#q", PHONE)
    hands.sees("document.querySelector('#client .name') !== null")
    hands.sees("document.querySelector('#device .told') !== null")
    slip = (RepairOrder.objects.order_by("-number").first() or make.order(by=Staff.objects.get(login="olga"))).number
    for page in ("intake", "slip"):
        assert hands.visitor.faults() == [], page
        assert hands.visitor.overflow() <= 0, page
        assert not hands.visitor.window.complaints(), page
        hands.visitor.visits(f"/orders/{slip}/slip/", width=width, dark=dark, lang=lang)
