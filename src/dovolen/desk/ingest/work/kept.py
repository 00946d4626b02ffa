"""Sheets of a workbook as they were read: unfolding one costs more than all else of the reading, and is done once."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dovolen.desk.ingest.work import folder

if TYPE_CHECKING:
    from dovolen.desk.ingest.models import Import
    from dovolen.insight.sources.reading import Raw

WORKBOOKS = frozenset({".xlsx", ".xlsm", ".xls", ".ods"})
TOLD = "sheets.json"


def raws(source: Import) -> list[Raw]:
    """Tables of what was brought. Raises: SchemaError."""
    from dovolen.insight.sources import reading

    origin = folder.origin(source)
    if not isinstance(origin, Path) or origin.suffix.lower() not in WORKBOOKS:
        return reading.read(origin)
    place = origin.parent / "sheets"
    told = folder.read_json(place / TOLD)
    if told:
        return _kept(place, told["sheets"])
    found = reading.read(origin)
    _keep(found, place)
    return found


def _kept(place: Path, sheets: Sequence[dict[str, Any]]) -> list[Raw]:
    import pyarrow.parquet as pq

    from dovolen.insight.sources.reading import Raw

    return [
        Raw(one["name"], tuple(one["headers"]), pq.read_table(place / f"{number}.parquet"))
        for number, one in enumerate(sheets)
    ]


def _keep(found: Sequence[Raw], place: Path) -> None:
    import pyarrow.parquet as pq

    fresh = place.with_name(f"{place.name}-{os.getpid()}")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    for number, raw in enumerate(found):
        pq.write_table(raw.rows, fresh / f"{number}.parquet")
    told = [{"name": raw.name, "headers": raw.headers} for raw in found]
    (fresh / TOLD).write_text(json.dumps({"sheets": told}, ensure_ascii=False), "utf-8")
    shutil.rmtree(place, ignore_errors=True)
    fresh.rename(place)
