"""Messages: how fast one is queued, and how fast two workers hand a full outbox to a gateway on this machine.

    python bench/run.py messages [--messages 100000]

The gateway is a process of its own that takes batches over HTTP and counts letters and repeated ones.
"""

from __future__ import annotations

import json
import select
import shutil
import socket
import subprocess
import sys
import threading
import time
from contextlib import ExitStack
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import psycopg
from pages import Base, _database, _postgres

WORKERS, QUEUED = 2, 500
GOAL = 1_000
"""A second, by two workers."""
PATIENCE = 600


@dataclass(frozen=True)
class Sent:
    """What one base gave."""

    engine: str
    n: int
    queued_ms: float
    seconds: float
    twice: int

    @property
    def rate(self) -> float:
        """Messages a second."""
        return self.n / self.seconds


def sections(cache: Path, n: int, engines: str) -> list[str]:
    """The table of RESULTS.md."""
    found = []
    for engine in engines.split(","):
        with ExitStack() as stack:
            server = stack.enter_context(_postgres()) if engine == "postgresql" else ""
            home = cache / "messages" / f"{engine}-{time.time_ns()}"
            home.mkdir(parents=True)
            stack.callback(shutil.rmtree, home)
            name = f"messages_{time.time_ns()}"
            url = _database(server, name) if server else ""
            stack.callback(_drop, server, name)
            found.append(_measured(Base("", engine, home, url), n))
            print(_line(found[-1]), flush=True)
    return [_section(found, n)]


def _drop(server: str, name: str) -> None:
    if server:
        with psycopg.connect(server, autocommit=True) as admin:
            admin.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _measured(base: Base, n: int) -> Sent:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    told = json.loads(base.run("messages_data.py", str(n), str(QUEUED), str(port)))
    gateway = subprocess.Popen([sys.executable, __file__, str(port), str(n)], stdout=subprocess.PIPE, text=True)
    subprocess.run([sys.executable, "-m", "dovolen.desk.commands.readiness"], env=base.environment, check=True)
    workers = subprocess.Popen(
        [sys.executable, "-m", "dovolen", "work", "--processes", str(WORKERS)],
        env={**base.environment, "DOVOLEN_GATEWAY_HOSTS": "127.0.0.1"},
    )
    try:
        assert gateway.stdout is not None
        if not select.select([gateway.stdout], [], [], PATIENCE)[0]:
            raise SystemExit(f"{base.engine}: not all messages came within {PATIENCE} s")
        counted = json.loads(gateway.stdout.readline())
    finally:
        workers.terminate()
        workers.wait(30)
        gateway.kill()
        gateway.wait()
    return Sent(base.engine, n, told["seconds"] / told["queued"] * 1000, counted["seconds"], counted["twice"])


def _line(sent: Sent) -> str:
    is_met = "✓" if sent.rate >= GOAL else "✗"
    return (
        f"| {sent.engine} | {sent.queued_ms:.2f} | {sent.seconds:.1f} | {sent.rate:,.0f} | ≥ {GOAL:,} {is_met} "
        f"| {sent.twice} |"
    )


def _section(found: list[Sent], n: int) -> str:
    return "\n".join([
        f"## Messages: {n:,} to as many clients", "",
        "Queued one by one as notices are (written out, asked at the gate, once an occasion, each in a transaction);",
        f"sent by {WORKERS} workers over HTTP. From the first letter that came to the last: the",
        "gateway on loopback that takes two hundred at once. From the first letter that came to the last.", "",
        "| engine | queueing one, ms | all sent, s | a second | goal | twice |",
        "|---|---:|---:|---:|---:|---:|",
        *map(_line, found),
    ])  # fmt: skip


def gateway(port: int, n: int) -> None:
    """Take letters until there are so many, then say how long that took."""
    seen: set[str] = set()
    lock, moments, twice = threading.Lock(), [], 0

    class Taking(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            nonlocal twice
            letters: list[dict[str, Any]] = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"]
            with lock:
                moments.append(time.monotonic())
                twice += sum(letter["id"] in seen for letter in letters)
                seen.update(letter["id"] for letter in letters)
                if len(seen) >= n:
                    print(json.dumps({"seconds": moments[-1] - moments[0], "twice": twice}), flush=True)
            body = json.dumps({"codes": ["ok"] * len(letters), "ids": [letter["id"] for letter in letters]}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    ThreadingHTTPServer(("127.0.0.1", port), Taking).serve_forever()


if __name__ == "__main__":
    gateway(int(sys.argv[1]), int(sys.argv[2]))
