"""Worker processes under one parent: started, watched by their pulse, replaced when they die, stopped together."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field

LONGEST_SILENCE = 60.0
"""A worker that gives no sign for so long hangs where no alarm reaches it."""
LOOK_EVERY = 0.5
TIME_TO_LEAVE = 15.0
PULSE = "DOVOLEN_PULSE"
"""Names, to a worker, the pipe on which it says that it lives, and after "=" what it holds."""
LEFT = "DOVOLEN_LEFT"
"""Tells a worker what the one before it held when it died, and how it died."""


@dataclass
class _Hand:
    process: subprocess.Popen[bytes]
    pulse: int
    heard_at: float = field(default_factory=time.monotonic)
    unread: bytes = b""
    held: str = ""


class Crew:
    """So many workers, always."""

    def __init__(self, n: int, worker: str = "dovolen.desk.commands.one_worker") -> None:
        self._hands: list[_Hand] = []
        self._n, self._worker = n, worker
        self._leaving = threading.Event()
        self._watch = threading.Thread(target=self._keep_watch, name="crew", daemon=True)

    def start(self) -> None:
        """Start the workers and watch over them."""
        self._hands = [_hire(self._worker) for _ in range(self._n)]
        self._watch.start()

    def stop(self) -> None:
        """Let everybody finish what is begun; who does not leave in time is ended."""
        self._leaving.set()
        self._watch.join()
        for hand in self._hands:
            hand.process.terminate()
        latest = time.monotonic() + TIME_TO_LEAVE
        for hand in self._hands:
            with contextlib.suppress(subprocess.TimeoutExpired):
                hand.process.wait(max(latest - time.monotonic(), 0.1))
            _dismiss(hand)

    def wait(self) -> None:
        """Until told to leave by a signal."""

        def leave(_signal: int, _frame: object) -> None:
            self._leaving.set()

        signal.signal(signal.SIGTERM, leave)
        signal.signal(signal.SIGINT, leave)
        while not self._leaving.wait(1):
            pass

    def _keep_watch(self) -> None:
        while not self._leaving.wait(LOOK_EVERY):
            for place, hand in enumerate(self._hands):
                _listen(hand)
                is_gone = hand.process.poll() is not None
                if is_gone or time.monotonic() - hand.heard_at > LONGEST_SILENCE:
                    how = f"ended with {hand.process.returncode}" if is_gone else "hung"
                    print(f"dovolen: a worker {how}; another takes its place", file=sys.stderr, flush=True)
                    _dismiss(hand)
                    self._hands[place] = _hire(self._worker, left=f"{hand.held} {how}")


def _hire(worker: str, *, left: str = "") -> _Hand:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    process = subprocess.Popen(
        [sys.executable, "-m", worker],
        stdin=subprocess.PIPE,  # its end tells the worker that its parent is gone
        pass_fds=[writing],
        env={**os.environ, PULSE: str(writing), LEFT: left},
        start_new_session=True,  # Ctrl-C reaches the parent alone, which tells the others
    )
    os.close(writing)
    return _Hand(process, reading)


def _listen(hand: _Hand) -> None:
    with contextlib.suppress(BlockingIOError):
        while told := os.read(hand.pulse, 65536):
            hand.heard_at = time.monotonic()
            *lines, hand.unread = (hand.unread + told).split(b"\n")
            holds = [line for line in lines if line.startswith(b"=")]
            hand.held = holds[-1][1:].decode("ascii") if holds else hand.held


def _dismiss(hand: _Hand) -> None:
    hand.process.kill()
    hand.process.wait()
    _listen(hand)  # its last words
    if hand.process.stdin:
        hand.process.stdin.close()
    os.close(hand.pulse)
