"""Passwords of devices, locked by the key that the house keeps for them."""

from __future__ import annotations

from functools import partial

from dovolen.desk.core import locks
from dovolen.desk.core.locks import KeyLostError

__all__ = ["KeyLostError", "lock", "unlock"]

lock = partial(locks.lock, "devices")
unlock = partial(locks.unlock, "devices")
