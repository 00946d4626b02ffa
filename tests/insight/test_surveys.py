"""Surveys: published intervals are met, a ratio stays a ratio, and few answers say nothing."""

from __future__ import annotations

from functools import partial

import numpy as np
import pytest

from dovolen.insight.stats import surveys
from dovolen.insight.stats.intervals import wilson


@pytest.mark.parametrize(
    ("promoters", "detractors", "n", "value", "low", "high"),
    [(60, 15, 100, 45, 29.34, 58.04), (7, 1, 10, 60, 7.04, 85.27)],
)
def test_nps_meets_published_numbers(promoters, detractors, n, value, low, high):
    found = surveys.nps_of(promoters, detractors, n, minimum=1)

    assert (found.value, found.low, found.high) == pytest.approx((value, low, high), abs=5e-3)


def test_nps_counts_nines_and_tens_against_nought_to_six():
    found = surveys.nps([10, 9, 8, 7, 6, 0, np.nan], minimum=1)

    assert (found.good, found.bad, found.n, found.value) == (2, 2, 6, 0)


def test_nps_never_leaves_its_scale_and_holds_its_figure():
    for promoters, detractors in [(20, 0), (0, 20), (10, 10), (0, 0)]:
        found = surveys.nps_of(promoters, detractors, 20)

        assert -100 <= found.low <= found.value <= found.high <= 100


def test_nps_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)

    draws = rng.multinomial(60, [0.5, 0.3, 0.2], 3000)
    bounds = [surveys.nps_of(int(p), int(d), 60) for p, _, d in draws]
    assert 0.93 <= np.mean([one.low <= 30 <= one.high for one in bounds]) <= 0.97


def test_csi_is_how_many_high_answers_stand_for_one_low():
    found = surveys.csi([7, 8, 9, 10, 10, 10, 4, 5, 6, 1, 3, np.nan], minimum=1)

    assert (found.good, found.bad, found.n, found.value) == (6, 2, 11, 3)
    # exp(ln(6.5 / 2.5) ± 1.96 √(1/6.5 + 1/2.5))
    assert (found.low, found.high) == pytest.approx((0.6046, 11.1801), abs=1e-4)


def test_csi_without_low_answers_is_no_ratio_and_says_so():
    found = surveys.csi([10] * 25 + [5] * 5)

    assert (found.note, found.value, found.low, found.high) == ("no_low_answers", None, None, None)
    assert (found.good, found.bad, found.n, found.few) == (25, 0, 30, False)


def test_csi_without_high_answers_is_nought():
    found = surveys.csi_of(0, 10, 30)

    assert (found.value, found.low) == (0, 0)
    assert 0 < found.high < 1


def test_csi_of_answers_all_in_the_middle_is_no_ratio():
    assert surveys.csi([5] * 40).note == "no_low_answers"


def test_csi_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)

    draws = rng.multinomial(120, [0.6, 0.2, 0.2], 3000)
    bounds = [surveys.csi_of(int(high), int(low), 120) for high, _, low in draws]
    assert 0.93 <= np.mean([one.low <= 3 <= one.high for one in bounds]) <= 0.98


def test_csat_is_the_share_of_fours_and_fives():
    found = surveys.csat([5] * 6 + [4] * 2 + [3, 1, np.nan], minimum=1)

    assert (found.value, found.low, found.high) == pytest.approx((0.8, *wilson(8, 10)))
    assert surveys.csat([7, 6, 5, 1], satisfied=6, scale=7, minimum=1).value == 0.5


def test_the_silent_are_a_share_of_those_asked():
    found = surveys.non_response([np.nan] * 30 + [9] * 10)

    assert (found.good, found.n, found.value) == (30, 40, 0.75)
    assert (found.low, found.high) == pytest.approx(wilson(30, 40))


@pytest.mark.parametrize("measure", [surveys.nps, surveys.csi, surveys.csat, surveys.non_response])
def test_of_few_answers_neither_figure_nor_counts_are_told(measure):
    for answers in ([], [5.0] * 19):
        found = measure(answers)

        assert found.few
        assert (found.value, found.low, found.high, found.good, found.bad) == (None,) * 5
        assert found.n == len(answers)


def test_silence_is_no_answer_towards_the_minimum():
    assert surveys.csi([9] * 10 + [2] * 5 + [np.nan] * 100).few


@pytest.mark.parametrize(
    ("measure", "wrong"),
    [(surveys.csi, 0), (surveys.csi, 11), (surveys.nps, -1), (surveys.nps, 9.5), (surveys.csat, 6)],
)
def test_an_answer_off_the_scale_is_refused(measure, wrong):
    with pytest.raises(ValueError, match="scale"):
        measure([5, wrong])


def test_counts_that_cannot_be_are_refused():
    with pytest.raises(ValueError, match="no answers"):
        surveys.nps_of(8, 3, 10)


def test_slices_withhold_small_cells_and_keep_them_listed():
    labels = ["Anna"] * 30 + ["Boris"] * 5 + ["Clara"] * 20

    found = surveys.sliced(labels, [10] * 25 + [2] * 5 + [1] * 5 + [9] * 20, surveys.csi)
    assert {name: (one.value, one.few, one.note) for name, one in found.items()} == {
        "Anna": (5, False, ""), "Boris": (None, True, ""), "Clara": (None, False, "no_low_answers"),
    }  # fmt: skip
    assert surveys.sliced(labels, [10] * 55, partial(surveys.nps, minimum=5))["Boris"].value == 100
    with pytest.raises(ValueError, match="labels"):
        surveys.sliced(labels, [10], surveys.nps)
