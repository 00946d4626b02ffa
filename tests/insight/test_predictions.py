"""Predictions are judged right: ranks, probabilities, sameness; and a logistic regression finds what was planted."""

from __future__ import annotations

from math import isnan, log

import numpy as np
import pytest
from scipy import optimize
from scipy.stats import spearmanr

from dovolen.insight.stats import logistic, predictions


def cases(seed: int, n: int, slope: float = 1.0):
    """Scores and labels whose logit is slope · score − 1."""
    draw = np.random.default_rng(seed)
    score = draw.normal(size=n)
    return score, (draw.random(n) < 1 / (1 + np.exp(1 - slope * score))).astype(int)


# Ranking


def test_auc_is_the_share_of_pairs_in_the_right_order_and_a_tie_is_half():
    draw = np.random.default_rng(3)
    score, label = draw.integers(0, 5, 90), draw.integers(0, 2, 90)
    pairs = [(a > b) + (a == b) / 2 for a in score[label == 1] for b in score[label == 0]]

    found = predictions.auc(score, label)

    assert found.value == pytest.approx(np.mean(pairs))
    assert found.low < found.value < found.high
    assert (found.n, found.positives) == (90, label.sum())


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    score, label = cases(0, 400_000)
    truth = predictions.auc(score, label).value
    samples = [predictions.auc(*cases(seed, 250), rounds=300) for seed in range(1, 201)]

    held = sum(one.low <= truth <= one.high for one in samples)

    assert 180 <= held <= 199


def test_many_cases_take_delongs_interval_and_it_is_the_bootstraps():
    score, label = cases(5, predictions.BOOTSTRAP_UP_TO + 1)

    many, fewer = predictions.auc(score, label), predictions.auc(score[:-1], label[:-1])

    assert (many.method, fewer.method) == ("delong", "bootstrap")
    assert many.high - many.low == pytest.approx(fewer.high - fewer.low, rel=0.1)
    assert many.low == pytest.approx(fewer.low, abs=0.003)


@pytest.mark.parametrize("n", [400, 8000])
def test_a_gain_is_paired_so_that_a_score_gains_nothing_on_itself(n):
    score, label = cases(7, n)
    noisy = score + np.random.default_rng(8).normal(size=n)

    itself, gain = predictions.auc_gain(score, score, label), predictions.auc_gain(score, noisy, label)

    assert (itself.value, itself.low, itself.high) == (0, 0, 0)
    assert gain.low > 0
    assert gain.value == pytest.approx(predictions.auc(score, label).value - predictions.auc(noisy, label).value)
    wide = [predictions.auc(one, label) for one in (score, noisy)]
    assert (gain.high - gain.low) ** 2 < sum((one.high - one.low) ** 2 for one in wide)


def test_without_both_labels_there_is_no_auc_and_a_complete_parting_is_not_certainty():
    parted = predictions.auc([1, 2, 3, 4], [0, 0, 1, 1])

    assert predictions.auc([1, 2], [1, 1]) is None
    assert predictions.auc_gain([1, 2], [1, 2], [0, 0]) is None
    assert parted.value == 1
    assert parted.low < 0.5
    assert predictions.auc([5, 5, 5, 5], [0, 0, 1, 1]).value == 0.5
    with pytest.raises(ValueError, match="none missing"):
        predictions.auc([1, np.nan], [0, 1])


# Probabilities


def test_a_true_probability_is_calibrated_and_a_bold_one_is_not():
    draw = np.random.default_rng(1)
    logits = draw.normal(-1, 1, 20_000)
    happened = draw.random(20_000) < 1 / (1 + np.exp(-logits))

    true, bold, high = (
        predictions.calibration(1 / (1 + np.exp(-said)), happened) for said in (logits, 2 * logits, logits + 0.5)
    )

    assert true.holds
    assert bold.slope == pytest.approx(0.5, abs=0.03)
    assert bold.slope_high < 1
    assert high.intercept == pytest.approx(-0.5, abs=0.06)
    assert high.slope == pytest.approx(true.slope)


def test_calibration_that_cannot_be_told_never_holds():
    assert predictions.calibration([0.2, 0.4], [1, 1]) is None
    same = predictions.calibration([0.5] * 10, [0, 1] * 5)
    assert isnan(same.slope)
    assert same.intercept == pytest.approx(0, abs=1e-9)
    assert not same.holds
    assert isnan(predictions.calibration([0.1, 0.2, 0.8, 0.9], [0, 0, 1, 1]).slope)


def test_brier_and_deciles_by_hand():
    rows = predictions.deciles([0.1] * 60 + [0.4] * 40, [0] * 54 + [1] * 6 + [1] * 10 + [0] * 30)

    assert predictions.brier([0.5, 1.0], [1, 0]) == pytest.approx(0.625)
    assert [(row.n, round(row.predicted, 9), row.observed) for row in rows] == [(60, 0.1, 0.1), (40, 0.4, 0.25)]
    assert rows[1].low < 0.25 < rows[1].high
    assert len(predictions.deciles(np.linspace(0, 1, 1000), np.arange(1000) % 2)) == 10


# Sameness


def test_stability_by_hand_and_by_chance():
    draw = np.random.default_rng(4)
    by_hand = predictions.stability([0] * 500 + [1] * 500, [0] * 600 + [1] * 400, [0])

    assert by_hand.value == pytest.approx(0.1 * log(1.2) - 0.1 * log(0.8))
    assert predictions.stability(draw.normal(size=900), draw.normal(size=900)).verdict == "same"
    assert predictions.stability(draw.normal(size=900), draw.normal(0.4, 1, 900)).verdict == "warn"
    assert predictions.stability(draw.normal(size=900), draw.normal(1, 1, 900)).verdict == "stop"
    few = [predictions.stability(draw.normal(size=30), draw.normal(size=30)) for _ in range(200)]
    assert sum(one.value > predictions.WARN for one in few) > 100
    assert sum(one.verdict != "same" for one in few) < 25


def test_spearman_is_that_of_ranks():
    draw = np.random.default_rng(6)
    one = draw.integers(0, 4, 200)
    other = one + draw.normal(size=200)

    found = predictions.spearman(one, other)

    assert found.value == pytest.approx(spearmanr(one, other).statistic)
    assert found.low < found.value < found.high
    assert isnan(predictions.spearman([1, 1, 1, 1], [1, 2, 3, 4]).value)


# Logistic regression

# Henderson & Velleman 1981: weight of 32 cars and whether the gears are shifted by hand; R's glm(am ~ wt).
WEIGHTS = [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345,
           2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78]  # fmt: skip
MANUAL = [1, 1, 1] + [0] * 14 + [1, 1, 1] + [0] * 5 + [1] * 7


def test_published_coefficients_are_met():
    found = logistic.fit(np.array(WEIGHTS)[:, None], MANUAL, strength=0)

    assert found.intercept == pytest.approx(12.040, abs=0.01)
    assert found.coefficients[0] == pytest.approx(-4.024, abs=0.002)
    assert found.standard_errors[0] == pytest.approx(1.436, abs=0.002)


def test_the_bottom_is_the_one_that_another_optimiser_finds():
    draw = np.random.default_rng(2)
    x, mean, strength = draw.normal(size=(300, 5)), np.array([0.5, 0, 1, -0.2, 0.1]), np.array([5, 1, 50, 2, 0.3])
    y = draw.random(300) < 1 / (1 + np.exp(0.5 - x @ np.array([1.0, -1.0, 0.3, -0.5, 0.0])))
    weight, lower = draw.integers(1, 4, 300), np.array([0, 0, 0, -np.inf, 0.2])

    def loss(at):
        eta = at[0] + x @ at[1:]
        return weight @ (np.logaddexp(0, eta) - y * eta) + strength @ (at[1:] - mean) ** 2 / 2 + 5e-7 * at[0] ** 2

    bounds = [(None, None), *((low, None) for low in lower)]
    other = optimize.minimize(loss, np.full(6, 0.3), bounds=bounds, options={"ftol": 1e-14, "gtol": 1e-9})
    found = logistic.fit(x, y, weight=weight, prior_mean=mean, strength=strength, lower=lower)

    assert found.converged
    assert [found.intercept, *found.coefficients] == pytest.approx(list(other.x), abs=2e-4)
    assert (found.coefficients >= lower).all()
    assert found.standard_errors[1] == 0  # on its bound


def test_rows_counted_once_give_what_rows_one_by_one_give():
    draw = np.random.default_rng(9)
    x = draw.integers(0, 3, (5000, 3)).astype(float)
    y = draw.random(5000) < 1 / (1 + np.exp(1 - x @ np.array([0.5, 0.2, 0.0])))
    jitter = x + draw.normal(0, 1e-9, x.shape)  # no two rows equal

    counted, one_by_one = logistic.fit(x, y), logistic.fit(jitter, y)

    assert counted.coefficients == pytest.approx(one_by_one.coefficients, abs=1e-6)
    assert logistic.probability(counted, x).mean() == pytest.approx(y.mean(), abs=1e-6)


@pytest.mark.parametrize("strength", [0.0, 1.0])
def test_hopeless_data_give_finite_answers(strength):
    x = np.column_stack([np.arange(20.0), np.ones(20)])

    one_label = logistic.fit(x, np.ones(20), strength=strength)
    parted = logistic.fit(x, np.arange(20) >= 10, strength=strength)

    assert np.isfinite([one_label.intercept, *one_label.coefficients, *parted.coefficients]).all()
    assert logistic.probability(one_label, x).min() > 0.99
    assert ((logistic.probability(parted, x) > 0.5) == (np.arange(20) >= 10)).all()
    assert parted.coefficients[1] == pytest.approx(0, abs=0.01)  # a constant column says nothing
    with pytest.raises(ValueError, match="finite"):
        logistic.fit([[np.nan]], [1])


def test_strength_is_great_for_a_true_prior_and_small_for_a_false_one():
    draw = np.random.default_rng(11)
    truth = np.array([0.8, -0.4, 0.0, 0.3])
    x = draw.normal(size=(400, 4))
    y = draw.random(400) < 1 / (1 + np.exp(-(x @ truth)))

    true, false = (
        logistic.strength_by_cross_validation(x, y, prior_mean=mean).value for mean in (truth, -truth)
    )  # fmt: skip

    assert true == max(logistic.STRENGTHS)
    assert false <= 10
