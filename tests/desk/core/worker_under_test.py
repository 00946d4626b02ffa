"""A worker whose every reaction leaves one mark, slowly enough to be killed in the middle. Run as a module."""

from __future__ import annotations

import os
import time
from datetime import datetime

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
django.setup()

from django.db.models import F  # noqa: E402

from dovolen.desk.commands.one_worker import run  # noqa: E402
from dovolen.desk.core import reacting  # noqa: E402
from dovolen.desk.core.models import Counter, Event, Mark  # noqa: E402
from dovolen.desk.core.worker import Worker  # noqa: E402

reacting.LEASE = type(reacting.LEASE)(seconds=1)  # what the killed held is free soon


def first_half(event: Event, *, now: datetime) -> None:
    """Count the event: twice would be seen."""
    Counter.objects.filter(kind="effect", centre_id=event.facts["n"]).update(last=F("last") + 1)
    time.sleep(0.002)


def second_half(event: Event, *, now: datetime) -> None:
    """What a half-made reaction would lack."""
    Mark.objects.create(name=f"done {event.facts['n']}", at=now)


if __name__ == "__main__":
    run(Worker({"test.happened": [first_half, second_half]}, {}, list))
