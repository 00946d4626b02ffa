"""Speed beside the peers, in one run: each task a fresh process, several times; CPU seconds and peak memory by wait4.

    python bench/run.py [library] [--sizes 1,10] [--runs 3] [--only floor,ours,pandas] [--study/--no-study]
                        [--fits/--no-fits] [--write/--no-write]
    python bench/run.py pages [--engines sqlite,postgresql]     pages of the desk beside bare Django views
    python bench/run.py messages [--messages 100000]            messages queued and sent to a gateway here
    python bench/run.py snapshots [--orders 1000000]            snapshots of a large desk, and pages meanwhile
    python bench/run.py imports [--rows 100000]                 clients out of files, and pages meanwhile

Peers live in throw-away environments under .cache/bench, made from bench/peers/*.txt. Writes bench/RESULTS.md.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import venv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median

BENCH = Path(__file__).resolve().parent
CACHE = BENCH.parent / ".cache" / "bench"
ASOF = "2026-06-30"
MILLION = 1_000_000


@dataclass(frozen=True)
class Task:
    """One script to measure: its name in the table, the peer whose environment runs it, the goal beside the floor."""

    name: str
    script: str
    peer: str | None = None
    largest: int = 10 * MILLION
    goal: str = ""


RFM = (
    Task("floor", "floor_rfm.py"),
    Task("dovolen", "ours_rfm.py", goal="CPU ≤ 1.6 ×, memory ≤ 1.2 ×"),
    Task("polars", "peer_polars.py", peer="polars"),
    Task("pandas", "peer_pandas.py", peer="pandas"),
    Task("lifetimes", "peer_lifetimes.py", peer="lifetimes"),
    Task("pymc-marketing", "peer_pymc_marketing.py", peer="pymc_marketing"),
)
STUDY = (
    Task("floor", "floor_rfm.py"),
    Task("all views", "ours_views.py", goal="1 M rows: CPU ≤ 10 ×"),
    Task("whole study", "ours_study.py", goal="1 M rows: ≤ 60 s CPU, ≤ 1.5 GB"),
)
FIT_CLIENTS = MILLION
FIT_MODELS = {"bg_nbd": "BG/NBD", "pareto_nbd": "Pareto/NBD"}


@dataclass(frozen=True)
class Run:
    """What one process took."""

    cpu: float
    wall: float
    peak: float
    printed: str

    def __str__(self) -> str:
        return f"{self.cpu:8.2f} s CPU{self.wall:8.2f} s{self.peak:8.0f} MB  {self.printed}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, write."""
    asked = _arguments().parse_args(arguments)
    if asked.what == "pages":
        return _pages(asked)
    if asked.what == "messages":
        return _messages(asked)
    if asked.what == "snapshots":
        return _snapshots(asked)
    if asked.what == "imports":
        return _imports(asked)
    sections = []
    for size in (round(float(part) * MILLION) for part in asked.sizes.split(",") if part):
        orders = _orders(size)
        title = f"{size:,} orders of {size // 10:,} clients"
        sections.append(_section(f"RFM: {title}", _chosen(RFM, asked.only), orders, size, asked.runs))
        if asked.study:
            sections.append(_section(f"Whole study: {title}", _chosen(STUDY, asked.only), orders, size, asked.runs))
    if asked.fits:
        sections.append(_fits(FIT_CLIENTS))
    if asked.write:
        _write(sections)
    return 0


def _pages(asked: argparse.Namespace) -> int:
    """Pages of the desk beside bare Django views."""
    sys.path.insert(0, str(BENCH))
    pages = import_module("pages")
    sections = pages.sections(CACHE, engines=asked.engines)
    if asked.write:
        _write(sections)
    return 0


def _messages(asked: argparse.Namespace) -> int:
    """Messages of the desk, queued and sent."""
    sys.path.insert(0, str(BENCH))
    messages = import_module("messages")
    sections = messages.sections(CACHE, n=asked.messages, engines=asked.engines)
    if asked.write:
        _write(sections)
    return 0


def _snapshots(asked: argparse.Namespace) -> int:
    """Snapshots of a large desk."""
    sys.path.insert(0, str(BENCH))
    snapshots = import_module("snapshots")
    sections = snapshots.sections(CACHE, clients=asked.clients, orders=asked.orders, engines=asked.engines)
    if asked.write:
        _write(sections)
    return 0


def _imports(asked: argparse.Namespace) -> int:
    """Files brought into a desk."""
    sys.path.insert(0, str(BENCH))
    imports = import_module("imports")
    sections = imports.sections(CACHE, rows=asked.rows, kinds=asked.kinds, engines=asked.engines)
    if asked.write:
        _write(sections)
    return 0


def _write(sections: Sequence[str]) -> None:
    """Write these tables into RESULTS.md in the place of those with the same title; the others stay as they are."""
    path = BENCH / "RESULTS.md"
    before = path.read_text("utf-8").split("\n## ")[1:] if path.exists() else []
    kept = {_title(text): f"## {text.strip()}" for text in before}
    kept |= {_title(text.removeprefix("## ")): text for text in sections}
    path.write_text(_page(list(kept.values())), encoding="utf-8")


def _title(section: str) -> str:
    """What a table is about, without the sizes that vary a little."""
    head = section.partition("\n")[0]
    return " ".join([head.partition(":")[0], head.split()[-2]]) if head.startswith("Pages") else head


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "what",
        nargs="?",
        choices=("library", "pages", "messages", "snapshots", "imports"),
        default="library",
        help="what is measured",
    )
    parser.add_argument("--engines", default="sqlite,postgresql", help="of pages, messages (default: %(default)s)")
    parser.add_argument("--clients", type=int, default=100_000, help="of snapshots (default: %(default)s)")
    parser.add_argument("--orders", type=int, default=MILLION, help="of snapshots (default: %(default)s)")
    parser.add_argument("--rows", type=int, default=100_000, help="of imports (default: %(default)s)")
    parser.add_argument("--kinds", default="csv,xlsx", help="of files of imports (default: %(default)s)")
    parser.add_argument("--messages", type=int, default=100_000, help="how many are sent (default: %(default)s)")
    parser.add_argument("--sizes", default="1,10", help="millions of orders (default: %(default)s)")
    parser.add_argument("--runs", type=int, default=3, help="runs of each task (default: %(default)s)")
    parser.add_argument("--only", default="", help="names of tasks, by comma; the floor is always measured")
    parser.add_argument("--study", action=argparse.BooleanOptionalAction, default=True, help="the whole study too")
    parser.add_argument(
        "--fits", action=argparse.BooleanOptionalAction, default=True, help="models of repeat buying too"
    )
    parser.add_argument("--write", action=argparse.BooleanOptionalAction, default=True, help="write bench/RESULTS.md")
    return parser


def _chosen(tasks: Sequence[Task], only: str) -> list[Task]:
    names = {"floor", *only.split(",")} if only else {task.name for task in tasks}
    return [task for task in tasks if task.name in names]


def _orders(size: int) -> Path:
    """The file of that many orders, made once."""
    path = CACHE / f"orders_{size}.parquet"
    if not path.exists():
        print(f"Making {path.name}", flush=True)
        partial = path.with_suffix(".partial")
        maker = [sys.executable, str(BENCH / "data.py"), str(partial), str(size), str(size // 10)]
        subprocess.run(maker, check=True)
        partial.replace(path)
    return path


def _section(title: str, tasks: Sequence[Task], orders: Path, size: int, runs: int) -> str:
    """One table of the page: tasks in turn within each round, so that a busy moment hits all of them."""
    print(f"\n{title}", flush=True)
    tasks = [task for task in tasks if size <= task.largest]
    taken: dict[str, list[Run]] = {task.name: [] for task in tasks}
    interpreters = {task.name: _interpreter(task.peer) for task in tasks}
    for _ in range(runs):
        for task in tasks:
            run = _measure([interpreters[task.name], str(BENCH / task.script), str(orders), ASOF])
            taken[task.name].append(run)
            print(
                f"  {task.name:<16}{run.cpu:8.2f} s CPU{run.wall:8.2f} s{run.peak:8.0f} MB  {run.printed}", flush=True
            )
    return f"## {title}\n\n" + _table(tasks, taken)


def _fits(clients: int) -> str:
    """Fits of the models by lifetimes and by us, once each: lifetimes takes minutes. Parameters stand beside."""
    title = f"Fit of repeat buying: {clients:,} clients"
    print(f"\n{title}", flush=True)
    path = CACHE / f"histories_{clients}.parquet"
    if not path.exists():
        subprocess.run([sys.executable, str(BENCH / "repeat_buying_data.py"), str(path), str(clients)], check=True)
    lines = [
        "| model | by | CPU, s | wall, s | peak, MB | CPU / lifetimes | wall / lifetimes | parameters | goal |",
        "|---|---|---:|---:|---:|---:|---:|---|---|",
    ]
    for model, name in FIT_MODELS.items():
        peer = _measure([_interpreter("lifetimes"), str(BENCH / "repeat_buying_lifetimes.py"), str(path), model])
        ours = _measure([sys.executable, str(BENCH / "repeat_buying_ours.py"), str(path), model])
        for by, run, goal in (("lifetimes", peer, ""), ("dovolen", ours, "≤ 0.5, same parameters")):
            ratios = f"{run.cpu / peer.cpu:.3f} | {run.wall / peer.wall:.3f}"
            cells = f"{run.cpu:.2f} | {run.wall:.2f} | {run.peak:.0f} | {ratios} | {run.printed} | {goal}"
            lines.append(f"| {name} | {by} | {cells} |")
            print(f"  {name:<12}{by:<10}{run}", flush=True)
    note = "Invented histories of whole days over two years; each fitted once."
    return f"## {title}\n\n{note}\n\n" + "\n".join(lines)


def _interpreter(peer: str | None) -> str:
    """The Python of the peer's own environment, made when absent; ours for our own tasks."""
    if peer is None:
        return sys.executable
    home = CACHE / peer
    python = home / "bin" / "python"
    lock = BENCH / "peers" / f"{peer}.txt"
    if not (home / "ready").exists():
        print(f"  setting up {peer}", flush=True)
        venv.create(home, with_pip=True, clear=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--require-hashes", "--requirement", str(lock)]
        subprocess.run(pip, check=True)
        (home / "ready").touch()
    return str(python)


def _measure(command: Sequence[str]) -> Run:
    """CPU seconds of the process with its children, wall seconds, peak memory in MB, and its last printed line.

    A forked child begins with its parent's peak, so this script imports nothing large.
    """
    began = os.times().elapsed
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout
    printed = process.stdout.read().strip().splitlines()
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    peak = used.ru_maxrss / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return Run(used.ru_utime + used.ru_stime, os.times().elapsed - began, peak, printed[-1] if printed else "")


def _table(tasks: Sequence[Task], taken: dict[str, list[Run]]) -> str:
    """Medians and their ratios to the floor, as Markdown."""
    floor_cpu, floor_peak = _medians(taken["floor"])[::2]
    lines = [
        "| task | CPU, s | wall, s | peak, MB | CPU / floor | memory / floor | goal |",
        "|---|---:|---:|---:|---:|---:|---|",
    ]
    for task in tasks:
        cpu, wall, peak = _medians(taken[task.name])
        ratios = f"{cpu / floor_cpu:.2f} | {peak / floor_peak:.2f}"
        lines.append(f"| {task.name} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {ratios} | {task.goal} |")
    return "\n".join(lines)


def _medians(runs: Sequence[Run]) -> tuple[float, float, float]:
    return median(run.cpu for run in runs), median(run.wall for run in runs), median(run.peak for run in runs)


def _page(sections: Sequence[str]) -> str:
    """The whole of RESULTS.md."""
    machine = f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
    head = f"""# Speed

Made by `make bench` on {machine}. Every task is a fresh process, start included; figures are medians of the runs,
tasks taken in turn. The floor reads the three columns of the file and groups them by client once.
lifetimes gives a summary that is graded here with numpy; pymc-marketing gives its own quartiles and segments.
"""
    return "\n\n".join([head.rstrip(), *sections]) + "\n"


if __name__ == "__main__":
    sys.exit(main())
