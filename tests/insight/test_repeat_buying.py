"""Models of repeat buying meet published figures, find the truth in invented clients, and refuse what cannot be told."""

from functools import partial
from math import inf, nan

import numpy as np
import pyarrow.parquet as pq
import pytest
from scipy import special

from dovolen.insight.stats import bg_nbd, gamma_gamma, pareto_nbd, repeat_buying
from dovolen.insight.stats.client_days import buyers, repeats_by_day
from dovolen.insight.stats.grouped import CannotFitError, group
from dovolen.insight.stats.held_out import CANNOT_TELL, DOES_NOT_FIT, FITS, held_out, split
from dovolen.insight.stats.max_likelihood import Fit

TRUTH = {
    "bg_nbd": (0.6, 5.0, 0.8, 2.5),
    "mbg_nbd": (0.6, 5.0, 0.8, 2.5),
    "pareto_nbd": (0.6, 8.0, 0.7, 12.0),
}
ONE = {"frequency": [2], "recency": [30.43], "T": [38.86]}


# -- published ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cdnow_days(shared):
    """The published tenth: client, day, cents of every row."""
    folder = shared / "cdnow"
    listed = (folder / "sample_ids.csv").read_text().split()[1:]
    table = pq.read_table(folder / "transactions.parquet")
    client = np.asarray(table["client_id"].to_pylist())
    day = table["date"].to_numpy().astype("datetime64[D]")
    cents = np.rint(table["amount_usd"].to_numpy() * 100).astype(np.int64)
    kept = np.isin(client, listed)
    return client[kept], day[kept], cents[kept]


@pytest.fixture(scope="module")
def cdnow(cdnow_days):
    client, day, cents = cdnow_days
    return buyers(client, day, asof="1997-09-30", money=cents)


def histories(clients):
    return group(frequency=clients.frequency, recency=clients.recency, T=clients.T)


def test_cdnow_has_the_published_clients(cdnow):
    assert len(cdnow.customer) == 2357
    assert (cdnow.frequency == 0).sum() == 1411


@pytest.mark.parametrize(
    ("model", "published", "digits", "log_likelihood"),
    [
        ("bg_nbd", {"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, 5e-4, -9582.43),
        ("pareto_nbd", {"r": 0.553, "alpha": 10.578, "s": 0.606, "beta": 11.669}, 5e-4, -9594.98),
    ],
)
def test_cdnow_gives_the_published_parameters(cdnow, model, published, digits, log_likelihood):
    fitted = repeat_buying.fit(model, histories(cdnow))

    # Within 0.2 %, or the last digit printed where that is coarser.
    assert fitted.parameters == pytest.approx(published, rel=2e-3, abs=digits)
    assert fitted.log_likelihood == pytest.approx(log_likelihood, abs=0.01)
    assert fitted.converged
    assert fitted.n == 2357
    assert not fitted.undetermined


def test_cdnow_modified_fits_a_little_better(cdnow):
    fitted = repeat_buying.fit("mbg_nbd", histories(cdnow))

    assert fitted.parameters == pytest.approx({"r": 0.525, "alpha": 6.183, "a": 0.891, "b": 1.614}, rel=2e-3)
    assert fitted.log_likelihood == pytest.approx(-9582.14, abs=0.01)


def test_cdnow_client_is_expected_as_published(cdnow):
    fitted = repeat_buying.fit("bg_nbd", histories(cdnow))

    assert repeat_buying.expected(fitted, group(**ONE), 39) == pytest.approx([1.226], abs=5e-4)


def test_cdnow_spend_is_as_published(cdnow):
    spend = gamma_gamma.group(frequency=cdnow.frequency, monetary=cdnow.monetary / 100)

    fitted = gamma_gamma.fit(spend)

    assert (spend.n, spend.left_out) == (946, 1411)
    assert fitted.parameters == pytest.approx({"p": 6.25, "q": 3.74, "v": 15.44}, rel=2e-3)
    assert fitted.log_likelihood == pytest.approx(-4055.92, abs=0.01)
    assert gamma_gamma.correlation(spend) == pytest.approx(0.114, abs=1e-3)


def test_spend_is_the_same_in_any_unit_of_money(cdnow):
    dollars = gamma_gamma.fit(gamma_gamma.group(frequency=cdnow.frequency, monetary=cdnow.monetary / 100))
    cents = gamma_gamma.fit(gamma_gamma.group(frequency=cdnow.frequency, monetary=cdnow.monetary))

    assert cents.parameters["v"] == pytest.approx(100 * dollars.parameters["v"], rel=1e-6)
    assert cents.log_likelihood == pytest.approx(dollars.log_likelihood - 946 * np.log(100), abs=1e-6)


def test_cdnow_says_that_the_later_months_were_foretold_too_low(cdnow_days):
    client, day, _ = cdnow_days

    result = held_out(client, day, cut="1997-09-30", end="1998-06-30")

    judged = result.judged[result.chosen]
    assert result.word == DOES_NOT_FIT
    assert (judged.actual, round(judged.expected)) == (1882, 1666)
    assert judged.rank == 1
    assert result.actual[-1] == 4339
    assert len(result.expected) == len(result.actual) == 546


# -- the formulas ------------------------------------------------------------------------------------------------------

MIXED = group(
    frequency=[0, 0, 1, 2, 2, 7, 40, 3000, 5000],
    recency=[0, 0, 0.14, 30.43, 30.43, 20, 100, 150, 160],
    T=[0, 39, 300, 38.86, 38.86, 21, 104, 160, 160],
)
PLACES = [(0.5, 8.0, 0.7, 2.0), (3.0, 0.4, 2.5, 40.0), (0.05, 60.0, 0.02, 0.3), (12.0, 2.0, 1.0, 1.0)]


def slopes(function, at):
    """Central differences with a step for the size of each parameter."""
    at = np.array(at)
    steps = np.diag(at * 1e-6)
    return [(function(at + step)[0] - function(at - step)[0]) / (2 * step.sum()) for step in steps]


@pytest.mark.parametrize("model", repeat_buying.MODELS)
@pytest.mark.parametrize("place", PLACES)
def test_gradients_are_those_of_finite_differences(model, place):
    function = partial(repeat_buying.MODELS[model].log_likelihood, histories=MIXED)

    assert function(np.array(place))[1] == pytest.approx(slopes(function, place), rel=2e-5, abs=2e-2)


@pytest.mark.parametrize("place", [(6.25, 3.74, 15.44), (0.3, 0.5, 900.0), (40.0, 8.0, 0.2)])
def test_gradients_of_spend_are_those_of_finite_differences(place):
    spend = gamma_gamma.group(frequency=[1, 1, 2, 30, 4000], monetary=[0.01, 35.0, 35.0, 12.5, 90.0])
    function = partial(gamma_gamma.log_likelihood, spend=spend)

    assert function(np.array(place))[1] == pytest.approx(slopes(function, place), rel=2e-5, abs=2e-2)


@pytest.mark.parametrize("model", repeat_buying.MODELS)
@pytest.mark.parametrize("place", PLACES)
def test_nothing_overflows_for_thousands_of_purchases(model, place):
    functions, parameters = repeat_buying.MODELS[model], np.array(place)

    value, gradient = functions.log_likelihood(parameters, MIXED)
    alive = functions.probability_alive(parameters, MIXED)
    expected = functions.expected(parameters, MIXED, 520)

    assert np.isfinite([value, *gradient]).all()
    assert ((alive >= 0) & (alive <= 1)).all()
    assert (np.isfinite(expected) & (expected >= 0)).all()


@pytest.mark.parametrize("place", [(0.553, 10.578, 0.606, 11.669), (2.0, 6.0, 1.5, 20.0), (0.8, 20.0, 3.0, 4.0)])
def test_the_integral_of_pareto_is_the_literatures_difference_of_2f1(place):
    r, alpha, s, beta = place
    h = group(frequency=[0, 1, 2, 9], recency=[0, 5, 30.43, 20], T=[39, 38, 38.86, 30])
    x, least = h.frequency, min(alpha, beta)
    third = s + 1 if alpha >= beta else r + x

    def part(y):
        far = abs(alpha - beta) / (max(alpha, beta) + y)
        return special.hyp2f1(r + s + x, third, r + s + x + 1, far) / (max(alpha, beta) + y) ** (r + s + x)

    written = (part(h.recency) - part(h.T)) / (r + s + x)

    assert least > 0
    assert np.exp(pareto_nbd._gone(np.array(place), h).log) == pytest.approx(written, rel=1e-9)


def test_the_expectation_of_bg_is_equation_10():
    r, alpha, a, b = 0.243, 4.414, 0.793, 2.426
    h = group(frequency=[0, 1, 2, 9], recency=[0, 5, 30.43, 20], T=[39, 38, 38.86, 30])
    x, t = h.frequency, 39.0
    left = np.where(x > 0, a / (b + np.maximum(x, 1) - 1) * ((alpha + h.T) / (alpha + h.recency)) ** (r + x), 0)
    series = special.hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + h.T + t))
    shrink = ((alpha + h.T) / (alpha + h.T + t)) ** (r + x) * series
    written = (a + b + x - 1) / (a - 1) * (1 - shrink) / (1 + left)

    assert bg_nbd.expected(np.array([r, alpha, a, b]), h, t, shift=0) == pytest.approx(written, rel=1e-8)


@pytest.mark.parametrize("model", repeat_buying.MODELS)
def test_expectation_passes_smoothly_where_the_formula_is_nothing_over_nothing(model):
    functions, h = repeat_buying.MODELS[model], group(**ONE)

    below, at, above = (functions.expected(np.array([0.5, 6.0, a, 2.0]), h, 39)[0] for a in (1 - 1e-6, 1.0, 1 + 1e-6))

    assert at == pytest.approx((below + above) / 2, rel=1e-8)


def test_a_client_who_never_came_again_may_be_gone_only_in_the_modified_model():
    never = group(frequency=[0], recency=[0], T=[50])
    place = np.array([0.5, 6.0, 0.8, 2.0])

    assert repeat_buying.MODELS["bg_nbd"].probability_alive(place, never)[0] == 1
    assert 0 < repeat_buying.MODELS["mbg_nbd"].probability_alive(place, never)[0] < 1


# -- invented clients --------------------------------------------------------------------------------------------------


def invent(model, clients, weeks, seed=11):
    """Client and time in weeks of every purchase, the first ones spread over the first third of the time."""
    rng = np.random.default_rng(seed)
    r, alpha, first, second = TRUTH[model]
    rate = rng.gamma(r, 1 / alpha, clients)
    born = rng.uniform(0, weeks / 3, clients)
    leaving = rng.beta(first, second, clients)
    dies = born + rng.exponential(1 / rng.gamma(first, 1 / second, clients)) if model == "pareto_nbd" else inf
    who, when = [np.arange(clients)], [born]
    now, here = born.copy(), np.ones(clients, bool)
    if model == "mbg_nbd":
        here = rng.random(clients) > leaving
    while here.any():
        now += rng.exponential(1 / np.maximum(rate, 1e-300))
        here &= now < np.minimum(dies, weeks)
        who.append(np.flatnonzero(here))
        when.append(now[here])
        if model != "pareto_nbd":
            here &= rng.random(clients) > leaving
    return np.concatenate(who), np.concatenate(when)


def as_days(invented):
    who, weeks = invented
    return who, np.datetime64("2023-01-02") + np.floor(weeks * 7).astype(int)


@pytest.mark.parametrize("model", TRUTH)
def test_the_truth_of_invented_clients_is_found(model):
    who, when = invent(model, 20_000, 104)
    born = np.full(20_000, inf)
    np.minimum.at(born, who, when)
    last = np.zeros(20_000)
    np.maximum.at(last, who, when)

    fitted = repeat_buying.fit(model, group(frequency=np.bincount(who) - 1, recency=last - born, T=104 - born))

    assert fitted.converged
    away = (fitted.values - TRUTH[model]) / np.array(list(fitted.standard_errors.values()))
    assert np.abs(away).max() < 3.5
    assert max(fitted.standard_errors[name] / fitted.parameters[name] for name in fitted.parameters) < 0.2


@pytest.mark.parametrize("model", TRUTH)
def test_what_is_expected_of_invented_clients_comes(model):
    who, day = as_days(invent(model, 20_000, 104))
    parts = split(who, day, cut="2024-01-07", end="2024-12-28")

    fitted = repeat_buying.fit(model, parts.calibration)
    expected = repeat_buying.expected(fitted, parts.calibration, parts.weeks)
    alive = repeat_buying.probability_alive(fitted, parts.calibration)

    assert expected.sum() == pytest.approx(parts.holdout.sum(), rel=0.06)
    assert np.corrcoef(expected, parts.holdout)[0, 1] > 0.6
    # Whoever came again was alive: the mean probability among them is above that of all.
    assert alive[parts.holdout > 0].mean() > alive.mean()


def test_the_truth_of_invented_spend_is_found():
    rng = np.random.default_rng(5)
    truth = np.array([6.0, 3.5, 1500.0])
    x = rng.geometric(0.4, 20_000) - 1
    scale = 1 / rng.gamma(truth[1], 1 / truth[2], len(x))
    mean = rng.gamma(np.maximum(truth[0] * x, 1)) * scale / np.maximum(x, 1)

    fitted = gamma_gamma.fit(gamma_gamma.group(frequency=x, monetary=mean))

    errors = np.array(list(fitted.standard_errors.values()))
    assert np.abs((fitted.values - truth) / errors).max() < 3.5
    assert gamma_gamma.expected_mean(fitted, frequency=[0], monetary=[nan])[0] == pytest.approx(3600, rel=0.03)


def test_many_clients_found_by_a_sample_have_the_same_top(monkeypatch):
    parts = split(*as_days(invent("bg_nbd", 6000, 104)), cut="2024-01-07", end="2024-12-28")
    h = parts.calibration

    plain = {model: repeat_buying.fit(model, h) for model in repeat_buying.MODELS}
    monkeypatch.setattr(repeat_buying, "THIN", 400)

    for model, fitted in plain.items():
        quick = repeat_buying.fit(model, h)

        assert quick.log_likelihood == pytest.approx(fitted.log_likelihood, abs=2e-3)
        assert quick.parameters == pytest.approx(fitted.parameters, rel=2e-3)


def test_clients_alike_are_counted_by_weight():
    h = group(frequency=[2, 0, 2, 2], recency=[5, 0, 5, 6], T=[9, 9, 9, 9])

    assert h.weight.tolist() == [1, 2, 1]
    assert h.index.tolist() == [1, 0, 1, 2]
    assert h.n == 4


def test_expected_line_starts_at_nothing_and_ends_at_the_sum_of_clients():
    who, day = as_days(invent("bg_nbd", 500, 60))
    clients = buyers(who, day, asof="2024-02-25")
    fitted = repeat_buying.fit("bg_nbd", histories(clients))

    line = repeat_buying.expected_by_day(fitted, clients.first, 420)

    each = repeat_buying.MODELS["bg_nbd"].expected_new(fitted.values, (419 - (clients.first - clients.first.min())) / 7)
    assert line[0] == 0
    assert (np.diff(line) > 0).all()
    assert line[-1] == pytest.approx(each.sum())


# -- held out ----------------------------------------------------------------------------------------------------------


def test_the_right_model_fits_what_came_later():
    result = held_out(*as_days(invent("bg_nbd", 8000, 104)), cut="2024-01-07", end="2024-12-28")

    assert result.word == FITS
    assert result.chosen == "bg_nbd"
    assert result.judged["bg_nbd"].rank > 0.9
    assert not result.refused
    assert result.expected[-1] == pytest.approx(result.actual[-1], rel=0.05)


def test_a_business_that_changed_after_the_cut_does_not_fit():
    who, day = as_days(invent("bg_nbd", 5000, 104))
    early = day <= np.datetime64("2024-01-07")

    result = held_out(who[early | (who % 2 == 0)], day[early | (who % 2 == 0)], cut="2024-01-07", end="2024-12-28")

    assert {judged.word for judged in result.judged.values()} == {DOES_NOT_FIT}


def test_few_clients_tell_nothing_yet():
    result = held_out(*as_days(invent("bg_nbd", 60, 104)), cut="2024-01-07", end="2024-12-28")

    assert result.word == CANNOT_TELL


def test_who_first_came_after_the_cut_is_not_foretold():
    parts = split(
        ["a", "a", "b", "a"],
        ["2024-01-01", "2024-01-15", "2024-03-01", "2024-03-02"],
        cut="2024-01-31",
        end="2024-03-31",
    )

    assert parts.before.customer.tolist() == ["a"]
    assert parts.holdout.tolist() == [1]
    assert (parts.before.frequency[0], parts.before.recency[0], parts.before.T[0]) == (1, 2.0, 30 / 7)


def test_a_cut_after_the_end_is_refused():
    with pytest.raises(ValueError, match="earlier"):
        split(["a"], ["2024-01-01"], cut="2024-02-01", end="2024-02-01")


def test_a_base_without_clients_by_the_cut_is_refused():
    with pytest.raises(CannotFitError, match="no client"):
        split(["a"], ["2024-03-01"], cut="2024-02-01", end="2024-04-01")


# -- edges -------------------------------------------------------------------------------------------------------------


def test_several_purchases_of_a_day_are_one_and_their_money_is_summed():
    clients = buyers(
        ["a", "a", "a", "a", "b"],
        ["2024-01-01", "2024-01-08", "2024-01-08", "2024-01-22", "2024-01-03"],
        asof="2024-01-29",
        money=[500, 100, 200, 500, 70],
    )

    assert clients.frequency.tolist() == [2, 0]
    assert clients.recency.tolist() == [3, 0]
    assert clients.T.tolist() == [4, pytest.approx(26 / 7)]
    assert clients.monetary[0] == 400
    assert np.isnan(clients.monetary[1])


def test_repeats_are_summed_to_the_end_of_every_day():
    who, day = ["a", "a", "a", "b", "z"], ["2024-01-01", "2024-01-03", "2024-01-03", "2024-01-02", "2023-12-01"]
    known = buyers(who[:4], day[:4], asof="2024-01-31")

    start, line = repeats_by_day(who, day, known)

    assert start == known.first.min()
    assert line.tolist() == [0, 0, 1]


@pytest.mark.parametrize("model", repeat_buying.MODELS)
@pytest.mark.parametrize("clients", [1, 500])
def test_clients_who_never_came_again_are_refused(model, clients):
    h = group(frequency=np.zeros(clients), recency=np.zeros(clients), T=np.full(clients, 30.0))

    with pytest.raises(CannotFitError, match=f"0 of {clients} clients came again"):
        repeat_buying.fit(model, h)


def test_one_client_is_refused():
    with pytest.raises(CannotFitError, match="1 of 1 clients"):
        repeat_buying.fit("bg_nbd", group(**ONE))


@pytest.mark.parametrize("model", repeat_buying.MODELS)
def test_clients_all_alike_end_with_a_word_not_with_a_crash(model):
    h = group(frequency=np.full(50, 4), recency=np.full(50, 20.0), T=np.full(50, 21.0))

    fitted = repeat_buying.fit(model, h)

    # No spread to see: some parameter may be anything or the top is a ridge, and the fit says so.
    assert fitted.undetermined or fitted.standard_errors is None or not fitted.converged
    assert np.isfinite(fitted.log_likelihood)


@pytest.mark.parametrize("clients", [40, 3000])
@pytest.mark.parametrize("model", repeat_buying.MODELS)
def test_clients_who_never_leave_leave_the_leaving_undetermined(model, clients):
    rng = np.random.default_rng(3)
    count = rng.poisson(rng.gamma(2, 5, clients))
    h = group(
        frequency=count,
        recency=np.where(count > 0, 90 * rng.beta(np.maximum(count, 1), 1), 0),
        T=np.full(clients, 90.0),
    )

    fitted = repeat_buying.fit(model, h)

    assert fitted.converged
    assert set(fitted.undetermined) & {"a", "b", "s", "beta"}
    assert repeat_buying.probability_alive(fitted, h).mean() > 0.99
    assert repeat_buying.expected(fitted, h, 45).sum() == pytest.approx(count.sum() / 2, rel=0.02)


@pytest.mark.parametrize(
    ("frequency", "recency", "observed", "word"),
    [
        ([-1], [0], [5], "whole"),
        ([1.5], [2], [5], "whole"),
        ([1], [6], [5], "between"),
        ([1], [nan], [5], "between"),
        ([0], [2], [5], "exactly"),
        ([2], [0], [5], "exactly"),
        ([1, 1], [2], [5], "length"),
    ],
)
def test_what_is_no_history_is_refused(frequency, recency, observed, word):
    with pytest.raises(ValueError, match=word):
        group(frequency=frequency, recency=recency, T=observed)


def test_spend_of_nothing_is_left_out_and_counted():
    spend = gamma_gamma.group(frequency=[0, 1, 2, 3, 1], monetary=[nan, 0, -5, 10, nan])

    assert (spend.n, spend.left_out) == (1, 4)
    with pytest.raises(CannotFitError, match="1 clients"):
        gamma_gamma.fit(spend)


def test_spend_all_alike_is_refused():
    with pytest.raises(CannotFitError, match="the same"):
        gamma_gamma.fit(gamma_gamma.group(frequency=np.ones(50), monetary=np.full(50, 9.0)))


def test_a_mean_that_does_not_exist_is_infinite():
    fitted = Fit("gamma_gamma", {"p": 2.0, "q": 0.8, "v": 10.0}, None, -1.0, 400, True, ())

    means = gamma_gamma.expected_mean(fitted, frequency=[0, 5], monetary=[nan, 7.0])

    assert means[0] == inf
    assert means[1] == pytest.approx(2 * (10 + 35) / (10 + 0.8 - 1))
