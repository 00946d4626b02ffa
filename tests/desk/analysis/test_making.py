"""A snapshot in earnest: the live base read, studied, written, published; one client refreshed to the same."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta

import pyarrow.parquet as pq
import pytest

from dovolen.desk.accounts.models import Centre, Membership, Staff
from dovolen.desk.accounts.rights import DIRECTOR
from dovolen.desk.analysis import actions, mart_files, queries
from dovolen.desk.analysis.live import read
from dovolen.desk.analysis.models import (
    ASKED,
    PREVIEW,
    ClientRefresh,
    ClientResult,
    OrderScore,
    RiskPoint,
    Snapshot,
)
from dovolen.desk.analysis.studied import studied
from dovolen.desk.analysis.work import making, running
from dovolen.desk.core import claims
from dovolen.desk.core.models import Event
from dovolen.desk.orders.models import PastOrder, RepairOrder
from tests.desk import make, make_analysis
from tests.desk.conftest import NOON

pytestmark = pytest.mark.django_db
TODAY = NOON.date()
LONG = timedelta(minutes=50)
MANY = 22


def past(order: RepairOrder, **told: int | str | None) -> RepairOrder:
    """The order as if another system had told of it."""
    RepairOrder.objects.filter(pk=order.pk).update(is_past=True, total=0, parts_cost=0, labour_cost=0)
    PastOrder.objects.create(order=order, number="A-1", **told)
    return order


def lived_in(director: Staff) -> list[RepairOrder]:
    """As many clients as a score needs to mean something, two of them twice; one order stands open, one was late."""
    orders = []
    for n in range(MANY):
        when = NOON - timedelta(days=200 - 8 * n)
        one = make.order(
            by=director, at="picked_up", lines=make.price_list, now=when, promised_at=when + timedelta(days=2)
        )
        orders.append(one)
    orders.append(make.order(by=director, customer=orders[0].customer, lines=make.price_list, now=NOON))
    late = NOON - timedelta(days=9)
    again = make.order(
        by=director, customer=orders[1].customer, lines=make.price_list, now=late, promised_at=late + timedelta(hours=1)
    )
    make.approve(again, by=director, now=late)
    make.bring(again, "picked_up", by=director, now=NOON)
    return [*orders, again]


def test_own_orders_are_told_by_the_desk_and_past_ones_by_what_was_told(director):
    own, still_open, told, silent = (
        make.order(by=director, at=at, lines=make.price_list)
        for at in ("picked_up", "repair", "picked_up", "picked_up")
    )
    past(told, revenue=700, parts_cost=300, labour_cost=100, advisor="Старый мастер", debt=50)
    past(silent)

    tables = read(None, day=TODAY)

    rows = {row["order_id"]: row for row in tables.data["orders"].to_pylist()}
    assert [rows[one.pk]["revenue"] for one in (own, still_open, told, silent)] == [2_170_000, None, 700, None]
    assert [rows[one.pk]["parts_cost"] for one in (own, still_open, told, silent)] == [1_135_000, None, 300, None]
    assert [rows[one.pk]["advisor"] for one in (own, told, silent)] == [director.name, "Старый мастер", None]
    assert rows[told.pk]["debt"] == 50
    assert rows[silent.pk]["debt"] is None


def test_a_cost_that_a_line_lacks_is_not_known(director):
    order = make.order(by=director, at="picked_up", lines=make.price_list)

    (row,) = read(None, day=TODAY).data["orders"].to_pylist()

    assert row["order_id"] == order.pk
    assert row["parts_cost"] == 1_135_000
    assert row.get("labour_cost") is None  # the price list does not say what the work costs


def test_what_the_base_tells_of_no_row_is_not_given(director):
    make.order(by=director)

    tables = read(None, day=TODAY)

    assert "payments" not in tables.data
    assert not {"channel", "odometer", "picked_up_at", "revenue"} & set(tables.data["orders"].column_names)
    assert "regular_mark" not in tables.data["customers"].column_names


def test_a_centre_is_read_with_its_own_orders_and_clients_alone(director):
    river = Centre.objects.create(name="Речная")
    Membership.objects.create(staff=director, centre=river, role=DIRECTOR)
    boss = Staff.objects.get(pk=director.pk)
    first = Centre.objects.exclude(pk=river.pk).get()
    here, there = make.order(by=boss, centre=first), make.order(by=boss, centre=river)

    tables = read(river, day=TODAY)

    assert tables.data["orders"]["order_id"].to_pylist() == [there.pk]
    assert tables.data["customers"]["customer_id"].to_pylist() == [there.customer_id]
    assert here.customer_id in read(None, day=TODAY).data["customers"]["customer_id"].to_pylist()


def test_a_snapshot_says_what_a_study_of_the_same_tables_says(director, settings):
    orders = lived_in(director)

    made = make_analysis.snapshot(by=director)

    assert made.state == "done"
    assert (made.n_customers, made.n_orders) == (MANY, MANY + 2)
    assert queries.current(director) == made
    kept = studied(made)
    assert kept.figures["base.orders"].value == MANY + 2
    assert kept.meta["asof"] == TODAY
    assert "classes.summary" in kept.sheets
    first = ClientResult.objects.get(snapshot=made, customer=orders[0].customer)
    assert (first.n_orders, first.revenue, first.last_on) == (2, 2_170_000, TODAY)
    assert (first.state, first.refreshed_at) == ("returned", None)
    assert set(OrderScore.objects.as_of(made).values_list("order", flat=True)) == {one.pk for one in orders}
    score = OrderScore.objects.get(order=orders[-1])
    assert score.points[0][0] == "base"
    assert round(sum(point[4] for point in score.points)) == score.card_score
    assert "delay" in score.lost.split()
    assert RiskPoint.objects.filter(snapshot=made, customer=orders[1].customer, point="late_last_order").exists()
    assert Event.objects.get(kind="snapshot.published").facts["n_clients"] == MANY

    moved = {(row["r_before"], row["r_after"]): row["clients"] for row in kept.sheets["rfm.movement"].records()}
    assert moved == Counter(ClientResult.objects.filter(snapshot=made).values_list("rfm_r_before", "rfm_r"))

    folder = mart_files.folder_of(made)
    clients = pq.read_table(folder / "clients.parquet")
    assert "name" not in clients.column_names
    assert len(clients) == MANY
    assert json.loads((folder / "study.json").read_text())["figures"]["base.orders"]["value"] == MANY + 2
    assert (folder.parent / "latest").resolve() == folder


def test_a_client_refreshed_is_as_a_full_snapshot_has_him_and_another_snapshot_writes_no_score_twice(director):
    orders = lived_in(director)
    made = make_analysis.snapshot(by=director)
    before = list(ClientResult.objects.filter(snapshot=made).order_by("customer").values())
    risks = set(RiskPoint.objects.filter(snapshot=made).values_list("customer", "point", "evidence", "order"))
    scores = OrderScore.objects.count()

    actions.refresh([order.customer_id for order in orders], now=NOON)
    assert running.step(clock=lambda: NOON, lease=LONG)

    after = list(ClientResult.objects.filter(snapshot=made).order_by("customer").values())
    assert {row.pop("refreshed_at") for row in after} == {NOON}
    assert after == [{name: value for name, value in row.items() if name != "refreshed_at"} for row in before]
    assert set(RiskPoint.objects.filter(snapshot=made).values_list("customer", "point", "evidence", "order")) == risks
    assert OrderScore.objects.count() == scores
    assert not ClientRefresh.objects.exists()

    make.approve(orders[MANY], by=director, now=NOON + timedelta(hours=1))
    make.bring(orders[MANY], "picked_up", by=director, now=NOON + timedelta(hours=1))
    actions.refresh([orders[MANY].customer_id], now=NOON)
    assert running.step(clock=lambda: NOON + timedelta(hours=2), lease=LONG)

    assert ClientResult.objects.get(snapshot=made, customer=orders[MANY].customer).revenue == 4_340_000
    told = Event.objects.get(kind="order.scored")
    assert (told.subject_id, told.facts["score"]) == (
        orders[MANY].pk,
        OrderScore.objects.as_of(made).get(order=orders[MANY]).score,
    )


def test_who_lost_his_lease_publishes_nothing(director):
    make.order(by=director)
    actions.ask(centre=None, cause=ASKED, by=director, now=NOON)
    (held,) = claims.take(actions.to_make(), now=NOON, n=1, lease=LONG)
    Snapshot.objects.filter(pk=held.pk).update(token=held.token + 1)

    with pytest.raises(making.Lost):
        making.make(held, clock=lambda: NOON)

    assert queries.current(director) is None
    assert not ClientResult.objects.exists()


def test_a_base_that_cannot_be_studied_is_told_of(director):
    make.order(by=director)
    asked = actions.ask(centre=None, day=TODAY - timedelta(days=30), cause=ASKED, by=director, now=NOON)

    running.step(clock=lambda: NOON, lease=LONG)

    asked.refresh_from_db()
    assert (asked.state, asked.refusal["key"]) == ("failed", "error.no_orders")
    assert queries.current(director) is None


def test_a_preview_is_seen_by_nobody_and_scores_nothing(director):
    make.order(by=director, at="picked_up")
    asked = actions.ask(centre=None, cause=PREVIEW, by=director, now=NOON)

    running.step(clock=lambda: NOON, lease=LONG)

    asked.refresh_from_db()
    assert asked.state == "done"
    assert ClientResult.objects.filter(snapshot=asked).exists()
    assert not OrderScore.objects.exists()
    assert queries.current(director) is None
