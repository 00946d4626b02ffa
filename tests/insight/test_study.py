"""A study of real bases gives the figures published with them; of strange ones, what can be known and no more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from dovolen.insight import mapping, synth
from dovolen.insight.config import Config
from dovolen.insight.results import Figure
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.sources import open_tables
from dovolen.insight.study import Study, study
from dovolen.insight.words import LANGUAGES, Words
from tests.conftest import ROOT
from tests.spec import given

ASOF = date(2026, 6, 30)


# Real bases


@pytest.fixture(scope="module")
def rfm_orders(shared: Path) -> Callable[..., Study]:
    """The example of the R package rfm, with the settings given."""
    tables = open_tables(shared / "rfm_orders" / "rfm_data_orders.csv")
    return lambda **settings: study(tables, date(2006, 12, 31), Config(grid="5", **settings))


@pytest.fixture(scope="module")
def cdnow(shared: Path) -> Study:
    return study(open_tables(shared / "cdnow" / "transactions.parquet"))


@pytest.fixture(scope="module")
def tyres(shared: Path) -> Study:
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    tables = open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml")))
    return study(tables, date(2018, 12, 31), compare=date(2017, 12, 31))


def _segments(made: Study) -> dict[str, int]:
    return {row["segment"]: row["clients"] for row in made.sheets["rfm.segments"].records()}


DOCUMENTED = (
    "potential_loyalist loyal_customers lost new_customers about_to_sleep cant_lose champions at_risk need_attention "
    "promising"
).split()


@pytest.mark.parametrize(
    ("rfm_cut", "clients"),
    [
        ("above", (341, 171, 148, 104, 101, 48, 35, 28, 10, 9)),
        ("from_next", (342, 170, 148, 104, 102, 47, 35, 28, 10, 9)),
    ],
)
def test_segments_of_rfm_orders_are_those_documented(rfm_orders, rfm_cut, clients):
    assert _segments(rfm_orders(rfm_cut=rfm_cut)) == dict(zip(DOCUMENTED, clients, strict=True))


def test_thresholds_of_rfm_orders_are_the_type_7_quantiles(rfm_orders):
    made = rfm_orders()

    cuts = {(dimension, grade): above for dimension, grade, above in made.sheets["rfm.thresholds"].rows}
    assert [cuts["r", grade] for grade in range(1, 5)] == pytest.approx([114, 180, 296.4, 481])
    assert [cuts["f", grade] for grade in range(1, 5)] == pytest.approx([3, 4, 5, 7])
    assert [cuts["m", grade] / 100 for grade in range(1, 5)] == pytest.approx([254.8, 381, 505.4, 665])
    assert made.figures["base.clients"].value == 995
    assert made.figures["base.orders"].value == 4906
    assert made.figures["base.revenue"].value == 464_158_00


def test_cdnow_untouched_gives_its_published_sums(cdnow):
    figures = cdnow.figures

    assert cdnow.meta["currency"] == "USD"
    assert figures["base.clients"].value == 23_570
    assert figures["base.client_days"].value == 67_591
    assert figures["base.revenue"].value == 2_500_315_63
    assert figures["base.repeat_share"].value == pytest.approx(0.489, abs=5e-4)
    assert (figures["base.first_date"].value, figures["base.last_date"].value) == (date(1997, 1, 1), date(1998, 6, 30))


def test_cohorts_of_cdnow_are_its_three_first_months(cdnow):
    months = [row for row in cdnow.sheets["cohorts"].records() if row["grain"] == "month"]
    sizes = {row["cohort"]: row["clients"] for row in months}
    last = {row["cohort"]: row["period"] for row in months}

    assert sizes == {"1997-01": 7846, "1997-02": 8476, "1997-03": 7248}
    assert last == {"1997-01": 17, "1997-02": 16, "1997-03": 15}
    assert all(row["active"] == row["clients"] for row in months if row["period"] == 0)


def test_what_came_later_to_cdnow_is_the_difference_of_two_days(cdnow, shared):
    before = study(open_tables(shared / "cdnow" / "transactions.parquet"), date(1997, 9, 30))
    later = cdnow.views.row(
        "SELECT COUNT(DISTINCT customer_id) AS n FROM client_days WHERE visit_date > $day", day=before.asof
    )

    assert cdnow.figures["base.client_days"].value - before.figures["base.client_days"].value == 19_684
    assert later["n"] == 7_058


def test_the_tyre_chain_meets_its_own_figures(tyres):
    figures = tyres.figures

    assert tyres.meta["currency"] == "COP"
    assert figures["base.clients"].value == 17_782
    assert figures["base.visits"].value == 33_052
    assert figures["base.client_days"].value == 32_770
    assert figures["base.repeat_share"].value == pytest.approx(0.249, abs=5e-4)
    assert figures["base.median_visit"].value == 78_836_00
    assert figures["base.revenue"].value == 48_848_857_196_00
    assert figures["base.top1_revenue_share"].value == pytest.approx(0.82, abs=5e-3)
    assert figures["base.top20_revenue_share"].value == pytest.approx(0.95, abs=5e-3)


def test_five_spoiled_lines_are_set_aside_and_told(tyres):
    [lines] = [account for account in tyres.accounts if account.table == "lines"]
    rows = tyres.sheets["quality.accounts"].records()

    assert (lines.rows_in, lines.rows_used) == (84_097, 84_092)
    assert [(aside.reason, aside.count) for aside in lines.asides] == [("spoiled_amount", 5)]
    assert [row["rows"] for row in rows if row["reason"] == "spoiled_amount"] == [5]
    assert all(account.balanced() for account in tyres.accounts)


def test_companies_persons_and_fleets_stand_apart(tyres):
    classes = tyres.sheets["classes.summary"].records()
    kinds = Counter(dict.fromkeys(("company", "person"), 0))
    for row in classes:
        kinds[row["kind"]] += row["clients"]
    listed = {row["customer_id"]: row for row in tyres.customers().to_pylist()}
    fleets = tyres.sheets["fleets"].records()

    assert sum(kinds.values()) == 17_782
    assert set(kinds) == {"company", "person"}
    assert fleets
    assert all(listed[row["customer_id"]]["kind"] == "company" for row in fleets)
    assert {row["customer_id"] for row in fleets} == {number for number, row in listed.items() if row["is_fleet"]}


def test_the_cascade_of_the_tyre_chain_reconciles_to_the_client(tyres, shared):
    steps = tyres.steps
    earlier, later = _base_on(shared, date(2017, 12, 31)), _base_on(shared, date(2018, 12, 31))
    flows = {row["customer_id"]: row["flow"] for row in tyres.cascade().to_pylist()}
    named = Counter(row["step"] for row in tyres.sheets["cascade.names"].records())

    left = steps["dormant"] + steps["lost"] + steps["blocked"]
    assert steps["opening"] + steps["new"] + steps["returned"] - left == steps["closing"]
    assert (steps["opening"], steps["closing"]) == (len(earlier), len(later))
    assert {number for number, flow in flows.items() if flow in ("stayed", "dormant", "lost", "blocked")} == earlier
    assert {number for number, flow in flows.items() if flow in ("stayed", "new", "returned")} == later
    assert named == {step: steps[step] for step in ("new", "returned", "dormant", "lost", "passed")}


def _base_on(shared: Path, day: date) -> set[Any]:
    """The base of a study that knows of no other day."""
    lines = shared / "tyre_service_bogota" / "lines_2016-09_2018-12.parquet"
    made = study(open_tables(lines, mapping.load(str(ROOT / "examples" / "tyre_service.toml"))), day)
    states = made.customers().select(["customer_id", "lifecycle"]).to_pylist()
    return {row["customer_id"] for row in states if row["lifecycle"] in ("new", "returned", "loyal", "active")}


# An invented centre


@cache
def invented(**settings: Any) -> Study:
    made = study(Tables(synth.centre(1200, 3, until=ASOF, flaws=True)), ASOF, Config(**settings))
    _ = made.figures, made.sheets
    return made


def test_every_figure_has_its_rule_in_words():
    for lang in LANGUAGES:
        words = Words(lang)

        lacking = [figure.key for figure in invented().figures.values() if figure.rule not in words]
        assert not lacking
        assert not [key for key in invented().figures if f"figure.{key}" not in words]


def test_every_column_of_every_sheet_has_its_word():
    for lang in LANGUAGES:
        words = Words(lang)

        names = {name for sheet in invented().sheets.values() for name, _ in sheet.columns}
        assert not [name for name in names if f"column.{name}" not in words]
        assert not [key for key in invented().sheets if f"sheet.{key}" not in words]


AHEAD = ("value.visits_ahead", "value.money_ahead", "value.ahead")
"""What is foretold: its period begins where the study's ends."""


def test_every_figure_and_sheet_has_its_period():
    dated = [*invented().figures.values(), *invented().sheets.values()]

    assert all(one.since and one.until for one in dated)
    assert all(one.since <= one.until <= ASOF for one in dated if one.key not in AHEAD)
    assert all(one.since > ASOF for one in dated if one.key in AHEAD)


def test_an_interval_holds_its_value():
    def inside(figure: Figure) -> bool:
        return figure.low is None or figure.high is None or figure.low <= figure.value <= figure.high  # type: ignore[operator]

    assert not [figure.key for figure in invented().figures.values() if not inside(figure)]
    assert invented().figures["retention.one_year"].low is not None


FIGURES = (
    "base.clients base.served base.never_served base.orders base.counted_orders base.visits base.client_days base.revenue "
    "base.median_visit base.first_date base.last_date base.repeat_share base.top1_revenue_share "
    "base.top20_revenue_share base.in_base base.quarter_change retention.one_year churn.rate rfm.best_clients rfm.fallen "
    "picture27.worst_sleeping_value_share picture27.growth_potential orders.average_order orders.promise_kept"
).split()
SHEETS = (
    "quality.findings classes.summary classes.contradictions fleets rfm.thresholds rfm.cells "
    "rfm.segments rfm.reading rfm.patterns rfm.codes rfm.picture27 rfm.map rfm.movement rfm.segment_movement dna.codes "
    "dna.by_rfm lifecycle.states lifecycle.by_rfm cascade.steps cascade.names cohorts frequency.bands slices months"
).split()


def test_keys_that_others_read_are_there():
    assert not set(FIGURES) - set(invented().figures)
    assert not set(SHEETS) - set(invented().sheets)
    assert all(key == figure.key for key, figure in invented().figures.items())


PROMISED = (
    "customer_id class class_reasons n_orders n_visits n_assets first_at last_at recency_days revenue avg_order rfm_r "
    "rfm_f rfm_m rfm_segment rfm27 lifecycle lifecycle_since"
).split()


def test_tables_have_the_columns_promised_in_their_order():
    columns = invented().customers().column_names

    assert [name for name in columns if name in PROMISED] == PROMISED
    assert invented().cascade().column_names == ["customer_id", "state_before", "state_after", "flow"]


def test_sheets_and_tables_agree():
    made = invented()
    rows = made.customers().to_pylist()

    assert len(rows) == made.figures["base.clients"].value
    assert sum(row["revenue"] or 0 for row in rows) == made.figures["base.revenue"].value
    states = {row["state"]: row["clients"] for row in made.sheets["lifecycle.states"].records()}
    assert states == Counter(row["lifecycle"] for row in rows if row["lifecycle"])
    assert sum(states[state] for state in ("new", "returned", "loyal", "active")) == made.figures["base.in_base"].value
    assert _segments(made) == Counter(row["rfm_segment"] for row in rows if row["rfm_segment"])


def near(facts):
    """The same facts, numbers with a point within 1e-9: two threads may add them in another order."""
    return {
        name: pytest.approx(value, rel=1e-9) if isinstance(value, float) else value for name, value in facts.items()
    }


def test_direction_turns_labels_and_nothing_else():
    best5, best1 = invented(), invented(direction="best1")
    of5, of1 = best5.customers().to_pylist(), best1.customers().to_pylist()

    for one, other in zip(of5, of1, strict=True):
        assert [6 - other[name] if other[name] else None for name in ("rfm_r", "rfm_f", "rfm_m")] == [
            one[name] for name in ("rfm_r", "rfm_f", "rfm_m")
        ]
        assert near({**one, **dict.fromkeys(("rfm_r", "rfm_f", "rfm_m"))}) == {
            **other,
            **dict.fromkeys(("rfm_r", "rfm_f", "rfm_m")),
        }
    assert list(best5.figures) == list(best1.figures)
    for key, figure in best5.figures.items():
        assert asdict(best1.figures[key]) == near(asdict(figure))
    assert [666 - row[0] for row in best1.sheets["rfm.codes"].rows] == [
        row[0] for row in best5.sheets["rfm.codes"].rows
    ]
    assert best5.sheets["rfm.segments"].rows == best1.sheets["rfm.segments"].rows


def test_a_study_knows_nothing_of_later_days():
    tables = synth.centre(300, 5, until=ASOF)
    day = ASOF - timedelta(days=200)
    accepted = tables["orders"]["accepted_at"].cast(pa.timestamp("us"))
    known = pa.compute.less_equal(accepted, pa.scalar(day + timedelta(days=1)).cast(pa.timestamp("us")))
    cut = {**tables, "orders": tables["orders"].filter(known)}

    assert study(Tables(tables), day).cascade() == study(Tables(cut), day).cascade()


# Strange bases


def _orders(text: str) -> Tables:
    return given.tables({"orders": text}, "Europe/Moscow")


ONE = """
 order_id | customer_id | accepted_at      | revenue
        1 |           1 | 2025-01-10 12:00 |   10000
"""


def test_one_client_is_studied_whole():
    made = study(_orders(ONE))

    assert made.asof == date(2025, 1, 10)
    assert made.grid == 2
    assert made.figures["base.clients"].value == 1
    assert made.figures["base.repeat_share"].few
    assert made.figures["base.repeat_share"].value is None
    assert made.steps == {**dict.fromkeys(made.steps, 0), "new": 1, "closing": 1}
    assert made.sheets["lifecycle.states"].rows[0][:2] == ("new", 1)


def test_without_revenue_there_is_no_money_and_no_rfm():
    made = study(Tables({"orders": pa.table({"customer_id": [1, 2], "accepted_date": [date(2025, 1, 1)] * 2})}))

    assert ("money", "orders.revenue") in made.impossible
    assert not [figure for figure in made.figures.values() if figure.unit == "money"]
    assert not [key for key in made.sheets if key.startswith("rfm.")]
    assert made.customers()["revenue"].null_count == 2
    assert made.customers()["rfm_r"].null_count == 2
    assert made.figures["base.visits"].value == 2
    assert made.sheets["cascade.steps"].records()[-2] == {"step": "closing", "clients": 2}


def test_without_clients_only_orders_are_told():
    made = study(Tables({"orders": pa.table({"accepted_date": [date(2025, 1, 1)] * 3, "revenue": [1, 2, 3]})}))

    assert ("clients", "orders.customer_id") in made.impossible
    assert made.figures["base.orders"].value == 3
    assert not [key for key in made.sheets if key.startswith(("rfm.", "cascade.", "lifecycle.", "classes."))]
    with pytest.raises(SchemaError, match="customer_id"):
        made.customers()


def test_what_is_missing_is_named_with_its_column():
    made = study(_orders(ONE))

    assert ("promise_kept", "orders.promised_at") in made.impossible
    assert ("intermediary", "orders.picked_up_at") in made.impossible
    assert not [what for what, _ in made.impossible if what in ("clients", "money")]


def test_a_base_without_orders_is_refused():
    orders = pa.table({"customer_id": pa.array([], pa.int64()), "accepted_date": pa.array([], pa.date32())})

    with pytest.raises(SchemaError, match="no order"):
        study(Tables({"orders": orders})).figures  # noqa: B018


def test_a_day_before_all_orders_has_an_empty_base():
    made = study(_orders(ONE), date(2020, 1, 1))

    assert made.figures["base.orders"].value == 0
    assert made.figures["base.in_base"].value == 0
    assert made.steps == dict.fromkeys(made.steps, 0)
    assert made.customers().num_rows == 0
    assert "lifecycle.states" not in made.sheets


@pytest.mark.parametrize("compare", [date(2025, 1, 10), date(2025, 2, 1)])
def test_the_day_compared_with_lies_before(compare):
    with pytest.raises(SchemaError, match="must be before"):
        study(_orders(ONE), date(2025, 1, 10), compare=compare)


def test_text_identifiers_stay_as_they_were_typed():
    orders = ONE.replace("|           1 |", "| 007-а |")

    assert study(_orders(orders)).customers()["customer_id"].to_pylist() == ["007-а"]


def test_small_cells_are_withheld_and_counted():
    rows = [(n, n, "north" if n <= 20 else "south" if n <= 39 else "") for n in range(1, 60)]
    text = "order_id | customer_id | centre\n" + "\n".join(f"{a} | {b} | {c}" for a, b, c in rows)

    slices = study(_orders(text)).sheets["slices"]
    cells = {row["value"]: row for row in slices.records() if row["dimension"] == "centre"}
    assert (cells["north"]["orders"], cells["north"]["withheld"]) == (20, False)
    assert (cells["south"]["orders"], cells["south"]["withheld"]) == (None, True)
    assert cells[None]["orders"] == 20
    assert slices.n >= 1


def test_money_that_the_settings_ask_for_is_what_grades_see():
    orders = """
     order_id | customer_id | revenue | parts_cost | labour_cost
            1 |           1 |  100000 |      99000 |           0
            2 |           2 |   10000 |          0 |           0
    """
    by_revenue = study(_orders(orders)).rfm().sort_by("customer_id").to_pylist()
    by_margin = study(_orders(orders), config=Config(rfm_money="margin")).rfm().sort_by("customer_id").to_pylist()

    assert [row["rfm_m"] for row in by_revenue] == [2, 1]
    assert [row["rfm_m"] for row in by_margin] == [1, 2]


def test_customers_travel_by_parquet_whole(tmp_path):
    pq.write_table(invented().customers(), tmp_path / "customers.parquet")

    assert pq.read_table(tmp_path / "customers.parquet").equals(invented().customers())


def test_a_card_that_was_learnt_and_proved_can_be_kept_and_used_again(tmp_path):
    tables = Tables(synth.centre(6000, 1))

    text = study(tables).scorecard()

    assert text is not None
    (tmp_path / "scorecard.toml").write_text(text, "utf-8")
    again = study(tables, config=Config(scorecard=str(tmp_path / "scorecard.toml")))
    learnt = study(tables, config=Config(scorecard="calibrated"))
    assert again.figures["satisfaction.mean"].value == pytest.approx(learnt.figures["satisfaction.mean"].value)


def test_a_base_without_answers_has_no_card_of_its_own():
    assert study(Tables({"orders": synth.centre(200, 1)["orders"]})).scorecard() is None
