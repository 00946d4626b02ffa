"""Passwords of devices, locked by a key of the house that lies outside the base."""

from __future__ import annotations

import base64
import hashlib
from functools import cache

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings


class KeyLostError(RuntimeError):
    """The key of the house is not the one that locked this."""


def lock(text: str) -> str:
    """A text that only this house reads."""
    return _lock().encrypt(text.encode()).decode("ascii")


def unlock(locked: str) -> str:
    """What was locked. Raises: KeyLostError when it was changed, or locked by another key."""
    try:
        return _lock().decrypt(locked.encode("ascii")).decode()
    except (InvalidToken, UnicodeError) as error:
        raise KeyLostError("a device password was locked by another key, or changed in the base") from error


@cache
def _lock() -> Fernet:
    key = hashlib.sha256(b"devices\0" + settings.HOME.secret("devices").encode()).digest()
    return Fernet(base64.urlsafe_b64encode(key))
