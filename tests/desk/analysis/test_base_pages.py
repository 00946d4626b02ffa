"""The base, risks, names behind a figure, tasks and a file from them, snapshots asked for and compared."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any
from urllib.parse import urlencode
from zipfile import ZipFile

import pytest

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.rights import DIRECTOR, MANAGER, MARKETER
from dovolen.desk.analysis.actions import lists
from dovolen.desk.analysis.models import ClientResult, Snapshot
from dovolen.desk.analysis.queries.clients import Filters, clients_page, found
from dovolen.desk.core.models import Event, PrivateFact
from dovolen.desk.people.models import Customer
from dovolen.desk.tasks.models import Task
from tests.desk import make, make_analysis
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = make_analysis.TODAY
EARLIER = TODAY - timedelta(days=30)


@pytest.fixture
def seen(client: Any, director: Any) -> Any:
    """The browser of the director."""
    client.force_login(director)
    return client


@pytest.fixture
def snapshot(director: Any) -> Snapshot:
    return make_analysis.published()


def clients(director: Any, n: int, **told: Any) -> list[Customer]:
    return [make.person(by=director, name=f"Клиент {place:02}", centre=director.centre, **told) for place in range(n)]


def known(snapshot: Snapshot, customers: list[Customer], **columns: Any) -> list[ClientResult]:
    return [
        make_analysis.known(snapshot, one, **{"revenue": 100_000 * (place + 1), "state": "active", **columns})
        for place, one in enumerate(customers)
    ]


def read(answer: Any) -> str:
    assert answer.status_code == 200, answer.content[:300]
    return str(answer.content.decode()).replace("\u00a0", " ")


# ── The list of names ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("order", ["revenue", "risk", "last", "chance", "mood"])
def test_pages_of_a_list_hold_everybody_once_there_and_back(snapshot, director, order):
    for place, one in enumerate(clients(director, 11)):
        half = None if place % 3 == 0 else place // 2
        make_analysis.known(
            snapshot, one, revenue=half, value_at_risk=half, satisfaction=half, p_return=half,
            last_on=None if half is None else TODAY - timedelta(days=half),
        )  # fmt: skip
    pages, cursor = [], ""
    while not pages or cursor:
        pages.append(clients_page(snapshot, Filters(sort=order), cursor, size=3))
        cursor = pages[-1].later
    back, cursor = [], pages[-1].earlier
    while cursor:
        page = clients_page(snapshot, Filters(sort=order), cursor, size=3)
        back, cursor = [*page.rows, *back], page.earlier

    there = [row.pk for page in pages for row in page.rows]

    assert len(there) == len(set(there)) == pages[0].n == 11
    assert [row.pk for row in back] == there[:9]


@pytest.mark.parametrize(
    ("asked", "n"),
    [
        ({"state": "dormant"}, 1), ({"r": "5", "f": "1"}, 1), ({"segment": "champions"}, 1), ({"mood": "bad"}, 1),
        ({"mood": "none"}, 2), ({"point": "any"}, 1), ({"point": "late_last_order"}, 1), ({"point": "asset_age"}, 0),
        ({"flow": "new"}, 1), ({"class": "regular"}, 1), ({"code27": "333"}, 1), ({"state": "'; DROP"}, 3),
        ({"r": "x"}, 3), ({"sort": "password"}, 3),
    ],
)  # fmt: skip
def test_filters_of_an_address_find_whom_they_name(snapshot, director, asked, n):
    one, two, three = clients(director, 3)
    make_analysis.known(
        snapshot, one, state="dormant", rfm_r=5, rfm_f=1, segment="champions", satisfaction=12.0, n_risks=1,
        client_class="regular", rfm27=333,
    )  # fmt: skip
    make_analysis.known(snapshot, two, state="active", flow="new")
    make_analysis.known(snapshot, three, state="active")
    make_analysis.risk(snapshot, one, "late_last_order")

    assert found(snapshot, Filters.of(asked)).count() == n


def test_a_row_tells_state_grades_satisfaction_sign_and_what_to_do(seen, snapshot, director):
    [one] = clients(director, 1, phone="+7 912 448-07-31")
    make_analysis.known(
        snapshot, one, state="loyal", rfm_r=4, rfm_f=5, rfm_m=5, satisfaction=71.2, n_risks=1, revenue=9_450_000,
        value_at_risk=4_910_000, p_return=0.48,
    )  # fmt: skip
    make_analysis.risk(snapshot, one, "late_last_order", evidence="late_last_order=hours:26")

    page = read(seen.get("/base/clients/"))

    for told in ("Клиент 00", "лояльный", "4-5-5", "71", "скорее доволен", "26", "48 %", "94 500", "49 100",
                 "Извиниться за срок", "+7 912 448-07-31", f"customer={one.pk}"):  # fmt: skip
        assert told in page, told


def test_a_list_asks_the_base_as_often_for_few_as_for_many(seen, snapshot, director, django_assert_num_queries):
    known(snapshot, clients(director, 3), n_risks=1)
    with django_assert_num_queries(9):
        seen.get("/base/clients/")
    known(snapshot, clients(director, 20), n_risks=1)

    with django_assert_num_queries(9):
        seen.get("/base/clients/?state=active")


def test_nobody_like_that_is_said_and_leads_to_all(seen, snapshot):
    assert "Таких клиентов нет" in read(seen.get("/base/clients/?state=lost"))


def test_a_filter_of_a_figure_may_be_taken_off(seen, snapshot, director):
    known(snapshot, clients(director, 1), rfm_r=5, state="active")

    page = read(seen.get("/base/clients/?r=5&state=active"))

    assert 'href="?state=active"' in page
    assert "R 5" in page


# ── The page of the base, risks ──────────────────────────────────────────────────────────────────────────────────────


def losing(snapshot: Snapshot, director: Any, n: int) -> None:
    known(snapshot, clients(director, n), n_risks=1, value_at_risk=1_000)


def test_the_base_asks_as_often_for_few_as_for_many(seen, snapshot, director, django_assert_num_queries):
    losing(snapshot, director, 1)
    with django_assert_num_queries(12):
        seen.get("/base/")
    losing(snapshot, director, 15)

    with django_assert_num_queries(12):
        seen.get("/base/")


def test_risks_ask_as_often_for_few_as_for_many(seen, snapshot, director, django_assert_num_queries):
    losing(snapshot, director, 1)
    with django_assert_num_queries(11):
        seen.get("/risks/")
    losing(snapshot, director, 15)

    with django_assert_num_queries(11):
        page = read(seen.get("/risks/"))
    assert "Кого теряем" in page


def test_margin_is_for_those_who_see_costs(client, snapshot, director):
    columns = [("segment", "word"), ("clients", "clients"), ("margin", "money")]
    make_analysis.sheet(snapshot, "rfm.segments", columns, [("champions", 3, 7_777_700)])
    marketer = make.staff("market", (director.centre, MARKETER))

    client.force_login(director)
    with_costs = read(client.get("/base/"))
    client.force_login(marketer)
    without = read(client.get("/base/"))

    assert "77 777" in with_costs
    assert "77 777" not in without


# ── Tasks and files from a list ──────────────────────────────────────────────────────────────────────────────────────


def given(director: Any, **more: Any) -> dict[str, Any]:
    return {"title": "Позвонить", "kind": "call", "centre": director.centre.pk, "role": "manager", **more}


def test_a_list_becomes_tasks_about_each_of_its_clients(seen, snapshot, director):
    customers = clients(director, 3)
    known(snapshot, customers[:2], state="dormant")
    known(snapshot, customers[2:])

    answer = seen.post("/base/clients/tasks/?state=dormant", given(director))

    assert answer.status_code == 302
    assert set(Task.objects.values_list("customer", "role", "title")) == {
        (one.pk, "manager", "Позвонить") for one in customers[:2]
    }
    assert Event.objects.filter(kind="task.added").count() == 2
    assert Event.objects.get(kind="list.tasked").facts["n"] == 2


def test_only_the_picked_get_a_task_and_nobody_gets_the_same_twice(seen, snapshot, director):
    customers = clients(director, 3)
    known(snapshot, customers)

    seen.post("/base/clients/tasks/", given(director, pick=[customers[0].pk]))
    seen.post("/base/clients/tasks/", given(director, pick=[customers[0].pk, customers[1].pk]))

    assert sorted(Task.objects.values_list("customer", flat=True)) == sorted(one.pk for one in customers[:2])


def test_a_list_too_long_for_tasks_says_so(seen, snapshot, director, monkeypatch):
    monkeypatch.setattr(lists, "MOST_TASKS", 2)
    known(snapshot, clients(director, 3))

    assert "не больше 2 задач" in read(seen.post("/base/clients/tasks/", given(director)))
    assert not Task.objects.exists()


def test_an_empty_list_gives_no_tasks(seen, snapshot, director):
    assert "никого нет" in read(seen.post("/base/clients/tasks/", given(director)))


def test_a_list_leaves_as_a_workbook_and_the_journal_knows(seen, snapshot, director):
    known(snapshot, clients(director, 2), state="dormant")

    answer = seen.post("/base/clients/file/?state=dormant", {})

    book = ZipFile(BytesIO(b"".join(answer.streaming_content)))
    assert "Клиент 01" in book.read("xl/worksheets/sheet1.xml").decode()
    facts = Event.objects.get(kind="clients.exported").facts
    assert (facts["n_clients"], facts["filters"]) == (2, {"state": "dormant"})


def test_many_names_leave_with_a_reason_only(seen, snapshot, director, monkeypatch):
    monkeypatch.setattr(lists, "MANY_CLIENTS", 1)
    known(snapshot, clients(director, 2))

    assert "только с причиной" in read(seen.post("/base/clients/file/", {}))
    assert not Event.objects.filter(kind="clients.exported").exists()

    seen.post("/base/clients/file/", {"reason": "сверка для банка"})

    assert PrivateFact.objects.get(event__kind="clients.exported").value == "сверка для банка"


def test_a_manager_reads_the_list_and_takes_no_file(client, snapshot, director):
    client.force_login(make.staff("manager", (director.centre, MANAGER)))
    known(snapshot, clients(director, 1))

    assert "XLSX" not in read(client.get("/base/clients/"))
    assert client.post("/base/clients/file/", {}).status_code == 403


def test_tasks_of_a_house_are_given_by_those_who_see_all_of_it(director):
    other = Centre.objects.create(name="Речная")
    house = make_analysis.published()
    manager = make.staff("manager", (other, MANAGER))
    facts = {"title": "Позвонить", "kind": "call", "due_at": None, "assignee": None, "role": "", "centre": other}

    with pytest.raises(lists.NotAllowed):
        lists.give_tasks(snapshot=house, customers=clients(director, 1), by=manager, now=NOON, **facts)


# ── Snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_snapshot_is_asked_for_and_brings_one_back(seen, director):
    make.order(by=director, centre=director.centre, now=NOON)

    answer = seen.post("/snapshots/", {"scope": "house", "back": "/base/"})

    assert answer.url == "/base/"
    assert Snapshot.objects.get().state == "wanted"
    assert "ждёт очереди" in read(seen.get("/snapshots/"))


def test_a_snapshot_of_nothing_is_refused_in_words(seen):
    page = read(seen.post("/snapshots/", {"back": "https://evil.example/"}, follow=True))

    assert not Snapshot.objects.exists()
    assert "Снимки" in page


def between(director: Any) -> tuple[Snapshot, Snapshot]:
    """One who stayed, one new, one who fell asleep, one back, one lost, one who came and left in between."""
    earlier, later = make_analysis.published(day=EARLIER), make_analysis.published()
    moves = [("active", "loyal"), ("", "new"), ("active", "dormant"), ("dormant", "returned"), ("loyal", "lost"),
             ("", "dormant")]  # fmt: skip
    for customer, (before, now) in zip(clients(director, len(moves)), moves, strict=True):
        if before:
            make_analysis.known(earlier, customer, state=before, rfm_r=5, segment="champions")
        make_analysis.known(later, customer, state=now, rfm_r=4, segment="at_risk")
    return earlier, later


@pytest.mark.parametrize(
    ("step", "n"), [("new", 1), ("returned", 1), ("dormant", 1), ("lost", 1), ("blocked", 0), ("passed", 1)]
)
def test_names_of_any_two_days_are_those_of_their_cascade(seen, director, step, n):
    between(director)

    page = read(seen.get("/snapshots/compared/?" + urlencode({"since": EARLIER, "until": TODAY})))
    _, later = Snapshot.objects.order_by("day")
    names = found(later, Filters.of({"flow": step, "since": EARLIER.isoformat()}))

    assert names.count() == n
    assert "3 + 1 + 1 − 1 − 1 − 0 = 3" in page


@pytest.mark.parametrize(
    ("was", "n"),
    [({"r_was": "5"}, 4), ({"r_was": "none"}, 2), ({"segment_was": "champions"}, 4), ({"segment_was": "none"}, 2),
     ({"r_was": "5", "segment_was": "none"}, 0), ({"r_was": "3"}, 0)],
)  # fmt: skip
def test_names_of_a_movement_are_those_of_its_cell(seen, director, was, n):
    earlier, later = between(director)
    asked = {"r": "4", **was, "since": EARLIER.isoformat()}

    page = read(seen.get("/snapshots/compared/?" + urlencode({"since": EARLIER, "until": TODAY})))
    page = page.replace("\\u0026", "&").replace("&amp;", "&")
    assert f"?r_was=5&r=4&day={TODAY}&since={EARLIER}" in page
    assert f"?segment_was=champions&segment=at_risk&day={TODAY}&since={EARLIER}" in page
    assert found(later, Filters.of(asked)).count() == n
    for row in ClientResult.objects.filter(snapshot=earlier):
        kept = ClientResult.objects.filter(snapshot=later, customer=row.customer)
        kept.update(rfm_r_before=row.rfm_r, segment_before=row.segment)
    assert found(later, Filters.of({**asked, "since": ""})).count() == n
    names = read(seen.get("/base/clients/?" + urlencode(asked)))
    assert ("раньше не было" if "none" in was.values() else "было") in names


def test_the_base_shows_its_change_since_a_kept_day(seen, director):
    between(director)

    page = read(seen.get(f"/base/?since={EARLIER}"))

    assert "3 + 1 + 1 − 1 − 1 − 0 = 3" in page
    assert f"flow=dormant&amp;since={EARLIER}" in page


def test_one_snapshot_alone_has_nothing_to_be_compared_with(seen, snapshot):
    assert "Сравнивать пока не с чем" in read(seen.get("/snapshots/compared/"))


def test_two_centres_are_looked_at_apart_by_those_who_see_both(client, director):
    other = Centre.objects.create(name="Речная")
    boss = make.staff("boss", (director.centre, DIRECTOR), (other, DIRECTOR))
    make_analysis.published()
    own = make_analysis.published(centre=other)
    [one] = clients(director, 1)
    make_analysis.known(own, one, state="active")
    client.force_login(boss)

    assert "Клиент 00" not in read(client.get("/base/clients/"))
    assert "Клиент 00" in read(client.get(f"/base/clients/?scope={other.pk}"))
    assert "Весь дом" in read(client.get("/base/"))
