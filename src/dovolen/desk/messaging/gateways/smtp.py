"""Letters by SMTP: encrypted as set up, one letter for one person, its Message-ID made of our key."""

from __future__ import annotations

import smtplib
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr

from dovolen.desk.messaging.gateways.addresses import is_named, place_of
from dovolen.desk.messaging.gateways.clean import address_of, one_line
from dovolen.desk.messaging.gateways.letters import (
    BY_NOTHING,
    FAILED,
    LATER,
    SENT,
    UNCLEAR,
    Heard,
    Letter,
    Outcome,
    Setup,
    Unreachable,
)

PATIENCE = 10.0
STILL_OPEN = 10.0
"""Seconds in which no server ends a session."""
TLS, STARTTLS, OPEN = "tls", "starttls", "none"
PORTS = {TLS: 465, STARTTLS: 587, OPEN: 25}
NO_SENDER = "the sender is no address"


class _Post(smtplib.SMTP):
    """The library's client over a socket to the address that was checked."""

    def __init__(self, host: str, *, context: ssl.SSLContext | None) -> None:
        self._wraps = context
        super().__init__(timeout=PATIENCE)
        self._host = host  # what a certificate is checked against, also by STARTTLS

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        plain = socket.create_connection((place_of(host, port), port), timeout)
        return self._wraps.wrap_socket(plain, server_hostname=host) if self._wraps else plain


class SmtpDoor:
    """One session that is kept as long as the server keeps it. A lost answer to a whole letter is `unclear`."""

    prevents_doubles = BY_NOTHING
    batch = 1

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        name, address = parseaddr(setup.sender)
        self._name, self._from = one_line(name), address_of("email", address)
        self._post: _Post | None = None
        self._used_at = 0.0

    def send(self, letters: Sequence[Letter]) -> list[Outcome]:
        """Hand over; a broken session is begun anew for the next one."""
        if self._from is None:
            raise Unreachable(NO_SENDER, is_permanent=True)
        return [self._sent(self._opened(), letter, self._from) for letter in letters]

    def ask(self, letters: Sequence[Letter]) -> list[Outcome | None]:
        """Mail cannot be asked."""
        return [None] * len(letters)

    def hear(self, _take: Callable[[Heard], None]) -> int:
        """Answers come by a mailbox, not by this door."""
        return 0

    def close(self) -> None:
        """Leave."""
        post, self._post = self._post, None
        if post is not None:
            try:
                post.quit()
            except (smtplib.SMTPException, OSError):
                post.close()

    def _opened(self) -> _Post:
        """A session that lives, else a new one. Raises: Unreachable."""
        is_fresh = time.monotonic() - self._used_at < STILL_OPEN
        self._used_at = time.monotonic()
        if self._post is not None and (is_fresh or self._lives(self._post)):
            return self._post
        self.close()
        host = str(self._setup.settings.get("host", ""))
        security = str(self._setup.settings.get("security", STARTTLS))
        port = int(self._setup.settings.get("port") or PORTS.get(security, 587))
        try:
            self._post = self._begun(host, port, security)
        except smtplib.SMTPAuthenticationError as error:
            raise Unreachable(_told(error.smtp_code, error.smtp_error), is_permanent=error.smtp_code >= 500) from error
        except smtplib.SMTPNotSupportedError as error:
            raise Unreachable(f"{host}: {error}", is_permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            is_forged = isinstance(error, ssl.SSLCertVerificationError)
            raise Unreachable(f"{host}: {type(error).__name__} {error}", is_permanent=is_forged) from error
        return self._post

    def _begun(self, host: str, port: int, security: str) -> _Post:
        login, context = str(self._setup.settings.get("login", "")), ssl.create_default_context()
        if security == OPEN and login and not is_named(host, port):
            raise Unreachable(f"{host}: a password does not go unencrypted", is_permanent=True)
        post = _Post(host, context=context if security == TLS else None)
        try:
            post.connect(host, port)
            post.ehlo()
            if security == STARTTLS:
                post.starttls(context=context)
                post.ehlo()
            if login:
                post.login(login, self._setup.secret)
        except BaseException:
            post.close()
            raise
        return post

    @staticmethod
    def _lives(post: _Post) -> bool:
        try:
            code, _told = post.noop()
            return code == 250
        except (smtplib.SMTPException, OSError):
            return False

    def _sent(self, post: _Post, letter: Letter, sender: str) -> Outcome:
        """One letter; the server's number says whether trying again can help."""
        written = written_down(letter, name=self._name, sender=sender)
        is_handed_over = False
        told: bytes | str
        try:
            code, told = post.mail(sender)
            if code < 300:
                code, told = post.rcpt(letter.address)
            if code >= 300:
                post.rset()
                return Outcome(letter.key, _state(code), detail=_told(code, told))
            is_handed_over = True
            code, told = _data(post, written)
        except (smtplib.SMTPException, OSError) as error:
            self._post = None
            post.close()
            return Outcome(letter.key, UNCLEAR if is_handed_over else LATER, detail=type(error).__name__)
        if code >= 300:
            return Outcome(letter.key, _state(code), detail=_told(code, told))
        return Outcome(letter.key, SENT, ref=letter.key, detail=_told(code, told))


def _data(post: _Post, written: bytes) -> tuple[int, bytes | str]:
    """What the server says to the letter itself, also where it refuses before it."""
    try:
        return post.data(written)
    except smtplib.SMTPDataError as error:
        return error.smtp_code, error.smtp_error


def written_down(letter: Letter, *, name: str, sender: str) -> bytes:
    """The letter as it travels."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(name, addr_spec=sender)
    mail["To"] = Address(addr_spec=letter.address)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{one_line(letter.key)}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(letter.text, cte="quoted-printable")  # seven bits: no server has to know more
    return mail.as_bytes()


def _state(code: int) -> str:
    return FAILED if code >= 500 else LATER


def _told(code: int, told: bytes | str) -> str:
    return f"{code} {told.decode('utf-8', 'replace') if isinstance(told, bytes) else told}"
