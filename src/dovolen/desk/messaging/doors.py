"""Doors of gateways as they are set up, kept open in this process: one letter-carrier a gateway at a time."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from dovolen.desk.core import locks, site
from dovolen.desk.messaging.gateways import Door, Setup, Unreachable, open_door
from dovolen.desk.messaging.models import Gateway

PURPOSE = "gateways"
REPORTS = "gateways/{token}/reports/"
"""Path of the address of reports: written out here, for a worker that looked it up would load every page."""


def setup_of(gateway: Gateway) -> Setup:
    """What its door needs, the secret unlocked. Raises: Unreachable when the key of the house is lost."""
    try:
        secret = locks.unlock(PURPOSE, gateway.secret) if gateway.secret else ""
    except locks.KeyLostError as error:
        raise Unreachable(str(error), is_permanent=True) from error
    return Setup(
        kind=gateway.kind,
        channel=gateway.channel,
        name=gateway.name,
        settings={**gateway.settings, "reports": report_address(gateway)},
        secret=secret,
        sender=gateway.sender,
    )


def report_address(gateway: Gateway) -> str:
    """Where its provider tells what became of messages."""
    return site.url("/" + REPORTS.format(token=gateway.report_token))


@contextmanager
def door_of(gateway: Gateway) -> Iterator[Door]:
    """The gateway's door, alone in this process while inside; opened anew when it was set up otherwise or broke.

    Raises: Unreachable.
    """
    place, setup = _place(gateway), setup_of(gateway)
    with place.turn:
        if place.setup != setup:
            place.leave()
        if place.door is None:
            place.door, place.setup = open_door(setup), setup
        try:
            yield place.door
        except Unreachable:
            place.leave()
            raise


def close_all() -> None:
    """Leave every gateway: the process ends."""
    for place in list(_places.values()):
        with place.turn:
            place.leave()


@dataclass
class _Place:
    turn: threading.RLock = field(default_factory=threading.RLock)
    door: Door | None = None
    setup: Setup | None = None

    def leave(self) -> None:
        if self.door is not None:
            self.door.close()
        self.door = None


_places: dict[int, _Place] = {}
_adding = threading.Lock()


def _place(gateway: Gateway) -> _Place:
    with _adding:
        return _places.setdefault(gateway.pk, _Place())
