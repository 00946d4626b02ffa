"""What clients are worth: sums that agree to the kopeck, key clients told apart, no figure where the source is silent."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import mapping, synth
from dovolen.insight.schema import Tables
from dovolen.insight.sources import open_tables
from dovolen.insight.stats import baskets, credibility
from dovolen.insight.value.cohorts import Cohort
from dovolen.insight.value.growth import _offered
from tests.conftest import ROOT
from tests.insight.room_of_value import RoomOfValue
from tests.spec import given

ASOF = date(2026, 6, 30)


@pytest.fixture(scope="module")
def invented() -> RoomOfValue:
    return RoomOfValue(Tables(synth.centre(2000, 1, until=ASOF)), ASOF)


@pytest.fixture(scope="module")
def tyres(shared):
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    tables = open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml")))
    return RoomOfValue(tables, date(2018, 12, 31), compare=date(2017, 12, 31))


def by(sheet, *names):
    """Rows of a sheet by the values of some columns."""
    return {tuple(row[name] for name in names): row for row in sheet.records()}


# -- profit ------------------------------------------------------------------------------------------------------------


def test_cells_of_every_dimension_add_up_to_the_whole_to_the_kopeck(invented):
    whole = invented.figures["value.margin"].value
    [(revenue,)] = invented.views.rows(
        "SELECT SUM(revenue) FROM orders WHERE outcome IS NULL OR outcome <> 'cancelled'"
    )

    for key in ("repair", "class", "customer_kind", "category", "technician"):
        rows = invented.sheets[f"value.{key}"].records()
        assert sum(row["margin"] for row in rows) == whole
        assert sum(row["revenue"] for row in rows) == revenue
        assert not any(row["withheld"] for row in rows)


def test_clients_and_cells_hold_the_same_margin(invented):
    [(margin,)] = invented.views.rows("SELECT SUM(margin) FROM value_clients")

    assert margin == invented.figures["value.margin"].value
    assert sum(row["amount"] for row in invented.sheets["value.abc"].records() if row["measure"] == "margin") == margin


def test_a_cell_of_few_orders_keeps_its_count_and_loses_its_money():
    rows = "\n".join(
        f"{n} | {10_000 if n < 25 else 7} | 0 | 0 | {'Orlov' if n < 25 else 'Belova'}" for n in range(1, 28)
    )
    made = RoomOfValue(
        given.tables({"orders": f"order_id | revenue | parts_cost | labour_cost | technician\n{rows}"}, "UTC")
    )

    found = by(made.sheets["value.technician"], "technician")

    assert found["Orlov",]["margin"] == 240_000
    assert found["Belova",]["orders"] == 3
    assert found["Belova",]["withheld"]
    assert {found["Belova",][name] for name in ("revenue", "margin", "profitability")} == {None}
    assert made.sheets["value.technician"].note == "withheld=1"


def test_orders_without_a_cost_are_counted_and_told():
    rows = "\n".join(f"{n} | 10000 | {4000 if n <= 20 else ''} | 1000" for n in range(1, 31))
    made = RoomOfValue(given.tables({"orders": f"order_id | revenue | parts_cost | labour_cost\n{rows}"}, "UTC"))

    assert made.figures["value.without_costs"].value == 10
    assert made.figures["value.profitability"].value == 0.5
    assert made.figures["value.profitability"].n == 20


# -- key clients -------------------------------------------------------------------------------------------------------


def key_clients(**more: str) -> RoomOfValue:
    """Forty clients: 1 pays most and leaves nothing, 2 to 4 pay and leave much, 40 pays a little and leaves most of it."""
    rows = []
    for n in range(1, 41):
        revenue = 1_000_000 - n * 1000 if n <= 4 else 500_000 - n * 5000
        cost = revenue - 10_000 if n == 1 else 0 if n == 40 else revenue // 2
        rows.append(f"{n} | {n} | {revenue} | {cost} | 0 | {250_000 if n == 4 else 0}")
    orders = "order_id | customer_id | revenue | parts_cost | labour_cost | debt\n" + "\n".join(rows)
    return RoomOfValue(given.tables({"orders": orders, **more}, "UTC"), hour_cost=1000)


def test_who_pays_most_and_leaves_nothing_is_a_false_key_client():
    made = key_clients()

    found = by(made.sheets["value.key_names"], "customer_id")

    assert found[1,]["key_kind"] == "false"
    assert found[1,]["left"] == 10_000
    assert found[1,]["left_place"] == 1.0
    assert found[1,]["reasons"] == "key_profit=1;"
    assert [found[n,]["key_kind"] for n in (2, 3)] == ["true", "true"]
    # 4 owes half of what he left, so another stands before him.
    assert found[4,]["left"] == 498_000 - 250_000
    assert found[4,]["key_kind"] == "true"
    # 40 pays least of all and costs nothing.
    assert found[40,]["key_kind"] == "hidden"
    assert found[40,]["revenue_place"] == 1.0
    assert len(found) == 5


def test_talk_and_complaints_are_taken_off_at_the_price_of_an_hour():
    contacts = "customer_id | at | minutes\n2 | 2025-01-01 12:00 | 90"
    cases = "customer_id | opened_at | kind\n2 | 2025-01-01 10:00 | complaint"

    made = key_clients(contacts=contacts, cases=cases)

    row = by(made.sheets["value.key_names"], "customer_id")[2,]
    assert (row["contact_cost"], row["complaint_cost"]) == (150_000, 200_000)
    assert row["left"] == row["margin"] - 350_000
    assert "key_talk=15;" in row["reasons"]


def test_without_costs_there_are_no_key_clients_and_that_is_told(tyres):
    assert "value.keys" not in tyres.sheets
    assert ("profit", "orders.parts_cost") in tyres.missing


# -- Pareto ------------------------------------------------------------------------------------------------------------


def test_the_curve_rises_to_all_of_the_money(invented):
    for part in {(row["kind"], row["measure"]) for row in invented.sheets["value.curve"].records()}:
        rows = [row for row in invented.sheets["value.curve"].records() if (row["kind"], row["measure"]) == part]
        assert rows[-1]["client_share"] == 1
        assert rows[-1]["amount_share"] == pytest.approx(1)


def test_companies_of_the_tyre_chain_rest_on_a_few(tyres):
    found = by(tyres.sheets["value.abc"], "kind", "measure", "abc")

    assert found["company", "revenue", "A"]["clients"] == 31
    assert found["person", "revenue", "A"]["clients"] == 3539
    assert (
        sum(row["amount"] for row in found.values())
        == tyres.views.row("SELECT SUM(revenue) AS total FROM visits")["total"]
    )


# -- cohorts and the cost of keeping -----------------------------------------------------------------------------------


def test_a_cohort_pays_back_in_the_month_that_lifts_it_above_its_cost():
    cohort = Cohort("2025-Q1", clients=10, spent=5000, upto=(3000, 5000, 5001))

    assert [cohort.left(month) for month in (1, 2, 3, 4)] == [-200, 0, pytest.approx(0.1), None]
    assert cohort.paid_back == 3
    assert Cohort("2025-Q1", 10, None, (3000,)).paid_back is None


def test_only_months_that_everybody_of_the_quarter_lived_are_told(invented):
    rows = invented.sheets["value.cohort_months"].records()
    months = {
        name: max(row["months_since"] for row in rows if row["cohort"] == name)
        for (name,) in {(r["cohort"],) for r in rows}
    }

    # From 2024-09-30, the last day of the quarter, to 2026-06-30 are 638 days: 20 whole months of 30.4375.
    assert months["2024-Q3"] == 20
    assert "2026-Q2" not in months


def test_cohorts_hold_the_margin_that_their_clients_brought(invented):
    first = invented.sheets["value.cohorts"].records()[0]
    since, until = date(2024, 7, 1), date(2024, 9, 30)
    [(margin, spent)] = invented.views.rows(
        "SELECT SUM(b.margin), (SELECT SUM(amount) FROM spend WHERE month BETWEEN $since AND $until) FROM billed AS b "
        "JOIN customer_orders AS f ON f.customer_id = b.customer_id "
        "WHERE f.first_date BETWEEN $since AND $until AND date_diff('day', f.first_date, b.accepted_date) <= 30",
        since=since, until=until,
    )  # fmt: skip

    assert first["after_1"] == pytest.approx((margin - spent) / first["clients"])


def test_keeping_a_client_is_the_sum_of_its_parts_and_names_what_is_untold(invented):
    parts = by(invented.sheets["value.retention_cost"], "part")

    assert parts["bonuses",]["untold"]
    told = [parts[name,]["amount"] for name in ("messages", "discounts", "contacts")]
    assert parts["total",]["amount"] == sum(told)
    figure = invented.figures["value.retention_cost"]
    assert figure.n == invented.steps["opening"] - sum(invented.steps[step] for step in ("dormant", "lost", "blocked"))
    assert figure.value == pytest.approx(sum(told) / figure.n)
    assert (figure.since, figure.note) == (ASOF - timedelta(days=364), "untold=bonuses")


# -- growth ------------------------------------------------------------------------------------------------------------


def test_lift_is_that_of_the_counts_and_chance_stays_within_its_interval():
    found = baskets.lift([40, 25], [50, 50], [100, 50], [1000, 100])

    assert found.value == pytest.approx([8, 1])
    assert found.low[0] > 5
    assert found.low[1] < 1 < found.high[1]
    with pytest.raises(ValueError, match="more than its parts"):
        baskets.lift([51], [50], [100], [1000])


def test_the_interval_of_lift_covers_as_often_as_it_says():
    rng = np.random.default_rng(4)
    drawn = rng.multinomial(2000, (0.06, 0.14, 0.09, 0.71), size=4000)
    both = drawn[:, 0]

    found = baskets.lift(both, both + drawn[:, 1], both + drawn[:, 2], np.full(4000, 2000))

    inside = (found.low <= 0.06 / (0.2 * 0.15)) & (found.high >= 0.06 / (0.2 * 0.15))
    assert inside.mean() == pytest.approx(0.95, abs=0.012)


def test_filters_and_oil_go_together_at_the_tyre_chain(tyres):
    found = by(tyres.sheets["value.pairs"], "item", "with_item")

    row = found["LUBRICANTES", "FILTROS"]
    assert (row["both_clients"], row["without_second"]) == (1720, 1867 - 1720)
    assert row["lift"] == pytest.approx(1720 * 17_782 / (2222 * 1867))
    assert all(row["lift_low"] > 1 and row["both_clients"] >= 20 for row in found.values())


def test_a_client_is_offered_what_those_like_him_use_and_he_never_did():
    used = np.array([[True, True, False]] * 8 + [[True, False, False], [False, True, True]])
    place, share, n = _offered(used, np.zeros(10, int), 10)

    assert place.tolist() == [-1] * 8 + [1, 0]  # the third thing is used by a tenth: offered to nobody
    assert share[8:] == pytest.approx([0.9, 0.9])
    assert (_offered(used, np.zeros(10, int), 11)[0] == -1).all()
    assert n[0] == 10


def test_devices_of_an_intermediary_are_not_his_to_bring_again(invented):
    listed = {row["customer_id"] for row in invented.sheets["value.growth"].records() if row["offer"] is None}
    middlemen = invented.views.rows("SELECT customer_id FROM customer_facts WHERE class = 'intermediary'")

    assert middlemen
    assert not listed & {customer for (customer,) in middlemen}


# -- credible means ----------------------------------------------------------------------------------------------------


def test_a_credible_mean_is_the_clients_own_when_clients_differ_and_that_of_all_when_they_do_not():
    rng = np.random.default_rng(2)
    client = np.repeat(np.arange(200), 20)
    own = rng.normal(1000, 300, 200)

    told, noise = own[client] + rng.normal(0, 30, 4000), rng.normal(1000, 300, 4000)
    apart = credibility.learnt(client, told).means(client, told, 201)
    alike = credibility.learnt(client, noise).means(client, noise, 201)

    assert np.abs(apart[:200] - own).max() < 30
    assert apart[200] == pytest.approx(1000, abs=60)  # of one never seen: the mean of all
    assert np.ptp(alike) < 120


# -- bases that lack something -----------------------------------------------------------------------------------------


DAYS = pa.array([date(2025, 1, 1)] * 30)
NAMED = pa.array([str(n) for n in range(30)])


@pytest.mark.parametrize(
    ("orders", "sheets"),
    [
        ({"accepted_date": DAYS}, []),
        ({"accepted_date": DAYS, "customer_id": pa.array(range(30))}, ["ahead", "models"]),
        (
            {"accepted_date": DAYS, "customer_id": NAMED, "revenue": pa.array([None] * 30, pa.int64())},
            ["ahead", "clients", "models"],
        ),
    ],
    ids=("no_clients", "no_money", "empty_money"),
)
def test_a_poor_base_gives_nothing_and_names_what_it_lacks(orders, sheets):
    made = RoomOfValue(Tables({"orders": pa.table(orders)}), date(2025, 6, 30))

    assert sorted(key for key in made.sheets if key.startswith("value.")) == [f"value.{name}" for name in sheets]
    assert not [key for key in made.figures if key.startswith("value.")]
    assert ("profit", "orders.parts_cost") in made.missing
    if sheets:
        assert {row["fit"] for row in made.sheets["value.ahead"].records()} == {"cannot_be_told_yet"}
        assert made.clients["predicted_value"].null_count == 30
