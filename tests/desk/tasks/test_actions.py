"""Tasks: made, changed, done, each with its event."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.core.changes import Stale
from dovolen.desk.core.models import Event
from dovolen.desk.tasks import actions, queries
from dovolen.desk.tasks.models import Task
from tests.desk import cast, make_people
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=5)


@pytest.fixture
def house() -> House:
    return cast.full()


def made(house: House, **facts: Any) -> Task:
    told: dict[str, Any] = {"centre": house.north, "title": "Позвонить поставщику", "by": house["manager.north"]}
    return actions.add(now=NOON, **(told | facts))


def latest(kind: str) -> Event:
    return Event.objects.filter(kind=kind).latest("id")


def test_a_task_leaves_its_facts_but_no_words_of_people(house: House) -> None:
    client = make_people.person(by=house.olga, centre=house.north)

    task = made(house, title="  Перезвонить  ", kind="call", customer=client, order_number=24817, due_at=LATER,
                assignee=house["receptionist.north"], note="спрашивал про SSD")  # fmt: skip

    assert (task.title, task.note, task.made_by) == ("Перезвонить", "спрашивал про SSD", house["manager.north"])
    event = latest("task.added")
    assert (event.subject_id, event.centre_id) == (task.pk, house.north.pk)
    assert event.facts == {
        "task_kind": "call", "due_at": LATER.isoformat(), "customer": client.pk, "order": 24817,
        "assignee": house["receptionist.north"].pk, "role": "",
    }  # fmt: skip


def test_a_task_made_by_an_event_has_nobody_behind_it(house: House) -> None:
    task = made(house, by=None)

    assert (task.made_by, latest("task.added").by_id) == (None, None)


@pytest.mark.parametrize("title", ["", "   "])
def test_a_task_without_words_is_refused(house: House, title: str) -> None:
    with pytest.raises(actions.NoTitle):
        made(house, title=title)

    assert not Task.objects.exists()


def test_a_task_for_somebody_of_another_centre_is_refused(house: House) -> None:
    with pytest.raises(actions.NotHere) as refused:
        made(house, assignee=house["technician.south"])

    assert "technician.south" in str(refused.value)


def test_nobody_gives_tasks_where_he_does_not_work(house: House) -> None:
    with pytest.raises(NotAllowed):
        made(house, by=house["manager.south"])


def test_a_task_is_changed_and_says_what_changed(house: House) -> None:
    task = made(house)

    actions.change(task=task, seen=1, title="Написать поставщику", due_at=LATER, by=house.olga, now=LATER)

    assert Task.objects.values_list("title", "due_at", "version").get() == ("Написать поставщику", LATER, 2)
    assert latest("task.changed").facts["changed"] == ["due_at", "title"]


def test_a_task_that_is_not_changed_leaves_no_event(house: House) -> None:
    actions.change(task=made(house), seen=1, title="Позвонить поставщику", by=house.olga, now=LATER)

    assert not Event.objects.filter(kind="task.changed").exists()


def test_who_saves_from_an_old_page_sees_the_difference(house: House) -> None:
    task = made(house)
    actions.change(task=Task.objects.get(), seen=1, title="Первый", by=house.olga, now=LATER)

    with pytest.raises(Stale) as refused:
        actions.change(task=task, seen=1, title="Второй", by=house["manager.north"], now=LATER)

    assert [(one.theirs, one.mine) for one in refused.value.differences] == [("Первый", "Второй")]


def test_a_task_is_done_once_and_by_one(house: House) -> None:
    task = made(house)

    actions.finish(task=task, result=" дозвонился ", by=house["receptionist.north"], now=LATER)

    kept = Task.objects.get()
    assert (kept.done_at, kept.done_by, kept.result) == (LATER, house["receptionist.north"], "дозвонился")
    assert latest("task.done").facts["task_kind"] == "todo"
    for late in (actions.finish, actions.put_off, actions.change):
        more = {"put_off": {"due_at": LATER}, "change": {"seen": kept.version, "title": "Ещё"}}.get(late.__name__, {})
        with pytest.raises(actions.DoneAlready):
            late(task=Task.objects.get(), by=house.olga, now=LATER, **more)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_do_a_task_at_once_one_is_told(house: House, in_threads: Any) -> None:
    task = made(house)

    def tick(login: str) -> Any:
        try:
            actions.finish(task=Task.objects.get(pk=task.pk), by=house[login], now=LATER)
        except actions.DoneAlready as refusal:
            return refusal
        return None

    answers = in_threads(lambda: tick("manager.north"), lambda: tick("receptionist.north"))

    assert sorted(answer is None for answer in answers) == [False, True]
    assert Event.objects.filter(kind="task.done").count() == 1


def test_a_done_task_is_taken_back(house: House) -> None:
    task = made(house)
    actions.finish(task=task, by=house.olga, now=LATER)

    actions.reopen(task=task, by=house.olga, now=LATER)

    assert (Task.objects.get().done_at, latest("task.reopened").subject_id) == (None, task.pk)
    with pytest.raises(actions.NotDone):
        actions.reopen(task=task, by=house.olga, now=LATER)


def test_his_tasks_are_given_to_him_to_his_role_or_to_nobody(house: House) -> None:
    ruslan = house["technician.north"]
    for title, facts in {
        "ему": {"assignee": ruslan}, "мастерам": {"role": "technician"}, "любому": {},
        "другому": {"assignee": house["manager.north"]}, "менеджерам": {"role": "manager"},
    }.items():  # fmt: skip
        made(house, title=title, **facts)
    made(house, title="на юге", centre=house.south, role="technician", by=house.olga)

    assert {task.title for task in queries.page(ruslan, "mine").tasks} == {"ему", "мастерам", "любому"}
    assert {task.title for task in queries.page(ruslan, "all").tasks} == {
        "ему", "мастерам", "любому", "другому", "менеджерам",
    }  # fmt: skip


@pytest.mark.parametrize("view", ["mine", "done"])
def test_pages_follow_one_another_without_gap_or_repeat(house: House, view: str, monkeypatch: Any) -> None:
    monkeypatch.setattr(queries, "PAGE", 3)
    for n in range(10):
        task = made(house, title=str(n), due_at=None if n % 4 == 3 else NOON + timedelta(hours=n // 2))
        if view == "done":
            actions.finish(task=task, by=house.olga, now=NOON + timedelta(hours=n // 2))

    seen, cursor = [], ""
    while True:
        page = queries.page(house.olga, view, cursor)
        seen += [task.title for task in page.tasks]
        cursor = page.later
        if not cursor:
            break

    expected = [str(n) for n in range(10) if n % 4 != 3] + ["3", "7"]
    assert seen == (expected if view == "mine" else [str(n) for n in reversed(range(10))])


@pytest.mark.parametrize("cursor", ["x", "_", "2026_1", "2026-11-20T10:00:00_1", "2026-11-20T10:00:00+00:00_x"])
def test_a_cursor_that_is_none_shows_the_first_page(house: House, cursor: str) -> None:
    made(house)

    assert len(queries.page(house.olga, "mine", cursor).tasks) == 1
