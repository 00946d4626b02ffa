"""A worker with reactions that fail, hang, take all memory, or kill it, and good ones beside. Run as a module.

Each says in a file outside when it began and ended: what it wrote into the base may be undone.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
django.setup()

from django.db import connection  # noqa: E402
from django.db.models import F  # noqa: E402

from dovolen.desk.commands.one_worker import run, telling_parent  # noqa: E402
from dovolen.desk.core import claims, worker  # noqa: E402
from dovolen.desk.core.models import Counter, Event  # noqa: E402

LONGEST = 1.0
LITTLE_MEMORY = 512 * 1024**2
TOLD = Path(os.environ["DOVOLEN_HOME"]) / "told.txt"
PIECE = 64 * 1024**2

claims.PAUSES = tuple(timedelta(seconds=0.2) for _ in claims.PAUSES)
worker.in_time = partial(worker.in_time, LONGEST)
# The hungry have to be full well before they have taken too long, on a slow machine too.
worker.MOST_MEMORY = LITTLE_MEMORY


def tell(what: str, kind: str) -> None:
    """One whole line, whoever else writes."""
    with TOLD.open("ab", buffering=0) as file:
        file.write(f"{time.time():.4f} {what} {kind}\n".encode())


def good(event: Event, *, now: datetime) -> None:
    """Leaves one mark: twice would be seen."""
    tell("began", event.kind)
    Counter.objects.filter(kind="effect", centre_id=event.facts["n"]).update(last=F("last") + 1)


def fail(event: Event, *, now: datetime) -> None:
    """A poison job."""
    tell("began", event.kind)
    tell("ended", event.kind)
    raise RuntimeError("no such gateway")


def hang(event: Event, *, now: datetime) -> None:
    """Waits for ever, and says no to every error that it is told to stop by."""
    tell("began", event.kind)
    try:
        while True:
            with suppress(Exception):
                time.sleep(60)
    finally:
        tell("ended", event.kind)


def hang_in_base(event: Event, *, now: datetime) -> None:
    """Waits in the base, holding rows there."""
    tell("began", event.kind)
    try:
        if connection.vendor == "postgresql":
            connection.cursor().execute("SELECT pg_sleep(60)")
        time.sleep(60)
    finally:
        tell("ended", event.kind)


def devour(event: Event, *, now: datetime) -> None:
    """Takes all the memory it is given."""
    tell("began", event.kind)
    held = []
    try:
        while True:
            held.append(bytearray(PIECE))
    finally:
        tell("took", str(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))
        tell("ended", event.kind)


LEAKED: list[bytearray] = []


def leak(event: Event, *, now: datetime) -> None:
    """Takes all the memory and keeps it: its worker is of no use any more."""
    tell("began", event.kind)
    try:
        while True:
            LEAKED.append(bytearray(PIECE))
    finally:
        tell("ended", event.kind)


def kill(event: Event, *, now: datetime) -> None:
    """Takes its worker down, as the kernel does when memory is short."""
    tell("began", event.kind)
    tell("ended", event.kind)
    os.kill(os.getpid(), signal.SIGKILL)


BAD = {
    "bad.fails": fail, "bad.hangs": hang, "bad.hangs_in_base": hang_in_base, "bad.devours": devour, "bad.leaks": leak,
    "bad.kills": kill,
}  # fmt: skip

if __name__ == "__main__":
    worker.hold_memory()
    say = telling_parent()
    reactions = {"good": [good], **{kind: [job] for kind, job in BAD.items()}}
    run(worker.Worker(reactions, {}, list, pulse=lambda: say(""), say=lambda hold: say(f"={hold}")))
