"""What clients are told of their orders: each occasion once, in time, and not what is not so any more."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from dovolen.desk.core.reacting import react
from dovolen.desk.messaging import sending
from dovolen.desk.messaging.models import Message, Notice
from dovolen.desk.orders import actions, notices
from dovolen.desk.orders.models import Line, RepairOrder
from dovolen.desk.reactions import REACTIONS
from tests.desk import make, make_messaging
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def anna(director: Any) -> Any:
    make_messaging.house()
    return make_messaging.client(by=director, name="Карпова Анна Львовна", phone="+79972000001")


def work_off(now: datetime = NOON) -> None:
    while react(REACTIONS, clock=lambda: now):
        pass


def told(order: RepairOrder, *states: str) -> list[str]:
    found = Message.objects.filter(order_number=order.number).order_by("pk")
    return list((found.filter(state__in=states) if states else found).values_list("notice", flat=True))


def text_of(order: RepairOrder, notice: str) -> str:
    return Message.objects.get(order_number=order.number, notice=notice).text.replace("\u00a0", " ")


def order_of(anna: Any, director: Any, **about: Any) -> RepairOrder:
    return make.order(by=director, customer=anna, **about)


def test_who_brought_a_device_is_told_the_date_and_the_way_to_his_page(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list)

    work_off()

    said = text_of(order, "order.accepted")
    token = actions.link_of(order, now=NOON)
    assert said.startswith(f"Приняли заказ № {order.number}.")
    assert "к 22 ноября, 12:00" in said
    assert f"http://localhost:8000/c/{token}/" in said


def test_an_event_worked_off_twice_tells_once(director: Any, anna: Any) -> None:
    from dovolen.desk.core.models import Event, Pending

    order = order_of(anna, director)
    work_off()
    for event in Event.objects.filter(subject_id=order.pk, kind="order.accepted"):
        Pending.objects.create(event=event, kind=event.kind)

    work_off()

    assert told(order) == ["order.accepted"]


def test_what_happened_days_ago_is_no_news(director: Any, anna: Any) -> None:
    order = order_of(anna, director)

    work_off(NOON + 2 * DAY)

    assert told(order) == []


def test_an_estimate_that_waits_is_told_once_until_it_is_answered(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="approval")
    work_off()
    actions.add_line(order=order, kind="labour", name="Чистка", price=290_000, by=director, now=NOON)
    work_off()
    assert told(order).count("order.estimate_waits") == 1
    assert "21 700" in text_of(order, "order.estimate_waits")

    make.approve(order, by=director)
    actions.add_line(order=order, kind="labour", name="Пайка", price=100_000, by=director, now=NOON)
    work_off()

    assert told(order).count("order.estimate_waits") == 2


def test_lines_that_are_proposed_where_nobody_asks_yet_are_not_told(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="diagnosis")

    actions.add_line(order=order, kind="labour", name="Чистка", price=290_000, by=director, now=NOON)
    work_off()

    assert "order.estimate_waits" not in told(order)


def test_an_answer_takes_back_the_question_that_still_waits(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="approval")
    work_off()

    make.approve(order, by=director)
    work_off()

    assert "order.estimate_waits" in told(order, "cancelled")
    assert Message.objects.get(notice="order.estimate_waits").reason == "overtaken"


def test_a_promise_that_moves_is_told_and_of_two_the_latter(director: Any, anna: Any) -> None:
    order = order_of(anna, director)
    actions.promise(order=order, promised_at=NOON + 3 * DAY, reason="part_late", by=director, now=NOON)
    actions.promise(order=order, promised_at=NOON + 4 * DAY, reason="part_late", by=director, now=NOON)

    work_off()

    assert told(order).count("order.promise_moved") == 1
    assert "24 ноября, 12:00" in text_of(order, "order.promise_moved")


def test_who_heard_the_new_date_by_phone_gets_no_message_of_it(director: Any, anna: Any) -> None:
    order = order_of(anna, director)

    actions.promise(
        order=order, promised_at=NOON + 3 * DAY, reason="part_late", told_how="call", by=director, now=NOON
    )  # fmt: skip
    work_off()

    assert "order.promise_moved" not in told(order)


def test_only_the_last_part_that_came_is_told(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="parts")
    first, last = (
        actions.await_part(order=order, name=name, by=director, now=NOON) for name in ("Матрица", "Шлейф")
    )  # fmt: skip

    actions.part_arrived(part=first, by=director, now=NOON)
    work_off()
    assert "order.part_arrived" not in told(order)
    actions.part_arrived(part=last, by=director, now=NOON)
    work_off()

    assert told(order).count("order.part_arrived") == 1


def test_ready_is_told_and_once_it_is_sent_the_order_is_told_by_message(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="ready")
    work_off()
    assert "order.ready" in told(order)
    assert RepairOrder.objects.get(pk=order.pk).phase == "ready"

    while sending.deliver(clock=lambda: NOON):
        pass
    work_off()

    order.refresh_from_db()
    assert (order.phase, order.stage.code, order.notified_how, order.notified_at) == ("told", "told", "message", NOON)
    assert order.notified_by is None
    assert make.facts(order, "order.told") | {"is_first": True} == make.facts(order, "order.told")


def test_who_was_told_aloud_before_the_message_stays_so(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="ready")
    work_off()
    actions.tell(order=order, how="call", by=director, now=NOON)

    while sending.deliver(clock=lambda: NOON):
        pass
    work_off()

    order.refresh_from_db()
    assert order.notified_how == "call"
    assert make.events(order).count("order.told") == 1


def test_what_is_handed_over_before_the_message_goes_is_not_called_ready(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="ready")
    work_off()

    actions.hand_over(order=order, outcome="repaired", by=director, now=NOON)
    work_off()

    assert "order.ready" in told(order, "cancelled")
    assert told(order, "queued") == ["order.picked_up"]


def test_who_takes_it_back_unrepaired_is_not_thanked_for_a_repair(director: Any, anna: Any) -> None:
    order = order_of(anna, director)

    actions.hand_over(order=order, outcome="declined", by=director, now=NOON)
    work_off()

    assert "order.picked_up" not in told(order)


def test_a_warranty_is_told_until_when(director: Any, anna: Any) -> None:
    labour = {"kind": "labour", "name": "Замена", "price": 100_000, "warranty_days": 90}
    order = order_of(anna, director, lines=[labour], at="picked_up")

    work_off()

    assert "Гарантия до 18 февраля 2027" in text_of(order, "order.picked_up")


def test_to_fetch_it_one_is_reminded_at_each_turn_of_the_series(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="told")

    for day in range(20):
        since, until = NOON + day * DAY, NOON + (day + 1) * DAY
        notices.remind_to_pick_up(since=since, until=until, now=until)
        notices.remind_to_pick_up(since=since, until=until, now=until)

    assert told(order) == ["order.not_picked_up.1", "order.not_picked_up.2", "order.not_picked_up.3"]
    asked = Message.objects.filter(order_number=order.number).order_by("pk").values_list("queued_at", flat=True)
    assert [(at - NOON).days for at in asked] == [3, 7, 14]
    assert "до 20 декабря" in text_of(order, "order.not_picked_up.3")


def test_after_a_pause_of_weeks_the_latest_reminder_comes_alone(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="told")

    notices.remind_to_pick_up(since=NOON, until=NOON + 20 * DAY, now=NOON + 20 * DAY)

    assert told(order) == ["order.not_picked_up.3"]


def test_what_was_fetched_or_waited_for_long_before_is_not_reminded_of(director: Any, anna: Any) -> None:
    fetched = order_of(anna, director, at="picked_up")
    old = order_of(anna, director, at="told", now=NOON - 90 * DAY, promised_at=NOON - 80 * DAY)

    notices.remind_to_pick_up(since=NOON, until=NOON + 20 * DAY, now=NOON + 20 * DAY)

    assert told(fetched) == told(old) == []


def test_a_reminder_that_is_switched_off_stays_unsaid(director: Any, anna: Any) -> None:
    order = order_of(anna, director, at="told")
    Notice.objects.filter(code="order.not_picked_up.1").update(is_on=False)

    notices.remind_to_pick_up(since=NOON, until=NOON + 4 * DAY, now=NOON + 4 * DAY)

    assert told(order) == []


def warn(director: Any, now: datetime) -> None:
    notices.warn_of_breaking(since=now, until=now, centre_id=director.centre.pk, now=now)


def test_a_promise_that_a_late_part_breaks_is_told_before_it_is_over_and_once(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="parts", promised_at=NOON + DAY)
    actions.await_part(order=order, name="Матрица", expected_at=NOON + 2 * DAY, by=director, now=NOON)

    warn(director, NOON)
    warn(director, NOON + timedelta(hours=1))

    assert told(order) == ["order.promise_breaks"]
    assert Message.objects.get().expires_at == NOON + DAY
    assert "21 ноября, 12:00" in text_of(order, "order.promise_breaks")


def test_a_new_date_takes_back_the_warning_of_the_old_one(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="parts", promised_at=NOON + DAY)
    actions.await_part(order=order, name="Матрица", expected_at=NOON + 2 * DAY, by=director, now=NOON)
    warn(director, NOON)

    actions.promise(order=order, promised_at=NOON + 3 * DAY, reason="part_late", by=director, now=NOON)
    work_off()

    assert told(order, "cancelled") == ["order.promise_breaks"]
    assert "order.promise_moved" in told(order, "queued")


@pytest.mark.parametrize(
    ("at", "left", "is_told"),
    [("diagnosis", timedelta(minutes=30), True), ("repair", timedelta(minutes=30), False),
     ("approval", timedelta(minutes=30), False), ("diagnosis", timedelta(hours=30), False),
     ("diagnosis", -timedelta(minutes=30), False), ("ready", timedelta(minutes=30), False)],
)  # fmt: skip
def test_nobody_is_warned_of_what_may_still_be_kept(
    director: Any, anna: Any, at: str, left: timedelta, is_told: bool
) -> None:
    before = NOON - 2 * DAY
    order = order_of(anna, director, lines=make.price_list, at=at, promised_at=NOON + left, now=before)

    warn(director, NOON)

    assert ("order.promise_breaks" in told(order)) is is_told


def test_who_agreed_to_nothing_is_sent_nothing_and_it_is_kept_why(director: Any, anna: Any) -> None:
    stranger = make_messaging.client(by=director, agreed=(), name="Без согласий", phone="+79972000009")
    order = order_of(stranger, director)

    work_off()

    assert set(Message.objects.filter(order_number=order.number).values_list("state", flat=True)) == {"refused"}


def test_everything_follows_while_lines_stay_as_they_were(director: Any, anna: Any) -> None:
    order = order_of(anna, director, lines=make.price_list, at="approval")

    work_off()

    assert set(Line.objects.filter(order=order).values_list("state", flat=True)) == {"proposed"}
