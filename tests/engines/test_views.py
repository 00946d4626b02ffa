"""Every view gives the same rows on every engine, to the last client."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from dovolen.insight.engines import Engine, open_engine
from dovolen.insight.facts import Views, definitions
from tests.engines import sample
from tests.engines.golden import DIALECTS, FOLDER, golden

BASES = {"invented": sample.base, "edges": sample.edges}


@cache
def expected(base: str) -> dict[str, list[tuple[Any, ...]]]:
    """Rows of every view on DuckDB, whose dialect the views are written in."""
    engine = open_engine()
    made = sample.views(engine, BASES[base]())
    found = {name: sample.rows(made, name) for name in sample.names()}
    engine.close()
    return found


@pytest.fixture(scope="module", params=BASES)
def base(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def made(base: str, engine: Engine) -> Views:
    return sample.views(engine, BASES[base]())


def same(left: Any, right: Any) -> bool:
    """Equal; numbers with a point within 1e-9."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=0)
    return type(left) is type(right) and left == right


@pytest.mark.parametrize("name", sample.names())
def test_a_view_gives_the_same_rows_everywhere(name: str, base: str, made: Views) -> None:
    found = sample.rows(made, name)

    wanted = expected(base)[name]
    assert len(found) == len(wanted)
    unequal = [pair for pair in zip(wanted, found, strict=True) if not all(map(same, *pair))]
    assert not unequal, f"{len(unequal)} rows differ, first DuckDB's: {unequal[:2]}"


def test_the_invented_base_reaches_every_view() -> None:
    empty = [name for name, rows in expected("invented").items() if not rows]

    assert not empty


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", sorted(definitions()))
def test_the_text_for_each_engine_is_the_one_that_was_read(name: str, dialect: str) -> None:
    file = FOLDER / dialect / f"{name}.sql"

    assert file.exists(), "a new view: python -m tests.engines.golden"
    assert file.read_text("utf-8") == golden(name, dialect), "read the difference, then python -m tests.engines.golden"
