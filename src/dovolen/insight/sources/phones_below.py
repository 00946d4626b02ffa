"""The printed list of 1C counterparties: one column, a client's name in one row and his phones in the next."""

from __future__ import annotations

import re

import pyarrow as pa

from dovolen.insight.schema import Account
from dovolen.insight.sources.reading import Raw

_PHONES = re.compile(r"(?=(?:.*\d){6})[\d\s()+\-.,;/]+|(?i:тел|моб|phone).*\d.*")


def read(raw: Raw) -> tuple[pa.Table, Account]:
    """Clients with their phones, in the list's order; the identifier is the name, with phones where it repeats."""
    clients: list[tuple[str, list[str]]] = []
    for cells in zip(*(column.to_pylist() for column in raw.rows.columns), strict=True):
        words = next((cell.strip() for cell in cells if cell and cell.strip()), "")
        if clients and _PHONES.fullmatch(words):
            clients[-1][1].append(words)
        elif words:
            clients.append((words, []))
    names = [name for name, _ in clients]
    phones = [", ".join(numbers) or None for _, numbers in clients]
    keys = [
        name if names.count(name) == 1 else f"{name} {numbers or ''}".strip()
        for name, numbers in zip(names, phones, strict=True)
    ]
    rows = pa.table(
        {
            "customer_id": pa.array(keys, pa.string()),
            "name": pa.array(names, pa.string()),
            "phones": pa.array(phones, pa.string()),
        }
    )
    return rows, Account("customers", raw.rows_in, raw.rows_in - sum(aside.count for aside in raw.asides), raw.asides)
