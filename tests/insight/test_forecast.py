"""What is ahead: the model against simple rules, bands that hold, the queue, changes of price planted and not."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import config, mapping, synth
from dovolen.insight.config import Config, PriceChange
from dovolen.insight.forecast import Forecast, backtest, calendar, price_change
from dovolen.insight.forecast.daily import Outlook
from dovolen.insight.results import Sheet
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.sources import open_tables
from dovolen.insight.stats import seasonal
from dovolen.insight.stats.seasonal import Series
from dovolen.insight.study import Study, study
from tests.conftest import ROOT

MONDAY = date(2024, 1, 1)
WEEK = (12.0, 10.0, 10.0, 10.0, 11.0, 8.0, 0.0)


def figures(made: Study) -> dict[str, Any]:
    """The figures of this room alone."""
    return {figure.key: figure for figure in _room(made).figures()}


def sheets(made: Study) -> dict[str, Sheet]:
    """The sheets of this room alone."""
    return {found.key: found for found in _room(made).sheets() if found}


def _room(made: Study) -> Forecast:
    [room] = [one for one in made.rooms if isinstance(one, Forecast)]
    return room


def plain(values: Any, holidays: dict[int, str] | None = None, horizon: int = 28) -> Series:
    """A series from a Monday on, with holidays by place."""
    names = np.full(len(values) + horizon, "", object)
    for place, name in (holidays or {}).items():
        names[place] = name
    return Series(np.asarray(values, np.float64), names)


def drawn(days: int, seed: int, level: Callable[[Any], Any] = lambda day: 1.0) -> np.ndarray[Any, Any]:
    """Poisson orders with the week above and a level by day."""
    day = np.arange(days)
    return np.random.default_rng(seed).poisson(np.resize(WEEK, days) * level(day)).astype(float)


# The rules


def test_a_week_that_repeats_is_foretold_exactly():
    known = plain(np.resize(WEEK, 140))

    for rule in ("model", "last_week", "four_weeks"):
        assert backtest.RULES[rule](known, 28) == pytest.approx(np.resize(WEEK, 28))


def test_the_level_follows_the_last_weeks_and_the_closed_day_stays_closed():
    known = plain(np.resize(WEEK, 364) * np.repeat((1.0, 2.0), (182, 182)))

    said = seasonal.model(known, 7)

    assert said[:6].sum() == pytest.approx(2 * sum(WEEK), rel=0.05)
    assert said[6] == 0


def test_a_december_of_two_years_is_expected_again():
    def level(day: Any) -> Any:
        return np.where((day % 364) >= 336, 1.8, 1.0)

    quiet, peak = plain(drawn(3 * 364 - 28, 1, level)), sum(WEEK) * 4

    said = seasonal.model(quiet, 28).sum()

    assert 1.3 * peak < said < 1.9 * peak


def test_a_holiday_closes_what_it_closed_before_and_learns_from_its_own_past():
    values = np.resize(WEEK, 730)
    shut, busy = dict.fromkeys((100, 464), "shut"), dict.fromkeys((150, 514), "busy")
    values[list(shut)], values[list(busy)] = 0, 2 * np.array(WEEK)[[place % 7 for place in busy]]
    ahead = {732: "shut", 736: "busy", 739: "never seen"}
    usual = np.resize(WEEK, 760)

    found = seasonal.model(plain(values, shut | busy | ahead), 28)

    assert found[2] < 0.5 * usual[732]
    assert found[6] > found[2]
    assert found[2] / usual[732] < found[9] / usual[739] < found[6] / usual[736]


def test_holidays_of_countries_are_named_and_brackets_make_no_other_day():
    named = calendar.named(calendar.span(date(2025, 12, 29), 14), "RU")
    colombia = calendar.named([date(2018, 1, 8), date(2018, 1, 9)], "CO")

    assert list(named == "") == [True, True, False, *[False] * 8, False, True, True]
    assert list(colombia == "") == [False, True]
    assert "(" not in "".join([*named, *colombia])
    assert (calendar.named(calendar.span(date(2025, 12, 29), 14), "") == "").all()
    assert (calendar.country_of("auto", "COP"), calendar.country_of("", "RUB"), calendar.country_of("kz", "RUB")) == (
        "CO", "", "KZ",
    )  # fmt: skip
    assert calendar.country_of("auto", "EUR") == ""


# The trial


@pytest.mark.parametrize("seed", range(4))
def test_on_a_steady_centre_the_model_wins_and_its_band_holds_what_it_says(seed: int):
    tried = backtest.run(plain(drawn(800, seed)), 28)

    assert tried
    assert tried.origins == 48
    assert tried.used == "model"
    share, low, high, blocks = tried.gain()
    assert blocks == 12
    assert low is not None
    assert high is not None
    assert 0 < low < share < high
    of_days, days, of_weeks, weeks = tried.coverage()
    assert (days, weeks) == (48 * 28, 48 * 4)
    assert 0.74 < of_days < 0.88
    assert 0.74 < of_weeks < 0.97


def test_where_a_simple_rule_errs_less_it_is_used_and_the_gain_is_negative():
    # Every fourth week is twice as busy: last year's place (364 days = 52 weeks) knows it, a smooth level cannot.
    values = drawn(1092, 2, lambda day: np.where(day // 7 % 4 == 0, 6.0, 3.0))
    outlook = Outlook(MONDAY, plain(values), 28)

    assert outlook.tried
    assert outlook.rule == "last_year"
    assert outlook.tried.gain()[0] < 0
    assert outlook.expected == pytest.approx(np.resize(values[-364:], 28))


def test_where_hardly_anything_comes_a_rule_is_chosen_by_weeks():
    rare = np.random.default_rng(4).poisson(np.resize(WEEK, 800) / 40).astype(float)
    tried = backtest.run(plain(rare), 28)

    assert tried
    assert tried.used == min(tried.scores, key=lambda name: tried.scores[name].wape_weeks)
    assert abs(tried.scores[tried.used].bias) < 0.2


def test_nothing_is_said_of_errors_before_eight_origins_and_no_band_is_drawn():
    assert backtest.run(plain(drawn(132, 1)), 28) is None
    assert backtest.run(plain(drawn(134, 1)), 28) is not None
    young = Outlook(MONDAY, plain(drawn(70, 1)), 28)
    assert young.rule == "four_weeks"
    assert young.total()[1:] == (None, None)
    assert young.band() == [(None, None)] * 28


# In the study


def _study(days: list[date], asof: date | None = None, **settings: Any) -> Study:
    orders = {"order_id": list(range(len(days))), "accepted_date": days}
    return study(Tables({"orders": pa.table(orders)}), asof, Config(**settings))


def _each(counts: Any) -> list[date]:
    return [MONDAY + timedelta(days=place) for place, count in enumerate(counts) for _ in range(int(count))]


def test_seven_weeks_are_too_short_and_that_is_said():
    made = _study(_each(np.resize(WEEK, 49)))

    assert figures(made)["forecast.orders"].few
    assert figures(made)["forecast.orders"].value is None
    assert not [key for key in sheets(made) if key.startswith("forecast.")]


def test_the_end_of_the_file_is_no_fall():
    days = _each(drawn(500, 3))
    ended, later = _study(days), _study(days, asof=date(2025, 12, 1))

    one, other = (figures(made)["forecast.orders"].value for made in (ended, later))
    assert one == other
    assert isinstance(one, float)
    assert one == pytest.approx(4 * sum(WEEK), rel=0.15)
    assert sheets(later)["forecast.days"].rows[0][0] == max(days) + timedelta(days=1)


def test_weeks_join_what_came_with_what_is_expected():
    made = _study(_each(np.resize(WEEK, 728)))
    weeks, days = (sheets(made)[f"forecast.{name}"].records() for name in ("weeks", "days"))

    assert [row["came"] is None for row in weeks] == [False] * 8 + [True] * 4
    assert {row["came"] for row in weeks[:8]} == {sum(WEEK)}
    assert all(later["since"] == earlier["until"] + timedelta(days=1) for earlier, later in pairwise(weeks))
    assert sum(row["expected"] for row in days) == pytest.approx(figures(made)["forecast.orders"].value)
    assert [row["is_worked"] for row in sheets(made)["forecast.weekdays"].records()] == [True] * 6 + [False]
    assert {row["weekday"] for row in days if row["expected"] < 0.5} >= {7}


def test_an_unknown_country_is_refused_in_words():
    with pytest.raises(SchemaError, match="holidays_country"):
        _ = _study(_each(np.resize(WEEK, 100)), holidays_country="ZZ").figures


@pytest.fixture(scope="module")
def centre() -> Study:
    return study(Tables(synth.centre(1_500, 11)))


def test_norm_hours_are_forecast_beside_orders(centre: Study):
    rows = sheets(centre)["forecast.backtest"].records()

    assert {row["measure"] for row in rows} == {"orders", "norm_hours"}
    assert sum(row["used"] for row in rows) == 2
    for measure in ("orders", "norm_hours"):
        errors = {row["forecast_rule"]: row["error_day"] for row in rows if row["measure"] == measure}
        assert [row["forecast_rule"] for row in rows if row["measure"] == measure and row["used"]] == [
            min(errors, key=lambda name: errors[name])
        ]
    hours = [row["norm_hours"] for row in sheets(centre)["forecast.weeks"].records()[:8]]
    assert hours[-1] > 0.6 * np.mean(hours[:-1])  # orders whose work is not written yet are counted as usual ones


def test_the_queue_adds_up_over_technicians(centre: Study):
    told, rows = figures(centre), sheets(centre)["queue.technicians"].records()

    assert sum(row["open_orders"] for row in rows) == told["queue.orders"].value
    assert sum(row["hours_waiting"] for row in rows) == pytest.approx(told["queue.hours"].value)
    shown = [row for row in rows if not row["withheld"]]
    assert all(row["days_to_clear"] == pytest.approx(row["hours_waiting"] / row["a_day"]) for row in shown)
    assert told["queue.days"].value == pytest.approx(told["queue.hours"].value / told["queue.pace_hours"].value)
    assert all((row["finished"] < 20) == row["withheld"] for row in rows)


QUEUE = """
order_id accepted_at          ready_at             technician outcome
1        2025-03-03T09:00:00Z 2025-03-04T09:00:00Z Anna       repaired
2        2025-03-03T09:00:00Z 2025-03-05T09:00:00Z Anna       repaired
3        2025-03-04T09:00:00Z 2025-03-05T09:00:00Z Boris      repaired
4        2025-03-04T09:00:00Z -                    Anna       -
5        2025-03-05T09:00:00Z 2025-03-20T09:00:00Z Anna       repaired
6        2025-03-05T09:00:00Z -                    Boris      cancelled
7        2024-03-05T09:00:00Z -                    Boris      -
"""


def test_a_queue_by_hand():
    names, *rows = (line.split() for line in QUEUE.strip().splitlines())
    columns = dict(zip(names, map(list, zip(*rows, strict=True)), strict=True))
    orders: dict[str, Any] = {
        name: [None if cell == "-" else cell for cell in cells] for name, cells in columns.items()
    }
    for name in ("accepted_at", "ready_at"):
        orders[name] = pa.array(orders[name]).cast(pa.timestamp("us", tz="UTC"))
    lines = {
        "order_id": ["1", "2", "3", "4", "4"], "kind": ["labour"] * 5, "name": ["a", "a", "b", "a", "b"],
        "norm_hours": [2.0, 2.0, 4.0, None, 1.5],
    }  # fmt: skip
    made = study(Tables({"orders": pa.table(orders), "lines": pa.table(lines)}), date(2025, 3, 10), Config(minimum=1))
    told = {key: figure.value for key, figure in figures(made).items() if key.startswith("queue.")}

    # 4: the usual 2 hours of job a and its own 1.5; 5 has no lines: a usual order, the median of 2, 2, 4 and 1.5.
    # Three orders of 8 hours got ready on two days; 7 lies there for a year and is forgotten.
    assert told["queue.orders"] == 2
    assert told["queue.hours"] == pytest.approx(3.5 + 2.0)
    assert told["queue.pace_hours"] == pytest.approx(8 / 2)
    assert told["queue.days"] == pytest.approx(5.5 / 4)
    assert told["queue.stale"] == 1


def test_warranties_that_end_within_ninety_days_by_month(centre: Study):
    rows = sheets(centre)["queue.warranties"].records()
    assets = centre.views.row(
        "SELECT COUNT(*) AS n FROM assets WHERE warranty_until > $asof AND warranty_until <= $until "
        "AND (left_at IS NULL OR left_at > $asof)", asof=centre.asof, until=centre.asof + timedelta(days=90),
    )  # fmt: skip

    assert sum(row["ending"] for row in rows) == assets["n"] > 0


# What a change of price did


def weeks(seed: int, planted: float, apart: float = 0.0) -> tuple[price_change.Weekly, price_change.Weekly]:
    """26 weeks before and after of two kinds that share their ups and downs; the effect falls on one of them."""
    rng = np.random.default_rng(seed)
    shared = np.exp(0.2 * np.sin(np.arange(52) / 6) + rng.normal(0, 0.08, 52))
    grows = np.exp(apart * np.arange(52))
    changed = rng.poisson(60 * shared * grows * np.repeat((1.0, 1.0 + planted), 26)).astype(float)
    kept = rng.poisson(150 * shared).astype(float)
    return price_change.Weekly(changed[:26], kept[:26]), price_change.Weekly(changed[26:], kept[26:])


def test_a_planted_change_is_found_with_its_size():
    found = [price_change.effect(*weeks(seed, -0.2), orders=500, minimum=20) for seed in range(60)]

    assert np.mean([one.share for one in found]) == pytest.approx(-0.2, abs=0.02)
    assert sum(one.verdict == "down" for one in found) >= 50
    assert sum(one.low < -0.2 < one.high for one in found) >= 52  # type: ignore[operator]


def test_where_nothing_was_planted_hardly_anything_is_found():
    found = [price_change.effect(*weeks(seed, 0.0), orders=500, minimum=20) for seed in range(200)]

    assert sum(one.verdict in ("up", "down") for one in found) <= 18
    assert sum(one.verdict == "moved_before" for one in found) <= 18


def test_kinds_that_moved_apart_before_are_not_judged():
    found = [price_change.effect(*weeks(seed, 0.0, apart=0.02), orders=500, minimum=20).verdict for seed in range(20)]

    assert found.count("moved_before") >= 18


def test_few_weeks_or_orders_give_no_number():
    before, after = weeks(1, 0.5)

    assert price_change.effect(before, after, orders=19, minimum=20).verdict == "few"
    assert price_change.effect(before, after.part(0, 7), orders=500, minimum=20).share is None


def test_a_change_in_the_settings_becomes_a_row_of_the_study():
    rng = np.random.default_rng(5)
    orders, assets = [], []
    for kind, (category, rate) in enumerate((("phone", 8.0), ("laptop", 14.0))):
        assets.append({"asset_id": kind, "category": category})
        for day in range(420):
            slower = 0.6 if category == "phone" and day >= 210 else 1.0
            orders += [
                {"accepted_date": MONDAY + timedelta(days=day), "asset_id": kind, "revenue": 100_00}
            ] * rng.poisson(rate * slower)
    tables = Tables({"orders": pa.Table.from_pylist(orders), "assets": pa.Table.from_pylist(assets)})
    change = PriceChange(MONDAY + timedelta(days=210), category="Phone", note="+15 %")

    made = study(tables, None, Config(price_changes=(change,)))

    for measure in ("orders", "revenue"):
        [row] = sheets(made)[f"price.{measure}"].records()
        assert (row["category"], row["brand"], row["verdict"], row["note"]) == ("Phone", None, "down", "+15 %")
        assert row["low"] < -0.4 < row["high"]
        assert row["after_a_day"] < row["expected_a_day"]


def test_changes_of_price_are_read_from_the_settings(tmp_path: Path):
    file = tmp_path / "settings.toml"
    file.write_text('[[price_changes]]\ndate = 2025-03-01\nbrand = "Lada"\n')
    assert config.load(file).price_changes == (PriceChange(date(2025, 3, 1), brand="Lada"),)

    file.write_text("[[price_changes]]\ndate = 2025-03-01\n")
    with pytest.raises(SchemaError, match="price_changes"):
        config.load(file)


# A real chain


def test_on_the_tyre_chain_what_is_used_is_no_worse_than_the_simple_rules(shared: Path):
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    made = study(open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml"))), date(2018, 12, 31))
    rows = {row["forecast_rule"]: row for row in sheets(made)["forecast.backtest"].records()}
    told = figures(made)

    for name, row in rows.items():
        ahead = ", ".join(f"{row[f'ahead_{week}']:.1%}" for week in (1, 2, 3, 4))
        print(f"\n{name}: MAE {row['error_day']:.2f} a day, WAPE {row['error_share']:.1%} (weeks ahead {ahead}), "
              f"of a week {row['error_week_share']:.1%}, tilt {row['tilt']:+.1%}, n = {row['tried_days']} days of "
              f"{row['origins']} origins{' – used' if row['used'] else ''}", end="")  # fmt: skip
    gain = told["forecast.gain"]
    print(f"\ngain {gain.value:.1%} ({gain.low:.1%} … {gain.high:.1%}), {gain.n} blocks; band held "
          f"{told['forecast.held_days'].value:.1%} of days, {told['forecast.held_weeks'].value:.1%} of weeks")  # fmt: skip
    [used] = [row for row in rows.values() if row["used"]]
    assert used["origins"] >= 8
    assert used["error_day"] <= min(row["error_day"] for row in rows.values())
    assert set(rows) == {"model", "last_week", "four_weeks", "last_year"}
    assert gain.low is not None
    assert gain.low > 0
    assert 0.72 < told["forecast.held_days"].value < 0.88  # type: ignore[operator]
    sunday = sheets(made)["forecast.weekdays"].records()[6]
    assert not sunday["is_worked"]
    assert used["error_share"] < 0.2
