"""One worker process: `python -m dovolen.desk.commands.one_worker`. Started by a crew, ends with its parent."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime

import django

from dovolen.desk.commands.crew import LEFT, PULSE

ANALYST, IMPORTER = "dovolen.desk.commands.analyst", "dovolen.desk.commands.importer"
"""What takes much memory has processes of its own."""


def main() -> None:
    """Work until told to stop."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
    django.setup()
    from dovolen.desk.analysis.waiting import has_work as has_analysis
    from dovolen.desk.core import apart
    from dovolen.desk.core.worker import IDLE, Worker, hold_memory
    from dovolen.desk.ingest.work.running import has_work as has_import
    from dovolen.desk.messaging import doors, listening, sending
    from dovolen.desk.reactions import REACTIONS
    from dovolen.desk.schedule import SCHEDULE, places

    hold_memory()
    tell = telling_parent()
    processes = [
        apart.Apart(module, has_work) for module, has_work in ((ANALYST, has_analysis), (IMPORTER, has_import))
    ]
    beside = (
        (sending.step, IDLE), (listening.step, listening.PAUSE), *((one.step, apart.PAUSE) for one in processes),
    )  # fmt: skip
    run(Worker(REACTIONS, SCHEDULE, places, pulse=lambda: tell(""), say=lambda hold: tell(f"={hold}"), beside=beside))
    doors.close_all()


def run(worker: Worker) -> None:  # type: ignore[name-defined]  # noqa: F821 – Django has to be set up before
    """Run a worker that stops when it is told, and when its parent is gone; at first it frees what the one before
    it held when it died.
    """
    from django.db import DatabaseError

    from dovolen.desk.core.reacting import Hold, take_over

    held, _, how = os.environ.pop(LEFT, "").partition(" ")
    with contextlib.suppress(DatabaseError):  # without it, leases end by themselves
        take_over(Hold.read(held), how=how, now=datetime.now(UTC))
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    if PULSE in os.environ:
        threading.Thread(target=_stop_with_parent, args=(worker.stop,), daemon=True).start()
    worker.run()


def telling_parent() -> Callable[[str], None]:
    """Tells a line to the parent, where there is one: any line says that this process lives."""
    if PULSE not in os.environ:
        return lambda line: None
    pipe = int(os.environ[PULSE])
    os.set_blocking(pipe, False)

    def tell(line: str) -> None:
        with contextlib.suppress(BlockingIOError, BrokenPipeError):
            os.write(pipe, f"{line}\n".encode())

    return tell


def _stop_with_parent(stop: Callable[[], None]) -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    stop()


if __name__ == "__main__":
    main()
