"""Pages of tasks as a browser meets them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.tasks import actions
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make_people
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return cast.full(now=timezone.now())


def signed_in(house: House, login: str) -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")  # the session notes its use once in some minutes
    return client


def made(house: House, n: int = 1, **facts: Any) -> None:
    now = timezone.now()
    for place in range(n):
        told = {"title": f"Дело {place}", "due_at": now + timedelta(hours=place - 2), "by": house.olga} | facts
        actions.add(centre=house.north, now=now, **told)


@pytest.mark.parametrize("view", ["mine", "all", "done"])
def test_the_list_asks_as_much_for_one_task_as_for_many(
    house: House, view: str, django_assert_num_queries: Any
) -> None:
    client = signed_in(house, "manager.north")
    someone = make_people.person(by=house.olga, centre=house.north)
    for n in (1, 12):
        made(house, n, customer=someone, kind="call", assignee=house["manager.north"])
        if view == "done":
            for task in Task.objects.filter(done_at=None):
                actions.finish(task=task, by=house.olga, now=timezone.now())

        with django_assert_num_queries(4):  # session, person, places, tasks
            page = client.get(f"/tasks/?view={view}").content.decode()

        assert page.count('class="what"') == Task.objects.count()


def test_the_page_of_a_task_asks_the_same_however_full_the_house_is(
    house: House, django_assert_num_queries: Any
) -> None:
    client = signed_in(house, "manager.north")
    made(house, 3)
    key = Task.objects.values_list("pk", flat=True)[0]

    with django_assert_num_queries(5):  # session, person, places, task, colleagues
        client.get(f"/tasks/{key}/")


def test_a_task_is_given_by_its_form_and_stands_in_the_list(house: House) -> None:
    client = signed_in(house, "receptionist.north")
    told = {"title": "Принять запчасти", "kind": "todo", "due_at": "2030-01-02T16:00", "centre": house.north.pk,
            "role": "technician", "order_number": "24817"}  # fmt: skip

    answer = client.post("/tasks/new/", told)

    assert answer.headers["Location"] == "/tasks/"
    task = Task.objects.get()
    assert (task.role, task.order_number, task.due_at) == (
        "technician",
        24817,
        timezone.datetime.fromisoformat("2030-01-02T13:00Z"),
    )  # type: ignore[attr-defined]
    page = signed_in(house, "technician.north").get("/tasks/").content.decode()
    assert "Принять запчасти" in page
    assert "№\u00a024817" in page


def test_a_form_with_mistakes_keeps_what_was_typed(house: House) -> None:
    client = signed_in(house, "receptionist.north")

    page = client.post("/tasks/new/", {"title": "Дело", "kind": "no such", "centre": house.north.pk}).content.decode()

    assert 'value="Дело"' in page
    assert "dv-err" in page
    assert not Task.objects.exists()


def test_a_centre_where_he_does_not_work_cannot_be_chosen(house: House) -> None:
    client = signed_in(house, "receptionist.north")

    assert client.post("/tasks/new/", {"title": "Дело", "kind": "todo", "centre": house.south.pk}).status_code == 200
    assert not Task.objects.exists()


def test_a_client_of_the_address_is_taken_along_where_he_is_seen(house: House) -> None:
    someone = make_people.person(by=house.olga, centre=house.north)
    told = {"title": "Позвонить", "kind": "call", "centre": house.north.pk}

    signed_in(house, "receptionist.north").post(f"/tasks/new/?customer={someone.pk}", told)
    south = signed_in(house, "receptionist.south").get(f"/tasks/new/?customer={someone.pk}")

    assert Task.objects.get().customer == someone
    assert south.status_code == 404


def test_a_call_is_a_number_to_dial_but_not_for_a_technician(house: House) -> None:
    someone = make_people.person(by=house.olga, centre=house.north, phone="+7 997 201-55-66")
    made(house, kind="call", customer=someone)
    task = Task.objects.get()

    for path in ("/tasks/", f"/tasks/{task.pk}/"):
        assert "tel:+79972015566" in signed_in(house, "receptionist.north").get(path).content.decode()
        shown = signed_in(house, "technician.north").get(path).content.decode()
        assert someone.name in shown
        assert "2015566" not in shown.replace("-", "").replace("\u00a0", "")


def test_a_task_is_ticked_off_and_taken_back_and_comes_back_to_its_page(house: House) -> None:
    made(house)
    client, task = signed_in(house, "manager.north"), Task.objects.get()

    done = client.post(f"/tasks/{task.pk}/done/", {"result": "сделал", "back": "/"})
    assert done.headers["Location"] == "/"
    assert Task.objects.values_list("done_by__login", "result").get() == ("manager.north", "сделал")
    assert "Задачу уже кто-то\u00a0сделал" in client.post(f"/tasks/{task.pk}/done/", follow=True).content.decode()

    client.post(f"/tasks/{task.pk}/done/", {"done": "0"})
    assert Task.objects.get().done_at is None


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", ""])
def test_nobody_is_sent_elsewhere(house: House, back: str) -> None:
    made(house)
    task = Task.objects.get()

    answer = signed_in(house, "manager.north").post(f"/tasks/{task.pk}/done/", {"back": back})

    assert answer.headers["Location"] == "/tasks/"


def test_a_task_is_put_off_until_the_same_hour_of_tomorrow(house: House) -> None:
    made(house, due_at=timezone.now() - timedelta(days=3))
    task = Task.objects.get()
    assert task.due_at

    signed_in(house, "manager.north").post(f"/tasks/{task.pk}/term/")

    moved = Task.objects.get().due_at
    assert moved
    with timezone.override("Europe/Moscow"):
        assert timezone.localdate(moved) == timezone.localdate() + timedelta(days=1)
        assert timezone.localtime(moved).time() == timezone.localtime(task.due_at).time()


def test_who_saves_late_sees_both_and_may_go_on(house: House) -> None:
    made(house)
    task = Task.objects.get()
    actions.change(task=Task.objects.get(), seen=1, title="Чужое", by=house.olga, now=timezone.now())
    client = signed_in(house, "manager.north")

    page = client.post(f"/tasks/{task.pk}/", {"title": "Моё", "kind": "todo", "version": "1"}).content.decode()
    assert ("Чужое" in page, "Моё" in page) == (True, True)
    assert 'name="version" value="2"' in page

    client.post(f"/tasks/{task.pk}/", {"title": "Моё", "kind": "todo", "version": "2"})
    assert Task.objects.get().title == "Моё"


@pytest.mark.parametrize("path", ["/tasks/{}/", "/tasks/{}/done/", "/tasks/{}/term/"])
def test_tasks_of_another_centre_are_not_there(house: House, path: str) -> None:
    made(house)
    client, task = signed_in(house, "manager.south"), Task.objects.get()

    for answer in (client.get(path.format(task.pk)), client.post(path.format(task.pk))):
        assert answer.status_code in (404, 405)
    assert Task.objects.get().done_at is None
