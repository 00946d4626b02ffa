"""Why two records are thought one client: fact, what each of them says, points."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from dovolen.insight.identity.pairs import Scored
from dovolen.insight.identity.records import Ints, Many, Records

REASON = pa.struct({"fact": pa.string(), "value_a": pa.string(), "value_b": pa.string(), "points": pa.int64()})

COLUMNS = {"born": "birth_date", "number": "tax_number", "email": "emails"}
"""Column of the base behind a fact's value, where it has another name."""

Reason = dict[str, str | int]


def reasons(records: Records, scored: Scored, listed: Ints) -> list[list[Reason]]:
    """The facts of each listed pair that speak, strongest first; their points sum to its score."""
    found: list[list[Reason]] = [[] for _ in listed]
    shown: dict[str, Callable[[int], str]] = {}
    for fact, (column, points) in scored.facts.items():
        said = shown.setdefault(column, _said(records, column))
        worth = points[listed]
        for place in np.flatnonzero(worth).tolist():
            one, other = int(scored.left[listed[place]]), int(scored.right[listed[place]])
            found[place].append(
                {"fact": fact, "value_a": said(one), "value_b": said(other), "points": int(worth[place])}
            )
    return [sorted(facts, key=_strongest) for facts in found]


def _strongest(reason: Reason) -> tuple[int, str]:
    return -abs(int(reason["points"])), str(reason["fact"])


def _said(records: Records, column: str) -> Callable[[int], str]:
    """What a client's record says in a column: as the base wrote it, the parts of a name and assets as compared."""
    parts = {"surname": records.surname, "given": records.given, "patronymic": records.patronymic}
    owned: dict[str, Many] = {"plate": records.plates, "serial": records.serials}
    if column in parts:
        return parts[column].said
    if column in owned:
        many = owned[column]
        return lambda row: ", ".join(many.values[code] for code in many.codes[row].tolist() if code >= 0)
    named = COLUMNS.get(column, column)
    if named == "name" and "name" not in records.given_rows.column_names:
        return lambda row: f"{records.surname.said(row)} {records.given.said(row)}".strip()
    if named not in records.given_rows.column_names:
        return lambda row: "company" if records.firm[row] else "person"
    texts = records.given_rows[named].cast(pa.string()).to_pylist()
    return lambda row: str(texts[row] or "")
