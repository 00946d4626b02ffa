"""A line to a centre of short messages: the socket under the library's client, and what its numbers say."""

from __future__ import annotations

import logging
import select
import socket
import ssl
from typing import Any

from smpplib import consts, exceptions, smpp
from smpplib.client import Client

from dovolen.desk.messaging.gateways.addresses import place_of
from dovolen.desk.messaging.gateways.letters import Setup

logging.getLogger("dovolen.smpp").setLevel(logging.ERROR)
"""The library writes whole messages with their numbers into its log."""

PATIENCE, CONNECT = 10.0, 5.0
BROKEN = (exceptions.ConnectionError, exceptions.PDUError, exceptions.UnknownCommandError, OSError)


class Line(Client):  # type: ignore[misc]
    """The library's client over a socket that we open: to the address that was checked, encrypted where asked."""

    def __init__(self, setup: Setup) -> None:
        host, port = str(setup.settings.get("host", "")), int(setup.settings.get("port", 2775))
        super().__init__(host, port, timeout=PATIENCE, logger_name="dovolen.smpp", allow_unknown_opt_params=True)
        self._is_locked = bool(setup.settings.get("tls"))

    def connect(self) -> None:
        """Raises: Unreachable, OSError."""
        plain = socket.create_connection((place_of(self.host, self.port), self.port), timeout=CONNECT)
        plain.settimeout(PATIENCE)
        context = ssl.create_default_context() if self._is_locked else None
        self._socket = context.wrap_socket(plain, server_hostname=self.host) if context else plain
        self.state = consts.SMPP_CLIENT_STATE_OPEN

    def has_come(self, seconds: float) -> bool:
        """Whether something can be read within so many seconds."""
        if isinstance(self._socket, ssl.SSLSocket) and self._socket.pending():
            return True
        return bool(select.select([self._socket], [], [], max(seconds, 0))[0])

    def say(self, command: str, *, answers: Any = None, **values: Any) -> int:
        """Send one unit; gives its number."""
        unit = smpp.make_pdu(command, client=self, **values)
        if answers is not None:
            unit.sequence = answers.sequence
        self.send_pdu(unit)
        return int(unit.sequence)


def text_of(value: Any) -> str:
    """A field as text; empty where it was not there."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value or "")


def named(status: int) -> str:
    """A status as the protocol names it."""
    return f"{consts.DESCRIPTIONS.get(status, 'refused')} (0x{status:08X})"


def why(error: BaseException) -> str:
    """An error of the line in a few words."""
    return f"{type(error).__name__} {error}".strip()
