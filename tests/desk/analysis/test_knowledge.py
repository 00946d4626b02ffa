"""Pages of satisfaction, value, sources, people and load: what stands there, for whom, where it leads, what it asks."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from dovolen.desk.analysis.models import Snapshot
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House
from tests.desk.conftest import NOON
from tests.desk.make_analysis import figure, sheet

pytestmark = pytest.mark.django_db
DAY = NOON.date()
FACTS = [("fact", "word"), ("known", "orders"), ("orders", "orders"), ("share", "share"), ("low", "share"),
         ("high", "share"), ("lost", "number"), ("lost_an_order", "number"), ("points_share", "share")]  # fmt: skip
PLACE = [("orders", "orders"), ("mean_score", "number"), ("low", "number"), ("high", "number"), ("spread", "number"),
         ("lost_an_order", "number"), ("fact", "word"), ("fact_share", "share"), ("withheld", "flag")]  # fmt: skip
PERSON = [("fact", "word"), ("known", "orders"), ("orders", "orders"), ("share", "share"), ("low", "share"),
          ("high", "share"), ("lost_an_order", "number")]  # fmt: skip
CALLED = [("customer_id", "id"), ("name", "text"), ("class", "word"), ("order_id", "id"), ("done_date", "date"),
          ("satisfaction", "points"), ("reasons", "reasons"), ("technician", "text"), ("manager", "text")]  # fmt: skip
SLICES = [("dimension", "word"), ("value", "text"), ("orders", "orders"), ("clients", "clients"), ("revenue", "money"),
          ("average_order", "money"), ("margin", "money"), ("promise_kept", "share"), ("withheld", "flag")]  # fmt: skip
PAGES = ("/satisfaction/", "/satisfaction/check/", "/satisfaction/orders/", "/value/", "/sources/", "/performers/",
         "/load/")  # fmt: skip


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def snapshot(house: House) -> Snapshot:
    return make_analysis.published()


def browser(house: House, login: str = "olga") -> Client:
    client = Client(headers={"Accept-Language": "ru"})
    client.force_login(cast.fresh(house[login]))
    return client


def read(house: House, path: str, login: str = "olga") -> str:
    answer = browser(house, login).get(path)
    assert answer.status_code == 200, path
    return answer.content.decode().replace("\u00a0", " ")


def text(page: str) -> str:
    """The page without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def weak(snapshot: Snapshot) -> None:
    """Facts, technicians and stages of a year."""
    figure(snapshot, "satisfaction.mean", 88.4, "number", n=400, low=87.0, high=89.8)
    rows = [
        ("delay", 400, 80, 0.2, 0.16, 0.24, 640.0, 1.6, 0.7),
        ("complaint", 400, 12, 0.03, 0.02, 0.05, 240.0, 0.6, 0.3),
    ]
    sheet(snapshot, "satisfaction.facts", FACTS, rows, n=400)
    people = [("Иванов", 300, 86.0, 84.0, 88.0, 9.0, 2.4, "delay", 0.6, False),
              ("Новичок", 7, None, None, None, None, None, None, None, True)]  # fmt: skip
    sheet(snapshot, "satisfaction.by_technician", [("technician", "text"), *PLACE], people, n=307, note="withheld=1")
    stages = [("repair", 200, 80.0, 78.0, 82.0, 9.0, 3.0, "delay", 0.5, False),
              ("kept", 200, 95.0, 94.0, 96.0, 9.0, 1.0, "delay", 0.5, False)]  # fmt: skip
    sheet(snapshot, "satisfaction.by_slow_stage", [("slow_stage", "word"), *PLACE], stages, n=400)


# ── Satisfaction ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_weak_point_opens_to_its_orders(house: House, snapshot: Snapshot):
    weak(snapshot)

    assert '<a href="/satisfaction/orders/?fact=delay">' in read(house, "/satisfaction/")
    technicians = read(house, "/satisfaction/?by=technician")
    assert "/satisfaction/orders/?technician=%D0%98%D0%B2%D0%B0%D0%BD%D0%BE%D0%B2" in technicians
    stages = read(house, "/satisfaction/?by=slow_stage")
    assert "/satisfaction/orders/?stage=repair" in stages
    assert "stage=kept" not in stages


def test_parts_of_the_chart_open_to_the_same_orders(house: House, snapshot: Snapshot):
    weak(snapshot)

    assert '"opens": "/satisfaction/orders/?fact=delay"' in read(house, "/satisfaction/")


def test_who_does_not_see_orders_gets_the_figures_without_ways_to_orders(house: House):
    south = make_analysis.published(centre=house.south)
    weak(south)

    page = read(house, "/satisfaction/", "marketer.south")
    assert "опоздание" in page
    assert "/satisfaction/orders/" not in page
    assert "Заказы открыты не всем" in read(house, "/satisfaction/orders/", "marketer.south")


def test_whom_to_call_is_told_by_todays_name_and_leads_to_the_points(house: House, snapshot: Snapshot):
    weak(snapshot)
    order = make.order(by=house.olga, centre=house.north)
    gone = make.person(by=house.olga, name="Стёртый Клиент", centre=house.north)
    Customer.objects.filter(pk=order.customer_id).update(name="Новая Фамилия")
    Customer.objects.filter(pk=gone.pk).update(merged_into=order.customer_id)
    row = ("regular", order.pk, DAY, 25, "delay=−12;", "Иванов", None)
    rows = [(order.customer_id, "Старая Фамилия", *row), (gone.pk, "Стёртый Клиент", *row)]
    sheet(snapshot, "satisfaction.low", CALLED, rows, n=2)

    page = read(house, "/satisfaction/")

    assert "Новая Фамилия" in page
    assert "Старая Фамилия" not in page
    assert "Стёртый Клиент" not in page
    assert f"/satisfaction/orders/{order.number}/" in page
    assert "опоздание: −12" in page
    assert f"/base/clients/tasks/?pick={order.customer_id}" in page


def test_a_score_that_was_not_checked_says_so_and_one_that_predicts_nothing_says_that(house: House, snapshot: Snapshot):
    weak(snapshot)
    assert "Проверить пока не на чем" in read(house, "/satisfaction/")

    columns = [
        ("verdict", "text"),
        ("label", "text"),
        ("labelled", "count"),
        ("to_judge", "count"),
        ("to_learn", "count"),
    ]
    sheet(snapshot, "self_check.verdict", columns, [("nothing", "survey", 200, None, None)], n=200)
    told = [("label", "text"), ("verdict", "text"), ("pairs_right", "share"), ("low", "share"), ("high", "share"),
            ("labelled", "count"), ("good_share", "share"), ("rarer", "count")]  # fmt: skip
    sheet(snapshot, "self_check.labels", told, [("survey", "nothing", 0.51, 0.44, 0.58, 200, 0.8, 40)], n=200)

    for path in ("/satisfaction/", "/satisfaction/check/"):
        page = text(read(house, path))
        assert "По этим данным оценка ничего не предсказывает" in page
        assert "51 44–58" in page


def test_without_facts_the_panel_says_why_and_is_not_blank(house: House, snapshot: Snapshot):
    Snapshot.objects.filter(pk=snapshot.pk).update(impossible=[["satisfaction", "orders.promised_at"]])

    page = text(read(house, "/satisfaction/"))

    assert "посчитать нельзя" in page


# ── Scored orders ────────────────────────────────────────────────────────────────────────────────────────────────────


def scored(house: House, snapshot: Snapshot, **more: Any) -> int:
    """An order with points; gives its number."""
    order = make.order(by=house.olga, centre=house.north)
    points = [["base", None, "2026-11-01", None, 99.0], ["delay", 2.0, "2026-11-03", 2, -12.0],
              ["complaint", None, None, -1, -0.84], ["late_hours", 48.0, "2026-11-03", None, 0.0]]  # fmt: skip
    given = {"points": points, "lost": "delay", "scored_on": DAY, "accepted_on": DAY, "card": "evidence",
             "card_version": "1"} | more  # fmt: skip
    make_analysis.scored(snapshot, order, given.pop("score", 86), **given)
    return order.number


def test_the_list_says_what_it_is_narrowed_by_and_how_to_widen_it(house: House, snapshot: Snapshot):
    number = scored(house, snapshot)

    page = read(house, "/satisfaction/orders/?fact=delay&band=low")
    assert f"№ {number}" not in page
    assert 'href="/satisfaction/orders/?band=low"' in page
    assert 'href="/satisfaction/orders/?fact=delay"' in page
    assert "Таких заказов нет" in page
    assert f"/satisfaction/orders/{number}/" in read(house, "/satisfaction/orders/?fact=delay")


def test_the_points_of_an_order_are_all_there_and_sum_to_the_score(house: House, snapshot: Snapshot):
    number = scored(house, snapshot, card_score=86)
    card = [("fact", "word"), ("over", "number"), ("up_to", "number"), ("points", "points")]
    steps = [("delay", None, 0.0, 0.0), ("delay", 0.0, 1.0, -4.0), ("delay", 1.0, 3.0, -12.0)]
    sheet(snapshot, "satisfaction.card", card, steps)

    page = text(read(house, f"/satisfaction/orders/{number}/"))

    for said in ("Опоздание против срока 2 дня 3 ноя больше 1 дня, до 3 дней −12", "Жалоба не известно", "−0,84",
                 "Сумма 86,16", "Сумма 86,16 округлена", "Известно ещё, но баллов не стоит", "Карта «evidence»"):  # fmt: skip
        assert said in page, said


def test_an_answer_of_the_client_stands_above_the_count(house: House, snapshot: Snapshot):
    number = scored(house, snapshot, score=25, score_from="answer", card_score=86)

    page = text(read(house, f"/satisfaction/orders/{number}/"))

    assert "Ответ клиента, переведённый в 0–99, важнее подсчёта: 25. По карте вышло бы 86." in page


def test_what_was_thought_before_is_kept_and_shown(house: House, snapshot: Snapshot):
    number = scored(house, snapshot, score=60, score_before=86, rescored_on=DAY)
    later = make_analysis.published(day=DAY + timedelta(days=1))
    first = snapshot.pk
    from dovolen.desk.analysis.models import OrderScore

    row = OrderScore.objects.get(snapshot=first)
    row.pk, row.snapshot, row.score = None, later, 40
    row._state.adding = True
    row.save()

    page = text(read(house, f"/satisfaction/orders/{number}/"))

    assert "Как менялась оценка" in page
    assert "Было 86, пересчитано 20 ноя" in page


def test_an_order_without_a_score_says_when_it_comes(house: House, snapshot: Snapshot):
    number = make.order(by=house.olga, centre=house.north).number

    assert "У заказа ещё нет оценки" in read(house, f"/satisfaction/orders/{number}/")


def test_points_of_an_order_of_another_centre_are_not_there(house: House, snapshot: Snapshot):
    number = scored(house, snapshot)

    assert browser(house, "manager.south").get(f"/satisfaction/orders/{number}/").status_code == 404
    assert browser(house, "manager.north").get(f"/satisfaction/orders/{number}/").status_code == 200


# ── Value ────────────────────────────────────────────────────────────────────────────────────────────────────────────

ABC = [("kind", "word"), ("measure", "word"), ("abc", "text"), ("clients", "clients"), ("client_share", "share"),
       ("amount", "money"), ("amount_share", "share")]  # fmt: skip
KEYS = [("key_kind", "word"), ("customer_id", "id"), ("name", "text"), ("revenue", "money"), ("margin", "money"),
        ("left", "money"), ("reasons", "reasons")]  # fmt: skip


def worth(house: House, snapshot: Snapshot) -> list[Customer]:
    """Letters by revenue and by margin; two key clients."""
    people = [make.person(by=house.olga, name=name, centre=house.north) for name in ("Ложный Лев", "Верный Вадим")]
    figure(snapshot, "value.margin", 77_700_000, "money", n=400)
    rows = [("person", "revenue", "A", 40, 0.2, 55_500_000, 0.8), ("person", "margin", "A", 44, 0.2, 33_300_000, 0.8)]
    sheet(snapshot, "value.abc", ABC, rows, n=200)
    keys = [("false", people[0].pk, "x", 900_000, 1000, 1000, "key_profit=3;"),
            ("true", people[1].pk, "x", 800_000, 500_000, 500_000, "")]  # fmt: skip
    sheet(snapshot, "value.key_names", KEYS, keys, n=2)
    return people


def test_key_clients_are_shown_by_kind_and_lead_to_their_cards(house: House, snapshot: Snapshot):
    false, _ = worth(house, snapshot)

    page, other = read(house, "/value/"), read(house, "/value/?key=true")

    assert f'<a href="/customers/{false.pk}/">' in page
    assert "Ложный Лев" in page
    assert "Верный Вадим" not in page
    assert "Верный Вадим" in other
    assert "Ложный Лев" not in other


def test_margin_is_for_who_sees_costs_alone(house: House):
    south = make_analysis.published(centre=house.south)
    worth(house, south)

    seen, closed = read(house, "/value/", "manager.south"), read(house, "/value/", "marketer.south")

    assert "777" in seen
    assert "333 000" in seen
    for margin in ("777", "333 000", "Ложный"):
        assert margin not in closed
    assert "555 000" in closed
    assert "их видят те, кому открыта себестоимость" in closed


@pytest.mark.parametrize("part", ["profit", "payback", "ahead", "growth", "no such part"])
def test_every_part_of_value_stands_without_data_too(house: House, snapshot: Snapshot, part: str):
    page = text(read(house, f"/value/?part={part}"))

    assert "недостаточно данных" in page or "посчитать нельзя" in page


# ── Sources, people, load ────────────────────────────────────────────────────────────────────────────────────────────


def test_people_are_compared_with_intervals_and_the_few_are_withheld(house: House, snapshot: Snapshot):
    weak(snapshot)
    rows = [("Иванов", "delay", 290, 29, 0.1, 0.07, 0.14, 1.2), ("Иванов", "complaint", 300, 3, 0.01, 0.0, 0.03, 0.2)]
    sheet(snapshot, "satisfaction.facts_by_technician", [("technician", "text"), *PERSON], rows, n=300)

    page = text(read(house, "/performers/"))

    assert "Иванов" in page
    assert "90,0 % 86,0–93,0 %" in page
    assert "Новичок 7 меньше 20 заказов" in page


def test_a_queue_leads_to_the_open_orders_of_its_technician(house: House, snapshot: Snapshot):
    technician = house.people["technician.north"]
    columns = [("technician", "text"), ("open_orders", "orders"), ("hours_waiting", "hours"), ("finished", "orders"),
               ("a_day", "hours"), ("days_to_clear", "number"), ("withheld", "flag")]  # fmt: skip
    rows = [(technician.name, 4, 6.0, 50, 2.0, 3.0, False), ("Никто", 1, 1.0, 30, 1.0, 1.0, False)]
    sheet(snapshot, "queue.technicians", columns, rows, n=80)

    page = read(house, "/load/")

    assert f'<a href="/orders/?technician={technician.pk}">' in page
    assert "Никто" in page


def test_sources_lead_to_their_clients(house: House, snapshot: Snapshot):
    rows = [("source", "2ГИС", 40, 30, 900_000, 22_500, 300_000, 0.9, False),
            ("source", None, 60, 50, 400_000, 6_600, 100_000, 0.8, False)]  # fmt: skip
    sheet(snapshot, "slices", SLICES, rows, n=0)
    sheet(
        snapshot,
        "forecast.weekdays",
        [("weekday", "word"), ("of_usual", "share"), ("is_worked", "flag")],
        [(1, 1.2, True)],
    )

    page = read(house, "/sources/")

    assert "/base/clients/?source=2%D0%93%D0%98%D0%A1" in page
    assert "/base/clients/?source=none" in page


def test_clients_of_a_source_and_key_clients_are_lists_of_names(house: House, snapshot: Snapshot):
    lev, vadim = worth(house, snapshot)
    Customer.objects.filter(pk=lev.pk).update(source="2ГИС")
    make_analysis.known(snapshot, lev, revenue=5, key_client="false")
    make_analysis.known(snapshot, vadim, revenue=6, key_client="true")

    def names(query: str) -> list[str]:
        page = read(house, f"/base/clients/?{query}")
        return [one.name for one in (lev, vadim) if one.name in page]

    assert names("source=2ГИС") == ["Ложный Лев"]
    assert names("source=none") == ["Верный Вадим"]
    assert names("key=true") == ["Верный Вадим"]
    assert names("key=false") == ["Ложный Лев"]


def test_which_clients_are_key_is_not_asked_for_by_who_does_not_see_costs(house: House):
    south = make_analysis.published(centre=house.south)
    people = [make.person(by=house.olga, name=name, centre=house.south) for name in ("Ложный Лев", "Верный Вадим")]
    for one, kind in zip(people, ("false", "true"), strict=True):
        make_analysis.known(south, one, revenue=5, key_client=kind)

    page = read(house, "/base/clients/?key=true", "marketer.south")

    assert "Ложный Лев" in page
    assert "Верный Вадим" in page


def test_without_sources_the_page_says_what_to_do(house: House, snapshot: Snapshot):
    assert "Откуда приходят клиенты, пока не записано" in read(house, "/sources/")


# ── What pages ask of the base ───────────────────────────────────────────────────────────────────────────────────────

QUERIES = {
    "/satisfaction/": 10, "/satisfaction/?by=technician": 10, "/satisfaction/check/": 8, "/satisfaction/orders/": 8,
    "/value/": 9, "/value/?part=growth": 8, "/sources/": 8, "/performers/": 8, "/load/": 8,
}  # fmt: skip


def filled(house: House, snapshot: Snapshot, n: int) -> None:
    """Much or little of everything."""
    weak(snapshot)
    worth(house, snapshot)
    for _ in range(n):
        scored(house, snapshot)
    order = make.order(by=house.olga, centre=house.north)
    row = (order.customer_id, "x", "regular", order.pk, DAY, 25, "delay=−12;", "Иванов", None)
    sheet(snapshot, "satisfaction.low", CALLED, [row] * n, n=n)
    sheet(
        snapshot,
        "slices",
        SLICES,
        [("source", f"s{place}", 40, 30, 9, 2, 3, 0.9, False) for place in range(n + 1)],
        n=0,
    )


@pytest.mark.parametrize("n", [1, 6])
def test_pages_ask_the_same_of_the_base_at_every_size(
    house: House, snapshot: Snapshot, n: int, django_assert_num_queries: Any
):
    filled(house, snapshot, n)
    client = browser(house)

    for path, most in QUERIES.items():
        client.get(path)
        with django_assert_num_queries(most):
            client.get(path)


@pytest.mark.parametrize("path", PAGES)
def test_before_the_first_snapshot_pages_say_what_will_be_there(house: House, path: str):
    make.order(by=house.olga, centre=house.north)

    assert "Снимка ещё нет" in read(house, path)


def test_a_kept_snapshot_is_shown_by_its_day(house: House, snapshot: Snapshot):
    earlier = make_analysis.published(day=date(2026, 10, 31))
    figure(earlier, "satisfaction.mean", 71.3, "number", n=300)

    assert "71,3" in read(house, "/satisfaction/?day=2026-10-31")
    assert "71,3" not in read(house, "/satisfaction/")
