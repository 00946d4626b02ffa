"""An order begins: the row, its first stage, promise, lines, secret, the journal; and what is refused."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.accounts.rights import RECEPTIONIST, TECHNICIAN
from dovolen.desk.assets.models import StageNorm
from dovolen.desk.core import search
from dovolen.desk.orders import actions
from dovolen.desk.orders.models import DeviceSecret, Promise, RepairOrder, Stage, StageEntry
from tests.desk import make
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
SOON = NOON + timedelta(days=1)


def accepted(by: Staff, **values: Any) -> RepairOrder:
    told = values.pop("told", actions.Told("Не включается"))
    given = {"centre": by.centre, "promised_at": SOON, "now": NOON, "told": told, "by": by} | values
    given.setdefault("customer", make.person(by=by))
    make.stage("accepted")
    return actions.accept(**given)


def test_an_order_is_its_row_first_stage_promise_lines_and_event(director: Staff) -> None:
    laptop = make.asset(owner=make.person(by=director), centre=director.centre)
    StageNorm.objects.create(category=laptop.category, stage="accepted", norm_minutes=30)
    told = actions.Told(
        " Не включается ", condition="Царапины", accessories="Зарядка", odometer=12, estimate=500_000, shelf="Б-3",
        checklist=[{"text": "Экран цел", "is_on": True}], pay_type="goodwill", kind="maintenance", place="on_site",
    )  # fmt: skip

    made = accepted(
        director, customer=laptop.owner, asset=laptop, told=told, technician=director,
        lines=[actions.NewLine("labour", "Диагностика", 100_000, norm_minutes=30), actions.NewLine("fee", "Срочно", 1)],
    )  # fmt: skip

    order = RepairOrder.objects.get(pk=made.pk)
    assert (order.number, order.stage.code, order.phase, order.stage_entered_at) == (1, "accepted", "work", NOON)
    assert (order.asset, order.category, order.currency) == (laptop, laptop.category, "RUB")
    assert (order.accepted_at, order.accepted_by, order.technician) == (NOON, director, director)
    assert (order.fault_text, order.condition, order.shelf) == ("Не включается", "Царапины", "Б-3")
    assert (order.kind, order.pay_type, order.place, order.estimate) == ("maintenance", "goodwill", "on_site", 500_000)
    assert order.checklist == [{"text": "Экран цел", "is_on": True}]
    assert (order.promised_at, order.first_promised_at) == (SOON, SOON)
    assert (order.total, order.n_waiting_lines, order.norm_minutes) == (100_001, 2, 30)
    entry = StageEntry.objects.get(order=order)
    assert (entry.entered_at, entry.left_at, entry.technician, entry.norm_minutes) == (NOON, None, director, 30)
    assert list(Promise.objects.values_list("promised_at", "is_after_break")) == [(SOON, False)]
    assert [(line.position, line.warranty_days) for line in order.lines.all()] == [(1, 90), (2, 0)]
    facts = make.facts(order, "order.accepted")
    assert (facts["number"], facts["customer"], facts["total"], facts["n_lines"]) == (1, laptop.owner_id, 100_001, 2)


def test_the_client_counts_it_and_centre_and_search_know_it(director: Staff) -> None:
    other = Centre.objects.create(name="Юг")
    anna = make.person(by=director)
    laptop = make.asset(owner=anna, centre=other_with(other, director), serial_number="PF3X9K")

    order = accepted(director, customer=anna, asset=laptop)

    anna.refresh_from_db()
    assert (anna.n_orders, anna.latest_order_at) == (1, NOON)
    assert laptop.places.filter(centre=director.centre).exists()
    seen = RepairOrder.objects.visible_to(director)
    assert search.find("PF3X", "order", seen) == search.find("№ 1", "order", seen) == [order.pk]


def other_with(centre: Centre, director: Staff) -> Centre:
    from dovolen.desk.accounts.models import Membership

    Membership.objects.create(staff=director, centre=centre, role="director")
    return centre


def test_numbers_follow_one_another_through_the_whole_house(director: Staff) -> None:
    south = Centre.objects.create(name="Юг")
    boss = make.staff("boss", (director.centre, "director"), (south, "director"))
    anna = make.person(by=director)

    numbers = [accepted(boss, customer=anna, centre=centre).number for centre in (director.centre, south, south)]

    assert numbers == [1, 2, 3]


def test_the_password_is_locked_and_the_journal_knows_nothing_of_it(director: Staff) -> None:
    order = accepted(director, told=actions.Told("Разбит экран", password="Пароль-1234"))

    assert "1234" not in DeviceSecret.objects.get().locked
    assert "1234" not in str(make.facts(order, "order.accepted"))
    assert actions.reveal_password(order=order, by=director, now=NOON) == "Пароль-1234"


def test_an_order_without_promise_and_lines_is_no_mistake(director: Staff) -> None:
    order = accepted(director, promised_at=None)

    assert (order.promised_at, order.total, Promise.objects.count()) == (None, 0, 0)


def test_a_rework_of_a_rework_points_at_the_first_order(director: Staff) -> None:
    first = make.order(by=director, at="picked_up")
    second = make.order(by=director, customer=first.customer, rework_of=first, at="picked_up")

    third = make.order(by=director, customer=first.customer, rework_of=second)

    assert second.rework_of == third.rework_of == first
    assert make.facts(third, "order.accepted")["rework_of"] == first.pk


@pytest.mark.parametrize("at", ["accepted", "ready", "told"])
def test_what_was_not_handed_over_cannot_be_done_again(director: Staff, at: str) -> None:
    earlier = make.order(by=director, at=at)

    with pytest.raises(actions.NotDoneHere):
        accepted(director, customer=earlier.customer, rework_of=earlier)


def test_work_that_was_never_done_cannot_be_done_again(director: Staff) -> None:
    earlier = make.order(by=director, at="picked_up", outcome="beyond_repair")

    with pytest.raises(actions.NotDoneHere):
        accepted(director, customer=earlier.customer, rework_of=earlier)


def test_a_rework_is_of_the_same_asset_or_of_the_same_client(director: Staff) -> None:
    anna = make.person(by=director)
    laptop, phone = (make.asset(owner=anna, centre=director.centre) for _ in range(2))
    of_laptop = make.order(by=director, asset=laptop, at="picked_up")
    of_nothing = make.order(by=director, customer=anna, at="picked_up")

    with pytest.raises(actions.OtherAsset):
        accepted(director, customer=anna, asset=phone, rework_of=of_laptop)
    with pytest.raises(actions.OtherAsset):
        accepted(director, rework_of=of_nothing)
    assert (
        accepted(director, customer=make.person(by=director), asset=laptop, rework_of=of_laptop).rework_of == of_laptop
    )


def test_a_promise_is_neither_past_nor_years_ahead(director: Staff) -> None:
    with pytest.raises(actions.PromiseInPast):
        accepted(director, promised_at=NOON)
    with pytest.raises(actions.PromiseTooFar):
        accepted(director, promised_at=NOON + timedelta(days=2000))


def test_who_takes_in_holds_the_right_at_this_centre(director: Staff) -> None:
    south = Centre.objects.create(name="Юг")
    mechanic = make.staff("mechanic", (director.centre, TECHNICIAN), (south, RECEPTIONIST))

    with pytest.raises(NotAllowed):
        accepted(mechanic, centre=director.centre, customer=make.person(by=director))

    assert not RepairOrder.objects.exists()


def test_work_is_given_only_to_those_who_repair_here(director: Staff) -> None:
    desk = make.staff("desk", (director.centre, RECEPTIONIST))

    with pytest.raises(actions.NotATechnician):
        accepted(director, technician=desk)
    with pytest.raises(actions.NotATechnician):
        accepted(director, lines=[actions.NewLine("labour", "Пайка", 1, technician=desk)])


def test_without_a_working_stage_nothing_begins(director: Staff) -> None:
    make.stage("accepted")
    Stage.objects.filter(phase="work").update(is_active=False)

    with pytest.raises(actions.NoStages):
        accepted(director)


@pytest.mark.parametrize(
    ("told", "refusal"),
    [
        ({"pay_type": "free"}, actions.UnknownCode),
        ({"kind": "magic"}, actions.UnknownCode),
        ({"place": "moon"}, actions.UnknownCode),
        ({"accessories": "я" * 301}, actions.TooLong),
        ({"odometer": 2**31}, actions.OutOfRange),
        ({"estimate": -1}, actions.OutOfRange),
        ({"checklist": [{"text": "а", "is_on": True}] * 101}, actions.OutOfRange),
        ({"password": "п" * 201}, actions.TooLong),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(director: Staff, told: Any, refusal: Any) -> None:
    with pytest.raises(refusal):
        accepted(director, told=actions.Told("Не включается", **told))

    assert not RepairOrder.objects.exists()


def test_what_no_base_keeps_is_left_out(director: Staff) -> None:
    assert accepted(director, told=actions.Told("не\0включается")).fault_text == "невключается"


def test_a_password_is_not_shown_by_what_carries_it() -> None:
    assert "1234" not in repr(actions.Told("Не включается", password="1234"))


def test_no_order_begins_with_lines_without_end(director: Staff) -> None:
    with pytest.raises(actions.TooManyLines):
        accepted(director, lines=[actions.NewLine("fee", "Пакет", 1)] * 301)
