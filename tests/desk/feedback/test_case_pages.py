"""Pages of cases: what they show to whom, what they write, how much they ask of the base."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.feedback import actions
from dovolen.desk.feedback.models import Case
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.models import Customer
from tests.desk import cast, make
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
SAID = "Ноутбук снова не включается"


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def house(now: datetime) -> House:
    house = cast.full(now=now - timedelta(days=40))
    Centre.objects.update(hours="24/7")
    house.north.refresh_from_db()
    return house


@pytest.fixture
def order(house: House, now: datetime) -> RepairOrder:
    """Handed over the day before."""
    marina = make.person(by=house["receptionist.north"], name="Марина Орлова", centre=house.north, now=now)
    before = now - timedelta(days=1)
    return make.order(
        by=house["manager.north"], centre=house.north, customer=marina, at="picked_up", promised_at=None, now=before
    )


def browser(house: House, login: str) -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")
    return client


def page(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, f"{path}: {answer.status_code}"
    return answer.content.decode().replace("\u00a0", " ")


def typed(house: House, at: datetime, **told: Any) -> dict[str, Any]:
    """The form of a complaint as it is sent."""
    moment = house.north.local(at).strftime("%Y-%m-%dT%H:%M")
    given = {"text": SAID, "kind": "complaint", "category": "quality", "claim": "repair", "channel": "oral"}
    return given | {"at": moment, "centre": house.north.pk, "order": ""} | told


def opened(house: House, order: RepairOrder, now: datetime, **told: Any) -> Case:
    given: dict[str, Any] = {"text": SAID, "at": now, "centre": house.north, "order": order, "now": now}
    return actions.open_case(customer=order.customer, by=house["receptionist.north"], **(given | told))


def test_a_complaint_about_an_order_handed_over_goes_from_the_desk_to_the_manager_and_ends(
    house: House, order: RepairOrder, now: datetime
) -> None:
    desk, manager = browser(house, "receptionist.north"), browser(house, "manager.north")
    path = f"/customers/{order.customer_id}/cases/?order={order.number}"
    assert path in page(desk, f"/orders/{order.number}/")
    assert f'<option value="{order.pk}" selected>' in page(desk, path)
    assert "Жалобы у предела" not in page(manager, "/")

    answer = desk.post(path, typed(house, now, order=order.pk))

    assert answer.headers["Location"] == f"/orders/{order.number}/"
    case = Case.objects.get()
    assert (case.order, case.claim, case.centre) == (order, "repair", house.north)
    today = page(manager, "/")
    assert "Жалобы у предела" in today
    assert SAID in today
    assert "Жалобы у предела" not in page(desk, "/")

    manager.post(f"/cases/{case.pk}/replies/", {"reply": "Проверим бесплатно", "reply_by": "call"})
    assert "Проверим бесплатно" in page(manager, f"/cases/{case.pk}/")
    case.refresh_from_db()
    done = {"outcome": "granted", "resolution": "Перепаяли разъём", "version": case.version}
    assert manager.post(f"/cases/{case.pk}/resolution/", done).headers["Location"] == f"/cases/{case.pk}/"

    assert "Перепаяли разъём" in page(desk, f"/cases/{case.pk}/")
    assert "Жалобы у предела" not in page(manager, "/")
    assert "Перепаяли разъём" not in page(manager, "/cases/")
    assert SAID in page(manager, "/cases/?view=resolved")


def test_what_was_typed_stays_where_a_complaint_is_refused(house: House, order: RepairOrder, now: datetime) -> None:
    told = typed(house, now + timedelta(days=2))

    shown = page_of(browser(house, "receptionist.north").post(f"/customers/{order.customer_id}/cases/", told))

    assert "Это время ещё не наступило." in shown
    assert SAID in shown
    assert not Case.objects.exists()


def page_of(answer: Any) -> str:
    assert answer.status_code == 200
    return str(answer.content.decode()).replace("\u00a0", " ")


def test_a_complaint_is_not_about_an_order_of_somebody_else(house: House, order: RepairOrder, now: datetime) -> None:
    other = make.order(by=house["manager.north"], centre=house.north, promised_at=None, now=now)
    told = typed(house, now, order=other.pk)

    answer = browser(house, "receptionist.north").post(f"/customers/{order.customer_id}/cases/", told)

    assert answer.status_code == 200
    assert not Case.objects.exists()


def test_a_decision_from_a_page_older_than_an_answer_is_shown_again_with_what_was_typed(
    house: House, order: RepairOrder, now: datetime
) -> None:
    case = opened(house, order, now)
    old = case.version
    actions.reply_to_case(case=case, channel="call", text="Ответил коллега", by=house["manager.north"], now=now)
    director = browser(house, "olga")
    done = {"outcome": "refused", "resolution": "Не наш случай", "version": old}

    shown = page_of(director.post(f"/cases/{case.pk}/resolution/", done))

    assert "Ответил коллега" in shown
    assert "Не наш случай" in shown
    assert Case.objects.get().resolved_at is None
    assert f'name="version" value="{case.version}"' in shown


def test_the_card_shows_open_complaints_first_and_the_way_to_record_another(
    house: House, order: RepairOrder, now: datetime
) -> None:
    marina, manager = order.customer, house["manager.north"]
    done = opened(house, order, now, text="Долго ждала")
    told = {"outcome": "agreed", "resolution": "Скидка", "by": manager, "now": now}
    actions.resolve_case(case=done, seen=done.version, **told)
    opened(house, order, now)
    desk, marketer = browser(house, "receptionist.north"), browser(house, "marketer.north")
    assert f"/customers/{marina.pk}/feedback/" in page(desk, f"/customers/{marina.pk}/")

    shown = page(desk, f"/customers/{marina.pk}/feedback/")

    assert shown.index(SAID) < shown.index("Долго ждала")
    assert f"/customers/{marina.pk}/cases/" in shown
    assert f"/customers/{marina.pk}/cases/" not in page(marketer, f"/customers/{marina.pk}/feedback/")


def test_a_neighbour_sees_nothing_of_it(house: House, order: RepairOrder, now: datetime) -> None:
    case = opened(house, order, now)
    south = browser(house, "manager.south")

    assert south.get(f"/cases/{case.pk}/").status_code == 404
    assert south.post(f"/cases/{case.pk}/replies/", {"reply": "x", "reply_by": "call"}).status_code == 404
    assert SAID not in page(south, "/cases/")
    assert SAID not in page(south, "/")


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/cases/", 5),  # session, person, places, cases, how many
        ("/cases/?view=resolved&kind=complaint", 5),
        ("/cases/{case}/", 6),  # the case, answers, the number to call
        ("/customers/{customer}/feedback/", 6),  # client, cases, answers
        ("/customers/{customer}/cases/", 6),  # client, orders, centres
    ],
)
def test_pages_ask_the_same_however_much_was_complained_of(
    house: House, order: RepairOrder, now: datetime, path: str, queries: int, django_assert_num_queries: Any
) -> None:
    client, manager = browser(house, "manager.north"), house["manager.north"]
    for n in (1, 5):
        for _ in range(n):
            case, done = opened(house, order, now), opened(house, order, now)
            actions.reply_to_case(case=case, channel="call", text="Разбираемся", by=manager, now=now)
            told = {"outcome": "granted", "resolution": "Сделали", "by": manager, "now": now}
            actions.resolve_case(case=done, seen=done.version, **told)
        filled = path.format(case=case.pk, customer=order.customer_id)

        with django_assert_num_queries(queries):
            assert client.get(filled).status_code == 200


def test_the_first_screen_asks_nothing_more_for_complaints(
    house: House, order: RepairOrder, now: datetime, django_assert_max_num_queries: Any
) -> None:
    client = browser(house, "manager.north")
    for _ in range(3):
        opened(house, order, now)

    for path in ("/", f"/customers/{order.customer_id}/", f"/orders/{order.number}/"):
        with django_assert_max_num_queries(12):
            assert client.get(path).status_code == 200


def test_customers_of_other_records_stay_theirs(house: House, order: RepairOrder, now: datetime) -> None:
    stranger: Customer = make.person(by=house["receptionist.south"], name="Юрий", centre=house.south, now=now)

    answer = browser(house, "receptionist.north").get(f"/customers/{stranger.pk}/cases/")

    assert answer.status_code == 404
