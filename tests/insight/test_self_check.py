"""The self-check says what the score is worth: that it predicts where it does, and that it does not where it does not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import synth
from dovolen.insight.satisfaction.self_check import SelfCheck
from dovolen.insight.schema import Tables
from dovolen.insight.stats.monotone import breaks
from dovolen.insight.study import study

SINCE, ASOF = datetime(2025, 1, 1, 9, tzinfo=UTC), date(2026, 6, 30)


def room(tables: Tables) -> SelfCheck:
    return SelfCheck(study(tables, ASOF).rooms[0]._base)


def shown(found: SelfCheck) -> dict[str, list[dict[str, object]]]:
    return {sheet.key: sheet.records() for sheet in found.sheets() if sheet is not None}


def service(seed: int, n: int = 400, *, told: float = 0.0) -> Tables:
    """Orders without clients, a third of them late; answers and complaints by lot, or – by `told` – by the delay."""
    draw = np.random.default_rng(seed)
    accepted = [SINCE + timedelta(days=int(day)) for day in np.sort(draw.integers(0, 500, n))]
    late = np.where(draw.random(n) < 1 / 3, draw.integers(1, 10, n), 0)
    unhappy = draw.random(n) < 0.3 + told * (late > 2)
    ids = pa.array(range(n))
    orders = pa.table(
        {
            "order_id": ids,
            "accepted_at": accepted,
            "promised_at": [day + timedelta(days=5) for day in accepted],
            "ready_at": [day + timedelta(days=5 + int(more)) for day, more in zip(accepted, late, strict=True)],
            "revenue": pa.array([100_00] * n),
        }
    )
    done = [day + timedelta(days=20) for day in accepted]
    feedback = pa.table(
        {
            "customer_id": pa.nulls(n, pa.int64()), "order_id": ids, "at": done, "kind": ["csat"] * n,
            "score": np.where(unhappy, draw.integers(1, 4, n), draw.integers(4, 6, n)).astype(float),
            "scale": [5.0] * n,
        }
    )  # fmt: skip
    complains = np.flatnonzero(draw.random(n) < 0.15)
    cases = pa.table(
        {
            "customer_id": pa.nulls(len(complains), pa.int64()), "order_id": ids.take(pa.array(complains)),
            "kind": ["complaint"] * len(complains), "opened_at": [done[place] for place in complains],
        }
    )  # fmt: skip
    return Tables({"orders": orders, "feedback": feedback, "cases": cases})


def test_where_nothing_predicts_the_page_says_so_in_all_but_a_few_of_forty_bases():
    said = [room(service(seed)).verdict for seed in range(40)]

    assert set(said) <= {"nothing", "predicts", "reversed"}
    assert sum(verdict != "nothing" for verdict in said) <= 5


def test_where_delays_make_clients_unhappy_the_page_says_that_the_score_predicts():
    said = [room(service(seed, told=0.4)).verdict for seed in range(5)]

    assert said == ["predicts"] * 5


def test_too_few_labels_are_counted_out():
    found = shown(room(service(1, 30)))["self_check.verdict"][0]

    assert found["verdict"] == "few"
    assert found["to_judge"] > 0
    assert found["to_learn"] == 70


def test_a_base_without_any_label_shows_no_page_and_names_what_is_missing():
    tables = service(1)
    found = room(Tables({"orders": tables.data["orders"]}))

    assert shown(found) == {}
    assert found.figures() == []
    assert found.missing() == [("self_check", "feedback.score")]


@pytest.fixture(scope="module")
def invented() -> SelfCheck:
    """A centre whose clients answer by how they were served."""
    return room(Tables(synth.centre(6000, 1, until=ASOF)))


def test_the_invented_centre_is_judged_by_every_label_it_has(invented):
    found = {row["label"]: row for row in shown(invented)["self_check.labels"]}

    assert list(found) == ["survey", "complaint", "return"]
    assert found["survey"]["verdict"] == "predicts"
    assert 0.58 < found["survey"]["low"] < found["survey"]["pairs_right"] < found["survey"]["high"]
    assert invented.figures()[0].value == found["survey"]["pairs_right"]


def test_a_card_learnt_of_its_answers_is_better_on_later_orders_and_on_other_centres(invented):
    trials = [row for row in shown(invented)["self_check.trials"] if row["way"] == "steps"]

    assert [row["split"] for row in trials] == ["time", "centre"]
    assert all(row["low"] > 0 for row in trials)
    assert invented.learnt.card is not None
    assert not {"customer", "age", "sex", "address"} & {fact.name for fact in invented.learnt.card.facts}


def test_said_and_happened_are_of_the_later_third_and_hold_all_its_orders(invented):
    page = shown(invented)

    judged = next(row["labelled"] for row in page["self_check.labels"] if row["label"] == "survey")
    assert sum(row["labelled"] for row in page["self_check.deciles"]) == judged - round(judged * 2 / 3)
    assert all(row["low"] <= row["observed"] <= row["high"] for row in page["self_check.deciles"])


def test_a_rate_that_rises_where_it_should_fall_is_told_from_chance():
    assert breaks([(90, 100), (70, 100), (50, 100)]) == ["", "", ""]
    assert breaks([(70, 100), (73, 100), (40, 100)]) == ["", "chance", ""]
    assert breaks([(50, 100), (90, 100)]) == ["", "break"]
    assert breaks([(50, 100), (5, 5), (60, 100)]) == ["", "", "chance"]  # five orders tell nothing
