"""Identifiers of clients spelt in several ways, and names behind several identifiers: told, never merged."""

from __future__ import annotations

import duckdb

from dovolen.insight.schema import Finding
from dovolen.insight.sources.reading import Raw
from dovolen.insight.sources.values import literal

_EXAMPLES = 5
_LETTERS_AND_MARKS = r"[^0-9]"
_MARKS = r"[\s\x{00A0}._/\\-]"


def by_headers(base: duckdb.DuckDBPyConnection, raw: Raw, view: str, key: str, alike: dict[str, str]) -> list[Finding]:
    """Findings by columns of the source that already hold one key for many spellings: code → its header."""
    found = []
    spelt = raw.column(key)
    for code, header in alike.items():
        if header in raw.headers:
            finer = alike.get("identifier_variants", "")
            of = raw.column(finer) if code == "same_name" and finer in raw.headers else spelt
            found += _several(base, view, raw.column(header), of, code)
    return found


def by_spelling(base: duckdb.DuckDBPyConnection, table: str) -> list[Finding]:
    """The same by the identifiers themselves: digits alone where there are five or more, else without marks and case.

    A name is no identifier: what has no digit is left in peace.
    """
    bare = f"regexp_replace(lower(customer_id), {literal(_MARKS)}, '', 'g')"
    digits = f"regexp_replace(customer_id, {literal(_LETTERS_AND_MARKS)}, '', 'g')"
    key = f"CASE WHEN length({digits}) >= 5 THEN {digits} WHEN length({digits}) > 0 THEN {bare} END"
    each = f"(SELECT DISTINCT customer_id FROM {table})"
    return _several(base, each, key, "customer_id", "identifier_variants")


def _several(base: duckdb.DuckDBPyConnection, view: str, key: str, spelt: str, code: str) -> list[Finding]:
    groups = (
        f"SELECT {key} AS said, count(DISTINCT {spelt}) AS n, "
        f"string_agg(DISTINCT CAST({spelt} AS VARCHAR), ' = ' ORDER BY CAST({spelt} AS VARCHAR)) AS all_of_them "
        f"FROM {view} WHERE ({key}) IS NOT NULL GROUP BY 1 HAVING count(DISTINCT {spelt}) > 1"
    )
    count = int(base.execute(f"SELECT count(*) FROM ({groups})").fetchall()[0][0])
    if not count:
        return []
    of = int(base.execute(f"SELECT count(DISTINCT {key}) FROM {view}").fetchall()[0][0])
    listed = base.execute(f"SELECT all_of_them FROM ({groups}) ORDER BY n DESC, said LIMIT {_EXAMPLES}").fetchall()
    return [Finding(code, "customers", count, of, tuple(str(row[0])[:80] for row in listed), "not_merged")]
