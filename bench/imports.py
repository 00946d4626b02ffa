"""Speed of the import: a file brought, read, checked and loaded by the importer's own code, on a base of its own.

    python bench/imports.py [--clients 100000] [--orders 0] [--kind csv|xlsx] [--home FOLDER]
    python bench/run.py imports [--rows 100000] [--kinds csv,xlsx] [--engines sqlite,postgresql]

The first prints rows a second of the whole way, of each step, of the processor's own time (what counts on a machine
that others use too), and the most memory that was held; SQLite, or DATABASE_URL. The second brings clients into a desk
that is at work, asks for its pages meanwhile, and makes tables of RESULTS.md.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from typing import Any

CHUNK = 2**20
GOALS = {"csv": 8_000, "xlsx": 6_000}
CLIENTS_BEFORE, ORDERS_BEFORE = 2_000, 20_000


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--clients", type=int, default=100_000)
    given.add_argument("--orders", type=int, default=0)
    given.add_argument("--kind", choices=("csv", "xlsx"), default="csv")
    given.add_argument("--home", default="")
    given.add_argument("--in-place", action="store_true", help="into the desk of DOVOLEN_HOME, told as JSON")
    told = given.parse_args()
    if told.in_place:
        print(json.dumps(_in_place(told.clients, told.kind)))
        return
    home = Path(told.home or tempfile.mkdtemp(prefix="dovolen-bench-"))
    try:
        measure(home, told.clients, told.orders, told.kind)
    finally:
        if not told.home:
            shutil.rmtree(home, ignore_errors=True)


def measure(home: Path, n_clients: int, n_orders: int, kind: str) -> None:
    os.environ |= {"DOVOLEN_HOME": str(home), "DOVOLEN_LOG": "error", "DJANGO_SETTINGS_MODULE": "dovolen.desk.settings"}
    subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], check=True)  # a base as installed
    import django

    django.setup()
    from imports_data import clients, orders

    from dovolen.desk.accounts import actions as accounts

    now = datetime.now(UTC)
    centre = {"name": "Bench", "zone": "Europe/Moscow", "currency": "RUB"}
    by = accounts.open_house(centre=centre, login="bench", name="Bench", password="a long bench password", now=now)
    for name, rows, n in (
        ("clients", clients(n_clients), n_clients),
        ("orders", orders(n_orders, n_clients), n_orders),
    ):
        if n:
            _one(_written(home / f"{name}.{kind}", rows), n, by)


def _in_place(n: int, kind: str) -> dict[str, Any]:
    """Clients into the desk that is there, as gently as the importer does it."""
    os.environ |= {"DJANGO_SETTINGS_MODULE": "dovolen.desk.settings"}
    import django

    django.setup()
    from imports_data import clients

    from dovolen.desk.accounts.models import Staff
    from dovolen.desk.core import apart

    os.nice(apart.NICE)
    home = Path(os.environ["DOVOLEN_HOME"])
    return _one(_written(home / f"clients.{kind}", clients(n)), n, Staff.objects.get(login="director"))


def _one(path: Path, n: int, by: object) -> dict[str, Any]:
    from dovolen.desk.ingest import actions
    from dovolen.desk.ingest.models import Import
    from dovolen.desk.ingest.work import running

    steps: dict[str, float] = {}
    began, worked = time.perf_counter(), time.process_time()
    centre = by.centre or by.places[0].centre  # type: ignore[attr-defined]
    source = actions.upload(centre=centre, name=path.name, pieces=_pieces(path), by=by, now=datetime.now(UTC))  # type: ignore[arg-type]
    for step, ask in (("read", None), ("check", actions.ask_check), ("load", actions.ask_load)):
        if ask:
            ask(source=source, by=by, now=datetime.now(UTC))  # type: ignore[arg-type]
        at = time.perf_counter()
        running.work_off()
        steps[step] = time.perf_counter() - at
        source = Import.objects.get(pk=source.pk)
        assert not source.refusal, source.refusal
    whole, own = time.perf_counter() - began, time.process_time() - worked
    told = " ".join(f"{step} {seconds:.1f}s" for step, seconds in steps.items())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{path.name}: {n} rows in {whole:.1f} s = {n / whole:.0f} rows/s ({told}); {own:.1f} s of one processor = "
        f"{n / own:.0f} rows/s; {memory} MB; {source.state}",
        file=sys.stderr, flush=True,
    )  # fmt: skip
    return {"n": n, "wall": whole, "cpu": own, "steps": steps, "peak": memory}


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while piece := file.read(CHUNK):
            yield piece


def _written(path: Path, rows: Iterable[list[str]]) -> Path:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, delimiter=";").writerows(rows)
        return path
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


# ── Tables of RESULTS.md ─────────────────────────────────────────────────────────────────────────────────────────────


def sections(cache: Path, *, rows: int, kinds: str, engines: str) -> list[str]:
    """The tables of RESULTS.md: one an engine."""
    from pages import _postgres

    made = []
    for engine in engines.split(","):
        with ExitStack() as stack:
            server = stack.enter_context(_postgres()) if engine == "postgresql" else ""
            found = {kind: _measured(cache, engine, server, kind, rows) for kind in kinds.split(",")}
        made.append(_section(engine, rows, found))
    return made


def _measured(cache: Path, engine: str, server: str, kind: str, rows: int) -> dict[str, Any]:
    """One file brought into a desk of its own, and the desk's pages before and meanwhile."""
    from meanwhile import watched
    from pages import Base, _database

    home = cache / "imports" / f"{engine}-{kind}-{rows}"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    base = Base(str(rows), engine, home, _database(server, f"imports_{kind}_{os.getpid()}") if server else "")
    base.run("snapshots_data.py", str(CLIENTS_BEFORE), str(ORDERS_BEFORE))
    subprocess.run([sys.executable, "-m", "dovolen.desk.commands.readiness"], env=base.environment, check=True)
    with watched(base) as watch:
        run = watch.run("imports.py", "--in-place", "--kind", kind, "--clients", str(rows))
    found = {"version": watch.probe["version"], "quiet": watch.quiet, "during": watch.during, "run": run}
    found["load"] = os.getloadavg()[0]
    shutil.rmtree(home, ignore_errors=True)
    return found


def _section(engine: str, rows: int, found: dict[str, dict[str, Any]]) -> str:
    from meanwhile import PAGES

    version = next(iter(found.values()))["version"]
    lines = "\n".join(_row(kind, one) for kind, one in found.items())
    told = TOLD.format(
        rows=rows, engine=engine, version=version, pages=", ".join(PAGES), lines=lines, cores=os.cpu_count()
    )
    return told.strip()


def _row(kind: str, one: dict[str, Any]) -> str:
    run, goal = one["run"], GOALS[kind]
    of_wall, of_cpu = run["n"] / run["wall"], run["n"] / run["cpu"]
    steps = " | ".join(f"{run['steps'][step]:.1f}" for step in ("read", "check", "load"))
    quiet, during = (quantiles(one[name], n=20)[-1] for name in ("quiet", "during"))
    pages = f"{quiet:.0f} | {during:.0f} | {during / quiet:.1f} × {'✓' if during <= 1.2 * quiet else '✗'}"
    return (
        f"| {kind} | {run['wall']:.1f} | {steps} | {of_wall:,.0f} | {run['cpu']:.1f} | {of_cpu:,.0f} | "
        f"{goal:,} {'✓' if of_wall >= goal else '✗'} | {run['peak']:,} | {pages} | {one['load']:.1f} |"
    )


TOLD = """
## Import: {rows:,} clients, {engine} {version}

A list of clients with phones in several writings, addresses and mail into a desk with 20,000 orders: brought, read,
checked, duplicates looked for, loaded with rows of search and what undo needs, by the importer's own code, which gives
way to pages. Wall and steps while pages ({pages}) are asked for one after another; start of the libraries inside; load
of the {cores} cores at the end, other programs among it.

| file | wall, s | read | check | load | rows/s of wall | CPU, s | rows/s of CPU | goal, rows/s | peak, MB | p95 of pages before, ms | meanwhile | goal ≤ 1.2 × | load |
|---|---:|---:|---:|---:|---:|---:|---:|---|---:|---:|---:|---|---:|
{lines}
"""  # noqa: E501 – one line of a table


if __name__ == "__main__":
    main()
