"""Numbers of devices and vehicles: compared however they were typed, and checked by their control digits."""

from __future__ import annotations

import pytest

import tests.desk.conftest  # noqa: F401 – sets Django up
from dovolen.desk.assets.identifiers import imei_problem, plate_key, problem, serial_key, vin_control, vin_problem


@pytest.mark.parametrize("typed", ["а123вс77", "A 123 BC 77", "А123ВС 77 RUS", "a123bc77rus", "Ａ１２３ＢＣ７７"])
def test_a_plate_is_one_in_either_alphabet_and_any_spacing(typed: str) -> None:
    assert plate_key(typed) == "A123BC77"


def test_letters_without_a_latin_twin_stay_as_they_are() -> None:
    assert serial_key("ЖЦ-15 ё") == "ЖЦ15E"
    assert serial_key(" \t-/ ") == ""


def test_a_serial_number_is_one_with_and_without_dashes() -> None:
    assert serial_key("c02-xk1 23/jgh") == serial_key("С02XK123JGH") == "C02XK123JGH"


@pytest.mark.parametrize("good", ["354178036859789", "35-417803-685978-9", "490154203237518"])
def test_an_imei_with_its_control_digit_is_sound(good: str) -> None:
    assert imei_problem(good) is None


def test_an_imei_with_a_digit_lost_or_mistyped_is_told() -> None:
    assert imei_problem("35417803685978") == "assets.problem.imei_length"
    assert imei_problem("354178036859788") == "assets.problem.imei_control"
    assert imei_problem("35417803685978A") == "assets.problem.imei_length"


@pytest.mark.parametrize("good", ["1M8GDM9AXKP042788", "11111111111111111", "5GZCZ43D13S812715", "XTA210990Y2766389"])
def test_a_vin_is_sound_and_only_some_regions_have_a_control_digit(good: str) -> None:
    assert vin_problem(good) is None


def test_a_vin_is_told_by_length_letters_and_control_digit() -> None:
    assert vin_problem("XTA21099Y276638") == "assets.problem.vin_length"
    assert vin_problem("XTA21099OY2766389") == "assets.problem.vin_letters"
    assert vin_problem("XTA21099ЖY2766389") == "assets.problem.vin_letters"
    assert vin_problem("1M8GDM9A1KP042788") == "assets.problem.vin_control"


def test_the_control_letter_of_a_vin_is_the_published_one() -> None:
    assert vin_control("1M8GDM9A_KP042788".replace("_", "0")) == "X"


def test_a_plain_serial_number_and_an_empty_one_have_no_problem() -> None:
    assert problem("serial", "whatever 1") is None
    assert problem("imei", " ") is None
    assert problem("vin", "12") == "assets.problem.vin_length"
