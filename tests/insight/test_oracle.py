"""The library against a second opinion: on small invented centres both must agree to the last client."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from dovolen.insight import lifecycle
from dovolen.insight.config import Config
from dovolen.insight.engines import Engine, open_engine
from dovolen.insight.schema import SchemaError
from dovolen.insight.study import Study, study
from tests import oracle
from tests.centres import Case, cases
from tests.edges import AT_THE_EDGES, HAND_SET_LATER, SMALLEST, named


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    opened = open_engine()
    yield opened
    opened.close()


def _study(case: Case, engine: Engine) -> Study:
    config = Config(grid=case.grid, minimum=1)
    return study(case.tables(), asof=case.asof, config=config, compare=case.compare, engine=engine)


thorough = settings(
    max_examples=80,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@thorough
@given(case=cases())
def test_clients_and_their_changes_are_those_of_the_oracle(case: Case, engine: Engine) -> None:
    found = _study(case, engine)

    agree_on_clients(case, found)
    agree_on_changes(case, found)
    agree_on_movement(case, found)
    for row in found.customers().to_pylist():
        event(f"{row['class']}, {row['lifecycle']}" if row["n_orders"] else "never served")


def agree_on_clients(case: Case, found: Study) -> None:
    """Counts, days, money, class, grades and state of every client."""
    base, asof = case.base, case.asof
    rows = {row["customer_id"]: row for row in found.customers().to_pylist()}
    states, measured = oracle.states(base, asof), oracle.values(base, asof)
    grid = oracle.grid_for(len(measured)) if case.grid == "auto" else int(case.grid)
    grades, thirds = oracle.grades(measured, measured, grid), oracle.grades(measured, measured, 3)

    # A client of orders that are not known yet is no client yet, unless the base lists him.
    listed = {row["customer_id"] for row in base.customers}
    assert set(rows) - listed <= set(oracle.clients(base))
    assert set(rows) >= listed | set(measured)
    for customer_id, row in rows.items():
        orders = oracle.counted(base, customer_id, asof)
        days = oracle.client_days(orders)
        assert row["n_orders"] == len(orders), row
        assert row["n_visits"] == len(oracle.visits(orders)), row
        assert row["n_assets"] == oracle.n_assets(orders), row
        assert (row["revenue"] or 0) == oracle.revenue(base, customer_id, asof), row
        assert (row["first_at"], row["last_at"]) == ((days[0], days[-1]) if days else (None, None)), row
        assert row["lifecycle"] == states.get(customer_id), row
        if not orders:
            assert (row["rfm_r"], row["rfm_f"], row["rfm_m"], row["recency_days"]) == (None,) * 4, row
            continue
        assert row["recency_days"] == measured[customer_id].recency, row
        assert row["class"] == oracle.classify(base, customer_id, asof)[0], row
        grade = grades[customer_id]
        assert (row["rfm_r"], row["rfm_f"], row["rfm_m"]) == grade, row
        assert row["rfm_segment"] == (oracle.segment(grade) if grid == 5 else None), row
        assert str(row["rfm27"]) == "".join(map(str, thirds[customer_id])), row


def agree_on_changes(case: Case, found: Study) -> None:
    """The cascade to the client, its steps, churn, retention and how often clients come."""
    base, asof, compare = case.base, case.asof, case.compare
    expected = oracle.cascade(base, compare, asof)
    rows = {row["customer_id"]: row for row in found.cascade().to_pylist()}

    got = {number: (row["state_before"], row["state_after"], row["flow"]) for number, row in rows.items()}
    assert got == {number: (before or "absent", after, flow) for number, (before, after, flow) in expected.items()}
    assert found.steps == oracle.steps(expected)
    classes = found.views.rows("SELECT customer_id, class FROM classes WHERE day = $compare")
    assert dict(classes) == {n: oracle.classify(base, n, compare)[0] for n in oracle.served(base, compare)}
    steps = found.steps
    left = steps["dormant"] + steps["lost"] + steps["blocked"]
    assert steps["opening"] + steps["new"] + steps["returned"] - left == steps["closing"]
    _agree_on_share(lifecycle.churn(steps, compare, asof, 1), oracle.churn(expected))
    _agree_on_share(lifecycle.retention(found.views, asof, 1), oracle.retention(base, asof))
    bands = found.views.rows("SELECT band, clients FROM frequency_bands")
    names = {"18-": "18_up", "6-17": "6_17", "2-5": "2_5", "1": "1"}
    assert dict(bands) == {names[band]: clients for band, clients in oracle.bands(base, asof).items()}
    cohorts = found.views.rows("SELECT cohort, age, active FROM cohorts WHERE grain = 'month'")
    months = {(year * 12 + month - 1, age): n for ((year, month), age), n in oracle.cohorts(base, asof).items()}
    assert {(cohort, age): active for cohort, age, active in cohorts} == months


def _agree_on_share(figure: Any, expected: tuple[int, int]) -> None:
    part, whole = expected
    assert figure.n == whole
    assert figure.value == (pytest.approx(part / whole) if whole else None)


def agree_on_movement(case: Case, found: Study) -> None:
    """Grades on both days by the later thresholds."""
    moves = found.views.rows("SELECT customer_id, r_before, r_after, fell FROM rfm_moves")
    days = (case.base, case.compare, case.asof, found.grid)

    assert {number: (before, after) for number, before, after, _ in moves} == oracle.movement(*days)
    assert {number for number, _, _, fell in moves if fell} == oracle.fallen(*days)


@pytest.mark.parametrize("name", AT_THE_EDGES)
def test_rules_hold_at_their_edges(name: str, engine: Engine) -> None:
    found = _study(AT_THE_EDGES[name], engine)

    agree_on_clients(AT_THE_EDGES[name], found)
    agree_on_changes(AT_THE_EDGES[name], found)


def test_a_class_set_by_hand_is_no_fact_of_earlier_days(engine: Engine) -> None:
    agree_on_changes(HAND_SET_LATER, _study(HAND_SET_LATER, engine))


@pytest.mark.parametrize("name", SMALLEST)
def test_the_smallest_centres_are_understood(name: str, engine: Engine) -> None:
    found = _study(SMALLEST[name], engine)

    agree_on_clients(SMALLEST[name], found)
    agree_on_changes(SMALLEST[name], found)
    agree_on_movement(SMALLEST[name], found)


def test_a_base_without_orders_is_refused_in_words(engine: Engine) -> None:
    with pytest.raises(SchemaError):
        _study(named([]), engine).customers()
