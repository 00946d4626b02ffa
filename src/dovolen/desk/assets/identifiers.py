"""Numbers by which a device or vehicle is known: how they are compared, and what is wrong with one.

A problem is told, not forbidden: plates of instruments wear off, old and Japanese cars bear frame numbers.
"""

from __future__ import annotations

import re
import unicodedata

from stdnum import luhn

from dovolen.desk.assets.models import IMEI, VIN

LOOK_ALIKES = str.maketrans("АВЕЁКМНОРСТУХІЅЈ", "ABEEKMHOPCTYXISJ")
"""Cyrillic capitals and the Latin ones they cannot be told from on a plate."""
LONGEST_SERIAL, LONGEST_PLATE = 40, 15
IMEI_DIGITS, VIN_LETTERS = 15, 17
NO_LETTERS_OF_A_VIN = frozenset("IOQ")
CHECKED_REGIONS = frozenset("12345L")
"""First letters of vehicles made for North America and China: only there the ninth letter is a check digit."""
VALUES = dict(zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9),
                  strict=True)) | {str(digit): digit for digit in range(10)}  # fmt: skip
WEIGHTS = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)


def serial_key(text: str) -> str:
    """A serial number as it is compared: letters and digits, upper case, Cyrillic look-alikes as Latin."""
    told = unicodedata.normalize("NFKC", text).upper().translate(LOOK_ALIKES)
    return "".join(sign for sign in told if sign.isalnum())[:LONGEST_SERIAL]


def plate_key(text: str) -> str:
    """A plate as it is compared, however it was typed: «а 123 вс 77 RUS» is A123BC77."""
    return serial_key(text).removesuffix("RUS")[:LONGEST_PLATE]


def problem(identifier: str, text: str) -> str | None:
    """The words key of what is wrong with a number of this sort (serial, imei, vin); None where nothing is."""
    if not serial_key(text):
        return None
    return {IMEI: imei_problem, VIN: vin_problem}.get(identifier, _no_problem)(text)


def imei_problem(text: str) -> str | None:
    """What is wrong with an IMEI: its length, or the control digit. Source: 3GPP TS 23.003, 6.2."""
    number = serial_key(text)
    if not re.fullmatch(rf"\d{{{IMEI_DIGITS}}}", number, re.ASCII):
        return "assets.problem.imei_length"
    return None if luhn.is_valid(number) else "assets.problem.imei_control"


def vin_problem(text: str) -> str | None:
    """What is wrong with a VIN: its length, a letter it never holds, or the control digit. Source: ISO 3779."""
    number = serial_key(text)
    if len(number) != VIN_LETTERS:
        return "assets.problem.vin_length"
    if NO_LETTERS_OF_A_VIN & set(number) or not set(number) <= set(VALUES):
        return "assets.problem.vin_letters"
    if number[0] in CHECKED_REGIONS and number[8] != vin_control(number):
        return "assets.problem.vin_control"
    return None


def vin_control(number: str) -> str:
    """The ninth letter that the others of a VIN ask for."""
    rest = sum(VALUES[sign] * weight for sign, weight in zip(number, WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def _no_problem(_: str) -> None:
    """A plain serial number is what its maker wants."""
