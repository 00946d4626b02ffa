"""What is known of a client where people work: card, intake, order, Today; and where nothing is known yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from dovolen.desk.analysis import losing
from dovolen.desk.orders import actions as orders
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people import actions as people
from dovolen.desk.people.models import Customer
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House

pytestmark = pytest.mark.django_db
POINTS = [["base", None, None, None, 99], ["delay", 2.0, "2026-11-01", 2, -12], ["contacts_in", None, None, -1, -0.8]]
DAY = timedelta(days=1)


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def house(now: datetime) -> House:
    return cast.full(now=now)


@pytest.fixture
def marina(house: House, now: datetime) -> Customer:
    return make.person(by=house["receptionist.north"], now=now - 30 * DAY)


def browser(house: House, login: str = "manager.north") -> Client:
    client = Client()
    client.force_login(house[login])
    return client


def text_of(client: Client, address: str, **headers: str) -> str:
    response = client.get(address, headers=headers or None)
    assert response.status_code == 200
    return response.content.decode().replace("\u00a0", " ")


def studied(house: House, marina: Customer, **columns: Any) -> Any:
    snapshot = make_analysis.published(centre=house.north)
    told = {
        "client_class": "regular", "class_reasons": "orders_91=7;", "state": "active", "n_orders": 5, "rfm_r": 5,
        "rfm_f": 4, "rfm_m": 3, "satisfaction": 66.4, "satisfaction_coverage": 0.9, "satisfaction_latest": 45,
        "satisfaction_worst": 45, "revenue": 8_874_000, "margin": 3_120_000, "p_return": 0.58, "n_risks": 1,
        "value_at_risk": 5_000_000,
    }  # fmt: skip
    return make_analysis.known(snapshot, marina, **{**told, **columns})


def order_of(house: House, marina: Customer, at_now: datetime, **about: Any) -> RepairOrder:
    given: dict[str, Any] = {"centre": house.north, "now": at_now - DAY, "promised_at": at_now + 5 * DAY} | about
    return make.order(by=house["manager.north"], customer=marina, **given)


def test_before_the_first_study_the_card_says_so(house: House, marina: Customer) -> None:
    assert "после первого разбора базы" in text_of(browser(house), f"/customers/{marina.pk}/")


def test_who_came_after_the_study_is_told_from_one_never_studied(house: House, marina: Customer) -> None:
    make_analysis.published(centre=house.north)

    assert "новее разбора базы" in text_of(browser(house), f"/customers/{marina.pk}/")


def test_the_card_shows_class_satisfaction_value_and_chance(house: House, marina: Customer) -> None:
    studied(house, marina)

    page = text_of(browser(house), f"/customers/{marina.pk}/")

    for text in ("постоянный", "активный", "1 риск", "<b>66</b>", "88 740 ₽", "31 200 ₽", "58 %"):
        assert text in page, text


def test_margin_is_shown_to_who_sees_costs(house: House, marina: Customer) -> None:
    studied(house, marina)

    assert "31 200" not in text_of(browser(house, "receptionist.north"), f"/customers/{marina.pk}/")


def test_a_score_of_which_little_is_known_is_not_told_as_one(house: House, marina: Customer) -> None:
    studied(house, marina, satisfaction_coverage=0.38)

    page = text_of(browser(house), f"/customers/{marina.pk}/")

    assert "<b>66</b>" not in page
    assert "известно 38 %" in page


def test_a_sign_of_leaving_is_the_next_step_with_why(house: House, marina: Customer) -> None:
    row = studied(house, marina)
    make_analysis.risk(row.snapshot, marina, "late_last_order", evidence="late_last_order=hours:26")

    page = text_of(browser(house), f"/customers/{marina.pk}/")

    assert "Извиниться за срок" in page
    assert "готов позже обещанного" in page


def test_the_other_centres_study_is_not_seen(house: House, marina: Customer, now: datetime) -> None:
    snapshot = make_analysis.published(centre=house.south)
    make_analysis.known(snapshot, marina, client_class="intermediary", revenue=99_999_900)
    make_analysis.known(make_analysis.published(), marina, client_class="intermediary", revenue=99_999_900)

    page = text_of(browser(house), f"/customers/{marina.pk}/")

    assert "посредник" not in page
    assert "999 999" not in page


def test_points_and_risks_are_told_with_what_they_did_here(house: House, marina: Customer, now: datetime) -> None:
    row = studied(house, marina)
    order = order_of(house, marina, now)
    make_analysis.scored(row.snapshot, order, 86, points=POINTS)
    make_analysis.risk(row.snapshot, marina, "late_last_order", evidence="late_last_order=hours:26", order=order)
    columns = [("point", "word"), ("n_with", "clients"), ("returned_with", "share"), ("returned_without", "share"),
               ("risk_says", "word")]  # fmt: skip
    make_analysis.sheet(row.snapshot, "risk.points", columns, [("late_last_order", 184, 0.52, 0.76, "influences")])

    page = text_of(browser(house), f"/customers/{marina.pk}/knowledge/")

    for text in ("Из чего сложились 86", "−12", "52 % против 76 %, n = 184", "Влияет: возвращаются реже"):
        assert text in page, text


def test_parts_are_fetched_alone(house: House, marina: Customer) -> None:
    studied(house, marina)

    for name in ("knowledge", "short"):
        told = {"HX-Request": "true", "HX-Target": {"short": "known"}.get(name, name)}
        page = text_of(browser(house), f"/customers/{marina.pk}/{name}/", **told)
        assert "<html" not in page
        assert page.strip()


def test_the_short_form_tells_what_took_most(house: House, marina: Customer, now: datetime) -> None:
    row = studied(house, marina)
    make_analysis.scored(row.snapshot, order_of(house, marina, now), 86, points=POINTS)

    page = text_of(browser(house, "receptionist.north"), f"/customers/{marina.pk}/short/")

    assert "−12" in page
    assert "RFM" in page


@pytest.mark.parametrize(("address", "n"), [("", 12), ("knowledge/", 10), ("short/", 7), ("class/", 8)])
def test_pages_of_what_is_known_ask_the_same_questions_at_every_size(
    house: House, marina: Customer, now: datetime, address: str, n: int,
    django_assert_max_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    row = studied(house, marina)
    make_analysis.sheet(row.snapshot, "risk.points", [("point", "word")], [("late_last_order",)])
    client = browser(house)
    for point in ("late_last_order", "over_estimate", "asset_age"):
        make_analysis.risk(row.snapshot, marina, point)
        make_analysis.scored(row.snapshot, order_of(house, marina, now), 86, points=POINTS)
        with django_assert_max_num_queries(n):
            client.get(f"/customers/{marina.pk}/{address}")


# ── What an order is losing ──────────────────────────────────────────────────────────────────────────────────────────


def losing_of(house: House, order: RepairOrder, now: datetime) -> losing.Losing:
    found = losing.losing(losing.orders_of(house["manager.north"]).get(pk=order.pk), now)
    assert found is not None
    return found


def test_a_promise_that_holds_tells_when_it_will_cost(house: House, marina: Customer, now: datetime) -> None:
    order = order_of(house, marina, now, promised_at=now + timedelta(hours=3))

    found = losing_of(house, order, now)

    assert found.lost == []
    first = found.ahead[0]
    assert (first.fact, first.points, first.minutes, first.is_first) == ("delay", -4, 180, True)


@pytest.mark.parametrize(("days", "points"), [(0.5, -4), (2, -12), (5, -20), (8, -30)])
def test_a_broken_promise_costs_what_the_card_says(
    house: House, marina: Customer, now: datetime, days: float, points: int
) -> None:
    order = order_of(house, marina, now, now=now - 10 * DAY, promised_at=now - days * DAY)

    found = losing_of(house, order, now)

    assert [one.points for one in found.lost if one.fact == "delay"] == [points]


def test_a_long_promise_is_held_to_its_share(house: House, marina: Customer, now: datetime) -> None:
    order = order_of(house, marina, now, now=now - 22 * DAY, promised_at=now - 2 * DAY)

    found = losing_of(house, order, now)

    assert [one.points for one in found.lost if one.fact == "delay"] == [-4]


def test_a_promise_given_after_the_break_mends_no_delay(house: House, marina: Customer, now: datetime) -> None:
    order = order_of(house, marina, now, now=now - 5 * DAY, promised_at=now - 2 * DAY - timedelta(hours=1))
    orders.promise(
        order=order, promised_at=now + 3 * DAY, reason="part_late", told_how="call", by=house["manager.north"], now=now
    )

    found = losing_of(house, order, now)

    assert {"delay": -12, "promises_moved": -6}.items() <= {one.fact: one.points for one in found.lost}.items()


def test_two_days_without_a_word_cost_points(house: House, marina: Customer, now: datetime) -> None:
    order = order_of(house, marina, now, now=now - 3 * DAY)

    assert {one.fact for one in losing_of(house, order, now).lost} == {"no_word"}


def test_a_closed_order_loses_nothing_more(house: House, marina: Customer, now: datetime) -> None:
    order = order_of(house, marina, now, at="picked_up")

    assert losing.losing(losing.orders_of(house["manager.north"]).get(pk=order.pk), now) is None


def test_the_order_says_what_it_is_losing(
    house: House, marina: Customer, now: datetime, django_assert_max_num_queries: Callable[..., Any]
) -> None:
    order = order_of(house, marina, now, promised_at=now + timedelta(hours=3, minutes=1))
    client = browser(house)

    with django_assert_max_num_queries(6):
        page = text_of(client, f"/orders/{order.number}/losing/")

    assert "Обещание сорвётся через" in page
    assert "−4" in page


def test_a_technician_reads_what_the_order_loses_and_nothing_of_the_client(
    house: House, marina: Customer, now: datetime
) -> None:
    studied(house, marina)
    order = order_of(house, marina, now)

    page = text_of(browser(house, "technician.north"), f"/orders/{order.number}/losing/")

    assert "Этот заказ сейчас" in page
    assert "<b>66</b>" not in page


# ── Class and technician ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_page_of_the_class_sets_it(house: House, marina: Customer) -> None:
    client = browser(house)

    client.post(f"/customers/{marina.pk}/class/", {"version": marina.version, "class": "intermediary"})

    marina.refresh_from_db()
    assert marina.class_hand == "intermediary"


def test_the_page_of_the_class_attaches_a_technician(house: House, marina: Customer) -> None:
    told = {"version": marina.version, "technician": house["technician.north"].pk}

    browser(house, "receptionist.north").post(f"/customers/{marina.pk}/class/", told)

    marina.refresh_from_db()
    assert marina.technician == house["technician.north"]


def test_who_comes_late_to_the_class_is_told(house: House, marina: Customer) -> None:
    client = browser(house)
    client.post(f"/customers/{marina.pk}/class/", {"version": marina.version, "class": "intermediary"})

    page = client.post(f"/customers/{marina.pk}/class/", {"version": marina.version, "class": "regular"})

    marina.refresh_from_db()
    assert marina.class_hand == "intermediary"
    text = page.content.decode()
    assert '<td class="theirs">посредник</td><td class="mine">постоянный</td>' in text
    assert '<option value="regular" selected>' in text
    assert f'name="version" value="{marina.version}"' in text


def test_two_technicians_chosen_at_once_stand_beside_each_other(house: House, marina: Customer) -> None:
    client, ruslan = browser(house), house["technician.north"]
    client.post(f"/customers/{marina.pk}/class/", {"version": marina.version, "technician": ruslan.pk})

    page = client.post(f"/customers/{marina.pk}/class/", {"version": marina.version, "technician": ""})

    marina.refresh_from_db()
    assert marina.technician == ruslan
    assert f'<td class="theirs">{ruslan.name}</td>' in page.content.decode()


def test_the_base_leads_to_disputed_classes_where_there_are_some(house: House, marina: Customer) -> None:
    row = studied(house, marina, client_class="one_off")
    client, asked = browser(house), {"HX-Request": "true", "HX-Target": "disputes"}

    assert 'hx-get="/base/classes/"' in text_of(client, "/base/")
    assert "href" not in text_of(client, "/base/classes/", **asked)
    row.client_class = "regular"
    row.save()

    assert 'href="/base/classes/"' in text_of(client, "/base/classes/", **asked)


def test_disputed_classes_are_listed(house: House, marina: Customer, now: datetime) -> None:
    row = studied(house, marina)
    fine = make.person(by=house["receptionist.north"], name="Спокойный", now=now)
    make_analysis.known(row.snapshot, fine, client_class="one_off", n_orders=1)
    by_hand = make.person(by=house["receptionist.north"], name="Ручной", now=now)
    people.set_class(customer=by_hand, client_class="regular", seen=by_hand.version, by=house["manager.north"], now=now)
    make_analysis.known(row.snapshot, by_hand, client_class="regular", class_reasons="by_hand=1;", n_orders=1)

    page = text_of(browser(house), "/base/classes/")

    assert "стоит отметить постоянным" in page
    assert "Ручной" in page
    assert "Спокойный" not in page
