"""The client's own page on a phone: followed from intake to warranty, answered without script, seen at the desk at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.documents import actions as documents
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import Approval, RepairOrder
from tests.desk import cast, make, make_documents
from tests.journeys import served
from tests.journeys.browser import Browser
from tests.journeys.visitor import Visitor

LINES = (
    {"kind": "part", "name": "Матрица NE160QDM-NZ1, 16 дюймов, 2560 × 1600", "price": 1_790_000, "warranty_days": 180},
    {"kind": "labour", "name": "Замена матрицы", "price": 380_000, "norm_minutes": 90, "warranty_days": 90},
    {"kind": "labour", "name": "Чистка и термопаста", "price": 290_050, "norm_minutes": 60},
)
WIDTHS = (360, 390, 768)


@pytest.fixture(scope="module")
def house(
    window: Browser, tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any
) -> Iterator[tuple[Visitor, Staff]]:
    """A served house, and who takes in there; the one who looks is nobody that the house knows."""
    settings.HOME.secret("links")
    with served.prepared(tmp_path_factory.mktemp("portal") / "home", "", django_db_blocker) as installation:
        manager = cast.full(now=timezone.now())["manager.north"]
        about = {"name": "Сервис на Ленина", "address": "ул. Ленина, 14", "phone": "+7 495 204-01-77"}
        Centre.objects.filter(pk=manager.places[0].centre_id).update(hours="пн–пт 10–20, сб 11–18", **about)
        make_documents.seller(manager.places[0].centre)
        with served.served(installation) as origin:
            window.ask("Network.clearBrowserCookies")
            yield Visitor(window, origin), cast.fresh(manager)


def brought(by: Staff, now: datetime) -> tuple[RepairOrder, str]:
    """A laptop whose estimate waits for its owner's word."""
    centre = by.places[0].centre
    owner = make.person(by=by, name="Карпова Анна Львовна", phone="+79972000001", centre=centre, now=now)
    laptop = make.asset(owner=owner, centre=centre, brand="ASUS", model="ROG G614", now=now)
    order = make.order(
        by=by, centre=centre, customer=owner, asset=laptop, lines=LINES, at="approval", now=now,
        promised_at=now + timedelta(days=1),
    )  # fmt: skip
    for caption in ("Излом шлейфа", "Полосы на экране слева, после падения со стола на плитку"):
        picture = make.photo(320, 240, colour="darkslategray")
        actions.add_photo(order=order, upload=picture, name="a.jpg", caption=caption, by=by, now=now)
    return order, f"/c/{actions.link_of(order, now=now)}/"


def looks(visitor: Visitor, page: str, name: str) -> None:
    """Sound in both languages, both themes, on phones and wider."""
    for width in WIDTHS:
        visitor.visits(page, width=width)
        visitor.finds_sound(f"portal-{name}-{width}")
    visitor.visits(f"{page}?lang=en", width=390, dark=True)
    visitor.finds_sound(f"portal-{name}-390-dark-en")
    visitor.visits(page, width=360)


def test_an_order_is_followed_from_the_estimate_to_the_warranty(house: tuple[Visitor, Staff]) -> None:
    visitor, by = house
    now = timezone.now()
    order, page = brought(by, now - timedelta(hours=2))

    looks(visitor, page, "asked")
    assert "Нужен ваш ответ по смете" in visitor.reads()
    _answers_without_our_script(visitor, page, order)
    looks(visitor, page, "answered")

    actions.pay(order=order, paid=actions.Paid("card", 1_000_000), by=by, now=now)
    part = actions.await_part(order=order, name="Матрица", expected_at=now + timedelta(days=1), by=by, now=now)
    actions.move(order=order, to=make.stage("parts"), by=by, now=now)
    moved = {"promised_at": now + timedelta(days=2), "reason": "part_late", "told_how": "call"}
    actions.promise(order=order, by=by, now=now, **moved)  # type: ignore[arg-type]
    looks(visitor, page, "part")
    assert "Ждём деталь, будет завтра" in visitor.reads()

    actions.part_arrived(part=part, by=by, now=now)
    actions.move(order=order, to=make.stage("ready"), by=by, now=now)
    looks(visitor, page, "ready")
    assert "Готово, можно забирать" in visitor.reads()

    make.hand_over(order, by=by, now=now)
    for kind in ("act", "warranty"):
        documents.draw_up(kind=kind, order=order, by=by, now=now)
    looks(visitor, page, "closed")
    assert "Отремонтировали и выдали" in visitor.reads()
    assert "действует" in visitor.reads("#warranty")
    assert "оплачено" in visitor.reads("#bill")
    assert len(visitor.window.look("[...document.querySelectorAll('#papers a')].map(one => one.href)")) == 2
    looks(visitor, "/c/no-such-key/", "shut")


def _answers_without_our_script(visitor: Visitor, page: str, order: RepairOrder) -> None:
    visitor.window.ask("Network.setBlockedURLs", urls=["*/portal*.js"])
    visitor.visits(page, width=360)
    for line, word in zip(order.lines.order_by("position"), ("yes", "yes", "no"), strict=True):
        visitor.window.look(f"document.querySelector('[name=line-{line.pk}][value={word}]').click()")
    _confirms(visitor)
    visitor.window.ask("Network.setBlockedURLs", urls=[])
    signed = Approval.objects.get(order=order)
    assert (signed.told_how, signed.terms, signed.amount) == ("link", "1", 2_170_000)
    assert "Ответ подписан вами по ссылке" in visitor.reads()


def _confirms(visitor: Visitor) -> None:
    visitor.window.events.clear()
    visitor.window.look("document.querySelector('#estimate .btn-primary').click()")
    visitor.window.until("Page.loadEventFired")


def test_the_page_changes_by_itself(house: tuple[Visitor, Staff]) -> None:
    visitor, by = house
    order, page = brought(by, timezone.now() - timedelta(hours=1))
    visitor.visits(page, width=390)
    visitor.window.look("window.stays = true")

    make.approve(order, by=by, now=timezone.now())
    visitor.window.look("document.dispatchEvent(new Event('visibilitychange'))")

    visitor.waits("document.querySelector('#portal h1').innerText.includes('Ответ получили')")
    assert visitor.window.look("window.stays")
    assert visitor.noise() == []


def test_who_is_answering_is_not_disturbed_and_told_that_there_is_news(house: tuple[Visitor, Staff]) -> None:
    visitor, by = house
    order, page = brought(by, timezone.now() - timedelta(hours=1))
    visitor.visits(page, width=390)
    visitor.window.look("document.querySelector('input[value=yes]').click()")

    actions.add_line(order=order, kind="fee", name="Доставка", price=50_000, by=by, now=timezone.now())
    visitor.window.look("document.dispatchEvent(new Event('visibilitychange'))")

    visitor.waits("!document.querySelector('.changed').hidden")
    assert visitor.window.look("document.querySelector('input[value=yes]').checked")
    _sends_what_he_saw(visitor, order)


def _sends_what_he_saw(visitor: Visitor, order: RepairOrder) -> None:
    visitor.window.look("document.querySelectorAll('input[value=yes]').forEach(one => one.click())")
    _confirms(visitor)
    assert "Смета изменилась" in visitor.reads("#estimate")
    assert "Доставка" in visitor.reads("#estimate")
    assert not Approval.objects.filter(order=order).exists()


def test_the_desk_sees_his_word_without_being_asked(house: tuple[Visitor, Staff]) -> None:
    visitor, by = house
    now = timezone.now()
    order, _ = brought(by, now - timedelta(hours=1))
    served.comes_in(visitor, by)
    visitor.visits(f"/orders/{order.number}/")
    visitor.window.look("window.stays = true")
    link = order.links.get()
    waiting = {line.pk for line in order.lines.all()}
    seen = queries.estimate_mark(order, order.lines.all())

    actions.approve_by_link(link=link, accepted=waiting, declined=(), seen=seen, now=now)
    visitor.window.look("document.dispatchEvent(new Event('visibilitychange'))")

    visitor.waits("document.querySelector('#events').innerText.includes('Клиент согласовал')")
    assert visitor.window.look("window.stays")
    visitor.window.ask("Network.clearBrowserCookies")
