"""Lists and the board: who sees which orders, by how many queries; views that are kept; moves, also stale ones."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.orders import actions
from dovolen.desk.orders.actions import filters
from dovolen.desk.orders.models import RepairOrder, SavedFilter
from dovolen.desk.orders.queries.board import CARDS, columns
from dovolen.desk.orders.queries.lists import PAGE, OrderFilter, orders_page
from dovolen.desk.orders.queries.stages import stages
from tests.desk import cast, make
from tests.desk.cast import House
from tests.desk.conftest import NOON

DAY = timedelta(days=1)


@pytest.fixture
def house(db: None) -> House:
    return cast.full()


@pytest.fixture
def manager(house: House) -> Any:
    return house["manager.north"]


@pytest.fixture
def seen(client: Any, manager: Any) -> Any:
    """The browser of the manager in the north."""
    client.force_login(manager)
    return client


def numbers(staff: Any, now: Any = NOON, **asked: str) -> list[int]:
    page = orders_page(OrderFilter.of(asked), cast.fresh(staff), now)
    return [row.order.number for row in page.rows]


def read(answer: Any) -> str:
    return str(answer.content.decode()).replace("\u00a0", " ")


def many(n: int, by: Any, **told: Any) -> None:
    """Rows like the last one, written at once."""
    one = make.order(by=by, **told)
    copies = []
    for place in range(n - 1):
        copy = RepairOrder.objects.get(pk=one.pk)
        copy.pk, copy.number = None, 1000 * one.number + place
        copies.append(copy)
    RepairOrder.objects.bulk_create(copies)


# ── What is asked for ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_open_orders_come_by_promise_and_those_without_one_last(manager: Any) -> None:
    late, none, soon = (make.order(by=manager, promised_at=at) for at in (NOON + 2 * DAY, None, NOON + DAY))
    make.order(by=manager, at="picked_up")

    assert numbers(manager) == [soon.number, late.number, none.number]


@pytest.mark.django_db
def test_each_word_of_the_sentence_narrows(house: House, manager: Any) -> None:
    technician = house["technician.north"]
    waits = make.order(by=manager, at="parts", technician=technician)
    ready = make.order(by=manager, at="ready", promised_at=NOON + timedelta(hours=1))
    gone = make.order(by=manager, at="picked_up")
    bare = make.order(by=manager, promised_at=None)

    assert numbers(manager, state="waiting") == [waits.number]
    assert numbers(manager, state="ready") == [ready.number]
    assert numbers(manager, state="closed") == [gone.number]
    assert sorted(numbers(manager, state="all")) == sorted(one.number for one in (waits, ready, gone, bare))
    assert numbers(manager, stage=str(waits.stage_id)) == [waits.number]
    assert numbers(manager, technician=str(technician.pk)) == [waits.number]
    assert numbers(technician, technician="me") == [waits.number]
    assert set(numbers(manager, technician="nobody")) == {ready.number, bare.number}
    assert numbers(manager, promise="without") == [bare.number]
    assert numbers(manager, NOON + 3 * DAY, promise="broken") == [waits.number]
    assert numbers(manager, promise="today") == []
    assert numbers(manager, promise="week") == [waits.number]
    assert numbers(manager, centre=str(house.south.pk)) == []


@pytest.mark.django_db
def test_what_nobody_knows_is_not_asked_for(manager: Any) -> None:
    order = make.order(by=manager)

    asked = OrderFilter.of({"state": "x", "stage": "1' OR 1", "technician": "²", "promise": "never", "centre": "-1"})

    assert asked == OrderFilter()
    assert numbers(manager, state="nonsense") == [order.number]
    for cursor in ("", "a", "x2026-01-01T00:00:00+00:00_1", "a2026-01-01_1", "ayesterday_2", "b_x"):
        assert orders_page(asked, cast.fresh(manager), NOON, cursor).rows


@pytest.mark.django_db
def test_orders_are_found_by_number_device_and_client(house: House, manager: Any) -> None:
    person = make.person(by=manager, name="Карпова Марина", phone="+79972000001")
    order = make.order(by=manager, customer=person)
    make.order(by=manager)

    for text in (str(order.number), "карпов", "997 200-00-01", "rfhgjdf"):
        assert order.number in numbers(manager, q=text), text
    assert numbers(manager, q="несуществующий") == []
    assert numbers(manager, q="карпова", state="closed") == []
    assert numbers(house["technician.north"], q="карпова") == []
    device = make.asset(centre=manager.places[0].centre, owner=person, serial_number="SN77")
    assert numbers(manager, q="sn77") == []
    brought = make.order(by=manager, asset=device)
    assert numbers(house["technician.north"], q="sn77") == [brought.number]


@pytest.mark.django_db
def test_nobody_sees_orders_of_another_centre(house: House, manager: Any) -> None:
    here = make.order(by=manager)
    there = make.order(by=house["manager.south"])

    assert numbers(manager) == numbers(house["technician.north"]) == [here.number]
    assert numbers(house["manager.south"]) == [there.number]
    assert numbers(manager, q=str(there.number)) in ([], [here.number])
    assert numbers(manager, centre=str(house.south.pk)) == []


@pytest.mark.django_db
def test_pages_follow_each_other_forth_and_back_without_a_gap(manager: Any) -> None:
    many(PAGE + 3, manager, promised_at=NOON + DAY)
    many(3, manager, promised_at=None)
    staff = cast.fresh(manager)

    first = orders_page(OrderFilter(), staff, NOON)
    second = orders_page(OrderFilter(), staff, NOON, first.later)
    back = orders_page(OrderFilter(), staff, NOON, second.earlier)

    shown = [row.order.pk for row in first.rows + second.rows]
    assert (first.n, len(first.rows), len(second.rows)) == (PAGE + 6, PAGE, 6)
    assert len(set(shown)) == PAGE + 6
    assert (first.earlier, second.later) == ("", "")
    assert [row.order.pk for row in back.rows] == [row.order.pk for row in first.rows]


@pytest.mark.parametrize("state", ["closed", "all", "ready"])
@pytest.mark.django_db
def test_every_list_pages_through_all_of_it(manager: Any, state: str) -> None:
    many(PAGE + 2, manager, at={"closed": "picked_up"}.get(state, "ready"))
    staff, shown, cursor = cast.fresh(manager), [], ""

    for _ in range(2):
        page = orders_page(OrderFilter(state=state), staff, NOON, cursor)
        shown += [row.order.pk for row in page.rows]
        cursor = page.later

    assert len(shown) == len(set(shown)) == PAGE + 2
    assert not cursor


@pytest.mark.django_db
def test_a_row_ends_in_the_next_step_of_this_person(house: House, manager: Any) -> None:
    make.order(by=manager, at="ready")
    make.order(by=manager, at="told")
    make.order(by=manager, at="approval", lines=make.price_list)
    make.order(by=manager, promised_at=NOON + timedelta(minutes=30))
    make.order(by=manager)

    def acts(staff: Any) -> list[str]:
        return sorted(row.act for row in orders_page(OrderFilter(), cast.fresh(staff), NOON).rows)

    assert acts(manager) == ["approve", "hand_over", "open", "promise", "tell"]
    assert acts(house["technician.north"]) == ["open"] * 5


# ── Pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("n", [1, 12])
@pytest.mark.django_db
def test_the_list_takes_the_same_few_queries_at_every_size(
    seen: Any, manager: Any, n: int, django_assert_num_queries: Any
) -> None:
    many(n, manager)

    with django_assert_num_queries(9):
        answer = seen.get("/orders/")
    with django_assert_num_queries(10):
        seen.get("/orders/?q=1")

    assert read(answer).count("data-row") == n


@pytest.mark.parametrize("n", [1, 12])
@pytest.mark.django_db
def test_the_board_takes_the_same_few_queries_at_every_size(
    seen: Any, manager: Any, n: int, django_assert_num_queries: Any
) -> None:
    many(n, manager)

    with django_assert_num_queries(10):
        answer = seen.get("/orders/board/")

    assert read(answer).count('id="card-') == n


@pytest.mark.django_db
def test_a_list_asked_by_htmx_is_its_block_alone(seen: Any, manager: Any) -> None:
    order = make.order(by=manager, fault_text="<script>alert(1)</script>")

    part = read(seen.get("/orders/", headers={"HX-Request": "true", "HX-Target": "list"}))

    assert "<html" not in part
    assert str(order.number) in part
    assert "<script>alert" not in part
    assert "&lt;script&gt;" in part


@pytest.mark.parametrize("path", ["/orders/", "/orders/board/"])
@pytest.mark.django_db
def test_pages_say_when_there_is_nothing(seen: Any, path: str) -> None:
    make.stage("accepted")

    assert seen.get(path).status_code == 200
    assert "Таких заказов нет" in read(seen.get("/orders/?promise=broken"))


@pytest.mark.django_db
def test_a_marketer_has_no_list(client: Any, house: House) -> None:
    client.force_login(house["marketer.north"])

    assert {client.get(path).status_code for path in ("/orders/", "/orders/board/")} == {403}


# ── Views that are kept ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.django_db
def test_a_view_is_kept_under_the_name_of_its_sentence_and_shown_only_to_its_owner(
    seen: Any, client: Any, house: House, manager: Any
) -> None:
    page = read(seen.get("/orders/?promise=broken&technician=nobody"))
    assert 'value="Мастер не назначен, срок сорван"' in page

    sent = {"page": "orders", "name": "  Горят ", "promise": "broken", "technician": "nobody", "state": "open"}
    answer = seen.post("/orders/filters/", sent)

    kept = SavedFilter.objects.get()
    assert (kept.name, kept.staff, kept.query) == ("Горят", manager, "technician=nobody&promise=broken")
    assert answer.url == "/orders/?technician=nobody&promise=broken"
    assert "Горят" in read(seen.get("/orders/"))
    assert "Сохранить вид" not in read(seen.get(answer.url))
    client.force_login(house["receptionist.north"])
    assert "Горят" not in read(client.get("/orders/"))
    assert client.post(f"/orders/filters/{kept.pk}/removal/").status_code == 404
    client.force_login(manager)
    assert client.post(f"/orders/filters/{kept.pk}/removal/").status_code == 302
    assert not SavedFilter.objects.exists()


@pytest.mark.django_db
def test_a_view_needs_a_name_of_its_own_and_there_are_not_too_many(manager: Any) -> None:
    def keep(name: str) -> SavedFilter:
        return filters.save_filter(page="orders", name=name, query="state=ready", by=manager, now=NOON)

    kept = keep("Готовые")
    with pytest.raises(filters.NameTaken):
        keep(" Готовые")
    with pytest.raises(filters.NoName):
        keep("   ")
    for place in range(filters.MOST - 1):
        keep(f"Вид {place}")
    with pytest.raises(filters.TooManyFilters):
        keep("Ещё один")
    assert kept.name == "Готовые"
    filters.drop_filter(kept=kept, by=manager, now=NOON)
    assert keep("Готовые").position == filters.MOST + 1


# ── Moves ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def place(browser: Any, order: RepairOrder, to: str, seen: str = "accepted", **more: str) -> Any:
    sent = {"to": str(make.stage(to).pk), "seen": str(make.stage(seen).pk), **more}
    return browser.post(f"/orders/board/{order.number}/", sent, follow=True)


@pytest.mark.django_db
def test_an_order_is_moved_to_another_column_and_the_view_stays(seen: Any, manager: Any) -> None:
    order = make.order(by=manager)

    answer = place(seen, order, "diagnosis", technician="nobody")

    order.refresh_from_db()
    assert order.stage.code == "diagnosis"
    assert answer.redirect_chain == [("/orders/board/?technician=nobody", 302)]
    assert "Диагностика" in read(answer)


@pytest.mark.django_db
def test_of_two_who_move_the_same_card_the_second_is_told_where_it_stands(seen: Any, manager: Any) -> None:
    order = make.order(by=manager)
    actions.move(order=order, to=make.stage("diagnosis"), by=manager, now=NOON)

    page = read(place(seen, order, "check", seen="accepted"))

    order.refresh_from_db()
    assert order.stage.code == "diagnosis"
    assert "не передвинут" in page
    assert "теперь он на этапе «Диагностика»" in page


@pytest.mark.django_db
def test_a_move_past_what_a_stage_needs_is_refused_aloud(seen: Any, manager: Any) -> None:
    order = make.order(by=manager, lines=make.price_list)

    assert "не передвинут" in read(place(seen, order, "repair"))
    assert "не передвинут" in read(place(seen, order, "told"))
    assert "не передвинут" in read(place(seen, order, "picked_up"))
    nonsense = seen.post(f"/orders/board/{order.number}/", {"to": "0", "seen": "x"}, follow=True)
    assert "Такого этапа нет" in read(nonsense)
    order.refresh_from_db()
    assert order.stage.code == "accepted"


@pytest.mark.django_db
def test_a_card_of_another_centre_is_not_there(seen: Any, house: House) -> None:
    order = make.order(by=house["manager.south"])

    assert place(seen, order, "diagnosis").status_code == 404
    assert f"card-{order.number}" not in read(seen.get("/orders/board/"))


@pytest.mark.django_db
def test_who_may_move_nothing_gets_no_way_to_move(client: Any, house: House, manager: Any) -> None:
    order = make.order(by=manager)
    client.force_login(house["accountant.north"])

    page = read(client.get("/orders/board/"))

    assert f"card-{order.number}" in page
    assert "data-move" not in page
    assert "draggable" not in page
    assert "не передвинут" in read(place(client, order, "diagnosis"))


@pytest.mark.django_db
def test_the_board_sends_its_form_of_moves_once_and_leads_to_the_rest_within_the_same_view(
    seen: Any, manager: Any
) -> None:
    many(CARDS + 2, manager)
    order = make.order(by=manager, at="diagnosis")

    page = read(seen.get("/orders/board/?technician=nobody"))

    assert page.count("data-move") == 1
    assert f"/orders/{order.number}/stage/" in page
    assert f"/orders/?stage={make.stage('accepted').pk}&amp;technician=nobody" in page


@pytest.mark.django_db
def test_an_unchanged_board_is_not_sent_again(seen: Any, manager: Any) -> None:
    order = make.order(by=manager)
    mark = seen.get("/orders/board/").context["mark"]

    assert seen.get(f"/orders/board/?mark={mark}").status_code == 204
    actions.move(order=order, to=make.stage("diagnosis"), by=manager, now=NOON)
    assert seen.get(f"/orders/board/?mark={mark}").status_code == 200


@pytest.mark.django_db
def test_a_column_shows_the_nearest_promises_and_counts_the_rest(manager: Any) -> None:
    many(CARDS + 5, manager, promised_at=NOON + 2 * DAY)
    first = make.order(by=manager, promised_at=NOON + DAY)

    column = next(one for one in columns(OrderFilter(), stages(), cast.fresh(manager), NOON) if one.n)

    assert (column.n, len(column.rows), column.n_more) == (CARDS + 6, CARDS, 6)
    assert column.rows[0].order.pk == first.pk
    assert "closed" not in {one.stage.phase for one in columns(OrderFilter(), stages(), cast.fresh(manager), NOON)}
