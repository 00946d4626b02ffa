"""Renewal: the list by its index, weights only once they can be learnt, and their worth judged on later enquiries."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from dovolen.insight import synth
from dovolen.insight.renewal import Renewal, learnt
from dovolen.insight.report import study_json
from dovolen.insight.results import Figure, Sheet
from dovolen.insight.schema import Tables
from dovolen.insight.study import Study, study
from dovolen.insight.synth.outreach import LEAD_WEIGHTS
from dovolen.insight.words import LANGUAGES, Words

ASOF = date(2026, 6, 30)
MARKS = ("brand", "attractiveness", "pitch")


def room(made: Study) -> Renewal:
    [found] = [one for one in made.rooms if isinstance(one, Renewal)]
    return found


def sheets(made: Study) -> dict[str, Sheet]:
    return {one.key: one for one in room(made).sheets() if one is not None}


def figures(made: Study) -> dict[str, Figure]:
    return {one.key: one for one in room(made).figures()}


@cache
def invented() -> Study:
    return study(Tables(synth.centre(3000, 5)))


def with_leads(rows: list[dict[str, Any]]) -> Study:
    """A base of two clients and these enquiries, a day apart."""
    begin = datetime(2026, 6, 1, 9, tzinfo=UTC)
    names = ("customer_id", *MARKS, "outcome", "lost_reason", "next_contact_at")
    moments = ("at", "next_contact_at")
    columns = {name: [row.get(name) for row in rows] for name in names}
    columns |= {"lead_id": list(range(1, len(rows) + 1)), "at": [begin + timedelta(hours=n) for n in range(len(rows))]}
    leads = {
        name: pa.array(values, pa.timestamp("us", tz="UTC") if name in moments else None)
        for name, values in columns.items()
    }
    moment = pa.array([begin] * 2, pa.timestamp("us", tz="UTC"))
    orders = pa.table({"order_id": [1, 2], "customer_id": [1, 2], "accepted_at": moment})
    return study(Tables({"orders": orders, "leads": pa.table(leads)}), ASOF)


def enquiry(brand: int, attractiveness: int, pitch: int, **more: Any) -> dict[str, Any]:
    return {"brand": brand, "attractiveness": attractiveness, "pitch": pitch, "outcome": None} | more


def drawn(n: int, weights: tuple[float, float, float], seed: int) -> tuple[Any, Any]:
    """Marks and outcomes where a mark more is worth so much in the log odds."""
    rng = np.random.default_rng(seed)
    marks = rng.integers(1, 6, (n, 3)).astype(np.float64)
    odds = (marks - 3) @ np.array(weights)
    return marks, (rng.random(n) < 1 / (1 + np.exp(-odds))).astype(np.float64)


# The list


def test_the_highest_index_stands_first_and_among_equals_the_earliest_contact() -> None:
    later, sooner = (datetime(2026, 7, day, tzinfo=UTC) for day in (9, 2))
    made = with_leads(
        [enquiry(1, 2, 2), enquiry(5, 3, 1, next_contact_at=later), enquiry(5, 3, 1, next_contact_at=sooner),
         enquiry(3, 3, 5), enquiry(5, 5, 5, outcome="won"), enquiry(5, 5, 9)]
    )  # fmt: skip

    rows = sheets(made)["renewal.list"].records()
    assert [(row["lead_id"], row["renewal_index"]) for row in rows] == [(4, 11), (3, 9), (2, 9), (1, 5), (6, None)]
    assert {row["win_chance"] for row in rows} == {None}  # one outcome teaches nothing
    assert {row["joined_as"] for row in rows} == {"lead"}


def test_declined_work_comes_before_the_dormant_and_both_without_an_index() -> None:
    rows = sheets(invented())["renewal.list"].records()

    kinds = [row["joined_as"] for row in rows]
    assert kinds == sorted(kinds, key=("lead", "declined", "dormant").index)
    assert set(kinds) == {"lead", "declined", "dormant"}
    others = [row for row in rows if row["joined_as"] != "lead"]
    assert {row["renewal_index"] for row in others} == {None}
    assert len({row["customer_id"] for row in others}) == len(others)


def test_names_stay_out_of_the_file_for_programs() -> None:
    made = invented()

    class Told:
        meta, impossible = made.meta, ()
        figures, sheets = figures(made), sheets(made)

    told = study_json(Told())
    assert told["lists"]["renewal.list"]["n"] == len(sheets(made)["renewal.list"].rows)
    assert "renewal.list" not in told["sheets"]
    assert "renewal.by_index" in told["sheets"]


def test_a_contact_that_is_due_and_one_never_set_are_counted() -> None:
    due, ahead = (datetime(2026, month, 30, tzinfo=UTC) for month in (6, 7))
    told = figures(
        with_leads([enquiry(1, 1, 1, next_contact_at=due), enquiry(1, 1, 1, next_contact_at=ahead), enquiry(1, 1, 1)])
    )

    assert [told[f"renewal.{name}"].value for name in ("open", "due", "no_next_contact")] == [3, 1, 1]
    assert told["renewal.won"].few


def test_reasons_lost_are_counted_and_one_said_once_is_not_quoted() -> None:
    lost = [
        enquiry(1, 1, 1, outcome="lost", lost_reason=why) for why in ("дорого", " дорого ", "Иванов передумал", None)
    ]

    rows = sheets(with_leads(lost))["renewal.reasons"].records()
    assert [(row["lost_reason"], row["lost_said"], row["n_lost"]) for row in rows] == [
        ("дорого", "named", 2), (None, "said_once", 1), (None, "unsaid", 1),
    ]  # fmt: skip


# The weights


def test_weights_are_not_learnt_before_twenty_outcomes_each_way() -> None:
    marks, _ = drawn(100, (0, 0, 1), 1)

    assert learnt(marks, (np.arange(100) < 19).astype(np.float64)) is None
    assert learnt(marks, (np.arange(100) < 81).astype(np.float64)) is None
    assert learnt(marks, (np.arange(100) < 20).astype(np.float64)) is not None


def test_the_weights_that_an_invented_centre_hides_are_found_and_gain_something() -> None:
    marks, won = drawn(2000, tuple(LEAD_WEIGHTS[mark] for mark in MARKS), 3)

    found = learnt(marks, won)
    assert found.model.coefficients == pytest.approx([LEAD_WEIGHTS[mark] for mark in MARKS], abs=0.15)
    assert found.says == "learnt_better"
    assert found.gain.low > 0
    assert found.gain.n == 600
    chances = found.chances(np.array([[3, 3, 1], [3, 3, 3], [3, 3, 5]], np.float64))
    assert chances[0] < chances[1] < chances[2]


def test_where_all_marks_weigh_the_same_the_plain_sum_is_said_to_do() -> None:
    says = []
    for seed in range(20):
        marks, won = drawn(400, (0.5, 0.5, 0.5), seed)
        says.append(learnt(marks, won).says)

    assert says.count("learnt_better") <= 2
    assert says.count("no_difference_seen") >= 16


def test_no_mark_speaks_against_a_client() -> None:
    marks, won = drawn(600, (-1.0, 0.5, 0.9), 7)

    assert (learnt(marks, won).model.coefficients >= 0).all()


def test_a_study_tells_the_chances_beside_the_plain_sum() -> None:
    made = invented()

    found = sheets(made)
    weights = {row["lead_mark"]: row["learnt_weight"] for row in found["renewal.weights"].records()}
    assert sum(weights.values()) == pytest.approx(1)
    assert weights["pitch"] > weights["attractiveness"] > weights["brand"]
    assert all(0 < row["win_chance"] < 1 for row in found["renewal.list"].records() if row["renewal_index"])
    shares = [row["won_share"] for row in found["renewal.by_index"].records() if not row["withheld"]]
    assert shares == sorted(shares)


def test_a_source_without_enquiries_still_lists_the_dormant() -> None:
    tables = {name: rows for name, rows in synth.centre(400, 5).items() if name in ("orders", "customers")}
    made = study(Tables(tables))

    assert {"renewal.list"} == sheets(made).keys()
    assert {row["joined_as"] for row in sheets(made)["renewal.list"].records()} >= {"dormant"}
    assert ("renewal", "leads.lead_id") in room(made).missing()
    assert figures(made) == {}


def test_every_figure_and_sheet_has_its_words() -> None:
    for lang in LANGUAGES:
        words = Words(lang)
        assert all(f"figure.{one.key}" in words and one.rule in words for one in figures(invented()).values())
        for sheet in sheets(invented()).values():
            assert f"sheet.{sheet.key}" in words
            assert sheet.rule in words
            assert all(f"column.{name}" in words for name, _ in sheet.columns)
