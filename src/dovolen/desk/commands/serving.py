"""`dovolen serve` and `dovolen work`: a server and its workers in one process tree, or workers alone."""

from __future__ import annotations

import contextlib
import os
import socket
import sys
import threading
import time
from pathlib import Path
from typing import Any

from dovolen.desk.commands import readiness
from dovolen.desk.commands.crew import Crew

THREADS = 4
ANSWERS_WITHIN = 60.0


class CannotServeError(OSError):
    """The desk cannot open; the text says why and what to do."""


def serve(*, host: str, port: int, processes: int, workers: int, greeting: str = "") -> int:
    """Open the desk at an address until told to stop; the greeting is told when it is open."""
    home = _home()
    os.environ["DOVOLEN_TREE"] = str(os.getpid())
    os.environ["DOVOLEN_SERVED_AT"] = address_of(host, port)
    check_port(host, port)
    readiness.make_ready()
    crew = Crew(workers)
    crew.start()
    threading.Thread(target=_tell_when_open, args=(host, port, home, greeting), daemon=True).start()
    try:
        _serve_until_told(host, port, processes)
    finally:
        crew.stop()
    print("dovolen: stopped", file=sys.stderr)
    return 0


def work(*, processes: int) -> int:
    """Work off events and timers until told to stop; any number of these may run on any hosts."""
    _home()
    readiness.make_ready()
    crew = Crew(processes)
    crew.start()
    print(f"dovolen: {processes} at work (Ctrl-C stops)", file=sys.stderr)
    crew.wait()
    crew.stop()
    return 0


def address_of(host: str, port: int) -> str:
    """What to type into a browser on this machine."""
    shown = "localhost" if host in ("127.0.0.1", "0.0.0.0", "::", "::1") else host
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def _home() -> Path:
    """The home of this process and all it starts, wherever they stand."""
    home = Path(os.environ.get("DOVOLEN_HOME") or "dovolen-home").absolute()
    os.environ["DOVOLEN_HOME"] = str(home)
    return home


def check_port(host: str, port: int) -> None:
    """Raises: CannotServeError where somebody else listens there."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as error:
        raise CannotServeError(
            f"{host}:{port} cannot be opened ({error.strerror}): another program uses it? Choose one with --port"
        ) from None


def _serve_until_told(host: str, port: int, processes: int) -> None:
    """Granian gives up when its processes die quickly one after another; it is then started again."""
    while True:
        server = _server(host, port, processes)
        with contextlib.suppress(SystemExit):
            server.serve()
        if server.interrupt_signal:
            return
        print("dovolen: the server ended by itself; starting it again", file=sys.stderr)


def _server(host: str, port: int, processes: int) -> Any:
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    return Granian(
        "dovolen.desk.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=THREADS,
        websockets=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        respawn_interval=0.1,
        workers_kill_timeout=10,
    )


def _tell_when_open(host: str, port: int, home: Path, greeting: str) -> None:
    latest = time.monotonic() + ANSWERS_WITHIN
    while time.monotonic() < latest:
        try:
            with socket.create_connection(("localhost" if host in ("0.0.0.0", "::") else host, port), 1):
                break
        except OSError:
            time.sleep(0.05)
    print(f"Dovolen is open at {address_of(host, port)}/\nHome: {home}   (Ctrl-C stops it)", flush=True)
    if greeting:
        print(greeting, flush=True)
