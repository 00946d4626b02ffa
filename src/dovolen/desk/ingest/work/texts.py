"""Phones and addresses as the file writes them, each cell once: what is kept, and what could not be read."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dovolen.desk.people import phones

if TYPE_CHECKING:
    import duckdb

PARTED = re.compile(r"[,;\n\r|/]+|\s{2,}|\s(?=\+)")
EMAIL = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,24}")
MOBILE = re.compile(r"(?:\+?7|8)?(9\d{9})")
MARKS = str.maketrans("", "", " ()-–‑.\u00a0\t")
MOST, LONGEST = 20, 254
EXAMPLES = 5


def tidy(base: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """Make `phone_cells` and `email_cells` (cell, found, unread); gives findings of what could not be read."""
    found = []
    for table, column, split in (("phone_cells", "phones", numbers), ("email_cells", "emails", addresses)):
        cells = base.execute(f"SELECT DISTINCT {column} FROM read_customers WHERE {column} IS NOT NULL").fetchall()
        unread = _make(base, table, [cell for (cell,) in cells], split)
        if unread:
            (of,) = base.execute("SELECT count(*) FROM read_customers").fetchall()[0]
            examples = [f"{column}: {text}"[:120] for text in unread[:EXAMPLES]]
            found.append(
                {
                    "code": "unread_values", "table": "customers", "count": len(unread),
                    "share": round(len(unread) / of, 4), "action": "noted", "examples": examples,
                }
            )  # fmt: skip
    return found


def _make(base: duckdb.DuckDBPyConnection, table: str, cells: list[str], split: Any) -> list[str]:
    import pyarrow as pa

    told = [split(cell) for cell in cells]
    rows = pa.table(
        {
            "cell": pa.array(cells, pa.string()),
            "found": pa.array([found for found, _ in told], pa.list_(pa.string())),
            "unread": pa.array([unread or None for _, unread in told], pa.string()),
        }
    )
    base.register(f"arrow_{table}", rows)
    base.execute(f"CREATE TABLE {table} AS SELECT * FROM arrow_{table}")
    return [unread for _, unread in told if unread]


def numbers(cell: str) -> tuple[list[str], str]:
    """Numbers of a cell as E.164, and the parts that are none."""
    if (plain := MOBILE.fullmatch(cell.translate(MARKS))) is not None:
        return [f"+7{plain[1]}"], ""
    found: dict[str, None] = {}
    unread = []
    for part in filter(None, (part.strip() for part in PARTED.split(cell))):
        number = normal(part)
        if number:
            found[number] = None
        else:
            unread.append(part)
    return list(found)[:MOST], ", ".join(unread)[:LONGEST]


@lru_cache(maxsize=50_000)
def normal(part: str) -> str | None:
    """One number as E.164; the usual writing of a Russian mobile is known without asking the library."""
    if (plain := MOBILE.fullmatch(part.translate(MARKS))) is not None:
        return f"+7{plain[1]}"
    return phones.normal(part)


def addresses(cell: str) -> tuple[list[str], str]:
    """Addresses of a cell in lower case, and the rest where there is none."""
    found = list(dict.fromkeys(address.lower() for address in EMAIL.findall(cell) if len(address) <= LONGEST))
    return found[:MOST], "" if found else cell[:LONGEST]
