"""The whole way of an order with its client: told, asked, answering, paying, holding his papers. Nobody calls anybody."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.core.models import Beat, Pending
from dovolen.desk.documents.models import Document
from dovolen.desk.messaging.models import Message
from dovolen.desk.money import queries as money
from dovolen.desk.money.models import CashShift
from dovolen.desk.orders.models import Approval, Line, RepairOrder
from tests.desk import make_documents
from tests.desk.waiting import until
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.order_steps import PHONE, answers, goes_on, new_house, opens, priced, stands_at, taken_in
from tests.journeys.visitor import Visitor


@dataclass
class Walk:
    """The desk and, in another window's place, the client's telephone."""

    visitor: Visitor
    staff: Staff
    order: RepairOrder | None = None

    @property
    def page(self) -> str:
        assert self.order
        return f"/orders/{self.order.number}/"

    def gets(self, words: str) -> str:
        """Wait until a message with these words stands on the client's telephone; gives its text."""
        went = Message.objects.filter(state="sent")
        try:
            until(lambda: any(words in _read(text) for text in went.values_list("text", flat=True)), 120)
        except AssertionError as error:
            raise AssertionError(_what_waits()) from error
        self.visitor.visits("/phone/")
        self.visitor.waits(
            f"document.querySelector('#thread')?.innerText.replaceAll('\\u00a0', ' ').includes({words!r})"
        )
        bubbles = self.visitor.window.look(
            "[...document.querySelectorAll('#thread .bubble .text')].map(one => one.innerText)"
        )
        return next(text for text in map(_read, bubbles) if words in text)


def _what_waits() -> str:
    """Why a message did not go: messages, events, workers as the base has them."""
    messages = list(Message.objects.values_list("notice", "state", "reason", "not_before", "tries", "cause"))
    events = list(Pending.objects.values_list("kind", "tries", "free_at", "cause"))
    return f"{datetime.now(UTC)}: messages {messages}, events {events}, workers {list(Beat.objects.values())}"


def _read(text: str) -> str:
    """A text as people read it, whatever its blanks."""
    return text.replace("\u00a0", " ")


def _zone_of_day() -> str:
    """Where it is about noon now: at night messages wait for the morning."""
    ahead = 12 - datetime.now(UTC).hour
    return f"Etc/GMT{-ahead:+d}" if ahead else "Etc/UTC"


@pytest.fixture(scope="module", params=["sqlite", "postgres"])
def walk(
    request: pytest.FixtureRequest, window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[Walk]:
    """A new house with a seller, where it is day; the till is counted and open."""
    server = request.getfixturevalue("postgres_url") if request.param == "postgres" else ""
    home = tmp_path_factory.mktemp("told") / "home"
    with new_house(home, server, django_db_blocker) as (installation, vera):
        Centre.objects.update(zone=_zone_of_day())
        for centre in Centre.objects.all():
            make_documents.seller(centre, name=centre.name)
        with served.served(installation) as origin:
            visitor = Visitor(window, origin)
            served.comes_in(visitor, vera)
            visitor.visits("/cash/")
            visitor.types("[name=opening]", "5 000")
            visitor.sends()
            yield Walk(visitor, vera)


def test_a_client_is_told_answers_and_pays_and_all_of_it_adds_up(walk: Walk) -> None:
    visitor = walk.visitor
    walk.order = taken_in(visitor)
    accepted = walk.gets("Приняли заказ")
    link = next(word for word in accepted.split() if "/c/" in word).removeprefix(visitor.origin)

    _estimate_waits(walk)
    walk.gets("смет")
    _answers_line_by_line(walk, link)
    _is_repaired(walk)
    walk.gets("готов. К оплате 3 200 ₽")
    visitor.visits(walk.page)
    stands_at(visitor, "Сообщили")

    _is_handed_over(walk)
    _has_his_papers(walk, link)
    _is_counted(visitor)


def _estimate_waits(walk: Walk) -> None:
    walk.visitor.visits(walk.page)
    goes_on(walk.visitor, "Диагностика")
    priced(walk.visitor, walk.page)
    goes_on(walk.visitor, "Согласование")


def _answers_line_by_line(walk: Walk, link: str) -> None:
    """On his page, while the order stands open at the desk: that changes by itself."""
    visitor, lines = walk.visitor, list(Line.objects.order_by("position"))
    visitor.window.ask("Network.clearBrowserCookies")  # who is signed in at the desk does not answer for a client
    visitor.visits(link, width=390)
    for line, word in zip(lines, ("yes", "no"), strict=True):
        visitor.window.look(f"document.querySelector('[name=line-{line.pk}][value={word}]').click()")
    answers(visitor, "document.querySelector('#estimate .btn-primary').click()")
    assert "Ответ подписан вами по ссылке" in visitor.reads()
    signed = Approval.objects.get()
    assert (signed.told_how, signed.amount, signed.by) == ("link", 320_000, None)
    served.comes_in(visitor, walk.staff)
    visitor.visits(walk.page)
    assert "по ссылке" in visitor.reads("#events")


def _is_repaired(walk: Walk) -> None:
    visitor = walk.visitor
    for stage in ("Ремонт", "Проверка"):
        goes_on(visitor, stage)
    opens(visitor, ".dv-head a[data-key=ArrowRight]")
    visitor.window.look("document.querySelectorAll('#sheet-dialog [name=ticked]').forEach(one => one.click())")
    answers(visitor, "document.querySelector('#sheet-dialog [name=goes_on]').click()")
    stands_at(visitor, "Готов")


def _is_handed_over(walk: Walk) -> None:
    visitor = walk.visitor
    visitor.visits(f"{walk.page}pickup/")
    assert "3 200" in visitor.reads()
    visitor.window.look("document.querySelector('[name=method][value=cash]').click()")
    visitor.types("[name=receipt_number]", "0118")
    visitor.sends()
    assert walk.order
    assert money.sums(walk.order.number) == money.Sums(due=320_000, paid=320_000)
    visitor.waits("document.querySelector('#papers form') !== null")
    visitor.window.look("document.querySelector('#papers form [value=hand_over]').form.removeAttribute('target')")
    visitor.window.look("document.querySelector('#papers form [value=hand_over]').form.requestSubmit()")
    visitor.waits("location.pathname === '/papers/print/'")
    assert set(Document.objects.values_list("kind", flat=True)) >= {"act", "warranty"}


def _has_his_papers(walk: Walk, link: str) -> None:
    visitor = walk.visitor
    walk.gets("выдан, спасибо")
    visitor.visits(link, width=360)
    assert "Отремонтировали и выдали" in visitor.reads()
    assert len(visitor.window.look("[...document.querySelectorAll('#papers a')].map(one => one.href)")) >= 2
    assert set(Message.objects.values_list("state", flat=True)) <= {"sent", "delivered"}
    assert set(Message.objects.values_list("address", flat=True)) == {
        PHONE.translate({ord(sign): None for sign in " -"})
    }


def _is_counted(visitor: Visitor) -> None:
    shift = CashShift.objects.get()
    visitor.visits(f"/cash/{shift.pk}/closing/")
    visitor.types("[name=counted]", "8 200")
    visitor.sends()
    shift.refresh_from_db()
    assert (shift.expected, shift.counted) == (820_000, 820_000)
