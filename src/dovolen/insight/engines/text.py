"""Parameters written into SQL text as checked literals: views refuse bound parameters on every engine."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import date, datetime

_ALLOWED = "a parameter is a date, a whole or finite number, a text, true or false, or nothing"

Value = date | int | float | str | bool | None

_PIECES = re.compile(
    r"""'(?:[^']|'')*'         # a text
      | "(?:[^"]|"")*"         # a quoted name
      | --[^\n]*               # a comment
      | /\*.*?\*/              # a long comment
      | \$(?P<name>[A-Za-z_]\w*)""",
    re.VERBOSE | re.DOTALL,
)


class ParameterError(ValueError):
    """A `$name` without a value, or a value that cannot be written into SQL."""


def written(sql: str, params: Mapping[str, Value]) -> str:
    """`sql` with every `$name` outside texts and comments replaced by its value as a literal.

    Raises: ParameterError for a name without a value or a value of another kind. Unused values are no error.
    """

    def piece(found: re.Match[str]) -> str:
        name = found["name"]
        if name is None:
            return found[0]
        if name not in params:
            raise ParameterError(f"no value for ${name}; given: {', '.join(sorted(params)) or 'nothing'}")
        return literal(params[name])

    return _PIECES.sub(piece, sql)


def literal(value: Value) -> str:
    """`value` as a literal of the common dialect; numbers with a point are DOUBLE, never DECIMAL."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int() if -(2**63) <= value < 2**63:
            return f"({value})" if value < 0 else str(value)
        case float() if math.isfinite(value):
            return f"CAST({value!r} AS DOUBLE)"
        case str():
            return text_literal(value)
        case date() if not isinstance(value, datetime):
            return f"CAST('{value.isoformat()}' AS DATE)"
        case _:
            raise ParameterError(f"cannot write {value!r} into SQL: {_ALLOWED}")


def text_literal(value: str) -> str:
    """`value` in single quotes.

    Raises: ParameterError for control characters and broken surrogates, which no name or word holds.
    """
    if any(char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" for char in value):
        raise ParameterError(f"control characters in {value!r}")
    return "'" + value.replace("'", "''") + "'"


def name_literal(name: str) -> str:
    """`name` of a table, view or column in double quotes.

    Raises: ParameterError for an empty name or one with control characters.
    """
    if not name or not name.isprintable():
        raise ParameterError(f"not a name: {name!r}")
    return '"' + name.replace('"', '""') + '"'
