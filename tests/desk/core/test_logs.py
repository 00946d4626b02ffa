"""Logs hold nothing personal, and one record is one record."""

from __future__ import annotations

import logging
import sys
from typing import Any

import pytest

from dovolen.desk.core.logs import Discreet, redact

CANARIES = [
    "+7 997 200-00-01", "+79972000001", "8 (997) 200-00-01", "8-997-200-00-01", "tel:89972000001", "phone=+7997 2000001",
    "997.200.00.01", "anna.serova@example.com", "4276 1234 5678 9012", "Ym9keSBvZiBhIHRva2VuIG9mIDI0IGNoYXJz0",
    "key=pbkdf2abcDEF0123456789abcdefGHIJ", "/invitation/0123456789abcdefGHIJkl/", "Zk3vQ9sTb7LmX0123456789",
    "40702810900000012345", "+79972000002 +7 997 200-00-01 8 997 200-00-01",
]  # fmt: skip
HARMLESS = [
    "order 24817 accepted", "2026-11-22 06:59:55 lease of 30 s", "try 5, parked", "2 500 000 ₽", "dovolen.desk.core",
    "event 1234567 order.ready failed", "/site-packages/django/core/handlers/exception.py", "UserAttributeSimilarityValidator",
    "dovolen.desk.documents.forms: TransferDocumentOfSeller",
]  # fmt: skip


def formatted(text: str, error: Any = None) -> str:
    return Discreet("%(message)s").format(logging.LogRecord("desk", logging.INFO, "", 1, text, (), error))


@pytest.mark.parametrize("canary", CANARIES)
def test_phones_addresses_and_tokens_stay_out(canary: str) -> None:
    assert "•••" in redact(f"could not send to {canary}, trying again")
    assert not {part for part in ("9972000001", "200-00-01", "serova", "5678", "0123456789") if part in redact(canary)}


@pytest.mark.parametrize("text", HARMLESS)
def test_what_helps_is_left(text: str) -> None:
    assert redact(text) == text


def test_a_traceback_is_discreet_too() -> None:
    detail = "duplicate key\nDETAIL:  Key (name, phone)=(Анна Серова, 42) already exists."
    try:
        raise ValueError(detail)
    except ValueError:
        told = formatted("failed", sys.exc_info())

    assert "Серова" not in told
    assert "duplicate key" in told


@pytest.mark.parametrize("forged", ["\n2026-11-22 INFO all is well", "\r\nINFO", "\u2028INFO", "\x1b[2J", "\u202eevil"])
def test_no_value_forges_a_line_or_steers_the_terminal(forged: str) -> None:
    told = formatted(f"name is {forged}")

    assert all(line.startswith("    | ") for line in told.split("\n")[1:])
    assert not set(told) & set("\r\x1b\u202e\u2028")
