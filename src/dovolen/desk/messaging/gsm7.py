"""The alphabet of SMS (3GPP TS 23.038): its signs by their number, and those behind an escape."""

from __future__ import annotations

ESCAPE = 0x1B
SIGNS = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
ESCAPED = {
    "\f": 0x0A,
    "^": 0x14,
    "{": 0x28,
    "}": 0x29,
    "\\": 0x2F,
    "[": 0x3C,
    "~": 0x3D,
    "]": 0x3E,
    "|": 0x40,
    "€": 0x65,
}
_NUMBER = {sign: bytes([number]) for number, sign in enumerate(SIGNS) if number != ESCAPE}
_NUMBER |= {sign: bytes([ESCAPE, number]) for sign, number in ESCAPED.items()}
_BEHIND = {number: sign for sign, number in ESCAPED.items()}


def encoded(text: str) -> bytes:
    """A sign a byte, two for those behind an escape. Raises: UnicodeError for a sign of another alphabet."""
    try:
        return b"".join(map(_NUMBER.__getitem__, text))
    except KeyError as error:
        raise UnicodeError("not a sign of the SMS alphabet") from error


def decoded(body: bytes) -> str:
    """What such bytes say; a byte that is none becomes a question mark."""
    signs: list[str] = []
    is_behind = False
    for number in body:
        if is_behind:
            signs.append(_BEHIND.get(number, "?"))
            is_behind = False
        elif number == ESCAPE:
            is_behind = True
        else:
            signs.append(SIGNS[number] if number < len(SIGNS) else "?")
    return "".join(signs)
