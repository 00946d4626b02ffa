"""A whole study says the same on every engine: figures, sheets, findings, clients."""

from __future__ import annotations

import math
from functools import cache
from typing import Any

import pytest

from dovolen.insight.engines import Engine, open_engine
from dovolen.insight.study import Study, study
from tests.engines import sample

BASES = {"invented": sample.base, "edges": sample.edges}


def said(made: Study) -> dict[str, Any]:
    """All that a report would read."""
    return {
        **{f"figure {key}": (one.value, one.n, one.low, one.high) for key, one in made.figures.items()},
        **{f"sheet {key}": [tuple(row) for row in one.rows] for key, one in made.sheets.items()},
        "findings": [(one.code, one.table, one.count, one.of, one.examples) for one in made.findings],
        "impossible": list(made.impossible),
        "customers": [tuple(row.values()) for row in made.customers().to_pylist()],
        "cascade": [tuple(row.values()) for row in made.cascade().to_pylist()],
    }


@cache
def expected(base: str) -> dict[str, Any]:
    engine = open_engine()
    found = said(study(BASES[base](), sample.ASOF, compare=sample.COMPARE, engine=engine))
    engine.close()
    return found


def same(left: Any, right: Any) -> bool:
    """Equal; numbers with a point within 1e-9."""
    if isinstance(left, float) and isinstance(right, float):
        return math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-9)
    if isinstance(left, (list, tuple)):
        return isinstance(right, type(left)) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and left == right


@pytest.mark.parametrize("base", BASES)
def test_a_study_says_the_same_everywhere(base: str, engine: Engine) -> None:
    found = said(study(BASES[base](), sample.ASOF, compare=sample.COMPARE, engine=engine))

    wanted = expected(base)
    assert found.keys() == wanted.keys()
    assert [key for key in wanted if not same(wanted[key], found[key])] == []
