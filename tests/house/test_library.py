"""Conventions of the library: no clock, small modules, views that say what they need and give."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

from tests.conftest import ROOT

INSIGHT = ROOT / "src" / "dovolen" / "insight"
MODULES = sorted((ROOT / "src").rglob("*.py"))
VIEWS = sorted((INSIGHT / "sql").glob("*.sql"))
CLOCK = {
    ("datetime", "now"), ("datetime", "today"), ("datetime", "utcnow"), ("date", "today"),
    ("time", "time"), ("time", "time_ns"), ("time", "localtime"), ("time", "gmtime"),
}  # fmt: skip
SQL_CLOCK = re.compile(r"\b(current_date|current_timestamp|now\s*\(|today\s*\()", re.IGNORECASE)
VAGUE = re.compile(r"(^|_)(utils?|helpers?|manager|misc|common)(_|$)")
LONGEST = 400


def clocks_read(module: Path) -> Iterator[str]:
    """Calls of `module` that would make the same input give another answer tomorrow."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            owner = node.func.value
            name = owner.attr if isinstance(owner, ast.Attribute) else getattr(owner, "id", "")
            if (name, node.func.attr) in CLOCK:
                yield f"{module.name}:{node.lineno} {name}.{node.func.attr}()"


def test_the_library_reads_no_clock() -> None:
    assert not [call for module in INSIGHT.rglob("*.py") for call in clocks_read(module)]
    assert not [view.name for view in VIEWS if SQL_CLOCK.search(without_comments(view))]


def without_comments(view: Path) -> str:
    return re.sub(r"--.*", "", view.read_text("utf-8"))


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_a_view_says_what_it_needs_and_gives(view: Path) -> None:
    head = [line for line in view.read_text("utf-8").splitlines() if line.startswith("--")]

    assert head[0].startswith(f"-- {view.stem}:"), "the first line names the view and says in one sentence what it is"
    assert any(line.startswith("-- Needs:") for line in head)
    assert any(line.startswith("-- Gives:") for line in head)


@pytest.mark.parametrize("view", VIEWS, ids=lambda view: view.stem)
def test_a_view_keeps_to_the_plain_subset(view: Path) -> None:
    outside = re.compile(r"\b(FILTER\s*\(|QUALIFY|ntile|round\s*\(|bool_and|bool_or|list\s*\(|unnest)", re.IGNORECASE)

    assert not outside.search(without_comments(view))


def test_modules_stay_small_and_are_named_for_what_they_hold() -> None:
    ours = [module for module in MODULES if module.parent.name != "migrations"]  # those are written by Django
    lengths = {module: len(module.read_text("utf-8").splitlines()) for module in ours}

    assert not {module.name: length for module, length in lengths.items() if length > LONGEST}
    assert median(lengths.values()) <= 200
    assert not [module.name for module in MODULES if VAGUE.search(module.stem)]


def test_the_floors_have_no_secret_stairs() -> None:
    assert "ignore_imports" not in (ROOT / "pyproject.toml").read_text("utf-8")
