"""Answers: every kind by its own rule, small cells withheld and counted, silence told by the surest source there is."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pyarrow as pa
import pytest

from dovolen.insight.feedback import Feedback
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.schema import Tables
from dovolen.insight.stats import surveys
from dovolen.insight.study import Study, study
from dovolen.insight.words import LANGUAGES, Words

ASOF = date(2026, 6, 30)
LATE = date(2026, 5, 1)


def answered(
    kind: str, scores: list[float | None], *, on: date = LATE, manager: str | None = "Марина", **more: Any
) -> dict[str, list[Any]]:
    """So many answers of one kind on one day."""
    n = len(scores)
    moment = datetime(on.year, on.month, on.day, 9, tzinfo=UTC)
    return {
        "customer_id": list(range(1, n + 1)), "at": [moment] * n, "kind": [kind] * n, "score": scores,
        "scale": [{"csat": 5.0, "review": 5.0}.get(kind, 10.0)] * n, "by_manager": [manager] * n,
    } | more  # fmt: skip


def asked(*parts: dict[str, list[Any]], **more: pa.Table) -> Study:
    """A base with these answers, where a hundred clients picked up an order on the day of the late ones."""
    rows = {name: [value for part in parts for value in part[name]] for name in parts[0]}
    made = pa.table(
        {
            name: pa.array(values, pa.timestamp("us", tz="UTC")) if name == "at" else values
            for name, values in rows.items()
        }
    )
    moment = pa.array([datetime(2026, 5, 1, 9, tzinfo=UTC)] * 100, pa.timestamp("us", tz="UTC"))
    orders = pa.table(
        {
            "order_id": list(range(100)),
            "customer_id": list(range(1, 101)),
            "accepted_at": moment,
            "picked_up_at": moment,
        }
    )
    return study(Tables({"orders": orders, "feedback": made, **more}), ASOF)


def room(made: Study) -> Feedback:
    [found] = [one for one in made.rooms if isinstance(one, Feedback)]
    return found


def figures(made: Study) -> dict[str, Figure]:
    return {one.key: one for one in room(made).figures()}


def sheets(made: Study) -> dict[str, Sheet]:
    return {one.key: one for one in room(made).sheets() if one is not None}


def test_the_three_kinds_are_what_the_mathematics_says_of_the_answers() -> None:
    nps, csi, csat = [10] * 20 + [8] * 15 + [3] * 5, [8] * 27 + [5] * 10 + [2] * 3, [5] * 10 + [4] * 10 + [1] * 10

    told = figures(asked(answered("nps", nps), answered("csi", csi), answered("csat", csat)))
    for kind, expected in (("nps", surveys.nps(nps)), ("csi", surveys.csi(csi)), ("csat", surveys.csat(csat))):
        one = told[f"feedback.{kind}"]
        assert (one.value, one.low, one.high, one.n) == pytest.approx(
            (expected.value, expected.low, expected.high, expected.n)
        )
    assert told["feedback.nps"].value == 37.5
    assert told["feedback.csi"].value == 9


def test_csi_without_low_answers_is_no_ratio_and_says_so() -> None:
    told = figures(asked(answered("csi", [9] * 25)))

    assert "feedback.csi" not in told
    assert (told["feedback.csi_no_low"].value, told["feedback.csi_no_low"].note) == (25, "no_low_answers")


def test_under_twenty_answers_there_is_no_figure_and_a_manager_of_few_is_withheld() -> None:
    made = asked(answered("nps", [9] * 19, manager="Олег"), answered("nps", [10] * 30, manager="Марина"))

    assert figures(made)["feedback.nps"].n == 49
    best, few = sheets(made)["feedback.nps_managers"].records()
    assert (best["answered_to"], best["nps"], best["withheld"]) == ("Марина", 100, False)
    assert (few["answered_to"], few["withheld"]) == ("Олег", True)
    assert {few[name] for name in ("nps", "low", "high", "n_answers", "good_answers", "bad_answers")} == {None}
    assert figures(asked(answered("nps", [9] * 19)))["feedback.nps"].few


def test_figures_tell_the_latest_year_and_quarters_tell_all() -> None:
    old = answered("csat", [1] * 30, on=date(2025, 4, 30))
    moment = pa.array([datetime(2025, 1, 1, tzinfo=UTC)], pa.timestamp("us", tz="UTC"))
    first = pa.table({"order_id": [900], "customer_id": [900], "accepted_at": moment, "picked_up_at": moment})
    made = asked(old, answered("csat", [5] * 40), orders=first)

    csat = figures(made)["feedback.csat"]
    assert (csat.value, csat.n, csat.since) == (1.0, 40, ASOF - timedelta(days=364))
    quarters = {row["quarter"]: row["csat"] for row in sheets(made)["feedback.csat_quarters"].records()}
    assert quarters == {"2025-Q2": 0.0, "2026-Q2": 1.0}


def test_answers_off_their_scale_are_told_and_count_nowhere() -> None:
    told = figures(asked(answered("nps", [9] * 30 + [11, 4.5])))

    assert told["feedback.off_scale"].value == 2
    assert told["feedback.nps"].n == 30


def test_silence_is_told_by_the_surest_source() -> None:
    answers = answered("nps", [9] * 25)
    by_pickup = figures(asked(answers))["feedback.response"]
    blank = figures(asked(answers, answered("nps", [None] * 75)))["feedback.response"]
    sent = pa.array([datetime(2026, 5, 1, 9, tzinfo=UTC)] * 50, pa.timestamp("us", tz="UTC"))
    messages = pa.table({"customer_id": list(range(1, 51)), "sent_at": sent, "purpose": ["survey"] * 50})
    by_message = figures(asked(answers, messages=messages))["feedback.response"]

    assert (by_pickup.value, by_pickup.n, by_pickup.rule) == (0.25, 100, "rule.feedback.response_pickup")
    assert (blank.value, blank.n, blank.rule) == (0.25, 100, "rule.feedback.response_blank")
    assert (by_message.value, by_message.n, by_message.rule) == (0.5, 50, "rule.feedback.response_message")


def test_reviews_have_a_mean_and_a_count_of_each_score() -> None:
    made = asked(answered("review", [5.0] * 20 + [4.5] * 5 + [1.0] * 5))

    review = figures(made)["feedback.review"]
    assert review.value == pytest.approx(127.5 / 30)
    assert review.low < review.value < review.high
    rows = sheets(made)["feedback.reviews"].records()
    assert [(row["review_score"], row["n_answers"]) for row in rows] == [(5.0, 20), (4.5, 5), (1.0, 5)]


def test_a_source_without_answers_says_what_is_missing() -> None:
    orders = asked(answered("nps", [9] * 20))._tables.data["orders"]
    bare = room(study(Tables({"orders": orders})))

    assert ("feedback", "feedback.score") in bare.missing()
    assert (bare.figures(), bare.sheets()) == ([], [])


def test_every_figure_and_sheet_has_its_words() -> None:
    made = asked(
        answered("nps", [9] * 25 + [2]),
        answered("csi", [9] * 25),
        answered("csat", [5] * 25),
        answered("review", [5.0] * 25),
    )

    for lang in LANGUAGES:
        words = Words(lang)
        assert all(f"figure.{one.key}" in words and one.rule in words for one in figures(made).values())
        for sheet in sheets(made).values():
            assert f"sheet.{sheet.key}" in words
            assert sheet.rule in words
            assert all(f"column.{name}" in words for name, _ in sheet.columns)


def test_a_manager_without_low_answers_stands_before_every_ratio() -> None:
    made = asked(answered("csi", [9] * 25 + [1], manager="Олег"), answered("csi", [9] * 20, manager="Марина"))

    best, ratio = sheets(made)["feedback.csi_managers"].records()
    assert (best["answered_to"], best["csi"], best["csi_says"]) == ("Марина", None, "no_low_answers")
    assert (ratio["answered_to"], ratio["csi"], ratio["csi_says"]) == ("Олег", 25, None)
