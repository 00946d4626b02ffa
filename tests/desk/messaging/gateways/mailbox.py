"""A mail server on loopback: keeps what it took, refuses as it is told."""

from __future__ import annotations

import email
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass
class Mailbox:
    """What it took."""

    port: int = 0
    letters: list[tuple[str, EmailMessage, bytes]] = field(default_factory=list)
    refuses: dict[str, str] = field(default_factory=dict)
    silent: set[str] = field(default_factory=set)
    """Addresses at which the line is cut after the letter was taken."""
    was_encrypted: list[bool] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 – the names that the server calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: Any
    ) -> str:
        if address in self.refuses:
            return self.refuses[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        message = email.message_from_bytes(envelope.content, policy=default)
        assert isinstance(message, EmailMessage)
        self.letters.append((envelope.rcpt_tos[0], message, envelope.content))
        self.was_encrypted.append(session.ssl is not None)
        if envelope.rcpt_tos[0] in self.silent:
            assert server.transport is not None
            server.transport.abort()
        return "250 taken"


def _knows(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, told: Any) -> AuthResult:
    assert isinstance(told, LoginPassword)
    return AuthResult(success=(told.login, told.password) == (b"desk", b"secret"), handled=False)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@contextmanager
def running(*, tls: ssl.SSLContext | None = None, is_tls_at_once: bool = False) -> Iterator[Mailbox]:
    """A mail server that listens on a port of its own; with `tls` it wants encryption and a log-in."""
    mailbox = Mailbox()
    wanted: dict[str, Any] = {}
    if tls and not is_tls_at_once:
        wanted = {"tls_context": tls, "require_starttls": True}
    if tls:
        wanted |= {"authenticator": _knows, "auth_required": True, "auth_require_tls": not is_tls_at_once}
    controller = Controller(
        mailbox, hostname="127.0.0.1", port=_free_port(), ssl_context=tls if is_tls_at_once else None, **wanted
    )
    controller.start()
    mailbox.port = controller.port
    yield mailbox
    controller.stop()
