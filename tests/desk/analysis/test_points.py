"""Points of an order in words: what is known, what is not, which step of the card, what it all sums to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from dovolen.desk.analysis import points

STEPS = points.steps_of(
    [("fact", "word"), ("over", "number"), ("up_to", "number"), ("points", "points")],
    [
        ("delay", None, 0.0, 0), ("delay", 0.0, 1.0, -4), ("delay", 1.0, 3.0, -12), ("delay", 3.0, None, -20),
        ("contacts_in", None, 0.0, 0), ("contacts_in", 0.0, 1.0, -2), ("contacts_in", 1.0, 2.0, -6),
        ("contacts_in", 2.0, None, -12), ("over_estimate", None, 0.0, 0), ("over_estimate", 0.0, 0.1, -2),
        ("repair_ratio", None, 1.0, 0), ("repair_ratio", 4.0, None, -10), ("complaint", None, 0.0, 0),
        ("complaint", 0.0, None, -20),
    ],
)  # fmt: skip


@pytest.fixture(autouse=True)
def _in_russian() -> Iterator[None]:
    with translation.override("ru"):
        yield


def told(*rows: list[object]) -> points.Told:
    return points.told([["base", None, "2026-11-01", None, 99.0], *rows], STEPS)


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_the_points_of_facts_on_the_card_sum_to_the_score_and_others_stand_beside():
    found = told(
        ["delay", 2.0, "2026-11-03", 2, -12.0],
        ["complaint", None, None, -1, -0.84],
        ["late_hours", 48.0, "2026-11-03", None, 0.0],
    )

    assert found.total == 86.16
    assert [one.fact for one in found.counted] == ["base", "delay", "complaint"]
    assert [one.fact for one in found.beside] == ["late_hours"]
    assert [one.fact for one in found.lost] == ["delay", "complaint"]


def test_a_fact_that_is_not_known_says_so_and_stands_with_its_mean():
    [_, one] = told(["complaint", None, None, -1, -0.84]).counted

    assert (plain(one.value), plain(one.step), one.signed) == ("не известно", "взят средний штраф", "−0,84")
    assert one.is_unknown
    assert one.day is None


@pytest.mark.parametrize(
    ("fact", "value", "place", "said", "step"),
    [
        ("delay", -0.5, 0, "в срок", ""),
        ("delay", 0.5, 1, "12 ч", "до 1 дня"),
        ("delay", 2.5, 2, "2,5 дня", "больше 1 дня, до 3 дней"),
        ("delay", 5.0, 3, "5 дней", "больше 3 дней"),
        ("contacts_in", 0.0, 0, "нет", ""),
        ("contacts_in", 2.0, 2, "2 раза", "2"),
        ("contacts_in", 7.0, 3, "7 раз", "3 и больше"),
        ("over_estimate", 0.05, 1, "+5,0 %", "до 10 %"),
        ("repair_ratio", 6.72, 1, "6,7× обычного", "больше 4× обычного"),
        ("complaint", 1.0, 1, "да", ""),
        ("parts_hours", 0.001, None, "нет", ""),
        ("answer", 62.0, None, "62", ""),
    ],
)
def test_a_value_and_its_step_are_said_in_their_own_units(fact: str, value: float, place: int, said: str, step: str):
    found = told([fact, value, "2026-11-03", place, -1.0])
    one = [*found.counted[1:], *found.beside][0]

    assert (plain(one.value), plain(one.step)) == (said, step)


def test_a_card_that_is_no_longer_kept_leaves_steps_unsaid():
    [_, one] = points.told([["base", None, None, None, 99.0], ["delay", 2.0, None, 2, -12.0]], {}).counted

    assert (one.step, one.points) == ("", -12.0)
