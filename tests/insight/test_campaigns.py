"""Campaigns: a planted effect is found, none is found where none was planted, and nothing is claimed without a control."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dovolen.insight import synth
from dovolen.insight.config import Config
from dovolen.insight.experiments import Experiments, plan
from dovolen.insight.experiments.judged import Judged
from dovolen.insight.results import Sheet
from dovolen.insight.schema import Tables
from dovolen.insight.study import Study, study
from dovolen.insight.synth import outreach, people
from dovolen.insight.synth.hours import hours
from dovolen.insight.words import LANGUAGES, Words

SENT, ASOF = date(2026, 3, 2), date(2026, 6, 30)
CLIENTS = 8000


def room(made: Study) -> Experiments:
    """The room of campaigns of a study."""
    [found] = [one for one in made.rooms if isinstance(one, Experiments)]
    return found


def sheets(made: Study) -> dict[str, Sheet]:
    """What the room tells, without asking the others."""
    return {sheet.key: sheet for sheet in room(made).sheets() if sheet is not None}


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=UTC)


def small(
    treated: int = 400, holdout: int = 200, *, came: tuple[int, int] = (120, 30), sent: date = SENT, **more: Any
) -> Study:
    """A base where so many of each side came a week after a message; everybody had come once a year before."""
    clients = range(1, treated + holdout + 1)
    arms = ["treated"] * treated + ["holdout"] * holdout
    back = [*clients[: came[0]], *clients[treated : treated + came[1]]]
    early = [*more.pop("early", ())]
    days = [SENT - timedelta(days=300 + client % 7) for client in clients]
    days += [sent + timedelta(days=7)] * len(back) + [sent - timedelta(days=30)] * len(early)
    orders = {
        "order_id": list(range(len(days))),
        "customer_id": [*clients, *back, *early],
        "accepted_at": pa.array([_noon(day) for day in days], pa.timestamp("us", tz="UTC")),
        "revenue": [1000_00 + 100 * place for place in range(len(days))],
    }
    messages = {
        "customer_id": list(clients),
        "campaign_id": ["весна"] * len(arms),
        "sent_at": pa.array([_noon(sent)] * len(arms), pa.timestamp("us", tz="UTC")),
        "cost": [500 if arm == "treated" else 0 for arm in arms],
        "arm": arms,
    } | more.pop("messages", {})
    config = Config(**more.pop("config", {}))
    return study(Tables({"orders": pa.table(orders), "messages": pa.table(messages)}), ASOF, config, **more)


def told(made: Study) -> dict[str, Any]:
    """The single line of the list of campaigns."""
    [row] = sheets(made)["experiments.campaigns"].records()
    return row


# What an invented centre hides


@cache
def invented() -> Study:
    return study(Tables(synth.centre(CLIENTS, 2)))


def planted(one: Judged) -> float:
    """The true effect on the share who came: how much oftener those came whom the campaign moved, over all treated."""
    time = hours(synth.UNTIL, 2)
    drawn = outreach.campaigns(people.clients(CLIENTS, 2, time.horizon, lively=True), time, 2)
    [campaign] = [chosen for chosen in drawn if chosen.number == one.campaign.campaign_id]
    moved, came = campaign.comes[np.argsort(campaign.client)], one.campaign.came
    anyway = came[one.campaign.treated & ~moved].mean()
    return float(moved[one.campaign.treated].mean() * (came[moved].mean() - anyway)) if moved.any() else 0.0


def test_the_planted_effect_is_found_and_its_interval_covers_the_truth() -> None:
    judged = {one.campaign.campaign_id: one for one in room(invented())._found}

    works = judged[1]
    assert works.says == "works"
    assert works.visits.up
    assert works.visits.low <= planted(works) <= works.visits.high
    assert planted(works) > 0.03


def test_a_campaign_that_did_nothing_is_not_said_to_work() -> None:
    [idle] = [one for one in room(invented())._found if one.campaign.campaign_id == 2]

    assert idle.says in ("unclear", "more_visits_no_more_money")
    assert idle.visits.low <= 0 <= idle.visits.high
    assert idle.money.low <= 0 <= idle.money.high


def test_a_campaign_that_moves_all_alike_moves_no_part_more() -> None:
    sheet = sheets(invented())["experiments.parts_visits"]

    said = {row["campaign_reaction"] for row in sheet.records()}
    assert said <= {"unclear", "too_few"}


def test_every_figure_and_line_is_told_in_both_languages() -> None:
    for lang in LANGUAGES:
        words = Words(lang)
        for sheet in sheets(invented()).values():
            assert sheet.rule in words
            assert all(f"column.{name}" in words for name, _ in sheet.columns)


# What may be claimed


def test_more_came_and_brought_more() -> None:
    made = small()

    row = told(made)
    assert (row["n_treated"], row["n_holdout"], row["n_came"], row["campaign_cost"]) == (400, 200, 120, 400 * 500)
    assert row["campaign_verdict"] == "works"
    [visits] = sheets(made)["experiments.visits"].records()
    assert (visits["with_campaign"], visits["without_campaign"]) == (0.3, 0.15)
    assert visits["campaign_lift"] == pytest.approx(0.15)
    assert visits["low"] < 0.15 < visits["high"]


def test_the_messages_cost_is_taken_off_the_money() -> None:
    dear = small(messages={"cost": [50_000_00] * 400 + [0] * 200})

    assert told(dear)["campaign_verdict"] == "harms"
    money = {row["effect_of"]: row["campaign_lift"] for row in sheets(dear)["experiments.money"].records()}
    assert money["net_revenue"] < 0 < money["revenue"]
    assert {one.key: one.value for one in room(dear).figures()}["experiments.brought"] < 0


def test_a_sum_that_may_be_nothing_is_not_told() -> None:
    [brought] = [one for one in room(small(came=(60, 28))).figures() if one.key == "experiments.brought"]

    assert brought.few
    assert (brought.value, brought.low, brought.high) == (None, None, None)


def test_without_a_control_there_are_counts_and_no_claim() -> None:
    made = small(holdout=0, came=(120, 0))

    assert told(made)["campaign_verdict"] == "no_control"
    assert told(made)["n_came"] == 120
    assert not {"experiments.visits", "experiments.money", "experiments.parts_visits"} & sheets(made).keys()


def test_a_campaign_whose_weeks_have_not_passed_tells_only_how_long_it_runs() -> None:
    on_the_eve, passed = (small(sent=ASOF - timedelta(days=days)) for days in (54, 55))

    assert told(on_the_eve)["campaign_verdict"] == "running"
    assert (told(on_the_eve)["days_left"], told(on_the_eve)["n_came"]) == (1, None)
    assert (told(on_the_eve)["n_treated"], told(on_the_eve)["n_holdout"]) == (400, 200)
    assert "experiments.visits" not in sheets(on_the_eve)
    assert told(passed)["campaign_verdict"] == "works"


def test_sides_that_differed_before_the_start_are_not_compared() -> None:
    early = small(early=range(1, 201))

    assert told(early)["campaign_verdict"] == "uneven_split"
    assert "experiments.visits" not in sheets(early)


def test_a_side_smaller_than_was_meant_is_refused_where_the_share_is_known() -> None:
    meant, lost = (small(config={"campaign_holdout": share}) for share in (1 / 3, 0.5))

    assert told(meant)["campaign_verdict"] == "works"
    assert told(lost)["campaign_verdict"] == "uneven_split"


def test_a_client_stays_on_the_side_where_he_was_put_first() -> None:
    moment = [_noon(SENT)] * 600 + [_noon(SENT + timedelta(days=3))] * 50
    clients = [*range(1, 601), *range(401, 451)]
    made = small(
        messages={
            "customer_id": clients, "campaign_id": ["весна"] * 650, "cost": [0] * 650,
            "sent_at": pa.array(moment, pa.timestamp("us", tz="UTC")),
            "arm": ["treated"] * 400 + ["holdout"] * 200 + ["treated"] * 50,
        }
    )  # fmt: skip

    assert (told(made)["n_treated"], told(made)["n_holdout"], told(made)["both_arms"]) == (400, 200, 50)


def test_a_series_is_judged_by_those_whose_weeks_have_passed() -> None:
    starts = [SENT - timedelta(days=200) if client % 600 < 500 else ASOF for client in range(600)]
    series = small(came=(0, 0), messages={"sent_at": pa.array(map(_noon, starts), pa.timestamp("us", tz="UTC"))})

    [one] = room(series)._found
    assert one.says != "running"
    assert (len(one.campaign.treated), one.campaign.waiting) == (500, 100)


def test_a_source_without_campaigns_says_what_is_missing_and_still_plans() -> None:
    bare = study(Tables({"orders": invented()._tables.data["orders"]}))

    assert {("campaigns", "messages.campaign_id"), ("control_group", "messages.arm")} <= set(bare.impossible)
    assert "experiments.campaigns" not in sheets(bare)
    assert len(sheets(bare)["experiments.plan"].rows) == 4


def test_the_plan_and_the_smallest_lift_agree() -> None:
    [one] = plan(0.1, 5000, lifts=(0.02,), holdouts=(0.5,))

    assert one.clients[0.02] == 7682  # Fleiss: 3841 a side
    [there] = plan(0.1, one.clients[0.02], lifts=(0.02,), holdouts=(0.5,))
    assert there.smallest == pytest.approx(0.02, rel=2e-3)
    assert one.smallest > 0.02


# Hillstrom: the figures of its README, through the whole study


@pytest.fixture(scope="module")
def hillstrom(shared) -> Study:
    rows = pq.read_table(shared / "hillstrom_mens_email" / "campaign.parquet").to_pydict()
    clients = list(range(len(rows["visit"])))
    came = [client for client in clients if rows["visit"][client]]
    orders = {
        "order_id": came,
        "customer_id": came,
        "accepted_at": pa.array([_noon(SENT)] * len(came), pa.timestamp("us", tz="UTC")),
        "revenue": [round(rows["spend"][client] * 100) for client in came],
    }
    messages = {
        "customer_id": clients,
        "campaign_id": ["mens"] * len(clients),
        "sent_at": pa.array([_noon(SENT)] * len(clients), pa.timestamp("us", tz="UTC")),
        "arm": ["holdout" if segment == "No E-Mail" else "treated" for segment in rows["segment"]],
    }
    customers = {"customer_id": clients, "kind": ["mens" if bought else "others" for bought in rows["mens"]]}
    tables = {"orders": orders, "messages": messages, "customers": customers}
    config = Config(campaign_weeks=2, campaign_holdout=1 / 3)
    made = Tables({name: pa.table(columns) for name, columns in tables.items()}, currency="USD")
    return study(made, ASOF, config)


def test_hillstrom_is_reproduced_and_said_in_words(hillstrom: Study) -> None:
    [one] = room(hillstrom)._found

    assert (one.visits.value, one.visits.se) == pytest.approx((0.0780, 0.0040), abs=5e-5)
    assert (one.money.value / 100, one.money.se / 100) == pytest.approx((0.765, 0.162), abs=5e-4)
    said = [Words(lang).name("campaign_verdict", told(hillstrom)["campaign_verdict"]) for lang in LANGUAGES]
    assert "денег больше" in said[0].replace("\u00a0", " ")
    assert "more money" in said[1]


def test_hillstrom_by_former_buyers_of_mens_goods(hillstrom: Study) -> None:
    visits, money = (sheets(hillstrom)[f"experiments.parts_{measure}"].records() for measure in ("visits", "money"))

    spent = {row["campaign_part"]: row["campaign_lift"] / 100 for row in money}
    assert (spent["kind_mens"], spent["kind_others"]) == pytest.approx((1.02, 0.45), abs=5e-3)
    # They do react more, but not beyond what chance may do once the question is asked of visits and money at once.
    assert {row["campaign_reaction"] for row in (*visits, *money)} == {"unclear"}
