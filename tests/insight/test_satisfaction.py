"""Satisfaction: every score is the sum of its points, what is not known costs the mean, what is learnt later rescores."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dovolen.insight import synth
from dovolen.insight.config import Config
from dovolen.insight.results import Sheet
from dovolen.insight.satisfaction import Satisfaction, cards, clients, files, weak_points
from dovolen.insight.satisfaction.cards import Card, CardFact
from dovolen.insight.satisfaction.facts import ON_CARD, Facts, Label
from dovolen.insight.satisfaction.scores import Scores, scores
from dovolen.insight.satisfaction.scoring import scored
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.study import Study, study

CARD = Card(
    "evidence",
    "1",
    99,
    (CardFact("delay", (0, 1, 3, 7), (0, -4, -12, -20, -30)), CardFact("complaint", (0,), (0, -20))),
)
TODAY = 20_000.0


def of(values: dict[str, list[float | None]], **more: object) -> Facts:
    """Orders with these facts, closed yesterday, of one centre."""
    n = len(next(iter(values.values())))
    day = np.full(n, int(TODAY) - 3, np.int64)
    known = {
        name: np.array([np.nan if one is None else one for one in column], float) for name, column in values.items()
    }
    none = Label(np.full(n, -1), ())
    given = {
        "order_id": pa.array(range(n)), "customer_id": pa.array(range(n)), "accepted": day, "scored": day + 2.0,
        "centre": np.zeros(n, np.int64), "centres": ("а",), "values": known, "dates": {},
        "labels": dict.fromkeys(("slow_stage", "technician", "advisor", "category", "kind"), none),
    }  # fmt: skip
    return Facts(**(given | more))  # type: ignore[arg-type]


# Cards


def test_the_value_at_a_cut_belongs_to_the_bin_below():
    found = cards.bins(CARD, of({"delay": [-5, 0, 0.01, 1, 3, 7, 7.01, None]}))

    assert found[:, 0].tolist() == [0, 0, 1, 1, 2, 3, 4, -1]
    assert (found[:, 1] == cards.MISSING).all()  # a fact that the source does not tell at all


def test_the_card_is_the_published_one():
    card = cards.load("evidence")

    assert tuple(fact.name for fact in card.facts) == ON_CARD
    assert card.base == 99
    worst = {fact.name: min(fact.points) for fact in card.facts}
    assert worst == {
        "delay": -30, "promises_moved": -12, "came_back": -20, "came_back_late": -6, "not_first_time": -12,
        "contacts_in": -12, "over_estimate": -15, "repair_ratio": -10, "no_word": -4, "complaint": -20,
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        'name = "a"\nversion = "1"\nbase = 99\n[[facts]]\nfact = "delay"\ncuts = [1, 0]\npoints = [0, -1, -2]',
        'name = "a"\nversion = "1"\nbase = 99\n[[facts]]\nfact = "delay"\ncuts = [1]\npoints = [0]',
        'name = "a"',
        "neither",
    ],
)
def test_a_file_that_is_no_card_is_refused(text: str, tmp_path: Path):
    file = tmp_path / "card.toml"
    file.write_text(text)

    with pytest.raises(SchemaError, match="no scorecard"):
        cards.load(file)


# Scores


@given(st.lists(st.tuples(st.floats(-5, 40) | st.none(), st.sampled_from([0.0, 1.0, None])), min_size=1, max_size=60))
def test_a_score_is_the_base_and_its_points_clipped_and_rounded(rows: list[tuple[float | None, float | None]]):
    made = scored(CARD, of({"delay": [row[0] for row in rows], "complaint": [row[1] for row in rows]}))

    for place in range(len(rows)):
        total = 99 + sum(made.points[place])
        assert total == pytest.approx(made.total[place], abs=1e-9)
        if made.known[place].any():
            assert made.score[place] == int(max(0, min(99, total)) + 0.5)
        else:
            assert np.isnan(made.score[place])


def test_a_missing_fact_costs_the_mean_of_its_centre():
    delay = [2.0] * 10 + [0.0] * 10 + [None] * 5
    facts = of({"delay": delay, "complaint": [0.0] * 25}, centre=np.array([0] * 25), centres=("а", "б"))

    made = scored(CARD, facts)

    assert made.points[-1].tolist() == [-6, 0]  # (10 × 12 + 10 × 0) / 20
    assert made.score[-1] == 93
    assert made.coverage[-1] == pytest.approx(20 / 50)
    assert made.low_confidence[-1]
    assert not made.low_confidence[0]


def test_a_fact_that_under_twenty_orders_of_a_centre_know_leaves_its_card():
    facts = of(
        {"delay": [9.0] * 19 + [0.0] * 20, "complaint": [0.0] * 39},
        centre=np.array([0] * 19 + [1] * 20), centres=("а", "б"),
    )  # fmt: skip

    made = scored(CARD, facts)

    assert np.isnan(made.score[:19]).all()  # nothing of the card is left in the first centre: 19 complaints known too
    assert (made.coverage[:19] == 0).all()
    assert (made.coverage[19:] == 1).all()


def test_what_was_known_over_two_years_ago_makes_no_mean():
    day = np.array([int(TODAY)] * 20 + [int(TODAY) - 730] * 20)
    facts = of({"delay": [0.0] * 20 + [9.0] * 20}, accepted=day)

    made = scored(CARD, of({"delay": [None]}), means=scored_means(facts))

    assert made.points[0, 0] == 0


def scored_means(facts: Facts) -> np.ndarray:
    from dovolen.insight.satisfaction.scoring import mean_points

    return mean_points(CARD, facts, asof=TODAY)


def test_a_score_never_falls_under_zero():
    card = Card("evidence", "1", 99, (CardFact("delay", (0,), (0, -120)),))

    made = scored(card, of({"delay": [1.0] * 20}))

    assert made.total[0] == -21
    assert made.score[0] == 0


def test_the_published_practice_shows_its_sums_as_they_are():
    card = Card("source", "1", 0, (CardFact("low_repair", (0,), (0, -10)),))

    assert scored(card, of({"low_repair": [1.0] * 20})).score[0] == -10


# Later facts and answers


def later(**more: object) -> Scores:
    """Twenty orders in time and one that came back thirty days after it was closed."""
    back = np.full(21, np.nan)
    back[20] = TODAY
    facts = of(
        {"delay": [2.0] * 21, "complaint": [0.0] * 21, "came_back": [0.0] * 20 + [1.0]}, dates={"came_back": back}
    )
    card = Card("evidence", "1", 99, (*CARD.facts, CardFact("came_back", (0,), (0, -20))))
    values = dict(facts.values) | {name: np.asarray(value) for name, value in more.items() if name == "answer"}
    dates = dict(facts.dates) | {"answer": np.where(np.isnan(values.get("answer", back * np.nan)), np.nan, TODAY)}
    return scores(card, Facts(**(vars(facts) | {"values": values, "dates": dates})), TODAY)


def test_a_return_rescores_the_order_and_the_earlier_score_is_kept():
    made = later()

    assert made.satisfaction[20] == 99 - 12 - 20
    assert made.before[20] == 99 - 12
    assert made.rescored[20] == TODAY
    assert np.isnan(made.before[:20]).all()


def test_the_clients_own_answer_outweighs_the_card():
    answer = np.full(21, np.nan)
    answer[0] = 24.5

    made = later(answer=answer)

    assert made.satisfaction[0] == 25
    assert made.made.score[0] == 87
    assert made.before[0] == 87
    assert files._orders(made, np.arange(1))["satisfaction_from"].to_pylist() == ["answer"]


# Clients


def test_an_order_half_a_year_old_weighs_half():
    facts = of({"delay": [0.0] * 20 + [2.0]}, customer_id=pa.array([*range(1, 20), 7777, 7777]))
    facts.scored[19:] = TODAY - 180, TODAY
    made = scores(CARD, facts, TODAY)

    found = clients.client_scores(made, TODAY, 180)

    place = found.customer_id.to_pylist().index(7777)
    assert found.mean[place] == pytest.approx((99 * 0.5 + 87) / 1.5)
    assert (found.latest[place], found.worst3[place], found.orders[place]) == (87, 87, 2)


def test_the_worst_of_three_forgets_older_ones():
    facts = of({"delay": [9.0, 0, 2.0, 0] + [0.0] * 20}, customer_id=pa.array([1] * 4 + [2] * 20))
    facts.scored[:4] = TODAY - 40, TODAY - 30, TODAY - 20, TODAY - 10

    found = clients.client_scores(scores(CARD, facts, TODAY), TODAY, 180)

    assert found.worst3.tolist() == [87, 99]
    assert found.latest.tolist() == [99, 99]


def test_offers_need_a_good_latest_order_and_a_good_mean():
    found = clients.ClientScores(
        pa.array([1, 2, 3]),
        np.array([60.0, 60.0, 40.0]),
        np.zeros(3),
        np.array([50.0, 49.0, 99.0]),
        np.ones(3),
        np.ones(3, int),
    )

    assert clients.eligible(found, 49).tolist() == [True, False, False]


# The whole room


@pytest.fixture(scope="module")
def centre() -> synth.Invented:
    return synth.invent(1_200, 5)


def room_of(tables: Tables, **settings: object) -> Satisfaction:
    made = study(tables, None, Config(**settings))  # type: ignore[arg-type]
    return room(made)


def room(made: Study) -> Satisfaction:
    return next(one for one in made.rooms if isinstance(one, Satisfaction))


@pytest.fixture(scope="module", params=["evidence", "source"])
def asked(request: pytest.FixtureRequest, centre: synth.Invented) -> Satisfaction:
    return room_of(Tables(centre.tables), scorecard=request.param)


def test_the_rows_of_points_of_every_order_add_up_to_its_score_before_clipping(asked: Satisfaction):
    points = pa.concat_tables(asked.files()["points"]())
    orders = pa.concat_tables(asked.files()["orders"]())

    sums = points.group_by("order_id").aggregate([("points", "sum")])
    found = dict(zip(sums["order_id"].to_pylist(), sums["points_sum"].to_pylist(), strict=True))
    assert found.keys() == set(orders["order_id"].to_pylist())
    for order, total in zip(asked.scores.facts.order_id.to_pylist(), asked.scores.made.total, strict=True):
        assert found[order] == pytest.approx(total, abs=1e-9)
    base = points.filter(pc.equal(points["fact"], "base"))
    assert set(base["points"].to_pylist()) == {asked.card.base}
    unknown = points.filter(pc.equal(points["bin"], -1))
    assert unknown["value"].null_count == len(unknown)


def test_orders_tell_card_answer_and_reasons(asked: Satisfaction):
    orders = pa.concat_tables(asked.files()["orders"]()).to_pylist()

    answered = [row for row in orders if row["satisfaction_from"] == "answer"]
    assert answered
    assert all(row["satisfaction"] == row["card_score"] for row in orders if row["satisfaction_from"] == "card")
    assert {row["card"] for row in orders} == {asked.card.name}
    if asked.card.name == "evidence":
        lost = [row for row in orders if row["card_score"] is not None and row["card_score"] < 60]
        assert lost
        assert all(row["reasons"] for row in lost)
        assert all(row["reasons"].count("=") <= 3 for row in orders)


def test_the_score_finds_those_who_were_badly_served(centre: synth.Invented):
    made = room_of(Tables(centre.tables)).scores
    truth = dict(zip(*(centre.order_truth[name].to_pylist() for name in ("order_id", "satisfaction")), strict=True))

    felt = np.array([truth[order] for order in made.facts.order_id.to_pylist()], float)
    known = made.counts & ~made.answered
    late = made.facts.values["delay"] > 0
    assert np.corrcoef(felt[known], made.satisfaction[known])[0, 1] > 0.25  # truth holds his temper and luck too
    assert made.satisfaction[known & late].mean() < made.satisfaction[known & ~late].mean() - 10


def test_sheets_agree_with_the_orders_behind_them(asked: Satisfaction):
    sheets: dict[str, Sheet] = {sheet.key: sheet for sheet in asked.sheets() if sheet}
    listed = sheets["satisfaction.orders"].records()

    for row in sheets["satisfaction.facts"].records():
        mine = [one for one in listed if one["fact"] == row["fact"]]
        if sheets["satisfaction.orders"].cut == 0 or len(mine) == row["orders"]:
            assert sum(-one["points"] for one in mine) == pytest.approx(row["lost"] or 0)
    assert len(listed) + sheets["satisfaction.orders"].cut == sum(
        row["orders"] for row in sheets["satisfaction.facts"].records()
    )
    total = sum(row["lost"] or 0 for row in sheets["satisfaction.facts"].records())
    by = sheets["satisfaction.by_technician"].records()
    assert sum((row["lost_an_order"] or 0) * row["orders"] for row in by) == pytest.approx(total, rel=0.02)
    assert sum(row["orders"] for row in sheets["satisfaction.distribution"].records()) == sheets["satisfaction.facts"].n


def test_cells_under_the_minimum_are_withheld(centre: synth.Invented):
    asked = room_of(Tables(centre.tables), minimum=150)
    [found] = [sheet for sheet in asked.sheets() if sheet and sheet.key == "satisfaction.by_slow_stage"]

    assert any(row["withheld"] for row in found.records())
    assert all(row["mean_score"] is None for row in found.records() if row["orders"] < 150)


def test_other_rooms_are_lent_the_scores(asked: Satisfaction):
    views = asked._base.views

    orders = views.row("SELECT COUNT(*) AS n, COUNT(satisfaction) AS scored FROM order_scores")
    found = views.row("SELECT COUNT(*) AS n, SUM(n_scored) AS scored FROM client_scores")
    assert orders["n"] == len(asked.scores.facts)
    assert found["n"] == asked.clients().num_rows
    assert 0 < found["scored"] <= orders["scored"]


def test_a_base_that_tells_hardly_anything_is_still_scored():
    day = pa.array([date(2026, 1, 1)] * 30)
    hours = pa.array([1_767_250_800_000_000 + step * 1_200_000_000 for step in range(30)], pa.timestamp("us", tz="UTC"))
    promised = pa.array([1_767_250_800_000_000 + 15 * 1_200_000_000] * 30, pa.timestamp("us", tz="UTC"))
    tables = Tables(
        {
            "orders": pa.table(
                {"order_id": list(range(30)), "accepted_date": day, "promised_at": promised, "ready_at": hours}
            )
        }
    )

    asked = room_of(tables)

    assert asked.clients() is None
    assert asked.scores.made.low_confidence.all()
    assert asked.scores.satisfaction[14:18].tolist() == [
        99,
        97,
        93,
        93,
    ]  # five hours are promised; the median is ten minutes less
    assert ("satisfaction.contacts_in", "contacts.direction") in asked.missing()
    assert asked._base.views.row("SELECT COUNT(*) AS n FROM client_scores")["n"] == 0
    assert {"orders", "points"} == set(asked.files())


def test_a_base_without_a_promise_or_a_fact_gives_no_scores():
    tables = Tables({"orders": pa.table({"accepted_date": [date(2026, 1, 1)] * 3, "order_id": [1, 2, 3]})})

    asked = room_of(tables)

    assert asked.figures() == []
    assert [sheet for sheet in asked.sheets() if sheet] == []
    assert pa.concat_tables(asked.files()["orders"]())["satisfaction"].null_count == 3


def test_slips_are_of_regulars_and_intermediaries_alone(asked: Satisfaction):
    [found] = [sheet for sheet in asked.sheets() if sheet and sheet.key == "satisfaction.slips"]

    assert {row["class"] for row in found.records()} <= {"intermediary", "regular"}
    assert all(row["reasons"] for row in found.records())
    assert weak_points.period(asked.scores, asked._base.asof, 91).since <= min(
        row["done_date"] for row in found.records()
    )


def test_each_persons_facts_are_those_of_his_own_orders(asked: Satisfaction):
    [found] = [sheet for sheet in asked.sheets() if sheet and sheet.key == "satisfaction.facts_by_technician"]
    [whole] = [sheet for sheet in asked.sheets() if sheet and sheet.key == "satisfaction.by_technician"]
    cost = {row["technician"]: row["lost_an_order"] for row in whole.records()}
    rows = found.records()

    for name in {row["technician"] for row in rows}:
        mine = [row for row in rows if row["technician"] == name]
        assert sum(row["lost_an_order"] for row in mine) == pytest.approx(cost[name], abs=0.02)
        assert all(row["low"] <= row["share"] <= row["high"] and row["orders"] <= row["known"] for row in mine)
