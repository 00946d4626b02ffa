"""What was measured of pages, as lines to look at and as a section of RESULTS.md."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median, quantiles
from typing import Any

SIZES = {"S": (10_000, 50_000), "L": (100_000, 500_000)}
"""Clients and orders."""
GOALS: dict[str, tuple[str, float]] = {
    "client list": ("list", 4), "order list": ("list", 4), "closed orders": ("list", 4), "board": ("list", 4),
    "today": ("list", 5), "client card": ("one", 9), "search as you type": ("one", 5),
}  # fmt: skip
"""Page → what it is held against, and how many times that it may take."""
BARE = {"one": "SELECT", "list": "list"}
LEAST_RATE, MOST_INTAKE, MOST_QUERIES, MOST_GROWTH, MOST_SEARCH = 110, 15, 12, 1.3, 1.0
HEAD = "\n".join([
    "| page | p50, ms | p95, ms | CPU, ms | queries | against | ratio | of CPU | goal | growth |",
    "|---|---:|---:|---:|---:|---|---:|---:|---|---:|",
])  # fmt: skip


@dataclass
class Measured:
    """What one base gave; times in milliseconds."""

    probe: dict[str, Any]
    times: dict[str, list[float]]
    busy: dict[str, float]
    """CPU of the server, a page."""
    intakes: list[float]
    inserts: list[float]
    rate: float

    def p50(self, name: str) -> float:
        """The median."""
        return median(self.times[name])

    def p95(self, name: str) -> float:
        """What nineteen of twenty stay under."""
        return quantiles(self.times[name], n=20)[-1]

    def ratio(self, name: str) -> tuple[str, float, float]:
        """Against which bare view, how many times it, and how many are allowed (0: no goal)."""
        against, goal = GOALS.get(name, ("one", 0))
        return BARE[against], self.p50(name) / self.p50(f"bare {against}"), goal

    def cpu_ratio(self, name: str) -> float:
        """How many times the CPU of the bare view."""
        return self.busy[name] / self.busy[f"bare {GOALS.get(name, ('one', 0))[0]}"]

    def answers(self, name: str) -> bool:
        """Whether the page was there."""
        return len(self.times[name]) > 1


def lines_of(found: Measured) -> list[str]:
    """For the one who looks on; with the slowest query of what took long."""
    lines = []
    for name in found.times:
        if not found.answers(name):
            lines.append(f"  {name:<22} does not answer: {found.probe['queries'].get(name)}")
            continue
        lines.append(
            f"  {name:<22}{found.p50(name):8.1f} ms p50{found.p95(name):8.1f} ms p95{found.busy[name]:8.1f} ms CPU"
        )
        if name in found.probe["pages"]:
            against, ratio, goal = found.ratio(name)
            _, n, size, slowest = found.probe["queries"][name]
            lines[-1] += (
                f"{n:>4} queries{size // 1024:>5} KB{ratio:6.1f} × bare {against}, CPU {found.cpu_ratio(name):.1f} ×"
            )
            if goal and ratio > goal:
                lines.append(f"      over {goal:g} ×; slowest query: {slowest}")
    lines.append(f"  search in the base, ms: {found.probe['search_ms']}")
    taken = f"{median(found.intakes):.1f} ms, bare INSERT {median(found.inserts):.2f} ms"
    return [*lines, f"  intake {taken}, {found.rate:.0f} a second"]


def section(engine: str, measured: dict[str, Measured]) -> str:
    """The table of an engine."""
    large = measured[max(measured, key=lambda size: SIZES[size])]
    small = measured[min(measured, key=lambda size: SIZES[size])]
    name = "SQLite" if engine == "sqlite" else "PostgreSQL"
    title = (
        f"{large.probe['n_customers']:,} clients, {large.probe['n_orders']:,} orders, {name} {large.probe['version']}"
    )
    rows = [_row(page, large, small) for page in large.probe["pages"]]
    return "\n".join([f"## Pages: {title}", "", _note(large, small), "", HEAD, *rows, "", *_rest(large)])


def _note(large: Measured, small: Measured) -> str:
    return (
        "Whole HTML over HTTP with rights and translations, as the director of two centres sees it; every page\n"
        "and both bare views are asked in turn within each round. Bare is Django without middleware: one SELECT by key "
        f"{large.p50('bare one'):.1f} ms,\na list of 50 rows {large.p50('bare list'):.1f} ms. CPU is the web server's "
        f"alone. Growth is p50 beside a base of {small.probe['n_orders']:,} orders\n(goal ≤ {MOST_GROWTH} ×)."
    )


def _row(page: str, large: Measured, small: Measured) -> str:
    if not large.answers(page):
        return f"| {page} | – | – | – | – | – | – | – | – | – |"
    against, ratio, goal = large.ratio(page)
    n, before = (found.probe["queries"][page][1] for found in (large, small))
    queries = f"{n} {_mark(n <= MOST_QUERIES and n == before)}" + (
        f" ({before} in the small one)" if n != before else ""
    )
    growth = large.p50(page) / small.p50(page) if small.answers(page) else 1.0
    grown = "–" if small is large else f"{growth:.2f} {_mark(growth <= MOST_GROWTH)}"
    cells = [
        page, f"{large.p50(page):.1f}", f"{large.p95(page):.1f}", f"{large.busy[page]:.1f}", queries,
        f"bare {against}", f"{ratio:.1f}", f"{large.cpu_ratio(page):.1f}",
        f"≤ {goal:g} × {_mark(ratio <= goal)}" if goal else "", grown,
    ]  # fmt: skip
    return f"| {' | '.join(cells)} |"


def _rest(large: Measured) -> list[str]:
    ratio = median(large.intakes) / median(large.inserts)
    slowest = max(large.probe["search_ms"].values())
    intake = (
        f"Intake saved (a new client, a new device, order, number, journal, consents): {median(large.intakes):.1f} ms, "
        f"{ratio:.1f} × a bare committed INSERT (goal ≤ {MOST_INTAKE} × {_mark(ratio <= MOST_INTAKE)}); by four people "
        f"at once {large.rate:.0f} a second (goal ≥ {LEAST_RATE} {_mark(large.rate >= LEAST_RATE)})."
    )
    search = (
        f"Search in the base: at most {slowest:.2f} ms (goal ≤ {MOST_SEARCH:g} ms {_mark(slowest <= MOST_SEARCH)})."
    )
    return [intake, search]


def _mark(is_met: bool) -> str:  # noqa: FBT001 – a sign for a truth
    return "✓" if is_met else "✗"
