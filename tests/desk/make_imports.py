"""Imports for tests: files small enough to read, brought and worked off by real actions; rows written for pages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from dovolen.desk.accounts.models import Centre, Staff
from dovolen.desk.ingest import actions
from dovolen.desk.ingest.models import (
    CHECKED,
    CREATED,
    CUSTOMERS,
    MAPPED,
    STATES,
    Import,
    ImportedRow,
    RejectedRow,
)
from dovolen.desk.ingest.work import folder, running
from tests.desk.conftest import NOON

CLIENTS = "Код;Имя;Телефон;Email\n"
ORDERS = "Номер заказа;Код клиента;Клиент;Телефон;Принят;Готов;Выдан;Мастер;Сумма\n"
FOUND: dict[str, Any] = {
    "tables": {
        "customers": {"rows": 3, "create": 2, "update": 0, "match": 1, "reject": 0},
        "assets": {"rows": 0, "create": 0, "update": 0, "match": 0, "reject": 0},
        "orders": {"rows": 4, "create": 3, "update": 0, "match": 0, "reject": 1},
        "facts": {"rows": 0, "create": 0, "update": 0, "match": 0, "reject": 0},
    },
    "reasons": {"no_date": 1},
    "findings": [
        {
            "code": "same_phone", "table": "customers", "count": 2, "share": 0.67,
            "action": "not_merged", "examples": ["+79972010001"],
        }
    ],
    "accounts": [{"table": "orders", "rows_in": 4, "rows_used": 3, "asides": {"no_date": 1}}],
    "duplicates": 1,
    "centres": ["Центр"],
    "period": ["2025-01-10", "2026-10-30"],
    "currency": "RUB",
    "zone": "Europe/Moscow",
}  # fmt: skip
"""What a check finds, as `Import.found` holds it."""


def clients_file(n: int = 3, first: int = 0) -> bytes:
    """A list of clients, each with a phone and an address of his own."""
    rows = [f"K{i:04};Клиент {i:04};+7 997 {2_010_017 + i};client{i}@example.org" for i in range(first, first + n)]
    return (CLIENTS + "\n".join(rows) + "\n").encode()


def orders_file(n: int = 6, clients: int = 3, first: int = 0) -> bytes:
    """Finished orders of a few clients, a day each in 2025 and earlier years, 1 500 roubles each."""
    rows = []
    for i in range(first, first + n):
        day = f"{10 + i % 18:02}.{1 + i // 18 % 12:02}.{2025 - i // 216}"
        who = i % clients
        rows.append(
            f"A{i:05};K{who:04};Клиент {who:04};+7 997 {2_010_017 + who};{day} 10:00;{day} 17:00;{day} 18:30;Олег;1500,00"
        )
    return (ORDERS + "\n".join(rows) + "\n").encode()


def brought(
    content: bytes | None = None, *, by: Staff, name: str = "orders.csv", centre: Centre | None = None,
    now: datetime = NOON,
) -> Import:  # fmt: skip
    """A file brought and not read yet."""
    place = centre or by.centre
    assert place is not None
    return actions.upload(
        centre=place, name=name, pieces=[orders_file() if content is None else content], by=by, now=now
    )


def worked(source: Import, now: datetime = NOON) -> Import:
    """The import after the importer did all that waited."""
    running.work_off(clock=lambda: now)
    return Import.objects.get(pk=source.pk)


def read(content: bytes | None = None, *, by: Staff, now: datetime = NOON, **told: Any) -> Import:
    """A file brought and read: a mapping is proposed."""
    return worked(brought(content, by=by, now=now, **told), now)


def checked(content: bytes | None = None, *, by: Staff, now: datetime = NOON, **told: Any) -> Import:
    """The same, tried out."""
    source = read(content, by=by, now=now, **told)
    actions.ask_check(source=source, by=by, now=now)
    return worked(source, now)


def loaded(content: bytes | None = None, *, by: Staff, now: datetime = NOON, **told: Any) -> Import:
    """The same, loaded."""
    source = checked(content, by=by, now=now, **told)
    assert source.state == CHECKED, source.refusal
    actions.ask_load(source=source, by=by, now=now)
    return worked(source, now)


def undone(source: Import, *, by: Staff, now: datetime = NOON) -> Import:
    """An import taken back."""
    actions.ask_undo(source=source, by=by, now=now)
    return worked(source, now)


# ── Rows written directly, for pages ─────────────────────────────────────────────────────────────────────────────────


def at_state(
    state: str = MAPPED, *, by: Staff, centre: Centre | None = None, name: str = "orders.csv", now: datetime = NOON,
    sample: Sequence[Mapping[str, Any]] | None = None, **columns: Any,
) -> Import:  # fmt: skip
    """An import in any state, without a file: what pages show of it is given."""
    assert state in STATES
    given: dict[str, Any] = {
        "mapping": MAPPING, "choices": {"currency": "RUB", "zone": "Europe/Moscow", "centres": {"Центр": "new"}}
    }  # fmt: skip
    if state == CHECKED:
        given["found"] = FOUND
    source = Import.objects.create(
        centre=centre or by.centre, state=state, name=name, made_at=now, made_by=by, **{**given, **columns}
    )
    tables = SAMPLE if sample is None else sample
    folder.write_json(folder.folder_of(source) / folder.SAMPLE, {"tables": list(tables)})
    return source


SAMPLE: Sequence[Mapping[str, Any]] = (
    {
        "name": "orders.csv",
        "headers": ["Номер", "Код клиента", "Принят", "Сумма"],
        "rows": [["A00001", "K0001", "10.01.2025 10:00", "1500,00"], ["A00002", "K0002", "11.01.2025 10:00", "900"]],
        "n_rows": 2,
    },
)
MAPPING = """name = "orders.csv"

[tables.orders]
[tables.orders.columns]
order_id = "Номер"
customer_id = "Код клиента"
accepted_at = "Принят"
revenue = "Сумма"
"""


def reject(source: Import, n: int = 3, *, reason: str = "no_date", table: str = "orders") -> list[RejectedRow]:
    """Rows that were not taken."""
    return [
        RejectedRow.objects.create(
            source=source, table=table, place=place, reason=reason, cells={"Номер": f"A{place:05}", "Принят": "вчера"}
        )
        for place in range(2, n + 2)
    ]


def made(source: Import, keys: Sequence[int], *, table: str = CUSTOMERS, action: str = CREATED) -> None:
    """Rows of the desk that the import made."""
    for key in keys:
        ImportedRow.objects.create(source=source, table=table, key=str(key), object_id=key, action=action)
