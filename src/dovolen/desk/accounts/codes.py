"""Six digits that change every half minute (RFC 6238), codes for a lost phone, tokens of links: mathematics only."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

STEP = 30
DIGITS = 6
DRIFT = 1
"""Steps that a phone's clock may be off."""
N_RECOVERY = 10


def new_secret() -> str:
    """160 random bits, as authenticator applications take them."""
    return base64.b32encode(secrets.token_bytes(20)).decode()


def at_step(secret: str, step: int) -> str:
    """The six digits of a step."""
    mac = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), hashlib.sha1)
    place = mac[-1] & 15
    number = int.from_bytes(mac[place : place + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def step_of(secret: str, code: str, *, now: datetime) -> int | None:
    """Which step near now has this code; None when none has."""
    given = "".join(code.split())
    current = int(now.timestamp()) // STEP
    for step in range(current - DRIFT, current + DRIFT + 1):
        if hmac.compare_digest(at_step(secret, step), given):
            return step
    return None


def address_of(secret: str, *, login: str, issuer: str) -> str:
    """What the QR code says to the application."""
    query = urlencode({"secret": secret, "issuer": issuer}, quote_via=quote)
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{query}"


def new_recovery_codes() -> list[str]:
    """Ten codes of 50 bits each, easy to copy by hand."""
    texts = (base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10] for _ in range(N_RECOVERY))
    return [f"{text[:5]}-{text[5:]}" for text in texts]


def recovery_digest(code: str, *, key: str) -> str:
    """What the base keeps of a recovery code; without the key of the house it cannot be tried out."""
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hmac.new(key.encode(), b"recovery\0" + plain.encode(), hashlib.sha256).hexdigest()


def new_token() -> str:
    """The secret part of a link: 192 bits."""
    return secrets.token_urlsafe(24)


def token_digest(token: str) -> str:
    """What the base keeps of a link."""
    return hashlib.sha256(token.encode()).hexdigest()
