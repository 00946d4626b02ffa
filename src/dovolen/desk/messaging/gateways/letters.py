"""What goes through a door and what comes back of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

SENT, DELIVERED, READ = "sent", "delivered", "read"
FAILED, LATER, UNCLEAR, UNTRIED = "failed", "later", "unclear", "untried"
BY_KEY, BY_STATUS, BY_NOTHING = "key", "status", "none"
HAND_OVER = 20.0
"""Seconds after which a hand-over begins no further batch: whoever claimed the letters holds them for a minute."""


@dataclass(frozen=True)
class Setup:
    """A gateway as its door needs it; the secret is open."""

    kind: str
    channel: str
    name: str
    settings: Mapping[str, Any] = field(default_factory=dict)
    secret: str = field(default="", repr=False)
    sender: str = ""


@dataclass(frozen=True)
class Letter:
    """One message to one address."""

    key: str
    """Our own id: the same letter handed over again bears the same key."""
    channel: str
    address: str
    text: str = field(repr=False)
    subject: str = field(default="", repr=False)
    sender: str = ""
    ref: str = ""
    """By what the gateway knows it, where it has said so: asked by this rather than by the key."""


@dataclass(frozen=True)
class Outcome:
    """What became of a letter."""

    key: str
    state: str
    """`sent`, `delivered`, `read`; `failed` for good; `later`: refused for now; `unclear`: nobody knows;
    `untried`: its turn did not come.
    """
    ref: str = ""
    detail: str = ""
    """In the gateway's own words."""


@dataclass(frozen=True)
class Report:
    """What a gateway says later about a letter that it took: known by its own reference, or by our key."""

    state: str
    ref: str = ""
    key: str = ""
    detail: str = ""


@dataclass(frozen=True)
class Answer:
    """A message from outside."""

    ref: str
    address: str
    text: str = field(repr=False)
    at: datetime | None = None


Heard = Report | Answer


class Unreachable(Exception):  # noqa: N818 – a state of the way out, not a fault of ours
    """Nothing was handed over. Permanent: nothing will be until somebody sets the gateway up otherwise."""

    def __init__(self, detail: str, *, is_permanent: bool = False) -> None:
        self.detail, self.is_permanent = detail, is_permanent
        super().__init__(detail)


class Door(Protocol):
    """A way out that stands open. Not for several threads at once."""

    @property
    def prevents_doubles(self) -> str:
        """How a letter whose sender died is kept from going twice.

        `key`: handed over again under its key it goes once; `status`: ask first; `none`: nobody can tell.
        """

    @property
    def batch(self) -> int:
        """How many letters are handed over at once."""

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Hand over; one outcome for each letter, in their order. Raises: Unreachable when nothing was handed over."""

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """What the gateway knows of letters, in their order; None: it never saw this one. Raises: Unreachable."""

    def hear(self, take: Callable[[Heard], None], /) -> int:
        """Give `take` what came in by the door itself; the gateway is told so only when `take` has kept it.

        Gives: how much came. Raises: Unreachable.
        """

    def close(self) -> None:
        """Leave."""
