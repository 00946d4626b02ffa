"""How long an SMS is: its alphabet and the parts it is paid by (3GPP TS 23.038 and 23.040)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dovolen.desk.messaging import gsm7

GSM7, UCS2 = "gsm7", "ucs2"
ALONE = {GSM7: 160, UCS2: 70}
JOINED = {GSM7: 153, UCS2: 67}
"""Places of a part: of a message of one part, and of one of several, where a head takes some."""
MOST_PARTS = 10
"""Longer ones operators cut or refuse."""
TYPED_OTHERWISE = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " "})


@dataclass(frozen=True)
class Measured:
    """What a text takes as an SMS."""

    alphabet: str
    n_chars: int
    n_parts: int
    left_in_part: int
    """Places that are free in the last part."""


def plain(text: str) -> str:
    """The text as it is sent: fixed spaces are plain ones, which every alphabet has."""
    return text.translate(TYPED_OTHERWISE).strip()


def measured(text: str) -> Measured:
    """Alphabet and parts of a text as it is sent. Cyrillic, «№» and «₽» make it UCS-2, of 70 or 67 places a part."""
    alphabet, widths = _widths(plain(text))
    n_places, n_parts, used = _parts(widths, ALONE[alphabet], JOINED[alphabet])
    size = ALONE[alphabet] if n_parts == 1 else JOINED[alphabet]
    return Measured(alphabet, n_places, n_parts, size - used)


def _widths(said: str) -> tuple[str, list[int]]:
    """The alphabet and the places of every sign in it; no sign is parted."""
    try:
        return GSM7, [len(gsm7.encoded(sign)) for sign in said]
    except UnicodeError:
        return UCS2, [len(sign.encode("utf-16-be", "replace")) // 2 for sign in said]


def _parts(widths: Iterable[int], alone: int, joined: int) -> tuple[int, int, int]:
    """Places in all, parts, places used in the last one."""
    each = list(widths)
    total = sum(each)
    if total <= alone:
        return total, 1, total
    n_parts, used = 1, 0
    for width in each:
        if used + width > joined:
            n_parts, used = n_parts + 1, 0
        used += width
    return total, n_parts, used
