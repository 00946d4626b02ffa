"""The chance of return: judged on a year that was not learnt from, on a real chain and on invented centres."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from dovolen.insight import mapping, synth
from dovolen.insight.cells import Printer
from dovolen.insight.results import Figure
from dovolen.insight.risk import Risk, chance
from dovolen.insight.schema import Tables
from dovolen.insight.sources import open_tables
from dovolen.insight.words import Words
from tests.conftest import ROOT
from tests.insight.rooms_of_risk import felt, risk, sheet


def figures(room: Risk) -> dict[str, Figure]:
    return {one.key: one for one in room.figures()}


# The tyre chain


@pytest.fixture(scope="module")
def tyres(shared) -> Risk:
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    tables = open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml")))
    return risk(tables, date(2018, 12, 31))


def test_the_tyre_chain_is_foretold_better_than_by_recency_or_frequency_alone(tyres):
    found = figures(tyres)

    assert found["chance.auc"].n == 8_824  # came in the 365 days to 2017-12-31
    assert found["chance.auc"].value == pytest.approx(0.737, abs=0.01)
    assert found["chance.gain_recency"].low > 0.1
    assert found["chance.gain_frequency"].low > 0.025


def test_probabilities_of_the_young_tyre_chain_are_off_so_places_are_shown(tyres):
    found, told = figures(tyres), [row["chance_told"] for row in sheet(tyres, "chance.verdict")]
    clients = tyres.clients()

    assert found["chance.intercept"].high < -0.5
    assert found["chance.foretold"].value > found["chance.returned"].value + 0.08
    assert any(line.startswith("chance_high=") for line in told)
    assert "chance_young=days:122" in told
    assert clients["p_return"].null_count == len(clients)
    assert (pc.min(clients["chance_rank"]).as_py(), pc.max(clients["chance_rank"]).as_py()) == (1, 100)


def test_tenths_of_the_tyre_chain_rise(tyres):
    tenths = sheet(tyres, "chance.deciles")

    assert len(tenths) == 10
    assert sum(row["clients"] for row in tenths) == 8_824
    assert [row["returned"] for row in tenths][-1] > 6 * tenths[0]["returned"]
    # None lies surely below the one before it.
    assert all(after["high"] >= before["low"] for before, after in itertools.pairwise(tenths))


def test_the_tyre_chain_is_learnt_without_the_year_it_is_judged_on(shared):
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    tables = open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml")))
    whole, cut = (risk(part, date(2018, 12, 31)) for part in (tables, _until(tables, date(2017, 12, 31))))

    one, other = (chance.learnt(room._by_day, date(2017, 12, 31)) for room in (whole, cut))

    assert one is not None
    assert other is not None
    assert [wait for _, _, wait in one.learnt] == [365, 182, 91]
    assert all(day + timedelta(days=wait) <= date(2017, 12, 31) for day, _, wait in one.learnt)
    assert one.fitted.coefficients == pytest.approx(other.fitted.coefficients, abs=1e-6)


def _until(tables: Tables, day: date) -> Tables:
    """The same base as if nothing had been written after a day."""
    orders = tables.data["orders"]
    known = "accepted_date" if "accepted_date" in orders.column_names else "accepted_at"
    kept = orders.filter(pc.less_equal(pc.cast(orders[known], pa.date32()), pa.scalar(day)))
    return Tables({**tables.data, "orders": kept}, tables.currency, tables.zone)


# Invented centres


@cache
def invented(clients: int, seed: int, years: int = 4) -> synth.Invented:
    return synth.invent(clients, seed, years=years)


@cache
def room(clients: int = 12_000, seed: int = 3) -> Risk:
    made = invented(clients, seed)
    return risk(Tables(made.tables), scores=felt(made))


def test_in_an_invented_centre_of_four_years_probabilities_are_true_and_shown():
    made = room()
    found, clients = figures(made), made.clients()

    assert found["chance.gain_recency"].low > 0
    assert found["chance.gain_frequency"].low > 0
    assert found["chance.slope"].low < 1.1
    assert found["chance.slope"].high > 0.9
    assert clients["p_return"].null_count == 0
    assert pc.mean(clients["p_return"]).as_py() == pytest.approx(found["chance.returned"].value, abs=0.04)
    assert any(row["chance_told"].startswith("chance_true=") for row in sheet(made, "chance.verdict"))


def test_bad_service_lowers_the_chance_and_the_weights_say_so():
    way = {row["chance_factor"]: row["chance_way"] for row in sheet(room(), "chance.weights")}

    for point in ("late_last_order", "over_estimate", "repeat_repair"):
        assert way[f"factor_point=word:risk.{point}"] == "lowers"
    [often] = [told for told in way if told.startswith("factor_frequency=")]
    assert way[often] == "raises"


def test_the_chance_knows_who_has_left():
    made, truth = room(), invented(12_000, 3).truth
    clients = made.clients()
    left = dict(zip(truth["customer_id"].to_pylist(), truth["left_at"].to_pylist(), strict=True))
    gone = np.array([left[customer] is not None for customer in clients["customer_id"].to_pylist()])
    p = np.asarray(clients["p_return"])

    assert 0.2 < gone.mean() < 0.8
    assert p[gone].mean() < p[~gone].mean() - 0.1


def test_a_base_of_a_year_and_a_half_foretells_nothing():
    young = risk(Tables(invented(1_500, 4, years=1).tables))

    assert figures(young)["chance.auc"].few
    assert sheet(young, "chance.verdict") == [{"chance_told": "chance_not_young="}]
    assert young.clients()["chance_rank"].null_count == len(young.clients())
    for lang in ("ru", "en"):
        printer = Printer(Words(lang), {"currency": "RUB"})
        assert all(printer.told(f"chance_not_{why}=") for why in ("whole", "young", "small"))


def test_returns_that_nothing_foretells_are_not_claimed_to_be_foretold():
    better = 0
    for seed in range(6):
        found = figures(risk(Tables({"orders": _blind(seed)})))
        better += found["chance.gain_frequency"].low > 0 and found["chance.gain_recency"].low > 0
        assert found["chance.auc"].low < 0.53

    assert better == 0


def _blind(seed: int) -> pa.Table:
    """Orders of 1,500 clients who all come by the same chance, whatever happened before."""
    draw = np.random.default_rng(seed)
    customer = draw.integers(0, 1_500, 6_000)
    day = (np.datetime64("2023-01-01") + draw.integers(0, 1_461, 6_000)).astype("datetime64[D]")
    return pa.table(
        {
            "order_id": np.arange(6_000), "customer_id": customer, "accepted_date": pa.array(day, pa.date32()),
            "revenue": draw.integers(10_000, 90_000, 6_000),
        }
    )  # fmt: skip


def test_a_repair_done_again_is_no_return():
    days = [date(2024, 1, 10), date(2024, 2, 1), date(2024, 5, 1)]
    orders = pa.table(
        {
            "order_id": [1, 2, 3, 4], "customer_id": [1, 1, 2, 2], "accepted_date": [days[0], days[1], days[0], days[2]],
            "rework_of": pa.array([None, 1, None, None], pa.int64()),
        }
    )  # fmt: skip
    made = risk(Tables({"orders": orders}), date(2025, 1, 15))

    rows = made._base.views.rows(
        "SELECT customer_id, return_days FROM risk_clients WHERE day = $day", day=date(2024, 1, 16)
    )
    assert sorted(rows) == [(1, None), (2, 106)]


# Places


def test_places_run_from_1_to_100_and_equals_stand_together():
    assert chance.ranks(np.linspace(0, 1, 200)).tolist() == [1 + place // 2 for place in range(200)]
    assert chance.ranks(np.array([0.2, 0.2, 0.7])).tolist() == [67, 67, 100]
