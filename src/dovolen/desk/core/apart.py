"""Work in a process of its own, beside the workers: started when there is some, one on a host, gone when idle.

What takes a lot of memory (the analysis, the import) never runs inside a server or worker. A worker starts such a
process by a step of its own; a lock on a file, held by the process for as long as it lives, lets all workers of a host
have one between them. The process leaves with the worker that started it, by the end of its standard input.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

PAUSE = 1.0
"""Between two looks whether there is work, seconds."""
AGAIN_AFTER = 2.0
"""A process that ended is not started again sooner: one that cannot start would be started for ever."""
IDLE = 0.25
LONGEST_IDLE = 300.0
"""A process that found nothing to do for so long ends."""
TIME_TO_LEAVE = 5.0
NICE = 10


@dataclass
class Apart:
    """A module that is run as a process when `has_work`."""

    module: str
    has_work: Callable[[], bool]
    _process: subprocess.Popen[bytes] | None = None
    _started_at: float = field(default=float("-inf"))

    def step(self) -> int:
        """Start the process when there is work and none runs on this host; gives whether one was started."""
        if self._process is not None and self._process.poll() is None:
            return 0
        if time.monotonic() - self._started_at < AGAIN_AFTER or not self.has_work():
            return 0
        self._started_at = time.monotonic()
        with held_alone(self.module) as lock:
            if lock is None:
                return 0
            self._process = subprocess.Popen(
                [sys.executable, "-m", self.module],
                stdin=subprocess.PIPE,  # its end tells the process that its parent is gone
                pass_fds=[lock],  # the lock is the process's own from now on
                start_new_session=True,
            )
        return 1

    def stop(self) -> None:
        """Let the process leave; end it when it does not."""
        if self._process is None:
            return
        if self._process.stdin:
            self._process.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(TIME_TO_LEAVE)
        self._process.kill()
        self._process.wait()
        self._process = None


@contextlib.contextmanager
def held_alone(module: str) -> Iterator[int | None]:
    """The descriptor of this module's lock on this host, None when a process holds it."""
    path: Path = settings.HOME.folder / f"{module.rpartition('.')[2]}.lock"
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield None
            return
        yield descriptor
    finally:
        os.close(descriptor)


def work(step: Callable[[], int], *, longest_idle: float = LONGEST_IDLE, most_memory: int | None = None) -> None:
    """What such a process does: `step` again and again while it gives something, until idle, told to, or orphaned."""
    leaving = threading.Event()
    hold_memory(most_memory)
    os.nice(NICE)  # pages come first

    def leave(*_: object) -> None:
        leaving.set()

    signal.signal(signal.SIGTERM, leave)
    signal.signal(signal.SIGINT, leave)
    threading.Thread(target=_with_parent, args=(leave,), daemon=True).start()
    latest = time.monotonic()
    while not leaving.is_set() and time.monotonic() - latest < longest_idle:
        if step():
            latest = time.monotonic()
        else:
            leaving.wait(IDLE)


def hold_memory(most: int | None) -> None:
    """Other bounds than those of the worker that started us, which are inherited."""
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    resource.setrlimit(resource.RLIMIT_DATA, (resource.RLIM_INFINITY if most is None else most, hard))


def _with_parent(leave: Callable[[], None]) -> None:
    with contextlib.suppress(OSError):
        while os.read(sys.stdin.fileno(), 1024):
            pass
    leave()
    time.sleep(TIME_TO_LEAVE)
    os._exit(1)  # a long computation does not hear of it: its lease ends, another begins it again
