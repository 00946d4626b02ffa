"""A card learnt from labels finds what was planted, proves itself on later orders, and is not offered for nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight.satisfaction import calibration, cards
from dovolen.insight.satisfaction.cards import Card, CardFact
from dovolen.insight.satisfaction.facts import Facts
from dovolen.insight.satisfaction.labels import Labels, as_known
from dovolen.insight.satisfaction.scoring import scored
from dovolen.insight.stats import predictions

CARD = Card(
    "evidence", "1", 99,
    (CardFact("delay", (0, 3), (0, -12, -30)), CardFact("contacts_in", (0, 1), (0, -2, -6)), CardFact("no_word", (0,), (0, -4))),
)  # fmt: skip
TRUTH = Card(
    "truth", "1", 70,
    (CardFact("delay", (0, 3), (0, -5, -10)), CardFact("contacts_in", (0, 1), (0, -15, -30)), CardFact("no_word", (0,), (0, 0))),
)  # fmt: skip


def orders(n: int, seed: int, *, centres: int = 2) -> Facts:
    """Orders of some centres with three facts that have nothing to do with each other."""
    draw = np.random.default_rng(seed)
    day = np.sort(draw.integers(18_000, 18_700, n))
    values = {
        "delay": draw.choice([-1.0, 2.0, 6.0], n, p=[0.6, 0.25, 0.15]),
        "contacts_in": draw.choice([0.0, 1.0, 3.0], n, p=[0.6, 0.25, 0.15]),
        "no_word": (draw.random(n) < 0.3).astype(float),
    }
    return Facts(
        pa.array(range(n)), None, day, day + 2.0, draw.integers(0, centres, n), tuple("абвгд"[:centres]), values, {}, {}
    )  # fmt: skip


def labelled(facts: Facts, seed: int, *, by: Card | None = TRUTH) -> Labels:
    """Answers drawn by the chances that a card means; by chance alone without one."""
    chance = calibration.chances(by, facts) if by else np.full(len(facts), 0.7)
    good = (np.random.default_rng(seed).random(len(facts)) < chance).astype(float)
    return Labels("survey", good, facts.scored, np.ones(len(facts), bool))


def test_the_planted_points_are_found_and_proved_on_later_orders():
    facts = orders(9000, 1)

    learnt = calibration.learn(CARD, facts, labelled(facts, 2), version="2026-06-30")

    found = {fact.name: fact.points for fact in learnt.card.facts}
    assert learnt.card.version == "2026-06-30-steps-survey-9000"
    assert learnt.card.base == pytest.approx(70, abs=1.5)
    assert found["contacts_in"] == pytest.approx((0, -15, -30), abs=3)
    assert found["delay"] == pytest.approx((0, -5, -10), abs=2)
    assert "no_word" not in found or found["no_word"][1] > -1.5
    assert [(one.way, one.split, one.wins) for one in learnt.trials] == [
        ("steps", "time", True), ("steps", "centre", True)
    ]  # fmt: skip
    assert learnt.trials[0].gain.low > 0.02
    assert learnt.trials[0].calibration.holds


def test_ten_points_double_the_odds():
    p = calibration.as_chances(np.array([40.0, 50.0, 60.0, 80.0]))

    assert p / (1 - p) == pytest.approx([0.5, 1, 2, 8])


def test_few_labels_stretch_the_whole_card_and_fewer_do_nothing():
    facts = orders(9000, 3)
    told = labelled(facts, 4, by=replace(CARD, base=75))
    several, few = (replace(told, apart=np.arange(9000) % 9000 < n) for n in (250, 80))

    learnt, nothing = (calibration.learn(CARD, facts, one, version="v") for one in (several, few))

    assert {one.way for one in learnt.trials} == {"platt"}
    first = learnt.tried.facts[0].points
    assert first[1] / first[2] == pytest.approx(12 / 30, abs=0.01)  # stretched, not bent
    assert (nothing.enough, nothing.n, nothing.card, nothing.trials) == (False, 80, None, ())


def test_no_step_ever_raises_a_score_even_where_labels_do():
    facts = orders(3000, 5)
    kind = replace(TRUTH, facts=(TRUTH.facts[0], CardFact("contacts_in", (0, 1), (0, 20, 40)), TRUTH.facts[2]))

    learnt = calibration.stepped(CARD, facts, labelled(facts, 6, by=kind).good, strength=1.0)

    assert all(low <= high for fact in learnt.facts for high, low in zip(fact.points, fact.points[1:], strict=False))
    assert "contacts_in" not in {fact.name for fact in learnt.facts}


def test_what_nothing_predicts_is_rarely_offered():
    offered = 0
    for seed in range(40):
        facts = orders(600, 100 + seed)
        offered += calibration.learn(CARD, facts, labelled(facts, seed, by=None), version="v").card is not None

    assert offered <= 4


def test_a_missing_fact_costs_the_usual_and_the_learnt_card_scores_like_any_other():
    facts = orders(4000, 7)
    told = labelled(facts, 8)
    hidden = np.random.default_rng(9).random(4000) < 0.3
    values = {**facts.values, "contacts_in": np.where(hidden, np.nan, facts.values["contacts_in"])}

    learnt = calibration.stepped(CARD, replace(facts, values=values), told.good, strength=1.0)

    found = {fact.name: fact.points for fact in learnt.facts}
    assert found["contacts_in"][2] == pytest.approx(-30, abs=4)
    made = scored(learnt, replace(facts, values=values))
    assert predictions.auc(made.score, told.good).value > 0.65
    assert (made.points[hidden, [fact.name for fact in learnt.facts].index("contacts_in")] < 0).all()


def test_a_learnt_card_is_a_file_that_reads_back(tmp_path):
    facts = orders(2000, 10)
    learnt = calibration.stepped(CARD, facts, labelled(facts, 11).good, strength=1.0)

    (tmp_path / "card.toml").write_text(calibration.card_toml(learnt), "utf-8")

    assert cards.load(tmp_path / "card.toml") == learnt


def test_what_came_after_the_label_has_not_happened_by_then():
    facts = orders(3, 12)
    values = {"came_back": np.array([1.0, 1.0, np.nan]), "came_back_late": np.array([1.0, 1.0, np.nan])}
    dates = {"came_back": np.array([10.0, 30.0, np.nan])}
    labels = Labels("complaint", np.ones(3), np.full(3, 20.0), np.ones(3, bool))

    known = as_known(replace(facts, values=values, dates=dates), labels, np.arange(3))

    assert known.values["came_back"][:2].tolist() == [1, 0]
    assert known.values["came_back_late"][:2].tolist() == [1, 0]
    assert np.isnan(known.values["came_back"][2])


def test_an_order_still_open_when_judged_is_as_late_as_it_was_then():
    facts = orders(3, 13)
    values = {"delay": np.array([9.0, 9.0, 2.0]), "repair_ratio": np.array([4.0, 4.0, 4.0])}
    then = {"delay": np.array([1.5, np.nan, np.nan]), "time_share": np.array([0.5, 0.2, np.nan])}
    open_then = np.array([True, True, False])
    labels = Labels("survey", np.ones(3), np.full(3, 20.0), np.ones(3, bool), open_then, **then)

    known = as_known(replace(facts, values=values), labels, np.arange(3)).values

    assert known["delay"].tolist() == pytest.approx([1.5, np.nan, 2.0], nan_ok=True)
    assert known["repair_ratio"].tolist() == pytest.approx([2.0, np.nan, 4.0], nan_ok=True)
