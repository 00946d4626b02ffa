"""Papers in a real browser: proposed after hand-over, drawn up in one press, found in the register, set up."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.documents import actions
from dovolen.desk.documents.models import Document
from dovolen.desk.money.models import LegalEntity
from dovolen.desk.orders.models import RepairOrder
from tests.desk import cast, make, make_documents
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor


@dataclass
class Shown:
    """The director, before orders handed over and under work."""

    visitor: Visitor
    done: RepairOrder
    new: RepairOrder
    house: cast.House
    now: datetime


@pytest.fixture(scope="module")
def shown(window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Iterator[Shown]:
    with served.prepared(tmp_path_factory.mktemp("papers") / "home", "", django_db_blocker) as installation:
        now = timezone.now()
        house = cast.full(now=now)
        make_documents.seller(house.north)
        by, customer = house["manager.north"], make.person(by=house["manager.north"], name="Карпова Марина Олеговна")
        done = make_documents.order(by=by, customer=customer, now=now)
        new = make_documents.order(by=by, customer=customer, at="accepted", now=now)
        for kind in ("receipt", "estimate"):
            actions.draw_up(kind=kind, order=new, by=by, now=now)
        wrong = actions.draw_up(kind="estimate", order=new, by=by, now=now)
        actions.void(document=wrong, reason="Не та цена", by=by, now=now)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, house.olga)
            yield Shown(visitor, done, new, house, now)


def looks(shown: Shown, path: str, name: str) -> None:
    """The page is sound in both languages, light and dark, wide and on a phone."""
    for lang, width, dark in (("ru", 1440, False), ("en", 390, True), ("ru", 390, False)):
        shown.visitor.visits(path, width=width, lang=lang, dark=dark)
        shown.visitor.finds_sound(f"{name}-{lang}-{width}")


def test_after_hand_over_act_and_warranty_are_printed_by_one_press(shown: Shown) -> None:
    visitor, number = shown.visitor, shown.done.number
    visitor.visits(f"/orders/{number}/")
    visitor.waits("document.querySelector('#papers form') !== null")
    assert "напечатайте акт и гарантийный талон" in visitor.reads("#papers")
    visitor.finds_sound("order-papers-due")

    visitor.window.look("document.querySelector('#papers form [value=hand_over]').form.removeAttribute('target')")
    visitor.window.look("document.querySelector('#papers form [value=hand_over]').form.requestSubmit()")
    visitor.waits("location.pathname === '/papers/print/'")

    kinds = Document.objects.filter(order=shown.done).order_by("pk").values_list("kind", flat=True)
    assert list(kinds) == ["act", "warranty"]
    visitor.visits(f"/orders/{number}/")
    visitor.waits("document.querySelector('#papers form') !== null")
    assert "напечатайте" not in visitor.reads("#papers")
    assert "Гарантийный талон № 1" in visitor.reads("#papers")


def test_pages_of_papers_are_sound(shown: Shown) -> None:
    voidable = Document.objects.filter(order=shown.new, voided_at=None).first()
    assert voidable is not None

    looks(shown, f"/orders/{shown.new.number}/papers/", "papers-of-order")
    looks(shown, "/papers/", "papers-register")
    looks(shown, "/papers/?state=voided", "papers-voided")
    looks(shown, "/papers/?text=nobody", "papers-none")
    looks(shown, f"/papers/{voidable.pk}/voiding/", "paper-voiding")
    looks(shown, "/settings/papers/", "papers-setups")
    looks(shown, f"/settings/papers/{shown.house.north.pk}/", "papers-setup")


def test_what_is_missing_is_told_where_one_asked(shown: Shown) -> None:
    visitor, number = shown.visitor, shown.new.number
    LegalEntity.objects.update(account="")
    visitor.visits(f"/orders/{number}/papers/")
    visitor.window.look("document.querySelector('.dv-paper-form [name=kind]').value = 'invoice'")
    visitor.window.look("document.querySelector('.dv-paper-form').removeAttribute('target')")

    visitor.sends(".dv-paper-form")

    assert "Счёт на оплату: у продавца «Ромашка» не заполнено: расчётный счёт." in visitor.reads()
    visitor.finds_sound("papers-refused")
