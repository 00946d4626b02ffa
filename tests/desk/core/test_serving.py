"""`dovolen serve`: one tree of processes that opens quickly, mends itself, and leaves nothing behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psutil
import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from tests.desk.conftest import TIMES
from tests.desk.processes import Installation, ended


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """A home that was opened before."""
    made = Installation(tmp_path_factory.mktemp("served") / "home")
    made.run("upgrade")
    return made


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], object], seconds: float = 30) -> float:
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() < begun + seconds
        time.sleep(0.02)
    return time.monotonic() - begun


def answers(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/", timeout=5) as page:
            return bool(page.read() == b"ok\n")
    except (URLError, OSError):
        return False


def opened(installation: Installation) -> tuple[subprocess.Popen[str], int, float]:
    port = free_port()
    server = installation.start("-m", "dovolen", "serve", "--port", str(port))
    return server, port, until(lambda: answers(port))


def tree(server: subprocess.Popen[str]) -> list[psutil.Process]:
    return psutil.Process(server.pid).children(recursive=True)


def worker_of(server: subprocess.Popen[str]) -> psutil.Process | None:
    return next((one for one in tree(server) if _is_worker(one)), None)


def _is_worker(one: psutil.Process) -> bool:
    try:
        return "one_worker" in " ".join(one.cmdline())
    except psutil.Error:  # it ended meanwhile
        return False


def lives(one: psutil.Process) -> bool:
    try:
        return bool(one.is_running() and one.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def test_it_opens_tells_where_and_stops_clean(installation: Installation) -> None:
    server, port, first_answer = opened(installation)
    with ended(server):
        until(lambda: worker_of(server))
        family = [psutil.Process(server.pid), *tree(server)]
        memory = sum(one.memory_full_info().uss for one in family) / 2**20
        said = server.stdout.readline() if server.stdout else ""
        server.send_signal(signal.SIGINT)
        begun = time.monotonic()
        code = server.wait(20)

    print(
        f"serve: first answer {first_answer:.2f} s, {len(family)} processes, {memory:.0f} MB, stopped in {time.monotonic() - begun:.2f} s"
    )
    assert code == 0
    assert f"http://localhost:{port}/" in said
    until(lambda: not any(lives(one) for one in family))


def test_who_is_killed_is_replaced(installation: Installation) -> None:
    server, port, _ = opened(installation)
    with ended(server):
        until(lambda: worker_of(server))
        before = {one.pid for one in tree(server)}
        for one in tree(server):
            one.kill()
        healed = until(lambda: answers(port))
        until(lambda: worker_of(server) and worker_of(server).pid not in before)  # type: ignore[union-attr]
        print(f"serve: every child killed, the next page came after {healed:.2f} s")
        server.terminate()
        assert server.wait(20) == 0


def test_nobody_outlives_the_parent(installation: Installation) -> None:
    server, port, _ = opened(installation)
    with ended(server):
        until(lambda: worker_of(server))
        family = tree(server)
        os.kill(server.pid, signal.SIGKILL)
        until(lambda: not any(lives(one) for one in family))

    assert not answers(port)


def test_a_port_in_use_is_told(installation: Installation) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        said = installation.run("serve", "--port", str(other.getsockname()[1]), fails=True)

    assert "Choose one with --port" in said
    assert "Traceback" not in said


def test_an_empty_home_is_made_by_itself(tmp_path: Path) -> None:
    server, _, first_answer = opened(Installation(tmp_path / "new"))
    with ended(server):
        print(f"serve: first answer on an empty home {first_answer:.2f} s")
        assert (tmp_path / "new" / "secrets" / "django").stat().st_mode & 0o777 == 0o600


def code_of(port: int, page: str = "/health/") -> tuple[int, str]:
    try:
        with urlopen(f"http://127.0.0.1:{port}{page}", timeout=10) as answer:
            return answer.status, ""
    except HTTPError as error:
        return error.code, error.headers.get("Retry-After", "")


@pytest.mark.endures
def test_while_postgres_is_away_pages_say_so_and_then_heal(
    tmp_path: Path, new_postgres: Callable[[], AbstractContextManager[str]], postgres_url: str
) -> None:
    with new_postgres() as url, psycopg.connect(postgres_url, autocommit=True) as admin:
        name = conninfo_to_dict(url)["dbname"]
        server, port, _ = opened(Installation(tmp_path / "home", url))
        with ended(server):
            until(lambda: worker_of(server))
            worker = worker_of(server)
            healed, codes = [], set()
            for _turn in range(2 * TIMES):
                admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
                admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
                codes |= {code_of(port) for _ in range(10)}
                admin.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
                healed.append(until(lambda: code_of(port)[0] == 200))
            until(lambda: beats_again(url))
            assert worker_of(server) == worker, "the worker waited too"
            server.terminate()
            assert server.wait(20) == 0

    print(f"R3: base away {len(healed)} times: only {codes}, healed within {max(healed):.2f} s")
    assert codes == {(503, "5")}


def beats_again(url: str) -> bool:
    with psycopg.connect(url) as base:
        found = base.execute("SELECT 1 FROM core_beat WHERE seen_at > now() - interval '4 s'").fetchone()
    return found is not None
