"""Snapshots are asked for: by people with the right, by the clock once a day, after an import; rows are let go."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dovolen.desk import reactions, schedule
from dovolen.desk.accounts.actions import NotAllowed
from dovolen.desk.accounts.models import Centre
from dovolen.desk.accounts.rights import DIRECTOR, MANAGER, RECEPTIONIST
from dovolen.desk.analysis import actions, queries, waiting
from dovolen.desk.analysis.models import (
    ASKED,
    FAILED,
    NIGHTLY,
    PREVIEW,
    ClientRefresh,
    ClientResult,
    ConfigVersion,
    OrderScore,
    Snapshot,
)
from dovolen.desk.core.models import Event
from tests.desk import make, make_analysis
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()


def test_a_snapshot_is_of_today_and_asked_for_once_until_somebody_begins_it(director):
    make.order(by=director)

    first = actions.ask(centre=None, cause=ASKED, by=director, now=NOON)
    again = actions.ask(centre=None, cause=ASKED, by=director, now=NOON)

    assert first == again
    assert (first.day, first.asked_by, first.state) == (TODAY, director, "wanted")
    assert waiting.has_work()
    assert Event.objects.filter(kind="snapshot.asked").count() == 1


def test_a_base_that_ended_long_ago_is_studied_as_of_its_last_order(director):
    make.order(by=director, now=NOON - timedelta(days=400))

    assert actions.day_for(None, now=NOON) == TODAY - timedelta(days=400)


def test_without_orders_there_is_nothing_to_study(director):
    with pytest.raises(actions.NoOrders):
        actions.ask(centre=None, cause=ASKED, by=director, now=NOON)


def test_the_house_is_asked_for_by_who_sees_the_base_everywhere_a_centre_by_who_sees_it_there():
    forest, river = (Centre.objects.create(name=name) for name in ("Лесная", "Речная"))
    manager = make.staff("manager", (forest, MANAGER), (river, RECEPTIONIST))
    make.order(by=make.staff("boss", (forest, DIRECTOR), (river, DIRECTOR)), centre=forest)

    assert actions.ask(centre=forest, cause=ASKED, by=manager, now=NOON).centre == forest
    for refused in (None, river):
        with pytest.raises(NotAllowed):
            actions.ask(centre=refused, cause=ASKED, by=manager, now=NOON)


def test_a_preview_of_settings_needs_the_right_to_set_them():
    centre = Centre.objects.create(name="Лесная")
    make.order(by=make.staff("boss", (centre, DIRECTOR)))
    manager = make.staff("manager", (centre, MANAGER))

    with pytest.raises(NotAllowed):
        actions.ask(centre=None, cause=PREVIEW, by=manager, now=NOON)


def test_every_night_each_scope_gets_its_snapshot_of_the_day_before_once():
    forest, river = (Centre.objects.create(name=name) for name in ("Лесная", "Речная"))
    boss = make.staff("boss", (forest, DIRECTOR), (river, DIRECTOR))
    make.order(by=boss, centre=forest, now=NOON - timedelta(days=2))
    line = schedule.SCHEDULE["analysis.snapshots"]

    for _ in range(2):
        line.run(since=NOON, until=NOON, centre_id=None, now=NOON)

    asked = Snapshot.objects.order_by("pk").values_list("centre", "day", "cause")
    yesterday = TODAY - timedelta(days=1)
    assert list(asked) == [(None, yesterday, NIGHTLY), (forest.pk, yesterday, NIGHTLY)]


def test_other_settings_are_worth_another_snapshot_of_the_same_night(director):
    make.order(by=director, now=NOON - timedelta(days=2))
    actions.ask_nightly(until=NOON, now=NOON)
    ConfigVersion.objects.create(values={"minimum": 30}, at=NOON, by=director)

    actions.ask_nightly(until=NOON, now=NOON)

    assert Snapshot.objects.count() == 2


def test_an_import_is_followed_by_snapshots(director):
    order = make.order(by=director)
    event = Event.objects.filter(subject_id=order.pk).first()

    for reaction in reactions.REACTIONS["import.loaded"]:
        reaction(event, now=NOON)

    assert Snapshot.objects.get().cause == "imported"


def test_what_happens_to_a_client_asks_for_his_refresh_once_there_is_a_snapshot(director):
    order = make.order(by=director, at="picked_up")
    event = Event.objects.get(kind="order.picked_up")
    react = reactions.REACTIONS["order.picked_up"][-1]
    react(event, now=NOON)
    assert not ClientRefresh.objects.exists()

    make_analysis.published()
    react(event, now=NOON)
    react(event, now=NOON)

    assert ClientRefresh.objects.get().customer == order.customer


def test_asked_again_while_a_refresh_runs_the_client_is_refreshed_once_more(director):
    client = make.person(by=director)
    actions.refresh([client.pk], now=NOON)
    held = ClientRefresh.objects.get()

    actions.refresh([client.pk], now=NOON)

    assert ClientRefresh.objects.get().token == held.token + 1


def test_rows_of_clients_are_kept_35_days_then_of_month_ends_two_years(director):
    client = make.person(by=director)
    ages = [0, 1, 34, 40, 41, 80, 81, 800]
    for age in reversed(ages):
        made = make_analysis.published(day=TODAY - timedelta(days=age))
        Snapshot.objects.filter(pk=made.pk).update(done_at=NOON - timedelta(days=age))
        make_analysis.known(made, client)
        make_analysis.figure(made, "base.clients", 1)

    actions.keep(now=NOON)

    kept = ClientResult.objects.order_by("-snapshot__day").values_list("snapshot__day", flat=True)
    days = {(TODAY - day).days for day in kept}
    assert days == {0, 1, 34, 80, 81}  # 80: 1 September, 81: 31 August, each the last one of its month
    assert Snapshot.objects.filter(figures__key="base.clients").count() == len(ages)
    assert Snapshot.objects.filter(has_rows=False).count() == len(ages) - len(days)


def test_rows_that_somebody_was_killed_over_while_he_let_go_of_them_go_with_the_next_who_does(director):
    client = make.person(by=director)
    left, current = make_analysis.published(day=TODAY - timedelta(days=40)), make_analysis.published(day=TODAY)
    for made in (left, current):
        make_analysis.known(made, client)
    Snapshot.objects.filter(pk=left.pk).update(has_rows=False)

    actions.keep(now=NOON)

    assert list(ClientResult.objects.values_list("snapshot", flat=True)) == [current.pk]


def test_a_preview_goes_after_two_hours_and_a_failed_one_gives_former_scores_back(director):
    order = make.order(by=director)
    whole, failed = make_analysis.published(), make_analysis.published()
    former = make_analysis.scored(whole, order, 80, superseded_by=failed)
    make_analysis.scored(failed, order, 70)
    Snapshot.objects.filter(pk=failed.pk).update(state=FAILED, asked_at=NOON - timedelta(hours=3))
    preview = make_analysis.published()
    make_analysis.known(preview, order.customer)
    Snapshot.objects.filter(pk=preview.pk).update(cause=PREVIEW, asked_at=NOON - timedelta(hours=3))

    actions.keep(now=NOON)

    assert list(OrderScore.objects.values_list("pk", "superseded_by")) == [(former.pk, None)]
    assert not ClientResult.objects.exists()
    assert queries.current(director) == whole
