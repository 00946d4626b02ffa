"""Logs without personal data: phones, addresses, tokens and a database's own details never reach a line."""

from __future__ import annotations

import logging
import re
import unicodedata
from typing import Any

HIDDEN = "•••"
PHONE = re.compile(r"(?<!\w)(?!\d{4}-\d\d-\d\d)\+?\d(?:[\s().\u2011-]*\d){9,17}(?!\w)")
DIGITS = re.compile(r"(?<!\w)(?!\d{4}-\d\d-\d\d)\+?\d(?:[\s().\u2011-]*\d){9,}(?!\w)")
"""One phone or several, a card, an account."""
MAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)+")
TOKEN = re.compile(r"(?<![\w-])(?=[\w-]*\d)(?=[\w-]*[A-Za-z])[A-Za-z0-9_-]{20,}(?![\w-])")
PAGE_OF_CLIENT = re.compile(r"(?<=/c/)[^/\s?\"']+")
"""The key in the address of a client's page, whatever it is made of."""
IN_ADDRESS = re.compile(r"(?<=/)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[A-Za-z0-9_-]{20,}(?=[/?\s\"']|$)", re.ASCII)
"""A key in any other address: one of forty has no digit in it."""
DETAIL = re.compile(r"^DETAIL: .*$", re.MULTILINE)
"""What PostgreSQL adds to a broken constraint: the very values."""


def redact(text: str) -> str:
    """The text without what tells who somebody is or lets another in."""
    for pattern in (DETAIL, PAGE_OF_CLIENT, IN_ADDRESS, MAIL, TOKEN, DIGITS):
        text = pattern.sub(HIDDEN, text)
    return text


def one_record(text: str) -> str:
    """The text as one record: further lines are marked, characters that steer a terminal are written out."""
    lines = text.splitlines() or [""]
    return "\n    | ".join("".join(_shown(sign) for sign in line) for line in lines)


def _shown(sign: str) -> str:
    if sign in "\t\u00a0" or unicodedata.category(sign) not in ("Cc", "Cf", "Zl", "Zp"):
        return sign
    return f"\\u{ord(sign):04x}"


class Discreet(logging.Formatter):
    """Formats a record, its traceback included, and lets nothing personal through."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as it is written."""
        head = f"{self.formatTime(record)} {record.levelname:<7} {record.process} {record.name}: "
        return head + one_record(redact(super().format(record)))


def logging_settings(level: str) -> dict[str, Any]:
    """Django's LOGGING: everything to standard error, through one formatter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "discreet": {
                "()": "dovolen.desk.core.logs.Discreet",
                "format": "%(message)s",
            }
        },
        "handlers": {"error": {"class": "logging.StreamHandler", "formatter": "discreet"}},
        "root": {"handlers": ["error"], "level": level.upper()},
        "loggers": {
            "django": {"handlers": ["error"], "level": level.upper(), "propagate": False},
            "django.server": {"handlers": ["error"], "level": "WARNING", "propagate": False},
        },
    }
