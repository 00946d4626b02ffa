"""Experiments: the draw is the same everywhere, plans keep their promise, effects are true, verdicts claim no more."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pyarrow.parquet as pq
import pytest

from dovolen.insight.stats import effects, trials, verdicts
from dovolen.insight.stats.effects import Effect
from dovolen.insight.stats.intervals import newcombe

IDS = range(200_000)


# The draw


def test_the_draw_is_the_same_on_every_machine():
    drawn = "".join(trials.arm(client, "spring", 0.5)[0] for client in range(40))

    assert drawn == "hhhthtthtthhhhhthhththththtthttttththttt"


def test_a_number_and_its_text_are_one_client_and_a_float_is_nobody():
    assert [trials.arm(i, "spring", 0.5) for i in range(200)] == [trials.arm(str(i), "spring", 0.5) for i in range(200)]
    assert trials.arm(np.int64(7), "spring", 0.5) == trials.arm(7, "spring", 0.5)
    with pytest.raises(TypeError, match="whole number"):
        trials.arm(7.0, "spring", 0.5)


@pytest.mark.parametrize("share", [0.05, 0.1, 1 / 3, 0.5])
def test_as_many_are_held_out_as_was_asked(share):
    held = sum(trials.arm(client, "spring", share) == "holdout" for client in IDS)

    assert trials.split_p(len(IDS) - held, held, share) > 0.01


def test_nobody_and_everybody_can_be_held_out():
    assert {trials.arm(client, "spring", 0) for client in range(2000)} == {"treated"}
    assert {trials.arm(client, "spring", 1) for client in range(2000)} == {"holdout"}


def test_a_larger_share_keeps_those_already_held_out():
    few, many = ({c for c in range(5000) if trials.arm(c, "spring", s) == "holdout"} for s in (0.1, 0.3))

    assert few < many


def test_experiments_draw_independently():
    both = sum(trials.arm(c, "spring", 0.5) == trials.arm(c, "summer", 0.5) == "holdout" for c in IDS)

    assert trials.split_p(len(IDS) - both, both, 0.25) > 0.01


@pytest.mark.parametrize(("experiment", "share"), [("", 0.1), ("a|b", 0.1), ("spring", 1.5), ("spring", -0.1)])
def test_a_draw_that_cannot_be_is_refused(experiment, share):
    with pytest.raises(ValueError, match="needed"):
        trials.arm(1, experiment, share)


def test_an_uneven_split_is_noticed():
    assert trials.split_p(9000, 1000, 0.1) == 1
    assert trials.split_p(9000, 800, 0.1) < 0.001


# The plan


def test_the_plan_of_a_rate_meets_the_book():
    plan = trials.plan_rate(0.6, 0.1, share=0.5, power=0.8)

    assert (plan.treated, plan.holdout) == (356, 356)  # Fleiss: 0.6 against 0.7


def test_the_plan_of_money_meets_the_book():
    plan = trials.plan_money(1.0, 0.5, share=0.5, power=0.8)

    assert (plan.treated, plan.holdout) == (63, 63)  # Cohen's d of a half


def test_history_makes_the_experiment_smaller_in_proportion():
    whole, half = (trials.plan_money(30.0, 1.0, reduction=known) for known in (0, 0.5))

    assert half.n == pytest.approx(whole.n / 2, rel=1e-3)


@pytest.mark.parametrize("share", [0.1, 0.3, 0.5])
def test_what_a_plan_sees_is_what_its_size_can_show(share):
    rate, money = trials.plan_rate(0.2, 0.03, share=share), trials.plan_money(50.0, 2.0, share=share)

    assert trials.detectable_rate(0.2, rate.n, share=share) == pytest.approx(0.03, rel=2e-3)
    assert trials.detectable_money(50.0, money.n, share=share) == pytest.approx(2.0, rel=2e-3)


def test_so_few_that_nothing_would_show():
    assert trials.detectable_rate(0.5, 4) is None
    assert trials.plan_rate(0.1, 0.9, share=0.5).holdout == trials.MINIMUM


@pytest.mark.parametrize("share", [0.2, 0.5])
def test_a_planned_rate_is_seen_as_often_as_promised(share):
    rng, plan = np.random.default_rng(5), trials.plan_rate(0.15, 0.05, share=share, power=0.8)

    went, stayed = rng.binomial(plan.treated, 0.20, 3000), rng.binomial(plan.holdout, 0.15, 3000)
    seen = [newcombe(int(a), plan.treated, int(b), plan.holdout)[0] > 0 for a, b in zip(went, stayed, strict=True)]
    assert 0.77 <= np.mean(seen) <= 0.84


def test_a_planned_gain_is_seen_as_often_as_promised():
    rng, plan = np.random.default_rng(5), trials.plan_money(20.0, 4.0, share=0.3, power=0.8)
    side = np.arange(plan.n) < plan.treated

    seen = [effects.money(rng.gamma(4, 10, plan.n) + 4.0 * side, side).up for _ in range(600)]
    assert 0.75 <= np.mean(seen) <= 0.85


@pytest.mark.parametrize("base", [0, 1])
def test_a_plan_from_nothing_is_refused(base):
    with pytest.raises(ValueError, match="rate"):
        trials.plan_rate(base, 0.1)
    with pytest.raises(ValueError, match="nothing to compare"):
        trials.plan_money(1.0, 1.0, share=0)


# Effects


def test_a_rate_has_newcombes_interval():
    found = effects.rate_of((56, 70), (48, 80))

    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert effects.rate([1] * 56 + [0] * 14 + [1] * 48 + [0] * 32, [1] * 70 + [0] * 80) == found


def test_money_has_welchs_interval():
    # NIST e-Handbook 1.3.5.3 by hand: means 3 and 5, variances 2.5 and 10, n 5 and 5, so df 5.88.
    found = effects.money([1, 2, 3, 4, 5, 1, 3, 5, 7, 9], [1] * 5 + [0] * 5, minimum=2)

    assert (found.value, found.se) == pytest.approx((-2, 1.5811), abs=1e-4)
    assert found.high - found.value == pytest.approx(2.4591 * 1.5811, abs=0.01)


@pytest.mark.parametrize(("level", "df", "quantile"), [(0.95, 19, 2.0930), (0.95, 5, 2.5706), (0.99, 10, 3.1693)])
def test_students_quantile_meets_the_tables(level, df, quantile):
    assert effects.student(level, df) == pytest.approx(quantile, abs=5e-4)


def test_p_agrees_with_the_interval_shown():
    rng = np.random.default_rng(2)
    side = np.arange(200) < 120

    for _ in range(100):
        money = effects.money(rng.gamma(1, 10, 200) + 2.5 * side, side)
        rate = effects.rate(rng.random(200) < 0.3 + 0.12 * side, side)
        assert all((one.p < 0.05) == (one.up or one.down) for one in (money, rate))


def test_p_of_a_large_sample_is_the_normal_one():
    found = effects.rate_of((1100, 10000), (1000, 10000))

    assert found.p == pytest.approx(2 * NormalDist().cdf(-found.value / found.se), rel=0.02)


def test_of_too_few_nothing_is_told():
    few = effects.rate_of((5, 19), (50, 500))

    assert few.few
    assert (few.value, few.low, few.treated, few.p) == (None, None, None, None)
    assert effects.money(np.ones(60), np.arange(60) < 41).few
    assert effects.money(np.ones(100), np.arange(100) < 50).few  # all alike: no spread to judge by


def test_of_too_few_payers_nothing_is_told_however_many_clients():
    spent, side = np.zeros(4000), np.arange(4000) < 2000
    spent[:100] = spent[-19:] = 50.0

    found = effects.money(spent, side)
    assert (found.few, found.payers, found.n_holdout) == (True, 19, 2000)
    assert effects.money(spent, side, minimum=19).up


def test_outcomes_that_are_missing_or_no_rates_are_refused():
    with pytest.raises(ValueError, match="count with 0"):
        effects.money([1.0, np.nan], [1, 0])
    with pytest.raises(ValueError, match="cost is missing"):
        effects.money([1.0, 2.0], [1, 0], costs=[np.nan, 0])
    with pytest.raises(ValueError, match="0 or 1"):
        effects.rate([1, 2], [1, 0])
    with pytest.raises(ValueError, match="treated"):
        effects.money([1.0, 2.0], [1, 2])
    with pytest.raises(ValueError, match="clients"):
        effects.money([1.0, 2.0], [1])


def test_costs_come_off_those_who_caused_them():
    rng, side = np.random.default_rng(3), np.arange(400) < 300
    spent = rng.gamma(2, 50, 400)

    gross, net = effects.money(spent, side), effects.money(spent, side, costs=7.0)
    each = effects.money(spent, side, costs=np.where(side, 7.0, 0.0))
    assert net.value == pytest.approx(gross.value - 7)
    assert (net.low, net.high, net.holdout) == pytest.approx((gross.low - 7, gross.high - 7, gross.holdout))
    assert each.value == pytest.approx(net.value)


@pytest.mark.parametrize("share", [0.1, 0.5])
def test_intervals_of_a_change_of_nothing_cover_nothing(share):
    """A/A on sums as they are: three quarters bring nothing, the rest have a long tail."""
    rng, n = np.random.default_rng(11), 3000
    side = np.arange(n) >= n * share

    up = down = rates = 0
    for _ in range(1000):
        came = rng.random(n) < 0.25
        found = effects.money(came * rng.lognormal(3, 1, n), side)
        up, down = up + found.up, down + found.down
        visits = effects.rate(came, side)
        rates += visits.up or visits.down
    assert up / 1000 <= 0.05  # 0.067 by Welch alone at a tenth held out, where 0.025 is meant
    assert down / 1000 <= 0.04
    assert (up + down) / 1000 <= 0.075
    assert 0.03 <= rates / 1000 <= 0.07


def clients_with_a_past(rng, n=2000, gain=10.0):
    """What each brought before, brings now, and his side; the past tells two thirds of the present."""
    habit = rng.gamma(2, 50, n)
    side = rng.random(n) < 0.7
    return habit + rng.gamma(2, 25, n), habit + rng.gamma(2, 25, n) + gain * side, side


def test_cuped_is_unbiased_honest_and_narrower():
    rng = np.random.default_rng(7)

    plain, helped = [], []
    for _ in range(300):
        before, now, side = clients_with_a_past(rng)
        plain.append(effects.money(now, side))
        helped.append(effects.money(now, side, before=before))
    values = np.array([one.value for one in helped])
    assert abs(values.mean() - 10) < 3 * values.std() / np.sqrt(300)
    assert 0.92 <= np.mean([one.low <= 10 <= one.high for one in helped]) <= 0.98
    assert np.mean([one.theta for one in helped]) == pytest.approx(0.8, abs=0.01)  # 5000 / 6250
    assert np.mean([one.reduction for one in helped]) == pytest.approx(0.64, abs=0.02)  # correlation 0.8, squared
    assert values.std() < 0.7 * np.std([one.value for one in plain])


def test_clients_without_a_past_move_nothing():
    rng = np.random.default_rng(7)
    before, now, side = clients_with_a_past(rng)
    before[rng.random(before.size) < 0.3] = np.nan

    helped, plain = effects.money(now, side, before=before), effects.money(now, side)
    assert helped.method == "cuped"
    assert helped.known == np.isfinite(before).sum()
    assert 0 < helped.reduction < 0.64
    assert abs(helped.value - plain.value) < 2 * plain.se


@pytest.mark.parametrize("before", [np.full(2000, np.nan), np.full(2000, 3.0), np.r_[np.arange(15.0), [np.nan] * 1985]])
def test_a_past_that_says_nothing_leaves_the_plain_effect(before):
    _, now, side = clients_with_a_past(np.random.default_rng(7))

    assert effects.money(now, side, before=before) == effects.money(now, side)


# Segments


def test_holm_raises_p_in_turn():
    assert effects.holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert effects.holm([0.9, 0.6]) == [1.0, 1.0]
    assert effects.holm([]) == []


def test_the_segment_that_reacts_is_found_and_the_small_one_withheld():
    rng, n = np.random.default_rng(4), 6000
    labels = rng.choice(["company", "fleet", "person", "rare"], n, p=[0.3, 0.3, 0.396, 0.004])
    side = rng.random(n) < 0.5
    spent = rng.gamma(2, 50, n) + 20 * side * (labels == "fleet")

    found = {
        one.segment: one for one in verdicts.by_segment(labels.tolist(), lambda r: effects.money(spent[r], side[r]))
    }
    assert {name: one.says for name, one in found.items()} == {
        "company": "worse_here", "fleet": "better_here", "person": "worse_here", "rare": "too_few",
    }  # fmt: skip
    assert found["fleet"].apart.low <= 20 <= found["fleet"].apart.high
    assert (found["rare"].p, found["rare"].apart) == (None, None)


def test_segments_that_do_not_differ_are_seldom_told_to():
    rng, n = np.random.default_rng(8), 2000
    labels = (np.arange(n) % 8).astype(str)

    wrong = 0
    for _ in range(200):
        side, spent = rng.random(n) < 0.5, rng.gamma(1, 50, n)
        made = verdicts.by_segment(labels.tolist(), lambda r, spent=spent, side=side: effects.money(spent[r], side[r]))
        wrong += any(one.says != "unclear" for one in made)
    assert wrong / 200 <= 0.09


def test_two_segments_ask_one_question():
    rng, n = np.random.default_rng(8), 800
    side, labels, came = rng.random(n) < 0.5, ["a", "b"] * (n // 2), rng.random(n) < 0.3

    a, b = verdicts.by_segment(labels, lambda r: effects.rate(came[r], side[r]))
    assert a.p_apart == b.p_apart == pytest.approx(a.apart.p)
    assert a.apart.value == pytest.approx(-b.apart.value)


# Verdicts


def an_effect(low, high, holdout=100.0, n=1000):
    return Effect(n, n, holdout + (low + high) / 2, holdout, (low + high) / 2, low, high, 1.0, 0.5)


@pytest.mark.parametrize(
    ("visits", "money", "says"),
    [
        ((0.01, 0.05), (1, 9), "works"),
        ((-0.01, 0.05), (1, 9), "works"),
        ((0.01, 0.05), (-9, -1), "harms"),
        ((0.01, 0.05), (-4, 6), "more_visits_no_more_money"),
        ((0.01, 0.05), (-4, 12), "more_visits_money_unclear"),
        ((-0.05, -0.01), (-4, 6), "fewer_visits_money_unclear"),
        ((-0.01, 0.05), (-4, 6), "unclear"),
    ],
)
def test_the_verdict_follows_from_both_intervals(visits, money, says):
    assert verdicts.verdict(an_effect(*visits, holdout=0.1), an_effect(*money)) == says


def test_no_more_money_is_said_only_without_room_for_a_gain_worth_having():
    visits, money = an_effect(0.01, 0.05, holdout=0.1), an_effect(-4, 6)

    assert verdicts.verdict(visits, money, worth=7) == "more_visits_no_more_money"
    assert verdicts.verdict(visits, money, worth=5) == "more_visits_money_unclear"
    assert verdicts.verdict(visits, an_effect(-4, 6, holdout=0.0)) == "more_visits_money_unclear"


def test_nothing_is_claimed_without_a_control_or_of_too_few():
    came, spent = np.ones(500), np.arange(500.0)

    nobody, five = np.ones(500), np.arange(500) >= 5
    assert verdicts.verdict(effects.rate(came, nobody), effects.money(spent, nobody)) == "no_control"
    assert verdicts.verdict(effects.rate(came, five), effects.money(spent, five)) == "too_few"


def test_sides_that_chance_would_not_make_are_refused():
    visits, money = an_effect(0.01, 0.05), an_effect(1, 9)

    assert verdicts.verdict(visits, money, share=0.5) == "works"
    assert verdicts.verdict(visits, money, share=0.4) == "uneven_split"


# Hillstrom: figures of its README


@pytest.fixture(scope="module")
def hillstrom(shared):
    columns = pq.read_table(shared / "hillstrom_mens_email" / "campaign.parquet").to_pydict()
    made = {name: np.array(values) for name, values in columns.items()}
    return made | {"treated": made["segment"] != "No E-Mail"}


@pytest.mark.parametrize(("column", "value", "se"), [("visit", 0.0780, 0.0040), ("conversion", 0.0068, 0.0011)])
def test_hillstrom_rates(hillstrom, column, value, se):
    found = effects.rate(hillstrom[column], hillstrom["treated"])

    assert (found.value, found.se) == pytest.approx((value, se), abs=5e-5)
    assert (found.n_treated, found.n_holdout) == (21307, 10653)


def test_hillstrom_money_and_its_verdict(hillstrom):
    treated = hillstrom["treated"]
    visits, money = effects.rate(hillstrom["visit"], treated), effects.money(hillstrom["spend"], treated)

    assert (visits.treated, visits.holdout) == pytest.approx((0.1828, 0.1048), abs=5e-5)
    assert (money.value, money.se) == pytest.approx((0.765, 0.162), abs=5e-4)
    assert verdicts.verdict(visits, money, share=1 / 3) == "works"
    assert verdicts.verdict(visits, effects.money(hillstrom["spend"], treated, costs=1.5)) == "harms"


def test_hillstrom_history_helps_little(hillstrom):
    found = effects.money(hillstrom["spend"], hillstrom["treated"], before=hillstrom["history"])

    assert (found.value, found.se) == pytest.approx((0.7618, 0.1617), abs=5e-4)
    assert found.reduction == pytest.approx(0.0002, abs=1e-4)


def test_hillstrom_former_buyers_of_mens_goods_react_more_but_not_beyond_chance(hillstrom):
    spend, treated = hillstrom["spend"], hillstrom["treated"]
    labels = np.where(hillstrom["mens"] == 1, "mens", "others").tolist()

    mens, others = verdicts.by_segment(labels, lambda r: effects.money(spend[r], treated[r]))
    assert (mens.effect.value, others.effect.value) == pytest.approx((1.02, 0.45), abs=5e-3)
    assert (mens.apart.value, mens.p_apart) == pytest.approx((0.570, 0.067), abs=1e-3)
    assert mens.says == "unclear"
