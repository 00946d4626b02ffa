"""Settings: what a file may change, and one sentence for what it may not."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path

import pytest

from dovolen.insight.config import Config, FactPoints, Segment, differing, from_values, load
from dovolen.insight.satisfaction import cards
from dovolen.insight.schema import SchemaError
from dovolen.insight.words import LANGUAGES, Words


@pytest.fixture
def settings(tmp_path: Path):
    """Load these lines of TOML."""

    def loaded(text: str, **given: object) -> Config:
        path = tmp_path / "settings.toml"
        path.write_text(text, "utf-8")
        return load(path, **given)

    return loaded


def refused(settings, text: str, **given: object) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        settings(text, **given)
    return caught.value


def test_without_a_file_the_defaults_hold():
    assert load(None) == Config()


def test_defaults_are_those_of_the_definitions():
    config = Config()

    assert (config.limit_floor_days, config.limit_default_days) == (60, 180)
    assert (config.regular_orders, config.regular_days, config.regular_assets) == (6, 91, 4)
    assert (config.window_assets, config.pickups_min, config.pickup_hours) == (24, 5, 2.0)
    assert (config.fleet_assets, config.fleet_orders) == (10, 24)
    assert (config.warn_share, config.alarm_share, config.minimum) == (0.10, 0.20, 20)


def test_a_file_changes_what_it_names(settings):
    config = settings('minimum = 5\npickup_hours = 1\nrfm_money = "margin"')

    assert (config.minimum, config.pickup_hours, config.rfm_money) == (5, 1.0, "margin")
    assert config.limit_floor_days == Config().limit_floor_days


def test_what_is_given_comes_before_the_file_and_none_gives_nothing(settings):
    assert settings('grid = "3"', grid="5", direction=None).grid == "5"
    assert settings('grid = "3"', grid=None).grid == "3"


def test_a_grid_may_be_written_as_a_number(settings):
    assert settings("grid = 3").grid == "3"


def test_cuts_and_segments_of_the_users_own(settings):
    config = settings(
        'rfm_method = "fixed"\ncuts_r = [30, 90.5]\n'
        '[[segments]]\nname = "Gold"\ncells = ["333", "332"]\ntactic = "call them"\n'
    )

    assert config.cuts_r == (30, 90.5)
    assert config.segments == (Segment("Gold", ("333", "332"), "call them"),)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("minimun = 5", "error.no_setting"),
        ('grid = "4"', "error.setting_choice"),
        ('rfm_cut = "below"', "error.setting_choice"),
        ("minimum = 0", "error.setting_whole"),
        ("minimum = true", "error.setting_whole"),
        ('minimum = "many"', "error.setting_whole"),
        ("warn_share = -0.1", "error.setting_number"),
        ("limit_floor_days = nan", "error.setting_whole"),
        ("limit_floor_days = inf", "error.setting_whole"),
        ("regular_days = 30.5", "error.setting_whole"),
        ("cuts_r = [30, inf]", "error.setting_cuts"),
        ('[[category_cuts]]\ncategory = "laptop"', "error.setting_category_cuts"),
        ("cuts_r = [90, 30]", "error.setting_cuts"),
        ("cuts_r = [30, 30]", "error.setting_cuts"),
        ('cuts_r = ["30"]', "error.setting_cuts"),
        ("cuts_r = 30", "error.setting_cuts"),
        ('segments = "all"', "error.setting_segments"),
        ('[[segments]]\nname = "Gold"\ncells = ["336"]', "error.setting_segments"),
        ('[[segments]]\ncells = ["333"]', "error.setting_segments"),
        ('[[segments]]\nname = "Gold"\ncells = 333', "error.setting_segments"),
        ("minimum = ", "error.bad_settings"),
    ],
)
def test_what_cannot_be_is_refused_with_its_name(settings, text, key):
    refusal = refused(settings, text)

    assert refusal.key == key
    assert str(refusal) == Words("en").say(key, **refusal.values).replace("\u00a0", " ")
    for lang in LANGUAGES:
        assert "{" not in Words(lang).say(key, **refusal.values)


def test_a_file_that_is_not_there_or_is_no_text_is_told(tmp_path):
    (tmp_path / "junk.toml").write_bytes(b"\xff\xfe\x00")

    for name in ("none.toml", "junk.toml"):
        with pytest.raises(SchemaError, match=name):
            load(tmp_path / name)


def test_every_setting_is_a_plain_value():
    assert {type(getattr(Config(), field.name)) for field in fields(Config)} <= {str, int, float, tuple}


# Values that came from elsewhere


def refused_values(**values: object) -> SchemaError:
    with pytest.raises(SchemaError) as caught:
        from_values(values)
    return caught.value


def test_values_of_json_make_the_same_settings_as_a_file(settings):
    text = (
        'minimum = 5\ncuts_r = [30, 90]\n[[segments]]\nname = "VIP"\ncells = ["555"]\n'
        '[[ages]]\ncategory = "car"\nsince = 3\nuntil = 6\n[[price_changes]]\ndate = 2025-03-01\nbrand = "Acer"\n'
        '[[card_points]]\nfact = "delay"\npoints = [0, -5, -10]'
    )
    config = settings(text)

    kept = json.loads(json.dumps(differing(config)))

    assert from_values(kept) == config
    assert sorted(kept) == ["ages", "card_points", "cuts_r", "minimum", "price_changes", "segments"]


def test_the_defaults_differ_in_nothing():
    assert differing(Config()) == {}
    assert from_values({}) == Config()


@pytest.mark.parametrize(
    ("values", "key", "name"),
    [
        ({"scorecard": "/etc/passwd"}, "error.setting_choice", "scorecard"),
        ({"warn_share": 1.5}, "error.setting_share", "warn_share"),
        ({"score_half_life_days": 0}, "error.setting_whole", "score_half_life_days"),
        ({"rework_days": 10**9}, "error.setting_too_large", "rework_days"),
        ({"holidays_country": "../RU"}, "error.setting_choice", "holidays_country"),
        ({"nonsense": 1}, "error.no_setting", "nonsense"),
        ({"regular_orders": "six"}, "error.setting_whole", "regular_orders"),
    ],
)
def test_what_nobody_may_give_is_refused_by_its_name(values, key, name):
    refusal = refused_values(**values)

    assert (refusal.key, refusal.values["name"]) == (key, name)


def test_points_of_a_card_need_a_fact_and_numbers_within_reason():
    for wrong in ([{"fact": "delay"}], [{"points": [1]}], [{"fact": "delay", "points": [1000]}], ["delay"]):
        assert refused_values(card_points=wrong).key == "error.setting_card_points"


def test_a_card_takes_points_of_ones_own_and_says_so():
    card = cards.load("evidence")
    delay = next(fact for fact in card.facts if fact.name == "delay")
    other = tuple(points * 2 for points in delay.points)

    made = cards.with_points(card, (FactPoints("delay", other), FactPoints("not_there", (1.0,))))

    assert next(fact for fact in made.facts if fact.name == "delay").points == other
    assert made.version == f"{card.version}+"
    assert cards.with_points(card, ()) == card


def test_too_few_points_for_the_steps_of_a_fact_are_refused():
    with pytest.raises(SchemaError) as caught:
        cards.with_points(cards.load("evidence"), (FactPoints("delay", (1.0,)),))
    assert caught.value.key == "error.card_points_count"
