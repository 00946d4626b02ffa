"""Secrets in the base, locked by a key of the house that lies outside it: one key a purpose."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class KeyLostError(RuntimeError):
    """The key of the house is not the one that locked this."""


def lock(purpose: str, text: str) -> str:
    """A text that only this house reads, and only for this purpose."""
    return _lock(purpose).encrypt(text.encode()).decode("ascii")


def unlock(purpose: str, locked: str) -> str:
    """What was locked. Raises: KeyLostError when it was changed, or locked by another key."""
    try:
        return _lock(purpose).decrypt(locked.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise KeyLostError(f"a secret of {purpose} was locked by another key, or changed in the base") from error


@cache
def _lock(purpose: str) -> Fernet:
    key = hashlib.sha256(f"{purpose}\0{settings.HOME.secret(purpose)}".encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
