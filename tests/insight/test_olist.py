"""Real orders with a promise, a fact and a review: a score of service facts alone foretells who will be dissatisfied."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path

import duckdb
import numpy as np
import pytest

from dovolen.insight import mapping
from dovolen.insight.satisfaction import calibration, cards, checks, facts, labels
from dovolen.insight.satisfaction.scoring import Scored, scored
from dovolen.insight.satisfaction.self_check import SelfCheck
from dovolen.insight.sources import open_tables
from dovolen.insight.stats import predictions
from dovolen.insight.study import Study, study
from tests.conftest import ROOT

ASOF = date(2018, 3, 31)  # all reviews are in
ZONE = "America/Sao_Paulo"
DELAYS = (-15, -7, 0, 3, 7, 14)


@pytest.fixture(scope="module")
def folder(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file as canonical tables: its first row of each order, and the review as feedback without a client.

    The promise is a day, which ends at midnight; `late.pq` holds the days from it to the day of delivery.
    """
    out = tmp_path_factory.mktemp("olist")
    base = duckdb.connect()
    local = f"AT TIME ZONE '{ZONE}'"
    base.execute(f"""
        CREATE TABLE o AS SELECT * EXCLUDE place FROM (
            SELECT *, row_number() OVER (
                PARTITION BY order_purchase_timestamp, customer_city, order_estimated_delivery_date ORDER BY id
            ) AS place FROM '{shared / "olist_reviews_2017" / "orders.parquet"}') WHERE place = 1;
        COPY (SELECT id AS order_id, order_purchase_timestamp {local} AS accepted_at,
                     (order_estimated_delivery_date + INTERVAL '1 day' - INTERVAL '1 second') {local} AS promised_at,
                     order_delivered_customer_date {local} AS ready_at,
                     CAST(round(order_products_value * 100) AS BIGINT) AS revenue
              FROM o) TO '{out / "orders.parquet"}' (FORMAT parquet);
        COPY (SELECT id AS order_id,
                     date_diff('day', order_estimated_delivery_date, order_delivered_customer_date) AS late
              FROM o) TO '{out / "late.pq"}' (FORMAT parquet);
        COPY (SELECT CAST(NULL AS BIGINT) AS customer_id, id AS order_id, review_answer_timestamp {local} AS at,
                     'review' AS kind, CAST(review_score AS DOUBLE) AS score, CAST(5 AS DOUBLE) AS scale
              FROM o) TO '{out / "feedback.parquet"}' (FORMAT parquet);
    """)
    return out


@pytest.fixture(scope="module")
def olist(folder: Path) -> Study:
    return study(open_tables(folder, currency="BRL", zone=ZONE), ASOF)


@pytest.fixture(scope="module")
def room(olist: Study) -> SelfCheck:
    return SelfCheck(olist.rooms[0]._base)


@pytest.fixture(scope="module")
def reviewed(room: SelfCheck, folder: Path) -> tuple[facts.Facts, Scored, np.ndarray, np.ndarray]:
    """Facts, scores, review scores and days late of every order, by day of purchase."""
    known = room._facts
    given = {
        order: (score, late)
        for order, score, late in duckdb.sql(f"""
            SELECT order_id, score, late
            FROM read_parquet('{folder / "late.pq"}') JOIN '{folder / "feedback.parquet"}' USING (order_id)
        """).fetchall()
    }
    rows = [given[order] for order in known.order_id.to_pylist()]
    review, late = (
        np.array([np.nan if one is None else one for one in part], float) for part in zip(*rows, strict=True)
    )
    return known, scored(cards.load("evidence"), known), review, late


def test_the_published_figures_of_the_file_are_met(reviewed, olist):
    known, _, review, late = reviewed
    ontime = ~np.isnan(late) & (known.values["delay"] <= 0)
    delivered = ~np.isnan(late)

    assert (len(known), delivered.sum()) == (2263, 2182)
    assert (delivered & ~ontime).sum() / delivered.sum() == pytest.approx(0.0866, abs=0.00005)
    assert 1 - olist.figures["orders.promise_kept"].value == pytest.approx(0.0866, abs=0.00005)
    means = [review.mean(), review[ontime].mean(), review[delivered & ~ontime].mean(), review[~delivered].mean()]
    assert [round(one, 2) for one in means] == [3.65, 3.88, 2.14, 1.57]
    bad = review <= 2
    assert [round(100 * bad[rows].mean(), 1) for rows in (ontime, delivered & ~ontime)] == [20.9, 68.8]


def test_the_score_foretells_bad_reviews_of_the_later_third(reviewed, room):
    """Printed: AUC with interval, what was said and what happened. Much of it is told by orders still on their way."""
    known, _, review, _ = reviewed
    answers = next(one for one in room._labels if one.kind == "survey")
    told = replace(answers, kind="review", good=np.where(np.isnan(answers.good), np.nan, review > 2))
    judged = checks.judge(cards.load("evidence"), known, told)
    border = calibration.later(len(judged))

    rest = predictions.auc(judged.made.score[border:], judged.good[border:])
    foretold = checks.probability(cards.load("evidence"), judged, known)

    print(f"\nreview ≤ 2 on the later third: AUC {rest.value:.3f} ({rest.low:.3f}–{rest.high:.3f}), n = {rest.n}")
    for one in foretold.deciles:
        print(f"  said {one.predicted:.2f}, happened {one.observed:.2f} ({one.low:.2f}–{one.high:.2f}), n = {one.n}")
    print(f"  Brier {foretold.brier:.3f} against {foretold.usual:.3f}, {foretold.calibration}")
    came = np.flatnonzero(judged.facts.scored <= judged.day)
    came = came[came >= border]
    there = predictions.auc(judged.made.score[came], judged.good[came])
    print(
        f"  delivered by the day of the review: AUC {there.value:.3f} ({there.low:.3f}–{there.high:.3f}), n = {there.n}"
    )
    assert rest.n == 751  # of an open order whose promise has not run out nothing is known yet
    assert rest.low > 0.65
    assert there.low > 0.5
    assert foretold.brier < foretold.usual - 0.03
    assert foretold.deciles[0].high < foretold.deciles[-1].low


def test_the_mean_score_falls_with_every_step_of_delay(reviewed):
    _, made, review, late = reviewed
    step = np.where(np.isnan(late), len(DELAYS) + 1, np.searchsorted(DELAYS, np.nan_to_num(late)))

    scores = [made.score[step == one].mean() for one in range(len(DELAYS) + 2)]
    reviews = [review[step == one].mean() for one in range(len(DELAYS) + 2)]

    names = ("up to −15", "−14…−7", "−6…0", "1…3", "4…7", "8…14", "15+", "never")
    for name, score, mean in zip(names, scores, reviews, strict=True):
        print(f"{name:>10} days: score {score:5.1f}, review {mean:.2f}")
    assert [round(one, 2) for one in reviews[:7]] == [3.91, 3.89, 3.72, 3.00, 2.16, 1.78, 1.67]
    assert all(worse < better for better, worse in pairwise(scores[2:7]))


def test_the_page_of_the_file_itself_works_without_clients(room):
    page = {sheet.key: sheet for sheet in room.sheets() if sheet is not None}

    assert room.verdict == "predicts"
    assert page["self_check.labels"].records()[0]["label"] == "survey"
    assert "self_check.agreement" not in page  # there is no second label
    assert labels.KINDS[0] == room.learnt.kind


def test_the_file_itself_is_read_by_a_mapping_with_its_reviews(shared):
    told = mapping.load(str(ROOT / "examples" / "olist_reviews.toml"))
    made = study(open_tables(shared / "olist_reviews_2017" / "orders.parquet", told), ASOF)

    assert SelfCheck(made.rooms[0]._base).verdict == "predicts"
