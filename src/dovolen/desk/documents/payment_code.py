"""The payment code of a bill: ГОСТ Р 56042-2014, read by the applications of Russian banks.

The block says `ST00012` – format ST, version 0001, letters of UTF-8 – and then names and values parted by bars. A code
carries at most 300 letters of purpose; a bar inside a value would end it, and is written as a slash.
"""

from __future__ import annotations

from collections.abc import Mapping

import segno

BEGINNING = "ST00012"
OBLIGATORY = ("Name", "PersonalAcc", "BankName", "BIC", "CorrespAcc")
LONGEST = {"Name": 160, "BankName": 45, "Purpose": 210}
"""As the standard and the order of the Bank of Russia on payments have them."""


def payment_text(*, amount: int, purpose: str, payee: Mapping[str, str]) -> str:
    """What the code says: `payee` has the obligatory names, and PayeeINN and KPP where there are any.

    `amount` is in kopecks, as the standard wants it.
    """
    told = {name: payee[name] for name in OBLIGATORY}
    told |= {"Sum": str(amount), "Purpose": purpose}
    told |= {name: payee[name] for name in ("PayeeINN", "KPP") if payee.get(name)}
    return "|".join([BEGINNING, *(f"{name}={_value(name, value)}" for name, value in told.items())])


def _value(name: str, value: str) -> str:
    plain = " ".join(value.replace("|", "/").split())
    return plain[: LONGEST.get(name, 300)].rstrip()


def code_of(text: str, error: str = "m") -> str:
    """A QR code as an SVG drawing. Bytes of UTF-8 without an ECI mark: bank applications read them so."""
    drawing = segno.make(text.encode("utf-8"), micro=False, error=error, boost_error=False, mode="byte", eci=False)
    return drawing.svg_inline(border=0, omitsize=True)
