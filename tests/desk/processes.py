"""Real processes for the tests: each with a home and a base of its own, killed as a power cut would."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT


@dataclass(frozen=True)
class Installation:
    """A home folder, and a PostgreSQL where `url` names one."""

    home: Path
    url: str = ""

    @property
    def environment(self) -> dict[str, str]:
        """What its processes are started with."""
        kept = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "DOVOLEN_HOME")}
        paths = os.pathsep.join(filter(None, [str(ROOT), kept.get("PYTHONPATH", "")]))
        given = {"DATABASE_URL": self.url} if self.url else {}
        return {**kept, **given, "DOVOLEN_HOME": str(self.home), "DOVOLEN_LOG": "critical", "PYTHONPATH": paths}

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A process that goes on."""
        return subprocess.Popen(
            [sys.executable, *arguments], env=self.environment, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip

    def run(self, *arguments: str, fails: bool = False) -> str:
        """What a command says; it has to end well, or badly where that is expected."""
        done = subprocess.run(
            [sys.executable, "-m", "dovolen", *arguments], env=self.environment, capture_output=True, text=True,
            check=False, timeout=120,
        )  # fmt: skip
        assert bool(done.returncode) == fails, done.stdout + done.stderr
        return done.stdout + done.stderr


@contextmanager
def ended(*processes: subprocess.Popen[str]) -> Iterator[None]:
    """Whatever happens, these do not outlive the test."""
    try:
        yield
    finally:
        for process in processes:
            kill(process)


def kill(process: subprocess.Popen[str]) -> None:
    """As a power cut: nothing is finished."""
    if process.poll() is None:
        process.send_signal(signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
