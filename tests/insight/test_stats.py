"""Intervals meet published numbers, and cover the truth as often as they say."""

import numpy as np
import pytest

from dovolen.insight.stats import intervals


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(8, 10, 0.4902, 0.9433), (81, 263, 0.2553, 0.3662), (0, 20, 0.0, 0.1611)],
)
def test_wilson_meets_published_numbers(successes, n, low, high):
    assert intervals.wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_newcombe_meets_its_authors_example():
    assert intervals.newcombe(56, 70, 48, 80) == pytest.approx((0.0524, 0.3339), abs=5e-5)


def test_newcombe_turned_round_is_its_mirror():
    low, high = intervals.newcombe(56, 70, 48, 80)

    assert intervals.newcombe(48, 80, 56, 70) == pytest.approx((-high, -low))


@pytest.mark.parametrize("n", [1, 2, 10, 1000])
def test_a_share_stays_between_nothing_and_all(n):
    for successes in {0, n // 2, n}:
        low, high = intervals.wilson(successes, n)

        assert 0 <= low <= successes / n <= high <= 1
    assert intervals.wilson(0, n)[0] == 0
    assert intervals.wilson(n, n)[1] == 1


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_what_is_no_share_has_no_interval(successes, n):
    with pytest.raises(ValueError, match="no share"):
        intervals.wilson(successes, n)


def test_a_higher_level_is_wider():
    narrow, wide = intervals.wilson(8, 10, level=0.9), intervals.wilson(8, 10, level=0.99)

    assert wide[0] < narrow[0] < narrow[1] < wide[1]
    assert intervals.z(0.95) == pytest.approx(1.959964, abs=1e-6)


def test_wilson_covers_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(1)
    truth = 0.3

    bounds = [intervals.wilson(int(k), 50) for k in rng.binomial(50, truth, 4000)]
    assert 0.93 <= np.mean([low <= truth <= high for low, high in bounds]) <= 0.975


def test_the_interval_of_a_mean_covers_it():
    rng = np.random.default_rng(1)

    draws = rng.gamma(4, 25, (2000, 200))  # mean 100
    bounds = [intervals.mean(float(one.sum()), float((one**2).sum()), 200) for one in draws]
    assert 0.93 <= np.mean([low <= 100 <= high for low, high in bounds]) <= 0.965


def test_equal_values_leave_the_mean_no_doubt():
    assert intervals.mean(500.0, 50000.0, 5) == (100.0, 100.0)
