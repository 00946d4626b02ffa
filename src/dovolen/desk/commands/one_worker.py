"""One worker process: `python -m dovolen.desk.commands.one_worker`. Started by a crew, ends with its parent."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
import sys
import threading
from collections.abc import Callable

import django

from dovolen.desk.commands.crew import PULSE

MOST_MEMORY = 1024**3
"""What a worker may take; a job that wants more fails by itself and takes no other down."""


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    resource.setrlimit(resource.RLIMIT_DATA, (MOST_MEMORY, resource.RLIM_INFINITY))
    django.setup()
    from dovolen.desk.core.worker import Worker
    from dovolen.desk.reactions import REACTIONS
    from dovolen.desk.schedule import SCHEDULE, places

    run(Worker(REACTIONS, SCHEDULE, places, pulse=pulse()))


def run(worker: Worker) -> None:  # type: ignore[name-defined]  # noqa: F821 – Django has to be set up before
    """Run a worker that stops when it is told, and when its parent is gone."""
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    if PULSE in os.environ:
        threading.Thread(target=_stop_with_parent, args=(worker.stop,), daemon=True).start()
    worker.run()


def pulse() -> Callable[[], None]:
    """Says to the parent, where there is one, that this process lives."""
    if PULSE not in os.environ:
        return lambda: None
    pipe = int(os.environ[PULSE])
    os.set_blocking(pipe, False)

    def beat() -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(pipe, b".")

    return beat


def _stop_with_parent(stop: Callable[[], None]) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop()


if __name__ == "__main__":
    main()
