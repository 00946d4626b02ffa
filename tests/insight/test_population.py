"""One client's rows, with what a full study learnt of everybody, say of him what the full study would."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from math import isclose
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from dovolen.insight import synth
from dovolen.insight.config import Config
from dovolen.insight.population import Population, around
from dovolen.insight.schema import SchemaError, Tables
from dovolen.insight.study import Study, study
from tests.centres import Case, cases

Row = dict[str, Any]
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Said:
    """All that a study says of single clients, by client."""

    clients: dict[Any, Row]
    flows: dict[Any, Row]
    risks: dict[Any, list[Row]]
    orders: dict[Any, list[Row]]

    def of(self, customer: Any) -> tuple[Row, Row | None, list[Row], list[Row]]:
        return (
            self.clients[customer], self.flows.get(customer), self.risks.get(customer, []),
            self.orders.get(customer, []),
        )  # fmt: skip


def said(made: Study) -> Said:
    found = made.risks()
    files = {name: pa.concat_tables(make()).to_pylist() for name, make in made.files().items() if name in PIECES}
    points = by(files.get("points", []), "order_id")
    scored = [{**row, "points": points.get(row["order_id"], [])} for row in files.get("orders", [])]
    return Said(
        {row["customer_id"]: row for row in made.customers().to_pylist()},
        {row["customer_id"]: row for row in made.cascade().to_pylist()},
        by(found.records() if found else [], "customer_id"),
        by(scored, "customer_id"),
    )


PIECES = ("orders", "points")


def by(rows: Iterable[Row], key: str) -> dict[Any, list[Row]]:
    made: dict[Any, list[Row]] = {}
    for row in sorted(rows, key=str):
        made.setdefault(row[key], []).append(row)
    return made


def same(one: Any, other: Any) -> bool:
    """Equal; floats to the ninth digit, as engines agree."""
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float):
        return isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)
    return bool(one == other)


def differing(full: Said, alone: Said, customer: Any) -> list[Any]:
    """What is said of a client in two ways; nothing where both agree."""
    one, other = full.of(customer), alone.of(customer)
    names = one[0].keys() | other[0].keys()
    columns = [(name, one[0].get(name), other[0].get(name)) for name in names]
    return [pair for pair in (*columns, *zip("flow risks orders".split(), one[1:], other[1:], strict=True))
            if not same(*pair[1:])]  # fmt: skip


# Histories drawn at random


@given(case=cases())
@settings(
    max_examples=4, deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
def test_any_history_alone_says_what_the_full_pass_says(case: Case):
    tables, config = case.tables(), Config(grid=case.grid, minimum=1)
    earlier = replace(tables, today=case.asof - WEEK)
    try:
        learnt = study(earlier, case.asof - WEEK, config).population()
    except SchemaError:
        assume(False)  # nobody had come by then
    full = said(study(tables, case.asof, config, compare=case.compare, population=learnt))

    for customer in list(full.clients)[:2]:
        mine = around(tables, [customer])
        alone = said(study(mine, case.asof, config, compare=case.compare, population=learnt))

        assert differing(full, alone, customer) == []


# A centre where everything is known, a week after the full study


@pytest.fixture(scope="module")
def centre() -> Tables:
    return Tables(synth.centre(700, 11, years=3, flaws=True))


@pytest.fixture(scope="module")
def whole(centre: Tables) -> Study:
    """The full study of a week ago."""
    return study(centre, synth.UNTIL - WEEK)


@pytest.fixture(scope="module")
def learnt(whole: Study) -> Population:
    return Population.from_bytes(whole.population().to_bytes())


def test_a_population_holds_models_too(learnt: Population):
    [chance] = learnt.tables["chance"].to_pylist()

    assert chance["factors"]
    assert len(chance["cuts"]) == 100
    assert learnt.tables["value_ways"].num_rows >= 1
    assert learnt.asof == synth.UNTIL - WEEK


def test_the_full_study_with_its_own_population_says_the_same(centre: Tables, whole: Study, learnt: Population):
    again = said(study(centre, population=learnt))

    once = said(whole)
    assert once.clients.keys() == again.clients.keys()
    assert [one for one in once.clients if differing(once, again, one)] == []


@pytest.fixture(scope="module")
def today(centre: Tables, learnt: Population) -> Said:
    return said(study(centre, synth.UNTIL, population=learnt))


def test_clients_alone_say_what_the_full_pass_of_a_later_day_says(centre: Tables, today: Said, learnt: Population):
    everybody = list(today.clients.values())
    newest = max(everybody, key=lambda row: row["first_at"] or date.min)
    never = next(row for row in everybody if not row["n_orders"])
    referred = next(row for row in everybody if row["brought"])
    pressed = max(everybody, key=lambda row: row["n_risk_points"] or 0)
    dearest = max(everybody, key=lambda row: row["revenue"] or 0)

    for client in (newest, never, referred, pressed, dearest):
        customer = client["customer_id"]
        alone = said(study(around(centre, [customer]), synth.UNTIL, population=learnt))

        assert differing(today, alone, customer) == []


def test_a_source_that_lost_its_empty_tables_is_studied_all_the_same(centre: Tables, today: Said, learnt: Population):
    customer = next(row["customer_id"] for row in today.clients.values() if row["n_orders"] == 1)
    mine = around(centre, [customer])
    bare = replace(mine, data={name: _told(rows) for name, rows in mine.data.items() if len(rows)})  # type: ignore[arg-type]

    alone = said(study(bare, synth.UNTIL, population=learnt))

    assert differing(today, alone, customer) == []


def _told(rows: pa.Table) -> pa.Table:
    """Only the columns that say something."""
    return rows.select([name for name in rows.column_names if rows[name].null_count < len(rows)])


def test_bytes_of_another_kind_are_refused():
    for stored in (b"", b"nonsense", Population({"other": pa.table({"a": [1]})}).to_bytes()):
        with pytest.raises(SchemaError) as refusal:
            Population.from_bytes(stored)
        assert refusal.value.key == "error.bad_population"


def test_a_base_without_clients_has_no_population():
    days = pa.array([date(2025, 1, 1)] * 3)

    with pytest.raises(SchemaError) as refusal:
        study(Tables({"orders": pa.table({"accepted_date": days})})).population()

    assert refusal.value.key == "error.no_clients"
