"""A code out of a name: Latin letters, digits and underscores, so that tables and addresses can hold it."""

from __future__ import annotations

import re
from collections.abc import Container
from itertools import count

LATIN = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфыэ", "abvgdeziyklmnoprstufye", strict=True))
    | {"ё": "e", "ж": "zh", "х": "kh", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ю": "yu", "я": "ya"}
    | dict.fromkeys("ъь", "")
)
LONGEST = 26


def code_of(name: str, taken: Container[str]) -> str:
    """A code that nobody has yet: «Кофемашина» is kofemashina, the next of that name kofemashina_2."""
    plain = re.sub(r"[^a-z0-9]+", "_", name.casefold().translate(LATIN)).strip("_")[:LONGEST].strip("_") or "own"
    return next(code for n in count(1) if (code := plain if n == 1 else f"{plain}_{n}") not in taken)
