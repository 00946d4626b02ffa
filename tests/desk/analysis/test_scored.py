"""Scored orders: which stand behind a figure, in which order, for whom, and as of when."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from dovolen.desk.analysis.models import OrderScore, Snapshot
from dovolen.desk.analysis.queries import scored
from dovolen.desk.analysis.queries.scored import ScoreFilter
from dovolen.desk.orders.models import PastOrder, RepairOrder, StageEntry
from tests.desk import cast, make, make_analysis
from tests.desk.cast import House
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
DAY = NOON.date()


@pytest.fixture
def house() -> House:
    return cast.full()


@pytest.fixture
def snapshot(house: House) -> Snapshot:
    return make_analysis.published()


def one(house: House, snapshot: Snapshot, score: int, days: int = 1, **told: Any) -> OrderScore:
    """A scored order closed so many days ago."""
    order = told.pop("order", None) or make.order(by=house.olga, centre=told.pop("centre", house.north))
    closed = DAY - timedelta(days=days)
    return make_analysis.scored(snapshot, order, score, scored_on=closed, **{"accepted_on": closed, **told})


def listed(
    house: House, snapshot: Snapshot, login: str = "olga", cursor: str = "", n: int = 50, **asked: str
) -> list[int]:
    """Scores of a page."""
    found = scored.scored_page(ScoreFilter.of(asked), snapshot, cast.fresh(house[login]), cursor, cut=49, n=n)
    return [row.score or 0 for row in found.rows]


def test_a_fact_is_found_by_its_whole_word(house: House, snapshot: Snapshot):
    one(house, snapshot, 10, lost="came_back_late delay")
    one(house, snapshot, 20, lost="delay came_back")
    one(house, snapshot, 30, lost="came_back")
    one(house, snapshot, 40, lost="complaint came_back delay")
    one(house, snapshot, 50, lost="")

    assert sorted(listed(house, snapshot, fact="came_back")) == [20, 30, 40]
    assert sorted(listed(house, snapshot, fact="delay")) == [10, 20, 40]


def test_bands_are_ten_points_wide_and_low_is_up_to_the_cut_and_sure(house: House, snapshot: Snapshot):
    for score in (-5, 9, 10, 49, 50):
        one(house, snapshot, score)
    one(house, snapshot, 30, is_unsure=True)
    one(house, snapshot, 77, score_from="answer")

    assert sorted(listed(house, snapshot, band="0")) == [-5, 9]
    assert listed(house, snapshot, band="10") == [10]
    assert sorted(listed(house, snapshot, band="low")) == [-5, 9, 10, 49]
    assert listed(house, snapshot, band="unsure") == [30]
    assert listed(house, snapshot, band="answered") == [77]


def test_people_are_those_of_the_desk_and_those_another_system_told_of(house: House, snapshot: Snapshot):
    technician = house.people["technician.north"]
    mine = make.order(by=house.olga, centre=house.north, technician=technician)
    theirs = make.order(by=house.olga, centre=house.north, technician=technician)
    RepairOrder.objects.filter(pk=theirs.pk).update(is_past=True)
    PastOrder.objects.create(order=theirs, technician="Палыч", advisor="Зоя")
    one(house, snapshot, 11, order=mine)
    one(house, snapshot, 22, order=theirs)
    one(house, snapshot, 33)

    assert listed(house, snapshot, technician=technician.name) == [11]
    assert listed(house, snapshot, technician="Палыч") == [22]
    assert listed(house, snapshot, technician="none") == [33]
    assert listed(house, snapshot, advisor="Зоя") == [22]
    assert sorted(listed(house, snapshot, advisor=house.olga.name)) == [11, 33]


def test_a_stage_is_the_one_the_order_stood_in_longest_beyond_the_norm(house: House, snapshot: Snapshot):
    order = make.order(by=house.olga, centre=house.north)
    order.stage_entries.all().delete()
    for code, hours, norm in (("accepted", 30, 1500), ("diagnosis", 20, 600), ("repair", 15, 60)):
        StageEntry.objects.create(
            order=order,
            stage=make.stage(code),
            entered_at=NOON - timedelta(hours=hours),
            left_at=NOON,
            norm_minutes=norm,
        )
    one(house, snapshot, 44, order=order)
    one(house, snapshot, 55)

    assert listed(house, snapshot, stage="repair") == [44]
    assert listed(house, snapshot, stage="accepted") == [55]  # still there, beyond the norm
    assert listed(house, snapshot, stage="diagnosis") == []
    assert listed(house, snapshot, stage="no such stage") == []


def test_only_orders_closed_within_the_year_or_the_month_are_listed(house: House, snapshot: Snapshot):
    one(house, snapshot, 1, days=0)
    one(house, snapshot, 2, days=364)
    one(house, snapshot, 3, days=365)

    assert sorted(listed(house, snapshot)) == [1, 2]
    assert listed(house, snapshot, month=f"{DAY:%Y-%m}") == [1]
    assert scored.period(ScoreFilter(month="2026-02"), DAY) == (date(2026, 2, 1), date(2026, 2, 28))


def test_open_orders_have_no_place_in_a_list_and_past_ones_without_a_day_of_closing_do(
    house: House, snapshot: Snapshot
):
    still = make.order(by=house.olga, centre=house.north)
    past = make.order(by=house.olga, centre=house.north)
    RepairOrder.objects.filter(pk=past.pk).update(is_past=True)
    make_analysis.scored(snapshot, still, 60)
    make_analysis.scored(snapshot, past, 70)

    assert listed(house, snapshot) == [70]


@pytest.mark.parametrize("sort", ["latest", "worst"])
def test_pages_follow_each_other_without_a_gap_or_a_repeat(house: House, snapshot: Snapshot, sort: str):
    for place in range(7):
        one(house, snapshot, 50 - place % 3, days=1 + place // 2)
    staff, asked = cast.fresh(house.olga), ScoreFilter.of({"sort": sort})
    whole = scored.scored_page(asked, snapshot, staff, cut=49)

    seen: list[int] = []
    cursor = ""
    while True:
        page = scored.scored_page(asked, snapshot, staff, cursor, cut=49, n=2)
        seen += [row.pk for row in page.rows]
        if not (cursor := page.later):
            break

    assert seen == [row.pk for row in whole.rows]
    assert len(seen) == 7


@pytest.mark.parametrize("cursor", ["x", "2026-01-01", "2026-01-01_x", "_", "2026-13-01_1", "2026-01-01_1_"])
def test_what_is_no_cursor_means_the_first_page(house: House, snapshot: Snapshot, cursor: str):
    one(house, snapshot, 5)

    assert listed(house, snapshot, cursor=cursor, sort="worst") == [5]


def test_a_list_is_as_old_as_its_snapshot(house: House, snapshot: Snapshot):
    first = one(house, snapshot, 80)
    later = make_analysis.published(day=DAY + timedelta(days=1))
    OrderScore.objects.filter(pk=first.pk).update(superseded_by=later)
    one(house, later, 40, order=first.order)

    assert listed(house, snapshot) == [80]
    assert listed(house, later) == [40]


def test_each_sees_the_orders_of_his_centres_alone(house: House, snapshot: Snapshot):
    one(house, snapshot, 10)
    one(house, snapshot, 20, centre=house.south)
    south = make_analysis.published(centre=house.south)

    assert listed(house, snapshot, "olga") in ([10, 20], [20, 10])
    assert listed(house, south, "manager.south") == [20]
    assert listed(house, south, "olga") == [20]
    assert listed(house, south, "manager.north") == []
    assert listed(house, snapshot, "marketer.north") == []
    assert listed(house, snapshot, "olga", centre=str(house.south.pk)) == [20]


def test_an_address_that_nobody_knows_asks_for_nothing():
    assert ScoreFilter.of({"fact": "a b", "band": "7", "month": "2026", "centre": "x", "sort": "y"}) == ScoreFilter()
    assert ScoreFilter.of({"technician": "a\x00b"}) == ScoreFilter()
    assert ScoreFilter.of({"fact": "delay", "sort": "worst"}).query == "fact=delay&sort=worst"
    assert ScoreFilter.of({"fact": "delay", "band": "low"}).without("fact") == "band=low"
