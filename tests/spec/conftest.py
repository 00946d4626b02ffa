"""`spec` and `spec_view`: definitions checked on every engine by tables that the manual shows.

The same calls, answered by scripts/specs.py instead of an engine, write docs/reference/metrics.md.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

import pytest

from dovolen.insight.config import Config
from dovolen.insight.engines import Engine
from dovolen.insight.metrics import Metric
from dovolen.insight.schema import TABLES
from dovolen.insight.study import Study, study
from tests.spec import given

UNKNOWN_CLIENT = """
 customer_id | kind | class | source | manager | image_value | potential | rfm_segment | lifecycle
           1 |      |       |        |         |             |           |             |
"""
"""A metric is a matter of orders: all that would be told of their clients need not be made."""


@pytest.fixture
def spec(engine: Engine) -> Callable[..., None]:
    """`spec(orders, metric, numerator=…, denominator=…)`: what a metric counts in these orders."""
    return partial(_check_metric, engine)


@pytest.fixture
def spec_view(engine: Engine) -> Callable[..., None]:
    """`spec_view(view, expected, orders=…, customers=…, asof=…, compare=…, zone=…, <setting>=…)`: rows of a view.

    Columns that `expected` does not name are not looked at; of several days only the study's own is. A text under the
    name of a view stands in its place.
    """
    return partial(_check_view, engine)


def _check_metric(
    engine: Engine, orders: str, metric: Metric, *, numerator: Any, denominator: Any = None, **given_too: Any
) -> None:
    made = _study(engine, orders=orders, customer_facts=UNKNOWN_CLIENT, **given_too)

    counts = f"{metric.numerator} AS numerator, {metric.denominator or 'NULL'} AS denominator"
    found = made.views.row(f"SELECT {counts} FROM order_facts")
    assert found["numerator"] == (numerator if numerator is None else pytest.approx(numerator, rel=1e-9))
    assert found["denominator"] == denominator


def _check_view(engine: Engine, view: str, expected: str, **given_too: Any) -> None:
    made = _study(engine, **given_too)
    names, rows = given.parsed(expected)

    found = made.views.fetch(f"SELECT * FROM {view}")
    records = found.to_pylist()
    if "day" in found.column_names and "day" not in names:
        records = [record for record in records if record["day"] == made.asof]
    assert sorted([_shown(record[name]) for name in names] for record in records) == sorted(rows)


def _study(
    engine: Engine, asof: str | None = None, compare: str | None = None, zone: str = "Europe/Moscow", **more: Any
) -> Study:
    """A study of these tables, with views replaced where a text bears their name."""
    texts = {name: value for name, value in more.items() if "\n" in str(value)}
    settings = {name: value for name, value in more.items() if name not in texts}
    made = study(
        given.tables(texts, zone),
        date.fromisoformat(asof) if asof else None,
        Config(**settings),
        compare=date.fromisoformat(compare) if compare else None,
        engine=engine,
    )
    _ = made.rooms  # they lend the views rows
    for name, text in texts.items():
        if name not in TABLES:
            made.views.put(name, given.as_view(name, text))
    return made


def _shown(value: Any) -> str:
    """A value as the tables write it; numbers with a point to nine digits, whatever an engine's last bit."""
    if isinstance(value, float):
        return f"{value:.9g}"
    return "" if value is None else str(value)
