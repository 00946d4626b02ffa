"""A complaint in a browser: told at the desk about an order that was handed over, seen by the manager, answered, ended."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.feedback.models import Answer, Case
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

WIDTHS = (1440, 390)
FIVE = r"/5\sиз\s5/.test(document.body?.innerText ?? '')"
SAID = "Забрала вчера, а экран снова гаснет"


@dataclass
class Desk:
    """Somebody at reception, the manager, an order of the day before."""

    visitor: Visitor
    reception: Staff
    manager: Staff
    order: RepairOrder


@pytest.fixture(scope="module")
def desk(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Desk]:
    with served.prepared(tmp_path_factory.mktemp("complaint") / "home", "", django_db_blocker) as installation:
        before = timezone.now() - timedelta(days=1)
        house = cast.full(now=before)
        Centre.objects.update(hours="24/7")
        north = Centre.objects.get(name="Север")
        marina = make.person(by=house.olga, name="Марина Орлова", centre=north, now=before)
        done = {"at": "picked_up", "promised_at": None, "now": before}
        order = make.order(by=house.olga, centre=north, customer=marina, **done)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            yield Desk(visitor, house["receptionist.north"], house["manager.north"], order)


def test_a_complaint_goes_from_the_desk_to_the_manager_and_ends(desk: Desk) -> None:
    visitor = desk.visitor
    served.comes_in(visitor, desk.reception)
    for width in WIDTHS:
        visitor.visits(f"/orders/{desk.order.number}/", width=width)
        visitor.window.look("document.querySelector('a[data-sheet][href*=\"/cases/\"]').click()")
        visitor.waits("document.querySelector('#sheet-dialog').open && document.activeElement.id === 'told_text'")
        visitor.finds_sound(f"complaint-new-{width}")
    visitor.types("#sheet textarea", SAID)
    visitor.presses("Enter", ctrl=True)
    visitor.waits("document.body?.innerText.includes('Обращение записано')")
    assert Case.objects.get().order == desk.order

    served.comes_in(visitor, desk.manager)
    for width in WIDTHS:
        visitor.visits("/", width=width)
        assert SAID in visitor.reads("section[aria-labelledby=panel-cases]")
        visitor.finds_sound(f"complaint-today-{width}")
    visitor.visits("/")
    visitor.window.look("document.querySelector('section[aria-labelledby=panel-cases] a[data-act]').click()")
    visitor.waits("location.pathname.startsWith('/cases/') && !!document.querySelector('#id_reply')")
    for width in WIDTHS:
        visitor.visits(visitor.path, width=width)
        visitor.finds_sound(f"complaint-page-{width}")
    visitor.types("#id_reply", "Проверим бесплатно сегодня")
    visitor.presses("Enter", ctrl=True)
    visitor.waits("document.body?.innerText.includes('Ответ записан')")

    visitor.window.look("document.querySelector('input[name=outcome][value=granted]').click()")
    visitor.types("#id_resolution", "Перепаяли разъём")
    visitor.presses("Enter", ctrl=True)
    visitor.waits("document.body?.innerText.includes('Обращение закрыто')")
    case = Case.objects.get()
    assert (case.outcome, case.resolution, case.owner) == ("granted", "Перепаяли разъём", desk.manager)
    visitor.visits("/")
    assert not visitor.sees("#panel-cases")
    for width in WIDTHS:
        visitor.visits("/cases/?view=resolved", width=width)
        visitor.finds_sound(f"complaint-list-{width}")


def test_a_rating_is_written_down_on_the_card_and_stands_there(desk: Desk) -> None:
    visitor = desk.visitor
    served.comes_in(visitor, desk.reception)
    path = f"/customers/{desk.order.customer_id}/"
    visitor.visits(path)
    visitor.waits("!!document.querySelector('#feedback a[href$=\"/answers/\"]')")
    visitor.window.look("document.querySelector('#feedback a[href$=\"/answers/\"]').click()")
    visitor.waits("!!document.querySelector('#told_score')")

    visitor.types("#told_score", "5")
    visitor.presses("Enter", ctrl=True)
    visitor.waits(f"!!document.querySelector('#feedback') && {FIVE}")

    assert visitor.path == path
    assert Answer.objects.get().score == 5
    for width in WIDTHS:
        visitor.visits(path, width=width)
        visitor.waits(FIVE)
        visitor.finds_sound(f"rating-card-{width}")
