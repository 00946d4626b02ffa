"""Russian requisites, judged by their control digits.

Sources: ИНН and ОГРН – the Federal Tax Service's rules of check digits, as python-stdnum has them; accounts – the Bank
of Russia's order of reckoning the control key, 8 September 1997, № 515.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from stdnum.ru import inn as tax_numbers
from stdnum.ru import ogrn as state_numbers

KPP = re.compile(r"\d{4}[\dA-Z]{2}\d{3}", re.ASCII)
BIK = re.compile(r"\d{9}", re.ASCII)
ACCOUNT = re.compile(r"\d{20}", re.ASCII)
CORRESPONDENT = "301"
WEIGHTS = (7, 1, 3)
BLANKS = re.compile(r"[\s\u00a0-]+")


def compact(text: str) -> str:
    """A number without blanks and hyphens, as it is kept."""
    return BLANKS.sub("", text).upper()


def is_tax_number(text: str) -> bool:
    """ИНН: ten digits of a company, twelve of an entrepreneur."""
    return bool(re.fullmatch(r"\d{10}|\d{12}", text, re.ASCII)) and tax_numbers.is_valid(text)


def is_kpp(text: str) -> bool:
    """КПП has a form and no control digit."""
    return KPP.fullmatch(text) is not None


def is_ogrn(text: str) -> bool:
    """ОГРН: thirteen digits of a company, fifteen of an entrepreneur."""
    return bool(re.fullmatch(r"\d{13}|\d{15}", text, re.ASCII)) and state_numbers.is_valid(text)


def is_bik(text: str) -> bool:
    """БИК has a form and no control digit."""
    return BIK.fullmatch(text) is not None


def is_account(text: str, bik: str) -> bool:
    """A settlement account at the bank of this БИК."""
    return bool(ACCOUNT.fullmatch(text) and is_bik(bik)) and _sums_up(bik[-3:] + text)


def is_correspondent(text: str, bik: str) -> bool:
    """The correspondent account of the bank itself: its last three digits are those of the БИК."""
    is_its_own = text.startswith(CORRESPONDENT) and text[-3:] == bik[-3:]
    return bool(ACCOUNT.fullmatch(text) and is_bik(bik)) and is_its_own and _sums_up(f"0{bik[4:6]}{text}")


def _sums_up(digits: str) -> bool:
    return sum(int(digit) * WEIGHTS[place % 3] % 10 for place, digit in enumerate(digits)) % 10 == 0


ALONE: Mapping[str, Callable[[str], bool]] = {
    "tax_number": is_tax_number, "kpp": is_kpp, "ogrn": is_ogrn, "bik": is_bik,
}  # fmt: skip
AT_BANK: Mapping[str, Callable[[str, str], bool]] = {"account": is_account, "corr_account": is_correspondent}
NUMBERS = (*ALONE, *AT_BANK)


def problems(values: Mapping[str, str]) -> dict[str, str]:
    """Field → what is wrong: "digits" by its own control, "no_bik" where the bank is not named, "bank" by the bank's.

    Empty values are no problem.
    """
    found = {name: "digits" for name, holds in ALONE.items() if values.get(name) and not holds(values[name])}
    bik = values.get("bik", "")
    for name, belongs in AT_BANK.items():
        if values.get(name) and not bik:
            found[name] = "no_bik"
        elif values.get(name) and "bik" not in found and not belongs(values[name], bik):
            found[name] = "bank"
    return found
