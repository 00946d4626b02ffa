"""The first look at what was brought: its tables with a few rows, a mapping proposed, currency and zone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from dovolen.desk.accounts.models import Centre
from dovolen.desk.ingest.actions.asking import NEW
from dovolen.desk.ingest.models import MAPPED, Import
from dovolen.desk.ingest.work import folder, kept
from dovolen.desk.ingest.work.running import finish
from dovolen.desk.orders.models import RepairOrder
from dovolen.desk.people.names import key

if TYPE_CHECKING:
    from dovolen.insight.mapping import Mapping
    from dovolen.insight.sources.reading import Raw

ROWS_SHOWN, LONGEST_CELL = 20, 200
MOST_CENTRES = 200
ZONES = {
    "COP": "America/Bogota", "ARS": "America/Argentina/Buenos_Aires", "PEN": "America/Lima", "CLP": "America/Santiago",
    "GBP": "Europe/London", "BYN": "Europe/Minsk", "KZT": "Asia/Almaty", "UAH": "Europe/Kyiv", "GEL": "Asia/Tbilisi",
    "AMD": "Asia/Yerevan", "AZN": "Asia/Baku", "UZS": "Asia/Tashkent", "KGS": "Asia/Bishkek", "TJS": "Asia/Dushanbe",
    "INR": "Asia/Kolkata", "TRY": "Europe/Istanbul", "ILS": "Asia/Jerusalem", "PLN": "Europe/Warsaw",
    "CZK": "Europe/Prague", "HUF": "Europe/Budapest", "RON": "Europe/Bucharest", "BGN": "Europe/Sofia",
    "JPY": "Asia/Tokyo", "KRW": "Asia/Seoul", "CHF": "Europe/Zurich", "SEK": "Europe/Stockholm",
    "NOK": "Europe/Oslo", "DKK": "Europe/Copenhagen",
}  # fmt: skip
"""Zone of a currency whose country has one zone: proposed, never taken without being shown."""


def read(source: Import, clock: Callable[[], datetime]) -> None:
    """Read what was brought, propose how; people look at it next. Raises: SchemaError, Lost."""
    from dovolen.insight import mapping as mappings
    from dovolen.insight.sources.propose import from_raws

    raws = kept.raws(source)
    proposed = _present(from_raws(raws, folder.origin(source)), raws)
    folder.write_json(folder.folder_of(source) / folder.SAMPLE, {"tables": [_table(raw) for raw in raws]})
    system = proposed.name[:40] if proposed.name in _systems() else ""
    choices = {**source.choices, **_choices(source, raws, proposed), "system": system}
    finish(
        source, MAPPED, clock(), kind="import.read", told={"n_tables": len(raws)}, system=system,
        mapping=mappings.to_toml(proposed), choices=choices, refusal={},
    )  # fmt: skip


def _present(proposed: Mapping, raws: list[Raw]) -> Mapping:
    """The mapping with those headers that the file really has: a preset knows more than any one file."""
    from dovolen.insight.sources.choice import table_of

    if proposed.layout:
        return proposed
    tables = {}
    for name, part in proposed.tables.items():
        own = {header.lower(): header for header in table_of(raws, part).headers}
        columns = {
            column: tuple(own[header.lower()] for header in headers if header.lower() in own)
            for column, headers in part.columns.items()
        }
        tables[name] = replace(part, columns={column: headers for column, headers in columns.items() if headers})
    return replace(proposed, tables={name: part for name, part in tables.items() if part.columns})


def _systems() -> set[str]:
    from dovolen.insight import mapping as mappings

    return {mappings.load(preset).name for preset in mappings.presets()}


def _table(raw: Raw) -> dict[str, Any]:
    rows = raw.rows.slice(0, ROWS_SHOWN).to_pylist()
    return {
        "name": raw.name,
        "headers": list(raw.headers),
        "rows": [[shown(cell) for cell in row.values()] for row in rows],
        "n_rows": raw.rows_in,
    }


def shown(cell: object) -> str:
    """A cell as people read it."""
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes").removesuffix(" 00:00")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)[:LONGEST_CELL]


def _choices(source: Import, raws: list[Raw], proposed: Mapping) -> dict[str, Any]:
    from dovolen.insight.schema import SchemaError
    from dovolen.insight.sources.assembly import setting_of

    currency, zone = source.centre.currency, source.centre.zone
    try:
        setting, (currency_from, zone_from) = setting_of(raws, proposed, currency=None, zone=None, today=None)
    except SchemaError:
        pass
    else:
        if currency_from in ("header", "mapping") and not (proposed.preset and currency_from == "mapping"
                                                           and RepairOrder.objects.exists()):  # fmt: skip
            currency = setting.currency
        if zone_from == "mapping":
            zone = setting.zone
        elif currency != source.centre.currency:
            zone = ZONES.get(currency, zone)
    return {
        "currency": currency, "zone": zone, "date_order": proposed.date_order, "decimal": proposed.decimal,
        "centres": _centres(raws, proposed),
    }  # fmt: skip


def _centres(raws: list[Raw], proposed: Mapping) -> dict[str, int | str]:
    """Words of the file for places → the centre of that name, else a new one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    from dovolen.insight.sources.choice import table_of

    part = proposed.tables.get("orders")
    headers = part.columns.get("centre", ()) if part else ()
    if part is None or not headers:
        return {}
    raw = table_of(raws, part)
    found = [header for header in headers if header in raw.headers][:1]
    if not found:
        return {}
    column = pc.unique(raw.rows.column(raw.column(found[0]))).cast(pa.string()).to_pylist()
    words = sorted({word.strip()[:80] for word in column if word and word.strip()})
    known = {key(centre.name): centre.pk for centre in Centre.objects.all()}
    return {word: known.get(key(word), NEW) for word in words[:MOST_CENTRES]}
