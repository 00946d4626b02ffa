"""Tables that an engine itself sees: nothing is read here, the engine is only asked what is there."""

from __future__ import annotations

from pathlib import Path

from dovolen.insight.engines import Engine
from dovolen.insight.schema import TABLES, SchemaError, Tables

_MAIN = "orders"


def seen_tables(engine: Engine, source: str, *, currency: str | None = None, zone: str | None = None) -> Tables | None:
    """Canonical tables beside the engine's own table (or Parquet path) `source`; None when `source` is a local file.

    `warehouse.orders` brings `warehouse.customers` and the others with it where they exist; a table of another name
    stands alone. Money in them is in minor units.
    Raises: SchemaError when the engine sees no such table.
    """
    if Path(source).exists():
        return None
    try:
        engine.load("seen", source)
        columns = engine.columns("seen")
    except Exception as error:  # each driver has its own
        raise SchemaError(f"{engine.name} sees no table or path {source}, and there is no such file here") from error
    if not {"accepted_at", "accepted_date"} & columns.keys():
        raise SchemaError(f"{source} needs a column accepted_at or accepted_date; it has: {', '.join(columns)}")
    return Tables(
        {_MAIN: source, **_beside(engine, source)},
        currency=currency or "RUB",
        zone=zone or "Europe/Moscow",
        currency_from="given" if currency else "default",
        zone_from="given" if zone else "default",
    )


def _beside(engine: Engine, source: str) -> dict[str, str]:
    """The other canonical tables of the same place, where the main one bears its canonical name."""
    place, name, ending = _parts(source)
    if name != _MAIN:
        return {}
    found = {}
    for table in TABLES:
        if table == _MAIN:
            continue
        try:
            engine.load("seen", place + table + ending)
        except Exception:  # an absent table is no error: most are optional
            continue
        found[table] = place + table + ending
    return found


def _parts(source: str) -> tuple[str, str, str]:
    """Folder or schema, bare name, ending."""
    ending = ".parquet" if source.endswith(".parquet") else ""
    bare = source.removesuffix(ending)
    cut = max(bare.rfind("/"), bare.rfind(".") if "/" not in bare else -1) + 1
    return bare[:cut], bare[cut:], ending
