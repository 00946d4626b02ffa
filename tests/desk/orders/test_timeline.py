"""What happened to orders, in sentences: names for numbers, the same few queries however much happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone, translation

from dovolen.desk.accounts.models import Staff
from dovolen.desk.core import words
from dovolen.desk.orders import actions, queries
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.orders.queries.timeline import KINDS
from scripts.assets import DESK_ICONS
from tests.desk import make
from tests.desk.conftest import NOON

LATER = NOON + timedelta(days=3)
SAID_BY_ANOTHER = {"order.ready"}
"""Events that stand in no timeline: the move to the stage says it."""


@pytest.fixture(autouse=True)
def _moscow(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(timezone, "now", lambda: NOON)
    with timezone.override("Europe/Moscow"), translation.override("ru"):
        yield


def told(order: RepairOrder) -> list[str]:
    return [str(moment).replace("\u00a0", " ") for moment in queries.timeline(order)]


def full_story(director: Staff) -> RepairOrder:
    """An order to which everything happens that may happen to one."""
    anna = make.person(by=director)
    earlier = make.order(by=director, customer=anna, lines=[{"kind": "labour", "name": "Чистка", "price": 290_000}])
    actions.hand_over(order=earlier, outcome="declined", by=director, now=NOON)
    order = make.order(by=director, customer=anna, lines=make.price_list, promised_at=NOON + timedelta(days=1))
    work, part = order.lines.all()
    act: dict[str, Any] = {"by": director, "now": LATER}
    actions.move(order=order, to=make.stage("diagnosis"), **act)
    actions.assign(order=order, technician=director, **act)
    actions.assign(order=order, technician=None, **act)
    actions.change_order(order=order, seen=order.version, diagnosis="Шлейф", shelf="А-1", **act)
    actions.hold(order=order, reason="part", **act)
    actions.hold(order=order, reason="part", until=NOON + timedelta(days=5), **act)
    actions.release(order=order, **act)
    fee = actions.add_line(order=order, kind="fee", name="Срочность", price=50_000, **act)
    actions.change_line(line=fee, seen=1, price=40_000, **act)
    actions.remove_line(line=fee, seen=2, **act)
    actions.offer_again(line=earlier.lines.get(), order=order, **act)
    actions.record_approval(order=order, approved=[work.pk], declined={}, who="Анна", told_how="call", **act)
    actions.record_approval(order=order, approved=[part.pk], declined={work.pk: ""}, who="Анна", told_how="call", **act)
    actions.record_approval(order=order, approved=[], declined={part.pk: ""}, who="Анна", told_how="message", **act)
    part.refresh_from_db()
    actions.change_line(line=part, seen=part.version, price=1_800_000, **act)
    awaited = actions.await_part(order=order, name="Матрица", expected_at=NOON + timedelta(days=5), **act)
    actions.expect_part(part=awaited, expected_at=None, **act)
    actions.expect_part(part=awaited, expected_at=NOON + timedelta(days=6), **act)
    actions.part_arrived(part=awaited, **act)
    actions.cancel_part(part=actions.await_part(order=order, name="Клей", **act), **act)
    photo = actions.add_photo(order=order, upload=make.photo(), name="a.png", **act)
    actions.change_photo(photo=photo, caption="Крышка", **act)
    actions.remove_photo(photo=photo, **act)
    actions.add_note(order=order, text="Просил не звонить", **act)
    actions.set_password(order=order, password="1", **act)
    actions.reveal_password(order=order, **act)
    actions.set_password(order=order, password="", **act)
    actions.promise(order=order, promised_at=NOON + timedelta(days=6), note="Обещали", **act)
    actions.promise(order=order, promised_at=NOON + timedelta(days=7), **act)
    waiting = list(Line.objects.filter(order=order, state="proposed").values_list("pk", flat=True))
    actions.record_approval(order=order, approved=waiting, declined={}, who="Анна", told_how="call", **act)
    actions.move(order=order, to=make.stage("ready"), **act)
    actions.tell(order=order, how="call", **act)
    actions.tell(order=order, how="in_person", **act)
    make.hand_over(order, **act)
    return order


OF_THE_CLIENT = {"order.link_opened", "order.link_revoked", "order.asked"}
OF_PAPERS = {"order.paper_drawn_up", "order.paper_voided"}
"""What he does on his own page, and papers, have their own stories."""
OF_MONEY = {"order.discounted", *(kind for kind in KINDS if kind.startswith("money."))}
"""Told where money is tested."""

STORY = """
Выдан: отремонтирован
Клиенту напомнили о готовности: лично
Клиенту сообщили о готовности: по телефону
Этап: Диагностика → Готов
Смета на 20 900 ₽ согласована, по телефону
Срок: 26 ноя, 12:00 → 27 ноя, 12:00
Срок: 21 ноя, 12:00 → 26 ноя, 12:00, прежний сорван
Пароль устройства удалён
Пароль устройства посмотрели
Пароль устройства записан
Запись
Фото удалено
Подпись или показ фото изменены
Добавлено фото
Запчасть больше не ждём: Клей
Заказана запчасть: Клей
Запчасть пришла: Матрица
Матрица: ждём 26 ноя, 12:00
Матрица: срок поставки неизвестен
Заказана запчасть: Матрица, ждём 25 ноя, 12:00
Строка сметы изменена: Матрица NE160QDM, 17 900 ₽ → 18 000 ₽. Нужно новое согласие
Клиент отказался, сообщением: Матрица NE160QDM
Смета на 20 800 ₽ согласована, по телефону; отказ: Замена матрицы
Смета на 24 600 ₽ согласована, по телефону
Предложили снова: Чистка
В смету: Чистка, 2 900 ₽
Из сметы убрано: Срочность, 400 ₽
Строка сметы изменена: Срочность, 500 ₽ → 400 ₽
В смету: Срочность, 500 ₽
Ожидание закончилось: ждём деталь
Ожидание: ждём деталь, до 25 ноя, 12:00
Ожидание: ждём деталь
Изменено: диагностика, место хранения
Мастер снят
Мастер: Игорь Мельник
Этап: Принят → Диагностика
Заказ № 2 принят
""".strip().splitlines()


@pytest.mark.django_db
@pytest.mark.base("sqlite")
def test_everything_that_happens_is_told_in_words(director: Staff) -> None:
    order = full_story(director)

    said = told(order)

    assert said == STORY
    assert {moment.by for moment in queries.timeline(order)} == {director}
    assert [moment.text for moment in queries.timeline(order) if moment.text] == ["Обещали", "Просил не звонить"]
    assert [moment.is_bad for moment in queries.timeline(order)].count(True) == 1
    assert set(make.events(order)) - SAID_BY_ANOTHER == set(KINDS) - {
        "order.checked",
        "order.cancelled",
        *OF_THE_CLIENT,
        *OF_MONEY,
        *OF_PAPERS,
    }


@pytest.mark.django_db
@pytest.mark.base("sqlite")
def test_every_sentence_stands_in_english_too(director: Staff) -> None:
    order = full_story(director)

    with translation.override("en"):
        said = told(order)

    assert len(said) == len(STORY)
    assert not [line for line in said if any("а" <= letter <= "я" for letter in line.replace("Матрица", "").lower())
                and "Чистка" not in line and "Срочность" not in line and "Клей" not in line
                and "Замена матрицы" not in line and "Игорь" not in line]  # fmt: skip


def test_every_kind_has_its_words_tab_and_a_known_icon() -> None:
    for kind, (icon, group) in KINDS.items():
        assert f"orders.event.{kind.partition('.')[2]}" in words.in_language("ru") or kind == "order.promised"
        assert group in queries.GROUPS
        assert icon in DESK_ICONS


@pytest.mark.django_db
def test_a_timeline_costs_the_same_queries_however_much_happened(
    director: Staff, django_assert_max_num_queries: Any
) -> None:
    orders = [make.order(by=director, lines=make.price_list, at="picked_up") for _ in range(3)]
    for order in orders:
        actions.add_note(order=order, text="Да", by=director, now=NOON)

    with django_assert_max_num_queries(8):
        moments = queries.timeline(*orders)

    assert {moment.order_id for moment in moments} == {order.pk for order in orders}
    assert [moment.at for moment in moments] == sorted((moment.at for moment in moments), reverse=True)
    assert len(queries.timeline(*orders, n=4)) <= 4


@pytest.mark.django_db
def test_the_pulse_of_an_order_changes_with_whatever_happens_to_it_and_to_no_other(director: Staff) -> None:
    order, other = make.order(by=director), make.order(by=director)
    before, before_of_other = queries.pulse(order), queries.pulse(other)

    actions.add_note(order=order, text="Да", by=director, now=NOON)

    assert queries.pulse(order) > before
    assert queries.pulse(other) == before_of_other
