"""Snapshots of a large desk: how long one takes, how much memory, how pages answer meanwhile.

    python bench/run.py snapshots [--clients 100000] [--orders 1000000] [--engines sqlite,postgresql]

The first snapshot scores every order; the one after it, as every night, writes what changed. The base is made once
under .cache/bench.
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from meanwhile import PAGES, watched
from pages import Base, _database, _postgres


def sections(cache: Path, *, clients: int, orders: int, engines: str) -> list[str]:
    """The tables of RESULTS.md: one an engine."""
    made = []
    for engine in engines.split(","):
        with ExitStack() as stack:
            server = stack.enter_context(_postgres()) if engine == "postgresql" else ""
            made.append(_section(engine, orders, _measured(_base(cache, engine, server, clients, orders))))
    return made


def _base(cache: Path, engine: str, server: str, clients: int, orders: int) -> Base:
    """A base of that many, made where it is not there yet."""
    home = cache / "snapshots" / f"{engine}-{orders}"
    base = Base(str(orders), engine, home, _database(server, f"snapshots_{orders}") if server else "")
    if not (home / "made").exists():
        home.mkdir(parents=True, exist_ok=True)
        print(base.run("snapshots_data.py", str(clients), str(orders)), flush=True)
        (home / "made").touch()
    subprocess.run([sys.executable, "-m", "dovolen.desk.commands.readiness"], env=base.environment, check=True)
    return base


def _measured(base: Base) -> dict[str, Any]:
    runs = {}
    with watched(base) as watch:
        for name in ("first", "next"):
            runs[name] = watch.run("snapshots_made.py")
            print(f"  {base.engine} {name}: {runs[name]}", flush=True)
    return {"probe": watch.probe, "runs": runs, "quiet": watch.quiet, "during": watch.during}


def _section(engine: str, orders: int, found: dict[str, Any]) -> str:
    probe, runs = found["probe"], found["runs"]
    quiet, during = (quantiles(found[name], n=20)[-1] for name in ("quiet", "during"))
    told = TOLD.format(
        clients=probe["n_customers"], orders=orders, engine=engine, version=probe["version"], pages=", ".join(PAGES),
        before=median(found["quiet"]), quiet=quiet, after=median(found["during"]), during=during,
        n=len(found["during"]), ratio=during / quiet, mark="✓" if during <= 2 * quiet else "✗",
        load=os.getloadavg()[0], cores=os.cpu_count(), rows="\n".join(_row(name, one) for name, one in runs.items()),
    )  # fmt: skip
    return told.strip()


def _row(name: str, one: dict[str, Any]) -> str:
    parts = [f"{one['parts'][part]:.1f}" for part in ("read", "clients", "files", "results")]
    numbers = " | ".join([f"{one['wall']:.1f}", f"{one['cpu']:.1f}", *parts, f"{one['peak']:.0f}"])
    return f"| {name} | {numbers} | ≤ 60 s {'✓' if one['wall'] <= 60 else '✗'} |"


TOLD = """
## Snapshot: {clients:,} clients, {orders:,} orders, {engine} {version}

Out of the live base by the analyst, a process of its own that gives way to pages: read, studied, written, published.
The first one scores every order; the next one writes what changed, as every night. CPU is the analyst's alone, parts
are seconds of the clock: rows of clients and scores are written beside what comes after them. Load of the machine at
the end: {load:.1f} on {cores} cores.

| snapshot | wall, s | CPU, s | reading | study of clients | cube, files, figures | results | peak, MB | goal |
|---|---:|---:|---:|---:|---:|---:|---:|---|
{rows}

Pages ({pages}), one after another by one person: p50 {before:.0f} ms, p95 {quiet:.0f} ms before; p50 {after:.0f} ms,
p95 {during:.0f} ms while snapshots are made ({n} pages): {ratio:.1f} × (goal ≤ 2 × {mark}).
"""
