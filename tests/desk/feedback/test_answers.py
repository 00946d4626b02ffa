"""Answers: kept on their own scale, by whom and how they were told; pages; what follows."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.core import journal
from dovolen.desk.feedback import actions, queries
from dovolen.desk.feedback.models import Answer
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people import actions as people
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.feedback.test_case_pages import browser, page

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def house(now: datetime) -> House:
    return cast.full(now=now - timedelta(days=40))


@pytest.fixture
def order(house: House, now: datetime) -> RepairOrder:
    marina = make.person(by=house["receptionist.north"], name="Марина Орлова", centre=house.north, now=now)
    before = now - timedelta(days=1)
    return make.order(
        by=house["manager.north"], centre=house.north, customer=marina, at="picked_up", promised_at=None, now=before
    )


def answered(house: House, order: RepairOrder, now: datetime, login: str = "receptionist.north", **told: Any) -> Answer:
    given: dict[str, Any] = {
        "kind": "csat", "score": 4, "text": "Долго ждала", "told_how": "call", "order": order, "at": now,
        "centre": house.north, "now": now, "customer": order.customer,
    }  # fmt: skip
    return actions.receive_answer(by=house[login], **(given | told))


def test_an_answer_is_kept_on_its_scale_and_the_journal_holds_the_score_alone(
    house: House, order: RepairOrder, now: datetime
) -> None:
    answered(house, order, now)

    kept = Answer.objects.get()
    assert (kept.score, kept.scale, kept.text, kept.order) == (4, 5, "Долго ждала", order)
    assert (kept.taken_by, kept.told_how, kept.at) == (house["receptionist.north"], "call", now)
    event = journal.timeline(kept).get()
    assert (event.kind, event.facts["score"], event.facts["order"]) == ("feedback.received", 4, order.pk)
    assert "ждала" not in str(event.facts)


@pytest.mark.parametrize(("kind", "score"), [("csat", 0), ("csat", 6), ("nps", 11), ("csi", 0), ("review", 6)])
def test_a_score_off_its_scale_is_refused_by_the_action_and_by_the_base(
    house: House, order: RepairOrder, now: datetime, kind: str, score: int
) -> None:
    with pytest.raises(actions.OffScale):
        answered(house, order, now, kind=kind, score=score)

    answered(house, order, now)
    with pytest.raises(IntegrityError), transaction.atomic():
        Answer.objects.update(kind=kind, score=score)


def test_zero_is_a_score_where_the_scale_begins_with_it(house: House, order: RepairOrder, now: datetime) -> None:
    assert answered(house, order, now, kind="nps", score=0).score == 0


@pytest.mark.parametrize("login", ["technician.north", "marketer.north", "receptionist.south"])
def test_only_who_records_what_clients_say_here_writes_it_down(
    house: House, order: RepairOrder, now: datetime, login: str
) -> None:
    with pytest.raises(NotAllowed):
        answered(house, order, now, login)


def test_an_answer_is_not_about_the_future_nor_another_clients_order(
    house: House, order: RepairOrder, now: datetime
) -> None:
    other = make.order(by=house["manager.north"], centre=house.north, promised_at=None, now=now)

    with pytest.raises(actions.NotYet):
        answered(house, order, now, at=now + timedelta(hours=1))
    with pytest.raises(actions.NoSuchOrder):
        answered(house, other, now, customer=order.customer)


def test_answers_go_with_a_client_who_is_joined_to_another(house: House, order: RepairOrder, now: datetime) -> None:
    answered(house, order, now)
    kept = make.person(by=house["receptionist.north"], name="Марина О.", centre=house.north, now=now)

    people.merge(kept=kept, absorbed=order.customer, chosen={}, by=house["manager.north"], now=now)

    assert Answer.objects.get().customer == kept
    assert queries.answers_of(kept, house["manager.north"])
    assert not queries.answers_of(kept, house["technician.north"])


def test_an_answer_is_written_down_from_the_order_and_stands_on_the_card_and_in_the_list(
    house: House, order: RepairOrder, now: datetime
) -> None:
    desk = browser(house, "receptionist.north")
    path = f"/customers/{order.customer_id}/answers/?order={order.number}"
    assert path in page(desk, f"/orders/{order.number}/")
    moment = house.north.local(now).strftime("%Y-%m-%dT%H:%M")
    told = {"kind": "csi", "score": "11", "text": "Всё понравилось", "told_how": "in_person", "at": moment}
    told |= {"order": order.pk, "centre": house.north.pk}

    refused = desk.post(path, told)
    assert "Всё понравилось" in refused.content.decode()
    off_scale = desk.post(path, told | {"kind": "csat", "score": "9"})
    assert "целое число от 1 до 5" in off_scale.content.decode().replace("\u00a0", " ")
    assert not Answer.objects.exists()

    assert desk.post(path, told | {"score": "9"}).headers["Location"] == f"/orders/{order.number}/"
    for shown in (f"/customers/{order.customer_id}/feedback/", "/cases/answers/", "/cases/answers/?kind=csi"):
        assert "9 из 10" in page(desk, shown)
    assert "9 из 10" not in page(desk, "/cases/answers/?kind=nps")
    assert "9 из 10" not in page(browser(house, "manager.south"), "/cases/answers/")


@pytest.mark.parametrize(
    ("path", "n_queries"),
    [
        ("/cases/answers/", 5),  # session, person, places, answers, how many
        ("/customers/{customer}/answers/", 6),  # client, orders, centres
        ("/customers/{customer}/feedback/", 6),  # client, cases, answers
    ],
)
def test_pages_ask_the_same_however_much_was_answered(
    house: House, order: RepairOrder, now: datetime, path: str, n_queries: int, django_assert_num_queries: Any
) -> None:
    client = browser(house, "manager.north")
    for n in (1, 5):
        for _ in range(n):
            answered(house, order, now)

        with django_assert_num_queries(n_queries):
            assert client.get(path.format(customer=order.customer_id)).status_code == 200


def test_the_list_pages_without_loss(house: House, order: RepairOrder, now: datetime) -> None:
    made = [answered(house, order, now, at=now - timedelta(hours=n // 2)).pk for n in range(7)]
    manager = house["manager.north"]

    first = queries.answers_page(manager, size=3)
    second = queries.answers_page(manager, "", first.later, size=3)
    third = queries.answers_page(manager, "", second.later, size=3)

    found = [one.pk for part in (first, second, third) for one in part.rows]
    assert sorted(found) == made
    assert found == [one.pk for one in Answer.objects.order_by("-at", "-pk")]
    assert [one.pk for one in queries.answers_page(manager, "", second.earlier, size=3).rows] == found[:3]
