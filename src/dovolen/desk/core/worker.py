"""One worker: reactions and timers in turn, long timers and the keeping of the house beside them."""

from __future__ import annotations

import logging
import os
import resource
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from traceback import clear_frames
from types import FrameType

from django.db import DatabaseError, InterfaceError, connection, connections

from dovolen.desk.core import clock as timers
from dovolen.desk.core import sealing
from dovolen.desk.core.models import Beat
from dovolen.desk.core.reacting import Reactions, Say, react

log = logging.getLogger("dovolen.worker")

IDLE = 0.2
SEAL_EVERY = 0.5
BEAT_EVERY = timedelta(seconds=3)
ALIVE = timedelta(seconds=15)
"""A worker that was not seen for longer counts as gone."""
TIMERS_EVERY = timedelta(seconds=30)
LONGEST_REACTION = 5.0
MOST_MEMORY = 1024**3
STATUS = Path("/proc/self/status")
WAIT_AFTER_FAILURE = 1.0


class TooLongError(Exception):
    """A reaction took longer than it may."""


class _Rung(KeyboardInterrupt):
    """Raised by the alarm; no `except Exception` of a reaction holds it up. For the sake of its kind the driver of
    PostgreSQL calls off the query it waits for: another that wants the same rows would wait for its end.
    """


@contextmanager
def in_time(seconds: float = LONGEST_REACTION) -> Iterator[None]:
    """Break off what takes longer. Only in the main thread. Raises: TooLongError."""

    def ring(_signal: int, _frame: FrameType | None) -> None:
        raise _Rung

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        try:
            yield
        finally:  # within the other: the alarm may ring at this very moment
            signal.setitimer(signal.ITIMER_REAL, 0)
    except _Rung:
        raise TooLongError(f"took longer than {seconds:g} s") from None
    finally:
        signal.signal(signal.SIGALRM, before)


def now() -> datetime:
    """The clock of the workers."""
    return datetime.now(UTC)


@dataclass
class Worker:
    """A worker with what it listens to. `places` gives centres with their zones."""

    reactions: Reactions
    schedule: timers.Schedule
    places: Callable[[], timers.Places]
    pulse: Callable[[], None] = lambda: None
    say: Say = lambda hold: None
    beside: Sequence[tuple[Callable[[], int], float]] = ()
    """Further steps, each in a thread of its own: again at once when it did something, else after so many seconds."""
    clock: Callable[[], datetime] = now
    stopping: threading.Event = field(default_factory=threading.Event)
    n_handled: int = 0

    def __post_init__(self) -> None:
        self.started_at = self.clock()
        self.name = f"{socket.gethostname()}:{os.getpid()}:{self.started_at:%Y%m%dT%H%M%S}"
        self._seen_at = self._timers_at = datetime.min.replace(tzinfo=UTC)

    def run(self) -> None:
        """Work until told to stop; what is begun is finished."""
        beside = [
            threading.Thread(target=self._repeat, args=(step, pause), name=step.__name__)
            for step, pause in ((self.keep_house, SEAL_EVERY), (self.run_long_timers, IDLE), *self.beside)
        ]
        for thread in beside:
            thread.start()
        self._repeat(self.react, IDLE)
        for thread in beside:
            thread.join()
        Beat.objects.filter(worker=self.name).delete()
        connections.close_all()

    def stop(self, *_: object) -> None:
        """Finish what is begun and leave."""
        self.stopping.set()

    def react(self) -> int:
        """Reactions that wait, timers that are due and short."""
        self.pulse()
        done = react(self.reactions, clock=self.clock, limit=in_time, say=self.say)
        self.n_handled += done
        short = {name: line for name, line in self.schedule.items() if not line.apart}
        return done + timers.run_due(short, self.places, clock=self.clock, limit=in_time)

    def run_long_timers(self) -> int:
        """Timers that run outside of any transaction."""
        long = {name: line for name, line in self.schedule.items() if line.apart}
        return timers.run_due(long, self.places, clock=self.clock)

    def keep_house(self) -> int:
        """Seal the journal, say that we live, set timers right."""
        moment = self.clock()
        if abs(moment - self._seen_at) > BEAT_EVERY:
            self._beat(moment)
        if abs(moment - self._timers_at) > TIMERS_EVERY:
            timers.set_timers(self.schedule, self.places(), now=moment)
            self._timers_at = moment
        return sealing.seal(now=moment)

    def _beat(self, moment: datetime) -> None:
        known = {"started_at": self.started_at, "seen_at": moment, "n_handled": self.n_handled}
        Beat.objects.update_or_create(worker=self.name, defaults=known)
        Beat.objects.filter(seen_at__lt=moment - 240 * ALIVE).delete()
        self._seen_at = moment

    def _repeat(self, step: Callable[[], int], pause: float) -> None:
        while not self.stopping.is_set():
            try:
                if step():
                    continue
            except (DatabaseError, InterfaceError) as error:
                log.warning("the base does not answer, trying again: %s", error)
                connection.close()
                self.stopping.wait(WAIT_AFTER_FAILURE)
            except MemoryError as error:
                clear_frames(error.__traceback__)
                self._leave_when_swollen()
            except Exception:
                log.exception("%s failed", step.__name__)
                self.stopping.wait(WAIT_AFTER_FAILURE)
            self.stopping.wait(pause)
        connection.close()

    def _leave_when_swollen(self) -> None:
        """What a job that wanted too much left lying about would fail the others: another worker takes this place."""
        if memory_taken() > most_memory() // 2:
            log.warning("this worker leaves: a job took its memory and did not give it back")
            self.stop()


def hold_memory() -> None:
    """Let this process take no more memory than `most_memory`: a job that wants more fails by itself."""
    resource.setrlimit(resource.RLIMIT_DATA, (most_memory(), resource.RLIM_INFINITY))


def most_memory() -> int:
    """What a worker may take: a gigabyte, on a small machine half of what it has."""
    return min(MOST_MEMORY, os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") // 2)


def memory_taken() -> int:
    """What this process has taken for its data; where the system does not tell, all it may take."""
    try:
        told = STATUS.read_text("ascii")
    except OSError:
        return most_memory()
    return int(told.partition("VmData:")[2].split()[0]) * 1024
