"""A worker that does nothing but send, through the fake gateway, at the moment it is told. Run as a module."""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "dovolen.desk.settings")
django.setup()

from dovolen.desk.commands.one_worker import run  # noqa: E402
from dovolen.desk.core.worker import Worker  # noqa: E402
from dovolen.desk.messaging import sending  # noqa: E402
from dovolen.desk.messaging.gateways import DOORS  # noqa: E402
from dovolen.desk.messaging.gateways import doors as guarded  # noqa: E402
from tests.desk.messaging.fake_gateway import FakeDoor  # noqa: E402


def main(ahead: timedelta) -> None:
    """Send by a clock that is so far ahead, all senders by the same: at night the gate would let nothing go."""
    DOORS["http"] = FakeDoor
    sending.LEASE = timedelta(seconds=4)  # what the killed held is free soon,
    sending.BEGINS_WITHIN = timedelta(seconds=1)  # and, as in life, no hand-over goes on for as long as that
    guarded.HAND_OVER = 0.5

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    def send() -> int:
        return sending.deliver(clock=clock)

    run(Worker({}, {}, list, beside=((send, 0.02),)))


if __name__ == "__main__":
    main(timedelta(seconds=float(sys.argv[1])))
