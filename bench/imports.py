"""Speed of the import: a file brought, read, checked and loaded by the importer's own code, on a base of its own.

    python bench/imports.py [--clients 100000] [--orders 0] [--kind csv|xlsx] [--home FOLDER]

Prints rows a second of the whole way, of each step, of the processor's own time (what counts on a machine that others
use too), and the most memory that was held. SQLite, or DATABASE_URL.
"""

from __future__ import annotations

import argparse
import csv
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

CHUNK = 2**20


def main() -> None:
    given = argparse.ArgumentParser()
    given.add_argument("--clients", type=int, default=100_000)
    given.add_argument("--orders", type=int, default=0)
    given.add_argument("--kind", choices=("csv", "xlsx"), default="csv")
    given.add_argument("--home", default="")
    told = given.parse_args()
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


def _one(path: Path, n: int, by: object) -> None:
    from dovolen.desk.ingest import actions
    from dovolen.desk.ingest.models import Import
    from dovolen.desk.ingest.work import running

    steps: dict[str, float] = {}
    began, worked = time.perf_counter(), time.process_time()
    source = actions.upload(centre=by.centre, name=path.name, pieces=_pieces(path), by=by, now=datetime.now(UTC))  # type: ignore[attr-defined]
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
        flush=True,
    )


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


if __name__ == "__main__":
    main()
