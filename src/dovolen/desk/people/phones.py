"""Telephone numbers: as they are typed, as they are kept (E.164), as they are shown."""

from __future__ import annotations

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

from dovolen.insight.words import NBSP

LONGEST = 40
RUSSIAN = re.compile(r"\+7(\d{3})(\d{3})(\d\d)(\d\d)")
RUSSIAN_MOBILE = re.compile(r"\+79\d{9}")


def normal(text: str, region: str = "RU") -> str | None:
    """A number in any writing as `+79124480731`; None where it is none. What follows as an extension is left out."""
    if len(text) > LONGEST:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except NumberParseException:
        return None
    found = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    known = phonenumbers.is_valid_number(number) or RUSSIAN_MOBILE.fullmatch(found)
    return found if known else None


def shown(number: str) -> str:
    """A kept number as people read it: «+7 912 448-07-31»; what is no number stays as it is."""
    if parts := RUSSIAN.fullmatch(number):
        code, *rest = parts.groups()
        return f"+7{NBSP}{code}{NBSP}{'-'.join(rest)}"
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return number
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL).replace(" ", NBSP)


def masked(number: str) -> str:
    """A number of which only the last two digits are told: «+7 ••• •••-••-31»."""
    return f"+7{NBSP}•••{NBSP}•••-••-{number[-2:]}" if RUSSIAN.fullmatch(number) else f"•••{number[-2:]}"
