"""What clients are expected to bring: true where it can be known, and said not to fit where it does not."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import mapping
from dovolen.insight.schema import Tables
from dovolen.insight.sources import open_tables
from dovolen.insight.value.predicted import cut_for, month_ends
from tests.conftest import ROOT
from tests.insight.room_of_value import RoomOfValue

BEGIN, ASOF = date(2022, 1, 1), date(2023, 12, 31)
R, ALPHA, A, B = 0.8, 8.0, 0.6, 3.0  # of the invented process: weeks
SHARES = {"person": 0.4, "company": 0.6}


def invent(clients: int, seed: int, *, weeks: float = 156.5) -> tuple[np.ndarray, np.ndarray]:
    """Client and day of every visit, three years of them: BG/NBD, first visits spread over the first half year."""
    rng = np.random.default_rng(seed)
    rate, leaves = rng.gamma(R, 1 / ALPHA, clients), rng.beta(A, B, clients)
    now = rng.uniform(0, 26, clients)
    who, when, here = [np.arange(clients)], [now.copy()], np.ones(clients, bool)
    while here.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-12))
        here &= now < weeks
        who.append(np.flatnonzero(here))
        when.append(now[here])
        here &= rng.random(clients) > leaves
    return np.concatenate(who), np.floor(np.concatenate(when) * 7).astype(int)


def orders(clients: int, seed: int, *, dearer: float = 1.0) -> pa.Table:
    """Visits with money: each client has his own mean, companies (the odd ones) thrice that of persons; costs are a
    fixed share. `dearer` multiplies every sum from the second year on."""
    who, day = invent(clients, seed)
    rng = np.random.default_rng(seed + 1)
    mean = rng.gamma(8, 50_000 / 8, clients) * np.where(np.arange(clients) % 2, 3, 1)
    revenue = np.rint(rng.gamma(6, 1 / 6, len(who)) * mean[who] * np.where(day > 365, dearer, 1)).astype(np.int64)
    cost = 1 - np.where(who % 2, SHARES["company"], SHARES["person"])
    return pa.table(
        {
            "order_id": np.arange(len(who)),
            "customer_id": who,
            "accepted_date": pa.array(np.datetime64(BEGIN) + day.astype("timedelta64[D]")),
            "revenue": revenue,
            "parts_cost": np.rint(revenue * cost).astype(np.int64),
            "labour_cost": np.zeros(len(who), np.int64),
        }
    )


def base(rows: pa.Table, clients: int) -> RoomOfValue:
    customers = pa.table(
        {"customer_id": np.arange(clients), "kind": np.where(np.arange(clients) % 2, "company", "person")}
    )
    return RoomOfValue(Tables({"orders": rows, "customers": customers}, zone="UTC"), ASOF)


@pytest.fixture(scope="module")
def rows() -> pa.Table:
    return orders(6000, 8)


@pytest.fixture(scope="module")
def made(rows) -> RoomOfValue:
    return base(rows, 6000)


def later(rows: pa.Table, kind: str) -> pa.Table:
    """What clients of one kind who were known on the study's day really did in the year after it."""
    known = pa.compute.less_equal(rows["accepted_date"], pa.scalar(ASOF))
    met = pa.compute.unique(rows.filter(known)["customer_id"])
    whose = pa.compute.equal(pa.compute.bit_wise_and(rows["customer_id"], 1), 1 if kind == "company" else 0)
    year = pa.compute.and_(
        pa.compute.greater(rows["accepted_date"], pa.scalar(ASOF)),
        pa.compute.less_equal(rows["accepted_date"], pa.scalar(ASOF + timedelta(days=365))),
    )
    return rows.filter(pa.compute.and_(pa.compute.and_(year, whose), pa.compute.is_in(rows["customer_id"], met)))


@pytest.mark.parametrize("kind", ["person", "company"])
def test_the_year_that_follows_brings_what_was_expected(made, rows, kind):
    [ahead] = [row for row in made.sheets["value.ahead"].records() if row["kind"] == kind]
    came = later(rows, kind)
    margin = pa.compute.sum(pa.compute.subtract(came["revenue"], came["parts_cost"])).as_py()

    assert (ahead["fit"], ahead["money_fit"]) == ("fits", "fits")
    assert ahead["visits_ahead"] == pytest.approx(len(came), rel=0.1)
    assert ahead["low"] < ahead["visits_ahead"] < ahead["high"]
    assert ahead["margin_ahead"] == pytest.approx(margin, rel=0.12)


def test_clients_add_up_to_what_is_told_of_all(made):
    clients, ahead = made.clients, made.sheets["value.ahead"].records()

    assert pa.compute.sum(clients["predicted_value"]).as_py() == pytest.approx(
        sum(row["margin_ahead"] for row in ahead)
    )
    assert made.figures["value.visits_ahead"].value == pytest.approx(
        pa.compute.sum(clients["predicted_visits"]).as_py()
    )
    assert set(clients["value_basis"].to_pylist()) == {"margin"}
    ranks = np.array(clients["value_rank"].to_pylist())
    assert ranks.min() == 1
    best = np.argsort(ranks)[:200]
    values = np.array(clients["predicted_value"].to_pylist())
    assert (np.diff(values[best]) <= 0).all()


def test_shares_of_margin_are_those_of_the_clients_kind(made):
    clients = made.clients
    share = np.array(clients["margin_share"].to_pylist())
    company = np.array(clients["customer_id"].to_pylist()) % 2 == 1

    assert share[company] == pytest.approx(SHARES["company"], abs=1e-3)
    assert share[~company] == pytest.approx(SHARES["person"], abs=1e-3)


def test_other_rooms_are_lent_each_clients_margin(made):
    worth = made.views.rows("SELECT COUNT(*), SUM(predicted_margin), MIN(model), MAX(model) FROM client_worth")
    clients = made.clients

    [(n, margin, first, last)] = worth
    assert n == 6000
    assert margin == pytest.approx(pa.compute.sum(clients["predicted_value"]).as_py())
    assert {first, last} <= {"bg_nbd", "mbg_nbd", "pareto_nbd"}


def test_money_that_grew_dearer_after_the_cut_does_not_fit_and_no_sum_is_printed():
    dearer = base(orders(3000, 8, dearer=2.0), 3000)

    rows = dearer.sheets["value.money"].records()
    assert {row["fit"] for row in rows} == {"does_not_fit"}
    assert {row["fit"] for row in dearer.sheets["value.ahead"].records()} == {"fits"}
    assert {row["margin_ahead"] for row in dearer.sheets["value.ahead"].records()} == {None}
    clients = dearer.clients
    assert clients["predicted_value"].null_count == 3000
    assert clients["predicted_visits"].null_count == clients["value_rank"].null_count == 0
    assert "value.money_ahead" not in dearer.figures
    assert dearer.views.rows("SELECT COUNT(predicted_margin) FROM client_worth") == [(0,)]


def test_expected_and_real_visits_of_the_chart_are_those_of_the_days(made, rows):
    sheet = made.sheets["value.expected.person"]
    table = {row["month"]: row for row in sheet.records()}
    cut = cut_for(made.earliest, ASOF)

    assert [row["held_out"] for row in table.values()] == [month >= cut.replace(day=1) for month in table]
    known = [row for row in rows.to_pylist() if row["customer_id"] % 2 == 0 and row["accepted_date"] <= ASOF]
    first = {}
    for row in known:
        first[row["customer_id"]] = min(first.get(row["customer_id"], ASOF), row["accepted_date"])
    repeats = {(row["customer_id"], row["accepted_date"]) for row in known
               if first[row["customer_id"]] <= cut and row["accepted_date"] > first[row["customer_id"]]}  # fmt: skip
    assert table[date(2023, 6, 1)]["actual_visits"] == sum(day.strftime("%Y-%m") == "2023-06" for _, day in repeats)


def test_the_last_year_is_left_out_or_the_last_third_of_a_short_history():
    assert cut_for(date(2018, 1, 1), date(2024, 12, 31)) == date(2024, 1, 1)
    assert cut_for(date(2024, 1, 1), date(2024, 10, 27)) == date(2024, 7, 19)
    days = month_ends(int(np.datetime64("2024-01-15").astype(int)), int(np.datetime64("2024-03-31").astype(int)))
    assert [str(np.datetime64(day, "D")) for day in days] == ["2024-01-31", "2024-02-29", "2024-03-31"]


# -- real bases --------------------------------------------------------------------------------------------------------


def test_the_tyre_chain_does_not_fit_and_is_not_given_sums(shared):
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    tables = open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml")))
    tyres = RoomOfValue(tables, date(2018, 12, 31), compare=date(2017, 12, 31))

    models = {(row["kind"], row["model"]): row for row in tyres.sheets["value.models"].records()}
    chosen = {kind: row for (kind, _), row in models.items() if row["chosen"]}

    assert {row["fit"] for row in models.values()} == {"does_not_fit"}
    # Everybody was foretold to come oftener than he did, persons by a sixth.
    assert (chosen["person"]["actual_visits"], round(chosen["person"]["expected_visits"])) == (2632, 3103)
    assert (chosen["company"]["actual_visits"], round(chosen["company"]["expected_visits"])) == (2288, 2667)
    clients = tyres.clients
    assert clients["predicted_visits"].null_count == clients["predicted_value"].null_count == len(clients)
    assert clients["p_alive"].null_count == len(clients)
    assert clients["value_rank"].null_count == 0


def test_cdnow_fits_and_its_last_half_year_was_foretold(shared):
    cdnow = RoomOfValue(open_tables(shared / "cdnow" / "transactions.parquet"))

    [ahead] = cdnow.sheets["value.ahead"].records()
    [row] = [row for row in cdnow.sheets["value.models"].records() if row["chosen"]]
    [money] = [row for row in cdnow.sheets["value.money"].records() if row["chosen"]]

    assert (ahead["kind"], ahead["fit"], ahead["money_fit"]) == ("all", "fits", "fits")
    assert (row["clients"], row["model"], row["actual_visits"]) == (23_570, "pareto_nbd", 12_272)
    assert row["expected_visits"] == pytest.approx(12_436, abs=1)
    assert (money["spend_model"], money["actual_money"]) == ("gamma_gamma", 47_615_437)
    assert money["expected_money"] == pytest.approx(47_985_405, rel=1e-4)
    assert money["correlation"] == pytest.approx(0.0676, abs=1e-3)
