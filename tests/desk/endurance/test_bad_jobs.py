"""R16: jobs that fail, hang, take all memory or kill their worker are parked with their cause; the others go on."""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest
from django.db import connection, transaction

from dovolen.desk.commands.crew import Crew
from dovolen.desk.core import claims, journal
from dovolen.desk.core.models import Counter, Pending
from tests.desk.conftest import NOON, TIMES
from tests.desk.core.test_serving import until
from tests.desk.processes import Installation

pytestmark = pytest.mark.endures

KINDS = ("bad.fails", "bad.hangs", "bad.hangs_in_base", "bad.devours", "bad.leaks", "bad.kills")
EACH = max(1, TIMES // 2)
GOOD_AROUND = 4
CAUSES = {
    "bad.fails": "RuntimeError: no such gateway", "bad.hangs": "TooLongError: took longer", "bad.devours": "MemoryError",
    "bad.hangs_in_base": "TooLongError: took longer", "bad.kills": "the worker died while it was at this: ended with -9",
    "bad.leaks": "MemoryError",
}  # fmt: skip


def happen(kind: str, n: int) -> None:
    counter = Counter.objects.create(kind="effect", centre_id=n, year=2026)
    journal.record(kind, subject=counter, by=None, at=NOON, n=n)


def test_bad_jobs_are_parked_with_their_cause_and_hold_nobody_up(
    installed: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    with transaction.atomic():
        for n in range(EACH * len(KINDS)):
            for place in range(GOOD_AROUND):
                happen("good", 1 + n * GOOD_AROUND + place)
            happen(KINDS[n % len(KINDS)], 100_000 + n)
    for name in set(os.environ) | set(installed.environment):
        monkeypatch.setenv(name, installed.environment.get(name, ""))
    crew, told = Crew(2, "tests.desk.endurance.bad_jobs"), Told(installed.home / "told.txt")

    def is_over() -> bool:
        goes_on()
        return not Pending.objects.filter(parked_at=None).exclude(kind="good").exists()

    crew.start()
    try:
        until(is_over, 60 * EACH)
        until(lambda: not Pending.objects.filter(kind="good").exists())
    finally:
        crew.stop()

    parked = Pending.objects.order_by("pk")
    delays = told.delays()
    print(
        f"R16 {connection.vendor}: {len(parked)} bad jobs parked after {told.tries()} tries in {claims.MOST_TRIES} each; the "
        f"next job began at most, s later: {', '.join(f'{kind} {delay:.2f}' for kind, delay in delays.items())}; "
        f"the hungry took {told.most_memory()} MB at most"
    )
    assert len(parked) == EACH * len(KINDS)
    assert told.tries() == claims.MOST_TRIES * EACH * len(KINDS)
    assert all(one.cause.startswith(CAUSES[one.kind]) for one in parked), [one.cause for one in parked]
    assert set(Counter.objects.filter(kind="effect", centre_id__lt=100_000).values_list("last", flat=True)) == {1}


def goes_on() -> None:
    """There is always something good to do, so that a delay is seen."""
    if Pending.objects.filter(kind="good", tries=0).count() < GOOD_AROUND:
        with transaction.atomic():
            happen("good", 1 + Counter.objects.filter(kind="effect", centre_id__lt=100_000).count())


class Told:
    """What the jobs said in their file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def lines(self) -> list[tuple[float, str, str]]:
        rows = (line.split() for line in self._path.read_text().splitlines())
        return sorted((float(at), what, kind) for at, what, kind in rows)

    def tries(self) -> int:
        return sum(what == "began" and kind in KINDS for _, what, kind in self.lines())

    def most_memory(self) -> int:
        return max(int(kilobytes) for _, what, kilobytes in self.lines() if what == "took") >> 10

    def delays(self) -> dict[str, float]:
        """From the end of each bad job to the beginning of the next job of any kind, the longest."""
        ended, longest = {}, defaultdict[str, float](float)
        for at, what, kind in self.lines():
            if what == "began":
                for bad, since in ended.items():
                    longest[bad] = max(longest[bad], at - since)
                ended.clear()
            elif what == "ended":
                ended[kind] = at
        return dict(sorted(longest.items()))
