"""From a foreign file, folder or database to canonical tables: `open_tables`, `open_read`, `propose`."""

from __future__ import annotations

from collections.abc import Mapping as Dictionary
from dataclasses import replace
from datetime import date
from pathlib import Path

from dovolen.insight.mapping import Mapping
from dovolen.insight.schema import Tables
from dovolen.insight.sources import proven
from dovolen.insight.sources.assembly import Assembly, setting_of
from dovolen.insight.sources.choice import chosen_mapping, fitting
from dovolen.insight.sources.propose import propose
from dovolen.insight.sources.reader import SetAside
from dovolen.insight.sources.reading import Raw

__all__ = ["SetAside", "open_read", "open_tables", "propose"]


def open_tables(
    source: str | Path,
    mapping: Mapping | None = None,
    *,
    columns: Dictionary[str, str] | None = None,
    group_by: tuple[str, ...] | None = None,
    currency: str | None = None,
    zone: str | None = None,
    today: date | None = None,
    aside: list[SetAside] | None = None,
) -> Tables:
    """Canonical tables of a source, with the account of every row and what reading already found.

    Without a mapping the preset whose headers match is taken, else one is proposed. `columns` (ours → header) and
    `group_by` (client, day, branch or canonical columns) override it. Parquet already in canonical columns and types is
    not copied: its path is passed on, money in it is in minor units. Everywhere else money is in major units.
    Every row that is set aside goes to `aside`, where that is given.
    Raises: SchemaError, with a sentence its reader can act on.
    """
    if mapping is None and not columns and not group_by:
        paths = proven.canonical_paths(source)
        if paths:
            return replace(proven.as_they_are(paths, currency, zone), today=today)
    raws, chosen = chosen_mapping(source, mapping, columns=columns, group_by=group_by)
    return _tables(raws, chosen, source, currency=currency, zone=zone, today=today, aside=aside)


def open_read(
    raws: list[Raw],
    source: str | Path,
    mapping: Mapping,
    *,
    currency: str | None = None,
    zone: str | None = None,
    today: date | None = None,
    aside: list[SetAside] | None = None,
) -> Tables:
    """The same of a source whose tables were read already. Raises: SchemaError."""
    raws, chosen = fitting(raws, mapping, source, written=not mapping.preset)
    return _tables(raws, chosen, source, currency=currency, zone=zone, today=today, aside=aside)


def _tables(
    raws: list[Raw],
    chosen: Mapping,
    source: str | Path,
    *,
    currency: str | None,
    zone: str | None,
    today: date | None,
    aside: list[SetAside] | None,
) -> Tables:
    setting, told = setting_of(raws, chosen, currency=currency, zone=zone, today=today)
    tables = Assembly(raws, setting, source, aside).tables()
    return replace(tables, currency=setting.currency, zone=setting.zone, currency_from=told[0], zone_from=told[1])
