"""Write docs/reference/metrics.md from METRICS and the spec tables: `python scripts/metrics.py [--check]`.

Each test of tests/spec is called with a listener in place of an engine; what it tells is printed.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import Any

from dovolen.insight.metrics import METRICS

HOUSE = Path(__file__).resolve().parent.parent
SPECS = HOUSE / "tests" / "spec"
PAGE = HOUSE / "docs" / "reference" / "metrics.md"
ROWS_SHOWN = 24
INTRODUCTION = """# Metrics and definitions by example

*Written by `make docs`; change the specs in `tests/spec`, not this page.*

Every table below is a test that runs on every engine. An empty place is null; clocks are the centre's; money is in
minor units; what an example does not care about is left out. [Definitions](definitions.md) has the views themselves."""


@dataclass(frozen=True)
class Heard:
    """What one call of `spec` or `spec_view` said: tables by name, settings, and what comes out of `subject`."""

    subject: str
    tables: dict[str, str]
    settings: dict[str, Any]
    outcome: str
    kind: str  # metric, view


@dataclass(frozen=True)
class Definition:
    """One file of spec tables: its title, its prose, and every test as a sentence with what it said."""

    title: str
    prose: str
    tests: tuple[tuple[str, tuple[Heard, ...]], ...]


def contents() -> dict[str, tuple[str, ...]]:
    """Chapter → files, in the order of reading."""
    found: dict[str, tuple[str, ...]] = _module(SPECS / "contents.py").CONTENTS
    return found


def definitions() -> dict[str, list[Definition]]:
    """Every chapter with its definitions."""
    return {chapter: [definition(SPECS / file) for file in files] for chapter, files in contents().items()}


def definition(path: Path) -> Definition:
    """What one file of spec tables defines."""
    module = _module(path)
    tests = [(name, test) for name, test in vars(module).items() if name.startswith("test_")]
    prose = " ".join(inspect.cleandoc(module.__doc__ or "").split())
    return Definition(module.title, prose, tuple((_sentence(name), _heard(test)) for name, test in tests))


def _module(path: Path) -> ModuleType:
    found = spec_from_file_location(path.stem, path)
    assert found
    assert found.loader
    module = module_from_spec(found)
    found.loader.exec_module(module)
    return module


def _sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return words[0].upper() + words[1:]


def _heard(test: Callable[..., None]) -> tuple[Heard, ...]:
    """Call a test with listeners, and give back what it told them."""
    heard: list[Heard] = []

    def metric(orders: str, metric: Any, *, numerator: Any, denominator: Any = None, **more: Any) -> None:
        outcome = f"{numerator}" + (f" of {denominator}" if denominator is not None else "")
        heard.append(Heard(metric.name, {"orders": orders}, more, outcome, "metric"))

    def view(view: str, expected: str, **more: Any) -> None:
        tables = {name: value for name, value in more.items() if "\n" in str(value)}
        settings = {name: value for name, value in more.items() if name not in tables}
        heard.append(Heard(view, tables, settings, expected, "view"))

    listeners = {"spec": metric, "spec_view": view}
    test(**{name: listeners[name] for name in inspect.signature(test).parameters})
    return tuple(heard)


def page() -> str:
    """The whole page."""
    parts = [INTRODUCTION, "## What is measured\n\n" + _measures()]
    for chapter, found in definitions().items():
        parts.append(f"## {chapter}")
        parts += [part for one in found for part in _page(one)]
    return "\n\n".join(parts) + "\n"


def _measures() -> str:
    rows = [
        [f"`{one.name}`", one.unit, one.better, _code(one.numerator), _code(one.denominator)]
        for one in METRICS.values()
    ]
    head = ["metric", "unit", "better", "numerator", "denominator"]
    return "\n".join(map(_row, [head, ["---"] * len(head), *rows]))


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _page(one: Definition) -> Iterable[str]:
    yield f"### {one.title}\n\n{one.prose}"
    shown: set[str] = set()
    for sentence, heard in one.tests:
        yield f"**{sentence}.**"
        for said in heard:
            for name, text in said.tables.items():
                if text not in shown:
                    yield f"`{name}`:\n\n{_table(text)}"
                shown.add(text)
            yield _outcome(said)


def _outcome(said: Heard) -> str:
    settings = ", ".join(f"{name} = {value}" for name, value in said.settings.items())
    given = f" ({settings})" if settings else ""
    if said.kind == "metric":
        return f"→ `{said.subject}`{given}: {said.outcome}"
    return f"→ `{said.subject}`{given}:\n\n{_table(said.outcome)}"


def _table(text: str) -> str:
    lines = [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]
    head, rows = lines[0], lines[1:]
    more = [["…"] * len(head)] if len(rows) > ROWS_SHOWN else []
    return "\n".join(map(_row, [head, ["---"] * len(head), *rows[:ROWS_SHOWN], *more]))


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def main(arguments: Sequence[str]) -> int:
    """Write the page, or say that it is out of date."""
    text = page()
    if "--check" not in arguments:
        PAGE.write_text(text, encoding="utf-8")
    elif PAGE.read_text("utf-8") != text:
        print("docs/reference/metrics.md is out of date, run `make docs`")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
