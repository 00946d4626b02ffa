"""The first screen: what asks for something now, by role, in a fixed number of queries."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.rights import ROLES
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.pages import rows
from dovolen.desk.planning import actions as planning
from dovolen.desk.tasks import actions as tasks
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    house = cast.full(now=timezone.now() - timedelta(days=40))
    Centre.objects.update(hours="24/7")  # so that these tests tell the same at any hour
    return house


def signed_in(house: House, login: str) -> Client:
    client = Client()
    client.force_login(house[login])
    client.get("/profile/")
    return client


def page(client: Client, path: str = "/") -> str:
    return client.get(path).content.decode().replace("\u00a0", " ")


def order(house: House, now: datetime | None = None, **told: Any) -> RepairOrder:
    """An order of the north, promised for the day after tomorrow where nothing else is told."""
    at = now or timezone.now()
    given: dict[str, Any] = {"promised_at": at + timedelta(days=2)} | told
    return make.order(by=house.olga, centre=Centre.objects.get(pk=house.north.pk), now=at, **given)


def full_house(house: House, n: int) -> None:
    """A day of a busy centre: n of everything."""
    now = timezone.now()
    north, ruslan = Centre.objects.get(pk=house.north.pk), house["technician.north"]
    for place in range(n):
        soon = {"promised_at": now + timedelta(hours=1 + place), "technician": ruslan if place % 2 else None}
        mine = order(house, asset=make.asset(centre=north), lines=make.price_list, **soon)
        orders.await_part(order=mine, name="Матрица", expected_at=now + timedelta(minutes=30), by=house.olga, now=now)
        order(house, at="ready", lines=make.price_list)
        order(house, at="told", now=now - timedelta(days=5 + place))
        order(house, at="approval", promised_at=now + timedelta(days=9), lines=make.price_list)
        done = order(house, lines=make.price_list, at="picked_up")
        held = order(house, promised_at=now + timedelta(days=9), technician=ruslan, now=now - timedelta(hours=2))
        until = now - timedelta(hours=1)
        orders.hold(order=held, reason="part", note="", until=until, by=house.olga, now=now - timedelta(hours=2))
        for kind in ("call", "todo"):
            tasks.add(centre=north, title="Дело", kind=kind, customer=done.customer, due_at=now, by=house.olga, now=now)
        planning.book(
            centre=north, kind="booking", technician=ruslan, customer=done.customer, by=house.olga, now=now,
            starts_at=now + timedelta(minutes=10 * n + place), ends_at=now + timedelta(minutes=10 * n + place + 1),
        )  # fmt: skip


QUERIES = {
    # session, person, places, house, attention 2, waiting, tasks, shift 2, flow, slots
    "receptionist": 12, "technician": 12, "manager": 12, "director": 12,
    "accountant": 12,  # attention 2, waiting, tasks, out, shift 2, flow
    "marketer": 7,  # waiting, tasks, who may leave
}  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_the_screen_of_a_role_asks_the_same_in_a_full_house_and_in_a_fuller_one(
    house: House, role: str, django_assert_num_queries: Any
) -> None:
    tasks.open_shift(centre=house.north, by=house.olga, now=timezone.now())
    client = signed_in(house, f"{role}.north")
    full_house(house, 1)
    client.get("/")  # the engine is asked once whether it knows JSON
    for n in (2, 4):
        full_house(house, n)

        with django_assert_num_queries(QUERIES[role]):
            assert client.get("/").status_code == 200


def test_an_empty_house_says_that_all_is_well_and_what_to_set_up(house: House) -> None:
    text = page(signed_in(house, "director.north"))

    assert "Все обещания под контролем" in text
    assert "Что вы ремонтируете?" in text
    assert "Смена не открыта" in text


def test_promises_stand_by_the_time_that_is_left(house: House) -> None:
    now = timezone.now()
    for hours in (3, 1.5, 0.5, 9):
        order(house, promised_at=now + timedelta(hours=hours, seconds=30))

    text = page(signed_in(house, "receptionist.north"))

    clocks = [text.index(left) for left in ("30 мин", "1 ч 30 мин", "3 ч")]
    assert clocks == sorted(clocks)
    assert "9 ч" not in text.split("dv-rows q")[1]


def test_a_broken_promise_asks_for_a_call_and_stands_first(house: House) -> None:
    now = timezone.now()
    order(house, promised_at=now + timedelta(minutes=30))
    broken = order(house, promised_at=now + timedelta(minutes=1), now=now)
    RepairOrder.objects.filter(pk=broken.pk).update(promised_at=now - timedelta(minutes=35))

    text = page(signed_in(house, "receptionist.north"))

    first = text[text.index("data-row") :]
    assert first.index("−35 мин") < first.index("Позвонить и извиниться") < first.index("29 мин")
    assert f"/orders/{broken.number}/promise/" in first


def test_a_part_that_comes_too_late_warns_long_before_the_promise(house: House) -> None:
    now = timezone.now()
    late = order(house, promised_at=now + timedelta(days=3))
    orders.await_part(order=late, name="Матрица", expected_at=now + timedelta(days=4), by=house.olga, now=now)

    text = page(signed_in(house, "receptionist.north"))

    assert "Деталь ждём" in text
    assert "Перенести на" in text


def test_rows_end_in_what_he_may_do(house: House) -> None:
    now = timezone.now()
    order(house, promised_at=now + timedelta(hours=2), technician=house["technician.north"])
    free = order(house, promised_at=now + timedelta(hours=3))

    manager, technician = page(signed_in(house, "manager.north")), page(signed_in(house, "technician.north"))

    assert f'/orders/{free.number}/technician/" data-act' in manager
    assert "Назначить мастера" in manager
    assert "Взять себе" in technician
    assert "Назначить мастера" not in technician
    assert "Новый приём" not in technician


def test_ready_and_unfetched_orders_wait_for_a_word(house: House) -> None:
    now = timezone.now()
    ready = order(house, at="ready", now=now - timedelta(hours=3))
    fresh, old = (order(house, at="told", now=now - timedelta(days=days)) for days in (1, 16))

    text = page(signed_in(house, "receptionist.north"))

    assert f"/orders/{ready.number}/told/" in text
    assert "16 дней" in text
    assert f"№ {old.number}" in text
    assert f"№ {fresh.number}" not in text
    assert f'href="tel:{old.customer.phones.get().number}" data-act' in text


def test_a_technician_sees_his_work_and_no_phone(house: House) -> None:
    now, ruslan = timezone.now(), house["technician.north"]
    mine = order(house, technician=ruslan, promised_at=now + timedelta(days=5))
    other = order(house, technician=house["manager.north"], promised_at=now + timedelta(hours=1))

    text = page(signed_in(house, "technician.north"))

    assert f"№ {mine.number}" in text
    assert f"№ {other.number}" not in text
    assert mine.customer.name in text
    assert mine.customer.phones.get().number not in text
    assert "tel:" not in text


def test_orders_of_another_centre_are_not_shown(house: House) -> None:
    far = order(house, promised_at=timezone.now() + timedelta(hours=1))

    for login in ("receptionist.south", "director.south"):
        assert f"№ {far.number}" not in page(signed_in(house, login))
    both = page(signed_in(house, "olga"))
    assert f"№ {far.number}" in both
    assert "Север · " in both


def test_a_panel_opens_whole_and_folds(house: House) -> None:
    now = timezone.now()
    for n in range(8):
        order(house, at="told", now=now - timedelta(days=4 + n))
    client = signed_in(house, "receptionist.north")

    folded, whole = page(client), page(client, "/?all=unclaimed")

    assert ("Все 8" in folded, "Свернуть" in whole) == (True, True)
    assert (folded.count(" data-call"), whole.count(" data-call")) == (6, 8)


def test_screens_are_those_of_his_roles_and_a_director_sees_the_work_of_all(house: House) -> None:
    director, receptionist = signed_in(house, "director.north"), signed_in(house, "receptionist.north")

    assert "Мои заказы" in page(director, "/?role=technician")
    assert "Мои заказы" not in page(receptionist, "/?role=technician")
    assert "?role=" not in page(receptionist)
    assert 'href="?role=manager"' in page(director)


def test_the_day_stands_in_figures(house: House) -> None:
    now = timezone.now()
    tasks.open_shift(centre=house.north, by=house["technician.north"], now=now)
    order(house, lines=make.price_list)
    order(house, at="picked_up", promised_at=now + timedelta(hours=1))
    late = order(house, at="picked_up", promised_at=now + timedelta(hours=1))
    RepairOrder.objects.filter(pk=late.pk).update(first_promised_at=now - timedelta(hours=1))

    text = page(signed_in(house, "manager.north"))
    strip = text[text.index('class="dv-panel shift"') :]

    assert "1 мастер" in strip
    assert "1 в срок" in strip
    assert ", 1 позже" in strip
    assert "1 ч 30 мин" in strip


def test_an_accountant_sees_what_went_out_with_its_sums(house: House) -> None:
    out = order(house, at="picked_up", lines=make.price_list)

    text = page(signed_in(house, "accountant.north"))

    assert f"№ {out.number}" in text
    assert "21 700 ₽" in text


def test_tasks_and_calls_of_today_stand_beside(house: House) -> None:
    now = timezone.now()
    someone = make.person(by=house.olga, centre=house.north)
    given = {"centre": house.north, "by": house.olga, "now": now}
    tasks.add(title="Перезвонить", kind="call", customer=someone, due_at=now - timedelta(hours=1), **given)
    tasks.add(title="Принять запчасти", due_at=now + timedelta(days=2), **given)

    text = page(signed_in(house, "receptionist.north"))

    assert "Звонки сегодня" in text
    assert f"tel:{someone.phones.get().number}" in text
    assert "Принять запчасти" not in text


def test_an_expected_client_is_met_from_the_first_screen(house: House) -> None:
    now = timezone.now()
    slot = planning.book(
        centre=Centre.objects.get(pk=house.north.pk), kind="booking", technician=house["technician.north"], title="ТО, Иванов",
        starts_at=now, ends_at=now + timedelta(minutes=5), by=house.olga, now=now,
    )  # fmt: skip
    client = signed_in(house, "receptionist.north")
    assert "ТО, Иванов" in page(client)

    answer = client.post(f"/calendar/slots/{slot.pk}/arrival/", {"back": "today"})

    assert answer.headers["Location"] == "/"
    assert "пришёл" in page(client)


def test_who_looks_again_hears_nothing_until_something_happens(house: House, django_assert_num_queries: Any) -> None:
    client = signed_in(house, "receptionist.north")
    stamp = page(client).split('data-stamp="')[1].split('"')[0]
    again = {"X-Seen": stamp, "HX-Request": "true", "HX-Target": "today"}

    with django_assert_num_queries(4):  # session, person, places, journal
        assert client.get("/", headers=again).status_code == 204
    order(house, promised_at=timezone.now() + timedelta(hours=1))
    answer = client.get("/", headers=again)

    assert answer.status_code == 200
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="today"')
    assert "<html" not in text


def test_somebody_without_a_role_is_told_whom_to_ask(house: House) -> None:
    lost = make.staff("lost")
    client = Client()
    client.force_login(lost)

    assert "Роли пока нет" in page(client)


def test_a_row_says_no_sum_and_no_norm_where_there_is_none(house: House) -> None:
    order(house, promised_at=timezone.now() + timedelta(hours=1))
    order(house, at="ready")
    client = signed_in(house, "receptionist.north")
    text = page(client)
    assert "Мастер не назначен<" in text
    assert "к оплате" not in text

    order(house, promised_at=timezone.now() + timedelta(hours=1), lines=make.price_list)
    order(house, at="ready", lines=make.price_list)

    text = page(client)
    assert "Нет ответа по смете 21 700 ₽" in text
    assert "к оплате 21 700 ₽" in text


def test_a_moment_to_come_is_told_shortly() -> None:
    now = timezone.now().replace(hour=9, minute=0)
    with timezone.override("UTC"):
        assert rows.shortly(now + timedelta(hours=2), now) == "11:00"
        day = timezone.localtime(now + timedelta(days=2))
        names = ["пн", "вт", "ср", "чт", "пт", "сб", "вс"]
        assert rows.shortly(day, now) == f"{names[day.weekday()]}, 09:00"
        far = now + timedelta(days=9)
        assert rows.shortly(far, now).startswith(f"{names[far.weekday()]}, {far.day}\u00a0")


# ── What is at stake ─────────────────────────────────────────────────────────────────────────────────────────────────


def studied(house: House, *found: tuple[RepairOrder, dict[str, Any]]) -> Any:
    """A snapshot of the north that knows the clients of these orders."""
    snapshot = make_analysis.published(centre=house.north)
    for one, told in found:
        make_analysis.known(snapshot, one.customer, **told)
    return snapshot


def places(text: str, *numbers: int) -> list[int]:
    """Where rows of these orders begin."""
    return [text.index(f'href="/orders/{number}/">') for number in numbers]


def test_of_promises_equally_urgent_the_dearer_clients_comes_first(house: House) -> None:
    now = timezone.now()
    broken = order(house, promised_at=now + timedelta(minutes=1), now=now - timedelta(days=1))
    RepairOrder.objects.filter(pk=broken.pk).update(promised_at=now - timedelta(hours=1))
    cheap = order(house, promised_at=now + timedelta(hours=2))
    dear = order(house, promised_at=now + timedelta(hours=3))
    unknown = order(house, promised_at=now + timedelta(hours=2, minutes=30))
    studied(house, (cheap, {"value_at_risk": 90_000}), (dear, {"value_at_risk": 5_000_000}), (broken, {}))

    found = places(page(signed_in(house, "manager.north")), broken.number, dear.number, cheap.number, unknown.number)

    assert found == sorted(found)


def test_a_name_bears_its_score_and_the_reason_stands_behind_it(house: House) -> None:
    mine = order(house, promised_at=timezone.now() + timedelta(hours=2))
    told = {"satisfaction": 38.2, "satisfaction_coverage": 0.9, "client_class": "regular", "value_at_risk": 5_000_000,
            "class_reasons": "orders_91=7;", "n_risks": 1}  # fmt: skip
    snapshot = studied(house, (mine, told))
    make_analysis.risk(snapshot, mine.customer, "late_last_order", evidence="late_last_order=hours:26")

    text = page(signed_in(house, "receptionist.north"))

    for said in ("<b>38</b>", f'popovertarget="why-{mine.number}"', "Извиниться за срок", "под риском 50 000 ₽"):
        assert said in text, said


def test_a_technician_reads_nothing_of_what_is_known_of_clients(house: House) -> None:
    mine = order(house, technician=house["technician.north"], promised_at=timezone.now() + timedelta(hours=2))
    studied(house, (mine, {"satisfaction": 38.2, "satisfaction_coverage": 0.9}))

    text = page(signed_in(house, "technician.north"))

    assert str(mine.number) in text
    assert "<b>38</b>" not in text
    assert "popovertarget" not in text


def test_the_receptionist_sees_who_is_here_and_may_leave(house: House) -> None:
    now = timezone.now()
    here, expected, away = order(house), order(house, at="picked_up"), order(house, at="picked_up")
    told = {"n_risks": 1, "value_at_risk": 700_000}
    snapshot = studied(house, (here, told), (expected, told | {"value_at_risk": 900_000}), (away, told))
    for one in (here, expected, away):
        make_analysis.risk(snapshot, one.customer, "late_last_order", evidence="late_last_order=hours:26")
    planning.book(
        centre=Centre.objects.get(pk=house.north.pk), kind="booking", technician=house["technician.north"],
        customer=expected.customer, by=house.olga, now=now, starts_at=now + timedelta(minutes=5),
        ends_at=now + timedelta(minutes=15),
    )  # fmt: skip

    text = page(signed_in(house, "receptionist.north")).partition('id="panel-losing"')[2].partition("</section>")[0]

    assert "Извиниться за срок" in text
    found = [text.index(f"/customers/{one.customer_id}/") for one in (expected, here)]
    assert found == sorted(found)
    assert f"/customers/{away.customer_id}/" not in text
