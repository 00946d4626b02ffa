"""The board and the palette in a real browser: cards moved by keys, by choice and by hand; what is found as one types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Staff
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

SHIFT = 8
COLUMN = "document.getElementById('card-{0}')?.closest('.column').dataset.stage"
DRAG = """(() => {{
  const card = document.getElementById('card-{0}'), to = document.querySelector('[data-stage="{1}"]'), held = new DataTransfer();
  const say = (at, name) => at.dispatchEvent(new DragEvent(name, {{ bubbles: true, cancelable: true, dataTransfer: held }}));
  say(card, 'dragstart'); say(to, 'dragover'); say(to, 'drop'); say(card, 'dragend');
}})()"""


@pytest.fixture(scope="module")
def shown(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, RepairOrder]]:
    """A manager before the board, and the order on it."""
    with served.prepared(tmp_path_factory.mktemp("board") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        manager = cast.full(now=now)["manager.north"]
        order = make.order(
            by=manager, customer=make.person(by=manager, name="Карпова Марина"), promised_at=None, now=now
        )
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, manager)
            visitor.visits("/orders/board/")
            yield visitor, order


def stands_in(visitor: Visitor, order: RepairOrder, code: str) -> bool:
    """Whether the card comes to stand in the column of a stage."""
    wanted, column = str(make.stage(code).pk), COLUMN.format(order.number)
    return bool(
        visitor.window.look(
            f"(async () => {{ for (let n = 0; n < 100 && {column} !== '{wanted}'; n++)"
            f" await new Promise(done => setTimeout(done, 50)); return {column} === '{wanted}'; }})()"
        )
    )


def moves_by_key(visitor: Visitor, key: str) -> None:
    for kind in ("keyDown", "keyUp"):
        visitor.window.ask("Input.dispatchKeyEvent", type=kind, key=key, code=key, modifiers=SHIFT)


def chooses(visitor: Visitor, order: RepairOrder, code: str) -> None:
    field = f"document.querySelector('#card-{order.number} select')"
    visitor.window.look(f"{field}.value = '{make.stage(code).pk}'")
    visitor.window.look(f"{field}.dispatchEvent(new Event('change', {{ bubbles: true }}))")


def test_a_card_is_moved_by_keys_by_choice_and_by_hand(shown: tuple[Visitor, RepairOrder]) -> None:
    visitor, order = shown
    visitor.window.look("document.querySelector('.board').focus()")

    visitor.presses("ArrowDown")
    moves_by_key(visitor, "ArrowRight")
    assert stands_in(visitor, order, "diagnosis")
    assert visitor.sees(f"#card-{order.number}.on")
    moves_by_key(visitor, "ArrowLeft")
    assert stands_in(visitor, order, "accepted")

    chooses(visitor, order, "repair")
    assert stands_in(visitor, order, "repair")

    visitor.window.look(DRAG.format(order.number, make.stage("check").pk))
    assert stands_in(visitor, order, "check")
    order.refresh_from_db()
    assert order.stage.code == "check"
    assert visitor.faults() == []


def test_who_comes_late_is_told_and_sees_where_it_stands_now(shown: tuple[Visitor, RepairOrder]) -> None:
    visitor, order = shown
    visitor.visits("/orders/board/")
    order = RepairOrder.objects.get(pk=order.pk)
    director = cast.fresh(Staff.objects.get(login="olga"))
    actions.move(order=order, to=make.stage("parts"), by=director, now=timezone.now())

    visitor.window.look(DRAG.format(order.number, make.stage("diagnosis").pk))

    assert stands_in(visitor, order, "parts")
    visitor.waits("document.querySelector('#toasts').innerText.includes('передвинут')")


def test_the_palette_finds_as_one_types_and_opens_by_enter(shown: tuple[Visitor, RepairOrder]) -> None:
    visitor, order = shown
    visitor.presses("k", code="KeyK", ctrl=True)

    visitor.types("#palette input", "rfhgjdf")
    visitor.window.look(
        "(async () => { for (let n = 0; n < 100 && !document.querySelector('[data-found]'); n++)"
        " await new Promise(done => setTimeout(done, 50)); })()"
    )

    assert visitor.reads("#palette [aria-selected=true]").startswith("Карпова Марина")
    assert f"№ {order.number}" in visitor.reads("#palette-list")
    visitor._through(lambda: visitor.presses("Enter"))
    assert visitor.path == f"/customers/{order.customer_id}/"
